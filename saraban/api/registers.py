"""The legal books: their lines, and letters on paper that are entered into them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from saraban import doorway
from saraban.api import answers_received as answers
from saraban.api import forms, showing
from saraban.api.gate import section, told
from saraban.api.repeating import Json, once
from saraban.domain.calendar import RegisterYear
from saraban.domain.classification import Secrecy, Urgency
from saraban.domain.errors import BadInput, NotFound
from saraban.domain.register import BookKind, Matter, Origin
from saraban.reading import entering
from saraban.reading import registers as reading
from saraban.reading.register_filters import FIELDS, Filters
from saraban.usecases import recording
from saraban.usecases.ports import Services
from saraban.usecases.recording import Recorded

api = section("registers", "ทะเบียนหนังสือรับและทะเบียนหนังสือส่ง (แบบที่ ๑๓ และ ๑๔)")
_BY_COLUMN = {"letter_date": "date", "sender": "from", "addressee": "to"}


@api.get("/registers/<book>/entries")
@told(
    "รายการในทะเบียน",
    "เรียงจากเลขล่าสุด number คือเลขทะเบียน letter_number คือเลขที่หนังสือ กรองได้ทุกคอลัมน์ "
    "รายการชั้นความลับไม่ปรากฏในผลกรองของผู้ที่ไม่ได้รับอนุญาต หน้าที่มีรายการน้อยแต่ยังมี next คือยังค้นไม่หมด",
)
@api.takes(forms.EntriesQuery, location="query")
@api.gives(200, answers.page_of(answers.EntryLine))
def entries(query: Json, book: str) -> Json:
    """List the lines of a book of the caller's agency."""
    kind = _book(book)
    year: int = query.get("year") or RegisterYear.containing(doorway.services().clock.now()).buddhist
    found = reading.entries(
        doorway.reader(),
        doorway.actor(),
        kind=kind,
        year=year,
        unit_code=query.get("unit"),
        filters=Filters.read({name: query.get(name) or "" for name in FIELDS}),
        cursor=query.get("cursor"),
        limit=query["limit"],
    )
    return showing.page(found, lambda row: showing.entry_line(row, year))


@api.post("/registers/<book>/entries")
@told(
    "ลงทะเบียนหนังสือกระดาษ",
    "ออกเลขถัดไปของทะเบียน หนังสือที่ดูเหมือนลงทะเบียนแล้ว (เลขที่ ผู้ส่ง และปีเดียวกัน หรือเรื่องคล้ายกันในวันใกล้กัน) "
    "ตอบ 409 possible-duplicate ส่ง again เป็น true เมื่อเทียบแล้วว่าไม่ใช่ฉบับเดียวกัน "
    "หนังสือที่มีอยู่ก่อนใช้ระบบส่ง origin เป็น before และ serial เป็นเลขเดิม",
)
@api.takes(forms.KeeperQuery, location="query")
@api.takes(forms.EntryForm, example=forms.EXAMPLE_ENTRY)
@api.gives(201, answers.EnteredLetter)
def enter(query: Json, sent: Json, book: str) -> Any:
    """Enter a letter on paper under the book's next number."""
    kind, matter = _book(book), _matter(sent)
    before = _serial(sent)

    def work(office: Services) -> Json:
        made = _with_our_names(
            lambda: recording.record_letter(
                office,
                actor=doorway.actor(),
                kind=kind,
                matter=matter,
                unit_code=query["unit"],
                origin=Origin(sent["origin"]),
                serial=before,
                year=sent["year"],
                again=sent["again"],
            )
        )
        return _entered(made.id, made.number, made.year, made.letter_number, made.at)

    def again(entry_id: UUID) -> Json:
        line = entering.line(doorway.reader(), doorway.actor(), entry_id)
        return _entered(line.id, line.serial, line.year, line.number, line.at)

    answer, headers = once(work, again)
    return answer, headers


def _book(book: str) -> BookKind:
    try:
        return BookKind(book)
    except ValueError:
        known = ", ".join(kind.value for kind in BookKind)
        raise NotFound(f"ไม่มีทะเบียน “{book}” ใช้ {known}") from None


def _matter(sent: Json) -> Matter:
    return Matter(
        number=sent["number"],
        letter_date=sent["date"],
        sender=sent["sender"],
        addressee=sent["to"],
        subject=sent["subject"],
        practice=sent["practice"],
        note=sent["note"],
        urgency=Urgency(sent["urgency"]),
        secrecy=Secrecy(sent["secrecy"]),
        received_at=sent["received_at"],
    )


def _serial(sent: Json) -> int | None:
    before = Origin(sent["origin"]) is Origin.BEFORE
    if before and sent["serial"] is None:
        raise BadInput({"serial": "ส่งเลขทะเบียนเดิมของหนังสือที่มีอยู่ก่อนใช้ระบบ"})
    if not before and sent["serial"] is not None:
        raise BadInput({"serial": "เลขเดิมใช้กับหนังสือที่มีอยู่ก่อนใช้ระบบเท่านั้น (origin เป็น before)"})
    number: int | None = sent["serial"]
    return number


def _with_our_names(work: Callable[[], Recorded]) -> Recorded:
    """Do it; what is wrong is told under the names that the caller has sent."""
    try:
        return work()
    except BadInput as error:
        raise BadInput({_BY_COLUMN.get(name, name): text for name, text in error.fields.items()}, error.thai) from error


def _entered(entry_id: UUID, number: int, year: int, letter_number: str, at: datetime) -> Json:
    return {
        "id": str(entry_id),
        "number": number,
        "year": year,
        "letter_number": letter_number,
        "at": showing.moment(at),
    }
