"""One table: error family to HTTP status and Thai title. Every door answers from it."""

from __future__ import annotations

from dataclasses import dataclass, field

from flask import Response, current_app

from saraban.domain.errors import (
    BadInput,
    ConcurrentEdit,
    NotFound,
    NotPermitted,
    PossibleDuplicate,
    RuleBroken,
    SarabanError,
    TooMuch,
    WrongPassphrase,
)

MEDIA_TYPE = "application/problem+json"
FAMILIES: tuple[tuple[type[SarabanError], int, str], ...] = (
    (NotFound, 404, "ไม่พบรายการ"),
    (NotPermitted, 403, "ไม่มีสิทธิทำรายการนี้"),
    (ConcurrentEdit, 409, "มีผู้แก้ไขก่อนหน้านี้"),
    (PossibleDuplicate, 409, "อาจลงทะเบียนซ้ำ"),
    (BadInput, 422, "ข้อมูลไม่ถูกต้อง"),
    (WrongPassphrase, 422, "รหัสผ่านกุญแจไม่ถูกต้อง"),
    (RuleBroken, 422, "ทำรายการนี้ไม่ได้"),
    (TooMuch, 429, "ทำรายการบ่อยเกินไป"),
    (SarabanError, 500, "ทำรายการไม่สำเร็จ"),
)


@dataclass(frozen=True)
class Problem:
    """An error as a door tells it (RFC 9457): HTTP status, stable code, Thai title and detail, words by field;
    in so many `seconds` it may be tried again, 0 where that is not known."""

    status: int
    code: str
    title: str
    detail: str
    errors: dict[str, str] = field(default_factory=dict)
    seconds: int = 0


def as_response(problem: Problem) -> Response:
    """The answer to a program for a problem."""
    document = {
        "type": f"urn:saraban:problem:{problem.code}",
        "title": problem.title,
        "status": problem.status,
        "detail": problem.detail,
        "code": problem.code,
        "errors": problem.errors,
    }
    answer = Response(current_app.json.dumps(document), status=problem.status, content_type=MEDIA_TYPE)
    if problem.seconds:
        answer.headers["Retry-After"] = str(problem.seconds)
    return answer


def problem_of(error: SarabanError) -> Problem:
    """What to answer for an error."""
    for family, status, title in FAMILIES:
        if isinstance(error, family):
            if error.code == "not-signed-in":
                status, title = 401, "เข้าสู่ระบบก่อน"
            fields = error.fields if isinstance(error, BadInput) else {}
            seconds = error.seconds if isinstance(error, TooMuch) else 0
            return Problem(status, error.code, title, error.thai, dict(fields), seconds)
    raise AssertionError("the table ends with the root family")
