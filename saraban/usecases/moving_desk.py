"""One folder of an old system at the desk: its rows are looked at beside the registers, entered block after block, and
what was kept of its files leaves the folder."""

from __future__ import annotations

import mimetypes
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import PurePosixPath
from uuid import UUID, uuid4

from saraban.domain.actor import Actor
from saraban.domain.agency import Agency, Unit
from saraban.domain.attachment import Attachment, Digest, Role, safe_name
from saraban.domain.book_events import BookOpened
from saraban.domain.errors import BadInput, NotFound
from saraban.domain.moving import OldBook, OldLine, RegistersMovedIn, twins
from saraban.domain.numbering import thai_digits
from saraban.domain.phrases import phrases_of
from saraban.domain.register import Book, BookId, Origin, RegisterEntry
from saraban.usecases.books import UnitOfWork
from saraban.usecases.kept_files import clean_or_dropped
from saraban.usecases.long_work import while_told
from saraban.usecases.moving_keeping import KeepingDesk
from saraban.usecases.numbering import Taken, line_of, unit_named, written_number
from saraban.usecases.old_folders import Cleared
from saraban.usecases.ports import Services, Step
from saraban.usecases.registry import Errand

MOST_ROWS = 100_000
LARGEST_FILE = 100_000_000
AT_ONCE = 500
"""Lines of one transaction, unless their files take longer (`Desk._held`)."""
_KNOWN = "known"

ReadOldLines = Callable[[Sequence[Sequence[str]], Services], Iterable[OldLine]]
"""Reads the rows of a sheet, the row of headings first. Raises BadInput when a column that must be there is not."""


@dataclass
class Plan:
    """A sheet that was looked at: its lines, what is wrong with them by row, those that are in the registers already,
    and of each book the highest number that it is to have."""

    lines: list[OldLine]
    wrong: dict[int, dict[str, str]] = field(default_factory=dict)
    known: set[int] = field(default_factory=set)
    highest: dict[OldBook, int] = field(default_factory=dict)

    @property
    def to_enter(self) -> list[OldLine]:
        """The lines without faults that are not there yet, book by book in the order of their numbers."""
        left = [line for line in self.lines if line.row not in self.wrong and line.row not in self.known]
        return sorted(left, key=lambda line: (str(line.book), line.serial))


