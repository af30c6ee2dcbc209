"""Letters on paper through the API: numbers in order, errors by field, the same letter twice, and repeats."""

from __future__ import annotations

from typing import Any

import pytest

from saraban.domain.calendar import RegisterYear
from tests.api.program import Programs
from tests.web.installation import Installation

PAPER = {
    "number": "กค 0408/123",
    "date": "2026-11-20",
    "from": "กรมบัญชีกลาง",
    "to": "อธิบดี",
    "subject": "ซักซ้อมความเข้าใจแนวทางปฏิบัติในการจัดซื้อจัดจ้าง",
}
ENTRIES = "/registers/receiving/entries"


def a_letter(**changes: Any) -> dict[str, Any]:
    return {**PAPER, **changes}


def test_a_letter_gets_the_next_number_and_stands_in_the_book(town: Installation, programs: Programs) -> None:
    clerk = programs["reading-clerk"]

    answers = [clerk.post(ENTRIES, a_letter(number=f"กค 0408/{n}", subject=f"เรื่องที่ {n}")) for n in (1, 2, 3)]

    assert [a.status_code for a in answers] == [201] * 3
    assert [a.get_json()["number"] for a in answers] == [1, 2, 3]
    first = answers[0].get_json()
    assert first["year"] == RegisterYear.containing(town.clock.now()).buddhist
    assert first["at"] == "2026-11-23T09:30:00+07:00"
    lines = clerk.get(ENTRIES).get_json()["items"]
    assert [(line["number"], line["letter_number"]) for line in lines] == [(n, f"กค 0408/{n}") for n in (3, 2, 1)]


def test_everything_that_may_be_sent_is_kept(programs: Programs) -> None:
    clerk = programs["reading-clerk"]
    more = {"urgency": "very-urgent", "practice": "กองแผนงาน", "note": "มีสิ่งที่ส่งมาด้วย", "origin": "counter"}

    answer = clerk.post(ENTRIES, a_letter(received_at="2026-11-20T16:45:00+07:00", **more))

    assert answer.status_code == 201
    line = clerk.get(ENTRIES).get_json()["items"][0]
    assert (line["urgency"], line["practice"], line["note"]) == ("very-urgent", "กองแผนงาน", "มีสิ่งที่ส่งมาด้วย")


def test_what_is_wrong_is_told_under_the_names_that_were_sent(programs: Programs) -> None:
    clerk = programs["reading-clerk"]

    answer = clerk.post(ENTRIES, {"number": "1", "date": "2027-01-01", "to": "ข"})

    assert (answer.status_code, answer.get_json()["code"]) == (422, "bad-input")
    assert set(answer.get_json()["errors"]) == {"from", "subject", "date"}
    assert clerk.get(ENTRIES).get_json()["items"] == []


@pytest.mark.parametrize(
    "changes",
    [
        {"date": "20/11/2569"},
        {"received_at": "2026-11-20 16:45"},
        {"received_at": "2027-01-01T00:00:00+07:00"},
        {"urgency": "fast"},
        {"secrecy": "top-secret"},
        {"again": "yes"},
        {"subject": "ก" * 501},
        {"subject": "ก\u0000"},
        {"unknown": 1},
        {"origin": "before"},
        {"serial": 3},
    ],
)
def test_nonsense_is_refused_by_field(programs: Programs, changes: dict[str, Any]) -> None:
    answer = programs["reading-clerk"].post(ENTRIES, a_letter(**changes))

    assert answer.status_code == 422
    wrong = {"origin": "serial"}.get(next(iter(changes)), next(iter(changes)))
    assert set(answer.get_json()["errors"]) == {wrong}


def test_the_same_letter_is_refused_until_the_caller_insists(programs: Programs) -> None:
    clerk = programs["reading-clerk"]
    assert clerk.post(ENTRIES, PAPER).status_code == 201

    twice = clerk.post(ENTRIES, a_letter(number="กค๐๔๐๘/๑๒๓", subject="อื่น"))
    alike = clerk.post(ENTRIES, a_letter(number=""))
    insisted = clerk.post(ENTRIES, a_letter(again=True))

    assert [(a.status_code, a.get_json()["code"]) for a in (twice, alike)] == [(409, "possible-duplicate")] * 2
    assert "เลขรับ ๑" in twice.get_json()["detail"]
    assert (insisted.status_code, insisted.get_json()["number"]) == (201, 2)


def test_a_repeat_with_the_same_key_gets_the_first_answer(programs: Programs) -> None:
    clerk = programs["reading-clerk"]

    first, second = (clerk.post(ENTRIES, PAPER, key="k1") for _ in range(2))
    other = clerk.post(ENTRIES, a_letter(number="กค 0408/9"), key="k1")

    assert (first.status_code, second.status_code) == (201, 201)
    assert first.data == second.data and second.headers["Idempotent-Replayed"] == "true"
    assert (other.status_code, other.get_json()["code"]) == (422, "idempotency-key-reused")
    assert len(clerk.get(ENTRIES).get_json()["items"]) == 1


def test_an_outgoing_letter_gets_its_letter_number_from_the_book(programs: Programs) -> None:
    answer = programs["reading-clerk"].post(
        "/registers/sending/entries", {"from": "", "to": "จังหวัดน่าน", "subject": "ตอบข้อหารือ"}
    )

    assert (answer.status_code, answer.get_json()["letter_number"]) == (201, "ศธ 0601/1")


def test_a_book_that_is_not_open_and_one_that_does_not_exist(programs: Programs) -> None:
    clerk = programs["reading-clerk"]

    closed = clerk.post("/registers/orders/entries", PAPER)
    unknown = clerk.post("/registers/cookery/entries", PAPER)
    nowhere = clerk.post(f"{ENTRIES}?unit=NOWHERE", PAPER)

    assert (closed.status_code, closed.get_json()["code"]) == (422, "book-not-open")
    assert (unknown.status_code, nowhere.status_code) == (404, 404)


def test_only_clerks_of_the_book_enter(programs: Programs) -> None:
    for name in ("reading-director", "reading-head", "reading-records", "reading-admin", "reading-plan-clerk"):
        answer = programs[name].post(ENTRIES, PAPER)
        assert (answer.status_code, answer.get_json()["code"]) == (403, "not-permitted"), name
    assert programs["reading-clerk"].post(ENTRIES, a_letter(secrecy="secret")).status_code == 403
