"""Lists of the archive in a browser: warnings and long subjects fit their cards on a phone, and visits their forms."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.browser.conftest import LONG, PHONE
from tests.web.installation import Installation
from tests.web.test_archive import in_year, on_paper, stored

_OVER_ITS_CELL = """() => [...document.querySelectorAll('.table--stack tr > *')]
  .filter((one) => one.getClientRects().length && one.scrollHeight > one.clientHeight + 1)
  .map((one) => one.textContent.trim())"""


def test_a_list_for_destruction_with_its_warnings_fits_a_desk_and_a_phone(
    town: Installation,
    signed_in: Callable[..., Any],
    looked_at: Callable[[Any], list[str]],
) -> None:
    entry = on_paper(town, LONG, letter_date="31/12/2550")
    stored(town, entry)
    in_year(town, 2028)
    address = town.client("reading-records").send("/archive/disposals", {"what": "paper"}).headers["Location"]
    page = signed_in("reading-records", address)
    assert looked_at(page) == []
    page.set_viewport_size(PHONE)

    assert page.get_by_text("ยังทำลายไม่ได้ ๑ ฉบับจาก ๑ ฉบับ").is_visible()
    assert page.evaluate(_OVER_ITS_CELL) == []


def test_the_subject_of_a_card_begins_where_its_other_lines_do(
    town: Installation, signed_in: Callable[..., Any]
) -> None:
    hold = {"reason": "คดีปกครอง", "order": "หมาย ๑"}
    town.client("reading-records").send(f"/archive/letters/{on_paper(town)}/hold", hold)
    page = signed_in("reading-records", "/archive/holds", phone=True)
    left = "(one) => one.getBoundingClientRect().left + parseFloat(getComputedStyle(one).paddingLeft)"
    row = page.locator(".table--stack tbody tr").first

    assert row.locator("th").evaluate(left) == row.evaluate(left)


def test_five_figures_of_a_register_and_its_year_stay_in_their_column(
    town: Installation, signed_in: Callable[..., Any]
) -> None:
    on_paper(town)
    page = signed_in("reading-clerk", "/archive/working?book=receiving")
    cell = page.locator(".c-reg").first
    cell.evaluate("(one) => { one.textContent = '๑๒๓๔๕/๒๕๖๙' }")

    assert cell.evaluate("(one) => one.scrollWidth - one.clientWidth") <= 1


def test_a_visit_fits_a_desk_and_a_phone_from_its_form_to_the_answer(
    town: Installation,
    signed_in: Callable[..., Any],
    looked_at: Callable[[Any], list[str]],
) -> None:
    entry = on_paper(town, LONG)
    page = signed_in("reading-records", f"/archive/letters/{entry}/visit")
    assert looked_at(page) == []
    page.fill("#visitor", "นายมานะ มีนา")
    page.fill("#evidence", "บัตรประจำตัวประชาชน")
    page.fill("#purpose", "ตรวจสอบสิทธิในที่ดินของตน")
    page.fill("#mail", "mana@example.com")
    page.get_by_role("button", name="บันทึกคำขอ").click()
    page.get_by_text("รออนุญาต", exact=True).first.wait_for()

    assert looked_at(page) == []
