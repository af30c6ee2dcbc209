"""Lines and numbers in a browser: deeds by keyboard, errors that keep what was typed, long words, axe on each page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from saraban.domain.agency import AgencyOptions
from saraban.domain.register import BookKind, EntryState
from saraban.usecases import amending, bookkeeping
from tests.web.installation import Installation
from tests.web.test_entry_page import a_paper_letter, look, reserved

LONG = "สำนักงานคณะกรรมการส่งเสริมและประสานงานการพัฒนาระบบสารบรรณอิเล็กทรอนิกส์แห่งชาติ" * 3


def test_every_page_of_numbers_fits_with_long_words_and_axe_finds_nothing(
    town: Installation,
    site: str,
    signed_in: Callable[..., Any],
    goto: Callable[[Any, str], Any],
    looked_at: Callable[[Any], list[str]],
) -> None:
    now = town.clock.now()
    line = a_paper_letter(town, subject=LONG, sender=LONG, received_at=now - timedelta(days=4))
    clerk = town.actor("reading-clerk")
    amending.rectify_entry(
        town.services, actor=clerk, entry_id=line, changes={"subject": LONG[5:]}, reason=LONG, authority=LONG
    )
    struck = a_paper_letter(town, number="นศ 1")
    amending.void_number(town.services, actor=clerk, entry_id=struck, reason=LONG, authority=LONG)
    block = reserved(town, 40)
    admin = town.actor("reading-admin")
    bookkeeping.open_book(town.services, actor=admin, kind=BookKind.SENDING, unit_code="PLAN")
    bookkeeping.set_options(town.services, actor=admin, options=AgencyOptions(False, "12/2569"))
    places = [
        ("reading-clerk", f"/registers/entries/{line}"),
        ("reading-clerk", f"/registers/entries/{struck}"),
        ("reading-director", f"/registers/entries/{block[0]}"),
        ("reading-clerk", f"/registers/entries/{line}/rectify"),
        ("reading-clerk", f"/registers/entries/{block[0]}/bind?row=1"),
        ("reading-clerk", "/numbers"),
        ("reading-clerk", "/numbers/reserve"),
        ("reading-clerk", f"/numbers/blocks/{block[0]}"),
        ("reading-admin", "/admin/books"),
    ]
    pages: dict[str, Any] = {}

    found = {}
    for who, address in places:
        if who not in pages:
            pages[who] = signed_in(who)
        if faults := looked_at(goto(pages[who], f"{site}{address}")):
            found[address] = faults

    assert found == {}


def test_a_number_is_struck_by_keyboard_and_a_refused_dialog_keeps_what_was_typed(
    town: Installation, signed_in: Callable[..., Any], axe: Callable[[Any], list[str]]
) -> None:
    line = a_paper_letter(town)
    page = signed_in("reading-clerk", f"/registers/entries/{line}")

    page.get_by_role("button", name="ยกเลิกเลข ๑").press("Enter")
    page.fill("#reason", "ลงซ้ำ")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector("#void-dialog[open] .error")
    kept, faults = page.input_value("#reason"), axe(page)
    page.fill("#authority", "คำสั่งเลขานุการกรม")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=เลขนี้ยกเลิกแล้ว")

    assert (kept, faults) == ("ลงซ้ำ", [])
    assert look(town, line).state is EntryState.VOID


def test_a_block_is_bound_one_after_another_by_keyboard_alone(
    town: Installation, signed_in: Callable[..., Any]
) -> None:
    lines = reserved(town, 2)
    page = signed_in("reading-clerk", f"/numbers/blocks/{lines[0]}")

    page.keyboard.press("b")
    for number, subject in (("กค 0408/1", "แจ้งผลการตรวจสอบภายใน"), ("กค 0408/2", "ขอเชิญเข้ารับการอบรมประจำปี")):
        page.wait_for_selector("#number:focus")
        page.keyboard.type(number)
        page.fill("#sender", "กรมบัญชีกลาง")
        page.fill("#subject", subject)
        with page.expect_navigation():  # the page before may say already that the number before is bound
            page.keyboard.press("Control+Enter")
        page.wait_for_selector("text=กับหนังสือแล้ว")

    assert [look(town, one).number for one in lines] == ["กค 0408/1", "กค 0408/2"]


def test_a_picture_of_the_phone_is_attached_and_shown(
    town: Installation, signed_in: Callable[..., Any], tmp_path: Path
) -> None:
    line = a_paper_letter(town)
    page = signed_in("reading-clerk", f"/registers/entries/{line}", phone=True)
    picture = tmp_path / "scan.png"
    picture.write_bytes(page.screenshot())

    page.set_input_files('[name="camera"]', picture)
    shown = page.locator(".viewer__stage img").first
    shown.evaluate("async (image) => await image.decode()")

    assert shown.evaluate("(image) => image.naturalWidth") > 300
    assert [one.media_type for one in look(town, line).files] == ["image/png"]
