"""Routes at the screen: no findings, nothing sticks out, and the picture follows the rows as they are chosen."""

from __future__ import annotations

from typing import Any

import pytest

from saraban.domain.classification import Form
from saraban.domain.route import Holder, StepKind, TemplateStep
from saraban.usecases import coursing
from tests.browser.conftest import LONG
from tests.web.installation import Installation


@pytest.fixture
def town(town: Installation) -> Installation:
    """Two are asked at the same time, one of whom is against, and the admin is told."""
    records, admin = (town.actor(f"reading-{name}") for name in ("records", "admin"))
    steps = [
        TemplateStep(1, StepKind.OPINION, Holder.UNIT_DIRECTOR, 1, 1, edits=True),
        TemplateStep(2, StepKind.OPINION, Holder.POSITION, 1, 1, records.position_id),
        TemplateStep(3, StepKind.INFORM, Holder.POSITION, 1, 0, admin.position_id),
        TemplateStep(4, StepKind.SIGN, Holder.AGENCY_HEAD, 2),
    ]
    coursing.set_template(town.services, actor=admin, form=Form.EXTERNAL, steps=steps)
    return town


def test_the_pages_of_routes_have_no_findings_and_nothing_sticks_out(
    town: Installation, site: str, signed_in: Any, looked_at: Any, goto: Any
) -> None:
    letter = town.submitted(subject=LONG[:150])
    found: dict[str, list[str]] = {}
    ways = {
        "reading-admin": ["/admin/routes", "/admin/routes/external", f"/letters/{letter}", "/letters?tab=note"],
        "reading-director": [f"/desk/{letter}", f"/letters/{letter}/course", f"/letters/{letter}/amend"],
    }
    for who, addresses in ways.items():
        page = signed_in(who)
        for way in addresses:
            goto(page, f"{site}{way}")
            if faults := looked_at(page):
                found[way] = faults

    assert found == {}


def test_the_picture_follows_the_rows_and_the_route_is_kept_with_the_keyboard_alone(
    town: Installation, site: str, signed_in: Any, goto: Any
) -> None:
    page = signed_in("reading-admin")
    goto(page, f"{site}/admin/routes/external")
    whose, rows = page.locator("label[for=of-unit]").bounding_box(), page.locator("#route-form").bounding_box()
    assert whose["height"] < 40 and whose["y"] + whose["height"] + 12 <= rows["y"]
    for label, downs in (("ผู้ทำ ลำดับที่ ๒", 2), ("ทำเมื่อใด ลำดับที่ ๒", 0)):  # with keys alone
        page.get_by_label(label).focus()
        for key in ("Home", *["ArrowDown"] * downs):
            page.keyboard.press(key)
    page.wait_for_selector(f".route >> text={town.actor('reading-head').name}")
    page.get_by_role("button", name="บันทึกเส้นทาง").press("Enter")
    page.wait_for_selector("text=บันทึกเส้นทางแล้ว")
    steps = coursing.open_template(town.services, actor=town.actor("reading-admin"), form=Form.EXTERNAL).steps

    assert [(s.stage, s.holder) for s in steps[:2]] == [(1, Holder.UNIT_DIRECTOR), (2, Holder.PARENT_DIRECTOR)]
