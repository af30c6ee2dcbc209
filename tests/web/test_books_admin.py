"""The administrator's page of the books: opened, ended, carried over, and what the agency decides."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest

from saraban.domain.register import BookKind, Matter, Origin
from saraban.usecases.recording import record_letter
from tests.web.installation import READING, Browser, Installation
from tests.web.test_entry_page import a_paper_letter


@pytest.fixture
def admin(town: Installation) -> Browser:
    """The administrator of กรมส่งเสริมการอ่าน at the browser."""
    return town.client("reading-admin")


def opening(**more: str) -> dict[str, str]:
    """What is typed to open the orders of this year."""
    return {"kind": "orders", "unit": "", "year": "2569", "first": "๔๑"} | more


def row(page: str, name: str, keeper: str = "กรมส่งเสริมการอ่าน") -> str:
    """The words of a book's row."""
    for found in re.findall(r"<tr>(.*?)</tr>", page, re.DOTALL):
        words = " ".join(re.sub(r"<[^>]+>", " ", found).split())
        if words.startswith(f"{name} {keeper}"):
            return words
    return ""


def test_the_two_registers_of_the_agency_stand_there_before_their_first_number(admin: Browser) -> None:
    page = admin.get("/admin/books").text

    for name in ("ทะเบียนหนังสือรับ", "ทะเบียนหนังสือส่ง"):
        assert "เปิดเองเมื่อออกเลขแรก" in row(page, name) and "ต้องมีเสมอ" in row(page, name)
    assert "วันที่ ๑ มกราคม ๒๕๗๐" in page


def test_a_book_is_opened_with_its_start_number_and_ended(town: Installation, admin: Browser) -> None:
    opened = admin.send("/admin/books/open", opening())
    own = admin.send("/admin/books/open", opening(kind="sending", unit="PLAN", first="1"))
    page = admin.get("/admin/books").text
    ended = admin.send("/admin/books/end", {"kind": "orders", "unit": ""})
    after = admin.get("/admin/books").text

    assert (opened.status_code, own.status_code, ended.status_code) == (302, 302, 302)
    assert row(page, "ทะเบียนคำสั่ง").split()[2] == "๔๑" and "เปิดอยู่" in row(page, "ทะเบียนคำสั่ง")
    assert "เปิดอยู่" in row(page, "ทะเบียนหนังสือส่ง", "กองแผนงาน")
    assert "เลิกเก็บแล้ว" in row(after, "ทะเบียนคำสั่ง")


@pytest.mark.only_database("sqlite")
def test_a_wrong_book_keeps_what_was_typed_and_says_why(town: Installation, admin: Browser) -> None:
    admin.send("/admin/books/open", opening())
    for change, words in (
        ({}, "เปิดทะเบียนคำสั่ง ปี ๒๕๖๙ ไว้แล้ว"),
        ({"kind": "minutes", "first": "ศูนย์"}, "เลขเริ่มต้นต้องเป็นตัวเลข"),
        ({"kind": "minutes", "first": "๐"}, "ระหว่าง ๑ ถึง ๑,๐๐๐,๐๐๐"),
        ({"kind": ""}, "เลือกทะเบียนจากรายการ"),
        ({"kind": "minutes", "year": "2570"}, "ทะเบียนปีหน้าเปิดเองเมื่อขึ้นปีใหม่"),
        ({"kind": "secret-sending", "unit": "PLAN"}, "เก็บเล่มเดียวทั้งส่วนราชการ"),
        ({"kind": "minutes", "unit": "NOWHERE"}, "ไม่พบหน่วยงานนี้"),
    ):
        answer = admin.send("/admin/books/open", opening(**change))
        assert answer.status_code == 422, change
        assert words in answer.text, change
        assert f'value="{change.get("first", "๔๑")}"' in answer.text


@pytest.mark.only_database("sqlite")
def test_a_start_that_would_repeat_a_number_is_refused_and_the_right_one_offered(
    town: Installation, admin: Browser
) -> None:
    for _ in range(2):
        record_letter(
            town.services,
            actor=town.actor("reading-clerk"),
            kind=BookKind.CIRCULARS,
            matter=Matter(subject="แจ้งเวียน", addressee="ทุกหน่วยงาน"),
            again=True,
        )
    refused = admin.send("/admin/books/open", opening(kind="circulars", first="๑"))
    offered = admin.send("/admin/books/open", opening(kind="circulars", first="๓"))

    assert refused.status_code == 422
    assert "จะออก ศธ ๐๖๐๑/ว ๒ ซ้ำกับที่ออกไปแล้วในปีนี้ เลขเริ่มต้นที่ไม่ซ้ำคือ ๓ ใส่เลขนี้ให้แล้ว" in refused.text
    assert re.search(r'name="first"[^>]* value="๓"', refused.text)
    assert offered.status_code == 302


def test_a_book_that_was_ended_by_mistake_is_opened_again(town: Installation, admin: Browser) -> None:
    admin.send("/admin/books/open", opening())
    admin.send("/admin/books/end", {"kind": "orders", "unit": ""})
    page = admin.get("/admin/books").text
    told = []
    for reason in ("", "เลิกเก็บผิดเล่ม", "อีกครั้ง"):
        answer = admin.send("/admin/books/reopen", {"kind": "orders", "unit": "", "reason": reason})
        told.append(admin.get(answer.headers["Location"]).text)

    assert "เล่มเดิมออกเลขต่อจากเลขล่าสุด" in page and "เปิดอีกครั้ง" in row(page, "ทะเบียนคำสั่ง")
    for text, words in zip(told, ("ใส่เหตุผลที่เปิดอีกครั้ง", "เปิดทะเบียนคำสั่งอีกครั้งแล้ว", "ไม่ได้เลิกเก็บทะเบียนคำสั่ง"), strict=True):
        assert words in text
    assert "เลิกเก็บแล้ว" in row(told[0], "ทะเบียนคำสั่ง")
    assert "เปิดอยู่" in row(told[1], "ทะเบียนคำสั่ง")


