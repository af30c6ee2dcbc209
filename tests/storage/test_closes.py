"""Closes on the shelf: days at midnight in Bangkok, lines that come late, closers who race, and how little is read."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import Engine, insert, select

from saraban.domain.attachment import Digest
from saraban.domain.closing import CloseId, DayClose
from saraban.domain.errors import ConcurrentEdit, NotFound
from saraban.domain.events import DayClosed
from saraban.domain.register import Book, EntryState, RegisterEntry
from saraban.exchange.closes import day_statement
from saraban.storage import journal as chain
from saraban.storage.ledger import LedgerAudit
from saraban.storage.tables.closing import day_closes
from saraban.storage.tables.journal import journal
from saraban.storage.tables.registers import books, entries, ledger
from saraban.usecases.books import UnitOfWork
from tests.builders import NOW, StaffedAgency, a_book, an_entry
from tests.storage.conftest import NewUow
from tests.storage.fighting import side_by_side

MONDAY = date(2026, 11, 23)
MIDNIGHT = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)


@pytest.fixture
def book(office: StaffedAgency, new_uow: NewUow) -> Book:
    """An open book of the agency."""
    made = a_book(office.agency.id)
    with new_uow() as uow:
        uow.registers.open(made)
        uow.commit()
    return made


def _enter(new_uow: NewUow, office: StaffedAgency, at: datetime) -> RegisterEntry:
    with new_uow() as uow:
        book_id, serial = uow.registers.take(office.agency.id, a_book(office.agency.id).kind, None, 2569)
        line = an_entry(office.agency.id, book_id, serial, at=at)
        uow.registers.enter(line)
        uow.record(line.entered(by=office["central_clerk"], at=at))
        uow.commit()
    return line


def _made(uow: UnitOfWork, office: StaffedAgency, day: date) -> DayClose:
    summary = uow.closes.to_cover(office.agency.id, day)
    text = day_statement(summary, agency_code="onep", agency_name="onep", at=NOW)
    return DayClose(
        CloseId(uuid4()), office.agency.id, day, summary.root, summary.lines, summary.until_seq, text, b"seal", NOW
    )


def _close(new_uow: NewUow, office: StaffedAgency, day: date) -> DayClose:
    with new_uow() as uow:
        after, close = uow.closes.last(office.agency.id), _made(uow, office, day)
        _settle(uow, office, close, after)
    return close


def _settle(uow: UnitOfWork, office: StaffedAgency, close: DayClose, after: DayClose | None) -> None:
    uow.closes.add(close, after)
    uow.record(
        DayClosed(at=NOW, by=office["head"], thing_id=close.id, day=close.day, root=close.root, lines=close.lines)
    )
    uow.commit()


def test_a_line_belongs_to_its_day_of_the_office_on_both_sides_of_midnight(
    office: StaffedAgency, new_uow: NewUow, book: Book
) -> None:
    _enter(new_uow, office, MIDNIGHT - timedelta(microseconds=1))
    _enter(new_uow, office, MIDNIGHT)

    with new_uow() as uow:
        assert list(uow.closes.open_days(office.agency.id, MONDAY)) == [MONDAY]
        assert list(uow.closes.open_days(office.agency.id, MONDAY + timedelta(days=1))) == [
            MONDAY,
            MONDAY + timedelta(days=1),
        ]
        [of_monday] = uow.closes.to_cover(office.agency.id, MONDAY).books
    assert (of_monday.first, of_monday.last, of_monday.lines) == (1, 1, 1)


def test_a_line_that_comes_after_its_day_was_closed_goes_into_the_next_close(
    office: StaffedAgency, new_uow: NewUow, engine: Engine, book: Book
) -> None:
    _enter(new_uow, office, NOW)
    first = _close(new_uow, office, MONDAY)
    _enter(new_uow, office, NOW + timedelta(minutes=1))

    with new_uow() as uow:
        assert list(uow.closes.open_days(office.agency.id, MONDAY)) == []
        assert list(uow.closes.open_days(office.agency.id, MONDAY + timedelta(days=1))) == [MONDAY + timedelta(days=1)]
    second = _close(new_uow, office, MONDAY + timedelta(days=1))

    assert (first.lines, second.lines) == (1, 1)
    assert list(LedgerAudit(engine).faults(office.agency.id)) == []
    with new_uow() as uow:
        assert uow.closes.last(office.agency.id, MONDAY).id == first.id  # type: ignore[union-attr]
        with pytest.raises(NotFound):
            uow.closes.day(office.agency.id, MONDAY + timedelta(days=5))


def test_of_closers_who_settle_at_the_same_moment_exactly_one_wins(
    office: StaffedAgency, new_uow: NewUow, engine: Engine, book: Book
) -> None:
    _enter(new_uow, office, NOW)
    with new_uow() as uow:
        # Two for the same day, and two who think that the day is another one.
        made = [_made(uow, office, MONDAY + timedelta(days=n // 2)) for n in range(4)]

    def settle(n: int) -> bool:
        try:
            with new_uow() as uow:
                _settle(uow, office, made[n], None)
        except ConcurrentEdit:
            return False
        return True

    assert side_by_side(4, settle).count(True) == 1
    with engine.connect() as connection:
        assert len(connection.execute(select(day_closes)).all()) == 1
    assert list(LedgerAudit(engine).faults(office.agency.id)) == []


def test_clerks_who_write_while_a_day_is_closed_lose_no_line_between_two_closes(
    office: StaffedAgency, new_uow: NewUow, engine: Engine, book: Book
) -> None:
    _enter(new_uow, office, NOW)

    def work(n: int) -> None:
        for _ in range(5):
            if n:
                _enter(new_uow, office, NOW)
                continue
            with new_uow() as uow:
                last = uow.closes.last(office.agency.id)
            _close(new_uow, office, last.day + timedelta(days=1) if last is not None else MONDAY)

    side_by_side(3, work)
    _close(new_uow, office, MONDAY + timedelta(days=20))

    with engine.connect() as connection:
        closed = sum(connection.scalars(select(day_closes.c.lines)))
        assert closed == len(connection.execute(select(ledger.c.seq)).all()) == 11
    assert list(LedgerAudit(engine).faults(office.agency.id)) == []


def _fill(engine: Engine, office: StaffedAgency, count: int) -> None:
    """A book of so many lines with their ledger and journal, as quickly as they can be written."""
    made = a_book(office.agency.id, last=count)
    with engine.begin() as connection:
        connection.execute(
            insert(books),
            {**vars(made), "keeper_id": made.keeper_id, "ended": False},
        )
        seq, digest = 0, chain.START
        for start in range(1, count + 1, 2_000):
            rows: tuple[list[object], list[object], list[object]] = ([], [], [])
            for serial in range(start, min(start + 2_000, count + 1)):
                line = an_entry(office.agency.id, made.id, serial, state=EntryState.USED)
                event = line.entered(by=office["central_clerk"], at=NOW)
                seq += 1
                text = chain.canonical_text(seq, event)
                digest = chain.link(digest, text)
                rows[0].append({**_columns(line), "number_key": "", "search_text": ""})
                rows[1].append(chain.ledger_row(office.agency.id, seq, event))
                rows[2].append(
                    {
                        "agency_id": office.agency.id,
                        "seq": seq,
                        "at": NOW,
                        "name": event.name,
                        "subject": line.id,
                        "text": text,
                        "digest": digest,
                    }
                )
            for table, values in zip((entries, ledger, journal), rows, strict=True):
                connection.execute(insert(table), values)


def _columns(line: RegisterEntry) -> dict[str, object]:
    return {name: value for name, value in vars(line).items() if name in entries.c}


def test_memory_does_not_grow_with_the_book_that_is_checked(
    office: StaffedAgency, engine: Engine, rounds: Callable[[int, int], int]
) -> None:
    count = rounds(1_500, 100_000)
    _fill(engine, office, count)
    audit, heard = LedgerAudit(engine), []
    audit.books(office.agency.id)

    tracemalloc.start()
    faults = list(audit.faults(office.agency.id, heard.append))
    [report] = audit.books(office.agency.id)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert faults == [] and (report.used, report.sound) == (count, True)
    assert heard[-1] == count and len(heard) >= count / 1000
    assert peak < 40_000_000, peak


def test_witnesses_are_kept_once_and_two_roots_of_a_day_beside_each_other(
    office: StaffedAgency, new_uow: NewUow
) -> None:
    def keep(root: bytes) -> bool:
        with new_uow() as uow:
            kept = uow.closes.witness(
                office.agency.id,
                "dopa",
                given=False,
                day=MONDAY,
                root=Digest.of(root),
                previous=None,
                receipt_id=uuid4(),
                raw=Digest.of(b"raw"),
                at=NOW,
            )
            uow.commit()
        return kept

    assert (keep(b"one"), keep(b"one"), keep(b"two")) == (True, False, True)
