"""What lists of registers are asked for: in addresses, against a plain model of the book, and page by page."""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine, event, text

from saraban.domain.actor import Actor
from saraban.domain.calendar import office_date
from saraban.domain.classification import Secrecy, Urgency
from saraban.domain.errors import BadInput
from saraban.domain.numbering import LetterNumber
from saraban.domain.register import Book, BookId, BookKind, EntryId, EntryState, Origin, RegisterEntry
from saraban.reading import register_search, registers
from saraban.reading.matching import is_whole_number
from saraban.reading.register_filters import FIELDS, Filters
from saraban.storage import word_index
from saraban.storage.search import normal_form, number_key
from saraban.web.filters import thai_digits
from tests.reading.office import NOW, YEAR, Office, open_office

RECEIVING = BookKind.RECEIVING
SEEN = Path(__file__).parents[1] / "assets" / "numbers" / "letter-numbers-seen.csv"
WORDS = ("ขอเชิญประชุม", "แผนปฏิบัติราชการ", "น้ำท่วม", "ขอความอนุเคราะห์ข้อมูล ๒๕๗๐")
SENDERS = ("กระทรวงมหาดไทย", "อธิบดีกรมบัญชีกลาง", "นางบุญมี สุขสันต์")
NUMBERS = ("มท 0201/7", "มท ๐๒๐๑/๗๗", "กค (กวจ) 0405.2/ว 198", "")
LINES = 60


def _line(office: Office, book: Any, serial: int, **more: Any) -> RegisterEntry:
    """A line whose columns repeat in cycles of different length, so that every pair of values meets."""
    at = NOW + timedelta(hours=5 * serial)
    values: dict[str, Any] = {
        "state": EntryState.VOID if serial % 11 == 3 else EntryState.RESERVED if serial % 13 == 5 else EntryState.USED,
        "number": NUMBERS[serial % 4],
        "letter_date": None if serial % 9 == 0 else date(2026, 10, 1) + timedelta(days=serial * 7 % 40),
        "sender": SENDERS[serial % 3],
        "addressee": "อธิบดี" if serial % 2 else "ปลัดกระทรวง",
        "subject": WORDS[serial * 3 % 4] + (" ด่วน" if serial % 5 == 0 else ""),
        "practice": "กองคลัง" if serial % 6 == 0 else "",
        "note": "หนังสือจากประชาชน" if serial % 7 == 0 else "",
        "urgency": list(Urgency)[serial % 4],
        "secrecy": Secrecy.CONFIDENTIAL if serial % 10 == 4 else Secrecy.OPEN,
        "unit_id": office.legal.id if serial % 2 else office.central.id,
        "origin": list(Origin)[serial % 4],
        "received_at": at - timedelta(days=serial % 3) if serial % 4 == 0 else None,
        "corrected": serial % 8 == 0,
        "entered_by": "พรทิพย์ แสงจันทร์" if serial % 2 else "อนงค์ ทองดี",
        **more,
    }
    return RegisterEntry(
        id=EntryId(uuid4()), agency_id=office.agency.id, book_id=book, kind=RECEIVING, year=YEAR, serial=serial,
        subject_of=None, at=at, **values,
    )  # fmt: skip


@pytest.fixture
def lines(office: Office) -> list[RegisterEntry]:
    """Sixty lines of the receiving book."""
    with office.uow() as uow:
        book, first = uow.registers.take_block(office.agency.id, RECEIVING, None, YEAR, LINES)
        made = [_line(office, book, serial) for serial in range(first, first + LINES)]
        uow.registers.enter(*made)
        uow.commit()
    return made


def _holds(text: str, query: str) -> bool:
    return all(word in normal_form(text) for word in normal_form(query).split())


def _has_number(line: RegisterEntry, wanted: str) -> bool:
    key, own = number_key(wanted), number_key(line.number)
    try:
        LetterNumber.parse(wanted)
    except BadInput:
        return bool(key) and key in own
    return own == key


