"""A request that is sent twice is done once (Idempotency-Key)."""

from __future__ import annotations

import io
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import replace

import pytest
from werkzeug.test import TestResponse

from saraban import doorway
from saraban.app import create_app
from saraban.doorway.idempotency import WAIT_SECONDS
from saraban.usecases.ports import Services
from tests.api.program import Program, Programs, a_letter, begun, on_the_way
from tests.web.installation import PASSPHRASE, Installation


def _at_once(calls: list[Callable[[], TestResponse]]) -> list[TestResponse]:
    answers: list[TestResponse] = []
    start = threading.Barrier(len(calls))

    def run(call: Callable[[], TestResponse]) -> None:
        start.wait()
        answers.append(call())

    threads = [threading.Thread(target=run, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == len(calls)
    return answers


def test_a_repeat_gets_the_first_answer_to_the_letter(programs: Programs) -> None:
    clerk = programs["reading-clerk"]

    first = clerk.post("/letters", a_letter(), key="one")
    clerk.patch(f"/letters/{first.get_json()['id']}", {"version": 1, "subject": "เปลี่ยนแล้ว"})
    second = clerk.post("/letters", a_letter(), key="one")

    assert (second.status_code, second.data) == (201, first.data)
    assert second.headers["Idempotent-Replayed"] == "true" and "Idempotent-Replayed" not in first.headers
    assert len(clerk.get("/letters").get_json()["items"]) == 1


def test_one_key_for_two_requests_is_refused(programs: Programs) -> None:
    clerk = programs["reading-clerk"]
    letter = clerk.post("/letters", a_letter(), key="one").get_json()["id"]

    other_body = clerk.post("/letters", a_letter(subject="เรื่องอื่น"), key="one")
    other_deed = clerk.post(f"/letters/{letter}/submit", key="one")

    assert [a.get_json()["code"] for a in (other_body, other_deed)] == ["idempotency-key-reused"] * 2
    assert [a.status_code for a in (other_body, other_deed)] == [422, 422]
    assert clerk.get(f"/letters/{letter}").get_json()["state"] == "draft"


def test_two_people_may_use_the_same_key(programs: Programs) -> None:
    first = programs["reading-clerk"].post("/letters", a_letter(), key="one")
    second = programs["reading-plan-clerk"].post("/letters", a_letter(), key="one")

    assert first.status_code == second.status_code == 201
    assert first.get_json()["id"] != second.get_json()["id"]


def test_a_request_that_failed_may_be_mended_under_its_key(programs: Programs) -> None:
    clerk = programs["reading-clerk"]

    assert clerk.post("/letters", a_letter(recipients=["ไม่มี"]), key="one").status_code == 422
    assert clerk.post("/letters", a_letter(), key="one").status_code == 201


def test_every_deed_on_a_letter_is_done_once(town: Installation, programs: Programs) -> None:
    clerk, director, head = (programs[f"reading-{who}"] for who in ("clerk", "director", "head"))
    letter = begun(programs)

    def twice(call: Callable[[], TestResponse]) -> TestResponse:
        first, second = call(), call()
        assert first.status_code in (200, 201), first.text
        assert (second.status_code, second.data) == (first.status_code, first.data)
        return first

    twice(lambda: clerk.post(f"/letters/{letter}/files", data={"file": (io.BytesIO(b"abc"), "a.txt")}, key="file"))
    twice(lambda: clerk.post(f"/letters/{letter}/submit", key="submit"))
    twice(lambda: director.post(f"/letters/{letter}/endorse", {"note": "เห็นควร"}, key="endorse"))
    twice(lambda: head.post(f"/letters/{letter}/sign", {"passphrase": PASSPHRASE}, key="sign"))
    twice(lambda: clerk.post(f"/letters/{letter}/dispatch", key="dispatch"))
    town.carry()
    receiver = programs["learning-clerk"]
    (arrived,) = receiver.get("/incoming").get_json()["items"]
    twice(lambda: receiver.post(f"/incoming/{arrived['id']}/register", {}, key="register"))

    whole = clerk.get(f"/letters/{letter}").get_json()
    assert [f["role"] for f in whole["files"]] == ["letter", "enclosure"]
    assert len(whole["endorsements"]) == 4 and len(whole["dispatches"]) == 1
    assert len(receiver.get("/registers/receiving/entries").get_json()["items"]) == 1


def test_another_file_under_the_same_key_is_another_request(programs: Programs) -> None:
    letter, clerk = begun(programs), programs["reading-clerk"]

    def attach(data: bytes) -> TestResponse:
        return clerk.post(f"/letters/{letter}/files", data={"file": (io.BytesIO(data), "a.txt")}, key="file")

    assert attach(b"abc").status_code == 201
    assert attach(b"abd").get_json()["code"] == "idempotency-key-reused"


def test_a_lost_answer_is_made_again(town: Installation, programs: Programs) -> None:
    """The process dies after the commit and before the answer was kept: here, `remember` keeps nothing."""
    services: Services = replace(town.office.services, remember=lambda key, answer: None)
    town.app.extensions[doorway.EXTENSION] = replace(town.office, services=services)
    clerk, head = programs["reading-clerk"], programs["reading-head"]

    first, second = (clerk.post("/letters", a_letter(), key="one") for _ in range(2))
    letter = first.get_json()["id"]
    files = [clerk.post(f"/letters/{letter}/files", data={"file": (io.BytesIO(b"a"), "a")}, key="f") for _ in range(2)]
    submitted = [clerk.post(f"/letters/{letter}/submit", key="submit") for _ in range(2)]
    programs["reading-director"].post(f"/letters/{letter}/endorse")
    signed = [head.post(f"/letters/{letter}/sign", {"passphrase": PASSPHRASE}, key="sign") for _ in range(2)]
    sent = [clerk.post(f"/letters/{letter}/dispatch", key="send") for _ in range(2)]
    town.carry()
    receiver = programs["learning-clerk"]
    arrived = receiver.get("/incoming").get_json()["items"][0]["id"]
    marked = [receiver.post(f"/incoming/{arrived}/register", {}, key="register") for _ in range(2)]

    for pair in ((first, second), files, submitted, signed, marked):
        assert (pair[1].status_code, pair[1].data) == (pair[0].status_code, pair[0].data)
    assert [d["id"] for d in sent[1].get_json()["dispatches"]] == [d["id"] for d in sent[0].get_json()["dispatches"]]


def test_requests_at_the_same_moment_are_done_once(programs: Programs) -> None:
    clerk = programs["reading-clerk"]

    answers = _at_once([lambda: clerk.post("/letters", a_letter(), key="one")] * 6)

    assert {a.status_code for a in answers} == {201}
    assert len({a.data for a in answers}) == 1
    assert len(clerk.get("/letters").get_json()["items"]) == 1


def test_requests_that_meet_in_the_database_are_done_once(town: Installation, programs: Programs) -> None:
    """Two processes of one installation share the database only; so do two applications."""
    letter = on_the_way(programs, "endorsed", PASSPHRASE)
    apps = [town.app, *(create_app(town.office.settings, office=town.office) for _ in range(2))]

    def of(who: str) -> list[Program]:
        return [Program(app, programs.document, programs[who].token) for app in apps]

    started = _at_once([lambda p=p: p.post("/letters", a_letter(), key="one") for p in of("reading-clerk")])
    sign = {"passphrase": PASSPHRASE}
    signed = _at_once([lambda p=p: p.post(f"/letters/{letter}/sign", sign, key="two") for p in of("reading-head")])

    assert {a.status_code for a in started} == {201}
    assert len({a.get_json()["id"] for a in started}) == 1
    assert {a.status_code for a in signed} <= {200, 409}
    assert {a.get_json()["number"] for a in signed if a.status_code == 200} == {"ศธ 0601/1"}
    assert len(programs["reading-clerk"].get("/registers/sending/entries").get_json()["items"]) == 1


@pytest.mark.only_database("sqlite")
def test_a_repeat_of_a_request_that_does_not_end_is_told_to_come_again(town: Installation, programs: Programs) -> None:
    clerk = programs["reading-clerk"]
    town.app.config[WAIT_SECONDS] = 0.1

    with ThreadPoolExecutor(2) as pool:
        with town.office.writing.connect() as busy, busy.begin():  # nobody else can write meanwhile
            calls = [pool.submit(clerk.post, "/letters", a_letter(), key="one") for _ in range(2)]
            early = next(as_completed(calls)).result()
        late = next(call.result() for call in calls if call.result() is not early)

    assert (early.status_code, early.get_json()["code"]) == (409, "still-running")
    assert late.status_code == 201
    assert clerk.post("/letters", a_letter(), key="one").data == late.data


@pytest.mark.only_database("sqlite")
def test_a_key_that_cannot_be_kept_is_refused(programs: Programs) -> None:
    for key in ("x" * 201, "กุญแจ".encode().decode("latin-1")):
        answer = programs["reading-clerk"].post("/letters", a_letter(), key=key)
        assert (answer.status_code, list(answer.get_json()["errors"])) == (422, ["Idempotency-Key"])


def test_no_passphrase_lies_behind_a_key(programs: Programs) -> None:
    """The fingerprint is a fast hash: with the passphrase in it, whoever reads the database could try words on it."""
    letter, head = on_the_way(programs, "endorsed", PASSPHRASE), programs["reading-head"]

    first = head.post(f"/letters/{letter}/sign", {"passphrase": PASSPHRASE}, key="sign")
    other = head.post(f"/letters/{letter}/sign", {"passphrase": "อีกรหัสหนึ่ง"}, key="sign")

    assert other.data == first.data
