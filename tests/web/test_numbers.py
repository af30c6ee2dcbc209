"""Reserved numbers at the screen: set aside, printed, bound one after another, given back."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from saraban.domain.register import BookKind, EntryState
from saraban.reading.reserved import block, runs
from saraban.usecases import amending
from saraban.usecases.bookkeeping import open_book
from tests.web.installation import READING, Browser, Installation
from tests.web.test_entry_page import a_paper_letter, look, reserved


def typed(**more: str) -> dict[str, str]:
    """What is typed to reserve three receiving numbers."""
    return {"book": "receiving:", "count": "๓", "reason": "ระบบหยุดเพื่อบำรุงรักษา", "authority": "คำสั่ง ๑๒/๒๕๖๙"} | more


def test_runs_of_numbers_are_told_without_gaps() -> None:
    assert runs([3, 4, 5, 8, 10, 11]) == [(3, 5), (8, 8), (10, 11)]
    assert runs([]) == []


def test_a_block_is_reserved_and_shown_with_all_its_numbers(town: Installation, clerk: Browser) -> None:
    a_paper_letter(town)

    answer = clerk.send("/numbers/reserve", typed())
    page = clerk.get(answer.headers["Location"]).text
    overview = clerk.get("/numbers").text

    assert answer.status_code == 302
    assert "เลขที่จองไว้ ๒–๔" in page and "คำสั่ง ๑๒/๒๕๖๙" in page and "๓ จาก ๓ เลข" in page
    assert "๒–๔" in overview and "ระบบหยุดเพื่อบำรุงรักษา" in overview
    assert look(town, a_paper_letter(town, number="นศ 1")).serial == 5


@pytest.mark.only_database("sqlite")
def test_a_reservation_that_is_sent_twice_is_one(town: Installation, clerk: Browser) -> None:
    answers = [clerk.send("/numbers/reserve", typed(idempotency_key="k")) for _ in range(2)]

    assert answers[0].headers["Location"] == answers[1].headers["Location"]
    assert look(town, a_paper_letter(town)).serial == 4


@pytest.mark.only_database("sqlite")
def test_a_wrong_reservation_keeps_what_was_typed(town: Installation, clerk: Browser) -> None:
    for change, words in (
        ({"count": "มาก"}, "จำนวนเลขต้องเป็นตัวเลข"),
        ({"count": "๕๐๑"}, "จองได้ครั้งละ ๑ ถึง ๕๐๐ เลข"),
        ({"reason": ""}, "ใส่เหตุผลที่จอง"),
        ({"book": "นี่"}, "เลือกทะเบียนจากรายการ"),
        ({"book": "orders:"}, "ให้ผู้ดูแลระบบเปิดทะเบียนก่อน"),
        ({"book": "secret-receiving:"}, "นายทะเบียนข้อมูลข่าวสารลับ"),
    ):
        answer = clerk.send("/numbers/reserve", typed(**change))
        assert answer.status_code == 422, change
        assert words in answer.text and "คำสั่ง ๑๒/๒๕๖๙" in answer.text
    assert "ไม่มีเลขที่จองไว้" in clerk.get("/numbers").text


def test_numbers_of_a_block_are_bound_one_after_another(town: Installation, clerk: Browser) -> None:
    lines = reserved(town, 3)
    subjects = ["ขอเชิญประชุม", "แจ้งผลการตรวจสอบภายใน", "ส่งรายชื่อผู้เข้ารับการอบรม"]
    address = f"/registers/entries/{lines[0]}/bind?row=1"

    for at in (0, 1):
        answer = clerk.send(address, {"sender": "กรมบัญชีกลาง", "subject": subjects[at], "origin": "paper"})
        address = answer.headers["Location"]
        assert address == f"/registers/entries/{lines[at + 1]}/bind?row=1"
    last = clerk.send(address, {"sender": "กรมบัญชีกลาง", "subject": subjects[2], "origin": "paper"})

    assert last.headers["Location"] == f"/registers/entries/{lines[2]}"
    assert [look(town, one).subject for one in lines] == subjects
    assert "ไม่มีเลขที่จองไว้" in clerk.get("/numbers").text


def test_the_true_time_on_the_sheet_is_kept_beside_the_time_of_entry(town: Installation, clerk: Browser) -> None:
    [line] = reserved(town)
    town.clock.pass_by(timedelta(days=2))

    clerk.send(
        f"/registers/entries/{line}/bind",
        {"sender": "ก", "subject": "ข", "origin": "paper", "received_date": "24", "received_time": "๑๓.๔๕"},
    )

    page = look(town, line)
    assert page.received_at is not None and page.received_at.isoformat().startswith("2026-11-24T06:45")
    assert page.is_late


@pytest.mark.parametrize(
    ("at", "day", "received"),
    [
        ("2026-11-23T09:30:00+07:00", "20/11", "2026-11-20T01:30:00+00:00"),
        ("2026-11-24T07:10:20+07:00", "24", "2026-11-24T00:10:00+00:00"),
    ],
)
def test_a_day_on_the_sheet_without_a_time_counts_from_the_opening_of_the_office(
    town: Installation, clerk: Browser, at: str, day: str, received: str
) -> None:
    [line] = reserved(town)
    town.clock.move_to(datetime.fromisoformat(at))
    address = f"/registers/entries/{line}/bind"
    assert "ใส่แต่วันที่ นับเป็น ๐๘.๓๐ น." in clerk.get(address).text

    answer = clerk.send(address, {"sender": "ก", "subject": "ข", "origin": "paper", "received_date": day})

    assert answer.status_code == 302
    assert look(town, line).received_at == datetime.fromisoformat(received)


def test_an_outgoing_reserved_number_keeps_the_letter_number_that_was_printed(
    town: Installation, clerk: Browser
) -> None:
    [line] = reserved(town, kind=BookKind.SENDING)

    clerk.send(f"/registers/entries/{line}/bind", {"addressee": "กรมบัญชีกลาง", "subject": "ข", "origin": "paper"})

    page = look(town, line)
    assert (page.number, page.sender, page.addressee) == ("ศธ 0601/1", "กรมส่งเสริมการอ่าน", "กรมบัญชีกลาง")
    assert page.letter_date is not None


def test_numbers_are_given_back_several_at_once_and_never_silently(town: Installation, clerk: Browser) -> None:
    lines = reserved(town, 3)
    address = f"/numbers/blocks/{lines[0]}/release"
    chosen = {"entry": [str(lines[1]), str(lines[2])]}

    silent = clerk.send(address, chosen)
    nothing = clerk.send(address, {"reason": "ก", "authority": "ข"})
    before = [look(town, one).state for one in lines]
    answer = clerk.send(address, chosen | {"reason": "ระบบกลับมาก่อน", "authority": "หัวหน้าสารบรรณ"})
    page = clerk.get(answer.headers["Location"]).text

    assert (silent.status_code, nothing.status_code) == (422, 422)
    assert len(re.findall(r'name="entry"[^>]* checked', silent.text)) == 2 and "ใส่เหตุผล" in silent.text
    assert "เลือกเลขที่จะคืนก่อน" in nothing.text
    assert before == [EntryState.RESERVED] * 3
    assert [look(town, one).state for one in lines] == [EntryState.RESERVED, EntryState.VOID, EntryState.VOID]
    assert look(town, lines[1]).void_reason == "คืนเลขที่จองไว้: ระบบกลับมาก่อน"
    assert page.count("คืนแล้ว</span>") == 2


def test_old_numbers_are_warned_of(town: Installation, clerk: Browser) -> None:
    reserved(town)
    young = clerk.get("/numbers").text
    town.clock.pass_by(timedelta(days=8))

    assert "จองไว้เกิน" not in young
    assert "จองไว้เกิน ๗ วัน" in clerk.get("/numbers").text


def test_numbers_of_letters_being_signed_are_shown_apart_with_the_reason(town: Installation, clerk: Browser) -> None:
    town.issued()
    with town.services.uow() as uow:
        book = uow.registers.book(town.agencies[READING], BookKind.SENDING, None, 2569)
        assert book is not None
        entry = uow.registers.by_serial(book.id, 1)
        assert entry is not None
        entry.state = EntryState.RESERVED
        uow.registers.save(entry)
        uow.commit()

    page = clerk.get("/numbers").text

    assert "จองไว้สำหรับหนังสือที่กำลังลงนาม" in page and "ผูกหรือคืนที่นี่ไม่ได้" in page
    assert f"/registers/entries/{entry.id}" in page
    assert clerk.get(f"/numbers/blocks/{entry.id}").status_code == 404


def test_a_unit_reserves_in_its_own_book_only(town: Installation) -> None:
    open_book(town.services, actor=town.actor("reading-admin"), kind=BookKind.SENDING, unit_code="PLAN")
    clerk = town.client("reading-plan-clerk")

    offered = re.findall(r'<option value="([a-z-]+:\w*)"', clerk.get("/numbers/reserve").text)
    answer = clerk.send("/numbers/reserve", typed(book="sending:PLAN", count="1"))
    central = clerk.send("/numbers/reserve", typed(book="sending:", count="1"))

    assert offered == ["sending:PLAN"]
    assert answer.status_code == 302 and "ศธ\u00a0๐๖๐๒/๑" in clerk.get(answer.headers["Location"]).text
    assert central.status_code == 422 and "เฉพาะเจ้าหน้าที่สารบรรณกลาง" in central.text


def test_who_may_not_reserve_hears_why(town: Installation) -> None:
    [line] = reserved(town)
    director = town.client("reading-director")

    for address in ("/numbers", "/numbers/reserve", f"/numbers/blocks/{line}"):
        assert "เฉพาะเจ้าหน้าที่สารบรรณ" in director.get(address).text
    answer = director.send(f"/numbers/blocks/{line}/release", {"entry": str(line), "reason": "ก", "authority": "ข"})
    assert answer.status_code == 403


def test_another_agency_sees_none_of_it(town: Installation) -> None:
    [line] = reserved(town)
    stranger = town.client("learning-clerk")

    assert "ไม่มีเลขที่จองไว้" in stranger.get("/numbers").text
    for address in (f"/numbers/blocks/{line}", f"/numbers/blocks/{line}/sheet.pdf"):
        assert stranger.get(address).status_code == 404
    assert stranger.send(f"/numbers/blocks/{line}/release", {"entry": str(line)}).status_code == 404


def test_the_sheet_of_a_block_is_a_printable_file(town: Installation, clerk: Browser) -> None:
    [first, _] = reserved(town, 2)

    answer = clerk.get(f"/numbers/blocks/{first}/sheet.pdf")

    assert answer.mimetype == "application/pdf" and answer.data.startswith(b"%PDF-")
    assert "reserved-1-2.pdf" in answer.headers["Content-Disposition"]


def test_the_words_of_a_secret_block_are_for_the_cleared(town: Installation) -> None:
    open_book(town.services, actor=town.actor("reading-admin"), kind=BookKind.SECRET_RECEIVING)
    line = _secret(town)

    with town.office.reading.connect() as reader:
        found = block(reader, town.actor("reading-records"), line)
        cleared = block(reader, replace(town.actor("reading-clerk"), clearance=True), line)

    assert found.reason == "ปกปิด" and found.lines[0].masked
    assert cleared.reason == "เหตุที่ไม่ควรรู้"


def _secret(town: Installation) -> UUID:
    cleared = replace(town.actor("reading-clerk"), clearance=True)
    made = amending.reserve_numbers(
        town.services,
        actor=cleared,
        kind=BookKind.SECRET_RECEIVING,
        count=1,
        reason="เหตุที่ไม่ควรรู้",
    )
    return UUID(str(made.ids[0]))
