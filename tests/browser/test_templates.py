"""A template in a real browser: made from a draft, begun from, its open field found and filled in; the pages hold what
accessibility asks for, also on a phone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from saraban.domain.classification import Form
from saraban.domain.content import Content
from saraban.domain.templates import TemplateText
from saraban.usecases.keeping_templates import make_template
from tests.web.installation import Installation

Goto = Callable[[Any, str], Any]


def test_a_template_is_made_and_a_letter_begun_from_it_is_filled_in_and_submitted(
    town: Installation, site: str, signed_in: Callable[..., Any], goto: Goto
) -> None:
    town.open_books()
    clerk = signed_in("reading-clerk")
    goto(clerk, f"{site}/templates/new?form=order")
    clerk.wait_for_selector('html[data-editor="ready"]')
    clerk.get_by_label("ชื่อแบบ", exact=True).fill("คำสั่งย้าย")
    clerk.get_by_label("เรื่อง", exact=True).fill("ย้าย{{ชื่อ}}")
    clerk.fill("#body", "ให้ {{ชื่อ}} ไปปฏิบัติงานที่ {{หน่วยงานใหม่}}")
    clerk.locator('#field-rows [name="field_name"]').nth(1).wait_for(state="attached")
    assert clerk.locator("#field-rows .blank").all_inner_texts() == ["ชื่อ", "หน่วยงานใหม่"]
    clerk.get_by_label("เติมด้วย").nth(1).select_option("choice")
    clerk.get_by_label("ตัวเลือก").nth(1).fill("กองแผน | กองคลัง")
    clerk.wait_for_selector('#preview img[src^="data:image/png"]')
    clerk.keyboard.press("Control+Enter")
    clerk.get_by_text("บันทึกแบบแล้ว").wait_for()

    goto(clerk, f"{site}/letters/new")
    clerk.locator(".tcard__name").get_by_text("คำสั่งย้าย").click()
    clerk.get_by_label("หน่วยงานใหม่").select_option("กองคลัง")
    clerk.get_by_role("button", name="เริ่มร่าง").click()
    clerk.wait_for_selector('html[data-editor="ready"]')
    assert clerk.get_by_label("เรื่อง", exact=True).input_value() == "ย้าย{{ชื่อ}}"
    assert clerk.locator("[data-blanks-names] button").all_inner_texts() == ["ชื่อ"]
    for _ in range(60):  # they are marked again a moment after the editor is there
        if marked := clerk.evaluate("[...CSS.highlights.get('blanks')].map(String)"):
            break
        clerk.wait_for_timeout(50)
    assert marked == ["{{ชื่อ}}"]

    clerk.keyboard.press("Control+Enter")
    clerk.get_by_text("ยังเสนอไม่ได้").wait_for()
    assert "ยังไม่ได้เติม {{ชื่อ}}" in clerk.locator(".errors").inner_text()
    clerk.wait_for_selector('html[data-editor="ready"]')
    clerk.locator("[data-blanks-names] button").click()
    assert clerk.evaluate("document.activeElement.id") == "subject"
    clerk.keyboard.type("นาย ก")
    clerk.fill("#body", "ให้ นาย ก ไปปฏิบัติงานที่ กองคลัง")
    clerk.locator("[data-blanks]").wait_for(state="hidden")
    clerk.keyboard.press("Control+Enter")
    clerk.wait_for_url(lambda url: url.count("/") == 4 and "/new" not in url)


def test_the_pages_of_templates_fit_the_phone_and_everybody(
    town: Installation,
    site: str,
    signed_in: Callable[..., Any],
    goto: Goto,
    axe: Callable[[Any], list[str]],
    sticks_out: Callable[..., list[str]],
) -> None:
    content = Content(form=Form.ORDER, subject="ย้าย{{ชื่อ}}", body="ให้ {{ชื่อ}} ไปที่ {{หน่วยงานใหม่}}")
    text = TemplateText("คำสั่งย้าย", content, "โยกย้ายภายใน", enclosures=("บัญชีรายชื่อ",)).with_fields({})
    template = make_template(town.services, actor=town.actor("reading-admin"), text=text)
    clerk, admin = signed_in("reading-clerk"), signed_in("reading-admin")

    told = {}
    for page, addresses in (
        (clerk, ("/letters/new", "/templates", f"/templates/{template}/start", f"/templates/{template}")),
        (admin, ("/admin", "/admin/address", "/admin/options/digits", "/admin/options/salutations")),
    ):
        for address in addresses:
            goto(page, site + address)
            told[address] = [*axe(page), *sticks_out(page)]

    assert {address: faults for address, faults in told.items() if faults} == {}
