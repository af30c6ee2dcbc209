"""A citizen's letter to its answer on a telephone: written with a file, registered by the clerk in one press, answered,
and the answer fetched by number and code."""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import zxingcpp
from flask import Flask
from PIL import Image

from tests.browser.conftest import PHONE, new_town, sign_in
from tests.rendering.codes import read_at_all
from tests.rendering.test_verification_code import a_ready_pdf
from tests.web.installation import READING, Installation
from tests.web.public_town import PUBLIC, decide
from tests.web.test_petition_form import rows

PICTURES = os.environ.get("SARABAN_PICTURES", "")
"""A folder for pictures of what is tested, for somebody who wants to look."""


@pytest.fixture
def town(tmp_path: Path) -> Installation:
    """An installation whose agency takes letters from the public."""
    made = new_town(tmp_path, public_url=PUBLIC)
    decide(made, petitions=True)
    return made


@pytest.fixture
def site(town: Installation, serve: Callable[[Flask], str]) -> str:
    """Its address on loopback."""
    return serve(town.app)


def test_a_citizens_letter_to_its_answer_on_a_telephone(
    town: Installation,
    site: str,
    open_page: Callable[..., Any],
    goto: Callable[[Any, str], Any],
    axe: Callable[[Any], list[str]],
    sticks_out: Callable[..., list[str]],
    tmp_path: Path,
) -> None:
    file = tmp_path / "ตอบ.pdf"
    file.write_bytes(a_ready_pdf())
    citizen, clerk = open_page(PHONE, phone=True), open_page(PHONE, phone=True)
    faults: list[str] = []

    def look(page: Any, name: str) -> None:
        faults.extend(f"{name}: {one}" for one in axe(page) + sticks_out(page, (390, 360)))
        if PICTURES:
            page.screenshot(path=f"{PICTURES}/{name}.png", full_page=True)

    goto(citizen, f"{site}/w")
    citizen.wait_for_url(f"{site}/w/to/{READING}")
    look(citizen, "form")
    citizen.fill("[name=name]", "นางสาวมะลิ ใจงาม")
    citizen.fill("[name=subject]", "ขอทราบผลการพิจารณา")
    citizen.get_by_role("button", name="ส่งเรื่อง").click()
    citizen.locator("#text-error").wait_for()
    look(citizen, "refused")
    assert citizen.input_value("[name=subject]") == "ขอทราบผลการพิจารณา"
    citizen.fill("[name=text]", "ขอทราบว่าเรื่องที่ยื่นไว้ถึงขั้นตอนใดแล้ว")
    citizen.set_input_files("[name=files]", str(file))
    citizen.get_by_role("button", name="ส่งเรื่อง").click()
    citizen.get_by_role("heading", name="ได้รับเรื่องแล้ว").wait_for()
    look(citizen, "receipt")
    number, code = citizen.locator(".petition__number b").all_inner_texts()
    seen = zxingcpp.read_barcodes(Image.open(io.BytesIO(citizen.locator(".petition__qr img").screenshot())))
    assert [one.text.rpartition("/")[0] for one in seen] == [f"{PUBLIC}/w/f"]
    assert read_at_all(citizen.pdf(format="A4")) == [seen[0].text], "the receipt as the citizen prints it"

    [letter] = rows(town)
    sign_in(clerk, site, "reading-clerk", f"/incoming/{letter.id}")
    look(clerk, "letter")
    clerk.locator(".actbar").get_by_role("button", name="ลงรับ", exact=True).click()
    clerk.get_by_role("link", name="ส่งคำตอบให้ผู้ยื่น").click()
    clerk.locator("[name=file]").wait_for(state="attached")
    look(clerk, "answer")
    clerk.set_input_files("[name=file]", str(file))
    clerk.get_by_role("button", name="ส่งคำตอบ").click()
    clerk.get_by_text("ผู้ยื่นรับคำตอบที่หน้าติดตามได้แล้ว").wait_for()

    citizen.get_by_role("link", name="ติดตามเรื่องที่ส่งแล้ว").click()
    citizen.fill("[name=number]", number)
    citizen.fill("[name=code]", code.lower())
    look(citizen, "follow")
    citizen.get_by_role("button", name="ดูสถานะ").click()
    citizen.get_by_role("heading", name="ตอบแล้ว").wait_for()
    look(citizen, "answered")
    with citizen.expect_download() as waited:
        citizen.get_by_role("button", name="รับไฟล์คำตอบ").click()
    assert Path(waited.value.path()).read_bytes() == file.read_bytes()
    assert citizen.context.cookies() == []
    assert faults == []