def _wanted(line: RegisterEntry, asked: Filters, office: Office, cleared: bool) -> bool:
    """The same question in plain Python."""
    if asked.asks_content and not line.secrecy.is_open and not cleared:
        return False
    by_words = (asked.q, asked.number, asked.sender, asked.addressee, asked.subject, asked.practice, asked.note)
    if any(by_words) and not line.secrecy.is_open:
        return False
    everything = f"{line.number} {number_key(line.number)} {line.subject} {line.sender} {line.addressee} {line.serial}"
    day = office_date(line.at)
    owner = {office.legal.id: "legal", office.central.id: "central"}[line.unit_id]
    checks = [
        _holds(f"{everything} {line.practice} {line.note}", asked.q),
        not asked.number or _has_number(line, asked.number),
        *(_holds(getattr(line, n), getattr(asked, n)) for n in ("sender", "addressee", "subject", "practice", "note")),
        _holds(line.entered_by, asked.entered_by),
        *(getattr(asked, n) in (None, getattr(line, n)) for n in ("urgency", "secrecy", "state", "origin")),
        asked.dated_from is None or (line.letter_date is not None and line.letter_date >= asked.dated_from),
        asked.dated_to is None or (line.letter_date is not None and line.letter_date <= asked.dated_to),
        asked.entered_from is None or day >= asked.entered_from,
        asked.entered_to is None or day <= asked.entered_to,
        asked.owner in ("", owner),
        asked.late in (None, line.is_late),
        asked.corrected in (None, bool(line.corrected)),
        asked.since is None or line.serial >= asked.since,
        asked.until is None or line.serial <= asked.until,
    ]
    return all(checks)


def _some(strategy: st.SearchStrategy[Any], nothing: Any) -> st.SearchStrategy[Any]:
    return st.one_of(st.just(nothing), st.just(nothing), st.just(nothing), strategy)


def _days() -> st.SearchStrategy[Any]:
    return _some(st.dates(date(2026, 9, 28), date(2026, 12, 10)), None)


FILTERS = st.builds(
    Filters,
    q=_some(st.sampled_from(["ประชุม", "ราชการ แผน", "2570", "มหาดไทย", "ค", "0201", "กองคลัง", "ไม่มี", "%"]), ""),
    number=_some(st.sampled_from(["มท0201/7", "มท ๐๒๐๑/๗๗", "กค(กวจ)0405.2/ว198", "/ว 198", "0201"]), ""),
    sender=_some(st.sampled_from(["มหาดไทย", "กลาง", "ไทย กระทรวง"]), ""),
    addressee=_some(st.sampled_from(["อธิบดี", "ปลัด"]), ""),
    subject=_some(st.sampled_from(["น้ํา", "๒๕๗๐", "ข้อมูล", "ด่วน"]), ""),
    practice=_some(st.just("คลัง"), ""),
    note=_some(st.just("ประชาชน"), ""),
    entered_by=_some(st.just("อนงค์"), ""),
    urgency=_some(st.sampled_from(Urgency), None),
    secrecy=_some(st.sampled_from(Secrecy), None),
    state=_some(st.sampled_from(EntryState), None),
    origin=_some(st.sampled_from(Origin), None),
    owner=_some(st.sampled_from(["legal", "central", "nowhere"]), ""),
    late=_some(st.booleans(), None),
    corrected=_some(st.booleans(), None),
    since=_some(st.integers(0, LINES + 5), None),
    until=_some(st.integers(0, LINES + 5), None),
    dated_from=_days(), dated_to=_days(), entered_from=_days(), entered_to=_days(),
)  # fmt: skip


