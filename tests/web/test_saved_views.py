"""Lists of registers as people ask for them: filters in the address, columns, and the views that each person keeps."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest

from saraban.domain.classification import Secrecy
from tests.web.installation import Browser, Installation
from tests.web.test_registers import columns, enter_lines, serials

BOOK = "/registers/sending"
VIEWS = f"{BOOK}/views"


def keep(browser: Browser, name: str, query: str, **more: str) -> str:
    """Keep a view; the address of the list that follows."""
    answer = browser.send(VIEWS, {"name": name, "query": query, **more})
    assert answer.status_code == 302
    return answer.location


def view_id(browser: Browser, query: str) -> str:
    """The id of the view that is asked for, as its own menu names it."""
    found = re.search(r"/views/([0-9a-f-]{36})/forget", browser.get(f"{BOOK}?view=all&{query}").text)
    assert found is not None
    return found[1]


def test_every_filter_of_the_address_narrows_the_list_and_shows_as_a_chip(town: Installation, clerk: Browser) -> None:
    enter_lines(town, 5)

    page = clerk.get(f"{BOOK}?state=void&since=๑&subject=ลำดับที่").text

    assert serials(page) == ["๒"]
    for chip in ("สถานะ ยกเลิก", "เลขตั้งแต่ ๑", "เรื่อง “ลำดับที่”"):
        assert f"เลิกกรอง {chip}" in page
    assert "ล้างตัวกรอง" in page


def test_only_who_filters_by_words_is_told_what_words_cannot_find(town: Installation, clerk: Browser) -> None:
    enter_lines(town, 5)
    cleared = town.client("reading-records")

    by_words, by_choice, by_range = (
        clerk.get(f"{BOOK}?{asked}").text for asked in ("subject=ลำดับ", "state=used", "since=1")
    )

    assert "ค้นคำได้เฉพาะรายการที่ไม่มีชั้นความลับ" in by_words
    assert "ค้นคำได้" not in by_choice and "ไม่รวมรายการชั้นความลับที่ท่านไม่ได้รับอนุญาต" in by_choice
    assert "ผลการกรอง" not in by_range
    assert "ผลการกรอง" not in cleared.get(f"{BOOK}?state=used").text


def test_days_are_typed_as_officers_write_them(town: Installation, clerk: Browser) -> None:
    enter_lines(town, 2)

    assert serials(clerk.get(f"{BOOK}?entered_from=23/11&entered_to=๒๓ พ.ย. ๒๕๖๙").text) == ["๒", "๑"]
    assert serials(clerk.get(f"{BOOK}?entered_to=22/11").text) == []


def test_what_cannot_be_read_is_told_beside_its_field_and_nothing_typed_is_lost(
    town: Installation, clerk: Browser
) -> None:
    enter_lines(town, 2)

    answer = clerk.get(f"{BOOK}?dated_from=31/11&since=x&subject=ลำดับ")

    assert answer.status_code == 422
    assert "วันที่ ๓๑ พฤศจิกายน ไม่มีในปฏิทิน" in answer.text
    assert "ใส่เลขทะเบียนเป็นตัวเลข" in answer.text
    assert 'value="31/11"' in answer.text and 'value="ลำดับ"' in answer.text
    assert serials(answer.text) == []


def test_columns_are_chosen_and_the_address_keeps_them(town: Installation, clerk: Browser) -> None:
    enter_lines(town, 2)

    page = clerk.get(f"{BOOK}?view=all&col=subject&col=entered_by&col=nonsense").text

    assert columns(page) == ["เลขทะเบียนส่ง", "เรื่อง", "ผู้ลงทะเบียน"]
    assert page.count('type="hidden" name="col" value="entered_by"') == 1
    assert columns(clerk.get(f"{BOOK}?col=nonsense").text)[1:] == [
        "ที่", "ลงวันที่", "จาก", "ถึง", "เรื่อง", "การปฏิบัติ", "หมายเหตุ",
    ]  # fmt: skip


def test_a_view_is_kept_for_its_person_and_book_alone(town: Installation, clerk: Browser) -> None:
    keep(clerk, " ที่  ยกเลิก ", "state=void&cursor=x&evil=1&col=subject")

    page = clerk.get(BOOK).text

    assert '&amp;state=void&amp;col=subject">ที่ ยกเลิก</a>' in page
    assert "evil" not in page
    assert "ที่ ยกเลิก" not in clerk.get("/registers/receiving").text
    assert "ที่ ยกเลิก" not in town.client("reading-director").get(BOOK).text


def test_a_view_of_the_same_name_is_kept_anew(town: Installation, clerk: Browser) -> None:
    keep(clerk, "ของฉัน", "state=void")
    keep(clerk, "ของฉัน", "state=reserved")

    page = clerk.get(BOOK).text

    assert page.count(">ของฉัน</a>") == 1
    assert "state=reserved" in page and "state=void" not in page.replace('value="void"', "")


def test_a_list_opens_with_the_view_that_was_chosen_until_it_is_not(town: Installation, clerk: Browser) -> None:
    enter_lines(town, 3)
    keep(clerk, "ที่ยกเลิก", "state=void", is_default="1")

    opened = clerk.get(BOOK)
    assert opened.status_code == 302 and opened.location.endswith("?state=void")
    assert serials(clerk.get(f"{BOOK}?view=all").text) == ["๓", "๒", "๑"]

    clerk.send(f"{VIEWS}/begin", {"query": "state=void"})
    assert clerk.get(BOOK).status_code == 200

    clerk.send(f"{VIEWS}/begin", {"view": view_id(clerk, "state=void")})
    assert clerk.get(BOOK).status_code == 302


def test_a_view_is_forgotten_by_its_person_only(town: Installation, clerk: Browser) -> None:
    keep(clerk, "ที่ยกเลิก", "state=void")
    place = f"{VIEWS}/{view_id(clerk, 'state=void')}/forget"

    assert town.client("reading-director").send(place).status_code == 404
    assert clerk.send(place).status_code == 302
    assert clerk.send(place).status_code == 404
    assert ">ที่ยกเลิก</a>" not in clerk.get(BOOK).text
    assert clerk.send(f"{VIEWS}/begin", {"view": str(uuid4())}).status_code == 404
    assert clerk.send(f"{VIEWS}/begin", {"view": "x"}).status_code == 404


@pytest.mark.parametrize(("name", "told"), [("  ", "ตั้งชื่อมุมมองก่อน"), ("ก" * 61, "ยาวเกิน")])
def test_a_view_needs_a_name(town: Installation, clerk: Browser, name: str, told: str) -> None:
    place = keep(clerk, name, "state=void")

    assert told in clerk.get(place).text
    assert f"{VIEWS}/" not in clerk.get(BOOK).text.replace(f"{VIEWS}/begin", "")


def test_views_do_not_grow_without_end(town: Installation, clerk: Browser) -> None:
    for number in range(21):
        place = keep(clerk, f"มุมมอง {number}", f"since={number + 1}")

    assert "ลบมุมมองที่ไม่ใช้ก่อน" in clerk.get(place).text
    assert "มุมมอง 20</a>" not in clerk.get(BOOK).text


def test_the_pages_of_a_filtered_list_lead_both_ways(town: Installation, clerk: Browser) -> None:
    enter_lines(town, 120)

    first = clerk.get(f"{BOOK}?state=used").text
    second = clerk.get(_way(first, "next")).text
    third = clerk.get(_way(second, "next")).text

    assert [len(serials(page)) for page in (first, second, third)] == [50, 50, 19]
    assert 'rel="prev"' not in first and 'rel="next"' not in third
    assert serials(clerk.get(_way(third, "prev")).text) == serials(second)
    assert serials(clerk.get(_way(second, "prev")).text) == serials(first)


def test_what_is_filtered_is_what_is_exported_and_printed(town: Installation, clerk: Browser) -> None:
    enter_lines(town, 3)

    page = clerk.get(f"{BOOK}?state=void&subject=ลำดับ").text
    form = page[page.index('action="/registers/sending/export"') :]
    form = form[: form.index("</form>")]

    assert 'name="state" value="void"' in form and 'name="subject" value="ลำดับ"' in form
    assert 'name="year" value="2569"' in form and 'name="idempotency_key"' in form
    assert re.search(r'href="/registers/sending/print\?[^"]*state=void', page)


def test_a_filter_finds_nothing_classified_for_those_who_may_not_know_it(town: Installation) -> None:
    town.issued(secrecy=Secrecy.CONFIDENTIAL, subject="เรื่องลับของกรม")
    plain = town.client("reading-plan-clerk")

    for query in ("q=เรื่องลับ", "secrecy=confidential", "urgency=urgent", "state=used", "sender=กรม"):
        page = plain.get(f"{BOOK}?{query}").text
        assert serials(page) == [] and "ไม่พบรายการที่ตรงกับตัวกรอง" in page
    assert serials(plain.get(f"{BOOK}?since=1").text) == ["๑"]


def _way(page: str, where: str) -> str:
    found = re.search(rf'href="([^"]+)" rel="{where}"', page)
    assert found is not None
    return found[1].replace("&amp;", "&")
