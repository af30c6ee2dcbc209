"""The gate of the API: every section is opened by a bearer token and takes well-formed JSON (or a file) only.

No cookie and no session: whoever holds the token speaks for its person (RFC 6750), so there is nothing that a foreign
page could make a browser send, and no CSRF token is asked for.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, ClassVar, TypeVar, cast

from flask import Request, request
from flask_smorest import Blueprint
from marshmallow import Schema
from webargs.flaskparser import FlaskParser
from webargs.multidictproxy import MultiDictProxy
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import BadRequest, UnsupportedMediaType

from saraban import doorway
from saraban.api.problems import speak_of_problems
from saraban.domain.attachment import Digest
from saraban.domain.calendar import office_date
from saraban.domain.errors import BadInput, NotPermitted
from saraban.domain.permissions import may_administer, require
from saraban.doorway.acting import HEADER, let_in_as
from saraban.reading import acting
from saraban.usecases.moving_in import LARGEST_SENDING

ADDRESS = "/api/v1"
LARGEST_JSON = 1_000_000
UPLOAD = "upload"
_FILES = "multipart/form-data"
_PLACES = {**FlaskParser.__location_map__, UPLOAD: "load_upload"}


class _Parser(FlaskParser):
    """Reads arguments; the fields and files of an upload are one form."""

    def load_upload(self, request: Request, schema: Any) -> MultiDictProxy:
        """The parts of a multipart body."""
        parts: MultiDict[str, Any] = MultiDict(request.form)
        for name, file in request.files.items(multi=True):
            parts.add(name, file)
        return MultiDictProxy(parts, schema)

    __location_map__ = _PLACES


View = Callable[..., Any]
ViewT = TypeVar("ViewT", bound=View)


class Section(Blueprint):  # type: ignore[misc]
    """A section of the API: operations that belong together. The decorators are the library's, with types."""

    ARGUMENTS_PARSER = _Parser()
    DEFAULT_LOCATION_CONTENT_TYPE_MAPPING: ClassVar[dict[str, str]] = {
        **Blueprint.DEFAULT_LOCATION_CONTENT_TYPE_MAPPING,
        UPLOAD: _FILES,
    }

    def get(self, rule: str) -> Callable[[ViewT], ViewT]:
        """Serve GET at this address."""
        return cast("Callable[[ViewT], ViewT]", self.route(rule, methods=["GET"]))

    def post(self, rule: str) -> Callable[[ViewT], ViewT]:
        """Serve POST at this address."""
        return cast("Callable[[ViewT], ViewT]", self.route(rule, methods=["POST"]))

    def patch(self, rule: str) -> Callable[[ViewT], ViewT]:
        """Serve PATCH at this address."""
        return cast("Callable[[ViewT], ViewT]", self.route(rule, methods=["PATCH"]))

    def delete(self, rule: str) -> Callable[[ViewT], ViewT]:
        """Serve DELETE at this address."""
        return cast("Callable[[ViewT], ViewT]", self.route(rule, methods=["DELETE"]))

    def takes(
        self, form: type[Schema], *, location: str = "json", required: bool = True, example: Any = None
    ) -> Callable[[View], View]:
        """Read what is sent by this form and hand it to the operation first."""
        mark = self.arguments(form, location=location, required=required, example=example)
        return cast("Callable[[View], View]", mark)

    def gives(self, status: int, shape: type[Schema] | None = None) -> Callable[[View], View]:
        """Answer with this status in this shape."""
        return cast("Callable[[View], View]", self.response(status, shape))

    def gives_bytes(self, media_type: str) -> Callable[[View], View]:
        """Answer with bytes."""
        binary = {"type": "string", "format": "binary"}
        return cast("Callable[[View], View]", self.response(200, binary, content_type=media_type))


def section(name: str, description: str, *, for_anybody: bool = False) -> Section:
    """A new section of the API under /api/v1, behind the gate. `description` is Thai and stands in the document. One
    `for_anybody` asks for no token (the document says so for the sections of FOR_ANYBODY)."""
    blueprint = Section(f"api-{name}", __name__, url_prefix=ADDRESS, description=description)
    if not for_anybody:
        blueprint.before_request(_let_in_by_token)
    blueprint.before_request(_check_content)
    speak_of_problems(blueprint)
    return blueprint


def told(summary: str, description: str = "") -> Callable[[View], View]:
    """Say in the document, in Thai, what an operation does."""
    return cast("Callable[[View], View]", Blueprint.doc(summary=summary, description=description))


def _let_in_by_token() -> None:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    token = token.strip()
    if scheme.lower() != "bearer" or not token:
        raise NotPermitted("ส่งโทเคนมาในหัวคำขอ Authorization: Bearer …", code="not-signed-in")
    today = office_date(doorway.services().clock.now())
    capacities = acting.of_token(doorway.reader(), Digest.of(token.encode()), today)
    # The use case that follows may write for a second: hold no snapshot meanwhile.
    doorway.refresh_reader()
    if not capacities:
        raise NotPermitted("โทเคนนี้ใช้ไม่ได้ อาจถูกเพิกถอน หรือเจ้าของไม่มีตำแหน่งในวันนี้", code="not-signed-in")
    if not let_in_as(capacities, request.headers.get(HEADER, "").strip()):
        raise NotPermitted(f"ไม่มีคำสั่งหรือตำแหน่งตามหัวคำขอ {HEADER} ที่มีผลในวันนี้ ดูที่ /capacities", code="capacity-gone")


def _check_content() -> None:
    if request.method not in ("POST", "PATCH", "PUT"):
        return
    if request.mimetype == _FILES and request.endpoint in TAKES_FILES:
        if request.endpoint in TAKES_MUCH:
            require(may_administer(doorway.actor()))  # before so much is read
            request.max_content_length = TAKES_MUCH[request.endpoint]
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


TAKES_FILES = {
    "api-letters.attach",
    "api-letters.bring_photo",
    "api-letters.word_text",
    "api-issued-runs.preview",
    "api-issued-runs.begin",
    "api-following.handed_in",
    "api-meetings.put",
    "api-moving-in.send",
    "api-petitions.answer_by_file",
    "api-signatures.bring_picture",
}
TAKES_MUCH = {"api-moving-in.send": LARGEST_SENDING}
"""Octets of requests that are larger than others and come from administrators alone."""
FOR_ANYBODY = {"api-verifying", "api-following", "api-public-register"}
