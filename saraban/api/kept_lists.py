"""Lists of the archive for programs: what is in work, what waits, what is held back from the survey, and papers."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from marshmallow import Schema

from saraban import doorway
from saraban.api import shapes as s
from saraban.api import showing
from saraban.api.answers_archive import KeptShape
from saraban.api.answers_received import page_of
from saraban.api.archive import shown
from saraban.api.downloads import send_bytes
from saraban.api.fields import Choice, Form, Identity, Whole
from saraban.api.forms import CursorQuery
from saraban.api.gate import section, told
from saraban.api.repeating import Json
from saraban.domain.calendar import office_date
from saraban.domain.errors import NotFound
from saraban.domain.register import BookKind
from saraban.doorway import archive_papers
from saraban.reading import archive as rows
from saraban.reading import kept_lists
from saraban.reading.paging import Page, read_cursor, serial, write_cursor
from saraban.usecases import archive_sheets

api = section("kept-lists", "บัญชีงานเก็บ: ระหว่างปฏิบัติ รอส่งเก็บ ยังเสนอทำลายไม่ได้ และแบบพิมพ์")
_PDF = "application/pdf"


class InWorkQuery(CursorQuery):
    """Which letters in work."""

    book = Choice(BookKind, required=True)
    year = Whole(least=2400, most=3000, in_query=True, required=True, metadata={"description": "พ.ศ."})


class WaitingQuery(CursorQuery):
    """Which finished letters."""

    what = Choice(kept_lists.Waiting, load_default="store", data_key="for")
    unit = Identity(load_default=None)


class PrintedYearQuery(Form):
    """Which year is printed."""

    year = Whole(least=2400, most=3000, in_query=True, required=True, metadata={"description": "พ.ศ."})


class HeldBackShape(KeptShape):
    """A letter whose period is over and that is not proposed for destruction, with the reason."""

    why = s.text("ระงับการทำลาย")


class CountedListShape(Schema):
    """A page, and how many letters there are in all."""

    items = s.many(KeptShape)
    next = s.text(none=True)
    total = s.whole(120)


@api.get("/archive/working")
@told("หนังสือระหว่างปฏิบัติ", "ของทะเบียนและปี เฉพาะหน่วยงานที่ผู้เรียกดูแลการเก็บ ใหม่ก่อน")
@api.takes(InWorkQuery, location="query")
@api.gives(200, CountedListShape)
def working(query: Json) -> Json:
    """List letters that are not finished."""
    kind, year = BookKind(query["book"]), query["year"]
    found = kept_lists.in_work(doorway.reader(), doorway.actor(), kind, year, _page_number(query), limit=query["limit"])
    return _counted(found)


@api.get("/archive/waiting")
@told("หนังสือที่เสร็จแล้ว", "for=store รอส่งเก็บ for=deposit ฝากได้ เฉพาะหน่วยงานที่ผู้เรียกดูแลการเก็บ เก่าก่อน")
@api.takes(WaitingQuery, location="query")
@api.gives(200, CountedListShape)
def waiting(query: Json) -> Json:
    """List letters that wait for the store, or that may be deposited."""
    what, unit = kept_lists.Waiting(query["what"]), query["unit"]
    found = kept_lists.waiting(
        doorway.reader(), doorway.actor(), what, _page_number(query), unit=unit, limit=query["limit"]
    )
    return _counted(found)


@api.get("/disposals/held-back")
@told("ครบอายุการเก็บแล้วแต่ยังเสนอทำลายไม่ได้", "พร้อมเหตุของแต่ละฉบับ")
@api.takes(CursorQuery, location="query")
@api.gives(200, page_of(HeldBackShape))
def held_back(query: Json) -> Json:
    """List letters whose period is over and that are not proposed."""
    today = office_date(doorway.services().clock.now())
    found = rows.held_back(doorway.reader(), doorway.actor(), today, query.get("cursor"), query["limit"])
    return showing.page(found, lambda pair: shown(pair[0]) | {"why": pair[1]})


@api.get("/archive/register/pdf")
@told("ทะเบียนหนังสือเก็บของปีเป็น PDF", "แบบที่ ๒๐")
@api.takes(PrintedYearQuery, location="query")
@api.gives_bytes(_PDF)
def store_register_pdf(query: Json) -> Any:
    """Print ทะเบียนหนังสือเก็บ of a year."""
    return send_bytes(archive_papers.store_register(query["year"]), _PDF, f"ทะเบียนหนังสือเก็บ {query['year']}.pdf")


@api.get("/entries/<uuid:entry_id>/keeping/mark")
@told("ตรากำหนดเก็บหนังสือเป็น PDF", "404 เมื่ออายุการเก็บยังไม่เริ่มนับ")
@api.gives_bytes(_PDF)
def mark(entry_id: UUID) -> Any:
    """Print the mark that is stuck on the first sheet."""
    one = rows.kept_line(doorway.reader(), doorway.actor(), entry_id)
    if one.item is None or not one.mark:
        raise NotFound
    return send_bytes(archive_sheets.mark_pdf(doorway.services(), term=one.item.term), _PDF, "ตรากำหนดเก็บหนังสือ.pdf")


@api.get("/loans/pdf")
@told("หนังสือที่ยืมออกเป็น PDF", "ทุกรายการที่ยังไม่คืน ตามช่องของแบบที่ ๒๔")
@api.gives_bytes(_PDF)
def lent_pdf() -> Any:
    """Print what is lent out."""
    return send_bytes(archive_papers.lent_out(), _PDF, "หนังสือที่ยืมออก.pdf")


def _page_number(query: Json) -> int:
    cursor = query.get("cursor")
    return int(read_cursor(cursor, serial)[0]) if cursor else 1


def _counted(found: Page[rows.KeptLine]) -> Json:
    following = write_cursor(int(found.next)) if found.next else None
    return showing.page(found, shown) | {"next": following, "total": found.total}
