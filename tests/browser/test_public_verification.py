"""The public page in a browser: the file in hand is compared there, by drop and by choice, on a desk and on a phone."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from tests.browser.conftest import DESK, PHONE, new_town
from tests.rendering.codes import read_at_all
from tests.web.installation import Installation
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
    made = new_town(tmp_path, public_url=PUBLIC)
    yield made
    scans(made)
    made.close()


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
    page.locator(".big-verdict--good h1", has_text="ไฟล์นี้ตรงกับฉบับที่ออกทุกไบต์").wait_for()
    _drop(page, "แก้.pdf", data + b" ")
    page.locator(".big-verdict--bad h1", has_text="ไฟล์นี้ไม่ใช่ฉบับที่ออก").wait_for()

    assert page.locator(".big-verdict").count() == 1 and page.locator(".big-verdict--good").count() == 0
    assert "แก้.pdf" in page.locator(".big-verdict").inner_text()
    assert sent == []


@pytest.mark.parametrize(
    ("query", "before", "after"),
    [
        ("", "รหัสนี้ตรงกับทะเบียน", "ไฟล์นี้ไม่ใช่ฉบับที่ออก"),
        ("?lang=en", "This code agrees with the register", "This file is not the issued one"),
    ],
)
def test_on_a_phone_an_altered_file_is_the_headline_and_in_view_and_nothing_praises_it(
    town: Installation,
    site: str,
    open_page: Callable[..., Any],
    goto: Callable[[Any, str], Any],
    axe: Callable[[Any], list[str]],
    sticks_out: Callable[..., list[str]],
    tmp_path: Path,
    query: str,
    before: str,
    after: str,
) -> None:
    letter_id = town.issued()
    file = tmp_path / "altered.pdf"
    file.write_bytes(page_of(town, letter_id).replace(b"%PDF-1.7", b"%PDF-1.6", 1))
    page = open_page(PHONE, phone=True)
    goto(page, f"{site}/v/{code(town, letter_id).code}{query}")
    assert page.locator("h1").inner_text() == before
    page.locator("#file-chosen").scroll_into_view_if_needed()
    page.set_input_files("#file-chosen", file)
    page.locator(".big-verdict--bad h1", has_text=after).wait_for()
    page.wait_for_timeout(800)  # the page scrolls smoothly

    box = page.locator(".big-verdict").bounding_box()
    assert box is not None and 0 <= box["y"] < PHONE["height"] / 2
    shown = page.locator("main").inner_text()
    assert "ใช้ได้" not in shown and before not in shown and page.locator(".big-verdict--good").count() == 0
    heading, line = (page.locator(f".big-verdict {one}").first.bounding_box() for one in ("h1", "p:last-of-type"))
    assert heading is not None and line is not None and abs(heading["x"] - line["x"]) < 1
    assert [*axe(page), *sticks_out(page)] == []


@pytest.fixture
def carried(site: str) -> Callable[..., None]:
    """`carried(page, host)`: what stands at https://host is what this installation answers."""

    def carry(page: Any, host: str) -> None:
        def answer(route: Any) -> None:
            asked = route.request.url.partition(host)[2]
            route.fulfill(response=route.fetch(url=f"{site}{asked}", max_redirects=0))

        page.route(f"https://{host}/**", answer)

    return carry


def test_from_a_scan_to_the_verdict_then_revoked_and_a_forged_file_on_a_phone(
    town: Installation,
    open_page: Callable[..., Any],
    goto: Callable[[Any, str], Any],
    carried: Callable[..., None],
    axe: Callable[[Any], list[str]],
    sticks_out: Callable[..., list[str]],
    tmp_path: Path,
) -> None:
    letter_id = town.issued()
    [scanned] = read_at_all(page_of(town, letter_id))
    forged = tmp_path / "forged.pdf"
    forged.write_bytes(page_of(town, letter_id).replace(b"%PDF-1.7", b"%PDF-1.6", 1))
    page = open_page(PHONE, phone=True)
    carried(page, PUBLIC.removeprefix("https://"))
    goto(page, scanned)
    assert scanned.startswith(f"{PUBLIC}/v/") and page.locator(".big-verdict--known").count() == 1
    assert not page.locator("[data-belongs]").is_visible()
    page.set_input_files("#file-chosen", forged)
    page.locator(".big-verdict--bad h1", has_text="ไฟล์นี้ไม่ใช่ฉบับที่ออก").wait_for()
    void(town, letter_id, town.actor("reading-clerk"))
    goto(page, f"{scanned}?lang=en")

    assert page.locator(".big-verdict--bad h1").inner_text() == "This document was cancelled"
    assert "23 November 2026" in page.locator("main").inner_text()
    assert [*axe(page), *sticks_out(page)] == []


def test_a_page_at_an_address_that_looks_alike_says_above_all_that_it_is_not_the_one(
    town: Installation,
    open_page: Callable[..., Any],
    goto: Callable[[Any, str], Any],
    carried: Callable[..., None],
    axe: Callable[[Any], list[str]],
    sticks_out: Callable[..., list[str]],
) -> None:
    alike = "saraban.example.go.th.secure-check.example"
    page = open_page(PHONE, phone=True)
    carried(page, alike)
    goto(page, f"https://{alike}/v/{code(town, town.issued()).code}")
    warning = page.locator("[data-belongs]")

    assert warning.is_visible() and alike in warning.inner_text() and "อย่าเชื่อ" in warning.inner_text()
    assert warning.get_by_role("link").get_attribute("href") == f"{PUBLIC}/v"
    above, below = warning.bounding_box(), page.locator(".big-verdict").bounding_box()
    assert above is not None and below is not None and above["y"] < below["y"]
    assert [*axe(page), *sticks_out(page)] == []


def test_a_chosen_file_is_compared_on_a_phone_in_english_and_then_judged(
    town: Installation, site: str, open_page: Callable[..., Any], goto: Callable[[Any, str], Any], tmp_path: Path
) -> None:
    letter_id = town.issued()
    file = tmp_path / "letter.pdf"
    file.write_bytes(page_of(town, letter_id))
    page = open_page(PHONE, phone=True)
    goto(page, f"{site}/v/{code(town, letter_id).typed}?lang=en")
    page.set_input_files("#file-chosen", file)
    page.locator(".big-verdict--good h1", has_text="This file is the issued one").wait_for()
    page.get_by_role("button", name="Send the file").click()
    page.locator("section.verdict").wait_for()

    assert page.locator("section.verdict .verdict__part").count() == 6
    assert page.locator("h1").inner_text() == "This file is the issued one, to the byte" and "lang=en" in page.url


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

    assert page.locator("h1").inner_text() == "ไฟล์นี้ตรงกับฉบับที่ออกทุกไบต์"


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
    page.locator(".big-verdict--known").wait_for()

    assert page.url.endswith(f"/v/{made.typed}")
