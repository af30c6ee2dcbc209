"""Scans on their way to a letter: dropped, chosen, photographed, or taken from the tray of the scanner.

Their bytes are kept before the letter is entered; the form carries a signed token for each (`own_tokens`), so that
nothing is sent twice and nobody sees or attaches what somebody else has kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO, cast

from flask import Blueprint, Response, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from itsdangerous import BadSignature

from saraban.domain.attachment import Attachment, Digest, Role
from saraban.domain.errors import BadInput, NotFound, SarabanError
from saraban.domain.register import BookKind
from saraban.doorway import actor, reader, services
from saraban.doorway.errors import problem_of
from saraban.reading import entering as rows
from saraban.usecases import recording, scanning
from saraban.web.filters import thai_digits
from saraban.web.own_tokens import OwnTokens

bp = Blueprint("entering", __name__, url_prefix="/entering")

MOST_FILES = 20


@dataclass(frozen=True)
class KeptFile:
    """A scan that waits for its letter: the token that the form carries, and whether a small picture can be shown."""

    token: str
    name: str
    size: int
    sha256: Digest
    tray: str = ""


def desk(book: str) -> rows.Desk:
    """The book of the address, and of the unit in the query or the form. NotFound for a book that does not exist."""
    try:
        kind = BookKind(book)
    except ValueError:
        raise NotFound("ไม่มีทะเบียนเล่มนี้") from None
    unit = request.values.get("unit")
    return rows.desk(reader(), actor(), kind=kind, unit_code=unit, now=services().clock.now())


@bp.post("/<book>/files")
def files(book: str) -> ResponseReturnValue:
    """Keep files that were dropped, chosen or photographed; answers their tokens as JSON, or why one was refused."""
    desk(book)
    return _told(lambda: list(new_files()))


@bp.get("/<book>/tray")
def tray(book: str) -> ResponseReturnValue:
    """What the scanner has left, as a piece of the page."""
    here = desk(book)
    scans = scanning.tray(services(), actor=actor(), agency_code=here.agency_code)
    return render_template("entering/tray.html", desk=here, scans=scans)


@bp.post("/<book>/tray")
def take(book: str) -> ResponseReturnValue:
    """Take a scan from the tray to the letter; answers its token as JSON."""
    here = desk(book)
    name = request.form.get("name", "")

    def work() -> list[KeptFile]:
        scan = scanning.take_scan(
            services(), actor=actor(), agency_code=here.agency_code, name=name, keep=recording.keep_scan
        )
        return [_kept(scan, tray=name)]

    return _told(work)


@bp.get("/<book>/tray/picture")
def tray_picture(book: str) -> ResponseReturnValue:
    """A small picture of a scan of the tray."""
    here = desk(book)
    name = request.args.get("name", "")
    return _picture(*scanning.preview(services(), actor=actor(), agency_code=here.agency_code, name=name))


@bp.get("/<book>/kept/picture")
def kept_picture(book: str) -> ResponseReturnValue:
    """A small picture of a scan that waits for its letter."""
    desk(book)
    file = _opened(request.args.get("token", ""))
    return _picture(*scanning.kept_picture(services(), file.sha256))


def kept_files() -> Iterator[KeptFile]:
    """The scans whose tokens the form carries. Raises BadInput behind those that are good when any is not."""
    bad = 0
    for token in request.form.getlist("kept"):
        try:
            yield _opened(token)
        except BadInput:
            bad += 1
    if bad:
        raise BadInput({"file": thai_digits(f"ไฟล์ที่แนบไว้ {bad} ไฟล์ใช้ไม่ได้แล้ว เลือกไฟล์อีกครั้ง")})


def new_files() -> Iterator[KeptFile]:
    """Keep, one by one, the files that came with the form itself, as they do where there is no script. Raises BadInput
    by name for one that is refused, for more than a letter takes, and for one that was chosen but has not arrived."""
    if awaited := request.form.getlist("awaited"):
        raise BadInput({"file": f"{awaited[0]}: ยังส่งไม่ครบ เลือกไฟล์นี้อีกครั้ง"})
    sent = [file for file in request.files.getlist("file") if file.filename]
    if len(sent) + len(request.form.getlist("kept")) > MOST_FILES:
        raise BadInput({"file": f"แนบได้ฉบับละไม่เกิน {thai_digits(MOST_FILES)} ไฟล์"})
    for file in sent:
        try:
            scan = recording.keep_scan(services(), stream=cast(BinaryIO, file.stream), name=file.filename or "scan")
        except BadInput as error:
            reason = error.fields.get("file", error.thai)
            raise BadInput({"file": f"{file.filename}: {reason}"}) from error
        yield _kept(scan)


def _told(work: Callable[[], list[KeptFile]]) -> ResponseReturnValue:
    try:
        kept: list[KeptFile] = work()
    except SarabanError as error:
        problem = problem_of(error)
        return jsonify(detail=problem.errors.get("file", problem.detail)), problem.status
    return jsonify(files=[{"token": f.token, "name": f.name, "size": f.size} for f in kept])


def put_away(here: rows.Desk, files: list[KeptFile]) -> None:
    """The letter is entered: those of its scans that came from the tray leave it."""
    names = [file.tray for file in files if file.tray]
    if names:
        scanning.put_away(services(), actor=actor(), agency_code=here.agency_code, names=names)


def _kept(scan: Attachment, tray: str = "") -> KeptFile:
    token = OwnTokens("kept-scan").made(scan.name, scan.media_type, scan.size, scan.sha256.hex, tray)
    return KeptFile(token, scan.name, scan.size, scan.sha256, tray)


def _said(token: str) -> list[Any]:
    try:
        return OwnTokens("kept-scan").said(token)
    except BadSignature:
        raise BadInput({"file": "ไฟล์ที่แนบไว้ใช้ไม่ได้แล้ว เลือกไฟล์อีกครั้ง"}) from None


def _opened(token: str) -> KeptFile:
    name, _, size, digest, tray = _said(token)
    return KeptFile(token, name, size, Digest(digest), tray)


def attachment(file: KeptFile) -> Attachment:
    """The file as it will hang on the line."""
    name, media_type, size, digest, _ = _said(file.token)
    return Attachment(name, Role.LETTER, media_type, size, Digest(digest))


def _picture(data: bytes, media_type: str) -> Response:
    response = Response(data, mimetype=media_type)
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