def _pages(reader: Connection, actor: Actor, asked: Filters, limit: int, newest_first: bool = True) -> list[int]:
    """The serials of all pages, each page also read backwards from the one after it."""
    what: dict[str, Any] = {
        "kind": RECEIVING, "year": YEAR, "filters": asked, "limit": limit, "newest_first": newest_first,
    }  # fmt: skip
    page = registers.entries(reader, actor, **what)
    found = [row.serial for row in page.items]
    while page.next is not None:
        before, page = page, registers.entries(reader, actor, cursor=page.next, **what)
        found += [row.serial for row in page.items]
        if page.previous is not None:
            back = registers.entries(reader, actor, back=page.previous, **what)
            assert [row.serial for row in back.items] == [row.serial for row in before.items]
    return found


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(asked=FILTERS, cleared=st.booleans(), limit=st.integers(1, 20), newest_first=st.booleans())
def test_a_list_shows_exactly_the_lines_that_are_asked_for_and_may_be_found(
    office: Office, lines: list[RegisterEntry], reader: Connection, asked: Filters, cleared: bool, limit: int,
    newest_first: bool,
) -> None:  # fmt: skip
    actor = office.central_clerk if cleared else office.director
    wanted = [line.serial for line in lines if _wanted(line, asked, office, cleared)]

    assert _pages(reader, actor, asked, limit, newest_first) == sorted(wanted, reverse=newest_first)


@pytest.mark.parametrize("near", [1, 7])
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(asked=FILTERS, limit=st.integers(1, 20))
def test_what_is_far_from_the_page_is_found_as_what_is_near(
    office: Office, lines: list[RegisterEntry], reader: Connection, near: int, asked: Filters, limit: int
) -> None:
    was = register_search.NEAR, register_search.FAR, register_search.COLLECTED
    register_search.NEAR, register_search.FAR, register_search.COLLECTED = near, 9, 4
    try:
        found = []
        page = registers.entries(reader, office.central_clerk, kind=RECEIVING, year=YEAR, filters=asked, limit=limit)
        found += [row.serial for row in page.items]
        while page.next is not None:
            page = registers.entries(
                reader, office.central_clerk, kind=RECEIVING, year=YEAR, filters=asked, limit=limit, cursor=page.next
            )
            found += [row.serial for row in page.items]
    finally:
        register_search.NEAR, register_search.FAR, register_search.COLLECTED = was

    assert found == [line.serial for line in reversed(lines) if _wanted(line, asked, office, cleared=True)]


@given(asked=FILTERS)
def test_filters_come_back_from_an_address_as_they_went_in(asked: Filters) -> None:
    said = asked.written()

    try:
        assert Filters.read(said) == asked
    except BadInput as refused:  # ranges that end before they begin
        assert set(refused.fields) <= {"dated_to", "entered_to", "until"}
    assert set(said) <= set(FIELDS)
    assert all(isinstance(value, str) and value for value in said.values())


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"dated_from": "31 ก.พ."}, "dated_from"),
        ({"entered_to": "0001-01-01"}, "entered_to"),
        ({"since": "ก"}, "since"),
        ({"until": "9" * 30}, "until"),
        ({"since": "9", "until": "2"}, "until"),
        ({"urgency": "fast"}, "urgency"),
        ({"state": "used'--"}, "state"),
        ({"late": "1"}, "late"),
        ({"q": "ก" * 201}, "q"),
    ],
)
def test_what_cannot_be_asked_is_told_by_field(said: dict[str, str], field: str) -> None:
    with pytest.raises(BadInput) as refused:
        Filters.read(said)

    assert set(refused.value.fields) == {field}


def test_other_arguments_and_empty_ones_ask_for_nothing() -> None:
    assert Filters.read({"year": "2569", "cursor": "x", "q": "  ", "urgency": ""}) == Filters()
    assert not Filters().on
    assert Filters.read({"since": "๑๒"}).since == 12


def test_whoever_is_not_cleared_finds_no_classified_line_by_any_filter(
    office: Office, lines: list[RegisterEntry], reader: Connection
) -> None:
    hidden = [line for line in lines if not line.secrecy.is_open]
    assert hidden

    for line in hidden:
        asked = [
            Filters(q=line.subject), Filters(number=line.number or "มท"), Filters(sender=line.sender),
            Filters(urgency=line.urgency), Filters(secrecy=line.secrecy), Filters(state=line.state),
            Filters(origin=line.origin), Filters(entered_by=line.entered_by), Filters(late=line.is_late),
            Filters(dated_from=line.letter_date or NOW.date()), Filters(corrected=bool(line.corrected)),
        ]  # fmt: skip
        for one in asked:
            assert line.serial not in _pages(reader, office.director, one, 20)
    # A range of the book shows its lines, masked: the numbers of a register have no gap.
    piece = Filters(since=hidden[0].serial, until=hidden[0].serial)
    [masked] = registers.entries(reader, office.director, kind=RECEIVING, year=YEAR, filters=piece).items
    assert masked.masked and hidden[0].subject not in repr(masked)


