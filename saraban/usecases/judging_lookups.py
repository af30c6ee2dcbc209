"""Questions about our documents, and answers to our own, by mail (docs/wire-lookup.md, sections 5 and 6): what
the kind's policy allows is answered at once; what is not believed is shown to a clerk and never answered."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from saraban.domain.actor import Actor
from saraban.domain.agency import Agency, Correspondent
from saraban.domain.attachment import Digest
from saraban.domain.calendar import office_date
from saraban.domain.issued_kind import IssuedKind, LookupPolicy
from saraban.domain.lookup import KEEP_DAYS, Lookup, LookupAnswer, LookupRequest, Outcome, Refused, Want, Why
from saraban.domain.signature import SignatureStatus
from saraban.exchange.lookup import LookupInvalid, LookupMessage, answer_bytes, read_lookup
from saraban.exchange.parse import InboundMessage
from saraban.usecases.answering import judged_seal
from saraban.usecases.books import InboxItem, UnitOfWork
from saraban.usecases.doubting import note_and_drop, show_doubt
from saraban.usecases.lookup_answers import found_answer, plain_answer, settle
from saraban.usecases.ports import Services

MOST_A_DAY = 200
_DAY = timedelta(hours=24)
_MESSAGE_LIFE = timedelta(days=3)
_DONE, _CHECK = "looked-up", "lookup"


def judge_lookup(office: Services, item: InboxItem, message: InboundMessage) -> bool:
    """Judge a message as a question about a document, or as the answer to one of ours. False when it is neither."""
    if message.lookup is None:
        return False
    now = office.clock.now()
    try:
        said = read_lookup(message.lookup)
    except LookupInvalid as error:
        with office.uow() as uow:
            show_doubt(uow, item, message, None, str(error), now, check=_CHECK)
            uow.commit()
        return True
    sender, status = judged_seal(office, said.from_code, message.lookup, message.lookup_p7s, now)
    with office.uow() as uow:
        agency = uow.agencies.get(item.agency_id)
        us = uow.directory.by_code(agency.code)
        doubt = _doubt(message, said, status, sender, agency, us)
        if doubt or sender is None:
            show_doubt(uow, item, message, sender, doubt, now, check=_CHECK)
        elif isinstance(said, LookupRequest):
            _take_question(office, uow, item, message, agency, sender, said, now)
        else:
            _take_answer(office, uow, item, message, agency, sender, said, status, now)
        uow.commit()
    return True


def _doubt(
    message: InboundMessage,
    said: LookupMessage,
    status: SignatureStatus,
    sender: Correspondent | None,
    agency: Agency,
    us: Correspondent | None,
) -> str:
    """Why it is not believed, in Thai; "" when all is right."""
    if sender is None:
        return "หน่วยงานที่ส่งใบตรวจเอกสารไม่อยู่ในทำเนียบ"
    if not status.good:
        return f"ตราประทับของใบตรวจเอกสารใช้ไม่ได้: {status.why_not}"
    if not message.from_address == said.from_mailbox.lower() == sender.mailbox.lower():
        return f"ใบตรวจเอกสารไม่ได้มาจากกล่องไปรษณีย์กลางของ{sender.name}"
    if (said.to_code, said.to_mailbox.lower()) != (agency.code, agency.mailbox.lower()):
        return "ใบตรวจเอกสารนี้ไม่ได้ส่งถึงส่วนราชการของเรา"
    if sender.code == agency.code:
        return "ใบตรวจเอกสารนี้เป็นของเราเองที่ย้อนกลับมา"
    if not _ids_agree(message, said) or "lookup-repeated" in message.defects:
        return "รหัสในส่วนหัวของไปรษณีย์กับในใบตรวจเอกสารไม่ตรงกัน"
    if not sender.looks_up or us is None or not us.looks_up:
        return "ทำเนียบไม่ได้ประกาศว่าทั้งสองฝ่ายตรวจเอกสารระหว่างกันได้"
    if isinstance(said, LookupRequest) and message.files:
        return "คำขอตรวจเอกสารต้องไม่มีไฟล์"
    return ""


def _ids_agree(message: InboundMessage, said: LookupMessage) -> bool:
    header = message.saraban
    if header is None or header.kind != "lookup" or header.id != said.id:
        return False
    if isinstance(said, LookupAnswer) and header.of != said.of:
        return False
    return message.message_id.strip("<>").partition("@")[0].lower() == str(said.id)


# --- a question -----------------------------------------------------------------------------------------------


def _take_question(
    office: Services,
    uow: UnitOfWork,
    item: InboxItem,
    message: InboundMessage,
    agency: Agency,
    sender: Correspondent,
    said: LookupRequest,
    now: datetime,
) -> None:
    sha256 = Digest.of(message.lookup or b"")
    before = uow.document_lookups.find(agency.id, sender.code, said.id, ours=False)
    if before is not None and before.request_sha256 != sha256:
        show_doubt(uow, item, message, sender, "รหัสคำขอนี้เคยใช้แล้ว แต่เนื้อหาไม่ตรงกับครั้งก่อน", now, check=_CHECK)
        return
    if before is not None:
        _answer_again(uow, before, now)
    else:
        _answer_first(office, uow, item, agency, sender, said, sha256, now)
    uow.inbox.decide(item, _DONE, "", now)


def _answer_first(
    office: Services,
    uow: UnitOfWork,
    item: InboxItem,
    agency: Agency,
    sender: Correspondent,
    said: LookupRequest,
    sha256: Digest,
    now: datetime,
) -> None:
    kinds = uow.issued.kinds(agency.id)
    kind = _named(kinds, said.document_kind)
    too_many = uow.document_lookups.times_asked(agency.id, sender.code, after=now - _DAY) >= MOST_A_DAY
    one = Lookup(
        id=uuid4(),
        agency_id=agency.id,
        other_code=sender.code,
        other_name=sender.name,
        ours=False,
        request_id=said.id,
        asked_at=now,
        asked_by=said.officer.name,
        asked_for=" ".join(part for part in (said.officer.position, said.officer.unit) if part),
        document_kind=said.document_kind,
        number=said.number,
        holder_id=said.holder_id,
        want=said.want,
        purpose=said.purpose,
        legal_basis=said.legal_basis,
        expires_at=said.expires_at,
        request={},
        request_sha256=sha256,
        kind_id=kind.id if kind is not None else None,
        raw=item.sha256,
        keep_until=office_date(max(said.expires_at, now)) + timedelta(days=KEEP_DAYS),
    )
    uow.document_lookups.add(one)
    uow.record(one.received(at=now))
    answer = _by_policy(office, uow, one, agency, sender, kind, kinds, now, too_many=too_many)
    settle(uow, one, answer, Actor.gateway(agency.id), now)


def _by_policy(
    office: Services,
    uow: UnitOfWork,
    one: Lookup,
    agency: Agency,
    sender: Correspondent,
    kind: IssuedKind | None,
    kinds: Sequence[IssuedKind],
    now: datetime,
    *,
    too_many: bool,
) -> LookupAnswer:
    """What the gateway says by itself. Nothing is looked for where nothing may be told: so that a refusal is the same
    whether or not there is such a document."""
    if one.expires_at <= now:
        return plain_answer(one, agency, sender, now, Outcome.REFUSED, refused=Refused(Why.EXPIRED))
    if kind is None:
        offered = tuple((k.code, k.name_th) for k in kinds if k.lookup is not LookupPolicy.NO)
        return plain_answer(one, agency, sender, now, Outcome.REFUSED, refused=Refused(Why.KIND_UNKNOWN), kinds=offered)
    if kind.lookup is LookupPolicy.NO:
        return plain_answer(one, agency, sender, now, Outcome.REFUSED, refused=Refused(Why.KIND_CLOSED))
    if kind.lookup is LookupPolicy.ASK or too_many:
        return plain_answer(one, agency, sender, now, Outcome.WAITING)
    gives = Want.FILE if kind.lookup is LookupPolicy.FILE else Want.STATE
    return found_answer(office, uow, one, agency, sender, kind, gives, KEEP_DAYS, now, None)


def _answer_again(uow: UnitOfWork, before: Lookup, now: datetime) -> None:
    """The same bytes of the newest answer once more; one that waits for its seal is on its way already."""
    before.repeats = [*before.repeats, now.isoformat()]
    uow.document_lookups.save(before)
    if before.answer is not None and not before.owes and before.forgotten_at is None:
        uow.outbox.again(before.agency_id, UUID(str(before.answer["id"])), now, give_up_at=now + _MESSAGE_LIFE)


def _named(kinds: Sequence[IssuedKind], asked: str) -> IssuedKind | None:
    """The kind of this code, or of this name."""
    words = asked.casefold()
    by_code = [kind for kind in kinds if kind.code.casefold() == words]
    by_name = [kind for kind in kinds if words in (kind.name_th.casefold(), kind.name_en.casefold())]
    return next(iter(by_code or by_name), None)


# --- an answer ------------------------------------------------------------------------------------------------


def _take_answer(
    office: Services,
    uow: UnitOfWork,
    item: InboxItem,
    message: InboundMessage,
    agency: Agency,
    sender: Correspondent,
    said: LookupAnswer,
    status: SignatureStatus,
    now: datetime,
) -> None:
    one = uow.document_lookups.find(agency.id, sender.code, said.of, ours=True)
    if one is None:
        doubt = f"{sender.name}ส่งคำตอบของคำขอที่เราไม่ได้ขอ"
    elif one.request_sha256 != said.request_sha256:
        doubt = "คำตอบนี้เป็นของคำขอที่มีเนื้อหาอื่น ไม่ใช่ที่เราขอ"
    elif not _files_agree(message, said):
        doubt = "ไฟล์ที่มากับคำตอบไม่ตรงกับที่คำตอบบอกไว้"
    else:
        doubt = ""
    if doubt or one is None:
        show_doubt(uow, item, message, sender, doubt, now, check=_CHECK)
        return
    if one.is_settled or one.outcome is said.outcome or one.forgotten_at is not None:
        note_and_drop(uow, item, "คำขอนี้มีคำตอบแล้ว คำตอบที่มาภายหลังไม่เปลี่ยนผล", now)
        return
    gateway = Actor.gateway(agency.id)
    event = one.settle(said, json.loads(answer_bytes(said)), by=gateway, at=now)
    one.verdict, one.raw = status.as_dict(), item.sha256
    one.files = [
        {"name": f.name, "media_type": f.media_type, "size": f.size, "sha256": f.sha256.hex, "number": d.number}
        for d in said.documents
        if (f := d.file) is not None
    ]
    for file in message.files:
        office.blobs.keep(file.data)
    uow.document_lookups.save(one)
    uow.record(event)
    uow.inbox.decide(item, _DONE, "", now)


def _files_agree(message: InboundMessage, said: LookupAnswer) -> bool:
    told = sorted((f.name, f.size, f.sha256.hex) for d in said.documents if (f := d.file) is not None)
    return sorted((file.name, file.size, file.sha256.hex) for file in message.files) == told
