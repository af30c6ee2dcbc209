"""The one search and what is classified: who finds it, by what, and that nobody else learns of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Connection, Engine, event, select, text

from saraban.domain.actor import Actor
from saraban.domain.classification import Secrecy, Urgency
from saraban.domain.incoming import IncomingState
from saraban.domain.letter import LetterState
from saraban.domain.register import BookKind, EntryState
from saraban.reading import search_classified
from saraban.reading.asking import Narrow
from saraban.reading.found import Found
from saraban.reading.search import look
from saraban.storage.tables.finding import documents, file_texts, waiting
from tests.reading.office import Office, open_office

CLASSES = pytest.mark.parametrize("secrecy", [Secrecy.CONFIDENTIAL, Secrecy.SECRET])


def ids(found: Found) -> list[UUID]:
    return [hit.id for hit in found.hits]


def without_clearance(office: Office) -> list[Actor]:
    """Who may read letters and registers, and is not cleared: among them the drafter and those on the route."""
    uncleared = replace(office.central_clerk, clearance=False)
    return [uncleared, office.legal_clerk, office.director, office.head, office.records]


@CLASSES
def test_who_is_cleared_finds_what_he_may_read_marked_with_its_class(
    office: Office, reader: Connection, secrecy: Secrecy
) -> None:
    letter = office.letter(subject="แผนปกปิด", secrecy=secrecy)
    office.entry(subject="แผนปกปิด", secrecy=secrecy, subject_of=letter.id)
    came = office.incoming(subject="แผนปกปิด", secrecy=secrecy)
    paper = office.entry(subject="แผนปกปิด", secrecy=secrecy, kind=BookKind.RECEIVING)
    office.letter(subject="แผนปกติ")

    for _ in ("waiting", "indexed"):
        hits = look(reader, office.central_clerk, "แผนปกปิด").hits
        found = {(hit.kind, hit.id, hit.secrecy) for hit in hits}
        assert found == {("letter", letter.id, secrecy), ("incoming", came.id, secrecy), ("entry", paper.id, secrecy)}
        assert len(hits) == 3
        office.catch_up()


@CLASSES
def test_who_is_not_cleared_finds_nothing_classified_not_even_his_own(
    office: Office, reader: Connection, secrecy: Secrecy
) -> None:
    letter = office.letter(
        subject="แผนปกปิด", secrecy=secrecy, number="ทส 1002/77", steps=(office.director, office.head)
    )
    office.incoming(subject="แผนปกปิด", secrecy=secrecy, number="มท 0201/78")
    office.entry(subject="แผนปกปิด", secrecy=secrecy, subject_of=letter.id)

    for _ in ("waiting", "indexed"):
        for actor in without_clearance(office):
            for asked in ("แผนปกปิด", "แผนปกปืด", "ทส 1002/77", "1002/77", "มท 0201/78"):
                found = look(reader, actor, asked)
                assert (found.hits, found.more, found.meant, found.classified_left) == ([], False, (), False), asked
            for narrow in (
                Narrow(year="2569"),
                Narrow(book="sending"),
                Narrow(state="draft"),
                Narrow(agency="มหาดไทย"),
            ):
                assert look(reader, actor, "", narrow=narrow).hits == []
        office.catch_up()


def test_another_agency_s_registrar_finds_nothing_of_ours(office: Office, reader: Connection, engine: Engine) -> None:
    office.letter(subject="แผนปกปิด", secrecy=Secrecy.SECRET)
    office.entry(subject="แผนปกปิด", secrecy=Secrecy.SECRET, kind=BookKind.RECEIVING)

    assert look(reader, open_office(engine, "dnp").central_clerk, "แผนปกปิด").hits == []
    assert look(reader, replace(Actor.gateway(office.agency.id), clearance=True), "แผนปกปิด").hits == []


def test_a_cleared_clerk_of_a_unit_finds_his_unit_s_alone(office: Office, reader: Connection) -> None:
    own = office.letter(subject="แผนปกปิดของนิติกร", secrecy=Secrecy.SECRET)
    office.letter(subject="แผนปกปิดของกลาง", secrecy=Secrecy.SECRET, unit=office.central, by=office.central_clerk)
    office.entry(subject="แผนปกปิดของกลาง", secrecy=Secrecy.SECRET, unit=office.central, kind=BookKind.RECEIVING)

    assert ids(look(reader, replace(office.legal_clerk, clearance=True), "แผนปกปิด")) == [own.id]


def test_a_cleared_executive_finds_what_lies_on_his_route(office: Office, reader: Connection) -> None:
    before_him = office.letter(subject="แผนปกปิด", secrecy=Secrecy.SECRET, steps=(office.head,))
    office.letter(subject="แผนปกปิด", secrecy=Secrecy.SECRET, unit=office.central, by=office.central_clerk)

    assert ids(look(reader, replace(office.head, clearance=True), "แผนปกปิด")) == [before_him.id]


@pytest.mark.parametrize(
    "asked",
    ["มท 0201/ล 12", "มท๐๒๐๑/ล๑๒", "0201/ล12", "ปกปิด", "กระทรวงมหาดไทย", "23 พฤศจิกายน 2569", "1/2569", "แผน มหาดไทย"],
)  # fmt: skip
def test_it_is_found_by_what_the_registers_say_of_it(office: Office, reader: Connection, asked: str) -> None:
    came = office.incoming(
        subject="แผนปกปิด", secrecy=Secrecy.CONFIDENTIAL, number="มท 0201/ล 12", state=IncomingState.REGISTERED
    )
    office.entry(
        subject="แผนปกปิด",
        secrecy=Secrecy.CONFIDENTIAL,
        kind=BookKind.RECEIVING,
        subject_of=came.id,
        number="มท 0201/ล 12",
    )

    assert ids(look(reader, office.central_clerk, asked)) == [came.id]


def test_nothing_that_is_read_by_opening_it_finds_it_or_is_shown(office: Office, reader: Connection) -> None:
    office.letter(subject="แผนปกปิด", body="ถ้อยคำในเนื้อหนังสือ", secrecy=Secrecy.SECRET)
    office.incoming(subject="แผนปกปิด", text="ถ้อยคำในเนื้อหนังสือ", secrecy=Secrecy.SECRET, files=1)

    assert look(reader, office.central_clerk, "ถ้อยคำในเนื้อหนังสือ").hits == []
    assert look(reader, office.central_clerk, "แฟ้ม").hits == []
    hits = look(reader, office.central_clerk, "แผนปกปิด").hits
    assert [(hit.snippet, hit.marked, hit.file) for hit in hits] == [("", (), "")] * 2


def test_it_stands_among_the_others_by_rank_and_by_time(office: Office, reader: Connection) -> None:
    office.letter(subject="เรื่อง ทส 1002/5", minutes=8)
    office.letter(subject="เลขขึ้นต้น", number="ทส 1002/51", state=LetterState.ISSUED, minutes=7)
    office.letter(subject="เลขตรง", number="ทส 1002/5", state=LetterState.ISSUED, secrecy=Secrecy.SECRET)
    office.letter(subject="ในเรื่องปกปิด ทส 1002/5", secrecy=Secrecy.SECRET, minutes=9)
    office.catch_up()

    found = look(reader, office.central_clerk, "ทส 1002/5")
    newest = look(reader, office.central_clerk, "ทส 1002/5", newest=True)

    assert [hit.subject for hit in found.hits] == ["เลขตรง", "เลขขึ้นต้น", "ในเรื่องปกปิด ทส 1002/5", "เรื่อง ทส 1002/5"]
    assert [hit.subject for hit in newest.hits] == ["ในเรื่องปกปิด ทส 1002/5", "เรื่อง ทส 1002/5", "เลขขึ้นต้น", "เลขตรง"]


def test_pages_go_through_open_and_classified_ones_without_a_gap(office: Office, reader: Connection) -> None:
    made = [
        office.letter(subject="แผนน้ำ", secrecy=Secrecy.SECRET if n % 3 else Secrecy.OPEN, minutes=n).id
        for n in range(10)
    ]
    office.catch_up()

    for newest in (False, True):
        pages = [
            look(reader, office.central_clerk, "แผนน้ำ", newest=newest, offset=at, limit=4) for at in range(0, 12, 4)
        ]
        assert [one for page in pages for one in ids(page)] == made[::-1]
        assert [page.more for page in pages] == [True, True, False]


def test_every_filter_holds_for_it(office: Office, reader: Connection) -> None:
    secret = {"secrecy": Secrecy.SECRET}
    urgent = office.letter(subject="หนึ่ง", urgency=Urgency.URGENT, **secret)
    old = office.incoming(
        subject="สอง", number_date=date(2024, 5, 1), state=IncomingState.REGISTERED, files=1, **secret
    )
    office.open_book(BookKind.SECRET_RECEIVING, office.legal)
    line = office.entry(subject="สาม", kind=BookKind.SECRET_RECEIVING, keeper=office.legal, **secret)
    void = office.entry(subject="สี่", kind=BookKind.SENDING, state=EntryState.VOID, unit=office.central, **secret)

    for narrow, expected in (
        (Narrow(urgency="urgent"), [urgent.id]),
        (Narrow(year="2567"), [old.id]),
        (Narrow(year="2569"), [urgent.id, line.id, void.id]),
        (Narrow(enclosure="yes"), [old.id]),
        (Narrow(book="secret-receiving"), [line.id]),
        (Narrow(book="sending"), [urgent.id, void.id]),
        (Narrow(unit="legal"), [urgent.id, line.id]),
        (Narrow(state="over"), [void.id]),
        (Narrow(state="draft", urgency="urgent"), [urgent.id]),
        (Narrow(agency="กระทรวงมหาดไทย", state="registered"), [old.id, line.id]),
        (Narrow(hold="yes"), []),
    ):
        assert set(ids(look(reader, office.central_clerk, "", narrow=narrow))) == set(expected), narrow


def test_a_slip_is_forgiven_by_its_words_for_those_alone_who_may_read_them(office: Office, reader: Connection) -> None:
    letter = office.letter(subject="ยุทธการพญานาค", secrecy=Secrecy.SECRET)

    found = look(reader, office.central_clerk, "ยุทธการพญานาก")

    assert (ids(found), found.meant) == ([letter.id], (("ยุทธการพญานาก", "ยุทธการพญานาค"),))
    for actor in without_clearance(office):
        assert look(reader, actor, "ยุทธการพญานาก") == Found([])


def test_nothing_of_it_is_kept_to_be_found_by(office: Office, reader: Connection, engine: Engine) -> None:
    letter = office.letter(subject="แผนปกปิด", secrecy=Secrecy.SECRET, number="ทส 1002/77")
    came = office.incoming(subject="แผนปกปิด", secrecy=Secrecy.SECRET, files=1)
    line = office.entry(subject="แผนปกปิด", secrecy=Secrecy.SECRET, number="ทส 1002/77")
    office.catch_up()
    before = len(look(reader, office.central_clerk, "แผนปกปิด").hits)

    assert before == 3
    owners = reader.execute(select(documents.c.owner_id)).scalars().all()
    assert not {letter.id, came.id, line.id}.intersection(owners)
    assert reader.execute(select(file_texts)).all() == reader.execute(select(waiting)).all() == []
    if reader.dialect.name == "sqlite":
        for table in ("search_documents_fts", "search_heads_fts", "entries_fts"):
            found = reader.execute(text(f"SELECT count(*) FROM {table} WHERE {table} MATCH '\"แผนปกปิด\"'")).scalar()
            assert found == 0, table


def test_what_becomes_classified_or_open_changes_who_finds_it(office: Office, reader: Connection) -> None:
    letter = office.letter(subject="แผนน้ำ")
    office.catch_up()
    for secrecy, uncleared in ((Secrecy.SECRET, []), (Secrecy.OPEN, [letter.id])):
        with office.uow() as uow:
            held = uow.letters.get(office.agency.id, letter.id)
            held.content = replace(held.content, secrecy=secrecy)
            uow.letters.save(held)
            uow.commit()
        for _ in ("waiting", "indexed"):
            assert ids(look(reader, office.central_clerk, "แผนน้ำ")) == [letter.id]
            assert ids(look(reader, office.director, "แผนน้ำ")) == uncleared
            office.catch_up()


# --- How many are looked through --------------------------------------------------------------------------------------


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Three classified letters are looked through."""
    monkeypatch.setattr(search_classified, "MOST", 3)
    search_classified._statement.cache_clear()
    yield
    search_classified._statement.cache_clear()


