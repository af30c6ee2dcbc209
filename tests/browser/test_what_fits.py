"""What must fit or scroll: the paper on a desk, columns of lists, and words of tracking on a desk and on a phone."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from tests.browser.conftest import LONG
from tests.web.installation import Installation
from tests.web.test_reconciling import questioned

TWO_PAGES = "\n\n".join(["ด้วยกรมส่งเสริมการอ่านกำหนดจัดประชุมคณะกรรมการเพื่อพิจารณาแนวทาง " * 6] * 9)
SMALL_DESK = {"width": 1366, "height": 650}
SMALL_PHONE = {"width": 360, "height": 740}
PAGE_BOXES = """() => [...document.querySelectorAll('.viewer__stage .page')]
  .map((page) => [page.clientHeight, page.querySelector('img').clientHeight])"""
# The end of the last page after the stage was scrolled down, against the lower edge of the stage and of the window.
LAST_END = """() => {
  const stage = document.querySelector('.viewer__stage');
  stage.scrollTop = stage.scrollHeight;
  const end = [...stage.querySelectorAll('.page')].at(-1).getBoundingClientRect().bottom;
  return [end, Math.min(stage.getBoundingClientRect().bottom, innerHeight)];
}"""
# Words of a cell that reach into the next one.
OVERPRINTED = """() => [...document.querySelectorAll('.table td')]
  .filter((cell) => cell.getClientRects().length && cell.scrollWidth > cell.clientWidth + 1 && cell.clientWidth)
  .map((cell) => cell.textContent.trim())"""


@pytest.mark.parametrize("height", [900, 650])
def test_the_paper_keeps_its_height_on_a_desk_and_scrolls_to_its_end(
    town: Installation, signed_in: Callable[..., Any], height: int
) -> None:
    sent = town.dispatched(body=TWO_PAGES)
    town.carry()
    clerk = town.client("learning-clerk")
    arrived = re.search(r'href="(/incoming/[0-9a-f-]{36})"', clerk.get("/incoming?state=new").text)
    assert arrived
    draft = town.draft(body=TWO_PAGES)
    desk = {"width": 1366, "height": height}
    places = [
        ("reading-clerk", f"/letters/{sent}"),
        ("reading-clerk", f"/letters/{draft}/edit"),
        ("learning-clerk", arrived.group(1)),
    ]

    for who, address in places:
        page = signed_in(who, address, viewport=desk)
        page.locator(".viewer__stage .page").nth(1).wait_for(state="attached")
        boxes = page.evaluate(PAGE_BOXES)
        assert all(box == image and image > 500 for box, image in boxes), (address, boxes)
        end, edge = page.evaluate(LAST_END)
        assert end <= edge, address
        stage = page.locator(".viewer__stage")
        assert stage.get_attribute("tabindex") == "0" and stage.get_attribute("aria-label")


def test_the_page_beside_a_new_letter_keeps_its_height(signed_in: Callable[..., Any]) -> None:
    page = signed_in("reading-clerk", "/letters/new?form=external", viewport=SMALL_DESK)
    page.wait_for_selector('html[data-editor="ready"]')
    page.fill("#body", "ด้วยกรมจะจัดประชุม")
    page.wait_for_selector("#preview .page img")

    assert all(box == image for box, image in page.evaluate(PAGE_BOXES))


@pytest.mark.parametrize("where", ["/letters", "/letters/drafts"])
def test_no_cell_of_a_list_prints_over_the_next(town: Installation, signed_in: Callable[..., Any], where: str) -> None:
    town.draft()
    page = signed_in("reading-clerk", where, viewport=SMALL_DESK)
    page.evaluate("() => { document.querySelector('.c-opt .cut').textContent = 'นางสาวพรทิพย์รัตน์ แสงจันทร์ประเสริฐกุล'; }")
    name = page.locator(".c-opt .cut").first.bounding_box()
    date = page.locator("td.c-date").first.bounding_box()

    assert name["x"] + name["width"] <= date["x"] + 1
    assert page.evaluate(OVERPRINTED) == []


@pytest.mark.parametrize("viewport", [SMALL_DESK, SMALL_PHONE], ids=["desk", "phone"])
def test_the_kind_of_evidence_stays_inside_its_cell(
    town: Installation, signed_in: Callable[..., Any], viewport: dict[str, int]
) -> None:
    letter = town.dispatched()
    town.carry()
    page = signed_in("reading-clerk", f"/letters/{letter}/tracking", viewport=viewport, phone=viewport is SMALL_PHONE)
    page.evaluate(
        "() => { const ev = document.querySelector('td .ev');"
        " ev.lastChild.textContent = 'บันทึกของเครื่องปลายทาง';"
        " document.querySelector('td .dot').textContent = 'เครื่องปลายทางรับแล้ว'; }"
    )
    word, cell = (page.locator(one).first.bounding_box() for one in ("td .ev", "td:has(.ev)"))
    state = page.locator("td.c-state").first.bounding_box()

    assert word["x"] + word["width"] <= cell["x"] + cell["width"] + 1
    assert viewport is SMALL_DESK or word["x"] + word["width"] <= state["x"] + 1
    assert page.evaluate(OVERPRINTED) == []


def test_a_register_on_a_phone_shows_its_filter_button_and_its_year(
    town: Installation, signed_in: Callable[..., Any]
) -> None:
    town.issued()
    page = signed_in("reading-clerk", "/registers/sending", viewport=SMALL_PHONE, phone=True)

    for what in (".filters button", ".book__title .fill"):
        box = page.locator(what).first.bounding_box()
        assert box["x"] >= 0 and box["x"] + box["width"] <= 360, what


def test_what_the_receivers_say_appears_on_the_letter_without_reloading(
    town: Installation, signed_in: Callable[..., Any]
) -> None:
    letter = town.dispatched()
    page = signed_in("reading-clerk", f"/letters/{letter}", viewport=SMALL_DESK)
    page.evaluate("window.stillTheSamePage = true")
    town.carry()
    page.wait_for_selector("#sent :text('ถึงกล่องแล้ว')")
    clerk = town.client("learning-clerk")
    arrived = re.search(r'href="(/incoming/[0-9a-f-]{36})"', clerk.get("/incoming?state=new").text)
    assert arrived
    clerk.send(f"{arrived.group(1)}/refuse", {"code": "not-addressee", "text": "ไม่ใช่หน้าที่ของสำนักงาน"})
    town.carry()

    page.wait_for_selector("#letter-state :text('มีปัญหา ๑ แห่ง')")
    page.wait_for_selector("#sent :text('ผู้รับส่งคืน')")
    assert page.evaluate("window.stillTheSamePage")


@pytest.mark.parametrize("phone", [False, True], ids=["desk", "phone"])
def test_a_question_about_a_number_fits_and_is_answered(
    town: Installation,
    signed_in: Callable[..., Any],
    axe: Callable[[Any], list[str]],
    sticks_out: Callable[..., list[str]],
    phone: bool,
) -> None:
    letter, question = questioned(town, subject=LONG)
    page = signed_in("learning-clerk", letter, phone=phone)
    widths = (390, 360) if phone else (1366,)
    faults = {"letter": axe(page) + sticks_out(page, widths)}
    page.click("text=ตรวจแล้วแจ้งเลขทะเบียนอีกครั้ง")
    page.wait_for_url(f"**{question}")
    page.wait_for_selector("html[data-ready]", state="attached")
    faults["question"] = axe(page) + sticks_out(page, widths)
    page.click("button:visible >> text=แจ้งเลขทะเบียนอีกครั้ง")
    page.wait_for_selector("text=แจ้งผู้ส่งแล้ว เลขทะเบียนรับ ๑/๒๕๖๙")
    faults["answered"] = axe(page) + sticks_out(page, widths)

    assert {where: found for where, found in faults.items() if found} == {}
