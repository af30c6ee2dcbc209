"""Errors as programs read them: RFC 9457 problem documents with a stable `code` and Thai words, never a traceback."""

from __future__ import annotations

import logging
from typing import Any

from flask import Blueprint, Flask, Response, make_response, request
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from saraban.domain.errors import SarabanError
from saraban.doorway.errors import Problem, as_response, problem_of

PREFIX = "/api/"
_log = logging.getLogger(__name__)
_STANDARD = {
    400: Problem(400, "bad-request", "คำขอไม่ถูกต้อง", "อ่านคำขอไม่ได้ ตรวจรูปแบบของคำขอตามเอกสาร OpenAPI"),
    404: Problem(404, "not-found", "ไม่พบรายการ", "ไม่พบรายการที่ขอ หรือท่านไม่มีสิทธิเห็นรายการนี้"),
    405: Problem(405, "method-not-allowed", "ใช้วิธีเรียกนี้ไม่ได้", "ที่อยู่นี้ไม่รับวิธีเรียก (HTTP method) ที่ใช้ ดูเอกสาร OpenAPI"),
    406: Problem(406, "not-acceptable", "ตอบในรูปแบบที่ขอไม่ได้", "ส่วนต่อประสานนี้ตอบเป็น JSON"),
    413: Problem(413, "too-large", "คำขอใหญ่เกินไป", "คำขอหรือไฟล์แนบใหญ่เกินที่ระบบรับได้"),
    415: Problem(415, "unsupported-media-type", "ชนิดเนื้อหาไม่ถูกต้อง", "ส่งเนื้อหาเป็นชนิดที่เอกสาร OpenAPI กำหนด"),
    422: Problem(422, "bad-input", "ข้อมูลไม่ถูกต้อง", "ข้อมูลยังไม่ครบหรือไม่ถูกต้อง"),
    429: Problem(429, "too-many-requests", "ทำรายการบ่อยเกินไป", "ทำรายการบ่อยเกินไป รอสักครู่แล้วลองใหม่"),
}
_UNEXPECTED = Problem(500, "unexpected", "ระบบขัดข้อง", "เกิดข้อผิดพลาดที่ไม่คาดหมาย แจ้งผู้ดูแลระบบพร้อมเวลาที่เกิดเหตุ")


def answer_problem(problem: Problem) -> Response:
    """The HTTP answer for a problem."""
    answer = as_response(problem)
    if problem.status == 401:
        answer.headers["WWW-Authenticate"] = 'Bearer realm="saraban"'
    return answer


def speak_of_problems(blueprint: Blueprint) -> None:
    """Let everything that goes wrong in this blueprint be answered as a problem document."""
    blueprint.register_error_handler(SarabanError, _refused)
    # A handler for one status that another door has set for the whole application would come before one for all.
    for status in (400, 401, 403, 404, 405, 406, 408, 409, 411, 413, 414, 415, 422, 429, 431, 500, 503):
        blueprint.register_error_handler(status, _http)
    blueprint.register_error_handler(HTTPException, _http)
    blueprint.register_error_handler(Exception, _unexpected)


def speak_of_unknown_addresses(app: Flask) -> None:
    """Answer for addresses under /api/ that belong to no blueprint: 404 and 405 arise before one is found."""
    app.before_request(_unknown_address)


def errors_by_field(messages: Any, path: str = "") -> dict[str, str]:
    """The nested messages of marshmallow as one line for each field; parts of a list are named `references.0.date`."""
    if isinstance(messages, dict):
        found: dict[str, str] = {}
        for key, inner in messages.items():
            step = "" if key == "_schema" else str(key)
            found.update(errors_by_field(inner, ".".join(part for part in (path, step) if part)))
        return found
    words = messages if isinstance(messages, list) else [messages]
    return {path or "body": " ".join(str(word) for word in words)}


def _unknown_address() -> Response | None:
    error = request.routing_exception
    if not request.path.startswith(PREFIX) or error is None or isinstance(error, RequestRedirect):
        return None
    return _http(error)


def _refused(error: SarabanError) -> Response:
    return answer_problem(problem_of(error))


def _http(error: HTTPException) -> Response:
    code = error.code or 500
    if code < 400:
        return make_response(error.get_response())
    data: dict[str, Any] = getattr(error, "data", None) or {}
    known = _STANDARD.get(code)
    if known is None:
        known = _UNEXPECTED if code >= 500 else Problem(code, _STANDARD[400].code, _STANDARD[400].title, "")
    if "messages" in data:
        # webargs puts the place (json, query, form, files) around the fields.
        fields: dict[str, str] = {}
        for inner in data["messages"].values():
            fields.update(errors_by_field(inner))
        known = Problem(known.status, known.code, known.title, known.detail, fields)
    answer = answer_problem(known)
    for name, value in error.get_headers():
        if name in ("Allow", "Retry-After"):
            answer.headers[name] = value
    return answer


def _unexpected(error: Exception) -> Response:
    if isinstance(error, RecursionError):
        return answer_problem(_STANDARD[400])
    _log.error("unexpected error at %s %s", request.method, request.path, exc_info=error)
    return answer_problem(_UNEXPECTED)
