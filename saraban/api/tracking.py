"""Following a dispatch: its state, what is proved about it, and the raw bytes of every proof."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response

from saraban import doorway
from saraban.api import answers, showing, step_forms
from saraban.api.downloads import digest_in_address, send_bytes
from saraban.api.gate import section, told
from saraban.api.repeating import Json, once_done
from saraban.domain.dispatch import DispatchId
from saraban.domain.errors import NotFound
from saraban.domain.letter import LetterId
from saraban.reading import tracking as reading
from saraban.usecases import recalling, viewing
from saraban.usecases.ports import Services

api = section("tracking", "ติดตามการส่ง: สถานะ หลักฐาน และใบตอบรับ")


@api.get("/dispatches/<uuid:dispatch_id>")
@told("การส่งหนึ่งรายการ", "สถานะ ลำดับเหตุการณ์พร้อมหลักฐานและผลตรวจ และใบตอบรับพร้อมที่อยู่ของไบต์ดิบ")
@api.gives(200, answers.DispatchShape)
def show(dispatch_id: UUID) -> Json:
    """Show a dispatch with everything that is proved about it."""
    reader, actor = doorway.reader(), doorway.actor()
    row = reading.dispatch(reader, actor, dispatch_id)
    return showing.dispatch(row, reading.timeline(reader, actor, dispatch_id))


@api.post("/dispatches/<uuid:dispatch_id>/ask-back")
@told(
    "หยุดส่งหรือขอเรียกคืน",
    "ซองที่ยังไม่ออกถูกหยุด (stopped) ที่ออกแล้วขอเรียกคืนจากผู้รับด้วยใบแจ้งลงตรา (asked) "
    "ผู้รับที่ยังไม่ลงรับคืนให้เอง ที่ลงรับแล้วเจ้าหน้าที่ของผู้รับตอบ ดูคำตอบที่ recall",
)
@api.takes(step_forms.AskBackForm, example={"reason": "ส่งผิดฉบับ"})
@api.gives(200, answers.AskedBackShape)
def ask_back(sent: Json, dispatch_id: UUID) -> Any:
    """Stop a dispatch, or ask the letter back from its receiver."""

    def deed(office: Services) -> None:
        recalling.ask_back(office, actor=doorway.actor(), dispatches=[DispatchId(dispatch_id)], reason=sent["reason"])

    return once_done(deed, dispatch_id, _asked)


def _asked(dispatch_id: UUID) -> Json:
    row = reading.dispatch(doorway.reader(), doorway.actor(), dispatch_id)
    did = "stopped" if row.stopped_at is not None else "asked"
    return {"id": str(row.id), "state": row.state.value, "did": did}


@api.get("/dispatches/<uuid:dispatch_id>/receipts/<sha256>")
@told("ไบต์ดิบของหลักฐาน", "ข้อความไปรษณีย์ตามที่ได้รับมาทุกไบต์")
@api.gives_bytes("message/rfc822")
def raw(dispatch_id: UUID, sha256: str) -> Response:
    """Give the raw message behind a proof about this dispatch."""
    digest = digest_in_address(sha256)
    reader, actor = doorway.reader(), doorway.actor()
    row = reading.dispatch(reader, actor, dispatch_id)
    if digest not in [line.raw for line in reading.timeline(reader, actor, dispatch_id)]:
        raise NotFound
    doorway.refresh_reader()
    data = viewing.open_evidence(doorway.services(), actor=actor, letter_id=LetterId(row.letter_id), raw=digest)
    return send_bytes(data, "message/rfc822", f"{sha256[:16]}.eml")


@api.get("/dispatches/<uuid:dispatch_id>/message")
@told("ซองที่ส่ง", "ข้อความไปรษณีย์ที่ส่งออกทุกไบต์ ส่งซ้ำกี่ครั้งก็เป็นไบต์เดิม")
@api.gives_bytes("message/rfc822")
def message(dispatch_id: UUID) -> Response:
    """Give the message of a dispatch as it was sent."""
    data = viewing.open_sent_message(doorway.services(), actor=doorway.actor(), dispatch_id=DispatchId(dispatch_id))
    return send_bytes(data, "message/rfc822", f"{dispatch_id}.eml")


@api.get("/dispatches/<uuid:dispatch_id>/manifest")
@told("บัญชีแนบซอง", "manifest.json ตามไบต์ที่ลงตราประทับ")
@api.gives_bytes("application/json")
def manifest(dispatch_id: UUID) -> Response:
    """Give the manifest of a dispatch."""
    data = viewing.open_sent_manifest(doorway.services(), actor=doorway.actor(), dispatch_id=DispatchId(dispatch_id))
    return send_bytes(data, "application/json", "manifest.json")
