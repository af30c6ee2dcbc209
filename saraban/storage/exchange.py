"""Dispatches with their evidence, and the statements that we owe."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, bindparam, exists, select, update

from saraban.domain.agency import AgencyId
from saraban.domain.attachment import Digest
from saraban.domain.dispatch import Dispatch, DispatchId, DispatchState, Evidence
from saraban.domain.errors import NotFound
from saraban.domain.incoming import IncomingId
from saraban.domain.letter import LetterId
from saraban.domain.receipt import ReceiptId, Step
from saraban.exchange.receipts import read_statement, statement_bytes
from saraban.storage.leases import Queue
from saraban.storage.shelves import Row, Shelf, batched, plain_shelf
from saraban.storage.tables import exchange as t
from saraban.usecases.books import Statement

_dispatches: Shelf[Dispatch] = plain_shelf(t.dispatches, Dispatch)
_evidence: Shelf[Evidence] = plain_shelf(t.evidence, Evidence, key=("agency_id", "dispatch_id", "id"))

_FIND = select(t.dispatches).where(
    t.dispatches.c.id == bindparam("dispatch"), t.dispatches.c.agency_id == bindparam("agency")
)
_EVIDENCE = select(t.evidence).where(
    t.evidence.c.dispatch_id == bindparam("dispatch"), t.evidence.c.agency_id == bindparam("agency")
)
_HELD = (
    select(t.dispatches)
    .where(t.dispatches.c.agency_id == bindparam("agency"), t.dispatches.c.id.in_(bindparam("ids", expanding=True)))
    .order_by(t.dispatches.c.id)
    .with_for_update()
)
_EVIDENCE_OF = select(t.evidence).where(
    t.evidence.c.dispatch_id.in_(bindparam("ids", expanding=True)), t.evidence.c.agency_id == bindparam("agency")
)
_KEPT = select(t.evidence.c.id).where(
    t.evidence.c.dispatch_id == bindparam("dispatch"),
    t.evidence.c.agency_id == bindparam("agency"),
    t.evidence.c.id == bindparam("evidence"),
)
_RAW = (
    select(t.evidence.c.id)
    .join(t.dispatches, t.dispatches.c.id == t.evidence.c.dispatch_id)
    .where(
        t.dispatches.c.agency_id == bindparam("agency"),
        t.dispatches.c.letter_id == bindparam("letter"),
        t.evidence.c.raw == bindparam("blob"),
    )
    .limit(1)
)
_newer = t.dispatches.alias()
_OF_LETTER = (
    select(t.dispatches)
    .where(
        ~exists().where(_newer.c.replaces == t.dispatches.c.id),
        t.dispatches.c.agency_id == bindparam("agency"),
        t.dispatches.c.letter_id == bindparam("letter"),
        t.dispatches.c.id.in_(bindparam("ids", expanding=True)),
    )
    .order_by(t.dispatches.c.id)
)
_BY_LINK = select(t.dispatches).where(t.dispatches.c.link == bindparam("token"))
_WITHOUT_RECEIPT = (DispatchState.QUEUED, DispatchState.SENT, DispatchState.RELAYED)
_LAST_TO = (
    select(t.dispatches)
    .where(
        t.dispatches.c.agency_id == bindparam("agency"),
        t.dispatches.c.to_mailbox == bindparam("address"),
        t.dispatches.c.created_at >= bindparam("since"),
        t.dispatches.c.state.in_(_WITHOUT_RECEIPT),
    )
    .order_by(t.dispatches.c.created_at.desc())
    .limit(20)
)
_UNCOMPOSED = Queue(
    t.dispatches,
    ~t.dispatches.c.composed & t.dispatches.c.stopped_at.is_(None) & (t.dispatches.c.closed_for == ""),
    t.dispatches.c.created_at,
)
_OVERDUE = (
    select(t.dispatches)
    .where(
        t.dispatches.c.state.in_(_WITHOUT_RECEIPT),
        t.dispatches.c.expires_at <= bindparam("now"),
        t.dispatches.c.speaks_saraban | (t.dispatches.c.state == DispatchState.QUEUED) | (t.dispatches.c.failure != ""),
        t.dispatches.c.agency_id.not_in(bindparam("without", expanding=True)),
    )
    .order_by(t.dispatches.c.expires_at)
    .limit(bindparam("most"))
)
_RUNNING_OUT = (
    select(t.dispatches)
    .where(t.dispatches.c.state.in_(_WITHOUT_RECEIPT), t.dispatches.c.warn_at <= bindparam("now"))
    .order_by(t.dispatches.c.warn_at)
    .limit(bindparam("most"))
)
_SILENT = (
    select(t.dispatches)
    .where(
        t.dispatches.c.state.in_((DispatchState.SENT, DispatchState.RELAYED)),
        t.dispatches.c.speaks_saraban,
        t.dispatches.c.resends == 0,
        t.dispatches.c.recall_asked_at.is_(None),
        t.dispatches.c.closed_for == "",
        exists().where(
            t.outbox.c.ref == t.dispatches.c.id,
            t.outbox.c.agency_id == t.dispatches.c.agency_id,
            t.outbox.c.sent_at < bindparam("before"),
        ),
    )
    .limit(bindparam("most"))
)


class DispatchBooks:
    """Dispatches on the shelf (usecases.books.Dispatches)."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, *dispatches: Dispatch) -> None:
        """Put new dispatches on the shelf, thousands in one statement."""
        _dispatches.add(self._connection, *dispatches)

    def find(self, agency_id: AgencyId, dispatch_id: UUID) -> Dispatch | None:
        """The agency's own dispatch with this id, if there is one."""
        found = _dispatches.find(self._connection, _FIND, {"dispatch": dispatch_id, "agency": agency_id})
        return found[0] if found else None

    def get(self, agency_id: AgencyId, dispatch_id: DispatchId) -> Dispatch:
        """The dispatch; NotFound when it is another agency's."""
        dispatch = self.find(agency_id, dispatch_id)
        if dispatch is None:
            raise NotFound
        return dispatch

    def save(self, dispatch: Dispatch) -> None:
        """Write it back; ConcurrentEdit when somebody was faster."""
        _dispatches.save(self._connection, dispatch)

    def evidence(self, dispatch: Dispatch) -> Sequence[Evidence]:
        """All evidence about it, in no order."""
        return _evidence.find(self._connection, _EVIDENCE, {"dispatch": dispatch.id, "agency": dispatch.agency_id})

    def note(self, evidence: Evidence) -> bool:
        """Keep evidence once."""
        keys = {"dispatch": evidence.dispatch_id, "agency": evidence.agency_id, "evidence": evidence.id}
        if self._connection.execute(_KEPT, keys).first() is not None:
            return False
        _evidence.add(self._connection, evidence)
        return True

    def held(self, agency_id: AgencyId, ids: Collection[UUID]) -> Sequence[Dispatch]:
        """Those of the agency, in the order of their ids, locked until the transaction ends (on SQLite the writer holds
        the only lock there is)."""
        return _dispatches.find(self._connection, _HELD, {"agency": agency_id, "ids": list(ids)}) if ids else []

    def evidence_of(self, held: Sequence[Dispatch]) -> Mapping[UUID, Sequence[Evidence]]:
        """All evidence about each, in no order."""
        of: dict[UUID, list[Evidence]] = {dispatch.id: [] for dispatch in held}
        if held:
            values = {"ids": list(of), "agency": held[0].agency_id}
            for one in _evidence.find(self._connection, _EVIDENCE_OF, values):
                of[one.dispatch_id].append(one)
        return of

    def settle(self, held: Sequence[Dispatch], noted: Sequence[Evidence] = ()) -> None:
        """Write both. What is held cannot have been changed by anybody else."""
        _evidence.add(self._connection, *noted)
        _dispatches.save_held(self._connection, held)

    def of_letter(self, agency_id: AgencyId, letter_id: LetterId, ids: Sequence[UUID]) -> Sequence[Dispatch]:
        """The letter's dispatches with these ids that gave place to no other."""
        values = {"agency": agency_id, "letter": letter_id}
        return [
            found
            for some in batched(ids)
            for found in _dispatches.find(self._connection, _OF_LETTER, {**values, "ids": some})
        ]

    def by_link(self, link: Digest) -> Dispatch | None:
        """The dispatch whose link has a token with this digest."""
        found = _dispatches.find(self._connection, _BY_LINK, {"token": link})
        return found[0] if found else None

    def last_to(self, agency_id: AgencyId, mailbox: str, since: datetime) -> Sequence[Dispatch]:
        """What was sent to this address since then and has no answer, the newest first."""
        values = {"agency": agency_id, "address": mailbox.lower(), "since": since}
        return _dispatches.find(self._connection, _LAST_TO, values)

    def raw_of_letter(self, agency_id: AgencyId, letter_id: LetterId, raw: Digest) -> bool:
        """Is this the raw message of some evidence about the letter?"""
        values = {"agency": agency_id, "letter": letter_id, "blob": raw}
        return self._connection.execute(_RAW, values).first() is not None

    def claim_uncomposed(self, now: datetime, lease: timedelta, limit: int) -> Sequence[Dispatch]:
        """Lease dispatches whose envelope has to be made."""
        return _dispatches.read(_UNCOMPOSED.claim(self._connection, now, lease, limit))

    def overdue(self, now: datetime, limit: int, without: Collection[AgencyId] = ()) -> Sequence[Dispatch]:
        """Dispatches whose time ran out without a receipt, but none of those agencies."""
        return _dispatches.find(self._connection, _OVERDUE, {"now": now, "most": limit, "without": list(without)})

    def running_out(self, now: datetime, limit: int) -> Sequence[Dispatch]:
        """Dispatches without an answer of which somebody must be told by now."""
        return _dispatches.find(self._connection, _RUNNING_OUT, {"now": now, "most": limit})

    def silent(self, sent_before: datetime, limit: int) -> Sequence[Dispatch]:
        """Dispatches that were sent before that moment and never answered."""
        return _dispatches.find(self._connection, _SILENT, {"before": sent_before, "most": limit})


