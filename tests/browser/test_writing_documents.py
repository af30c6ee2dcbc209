"""Documents of other forms in a real browser: an order and a memorandum from the choice of the kind to their number."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.web.installation import PASSPHRASE, Installation

Goto = Callable[[Any, str], Any]


def _submitted(page: Any) -> str:
    page.keyboard.press("Control+Enter")
    page.wait_for_url(lambda url: url.count("/") == 4 and "/new" not in url)
    return str(page.url.rsplit("/", 1)[-1])


def _signed(page: Any) -> None:
    page.tap('.actbar [commandfor="sign-dialog"]')
    page.fill("#passphrase", PASSPHRASE)
    page.tap('#sign-dialog [type="submit"]')
    page.get_by_text("ลงนามแล้ว ออกเลขที่").wait_for()


def test_an_order_is_chosen_written_endorsed_signed_and_numbered_in_its_book(
    town: Installation, site: str, signed_in: Callable[..., Any], goto: Goto
) -> None:
    town.open_books()
    clerk = signed_in("reading-clerk")
    clerk.keyboard.press("d")
    clerk.wait_for_url("**/letters/new")
    clerk.get_by_role("link", name="คำสั่ง แบบที่ ๔").click()
    clerk.wait_for_url("**/letters/new?form=order")
    clerk.wait_for_selector('html[data-editor="ready"]')
    assert clerk.locator("#addressed_to").count() == 0
    clerk.get_by_label("เรื่อง", exact=True).fill("แต่งตั้งคณะทำงานส่งเสริมการอ่าน")
    clerk.get_by_label("ให้ใช้ตั้งแต่วันที่").fill("๑ ธ.ค. ๒๕๖๙")
    clerk.fill("#body", "เพื่อส่งเสริมการอ่านให้แพร่หลาย จึงแต่งตั้งคณะทำงาน ดังนี้")
    clerk.wait_for_selector('#preview img[src^="data:image/png"]')
    order = _submitted(clerk)

    director = signed_in("reading-director", phone=True)
    goto(director, f"{site}/desk/{order}")
    director.tap('.actbar [commandfor="endorse-dialog"]')
    director.tap('#endorse-dialog [type="submit"]')
    director.wait_for_url(f"{site}/desk")
    head = signed_in("reading-head", phone=True)
    goto(head, f"{site}/desk/{order}")
    assert "๑ ธ.ค. ๒๕๖๙" in head.locator(".reader").inner_text()
    _signed(head)

    goto(clerk, f"{site}/letters/{order}")
    assert "ที่ ๑/๒๕๖๙" in clerk.locator(".head").inner_text()
    assert clerk.get_by_role("button", name="ส่งออก").count() == 0
    clerk.get_by_text("ลงนามและออกเลขแล้วถือว่าเสร็จ").wait_for()
    goto(clerk, f"{site}/registers/orders")
    clerk.get_by_text("แต่งตั้งคณะทำงานส่งเสริมการอ่าน").first.wait_for()


def test_a_letter_becomes_a_memorandum_to_an_own_officer_and_its_director_signs_it(
    town: Installation, site: str, signed_in: Callable[..., Any], goto: Goto
) -> None:
    clerk = signed_in("reading-clerk")
    goto(clerk, f"{site}/letters/new")
    clerk.keyboard.press("Enter")
    clerk.wait_for_url("**/letters/new?form=external")
    clerk.wait_for_selector('html[data-editor="ready"]')
    clerk.get_by_label("เรื่อง", exact=True).fill("รายงานผลการตรวจกล่อง")
    clerk.fill("#body", "จึงเรียนมาเพื่อโปรดทราบ")
    clerk.locator(".kindline > summary").click()
    clerk.get_by_label("เปลี่ยนเป็น").select_option("memorandum")
    clerk.get_by_role("button", name="เปลี่ยนแบบ").click()
    clerk.get_by_text("เปลี่ยนเป็นหนังสือภายในแล้ว").wait_for()
    assert clerk.input_value("[name=body]") == "จึงเรียนมาเพื่อโปรดทราบ"
    assert clerk.locator("#closing").count() == 0

    clerk.fill("#addressed_to", "อธิบดีกรมส่งเสริมการอ่าน")
    clerk.get_by_role("button", name="ใช้ตามนี้").click()
    assert clerk.input_value("#addressed_to") == "เรียน อธิบดีกรมส่งเสริมการอ่าน"
    clerk.locator("#proposal .proposal").wait_for(state="detached")
    memorandum = _submitted(clerk)

    director = signed_in("reading-director", phone=True)
    goto(director, f"{site}/desk/{memorandum}")
    _signed(director)
    goto(clerk, f"{site}/letters?tab=kept")
    clerk.get_by_role("link", name="รายงานผลการตรวจกล่อง").click()
    clerk.get_by_text("ใช้ภายในส่วนราชการ ลงนาม").wait_for()


def test_a_day_that_cannot_be_read_is_told_once(site: str, signed_in: Callable[..., Any], goto: Goto) -> None:
    clerk = signed_in("reading-clerk")
    goto(clerk, f"{site}/letters/new?form=external")
    clerk.fill("#response_due", "31/2")
    clerk.locator("#response_due + .day-said").wait_for()
    clerk.get_by_role("button", name="บันทึกร่าง").first.click()
    clerk.locator("#response_due-error", has_text="ไม่มีในปฏิทิน").wait_for()

    clerk.fill("#response_due", "วันไหนก็ได้")
    clerk.locator("#response_due-error", has_text="อ่านวันที่ไม่ออก").wait_for()
    assert clerk.locator("#response_due + .day-said").count() == 0
    clerk.fill("#response_due", "31/12")
    clerk.locator("#response_due + .day-said", has_text="๓๑ ธ.ค. ๒๕๖๙").wait_for()
    assert clerk.locator("#response_due-error").is_hidden()


def test_the_choice_and_the_fields_of_minutes_have_no_findings_and_nothing_sticks_out(
    town: Installation,
    site: str,
    signed_in: Callable[..., Any],
    goto: Goto,
    looked_at: Callable[[Any], list[str]],
) -> None:
    page = signed_in("reading-clerk")
    found = {}
    for place in ("/letters/new", "/letters/new?form=minutes", "/letters/new?form=external"):
        goto(page, f"{site}{place}")
        if place.endswith("external"):
            page.locator(".kindline > summary").click()
            page.fill("#addressed_to", "นายกรัฐมนตรี")
            page.locator(".proposal").wait_for()
        if faults := looked_at(page):
            found[place] = faults

    assert found == {}


def test_persons_of_a_meeting_are_typed_in_rows_and_kept_as_lines(
    signed_in: Callable[..., Any], axe: Callable[[Any], list[str]]
) -> None:
    clerk = signed_in("reading-clerk", "/letters/new?form=minutes")
    clerk.wait_for_selector('html[data-ready="yes"]')
    rows = clerk.get_by_role("group", name="ผู้มาประชุม", exact=True)
    rows.get_by_label("ผู้มาประชุม คนที่ ๑ ชื่อ").fill("นายกฤตยา ใจดี")
    rows.get_by_label("ผู้มาประชุม คนที่ ๑ ตำแหน่ง").fill("เลขานุการกรม")
    rows.get_by_label("ผู้มาประชุม คนที่ ๑ หน้าที่ในที่ประชุม").fill("ประธาน")
    clerk.keyboard.press("Enter")
    clerk.keyboard.type("นางสาวดวงใจ งามดี")
    rows.get_by_role("button", name="เลื่อน ผู้มาประชุม คนที่ ๒ ขึ้น").click()
    kept = clerk.locator('textarea[name="details.present"]')

    assert kept.input_value() == "นางสาวดวงใจ งามดี\nนายกฤตยา ใจดี | เลขานุการกรม | ประธาน"
    assert axe(clerk) == []
    rows.get_by_role("button", name="เอา ผู้มาประชุม คนที่ ๑ ออก").click()
    assert kept.input_value() == "นายกฤตยา ใจดี | เลขานุการกรม | ประธาน"
