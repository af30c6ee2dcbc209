"""Gaps, duplicates and disorder in the books are found; a sound book is called sound."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import Engine, delete, text, update

from saraban.domain.register import BookKind, EntryState, Origin
from saraban.storage.ledger import LedgerAudit
from saraban.storage.tables.registers import books, entries
from saraban.usecases.registry import BookCheck
from tests.builders import YEAR, a_book, an_entry
from tests.reading.conftest import engine, office
from tests.reading.office import NOW, Office, open_office

__all__ = ["engine", "office"]


def _all(office: Office) -> list[BookCheck]:
    return list(LedgerAudit(office.engine).books(office.agency.id))


def _only(office: Office) -> BookCheck:
    (report,) = _all(office)
    return report


def _change(engine: Engine, statement: object) -> None:
    with engine.connect() as connection, connection.begin():
        connection.execute(statement)  # type: ignore[call-overload]


def test_sound_books_are_called_sound_and_an_agency_sees_its_own(office: Office, engine: Engine) -> None:
    other = open_office(engine, "dnp")
    other.entry()
    office.entry(state=EntryState.VOID)
    office.entry()
    office.entry(keeper=office.legal, number="ทส 1002.1/1")
    office.many_entries(5)

    reports = _all(office)

    assert [(r.kind.value, r.keeper, r.last) for r in reports] == [
        ("receiving", office.agency.name, 5),
        ("sending", office.agency.name, 2),
        ("sending", office.legal.name, 1),
    ]
    assert all(report.sound for report in reports)
    assert (reports[1].used, reports[1].void, reports[1].first) == (1, 1, 1)
    assert _only(other).sound


def test_a_line_that_vanished_is_a_gap_wherever_it_stood(office: Office, engine: Engine) -> None:
    office.many_entries(6)
    _change(engine, delete(entries).where(entries.c.serial.in_([1, 4, 6])))

    assert _only(office).gaps == [1, 4, 6]


def test_all_lines_that_vanished_are_gaps(office: Office, engine: Engine) -> None:
    office.many_entries(3)
    _change(engine, delete(entries))

    report = _only(office)
    assert (report.gaps, report.first) == ([1, 2, 3], None)


def test_a_line_above_the_books_last_number_is_out_of_order(office: Office, engine: Engine) -> None:
    office.many_entries(4)
    _change(engine, update(books).values(last=3))

    report = _only(office)

    assert (report.out_of_order, report.gaps, report.sound) == ([4], [], False)


def test_a_number_that_was_entered_long_before_a_smaller_one_is_out_of_order(office: Office) -> None:
    for minutes in (0, 30, 10, 40):
        office.entry(minutes=minutes)

    assert _only(office).out_of_order == [3]


def test_clerks_who_waited_a_minute_for_the_book_are_no_disorder(office: Office) -> None:
    for minutes in (1, 0):
        office.entry(minutes=minutes)

    assert _only(office).sound


def test_a_reserved_number_that_got_its_letter_much_later_is_no_disorder(office: Office) -> None:
    with office.uow() as uow:
        book = a_book(office.agency.id, last=3)
        uow.registers.open(book)
        for serial in (1, 2, 3):
            state = EntryState.RESERVED if serial == 1 else EntryState.USED
            line = an_entry(office.agency.id, book.id, serial, state=state, at=NOW)
            uow.registers.enter(line)
            uow.record(line.entered(by=office.central_clerk, at=NOW))
            if serial == 1:
                line.state, line.at = EntryState.USED, NOW + timedelta(days=3)
                uow.registers.save(line)
        uow.commit()

    assert _only(office).sound


def test_a_book_that_began_later_has_no_gap_below_and_takes_letters_from_before(office: Office, engine: Engine) -> None:
    with office.uow() as uow:
        book = a_book(office.agency.id, first=412, last=413)
        uow.registers.open(book)
        for serial in (412, 413):
            uow.registers.enter(an_entry(office.agency.id, book.id, serial))
        uow.registers.enter(an_entry(office.agency.id, book.id, 7, origin=Origin.BEFORE, at=NOW + timedelta(days=5)))
        uow.commit()

    report = _only(office)
    assert (report.begins, report.first, report.last, report.before, report.sound) == (412, 7, 413, 1, True)

    _change(engine, update(entries).where(entries.c.serial == 7).values(origin=Origin.PAPER))
    assert _only(office).out_of_order == [7]


def test_one_letter_number_on_two_lines_is_a_duplicate_also_across_books(office: Office) -> None:
    office.entry()
    office.entry(number="ทส 1002/9")
    office.entry(keeper=office.legal, number="ทส 1002/9")

    central, own = _all(office)

    assert (central.duplicates, own.duplicates) == ([2], [1])


def test_a_circular_of_the_sending_book_and_one_of_their_own_series_are_duplicates_too(office: Office) -> None:
    office.entry(number="ทส 1002/ว 1")
    office.entry(kind=BookKind.CIRCULARS, keeper=office.legal, number="ทส 1002/ว 1")

    assert [book.duplicates for book in _all(office)] == [[1], [1]]


def test_receiving_the_same_number_from_two_senders_is_no_duplicate(office: Office) -> None:
    office.entry(kind=BookKind.RECEIVING, number="มท 0201/1")
    office.entry(kind=BookKind.RECEIVING, number="มท 0201/1")

    assert _only(office).sound


def test_a_spoiled_column_is_a_finding_and_no_error(office: Office, engine: Engine) -> None:
    office.many_entries(3)
    _change(engine, text("UPDATE entries SET state = 'nonsense' WHERE serial = 2"))

    report = _only(office)
    assert (report.used, report.void, report.reserved) == (2, 0, 0)


def test_only_one_years_books_are_counted_when_a_year_is_asked_for(office: Office) -> None:
    office.many_entries(2)

    audit = LedgerAudit(office.engine)
    assert [b.used for b in audit.books(office.agency.id, YEAR)] == [2]
    assert audit.books(office.agency.id, YEAR - 1) == []
