"""Printing at the screen: no findings, nothing sticks out, and a register from the choice of a range to its file."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from saraban import jobs
from saraban.domain.classification import Urgency
from saraban.storage.migration import upgrade
from tests.browser.conftest import DESK, PHONE
from tests.browser.test_receiving_and_tracking import LONG, sign_in
from tests.fakes import FixedClock
from tests.web.installation import Installation, build_installation
from tests.web.test_printing import enter


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Installation]:
    """Two agencies on SQLite; a sending book with ordinary letters and one with long words."""
    url = f"sqlite:///{tmp_path / 'saraban.db'}"
    upgrade(url)
    made = build_installation(tmp_path, url, FixedClock(datetime(2026, 11, 23, 2, 30, tzinfo=UTC)))
    yield made
    made.office.close()


@pytest.mark.parametrize("phone", [False, True], ids=["desk", "phone"])
def test_the_pages_of_printing_have_no_findings_and_nothing_sticks_out(
    town: Installation, serve: Any, open_page: Any, axe: Any, sticks_out: Any, goto: Any, phone: bool
) -> None:
    (long,) = enter(town, 1, subject=LONG * 2, addressee=LONG, sender=LONG, urgency=Urgency.MOST_URGENT)
    (other,) = enter(town)
    chosen = f"entry={long}&entry={other}"
    page = open_page(PHONE if phone else DESK, phone=phone)
    base = serve(town.app)
    sign_in(page, base, "reading-clerk")
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
        goto(page, f"{base}{way}")
        if faults := [*axe(page), *sticks_out(page, (390, 360) if phone else (1366,))]:
            found[str(way)] = faults
        page.set_viewport_size(PHONE if phone else DESK)

    assert found == {}


def test_a_range_is_chosen_by_typing_and_the_page_follows_the_work(
    town: Installation, serve: Any, page_desk: Any, goto: Any
) -> None:
    enter(town, 3)
    base = serve(town.app)
    sign_in(page_desk, base, "reading-clerk")
    goto(page_desk, f"{base}/registers/sending/print")

    page_desk.fill("#since", "๒")
    assert page_desk.is_checked('[name="scope"][value="numbers"]')
    page_desk.click("text=พิมพ์ตามแบบ")
    page_desk.wait_for_selector("text=รอทำ")
    jobs.do_errand(town.services)

    with page_desk.expect_download() as coming:
        page_desk.click("text=ดาวน์โหลด ทะเบียน")
    assert coming.value.suggested_filename == "ทะเบียนหนังสือส่ง 2569.pdf"
