"""The legal books. Lines are written by registering and signing; paper letters and voiding come later."""

from __future__ import annotations

from saraban import doorway
from saraban.api import answers_received as answers
from saraban.api import forms, showing
from saraban.api.gate import section, told
from saraban.api.repeating import Json
from saraban.domain.calendar import RegisterYear
from saraban.domain.errors import NotFound, RuleBroken
from saraban.domain.register import BookKind
from saraban.reading import registers as reading

api = section("registers", "ทะเบียนหนังสือรับและทะเบียนหนังสือส่ง (แบบที่ ๑๓ และ ๑๔)")
_LATER = "not-available-yet"


@api.get("/registers/<book>/entries")
@told("รายการในทะเบียน", "เรียงจากเลขล่าสุด number คือเลขทะเบียน letter_number คือเลขที่หนังสือ")
@api.takes(forms.EntriesQuery, location="query")
@api.gives(200, answers.page_of(answers.EntryLine))
def entries(query: Json, book: str) -> Json:
    """List the lines of a book of the caller's agency."""
    try:
        kind = BookKind(book)
    except ValueError:
        raise NotFound(f"ไม่มีทะเบียน “{book}” ใช้ receiving หรือ sending") from None
    year: int = query.get("year") or RegisterYear.containing(doorway.services().clock.now()).buddhist
    found = reading.entries(
        doorway.reader(),
        doorway.actor(),
        kind=kind,
        year=year,
        unit_code=query.get("unit"),
        q=query["q"],
        cursor=query.get("cursor"),
        limit=query["limit"],
    )
    return showing.page(found, lambda row: showing.entry_line(row, year))


@api.post("/registers/<book>/entries")
@told("ลงทะเบียนหนังสือกระดาษ", "ยังไม่เปิดใช้ในรุ่นนี้ ตอบ 422 not-available-yet")
@api.takes(forms.EntryForm, required=False)
@api.gives(201, answers.RegisteredEntry)
def enter(_sent: Json, book: str) -> Json:
    """Enter a paper letter; not in this release."""
    raise RuleBroken("การลงทะเบียนหนังสือกระดาษจะเปิดใช้ในรุ่นถัดไป", code=_LATER)


@api.post("/registers/<book>/entries/<int:number>/void")
@told("ยกเลิกเลขทะเบียน", "ยังไม่เปิดใช้ในรุ่นนี้ ตอบ 422 not-available-yet")
@api.takes(forms.VoidForm, required=False)
@api.gives(200, answers.RegisteredEntry)
def void(_sent: Json, book: str, number: int) -> Json:
    """Strike a number; not in this release."""
    raise RuleBroken("การยกเลิกเลขทะเบียนจะเปิดใช้ในรุ่นถัดไป", code=_LATER)
