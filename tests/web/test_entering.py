"""Letters on paper at the screen: fast entry, offers, scans and their tray, the same letter twice, grid and sheets."""

from __future__ import annotations

import io
import os
import re
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from itsdangerous import TimestampSigner, URLSafeTimedSerializer
from openpyxl import load_workbook
from PIL import Image
from werkzeug.test import TestResponse

from saraban.domain.agency import UnitId
from saraban.domain.classification import Secrecy
from saraban.domain.register import Book, BookId, BookKind, Matter
from saraban.doorway.dates import NotATime, read_clock
from saraban.storage.tables.organisation import position_periods
from saraban.storage.tables.people import positions
from saraban.storage.tables.registers import entries
from saraban.usecases import importing, recording
from saraban.usecases.errands import run_next_errand
from saraban.web import own_tokens
from saraban.web.forms.sheets import EXAMPLE_MARK
from tests.web.installation import LEARNING, READING, Browser, Installation

ONE, GRID, SHEET = "/entering/receiving", "/entering/receiving/grid", "/entering/receiving/sheet"
LETTER = {
    "sender": "กรมบัญชีกลาง",
    "number": "กค ๐๔๐๘/๑๒๓",
    "letter_date": "20",
    "subject": "ซักซ้อมความเข้าใจแนวทางปฏิบัติในการจัดซื้อจัดจ้าง",
    "addressee": "อธิบดี",
    "keep": ["addressee", "letter_date"],
}


TO_THAI = str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")


def a_picture(shade: int = 255) -> bytes:
    """A small PNG."""
    out = io.BytesIO()
    Image.new("L", (60, 80), shade).save(out, "PNG")
    return out.getvalue()


def enter(browser: Browser, **changes: Any) -> TestResponse:
    """Send the form of one letter."""
    return browser.send(ONE, {**LETTER, "idempotency_key": uuid4().hex, **changes})


def rows(town: Installation) -> list[Any]:
    """All lines, by number."""
    with town.office.reading.connect() as connection:
        return list(connection.execute(entries.select().order_by(entries.c.serial)))


def open_book(town: Installation, kind: BookKind, *, first: int = 1, unit: str = "") -> None:
    """Open a book of กรมส่งเสริมการอ่าน."""
    agency = town.agencies[READING]
    with town.services.uow() as uow:
        found = uow.agencies.unit_by_code(agency, unit) if unit else None
        unit_id = UnitId(found.id) if found else None
        at = town.clock.now()
        uow.registers.open(Book(BookId(uuid4()), agency, kind, unit_id, 2569, first, first - 1, at, "ผู้ดูแล"))
        uow.commit()


# --- one letter -------------------------------------------------------------------------------------------------------


def test_the_next_number_is_shown_and_only_taken_at_saving(town: Installation, clerk: Browser) -> None:
    for _ in range(2):
        assert 'เลขรับถัดไป <b class="num">๑</b>' in clerk.get(ONE).text
    assert rows(town) == []

    answer = enter(clerk)

    assert answer.status_code == 302
    page = clerk.get(answer.location).text.replace("\u00a0", " ")
    assert 'ลงรับแล้ว เลขรับ <span class="num">๑</span> เวลา ๐๙.๓๐ น.' in page
    assert 'เลขรับถัดไป <b class="num">๒</b>' in page
    assert rows(town)[0].letter_date.isoformat() == "2026-11-20"


def test_what_is_ticked_stands_in_the_next_letter_and_nothing_else(clerk: Browser) -> None:
    page = clerk.get(enter(clerk).location).text

    assert value_of(page, "addressee") == "อธิบดี"
    assert value_of(page, "letter_date") == "๒๐ พ.ย. ๒๕๖๙"
    assert value_of(page, "sender") == value_of(page, "subject") == ""

    page = clerk.get(enter(clerk, number="กค 0408/124", subject="เรื่องต่อไป", keep=["sender"]).location).text
    assert (value_of(page, "sender"), value_of(page, "addressee")) == ("กรมบัญชีกลาง", "")


def value_of(page: str, name: str) -> str:
    found = re.search(rf'<input[^>]*id="{name}"[^>]*value="([^"]*)"', page)
    assert found is not None, name
    return found[1]


def test_an_error_keeps_every_word_and_takes_no_number(town: Installation, clerk: Browser) -> None:
    answer = enter(clerk, letter_date="31/2", sender="", received_time="99", note="หมายเหตุยาว")

    assert answer.status_code == 422
    for words in ("วันที่ ๓๑ กุมภาพันธ์ ไม่มีในปฏิทิน", "ใส่ว่าหนังสือมาจาก", "อ่านเวลาไม่ออก"):
        assert words in answer.text
    assert value_of(answer.text, "letter_date") == "31/2"
    assert value_of(answer.text, "subject") == LETTER["subject"]
    assert "หมายเหตุยาว" in answer.text
    assert rows(town) == []


