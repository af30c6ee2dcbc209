"""A person's notices, the newest first, and how many are unread."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, and_, func, select

from saraban.domain.actor import Actor
from saraban.domain.classification import Secrecy, Urgency
from saraban.domain.errors import NotFound
from saraban.domain.notice import About, NoticeKind
from saraban.reading.paging import Page, newest_first
from saraban.reading.scope import MASKED_SUBJECT
from saraban.storage.tables.letters import incoming, letters
from saraban.storage.tables.notices import notices


@dataclass(frozen=True)
class NoticeRow:
    """A notice with what it is about. The words of a classified letter are not shown in a list."""

    id: UUID
    kind: NoticeKind
    about: About
    about_id: UUID
    subject: str
    urgency: Urgency
    secrecy: Secrecy
    at: datetime
    read: bool
    told: Mapping[str, Any]


@dataclass(frozen=True)
class Unread:
    """How many notices a person has not read, and when the newest of them was given."""

    count: int
    newest: datetime | None

    @property
    def mark(self) -> str:
        """Changes whenever either does."""
        return f"{self.count}.{int(self.newest.timestamp() * 1000) if self.newest else 0}"


NONE = Unread(0, None)
_TOLD = (
    *(About.LOAN, About.ISSUED, About.ISSUED_KIND, About.DISPOSAL, About.SURVEY, About.HANDOVER),
    *(About.VISIT, About.LOOKUP, About.MEETING),
)


def own(actor: Actor) -> ColumnElement[bool]:
    """The condition that a notice is the actor's."""
    return and_(notices.c.agency_id == actor.agency_id, notices.c.person_id == actor.person_id)


def is_unread() -> ColumnElement[bool]:
    """The condition that a notice is unread: that of the partial index."""
    return notices.c.read_at.is_(None)


def listed(
    reader: Connection, actor: Actor, *, unread: bool = False, cursor: str | None = None, limit: int = 50
) -> Page[NoticeRow]:
    """A page of the actor's notices, in one statement."""
    statement = _rows().where(own(actor))
    if unread:
        statement = statement.where(is_unread())
    return newest_first(reader, statement, (notices.c.at, notices.c.id), _row, cursor=cursor, limit=limit)


def one(reader: Connection, actor: Actor, notice_id: UUID) -> NoticeRow:
    """A notice of the actor's; NotFound when it is another's."""
    row = reader.execute(_rows().where(own(actor), notices.c.id == notice_id)).first()
    if row is None:
        raise NotFound
    return _row(row)


def unread(reader: Connection, people: Collection[UUID]) -> dict[UUID, Unread]:
    """What these people have not read, in one statement."""
    statement = (
        select(notices.c.person_id, func.count().label("many"), func.max(notices.c.at).label("newest"))
        .where(notices.c.person_id.in_(people), is_unread())
        .group_by(notices.c.person_id)
    )
    found = {row.person_id: Unread(row.many, row.newest) for row in reader.execute(statement)}
    return {person: found.get(person, NONE) for person in people}


def _rows() -> Any:
    subject = func.coalesce(letters.c.subject, incoming.c.subject, "")
    return (
        select(
            *notices.c,
            subject.label("subject"),
            letters.c.urgency.label("letter_urgency"),
            incoming.c.urgency.label("incoming_urgency"),
            letters.c.secrecy.label("letter_secrecy"),
            incoming.c.secrecy.label("incoming_secrecy"),
        )
        .select_from(notices)
        .outerjoin(letters, and_(letters.c.id == notices.c.about_id, letters.c.agency_id == notices.c.agency_id))
        .outerjoin(incoming, and_(incoming.c.id == notices.c.about_id, incoming.c.agency_id == notices.c.agency_id))
    )


def _row(row: Any) -> NoticeRow:
    secrecy = row.letter_secrecy or row.incoming_secrecy or Secrecy.OPEN
    return NoticeRow(
        id=row.id,
        kind=row.kind,
        about=row.about,
        about_id=row.about_id,
        subject=_subject(row) if secrecy.is_open else MASKED_SUBJECT,
        urgency=row.letter_urgency or row.incoming_urgency or Urgency.NORMAL,
        secrecy=secrecy,
        at=row.at,
        read=row.read_at is not None,
        told=row.told if secrecy.is_open else {},
    )


def _subject(row: Any) -> str:
    """What the thing is called; a batch by its deed, what is no letter as it was told."""
    if row.about in _TOLD:
        return str(row.told.get("subject", ""))
    return f"{row.told.get('deed', '')}เป็นชุด" if row.about is About.BATCH else row.subject
