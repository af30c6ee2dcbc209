"""Versions of a letter for programs."""

from __future__ import annotations

from tests.api.program import Programs
from tests.web.installation import Installation
from tests.web.test_versions import sent_back_and_changed


def test_versions_are_listed_and_two_are_compared(town: Installation, programs: Programs) -> None:
    letter = sent_back_and_changed(town)
    clerk = programs["reading-clerk"]

    first, second = clerk.get(f"/letters/{letter}/versions").get_json()["items"]
    compared = clerk.get(f"/letters/{letter}/changes").get_json()

    assert (first["number"], first["deed"], second["number"], second["handed_on"]) == (1, "เสนอ", 2, True)
    assert (compared["old"], compared["new"]) == (first["sha256"], second["sha256"])
    assert [part["part"] for part in compared["parts"]] == ["เรื่อง", "ข้อความ"]
    assert {"text": "สัมมนา", "change": "inserted", "bold": True} in compared["parts"][1]["pieces"]
    same = clerk.get(f"/letters/{letter}/changes?old={first['sha256']}&new={first['sha256']}").get_json()
    assert same["parts"] == []


def test_an_old_version_is_taken_back(town: Installation, programs: Programs) -> None:
    letter = town.draft(body="ฉบับแรก")
    clerk = programs["reading-clerk"]
    changed = clerk.patch(f"/letters/{letter}", {"version": 1, "body": "ฉบับหลัง"}).get_json()
    first, second = clerk.get(f"/letters/{letter}/versions").get_json()["items"]
    address = f"/letters/{letter}/versions/{first['sha256']}/take-back"

    assert clerk.post(address, {"version": 1}).status_code == 409
    back = clerk.post(address, {"version": changed["version"]})

    assert back.status_code == 200 and (first["deed"], second["current"]) == ("เริ่มร่าง", True)
    assert clerk.get(f"/letters/{letter}").get_json()["body"] == "ฉบับแรก"
    third = clerk.get(f"/letters/{letter}/versions").get_json()["items"][2]
    assert (third["deed"], third["current"], third["handed_on"]) == ("นำฉบับที่ 1 กลับมา", True, False)
    assert programs["reading-director"].post(address, {}).status_code == 403


def test_versions_of_others_and_unknown_ones_are_not_found(town: Installation, programs: Programs) -> None:
    letter = sent_back_and_changed(town)

    assert programs["reading-plan-clerk"].get(f"/letters/{letter}/versions").status_code == 404
    for wrong in ("0" * 64, "ก"):
        assert programs["reading-clerk"].get(f"/letters/{letter}/changes?old={wrong}").status_code == 404
