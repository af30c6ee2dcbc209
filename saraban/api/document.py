"""The OpenAPI 3.1 document: made from the operations themselves, and completed with what is true of all of them."""

from __future__ import annotations

from typing import Any

from flask import Flask, Response, current_app
from flask_smorest import Api

from saraban import __version__
from saraban.api.answers import ProblemShape
from saraban.api.fields import TextOrGroup
from saraban.api.gate import FOR_ANYBODY
from saraban.api.repeating import HEADER, REPLAYED
from saraban.doorway.acting import HEADER as ACTING_AS
from saraban.doorway.errors import MEDIA_TYPE

_DESCRIPTION = """ส่วนต่อประสานสำหรับโปรแกรม รุ่นที่ 1 ของสารบาญ ระบบสารบรรณอิเล็กทรอนิกส์

ทุกคำขอเว้นแต่การตรวจเอกสาร (`/verify`) ทะเบียนสาธารณะ (`/public-register`) การส่งเรื่อง (`/hand-in`) และติดตามเรื่อง (`/follow`)
ใช้โทเคนในหัวคำขอ `Authorization: Bearer <token>`
โทเคนออกด้วยคำสั่ง `flask people token USERNAME`
และทำการแทนบุคคลนั้นด้วยสิทธิของตำแหน่งในวันนั้น

ข้อผิดพลาดตอบเป็น `application/problem+json` (RFC 9457) มี `code` คงที่สำหรับโปรแกรม ข้อความไทยใน `title` และ `detail`
และ `errors` ตามช่อง

ทุก POST ที่ใช้โทเคนรับ `Idempotency-Key` คำขอซ้ำได้คำตอบแรก คีย์เดิมกับคำขออื่นตอบ 422 `idempotency-key-reused`
คำขอแรกยังไม่เสร็จตอบ 409 `still-running`
การส่งเรื่อง ทั้ง `/hand-in` และแบบฟอร์ม `/w/to/{agency}` เมื่อขอคำตอบเป็น JSON ต้องมี `key` หรือ `Idempotency-Key` ส่งซ้ำได้ใบรับเดิม

เวลาเป็น RFC 3339 พร้อมเขตเวลา วันที่เป็นคริสต์ศักราช ปีทะเบียนเป็นพุทธศักราช เลขที่หนังสือใช้เลขอารบิก
"""
_PROBLEMS = {
    "401": "ไม่ได้ส่งโทเคน หรือโทเคนใช้ไม่ได้",
    "403": "ไม่มีสิทธิ พร้อมเหตุผล",
    "404": "ไม่พบ หรือไม่ใช่ของส่วนราชการของผู้เรียก",
    "409": "มีผู้แก้ไขก่อนหน้านี้ (concurrent-edit) หรือคำขอเดียวกันยังไม่เสร็จ (still-running)",
    "413": "คำขอใหญ่เกินไป",
    "415": "ชนิดเนื้อหาไม่ถูกต้อง",
    "422": "ข้อมูลไม่ถูกต้อง หรือระเบียบหรือสถานะไม่อนุญาต",
    "429": "บ่อยเกินไป รอตาม Retry-After",
}
_EVERYWHERE = ("401", "403", "404", "422")
_WHEN_SENDING = ("409", "413", "415")
_EXAMPLES = {
    "401": ("not-signed-in", "ไม่มีสิทธิทำรายการนี้", "ส่งโทเคนมาในหัวคำขอ Authorization: Bearer …", {}),
    "403": ("not-permitted", "ไม่มีสิทธิทำรายการนี้", "ขณะนี้หนังสือรอเลขานุการกรม", {}),
    "404": ("not-found", "ไม่พบรายการ", "ไม่พบรายการที่ขอ หรือท่านไม่มีสิทธิเห็นรายการนี้", {}),
    "409": ("concurrent-edit", "มีผู้แก้ไขก่อนหน้านี้", "หนังสือนี้ถูกแก้ไขหลังจากท่านเปิดอ่าน", {}),
    "413": ("too-large", "คำขอใหญ่เกินไป", "คำขอหรือไฟล์แนบใหญ่เกินที่ระบบรับได้", {}),
    "415": ("unsupported-media-type", "ชนิดเนื้อหาไม่ถูกต้อง", "ส่งเนื้อหาเป็นชนิดที่เอกสาร OpenAPI กำหนด", {}),
    "422": ("bad-input", "ข้อมูลไม่ถูกต้อง", "ข้อมูลยังไม่ครบหรือไม่ถูกต้อง", {"subject": "ใส่เรื่องก่อนเสนอ"}),
    "429": ("too-many-requests", "ทำรายการบ่อยเกินไป", "ลองรหัสที่ไม่มีบ่อยเกินไป รอ 10 นาทีแล้วลองอีกครั้ง", {}),
}


