"""Which book a letter goes into and how its number is written; shared by all who take numbers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from saraban.domain.actor import Actor
from saraban.domain.agency import Agency, AgencyId, Unit, UnitId
from saraban.domain.book import book_not_open
from saraban.domain.calendar import RegisterYear, office_date
from saraban.domain.classification import Secrecy
from saraban.domain.errors import NotFound
from saraban.domain.forms import RULES
from saraban.domain.letter import Content, Letter
from saraban.domain.numbering import LetterNumber
from saraban.domain.register import BookId, BookKind, EntryId, EntryState, Matter, Origin, RegisterEntry
from saraban.usecases.books import UnitOfWork


@dataclass(frozen=True)
class Taken:
    """A number that was taken: the book, whose it is, and the number in it."""

    book_id: BookId
    kind: BookKind
    keeper: UnitId | None
    year: int
    serial: int


def unit_named(uow: UnitOfWork, agency_id: AgencyId, code: str) -> Unit | None:
    """The unit with this code, None for the central books (no code). Raises NotFound for a code that no unit has."""
    if not code:
        return None
    unit = uow.agencies.unit_by_code(agency_id, code)
    if unit is None:
        raise NotFound("ไม่พบหน่วยงานนี้ในส่วนราชการ")
    return unit


def choose_book(
    uow: UnitOfWork, agency: Agency, kind: BookKind, unit: Unit | None, secrecy: Secrecy
) -> tuple[BookKind, UnitId | None]:
    """The book for a letter: the register of classified information where the agency keeps it and the letter is
    classified; the unit's own where it keeps one; a circular goes into the ordinary sending book where no series of
    its own is kept (clause 32 leaves it to the agency)."""
    twin = kind.secret_twin
    if not secrecy.is_open and twin is not None and uow.registers.keeps(agency.id, twin, None):
        return twin, None
    if kind is BookKind.CIRCULARS:
        if unit is not None and uow.registers.keeps(agency.id, kind, unit.id):
            return kind, unit.id
        if uow.registers.keeps(agency.id, kind, None):
            return kind, None
        kind = BookKind.SENDING
    if unit is not None and uow.registers.keeps(agency.id, kind, unit.id):
        return kind, unit.id
    return kind, None


def book_for(content: Content) -> BookKind:
    """The kind of book in which a document is numbered: its form's, or that of the circulars (clause 32)."""
    return BookKind.CIRCULARS if content.circular else RULES[content.form].book


def expect_book(uow: UnitOfWork, agency: Agency, unit: Unit, content: Content) -> None:
    """Raise RuleBroken when the book in which this document would be numbered is not kept."""
    kind, keeper = choose_book(uow, agency, book_for(content), unit, content.secrecy)
    if not uow.registers.keeps(agency.id, kind, keeper):
        raise book_not_open(kind)


def take_number(
    uow: UnitOfWork, agency: Agency, kind: BookKind, unit: Unit | None, secrecy: Secrecy, year: int
) -> Taken:
    """Take the next number for a letter; its book stays locked until commit. Raises RuleBroken when the book is not
    open."""
    kind, keeper = choose_book(uow, agency, kind, unit, secrecy)
    book_id, serial = uow.registers.take(agency.id, kind, keeper, year)
    return Taken(book_id, kind, keeper, year, serial)


def written_number(
    kind: BookKind, serial: int, year: int, agency: Agency, unit: Unit | None, *, circular: bool = False
) -> str:
    """The letter number of an outgoing line (clause 11.1, annex 1; "n/year" for orders, certificates and the like).
    Empty for incoming books: there the number is the sender's."""
    if kind.incoming:
        return ""
    if kind.numbered_by_year:
        return f"{serial}/{year}"
    series = unit.series if unit is not None else agency.series
    # A classified circular is numbered in the secret book: the mark ว would repeat a number of the circulars' book.
    circular = (circular or kind is BookKind.CIRCULARS) and not kind.secret
    return str(LetterNumber(agency.abbr, series, str(serial), circular=circular, secret=kind.secret))


def line_of(
    taken: Taken, matter: Matter, number: str, *, actor: Actor, unit_id: UnitId | None, origin: Origin, now: datetime
) -> RegisterEntry:
    """The line of a letter that has no page in the system, under a number that was taken or that it had before."""
    return RegisterEntry(
        id=EntryId(uuid4()),
        agency_id=actor.agency_id,
        book_id=taken.book_id,
        kind=taken.kind,
        year=taken.year,
        serial=taken.serial,
        state=EntryState.USED,
        subject_of=None,
        number=number,
        letter_date=matter.letter_date,
        sender=matter.sender,
        addressee=matter.addressee,
        subject=matter.subject,
        practice=matter.practice,
        note=matter.note,
        urgency=matter.urgency,
        secrecy=matter.secrecy,
        unit_id=unit_id,
        at=now,
        entered_by=actor.name,
        origin=origin,
        received_at=matter.received_at,
    )


def why_not_again(
    uow: UnitOfWork, agency: Agency, unit: Unit, letter: Letter, entry: RegisterEntry, now: datetime
) -> str:
    """Why the number that waits from an earlier try cannot be used now; empty when it can."""
    if office_date(entry.at) != office_date(now):
        return "ลงนามไม่เสร็จภายในวันที่ออกเลข"
    content = letter.content
    kind, _ = choose_book(uow, agency, book_for(content), unit, content.secrecy)
    written = written_number(kind, entry.serial, entry.year, agency, unit, circular=content.circular)
    return "" if (entry.kind, entry.number) == (kind, written) else "แบบหนังสือเปลี่ยนไปหลังออกเลข"


def number_letter(
    uow: UnitOfWork, actor: Actor, letter: Letter, agency: Agency, unit: Unit, to: str, now: datetime
) -> str:
    """Take the next number for a letter that is being signed and write its line; gives the number."""
    content, year = letter.content, RegisterYear.containing(now).buddhist
    taken = take_number(uow, agency, book_for(content), unit, content.secrecy, year)
    entry = RegisterEntry(
        id=EntryId(uuid4()),
        agency_id=agency.id,
        book_id=taken.book_id,
        kind=taken.kind,
        year=year,
        serial=taken.serial,
        state=EntryState.RESERVED,
        subject_of=letter.id,
        number=written_number(taken.kind, taken.serial, year, agency, unit, circular=content.circular),
        letter_date=office_date(now),
        sender=unit.name,
        addressee=to,
        subject=content.subject,
        practice="",
        note="",
        urgency=content.urgency,
        secrecy=content.secrecy,
        unit_id=unit.id,
        at=now,
        entered_by=actor.name,
    )
    uow.registers.enter(entry)
    uow.record(entry.entered(by=actor, at=now, reason="ลงนามหนังสือ"))
    return entry.number
