"""Comparing registers at the screen: no findings, nothing sticks out, and lost letters ticked and asked for at once."""

from __future__ import annotations

from typing import Any

import pytest

from tests.browser.conftest import LONG
from tests.web.installation import Installation
from tests.web.test_reconciling import ask, lose, work


@pytest.fixture
def town(town: Installation) -> Installation:
    """Two letters with long words were lost on their way, and one was not."""
    for number in range(2):
        town.dispatched(subject=f"{LONG[:150]} {number}")
    work(town)
    assert lose(town) == 2
    town.dispatched()
    town.carry()
    return town


def test_the_pages_of_comparing_have_no_findings_and_nothing_sticks_out(
    town: Installation, site: str, signed_in: Any, looked_at: Any, goto: Any
) -> None:
    answered = ask(town)
    town.carry()
    waiting = ask(town)
    page = signed_in("reading-clerk")
    found: dict[str, list[str]] = {}
    shown = f"/reconciling/{answered}"
    ways = ["/reconciling", "/reconciling?side=theirs", "/reconciling/new", shown, f"{shown}?group=all"]
    for way in [*ways, f"{shown}?group=differs", f"/reconciling/{waiting}"]:
        goto(page, f"{site}{way}")
        if faults := looked_at(page):
            found[way] = faults

    assert found == {}


def test_an_agency_is_chosen_by_typing_and_lost_letters_are_asked_for_at_once(
    town: Installation, site: str, signed_in: Any, goto: Any
) -> None:
    page = signed_in("learning-clerk", "/reconciling/new")
    page.get_by_role("combobox", name="ส่วนราชการ").fill("ส่งเสริมการอ่าน")
    page.keyboard.press("Enter")
    page.click("text=ส่งคำขอ")
    page.wait_for_selector("#comparison")
    town.carry()

    page.wait_for_selector("text=แต่เราไม่มีหนังสือนี้")  # the page has asked for itself
    page.check("[data-select-all]")
    page.click(".bulk >> text=ขอให้ส่งอีกครั้ง")
    page.wait_for_selector("text=ขอให้ส่งอีกครั้ง ๒ ฉบับแล้ว")
    town.carry()

    goto(page, f"{site}/incoming?state=new")
    assert page.locator("td.c-subject").count() == 3
