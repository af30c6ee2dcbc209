"""A copy of a foreign file that an archive can read for ever, beside the file itself: pages of PDFs as pictures in a
PDF/A, words and tables of documents and workbooks set anew (`reading_copies.py`).

Nothing that is kept here turns the fonts, forms and layers of any PDF into what ISO 19005 asks of them, so no copy
pretends to be the file: it shows what the file shows when it is printed, or what it says. The rest stays in the file.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import pikepdf
from pikepdf import Dictionary, Name, Stream

from saraban.rendering.foreign_archive import AT_ONCE, DPI, HEAD
from saraban.rendering.pdfa import to_pdfa
from saraban.rendering.quarantine import Quarantine, TaskFailed
from saraban.rendering.reading_copies import ReadingCopy, print_reading_copy
from saraban.usecases.pages import ArchiveCopy

MOST_PAGES = 400
PICTURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"II*\x00", b"MM\x00*")
READERS = ("saraban.rendering.foreign_reading",)
_NO_WAY = "ไม่มีเครื่องมือที่แปลงไฟล์ชนิดนี้ได้ตรงตามต้นฉบับ"
_REASONS = {
    "encrypted": "ไฟล์ตั้งรหัสผ่านไว้",
    "limits": "ไฟล์ใหญ่เกินกว่าจะแปลงได้",
    "too-many-pages": "มีหน้ามากเกินกว่าจะแปลงได้",
    "bomb": "แฟ้มหรือภาพใหญ่เกินกว่าจะแปลงได้",
    "nothing-to-read": "ไม่มีข้อความในแฟ้ม",
    "no-way": _NO_WAY,
}
_DAMAGED = "ไฟล์เสียหรือเปิดไม่ได้"


@dataclass(frozen=True)
class Copier:
    """Makes copies: `drawing` has the tasks that draw pages, `reading` those that read documents and workbooks."""

    drawing: Quarantine
    reading: Quarantine
    family: str


def archive_copy(copier: Copier, data: bytes, *, title: str, author: str, at: datetime) -> ArchiveCopy:
    """What the file says of itself when it is PDF/A; else its pages as pictures or its words and tables in a PDF/A, or
    why there is none."""
    quarantine = copier.drawing
    try:
        if data.startswith(b"%PDF-"):
            if said := quarantine.run("pdfa_status", data).decode("ascii"):
                return ArchiveCopy(said=said)
            pages = _pages_as_pictures(quarantine, data)
        elif data.startswith(PICTURES):
            pages = quarantine.run("picture_pdf", data)
        else:
            found = json.loads(copier.reading.run("reading_parts", data))
            copy = ReadingCopy(title, author, found["parts"], found["cut"], data, at)
            return ArchiveCopy(pdf=print_reading_copy(copier.family, copy))
    except TaskFailed as failed:
        return ArchiveCopy(why=_REASONS.get(failed.word, _DAMAGED))
    return ArchiveCopy(pdf=to_pdfa(pages, title=title, author=author, at=at))


def _pages_as_pictures(quarantine: Quarantine, data: bytes) -> bytes:
    out = io.BytesIO()
    with pikepdf.new() as document:
        for first in range(0, MOST_PAGES + 1, AT_ONCE):
            pictures = list(_parted(quarantine.run("archive_pages", data, first=first)))
            for width, height, grey, octets in pictures:
                if len(document.pages) == MOST_PAGES:
                    raise TaskFailed("too-many-pages")
                _add_page(document, width, height, grey, octets)
            if len(pictures) < AT_ONCE:
                break
        if not document.pages:
            raise TaskFailed("damaged")
        document.save(out, deterministic_id=True)
    return out.getvalue()


def _parted(answer: bytes) -> Iterator[tuple[int, int, bool, bytes]]:
    place = 0
    while place < len(answer):
        width, height, grey, octets = HEAD.unpack_from(answer, place)
        place += HEAD.size
        yield width, height, bool(grey), answer[place : place + octets]
        place += octets


def _add_page(document: pikepdf.Pdf, width: int, height: int, grey: bool, octets: bytes) -> None:
    picture = Stream(document, octets)
    picture.Type, picture.Subtype, picture.Filter = Name.XObject, Name.Image, Name.DCTDecode
    picture.Width, picture.Height, picture.BitsPerComponent = width, height, 8
    picture.ColorSpace = Name.DeviceGray if grey else Name.DeviceRGB
    wide, high = width * 72 / DPI, height * 72 / DPI
    page = document.add_blank_page(page_size=(wide, high))
    page.obj.Resources = Dictionary(XObject=Dictionary(Seen=document.make_indirect(picture)))
    page.obj.Contents = document.make_indirect(
        Stream(document, f"q {wide:.3f} 0 0 {high:.3f} 0 0 cm /Seen Do Q".encode())
    )
