"""What leaves for the browser as a file: downloads, and pages of a letter as images."""

from __future__ import annotations

import re
import unicodedata
from io import BytesIO
from urllib.parse import quote

from flask import Response, request, send_file

from saraban.domain.attachment import Attachment, Digest
from saraban.domain.errors import NotFound
from saraban.domain.numbering import arabic_digits
from saraban.doorway import services
from saraban.usecases import viewing

PAGE_WIDTH = 1240
MOST_PAGES = 5_000
_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._-]{0,120}")
_LONGEST_SUBJECT = 60
_NOT_IN_NAMES = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f\u200b-\u200f\u2028-\u202e\u2066-\u2069]+')
_ENDING = re.compile(r"\.[A-Za-z0-9]{1,8}$")
_NUMBERS = re.compile(r"[0-9]+")
_MEDIA_TYPE = re.compile(r"[a-z0-9][a-z0-9.+-]{0,60}/[a-z0-9][a-z0-9.+-]{0,80}")


def download(data: bytes, name: str, media_type: str = "application/octet-stream", *, plain: str = "") -> Response:
    """A file to be saved, never to be shown by the browser: what others sent may be a web page. `plain` is what it is
    called where only ASCII can be written, without its ending; RFC 6266 lets both names stand side by side."""
    kind = media_type.lower()
    response = send_file(
        BytesIO(data),
        mimetype=kind if _MEDIA_TYPE.fullmatch(kind) else "application/octet-stream",
        etag=False,
        max_age=0,
    )
    response.headers["Content-Disposition"] = _disposition(name, plain)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-store"
    return response


def telling_name(number: str, subject: str, ending: str) -> str:
    """What a file of a letter is called when it is saved: its number and its subject in short, without signs
    that a disk does not take. "หนังสือ" where there is neither number nor subject."""
    short = " ".join(subject.split())
    if len(short) > _LONGEST_SUBJECT:
        cut = short[:_LONGEST_SUBJECT]
        # At a space when there is one near; Thai marks that would stand alone go with their letter.
        short = cut[: cut.rfind(" ")] if cut.rfind(" ") > _LONGEST_SUBJECT // 2 else _whole_letters(cut, short)
    parts = [part for part in (number.replace("\u00a0", " "), short) if part]
    name = _NOT_IN_NAMES.sub("-", " ".join(parts) or "หนังสือ").strip(" .-")
    return f"{name or 'หนังสือ'}{ending}"


def _whole_letters(cut: str, whole: str) -> str:
    """A text that was cut, without a last letter whose vowel or tone mark was cut off."""
    return cut[:-1] if unicodedata.category(whole[len(cut)]) == "Mn" else cut


def digest_of(text: str) -> Digest:
    """The digest in an address; NotFound for anything else."""
    try:
        return Digest(text)
    except ValueError:
        raise NotFound from None


def ascii_number(number: str) -> str:
    """A letter's number for a plain file name: "นร ๐๑๐๖/ว ๖๗" becomes "0106-67"."""
    return "-".join(_NUMBERS.findall(arabic_digits(number)))


def _disposition(name: str, plain: str) -> str:
    ending = found[0] if (found := _ENDING.search(name)) else ""
    fallback = name if _PLAIN.fullmatch(name) else (plain or "file") + ending
    full = "" if fallback == name else f"; filename*=UTF-8''{quote(name, safe='')}"
    return f'attachment; filename="{fallback}"{full}'


def page_image(file: Attachment, page: int) -> Response:
    """A page of a file (from `viewing.page_file`) as PNG; pages count from 1. Kept by the browser under the digest."""
    if not 1 <= page <= MOST_PAGES:
        raise NotFound
    tag = f"{file.sha256.hex[:40]}-{page}-{PAGE_WIDTH}"
    if request.if_none_match.contains(tag):
        response = Response(status=304)
    else:
        png = viewing.page_image(services(), file, page=page - 1, width=PAGE_WIDTH)
        response = Response(png, mimetype="image/png")
    response.set_etag(tag)
    # The permission is asked again each time; the bytes travel once.
    response.headers["Cache-Control"] = "private, no-cache"
    return response
