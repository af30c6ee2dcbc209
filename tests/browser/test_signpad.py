"""Drawing one's signature in a real browser: with the mouse, and with a finger on a telephone."""

from __future__ import annotations

import io
import math
from collections.abc import Callable
from typing import Any

import pytest
from PIL import Image

from saraban.usecases.picturing import open_picture, picture_of
from tests.web.installation import Installation

HERE = "/me/signature"
WHO = "reading-head"


def course(canvas: Any) -> list[tuple[float, float]]:
    """A wavy line through the middle of the sheet."""
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    return [
        (
            box["x"] + box["width"] * (0.2 + 0.6 * at / 60),
            box["y"] + box["height"] * (0.5 + 0.2 * math.sin(at / 4)),
        )
        for at in range(61)
    ]


def with_the_mouse(page: Any) -> None:
    begin, *rest = course(page.locator("canvas.signpad"))
    page.mouse.move(*begin)
    page.mouse.down()
    for point in rest:
        page.mouse.move(*point)
    page.mouse.up()


def with_a_finger(page: Any) -> None:
    begin, *rest = course(page.locator("canvas.signpad"))
    touch = page.context.new_cdp_session(page)
    touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": begin[0], "y": begin[1]}]})
    for x, y in rest:
        touch.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [{"x": x, "y": y}]})
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


@pytest.mark.parametrize(("phone", "draw"), [(False, with_the_mouse), (True, with_a_finger)], ids=["mouse", "finger"])
def test_a_drawn_signature_is_kept_and_shown(
    town: Installation,
    signed_in: Callable[..., Any],
    axe: Callable[[Any], list[str]],
    sticks_out: Callable[..., list[str]],
    phone: bool,
    draw: Callable[[Any], None],
) -> None:
    page = signed_in(WHO, HERE, phone=phone)
    assert axe(page) == []
    top = page.evaluate("scrollY")
    draw(page)
    page.get_by_text("วาดแล้ว กดใช้ลายเซ็นที่วาด").wait_for()
    assert phone is False or page.evaluate("scrollY") - top < 2_000
    page.get_by_role("button", name="ใช้ลายเซ็นที่วาด").click()
    page.get_by_role("img", name="ภาพลายเซ็นของท่าน").wait_for()
    picture = Image.open(io.BytesIO(open_picture(town.services, actor=town.actor(WHO))))

    assert picture.mode == "RGBA" and picture.width > 1.5 * picture.height
    assert picture.width > 300, "as sharp as it was drawn"
    assert axe(page) + sticks_out(page, (390, 360) if phone else (1366,)) == []


def test_a_line_is_taken_back_and_nothing_drawn_sends_nothing(
    town: Installation, signed_in: Callable[..., Any]
) -> None:
    page = signed_in(WHO, HERE)
    with_the_mouse(page)
    page.get_by_role("button", name="ลบเส้นล่าสุด").click()
    page.get_by_role("button", name="ใช้ลายเซ็นที่วาด").click()
    page.get_by_text("ยังไม่ได้วาด เซ็นในกรอบก่อน").wait_for()

    assert picture_of(town.services, actor=town.actor(WHO)) is None