def test_the_newest_are_looked_through_and_it_is_said_that_there_are_older_ones(
    office: Office, reader: Connection, few: None
) -> None:
    made = [office.letter(subject="แผนปกปิด", secrecy=Secrecy.SECRET, minutes=n).id for n in range(3)]
    found = look(reader, office.central_clerk, "แผนปกปิด")
    assert (ids(found), found.classified_left) == (made[::-1], False)

    office.incoming(subject="แผนปกปิด", secrecy=Secrecy.SECRET, minutes=9)
    found = look(reader, office.central_clerk, "แผนปกปิด")
    assert (ids(found)[1:], found.classified_left) == (made[:0:-1], True)
    assert look(reader, replace(office.legal_clerk, clearance=True), "แผนปกปิด").classified_left is False


def test_the_number_that_is_asked_for_is_found_however_old_its_letter_is(
    office: Office, reader: Connection, few: None
) -> None:
    wanted = office.incoming(subject="แผนเก่า", secrecy=Secrecy.SECRET, number="มท (กวจ) ๐๒๐๑/ ล ๗")
    paper = office.entry(subject="แผนเก่า", secrecy=Secrecy.SECRET, number="มท (กวจ) 0201/ล 7", minutes=1)
    for n in range(4):
        office.letter(subject="แผนใหม่", secrecy=Secrecy.SECRET, number=f"ทส 1002/{n}", minutes=n + 2)

    assert ids(look(reader, office.central_clerk, "มท(กวจ)0201/ล7")) == [paper.id, wanted.id]


