"""The kit in a real browser: it can be read by everybody, fits every window, and answers the keys."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from tests.browser.conftest import DESK, PHONE

Kit = tuple[Flask, str]
Axe = Callable[[Any], list[str]]
Goto = Callable[[Any, str], Any]
TEMPLATES = Path(__file__).resolve().parents[2] / "templates"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("phone", [False, True], ids=["desk", "phone"])
def test_axe_finds_nothing(
    open_page: Callable[..., Any], kit: Kit, goto: Goto, axe: Axe, scheme: str, phone: bool
) -> None:
    page = goto(open_page(PHONE if phone else DESK, scheme=scheme, phone=phone), kit[1])

    assert axe(page) == []


def test_axe_finds_nothing_in_what_opens(page_desk: Any, kit: Kit, goto: Goto, axe: Axe) -> None:
    goto(page_desk, kit[1])
    page_desk.click("details.menu > summary")
    assert axe(page_desk) == []
    page_desk.keyboard.press("Escape")
    page_desk.get_by_label("ถึงส่วนราชการ").first.fill("กรม")
    assert axe(page_desk) == []
    page_desk.click('[commandfor="void"][command="show-modal"]')
    assert axe(page_desk) == []


def test_axe_finds_nothing_on_a_public_page(page_phone: Any, kit: Kit, goto: Goto, axe: Axe) -> None:
    goto(page_phone, f"{kit[1]}/public")

    assert axe(page_phone) == []


def test_nothing_is_wider_than_its_window(
    page_desk: Any, kit: Kit, goto: Goto, sticks_out: Callable[..., list[str]]
) -> None:
    goto(page_desk, kit[1])

    assert sticks_out(page_desk) == []


def test_nothing_is_wider_than_its_window_with_large_type(
    page_desk: Any, kit: Kit, goto: Goto, sticks_out: Callable[..., list[str]]
) -> None:
    goto(page_desk, kit[1])
    page_desk.evaluate("localStorage.setItem('saraban.size', 'on')")
    goto(page_desk, kit[1])

    assert page_desk.evaluate("document.documentElement.dataset.size") == "large"
    assert sticks_out(page_desk) == []


def test_pages_carry_no_inline_style_and_no_inline_script(kit: Kit) -> None:
    client = kit[0].test_client()

    for address in ("/kit", "/kit/public"):
        html = client.get(address).text
        assert re.findall(r"<[^>]*\s(?:style|on[a-z]+)=", html) == []
        assert re.findall(r"<style|<script(?![^>]*\ssrc=)[^>]*>", html) == []


def test_every_icon_named_in_a_template_is_drawn() -> None:
    drawn = set(re.findall(r"^  '([a-z-]+)': '<", (TEMPLATES / "components" / "icons.html").read_text("utf-8"), re.M))
    named = {
        (path.name, name)
        for path in TEMPLATES.rglob("*.html")
        for name in re.findall(r"\bicon\('([a-z-]+)'", path.read_text("utf-8"))
    }

    assert {(file, name) for file, name in named if name not in drawn} == set()


def test_j_and_k_move_over_the_rows_and_enter_opens(page_desk: Any, kit: Kit, goto: Goto) -> None:
    goto(page_desk, kit[1])
    page_desk.evaluate("document.activeElement.blur()")

    for key in ("j", "j", "j", "k"):
        page_desk.keyboard.press(key)
    assert "is-focus" in page_desk.locator("#letters tbody tr").nth(1).get_attribute("class")

    page_desk.keyboard.press("Enter")
    page_desk.wait_for_url("**#letter-r1")


def test_a_row_reached_by_key_does_not_hide_under_the_head(page_desk: Any, kit: Kit, goto: Goto) -> None:
    goto(page_desk, kit[1])
    page_desk.evaluate("document.activeElement.blur(); document.querySelector('.reader, .split').scrollIntoView()")

    page_desk.keyboard.press("j")

    row = page_desk.locator("#letters tr.is-focus").bounding_box()
    head = page_desk.locator("#letters thead th").nth(1).bounding_box()
    assert row["y"] >= head["y"] + head["height"] - 1


def test_keys_work_while_the_thai_layout_is_on(page_desk: Any, kit: Kit, goto: Goto) -> None:
    goto(page_desk, kit[1])
    page_desk.evaluate(
        """document.body.dispatchEvent(new KeyboardEvent("keydown", {key: "่", code: "KeyJ", bubbles: true}))"""
    )

    assert "is-focus" in page_desk.locator("#letters tbody tr").nth(0).get_attribute("class")


def test_x_and_shift_arrows_choose_and_escape_lets_go(page_desk: Any, kit: Kit, goto: Goto) -> None:
    goto(page_desk, kit[1])
    page_desk.evaluate("document.activeElement.blur()")
    bar = page_desk.locator("[data-bulk]")
    assert bar.is_hidden()

    for key in ("j", "x", "Shift+ArrowDown", "Shift+ArrowDown"):
        page_desk.keyboard.press(key)
    assert page_desk.locator('#letters [aria-selected="true"]').count() == 3
    assert "เลือก ๓ ฉบับ" in bar.inner_text()

    page_desk.keyboard.press("Escape")
    assert page_desk.locator('#letters [aria-selected="true"]').count() == 0
    assert bar.is_hidden()


def test_the_key_on_a_button_presses_it(page_desk: Any, kit: Kit, goto: Goto) -> None:
    goto(page_desk, kit[1])
    page_desk.evaluate("document.activeElement.blur()")
    page_desk.locator("#new-paper").evaluate("(one) => { one.onclick = () => { document.title = 'pressed' } }")

    page_desk.keyboard.press("n")

    assert page_desk.title() == "pressed"


def test_letters_do_nothing_while_a_field_has_the_focus(page_desk: Any, kit: Kit, goto: Goto) -> None:
    goto(page_desk, kit[1])
    page_desk.focus("#subject")

    page_desk.keyboard.type("jd?x/")

    assert page_desk.input_value("#subject") == "jd?x/"
    assert page_desk.locator("#letters .is-focus").count() == 0
    assert page_desk.locator("#keys[open]").count() == 0


def test_single_letters_can_be_switched_off(page_desk: Any, kit: Kit, goto: Goto) -> None:
    goto(page_desk, kit[1])
    page_desk.evaluate("document.activeElement.blur()")
    page_desk.keyboard.press("?")
    page_desk.uncheck('[data-setting="keys"]')
    goto(page_desk, kit[1])
    page_desk.evaluate("document.activeElement.blur()")

    page_desk.keyboard.press("j")

    assert page_desk.locator("#letters .is-focus").count() == 0


def test_slash_goes_to_the_search_and_question_mark_shows_the_keys(page_desk: Any, kit: Kit, goto: Goto) -> None:
    goto(page_desk, kit[1])
    page_desk.evaluate("document.activeElement.blur()")
    page_desk.keyboard.press("/")
    assert page_desk.evaluate("document.activeElement.id") == "search-all"
    assert page_desk.input_value("#search-all") == ""

    page_desk.keyboard.press("Escape")
    page_desk.keyboard.press("?")
    assert page_desk.locator("#keys").is_visible()
    page_desk.keyboard.press("Escape")
    assert page_desk.locator("#keys").is_hidden()


def test_g_and_a_letter_go_to_a_place_and_d_starts_a_draft(page_desk: Any, kit: Kit, goto: Goto) -> None:
    goto(page_desk, kit[1])
    page_desk.evaluate("document.activeElement.blur()")
    page_desk.keyboard.press("g")
    page_desk.keyboard.press("i")
    page_desk.wait_for_url("**/incoming")

    goto(page_desk, kit[1])
    page_desk.evaluate("document.activeElement.blur()")
    page_desk.keyboard.press("d")
    page_desk.wait_for_url("**/letters/new")


def test_what_cannot_be_done_stays_in_reach_and_does_nothing(page_desk: Any, kit: Kit, goto: Goto) -> None:
    goto(page_desk, kit[1])
    button = page_desk.locator('[aria-disabled="true"]').first
    button.evaluate("(one) => one.addEventListener('click', () => { document.title = 'done' })")

    button.focus()
    page_desk.keyboard.press("Enter")

    assert page_desk.title() != "done"
    reason = page_desk.locator(f"#{button.get_attribute('aria-describedby')}")
    assert "เลิกการมอบหมายได้ที่" in reason.inner_text()


def test_receivers_are_chosen_by_typing_with_digits_of_either_kind(page_desk: Any, kit: Kit, goto: Goto) -> None:
    goto(page_desk, kit[1])
    typed = page_desk.get_by_label("ถึงส่วนราชการ").first
    chosen = "() => [...document.getElementById('recipients').selectedOptions].map((one) => one.value)"
    assert page_desk.evaluate(chosen) == ["a0", "a1"]

    typed.fill("๑๒๐๓")
    page_desk.keyboard.press("Enter")
    assert page_desk.evaluate(chosen) == ["a0", "a1", "a3"]

    page_desk.get_by_role("button", name="เอา กรมบัญชีกลาง ออก").click()
    assert page_desk.evaluate(chosen) == ["a1", "a3"]

    page_desk.keyboard.press("Backspace")
    assert page_desk.evaluate(chosen) == ["a1"]


def test_the_list_of_receivers_closes_behind_a_choice_until_somebody_types_or_presses_down(
    page_desk: Any, kit: Kit, goto: Goto
) -> None:
    goto(page_desk, kit[1])
    offered = page_desk.locator(".combo__list").first
    page_desk.get_by_label("ถึงส่วนราชการ").first.fill("1203")
    page_desk.keyboard.press("Enter")
    assert offered.is_hidden()

    page_desk.keyboard.press("ArrowDown")
    assert offered.is_visible()
    page_desk.keyboard.press("Enter")
    assert offered.is_hidden()
    page_desk.keyboard.type("1")
    assert offered.is_visible()
    offered.locator(".combo__opt").first.click()
    assert offered.is_hidden()


@pytest.mark.parametrize(
    ("keys", "row"),
    [("Enter", 0), ("ArrowDown Enter", 0), ("ArrowDown ArrowDown Enter", 1), ("ArrowUp Enter", -1)],
)
def test_the_first_arrow_goes_into_the_list_that_typing_opened(
    page_desk: Any, kit: Kit, goto: Goto, keys: str, row: int
) -> None:
    goto(page_desk, kit[1])
    page_desk.get_by_label("ส่งให้").first.fill("ก")
    rows = page_desk.locator(".combo__list:visible .combo__opt > span:first-child").all_inner_texts()
    for key in keys.split():
        page_desk.keyboard.press(key)

    assert len(rows) > 2 and page_desk.get_by_label("ส่งให้").first.input_value() == rows[row]


def test_a_single_choice_keeps_its_name_when_left_and_lets_go_when_emptied(
    page_desk: Any, kit: Kit, goto: Goto
) -> None:
    goto(page_desk, kit[1])
    typed = page_desk.get_by_label("ส่งให้").first
    value = "() => document.getElementById('unit').value"

    typed.fill("แผน")
    page_desk.keyboard.press("Enter")
    assert page_desk.evaluate(value) == "2"
    typed.fill("ไม่มีหน่วยนี้")
    page_desk.keyboard.press("Tab")
    assert (typed.input_value(), page_desk.evaluate(value)) == ("กองแผนงาน", "2")
    typed.fill("")
    page_desk.keyboard.press("Tab")
    assert page_desk.evaluate(value) == ""


def test_a_file_that_is_too_large_is_refused_with_its_size(page_desk: Any, kit: Kit, goto: Goto) -> None:
    goto(page_desk, kit[1])
    place = page_desk.locator("[data-drop]")

    page_desk.set_input_files("#scan", {"name": "สแกน.pdf", "mimeType": "application/pdf", "buffer": b"x" * 1500})
    assert "สแกน.pdf" in place.inner_text()
    page_desk.set_input_files("#scan", {"name": "ใหญ่.pdf", "mimeType": "application/pdf", "buffer": b"x" * 2_300_000})

    assert "ไฟล์ ใหญ่.pdf ใหญ่ ๒.๓ MB เกิน ๒ KB" in place.inner_text()
    assert page_desk.evaluate("document.getElementById('scan').files.length") == 0


def test_typing_saves_the_draft_and_renews_the_page_beside_it(page_desk: Any, kit: Kit, goto: Goto) -> None:
    app, url = kit
    goto(page_desk, url)

    page_desk.fill("#subject", "ขอเชิญประชุม")
    page_desk.wait_for_selector('#preview img[src="/kit/page/9.svg"]')
    page_desk.get_by_text("บันทึกแล้ว เมื่อ ๑๐.๔๘ น.").wait_for()

    posted = app.extensions["posted"]
    assert posted.previews[-1]["subject"] == posted.autosaved[-1]["subject"] == ["ขอเชิญประชุม"]
    assert posted.autosaved[-1]["version"] == ["3"]
    assert page_desk.input_value('input[name="version"]') == "4"


def test_leaving_with_unsaved_words_asks_first(page_desk: Any, kit: Kit, goto: Goto) -> None:
    goto(page_desk, kit[1])
    asked: list[str] = []
    page_desk.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page_desk.locator("#subject").press_sequentially("ขอ")

    page_desk.evaluate("location.assign('/incoming')")
    page_desk.wait_for_url("**/incoming")

    assert asked == ["beforeunload"]


def test_copying_puts_the_text_on_the_clipboard_and_says_so(page_desk: Any, kit: Kit, goto: Goto) -> None:
    goto(page_desk, kit[1])

    page_desk.get_by_role("button", name="คัดลอกที่อยู่").click()

    page_desk.wait_for_selector("[data-toasts] .toast")
    assert page_desk.evaluate("navigator.clipboard.readText()") == "saraban@reading.example.go.th"


def test_dark_stays_dark_on_the_next_page(page_desk: Any, kit: Kit, goto: Goto) -> None:
    goto(page_desk, kit[1])
    page_desk.click("details.menu > summary")
    page_desk.click('[data-set="theme"][data-value="dark"]')

    goto(page_desk, f"{kit[1]}/public")

    assert page_desk.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(21, 24, 28)"


def test_without_script_the_lists_are_the_browsers_own(open_page: Callable[..., Any], kit: Kit) -> None:
    page = open_page(DESK, script=False)
    page.goto(kit[1])

    assert page.locator("select#recipients").is_visible()
    assert page.locator("[data-bulk]").is_visible()
    assert page.locator(".needs-script").first.is_hidden()
    page.click('[commandfor="void"][command="show-modal"]')
    assert page.locator("#void").is_visible()


def test_the_rest_of_the_menu_is_one_tap_away_on_a_phone(page_phone: Any, kit: Kit, goto: Goto) -> None:
    goto(page_phone, kit[1])
    page_phone.tap(".tabbar__more > summary")

    assert page_phone.locator(".tabbar__sheet").get_by_text("ทะเบียนหนังสือส่ง").is_visible()
