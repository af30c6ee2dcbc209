"""Receivers outside the directory and what they said, by program."""

from __future__ import annotations

from saraban.usecases.outsiders import add_outsider
from tests.api.program import Programs
from tests.web.installation import Installation

SCHOOL = {"name": "โรงเรียนบ้านสวน", "mailbox": "Office@school.test"}


def test_a_program_keeps_the_list_and_writes_to_a_receiver_of_it(town: Installation, programs: Programs) -> None:
    clerk = programs["reading-clerk"]
    made = [clerk.post("/outsiders", SCHOOL, key="school") for _ in range(2)]
    assert [one.status_code for one in made] == [201, 201] and made[0].get_json() == made[1].get_json()
    code = made[0].get_json()["code"]
    assert clerk.get("/outsiders").get_json()["items"] == [made[0].get_json()]
    letter = {
        "form": "external",
        "subject": "ขอเชิญ",
        "addressed_to": "เรียน ผู้อำนวยการโรงเรียน",
        "body": "ด้วย",
        "recipients": [code],
    }
    assert clerk.post("/letters", letter).status_code == 201

    assert programs["learning-clerk"].get("/outsiders").get_json()["items"] == []
    refused = programs["learning-clerk"].post("/letters", letter)
    assert refused.status_code == 422 and "recipients" in refused.get_json()["errors"]
    assert programs["reading-head"].post("/outsiders", SCHOOL).status_code == 403
    wrong = clerk.post("/outsiders", {"name": "x", "mailbox": "y"})
    assert wrong.status_code == 422 and "mailbox" in wrong.get_json()["errors"]
    gone = clerk.post(f"/outsiders/{made[0].get_json()['id']}/retire")
    assert gone.status_code == 200 and clerk.get("/outsiders").get_json()["items"] == []


def test_a_call_is_written_down_by_a_program(town: Installation, programs: Programs) -> None:
    add_outsider(town.services, actor=town.actor("reading-clerk"), **SCHOOL)
    letter = town.dispatched(recipients=("office@school.test",))
    town.carry()
    clerk = programs["reading-clerk"]
    dispatch = clerk.get(f"/letters/{letter}").get_json()["dispatches"][0]["id"]
    path = f"/dispatches/{dispatch}/confirmations"
    assert clerk.post(path, {"kind": "phone", "name": "นายรับสาย"}).get_json()["errors"].keys() == {"phone"}
    call = {"kind": "phone", "name": "นายรับสาย", "phone": "0 2555 0100", "number": "45", "day": "2026-11-23"}
    made = [clerk.post(path, call, key="call") for _ in range(2)]

    assert [one.status_code for one in made] == [201, 201]
    shown = clerk.get(f"/dispatches/{dispatch}").get_json()
    assert (shown["state"], shown["proved_by"], shown["register"]) == (
        "registered",
        "phone",
        {"number": "45", "year": 2569},
    )
    assert [line["evidence"] for line in shown["timeline"]].count("phone") == 1
    assert shown["timeline"][-1]["verdict"]["valid"] is None
    assert programs["learning-clerk"].post(path, call).status_code == 404
    assert programs["reading-head"].post(path, call).status_code == 403
    assert clerk.post(path, {"kind": "reply", "name": "นายรับ"}).get_json()["code"] == "no-reply"


def test_a_program_corrects_an_address_that_nobody_has(town: Installation, programs: Programs) -> None:
    add_outsider(town.services, actor=town.actor("reading-clerk"), name="โรงเรียนบ้านสวน", mailbox="ofice@school.test")
    town.post.refusing.add("ofice@school.test")
    letter = town.dispatched(recipients=("ofice@school.test",))
    town.carry()
    clerk = programs["reading-clerk"]
    path = f"/dispatches/{clerk.get(f'/letters/{letter}').get_json()['dispatches'][0]['id']}/address"
    assert clerk.post(path, {"name": "x", "mailbox": "y"}).get_json()["errors"].keys() == {"mailbox"}
    made = [clerk.post(path, SCHOOL, key="right") for _ in range(2)]

    assert [one.status_code for one in made] == [201, 201] and made[0].get_json()["id"] == made[1].get_json()["id"]
    assert made[0].get_json()["to"] == "office@school.test"
    assert programs["learning-clerk"].post(path, SCHOOL).status_code == 404
