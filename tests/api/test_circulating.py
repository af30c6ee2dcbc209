"""Passing letters round by the API, and groups of readers."""

from __future__ import annotations

from typing import Any

import pytest

from tests.web.installation import Installation


def test_a_program_passes_a_letter_round_and_sees_who_has_read_it(town: Installation, programs: Any) -> None:
    letter, clerk, director = town.issued(subject="ซ้อมหนีไฟ"), programs["reading-clerk"], programs["reading-director"]
    address = f"/letters/{letter}/readers"
    sent = {"to": [f"person:{town.people['reading-director']}"], "note": "ก่อนประชุม", "group_name": "ผอ."}
    made, again = clerk.post(address, sent, key="round-1"), clerk.post(address, sent, key="round-1")
    waiting = director.get("/reading").get_json()["items"]
    director.get(f"/letters/{letter}")
    noted = director.post(f"{address}/note")
    twice = director.post(f"{address}/note")
    seen = clerk.get(address).get_json()
    (sending,) = seen["sendings"]

    assert made.status_code == again.status_code == 201 and made.get_json() == again.get_json()
    assert [(one["subject"], one["asks"], one["opened_at"]) for one in waiting] == [("ซ้อมหนีไฟ", "note", None)]
    assert noted.status_code == 200 and twice.status_code == 422
    assert (sending["readers"], sending["opened"], sending["noted"]) == (1, 1, 1)
    assert [one["by_route"] for one in seen["readers"]] == [False] and seen["readers"][0]["noted_at"]
    assert clerk.post(f"/circulations/{sending['id']}/remind").status_code == 422
    assert clerk.post(f"/circulations/{sending['id']}/stop").get_json() == {"people": 0}
    assert programs["reading-records"].get(address).status_code == 404
    assert [one["noted"] for one in clerk.get("/reading?state=sent").get_json()["items"]] == [1]


@pytest.mark.only_database("sqlite")
def test_a_program_keeps_groups_of_readers(town: Installation, programs: Any) -> None:
    clerk, letter = programs["reading-clerk"], town.issued()
    made = clerk.post("/reader-groups", {"name": "ทุกคน", "to": ["everybody"], "for_all": True})
    group = made.get_json()
    changed = clerk.patch(f"/reader-groups/{group['id']}", {"name": "พวกเรา", "to": ["everybody"]}).get_json()
    sent = clerk.post(f"/letters/{letter}/readers", {"to": [group["token"]], "asks": "open"})

    assert made.status_code == 201 and not group["personal"] and changed["name"] == "พวกเรา"
    assert sent.status_code == 201 and len(sent.get_json()["readers"]) > 3
    assert [one["name"] for one in programs["reading-head"].get("/reader-groups").get_json()["items"]] == ["พวกเรา"]
    assert clerk.post("/reader-groups", {"name": "", "to": []}).status_code == 422
    assert clerk.delete(f"/reader-groups/{group['id']}").status_code == 200
    assert clerk.get("/reader-groups").get_json()["items"] == []