def test_the_register_of_classified_information_is_searched_by_those_who_are_cleared(
    office: Office, reader: Connection
) -> None:
    secret = BookKind.SECRET_RECEIVING
    with office.uow() as uow:
        book = Book(BookId(uuid4()), office.agency.id, secret, None, YEAR, 1, 0, NOW, "ผู้ดูแลระบบ")
        uow.registers.open(book)
        _, serial = uow.registers.take(office.agency.id, secret, None, YEAR)
        line = replace(_line(office, book.id, serial, secrecy=Secrecy.SECRET), kind=secret)
        uow.registers.enter(line)
        uow.commit()

    for asked in (Filters(q=line.subject), Filters(subject=line.subject), Filters(number="มท๐๒๐๑/๗๗")):
        known = registers.entries(reader, office.central_clerk, kind=secret, year=YEAR, filters=asked)
        unknown = registers.entries(reader, office.director, kind=secret, year=YEAR, filters=asked)
        assert [row.serial for row in known.items] == [serial]
        assert unknown.items == []


def _numbers_seen() -> list[str]:
    """Letter numbers as real letters write them."""
    with SEEN.open(encoding="utf-8") as file:
        return sorted({row["number_as_written"] for row in csv.DictReader(file)})


def test_a_number_is_found_in_any_writing(office: Office, reader: Connection) -> None:
    seen = _numbers_seen()
    with office.uow() as uow:
        book, first = uow.registers.take_block(office.agency.id, RECEIVING, None, YEAR, len(seen))
        uow.registers.enter(*(_line(office, book, first + place, number=seen[place], secrecy=Secrecy.OPEN)
                              for place in range(len(seen))))  # fmt: skip
        uow.commit()

    for place, number in enumerate(seen):
        for written in (number, thai_digits(number), number.replace(" ", ""), number.replace("/", " / ")):
            for asked in (Filters(number=written), Filters(q=written)):
                found = registers.entries(
                    reader, office.central_clerk, kind=RECEIVING, year=YEAR, filters=asked, limit=200
                )
                if "/ " in written and asked.q and not is_whole_number(written):
                    continue  # words stand where they stand; only whole numbers have a form of their own
                assert first + place in [row.serial for row in found.items], written


# --- the index of words --------------------------------------------------------------------------------------------


def _found(reader: Connection, office: Office, word: str) -> list[int]:
    page = registers.entries(reader, office.central_clerk, kind=RECEIVING, year=YEAR, q=word)
    return [row.serial for row in page.items]


def test_the_index_of_words_follows_every_change_of_a_line(office: Office, reader: Connection) -> None:
    line = office.entry(kind=RECEIVING, subject="เรื่องแรกเริ่ม")
    assert _found(reader, office, "แรกเริ่ม") == [1]

    with office.uow() as uow:
        held = uow.registers.get(office.agency.id, line.id)
        held.subject, held.note = "เปลี่ยนแปลงแล้ว", "หมายเหตุใหม่"
        uow.registers.save(held)
        uow.commit()
    assert (_found(reader, office, "แรกเริ่ม"), _found(reader, office, "หมายเหตุใหม่")) == ([], [1])

    with office.uow() as uow:
        held = uow.registers.get(office.agency.id, line.id)
        held.secrecy = Secrecy.SECRET
        uow.registers.save(held)
        uow.commit()
    assert _found(reader, office, "เปลี่ยนแปลง") == []


