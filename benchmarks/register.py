"""Registering a letter (ลงรับ): number, line, letter, journal, commit; by one clerk and by eight at once.

The reference writes the same rows in one transaction by Core statements that were built before, and reads nothing.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from multiprocessing.synchronize import Barrier
from time import perf_counter
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Engine, bindparam, func, insert, select, update

from benchmarks.databases import Databases
from benchmarks.frame import Figure, per_second, promised
from benchmarks.town import RECEIVER, Town, founded
from saraban.bootstrap import build
from saraban.domain.actor import Actor
from saraban.domain.agency import AgencyId
from saraban.domain.attachment import Digest
from saraban.domain.calendar import RegisterYear
from saraban.domain.classification import Secrecy, Urgency
from saraban.domain.incoming import IncomingId, IncomingLetter, IncomingState
from saraban.domain.register import BookKind, EntryState
from saraban.settings import Settings
from saraban.storage.database import open_engine
from saraban.storage.tables.journal import heads, journal
from saraban.storage.tables.letters import incoming
from saraban.storage.tables.registers import books, entries
from saraban.usecases.registering import register_letter

SIZE = 160
"""How many letters are registered in a round."""
ROUNDS = 7
WRITERS = 8
PROMISED = {"sqlite": 250.0, "postgresql": 150.0}
_YEAR = RegisterYear.containing(datetime.now(UTC)).buddhist
# The reference numbers its lines in a book of its own, so that the product's can be checked for gaps afterwards.
_YEAR_OF_REFERENCE = _YEAR - 1
_TEXT = (
    '{"at":"2026-11-23T02:30:00+00:00","by":{"name":"นางสาวสมใจ ใจดี","person":"00000000-0000-0000-0000-000000000000",'
    '"position":"00000000-0000-0000-0000-000000000000","title":"เจ้าพนักงานธุรการ"},"event":"incoming.registered",'
    '"seq":1,"values":{"incoming_id":"00000000-0000-0000-0000-000000000000","number":1,"year":2569}}'
)

_NUMBER = (
    update(books).where(books.c.id == bindparam("book")).values(last=books.c.last + 1).returning(books.c.last)
)
_LETTER = (
    update(incoming)
    .where(incoming.c.id == bindparam("letter"), incoming.c.version == 1)
    .values(
        state=IncomingState.REGISTERED,
        register_number=bindparam("taken"),
        register_year=_YEAR_OF_REFERENCE,
        registered_at=bindparam("now"),
        registered_by="นางสาวสมใจ ใจดี",
        version=2,
    )
)
_LINE = insert(entries)
_HEAD = (
    update(heads).where(heads.c.agency_id == bindparam("agency")).values(seq=heads.c.seq + 1).returning(heads.c.seq)
)
_EVENT = insert(journal)
_CHAINED = update(heads).where(heads.c.agency_id == bindparam("agency")).values(digest=bindparam("new_digest"))


def figures(size: int, databases: Databases) -> Iterator[Figure]:
    """One clerk against one bare writer; eight processes against the promised rate and against eight bare writers."""
    for kind in databases.kinds:
        with databases.migrated(kind) as url, founded(url) as town:
            bench = Bench(town)
            yield Figure(
                name="register",
                unit="letters/s",
                product=partial(bench.one_clerk, size),
                reference="the same rows, bare Core",
                against=partial(bench.one_bare_writer, size),
                goal=0.4,
                database=kind,
            )
            with Writers(town, bench) as writers:
                yield Figure(
                    name="register, 8 writers",
                    unit="letters/s",
                    product=partial(writers.rate, size, "clerk"),
                    reference="promised",
                    against=promised(PROMISED[kind]),
                    goal=1.0,
                    database=kind,
                )
                yield Figure(
                    name="register, 8 writers",
                    unit="letters/s",
                    product=partial(writers.rate, size, "clerk"),
                    reference="8 bare writers",
                    against=partial(writers.rate, size, "bare"),
                    goal=0.4,
                    database=kind,
                )
            bench.require_whole_register()


class Bench:
    """The receiver's mailbox full of letters, and two ways to register them."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.bare = BareWriter(town.office.writing, town.agencies[RECEIVER].id)

    def waiting(self, count: int) -> list[UUID]:
        """Put so many letters of ordinary mail on the shelf."""
        agency, now = self.town.agencies[RECEIVER], datetime.now(UTC)
        assert self.town.clerk.unit_id is not None
        ids = []
        with self.town.services.uow() as uow:
            for serial in range(count):
                letter = IncomingLetter(
                    id=IncomingId(uuid4()),
                    agency_id=agency.id,
                    unit_id=self.town.clerk.unit_id,
                    state=IncomingState.NEW,
                    received_at=now,
                    raw_sha256=Digest.of(b"raw"),
                    message_id=f"<{uuid4()}@elsewhere.test>",
                    from_mailbox="saraban@elsewhere.test",
                    from_name="สำนักงานจังหวัดทดสอบ",
                    number=f"ทส 0203/{serial}",
                    subject="ขอเชิญประชุมคณะกรรมการจัดทำแผนปฏิบัติราชการประจำปี",
                    addressed_to="เรียน อธิบดีกรมรับหนังสือ",
                    text="ด้วยสำนักงานจังหวัดกำหนดจัดประชุม " * 20,
                    ordinary=True,
                )
                uow.incoming.add(letter)
                ids.append(letter.id)
            uow.commit()
        return ids

    def one_clerk(self, size: int) -> float:
        """Letters a second by the use case."""
        ids = self.waiting(size)
        services, clerk = self.town.services, self.town.clerk
        return per_second(
            size, lambda: [register_letter(services, actor=clerk, incoming_id=IncomingId(i)) for i in ids]
        )

    def one_bare_writer(self, size: int) -> float:
        """Letters a second by bare statements."""
        ids = self.waiting(size)
        return per_second(size, lambda: [self.bare.register(i) for i in ids])

    def require_whole_register(self) -> None:
        """Raise when the receiving book has a gap or a number twice, or the counter says something else."""
        agency = self.town.agencies[RECEIVER]
        with self.town.office.reading.connect() as connection:
            book = connection.execute(
                select(books.c.id, books.c.last).where(books.c.agency_id == agency.id, books.c.year == _YEAR)
            ).one()
            row = connection.execute(
                select(
                    func.count(), func.count(entries.c.serial.distinct()), func.min(entries.c.serial),
                    func.max(entries.c.serial),
                ).where(entries.c.book_id == book.id)
            ).one()  # fmt: skip
        if tuple(row) != (book.last, book.last, 1, book.last):
            raise RuntimeError(f"the register has a gap or a number twice: {tuple(row)}, the counter says {book.last}")


