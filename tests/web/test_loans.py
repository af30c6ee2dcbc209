"""Borrowing and depositing on the screens, with forms 24 and 23."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from tests.web.installation import Installation
from tests.web.test_archive import SUBJECT, in_year, on_paper, stored

ASKED = {"purpose": "ประกอบการพิจารณาคดี", "due_on": "30/11/2569"}


def test_a_letter_is_borrowed_called_for_and_returned(town: Installation) -> None:
    entry = on_paper(town)
    stored(town, entry)
    director, head, records = (town.client(f"reading-{who}") for who in ("director", "head", "records"))
    assert "ขอยืมหนังสือ" in director.get(f"/archive/letters/{entry}").text
    address = director.send(f"/archive/letters/{entry}/borrow", ASKED).headers["Location"]
    assert "อนุญาตให้ยืมได้เฉพาะผู้อำนวยการของหน่วยงานเจ้าของเรื่อง" in records.get(address).text
    assert "ขอยืมหนังสือ รอท่าน" in head.get("/notices").text
    head.send(f"{address}/permit", {})
    assert "อนุญาตแล้ว" in director.get("/notices").text
    records.send(f"{address}/lend", {"receiver": "นายรับ แทน", "title": "พนักงาน"})

    for page in (f"/archive/letters/{entry}", f"/registers/entries/{entry}"):
        assert "ยืมออก บัตรยืมที่ ๑/๒๕๖๙" in head.get(page).text, page
    assert "ยืมออก" in records.get("/archive/register").text
    town.clock.pass_by(timedelta(days=30))
    assert "เกินกำหนด" in records.get("/archive/loans?show=late").text
    records.send(f"{address}/call", {})
    assert "วันนี้ทวงถามแล้ว" in records.send(f"{address}/call", {}, follow_redirects=True).text
    for printed in (f"/archive/letters/{entry}/card.pdf", "/archive/loans.pdf"):
        assert records.get(printed).data.startswith(b"%PDF"), printed
    records.send(f"{address}/return", {"returner": "นายคืน แทน"})
    assert "นายคืน แทน" in director.get(address).text and "ส่งคืนแล้ว" in director.get("/archive/loans?show=mine").text
    history = head.get(f"/archive/letters/{entry}").text
    assert "จ่ายหนังสือให้ผู้ยืม" in history and "รับคืนหนังสือที่ยืม" in history


@pytest.mark.only_database("sqlite")
def test_what_a_request_lacks_is_told_beside_its_field(town: Installation) -> None:
    entry = on_paper(town)
    clerk, records = town.client("reading-clerk"), town.client("reading-records")
    answer = clerk.send(f"/archive/letters/{entry}/borrow", {"purpose": "", "due_on": "1/1/2570"})
    assert answer.status_code == 422
    assert "ใส่ว่าจะนำไปใช้ในราชการใด" in answer.text and 'name="evidence"' in answer.text and "1/1/2570" in answer.text
    other = records.get(f"/archive/letters/{entry}/borrow?for=agency").text
    assert "ส่วนราชการผู้ยืม" in other
    form = ASKED | {"for": "agency", "agency": "กรมป่าไม้", "borrower": "นางยืม", "title": "ผอ.กอง"}
    assert records.send(f"/archive/letters/{entry}/borrow", form).status_code == 422
    made = records.send(f"/archive/letters/{entry}/borrow", form | {"evidence": "ทส ๑๖๐๒/๗๗"})
    assert "กรมป่าไม้" in records.get(made.headers["Location"]).text
    assert town.client("learning-clerk").get(made.headers["Location"]).status_code == 404
    assert "เฉพาะนายทะเบียน" in town.client("reading-director").get(f"/archive/letters/{entry}/borrow?for=agency").text


@pytest.mark.only_database("sqlite")
def test_a_survey_says_why_what_is_lent_is_not_proposed(town: Installation) -> None:
    entry = on_paper(town)
    stored(town, entry)
    in_year(town, 2028)
    director, head, records = (town.client(f"reading-{who}") for who in ("director", "head", "records"))
    asked = ASKED | {"due_on": "20/01/2571"}
    address = director.send(f"/archive/letters/{entry}/borrow", asked).headers["Location"]
    head.send(f"{address}/permit", {})
    records.send(f"{address}/lend", {})

    page = records.get("/archive/disposals").text
    assert "ยังเสนอทำลายไม่ได้" in page and "มีผู้ยืม ยังไม่ส่งคืน" in page and SUBJECT in page
    assert 'กระดาษ <b class="num">๐</b>' in page


def test_letters_are_deposited_and_taken_back(town: Installation) -> None:
    entry = on_paper(town)
    clerk, records = town.client("reading-clerk"), town.client("reading-records")
    clerk.send("/archive/finish", {"entry": entry, "book": "receiving", "year": "2569"})
    assert SUBJECT in clerk.get("/archive/deposits").text
    address = clerk.send("/archive/deposits", {"entry": entry, "keeper": "national"}).headers["Location"]
    assert "บันทึกการรับฝากได้เฉพาะนายทะเบียน" in clerk.get(address).text
    records.send(f"{address}/accept", {"acceptor": "นางรับ ฝากไว้", "title": "นักจดหมายเหตุ"})
    assert records.get(f"{address}.pdf").data.startswith(b"%PDF")
    assert "ยังเป็นหนังสือของ" in clerk.get(f"/archive/letters/{entry}").text
    clerk.send(f"{address}/back", {"entry": entry, "evidence": "ขอคืน ๙/๒๕๖๙"})

    page = clerk.get(address).text
    assert "คืนครบแล้ว" in page and "ขอคืน ๙/๒๕๖๙" in page
    assert re.search(r"บัญชีที่ ๑/๒๕๖๙", clerk.get("/archive/deposits").text)
    assert town.client("learning-clerk").get(address).status_code == 404
