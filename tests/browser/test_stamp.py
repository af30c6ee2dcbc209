"""The receiving stamp in a real browser: dragged with the mouse and a finger, moved by keys, and printed where it was
left."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.browser.conftest import DESK, LONG, PHONE, new_town, sign_in
from tests.usecases.test_stamping import stamp_corner
from tests.web.installation import Installation

MARK = ".stamp[tabindex]"


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """An installation with a registered letter."""
    made = new_town(tmp_path_factory.mktemp("stamp"))
    made.dispatched(subject=LONG)
    made.carry()
    yield made
    made.close()


@pytest.fixture(scope="module")
def letter(town: Installation) -> tuple[str, str]:
    """The letter's address, and that of its stamp."""
    clerk = town.client("learning-clerk")
    found = re.search(r'href="(/incoming/[0-9a-f-]{36})"', clerk.get("/incoming?state=new").text)
    assert found is not None
    clerk.send(f"{found[1]}/register")
    stamp = re.search(r"/stamping/[0-9a-f-]{36}", clerk.get(found[1]).text)
    assert stamp is not None
    return found[1], stamp[0]


def printed(town: Installation, letter: tuple[str, str]) -> tuple[float, float]:
    """Where the stamp stands on the marked copy, in millimetres."""
    clerk, (address, stamp) = town.client("learning-clerk"), letter
    page = re.search(r'href="(/incoming/[^"]+/files/[^"]+)"', clerk.get(address).text)
    assert page is not None
    beside = clerk.get(page[1]).data
    assert beside.startswith(b"%PDF")
    return stamp_corner(clerk.get(f"{stamp}/copy.pdf").data, beside)[:2]


def shown(page: Any) -> tuple[float, float]:
    """Where the stamp stands on the page of the screen, in millimetres of paper, measured on the glass."""
    sheet, mark = (page.locator(one).bounding_box() for one in (".stampsheet", MARK))
    scale = 210 / sheet["width"]
    assert mark["width"] * scale == pytest.approx(50, abs=0.5)
    assert mark["height"] * scale == pytest.approx(25, abs=0.5)
    return (mark["x"] - sheet["x"]) * scale, (mark["y"] - sheet["y"]) * scale


def saved(page: Any) -> None:
    page.get_by_text("บันทึกที่ของตราแล้ว").wait_for()


def test_it_is_printed_where_the_mouse_left_it(
    town: Installation, letter: tuple[str, str], serve: Any, open_page: Any, goto: Any
) -> None:
    address, _ = letter
    page, base = open_page(DESK), serve(town.app)
    sign_in(page, base, "learning-clerk")
    goto(page, base + address)
    before = page.locator(MARK).bounding_box()

    page.mouse.move(before["x"] + 20, before["y"] + 20)
    page.mouse.down()
    page.mouse.move(before["x"] - 80, before["y"] + 90, steps=5)
    page.mouse.move(before["x"] - 170, before["y"] + 160, steps=5)
    page.mouse.up()
    saved(page)

    after = shown(page)
    assert after != pytest.approx((153, 7), abs=20)
    assert printed(town, letter) == pytest.approx(after, abs=1)
    goto(page, base + address)
    assert shown(page) == pytest.approx(after, abs=0.3)


def test_it_is_moved_by_keys_alone_and_put_back(
    town: Installation, letter: tuple[str, str], serve: Any, open_page: Any, goto: Any
) -> None:
    page, base = open_page(DESK), serve(town.app)
    sign_in(page, base, "learning-clerk")
    goto(page, base + letter[1])
    page.click("text=มุมขวาบนตามเดิม")
    saved(page)
    assert shown(page) == pytest.approx((153, 7), abs=0.5)

    page.focus(MARK)
    for key in ("ArrowLeft", "ArrowLeft", "Shift+ArrowDown", "ArrowUp"):
        page.keyboard.press(key)
    page.wait_for_timeout(700)
    saved(page)

    assert shown(page) == pytest.approx((151, 11), abs=0.5)
    assert page.input_value("#stamp-left") == "๑๕๑"
    assert printed(town, letter) == pytest.approx((151, 11), abs=1)
    page.fill("#stamp-left", "900")
    page.click("text=ย้ายตรา")
    page.get_by_text("ตรารับจะพ้นหน้ากระดาษ").wait_for()
    page.fill("#stamp-left", "๒๐")
    page.click("text=ย้ายตรา")
    saved(page)
    assert shown(page) == pytest.approx((20, 11), abs=0.5)


def test_a_finger_moves_it_and_does_not_scroll_the_page(
    town: Installation, letter: tuple[str, str], serve: Any, open_page: Any, goto: Any
) -> None:
    page, base = open_page(PHONE, phone=True), serve(town.app)
    sign_in(page, base, "learning-clerk")
    goto(page, base + letter[1])
    page.locator(MARK).scroll_into_view_if_needed()
    box, scrolled = page.locator(MARK).bounding_box(), page.evaluate("scrollY")
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    finger = page.context.new_cdp_session(page)

    finger.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
    for step in range(1, 9):
        touch = [{"x": x + step * 8, "y": y + step * 12}]
        finger.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": touch})
    finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    saved(page)

    after = page.locator(MARK).bounding_box()
    assert (after["x"] - box["x"], after["y"] - box["y"]) == pytest.approx((64, 96), abs=2)
    assert page.evaluate("scrollY") == scrolled
    assert printed(town, letter) == pytest.approx(shown(page), abs=1)


def test_without_script_two_fields_move_it(
    town: Installation, letter: tuple[str, str], serve: Any, open_page: Any
) -> None:
    page, base = open_page(DESK, script=False), serve(town.app)
    sign_in(page, base, "learning-clerk")
    page.goto(base + letter[1])

    page.fill("#stamp-left", "๔๐")
    page.fill("#stamp-top", "๑๐๐")
    page.click("text=ย้ายตรา")

    assert page.get_by_text("ย้ายตรารับแล้ว").count() == 1
    assert printed(town, letter) == pytest.approx((40, 100), abs=1)


def test_the_screens_have_no_findings_and_nothing_sticks_out(
    town: Installation,
    letter: tuple[str, str],
    serve: Any,
    page_desk: Any,
    looked_at: Any,
    goto: Any,
) -> None:
    page, base = page_desk, serve(town.app)
    sign_in(page, base, "learning-clerk")
    for address in letter:
        goto(page, base + address)
        assert looked_at(page) == []