class BareWriter:
    """Writes what registering a letter writes, with nothing of ours in between but the tables."""

    def __init__(self, engine: Engine, agency_id: AgencyId) -> None:
        self._engine, self._agency = engine, agency_id
        with engine.begin() as connection:
            found = connection.execute(
                select(books.c.id).where(books.c.agency_id == agency_id, books.c.year == _YEAR_OF_REFERENCE)
            ).scalar()
            self._book = found or uuid4()
            if found is None:
                row = {"id": self._book, "agency_id": agency_id, "kind": BookKind.RECEIVING, "keeper_id": agency_id}
                connection.execute(insert(books), {**row, "year": _YEAR_OF_REFERENCE, "last": 0})

    def register(self, letter: UUID) -> None:
        """One letter, one transaction."""
        now, agency = datetime.now(UTC), self._agency
        with self._engine.connect() as connection, connection.begin():
            number = connection.execute(_NUMBER, {"book": self._book}).scalar_one()
            connection.execute(_LETTER, {"letter": letter, "taken": number, "now": now})
            connection.execute(_LINE, self._line(letter, number, now))
            seq = connection.execute(_HEAD, {"agency": agency}).scalar_one()
            event = {"agency_id": agency, "seq": seq, "at": now, "name": "incoming.registered", "subject": letter}
            connection.execute(_EVENT, {**event, "text": _TEXT, "digest": _DIGEST})
            connection.execute(_CHAINED, {"agency": agency, "new_digest": _DIGEST})

    def _line(self, letter: UUID, number: int, now: datetime) -> dict[str, Any]:
        return {
            "id": uuid4(),
            "agency_id": self._agency,
            "book_id": self._book,
            "kind": BookKind.RECEIVING,
            "year": _YEAR_OF_REFERENCE,
            "serial": number,
            "state": EntryState.USED,
            "subject_of": letter,
            "number": "ทส 0203/1",
            "letter_date": None,
            "sender": "สำนักงานจังหวัดทดสอบ",
            "addressee": "อธิบดีกรมรับหนังสือ",
            "subject": "ขอเชิญประชุมคณะกรรมการจัดทำแผนปฏิบัติราชการประจำปี",
            "practice": "",
            "note": "",
            "urgency": Urgency.NORMAL,
            "secrecy": Secrecy.OPEN,
            "unit_id": None,
            "at": now,
            "entered_by": "นางสาวสมใจ ใจดี",
            "void_reason": "",
            "void_authority": "",
            "search_text": "ทส 0203/1 ทส0203/1 ขอเชิญประชุมคณะกรรมการจัดทำแผนปฏิบัติราชการประจำปี",
        }


_DIGEST = Digest.of(b"bare")


class Writers:
    """Eight processes, each with an installation of its own over the same database, as web workers have."""

    def __init__(self, town: Town, bench: Bench) -> None:
        self._bench = bench
        context = multiprocessing.get_context("spawn")
        self._barrier = context.Barrier(WRITERS + 1)
        self._lines = [context.Pipe() for _ in range(WRITERS)]
        self._processes = [
            context.Process(target=_writer, args=(town.settings, town.clerk, theirs, self._barrier), daemon=True)
            for _, theirs in self._lines
        ]

    def __enter__(self) -> Writers:
        for process in self._processes:
            process.start()
        return self

    def __exit__(self, *_error: object) -> None:
        for ours, _ in self._lines:
            ours.send(None)
        for process in self._processes:
            process.join(10)

    def rate(self, size: int, way: str) -> float:
        """Letters a second of all together, from the common start to the last letter."""
        share = -(-size // WRITERS)
        ids = self._bench.waiting(share * WRITERS)
        for place, (ours, _) in enumerate(self._lines):
            ours.send((way, ids[place * share : (place + 1) * share]))
        self._barrier.wait(60)
        begin = perf_counter()
        for ours, _ in self._lines:
            problem = ours.recv()
            if problem:
                raise RuntimeError(problem)
        return len(ids) / (perf_counter() - begin)


def _writer(settings: Settings, clerk: Actor, line: Any, barrier: Barrier) -> None:
    office = build(settings)
    bare = BareWriter(open_engine(settings.database_url, writing=True), clerk.agency_id)
    while (order := line.recv()) is not None:
        way, ids = order
        barrier.wait(60)
        try:
            for letter in ids:
                if way == "clerk":
                    register_letter(office.services, actor=clerk, incoming_id=IncomingId(letter))
                else:
                    bare.register(letter)
            line.send("")
        except Exception as error:
            line.send(f"{type(error).__name__}: {error}")
