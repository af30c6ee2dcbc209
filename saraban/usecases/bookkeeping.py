"""The administrator's deeds: books opened with a start number or ended; what an agency decides for itself."""

from __future__ import annotations

from uuid import uuid4

from saraban.domain.actor import Actor
from saraban.domain.agency import AgencyOptions
from saraban.domain.book_events import BookClosed, BookOpened, OptionsSet
from saraban.domain.calendar import RegisterYear
from saraban.domain.copying import certifiers_of
from saraban.domain.errors import BadInput, NotFound, RuleBroken
from saraban.domain.permissions import may_administer, require
from saraban.domain.register import Book, BookId, BookKind
from saraban.domain.salutations import table_of
from saraban.usecases.ports import Services

LARGEST_START = 1_000_000


def open_book(
    office: Services,
    *,
    actor: Actor,
    kind: BookKind,
    unit_code: str = "",
    year: int | None = None,
    first: int = 1,
) -> BookId:
    """Open a register for the agency or for a unit that keeps its own, with the number it begins with here. The next
    year's opens by itself. Raises BadInput for a start outside 1 to 1,000,000 or a year to come, RuleBroken when there
    is such a book."""
    require(may_administer(actor))
    now = office.clock.now()
    this_year = RegisterYear.containing(now).buddhist
    year = year or this_year
    wrong = {}
    if not 1 <= first <= LARGEST_START:
        wrong["first"] = f"เลขเริ่มต้นต้องอยู่ระหว่าง 1 ถึง {LARGEST_START:,}"
    if not this_year - 100 <= year <= this_year:
        wrong["year"] = "เปิดทะเบียนได้เฉพาะปีนี้หรือปีที่ผ่านมา ทะเบียนปีหน้าเปิดเองเมื่อขึ้นปีใหม่"
    if kind.secret and unit_code:
        wrong["unit"] = "ทะเบียนข้อมูลข่าวสารลับเก็บเล่มเดียวทั้งส่วนราชการ"
    if wrong:
        raise BadInput(wrong)
    with office.uow() as uow:
        unit = uow.agencies.unit_by_code(actor.agency_id, unit_code) if unit_code else None
        if unit_code and unit is None:
            raise NotFound("ไม่พบหน่วยงานนี้ในส่วนราชการ")
        unit_id = unit.id if unit is not None else None
        if uow.registers.book(actor.agency_id, kind, unit_id, year) is not None:
            raise RuleBroken(f"เปิด{kind.thai} ปี {year} ไว้แล้ว", code="book-open")
        keeper = unit.name if unit is not None else uow.agencies.get(actor.agency_id).name
        book = Book(
            id=BookId(uuid4()),
            agency_id=actor.agency_id,
            kind=kind,
            unit_id=unit_id,
            year=year,
            first=first,
            last=first - 1,
            opened_at=now,
            opened_by=actor.name,
        )
        uow.registers.open(book)
        uow.record(
            BookOpened(at=now, by=actor, thing_id=book.id, kind=kind.value, keeper=keeper, year=year, first=first)
        )
        uow.commit()
    return book.id


def end_book(office: Services, *, actor: Actor, kind: BookKind, unit_code: str = "") -> None:
    """Stop keeping such a register: its newest book gives no more numbers and none opens after it; letters go into the
    agency's central book. The two registers that every agency must keep cannot be ended."""
    require(may_administer(actor))
    if kind.opens_by_itself and not unit_code:
        raise RuleBroken(f"{kind.thai}ของส่วนราชการต้องมีเสมอ เลิกเก็บไม่ได้", code="book-required")
    now = office.clock.now()
    with office.uow() as uow:
        unit = uow.agencies.unit_by_code(actor.agency_id, unit_code) if unit_code else None
        if unit_code and unit is None:
            raise NotFound("ไม่พบหน่วยงานนี้ในส่วนราชการ")
        unit_id = unit.id if unit is not None else None
        book = uow.registers.newest(actor.agency_id, kind, unit_id)
        if book is None or not uow.registers.keeps(actor.agency_id, kind, unit_id):
            raise RuleBroken(f"ไม่ได้เก็บ{kind.thai}อยู่ จึงไม่มีเล่มให้เลิก", code="book-not-open")
        uow.registers.end(book, now, for_good=True)
        keeper = unit.name if unit is not None else uow.agencies.get(actor.agency_id).name
        uow.record(
            BookClosed(
                at=now, by=actor, thing_id=book.id, kind=kind.value, keeper=keeper, year=book.year, last=book.last
            )
        )
        uow.commit()


def set_options(office: Services, *, actor: Actor, options: AgencyOptions) -> None:
    """Write down what the agency decides for itself."""
    require(may_administer(actor))
    if len(options.postage_permit) > 100:
        raise BadInput({"postage_permit": "เลขที่ใบอนุญาตยาวเกิน 100 ตัวอักษร"})
    table_of(options.salutations)
    certifiers_of(options.certifiers)
    with office.uow() as uow:
        agency = uow.agencies.get(actor.agency_id)
        if agency.options == options:
            return
        agency.options = options
        uow.agencies.save(agency)
        uow.record(
            OptionsSet(
                at=office.clock.now(),
                by=actor,
                thing_id=agency.id,
                seal_in_file=options.seal_in_file,
                postage_permit=options.postage_permit,
                salutations=options.salutations,
                seal_issued=options.seal_issued,
                certifiers=options.certifiers,
            )
        )
        uow.commit()
