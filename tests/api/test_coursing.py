"""Routes by programs: tables, other steps for one letter, and what those who are asked at once may say."""

from __future__ import annotations

from tests.api.program import Program, Programs
from tests.web.installation import Installation

SIGN = {"kind": "sign", "holder": "agency-head", "stage": 2}


def _two_at_once(admin: Program, records: str) -> None:
    opinion = {"kind": "opinion", "stage": 1, "need": 1}
    steps = [{**opinion, "holder": "unit-director"}, {**opinion, "holder": "position", "position": records}, SIGN]
    answer = admin.post("/route-templates", {"form": "external", "again": "from", "steps": steps})
    assert (answer.status_code, answer.get_json()["again"], len(answer.get_json()["steps"])) == (200, "from", 3)


def test_a_table_is_set_and_read_by_the_administrator_alone(town: Installation, programs: Programs) -> None:
    admin = programs["reading-admin"]
    _two_at_once(admin, str(town.actor("reading-records").position_id))

    shown = admin.get("/route-templates?form=external").get_json()
    assert [(one["kind"], one["stage"], one["need"]) for one in shown["steps"]] == [
        ("opinion", 1, 1),
        ("opinion", 1, 1),
        ("sign", 2, 0),
    ]
    assert programs["reading-clerk"].get("/route-templates?form=external").status_code == 403
    wrong = admin.post("/route-templates", {"form": "external", "steps": [{**SIGN, "kind": "check"}]})
    assert (wrong.status_code, set(wrong.get_json()["errors"])) == (422, {"steps"})


def test_two_are_asked_at_once_one_is_against_and_the_letter_goes_back_a_step(
    town: Installation, programs: Programs
) -> None:
    _two_at_once(programs["reading-admin"], str(town.actor("reading-records").position_id))
    letter = f"/letters/{town.submitted()}"
    records, director = programs["reading-records"], programs["reading-director"]
    told = records.get(letter).get_json()
    assert [step["now"] for step in told["route"]] == [True, True, False]
    assert told["may"]["object"] is True and "ไม่มีลำดับเพื่อทราบ" in told["may"]["acknowledge"]
    assert records.post(f"{letter}/object", {"reason": "ไม่คุ้มค่า"}).get_json()["state"] == "endorsed"
    assert director.post(f"{letter}/endorse", {"note": "เห็นด้วย"}).status_code == 200

    head = programs["reading-head"]
    sent = head.post(f"{letter}/return", {"reason": "ขอความเห็นอีกครั้ง", "to": 1})
    assert sent.get_json()["state"] == "endorsed"
    route = head.get(letter).get_json()["route"]
    assert [step["state"] for step in route] == ["waiting", "objected", "waiting"]
    assert route[0]["earlier"]["person"] == town.actor("reading-director").name


def test_the_rest_of_a_route_is_changed_and_signing_stays(town: Installation, programs: Programs) -> None:
    letter = f"/letters/{town.submitted()}"
    clerk, records = programs["reading-clerk"], str(town.actor("reading-records").position_id)
    step = {"kind": "check", "position": records, "stage": 1}
    assert clerk.post(f"{letter}/course", {"steps": [{**step, "kind": "sign"}]}).status_code == 422
    done = clerk.post(f"{letter}/course", {"steps": [step]})

    route = clerk.get(letter).get_json()["route"]
    assert (done.status_code, [one["kind"] for one in route]) == (200, ["endorse", "check", "sign"])
    held = clerk.post(f"{letter}/steps/1/hand", {"position": records, "reason": "ว่าง"})
    assert held.get_json()["code"] == "post-not-vacant", "somebody is there: the letter waits for him"
    assert clerk.post(f"{letter}/recall", {"reason": "แก้วันที่"}).get_json()["state"] == "returned"
    assert programs["reading-director"].post(f"{letter}/amend", {"version": 9, "subject": "x"}).status_code == 403
