"""The statements we owe: sealed and queued by the worker (claim, do, settle)."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from uuid import uuid4

from saraban.domain.agency import Agency
from saraban.domain.attachment import Digest
from saraban.exchange.envelope import Envelope, OutboxKind
from saraban.exchange.receipts import receipt_entity, receipt_envelope, statement_bytes
from saraban.usecases.books import OutboxItem, Statement
from saraban.usecases.ports import Services

RECEIPT_LIFE = timedelta(days=15)
_log = logging.getLogger(__name__)


def seal_next(office: Services, *, limit: int = 20) -> int:
    """Seal and queue statements that wait. Returns how many; 0 when none waits."""
    now = office.clock.now()
    with office.uow() as uow:
        claimed = uow.statements.claim_uncomposed(now, office.lease, limit)
        if not claimed:
            return 0
        agencies = {s.agency_id: uow.agencies.get(s.agency_id) for s in claimed}
        uow.commit(final=False)
    composed = []
    for statement in claimed:
        try:
            composed.append((statement, *_compose(office, statement, agencies[statement.agency_id], now)))
        except Exception:  # one agency's seal must not keep the others' receipts waiting; its lease ends by itself
            _log.exception("statement %s could not be sealed (try %d)", statement.receipt.id, statement.attempts)
    with office.uow() as uow:
        for statement, envelope, raw in composed:
            if not uow.statements.sealed(statement.receipt.id, raw):
                continue
            uow.outbox.put(
                OutboxItem(
                    id=uuid4(),
                    agency_id=statement.agency_id,
                    agency_code=agencies[statement.agency_id].code,
                    kind=OutboxKind.RECEIPT,
                    ref=statement.receipt.id,
                    envelope=envelope,
                    give_up_at=now + RECEIPT_LIFE,
                ),
                now,
            )
        uow.commit()
    return len(claimed)


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
