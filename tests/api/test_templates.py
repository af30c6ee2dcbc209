"""Templates as programs keep them, and letters that programs begin from them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.program import Programs

ORDER: dict[str, Any] = {
    "name": "คำสั่งแต่งตั้งคณะทำงาน",
    "about": "แต่งตั้งภายใน",
    "content": {
        "form": "order",
        "subject": "แต่งตั้ง{{ชื่อคณะทำงาน}}",
        "body": "จึงแต่งตั้ง{{ชื่อคณะทำงาน}} ภายใน{{วันที่รายงาน}} {{หมายเหตุ}}",
    },
    "fields": [{"name": "ชื่อคณะทำงาน"}, {"name": "หมายเหตุ", "kind": "text", "required": False}],
    "enclosures": ["รายชื่อ"],
}


def test_a_template_is_made_found_changed_and_switched_off(programs: Programs) -> None:
    clerk = programs["reading-clerk"]
    made = clerk.post("/templates", ORDER)
    template = made.get_json()["id"]
    changed = clerk.patch(f"/templates/{template}", {"edition": 1, "content": {"subject": "ใหม่ {{ก}}"}}).get_json()
    stale = clerk.patch(f"/templates/{template}", {"edition": 1, "about": "ช้า"})
    off = clerk.patch(f"/templates/{template}", {"active": False}).get_json()
    (line,) = clerk.get("/templates?q=คณะทำงาน").get_json()["items"]

    assert made.status_code == 201 and made.headers["Location"].endswith(f"/templates/{template}")
    assert [(f["name"], f["kind"], f["required"]) for f in made.get_json()["fields"]] == [
        ("ชื่อคณะทำงาน", "line", True),
        ("วันที่รายงาน", "day", True),
        ("หมายเหตุ", "text", False),
    ]
    assert (
        changed["edition"] == 2
        and changed["content"]["subject"] == "ใหม่ {{ก}}"
        and changed["content"]["form"] == "order"
    )
    assert [f["kind"] for f in changed["fields"] if f["name"] == "หมายเหตุ"] == ["text"]
    assert [one["number"] for one in changed["editions"]] == [2, 1] and changed["may_change"] is True
    assert stale.status_code == 409 and off["active"] is False and off["edition"] == 2
    assert line["id"] == template and line["active"] is False
    assert clerk.get("/templates?q=ไม่มี").get_json()["items"] == []


def test_a_letter_begins_from_a_template(programs: Programs) -> None:
    clerk = programs["reading-clerk"]
    template = clerk.post("/templates", ORDER).get_json()["id"]
    sent = {
        "template": template,
        "fields": {"ชื่อคณะทำงาน": "คณะทำงานแผน", "วันที่รายงาน": "2026-12-04"},
        "urgency": "urgent",
    }
    first = clerk.post("/letters", sent, key="one")
    again = clerk.post("/letters", sent, key="one")
    letter = clerk.get(f"/letters/{first.get_json()['id']}").get_json()

    assert first.status_code == 201 and again.get_json() == first.get_json()
    assert (letter["form"], letter["subject"], letter["urgency"]) == ("order", "แต่งตั้งคณะทำงานแผน", "urgent")
    assert letter["body"] == "จึงแต่งตั้งคณะทำงานแผน ภายใน4 ธันวาคม 2569"
    assert clerk.get("/templates").get_json()["items"][0]["uses"] == 1


@pytest.mark.only_database("sqlite")
def test_a_letter_with_an_open_field_is_not_submitted(programs: Programs) -> None:
    clerk = programs["reading-clerk"]
    template = clerk.post("/templates", ORDER).get_json()["id"]
    letter = clerk.post("/letters", {"template": template}).get_json()["id"]
    refused = clerk.post(f"/letters/{letter}/submit")

    assert refused.status_code == 422 and set(refused.get_json()["errors"]) == {"subject", "body"}
    assert "{{ชื่อคณะทำงาน}}" in refused.get_json()["errors"]["subject"]


@pytest.mark.only_database("sqlite")
def test_what_does_not_fit_is_a_problem_of_its_field(programs: Programs) -> None:
    clerk = programs["reading-clerk"]
    template = clerk.post("/templates", ORDER).get_json()["id"]
    told = {
        "value": clerk.post("/letters", {"template": template, "fields": {"วันที่รายงาน": "พรุ่งนี้"}}),
        "unknown": clerk.post("/letters", {"template": template, "fields": {"ไม่มี": "ก"}}),
        "alone": clerk.post("/letters", {"fields": {"ก": "ข"}}),
        "choice": clerk.post("/templates", ORDER | {"fields": [{"name": "หมายเหตุ", "kind": "choice"}]}),
        "kind": clerk.post("/templates", ORDER | {"fields": [{"name": "หมายเหตุ", "kind": "colour"}]}),
        "unit": clerk.post("/templates", ORDER | {"unit": "nowhere"}),
    }
    errors = {name: list(answer.get_json()["errors"]) for name, answer in told.items()}

    assert {answer.status_code for answer in told.values()} == {422}
    assert errors["value"] == ["fields.วันที่รายงาน"] and errors["unknown"] == ["fields.ไม่มี"]
    assert errors["alone"] == ["fields"] and errors["choice"] == ["fields.หมายเหตุ"] and errors["unit"] == ["unit"]
    assert errors["kind"][0].startswith("fields")


def test_who_may_not_keep_a_template_may_not_by_the_api_either(programs: Programs) -> None:
    template = programs["reading-admin"].post("/templates", ORDER).get_json()["id"]
    records, stranger = programs["reading-records"], programs["learning-clerk"]

    assert "ทำแบบของส่วนราชการได้เฉพาะ" in records.get(f"/templates/{template}").get_json()["may_change"]
    assert records.patch(f"/templates/{template}", {"about": "ก"}).status_code == 403
    assert records.post("/templates", ORDER).status_code == 403
    assert stranger.get(f"/templates/{template}").status_code == 404
    assert stranger.patch(f"/templates/{template}", {"about": "ก"}).status_code == 404
    assert stranger.post("/letters", {"template": template}).status_code == 404
