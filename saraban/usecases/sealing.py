"""The statements we owe: sealed and queued by the worker (claim, do, settle)."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime
from uuid import uuid4

from saraban.domain.agency import Agency, AgencyId
from saraban.domain.attachment import Digest
from saraban.domain.closing import DayClose
from saraban.domain.receipt import Witness
from saraban.exchange.closes import previous_root
from saraban.exchange.envelope import Envelope, OutboxKind
from saraban.exchange.receipts import receipt_entity, receipt_envelope, statement_bytes
from saraban.usecases.answering import RECEIPT_LIFE
from saraban.usecases.books import Statement, UnitOfWork
from saraban.usecases.outgoing import OutboxItem
from saraban.usecases.ports import Services

_SIDE_BY_SIDE = 4
"""How many are sealed at a time: most of what one takes is waiting for the disk."""
_log = logging.getLogger(__name__)


def seal_next(office: Services, *, limit: int = 20) -> int:
    """Seal and queue statements that wait. Returns how many; 0 when none waits."""
    now = office.clock.now()
    with office.uow() as uow:
        claimed = uow.statements.claim_uncomposed(now, office.lease, limit)
        if not claimed:
            return 0
        agencies = {s.agency_id: uow.agencies.get(s.agency_id) for s in claimed}
        closes = {agency_id: uow.closes.last(agency_id) for agency_id in agencies}
        waiting = [_with_witness(s, closes[s.agency_id]) for s in claimed]
        uow.commit(final=False)
    composed, items = list(_composed(office, waiting, agencies, now)), []
    with office.uow() as uow:
        for statement, envelope, raw in composed:
            if not uow.statements.sealed(statement.receipt.id, raw):
                continue
            _note_witness(uow, statement, raw, now)
            items.append(
                OutboxItem(
                    id=uuid4(),
                    agency_id=statement.agency_id,
                    agency_code=agencies[statement.agency_id].code,
                    kind=OutboxKind.RECEIPT,
                    ref=statement.receipt.id,
                    envelope=envelope,
                    give_up_at=now + RECEIPT_LIFE,
                )
            )
        uow.outbox.put_all(items, now)
        uow.commit()
    return len(claimed)


def _with_witness(statement: Statement, close: DayClose | None) -> Statement:
    """The statement with the root of our last close: whoever receives it can prove that day and all days before it.
    What we state to ourselves has no witness."""
    receipt = statement.receipt
    if close is None or receipt.to_code == receipt.from_code:
        return statement
    before = previous_root(close.statement)
    witness = Witness(close.day, close.root.hex, before.hex if before is not None else "")
    return replace(statement, receipt=replace(receipt, witness=witness))


def _note_witness(uow: UnitOfWork, statement: Statement, raw: Digest, now: datetime) -> None:
    receipt = statement.receipt
    if receipt.witness is None:
        return
    uow.closes.witness(
        statement.agency_id,
        receipt.to_code,
        given=True,
        day=receipt.witness.day,
        root=Digest(receipt.witness.root),
        previous=Digest(receipt.witness.previous) if receipt.witness.previous else None,
        receipt_id=receipt.id,
        raw=raw,
        at=now,
    )


def _composed(
    office: Services, waiting: Sequence[Statement], agencies: Mapping[AgencyId, Agency], now: datetime
) -> Iterator[tuple[Statement, Envelope, Digest]]:
    with ThreadPoolExecutor(_SIDE_BY_SIDE, "sealing") as pool:
        under_way = [pool.submit(_compose, office, one, agencies[one.agency_id], now) for one in waiting]
        for statement, made in zip(waiting, under_way, strict=True):
            try:
                yield (statement, *made.result())
            except Exception:  # one agency's seal must not keep the others' receipts waiting; its lease ends by itself
                _log.exception("statement %s could not be sealed (try %d)", statement.receipt.id, statement.attempts)


def _compose(office: Services, statement: Statement, agency: Agency, now: datetime) -> tuple[Envelope, Digest]:
    receipt = statement.receipt
    sealer = office.seals.sealer(agency.code, now)
    text = statement_bytes(receipt)
    entity = receipt_entity(
        receipt,
        text,
        sealer.seal(Digest.of(text), now),
        original_message_id=statement.original_message_id,
        mic=statement.mic or None,
        first_answer=statement.first_answer,
        sender_name=agency.name,
        automatic=statement.automatic,
    )
    envelope = receipt_envelope(
        receipt,
        entity,
        sealer.seal(entity.digest(office.blobs.open), now),
        at=now,
        blob=office.blobs.open,
        automatic=statement.automatic,
        in_reply_to=statement.original_message_id,
        sender_name=agency.name,
    )
    raw = office.blobs.keep(b"".join(envelope.chunks(office.blobs.open)))
    return envelope, raw
