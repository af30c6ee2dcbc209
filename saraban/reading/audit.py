"""What the last check of an agency's registers found, as the screens show it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, select

from saraban.domain.actor import Actor
from saraban.domain.register import BookKind
from saraban.storage.tables.closing import register_checks
from saraban.storage.tables.registers import entries


@dataclass(frozen=True)
class CheckedBook:
    """A book as the check found it; see usecases.registry.BookCheck. `faults`: what else in it does not hold."""

    book_id: UUID
    kind: BookKind
    keeper: str
    year: int
    begins: int
    first: int | None
    last: int
    used: int
    reserved: int
    void: int
    before: int
    gaps: list[int]
    duplicates: list[int]
    out_of_order: list[int]
    faults: int

    @property
    def wrong(self) -> int:
        """How many of its numbers are wrong."""
        return len(self.gaps) + len(self.duplicates) + len(self.out_of_order)

    @property
    def troubles(self) -> int:
        """How many things do not hold in it."""
        return self.wrong + self.faults


@dataclass(frozen=True)
class Problem:
    """Something that does not hold: in which book, at which number (0 for none), of which day. `entry_id` leads to the
    line where it is still there."""

    book: str
    serial: int
    reason: str
    day: date | None
    entry_id: UUID | None


@dataclass(frozen=True)
class StampVerdict:
    """What the check said of a day's close: Thai words where its seal or its time-stamp does not hold, or where the
    time-stamp cannot be checked here."""

    seal: str
    stamped_at: datetime | None
    time_stamp: str
    unchecked: str = ""


@dataclass(frozen=True)
class CheckShown:
    """The last check: when, by whom ("" for the nightly one), how many lines and faults. `hidden` counts what is in
    registers of classified information and not shown to this person."""

    began_at: datetime
    ended_at: datetime
    by: str
    lines: int
    faults: int
    books: list[CheckedBook]
    problems: list[Problem]
    closes: dict[date, StampVerdict] = field(default_factory=dict)
    hidden: int = 0


def last_check(reader: Connection, actor: Actor) -> CheckShown | None:
    """The newest check of the actor's agency; None when there was none. Registers of classified information are for
    those who are cleared."""
    row = reader.execute(select(register_checks).where(register_checks.c.agency_id == actor.agency_id)).first()
    if row is None:
        return None
    report = row.report
    shown = [one for one in report["faults"] if actor.clearance or not one["secret"]]
    of_book = Counter(one.get("book_id") for one in report["faults"])
    books = [_book(one, of_book[one["book_id"]]) for one in report["books"]]
    open_books = [book for book in books if actor.clearance or not book.kind.secret]
    told = sum(book.wrong for book in open_books) + len(shown)
    secret_lines = sum(b.used + b.reserved + b.void for b in books if b not in open_books)
    return CheckShown(
        began_at=row.began_at,
        ended_at=row.ended_at,
        by=row.by,
        lines=row.lines - secret_lines,
        faults=row.faults,
        books=open_books,
        problems=_problems(reader, actor, shown),
        closes={date.fromisoformat(one["day"]): _verdict(one) for one in report["closes"]},
        hidden=row.faults - told,
    )


def _book(one: dict[str, Any], faults: int) -> CheckedBook:
    names = CheckedBook.__dataclass_fields__.keys() - {"book_id", "kind", "faults"}
    rest = {name: one[name] for name in names}
    return CheckedBook(book_id=UUID(one["book_id"]), kind=BookKind(one["kind"]), faults=faults, **rest)


def _problems(reader: Connection, actor: Actor, told: list[dict[str, Any]]) -> list[Problem]:
    wanted = [UUID(one["entry_id"]) for one in told if one["entry_id"]]
    there = select(entries.c.id).where(entries.c.agency_id == actor.agency_id, entries.c.id.in_(wanted))
    known = set(reader.scalars(there)) if wanted else set()
    return [_problem(one, known) for one in told]


def _problem(one: dict[str, Any], known: set[UUID]) -> Problem:
    entry_id = UUID(one["entry_id"]) if one["entry_id"] else None
    day = date.fromisoformat(one["day"]) if one["day"] else None
    return Problem(one["book"], one["serial"], one["reason"], day, entry_id if entry_id in known else None)


def _verdict(one: dict[str, Any]) -> StampVerdict:
    stamped = datetime.fromisoformat(one["stamped_at"]) if one["stamped_at"] else None
    return StampVerdict(one["seal"], stamped, one["time_stamp"], one.get("unchecked", ""))