class Document(Api):  # type: ignore[misc]
    """The API of one application. Errors are answered by its sections themselves (`problems.py`)."""

    ERROR_SCHEMA = ProblemShape

    def __init__(self, app: Flask) -> None:
        app.config.setdefault("OPENAPI_URL_PREFIX", "/api/v1")
        app.config.setdefault("OPENAPI_JSON_PATH", "openapi.json")
        self._made: dict[str, Any] | None = None
        super().__init__(
            app,
            spec_kwargs={
                "title": "สารบาญ: ส่วนต่อประสานสำหรับโปรแกรม",
                "version": __version__,
                "openapi_version": "3.1.0",
                "info": {"description": _DESCRIPTION, "license": {"name": "AGPL-3.0-or-later"}},
                "servers": [{"url": "/"}],
            },
        )
        self.register_field(TextOrGroup, None, None)
        self.spec.components.security_scheme(
            "token", {"type": "http", "scheme": "bearer", "description": "โทเคนของบุคคล ออกด้วย flask people token"}
        )
        self.spec.components.schema("Problem", schema=ProblemShape)

    def document(self) -> dict[str, Any]:
        """The whole document, made once."""
        if self._made is None:
            self._made = _completed(self.spec.to_dict(), current_app)
        return self._made

    def _register_error_handlers(self) -> None:
        """Leave the application's handlers alone: the screens have their own."""

    def _register_responses(self) -> None:
        """Leave out the library's own error answers: `_completed` names ours."""

    def _openapi_json(self) -> Response:
        return Response(current_app.json.dumps(self.document()), mimetype="application/json")


def _completed(document: dict[str, Any], app: Flask) -> dict[str, Any]:
    document["security"] = [{"token": []}]
    names = {
        (method.lower(), _path(rule.rule)): rule.endpoint.removeprefix("api-")
        for rule in app.url_map.iter_rules()
        for method in rule.methods or ()
    }
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            if method not in ("get", "post", "patch", "delete"):
                continue
            operation["operationId"] = names[method, path].replace(".", "_")
            if f"api-{names[method, path]}".partition(".")[0] in FOR_ANYBODY:
                operation["security"] = []
            if not operation.get("description"):
                operation.pop("description", None)
            _name_problems(operation, method)
            if operation.get("security") != []:
                operation.setdefault("parameters", []).append(_ACTING)
            if method == "post" and operation.get("security") != []:
                _name_key(operation)
    return document


def _path(rule: str) -> str:
    parts = [f"{{{p[1:-1].split(':')[-1]}}}" if p.startswith("<") else p for p in rule.split("/")]
    return "/".join(parts)


_ACTING = {
    "name": ACTING_AS,
    "in": "header",
    "required": False,
    "description": "ตำแหน่งหรือคำสั่งที่ใช้ทำรายการนี้ เป็น key จาก /capacities ไม่ส่งคือตำแหน่งของตนเอง",
    "schema": {"type": "string", "maxLength": 200},
}


def _name_problems(operation: dict[str, Any], method: str) -> None:
    everywhere: tuple[str, ...] = _EVERYWHERE
    if operation.get("security") == []:
        everywhere = ("404", "429", *(status for status in ("422",) if status in operation["responses"]))
    for status in (*everywhere, *(_WHEN_SENDING if method in ("post", "patch") else ())):
        code, title, detail, errors = _EXAMPLES[status]
        example = {
            "type": f"urn:saraban:problem:{code}",
            "title": title,
            "status": int(status),
            "detail": detail,
            "code": code,
            "errors": errors,
        }
        content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}, "example": example}}
        operation["responses"][status] = {"description": _PROBLEMS[status], "content": content}
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    operation["responses"]["default"] = {"description": "ข้อผิดพลาดอื่น", "content": content}


def _name_key(operation: dict[str, Any]) -> None:
    key = {
        "name": HEADER,
        "in": "header",
        "required": False,
        "description": "คีย์ของคำขอนี้ คำขอซ้ำด้วยคีย์เดิมได้คำตอบแรก เก็บไว้ 7 วัน",
        "schema": {"type": "string", "maxLength": 200},
        "example": "0b2f9d0e-5f8a-4c39-9a4e-7d5a3a1d9f10",
    }
    operation.setdefault("parameters", []).append(key)
    for status, answer in operation["responses"].items():
        if status.startswith("2"):
            answer.setdefault("headers", {})[REPLAYED] = {
                "description": "true เมื่อเป็นคำตอบเดิมของคำขอซ้ำ",
                "schema": {"type": "string", "enum": ["true"]},
            }
