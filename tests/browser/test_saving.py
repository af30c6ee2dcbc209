"""Nothing that is typed into a letter is lost: without a first saving, without a connection, without a session, between
two windows, and on the way back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from saraban.domain.letter import LetterId
from saraban.domain.numbering import thai_digits
from tests.browser.conftest import sign_in
from tests.web.installation import Installation
from tests.web.test_letters import letter_of

Goto = Callable[[Any, str], Any]
SAVED = "บันทึกแล้ว เมื่อ"


def status(page: Any, words: str) -> Any:
    """Wait until the line beside the title says these words."""
    line = page.locator("[data-autosave-status]", has_text=words)
    line.wait_for()
    return line


def test_a_new_letter_is_saved_by_itself_and_what_cannot_be_saved_is_offered_again(
    town: Installation, site: str, signed_in: Callable[..., Any], goto: Goto
) -> None:
    clerk = signed_in("reading-clerk", "/letters/new?form=external")
    clerk.wait_for_selector('html[data-editor="ready"]')
    clerk.fill("#subject", "ขอเชิญประชุม")
    clerk.fill("#body", "ด้วยกรมจะจัดประชุม")
    clerk.wait_for_url("**/edit")
    letter = LetterId(UUID(clerk.url.split("/")[-2]))
    assert status(clerk, SAVED)
    assert clerk.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('letter:'))") == []

    clerk.context.set_offline(True)
    clerk.fill("#subject", "ขอเชิญประชุมใหญ่")
    status(clerk, "ยังไม่ได้บันทึก (ออฟไลน์) ข้อความเก็บไว้ในเครื่องนี้แล้ว")
    clerk.context.set_offline(False)
    status(clerk, SAVED)
    assert letter_of(town, letter).content.subject == "ขอเชิญประชุมใหญ่"

    clerk.context.clear_cookies()
    clerk.fill("#subject", "พิมพ์เมื่อหมดเวลา")
    status(clerk, "หมดเวลาเข้าสู่ระบบ ข้อความเก็บไว้ในเครื่องนี้แล้ว")
    other = clerk.context.new_page()
    sign_in(other, site, "reading-clerk", "/letters")
    other.close()
    clerk.evaluate("dispatchEvent(new Event('focus'))")
    status(clerk, SAVED)
    assert letter_of(town, letter).content.subject == "พิมพ์เมื่อหมดเวลา"

    clerk.context.set_offline(True)
    clerk.fill("#subject", "พิมพ์แล้วปิดหน้า")
    status(clerk, "(ออฟไลน์) ข้อความเก็บไว้ในเครื่องนี้แล้ว")
    assert "พิมพ์แล้วปิดหน้า" in clerk.evaluate("JSON.stringify(localStorage)")
    later = clerk.context.new_page()
    clerk.close()
    later.context.set_offline(False)
    goto(later, f"{site}/letters/{letter}/edit")
    told = later.evaluate("JSON.parse(Object.entries(localStorage).find(([key]) => key.startsWith('letter:'))[1]).at")
    at = datetime.fromtimestamp(told / 1000, ZoneInfo("Asia/Bangkok"))
    assert thai_digits(f"ค้างไว้เมื่อ {at:%H.%M} น.") in later.locator(".flash--act").inner_text()
    later.get_by_role("button", name="ใส่กลับ").click()
    assert later.input_value("#subject") == "พิมพ์แล้วปิดหน้า"
    status(later, SAVED)


def test_what_is_classified_is_not_kept_in_the_browser(
    town: Installation, site: str, signed_in: Callable[..., Any], goto: Goto
) -> None:
    clerk = signed_in("reading-clerk", "/letters/new?form=external")
    clerk.context.set_offline(True)
    clerk.select_option("#secrecy", "secret")
    clerk.fill("#subject", "เรื่องลับ")

    status(clerk, "ข้อความยังอยู่ในหน้านี้ อย่าปิดหน้า")

    assert "ลับ" not in clerk.evaluate("JSON.stringify(localStorage)")


def test_two_windows_on_one_draft_show_both_texts_and_lose_none(
    town: Installation, site: str, signed_in: Callable[..., Any], goto: Goto, axe: Callable[[Any], list[str]]
) -> None:
    letter = town.draft(body="ข้อความ เดิม")
    first = signed_in("reading-clerk", f"/letters/{letter}/edit")
    second = first.context.new_page()
    goto(second, f"{site}/letters/{letter}/edit")
    for window in (first, second):
        window.wait_for_selector('html[data-editor="ready"]')
    second.fill("#body", "ข้อความ จากอีกหน้า")
    status(second, SAVED)
    first.fill("#body", "ข้อความ ของหน้านี้")
    status(first, "มีผู้บันทึกร่างนี้จากหน้าจออื่น")
    panel = first.locator("[data-clash]")
    assert "อีก" in panel.locator("del").last.inner_text()
    assert axe(first) == []

    panel.get_by_role("button", name="ใช้ข้อความของท่าน").click()
    first.get_by_text("บันทึกร่างแล้ว").wait_for()

    assert letter_of(town, letter).content.body == "ข้อความ ของหน้านี้"
    goto(first, f"{site}/letters/{letter}/versions")
    assert first.locator(".version").count() == 3
    assert axe(first) == []


def test_going_back_to_a_refusal_that_was_mended_finds_a_page(
    town: Installation, site: str, signed_in: Callable[..., Any], goto: Goto
) -> None:
    letter = town.draft()
    clerk = signed_in("reading-clerk", f"/letters/{letter}/edit")
    clerk.fill("#response_due", "๓๑ พ.ย.")
    clerk.get_by_role("button", name="บันทึกร่าง").first.click()
    clerk.get_by_role("alert").get_by_text("๑ ช่องต้องแก้").wait_for()
    clerk.fill("#response_due", "๒๐ ธ.ค.")
    clerk.get_by_role("button", name="บันทึกร่าง").first.click()
    clerk.get_by_text("บันทึกร่างแล้ว").wait_for()

    clerk.go_back()

    clerk.wait_for_selector("html[data-ready]", state="attached")
    assert clerk.input_value("#response_due") and "ERR_" not in clerk.content()
    clerk.reload()
    assert clerk.input_value("#response_due")


def test_a_letter_is_written_and_submitted_by_keyboard_alone(
    town: Installation, site: str, signed_in: Callable[..., Any], goto: Goto
) -> None:
    clerk = signed_in("reading-clerk")
    keys = clerk.keyboard

    def tab_to(selector: str) -> None:
        for _ in range(40):
            keys.press("Tab")
            if clerk.evaluate("(one) => document.activeElement.matches(one)", selector):
                return
        raise AssertionError(f"Tab does not come to {selector}")

    keys.press("d")
    clerk.wait_for_url("**/letters/new")
    clerk.wait_for_selector("html[data-ready]", state="attached")
    keys.press("Enter")
    clerk.wait_for_selector('html[data-editor="ready"]')
    tab_to("[role=combobox]")
    keys.type("เรียนรู้")
    keys.press("Enter")
    tab_to("#addressed_to")
    keys.type("เรียน เลขาธิการ")
    tab_to("#subject")
    keys.type("ขอเชิญประชุม")
    tab_to("[role=textbox]#body")
    keys.type("ด้วยกรมจะจัดประชุม")
    keys.press("Control+Enter")

    clerk.get_by_text("เสนอแล้ว ขณะนี้รอ").wait_for()
    assert letter_of(town, LetterId(UUID(clerk.url.split("/")[-1]))).content.body == "ด้วยกรมจะจัดประชุม"