@pytest.mark.parametrize(
    ("asked", "number"),
    [
        ("มท 0201/214", "มท ๐๒๐๑/ว ๒๑๔"),
        ("มท0201ว214", "มท ๐๒๐๑/ว ๒๑๔"),
        ("มท 0201/ว 214", "มท.0201 ว.214"),
        ("ว 214", "มท 0201/ว 214"),
        ("214", "มท 0201/214"),
        ("214", "มท 0201/ว 214"),
        ("๒๑๔ แผนเก่า", "มท 0201/214"),
    ],
)
def test_in_whatever_writing_its_number_is_asked_for(
    office: Office, reader: Connection, few: None, asked: str, number: str
) -> None:
    wanted = office.incoming(subject="แผนเก่า", secrecy=Secrecy.SECRET, number=number)
    for n in range(4):
        office.incoming(subject="แผนใหม่", secrecy=Secrecy.SECRET, number=f"มท 0201/214{n}", minutes=n + 2)

    assert wanted.id in ids(look(reader, office.central_clerk, asked))


@pytest.mark.parametrize("asked", ["1/2569", "1", "๑/๒๕๖๙"])
def test_the_number_that_a_register_gave_it_finds_it_however_old_it_is(
    office: Office, reader: Connection, few: None, asked: str
) -> None:
    secret: dict[str, Any] = {"secrecy": Secrecy.SECRET}
    came = office.incoming(subject="แผนเก่า", number="มท 0201/78", register_number=1, register_year=2569, **secret)
    sent = office.letter(subject="แผนเก่า", number="ทส 1002/77", **secret)
    office.entry(kind=BookKind.SENDING, subject_of=sent.id, number="ทส 1002/77", **secret)
    paper = office.entry(kind=BookKind.RECEIVING, number="มท 0201/79", **secret)
    for n in range(4):
        office.letter(subject="แผนใหม่", number=f"ทส 1002/8{n}", minutes=n + 2, **secret)

    assert {came.id, sent.id, paper.id} <= set(ids(look(reader, office.central_clerk, asked)))


