"""What a comparison found, as it stands by now: what was set right since, what was begun, and who may see the words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Select, bindparam, case, select

from saraban.domain.actor import Actor
from saraban.domain.classification import Secrecy
from saraban.domain.incoming import IncomingState
from saraban.domain.numbering import arabic_digits
from saraban.domain.receipt import Step
from saraban.domain.reconciliation import (
    Difference,
    ReceivingNumber,
    ReconcileItem,
    Remedy,
    Way,
    taken_in_as,
)
from saraban.reading.reconciliations import ComparisonRow
from saraban.reading.scope import MASKED, MASKED_SUBJECT, visible_incoming, visible_letters
from saraban.storage.tables.closing import reconciliations
from saraban.storage.tables.exchange import dispatches, outbox, statements
from saraban.storage.tables.letters import incoming, letters
from saraban.storage.tables.people import directory
from saraban.storage.tables.registers import entries

_AT_ONCE = 400
_LATER_REQUESTS = 60


@dataclass(frozen=True)
class FoundRow:
    """A dispatch in a comparison: what was found, what each side holds, and how it stands by now. `settled`: it was set
    right since; `done_at` when its remedy was begun, `why_not` in Thai why it cannot be. A classified letter shows its
    words only to whom may read it; `letter_id` or `incoming_id` is given to whom may open it."""

    difference: Difference
    number: str
    date: date | None
    subject: str
    masked: bool
    settled: bool
    done_at: datetime | None
    why_not: str
    letter_id: UUID | None
    incoming_id: UUID | None
    entry_id: UUID | None

    @property
    def id(self) -> UUID:
        """The dispatch."""
        return self.difference.dispatch


def found_rows(
    reader: Connection, actor: Actor, row: ComparisonRow, differences: Sequence[Difference]
) -> list[FoundRow]:
    """These differences of a comparison as they stand by now, in the same order."""
    other = _Other.read(reader, row.other_code)
    sent = _sent_by_now(reader, actor, [d.dispatch for d in differences if d.way is Way.SENT])
    received = _received_by_now(reader, actor, row, [d.dispatch for d in differences if d.way is Way.RECEIVED])
    begun = _begun(reader, actor, row)
    return [
        _found(d, (sent if d.way is Way.SENT else received).get(d.dispatch), other, begun, row) for d in differences
    ]


@dataclass(frozen=True)
class _Other:
    """The other agency in today's directory."""

    mailbox: str
    reconciles: bool

    @classmethod
    def read(cls, reader: Connection, code: str) -> _Other:
        found = reader.execute(
            select(directory.c.mailbox, directory.c.capabilities).where(directory.c.code == code)
        ).first()
        if found is None:
            return cls("", False)
        return cls(found.mailbox.lower(), found.capabilities.get("reconcile") == 1)


@dataclass(frozen=True)
class _ByNow:
    """What we hold of a dispatch today."""

    item: ReconcileItem
    subject: str
    masked: bool
    readable: bool
    letter_id: UUID | None = None
    incoming_id: UUID | None = None
    entry_id: UUID | None = None
    to_mailbox: str = ""
    queued: bool = False
    sent_at: datetime | None = None


@dataclass(frozen=True)
class _Begun:
    """Remedies that were begun after the comparison: when each dispatch was asked for again, and when its receiver was
    told that the number is wrong."""

    asked: dict[UUID, datetime]
    disputed: dict[UUID, datetime]


def _chunks(ids: Sequence[UUID]) -> Iterator[Sequence[UUID]]:
    return (ids[start : start + _AT_ONCE] for start in range(0, len(ids), _AT_ONCE))


