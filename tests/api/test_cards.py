"""The inbox of troubles for programs."""

from __future__ import annotations

from saraban.domain.incoming import IncomingState
from tests.api.program import Programs
from tests.web.installation import Installation
from tests.web.test_problems import mailed, state_of


def test_a_program_sees_the_cards_and_goes_their_ways_once(town: Installation, programs: Programs) -> None:
    key = mailed(town)
    program = programs["reading-clerk"]

    listed = program.get("/problems?kind=quarantine").get_json()
    taken = program.post("/problems/deeds", {"key": key, "deed": "take"}, key="deed-1")
    repeat = program.post("/problems/deeds", {"key": key, "deed": "take"}, key="deed-1")
    later = {"key": key, "deed": "put-off", "until": "2026-12-01T08:30:00+07:00", "reason": "รอผู้ส่ง"}
    off = program.post("/problems/deeds", later)
    after = program.get("/problems?owner=put-off").get_json()

    assert [(one["key"], one["ways"], one["owner"]) for one in listed["items"]] == [
        (key, ["try-again", "set-aside"], "")
    ]
    assert taken.status_code == repeat.status_code == off.status_code == 200, off.get_data(as_text=True)
    assert taken.get_json() == repeat.get_json()
    assert after["counts"] == {"all": 0, "mine": 0, "nobody": 0, "others": 0, "put-off": 1}
    assert after["items"][0]["owner"] == town.actor("reading-clerk").name
    assert program.post("/problems/deeds", {"key": key, "deed": "set-aside"}).status_code == 422
    assert program.post("/problems/deeds", {"key": key, "deed": "set-aside", "reason": "โฆษณา"}).status_code == 200
    assert state_of(town, key) is IncomingState.SET_ASIDE
    left = program.get("/problems/not-taken?q=deep").get_json()["items"]
    assert [(one["outcome"], one["reason"]) for one in left] == [("held", "โฆษณา")]


def test_others_neither_see_nor_touch_it(town: Installation, programs: Programs) -> None:
    key = mailed(town)

    assert programs["learning-clerk"].get("/problems").get_json()["items"] == []
    for who in ("learning-clerk", "reading-records"):
        assert programs[who].post("/problems/deeds", {"key": key, "deed": "take"}).status_code == 404
    assert programs["reading-head"].post("/problems/deeds", {"key": key, "deed": "try-again"}).status_code in (404, 422)
    assert programs["reading-head"].get("/problems/not-taken").status_code == 403
    assert programs["reading-clerk"].get("/problems?owner=x").status_code == 422
    assert state_of(town, key) is IncomingState.HELD
