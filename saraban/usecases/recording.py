"""Letters on paper in the registers (clauses 35 to 43): one after another, many at once, and those made before the
system. A number is taken at commit and never before."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import BinaryIO

from saraban.domain.actor import Actor
from saraban.domain.agency import Agency, Unit, UnitId
from saraban.domain.attachment import Attachment, Digest, Role, safe_name
from saraban.domain.calendar import RegisterYear, office_date
from saraban.domain.classification import Secrecy
from saraban.domain.errors import BadInput, Finding, RuleBroken
from saraban.domain.numbering import thai_digits
from saraban.domain.permissions import may_enter, require
from saraban.domain.phrases import phrases_of
from saraban.domain.register import BookId, BookKind, EntryId, Matter, Origin, RegisterEntry
from saraban.usecases import alike
from saraban.usecases.books import UnitOfWork
from saraban.usecases.kept import expect_here
from saraban.usecases.kept_files import clean_or_dropped, dropped_if_refused, goes_unless_entered, keep_on
from saraban.usecases.numbering import Taken, choose_book, line_of, unit_named, written_number
from saraban.usecases.ports import Services

MOST_AT_ONCE = 10_000
LARGEST_SCAN = 30_000_000

Home = tuple[BookKind, UnitId | None]
"""Which book, and of which unit; None for the central one."""


class BadRows(BadInput):
    """Rows of a list that cannot be entered: `rows` maps a row's place (from 0) to its words by field."""

    def __init__(self, rows: dict[int, dict[str, str]]) -> None:
        self.rows = rows
        first = min(rows)
        words = "; ".join(rows[first].values())
        super().__init__({"rows": thai_digits(f"มี {len(rows)} แถวที่ยังไม่ถูกต้อง แถวที่ {first + 1}: ") + words})


@dataclass(frozen=True)
class Recorded:
    """A line that was written: its id, its number in the book, the Buddhist year, the letter number (outgoing books
    give it) and the moment of entry."""

    id: EntryId
    number: int
    year: int
    letter_number: str
    at: datetime


def record_letter(
    office: Services,
    *,
    actor: Actor,
    kind: BookKind,
    matter: Matter,
    unit_code: str = "",
    origin: Origin = Origin.PAPER,
    files: Sequence[Attachment] = (),
    serial: int | None = None,
    year: int | None = None,
    again: bool = False,
    accepted: Sequence[str] = (),
) -> Recorded:
    """Enter one letter on paper under the book's next number.

    `unit_code` names the unit whose book it is (the central one without). `files` are scans kept before by `keep_scan`.
    With `serial` (and `year`, Buddhist) a letter from before the system keeps the number it has: only below the number
    with which the book began here. `accepted` are the keys of what seemed the same and the clerk has looked at; `again`
    enters it whatever there is. Raises BadInput by field, PossibleDuplicate, NotPermitted, and RuleBroken when the book
    is not open.
    """
    before = None if serial is None else (serial, year)
    [recorded] = _record(office, actor, kind, [matter], unit_code, origin, list(files), before, again, accepted)
    return recorded


def record_many(
    office: Services,
    *,
    actor: Actor,
    kind: BookKind,
    matters: Sequence[Matter],
    unit_code: str = "",
    origin: Origin = Origin.PAPER,
    again: bool = False,
    accepted: Sequence[str] = (),
) -> list[Recorded]:
    """Enter letters in their order, all of them or none. Raises BadRows, PossibleDuplicate with the findings of all
    rows, and what else `record_letter` raises."""
    if not 0 < len(matters) <= MOST_AT_ONCE:
        raise BadInput({"rows": thai_digits(f"ลงได้ครั้งละ 1 ถึง {MOST_AT_ONCE:,} แถว")})
    return _record(office, actor, kind, matters, unit_code, origin, [], None, again, accepted)


def seem_known(
    office: Services, *, actor: Actor, kind: BookKind, matters: Sequence[Matter], unit_code: str = ""
) -> list[Finding]:
    """What `record_many` would ask about these letters, which are sound. Nothing is written."""
    return _compared(office, actor, kind, matters, unit_code)[0]


