"""Looking a document up at the screen: asked on the form, answered by a clerk there, found with its seal."""

from __future__ import annotations

from typing import Any

from saraban.domain.issued_kind import LookupPolicy
from tests.browser.conftest import LONG
from tests.lookups import PDF
from tests.web.installation import Installation
from tests.web.test_lookups import licensed


def test_a_clerk_asks_another_answers_and_nothing_sticks_out(
    town: Installation, site: str, signed_in: Any, looked_at: Any, goto: Any
) -> None:
    licensed(town, LookupPolicy.ASK)
    page = signed_in("reading-clerk", "/lookups/new")
    found = {"form": looked_at(page)}
    page.get_by_role("combobox", name="หน่วยงานที่ออกเอกสาร").fill("ส่งเสริมการเรียนรู้")
    page.keyboard.press("Enter")
    page.fill("#document_kind", "license")
    page.fill("#number", "ทส ๑๐๐๙/๔๕")
    page.check("input[name=want][value=file]")
    page.fill("#purpose", LONG)
    page.fill("#legal_basis", LONG)
    assert page.locator("input[type=file]").count() == 0
    page.click("text=ส่งคำขอ")
    page.wait_for_selector("#lookup")
    address = page.url
    found["asked"] = looked_at(page)
    town.carry()

    issuer = signed_in("learning-clerk", "/lookups?side=theirs")
    found["theirs"] = looked_at(issuer)
    issuer.click("td.c-subject a")
    issuer.wait_for_selector("text=ตอบผู้ขอ")
    found["to answer"] = looked_at(issuer)
    issuer.check("input[name=gives][value=file]")
    issuer.click("text=ตอบผู้ขอ")
    issuer.wait_for_selector("text=ตอบแล้ว")
    town.carry()

    goto(page, address)
    page.wait_for_selector("text=ตรวจผ่านครบ")
    found["answered"] = looked_at(page)
    with page.expect_download() as download:
        page.click("text=เปิดไฟล์เอกสาร")
    assert download.value.path().read_bytes() == PDF
    goto(page, f"{site}/lookups")
    found["ours"] = looked_at(page)
    auditor = signed_in("reading-records", "/lookups/log")
    found["log"] = looked_at(auditor)
    assert {name: faults for name, faults in found.items() if faults} == {}
