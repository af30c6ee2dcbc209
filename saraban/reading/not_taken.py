"""What came in and was not taken in (ไม่นำเข้า), with the reason: our own mail that came back, copies, and what a clerk
set aside. For the central clerks, who answer for the mailbox."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, and_, exists, not_, or_, select

from saraban.domain.actor import Actor
from saraban.domain.attachment import Digest
from saraban.domain.classification import Secrecy
from saraban.domain.errors import NotFound
from saraban.domain.incoming import IncomingState
from saraban.domain.permissions import may_attend, require
from saraban.reading.matching import SCANNED, matches, query_words
from saraban.reading.paging import Page, cut, older_than, page_size, write_cursor
from saraban.storage.tables.exchange import inbox
from saraban.storage.tables.letters import incoming

_LEFT_OUT = ("discarded", "duplicate")
OUTCOMES = {"discarded": "ทิ้ง", "duplicate": "ซ้ำ", "held": "แยกออก"}


@dataclass(frozen=True)
class NotTakenRow:
    """A mail that was not taken in: what became of it (`discarded`, `duplicate`, or `held` for one that a clerk set
    aside, whose letter is `incoming_id`) and why, in Thai."""

    id: UUID
    outcome: str
    reason: str
    sender: str
    subject: str
    mailbox: str
    taken_at: datetime
    sha256: Digest
    incoming_id: UUID | None
    infected: bool


def not_taken(
    reader: Connection, actor: Actor, *, q: str = "", cursor: str | None = None, limit: int = 80
) -> Page[NotTakenRow]:
    """The newest first; a search looks through 2,000 at a time. Raises NotPermitted for who does not keep the
    mailbox."""
    require(may_attend(actor))
    limit, words = page_size(limit), query_words(q)
    statement = _select(actor)
    if cursor:
        statement = statement.where(older_than(inbox.c.taken_at, inbox.c.id, cursor))
    statement = statement.order_by(inbox.c.taken_at.desc(), inbox.c.id.desc())
    rows: Sequence[Any] = reader.execute(statement.limit(SCANNED if words else limit + 1)).all()
    stopped = rows[-1] if words and len(rows) == SCANNED else None
    if words:
        found = (r for r in rows if matches(words, r.subject, r.sender, r.note, r.refused_text or "", r.mailbox))
        rows = list(found)[: limit + 1]
    kept, following = cut(rows, limit, _cursor)
    if following is None and stopped is not None:
        following = _cursor(stopped)
    return Page([_row(r) for r in kept], following)


def one(reader: Connection, actor: Actor, inbox_id: UUID) -> NotTakenRow:
    """One of them; NotFound when there is none for this actor."""
    require(may_attend(actor))
    row = reader.execute(_select(actor).where(inbox.c.id == inbox_id)).first()
    if row is None:
        raise NotFound
    return _row(row)


def _select(actor: Actor) -> Any:
    aside = and_(
        incoming.c.agency_id == inbox.c.agency_id,
        incoming.c.raw_sha256 == inbox.c.sha256,
        incoming.c.state == IncomingState.SET_ASIDE,
    )
    return (
        select(inbox, incoming.c.id.label("incoming_id"), incoming.c.refused_text, incoming.c.findings)
        .select_from(inbox.outerjoin(incoming, aside))
        .where(
            inbox.c.agency_id == actor.agency_id,
            or_(
                inbox.c.outcome.in_(("discarded", "duplicate")),
                and_(inbox.c.outcome == "held", incoming.c.id.is_not(None)),
            ),
            *_open_enough(actor),
        )
    )


def _open_enough(actor: Actor) -> list[ColumnElement[bool]]:
    """A copy of a classified letter is as classified as the letter."""
    if actor.clearance:
        return []
    first = inbox.alias()
    letter = incoming.alias()
    classified = exists().where(
        first.c.agency_id == inbox.c.agency_id,
        first.c.content_key == inbox.c.content_key,
        letter.c.agency_id == inbox.c.agency_id,
        letter.c.raw_sha256 == first.c.sha256,
        letter.c.secrecy != Secrecy.OPEN,
    )
    return [not_(classified)]


def _row(r: Any) -> NotTakenRow:
    findings = r.findings or ()
    return NotTakenRow(
        id=r.id,
        outcome=r.outcome,
        reason=(r.refused_text if r.incoming_id else r.note) or ("ได้ฉบับเดิมอีกครั้ง" if r.outcome == "duplicate" else ""),
        sender=r.sender,
        subject=r.subject,
        mailbox=r.mailbox,
        taken_at=r.taken_at,
        sha256=r.sha256,
        incoming_id=r.incoming_id,
        infected=any(finding.get("check") == "infected" for finding in findings),
    )


def _cursor(row: Any) -> str:
    return write_cursor(row.taken_at, row.id)
