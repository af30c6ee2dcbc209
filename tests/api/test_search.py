"""The search by program: narrowed, in pages, with the words marked."""

from __future__ import annotations

import pytest

from saraban.api import searching
from saraban.domain.classification import Secrecy
from tests.api.program import Programs
from tests.web.installation import Installation
from tests.web.test_searching_classified import clear


def test_answers_are_narrowed_marked_and_come_in_pages(town: Installation, programs: Programs) -> None:
    letters = {str(town.issued()), str(town.issued())}
    clerk = programs["reading-clerk"]

    first = clerk.get("/search?q=ประชุม&year=2569&state=issued&limit=1").get_json()
    second = clerk.get(f"/search?q=ประชุม&year=2569&state=issued&limit=1&cursor={first['next']}").get_json()

    hits = [*first["items"], *second["items"]]
    assert {hit["id"] for hit in hits} == letters
    assert second["next"] is None and first["meant"] is None
    assert all(hit["snippet"][begin:end] == "ประชุม" for hit in hits for begin, end in hit["marked"])
    assert clerk.get("/search?q=ประชุม&year=2568").get_json()["items"] == []
    assert clerk.get("/search?year=2569").get_json()["items"] != []


def test_the_last_page_that_may_be_asked_for_names_no_other(
    town: Installation, programs: Programs, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        town.issued()
    monkeypatch.setattr(searching, "MOST_SEEN", 1)
    ask = "/search?q=ประชุม&state=issued&limit=1"
    first, last = (programs["reading-clerk"].get(f"{ask}&cursor={cursor}").get_json() for cursor in (0, 1))

    assert (first["next"], len(last["items"]), last["next"]) == ("1", 1, None)


def test_a_slip_is_told(town: Installation, programs: Programs) -> None:
    town.issued()

    answer = programs["reading-clerk"].get("/search?q=คณะกรรมกาส่งเสริม").get_json()

    assert answer["meant"] == {"asked": "คณะกรรมกาส่งเสริม", "found": "คณะกรรมการส่งเสริม"}
    assert answer["items"] != []


def test_the_numbers_that_were_looked_for_are_told(programs: Programs) -> None:
    assert programs["reading-clerk"].get("/search?q=กค0408.2ว214").get_json()["numbers"] == ["กค0408.2/ว214"]


def test_a_wrong_choice_is_named(programs: Programs) -> None:
    for query, field in (("q=ก&state=lost", "state"), ("q=ก&year=69", "year"), ("q=ก&cursor=-1", "cursor"), ("", "q")):
        answer = programs["reading-clerk"].get(f"/search?{query}")
        assert (answer.status_code, list(answer.get_json()["errors"])) == (422, [field]), query


def test_saved_searches_are_ones_own_and_are_listed_kept_renamed_and_forgotten(programs: Programs) -> None:
    clerk, other = programs["reading-clerk"], programs["reading-director"]
    sent = {"name": "ประชุมปีนี้", "query": "q=ประชุม&year=๒๕๖๙&order=newest"}
    made = clerk.post("/searches", sent, key="keep-1")
    assert made.status_code == 201 and clerk.post("/searches", sent, key="keep-1").get_json() == made.get_json()
    kept = made.get_json()
    assert clerk.get(f"/search?{kept['query']}").status_code == 200
    assert [one["name"] for one in clerk.get("/searches").get_json()["items"]] == ["ประชุมปีนี้"]
    assert other.get("/searches").get_json()["items"] == []

    address = f"/searches/{kept['id']}"
    assert clerk.patch(address, {"name": "ประชุม ๒๕๖๙"}).get_json() == kept | {"name": "ประชุม ๒๕๖๙"}
    clerk.post("/searches", {"name": "อีกชื่อ", "query": "hold=yes"})
    assert clerk.patch(address, {"name": "อีกชื่อ"}).get_json()["errors"] == {"name": "มีชื่อ อีกชื่อ อยู่แล้ว ตั้งชื่ออื่น"}
    for name, query in (("", "q=ก"), ("ก", ""), ("ก", "order=newest"), ("ก", "q=ก&page=2"), ("ก", "q=ก&state=lost")):
        assert clerk.post("/searches", {"name": name, "query": query}).status_code == 422, (name, query)

    assert other.patch(address, {"name": "ของฉัน"}).status_code == 404
    assert other.post(f"{address}/forget").status_code == 404
    assert clerk.post(f"{address}/forget").get_json() == {"id": kept["id"]}
    assert [one["name"] for one in clerk.get("/searches").get_json()["items"]] == ["อีกชื่อ"]


def test_what_is_classified_is_found_for_the_cleared_alone(town: Installation, programs: Programs) -> None:
    clear(town)
    letter_id = town.submitted(subject="แผนอารักขา", secrecy=Secrecy.SECRET)
    town.submitted(subject="ขอเชิญประชุม")

    (hit,) = programs["reading-clerk"].get("/search?q=แผนอารักขา").get_json()["items"]
    assert (hit["id"], hit["secrecy"], hit["snippet"], hit["file"]) == (str(letter_id), "secret", "", "")
    assert programs["reading-clerk"].get("/search?q=ประชุม").get_json()["items"][0]["secrecy"] == "open"
    for who in ("reading-director", "reading-head"):
        found = programs[who].get("/search?q=แผนอารักขา").get_json()
        assert (found["items"], found["next"], found["meant"], found["classified_left"]) == ([], None, None, False)
