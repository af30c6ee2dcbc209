"""The worker seals questions to issuers and answers to others' questions, with the files that go with them, and queues
them (docs/wire-lookup.md, section 2)."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from uuid import uuid4

from saraban.domain.agency import Agency
from saraban.domain.attachment import Digest
from saraban.domain.lookup import Lookup, LookupAnswer, ToldFile
from saraban.exchange.entity import encode_file
from saraban.exchange.envelope import OutboxKind
from saraban.exchange.lookup import EncodedAnswerFile, lookup_entity, lookup_envelope, read_lookup
from saraban.exchange.wirejson import canonical
from saraban.usecases.outgoing import OutboxItem
from saraban.usecases.ports import Services

MESSAGE_LIFE = timedelta(days=3)
_log = logging.getLogger(__name__)


def seal_lookups(office: Services, *, limit: int = 20) -> int:
    """Seal and queue questions and answers that wait. Returns how many; 0 when none waits."""
    now = office.clock.now()
    with office.uow() as uow:
        claimed = uow.document_lookups.claim(now, office.lease, limit)
        if not claimed:
            return 0
        agencies = {one.agency_id: uow.agencies.get(one.agency_id) for one in claimed}
        uow.commit(final=False)
    composed = []
    for one in claimed:
        try:
            composed.append((one, _compose(office, one, agencies[one.agency_id], now)))
        except Exception:  # one agency without a valid seal must not keep the others waiting; its lease ends by itself
            _log.exception("the %s of lookup %s could not be sealed", one.owes, one.id)
    with office.uow() as uow:
        for one, item in composed:
            if uow.document_lookups.paid(one):
                uow.outbox.put(item, now)
        uow.commit()
    return len(claimed)


def _compose(office: Services, one: Lookup, agency: Agency, now: datetime) -> OutboxItem:
    sealer = office.seals.sealer(agency.code, now)
    data = canonical(one.request if one.ours else one.answer or {})
    message = read_lookup(data)
    told = [d.file for d in message.documents if d.file is not None] if isinstance(message, LookupAnswer) else []
    entity = lookup_entity(
        message,
        data,
        sealer.seal(Digest.of(data), now),
        sender_name=agency.name,
        files=[_encoded(office, file) for file in told],
    )
    outer = sealer.seal(entity.digest(office.blobs.open), now)
    envelope = lookup_envelope(message, entity, outer, at=now, blob=office.blobs.open, sender_name=agency.name)
    return OutboxItem(
        id=uuid4(),
        agency_id=agency.id,
        agency_code=agency.code,
        kind=OutboxKind.LOOKUP,
        ref=message.id,
        envelope=envelope,
        give_up_at=now + MESSAGE_LIFE,
    )


def _encoded(office: Services, file: ToldFile) -> EncodedAnswerFile:
    text = encode_file(office.blobs.open(file.sha256))
    return EncodedAnswerFile(file, office.blobs.keep(text), len(text))
