"""Numbers of the books: letters on paper that are entered by 1, 8 and 32 clerks at once, against a bare counter.

The reference does the least that a number without gaps needs: one row that is counted up and committed, by the bare
driver, by as many processes. What the product does beside it for each number: the line, its scan and search columns,
what seems the same, the ledger, the chained journal and what is offered as others type.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import count
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Engine, func, insert, select

from benchmarks.databases import Databases
from benchmarks.frame import Figure
from benchmarks.town import RECEIVER, Town, founded
from benchmarks.writers import Way, Writers
from saraban.bootstrap import Office
from saraban.domain.actor import Actor
from saraban.domain.calendar import RegisterYear
from saraban.domain.register import BookKind, Matter
from saraban.storage.database import open_engine
from saraban.storage.tables.registers import books, entries
from saraban.usecases.recording import record_letter

SIZE = 160
"""How many letters are entered in a round."""
ROUNDS = 5
WRITERS = (1, 8, 32)
GOALS = {"sqlite": 0.05, "postgresql": 0.05}
_COUNTER_YEAR = 1
_STEP = "UPDATE books SET last = last + 1 WHERE id = {} RETURNING last"
_SENDERS = 40


def figures(size: int, databases: Databases) -> Iterator[Figure]:
    """Numbers a second by so many clerks, against as many processes at the bare counter."""
    for kind in databases.kinds:
        with databases.migrated(kind) as url, founded(url) as town:
            bench = Bench(town)
            for writers in WRITERS:
                with Writers(town, writers, ways) as clerks:
                    yield Figure(
                        name=f"numbers, {writers} writer{'s' * (writers > 1)}",
                        unit="numbers/s",
                        product=partial(bench.entered, clerks, size),
                        reference="the bare SQL counter",
                        against=partial(bench.counted, clerks, size),
                        goal=GOALS[kind],
                        database=kind,
                    )
            bench.require_whole_book()


class Bench:
    """The receiver's book, and a counter beside it."""

    def __init__(self, town: Town) -> None:
        self._town = town
        self._serial = count(1)
        agency = town.agencies[RECEIVER]
        with town.office.writing.begin() as connection:
            row = {"id": uuid4(), "agency_id": agency.id, "kind": BookKind.MINUTES, "keeper_id": agency.id}
            now = town.services.clock.now()
            opened = {"first": 1, "last": 0, "opened_at": now, "opened_by": "ระบบ", "ended": False}
            connection.execute(insert(books), {**row, **opened, "year": _COUNTER_YEAR})

    def entered(self, clerks: Writers, size: int) -> float:
        """Letters a second that clerks enter."""
        return clerks.rate("clerk", [next(self._serial) for _ in range(size)])

    def counted(self, clerks: Writers, size: int) -> float:
        """Steps a second of the counter; ten times as many, since a step is short."""
        return clerks.rate("counter", range(size * 10))

    def require_whole_book(self) -> None:
        """Raise when the receiving book has a gap or a number twice, or a line without its ledger."""
        agency, year = self._town.agencies[RECEIVER], RegisterYear.containing(self._town.services.clock.now()).buddhist
        with self._town.office.reading.connect() as connection:
            book = connection.execute(
                select(books.c.id, books.c.last).where(books.c.agency_id == agency.id, books.c.year == year)
            ).one()
            lines = select(func.count(entries.c.serial.distinct())).where(entries.c.book_id == book.id)
            found = connection.scalar(lines)
        wrong = [check for check in self._town.services.ledgers.books(agency.id, year) if not check.sound]
        if wrong or found != book.last or self._town.services.ledgers.faults(agency.id):
            raise RuntimeError(f"the book is not whole: {found} lines, the counter says {book.last}: {wrong}")


def ways(office: Office, clerk: Actor) -> dict[str, Way]:
    """A clerk's way to a number and the counter's, for a process of its own."""
    engine = open_engine(office.settings.database_url, writing=True)
    return {
        "clerk": lambda serial: record_letter(
            office.services, actor=clerk, kind=BookKind.RECEIVING, matter=_letter(serial)
        ),
        "counter": _counter(engine, clerk),
    }


def _letter(serial: int) -> Matter:
    sender = serial % _SENDERS
    return Matter(
        number=f"ทส {1000 + sender}/{serial}",
        sender=f"สำนักงานจังหวัดที่ {sender}",
        addressee="อธิบดีกรมรับหนังสือ",
        subject=f"ขอเชิญประชุมคณะกรรมการจัดทำแผนปฏิบัติราชการ ครั้งที่ {serial}",
        practice="กองกฎหมาย",
    )


def _counter(engine: Engine, clerk: Actor) -> Way:
    """One step of the counter by the driver alone, in a transaction of its own."""
    own = select(books.c.id).where(books.c.agency_id == clerk.agency_id, books.c.year == _COUNTER_YEAR)
    with engine.begin() as connection:
        book: UUID = connection.execute(own).scalar_one()
    driver: Any = engine.raw_connection()
    cursor = driver.cursor()
    if engine.dialect.name == "sqlite":
        step, begin, values = _STEP.format("?"), "BEGIN IMMEDIATE", (book.hex,)
    else:
        step, begin, values = _STEP.format("%s"), "", (book,)

    def one(_piece: int) -> None:
        if begin:
            cursor.execute(begin)
        cursor.execute(step, values)
        if cursor.fetchone() is None:
            raise RuntimeError("there is no counter")
        driver.commit()

    return one
