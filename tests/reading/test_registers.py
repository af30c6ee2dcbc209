"""Registers on the screen: pages, masks, search, and the index that keeps them fast."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, event

from saraban.domain.actor import Actor
from saraban.domain.classification import Secrecy
from saraban.domain.errors import BadInput, NotFound
from saraban.domain.register import BookKind, EntryState
from saraban.reading import registers
from saraban.reading.books import books, years
from saraban.reading.dashboards import nav
from saraban.reading.registers import EntryRow, entries
from saraban.reading.scope import MASKED, MASKED_SUBJECT
from saraban.storage.database import open_engine
from saraban.storage.tables import metadata
from tests.reading.office import NOW, YEAR, Office, open_office

RECEIVING, SENDING = BookKind.RECEIVING, BookKind.SENDING


def _all_pages(reader: Connection, actor: Actor, **what: Any) -> list[EntryRow]:
    rows, cursor = [], None
    while True:
        page = entries(reader, actor, cursor=cursor, **what)
        rows += page.items
        cursor = page.next
        if cursor is None:
            return rows


@pytest.mark.parametrize("newest_first", [True, False])
def test_pages_give_every_line_once_in_the_order_of_numbers(
    office: Office, reader: Connection, newest_first: bool
) -> None:
    office.many_entries(23)

    rows = _all_pages(reader, office.central_clerk, kind=RECEIVING, year=YEAR, limit=5, newest_first=newest_first)

    assert [row.serial for row in rows] == sorted(range(1, 24), reverse=newest_first)


def test_the_total_is_the_books_last_number_and_unknown_for_a_search(office: Office, reader: Connection) -> None:
    office.many_entries(7)

    assert entries(reader, office.central_clerk, kind=RECEIVING, year=YEAR, limit=2).total == 7
    assert entries(reader, office.central_clerk, kind=RECEIVING, year=YEAR, q="ข้อมูล").total is None
    assert entries(reader, office.central_clerk, kind=RECEIVING, year=YEAR - 1).total == 0
    assert entries(reader, office.central_clerk, kind=RECEIVING, year=2**40).items == []


def test_a_unit_with_a_book_of_its_own_is_read_by_its_code(office: Office, reader: Connection) -> None:
    office.entry(subject="กลาง")
    office.entry(subject="ของกอง", keeper=office.legal)

    central = entries(reader, office.director, kind=SENDING, year=YEAR)
    own = entries(reader, office.director, kind=SENDING, year=YEAR, unit_code="legal")

    assert [row.subject for row in central.items] == ["กลาง"]
    assert [row.subject for row in own.items] == ["ของกอง"]
    with pytest.raises(NotFound):
        entries(reader, office.director, kind=SENDING, year=YEAR, unit_code="nowhere")


def test_a_register_is_not_read_from_another_agency_nor_by_the_gateway(
    office: Office, reader: Connection, engine: Engine
) -> None:
    line = office.entry()
    stranger = open_office(engine, "dnp").central_clerk

    assert entries(reader, stranger, kind=SENDING, year=YEAR).items == []
    assert books(reader, stranger, YEAR) == []
    with pytest.raises(NotFound):
        books(reader, Actor.gateway(office.agency.id), YEAR)
    assert [row.subject for row in entries(reader, office.director, kind=SENDING, year=YEAR).items] == [line.subject]


def test_a_classified_line_shows_its_number_in_the_book_and_nothing_else(office: Office, reader: Connection) -> None:
    letter = office.letter(secrecy=Secrecy.SECRET, steps=(office.head,), subject="แผนลับ")
    line = office.entry(secrecy=Secrecy.SECRET, subject="แผนลับ", subject_of=letter.id)

    def seen_by(actor: Actor) -> EntryRow:
        return entries(reader, actor, kind=SENDING, year=YEAR).items[0]

    masked = seen_by(office.director)
    assert masked.masked and masked.serial == line.serial and masked.secrecy is Secrecy.SECRET
    assert (masked.number, masked.sender, masked.addressee) == (MASKED, MASKED, MASKED)
    assert (masked.subject, masked.subject_of) == (MASKED_SUBJECT, None)
    assert "แผนลับ" not in repr(masked)
    for knows in (office.central_clerk, office.head, office.legal_clerk):
        assert (seen_by(knows).masked, seen_by(knows).subject) == (False, "แผนลับ")


def test_a_search_finds_open_lines_only_even_for_those_who_may_read_all(office: Office, reader: Connection) -> None:
    office.entry(subject="แผนที่เปิดเผย")
    office.entry(subject="แผนลับ", secrecy=Secrecy.CONFIDENTIAL)

    found = entries(reader, office.central_clerk, kind=SENDING, year=YEAR, q="แผน")

    assert [row.subject for row in found.items] == ["แผนที่เปิดเผย"]


@pytest.mark.parametrize("q", ["ทส 1002/2", "ทส๑๐๐๒/๒", "น้ําท่วม", "มหาดไทย น้ำ", "  น้ำท่วม  "])
def test_a_line_is_found_by_number_subject_and_agency_in_any_writing(
    office: Office, reader: Connection, q: str
) -> None:
    office.entry(subject="ไฟป่า")
    office.entry(subject="น้ำท่วม")

    found = entries(reader, office.central_clerk, kind=SENDING, year=YEAR, q=q)

    assert [row.serial for row in found.items] == [2]


@pytest.mark.parametrize("q", ["%", "_", "\\", "' OR 1=1 --", "\x00x"])
def test_signs_of_the_database_mean_themselves_in_a_search(office: Office, reader: Connection, q: str) -> None:
    office.entry(subject="เรื่องหนึ่ง")

    assert entries(reader, office.central_clerk, kind=SENDING, year=YEAR, q=q).items == []


def test_a_cursor_of_another_list_is_bad_input(office: Office, reader: Connection) -> None:
    with pytest.raises(BadInput):
        entries(reader, office.central_clerk, kind=SENDING, year=YEAR, cursor="abc")


def test_books_and_years_tell_how_the_lines_stand(office: Office, reader: Connection) -> None:
    for state in (EntryState.USED, EntryState.USED, EntryState.VOID, EntryState.RESERVED):
        office.entry(state=state)
    office.entry(keeper=office.legal)
    office.many_entries(3)

    receiving, central, own = books(reader, office.director, YEAR)

    assert (receiving.kind, receiving.first, receiving.last, receiving.used) == (RECEIVING, 1, 3, 3)
    assert (central.keeper, central.unit_code) == (office.agency.name, None)
    assert (central.first, central.last, central.used, central.reserved, central.void) == (1, 4, 2, 1, 1)
    assert (own.keeper, own.unit_code, own.used) == (office.legal.name, "legal", 1)
    assert years(reader, office.director, SENDING) == [YEAR]


# --- the index that keeps a page fast ------------------------------------------------------------------------------


def _plan(reader: Connection, look: Callable[[], object]) -> str:
    """The database's plan for the last statement that `look` sends."""
    sent: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, values: Any, _context: Any, _many: bool) -> None:
        sent.append((statement, values))

    event.listen(reader, "before_cursor_execute", note)
    look()
    event.remove(reader, "before_cursor_execute", note)
    statement, values = sent[-1]
    word = "EXPLAIN QUERY PLAN " if reader.dialect.name == "sqlite" else "EXPLAIN "
    return "\n".join(str(tuple(row)) for row in reader.exec_driver_sql(word + statement, values))


