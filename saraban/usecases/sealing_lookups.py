"""The worker seals questions to issuers and answers to others' questions, with the files that go with them, and queues
them (docs/wire-lookup.md, section 2)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from saraban.domain.agency import Agency
from saraban.domain.attachment import Digest
from saraban.domain.lookup import Lookup, LookupAnswer, ToldFile
from saraban.exchange.entity import encode_file
from saraban.exchange.envelope import Envelope
from saraban.exchange.lookup import EncodedAnswerFile, lookup_entity, lookup_envelope, read_lookup
from saraban.exchange.wirejson import canonical
from saraban.usecases.ports import Services
from saraban.usecases.sealed_questions import seal_owed


def seal_lookups(office: Services, *, limit: int = 20) -> int:
    """Seal and queue questions and answers that wait. Returns how many; 0 when none waits."""
    return seal_owed(office, lambda uow: uow.document_lookups, _compose, _ref, limit)


def _ref(one: Lookup) -> UUID:
    return one.request_id if one.ours else UUID(str((one.answer or {})["id"]))


def _compose(office: Services, one: Lookup, agency: Agency, now: datetime) -> Envelope:
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
    return lookup_envelope(message, entity, outer, at=now, blob=office.blobs.open, sender_name=agency.name)


def _encoded(office: Services, file: ToldFile) -> EncodedAnswerFile:
    text = encode_file(office.blobs.open(file.sha256))
    return EncodedAnswerFile(file, office.blobs.keep(text), len(text))
