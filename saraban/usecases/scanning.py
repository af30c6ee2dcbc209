"""The tray of the scanner: what lies in the agency's scan folder is taken to a letter and put away."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import BinaryIO, Protocol

from saraban.domain.actor import Actor
from saraban.domain.attachment import Attachment, Digest
from saraban.domain.classification import Secrecy
from saraban.domain.errors import BadInput, NotFound, RuleBroken
from saraban.domain.permissions import may_enter, require
from saraban.domain.register import BookKind
from saraban.usecases.papers import Scan
from saraban.usecases.ports import Services

PUT_AWAY_FOR = timedelta(days=30)
"""So long what was taken from the tray lies beside it, for who entered the wrong one; and what could not be read. It is
far less than any letter is kept: no copy outlasts its letter."""
_LATE = timedelta(seconds=60)
_PREVIEW_WIDTH = 160
_LARGEST_PREVIEW = 20_000_000
_PICTURES = ((b"\xff\xd8\xff", "image/jpeg"), (b"\x89PNG\r\n\x1a\n", "image/png"))


class Keep(Protocol):
    """Keeps the bytes of a scan and says what it is; raises BadInput({"file": …}) for what is no page."""

    def __call__(self, office: Services, *, stream: BinaryIO, name: str) -> Attachment: ...


def tray(office: Services, *, actor: Actor, agency_code: str) -> Sequence[Scan]:
    """What the scanner has left for the actor's agency (whose code it is), the newest first."""
    _require(actor)
    return office.scans.waiting(agency_code, office.clock.now())


def take_scan(office: Services, *, actor: Actor, agency_code: str, name: str, keep: Keep) -> Attachment:
    """Keep a scan of the tray for a letter to come; it stays in the tray until `put_away`. One that is no page, or is
    spoiled, is set aside with the reason: BadInput."""
    _require(actor)
    scan = _find(office, agency_code, name)
    if not scan.whole:
        raise RuleBroken("เครื่องสแกนยังเขียนไฟล์นี้ไม่เสร็จ รอสักครู่แล้วแนบอีกครั้ง", code="scan-not-whole")
    try:
        with office.scans.open(agency_code, name) as stream:
            return keep(office, stream=stream, name=name)
    except BadInput as error:
        if office.clock.now() - scan.at < _LATE:
            words = "ไฟล์นี้ยังอ่านไม่ได้ เครื่องสแกนอาจยังเขียนไม่เสร็จ รอ ๑ นาทีแล้วแนบอีกครั้ง"
            raise RuleBroken(words, code="scan-not-whole") from error
        office.scans.set_aside(agency_code, name, error.fields.get("file", error.thai))
        raise


def put_away(office: Services, *, actor: Actor, agency_code: str, names: Iterable[str]) -> None:
    """The letter is entered: its scans leave the tray."""
    _require(actor)
    for name in names:
        office.scans.put_away(agency_code, name)


def clear_trays(office: Services) -> int:
    """Take off the disk what left the trays so long ago."""
    return office.scans.clear(office.clock.now() - PUT_AWAY_FOR)


def preview(office: Services, *, actor: Actor, agency_code: str, name: str) -> tuple[bytes, str]:
    """A small picture of a scan of the tray, and its media type; NotFound where none can be drawn."""
    _require(actor)
    if not _find(office, agency_code, name).whole:
        raise NotFound
    with office.scans.open(agency_code, name) as stream:
        data = stream.read(_LARGEST_PREVIEW + 1)
    return _small_picture(office, data)


def kept_picture(office: Services, digest: Digest) -> tuple[bytes, str]:
    """The same of a scan that was kept for a letter to come."""
    return _small_picture(office, office.blobs.open(digest))


def _small_picture(office: Services, data: bytes) -> tuple[bytes, str]:
    """The first page of a PDF as PNG, or a picture as it is; NotFound for what browsers do not draw."""
    if len(data) > _LARGEST_PREVIEW:
        raise NotFound
    for beginning, media_type in _PICTURES:
        if data.startswith(beginning):
            return data, media_type
    if not data.startswith(b"%PDF-"):
        raise NotFound
    try:
        return office.renderer.thumbnail(data, page=0, width=_PREVIEW_WIDTH), "image/png"
    except RuleBroken:
        raise NotFound from None


def _find(office: Services, agency_code: str, name: str) -> Scan:
    for scan in office.scans.waiting(agency_code, office.clock.now()):
        if scan.name == name:
            return scan
    raise NotFound("ไม่พบไฟล์นี้ในโฟลเดอร์สแกน อาจมีผู้แนบไปแล้ว")


def _require(actor: Actor) -> None:
    require(may_enter(actor, BookKind.RECEIVING, None, Secrecy.OPEN))
