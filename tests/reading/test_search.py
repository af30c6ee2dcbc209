"""One search: what it finds, in which order, and what it never shows."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import Connection, Engine, select, true

from saraban.domain.actor import Actor
from saraban.domain.incoming import IncomingState
from saraban.domain.letter import LetterState
from saraban.domain.register import BookKind, EntryState
from saraban.reading.found import Hit
from saraban.reading.search import look
from saraban.reading.search import search as look_up
from saraban.storage import document_index
from saraban.storage.document_index import DocumentIndex, Sight
from saraban.storage.search import scope_sign
from saraban.storage.tables.finding import documents
from saraban.storage.wanted import MARKS, SUBJECT, WORDS, Group, Wanted
from tests.reading.office import Office, open_office


def search(reader: Connection, actor: Actor, q: str, office: Office) -> list[Hit]:
    """What is found while the letters wait to be indexed, which is what is found when they are."""
    waiting = look_up(reader, actor, q)
    office.catch_up()
    indexed = look_up(reader, actor, q)
    assert {hit.id for hit in waiting} == {hit.id for hit in indexed}
    return indexed


def test_the_exact_number_comes_first_then_its_beginning_the_subject_and_the_text(
    office: Office, reader: Connection
) -> None:
    office.letter(subject="ในเนื้อความ", body="อ้างถึงเลขที่ ทส 1002/5 ที่ส่งมา", minutes=9)
    office.letter(subject="เรื่อง ทส 1002/5", minutes=8)
    office.letter(subject="เลขขึ้นต้น", number="ทส 1002/51", state=LetterState.ISSUED, minutes=7)
    office.letter(subject="เลขตรง", number="ทส 1002/5", state=LetterState.ISSUED)

    found = [hit.subject for hit in search(reader, office.central_clerk, "ทส ๑๐๐๒/๕", office)]

    assert found == ["เลขตรง", "เลขขึ้นต้น", "เรื่อง ทส 1002/5", "ในเนื้อความ"]


def test_what_is_void_stands_after_what_lives_of_the_same_number_and_before_all_others(
    office: Office, reader: Connection
) -> None:
    office.entry(subject="อยู่", kind=BookKind.RECEIVING, number="มท 0201/5")
    office.entry(subject="ลงซ้ำ", kind=BookKind.RECEIVING, number="มท 0201/5", state=EntryState.VOID, minutes=5)
    office.incoming(subject="ส่งคืนแล้ว", number="มท 0201/5", state=IncomingState.REFUSED, minutes=6)
    office.incoming(subject="เลขขึ้นต้น", number="มท 0201/51", minutes=9)

    for _ in ("waiting", "indexed"):
        for asked in ("มท 0201/5", "0201/5", "มท0201/5"):
            found = [hit.subject for hit in look_up(reader, office.central_clerk, asked)]
            assert found == ["อยู่", "ส่งคืนแล้ว", "ลงซ้ำ", "เลขขึ้นต้น"], asked
        office.catch_up()


def test_a_void_serial_stands_after_a_living_one(office: Office, reader: Connection) -> None:
    office.entry(subject="อยู่", kind=BookKind.RECEIVING)
    office.entry(subject="เลขอื่น", kind=BookKind.RECEIVING, minutes=9)
    office.entry(subject="ยกเลิก", keeper=office.legal, state=EntryState.VOID, minutes=5)

    found = [hit.subject for hit in search(reader, office.central_clerk, "1", office)]

    assert found[:2] == ["อยู่", "ยกเลิก"]


def test_the_numbers_that_were_looked_for_are_told(office: Office, reader: Connection) -> None:
    for asked, numbers in (
        ("กค0408.2ว214 ลงวันที่ 8 เมษายน 2569", ("กค0408.2/ว214",)),
        ("เลขรับ ๒๑๔", ("214",)),
        ("ประชุม", ()),
        ("งบประมาณ ๒๕๖๙", ()),
        ("๒๕๖๙", ("2569",)),
    ):
        assert look(reader, office.central_clerk, asked).numbers == numbers, asked


def test_letters_incoming_letters_and_lines_without_a_letter_are_found_once_each(
    office: Office, reader: Connection
) -> None:
    letter = office.letter(subject="แผนน้ำ ส่งออก")
    received = office.incoming(subject="แผนน้ำ รับเข้า")
    office.entry(subject="แผนน้ำ ส่งออก", subject_of=letter.id)
    office.entry(subject="แผนน้ำ รับเข้า", subject_of=received.id, kind=BookKind.RECEIVING)
    paper = office.entry(subject="แผนน้ำ กระดาษ", kind=BookKind.RECEIVING)

    found = {(hit.kind, hit.id) for hit in search(reader, office.central_clerk, "แผนน้ํา", office)}

    assert found == {("letter", letter.id), ("incoming", received.id), ("entry", paper.id)}


def test_a_register_line_is_found_where_its_letter_may_not_be_opened(office: Office, reader: Connection) -> None:
    letter = office.letter(subject="เรื่องของกลาง", unit=office.central, by=office.central_clerk)
    line = office.entry(subject="เรื่องของกลาง", unit=office.central, subject_of=letter.id)

    assert [(hit.kind, hit.id) for hit in search(reader, office.director, "ของกลาง", office)] == [("entry", line.id)]


def test_another_agency_finds_nothing_of_ours(office: Office, reader: Connection, engine: Engine) -> None:
    office.letter(subject="แผนน้ำ")
    office.entry(subject="แผนน้ำ")

    assert search(reader, open_office(engine, "dnp").central_clerk, "แผนน้ำ", office) == []
    assert search(reader, Actor.gateway(office.agency.id), "แผนน้ำ", office) == []


def test_every_word_must_occur_and_an_empty_query_finds_nothing(office: Office, reader: Connection) -> None:
    office.letter(subject="งบประมาณ 2570")

    assert len(search(reader, office.central_clerk, "๒๕๗๐ งบ", office)) == 1
    assert search(reader, office.central_clerk, "งบ 2571", office) == []
    assert search(reader, office.central_clerk, "  \u200b ", office) == []


def test_the_snippet_shows_the_words_in_the_text_around_them(office: Office, reader: Connection) -> None:
    office.letter(body="ก" * 300 + "\n\nเรื่องน้ําท่วม ปี ๒๕๖๙ " + "ข" * 300)

    (hit,) = search(reader, office.central_clerk, "น้ำท่วม", office)

    assert "เรื่องน้ำท่วม ปี ๒๕๖๙" in hit.snippet
    assert hit.snippet.startswith("…") and hit.snippet.endswith("…")
    assert len(hit.snippet) < 200


@pytest.mark.parametrize(
    "asked",
    [
        "กค (กวจ) 0405.2/ว 198 ลงวันที่ 8 เมษายน 2569",
        "หนังสือกรมบัญชีกลาง ที่ กค (กวจ) ๐๔๐๕.๒/ว ๑๙๘ ลงวันที่ ๘ เมษายน ๒๕๖๙",
        "0405.2/198",
        "กค(กวจ)0405.2ว198",
        "กค (กวจ) ๐๔๐๕.๒ว๑๙๘",
    ],
)
def test_a_letter_is_found_as_others_refer_to_it(office: Office, reader: Connection, asked: str) -> None:
    at = date(2026, 4, 8)
    office.incoming(subject="แนวทางจัดซื้อ", number="กค (กวจ) 0405.2/ว 198", number_date=at, from_name="กรมบัญชีกลาง")
    office.incoming(subject="เรื่องอื่น", number="กค (กวจ) 0405.2/ว 199", number_date=at, from_name="กรมบัญชีกลาง")

    assert [hit.subject for hit in search(reader, office.central_clerk, asked, office)] == ["แนวทางจัดซื้อ"]


@pytest.mark.parametrize("asked", ["กพร", "ก.พ.ร.", "สำนักงาน กพร"])
def test_a_short_name_is_found_with_its_dots_and_without_them(office: Office, reader: Connection, asked: str) -> None:
    office.incoming(subject="แผนพัฒนาระบบราชการ", from_name="สำนักงาน ก.พ.ร.")
    office.incoming(subject="เรื่องอื่น", from_name="สำนักงาน ก.พ.")

    found = search(reader, office.central_clerk, asked, office)

    assert [hit.subject for hit in found] == ["แผนพัฒนาระบบราชการ"]


def test_what_is_no_more_or_not_yet_says_so_and_a_line_tells_its_book(office: Office, reader: Connection) -> None:
    office.letter(subject="แผนน้ำ ร่าง")
    office.letter(subject="แผนน้ำ ออกแล้ว", state=LetterState.ISSUED, number="ทส 1002/5")
    office.entry(subject="แผนน้ำ ยกเลิก", kind=BookKind.RECEIVING, state=EntryState.VOID)
    office.entry(subject="แผนน้ำ ใช้อยู่", kind=BookKind.RECEIVING)

    found = {hit.subject: hit for hit in search(reader, office.central_clerk, "แผนน้ำ", office)}

    states = {"แผนน้ำ ร่าง": "draft", "แผนน้ำ ออกแล้ว": "issued", "แผนน้ำ ยกเลิก": "over", "แผนน้ำ ใช้อยู่": "registered"}
    assert {subject: hit.state for subject, hit in found.items()} == states
    assert {hit.book for hit in found.values() if hit.kind == "entry"} == {"ทะเบียนหนังสือรับ"}


def test_the_letters_of_numbers_mean_the_agency(office: Office, reader: Connection) -> None:
    office.incoming(subject="ไม่เว้นวรรค", number="กค(กวจ)0405.2/ว198")
    office.incoming(subject="เว้นวรรค", number="กค 0402/9")
    office.incoming(subject="ออกชื่อ", number="ศธ 0201/1", text="ตามที่กระทรวงการคลังแจ้ง")
    office.incoming(subject="เรื่องอื่น กคศ", number="ศธ 0206/2", text="สำนักงาน กคศ")

    found = {hit.subject for hit in search(reader, office.central_clerk, "กค", office)}

    assert found >= {"ไม่เว้นวรรค", "เว้นวรรค", "ออกชื่อ"}
    assert {hit.subject for hit in search(reader, office.central_clerk, "กค กวจ", office)} == {"ไม่เว้นวรรค"}


def test_words_are_marked_where_they_stand_in_thai_digits_and_large_letters(office: Office, reader: Connection) -> None:
    office.letter(subject="ระบบ ECMS ปี ๒๕๗๐", number="กค (กวจ) ๐๔๐๕.๒/ว ๑๙๘", body="ตามหนังสือที่ กค (กวจ) ๐๔๐๕.๒/ว ๑๙๘")

    for asked, subject, text in (
        ("ecms", ["ECMS"], []),
        ("2570", ["๒๕๗๐"], []),
        ("กค(กวจ)0405.2/ว198", [], ["กค (กวจ) ๐๔๐๕.๒/ว ๑๙๘"]),
    ):
        (hit,) = search(reader, office.central_clerk, asked, office)
        assert [hit.subject[start:end] for start, end in hit.subject_marked] == subject
        assert [hit.snippet[start:end] for start, end in hit.marked] == text


@pytest.mark.only_database("postgresql")
@pytest.mark.parametrize(
    ("near", "furthest", "often", "probed", "frequent", "collected"),
    [
        (2, 9, 1, 2, 9, 100),  # the best are looked for further back, all others collected
        (2, 30, 1, 2, 9, 4),  # too many to be collected, but the best are found further back
        (2, 3, 1, 2, 9, 4),  # nor are they: tier by tier
        (2, 3, 9, 2, 1, 4),  # frequent, but not among the best: tier by tier
    ],
)
def test_what_is_found_is_the_same_however_far_back_it_is_looked_for(
    office: Office, reader: Connection, monkeypatch: pytest.MonkeyPatch, near: int, furthest: int, often: int,
    probed: int, frequent: int, collected: int,
) -> None:  # fmt: skip
    for n in range(24):
        in_subject, in_text = n % 3 == 0, n % 2 == 0
        subject = f"{'แผนน้ำ' if in_subject else 'เรื่องอื่น'} ที่ {n}"
        office.letter(subject=subject, body="ตามแผนน้ำบาดาล" if in_text else "ตามที่แจ้ง", minutes=n)
    office.catch_up()
    asked = [("แผนน้ำ", 3), ("แผนน้ำ", 10), ("บาดาล", 5), ("แผนน้ำ บาดาล", 4), ("เรื่องอื่น", 50)]
    expected = [[hit.id for hit in look_up(reader, office.central_clerk, q, limit=most)] for q, most in asked]
    assert [len(found) for found in expected] == [3, 10, 5, 4, 16]

    for name, value in (
        ("NEAR", near), ("FURTHEST", furthest), ("OFTEN", often),
        ("PROBED", probed), ("FREQUENT", frequent), ("COLLECTED", collected),
    ):  # fmt: skip
        monkeypatch.setattr(document_index, name, value)

    found = [[hit.id for hit in look_up(reader, office.central_clerk, q, limit=most)] for q, most in asked]
    assert found == expected


@pytest.mark.only_database("postgresql")
@pytest.mark.parametrize("open_ones", [range(8), range(0, 30, 6)], ids=["the oldest", "some among others"])
def test_what_may_be_seen_is_found_behind_much_that_may_not(
    office: Office, reader: Connection, monkeypatch: pytest.MonkeyPatch, open_ones: range
) -> None:
    for n in range(30):
        office.letter(subject=f"แผนน้ำ {'เปิด' if n in open_ones else 'ปิด'} {n:02}", minutes=n)
    office.catch_up()
    for name, value in (("NEAR", 2), ("OFTEN", 9), ("PROBED", 2), ("FREQUENT", 9)):
        monkeypatch.setattr(document_index, name, value)
    sight = Sight(documents.c.subject.contains("เปิด"), true())
    scope = (scope_sign(office.central_clerk.agency_id, "all"),)
    everywhere = Wanted((Group(("แผนน้ำ",), (SUBJECT, MARKS, WORDS)),), scope, ())
    in_subject = Wanted((Group(("แผนน้ำ 0",), (SUBJECT,)),), scope, ())

    found = DocumentIndex(reader, sight).ranked([(3, in_subject), (5, everywhere)], 5)

    ids = [place.id for _, place in found]
    subjects = {row.id: row.subject for row in reader.execute(select(documents.c.id, documents.c.subject))}
    assert [subjects[one].strip() for one in ids] == [f"แผนน้ำ เปิด {n:02}" for n in sorted(open_ones)[:-6:-1]]


@pytest.mark.parametrize(
    ("q", "found"),
    [
        ("กระทรวงการคลัง", {"คลัง", "บัญชีกลาง"}),
        ("กรมบัญชีกลาง", {"บัญชีกลาง"}),
        ("จังหวัดเชียงใหม่", {"ชม"}),
        ("เชียงใหม่", {"ชม"}),
        ("กระทรวงการอุดมศึกษา", {"อว"}),
        ("ชม", {"ชม", "ออกชื่อ"}),
    ],
)
def test_the_name_of_an_agency_means_the_letters_of_its_numbers(
    office: Office, reader: Connection, q: str, found: set[str]
) -> None:
    numbers = {"คลัง": "กค 0201/9", "บัญชีกลาง": "กค 0402/9", "ชม": "ชม 0017.2/ว 5", "อว": "อว 0204/1", "อื่น": "มท 0810/1"}
    for subject, number in numbers.items():
        office.incoming(subject=subject, number=number, from_name="ผู้ส่ง")
    office.incoming(subject="ออกชื่อ", number="ศธ 0201/1", from_name="ผู้ส่ง", text="จังหวัดเชียงใหม่" if q == "ชม" else "")

    assert {hit.subject for hit in search(reader, office.central_clerk, q, office)} == found
