"""Gaps, duplicates and disorder in the books are found; a sound book is called sound."""

from __future__ import annotations

from sqlalchemy import Connection, Engine, delete, update

from saraban.domain.register import BookKind, EntryState
from saraban.reading.audit import BookReport, number_report
from saraban.storage.tables.registers import books, entries
from tests.reading.office import Office, open_office


def _only(reader: Connection, office: Office) -> BookReport:
    (report,) = number_report(reader, office.agency.id)
    return report


def _change(engine: Engine, statement: object) -> None:
    with engine.connect() as connection, connection.begin():
        connection.execute(statement)  # type: ignore[call-overload]


def test_sound_books_are_called_sound_for_each_agency(office: Office, reader: Connection, engine: Engine) -> None:
    other = open_office(engine, "dnp")
    other.entry()
    office.entry(state=EntryState.VOID)
    office.entry()
    office.entry(keeper=office.legal, number="ทส 1002.1/1")
    office.many_entries(5)

    reports = number_report(reader)

    assert [(r.agency, r.kind.value, r.keeper, r.last) for r in reports] == [
        (other.agency.name, "sending", other.agency.name, 1),
        (office.agency.name, "receiving", office.agency.name, 5),
        (office.agency.name, "sending", office.agency.name, 2),
        (office.agency.name, "sending", office.legal.name, 1),
    ]
    assert all(report.sound for report in reports)
    assert (reports[2].used, reports[2].void, reports[2].first) == (1, 1, 1)


def test_a_line_that_vanished_is_a_gap_wherever_it_stood(office: Office, reader: Connection, engine: Engine) -> None:
    office.many_entries(6)
    _change(engine, delete(entries).where(entries.c.serial.in_([1, 4, 6])))

    assert _only(reader, office).gaps == [1, 4, 6]


def test_a_line_above_the_books_last_number_is_out_of_order(
    office: Office, reader: Connection, engine: Engine
) -> None:
    office.many_entries(4)
    _change(engine, update(books).values(last=3))

    report = _only(reader, office)

    assert (report.out_of_order, report.gaps, report.sound) == ([4], [], False)


def test_a_number_that_was_entered_long_before_a_smaller_one_is_out_of_order(
    office: Office, reader: Connection
) -> None:
    for minutes in (0, 30, 10, 40):
        office.entry(minutes=minutes)

    assert _only(reader, office).out_of_order == [3]


def test_clerks_who_waited_a_minute_for_the_book_are_no_disorder(office: Office, reader: Connection) -> None:
    for minutes in (1, 0):
        office.entry(minutes=minutes)

    assert _only(reader, office).sound


def test_one_letter_number_on_two_lines_is_a_duplicate_also_across_books(office: Office, reader: Connection) -> None:
    office.entry()
    office.entry(number="ทส 1002/9")
    office.entry(keeper=office.legal, number="ทส 1002/9")

    central, own = number_report(reader, office.agency.id)

    assert (central.duplicates, own.duplicates) == ([2], [1])


def test_receiving_the_same_number_from_two_senders_is_no_duplicate(office: Office, reader: Connection) -> None:
    office.entry(kind=BookKind.RECEIVING, number="มท 0201/1")
    office.entry(kind=BookKind.RECEIVING, number="มท 0201/1")

    assert _only(reader, office).sound