@pytest.mark.parametrize(
    ("field", "longest"),
    [("number", 100), ("sender", 300), ("addressee", 300), ("subject", 500), ("practice", 500), ("note", 1000)],
)
def test_a_text_that_is_too_long_is_refused_and_never_shortened(
    town: Installation, clerk: Browser, field: str, longest: int
) -> None:
    long = "ก" * (longest + 1)

    answer = enter(clerk, **{field: long})

    assert answer.status_code == 422 and f"ยาวเกิน {longest:,} ตัวอักษร".translate(TO_THAI) in answer.text
    assert long in answer.text and rows(town) == []
    assert "maxlength" not in re.sub(r'<input[^>]*type="search"[^>]*>', "", clerk.get(ONE).text), (
        "a browser cuts what is pasted"
    )
    assert enter(clerk, **{field: long[:-1]}).status_code == 302


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("20", "2026-11-20"),
        ("๒๐/๑๐", "2026-10-20"),
        ("20/11/69", "2026-11-20"),
        ("-", "2026-11-22"),
        ("28", "2026-10-28"),
        ("24/12", "2025-12-24"),
        ("2026-11-01", "2026-11-01"),
    ],
)
def test_dates_are_read_as_clerks_type_them(town: Installation, clerk: Browser, typed: str, day: str) -> None:
    assert enter(clerk, letter_date=typed).status_code == 302
    assert rows(town)[0].letter_date.isoformat() == day


def test_how_a_day_is_read_is_told_while_one_types(clerk: Browser) -> None:
    said = clerk.send(
        "/entering/days", {"past": ["24/11", "-", "20", "32/11", ""], "day": ["24/11", "1/1/60"]}
    ).get_json()

    assert [one["says"] for one in said["past"]] == [
        "๒๔ พ.ย. ๒๕๖๘ · ปีที่แล้ว",
        "๒๒ พ.ย. ๒๕๖๙ · เมื่อวาน",
        "๒๐ พ.ย. ๒๕๖๙",
        "",
        "",
    ]
    assert "ไม่มีในปฏิทิน" in said["past"][3]["wrong"] and said["past"][4]["wrong"] == ""
    assert [one["says"] for one in said["day"]] == ["๒๔ พ.ย. ๒๕๖๙ · ยังไม่ถึง", "๑ ม.ค. ๒๕๖๐ · ๙ ปีก่อน"]


@pytest.mark.parametrize(
    ("typed", "at"), [("9.30", (9, 30)), ("๑๔:๐๕", (14, 5)), ("0930", (9, 30)), ("930", (9, 30)), ("๐๙๓๐ น.", (9, 30))]
)
def test_times_are_read_as_clerks_type_them(typed: str, at: tuple[int, int]) -> None:
    assert read_clock(typed) == time(*at)


@pytest.mark.parametrize("typed", ["25", "2460", "9.75", "93", "12345", "เช้า"])
def test_what_is_no_time_is_told(typed: str) -> None:
    with pytest.raises(NotATime):
        read_clock(typed)


def test_a_form_that_is_sent_twice_enters_one_letter(town: Installation, clerk: Browser) -> None:
    first, second = (enter(clerk, idempotency_key="same") for _ in range(2))

    assert first.location == second.location
    assert len(rows(town)) == 1


def test_registering_late_shows_the_true_day_and_the_day_of_entry(town: Installation, clerk: Browser) -> None:
    answer = enter(clerk, received_day="20/11", received_time="๑๖.๔๕", deed="open")

    line = rows(town)[0]
    assert line.received_at.isoformat() == "2026-11-20T09:45:00+00:00" and line.at == town.clock.now()
    page = clerk.get(answer.location).text.replace("\u00a0", " ")
    assert "๒๐ พ.ย. ๒๕๖๙" in page and "๑๖.๔๕" in page and "๒๓ พ.ย. ๒๕๖๙" in page


@pytest.mark.parametrize(
    ("at", "day", "received"),
    [
        ("09:30", "20/11", "2026-11-20T01:30:00+00:00"),
        ("09:30", "23", "2026-11-23T01:30:00+00:00"),
        ("07:10", "23", "2026-11-23T00:10:00+00:00"),
    ],
)
def test_a_day_without_a_time_counts_from_the_opening_of_the_office(
    town: Installation, clerk: Browser, at: str, day: str, received: str
) -> None:
    town.clock.move_to(datetime.fromisoformat(f"2026-11-23T{at}:20+07:00"))
    assert "ใส่แต่วันที่ นับเป็น ๐๘.๓๐ น." in clerk.get(ONE).text

    assert enter(clerk, received_day=day).status_code == 302

    assert rows(town)[0].received_at.isoformat() == received


