"""The daily duty and the agencies' own working days, in their tables."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import Connection, bindparam, case, delete, func, select
from sqlalchemy.dialects import postgresql, sqlite

from saraban.domain.agency import AgencyId
from saraban.domain.dispatch import DispatchState
from saraban.domain.duty import DutyDone, Results
from saraban.domain.workdays import DayChange
from saraban.storage.shelves import plain_shelf
from saraban.storage.tables.duty import day_changes, duties
from saraban.storage.tables.exchange import dispatches, mailboxes

_changes = plain_shelf(day_changes, DayChange, key=("agency_id", "day"))
_OF_AGENCY = select(day_changes).where(day_changes.c.agency_id == bindparam("agency")).order_by(day_changes.c.day)
_NOTE = {
    "sqlite": sqlite.insert(duties).on_conflict_do_nothing().returning(duties.c.day),
    "postgresql": postgresql.insert(duties).on_conflict_do_nothing().returning(duties.c.day),
}
_READ_AT = select(func.count(), func.count(mailboxes.c.checked_at), func.min(mailboxes.c.checked_at)).where(
    mailboxes.c.agency_id == bindparam("agency")
)
_SAME = ("agency_id", "day", "duty", "person_id", "person_name", "at", "mailbox_read_at")
_COUNTS = ("sent", "answered", "trouble")
_ANSWERED = (DispatchState.RECEIVED, DispatchState.REGISTERED, DispatchState.COMPLETED, DispatchState.FORWARDED)
_TROUBLE = (DispatchState.INVALID, DispatchState.UNDELIVERED, DispatchState.REFUSED)
_RESULTS = select(
    func.count(),
    func.sum(case((dispatches.c.state.in_(_ANSWERED), 1), else_=0)),
    func.sum(case((dispatches.c.state.in_(_TROUBLE), 1), else_=0)),
).where(
    dispatches.c.agency_id == bindparam("agency"),
    dispatches.c.created_at >= bindparam("since"),
    dispatches.c.created_at < bindparam("until"),
)


class DutyBooks:
    """The book of the duty (usecases.duties.Duties)."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def note(self, done: DutyDone) -> bool:
        """Write it down; False when this person has done it before."""
        row = {name: getattr(done, name) for name in _SAME} | {name: getattr(done.results, name) for name in _COUNTS}
        return self._connection.execute(_NOTE[self._connection.dialect.name], row).first() is not None

    def mailbox_read_at(self, agency_id: AgencyId) -> datetime | None:
        """When the mailbox that waits longest was read; None when one never was."""
        boxes, read, oldest = self._connection.execute(_READ_AT, {"agency": agency_id}).one()
        return oldest if boxes == read else None

    def results(self, agency_id: AgencyId, since: datetime, until: datetime) -> Results:
        """What became so far of the dispatches made between two moments."""
        values = {"agency": agency_id, "since": since, "until": until}
        return Results(*(count or 0 for count in self._connection.execute(_RESULTS, values).one()))

    def changes(self, agency_id: AgencyId) -> Sequence[DayChange]:
        """The agency's own days."""
        return _changes.find(self._connection, _OF_AGENCY, {"agency": agency_id})

    def change(self, change: DayChange) -> None:
        """Write a day down, over what was said before."""
        self.undo(change.agency_id, change.day)
        _changes.add(self._connection, change)

    def undo(self, agency_id: AgencyId, day: date) -> DayChange | None:
        """Take a day back."""
        one = (day_changes.c.agency_id == agency_id, day_changes.c.day == day)
        found = _changes.find(self._connection, select(day_changes).where(*one))
        self._connection.execute(delete(day_changes).where(*one))
        return found[0] if found else None
