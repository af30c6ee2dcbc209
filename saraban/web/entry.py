"""One line of a register on a page of its own: what it says, what it said before, its scans, and what happened to its
number."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from saraban.domain.attachment import Attachment
from saraban.domain.classification import Secrecy, Urgency
from saraban.domain.register import caption
from saraban.doorway import actor, reader, services
from saraban.exchange.event_words import event_word
from saraban.reading.entry_page import CorrectionRow, EntryPage, LedgerRow, entry_page
from saraban.usecases.recording import LARGEST_SCAN
from saraban.usecases.viewing import scan_pages
from saraban.web.filters import letter_number, thai_date, thai_datetime, thai_digits
from saraban.web.forms.amending import PracticeForm, VoidForm
from saraban.web.late_stamps import stamps_of
from saraban.web.registers import bp

__all__ = ["bp", "page_of"]
MOST_PAGES_SHOWN = 100
_NOTHING = "(ว่าง)"
_SHOWN: dict[str, Callable[[str], str]] = {
    "number": letter_number,
    "letter_date": lambda text: thai_date(date.fromisoformat(text)),
    "received_at": lambda text: thai_datetime(datetime.fromisoformat(text)),
    "urgency": lambda text: Urgency(text).thai or "ปกติ",
    "secrecy": lambda text: Secrecy(text).thai or "ไม่มี",
}


@dataclass(frozen=True)
class ShownPage:
    """A page of a scan as the viewer takes it."""

    src: str
    number: int


@dataclass(frozen=True)
class ShownCorrection:
    """A rectified column in words: what it said and what it says."""

    at: datetime
    by: str
    column: str
    old: str
    new: str
    reason: str
    authority: str


@dataclass(frozen=True)
class ShownFile:
    """A file of the line with its address."""

    name: str
    size: int
    href: str


@dataclass(frozen=True)
class ShownDeed:
    """What happened to the number, as the timeline takes it."""

    at: datetime
    who: str
    what: str
    detail: str


@bp.get("/entries/<uuid:entry_id>")
def entry(entry_id: UUID) -> ResponseReturnValue:
    """One line of a book, as a search finds it."""
    return page_of(entry_page(reader(), actor(), entry_id))


def page_of(
    line: EntryPage,
    *,
    void: VoidForm | None = None,
    practice: PracticeForm | None = None,
    scan_error: str = "",
) -> str:
    """The page of a line; with a form that was refused, its dialog stands open with what was typed."""
    pages = _pages(line) if line.files and not line.deeds.open_files else []
    fresh = PracticeForm(formdata=None, practice=line.practice, seen=line.seen)
    return render_template(
        "registers/entry.html",
        line=line,
        largest_scan=LARGEST_SCAN,
        pages=pages[:MOST_PAGES_SHOWN],
        files=[_file(line, one) for one in line.files],
        corrections=[_correction(one) for one in line.corrections],
        late_stamps=[] if line.masked else stamps_of(entry_id=line.id),
        history=[_deed(one) for one in line.history],
        why_not=_reasons(line),
        void=void or VoidForm(formdata=None),
        void_open=void is not None,
        practice=practice or fresh,
        practice_open=practice is not None,
        scan_error=scan_error,
    )


def _reasons(line: EntryPage) -> dict[str, list[str]]:
    """Why deeds cannot be done, each reason once, with the names of the deeds that it keeps from being done."""
    deeds = line.deeds
    named = [("ยกเลิกเลข", deeds.void), ("แก้ไขรายการ", deeds.rectify), ("บันทึกการปฏิบัติ", deeds.practice)]
    if line.state.value == "reserved":
        named = [("คืนเลข", deeds.void), ("ผูกเลข", deeds.bind)]
    found: dict[str, list[str]] = {}
    for name, reason in named:
        if reason:
            found.setdefault(reason, []).append(name)
    return found


def _pages(line: EntryPage) -> list[ShownPage]:
    shown: list[ShownPage] = []
    for file in line.files:
        for number in range(1, scan_pages(services(), file) + 1):
            src = url_for("amending.page", entry_id=line.id, sha256=file.sha256.hex, number=number)
            shown.append(ShownPage(src, len(shown) + 1))
    return shown


def _file(line: EntryPage, file: Attachment) -> ShownFile:
    href = url_for("amending.file", entry_id=line.id, sha256=file.sha256.hex) if not line.deeds.open_files else ""
    return ShownFile(file.name, file.size, href)


def _correction(one: CorrectionRow) -> ShownCorrection:
    return ShownCorrection(
        one.at,
        one.by,
        caption(one.field),
        _words(one.field, one.old),
        _words(one.field, one.new),
        one.reason,
        one.authority,
    )


def _words(field: str, text: str) -> str:
    """What a column said, as it is read."""
    if not text:
        return _NOTHING
    return _SHOWN[field](text) if field in _SHOWN else text


def _deed(row: LedgerRow) -> ShownDeed:
    values = row.values
    told = [str(values[name]) for name in ("reason", "practice", "file_name") if values.get(name)]
    if row.name == "number.rectified":
        columns = dict.fromkeys(change.partition(":")[0] for change in values.get("changes", ()))
        told += [caption(column) for column in columns]
    if values.get("authority"):
        told.append(f"ผู้สั่ง: {values['authority']}")
    detail = " · ".join(thai_digits(part) if part != values.get("file_name") else part for part in told)
    who = f"{row.person} ({row.title})" if row.title else row.person
    return ShownDeed(row.at, who, event_word(row.name), f"{detail} · {row.line.hex[:8]}".strip(" ·"))
