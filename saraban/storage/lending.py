"""Loans and deposits, in their tables."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import Connection, select

from saraban.domain.agency import AgencyId
from saraban.domain.deposit import DepositList, deposit_list_of
from saraban.domain.loan import Loan, LoanState
from saraban.domain.visit import Visit, VisitState
from saraban.storage.archive import expect_of, list_row
from saraban.storage.shelves import Shelf, plain_shelf
from saraban.storage.tables import archive as t

_loans: Shelf[Loan] = plain_shelf(t.loans, Loan)
_visits: Shelf[Visit] = plain_shelf(t.visits, Visit)
_deposits: Shelf[DepositList] = Shelf(t.deposit_lists, to_row=list_row, from_row=lambda row: deposit_list_of(dict(row)))


class LoanBooks:
    """Loans (usecases.archive.Loans)."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, loan: Loan) -> None:
        """Keep a new one."""
        _loans.add(self._connection, loan)

    def save(self, loan: Loan) -> None:
        """Write one back."""
        _loans.save(self._connection, loan)

    def get(self, agency_id: AgencyId, loan_id: UUID) -> Loan:
        """A loan of the agency; NotFound otherwise."""
        found = _loans.get(self._connection, loan_id)
        expect_of(agency_id, found.agency_id)
        return found

    def of_letter(self, agency_id: AgencyId, entry_id: UUID) -> Sequence[Loan]:
        """All loans of a letter, the oldest first."""
        which = (t.loans.c.agency_id == agency_id, t.loans.c.entry_id == entry_id)
        statement = select(t.loans).where(*which).order_by(t.loans.c.year, t.loans.c.serial)
        return _loans.find(self._connection, statement)

    def out(self, agency_id: AgencyId) -> Sequence[Loan]:
        """What is out, what was due first first."""
        which = (t.loans.c.agency_id == agency_id, t.loans.c.state == LoanState.OUT)
        statement = select(t.loans).where(*which).order_by(t.loans.c.due_on, t.loans.c.id)
        return _loans.find(self._connection, statement)

    def over(self, today: date, most: int) -> Sequence[Loan]:
        """Electronic letters that are read no longer, of any agency."""
        which = (t.loans.c.state == LoanState.OUT, t.loans.c.subject_of.is_not(None), t.loans.c.due_on < today)
        return _loans.find(self._connection, select(t.loans).where(*which).order_by(t.loans.c.id).limit(most))


class VisitBooks:
    """Outsiders who look at letters (usecases.archive.Visits)."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, visit: Visit) -> None:
        """Keep a new one."""
        _visits.add(self._connection, visit)

    def save(self, visit: Visit) -> None:
        """Write one back."""
        _visits.save(self._connection, visit)

    def get(self, agency_id: AgencyId, visit_id: UUID) -> Visit:
        """A visit of the agency; NotFound otherwise."""
        found = _visits.get(self._connection, visit_id)
        expect_of(agency_id, found.agency_id)
        return found

    def expected(self, agency_id: AgencyId, until: date) -> Sequence[Visit]:
        """Visits that are permitted and whose day comes until then, the first first."""
        c = t.visits.c
        which = (c.agency_id == agency_id, c.state == VisitState.PERMITTED, c.comes_on <= until)
        return _visits.find(self._connection, select(t.visits).where(*which).order_by(c.comes_on, c.id))


class DepositBooks:
    """Deposits (usecases.archive.Deposits)."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, made: DepositList) -> None:
        """Keep a new list."""
        _deposits.add(self._connection, made)

    def save(self, made: DepositList) -> None:
        """Write a list back."""
        _deposits.save(self._connection, made)

    def get(self, agency_id: AgencyId, list_id: UUID) -> DepositList:
        """A list of the agency; NotFound otherwise."""
        found = _deposits.get(self._connection, list_id)
        expect_of(agency_id, found.agency_id)
        return found
