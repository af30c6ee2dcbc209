"""Daily and yearly closes on the shelf, and the witnesses of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, and_, bindparam, not_, select, true, update
from sqlalchemy.dialects import postgresql, sqlite

from saraban.domain.agency import AgencyId
from saraban.domain.attachment import Digest
from saraban.domain.closing import DayClose, LedgerLine, YearClose
from saraban.storage.shelves import Shelf, plain_shelf
from saraban.storage.tables.closing import day_closes, witnesses, year_closes
from saraban.storage.tables.journal import heads
from saraban.storage.tables.registers import ledger
from saraban.usecases.registry import OpenDay

_days: Shelf[DayClose] = plain_shelf(day_closes, DayClose)
_years: Shelf[YearClose] = plain_shelf(year_closes, YearClose)
_LAST = (
    select(day_closes).where(day_closes.c.agency_id == bindparam("agency")).order_by(day_closes.c.day.desc()).limit(1)
)
_UNSTAMPED = (
    select(day_closes).where(day_closes.c.time_stamp.is_(None)).order_by(day_closes.c.day).limit(bindparam("most"))
)
_HEAD = select(heads.c.seq, heads.c.digest).where(heads.c.agency_id == bindparam("agency"))


def uncovered(after: DayClose | None) -> ColumnElement[bool]:
    """The condition over the ledger that no close up to this one covers the line: it is of a later day, or was written
    after the close of its day (the journal's order tells)."""
    if after is None:
        return true()
    return not_(and_(ledger.c.day <= after.day, ledger.c.seq <= after.until_seq))


class CloseBooks:
    """Closes on the shelf (usecases.registry.Closes)."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, close: DayClose) -> None:
        """Keep a day's close; there is one for each day."""
        _days.add(self._connection, close)

    def last(self, agency_id: AgencyId) -> DayClose | None:
        """The newest close."""
        found = _days.find(self._connection, _LAST, {"agency": agency_id})
        return found[0] if found else None

    def open_days(self, agency_id: AgencyId, until: date) -> Sequence[date]:
        """Days with lines that no close covers, the oldest first; a line written after its day was closed belongs to
        the first day after the last close that is not later than `until`."""
        last = self.last(agency_id)
        days = self._connection.scalars(
            select(ledger.c.day)
            .where(ledger.c.agency_id == agency_id, ledger.c.day <= until, uncovered(last))
            .distinct()
            .order_by(ledger.c.day)
        ).all()
        if last is None:
            return days
        later = [day for day in days if day > last.day]
        return later if later or not days or until <= last.day else [until]

    def to_cover(self, agency_id: AgencyId, day: date) -> OpenDay:
        """The lines up to that day that no close covers yet, and the journal's head."""
        head = self._connection.execute(_HEAD, {"agency": agency_id}).one()
        rows = self._connection.execute(
            select(ledger)
            .where(
                ledger.c.agency_id == agency_id,
                ledger.c.day <= day,
                ledger.c.seq <= head.seq,
                uncovered(self.last(agency_id)),
            )
            .order_by(ledger.c.seq)
        )
        lines = [LedgerLine(r.seq, r.book_id, r.entry_id, r.serial, r.name, r.line) for r in rows]
        return OpenDay(day, lines, head.seq, head.digest)

    def unstamped(self, limit: int) -> Sequence[DayClose]:
        """Closes without a time-stamp, the oldest first."""
        return _days.find(self._connection, _UNSTAMPED, {"most": limit})

    def stamp(self, close: DayClose, token: bytes) -> None:
        """Add the time-stamp that was had later."""
        close.time_stamp = token
        self._connection.execute(update(day_closes).where(day_closes.c.id == close.id).values(time_stamp=token))

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
        receipt_id: UUID,
        raw: Digest,
        at: datetime,
    ) -> bool:
        """Keep that a root went out or came in; False when this very one was kept before."""
        make = (postgresql if self._connection.dialect.name == "postgresql" else sqlite).insert
        row = {
            "agency_id": agency_id,
            "other_code": other_code,
            "given": given,
            "day": day,
            "root": root,
            "receipt_id": receipt_id,
            "raw": raw,
            "at": at,
        }
        return self._connection.execute(make(witnesses).on_conflict_do_nothing(), row).rowcount == 1
