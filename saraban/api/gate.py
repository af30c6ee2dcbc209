"""The gate of the API: every section is opened by a bearer token and takes well-formed JSON (or a file) only.

No cookie and no session: whoever holds the token speaks for its person (RFC 6750), so there is nothing that a foreign
page could make a browser send, and no CSRF token is asked for.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from flask import request
from flask_smorest import Blueprint
from werkzeug.exceptions import BadRequest, UnsupportedMediaType

from saraban import doorway
from saraban.api.problems import speak_of_problems
from saraban.domain.attachment import Digest
from saraban.domain.calendar import office_date
from saraban.domain.errors import BadInput, NotPermitted
from saraban.reading import people

ADDRESS = "/api/v1"
LARGEST_JSON = 1_000_000
_FILES = "multipart/form-data"


def section(name: str, description: str) -> Blueprint:
    """A new section of the API under /api/v1, behind the gate. `description` is Thai and stands in the document."""
    blueprint = Blueprint(f"api-{name}", __name__, url_prefix=ADDRESS, description=description)
    blueprint.before_request(_let_in_by_token)
    blueprint.before_request(_check_content)
    speak_of_problems(blueprint)
    return blueprint


def told(summary: str, description: str = "", **more: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Say in the document, in Thai, what an operation does."""
    mark: Callable[[Callable[..., Any]], Callable[..., Any]] = Blueprint.doc(
        summary=summary, description=description, **more
    )
    return mark


def _let_in_by_token() -> None:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    token = token.strip()
    if scheme.lower() != "bearer" or not token:
        raise NotPermitted("ส่งโทเคนมาในหัวคำขอ Authorization: Bearer …", code="not-signed-in")
    today = office_date(doorway.services().clock.now())
    person = people.actor_by_token(doorway.reader(), Digest.of(token.encode()), today)
    # The use case that follows may write for a second: hold no snapshot meanwhile.
    doorway.refresh_reader()
    if person is None:
        raise NotPermitted("โทเคนนี้ใช้ไม่ได้ อาจถูกเพิกถอน หรือเจ้าของไม่มีตำแหน่งในวันนี้", code="not-signed-in")
    doorway.let_in(person)


def _check_content() -> None:
    if request.method not in ("POST", "PATCH", "PUT"):
        return
    if request.mimetype == _FILES and request.endpoint in TAKES_FILES:
        return
    request.max_content_length = LARGEST_JSON
    data = request.get_data(cache=True)
    if request.endpoint in TAKES_FILES or (data and not request.is_json):
        raise UnsupportedMediaType
    if not data.strip():
        return
    try:
        value = json.loads(data)
    except (ValueError, RecursionError):
        raise BadRequest from None
    if not isinstance(value, dict):
        raise BadInput({"body": "เนื้อหาต้องเป็น JSON object"})


TAKES_FILES = {"api-letters.attach"}
