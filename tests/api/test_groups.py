"""Groups of receivers by API."""

from __future__ import annotations

from typing import Any


def test_a_program_keeps_a_group_and_names_it_in_a_draft(programs: Any) -> None:
    clerk = programs["reading-clerk"]
    sent = {"name": "พวกเรา", "members": ["group", "จังหวัดนครศรีธรรมราช"]}
    made = clerk.post("/groups", sent, key="group-1")
    again = clerk.post("/groups", sent, key="group-1")

    assert made.status_code == 201
    group = made.get_json()
    assert again.get_json()["id"] == group["id"]
    assert group["not_found"] == ["group"]
    assert len(group["members"]) == 1
    offered = {one["token"]: one["count"] for one in clerk.get("/groups").get_json()["items"]}
    assert offered[group["token"]] == 1
    assert "group:all" in offered
    changed = clerk.patch(f"/groups/{group['id']}", {"remove": group["members"], "name": "ว่าง"}).get_json()
    assert (changed["name"], changed["members"]) == ("ว่าง", [])
    assert programs["learning-clerk"].get(f"/groups/{group['id']}").status_code == 404
    assert clerk.post("/groups", {"name": ""}).status_code == 422
    assert clerk.post(f"/groups/{group['id']}/retire").status_code == 200
    assert clerk.get(f"/groups/{group['id']}").status_code == 404