def test_a_letter_is_not_received_before_its_date(town: Installation, clerk: Browser) -> None:
    answer = enter(clerk, letter_date="20/11", received_day="19/11")

    assert answer.status_code == 422 and "หนังสือรับก่อนวันที่ที่ลงในหนังสือไม่ได้" in answer.text
    assert rows(town) == []
    assert enter(clerk, letter_date="20/11", received_day="20/11").status_code == 302


def test_a_letter_from_before_the_system_keeps_its_number(town: Installation, clerk: Browser) -> None:
    assert enter(clerk, origin="before").status_code == 422
    open_book(town, BookKind.RECEIVING, first=4001)

    answer = enter(clerk, origin="before", serial="๓๑๗")

    assert answer.status_code == 302
    assert [(r.serial, r.origin.value) for r in rows(town)] == [(317, "before")]
    assert "ต่ำกว่า ๔๐๐๑" in clerk.get(ONE).text


def test_an_average_of_seconds_stands_over_the_last_letters(clerk: Browser) -> None:
    enter(clerk, seconds="8")
    page = clerk.get(enter(clerk, number="กค 0408/2", subject="เรื่องต่อไป", seconds="12").location).text

    assert 'เฉลี่ยฉบับละ <span class="num">๑๐</span> วินาที' in page


def test_a_book_that_is_not_open_says_who_opens_it(clerk: Browser) -> None:
    page = clerk.get("/entering/orders").text

    assert "ยังไม่ได้เปิดทะเบียนคำสั่ง ปี ๒๕๖๙ ผู้ดูแลระบบเปิดได้" in page
    assert 'aria-disabled="true"' in page
    assert clerk.get("/entering/cookery").status_code == 404


def test_every_kind_of_book_has_its_page(town: Installation, clerk: Browser) -> None:
    for kind in BookKind:
        if not kind.opens_by_itself:
            open_book(town, kind)
    for kind in BookKind:
        status = clerk.get(f"/entering/{kind.value}").status_code
        assert status == (403 if kind.secret else 200), kind
    sent = clerk.send("/entering/orders", {**LETTER, "idempotency_key": "k", "subject": "แต่งตั้งคณะทำงาน"})
    assert "ที่ ๑/๒๕๖๙" in clerk.get(sent.location).text.replace("\u00a0", " ")


def test_only_the_books_clerks_come_to_the_page(town: Installation) -> None:
    for name in ("reading-director", "reading-head", "reading-records", "reading-admin", "reading-plan-clerk"):
        for address in (ONE, GRID, SHEET, f"{ONE}/offers", f"{ONE}/tray"):
            assert town.client(name).get(address).status_code == 403, (name, address)
        assert "ลงหนังสือกระดาษ" not in town.client(name).get("/password").text, "nor does the menu offer it"
    open_book(town, BookKind.RECEIVING, unit="PLAN")

    plan = town.client("reading-plan-clerk")
    assert 'name="unit" value="PLAN"' in plan.get(ONE).text
    assert "ลงหนังสือกระดาษ" in plan.get("/password").text
    assert enter(plan, unit="PLAN").status_code == 302
    assert enter(plan, unit="").status_code == 403
    assert plan.get(f"{ONE}/tray?unit=PLAN").status_code == 403


# --- offers ----------------------------------------------------------------------------------------------------------


def test_a_sender_is_offered_with_the_head_of_its_numbers_and_its_subjects_first(clerk: Browser) -> None:
    enter(clerk)

    sender = clerk.get(f"{ONE}/offers?field=sender&q=บัญชี").get_json()["offers"]
    subject = clerk.get(f"{ONE}/offers?field=subject&q=&beside=กรมบัญชีกลาง").get_json()["offers"]

    assert sender == [{"text": "กรมบัญชีกลาง", "note": "กค\u00a0๐๔๐๘ · ๑ ฉบับ", "head": "กค\u00a0๐๔๐๘/"}]
    assert subject[0]["text"] == LETTER["subject"]


def test_what_another_agency_wrote_is_never_offered(town: Installation, clerk: Browser) -> None:
    enter(clerk)

    assert town.client("learning-clerk").get(f"{ONE}/offers?field=sender&q=บัญชี").get_json()["offers"] == []


# --- the same letter twice ------------------------------------------------------------------------------------------


