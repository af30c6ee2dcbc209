"""The page of an acknowledgement link on a phone; the card of an ordinary mail and the list of receivers beside it."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.browser.conftest import new_town
from tests.web.installation import PASSWORD, Installation
from tests.web.test_acknowledging import SITE, send
from tests.web.test_ordinary_mail import come_in
from tests.web.test_tracking import tracking

Goto = Callable[[Any, str], Any]
PICTURES = os.environ.get("SARABAN_PICTURES", "")
"""A folder for pictures of what is tested, for somebody who wants to look."""


@pytest.fixture
def outside(tmp_path: Path) -> Installation:
    """An installation that can be reached from outside."""
    return new_town(tmp_path, public_url=SITE)


def picture(page: Any, name: str) -> None:
    """Keep a picture when asked to."""
    if PICTURES:
        page.screenshot(path=f"{PICTURES}/{name}.png", full_page=True)


def come_to(page: Any, goto: Goto, site: str, username: str) -> Any:
    """Sign in."""
    goto(page, f"{site}/login")
    page.fill("[name=username]", username)
    page.fill("[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{site}/")
    return page


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_a_receiver_acknowledges_on_a_phone(
    outside: Installation,
    serve: Callable[..., str],
    open_page: Callable[..., Any],
    axe: Callable[[Any], list[str]],
    sticks_out: Callable[..., list[str]],
    script: bool,
) -> None:
    _, path, _ = send(outside)
    site = serve(outside.app)
    page = open_page({"width": 390, "height": 844}, phone=True, script=script)
    page.goto(site + path)
    picture(page, f"link-{script}")
    if script:
        assert axe(page) + sticks_out(page, (390, 360)) == []
        page.set_viewport_size({"width": 390, "height": 844})
    page.get_by_role("button", name="ได้รับหนังสือแล้ว").click()
    page.locator("#name-error").wait_for()
    picture(page, f"link-wrong-{script}")
    page.get_by_label("ชื่อผู้รับหนังสือ").fill("นางสาวรับ เรื่องดี")
    page.get_by_label("ตำแหน่งหรือหน่วยงาน").fill("ธุรการ")
    page.get_by_label("เลขทะเบียนรับของท่าน").fill("๔๕")
    page.get_by_role("button", name="ได้รับหนังสือแล้ว").click()
    page.get_by_text("แจ้งว่าได้รับหนังสือแล้ว").wait_for()
    picture(page, f"link-done-{script}")

    assert "๔๕/๒๕๖๙" in page.inner_text("main") and page.locator("form").count() == 0
    if script:
        assert axe(page) + sticks_out(page, (390, 360)) == []
        page.goto(f"{site}/r/nobody-has-this-token-xx")
        assert axe(page) + sticks_out(page, (390,)) == []


def test_the_page_in_english_and_dark(
    outside: Installation, serve: Callable[..., str], open_page: Callable[..., Any], axe: Callable[[Any], list[str]]
) -> None:
    _, path, _ = send(outside)
    page = open_page({"width": 390, "height": 844}, phone=True, scheme="dark")
    page.goto(serve(outside.app) + path)
    page.get_by_role("link", name="English").click()
    page.get_by_role("button", name=re.compile("We have received")).wait_for()
    picture(page, "link-english")

    assert axe(page) == []


def test_the_clerk_writes_a_call_down_and_makes_a_mail_a_letter(
    outside: Installation,
    serve: Callable[..., str],
    page_desk: Any,
    goto: Goto,
    looked_at: Callable[[Any], list[str]],
) -> None:
    letter, _, _ = send(outside)
    card = come_in(outside)
    site = serve(outside.app)
    page = come_to(page_desk, goto, site, "reading-clerk")
    goto(page, f"{site}{tracking(letter)}")
    page.get_by_role("button", name="บันทึกการยืนยันของผู้รับ").click()
    page.get_by_label("ผู้ยืนยัน").fill("นายรับสาย ใจดี")
    picture(page, "call")
    assert looked_at(page) == []
    page.get_by_label("เบอร์ที่โทร").fill("0 2555 0100")
    page.get_by_role("button", name="บันทึกการยืนยัน", exact=True).click()
    page.get_by_text("ผู้รับยืนยันทางโทรศัพท์ว่าได้รับ").first.wait_for()
    page.evaluate("scrollTo(0, 0)")
    picture(page, "tracking")
    assert looked_at(page) == []
    goto(page, site + card)
    picture(page, "card")
    assert looked_at(page) == []
    page.locator("#make-letter").get_by_label("จาก").fill("โรงเรียนบ้านสวน")
    page.locator("#make-letter").get_by_role("button", name="ลงรับเป็นหนังสือ").click()
    page.get_by_text("คำตอบถึงผู้ส่ง").wait_for()
    picture(page, "made")
    assert looked_at(page) == []
    goto(page, f"{site}/directory/outsiders")
    picture(page, "outsiders")
    assert looked_at(page) == []
