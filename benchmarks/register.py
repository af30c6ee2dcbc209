"""Registering a letter (ลงรับ): number, line, letter, ledger, journal, commit; by one clerk and by eight at once.

The reference writes the same rows in one transaction by Core statements that were built before, and reads nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Engine, bindparam, func, insert, select, update

from benchmarks.databases import Databases
from benchmarks.frame import Figure, per_second, promised
from benchmarks.town import RECEIVER, Town, founded
from benchmarks.writers import Way, Writers
from saraban.bootstrap import Office
from saraban.domain.actor import Actor
from saraban.domain.agency import AgencyId
from saraban.domain.attachment import Digest
from saraban.domain.calendar import RegisterYear, office_date
from saraban.domain.classification import Secrecy, Urgency
from saraban.domain.incoming import IncomingId, IncomingLetter, IncomingState
from saraban.domain.register import BookKind, EntryState, Origin
from saraban.storage.database import open_engine
from saraban.storage.tables.journal import heads, journal
from saraban.storage.tables.letters import incoming
from saraban.storage.tables.registers import books, entries, ledger
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

_DIGEST = Digest.of(b"bare")

_NUMBER = update(books).where(books.c.id == bindparam("book")).values(last=books.c.last + 1).returning(books.c.last)
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
_HEAD = update(heads).where(heads.c.agency_id == bindparam("agency")).values(seq=heads.c.seq + 2).returning(heads.c.seq)
_EVENT = insert(journal)
_LEDGER = insert(ledger)
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
            with Writers(town, WRITERS, ways) as writers:
                yield Figure(
                    name="register, 8 writers",
                    unit="letters/s",
                    product=partial(bench.together, writers, size, "clerk"),
                    reference="promised",
                    against=promised(PROMISED[kind]),
                    goal=1.0,
                    database=kind,
                )
                yield Figure(
                    name="register, 8 writers",
                    unit="letters/s",
                    product=partial(bench.together, writers, size, "clerk"),
                    reference="8 bare writers",
                    against=partial(bench.together, writers, size, "bare"),
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

    def together(self, writers: Writers, size: int, way: str) -> float:
        """Letters a second of all writers together."""
        return writers.rate(way, self.waiting(size))

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
                opened = {"first": 1, "last": 0, "opened_at": datetime.now(UTC), "opened_by": "ระบบ", "ended": False}
                connection.execute(insert(books), {**row, **opened, "year": _YEAR_OF_REFERENCE})

    def register(self, letter: UUID) -> None:
        """One letter, one transaction."""
        now, agency = datetime.now(UTC), self._agency
        with self._engine.connect() as connection, connection.begin():
            number = connection.execute(_NUMBER, {"book": self._book}).scalar_one()
            connection.execute(_LETTER, {"letter": letter, "taken": number, "now": now})
            line = self._line(letter, number, now)
            connection.execute(_LINE, line)
            seq = connection.execute(_HEAD, {"agency": agency}).scalar_one()
            event = {"agency_id": agency, "at": now, "text": _TEXT, "digest": _DIGEST}
            came = {**event, "seq": seq - 1, "name": "incoming.registered", "subject": letter}
            taken = {**event, "seq": seq, "name": "number.taken", "subject": line["id"]}
            connection.execute(_EVENT, [came, taken])
            told = {"entry_id": line["id"], "book_id": self._book, "serial": number, "name": "number.taken"}
            place = {"agency_id": agency, "seq": seq, "at": now, "day": office_date(now), "line": _DIGEST}
            connection.execute(_LEDGER, {**told, **place})
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
            "origin": Origin.SYSTEM,
            "received_at": now,
            "corrected": 0,
            "number_key": "ทส0203/1",
            "search_text": "ทส 0203/1 ทส0203/1 ขอเชิญประชุมคณะกรรมการจัดทำแผนปฏิบัติราชการประจำปี",
        }


def ways(office: Office, clerk: Actor) -> dict[str, Way]:
    """The two ways to register a letter, for a process of its own."""
    bare = BareWriter(open_engine(office.settings.database_url, writing=True), clerk.agency_id)
    return {
        "clerk": lambda letter: register_letter(office.services, actor=clerk, incoming_id=IncomingId(letter)),
        "bare": bare.register,
    }