@pytest.mark.only_database("sqlite")
def test_each_button_of_a_book_opens_the_dialog_of_that_book(admin: Browser) -> None:
    for kind in ("orders", "minutes"):
        admin.send("/admin/books/open", opening(kind=kind))
    admin.send("/admin/books/end", {"kind": "minutes", "unit": ""})
    page = admin.get("/admin/books").text

    for words in ("เลิกเก็บ ทะเบียนคำสั่ง", "เปิดอีกครั้ง ทะเบียนรายงานการประชุม"):
        [target] = re.findall(rf'commandfor="([^"]+)"[^>]* aria-label="{words} ', page)
        dialog = page.split(f'<dialog class="dialog" id="{target}"')[1].split("</dialog>")[0]
        assert words.split()[1] in dialog


@pytest.mark.only_database("sqlite")
def test_what_cannot_be_ended_says_why(admin: Browser) -> None:
    for kind, words in (("receiving", "ต้องมีเสมอ เลิกเก็บไม่ได้"), ("orders", "ไม่มีเล่มให้เลิก")):
        answer = admin.send("/admin/books/end", {"kind": kind, "unit": ""})
        assert words in admin.get(answer.headers["Location"]).text


def test_in_the_new_year_kept_books_wait_for_their_first_number(town: Installation, admin: Browser) -> None:
    admin.send("/admin/books/open", opening())
    a_paper_letter(town)
    town.clock.move_to(datetime(2026, 12, 31, 17, 0, tzinfo=UTC))

    new, old = admin.get("/admin/books").text, admin.get("/admin/books?year=๒๕๖๙").text

    for name in ("ทะเบียนหนังสือรับ", "ทะเบียนหนังสือส่ง", "ทะเบียนคำสั่ง"):
        assert "เปิดเองเมื่อออกเลขแรก" in row(new, name)
        assert row(new, name).split()[2] == "๑"
    assert "เปิดอยู่" in row(old, "ทะเบียนหนังสือรับ")
    assert row(old, "ทะเบียนหนังสือส่ง") == ""


def test_in_the_new_year_all_books_wait_for_their_clerks_with_number_one(town: Installation, admin: Browser) -> None:
    admin.send("/admin/books/open", opening())
    a_paper_letter(town)
    town.clock.move_to(datetime(2026, 12, 31, 17, 0, tzinfo=UTC))
    clerk = town.client("reading-clerk")

    new, old = clerk.get("/registers/").text, clerk.get("/registers/?year=2569").text

    for kind in (BookKind.RECEIVING, BookKind.SENDING, BookKind.ORDERS):
        told = row(new, kind.thai, "กรมส่งเสริมการอ่าน")
        assert "เลขแรกคือ ๑" in told and "เปิดเองเมื่อออกเลขแรก" in told and "ลงทะเบียน" in told
        assert f'href="/entering/{kind.value}' in new
    assert "เลขแรกคือ ๔๑" in row(old, "ทะเบียนคำสั่ง") and f'href="/entering/{BookKind.ORDERS.value}' not in old


def test_a_book_of_letters_from_before_the_system_alone_is_shown_and_printed(
    town: Installation, admin: Browser
) -> None:
    admin.send("/admin/books/open", opening(first="๗๘"))
    clerk = town.client("reading-clerk")
    assert "เลขแรกคือ ๗๘" in row(clerk.get("/registers/").text, "ทะเบียนคำสั่ง")
    assert "๗๘–๗๗" not in clerk.get("/registers/orders/print").text
    matter = Matter(number="77/2569", subject="คำสั่งเดิม", received_at=datetime(2026, 3, 2, tzinfo=UTC))
    record_letter(
        town.services, actor=town.actor("reading-clerk"), kind=BookKind.ORDERS, matter=matter,
        origin=Origin.BEFORE, serial=77,
    )  # fmt: skip

    told = row(clerk.get("/registers/").text, "ทะเบียนคำสั่ง")

    assert "๗๗–๗๗" in told and "ก่อนใช้ระบบ ๑ รายการ" in told and "เลขแรกที่จะออกคือ ๗๘" in told and "พิมพ์" in told
    for page in (clerk.get("/registers/orders").text, clerk.get("/registers/orders/print").text):
        assert "๗๗–๗๗" in page and "๗๘–๗๗" not in page and "ส่งออก XLSX" in page


def test_the_page_is_for_the_administrator_of_the_agency_alone(town: Installation, admin: Browser) -> None:
    admin.send("/admin/books/open", opening())
    stranger = town.client("learning-admin")

    for who in ("reading-clerk", "reading-records", "reading-head"):
        other = town.client(who)
        assert other.get("/admin/books").status_code == 403
        for deed in ("open", "end", "reopen"):
            assert other.send(f"/admin/books/{deed}", opening(kind="minutes", reason="ผิดเล่ม")).status_code == 403
    assert row(stranger.get("/admin/books").text, "ทะเบียนคำสั่ง", "สำนักงานส่งเสริมการเรียนรู้ตลอดชีวิต") == ""
    with town.services.uow() as uow:
        assert uow.registers.book(town.agencies[READING], BookKind.MINUTES, None, 2569) is None
