"""A sheet of holders in a browser: its lines looked at, the run, and the page of a holder on a phone."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from tests.browser.conftest import DESK, PHONE, new_town, sign_in
from tests.web.installation import Installation
from tests.web.public_town import PUBLIC, scans
from tests.web.test_issued_runs import GOOD, begun, sheet, signed


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Installation]:
    """An installation that the public reaches."""
    made = new_town(tmp_path, public_url=PUBLIC)
    yield made
    scans(made)
    made.close()


def test_a_run_and_the_page_of_its_holder_fit_a_desk_and_a_phone_and_are_open_to_all(
    town: Installation,
    serve: Callable[[Flask], str],
    open_page: Callable[..., Any],
    goto: Callable[[Any, str], Any],
    axe: Callable[[Any], list[str]],
    sticks_out: Callable[..., list[str]],
    tmp_path: Path,
) -> None:
    clerk = town.client("reading-clerk")
    run = begun(town, clerk, *((f"นางสาวลำดับ ที่{nth}", *GOOD[1:]) for nth in range(1, 4)))
    before = re.findall(r"/issued/[0-9a-f]{8}-[0-9a-f-]{27}", clerk.get(run).text)[0]
    signed(town, run)
    link = re.findall(rf"{PUBLIC}(/d/[\w-]+)", clerk.send(f"{before}/links").text)[0]
    site, found = serve(town.app), list[str]()
    page = open_page(DESK)
    sign_in(page, site, "reading-clerk", "/issued/runs")
    for address in ("/issued/runs", run, f"{before}/links"):
        goto(page, f"{site}{address}")
        found += [f"{address}: {what}" for what in (*axe(page), *sticks_out(page))]
    new = re.findall(r"/issued/runs/new/[0-9a-f-]{36}", clerk.get("/issued/kinds").text)[0]
    file = tmp_path / "ผู้ผ่านการอบรม.xlsx"
    file.write_bytes(sheet(GOOD, ("", *GOOD[1:]))[0].read())
    goto(page, f"{site}{new}")
    found += [f"new: {what}" for what in (*axe(page), *sticks_out(page))]
    page.set_input_files("#file", file)
    page.get_by_role("button", name="ดูทุกแถวก่อน").click()
    page.get_by_text("๑ แถวต้องแก้").wait_for()
    found += [f"preview: {what}" for what in (*axe(page), *sticks_out(page))]
    holder = open_page(PHONE, phone=True)
    goto(holder, f"{site}{link}")
    with holder.expect_download() as fetched:
        holder.get_by_role("link", name="ดาวน์โหลดเอกสาร").click()
    assert Path(fetched.value.path()).read_bytes().startswith(b"%PDF-")
    found += [f"holder: {what}" for what in (*axe(holder), *sticks_out(holder))]

    assert found == []