def test_a_letter_that_seems_known_is_put_beside_its_line_and_the_clerk_decides(
    town: Installation, clerk: Browser
) -> None:
    enter(clerk)

    asked = enter(clerk, subject="เรื่องที่เขียนอีกแบบ")

    assert asked.status_code == 409
    assert "เลขรับ ๑/๒๕๖๙" in asked.text and "เลขที่และผู้ส่งเดียวกัน" in asked.text
    assert 'class="is-different"' in asked.text and LETTER["subject"] in asked.text
    assert len(rows(town)) == 1

    back = enter(clerk, subject="เรื่องที่เขียนอีกแบบ", deed="edit")
    assert (back.status_code, value_of(back.text, "subject")) == (200, "เรื่องที่เขียนอีกแบบ")
    answer = enter(clerk, subject="เรื่องที่เขียนอีกแบบ", accepted=accepted_of(asked))
    assert answer.status_code == 302
    assert len(rows(town)) == 2


def accepted_of(page: TestResponse) -> list[str]:
    """The keys of what a page has shown, as a clerk sends them who has ticked everything."""
    return re.findall(r'name="accepted" value="([^"]+)"', page.text)


def test_an_addressee_that_was_left_out_is_the_agency_itself_in_the_comparison(clerk: Browser) -> None:
    enter(clerk, addressee="")

    asked = enter(clerk, addressee="")

    assert asked.status_code == 409 and "กรมส่งเสริมการอ่าน" in asked.text
    assert 'class="is-different"' not in asked.text


def test_the_card_beside_the_fields_tells_while_one_types(town: Installation, clerk: Browser) -> None:
    assert clerk.send(f"{ONE}/alike", LETTER).text.strip() == ""
    enter(clerk)

    card = clerk.send(f"{ONE}/alike", LETTER).text
    other = clerk.send(f"{ONE}/alike", {**LETTER, "number": "กค 0408/124", "letter_date": "19"}).text

    assert "อาจเคยลงรับแล้ว" in card and "เทียบดู" in card
    assert "คล้ายกับที่เคยลงรับ" in other
    assert town.client("learning-clerk").send(f"{ONE}/alike", LETTER).text.strip() == ""


def test_a_classified_line_shows_in_no_card_and_no_kept_value(town: Installation, clerk: Browser) -> None:
    secret = Matter("ลับ 1/1", None, "ผู้ส่งลับ", "ก", "เรื่องลับเฉพาะ", secrecy=Secrecy.SECRET)
    cleared = replace(town.actor("reading-clerk"), clearance=True)
    made = recording.record_letter(town.services, actor=cleared, kind=BookKind.RECEIVING, matter=secret)

    page = clerk.get(f"{ONE}?after={made.id}").text
    card = clerk.send(f"{ONE}/alike", {**LETTER, "sender": "ผู้ส่งลับ", "number": "ลับ 1/1", "subject": "เรื่องลับเฉพาะ"})

    assert "เรื่องลับเฉพาะ" not in page and "ผู้ส่งลับ" not in page
    assert card.text.strip() == ""


# --- scans ------------------------------------------------------------------------------------------------------------


def send_file(browser: Browser, data: bytes, name: str = "scan.png") -> TestResponse:
    return browser.send(f"{ONE}/files", {"file": (io.BytesIO(data), name)})


def test_a_file_is_kept_before_the_letter_and_hangs_on_its_line(town: Installation, clerk: Browser) -> None:
    kept = send_file(clerk, a_picture()).get_json()["files"][0]
    assert kept["name"] == "scan.png"
    assert clerk.get(f"{ONE}/kept/picture", query_string={"token": kept["token"]}).mimetype == "image/png"

    refused = enter(clerk, subject="", kept=[kept["token"]])
    assert kept["token"] in refused.text
    assert enter(clerk, kept=[kept["token"]]).status_code == 302

    with town.services.uow() as uow:
        line = uow.registers.get(town.agencies[READING], rows(town)[0].id)
    assert [f.name for f in line.files] == ["scan.png"]
    beside = enter(clerk, number="อื่น 1/1", sender="อื่น", subject="อื่น", kept=[kept["token"]])
    assert beside.status_code == 409 and "ไฟล์เดียวกัน" in beside.text


def test_files_travel_with_the_form_where_there_is_no_script(town: Installation, clerk: Browser) -> None:
    assert enter(clerk, file=(io.BytesIO(a_picture()), "a.png")).status_code == 302

    with town.services.uow() as uow:
        assert uow.registers.get(town.agencies[READING], rows(town)[0].id).files[0].name == "a.png"