def _sent_by_now(reader: Connection, actor: Actor, ids: Sequence[UUID]) -> dict[UUID, _ByNow]:
    found = [r for chunk in _chunks(ids) for r in reader.execute(_sent(actor), {"ids": chunk})]
    lines = _lines(reader, actor, [r.letter_id for r in found])
    return {
        r.dispatch: _ByNow(
            item=_item(r, r.state.value),
            subject=r.subject,
            masked=r.secrecy is not Secrecy.OPEN and not r.readable,
            readable=bool(r.readable),
            letter_id=r.letter_id,
            entry_id=lines.get(r.letter_id),
            to_mailbox=r.to_mailbox.lower(),
            queued=r.outbox_state == "queued",
            sent_at=r.sent_at,
        )
        for r in found
    }


def _received_by_now(reader: Connection, actor: Actor, row: ComparisonRow, ids: Sequence[UUID]) -> dict[UUID, _ByNow]:
    values = {"other": row.other_code}
    found = [r for chunk in _chunks(ids) for r in reader.execute(_received(actor), {**values, "ids": chunk})]
    lines = _lines(reader, actor, [r.incoming_id for r in found])
    # Of several copies the one that was accepted counts, otherwise the last.
    found.sort(key=lambda r: (r.accepted_key is not None, r.state is IncomingState.REFUSED, r.received_at))
    return {
        r.dispatch: _ByNow(
            item=_item(r, taken_in_as(r.state)),
            subject=r.subject,
            masked=r.secrecy is not Secrecy.OPEN and not r.readable,
            readable=bool(r.readable),
            incoming_id=r.incoming_id,
            entry_id=lines.get(r.incoming_id),
        )
        for r in found
    }


def _sent(actor: Actor) -> Select[Any]:
    return (
        select(
            dispatches.c.id.label("dispatch"),
            dispatches.c.manifest_sha256,
            dispatches.c.state,
            dispatches.c.to_mailbox,
            dispatches.c.register_number,
            dispatches.c.register_year,
            dispatches.c.created_at.label("otherwise_at"),
            letters.c.id.label("letter_id"),
            letters.c.number,
            letters.c.number_date,
            letters.c.issued_at,
            letters.c.subject,
            letters.c.secrecy,
            case((visible_letters(actor), True), else_=False).label("readable"),
            outbox.c.state.label("outbox_state"),
            outbox.c.sent_at,
        )
        .join(letters, letters.c.id == dispatches.c.letter_id)
        .outerjoin(outbox, (outbox.c.agency_id == dispatches.c.agency_id) & (outbox.c.ref == dispatches.c.id))
        .where(dispatches.c.agency_id == actor.agency_id, dispatches.c.id.in_(bindparam("ids", expanding=True)))
    )


def _received(actor: Actor) -> Select[Any]:
    return select(
        incoming.c.dispatch_id.label("dispatch"),
        incoming.c.manifest_sha256,
        incoming.c.state,
        incoming.c.register_number,
        incoming.c.register_year,
        incoming.c.received_at.label("otherwise_at"),
        incoming.c.received_at,
        incoming.c.accepted_key,
        incoming.c.id.label("incoming_id"),
        incoming.c.number,
        incoming.c.number_date,
        incoming.c.issued_at,
        incoming.c.subject,
        incoming.c.secrecy,
        case((visible_incoming(actor), True), else_=False).label("readable"),
    ).where(
        incoming.c.agency_id == actor.agency_id,
        incoming.c.from_code == bindparam("other"),
        incoming.c.dispatch_id.in_(bindparam("ids", expanding=True)),
    )


def _lines(reader: Connection, actor: Actor, subjects: Sequence[UUID]) -> dict[UUID, UUID]:
    """The lines of the registers in which these letters stand."""
    statement = select(entries.c.subject_of, entries.c.id).where(
        entries.c.agency_id == actor.agency_id, entries.c.subject_of.in_(bindparam("ids", expanding=True))
    )
    return {r.subject_of: r.id for chunk in _chunks(subjects) for r in reader.execute(statement, {"ids": chunk})}


