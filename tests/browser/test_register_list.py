"""The list of a register in a browser: asked for by columns, turned page by page, kept as a view, taken as a sheet."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from io import BytesIO
from itertools import pairwise
from typing import Any
from urllib.parse import parse_qs, urlsplit

import openpyxl
import pytest

from saraban import jobs
from saraban.domain.classification import Urgency
from saraban.domain.numbering import arabic_digits
from tests.browser.conftest import LONG
from tests.web.installation import Installation
from tests.web.test_printing import enter

BOOK = "/registers/sending"
NAN = f"{BOOK}?view=all&addressee=น่าน"


@pytest.fixture
def town(town: Installation) -> Installation:
    """1 to 70 went to Nan, every line after the tenth urgent; 71 to 75 have long words."""
    enter(town, 10, addressee="จังหวัดน่าน")
    enter(town, 60, addressee="จังหวัดน่าน", urgency=Urgency.URGENT)
    enter(town, 5, addressee=LONG, subject=LONG, sender=LONG, practice=LONG[:90], note=LONG[:60])
    return town


@pytest.fixture
def clerk_at(signed_in: Callable[..., Any]) -> Iterator[Callable[..., Any]]:
    """`clerk_at(address, phone=False)` gives a page of the clerk; its console has no error when the test ends."""
    said: list[str] = []

    def enter(address: str, *, phone: bool = False) -> Any:
        page = signed_in("reading-clerk", address, phone=phone)
        page.on("console", lambda message: message.type == "error" and said.append(message.text))
        return page

    yield enter
    assert said == []


def numbers(page: Any) -> list[int]:
    """The numbers of the lines that show."""
    page.wait_for_selector("html[data-ready]", state="attached")
    return [int(arabic_digits(text)) for text in page.locator(".reg td.n").all_inner_texts()]


def shown(page: Any) -> tuple[list[int], list[str], list[str], str]:
    """What the list shows: its numbers, its columns, the filters that are on, and what stands in a field."""
    heads = page.locator(".reg thead th:not(.check)").all_inner_texts()
    return numbers(page), heads, page.locator(".chips .chip").all_inner_texts(), page.input_value("#addressee")


def asked(page: Any) -> dict[str, list[str]]:
    """What the address asks for."""
    return parse_qs(urlsplit(page.url).query, keep_blank_values=True)


def test_filters_and_columns_stand_in_the_address_and_come_again_with_it(clerk_at: Callable[..., Any]) -> None:
    page = clerk_at(f"{BOOK}?view=all")
    page.click("text=กรองทุกคอลัมน์")
    page.fill("#addressee", "น่าน")
    page.fill("#until", "๑๒")
    page.fill("#entered_from", "๒๓/๑๑")
    page.select_option("#late", "no")
    page.click("text=กรองตามนี้")
    page.wait_for_selector(".chips")
    assert numbers(page) == list(range(12, 0, -1))
    with page.expect_navigation():
        page.select_option('[name="urgency"]', "urgent")
    assert numbers(page) == [12, 11]
    filters = {"addressee": ["น่าน"], "until": ["๑๒"], "late": ["no"], "urgency": ["urgent"], "view": ["all"]}
    assert asked(page).items() >= filters.items()
    assert all(value for (value,) in asked(page).values()), "an empty field stays out of the address"

    page.click("summary >> text=คอลัมน์")
    page.uncheck('[name="col"][value="practice"]')
    page.check('[name="col"][value="entered_by"]')
    page.check('[name="density"][value="compact"]')
    page.click("text=แสดงตามนี้")
    page.wait_for_selector('.reg[data-density="compact"]')
    before = shown(page)
    assert before[:2] == ([12, 11], ["เลขทะเบียนส่ง", "ที่", "ลงวันที่", "จาก", "ถึง", "เรื่อง", "หมายเหตุ", "ผู้ลงทะเบียน"])
    assert len(before[2]) == 5 and before[3] == "น่าน"

    page.reload()
    assert shown(page) == before
    page.go_back()
    assert numbers(page) == [12, 11] and "ผู้ลงทะเบียน" not in page.locator(".reg thead").inner_text()
    page.go_forward()
    assert shown(page) == before
    with page.expect_navigation():
        page.click('[aria-label^="เลิกกรอง ชั้นความเร็ว"]')
    assert numbers(page) == list(range(12, 0, -1)) and "ผู้ลงทะเบียน" in page.locator(".reg thead").inner_text()


def test_pages_are_turned_by_keys_and_stay_where_they_are_while_lines_are_added(
    town: Installation, clerk_at: Callable[..., Any]
) -> None:
    page = clerk_at(NAN)
    assert numbers(page) == list(range(70, 20, -1))

    with page.expect_navigation():
        page.keyboard.press("]")
    second = numbers(page)
    assert second == list(range(20, 0, -1)) and page.locator("text=หมดรายการแล้ว").count() == 1
    enter(town, 3, addressee="จังหวัดน่าน")
    page.reload()
    assert numbers(page) == second
    with page.expect_navigation():
        page.keyboard.press("[")
    assert numbers(page) == list(range(70, 20, -1))
    with page.expect_navigation():
        page.keyboard.press("[")
    assert numbers(page) == [78, 77, 76]


def test_a_view_is_kept_and_opened_and_what_it_shows_is_taken_away_as_a_sheet(
    town: Installation, clerk_at: Callable[..., Any]
) -> None:
    page = clerk_at(f"{NAN}&urgency=normal&col=subject&col=addressee")
    wanted = shown(page)
    page.click("summary >> text=มุมมอง")
    page.fill("#name", "น่าน ไม่ด่วน")
    page.click("text=เก็บมุมมอง")
    page.wait_for_selector("text=เก็บมุมมอง “น่าน ไม่ด่วน” แล้ว")
    page.click(".tabs--views >> text=ทั้งหมด")
    page.wait_for_selector("#no-75")
    page.click(".tabs--views >> text=น่าน ไม่ด่วน")
    page.wait_for_selector('.tabs--views [aria-current="page"] >> text=น่าน ไม่ด่วน')
    assert shown(page) == wanted and wanted[0] == list(range(10, 0, -1))

    page.click("text=ส่งออกที่กรอง")
    page.wait_for_selector("#errand >> text=รอทำ")
    jobs.do_errand(town.services)
    with page.expect_download() as coming:
        page.click("text=ดาวน์โหลด ทะเบียน")
    assert coming.value.suggested_filename.endswith(".xlsx")
    sheet = openpyxl.load_workbook(BytesIO(coming.value.path().read_bytes()), read_only=True).active
    lines = [row for row in sheet.iter_rows(values_only=True) if str(row[0]).isdigit()]
    assert sorted(int(row[0]) for row in lines) == list(range(1, 11))
    assert all("จังหวัดน่าน" in row for row in lines)


@pytest.mark.parametrize("phone", [False, True], ids=["desk", "phone"])
def test_nothing_is_wider_than_the_screen_whatever_is_open(
    clerk_at: Callable[..., Any], axe: Callable[[Any], list[str]], sticks_out: Callable[..., list[str]], phone: bool
) -> None:
    every = "".join(f"&col={name}" for name in ("number", "sender", "addressee", "subject", "note", "owner", "origin"))
    page = clerk_at(f"{BOOK}?view=all&subject={LONG[:40]}&addressee={LONG[:30]}{every}", phone=phone)
    assert numbers(page) == [75, 74, 73, 72, 71]
    widths = (390, 360) if phone else (1366,)
    found = {"list": axe(page) + sticks_out(page, widths)}
    for menu in ("กรองทุกคอลัมน์", "คอลัมน์", "มุมมอง"):
        page.click(f"summary >> text={menu}")
        found[menu] = axe(page) + sticks_out(page, widths)
        page.keyboard.press("Escape")

    assert {where: faults for where, faults in found.items() if faults} == {}


@pytest.mark.parametrize("phone", [False, True], ids=["desk", "phone"])
def test_the_fields_of_the_view_menu_stand_under_one_another(clerk_at: Callable[..., Any], phone: bool) -> None:
    page = clerk_at(f"{BOOK}?view=all", phone=phone)
    page.click("summary >> text=มุมมอง")
    edges = [
        page.locator(f".menu--view[open] {part}").first.bounding_box()
        for part in (".field", ".choice", 'button[type="submit"]')
    ]

    for upper, lower in pairwise(edges):
        assert upper["y"] + upper["height"] <= lower["y"]
    assert edges[1]["height"] < 60, "the words of the box are not broken one by one"


def test_a_long_number_without_a_space_stays_in_its_column(town: Installation, clerk_at: Callable[..., Any]) -> None:
    enter(town, number="กค" + "0" * 120 + "/1")
    page = clerk_at(f"{BOOK}?view=all")

    assert page.locator("td.no").first.bounding_box()["width"] < 220
    assert (
        page.evaluate("() => { const b = document.querySelector('.book'); return b.scrollWidth - b.clientWidth }") <= 0
    )
