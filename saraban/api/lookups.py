"""Looking a document up at its issuer, in place of asking the citizen for a copy: ask, see the answer, fetch the file;
answer others' questions, or refuse; the auditor's list; and the copies that were not asked for."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response

from saraban import doorway
from saraban.api import showing
from saraban.api.answers_lookups import (
    AnswerLookupForm,
    AskIssuerForm,
    KindsToAsk,
    KindsToAskQuery,
    LookupLines,
    LookupLogQuery,
    LookupShape,
    LookupsQuery,
    RefuseLookupForm,
    SparedQuery,
    SparedShape,
)
from saraban.api.downloads import send_bytes
from saraban.api.gate import section, told
from saraban.api.repeating import Json, once_done, once_made
from saraban.domain.errors import RuleBroken
from saraban.domain.lookup import Outcome, ToldDocument, Want, Why, masked_holder
from saraban.domain.permissions import may_look_up, may_see_readings, require
from saraban.reading import lookups as reading
from saraban.reading.lookups import LookupRow
from saraban.usecases import answering_lookups, asking_issuers

api = section("lookups", "ตรวจเอกสารกับผู้ออกแทนการเรียกสำเนาจากประชาชน: ขอ ดูคำตอบ ตอบหน่วยงานอื่น")
_EXAMPLE = {
    "agency": "XC0001",
    "document_kind": "license",
    "number": "ทส 1009/45",
    "want": "state",
    "purpose": "ประกอบการพิจารณาคำขออนุญาต",
    "legal_basis": "พ.ร.บ. การอำนวยความสะดวก พ.ศ. 2558 มาตรา 7",
}


@api.get("/lookups")
@told("คำขอตรวจเอกสาร", "เรียงจากล่าสุด side=theirs คือที่หน่วยงานอื่นขอจากเรา")
@api.takes(LookupsQuery, location="query")
@api.gives(200, LookupLines)
def lookups(query: Json) -> Json:
    """List the questions of the caller's unit, or those of others."""
    found = reading.lookups(
        doorway.reader(),
        doorway.actor(),
        doorway.services().clock.now(),
        ours=query["side"] == "ours",
        cursor=query.get("cursor"),
        limit=query["limit"],
    )
    return showing.page(found, _line)


@api.get("/lookups/log")
@told("บันทึกการตรวจเอกสาร", "สำหรับผู้ตรวจสอบ: ทุกคำขอของทั้งสองฝ่าย พร้อมวัตถุประสงค์และฐานกฎหมาย ไม่มีผู้ถือเอกสาร")
@api.takes(LookupLogQuery, location="query")
@api.gives(200, LookupLines)
def log(query: Json) -> Json:
    """List every question of the agency, for its auditors."""
    found = reading.all_lookups(
        doorway.reader(),
        doorway.actor(),
        doorway.services().clock.now(),
        q=query["q"],
        since=query.get("since"),
        until=query.get("until"),
        cursor=query.get("cursor"),
        limit=query["limit"],
    )
    return showing.page(found, _line)


@api.get("/lookups/spared")
@told("สำเนาที่ไม่ต้องเรียกจากประชาชน", "รายเดือน นับคำขอที่ผู้ออกตอบว่าพบ")
@api.takes(SparedQuery, location="query")
@api.gives(200, SparedShape)
def spared(query: Json) -> Json:
    """Count by month the copies that nobody was asked for."""
    require(may_see_readings(doorway.actor()))
    found = reading.copies_not_asked(doorway.reader(), doorway.actor().agency_id, query["since"], query["until"])
    return {
        "items": [
            {"month": m.month.isoformat(), "asked": m.asked, "answered": m.answered, "made": m.made} for m in found
        ],
    }


@api.get("/lookups/kinds")
@told("ชนิดเอกสารที่ขอตรวจได้", "เท่าที่รู้: ของหน่วยงานในระบบนี้ และที่ผู้ออกเคยบอก ชนิดอื่นขอได้เช่นกัน")
@api.takes(KindsToAskQuery, location="query")
@api.gives(200, KindsToAsk)
def kinds_to_ask(query: Json) -> Json:
    """List the kinds that are known of an issuer."""
    require(may_look_up(doorway.actor()))
    found = reading.kinds_to_ask(doorway.reader(), doorway.actor(), query["agency"])
    return {"items": [{"agency": one.other_code, "code": one.code, "name": one.name} for one in found]}


@api.post("/lookups")
@told("ขอตรวจเอกสาร", "ระบบลงตราและส่งคำขอเอง คำตอบมาเมื่อระบบหรือเจ้าหน้าที่ของผู้ออกตอบ")
@api.takes(AskIssuerForm, example=_EXAMPLE)
@api.gives(201, LookupShape)
def ask(sent: Json) -> Any:
    """Ask the issuer about a document."""
    return once_made(
        lambda office: (
            asking_issuers.ask_issuer(
                office,
                actor=doorway.actor(),
                other_code=sent["agency"],
                document_kind=sent["document_kind"],
                number=sent["number"],
                holder_id=sent["holder_id"],
                want=Want(sent["want"]),
                purpose=sent["purpose"],
                legal_basis=sent["legal_basis"],
            ).id
        ),
        _whole,
    )


@api.get("/lookups/<uuid:lookup_id>")
@told("คำขอตรวจเอกสารและคำตอบ")
@api.gives(200, LookupShape)
def show(lookup_id: UUID) -> Json:
    """Show a question with its answer."""
    return _whole(lookup_id)


