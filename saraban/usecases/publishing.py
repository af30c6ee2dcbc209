"""Showing documents to everybody and taking them back; the agency's electronic channels."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

from saraban.domain.actor import Actor
from saraban.domain.attachment import Digest
from saraban.domain.calendar import office_date
from saraban.domain.errors import BadInput, RuleBroken
from saraban.domain.letter import LetterId
from saraban.domain.permissions import may_administer, may_publish, require
from saraban.domain.publication import (
    Channel,
    ChannelId,
    ChannelKind,
    Publication,
    PublicationId,
    forbid_publication,
    kind_for_public,
    read_channel,
)
from saraban.domain.publication_events import ChannelEnded, ChannelOpened, LetterPublished, PublicationTakenBack
from saraban.usecases.ports import Services


def publish(office: Services, *, actor: Actor, letter_id: LetterId, with_enclosures: bool = False) -> PublicationId:
    """Show a signed announcement, statement, piece of news or circular to everybody, with its page and, when asked, its
    enclosures. Raises NotFound, NotPermitted, RuleBroken for what is classified, addressed to somebody or shown
    already, StageNotAllowed before it is issued."""
    now = office.clock.now()
    with office.uow() as uow:
        letter = uow.letters.get(actor.agency_id, letter_id)
        require(may_publish(actor, letter))
        forbid_publication(letter.state, letter.content)
        kind = kind_for_public(letter.content)
        if letter.issued_file is None or kind is None:
            raise RuleBroken("หนังสือนี้ไม่มีไฟล์ที่ลงนามแล้ว เผยแพร่ไม่ได้", code="no-page")
        if uow.publications.shown(actor.agency_id, letter.id) is not None:
            raise RuleBroken("หนังสือนี้เผยแพร่อยู่แล้ว", code="published-already")
        made = Publication(
            id=PublicationId(uuid4()),
            agency_id=actor.agency_id,
            letter_id=letter.id,
            kind=kind,
            with_enclosures=with_enclosures,
            published_at=now,
            published_by=actor.name,
        )
        uow.publications.add(made)
        uow.record(
            LetterPublished(
                at=now,
                by=actor,
                letter_id=letter.id,
                publication_id=made.id,
                kind=kind.value,
                with_enclosures=with_enclosures,
            )
        )
        uow.commit()
    return made.id


def take_back(office: Services, *, actor: Actor, letter_id: LetterId, reason: str) -> None:
    """Show a document no longer, with the reason. Raises NotFound, NotPermitted, BadInput, RuleBroken when it is not
    shown."""
    now = office.clock.now()
    with office.uow() as uow:
        letter = uow.letters.get(actor.agency_id, letter_id)
        require(may_publish(actor, letter))
        found = uow.publications.shown(actor.agency_id, letter.id)
        if found is None:
            raise RuleBroken("หนังสือนี้ไม่ได้เผยแพร่อยู่", code="not-published")
        found.take_back(reason, actor.name, now)
        uow.publications.save(found)
        uow.record(
            PublicationTakenBack(at=now, by=actor, letter_id=letter.id, publication_id=found.id, reason=found.reason)
        )
        uow.commit()


def public_file(office: Services, digest: Digest) -> bytes:
    """The bytes of a file that reading found to be shown to everybody."""
    return office.blobs.open(digest)


def open_channel(
    office: Services,
    *,
    actor: Actor,
    kind: ChannelKind,
    name: str,
    where: str,
    announced: str = "",
    since: date | None = None,
) -> ChannelId:
    """Announce a channel by which people may write to the agency, from today or from that day on. Raises NotPermitted,
    BadInput."""
    require(may_administer(actor))
    name, where, announced = read_channel(kind, name, where, announced)
    now = office.clock.now()
    since = since or office_date(now)
    made = Channel(ChannelId(uuid4()), actor.agency_id, kind, name, where, announced, since)
    with office.uow() as uow:
        uow.publications.open_channel(made)
        fact = ChannelOpened(
            at=now,
            by=actor,
            thing_id=made.id,
            kind=kind.value,
            called=name,
            where=where,
            announced=announced,
            since=since,
        )
        uow.record(fact)
        uow.commit()
    return made.id


def end_channel(office: Services, *, actor: Actor, channel_id: ChannelId) -> None:
    """A channel is one no longer, from today on. Raises NotFound, NotPermitted, BadInput when it ended before."""
    now = office.clock.now()
    with office.uow() as uow:
        found = uow.publications.channel(actor.agency_id, channel_id)
        require(may_administer(actor))
        if found.ended_on is not None:
            raise BadInput({"channel": "ช่องทางนี้ยกเลิกแล้ว"})
        found.ended_on = office_date(now)
        uow.publications.save_channel(found)
        uow.record(ChannelEnded(at=now, by=actor, thing_id=found.id, called=found.name, where=found.where))
        uow.commit()