def _statement_row(statement: Statement) -> dict[str, Any]:
    receipt = statement.receipt
    return {
        "id": receipt.id,
        "agency_id": statement.agency_id,
        "incoming_id": statement.incoming_id,
        "of": receipt.of,
        "step": receipt.step,
        "payload": statement_bytes(receipt).decode(),
        "original_message_id": statement.original_message_id,
        "mic": statement.mic,
        "first_answer": statement.first_answer,
        "automatic": statement.automatic,
        "made_at": statement.made_at,
        "sealed": statement.sealed,
        "attempts": statement.attempts,
    }


def _statement(row: Row) -> Statement:
    return Statement(
        receipt=read_statement(row["payload"].encode()),
        agency_id=row["agency_id"],
        incoming_id=row["incoming_id"],
        original_message_id=row["original_message_id"],
        mic=row["mic"],
        first_answer=row["first_answer"],
        automatic=row["automatic"],
        made_at=row["made_at"],
        sealed=row["sealed"],
        attempts=row["attempts"],
    )


_statements: Shelf[Statement] = Shelf(t.statements, to_row=_statement_row, from_row=_statement)
_UNSEALED = Queue(
    t.statements, t.statements.c.sealed.is_(None), t.statements.c.made_at, attempts=t.statements.c.attempts + 1
)
_SEALED = (
    update(t.statements)
    .where(t.statements.c.id == bindparam("statement"), t.statements.c.sealed.is_(None))
    .values(sealed=bindparam("blob"))
)
_FIRST = select(t.statements).where(
    t.statements.c.agency_id == bindparam("agency"),
    t.statements.c.incoming_id == bindparam("letter"),
    t.statements.c.first_answer,
)


