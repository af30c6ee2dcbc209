"""Pages for what went wrong: in Thai, with what to do next, and never with the insides of the program."""

from __future__ import annotations

import logging

from flask import Flask, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException, InternalServerError

from saraban.domain.errors import SarabanError
from saraban.doorway.errors import Problem, problem_of
from saraban.web.guards import API, signed_in

_log = logging.getLogger(__name__)

_PAGES = {
    400: ("คำขอไม่ถูกต้อง", "เปิดหน้านี้ใหม่แล้วทำรายการอีกครั้ง"),
    401: ("เข้าสู่ระบบก่อน", "หน้านี้เปิดได้เมื่อเข้าสู่ระบบแล้ว"),
    403: ("ไม่มีสิทธิทำรายการนี้", "ติดต่อเจ้าหน้าที่สารบรรณกลางหรือผู้ดูแลระบบของส่วนราชการ"),
    404: ("ไม่พบหน้าหรือรายการที่ขอ", "ที่อยู่อาจพิมพ์ผิด รายการอาจอยู่ของส่วนราชการอื่น หรือท่านไม่มีสิทธิเห็น"),
    405: ("เปิดที่อยู่นี้โดยตรงไม่ได้", "ที่อยู่นี้ใช้เมื่อกดปุ่มในหน้าเท่านั้น กลับไปที่โต๊ะงานแล้วเริ่มใหม่"),
    409: ("มีผู้แก้ไขก่อนหน้านี้", "เปิดฉบับล่าสุดแล้วทำรายการอีกครั้ง"),
    413: ("ไฟล์ใหญ่เกินที่รับได้", "ส่งได้รวมกันไม่เกิน ๓๒ MB ต่อครั้ง ย่อไฟล์หรือแบ่งส่งหลายครั้ง"),
    422: ("ข้อมูลไม่ถูกต้อง", "แก้ข้อมูลแล้วส่งอีกครั้ง"),
    429: ("ลองบ่อยเกินไป", "รอ ๑ นาทีแล้วลองอีกครั้ง หากลืมรหัสผ่าน ติดต่อผู้ดูแลระบบของส่วนราชการ"),
    500: ("ทำรายการไม่สำเร็จ", "ระบบบันทึกเหตุไว้แล้ว ลองอีกครั้งใน ๑ นาที หากยังไม่ได้ แจ้งผู้ดูแลระบบ"),
    503: ("ระบบไม่พร้อมใช้งานชั่วคราว", "ลองอีกครั้งใน ๑ นาที"),
}
_FORGED = ("แบบฟอร์มนี้หมดอายุ", "เปิดหน้านี้ใหม่แล้วทำรายการอีกครั้ง เพื่อให้แน่ใจว่าคำสั่งมาจากท่านเอง")


def install(app: Flask) -> None:
    """Answer every error of the screens with a page. Errors under the API's address are left to the API."""
    app.register_error_handler(SarabanError, _told)
    app.register_error_handler(HTTPException, _of_http)
    app.register_error_handler(Exception, _unexpected)


def page(problem: Problem, *, plain: bool = False) -> ResponseReturnValue:
    """The page of a problem with its status. `plain`: without the frame, which reads the database."""
    framed = not plain and signed_in()
    return render_template("errors/problem.html", problem=problem, framed=framed), problem.status


def _told(error: SarabanError) -> ResponseReturnValue:
    return page(problem_of(error))


def _of_http(error: HTTPException) -> ResponseReturnValue:
    if error.code is None or error.code < 400 or request.path.startswith(API):
        return error.get_response()
    if isinstance(error, CSRFError):
        title, detail = _FORGED
        return page(Problem(400, "forged", title, detail))
    status = error.code if error.code in _PAGES else (500 if error.code >= 500 else 400)
    title, detail = _PAGES[status]
    answer = page(Problem(error.code, "http", title, detail), plain=isinstance(error, InternalServerError))
    return answer


def _unexpected(error: Exception) -> ResponseReturnValue:
    _log.exception("unexpected error at %s %s", request.method, request.path, exc_info=error)
    status = 503 if isinstance(error, SQLAlchemyError) else 500
    title, detail = _PAGES[status]
    return page(Problem(status, "unexpected", title, detail), plain=True)
