"""The administrator's deeds: books opened with a start number, ended, opened again; what an agency decides for itself.

A letter number is written from the unit's series and the number in the book, so two books could come to write the same
one: the sending book and that of the circulars, the agency's and a unit's. What would lead to that is refused.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import datetime
from uuid import uuid4

from saraban.domain.abbreviations import marks_of
from saraban.domain.actor import Actor
from saraban.domain.agency import Agency, AgencyOptions, Unit
from saraban.domain.book import NUMBERED_TOGETHER
from saraban.domain.book_events import BookClosed, BookOpened, BookReopened, OptionsSet
from saraban.domain.calendar import RegisterYear
from saraban.domain.classification import Secrecy
from saraban.domain.copying import certifiers_of
from saraban.domain.deadline import DeadlineRules
from saraban.domain.errors import BadInput, RuleBroken
from saraban.domain.links import listed_hosts
from saraban.domain.lookup import expect_limits
from saraban.domain.notice_mail import read_time
from saraban.domain.numbering import LetterNumber
from saraban.domain.permissions import may_administer, require
from saraban.domain.petition import expect_days
from saraban.domain.register import Book, BookId, BookKind, fault_of
from saraban.domain.salutations import table_of
from saraban.domain.verification import unmarked_forms
from saraban.usecases.books import UnitOfWork
from saraban.usecases.numbering import choose_book, unit_named
from saraban.usecases.ports import Services

LARGEST_START = 1_000_000


class StartRepeats(BadInput):
    """A book that begins with this number would write a letter number of its year again; with `free` it would not."""

    def __init__(self, first: int, given: int, number: str) -> None:
        self.free = given + 1
        words = f"เริ่มที่เลข {first} ไม่ได้ เพราะจะออก {number} ซ้ำกับที่ออกไปแล้วในปีนี้ เลขเริ่มต้นที่ไม่ซ้ำคือ {self.free}"
        super().__init__({"first": words})


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
    year's opens by itself. Raises BadInput for a start outside 1 to 1,000,000 or a year to come, StartRepeats for one
    that would repeat a letter number, RuleBroken when there is such a book."""
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
        agency, unit = uow.agencies.get(actor.agency_id), unit_named(uow, actor.agency_id, unit_code)
        unit_id = unit.id if unit is not None else None
        if uow.registers.book(agency.id, kind, unit_id, year) is not None:
            raise RuleBroken(f"เปิด{kind.thai} ปี {year} ไว้แล้ว", code="book-open")
        book = Book(
            id=BookId(uuid4()),
            agency_id=agency.id,
            kind=kind,
            unit_id=unit_id,
            year=year,
            first=first,
            last=first - 1,
            opened_at=now,
            opened_by=actor.name,
        )
        given, number = _given_elsewhere(uow, agency, book, unit)
        if first <= given:
            raise StartRepeats(first, given, number)
        uow.registers.open(book)
        keeper = _keeper(agency, unit)
        uow.record(
            BookOpened(at=now, by=actor, thing_id=book.id, kind=kind.value, keeper=keeper, year=year, first=first)
        )
        uow.commit()
    return book.id


def end_book(office: Services, *, actor: Actor, kind: BookKind, unit_code: str = "") -> None:
    """Stop keeping such a register: its newest book gives no more numbers and none opens after it; letters go into the
    agency's central book. The two registers that every agency must keep cannot be ended, nor can one in the middle of
    a year while the book that takes its letters is behind it and would write its numbers again."""
    require(may_administer(actor))
    if kind.opens_by_itself and not unit_code:
        raise RuleBroken(f"{kind.thai}ของส่วนราชการต้องมีเสมอ เลิกเก็บไม่ได้", code="book-required")
    now = office.clock.now()
    with office.uow() as uow:
        agency, unit = uow.agencies.get(actor.agency_id), unit_named(uow, actor.agency_id, unit_code)
        unit_id = unit.id if unit is not None else None
        book = uow.registers.newest(agency.id, kind, unit_id)
        if book is None or not uow.registers.keeps(agency.id, kind, unit_id):
            raise RuleBroken(f"ไม่ได้เก็บ{kind.thai}อยู่ จึงไม่มีเล่มให้เลิก", code="book-not-open")
        uow.registers.end(book, now, for_good=True)
        if book.year == RegisterYear.containing(now).buddhist:
            _require_others_ahead(uow, agency, book, unit)
        keeper = _keeper(agency, unit)
        uow.record(
            BookClosed(
                at=now, by=actor, thing_id=book.id, kind=kind.value, keeper=keeper, year=book.year, last=book.last
            )
        )
        uow.commit()


