"""Loans and deposits, as screens and programs show them, with the letters as the reader may know them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Select, and_, or_, select, true

from saraban.domain.actor import Actor
from saraban.domain.deposit import DepositList, DepositState, deposit_list_of
from saraban.domain.errors import NotFound
from saraban.domain.loan import OPEN_LOANS, Loan, LoanState
from saraban.domain.permissions import may_see_archive, may_see_loan, require, sees_all_loans
from saraban.reading.archive import SHOWN, KeptLine, kept_lines, one_row
from saraban.reading.paging import Page, cut, older_than, read_cursor, serial, waiting_first, write_cursor
from saraban.storage.tables import archive as t

_DUE_FIRST = (t.loans.c.due_on, t.loans.c.year, t.loans.c.serial)


class Shown(str, Enum):
    """Which loans are shown."""

    OPEN = "open"
    ASKED = "asked"
    OUT = "out"
    LATE = "late"
    MINE = "mine"
    DONE = "done"

    @property
    def thai(self) -> str:
        """The choice in words."""
        return _SHOWN[self]


_SHOWN = {
    Shown.OPEN: "ยังไม่จบ",
    Shown.ASKED: "ขอยืม",
    Shown.OUT: "ยืมออก",
    Shown.LATE: "เกินกำหนด",
    Shown.MINE: "ของฉัน",
    Shown.DONE: "จบแล้ว",
}


@dataclass(frozen=True)
class LentLine:
    """A loan with its letter."""

    loan: Loan
    letter: KeptLine

    @property
    def id(self) -> UUID:
        """The loan's id."""
        return self.loan.id


def loans(
    reader: Connection, actor: Actor, shown: Shown, today: date, *, cursor: str | None = None, limit: int = SHOWN
) -> Page[LentLine]:
    """Loans that the actor may see (domain.permissions.may_see_loan): those that are due first, or the newest of those
    that are over."""
    c, newest = t.loans.c, shown in (Shown.MINE, Shown.DONE)
    statement = _loans(actor, shown, today)
    if cursor and newest:
        statement = statement.where(older_than(c.asked_at, c.id, cursor))
    elif cursor:
        day, year, number = read_cursor(cursor, date.fromisoformat, serial, serial)
        later = or_(c.year > year, and_(c.year == year, c.serial > number))
        statement = statement.where(or_(c.due_on > day, and_(c.due_on == day, later)))
    order = (c.asked_at.desc(), c.id.desc()) if newest else _DUE_FIRST
    found = _read(reader, statement.order_by(*order).limit(limit + 1))
    kept, following = cut(found, limit, _asked_when if newest else _due_when)
    return Page(_with_letters(reader, actor, kept), following)


def out(reader: Connection, actor: Actor, today: date) -> list[LentLine]:
    """Everything that is out, for the register on paper."""
    return _with_letters(reader, actor, _read(reader, _loans(actor, Shown.OUT, today).order_by(*_DUE_FIRST)))


def _asked_when(one: Loan) -> str:
    return write_cursor(one.asked_at, one.id)


def _due_when(one: Loan) -> str:
    return write_cursor(one.due_on.isoformat(), one.year, one.serial)


def _read(reader: Connection, statement: Select[Any]) -> list[Loan]:
    return [Loan(**row) for row in reader.execute(statement).mappings()]


def _loans(actor: Actor, shown: Shown, today: date) -> Select[Any]:
    require(may_see_archive(actor))
    c = t.loans.c
    mine = or_(c.borrower_id == actor.person_id, c.asker_id == actor.person_id)
    which: dict[Shown, ColumnElement[bool]] = {
        Shown.OPEN: c.state.in_(OPEN_LOANS),
        Shown.ASKED: c.state.in_((LoanState.ASKED, LoanState.PERMITTED)),
        Shown.OUT: c.state == LoanState.OUT,
        Shown.LATE: (c.state == LoanState.OUT) & (c.due_on < today),
        Shown.MINE: mine,
        Shown.DONE: c.state.not_in(OPEN_LOANS),
    }
    seen = true() if sees_all_loans(actor) else or_(mine, c.unit_id == actor.unit_id)
    return select(t.loans).where(c.agency_id == actor.agency_id, seen, which[shown])


def loan(reader: Connection, actor: Actor, loan_id: UUID) -> LentLine:
    """One loan; NotFound where the actor may not see it."""
    found = Loan(**one_row(reader, actor, t.loans, loan_id))
    require(may_see_loan(actor, found))
    return _with_letters(reader, actor, [found])[0]


def card(reader: Connection, actor: Actor, entry_id: UUID) -> list[LentLine]:
    """บัตรยืมหนังสือ of a letter: every loan that was given out, the oldest first, and what was asked for."""
    require(may_see_archive(actor))
    which = (t.loans.c.agency_id == actor.agency_id, t.loans.c.entry_id == entry_id)
    statement = select(t.loans).where(*which).order_by(t.loans.c.year, t.loans.c.serial)
    found = [Loan(**row) for row in reader.execute(statement).mappings()]
    return _with_letters(reader, actor, [one for one in found if may_see_loan(actor, one) is None])


def deposits(reader: Connection, actor: Actor, cursor: str | None = None, limit: int = SHOWN) -> Page[DepositList]:
    """Lists of form 23: of the unit, or of all for who keeps; those that wait first, then the newest."""
    require(may_see_archive(actor))
    c = t.deposit_lists.c
    seen = true() if sees_all_loans(actor) else c.unit_id == actor.unit_id
    settled = c.state != DepositState.DRAWN
    statement = select(t.deposit_lists).where(c.agency_id == actor.agency_id, seen)
    if cursor:
        statement = statement.where(waiting_first(settled, c.made_at, c.id, cursor))
    ordered = statement.order_by(settled, c.made_at.desc(), c.id.desc()).limit(limit + 1)
    rows, following = cut(reader.execute(ordered).mappings().all(), limit, _waited)
    return Page([deposit_list_of(dict(row)) for row in rows], following)


def _waited(row: Any) -> str:
    return write_cursor(int(row["state"] is not DepositState.DRAWN), row["made_at"], row["id"])


def deposit(reader: Connection, actor: Actor, list_id: UUID) -> DepositList:
    """A list of form 23: the depositor's and the keepers'; NotFound otherwise."""
    found = deposit_list_of(one_row(reader, actor, t.deposit_lists, list_id))
    if not (sees_all_loans(actor) or found.unit_id == actor.unit_id):
        raise NotFound
    return found


def _with_letters(reader: Connection, actor: Actor, found: Sequence[Loan]) -> list[LentLine]:
    if not found:
        return []
    letters = kept_lines(reader, actor, [one.entry_id for one in found])
    return [LentLine(one, letters[one.entry_id]) for one in found]