def test_the_index_of_words_is_built_anew_from_the_lines(
    office: Office, reader: Connection, engine: Engine, database_url: str
) -> None:
    office.entry(kind=RECEIVING, subject="น้ำท่วมหนัก")
    assert word_index.present(reader)
    with engine.begin() as connection:
        if engine.dialect.name == "sqlite":
            connection.execute(text("INSERT INTO entries_fts(entries_fts) VALUES ('delete-all')"))
        else:
            connection.execute(text("DROP INDEX ix_entries_search_text_trgm"))

    assert word_index.rebuild(database_url) == 1

    assert word_index.present(reader)
    assert _found(reader, office, "น้ำท่วม") == [1]


@pytest.mark.only_database("postgresql")
def test_a_database_made_without_trigrams_gets_all_indexes_over_them(engine: Engine, database_url: str) -> None:
    over = text("SELECT indexname, indexdef FROM pg_indexes WHERE indexdef LIKE '%gin_trgm_ops%' ORDER BY indexname")
    with engine.begin() as connection:
        made = connection.execute(over).all()
        for row in made:
            connection.execute(text(f"DROP INDEX {row.indexname}"))

    word_index.rebuild(database_url)

    with engine.connect() as connection:
        assert connection.execute(over).all() == made
    assert len(made) >= 3


@pytest.mark.only_database("sqlite")
def test_the_index_of_words_survives_that_the_database_is_packed(office: Office, reader: Connection) -> None:
    for number in range(5):
        office.entry(subject=f"ส่งออก {number}")
        office.entry(kind=RECEIVING, subject=f"รับเข้า {number}")
    reader.exec_driver_sql("VACUUM")

    assert _found(reader, office, "รับเข้า") == [5, 4, 3, 2, 1]
    assert _found(reader, office, "ส่งออก") == []


@pytest.mark.only_database("sqlite")
def test_a_rare_word_is_looked_up_in_the_index_in_the_order_of_the_book(office: Office, reader: Connection) -> None:
    office.many_entries(800)
    _near, by_index = _plans(reader, lambda: _found(reader, office, "ข้อมูลครั้งที่ 299"))

    assert "SCAN entries_fts VIRTUAL TABLE INDEX" in by_index.splitlines()[0]
    assert "SEARCH entries USING INDEX" in by_index and "TEMP B-TREE" not in by_index


@pytest.mark.only_database("postgresql")
def test_the_nearest_lines_are_read_in_their_order_and_only_then_the_index_is_asked(
    office: Office, reader: Connection
) -> None:
    office.many_entries(2_400)
    reader.exec_driver_sql("SET LOCAL plan_cache_mode = force_generic_plan")
    near, by_index = _plans(reader, lambda: _found(reader, office, "ข้อมูลครั้งที่ 299"))

    assert "uq_entries_book_id_serial" in near and "(search_text || ''::text) ~~" in near, "no index has such a text"
    assert "(search_text ~~" in by_index and "(serial + 0)" in by_index, "the index of words, not that of numbers"


def _plans(reader: Connection, look: Callable[[], object]) -> list[str]:
    """The plans of all statements by which lines are found."""
    sent: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, values: Any, _context: Any, _many: bool) -> None:
        sent.append((statement, values))

    event.listen(reader, "before_cursor_execute", note)
    look()
    event.remove(reader, "before_cursor_execute", note)
    explain = "EXPLAIN QUERY PLAN " if reader.dialect.name == "sqlite" else "EXPLAIN "
    return [
        "\n".join(str(row[-1]) for row in reader.exec_driver_sql(explain + statement, values))
        for statement, values in sent
        if statement.startswith("SELECT entries.serial")
    ]


def test_two_agencies_never_find_each_others_lines(office: Office, reader: Connection, engine: Engine) -> None:
    other = open_office(engine, "dnp")
    office.entry(kind=RECEIVING, subject="เฉพาะของเรา")
    other.entry(kind=RECEIVING, subject="เฉพาะของเขา")

    assert _found(reader, office, "เฉพาะของ") == [1]
    [theirs] = registers.entries(reader, other.central_clerk, kind=RECEIVING, year=YEAR, q="เฉพาะของ").items
    assert theirs.subject == "เฉพาะของเขา"
