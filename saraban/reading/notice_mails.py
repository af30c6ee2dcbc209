"""What a person has decided about mails and the calendar, and the last mails to that person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, and_, select

from saraban.domain.actor import Actor
from saraban.domain.agency import AgencyOptions
from saraban.domain.notice_mail import MailKind, MailState
from saraban.storage.tables.notices import notice_mails
from saraban.storage.tables.people import agencies, calendar_feeds, people

_SHOWN = 5


@dataclass(frozen=True)
class Choices:
    """Where the actor is told of the work and by which mails; what the agency has decided about them; and since when
    there is a calendar, None for none."""

    email: str
    digest: bool
    urgent: bool
    agency_digest: bool
    agency_digest_at: str
    agency_urgent: bool
    calendar_since: datetime | None


@dataclass(frozen=True)
class MailRow:
    """A mail to the actor and what became of it."""

    kind: MailKind
    state: MailState
    address: str
    at: datetime
    reply: str

    @property
    def troubled(self) -> bool:
        """Did it not arrive, or may it not have?"""
        return self.state in (MailState.FAILED, MailState.BOUNCED, MailState.UNKNOWN)


def choices(reader: Connection, actor: Actor) -> Choices:
    """The actor's decisions, in one statement."""
    row = reader.execute(
        select(
            people.c.email, people.c.wants_digest, people.c.wants_urgent, agencies.c.options, calendar_feeds.c.made_at
        )
        .join(agencies, agencies.c.id == people.c.agency_id)
        .outerjoin(calendar_feeds, calendar_feeds.c.person_id == people.c.id)
        .where(people.c.id == actor.person_id)
    ).one()
    kept = AgencyOptions(**row.options)
    return Choices(
        row.email, row.wants_digest, row.wants_urgent, kept.digest, kept.digest_at, kept.urgent_mail, row.made_at
    )


def last_mails(reader: Connection, actor: Actor) -> list[MailRow]:
    """The last mails to the actor, the newest first."""
    own = and_(notice_mails.c.agency_id == actor.agency_id, notice_mails.c.person_id == actor.person_id)
    rows = reader.execute(
        select(notice_mails).where(own).order_by(notice_mails.c.made_at.desc(), notice_mails.c.id).limit(_SHOWN)
    )
    return [MailRow(r.kind, r.state, r.address, r.ended_at or r.made_at, r.reply) for r in rows]
