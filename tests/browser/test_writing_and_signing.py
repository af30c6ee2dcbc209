"""The course of a letter in a real browser: written with its page beside it, endorsed and signed on a phone, sent."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from saraban.domain.classification import Urgency
from tests.web.installation import PASSPHRASE, Installation

Goto = Callable[[Any, str], Any]
LONG = "การสำรวจความพร้อมในการรับส่งหนังสือทางไปรษณีย์อิเล็กทรอนิกส์กลางและการเชื่อมโยงข้อมูลระหว่างส่วนราชการ"


def test_a_letter_goes_from_the_first_word_to_the_post(
    town: Installation, site: str, signed_in: Callable[..., Any], goto: Goto
) -> None:
    clerk = signed_in("reading-clerk")
    clerk.keyboard.press("d")
    clerk.wait_for_url("**/letters/new")
    clerk.get_by_role("link", name="หนังสือภายนอก").click()
    clerk.wait_for_selector('html[data-editor="ready"]')
    clerk.get_by_label("ส่งถึงส่วนราชการ").first.fill("เรียนรู้")
    clerk.keyboard.press("Enter")
    clerk.fill("#addressed_to", "เรียน เลขาธิการ")
    clerk.fill("#subject", "ขอเชิญประชุม")
    clerk.fill("#body", "ด้วยกรมจะจัดประชุม\n\nจึงเรียนมาเพื่อโปรดพิจารณา")
    clerk.wait_for_selector('#preview img[src^="data:image/png"]')
    clerk.keyboard.press("Control+Enter")
    clerk.wait_for_url(lambda url: url.count("/") == 4 and "/new" not in url)
    letter = clerk.url.rsplit("/", 1)[-1]

    director = signed_in("reading-director", phone=True)
    goto(director, f"{site}/desk")
    director.tap(".pile__item >> nth=0")
    director.wait_for_url(f"**/desk/{letter}")
    director.tap('.actbar [commandfor="endorse-dialog"]')
    director.get_by_role("button", name="เห็นควรลงนาม").tap()
    assert director.input_value("#note") == "เห็นควรลงนาม"
    director.tap('#endorse-dialog [type="submit"]')
    director.wait_for_url(f"{site}/desk")

    head = signed_in("reading-head", phone=True)
    goto(head, f"{site}/desk/{letter}")
    head.tap('.actbar [commandfor="sign-dialog"]')
    head.fill("#passphrase", "ผิด")
    head.tap('#sign-dialog [type="submit"]')
    head.get_by_text("รหัสผ่านของกุญแจลงนามไม่ถูกต้อง").wait_for()
    head.fill("#passphrase", PASSPHRASE)
    head.tap('#sign-dialog [type="submit"]')
    head.get_by_text("ลงนามแล้ว ออกเลขที่").wait_for()

    goto(clerk, f"{site}/letters/{letter}")
    clerk.get_by_role("button", name="ส่งออก").click()
    clerk.get_by_text("เข้ากล่องออกแล้ว ๑ ซอง").wait_for()
    town.carry()
    assert town.delivered >= 2  # the letter, and the receipt that came back


def test_words_are_saved_while_they_are_typed_and_survive_a_reload(
    town: Installation, site: str, signed_in: Callable[..., Any], goto: Goto
) -> None:
    letter_id = town.draft()
    clerk = signed_in("reading-clerk")
    goto(clerk, f"{site}/letters/{letter_id}/edit")
    clerk.fill("#subject", "เรื่องที่พิมพ์ใหม่")
    clerk.locator("[data-autosave-status]", has_text="ยังไม่ได้บันทึก").wait_for()
    clerk.locator("[data-autosave-status]", has_text="บันทึกแล้ว เมื่อ").wait_for()
    goto(clerk, f"{site}/letters/{letter_id}/edit")
    assert clerk.input_value("#subject") == "เรื่องที่พิมพ์ใหม่"


def test_the_page_stays_in_its_window_when_a_file_was_attached(
    town: Installation, site: str, signed_in: Callable[..., Any], goto: Goto, sticks_out: Callable[..., list[str]]
) -> None:
    clerk = signed_in("reading-clerk")
    goto(clerk, f"{site}/letters/{town.draft()}/edit")
    clerk.set_input_files("#file", {"name": "แผนที่.txt", "mimeType": "text/plain", "buffer": b"a map"})
    clerk.get_by_role("button", name="แนบไฟล์ที่เลือก").click()
    clerk.get_by_role("link", name="แผนที่.txt").wait_for()
    clerk.wait_for_selector("html[data-ready]", state="attached")

    assert clerk.evaluate("[scrollY, document.querySelector('main').scrollTop]") == [0, 0]
    assert sticks_out(clerk, (1366,)) == []


def test_screens_have_no_findings_and_nothing_sticks_out(
    town: Installation,
    site: str,
    signed_in: Callable[..., Any],
    goto: Goto,
    looked_at: Callable[[Any], list[str]],
) -> None:
    draft, sent = town.draft(subject=LONG, urgency=Urgency.MOST_URGENT), town.dispatched(subject=LONG)
    waiting = town.endorsed(subject=LONG)
    addresses = {
        "reading-clerk": ["/letters", f"/letters/{draft}/edit", f"/letters/{sent}", "/nowhere"],
        "reading-head": ["/desk", f"/desk/{waiting}", f"/letters/{waiting}"],
    }
    found = {}
    for who, places in addresses.items():
        page = signed_in(who)
        for place in places:
            goto(page, f"{site}{place}")
            if faults := looked_at(page):
                found[place] = faults

    assert found == {}
