"""Printing at the screen: no findings, nothing sticks out, and a register from the choice of a range to its file."""

from __future__ import annotations

from typing import Any

from saraban import jobs
from saraban.domain.classification import Urgency
from tests.browser.conftest import LONG
from tests.web.installation import Installation
from tests.web.test_printing import enter


def test_the_pages_of_printing_have_no_findings_and_nothing_sticks_out(
    town: Installation, site: str, signed_in: Any, looked_at: Any, goto: Any
) -> None:
    (long,) = enter(town, 1, subject=LONG * 2, addressee=LONG, sender=LONG, urgency=Urgency.MOST_URGENT)
    (other,) = enter(town)
    chosen = f"entry={long}&entry={other}"
    page = signed_in("reading-clerk")
    clerk = town.client("reading-clerk")
    errand = clerk.send("/registers/sending/print", {"year": "2569", "scope": "all"}).location
    jobs.do_errand(town.services)
    found: dict[str, list[str]] = {}
    ways = [
        "/registers/sending/print?subject=ประชุม",
        *(f"/printing/{paper}?{chosen}" for paper in ("receipts", "envelopes", "delivery")),
        "/printing/envelopes",
        "/printing/delivery",
        f"/printing/card?q={LONG[:12]}",
        "/errands",
        errand,
    ]
    for way in ways:
        goto(page, f"{site}{way}")
        if faults := looked_at(page):
            found[str(way)] = faults

    assert found == {}


def test_a_range_is_chosen_by_typing_and_the_page_follows_the_work(town: Installation, signed_in: Any) -> None:
    enter(town, 3)
    page = signed_in("reading-clerk", "/registers/sending/print")

    page.fill("#since", "๒")
    assert page.is_checked('[name="scope"][value="numbers"]')
    page.click("text=พิมพ์ตามแบบ")
    page.wait_for_selector("text=รอทำ")
    jobs.do_errand(town.services)

    with page.expect_download() as coming:
        page.click("text=ดาวน์โหลด ทะเบียน")
    assert coming.value.suggested_filename == "ทะเบียนหนังสือส่ง 2569.pdf"
