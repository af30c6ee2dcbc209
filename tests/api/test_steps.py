"""A letter is stopped, asked back, sent on, replaced and closed by programs; every answer is held against OpenAPI."""

from __future__ import annotations

from saraban.domain.agency import AgencyOptions
from saraban.usecases.bookkeeping import set_options
from tests.api.program import Program, Programs
from tests.web.installation import Installation

WHY = {"reason": "ส่งผิดฉบับ"}


def sent(town: Installation, programs: Programs, *, carried: bool = True) -> tuple[Program, str, Program, str]:
    """A letter at its receiver: the sender's program and the dispatch, the receiver's program and the letter."""
    letter_id = town.dispatched()
    clerk, receiver = programs["reading-clerk"], programs["learning-clerk"]
    dispatch = clerk.get(f"/letters/{letter_id}").get_json()["dispatches"][0]["id"]
    if not carried:
        return clerk, dispatch, receiver, ""
    town.carry()
    return clerk, dispatch, receiver, receiver.get("/incoming?state=new").get_json()["items"][0]["id"]


def test_what_has_not_left_is_stopped_and_asked_once(town: Installation, programs: Programs) -> None:
    clerk, dispatch, _, _ = sent(town, programs, carried=False)
    refused = clerk.post(f"/dispatches/{dispatch}/ask-back", {"reason": " "})
    assert refused.status_code == 422 and "reason" in refused.get_json()["errors"]
    for _again in range(2):
        done = clerk.post(f"/dispatches/{dispatch}/ask-back", WHY, key="stop-1")
        assert (done.status_code, done.get_json()["did"], done.get_json()["state"]) == (200, "stopped", "recalled")
    assert clerk.post(f"/dispatches/{dispatch}/ask-back", WHY).status_code == 422
    assert clerk.get(f"/dispatches/{dispatch}").get_json()["stopped_at"]


def test_a_letter_is_asked_back_and_the_receiver_answers(town: Installation, programs: Programs) -> None:
    clerk, dispatch, receiver, letter = sent(town, programs)
    receiver.post(f"/incoming/{letter}/register", {})
    town.carry()
    assert clerk.post(f"/dispatches/{dispatch}/ask-back", WHY).get_json()["did"] == "asked"
    town.carry()
    (line,) = receiver.get("/incoming?state=recall").get_json()["items"]
    assert line["id"] == letter
    opened = receiver.get(f"/incoming/{letter}").get_json()
    assert opened["recall"]["reason"] == WHY["reason"] and opened["may"]["answer_recall"] is True
    assert receiver.post(f"/incoming/{letter}/answer-recall", {"consent": False}).status_code == 422
    said = receiver.post(f"/incoming/{letter}/answer-recall", {"consent": False, "reason": "ดำเนินการแล้ว"})
    assert said.get_json()["answer"] == "recall-refused"
    town.carry()
    after = clerk.get(f"/dispatches/{dispatch}").get_json()
    assert (after["state"], after["recall"]["answer"]) == ("registered", "recall-refused")


def test_a_letter_goes_on(town: Installation, programs: Programs) -> None:
    clerk, dispatch, receiver, letter = sent(town, programs)
    assert receiver.get(f"/incoming/{letter}").get_json()["may"]["forward"] is True
    assert "to" in receiver.post(f"/incoming/{letter}/forward", {"to": "zz"}).get_json()["errors"]
    others = [a["code"] for a in receiver.get("/directory").get_json()["items"] if a["code"] not in ("0601", "0702")]
    done = receiver.post(f"/incoming/{letter}/forward", {"to": others[0]}, key="on-1").get_json()
    assert (done["state"], done["to"]) == ("forwarded", others[0])
    assert receiver.post(f"/incoming/{letter}/forward", {"to": others[0]}, key="on-1").get_json() == done
    assert receiver.get(f"/dispatches/{done['dispatch']}").get_json()["to"] == others[0]
    town.carry()
    assert clerk.get(f"/dispatches/{dispatch}").get_json()["state"] == "forwarded"
    (gone,) = receiver.get("/incoming?state=gone").get_json()["items"]
    assert gone["state"] == "forwarded"


def test_a_letter_replaces_another_and_its_matter_is_closed(town: Installation, programs: Programs) -> None:
    set_options(town.services, actor=town.actor("learning-admin"), options=AgencyOptions(tell_completed=True))
    clerk, old, receiver, letter = sent(town, programs)
    new = town.issued(subject="ขอเชิญประชุม (แก้ไข)")
    made = clerk.post(f"/letters/{new}/dispatch", {"replaces": [old]})
    (dispatch,) = made.get_json()["dispatches"]
    assert clerk.get(f"/dispatches/{dispatch['id']}").get_json()["replaces"] == old
    town.carry()
    closed = receiver.get(f"/incoming/{letter}").get_json()
    newer = receiver.get(f"/incoming/{closed['replaced_by']}").get_json()
    assert (closed["state"], newer["replaces"]) == ("replaced", old)
    receiver.post(f"/incoming/{newer['id']}/register", {})
    done = receiver.post(f"/incoming/{newer['id']}/complete", {}).get_json()
    assert done["completed_at"] and receiver.post(f"/incoming/{newer['id']}/complete", {}).status_code == 422
    town.carry()
    assert clerk.get(f"/dispatches/{dispatch['id']}").get_json()["state"] == "completed"
