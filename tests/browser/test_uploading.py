"""Bytes on their way up in a real browser: how far they are, that they can be stopped, and that nothing is lost."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from tests.browser.conftest import DESK, sign_in

SIZE = 3_000_000
SEND = "form[data-upload] button[type=submit]"


def slowly(page: Any) -> Callable[[int], None]:
    """A hand on the way up: so many octets a second, all that can be for -1."""
    hand = page.context.new_cdp_session(page)

    def set_pace(octets: int) -> None:
        pace = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": octets}
        hand.send("Network.emulateNetworkConditions", pace)

    return set_pace


def wait_for_part(page: Any, bar: str) -> None:
    """Until a part of it is up and not all."""
    page.wait_for_selector(bar)
    for _ in range(200):
        if 1 < page.evaluate("bar => document.querySelector(bar)?.value ?? 0", bar) < 100:
            return
        page.wait_for_timeout(20)
    raise AssertionError("the bar does not move")


@pytest.fixture
def register(tmp_path: Path) -> Path:
    """An old register whose table is large."""
    file = tmp_path / "ทะเบียน.csv"
    row = "รับ,{},2560,กรมบัญชีกลาง,เรื่องที่ {} " + "ก" * 300 + "\n"
    rows = "".join(row.format(number, number) for number in range(1, SIZE // 960))
    file.write_text("ทะเบียน,เลขทะเบียน,ปี,จาก,เรื่อง\n" + rows, encoding="utf-8")
    assert file.stat().st_size > SIZE * 0.9
    return file


def test_an_old_register_tells_how_far_it_is_and_is_laid_down(
    signed_in: Callable[..., Any], register: Path, looked_at: Callable[[Any], list[str]]
) -> None:
    page = signed_in("reading-admin", "/admin/move-in")
    page.fill("#folder", "เก่า-๒๕๖๐")
    page.set_input_files('input[type="file"]', register)
    pace = slowly(page)
    pace(600_000)
    page.click(SEND)
    wait_for_part(page, ".upload progress")

    words = page.inner_text(".upload")
    assert "กำลังส่งไฟล์" in words and "MB" in words and "%" in words
    assert page.get_attribute(".upload progress", "aria-label") == "กำลังส่งไฟล์"
    assert page.inner_text('.upload [role="status"]')
    assert page.get_attribute("form[data-upload]", "aria-busy") == "true"
    assert looked_at(page) == []
    pace(-1)
    page.wait_for_selector(".flash >> text=เก่า-๒๕๖๐")
    assert page.url.endswith("/admin/move-in")
    assert "เก่า-๒๕๖๐" in page.inner_text(".cards")


def test_what_is_stopped_keeps_the_file_and_the_words(signed_in: Callable[..., Any], register: Path) -> None:
    page = signed_in("reading-admin", "/admin/move-in")
    page.fill("#folder", "เก่า-๒๕๖๐")
    page.set_input_files('input[type="file"]', register)
    pace = slowly(page)
    pace(100_000)
    page.click(SEND)
    page.click("text=หยุดส่ง")

    page.wait_for_selector('[role="alert"] >> text=หยุดส่งแล้ว')
    assert page.input_value("#folder") == "เก่า-๒๕๖๐"
    assert page.evaluate("document.querySelector('input[type=file]').files.length") == 1
    assert page.locator(".upload").count() == 0
    pace(-1)
    page.click(SEND)
    page.wait_for_selector(".flash >> text=เก่า-๒๕๖๐")


def test_a_refused_form_comes_back_with_its_words_and_works(signed_in: Callable[..., Any], register: Path) -> None:
    page = signed_in("reading-admin", "/admin/move-in")
    page.fill("#folder", "../ข้างนอก")
    page.set_input_files('input[type="file"]', register)
    page.click(SEND)

    page.wait_for_selector(".errors")
    assert page.input_value("#folder") == "../ข้างนอก" and page.url.endswith("/admin/move-in")
    page.fill("#folder", "ข้างใน")
    page.set_input_files('input[type="file"]', register)
    assert "ทะเบียน.csv" in page.inner_text("[data-drop-list]")
    page.click(SEND)
    page.wait_for_selector(".flash >> text=ข้างใน")


def test_a_browser_without_script_sends_the_form_as_ever(
    site: str, open_page: Callable[..., Any], register: Path
) -> None:
    page = open_page(DESK, script=False)
    sign_in(page, site, "reading-admin", "/admin/move-in")
    page.fill("#folder", "ไม่มีสคริปต์")
    page.set_input_files('input[type="file"]', register)
    page.click(SEND)
    page.wait_for_selector(".flash >> text=ไม่มีสคริปต์")


def test_a_scan_tells_how_far_it_is_in_its_own_row(signed_in: Callable[..., Any], tmp_path: Path) -> None:
    page = signed_in("reading-clerk", "/entering/receiving")
    picture = BytesIO()
    Image.effect_noise((1600, 1600), 90).save(picture, "PNG")
    scan = tmp_path / "สแกน.png"
    scan.write_bytes(picture.getvalue())
    pace = slowly(page)
    pace(400_000)
    page.set_input_files("#file", scan)
    wait_for_part(page, "[data-scan-list] progress")
    assert "กำลังส่ง สแกน.png" in page.inner_text("[data-scan-list]")
    pace(-1)
    page.wait_for_selector('[data-scan-list] input[name="kept"]', state="attached")
    assert page.locator("[data-scan-list] progress").count() == 0
