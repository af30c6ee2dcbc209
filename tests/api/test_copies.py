"""Certified copies by program: listed, made once for each key, saved, refused."""

from __future__ import annotations

from tests.api.program import Programs
from tests.web.installation import PASSPHRASE, Installation


def test_a_program_certifies_lists_and_saves_a_copy(town: Installation, programs: Programs) -> None:
    letter = town.issued()
    head, clerk = programs["reading-head"], programs["reading-clerk"]
    made = [
        head.post(f"/letters/{letter}/copies", {"passphrase": PASSPHRASE, "spares_citizen": True}, key="copy-1")
        for _ in range(2)
    ]
    listed = clerk.get(f"/letters/{letter}/copies").get_json()
    data = clerk.get(f"/letters/{letter}/copies/{made[0].get_json()['sha256']}")

    assert [one.status_code for one in made] == [201, 201]
    assert (made[0].get_json()["spares_citizen"], made[0].get_json()["fee"]) == (True, 0)
    assert made[0].get_json() == made[1].get_json() == listed["items"][0]
    assert len(listed["items"]) == 1 and "ชำนาญงานขึ้นไป" in listed["why_not"]
    assert data.data.startswith(b"%PDF-") and len(data.data) == listed["items"][0]["size"]


def test_what_is_refused_is_told_as_a_problem(town: Installation, programs: Programs) -> None:
    letter, draft = town.issued(), town.draft()
    head, clerk = programs["reading-head"], programs["reading-clerk"]
    answers = {
        "wrong-passphrase": head.post(f"/letters/{letter}/copies", json={"passphrase": "ผิด"}),
        "no-copy": head.post(f"/letters/{draft}/copies", json={"passphrase": PASSPHRASE}),
        "not-permitted": clerk.post(f"/letters/{letter}/copies", json={"passphrase": PASSPHRASE}),
        "not-found": programs["learning-head"].get(f"/letters/{letter}/copies"),
    }

    assert {code: answer.status_code for code, answer in answers.items()} == {
        "wrong-passphrase": 422, "no-copy": 422, "not-permitted": 403, "not-found": 404,
    }  # fmt: skip
    assert {answer.get_json()["code"] for answer in answers.values()} == set(answers)
