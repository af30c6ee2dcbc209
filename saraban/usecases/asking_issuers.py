"""Asking the issuer of a document, in place of asking the citizen for a copy (docs/wire-lookup.md): an officer asks and
opens what came; the worker asks once more where nobody answers, and forgets what may be kept no longer."""

from __future__ import annotations

import json
from datetime import timedelta
from uuid import UUID, uuid4

from saraban.domain.actor import Actor
from saraban.domain.agency import Correspondent
from saraban.domain.attachment import Digest
from saraban.domain.calendar import office_date
from saraban.domain.errors import BadInput, NotFound, RuleBroken
from saraban.domain.lookup import Lookup, LookupRequest, Officer, ToldFile, Want, checked_question
from saraban.domain.lookup_events import LookupOpened
from saraban.domain.permissions import may_look_up, may_see_lookup, require
from saraban.exchange.lookup import request_bytes
from saraban.usecases.books import UnitOfWork
from saraban.usecases.ports import Services
from saraban.usecases.sealed_questions import ask_once_more

_NO_ISSUER = "เลือกหน่วยงานที่ออกเอกสาร"


def ask_issuer(
    office: Services,
    *,
    actor: Actor,
    other_code: str,
    document_kind: str,
    number: str = "",
    holder_id: str = "",
    want: Want = Want.STATE,
    purpose: str,
    legal_basis: str,
) -> Lookup:
    """Ask an agency about a document that it issued: the question is written down, the worker seals and sends it.

    Raises BadInput beside the fields that must be mended, RuleBroken where we cannot ask.
    """
    now = office.clock.now()
    require(may_look_up(actor))
    try:
        kind, number, holder_id, purpose, legal_basis = checked_question(
            document_kind=document_kind, number=number, holder_id=holder_id, purpose=purpose, legal_basis=legal_basis
        )
    except BadInput as error:
        raise BadInput(({} if other_code else {"agency": _NO_ISSUER}) | error.fields) from error
    with office.uow() as uow:
        agency = uow.agencies.get(actor.agency_id)
        other = _issuer(uow, agency.code, other_code)
        try:
            office.seals.sealer(agency.code, now)
        except NotFound as error:
            raise RuleBroken(
                "ส่วนราชการนี้ยังไม่มีตราประทับอิเล็กทรอนิกส์ที่ใช้ได้ จึงขอตรวจเอกสารไม่ได้ ติดต่อผู้ดูแลระบบ", code="no-seal"
            ) from error
        at = now.replace(microsecond=0)
        request = LookupRequest(
            id=uuid4(),
            from_code=agency.code,
            from_mailbox=agency.mailbox,
            to_code=other.code,
            to_mailbox=other.mailbox,
            at=at,
            expires_at=at + timedelta(days=agency.options.lookup_wait_days),
            document_kind=kind,
            number=number,
            holder_id=holder_id,
            want=want,
            purpose=purpose,
            legal_basis=legal_basis,
            officer=Officer(actor.name, actor.title, actor.unit_name),
        )
        data = request_bytes(request)
        one = Lookup(
            id=uuid4(),
            agency_id=agency.id,
            other_code=other.code,
            other_name=other.name,
            ours=True,
            request_id=request.id,
            asked_at=now,
            asked_by=actor.name,
            asked_for=actor.unit_name,
            document_kind=kind,
            number=number,
            holder_id=holder_id,
            want=want,
            purpose=purpose,
            legal_basis=legal_basis,
            expires_at=request.expires_at,
            request=json.loads(data),
            request_sha256=Digest.of(data),
            unit_id=actor.unit_id,
            asker_id=actor.person_id,
            owes="request",
            keep_until=office_date(request.expires_at) + timedelta(days=agency.options.lookup_keep_days),
        )
        uow.document_lookups.add(one)
        uow.record(one.asked(by=actor, at=now))
        uow.commit()
    return one


def open_looked_up(office: Services, *, actor: Actor, lookup_id: UUID, name: str) -> tuple[ToldFile, bytes]:
    """A file that came with an answer to our question; that it was opened is an event. Raises NotFound, also when the
    time for which it may be kept is over."""
    now = office.clock.now()
    with office.uow() as uow:
        one = uow.document_lookups.get(actor.agency_id, lookup_id)
        require(may_see_lookup(actor, one.unit_id))
        kept = next((file for file in one.files if file["name"] == name), None)
        over = one.keep_until is not None and one.keep_until < office_date(now)
        if not one.ours or kept is None or over:
            raise NotFound("ไม่พบไฟล์นี้ หรือครบกำหนดที่เก็บไว้ได้แล้ว")
        uow.record(LookupOpened(at=now, by=actor, thing_id=one.id, of=one.other_code, file=name))
        uow.commit()
    file = ToldFile(kept["name"], kept["media_type"], kept["size"], Digest(kept["sha256"]))
    return file, office.blobs.open(file.sha256)


# --- what the worker does -------------------------------------------------------------------------------------


def ask_silent_issuers_again(office: Services, *, limit: int = 20) -> int:
    """Send the same bytes of a question once more where nothing came back within a day. Returns how many."""
    return ask_once_more(office, lambda uow: uow.document_lookups, limit)


def forget_lookups(office: Services, *, limit: int = 50) -> int:
    """Delete what may be kept no longer: the holder's numbers, and the files with their certified copies and the mails
    that nothing else needs, whose bytes go with a round of `kept_files.remove_files`. Returns how many questions were
    stripped; whatever stops it, the next turn does the rest."""
    now = office.clock.now()
    with office.uow() as uow:
        over = uow.document_lookups.over(office_date(now), limit)
        for one in over:
            gone = {Digest(file["sha256"]) for file in one.files} if one.ours else set()
            gone |= {one.raw} if one.raw is not None else set()
            gone |= set(uow.copies.empty(one.agency_id, one.id)) if one.ours else set()
            uow.record(one.forget(at=now))
            uow.document_lookups.save(one)
            if one.ours:
                uow.outbox.empty(one.agency_id, one.request_id)
            uow.disposals.drop(gone, now)
        uow.commit()
    return len(over)


def _issuer(uow: UnitOfWork, our_code: str, code: str) -> Correspondent:
    if not code:
        raise BadInput({"agency": _NO_ISSUER})
    other = uow.directory.by_code(code)
    if other is None:
        raise BadInput({"agency": "ไม่พบหน่วยงานนี้ในทำเนียบ เลือกจากรายการ"})
    if other.code == our_code:
        raise BadInput({"agency": "เอกสารที่หน่วยงานของท่านออกเองตรวจได้ในระบบ ไม่ต้องขอ"})
    if not other.looks_up:
        raise BadInput({"agency": f"ระบบของ{other.name}ยังไม่รองรับการตรวจเอกสาร สอบถามทางหนังสือหรือโทรศัพท์"})
    us = uow.directory.by_code(our_code)
    if us is None or not us.looks_up:
        raise RuleBroken(
            "ทำเนียบยังไม่ได้ประกาศว่าหน่วยงานของท่านตรวจเอกสารกับผู้ออกได้ ติดต่อผู้ดูแลระบบให้ปรับทำเนียบ", code="not-taking-part"
        )
    return other
