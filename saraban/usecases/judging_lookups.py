"""Questions about our documents, and answers to our own, by mail (docs/wire-lookup.md, sections 5 and 6): what
the kind's policy allows is answered at once; what is not believed is shown to a clerk and never answered."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from saraban.domain.actor import Actor
from saraban.domain.agency import Agency, Correspondent
from saraban.domain.calendar import office_date
from saraban.domain.issued_kind import IssuedKind, LookupPolicy
from saraban.domain.lookup import Lookup, LookupAnswer, LookupRequest, Outcome, Refused, Want, Why
from saraban.exchange.lookup import LookupMessage, answer_bytes, read_lookup
from saraban.exchange.parse import InboundMessage
from saraban.usecases.books import InboxItem, UnitOfWork
from saraban.usecases.doubting import note_and_drop, show_doubt
from saraban.usecases.lookup_answers import found_answer, plain_answer, settle
from saraban.usecases.lookup_notices import tell_who_asked
from saraban.usecases.ports import Services
from saraban.usecases.sealed_questions import MESSAGE_LIFE, Came, Paper, judge_sealed

_DAY = timedelta(hours=24)
_DONE, _CHECK = "looked-up", "lookup"
_PAPER: Paper[LookupMessage] = Paper(
    word="lookup",
    check=_CHECK,
    thai="ใบตรวจเอกสาร",
    read=read_lookup,
    takes_part=lambda agency: agency.looks_up,
    not_taking_part="ทำเนียบไม่ได้ประกาศว่าทั้งสองฝ่ายตรวจเอกสารระหว่างกันได้",
)


def judge_lookup(office: Services, item: InboxItem, message: InboundMessage) -> bool:
    """Judge a message as a question about a document, or as the answer to one of ours. False when it is neither."""

    def do(uow: UnitOfWork, came: Came[LookupMessage]) -> None:
        if isinstance(came.said, LookupRequest):
            _take_question(office, uow, came, came.said)
        else:
            _take_answer(office, uow, came, came.said)

    return judge_sealed(office, item, message, _PAPER, message.lookup, message.lookup_p7s, do, _doubt)


def _doubt(message: InboundMessage, said: LookupMessage) -> str:
    return "คำขอตรวจเอกสารต้องไม่มีไฟล์" if isinstance(said, LookupRequest) and message.files else ""


# --- a question -----------------------------------------------------------------------------------------------


def _take_question(office: Services, uow: UnitOfWork, came: Came[LookupMessage], said: LookupRequest) -> None:
    before = uow.document_lookups.find(came.agency.id, came.sender.code, said.id, ours=False)
    if before is not None and before.request_sha256 != came.sha256:
        doubt = "รหัสคำขอนี้เคยใช้แล้ว แต่เนื้อหาไม่ตรงกับครั้งก่อน"
        show_doubt(uow, came.item, came.message, came.sender, doubt, came.now, check=_CHECK)
        return
    if before is not None:
        _answer_again(uow, before, came.now)
    else:
        _answer_first(office, uow, came, said)
    uow.inbox.decide(came.item, _DONE, "", came.now)


def _answer_first(office: Services, uow: UnitOfWork, came: Came[LookupMessage], said: LookupRequest) -> None:
    agency, sender, now = came.agency, came.sender, came.now
    kinds = uow.issued.kinds(agency.id)
    kind = _named(kinds, said.document_kind)
    too_many = (
        uow.document_lookups.times_asked(agency.id, sender.code, after=now - _DAY) >= agency.options.lookup_most_a_day
    )
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
        request_sha256=came.sha256,
        kind_id=kind.id if kind is not None else None,
        raw=came.item.sha256,
        keep_until=office_date(max(said.expires_at, now)) + timedelta(days=agency.options.lookup_keep_days),
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
    return found_answer(office, uow, one, agency, sender, kind, gives, agency.options.lookup_keep_days, now, None)


def _answer_again(uow: UnitOfWork, before: Lookup, now: datetime) -> None:
    """The same bytes of the newest answer once more; one that waits for its seal is on its way already."""
    before.repeats = [*before.repeats, now.isoformat()]
    uow.document_lookups.save(before)
    if before.answer is not None and not before.owes and before.forgotten_at is None:
        uow.outbox.again(before.agency_id, UUID(str(before.answer["id"])), now, give_up_at=now + MESSAGE_LIFE)


def _named(kinds: Sequence[IssuedKind], asked: str) -> IssuedKind | None:
    """The kind of this code, or of this name."""
    words = asked.casefold()
    by_code = [kind for kind in kinds if kind.code.casefold() == words]
    by_name = [kind for kind in kinds if words in (kind.name_th.casefold(), kind.name_en.casefold())]
    return next(iter(by_code or by_name), None)


# --- an answer ------------------------------------------------------------------------------------------------


def _take_answer(office: Services, uow: UnitOfWork, came: Came[LookupMessage], said: LookupAnswer) -> None:
    item, message, agency, sender, now = came.item, came.message, came.agency, came.sender, came.now
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
    one.verdict, one.raw = came.status.as_dict(), item.sha256
    one.files = [
        {"name": f.name, "media_type": f.media_type, "size": f.size, "sha256": f.sha256.hex, "number": d.number}
        for d in said.documents
        if (f := d.file) is not None
    ]
    for file in message.files:
        office.blobs.keep(file.data)
    uow.document_lookups.save(one)
    uow.record(event)
    tell_who_asked(uow, one, now)
    uow.inbox.decide(item, _DONE, "", now)


def _files_agree(message: InboundMessage, said: LookupAnswer) -> bool:
    told = sorted((f.name, f.size, f.sha256.hex) for d in said.documents if (f := d.file) is not None)
    return sorted((file.name, file.size, file.sha256.hex) for file in message.files) == told
