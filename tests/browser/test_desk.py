"""The executive's desk: a morning with the keyboard alone, and the same on a phone with one thumb."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.web.installation import PASSPHRASE, Installation

Axe = Callable[[Any], list[str]]


def test_letters_are_read_ticked_and_signed_with_the_keyboard_alone(
    town: Installation, signed_in: Callable[..., Any], axe: Axe, sticks_out: Callable[..., list[str]]
) -> None:
    for number in range(4):
        town.endorsed(subject=f"เรื่องที่ {number}")
    head = signed_in("reading-head", "/desk")
    assert axe(head) == []

    for _ in range(2):
        ticked = head.url
        head.keyboard.press("x")
        head.keyboard.press("j")
        head.wait_for_url(lambda url, ticked=ticked: url != ticked, wait_until="commit")
        head.wait_for_selector("html[data-ready]", state="attached")
    assert head.locator("[data-pile-count]:visible").inner_text() == "๒"
    head.keyboard.press("?")
    assert "ลงนามฉบับที่เลือก" in head.locator("#keys").inner_text()
    head.keyboard.press("Escape")

    head.keyboard.press("r")
    head.locator("#return-dialog summary").focus()
    head.keyboard.press("Enter")
    head.fill("#return_phrases", "ขอตัวเลขปีก่อน")
    head.keyboard.press("Tab")
    head.keyboard.press("Enter")
    head.get_by_role("button", name="ขอตัวเลขปีก่อน").press("Enter")
    assert head.input_value("#reason") == "ขอตัวเลขปีก่อน"
    assert axe(head) == []
    head.keyboard.press("Escape")

    head.keyboard.press("Shift+S")
    head.wait_for_url("**/desk/batches/**")
    assert axe(head) == [] and sticks_out(head) == []
    head.fill("#passphrase", PASSPHRASE)
    head.keyboard.press("Control+Enter")
    head.get_by_role("heading", name="ลงนามครบแล้ว").or_(head.locator(".result.is-yes").nth(1)).first.wait_for()
    assert "ศธ" in head.locator(".result.is-yes").first.inner_text()
    assert axe(head) == [] and sticks_out(head) == []

    head.get_by_role("heading", name="ลงนามครบแล้ว").wait_for()
    assert head.locator("[data-count=desk]").first.inner_text() == "๒"  # the count beside the menu is that of now
    head.get_by_role("link", name="แฟ้มเสนอ").last.press("Enter")
    head.locator(".pile__link").first.press("Enter")
    head.wait_for_url("**/desk/*-*")
    first = head.url
    head.wait_for_selector("html[data-ready]", state="attached")
    head.keyboard.press("s")
    head.keyboard.type(PASSPHRASE)  # the dialog has put the cursor there
    head.keyboard.press("Control+Enter")
    head.wait_for_url(lambda url: url != first and "/desk/" in url)


def test_letters_are_ticked_and_endorsed_on_a_phone(
    town: Installation, signed_in: Callable[..., Any], axe: Axe
) -> None:
    for number in range(3):
        town.submitted(subject=f"เรื่องที่ {number}")
    director = signed_in("reading-director", "/desk", phone=True)
    director.locator('input[name="pick"]:visible').nth(0).tap()
    director.locator('input[name="pick"]:visible').nth(2).tap()
    assert axe(director) == []
    director.get_by_role("button", name="เสนอต่อที่เลือก").tap()
    director.get_by_role("button", name="เห็นควรลงนาม").tap()
    director.get_by_role("button", name="เสนอต่อ ๒ ฉบับ").tap()
    director.locator(".result.is-yes").nth(1).wait_for()
    assert axe(director) == []
    director.get_by_role("link", name="แฟ้มเสนอ").first.tap()
    director.wait_for_url("**/desk")
    assert director.locator(".pile__item:visible").count() == 1