def keep_scan(office: Services, *, stream: BinaryIO, name: str, role: Role = Role.LETTER) -> Attachment:
    """Keep a scan's bytes for a day, until its letter is entered: a PDF (checked) or a picture (JPEG, PNG, WebP, TIFF).
    Raises BadInput({"file": …})."""
    digest, size = office.blobs.keep_stream(stream, LARGEST_SCAN)
    if size == 0:
        raise BadInput({"file": "ไฟล์ว่างเปล่า"})
    data = clean_or_dropped(office, digest)
    with dropped_if_refused(office, digest):
        if data.startswith(b"%PDF-"):
            office.renderer.check_upload(data)
            media_type = "application/pdf"
        else:
            media_type = _picture(data)
        if not media_type:
            raise BadInput({"file": "แนบได้เฉพาะไฟล์ PDF หรือภาพ (JPEG PNG WebP TIFF)"})
    goes_unless_entered(office, digest)
    return Attachment(safe_name(name), role, media_type, size, digest)


def attach_scan(office: Services, *, actor: Actor, entry_id: EntryId, scan: Attachment) -> Digest:
    """Attach a kept scan to a line that was entered before. Returns its digest. Raises StageNotAllowed when its letter
    is in the system, void or gone."""
    now = office.clock.now()
    with office.uow() as uow:
        entry = uow.registers.get(actor.agency_id, entry_id)
        require(may_enter(actor, entry.kind, uow.registers.book_of(entry).unit_id, entry.secrecy))
        expect_here(uow, entry)
        uow.record(entry.attach(scan, by=actor, at=now))
        uow.registers.save(entry)
        uow.commit()
    return scan.sha256


def _record(
    office: Services,
    actor: Actor,
    kind: BookKind,
    given: Sequence[Matter],
    unit_code: str,
    origin: Origin,
    files: list[Attachment],
    before: tuple[int, int | None] | None,
    again: bool,
    accepted: Sequence[str],
) -> list[Recorded]:
    now = office.clock.now()
    _require_sound(kind, given, now)
    keep_on(office, [(file.name, file.sha256) for file in files])
    compared = None
    if len(given) > 1 and not again:
        found, compared = _compared(office, actor, kind, given, unit_code)
        alike.forbid(found, accepted)
    with office.uow() as uow:
        agency = uow.agencies.get(actor.agency_id)
        desk = _Desk(uow, actor, agency, unit_named(uow, actor.agency_id, unit_code), kind, origin, now)
        matters, homes = desk.letters(given)
        if not again:
            known = desk.known(matters, homes, files)
            if compared is None or known.marks() != compared.marks():
                alike.forbid(alike.findings(matters, _kinds(homes), known), accepted)
        if before is not None:
            made = [desk.line_from_before(matters[0], homes[0], *before)]
        else:
            made = desk.lines(matters, homes)
        for entry in made:
            entry.files = list(files)
        uow.registers.enter(*made)
        for entry in made:
            uow.record(entry.entered(by=actor, at=now))
        uow.registers.learn(agency.id, phrases_of(made), now)
        uow.commit()
    return [Recorded(e.id, e.serial, e.year, e.number, now) for e in made]


def _compared(
    office: Services, actor: Actor, kind: BookKind, given: Sequence[Matter], unit_code: str
) -> tuple[list[Finding], alike.Known]:
    """What seems known of many letters, and the lines that they were compared with. It takes a while, and others may
    write meanwhile."""
    with office.uow() as uow:
        agency, unit = uow.agencies.get(actor.agency_id), unit_named(uow, actor.agency_id, unit_code)
        desk = _Desk(uow, actor, agency, unit, kind, Origin.PAPER, office.clock.now())
        matters, homes = desk.letters(given)
        known = desk.known(matters, homes)
    return alike.findings(matters, _kinds(homes), known), known


