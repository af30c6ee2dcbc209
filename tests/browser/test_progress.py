"""The report to the OPDC is drawn from its tables, on a desk and on a phone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from saraban.usecases.deferring import enter
from tests.browser.conftest import PHONE
from tests.builders import a_service
from tests.web.installation import Installation


def test_the_report_is_drawn_from_its_tables(
    town: Installation,
    signed_in: Callable[..., Any],
    axe: Callable[[Any], list[str]],
    sticks_out: Callable[..., list[str]],
) -> None:
    town.dispatched()
    enter(town.services, actor=town.actor("reading-admin"), matter=a_service())
    for phone in (True, False):
        records = signed_in("reading-records", "/report", phone=phone)
        records.wait_for_selector("html[data-drawn]", state="attached")
        assert records.locator("[data-chart]:has(canvas)").count() == 3
        assert axe(records) == [] and sticks_out(records) == []
        named = records.locator("#report-saved tbody th").evaluate_all("all => all.map((one) => one.offsetWidth)")
        assert min(named) > 170, "what is counted is read in a line or two"
    records.locator("summary", has_text="ตัวเลขเป็นตาราง").first.click()
    assert records.locator("#report-ways-sent tbody tr").count() == 12
    records.get_by_role("link", name="เปิดทะเบียน").click()
    records.get_by_role("heading", name="งานบริการที่ยังไม่พร้อม", exact=True).wait_for()
    records.set_viewport_size(PHONE)
    assert records.locator("tbody th").evaluate_all("all => Math.min(...all.map((one) => one.offsetWidth))") > 170
