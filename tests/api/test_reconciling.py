"""Comparing registers as a program: ask, read what was found, begin a remedy."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

from saraban.domain.calendar import office_date
from tests.api.program import Programs
from tests.web.installation import LEARNING, Installation
from tests.web.test_reconciling import lose, questioned, work


def today(town: Installation) -> str:
    """The day of the office."""
    return office_date(town.clock.now()).isoformat()


def asked(town: Installation, programs: Programs, who: str = "reading-clerk", of: str = LEARNING) -> str:
    """The id of a comparison of today."""
    sent = {"agency": of, "since": today(town), "until": today(town)}
    answer = programs[who].post("/reconciliations", sent)
    assert answer.status_code == 201, answer.text
    return str(answer.get_json()["id"])


def test_a_program_asks_once_and_sees_how_far_it_is(town: Installation, programs: Programs) -> None:
    clerk = programs["reading-clerk"]
    sent = {"agency": LEARNING, "since": today(town), "until": today(town)}
    first, second = (clerk.post("/reconciliations", sent, key="one") for _ in range(2))

    assert first.get_json() == second.get_json() and first.get_json()["state"] == "sealing"
    town.carry()
    [line] = clerk.get("/reconciliations").get_json()["items"]
    assert (line["state"], line["differences"], line["ours"]) == ("answered", 0, True)
    [theirs] = programs["learning-clerk"].get("/reconciliations?side=theirs").get_json()["items"]
    assert (theirs["agency"], theirs["ours"]) == ("0601", False)


def test_a_program_finds_a_lost_letter_and_sends_it_again(town: Installation, programs: Programs) -> None:
    town.dispatched()
    work(town)
    lose(town)
    comparison, clerk = asked(town, programs), programs["reading-clerk"]
    town.carry()
    [found] = clerk.get(f"/reconciliations/{comparison}").get_json()["items"]
    assert (found["way"], found["outcome"], found["remedy"], found["theirs"]) == (
        "sent",
        "they-lack",
        "send-again",
        None,
    )
    assert found["number"] and not found["settled"]
    town.clock.pass_by(timedelta(minutes=5))

    sent = {"remedy": "send-again", "dispatches": [found["dispatch"]]}
    answer = clerk.post(f"/reconciliations/{comparison}/remedies", sent)
    assert answer.get_json() == {"id": comparison, "remedy": "send-again", "count": 1, "comparison": None}
    town.carry()

    [found] = clerk.get(f"/reconciliations/{comparison}").get_json()["items"]
    assert found["settled"] and found["done_at"]


def test_a_receiver_asks_for_it_again_in_a_new_comparison(town: Installation, programs: Programs) -> None:
    town.dispatched()
    work(town)
    lose(town)
    comparison, clerk = asked(town, programs, "learning-clerk", "0601"), programs["learning-clerk"]
    town.carry()
    [found] = clerk.get(f"/reconciliations/{comparison}").get_json()["items"]
    sent = {"remedy": "ask-again", "dispatches": [found["dispatch"]]}

    first, second = (clerk.post(f"/reconciliations/{comparison}/remedies", sent, key="k") for _ in range(2))
    assert first.get_json() == second.get_json()
    new = first.get_json()["comparison"]
    town.carry()

    shown = clerk.get(f"/reconciliations/{new}").get_json()
    assert shown["asked_for"] == shown["sent_again"] == [found["dispatch"]]
    assert clerk.get(f"/reconciliations/{comparison}").get_json()["items"][0]["settled"]


def test_what_is_wrong_is_told_by_field_and_what_does_not_help_is_refused(
    town: Installation, programs: Programs
) -> None:
    clerk, day = programs["reading-clerk"], today(town)
    for sent, field in (
        ({"agency": "0888", "since": day, "until": day}, "agency"),
        ({"agency": LEARNING, "since": day, "until": "2020-01-01"}, "until"),
        ({"agency": LEARNING, "since": day}, "until"),
    ):
        answer = clerk.post("/reconciliations", sent)
        assert answer.status_code == 422 and field in answer.get_json()["errors"]
    comparison = asked(town, programs)
    town.carry()
    address = f"/reconciliations/{comparison}/remedies"
    for dispatches, status in (([], 422), (["x"], 422), ([str(uuid4())], 404)):
        assert clerk.post(address, {"remedy": "send-again", "dispatches": dispatches}).status_code == status
    assert clerk.post(address, {"remedy": "forget", "dispatches": [str(uuid4())]}).status_code == 422


def test_a_program_tells_a_questioned_number_again_once(town: Installation, programs: Programs) -> None:
    letter, question = questioned(town)
    clerk = programs["learning-clerk"]
    shown = clerk.get(question).get_json()
    assert shown["about"] == letter.rsplit("/", 1)[1] and shown["may"]["tell_number"] is True
    assert "ไม่ใช่หนังสือ" in shown["may"]["release"]
    assert "ไม่ได้ถามถึงเลขทะเบียนรับ" in clerk.get(letter).get_json()["may"]["tell_number"]

    first, second = (clerk.post(f"{question}/tell-number", key="one") for _ in range(2))

    assert first.get_json() == second.get_json() == {"id": shown["id"], "state": "answered", "number": 1, "year": 2569}
    assert second.headers["Idempotent-Replayed"] == "true"
    again = clerk.post(f"{question}/tell-number")
    assert (again.status_code, again.get_json()["code"]) == (422, "answered-already")
    assert clerk.get(letter).get_json()["register"]["number"] == 1
    director = programs["learning-director"].post(f"{question}/tell-number")
    assert director.status_code == 403 and "เจ้าหน้าที่สารบรรณกลาง" in director.get_json()["detail"]


def test_others_are_refused_or_find_nothing(town: Installation, programs: Programs) -> None:
    comparison = asked(town, programs)
    sent = {"remedy": "send-again", "dispatches": [str(uuid4())]}

    assert programs["reading-plan-clerk"].get("/reconciliations").status_code == 403
    assert programs["reading-plan-clerk"].get(f"/reconciliations/{comparison}").status_code == 403
    assert programs["learning-clerk"].get(f"/reconciliations/{comparison}").status_code == 404
    assert programs["learning-clerk"].post(f"/reconciliations/{comparison}/remedies", sent).status_code == 404