class _Desk:
    """One clerk at one book in one transaction."""

    def __init__(
        self,
        uow: UnitOfWork,
        actor: Actor,
        agency: Agency,
        unit: Unit | None,
        kind: BookKind,
        origin: Origin,
        now: datetime,
    ) -> None:
        self._uow, self._actor, self._agency, self._unit = uow, actor, agency, unit
        self._kind, self._origin, self._now = kind, origin, now
        # Whose series stands in an outgoing number (annex 1): the unit's, or the central one's where none is named.
        self._owner = unit if unit is not None or kind.incoming else uow.agencies.central_unit(agency.id)
        self._this_year = RegisterYear.containing(now).buddhist
        self._homes: dict[Secrecy, Home] = {}

    def letters(self, given: Sequence[Matter]) -> tuple[list[Matter], list[Home]]:
        """Letters as they are written down, and the book of each."""
        matters = [self.tidy(matter) for matter in given]
        return matters, [self.book(matter) for matter in matters]

    def tidy(self, matter: Matter) -> Matter:
        """Spaces folded, digits Arabic, and the agency itself where a letter names no sender or addressee."""
        own = self._unit.name if self._unit is not None else self._agency.name
        tidy = matter.tidied()
        return replace(tidy, sender=tidy.sender or own, addressee=tidy.addressee or own)

    def book(self, matter: Matter) -> Home:
        """The book of a letter and whose it is; the clerk must be allowed to write into it."""
        home = self._homes.get(matter.secrecy)
        if home is None:
            home = choose_book(self._uow, self._agency, self._kind, self._unit, matter.secrecy)
            require(may_enter(self._actor, *home, matter.secrecy))
            self._homes[matter.secrecy] = home
        return home

    def lines(self, matters: Sequence[Matter], homes: Sequence[Home]) -> list[RegisterEntry]:
        """The lines of letters under the next numbers. Books are locked in one order."""
        counts: dict[Home, int] = {}
        for home in homes:
            counts[home] = counts.get(home, 0) + 1
        numbers: dict[Home, Iterator[Taken]] = {}
        for home in sorted(counts, key=str):
            first = self._uow.registers.take_block(self._agency.id, *home, self._this_year, counts[home])
            numbers[home] = self._in_order(home, *first)
        return [self._line(next(numbers[home]), matter) for home, matter in zip(homes, matters, strict=True)]

    def line_from_before(self, matter: Matter, home: Home, serial: int, year: int | None) -> RegisterEntry:
        """The line of a letter that has its number from the time before the system."""
        kind, keeper = home
        year = year or self._this_year
        book = self._uow.registers.book(self._agency.id, kind, keeper, year)
        if book is None:
            raise RuleBroken(f"ยังไม่ได้เปิด{kind.thai} ปี {thai_digits(year)} ให้ผู้ดูแลระบบเปิดทะเบียนก่อน", code="book-not-open")
        if not 0 < serial < book.first:
            words = f"เลขก่อนใช้ระบบต้องน้อยกว่าเลขเริ่มต้นของทะเบียน คือ {thai_digits(book.first)}"
            none = "ทะเบียนปีนี้เริ่มที่เลข ๑ ในระบบ จึงไม่มีเลขก่อนใช้ระบบ"
            raise BadInput({"serial": words if book.first > 1 else none})
        # None is taken, but the book is held, and one that was closed for good with its statement says so.
        self._uow.registers.take_block(self._agency.id, kind, keeper, year, 0)
        if self._uow.registers.by_serial(book.id, serial) is not None:
            raise BadInput({"serial": f"เลข {thai_digits(serial)} มีรายการแล้ว"})
        number = matter.number or written_number(kind, serial, year, self._agency, self._owner)
        return self._entry(Taken(book.id, kind, keeper, year, serial), matter, number, Origin.BEFORE)

    def known(self, matters: Sequence[Matter], homes: Sequence[Home], files: Sequence[Attachment] = ()) -> alike.Known:
        """The lines with which the letters are to be compared."""
        return alike.known(self._uow.registers, self._agency.id, matters, _kinds(homes), [f.sha256 for f in files])

    def _in_order(self, home: Home, book_id: BookId, first: int) -> Iterator[Taken]:
        for serial in itertools.count(first):
            yield Taken(book_id, *home, self._this_year, serial)

    def _line(self, taken: Taken, matter: Matter) -> RegisterEntry:
        circular = self._kind is BookKind.CIRCULARS
        number = written_number(taken.kind, taken.serial, taken.year, self._agency, self._owner, circular=circular)
        return self._entry(taken, matter, number or matter.number, self._origin)

    def _entry(self, taken: Taken, matter: Matter, number: str, origin: Origin) -> RegisterEntry:
        if matter.letter_date is None and not taken.kind.incoming:
            matter = replace(matter, letter_date=office_date(self._now))
        unit_id = self._unit.id if self._unit is not None else self._actor.unit_id
        return line_of(taken, matter, number, actor=self._actor, unit_id=unit_id, origin=origin, now=self._now)


def _kinds(homes: Sequence[Home]) -> list[BookKind]:
    return [kind for kind, _ in homes]


def _require_sound(kind: BookKind, matters: Sequence[Matter], now: datetime) -> None:
    wrong = {place: faults for place, matter in enumerate(matters) if (faults := matter.faults(kind, now))}
    if wrong and len(matters) == 1:
        raise BadInput(wrong[0])
    if wrong:
        raise BadRows(wrong)


def _picture(data: bytes) -> str:
    """The media type of a picture by its first octets; empty for anything else."""
    if data.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    return "image/tiff" if data[:4] in (b"II*\x00", b"MM\x00*") else ""