def reopen_book(office: Services, *, actor: Actor, kind: BookKind, unit_code: str = "", reason: str) -> None:
    """Keep a register again that was ended by mistake: the same book, with the numbers after its last one. Only in its
    own year, which cannot have been closed yet. Raises BadInput without a reason, RuleBroken when it was not ended, its
    year is over, or letters got numbers meanwhile that it would write again."""
    require(may_administer(actor))
    told = fault_of(reason, "เหตุผล", 1000) if reason.strip() else "ใส่เหตุผลที่เปิดอีกครั้ง เช่น เลิกเก็บผิดเล่ม"
    if told:
        raise BadInput({"reason": told})
    now = office.clock.now()
    this_year = RegisterYear.containing(now).buddhist
    with office.uow() as uow:
        agency, unit = uow.agencies.get(actor.agency_id), unit_named(uow, actor.agency_id, unit_code)
        unit_id = unit.id if unit is not None else None
        book = uow.registers.newest(agency.id, kind, unit_id)
        if book is None or uow.registers.keeps(agency.id, kind, unit_id):
            raise RuleBroken(f"ไม่ได้เลิกเก็บ{kind.thai} จึงไม่มีเล่มให้เปิดอีกครั้ง", code="book-not-ended")
        if book.year != this_year:
            words = f"{kind.thai} ปี {book.year} จบปีแล้ว เปิดเล่มใหม่ของปี {this_year} แทน"
            raise RuleBroken(words, code="year-over")
        given, number = _given_elsewhere(uow, agency, book, unit)
        if given > book.last:
            words = f"ระหว่างที่เลิกเก็บ ออก {number} จากทะเบียนอื่นไปแล้ว ถ้าเปิดเล่มนี้อีกครั้งเลขจะซ้ำ เปิดเล่มใหม่ได้ในปีถัดไป"
            raise RuleBroken(words, code="numbers-repeat")
        uow.registers.reopen(book)
        uow.record(
            BookReopened(
                at=now,
                by=actor,
                thing_id=book.id,
                kind=kind.value,
                keeper=_keeper(agency, unit),
                year=book.year,
                last=book.last,
                reason=reason.strip(),
            )
        )
        uow.commit()


def set_options(office: Services, *, actor: Actor, options: AgencyOptions) -> None:
    """Write down what the agency decides for itself."""
    require(may_administer(actor))
    if len(options.postage_permit) > 100:
        raise BadInput({"postage_permit": "เลขที่ใบอนุญาตยาวเกิน 100 ตัวอักษร"})
    if len(options.ministry) > 200:
        raise BadInput({"ministry": "ชื่อกระทรวงยาวเกิน 200 ตัวอักษร"})
    table_of(options.salutations)
    certifiers_of(options.certifiers)
    unmarked_forms(options.unmarked_forms)
    listed_hosts(options.link_hosts)
    marks_of(options.number_marks)
    DeadlineRules.of(options)
    expect_days(options)
    expect_limits(options)
    options = replace(options, digest_at=read_time(options.digest_at))
    with office.uow() as uow:
        _decide(uow, actor, options, office.clock.now())


def change_marks(office: Services, *, actor: Actor, changed: Callable[[str], str]) -> None:
    """Change the table of the letters of numbers (domain.abbreviations) from what stands there now; the other decisions
    stay."""
    require(may_administer(actor))
    with office.uow() as uow:
        kept = uow.agencies.get(actor.agency_id).options
        options = replace(kept, number_marks=changed(kept.number_marks))
        marks_of(options.number_marks)
        _decide(uow, actor, options, office.clock.now())


def _decide(uow: UnitOfWork, actor: Actor, options: AgencyOptions, at: datetime) -> None:
    agency = uow.agencies.get(actor.agency_id)
    if agency.options == options:
        return
    agency.options = options
    uow.agencies.save(agency)
    uow.record(OptionsSet(at=at, by=actor, thing_id=agency.id, **asdict(options)))
    uow.commit()


def _keeper(agency: Agency, unit: Unit | None) -> str:
    return agency.name if unit is None else unit.name


def _given_elsewhere(uow: UnitOfWork, agency: Agency, book: Book, unit: Unit | None) -> tuple[int, str]:
    """The highest number in other books of the year that this one would write too, and the letter number; 0 when there
    is none. The agency's book writes the series of all units but those that keep such a book themselves."""
    if book.kind not in NUMBERED_TOGETHER:
        return 0, ""
    circular = {True}
    if book.kind is BookKind.SENDING:
        chosen, _ = choose_book(uow, agency, BookKind.CIRCULARS, unit, Secrecy.OPEN)
        circular = {False, chosen is BookKind.SENDING}
    others = [one for one in uow.registers.books_of(agency.id, book.year) if one.id != book.id]
    theirs = {
        uow.agencies.unit(agency.id, one.unit_id).series
        for one in others
        if one.kind is book.kind and one.unit_id and uow.registers.keeps(agency.id, one.kind, one.unit_id)
    }

    def meets(text: str) -> bool:
        number = _read(text)
        if number is None or number.secret or number.abbr != agency.abbr or number.circular not in circular:
            return False
        return number.series not in theirs if unit is None else number.series == unit.series

    found = [
        next((line for line in uow.registers.letter_numbers(one) if meets(line[1])), (0, ""))
        for one in others
        if one.kind in NUMBERED_TOGETHER
    ]
    return max(found, default=(0, ""))


def _read(text: str) -> LetterNumber | None:
    try:
        return LetterNumber.parse(text)
    except BadInput:
        return None


def _require_others_ahead(uow: UnitOfWork, agency: Agency, ended: Book, unit: Unit | None) -> None:
    """The books that number its letters from now on must have come as far as its last number."""
    if ended.kind not in NUMBERED_TOGETHER or ended.last < ended.first:
        return
    kind, keeper = choose_book(uow, agency, ended.kind, unit, Secrecy.OPEN)
    heirs = [uow.registers.book(agency.id, kind, keeper, ended.year)]
    if unit is None:
        heirs += [one for one in uow.registers.books_of(agency.id, ended.year) if one.kind is BookKind.SENDING]
    following = min(heir.last + 1 if heir is not None else 1 for heir in heirs)
    if following <= ended.last:
        words = (
            f"เลิกเก็บตอนนี้เลขจะซ้ำ เล่มนี้ออกถึงเลข {ended.last} แล้ว แต่{kind.thai}ที่รับช่วงต่อจะออกเลข {following} "
            f"เลิกเก็บได้เมื่อเล่มนั้นออกเลข {ended.last} แล้ว หรือก่อนออกเลขแรกของปีใหม่"
        )
        raise RuleBroken(words, code="numbers-repeat")