def test_the_year_reaches_further_back(office: Office, reader: Connection, few: None) -> None:
    long_ago = -800 * 24 * 60
    old = office.incoming(subject="แผนเก่า", secrecy=Secrecy.SECRET, number_date=None, number="", minutes=long_ago)
    for n in range(4):
        office.letter(subject="แผนใหม่", secrecy=Secrecy.SECRET, minutes=n)

    assert ids(look(reader, office.central_clerk, "แผนเก่า")) == []
    found = look(reader, office.central_clerk, "แผนเก่า", narrow=Narrow(year="2567"))
    assert (ids(found), found.classified_left) == ([old.id], False)


# --- What it costs ----------------------------------------------------------------------------------------------------


@contextmanager
def statements(reader: Connection) -> Iterator[list[str]]:
    """What is asked of the database meanwhile."""
    asked: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_: object) -> None:
        asked.append(statement)

    event.listen(reader, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(reader, "before_cursor_execute", note)


def asked_for(reader: Connection, actor: Actor, q: str) -> list[str]:
    look(reader, actor, q)  # what is made once is made
    with statements(reader) as asked:
        look(reader, actor, q)
    return asked


def test_who_is_not_cleared_asks_the_same_with_classified_letters_and_without(
    office: Office, reader: Connection
) -> None:
    office.letter(subject="แผนน้ำ", number="ทส 1002/5", state=LetterState.ISSUED)
    office.catch_up()
    queries = ("แผนน้ำ", "แผนนำ้", "ทส 1002/5", "แผนปกปิด", "ทส 1002/6")
    before = [[asked_for(reader, actor, q) for q in queries] for actor in without_clearance(office)]

    for n in range(5):
        office.letter(subject="แผนปกปิด", secrecy=Secrecy.SECRET, number="ทส 1002/6", steps=(office.head,), minutes=n)
        office.entry(subject="แผนปกปิด", secrecy=Secrecy.SECRET)
    office.catch_up()

    assert [[asked_for(reader, actor, q) for q in queries] for actor in without_clearance(office)] == before


def test_who_is_cleared_asks_one_statement_more_and_some_once_there_is_something_however_much(
    office: Office, reader: Connection
) -> None:
    office.letter(subject="แผนน้ำ")
    office.catch_up()
    cleared, plain = office.central_clerk, replace(office.central_clerk, clearance=False)

    assert len(asked_for(reader, cleared, "แผนน้ำ")) == len(asked_for(reader, plain, "แผนน้ำ")) + 1

    costs = set()
    for n in range(1, 13):
        office.letter(subject="แผนปกปิด", secrecy=Secrecy.SECRET, minutes=n)
        office.incoming(subject="แผนปกปิด", secrecy=Secrecy.SECRET, minutes=n)
        office.catch_up()
        costs.add(len(asked_for(reader, cleared, "แผนน้ำ")) - len(asked_for(reader, plain, "แผนน้ำ")))
    assert costs == {7}
