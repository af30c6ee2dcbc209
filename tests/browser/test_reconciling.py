"""Comparing registers at the screen: no findings, nothing sticks out, and lost letters ticked and asked for at once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from saraban.storage.migration import upgrade
from tests.browser.conftest import DESK, PHONE
from tests.browser.test_receiving_and_tracking import LONG, sign_in
from tests.fakes import FixedClock
from tests.web.installation import Installation, build_installation
from tests.web.test_reconciling import ask, lose, work


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Installation]:
    """Two agencies on SQLite; two letters with long words that were lost on their way, and one that was not."""
    url = f"sqlite:///{tmp_path / 'saraban.db'}"
    upgrade(url)
    made = build_installation(tmp_path, url, FixedClock(datetime(2026, 11, 23, 2, 30, tzinfo=UTC)))
    for number in range(2):
        made.dispatched(subject=f"{LONG[:150]} {number}")
    work(made)
    assert lose(made) == 2
    made.dispatched()
    made.carry()
    yield made
    made.office.close()


@pytest.mark.parametrize("phone", [False, True], ids=["desk", "phone"])
def test_the_pages_of_comparing_have_no_findings_and_nothing_sticks_out(
    town: Installation, serve: Any, open_page: Any, axe: Any, sticks_out: Any, goto: Any, phone: bool
) -> None:
    answered = ask(town)
    town.carry()
    waiting = ask(town)
    page = open_page(PHONE if phone else DESK, phone=phone)
    base = serve(town.app)
    sign_in(page, base, "reading-clerk")
    found: dict[str, list[str]] = {}
    shown = f"/reconciling/{answered}"
    ways = ["/reconciling", "/reconciling?side=theirs", "/reconciling/new", shown, f"{shown}?group=all"]
    for way in [*ways, f"{shown}?group=differs", f"/reconciling/{waiting}"]:
        goto(page, f"{base}{way}")
        if faults := [*axe(page), *sticks_out(page, (390, 360) if phone else (1366,))]:
            found[way] = faults
        page.set_viewport_size(PHONE if phone else DESK)

    assert found == {}


def test_an_agency_is_chosen_by_typing_and_lost_letters_are_asked_for_at_once(
    town: Installation, serve: Any, page_desk: Any, goto: Any
) -> None:
    base = serve(town.app)
    sign_in(page_desk, base, "learning-clerk")
    goto(page_desk, f"{base}/reconciling/new")
    page_desk.get_by_role("combobox", name="ส่วนราชการ").fill("ส่งเสริมการอ่าน")
    page_desk.keyboard.press("Enter")
    page_desk.click("text=ส่งคำขอ")
    page_desk.wait_for_selector("#comparison")
    town.carry()

    page_desk.wait_for_selector("text=แต่เราไม่มีหนังสือนี้")  # the page has asked for itself
    page_desk.check("[data-select-all]")
    page_desk.click(".bulk >> text=ขอให้ส่งอีกครั้ง")
    page_desk.wait_for_selector("text=ขอให้ส่งอีกครั้ง ๒ ฉบับแล้ว")
    town.carry()

    goto(page_desk, f"{base}/incoming?state=new")
    assert page_desk.locator("td.c-subject").count() == 3
