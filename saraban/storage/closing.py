"""Daily and yearly closes on the shelf, the witnesses of them, and the last check of everything."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Select, and_, bindparam, delete, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from saraban.domain.agency import AgencyId
from saraban.domain.attachment import Digest
from saraban.domain.closing import BookRoot, CloseId, DayClose, DaySummary, LedgerLine, YearClose, merkle_root
from saraban.domain.errors import ConcurrentEdit, NotFound
from saraban.domain.events import DayClosed
from saraban.domain.register import BookKind, EntryState
from saraban.storage.bookcheck import check_books
from saraban.storage.days import day_begins, office_day
from saraban.storage.shelves import Shelf, plain_shelf
from saraban.storage.tables.closing import close_troubles, day_closes, register_checks, witnesses, year_closes
from saraban.storage.tables.journal import heads, journal
from saraban.storage.tables.people import units
from saraban.storage.tables.registers import books, entries, ledger
from saraban.usecases.registry import BookCheck, RegistersCheck

DAYS: Shelf[DayClose] = plain_shelf(day_closes, DayClose)
_years: Shelf[YearClose] = plain_shelf(year_closes, YearClose)
_LAST = (
    select(day_closes)
    .where(day_closes.c.agency_id == bindparam("agency"), day_closes.c.day <= bindparam("until"))
    .order_by(day_closes.c.day.desc())
    .limit(1)
)
_HEAD = select(heads.c.seq, heads.c.digest).where(heads.c.agency_id == bindparam("agency"))


def uncovered(agency_id: AgencyId, until: date, after: DayClose | None) -> ColumnElement[bool]:
    """The condition over the ledger that the line is of a day up to this one and that no close up to `after` covers it:
    it is of a later day, or was written after the close of its day (the journal's order tells). Each part is a range of
    an index."""
    ours = ledger.c.agency_id == agency_id
    if after is None:
        return and_(ours, ledger.c.day <= until)
    of_later_days = and_(ours, ledger.c.day > after.day, ledger.c.day <= until)
    written_late = and_(ours, ledger.c.seq > after.until_seq, ledger.c.day <= after.day)
    return or_(of_later_days, written_late)


def unsealed_days(agency_id: UUID, until: date, after: DayClose | None) -> Select[str]:
    """Days of the journal's lines that lie below no sealed head, as ISO texts. That a day was closed is no reason to
    close the next one: it would go on for ever."""
    lines = select(office_day(journal.c.at)).where(
        journal.c.agency_id == agency_id,
        journal.c.seq > (after.until_seq if after is not None else 0),
        journal.c.at < day_begins(until + timedelta(days=1)),
        journal.c.name != DayClosed.name,
    )
    return lines.distinct()


def roots_of_day(
    connection: Connection, agency_id: AgencyId, *, day: date, until_seq: int, after: DayClose | None
) -> list[BookRoot]:
    """The root of each book over the lines up to that day and that line of the journal which the close before does not
    cover, in the order of the books' ids. A book of which only the ledger knows is called by its id."""
    rows = connection.execute(
        select(ledger)
        .where(uncovered(agency_id, day, after), ledger.c.seq <= until_seq)
        .order_by(ledger.c.book_id, ledger.c.seq)
        .execution_options(yield_per=1000)
    )
    known = _names(connection, agency_id)
    made = [_root(known.get(book_id), book_id, lines) for book_id, lines in groupby(rows, key=lambda r: r.book_id)]
    return sorted(made, key=lambda b: str(b.book_id))


def _names(connection: Connection, agency_id: AgencyId) -> dict[UUID, Any]:
    statement = select(books.c.id, books.c.kind, books.c.year, units.c.code).select_from(
        books.outerjoin(units, units.c.id == books.c.unit_id)
    )
    return {row.id: row for row in connection.execute(statement.where(books.c.agency_id == agency_id))}


def _root(book: Any, book_id: UUID, rows: Iterator[Any]) -> BookRoot:
    serials: list[int] = []
    count = 0

    def leaves() -> Iterator[bytes]:
        nonlocal count, serials
        for r in rows:
            count += 1
            serials = [min(serials[0], r.serial), max(serials[1], r.serial)] if serials else [r.serial, r.serial]
            yield LedgerLine(r.seq, r.book_id, r.entry_id, r.serial, r.name, r.line).leaf()

    root = merkle_root(leaves())
    return BookRoot(
        book_id=book_id,
        kind=book.kind if book is not None else None,
        unit=(book.code or "") if book is not None else "",
        year=book.year if book is not None else 0,
        lines=count,
        first=serials[0],
        last=serials[1],
        root=root,
    )


class CloseBooks:
    """Closes on the shelf (usecases.registry.Closes)."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._insert = (postgresql if connection.dialect.name == "postgresql" else sqlite).insert

    def add(self, close: DayClose, after: DayClose | None) -> None:
        """Keep a day's close. The journal's head is held from here to the end of the transaction, so that of two who
        close at once the second one sees what the first one did."""
        self._connection.execute(_HEAD.with_for_update(), {"agency": close.agency_id})
        newest = self.last(close.agency_id)
        if (newest and newest.id) != (after and after.id):
            raise ConcurrentEdit("มีผู้ปิดวันพร้อมกัน")
        DAYS.add(self._connection, close)

    def last(self, agency_id: AgencyId, until: date | None = None) -> DayClose | None:
        """The newest close (up to a day)."""
        found = DAYS.find(self._connection, _LAST, {"agency": agency_id, "until": until or date.max})
        return found[0] if found else None

    def day(self, agency_id: AgencyId, day: date) -> DayClose:
        """The close of a day."""
        found = self.last(agency_id, day)
        if found is None or found.day != day:
            raise NotFound
        return found

    def open_days(self, agency_id: AgencyId, until: date) -> Sequence[date]:
        """Days with lines of the registers or of the journal that no close covers, the oldest first; a line written
        after its day was closed belongs to the first day after the last close that is not later than `until`."""
        last = self.last(agency_id)
        days = self._connection.scalars(select(ledger.c.day).where(uncovered(agency_id, until, last)).distinct()).all()
        told = self._connection.scalars(unsealed_days(agency_id, until, last)).all()
        found = sorted({*days, *map(date.fromisoformat, told)})
        if last is None:
            return found
        later = [day for day in found if day > last.day]
        return later if later or not days or until <= last.day else [until]

    def to_cover(self, agency_id: AgencyId, day: date) -> DaySummary:
        """What a close of that day has to say. It reaches to the journal's newest line, so that nothing is open longer
        than it must be."""
        head = self._connection.execute(_HEAD, {"agency": agency_id}).one()
        last = self.last(agency_id)
        made = roots_of_day(self._connection, agency_id, day=day, until_seq=head.seq, after=last)
        return DaySummary(day, last.root if last is not None else None, head.seq, head.digest, made)

    def stamp(self, close_id: CloseId, token: bytes) -> None:
        """Add the time-stamp of a day that has none."""
        day = (day_closes.c.id == close_id) & day_closes.c.time_stamp.is_(None)
        self._connection.execute(update(day_closes).where(day).values(time_stamp=token))

    def trouble(self, agency_id: AgencyId, reason: str, at: datetime) -> None:
        """Write down why a day could not be closed or stamped; "" takes it away."""
        if not reason:
            self._connection.execute(delete(close_troubles).where(close_troubles.c.agency_id == agency_id))
            return
        statement = self._insert(close_troubles).values(agency_id=agency_id, reason=reason, at=at)
        changed = {"reason": reason, "at": at}
        self._connection.execute(statement.on_conflict_do_update(index_elements=["agency_id"], set_=changed))

    def counts(self, agency_id: AgencyId, year: int) -> Sequence[BookCheck]:
        """How the lines of each book of that year stand."""
        return check_books(self._connection, agency_id, year)

    def reserved(self, agency_id: AgencyId, year: int) -> Sequence[tuple[BookKind, int]]:
        """How many reserved numbers of that year wait for their letters, by book."""
        statement = (
            select(books.c.kind, func.count().label("waiting"))
            .join(entries, (entries.c.book_id == books.c.id) & (entries.c.state == EntryState.RESERVED))
            .where(books.c.agency_id == agency_id, books.c.year == year)
            .group_by(books.c.id, books.c.kind)
            .order_by(books.c.kind)
        )
        return [(row.kind, row.waiting) for row in self._connection.execute(statement)]

    def add_year(self, close: YearClose) -> None:
        """Keep the statement of a year; there is one for each year."""
        _years.add(self._connection, close)

    def year(self, agency_id: AgencyId, year: int) -> YearClose | None:
        """The statement of a year."""
        statement = select(year_closes).where(year_closes.c.agency_id == agency_id, year_closes.c.year == year)
        found = _years.find(self._connection, statement)
        return found[0] if found else None

    def witness(
        self,
        agency_id: AgencyId,
        other_code: str,
        *,
        given: bool,
        day: date,
        root: Digest,
        previous: Digest | None,
        receipt_id: UUID,
        raw: Digest,
        at: datetime,
    ) -> bool:
        """Keep that a root went out or came in; False when this very one was kept before."""
        row = {
            "agency_id": agency_id,
            "other_code": other_code,
            "given": given,
            "day": day,
            "root": root,
            "previous": previous,
            "receipt_id": receipt_id,
            "raw": raw,
            "at": at,
        }
        statement = self._insert(witnesses).values(**row).on_conflict_do_nothing().returning(witnesses.c.day)
        return self._connection.execute(statement).first() is not None

    def keep_check(self, check: RegistersCheck) -> None:
        """Keep the newest check of an agency."""
        row = asdict(check)
        statement = self._insert(register_checks).values(**row)
        changed = {name: value for name, value in row.items() if name != "agency_id"}
        self._connection.execute(statement.on_conflict_do_update(index_elements=["agency_id"], set_=changed))

    def checked_at(self, agency_id: AgencyId) -> datetime | None:
        """When the newest check began."""
        statement = select(register_checks.c.began_at).where(register_checks.c.agency_id == agency_id)
        return self._connection.execute(statement).scalar()