def test_a_file_that_was_chosen_but_has_not_arrived_hinders_the_letter_in_words(
    town: Installation, clerk: Browser
) -> None:
    token = send_file(clerk, a_picture()).get_json()["files"][0]["token"]

    answer = enter(clerk, awaited="b.pdf", kept=token)

    assert answer.status_code == 422
    assert "b.pdf: ยังส่งไม่ครบ เลือกไฟล์นี้อีกครั้ง" in answer.text
    assert token in answer.text
    assert rows(town) == []


def test_a_refused_file_takes_no_other_away(town: Installation, clerk: Browser) -> None:
    token = send_file(clerk, a_picture()).get_json()["files"][0]["token"]
    good, bad = (io.BytesIO(a_picture(9)), "b.png"), (io.BytesIO(b"MZ"), "c.exe")

    answer = enter(clerk, kept=token, file=[good, bad])

    assert answer.status_code == 422 and "c.exe: แนบได้เฉพาะ" in answer.text
    assert re.findall(r'scan__name">([^<]+)<', answer.text) == ["scan.png", "b.png"]
    assert rows(town) == []


def test_more_files_than_a_letter_takes_are_refused_and_not_left_out(town: Installation, clerk: Browser) -> None:
    answer = enter(clerk, file=[(io.BytesIO(a_picture(shade)), f"{shade}.png") for shade in range(21)])

    assert answer.status_code == 422 and "แนบได้ฉบับละไม่เกิน ๒๐ ไฟล์" in answer.text
    assert rows(town) == []


class Earlier(TimestampSigner):
    """Signs with a moment that is too long ago."""

    def get_timestamp(self) -> int:
        return super().get_timestamp() - int(own_tokens.TOKEN_LIFE.total_seconds()) - 9


