"""The screens of receiving, tracking and registers in a real browser: no findings, no overflow, keys, and life."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from saraban.domain.letter import LetterId
from tests.browser.conftest import DESK, LONG, new_town, sign_in
from tests.web.installation import Installation

ORDINARY = b"From: <a@mail.test>\r\nTo: saraban@learning.test\r\nSubject: hello\r\nMessage-ID: <a@b>\r\n\r\nhello\r\n"


class Scene:
    """An installation with a letter to register, a registered one, a held mail, and one on its way."""

    def __init__(self, folder: Path) -> None:
        self.town: Installation = new_town(folder)
        clerk = self.town.client("learning-clerk")
        self.sent: LetterId = self.town.dispatched(subject=LONG, recipients=("0702", "0999", "0888"))
        self.town.carry()
        self.registered = self._newest(clerk, "new")
        clerk.send(f"{self.registered}/register")
        self.town.carry()
        self.moving: LetterId = self.town.dispatched()
        self.town.carry()
        self.new = self._newest(clerk, "new")
        self.town.hand_in("saraban@learning.test", ORDINARY)
        self.town.carry()
        self.held = self._newest(clerk, "held")

    @staticmethod
    def _newest(clerk: Any, state: str, subject: str = "") -> str:
        """The letter in this state with this subject: the clock stands, so that all are of the same moment."""
        rows = clerk.get("/incoming", query_string={"state": state, "q": subject}).text
        found = re.search(r'href="(/incoming/[0-9a-f-]{36})"', rows)
        assert found is not None
        return found.group(1)


@pytest.fixture
def scene(tmp_path: Path) -> Any:
    made = Scene(tmp_path)
    yield made
    made.town.close()


def test_screens_have_no_findings_and_nothing_sticks_out(
    scene: Scene, serve: Any, open_page: Any, looked_at: Any, sticks_out: Any, goto: Any
) -> None:
    base = serve(scene.town.app)
    receiver, sender = (open_page(DESK) for _ in range(2))
    sign_in(receiver, base, "learning-clerk")
    sign_in(sender, base, "reading-clerk")
    places = [
        *((receiver, way) for way in ("/incoming?state=held", scene.new, scene.registered, scene.held)),
        (sender, f"/letters/{scene.sent}/tracking"),
        (sender, f"/search?q={LONG[:20]}"),
    ]
    found: dict[str, list[str]] = {}
    for page, way in places:
        goto(page, base + way)
        if faults := looked_at(page):
            found[way] = faults

    assert found == {}
    sender.set_viewport_size({"width": 390, "height": 844})
    assert not sender.locator(".filters__more .chip").first.is_visible(), "on a phone the filters are folded"
    sender.click(".filters__more > summary")
    sender.locator(".filters__more .chip").first.wait_for()
    assert sticks_out(sender) == []


def test_a_letter_is_opened_and_registered_by_keys_alone(
    scene: Scene, serve: Any, page_desk: Any, goto: Callable[[Any, str], Any]
) -> None:
    base = serve(scene.town.app)
    sign_in(page_desk, base, "learning-clerk")
    goto(page_desk, f"{base}/incoming?state=new")

    page_desk.keyboard.press("j")
    page_desk.keyboard.press("Enter")
    page_desk.wait_for_url(f"{base}{scene.new}")
    page_desk.wait_for_selector("html[data-ready]", state="attached")
    page_desk.keyboard.press("r")

    page_desk.wait_for_selector(".stamp")
    assert "๒" in page_desk.inner_text(".stamp")


def test_the_refusal_comes_back_with_the_error_inside_the_open_dialog(
    scene: Scene, serve: Any, page_desk: Any, goto: Callable[[Any, str], Any]
) -> None:
    base = serve(scene.town.app)
    sign_in(page_desk, base, "learning-clerk")
    goto(page_desk, base + scene.new)

    page_desk.click("button[commandfor=refuse-dialog]:visible")
    page_desk.fill("#refuse-dialog textarea", "ขอให้ส่งไปที่กองแผนงาน")
    page_desk.click("#refuse-dialog button[type=submit]")

    page_desk.wait_for_selector("#refuse-dialog[open] .error")
    assert page_desk.input_value("#refuse-dialog textarea") == "ขอให้ส่งไปที่กองแผนงาน"


def test_a_rung_appears_without_reloading_the_page(
    scene: Scene, serve: Any, page_desk: Any, goto: Callable[[Any, str], Any]
) -> None:
    base = serve(scene.town.app)
    sign_in(page_desk, base, "reading-clerk")
    goto(page_desk, f"{base}/letters/{scene.moving}/tracking")
    page_desk.evaluate("window.stillTheSamePage = true")

    scene.town.client("learning-clerk").send(f"{scene.new}/register")
    scene.town.carry()

    page_desk.wait_for_selector(".rung.is-done:has-text('ลงทะเบียนแล้ว')")
    assert page_desk.evaluate("window.stillTheSamePage")
    page_desk.wait_for_selector("#live:not([hx-get])")
    page_desk.keyboard.press("j")
    assert page_desk.evaluate("document.activeElement.tagName") == "TR"


def test_the_live_picture_of_a_circular_and_its_reminder_by_one_press(
    scene: Scene, serve: Any, page_desk: Any, axe: Any, sticks_out: Any, goto: Callable[[Any, str], Any]
) -> None:
    base, page = serve(scene.town.app), page_desk
    letter = scene.town.dispatched(subject="แนวทางปฏิบัติ", recipients=("0702", "0999", "0888"))
    scene.town.carry()
    learning = scene.town.client("learning-clerk")
    sign_in(page, base, "reading-clerk")
    goto(page, f"{base}/letters/{letter}/tracking")
    counts = page.locator("nav.tally a")
    assert counts.locator("b").all_inner_texts() == ["๓", "๐", "๑", "๒", "๐", "๐"]

    page.get_by_role("button", name="เตือนทุกแห่งที่ยังไม่ลงรับ").press("Enter")
    page.wait_for_selector(".flash:has-text('ส่งอีเมลเตือน ๒ แห่ง ส่งซองเดิมซ้ำ ๑ แห่ง')")
    assert page.get_by_text("เตือนแล้ว ๑").count() == 3
    assert axe(page) + sticks_out(page, (1366, 390)) == []

    page.evaluate("window.stillTheSamePage = true")
    learning.send(f"{scene._newest(learning, 'new', 'แนวทางปฏิบัติ')}/register")
    scene.town.carry()
    page.wait_for_selector("nav.tally a:has-text('ลงรับแล้ว'):has(b:text-is('๑'))")
    assert page.evaluate("window.stillTheSamePage")

    page.set_viewport_size({"width": 390, "height": 844})
    page.locator("#live input[name=dispatches]").last.check()
    page.get_by_role("button", name="เตือนที่เลือก").click()
    page.wait_for_selector(".flash:has-text('๑ แห่ง')")