_GIVEN = select(t.statements).where(
    t.statements.c.agency_id == bindparam("agency"), t.statements.c.incoming_id == bindparam("letter")
)
_STEPS = list(Step)


class StatementBooks:
    """Statements on the shelf (usecases.books.Statements)."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, statement: Statement) -> None:
        """Owe a statement; the worker seals and sends it."""
        _statements.add(self._connection, statement)

    def get(self, agency_id: AgencyId, receipt_id: ReceiptId) -> Statement:
        """The statement; NotFound when it is another agency's."""
        statement = _statements.get(self._connection, receipt_id)
        if statement.agency_id != agency_id:
            raise NotFound
        return statement

    def first_answer(self, agency_id: AgencyId, incoming_id: IncomingId) -> Statement | None:
        """What was answered first about this letter."""
        found = _statements.find(self._connection, _FIRST, {"agency": agency_id, "letter": incoming_id})
        return found[0] if found else None

    def given(self, agency_id: AgencyId, incoming_id: IncomingId) -> Sequence[Statement]:
        """All that was said about this letter, as it was said; at one moment in the order of the steps."""
        found = _statements.find(self._connection, _GIVEN, {"agency": agency_id, "letter": incoming_id})
        return sorted(found, key=lambda said: (said.made_at, _STEPS.index(said.receipt.step)))

    def claim_uncomposed(self, now: datetime, lease: timedelta, limit: int) -> Sequence[Statement]:
        """Lease statements that have to be sealed."""
        return _statements.read(_UNSEALED.claim(self._connection, now, lease, limit))

    def sealed(self, receipt_id: ReceiptId, raw: Digest) -> bool:
        """The statement's message exists under this digest; False when it had one already, which then stays."""
        return self._connection.execute(_SEALED, {"statement": receipt_id, "blob": raw}).rowcount == 1