@api.get("/lookups/<uuid:lookup_id>/files/<name>")
@told("ไฟล์เอกสารที่มากับคำตอบ", "การเปิดถูกบันทึก ให้ได้ถึงวันที่ keep_until")
@api.gives_bytes("application/pdf")
def file(lookup_id: UUID, name: str) -> Response:
    """Give a document that came with an answer."""
    told_file, data = asking_issuers.open_looked_up(
        doorway.services(), actor=doorway.actor(), lookup_id=lookup_id, name=name
    )
    return send_bytes(data, told_file.media_type, told_file.name)


@api.post("/lookups/<uuid:lookup_id>/answer")
@told("ตอบคำขอของหน่วยงานอื่น", "ตอบสถานะ ณ วันนี้ หรือว่าไม่พบ gives=file ให้ไฟล์เมื่อผู้ขอขอ")
@api.takes(AnswerLookupForm, example={"gives": "state", "keep_days": 90})
@api.gives(200, LookupShape)
def answer(sent: Json, lookup_id: UUID) -> Any:
    """Answer another agency's question."""
    return once_done(
        lambda office: answering_lookups.answer_lookup(
            office,
            actor=doorway.actor(),
            lookup_id=lookup_id,
            with_file=sent["gives"] == Want.FILE.value,
            keep_days=sent["keep_days"],
        ),
        lookup_id,
        _whole,
    )


@api.post("/lookups/<uuid:lookup_id>/refuse")
@told("ไม่ให้ข้อมูล", "แจ้งผู้ขอพร้อมเหตุผล")
@api.takes(RefuseLookupForm, example={"why": "basis-lacking", "text": ""})
@api.gives(200, LookupShape)
def refuse(sent: Json, lookup_id: UUID) -> Any:
    """Refuse another agency's question."""
    return once_done(
        lambda office: answering_lookups.refuse_lookup(
            office, actor=doorway.actor(), lookup_id=lookup_id, why=Why(sent["why"]), text=sent["text"]
        ),
        lookup_id,
        _whole,
    )


def _whole(lookup_id: UUID) -> Json:
    one = reading.lookup(doorway.reader(), doorway.actor(), lookup_id, doorway.services().clock.now())
    return {
        **_line(one.row),
        "holder": masked_holder(one.holder_id),
        "documents": [_document(document) for document in one.documents],
        "truncated": one.truncated,
        "reason": {"code": one.refused.why.value, "text": one.refused.text} if one.refused else None,
        "kinds": [{"code": code, "name": name} for code, name in one.kinds],
        "seal": one.verdict,
        "forgotten_at": showing.moment(one.row.forgotten_at) if one.row.forgotten_at else None,
        "may_answer": (may := _may_answer(one.row)),
        "foreseen": _foreseen(lookup_id) if may is True else None,
    }


def _foreseen(lookup_id: UUID) -> Json | None:
    """What the caller's answer would say; nothing where somebody has just answered."""
    try:
        found = answering_lookups.foresee(doorway.services(), actor=doorway.actor(), lookup_id=lookup_id)
    except RuleBroken:
        return None
    if found is None:
        return None
    return {
        "state": found.answer.outcome.value,
        "documents": [_document(document) for document in found.answer.documents],
        "truncated": found.answer.truncated,
        "other_holder": bool(found.others),
        "policy": found.policy.value,
    }


def _may_answer(row: LookupRow) -> bool | str:
    """May the caller answer it? In words why not."""
    if row.ours or row.outcome is not Outcome.WAITING:
        return "ไม่ใช่คำขอที่รอคำตอบจากท่าน"
    return row.why_not or True


def _document(one: ToldDocument) -> Json:
    kept = one.file
    return {
        "kind": one.kind,
        "name": one.name,
        "number": one.number,
        "state": one.state,
        "issued_on": one.issued_on.isoformat() if one.issued_on else None,
        "valid_until": one.valid_until.isoformat() if one.valid_until else None,
        "replaced_by": one.replaced_by,
        "verify": one.verify,
        "file": kept
        and {"name": kept.name, "media_type": kept.media_type, "size": kept.size, "sha256": kept.sha256.hex},
    }


def _line(row: LookupRow) -> Json:
    return {
        "id": str(row.id),
        "agency": row.other_code,
        "name": row.other_name,
        "ours": row.ours,
        "document_kind": row.document_kind,
        "number": row.number,
        "holder": row.holder,
        "want": row.want.value,
        "purpose": row.purpose,
        "legal_basis": row.legal_basis,
        "asked_at": showing.moment(row.asked_at),
        "asked_by": row.asked_by,
        "asked_for": row.asked_for,
        "expires_at": showing.moment(row.expires_at),
        "state": _state(row),
        "answered_at": showing.moment(row.answered_at) if row.answered_at else None,
        "answered_by": row.answered_by,
        "keep_until": row.keep_until.isoformat() if row.keep_until and row.outcome is Outcome.FOUND else None,
    }


def _state(row: LookupRow) -> str:
    if row.outcome is not None and (row.outcome.is_final or not row.late):
        return row.outcome.value
    if row.late:
        return "late"
    if row.owes:
        return "sealing"
    return {"queued": "sending", "failed": "failed", "stopped": "failed"}.get(row.outbox_state, "asked")