def test_a_token_is_worth_nothing_to_anybody_else_or_for_ever_and_cannot_be_made(
    town: Installation, clerk: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = send_file(clerk, a_picture()).get_json()["files"][0]["token"]
    with monkeypatch.context() as earlier:
        earlier.setattr(own_tokens, "URLSafeTimedSerializer", partial(URLSafeTimedSerializer, signer=Earlier))
        old = send_file(clerk, a_picture()).get_json()["files"][0]["token"]
    own, other = town.actor("reading-clerk"), town.actor("reading-director")
    with town.office.writing.begin() as connection:  # he becomes a clerk of the same book
        connection.execute(positions.update().where(positions.c.id == other.position_id).values(role=own.role))
        of_his = position_periods.c.position_id == other.position_id
        connection.execute(position_periods.update().where(of_his).values(unit_id=own.unit_id))
    stranger, beside = town.client("learning-clerk"), town.client("reading-director")

    tries = [(stranger, token), (beside, token), (clerk, old), (clerk, token[:-2] + "xx"), (clerk, "nonsense")]
    for browser, used in tries:
        assert enter(browser, kept=[used]).status_code == 422
        assert browser.get(f"{ONE}/kept/picture", query_string={"token": used}).status_code == 422
    assert rows(town) == []
    both = enter(clerk, kept=[token, old])
    assert token in both.text and old not in both.text, "what is still good stays on the form"


def test_a_file_that_is_no_page_is_refused_in_words(clerk: Browser) -> None:
    answer = send_file(clerk, b"MZ", "virus.exe")

    assert answer.status_code == 422
    assert "virus.exe" in answer.get_json()["detail"] and "PDF" in answer.get_json()["detail"]


def tray_of(town: Installation, code: str = READING) -> Path:
    folder = town.office.settings.data_folder / "scans" / code
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "scan_001.png"
    path.write_bytes(a_picture(100))
    at = (town.clock.now() - timedelta(minutes=5)).timestamp()
    os.utime(path, (at, at))
    return path


def test_a_scan_of_the_tray_is_attached_and_leaves_it(town: Installation, clerk: Browser) -> None:
    path = tray_of(town)
    assert 'data-take="scan_001.png"' in clerk.get(f"{ONE}/tray").text
    assert clerk.get(f"{ONE}/tray/picture?name=scan_001.png").mimetype == "image/png"

    token = clerk.send(f"{ONE}/tray", {"name": "scan_001.png"}).get_json()["files"][0]["token"]
    assert path.exists()
    assert enter(clerk, kept=[token]).status_code == 302

    assert not path.exists() and (path.parent / "done" / "scan_001.png").exists()
    assert "ถาดว่าง" in clerk.get(f"{ONE}/tray").text


def test_the_tray_of_another_agency_cannot_be_reached(town: Installation, clerk: Browser) -> None:
    tray_of(town, LEARNING)

    assert "scan_001" not in clerk.get(f"{ONE}/tray").text
    for name in ("scan_001.png", f"../{LEARNING}/scan_001.png", "../../roots.pem", "/etc/passwd"):
        assert clerk.get(f"{ONE}/tray/picture", query_string={"name": name}).status_code == 404
        assert clerk.send(f"{ONE}/tray", {"name": name}).status_code == 404


# --- many at once -----------------------------------------------------------------------------------------------------


def columns(*cells: tuple[str, str, str, str]) -> dict[str, Any]:
    """The grid's fields as a browser without script sends them."""
    named = zip(("sender", "number", "letter_date", "subject"), zip(*cells, strict=True), strict=True)
    empty = {name: [""] * len(cells) for name in ("addressee", "practice", "urgency", "note")}
    return {**empty, **{name: list(values) for name, values in named}, "idempotency_key": uuid4().hex}


GOOD = [("กรมที่ดิน", "มท 0515/1", "20/11", "ขอส่งรายงาน"), ("", "", "", ""), ("จังหวัดเลย", "ลย 0017/9", "-", "ขอเชิญประชุม")]


def test_a_grid_is_entered_in_its_order_and_empty_rows_are_left_out(town: Installation, clerk: Browser) -> None:
    answer = clerk.send(GRID, columns(*GOOD))

    assert answer.status_code == 302
    assert [(r.serial, r.sender) for r in rows(town)] == [(1, "กรมที่ดิน"), (2, "จังหวัดเลย")]
    assert "๒ ฉบับ เลข ๑ ถึง ๒" in clerk.get(answer.location).text


def test_bad_cells_are_marked_with_words_and_nothing_typed_is_lost(town: Installation, clerk: Browser) -> None:
    answer = clerk.send(GRID, columns(GOOD[0], ("กรมป่าไม้", "ทส 1/1", "32/11", "")))

    assert answer.status_code == 422
    assert answer.text.count('class="is-wrong"') == 2
    assert "วันที่ ๓๒ พฤศจิกายน ไม่มีในปฏิทิน" in answer.text and "ใส่เรื่อง" in answer.text
    assert 'value="32/11"' in answer.text and 'value="ขอส่งรายงาน"' in answer.text
    assert rows(town) == []


def test_a_packed_grid_and_what_it_may_not_be(town: Installation, clerk: Browser) -> None:
    packed = '[["กรมที่ดิน", "มท 0515/1", "20/11", "ขอส่งรายงาน", "", "", "ด่วน", ""]]'

    assert clerk.send(GRID, {"packed": packed, "idempotency_key": "p"}).status_code == 302
    assert rows(town)[0].urgency.value == "urgent"
    for bad in ("{", "[1]", "[" + ",".join(["[]"] * 501) + "]"):
        assert clerk.send(GRID, {"packed": bad}).status_code == 422
    assert clerk.send(GRID, {"packed": "[]"}).status_code == 422


def test_a_row_that_seems_known_is_marked_until_the_clerk_insists(town: Installation, clerk: Browser) -> None:
    clerk.send(GRID, columns(GOOD[0]))

    asked = clerk.send(GRID, columns(GOOD[2], GOOD[0]))

    assert asked.status_code == 409
    assert "อาจเคยลงรับแล้ว เลขรับ ๑" in asked.text and "เทียบกับเลขรับ ๑/๒๕๖๙" in asked.text
    accepted = accepted_of(asked)
    assert len(accepted) == 1
    changed = (GOOD[0][0], GOOD[0][1], "19/11", "เรื่องอื่น")
    again = clerk.send(GRID, {**columns(GOOD[2], changed), "accepted": accepted})
    assert again.status_code == 409 and len(rows(town)) == 1
    assert clerk.send(GRID, {**columns(GOOD[2], GOOD[0]), "accepted": accepted}).status_code == 302
    assert len(rows(town)) == 3


def test_a_twin_inside_the_grid_hides_no_twin_in_the_register(town: Installation, clerk: Browser) -> None:
    clerk.send(GRID, columns(GOOD[0]))
    twice = columns(GOOD[2], GOOD[2], GOOD[0])

    asked = clerk.send(GRID, twice)

    assert "แถวที่ ๒ ซ้ำกับแถวที่ ๑" in asked.text and "อาจเคยลงรับแล้ว เลขรับ ๑" in asked.text
    first, second = accepted_of(asked)
    left = clerk.send(GRID, {**twice, "accepted": first})
    assert left.status_code == 409 and len(rows(town)) == 1
    assert re.findall(r'value="([^"]+)" checked', left.text) == [first]
    assert clerk.send(GRID, {**twice, "accepted": [first, second]}).status_code == 302
    assert len(rows(town)) == 4


SHEET_TEXT = "เลขที่หนังสือ,วันที่,ผู้ส่ง,เรื่อง,ความเร็ว,วันที่รับ\n" + "".join(
    f"มท 0515/{n},{n}/11/2569,กรมที่ดิน,รายงานฉบับที่ {n},ด่วน,๒๒ พ.ย. ๖๙ 9.30 น.\n" for n in range(1, 6)
)


def upload(browser: Browser, text: str = SHEET_TEXT, **more: Any) -> TestResponse:
    return browser.send(SHEET, {"file": (io.BytesIO(text.encode()), "รายการ.csv"), **more})


def token_of(page: TestResponse) -> str:
    found = re.search(r'name="token" value="([^"]+)"', page.text)
    assert found is not None, page.text[:2000]
    return found[1]


def test_a_sheet_is_looked_through_and_imported_in_the_background(town: Installation, clerk: Browser) -> None:
    preview = upload(clerk)
    assert "พร้อมนำเข้าทั้ง ๕ แถว" in preview.text and rows(town) == []

    ordered = clerk.send(f"{SHEET}/import", {"token": token_of(preview)})
    assert ordered.status_code == 302
    assert run_next_errand(town.services, doers=town.services.doers) == 1

    page = clerk.get(ordered.location).text
    assert "๕ ฉบับ เลข ๑ ถึง ๕" in page and 'href="/registers/receiving"' in page.split('id="errand"')[1]
    first = rows(town)[0]
    assert (first.number, first.urgency.value) == ("มท 0515/1", "urgent")
    assert first.received_at.isoformat() == "2026-11-22T02:30:00+00:00"


def test_a_received_day_of_a_sheet_without_a_time_counts_from_the_opening_of_the_office(
    town: Installation, clerk: Browser
) -> None:
    assert "นับเป็น ๐๘.๓๐ น." in clerk.get(SHEET).text

    preview = upload(clerk, SHEET_TEXT.replace(" 9.30 น.", ""))
    clerk.send(f"{SHEET}/import", {"token": token_of(preview)})
    run_next_errand(town.services, doers=town.services.doers)

    assert {line.received_at.isoformat() for line in rows(town)} == {"2026-11-22T01:30:00+00:00"}


def test_every_bad_row_is_told_and_nothing_can_be_imported(town: Installation, clerk: Browser) -> None:
    text = SHEET_TEXT + "มท 0515/9,31/2/2569,,,เร็ว,\nมท 0515/10,1/11/2569,กรมที่ดิน,ดี,,\n"
    preview = upload(clerk, text)

    assert "ยังนำเข้าไม่ได้ มี ๑ แถวต้องแก้" in preview.text
    assert "วันที่ ๓๑ กุมภาพันธ์ ไม่มีในปฏิทิน" in preview.text and "ใส่เรื่อง" in preview.text
    refused = clerk.send(f"{SHEET}/import", {"token": token_of(preview)})
    assert "ยังนำเข้าไม่ได้" in refused.text
    file = clerk.send(f"{SHEET}/faults", {"token": token_of(preview)})
    told = town.services.spreadsheets.read(file.data, "faults.xlsx")
    assert told[0][-1] == "สิ่งที่ต้องแก้"
    assert [bool(row[-1]) if len(row) == len(told[0]) else False for row in told[1:]].count(True) == 1


def test_rows_of_a_sheet_are_told_by_the_numbers_that_people_see_beside_them(clerk: Browser) -> None:
    lines = SHEET_TEXT.splitlines()
    preview = upload(clerk, "\n".join(["ทะเบียนหนังสือรับ", "", lines[0], "", lines[1], ",,,", "มท 0515/9,31/2/2569,,ก"]))

    assert re.findall(r'<td class="r num">(\S+)</td>', preview.text) == ["๗", "๕"]


def test_days_of_a_workbook_come_back_as_days_beside_what_must_be_mended(town: Installation, clerk: Browser) -> None:
    out, day = io.BytesIO(), date(2026, 11, 3)
    lines = [["มท 1/1", day, "กรมที่ดิน", ""], ["มท 1/2", "๓๑/๒/๒๕๖๙", "กรมที่ดิน", "เรื่อง"]]
    town.services.spreadsheets.write_xlsx("x", ["เลขที่หนังสือ", "วันที่", "ผู้ส่ง", "เรื่อง"], lines, out)
    preview = clerk.send(SHEET, {"file": (io.BytesIO(out.getvalue()), "รายการ.xlsx")})

    file = clerk.send(f"{SHEET}/faults", {"token": token_of(preview)})

    sheet = load_workbook(io.BytesIO(file.data)).worksheets[0]
    assert sheet["B2"].is_date and sheet["B2"].value.date() == day
    assert sheet["B3"].value == "๓๑/๒/๒๕๖๙" and sheet["A2"].value == "มท 1/1"


def test_columns_with_other_names_can_be_chosen(town: Installation, clerk: Browser) -> None:
    preview = upload(clerk, "A,B,C\nมท 1/1,กรมที่ดิน,เรื่องหนึ่ง\n")
    assert "ต้องแก้" in preview.text

    chosen = {"columns": "1", "column_number": "0", "column_sender": "1", "column_subject": "2"}
    again = clerk.send(SHEET, {"token": token_of(preview), **chosen})
    assert "พร้อมนำเข้าทั้ง ๑ แถว" in again.text
    ordered = clerk.send(f"{SHEET}/import", {"token": token_of(preview), **chosen})
    run_next_errand(town.services, doers=town.services.doers)
    assert ordered.status_code == 302 and rows(town)[0].subject == "เรื่องหนึ่ง"


@pytest.mark.parametrize(("ticked", "count"), [([], 6), ([0], 7), ([0, 1], 8)])
def test_rows_that_seem_known_are_skipped_or_entered_as_the_clerk_says(
    town: Installation, clerk: Browser, ticked: list[int], count: int
) -> None:
    enter(clerk, sender="กรมที่ดิน", number="มท 0515/2", letter_date="2/11")
    preview = upload(clerk, SHEET_TEXT + "มท 0515/1,1/11/2569,กรมที่ดิน,ซ้ำในไฟล์,,\nมท 0515/7,1/11/2569,กรมที่ดิน,ใหม่,,\n")
    assert "มี ๒ แถวที่อาจเคยลงแล้ว" in preview.text and "ซ้ำกับแถวที่ ๒" in preview.text

    accepted = [accepted_of(preview)[place] for place in ticked]
    more = {} if len(ticked) == 2 else {"skip": "1"}
    if more:
        asked = clerk.send(f"{SHEET}/import", {"token": token_of(preview), "accepted": accepted})
        assert asked.status_code == 200 and len(rows(town)) == 1

    clerk.send(f"{SHEET}/import", {"token": token_of(preview), "accepted": accepted, **more})
    run_next_errand(town.services, doers=town.services.doers)
    assert len(rows(town)) == count


def test_a_sheet_of_another_agency_cannot_be_used(town: Installation, clerk: Browser) -> None:
    token = token_of(upload(clerk))

    answer = town.client("learning-clerk").send(f"{SHEET}/import", {"token": token})

    assert answer.status_code == 422
    assert "รายงานฉบับที่" not in answer.text


def test_a_file_that_is_no_sheet_is_refused_in_words(clerk: Browser) -> None:
    for text in ("", "ที่,เรื่อง\n"):
        assert upload(clerk, text).status_code == 422
    assert clerk.send(SHEET, {}).status_code == 422


def test_the_template_has_the_headings_that_are_known(town: Installation, clerk: Browser) -> None:
    file = clerk.get(f"{SHEET}/template.xlsx")
    told = town.services.spreadsheets.read(file.data, "template.xlsx")
    assert told[0][:5] == ["ที่", "ลงวันที่", "จาก", "ถึง", "เรื่อง"]

    assert importing.MOST_ROWS == 10_000


@pytest.mark.parametrize("kind", ["receiving", "sending"])
def test_the_example_of_the_template_is_never_entered(town: Installation, clerk: Browser, kind: str) -> None:
    address = f"/entering/{kind}/sheet"
    sheets = town.services.spreadsheets
    headings, example = sheets.read(clerk.get(f"{address}/template.xlsx").data, "template.xlsx")
    letter = [text.replace(EXAMPLE_MARK, "") for text in example]

    def brought(*lines: list[str]) -> TestResponse:
        out = io.BytesIO()
        sheets.write_xlsx("แผ่น", headings, lines, out)
        return clerk.send(address, {"file": (io.BytesIO(out.getvalue()), "แบบ.xlsx")})

    alone = brought(example)
    assert "แถวตัวอย่างของแบบตาราง (แถวที่ ๒) ไม่นำเข้า" in alone.text and "พร้อมนำเข้า" not in alone.text
    clerk.send(f"{address}/import", {"token": token_of(alone)})
    assert run_next_errand(town.services, doers=town.services.doers) == 0

    with_letter = brought(example, letter)
    assert "พร้อมนำเข้าทั้ง ๑ แถว" in with_letter.text
    clerk.send(f"{address}/import", {"token": token_of(with_letter)})
    run_next_errand(town.services, doers=town.services.doers)
    assert [(r.serial, r.note) for r in rows(town)] == [(1, "")]

    written_over = [text.replace("ซักซ้อม", "แจ้ง") for text in example]
    assert f"ลบคำว่า {EXAMPLE_MARK}" in brought(written_over).text