def _item(r: Any, state: str) -> ReconcileItem:
    register = None
    if r.register_number and r.register_year:
        register = ReceivingNumber(arabic_digits(str(r.register_number)), r.register_year)
    at = (r.issued_at or r.otherwise_at).replace(microsecond=0)
    return ReconcileItem(r.dispatch, r.manifest_sha256, r.number or "", r.number_date, state, at, register)


def _begun(reader: Connection, actor: Actor, row: ComparisonRow) -> _Begun:
    later = reader.execute(
        select(reconciliations.c.asked_at, reconciliations.c.request)
        .where(
            reconciliations.c.agency_id == actor.agency_id,
            reconciliations.c.ours,
            reconciliations.c.other_code == row.other_code,
            reconciliations.c.asked_at > row.asked_at,
        )
        .order_by(reconciliations.c.asked_at.desc())
        .limit(_LATER_REQUESTS)
    )
    asked: dict[UUID, datetime] = {}
    for r in later:
        for one in r.request.get("send_again", ()):
            asked.setdefault(UUID(one), r.asked_at)
    told = reader.execute(
        select(statements.c.of, statements.c.made_at).where(
            statements.c.agency_id == actor.agency_id,
            statements.c.incoming_id.is_(None),
            statements.c.step == Step.NUMBER_WRONG,
        )
    )
    return _Begun(asked, {r.of: r.made_at for r in told})


def _found(difference: Difference, by_now: _ByNow | None, other: _Other, begun: _Begun, row: ComparisonRow) -> FoundRow:
    masked = by_now is not None and by_now.masked
    shown = by_now.item if by_now else difference.theirs or difference.ours
    assert shown is not None
    readable = by_now is not None and by_now.readable
    return FoundRow(
        difference=difference,
        number=MASKED if masked else shown.number,
        date=None if masked else shown.date,
        subject=MASKED_SUBJECT if masked else by_now.subject if by_now else "",
        masked=masked,
        settled=not difference.agrees and difference.settled_by(by_now.item if by_now else None),
        done_at=_done_at(difference, by_now, begun, row),
        why_not=_why_not(difference.remedy, by_now, other),
        letter_id=by_now.letter_id if by_now and readable else None,
        incoming_id=by_now.incoming_id if by_now and readable else None,
        entry_id=by_now.entry_id if by_now else None,
    )


def _done_at(difference: Difference, by_now: _ByNow | None, begun: _Begun, row: ComparisonRow) -> datetime | None:
    """When the remedy was begun after the comparison, if it was."""
    if difference.remedy is Remedy.ASK_AGAIN:
        return begun.asked.get(difference.dispatch)
    if difference.remedy is Remedy.NUMBER_WRONG:
        return begun.disputed.get(difference.dispatch)
    if difference.remedy in (Remedy.SEND_AGAIN, Remedy.ASK_RECEIPT) and by_now and by_now.sent_at and row.answered_at:
        return by_now.sent_at if by_now.sent_at > row.answered_at else None
    return None


def _why_not(remedy: Remedy, by_now: _ByNow | None, other: _Other) -> str:
    """Why the remedy cannot be begun now, in Thai, and who can help; "" when it can."""
    if remedy is Remedy.ASK_AGAIN and not other.reconciles:
        return "ทำเนียบไม่ได้ประกาศว่าอีกฝ่ายเทียบทะเบียนได้แล้ว ติดต่ออีกฝ่ายทางโทรศัพท์"
    if remedy not in (Remedy.SEND_AGAIN, Remedy.ASK_RECEIPT) or by_now is None:
        return ""
    if by_now.queued:
        return "ซองเดิมกำลังรอส่งอยู่ในกล่องออก"
    if by_now.item.state == "recalled":
        return "หนังสือนี้เรียกคืนแล้ว"
    if by_now.to_mailbox != other.mailbox:
        return "อีกฝ่ายเปลี่ยนกล่องไปรษณีย์กลางแล้ว ให้ร่างและส่งหนังสือใหม่"
    return ""
