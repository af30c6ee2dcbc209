"""The public page in a browser: the file in hand is compared there, by drop and by choice, on a desk and on a phone."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from saraban.storage.migration import upgrade
from tests.browser.conftest import DESK, PHONE
from tests.fakes import FixedClock
from tests.web.installation import Installation, build_installation
from tests.web.public_town import PUBLIC, code, page_of, scans, void

_DROP = """([place, name, data]) => {
  const octets = Uint8Array.from(atob(data), (sign) => sign.charCodeAt(0));
  const carried = new DataTransfer();
  carried.items.add(new File([octets], name, {type: 'application/pdf'}));
  const dropped = new DragEvent('drop', {dataTransfer: carried, bubbles: true, cancelable: true});
  document.querySelector(place).dispatchEvent(dropped);
}"""


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Installation]:
    """An installation that the public reaches."""
    url = f"sqlite:///{tmp_path / 'saraban.db'}"
    upgrade(url)
    made = build_installation(tmp_path, url, FixedClock(datetime(2026, 11, 23, 2, 30, tzinfo=UTC)), public_url=PUBLIC)
    yield made
    scans(made)
    made.office.close()


@pytest.fixture
def site(town: Installation, serve: Callable[[Flask], str]) -> str:
    """Its address on loopback."""
    return serve(town.app)


def _drop(page: Any, name: str, data: bytes) -> None:
    page.evaluate(_DROP, ["[data-verify-drop]", name, base64.b64encode(data).decode()])


def test_a_dropped_file_is_told_to_match_or_not_and_is_sent_nowhere(
    town: Installation, site: str, open_page: Callable[..., Any], goto: Callable[[Any, str], Any]
) -> None:
    letter_id = town.issued()
    data = page_of(town, letter_id)
    page = open_page(DESK)
    goto(page, f"{site}/v/{code(town, letter_id).code}")
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url))
    _drop(page, "หนังสือ.pdf", data)
    page.locator("[data-verify-result] .flash--green", has_text="ตรงกัน").wait_for()
    _drop(page, "แก้.pdf", data + b" ")
    page.locator("[data-verify-result] .flash--red", has_text="ไม่ตรง").wait_for()

    assert page.locator("[data-verify-result] .flash").count() == 1
    assert sent == []


def test_a_chosen_file_is_compared_on_a_phone_in_english_and_then_judged(
    town: Installation, site: str, open_page: Callable[..., Any], goto: Callable[[Any, str], Any], tmp_path: Path
) -> None:
    letter_id = town.issued()
    file = tmp_path / "letter.pdf"
    file.write_bytes(page_of(town, letter_id))
    page = open_page(PHONE, phone=True)
    goto(page, f"{site}/v/{code(town, letter_id).typed}?lang=en")
    page.set_input_files("#file-chosen", file)
    page.locator("[data-verify-result] .flash--green", has_text="It matches").wait_for()
    page.get_by_role("button", name="Send the file").click()
    page.locator("section.verdict").wait_for()

    assert page.locator("section.verdict .verdict__part").count() == 6
    assert "It matches" in page.locator("#file").inner_text() and "lang=en" in page.url


def test_without_script_the_file_is_sent_and_judged(
    town: Installation, site: str, open_page: Callable[..., Any], tmp_path: Path
) -> None:
    letter_id = town.issued()
    file = tmp_path / "letter.pdf"
    file.write_bytes(page_of(town, letter_id))
    page = open_page(PHONE, phone=True, script=False)
    page.goto(f"{site}/v/{code(town, letter_id).code}")
    page.set_input_files("#file-chosen", file)
    page.get_by_role("button", name="ส่งไฟล์มาตรวจลายมือชื่อ").click()

    assert "ตรงกัน" in page.locator("#file").inner_text()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_public_page_is_open_to_all_and_fits_a_phone(
    town: Installation,
    site: str,
    open_page: Callable[..., Any],
    goto: Callable[[Any, str], Any],
    axe: Callable[[Any], list[str]],
    sticks_out: Callable[..., list[str]],
    tmp_path: Path,
    scheme: str,
) -> None:
    good, struck = town.issued(), town.issued()
    void(town, struck, town.actor("reading-clerk"))
    page = open_page(PHONE, phone=True, scheme=scheme)
    found: list[str] = []
    for address in (
        "/v",
        "/v?code=short",
        f"/v/{code(town, good).code}",
        f"/v/{code(town, struck).code}?lang=en",
        f"/v/{'0' * 20}",
    ):
        goto(page, f"{site}{address}")
        found += [f"{address}: {what}" for what in (*axe(page), *sticks_out(page))]
    file = tmp_path / "letter.pdf"
    file.write_bytes(page_of(town, good))
    goto(page, f"{site}/v/{code(town, good).code}")
    page.set_input_files("#file-chosen", file)
    page.get_by_role("button", name="ส่งไฟล์มาตรวจลายมือชื่อ").click()
    page.locator("section.verdict").wait_for()
    found += [f"judged: {what}" for what in (*axe(page), *sticks_out(page))]

    assert found == []


def test_the_code_is_typed_with_the_keyboard_alone(
    town: Installation, site: str, open_page: Callable[..., Any], goto: Callable[[Any, str], Any]
) -> None:
    made = code(town, town.issued())
    page = open_page(DESK)
    goto(page, f"{site}/v")
    page.keyboard.press("Tab")
    page.locator("#code").focus()
    page.keyboard.type(made.shown.lower())
    page.keyboard.press("Enter")
    page.locator(".big-verdict--good").wait_for()

    assert page.url.endswith(f"/v/{made.typed}")
