"""Work about incoming letters by API; every answer is held against OpenAPI."""

from __future__ import annotations

from tests.api.program import Programs
from tests.web.installation import Installation


def test_a_program_gives_a_letter_to_a_unit_which_takes_and_finishes_it(town: Installation, programs: Programs) -> None:
    town.dispatched()
    town.carry()
    clerk, unit = programs["learning-clerk"], programs["learning-plan-clerk"]
    arrived = clerk.get("/incoming?state=new").get_json()["items"][0]
    letter = arrived["id"]
    assert (arrived["deadline"]["source"], arrived["deadline"]["standing"]) == ("speed", "comfortable")
    assert "ลงรับก่อน" in clerk.get(f"/incoming/{letter}/work").get_json()["endorse"]
    clerk.post(f"/incoming/{letter}/register", {})
    seen = clerk.get(f"/incoming/{letter}/work").get_json()["seen"]
    plan = town.actor("learning-plan-clerk").unit_id
    sent = {"action": [f"unit:{plan}"], "note": "เพื่อดำเนินการ", "due": "2026-12-01", "seen": seen}

    assert "action" in clerk.post(f"/incoming/{letter}/endorse", {"note": "ก"}).get_json()["errors"]
    for _again in range(2):
        made = clerk.post(f"/incoming/{letter}/endorse", sent, key="endorse-1")
        assert made.status_code == 201 and len(made.get_json()["tasks"]) == 1
    assert clerk.post(f"/incoming/{letter}/endorse", sent).status_code == 409
    (line,) = unit.get("/tasks?whose=unit").get_json()["items"]
    assert (line["incoming"], line["due"], line["overdue"], line["purpose"]) == (letter, "2026-12-01", False, "action")
    assert (line["deadline"]["day"], line["deadline"]["source"]) == ("2026-12-01", "endorser")
    assert clerk.get(f"/incoming/{letter}").get_json()["deadline"] is None, "it is registered"
    address = f"/incoming/{letter}/tasks/{line['id']}"
    assert unit.post(f"{address}/take").get_json()["tasks"][0]["state"] == "taken"
    assert "result" in unit.post(f"{address}/finish", {}).get_json()["errors"]
    done = unit.post(f"{address}/finish", {"result": "ส่งข้อมูลแล้ว"}).get_json()
    assert done["completed_at"] and [one["deed"] for one in done["endorsements"]] == ["endorsed", "result"]
    (ended,) = unit.get("/tasks?state=done").get_json()["items"]
    assert (ended["result"], ended["deadline"]) == ("ส่งข้อมูลแล้ว", None)
    assert unit.post(f"{address}/return", {"reason": "ไม่ใช่"}).status_code == 403
    assert programs["reading-clerk"].get(f"/incoming/{letter}/work").status_code == 404


def test_a_program_keeps_a_standing_order(town: Installation, programs: Programs) -> None:
    clerk, unit = programs["learning-clerk"], programs["learning-plan-clerk"]
    plan = str(town.actor("learning-plan-clerk").unit_id)
    assert "words" in clerk.post("/standing-orders", {"unit": plan}).get_json()["errors"]
    assert unit.post("/standing-orders", {"unit": plan, "words": "ประชุม"}).status_code == 403
    made = clerk.post("/standing-orders", {"unit": plan, "words": "ประชุม"}, key="order-1").get_json()
    assert clerk.post("/standing-orders", {"unit": plan, "words": "ประชุม"}, key="order-1").get_json() == made
    (row,) = clerk.get("/standing-orders").get_json()["items"]
    assert (row["unit"], row["purpose"]) == ("กองแผนงาน", "action")
    town.dispatched()
    town.carry()
    letter = clerk.get("/incoming?state=new").get_json()["items"][0]["id"]
    clerk.post(f"/incoming/{letter}/register", {})
    assert clerk.get(f"/incoming/{letter}/work").get_json()["endorsements"][0]["under"] == "เรื่องมีคำว่า ประชุม"
    assert programs["reading-clerk"].post(f"/standing-orders/{made['id']}/end").status_code == 404
    assert clerk.post(f"/standing-orders/{made['id']}/end").status_code == 200
    assert clerk.get("/standing-orders").get_json()["items"] == []
