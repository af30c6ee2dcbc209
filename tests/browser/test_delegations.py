"""An order is entered, chosen in the frame and worked by, in a real browser: no findings, nothing sticks out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.browser.conftest import DESK, PHONE, new_town, sign_in


def test_an_order_from_its_page_to_the_desk_of_who_acts_by_it(
    tmp_path: Path,
    serve: Callable[[Any], str],
    open_page: Callable[..., Any],
    goto: Callable[[Any, str], Any],
    axe: Callable[[Any], list[str]],
    sticks_out: Callable[..., list[str]],
) -> None:
    town = new_town(tmp_path)
    letter, site = town.endorsed(), serve(town.app)
    admin = open_page(DESK)
    sign_in(admin, site, "reading-admin")
    goto(admin, f"{site}/delegations/new")
    for field, words in (("position", "นายสุเมธ"), ("delegate", "กฤตยา")):
        box = admin.locator(f".combo:has(#{field}) input[role=combobox]")
        box.fill(words)
        box.press("Enter")
    for field in ("since", "dated"):
        admin.fill(f"#{field}", "23/11/2569")
    assert axe(admin) == []
    assert admin.locator("input[type=file]").bounding_box()["width"] <= 1  # a bare one speaks the browser's tongue
    admin.click("main button[type=submit]")
    assert "ใส่ชื่อและเลขที่ของคำสั่ง" in admin.inner_text("main")
    admin.fill("#number", "คำสั่งกรม ที่ 12/2569")
    assert sticks_out(admin) == []
    admin.click("main button[type=submit]")
    admin.wait_for_selector("text=มีผลอยู่")
    assert axe(admin) == []

    deputy = open_page(PHONE, phone=True)
    sign_in(deputy, site, "reading-director")
    goto(deputy, f"{site}/delegations/mine")
    assert axe(deputy) == [] and sticks_out(deputy) == []
    deputy.set_viewport_size(PHONE)
    deputy.click("button:has-text('ทำหน้าที่นี้')")
    deputy.wait_for_selector("text=ท่านกำลังทำหน้าที่")
    deputy.click(".topbar details.menu summary")
    assert axe(deputy) == [] and sticks_out(deputy) == []
    goto(deputy, f"{site}/desk")
    assert deputy.locator(".why[role=note] .icon").bounding_box()["x"] >= 12
    deputy.click(".topbar details.menu summary")
    waiting = deputy.locator(".menu .rail__count")
    place, item = waiting.bounding_box(), waiting.locator("xpath=ancestor::button").bounding_box()
    assert item["y"] <= place["y"] and place["y"] + place["height"] <= item["y"] + item["height"]
    goto(deputy, f"{site}/letters/{letter}")
    assert "ผู้ทำหน้าที่แทนในวันนี้คือ" in deputy.inner_text("main")
    assert axe(deputy) == []
