"""A certificate with a photograph, and enclosures with titles, in a real browser: desk and phone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from saraban.domain.classification import Form
from tests.rendering.test_pictures import picture
from tests.web.installation import Installation

Goto = Callable[[Any, str], Any]


@pytest.mark.parametrize("phone", [False, True])
def test_a_photograph_is_chosen_seen_and_printed(
    town: Installation, site: str, signed_in: Callable[..., Any], goto: Goto, axe: Any, tmp_path: Path, phone: bool
) -> None:
    (tmp_path / "รูป.jpg").write_bytes(picture((600, 900), kind="JPEG", color=(90, 140, 200)))
    letter = town.draft(form=Form.CERTIFICATE, recipients=(), addressed_to="")
    page = signed_in("reading-clerk", phone=phone)
    goto(page, f"{site}/letters/{letter}/edit")

    page.set_input_files("#photo", tmp_path / "รูป.jpg")
    page.get_by_role("button", name="ใช้รูปที่เลือก").click()
    page.get_by_text("ใส่รูปถ่ายแล้ว").wait_for()

    portrait = page.get_by_alt_text("รูปถ่ายที่จะพิมพ์ในหนังสือรับรอง")
    assert portrait.evaluate("one => one.complete && one.naturalWidth") == 600
    assert axe(page) == []


def test_a_title_that_is_typed_is_saved_by_itself_and_stands_on_the_page(
    town: Installation, site: str, signed_in: Callable[..., Any], goto: Goto, axe: Any, tmp_path: Path
) -> None:
    (tmp_path / "กำหนดการ.txt").write_text("x")
    letter = town.draft()
    page = signed_in("reading-clerk")
    goto(page, f"{site}/letters/{letter}/edit")
    page.set_input_files("#file", tmp_path / "กำหนดการ.txt")
    page.get_by_role("button", name="แนบไฟล์ที่เลือก").click()
    page.get_by_text("แนบไฟล์แล้ว").wait_for()

    page.wait_for_selector('html[data-editor="ready"]')
    page.get_by_label("ชื่อที่พิมพ์ในหนังสือของ กำหนดการ.txt").fill("กำหนดการประชุม")
    page.get_by_label("จำนวนของ กำหนดการ.txt").fill("๓ แผ่น")
    page.locator("[data-autosave-status]", has_text="บันทึกแล้ว เมื่อ").wait_for()

    assert axe(page) == []
    goto(page, f"{site}/letters/{letter}/edit")
    assert page.get_by_label("จำนวนของ กำหนดการ.txt").input_value() == "๓ แผ่น"
