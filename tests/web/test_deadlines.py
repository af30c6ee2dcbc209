"""Deadlines on the screens: a mark wherever something waits that presses, and the agency's days on a page."""

from __future__ import annotations

from datetime import timedelta

import pytest

from saraban.domain.classification import Urgency
from tests.web.installation import Installation


def main_of(page: str) -> str:
    """What a page shows beside its frame."""
    return page.split("<main", 1)[1]


def test_what_presses_is_marked_wherever_it_waits(town: Installation) -> None:
    director = town.client("reading-director")
    letter_id = town.submitted(subject="ขอข้อมูล", urgency=Urgency.VERY_URGENT)
    pages = ("/desk", f"/desk/{letter_id}", "/", f"/letters/{letter_id}")
    near = [main_of(director.get(page).text) for page in pages]
    town.clock.pass_by(timedelta(days=9))
    late = [main_of(director.get(page).text) for page in pages]

    assert all("ครบกำหนด" in page and "เกินกำหนด" not in page for page in near)
    assert all("เกินกำหนด ๖ วัน" in page for page in late)


@pytest.mark.only_database("sqlite")
def test_a_comfortable_deadline_stands_on_the_letter_alone(town: Installation) -> None:
    director = town.client("reading-director")
    letter_id = town.submitted(urgency=Urgency.NORMAL)

    assert "ครบกำหนด" in main_of(director.get(f"/letters/{letter_id}").text)
    assert "ครบกำหนด" not in main_of(director.get("/").text)


@pytest.mark.only_database("sqlite")
def test_the_days_of_the_speed_classes_are_the_agencys_decision(town: Installation) -> None:
    admin = town.client("reading-admin")
    letter_id = town.submitted(urgency=Urgency.NORMAL)
    days = dict.fromkeys(("due_most_urgent", "due_very_urgent", "due_urgent", "near_days"), "๐")
    wrong = admin.send("/admin/options/deadlines", {**days, "due_normal": "สามวัน", "escalate_days": "๐"})
    none = admin.send("/admin/options/deadlines", {**days, "due_normal": "๐", "escalate_days": "๐"})
    right = admin.send("/admin/options/deadlines", {**days, "due_normal": "๐", "escalate_days": "๓"})

    assert wrong.status_code == 422 and "ใส่จำนวนวันทำการเป็นตัวเลข" in wrong.text and "สามวัน" in wrong.text
    assert none.status_code == 422 and "ตั้งแต่ ๑ วันทำการ" in none.text
    assert right.status_code == 302 and 'value="๓"' in admin.get("/admin/options/deadlines").text
    assert "ครบกำหนดวันนี้" in town.client("reading-director").get(f"/letters/{letter_id}").text
