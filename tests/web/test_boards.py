"""Boards on the screens and for programs: numbers lead to letters, rights are told in words."""

from __future__ import annotations

import html
import re

import pytest

from tests.api.program import Programs
from tests.web.installation import Installation


@pytest.mark.only_database("sqlite")
def test_a_number_leads_to_its_letters_on_the_screen_and_for_programs(town: Installation) -> None:
    letter = str(town.submitted(subject="ขอเชิญประชุมคณะกรรมการ"))
    town.endorsed(subject="เสนออธิบดี")
    director, records, clerk = (town.client(f"reading-{who}") for who in ("director", "records", "clerk"))

    unit = director.get("/boards?scope=unit")
    address = re.search(r'href="(/boards/letters[^"]*kind=endorse[^"]*)"', html.unescape(unit.text))
    assert unit.status_code == 200 and address is not None
    assert "ขอเชิญประชุมคณะกรรมการ" in director.get(address.group(1)).text
    whole = records.get("/boards").text
    hidden = records.get("/boards/letters?scope=agency&what=waiting").text
    assert "ทั้งส่วนราชการ" in whole and "ท่านไม่มีสิทธิอ่าน" in hidden and "ขอเชิญประชุม" not in hidden
    assert "งานตามหนังสือรับ" in whole and "งานที่เกินกำหนด" in director.get("/boards/letters?what=tasks-late").text
    refused = clerk.get("/boards?scope=agency")
    assert refused.status_code == 403 and "หัวหน้าส่วนราชการ" in refused.text
    for wrong in ("scope=all", "weeks=5", "unit=x&scope=unit"):
        assert clerk.get(f"/boards?{wrong}").status_code == 404

    program = Programs(town)["reading-head"]
    shown = program.get("/boards?scope=agency&weeks=4").get_json()
    listed = program.get("/boards/letters?scope=agency&what=waiting").get_json()
    assert {row["code"]: row["count"] for row in shown["waiting"] if row["count"]} == {"endorse": 1, "sign": 1}
    assert len(shown["weeks"]) == 4 and listed["total"] == 2
    assert letter in [row["id"] for row in listed["items"]] or listed["hidden"] == 1
    assert [row["purpose"] for row in shown["tasks"]] == ["action", "opinion", "information"]
    assert program.get("/boards/letters?scope=agency&what=tasks&kind=action").get_json()["total"] == 0
    assert program.get("/boards?weeks=5").status_code == 422
    assert program.get("/boards/letters?what=flow&kind=sold").status_code == 422
