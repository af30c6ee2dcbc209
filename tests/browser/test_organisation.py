"""The pages of the organisation in a real browser: nothing found by axe, nothing sticks out, deeds work by keyboard."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.browser.conftest import sign_in
from tests.web.installation import READING, Installation

pytestmark = [pytest.mark.serial, pytest.mark.only_database("sqlite")]


def test_the_pages_have_no_findings_and_a_unit_is_renamed_by_keyboard(
    town: Installation, serve: Any, page_desk: Any, axe: Any, looked_at: Any, goto: Any
) -> None:
    base, page = serve(town.app), page_desk
    sign_in(page, base, "reading-admin")
    with town.services.uow() as uow:
        unit = uow.agencies.unit_by_code(town.agencies[READING], "PLAN")
    actor = town.actor("reading-clerk")
    assert unit is not None
    here = f"/admin/organisation/units/{unit.id}"
    ways = ("", "/people", "/import", f"/people/{actor.person_id}", f"/positions/{actor.position_id}")
    found: dict[str, list[str]] = {}
    for way in ("/password", *(f"/admin/organisation{way}" for way in ways), here):
        goto(page, base + way)
        if faults := looked_at(page):
            found[way] = faults
    assert found == {}

    page.get_by_role("button", name="เปลี่ยนชื่อ", exact=True).first.focus()
    page.keyboard.press("Enter")
    page.get_by_label("ชื่อใหม่").fill("สำนักแผนและงบประมาณ")
    assert axe(page) == []
    page.keyboard.press("Enter")  # without an order: refused, and what was typed stands there still
    page.get_by_role("alert").wait_for()
    assert page.get_by_label("ชื่อใหม่").input_value() == "สำนักแผนและงบประมาณ"
    page.get_by_label("คำสั่งหรือกฎที่อ้างถึง").first.fill("คำสั่งที่ ๙/๒๕๖๙")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="สำนักแผนและงบประมาณ", level=1).wait_for()
    with town.services.uow() as uow:
        course = uow.agencies.unit_courses(town.agencies[READING])[unit.id]
    assert [one.since == date.min for one in course] == [True, False]