@pytest.mark.parametrize("newest_first", [True, False])
def test_a_page_of_a_register_is_read_by_the_index_of_book_and_number(
    office: Office, reader: Connection, newest_first: bool
) -> None:
    office.many_entries(3000)
    reader.exec_driver_sql("ANALYZE")
    what: dict[str, Any] = {"kind": RECEIVING, "year": YEAR, "newest_first": newest_first}
    middle = entries(reader, office.director, limit=200, **what).next

    plan = _plan(reader, lambda: registers.entries(reader, office.director, cursor=middle, **what))

    if reader.dialect.name == "sqlite":
        assert "SEARCH entries USING INDEX" in plan and "(book_id=? AND serial" in plan
        assert "TEMP B-TREE" not in plan
    else:
        assert "uq_entries_book_id_serial on entries" in plan
        assert "Seq Scan on entries" not in plan and "Sort" not in plan


@pytest.mark.parametrize(
    ("look", "index"),
    [
        (lambda reader, actor: books(reader, actor, YEAR), "ix_entries_not_used"),
        (lambda reader, actor: nav(reader, actor, NOW), "ix_dispatches_trouble"),
        (lambda reader, actor: nav(reader, actor, NOW), "ix_outbox_given_up"),
    ],
    ids=["books", "nav", "nav's dead letters"],
)
def test_counts_of_the_few_are_read_by_the_partial_indexes_that_were_made_for_them(
    empty_database_url: str, look: Callable[[Connection, Actor], object], index: str
) -> None:
    engine = open_engine(empty_database_url, writing=True)
    metadata.create_all(engine)
    office = open_office(engine)
    office.many_entries(3000)
    with engine.connect() as reader:
        if reader.dialect.name == "postgresql":
            # Small tables are read whole there; the question is whether the index can be used.
            reader.exec_driver_sql("SET enable_seqscan = off")
        plan = _plan(reader, lambda: look(reader, office.central_clerk))
    engine.dispose()

    assert index in plan


@pytest.mark.only_database("sqlite")
def test_the_menu_walks_neither_all_letters_nor_all_routes_of_an_officer(empty_database_url: str) -> None:
    engine = open_engine(empty_database_url, writing=True)
    metadata.create_all(engine)
    office = open_office(engine)
    with engine.connect() as reader:
        plan = _plan(reader, lambda: nav(reader, office.head, NOW))
    engine.dispose()

    assert "letters USING INDEX ix_letters_agency_id_updated_at" not in plan
    assert "ix_route_steps_position_id_letter_id (position_id=?)" not in plan
    assert "SEARCH dispatches USING INDEX ix_dispatches_trouble" in plan
