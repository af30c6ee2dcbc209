"""The inbox of troubles in a browser: a card's ways out by mouse and by keyboard; nothing sticks out."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from saraban.domain.incoming import IncomingState
from tests.browser.conftest import LONG
from tests.web.installation import Installation
from tests.web.test_problems import mailed, state_of


@pytest.fixture
def key(town: Installation) -> str:
    """A letter that its receiver's relay refused, with long words; then a mail that nobody can read, whose card this
    is."""
    town.post.refusing.add("saraban@learning.test")
    town.dispatched(subject=LONG[:300])
    town.carry()
    return mailed(town)


@pytest.mark.usefixtures("key")
def test_the_pages_have_no_findings_and_nothing_sticks_out(
    site: str, signed_in: Any, looked_at: Any, goto: Any
) -> None:
    page = signed_in("reading-clerk")
    found: dict[str, list[str]] = {}
    for way in ("/problems", "/problems?view=put-off", "/problems?kind=dispatch", "/problems/not-taken"):
        goto(page, f"{site}{way}")
        for fold in page.locator(".card__fold > summary").all():
            fold.click()  # one is open at a time in a card: each is looked at open once, the last stays open
        if faults := looked_at(page):
            found[way] = faults

    assert found == {}


def test_a_card_is_put_away_by_keyboard_after_its_reason_was_asked_for(
    town: Installation, signed_in: Any, key: str
) -> None:
    page = signed_in("reading-clerk", "/problems?kind=quarantine")
    fold = page.locator("summary", has_text="แยกออก")
    fold.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # without a reason

    expect(page.get_by_text("ใส่เหตุผลที่ไม่ใช่หนังสือ")).to_be_visible()
    page.get_by_label("เหตุผลที่แยกออก").fill("โฆษณา")
    page.keyboard.press("Enter")
    expect(page.get_by_text("แยกออกแล้ว ดูได้ที่รายการไม่นำเข้า")).to_be_visible()
    assert state_of(town, key) is IncomingState.SET_ASIDE
    page.get_by_role("link", name="รายการไม่นำเข้า").click()
    expect(page.get_by_role("link", name="deep", exact=True)).to_be_visible()


def test_a_dead_letter_is_sent_again_with_one_press(town: Installation, signed_in: Any, key: str) -> None:
    assert key
    town.post.refusing.clear()
    page = signed_in("reading-clerk", "/problems?kind=dispatch")

    page.get_by_role("button", name="ส่งอีกครั้ง").click()
    expect(page.get_by_text("สั่งส่งซองเดิมถึง")).to_be_visible()
    town.carry()
    page.reload()
    expect(page.get_by_text("ไม่มีเรื่องในมุมมองนี้")).to_be_visible()


def test_by_hand_leads_to_the_form_with_what_is_known(signed_in: Any, key: str) -> None:
    page = signed_in("reading-clerk", "/problems")

    page.get_by_role("link", name="ลงรับด้วยมือ deep").click()
    expect(page.get_by_role("heading", name="ลงรับเป็นหนังสือ")).to_be_visible()
    assert page.url.endswith(f"/incoming/{key[5:]}#make-letter")
    expect(page.get_by_label("เรื่อง", exact=True)).to_have_value("deep")
