"""The bell while a page stays open: what comes is counted, told to a screen reader and nothing moves."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.web.installation import Installation

Axe = Callable[[Any], list[str]]


def test_a_letter_rings_at_a_page_that_is_open(
    town: Installation, signed_in: Callable[..., Any], axe: Axe, sticks_out: Callable[..., list[str]]
) -> None:
    director = signed_in("reading-director", "/notices")
    assert axe(director) == [] and sticks_out(director) == []
    director.wait_for_selector("[data-bell][data-follows]")
    before = director.locator("[data-bell]").bounding_box()
    town.submitted(subject="ขอข้อมูลห้องสมุด")
    director.locator("[data-bell-count]", has_text="๑").wait_for(timeout=15_000)

    assert "ขอข้อมูลห้องสมุด" in director.locator("[data-bell-said]").inner_text()
    assert director.locator('.rail [data-count="desk"]').inner_text() == "๑"
    assert director.locator("[data-bell]").bounding_box() == before
    assert director.locator("[data-bell]").get_attribute("aria-label") == "การแจ้งเตือน ยังไม่อ่าน ๑ รายการ"

    director.locator("[data-bell]").press("Enter")
    director.get_by_role("link", name="ขอข้อมูลห้องสมุด").wait_for()
    assert axe(director) == [] and sticks_out(director) == []