class Desk:
    """One folder that is being moved in."""

    def __init__(self, office: Services, actor: Actor, folder: str, read: ReadOldLines) -> None:
        self._office, self._actor, self._folder, self._read = office, actor, folder, read
        self._now = office.clock.now()
        with office.uow() as uow:
            self._agency: Agency = uow.agencies.get(actor.agency_id)
            self._central = uow.agencies.central_unit(actor.agency_id)
        self._keeping = KeepingDesk(office, actor)
        self._units: dict[str, Unit | None] = {}

    def plan(self, step: Step) -> Plan:
        """Look at every row; half of the way, as the bar shows it."""
        name, data = self._office.old_folders.sheet(self._agency.code, self._folder)
        read = partial(self._office.spreadsheets.read, data, name, in_background=True)
        rows = while_told(self._office.lease, lambda: step(0, 1), read)
        lines = list(self._read(rows, self._office))
        if not lines:
            raise BadInput({"file": "ไม่พบรายการในแผ่นงานแรก"})
        if len(lines) > MOST_ROWS:
            raise BadInput({"file": thai_digits(f"มีเกิน {MOST_ROWS:,} แถว แบ่งเป็นหลายโฟลเดอร์")})
        plan = Plan(lines)
        for row, earlier in twins(lines).items():
            plan.wrong[row] = {"serial": thai_digits(f"เลขซ้ำกับแถวที่ {earlier}")}
        for start in range(0, len(lines), AT_ONCE):
            self._look(plan, lines[start : start + AT_ONCE])
            step(min(start + AT_ONCE, len(lines)), 2 * len(lines))
        return plan

    def enter(self, plan: Plan, step: Step) -> int:
        """Enter what may be entered; how many lines that were. A row whose file is refused joins those with faults."""
        total, entered, done = len(plan.lines), 0, 0
        self._open_books(plan)
        lines = plan.to_enter
        while done < len(lines):
            looked, held = self._held(plan, lines[done : done + AT_ONCE])
            entered += self._block(held)
            done += looked
            step(total + done, 2 * total)
        return entered

    def keep_known(self, plan: Plan, step: Step) -> int:
        """Write down how lines are kept that were there before and about which nobody has said anything; how many."""
        lines = [line for line in plan.lines if line.row in plan.known and line.keeping.said]
        count = 0
        for start in range(0, len(lines), AT_ONCE):
            some = lines[start : start + AT_ONCE]
            with self._office.uow() as uow:
                there = self._there(uow, some)
                pairs = [(line, there[line.book, line.serial]) for line in some if line.book is not None]
                count += self._keeping.begin(uow, pairs)
                uow.commit()
            step(2 * len(plan.lines) - 1, 2 * len(plan.lines))
        return count

    def known_before(self, errand: Errand, plan: Plan) -> int:
        """How many lines were there before the errand entered any: written down before the first, so that one which is
        begun again counts what it entered in all of its rounds."""
        if _KNOWN not in errand.order:
            errand.order = {**errand.order, _KNOWN: len(plan.known)}
            with self._office.uow() as uow:
                uow.errands.note(errand)
                uow.commit(final=False)
        return int(errand.order[_KNOWN])

    def clear(self, plan: Plan, step: Step) -> Cleared:
        """Take the files out of the folder that are kept with the lines of its sheet now, or were destroyed with them:
        by their bytes, under whatever name. Where the disk has lost or spoiled what a line needs, the folder's file
        mends it first. What a row with faults names stays, as what belongs to no line does."""
        entered = [line for line in plan.lines if line.row not in plan.wrong]
        named = {
            PurePosixPath(path.replace("\\", "/"))
            for line in plan.lines
            if line.row in plan.wrong
            for path in line.files
        }
        kept: set[Digest] = set()
        for start in range(0, len(entered), AT_ONCE):
            with self._office.uow() as uow:
                there = self._there(uow, entered[start : start + AT_ONCE])
                kept |= uow.disposals.files_with([entry.id for entry in there.values()])
        total = 2 * len(plan.lines)

        def goes(path: PurePosixPath, digest: Digest) -> bool:
            step(total - 1, total)
            if digest not in kept or path in named or PurePosixPath(*path.parts[1:]) in named:
                return False
            return self._is_whole(digest) or self._is_destroyed(digest) or self._is_mended(path, digest)

        return self._office.old_folders.clear(self._agency.code, self._folder, goes)

    def _is_whole(self, digest: Digest) -> bool:
        """Does the disk give back the bytes that were kept? They are read for that."""
        with suppress(OSError):
            return self._office.blobs.keep_again(digest)
        return False

    def _is_mended(self, path: PurePosixPath, digest: Digest) -> bool:
        """Keep the folder's file in place of bytes that the disk has lost; False when that cannot be done."""
        with (
            suppress(OSError, BadInput, NotFound),
            self._office.old_folders.open(self._agency.code, self._folder, str(path)) as stream,
        ):
            self._office.blobs.keep_stream(stream, LARGEST_FILE)
        return self._is_whole(digest)

    def _is_destroyed(self, digest: Digest) -> bool:
        """Are there no bytes of it because nothing needs them, and not because the disk has lost them?"""
        return not self._office.file_needs.needed({digest})

    def remember(self, errand_id: UUID, plan: Plan, entered: int, known: int) -> None:
        """The journal says that it was done."""
        with self._office.uow() as uow:
            uow.record(
                RegistersMovedIn(
                    at=self._office.clock.now(),
                    by=self._actor,
                    thing_id=errand_id,
                    folder=self._folder,
                    lines=entered,
                    known=known,
                    left_out=len(plan.wrong),
                )
            )
            uow.commit()

    def _look(self, plan: Plan, lines: Sequence[OldLine]) -> None:
        with self._office.uow() as uow:
            there = self._there(uow, lines)
            for line in lines:
                faults = plan.wrong.get(line.row, {}) | self._keeping.faults(line) | line.faults(self._now)
                if faults or line.book is None:
                    faults = self._of_files(line) | faults
                else:
                    faults = self._beside(uow, plan, line, there.get((line.book, line.serial)))
                if faults:
                    plan.wrong[line.row] = faults

    def _beside(self, uow: UnitOfWork, plan: Plan, line: OldLine, there: RegisterEntry | None) -> dict[str, str]:
        """What is wrong with a sound line beside the registers as they are."""
        assert line.book is not None
        kind, code, year = line.book
        if code and self._unit(uow, code) is None:
            return {"unit": f"ไม่มีหน่วยงานรหัส {code} ในส่วนราชการ"}
        if there is not None:
            if not self._same(line, there):
                return {"serial": "เลขนี้มีรายการอื่นอยู่ในทะเบียนแล้ว"}
            plan.known.add(line.row)
            return {}  # its files have left the folder, or will
        if faults := self._of_files(line):
            return faults
        book = self._book(uow, line.book)
        if book is not None and line.serial >= book.first:
            return {"serial": thai_digits(f"ต้องน้อยกว่าเลขที่ทะเบียนเริ่มในระบบ คือ {book.first}")}
        if book is not None and book.closed_at is not None:
            return {"year": thai_digits(f"{kind.thai} ปี {year} ปิดแล้ว")}
        plan.highest[line.book] = max(plan.highest.get(line.book, 0), line.serial)
        return {}

    def _of_files(self, line: OldLine) -> dict[str, str]:
        for path in line.files:
            size = self._office.old_folders.size(self._agency.code, self._folder, path)
            if size is None:
                return {"files": f"ไม่พบไฟล์ {path} ในโฟลเดอร์"}
            if not 0 < size <= LARGEST_FILE:
                return {"files": f"ไฟล์ {path} ว่างหรือใหญ่เกิน ๑๐๐ MB"}
        return {}

    def _open_books(self, plan: Plan) -> None:
        """Books that are not kept yet begin above the highest number that they are to have."""
        with self._office.uow() as uow:
            for old, highest in sorted(plan.highest.items(), key=str):
                if self._book(uow, old) is not None:
                    continue
                kind, code, year = old
                unit = self._unit(uow, code)
                book = Book(
                    id=BookId(uuid4()),
                    agency_id=self._agency.id,
                    kind=kind,
                    unit_id=unit.id if unit is not None else None,
                    year=year,
                    first=highest + 1,
                    last=highest,
                    opened_at=self._now,
                    opened_by=self._actor.name,
                )
                uow.registers.open(book)
                uow.record(
                    BookOpened(
                        at=self._now,
                        by=self._actor,
                        thing_id=book.id,
                        kind=kind.value,
                        keeper=(unit or self._agency).name,
                        year=year,
                        first=book.first,
                    )
                )
            uow.commit()

    def _held(self, plan: Plan, lines: Sequence[OldLine]) -> tuple[int, list[tuple[OldLine, list[Attachment]]]]:
        """How many of these lines make the next block, and those of them whose files were kept. A block ends after a
        quarter of the lease: what is kept is entered long before anybody might remove it (kept_files.remove_files),
        however slow disk and scanner are, and no other worker takes this one for dead."""
        held, looked, begun = [], 0, self._office.clock.now()
        for line in lines:
            looked += 1
            try:
                held.append((line, [self._kept(path) for path in line.files]))
            except (BadInput, NotFound) as error:
                plan.wrong[line.row] = {"files": error.in_words if isinstance(error, BadInput) else error.thai}
            if self._office.clock.now() - begun > self._office.lease / 4:
                break
        return looked, held

    def _block(self, held: Sequence[tuple[OldLine, list[Attachment]]]) -> int:
        with self._office.uow() as uow:
            books = {
                book: self._book(uow, book) for book in sorted({line.book for line, _ in held if line.book}, key=str)
            }
            for book in books.values():  # none is taken, but the book is held, and one that was closed says so
                assert book is not None
                uow.registers.take_block(self._agency.id, book.kind, book.unit_id, book.year, 0)
            there = self._there(uow, [line for line, _ in held])
            made, new = [], []
            for line, files in held:
                assert line.book is not None
                book = books[line.book]
                if book is not None and (line.book, line.serial) not in there:
                    made.append(self._entry(uow, line, book, files))
                    new.append(line)
            uow.registers.enter(*made)
            for entry in made:
                uow.record(entry.entered(by=self._actor, at=self._now))
            self._keeping.begin(uow, list(zip(new, made, strict=True)))
            uow.registers.learn(self._agency.id, phrases_of(made), self._now)
            uow.commit()
        return len(made)

    def _entry(self, uow: UnitOfWork, line: OldLine, book: Book, files: list[Attachment]) -> RegisterEntry:
        unit, matter = self._unit(uow, line.unit), line.matter.tidied()
        own = (unit or self._agency).name
        owner = unit if unit is not None or book.kind.incoming else self._central
        number = matter.number or written_number(book.kind, line.serial, book.year, self._agency, owner)
        taken = Taken(book.id, book.kind, book.unit_id, book.year, line.serial)
        matter = replace(matter, sender=matter.sender or own, addressee=matter.addressee or own)
        unit_id = (unit or self._central).id
        entry = line_of(taken, matter, number, actor=self._actor, unit_id=unit_id, origin=Origin.BEFORE, now=self._now)
        entry.files = files
        return entry

    def _kept(self, path: str) -> Attachment:
        with self._office.old_folders.open(self._agency.code, self._folder, path) as stream:
            digest, size = self._office.blobs.keep_stream(stream, LARGEST_FILE)
        clean_or_dropped(self._office, digest)
        name = PurePosixPath(path.replace("\\", "/")).name
        media_type = mimetypes.guess_type(name)[0] or "application/octet-stream"
        return Attachment(safe_name(name), Role.LETTER, media_type, size, digest)

    def _there(self, uow: UnitOfWork, lines: Sequence[OldLine]) -> dict[tuple[OldBook, int], RegisterEntry]:
        """The lines that the registers have under these numbers."""
        serials: dict[OldBook, list[int]] = {}
        for line in lines:
            if line.book is not None:
                serials.setdefault(line.book, []).append(line.serial)
        found = {}
        for old, numbers in serials.items():
            book = self._book(uow, old)
            for entry in uow.registers.by_serials(book.id, numbers) if book is not None else ():
                found[old, entry.serial] = entry
        return found

    def _same(self, line: OldLine, there: RegisterEntry) -> bool:
        """Is it the line that an earlier errand entered from this row?"""
        matter = line.matter.tidied()
        return there.origin is Origin.BEFORE and there.subject == matter.subject and matter.number in ("", there.number)

    def _book(self, uow: UnitOfWork, old: OldBook) -> Book | None:
        kind, code, year = old
        unit = self._unit(uow, code)
        if code and unit is None:
            return None
        return uow.registers.book(self._agency.id, kind, unit.id if unit is not None else None, year)

    def _unit(self, uow: UnitOfWork, code: str) -> Unit | None:
        if code not in self._units:
            try:
                self._units[code] = unit_named(uow, self._agency.id, code)
            except NotFound:
                self._units[code] = None
        return self._units[code]
