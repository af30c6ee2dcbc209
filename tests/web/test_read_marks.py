"""What a person has not read stands out in lists, for eyes and ears, until it is opened or the list is marked."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from saraban.usecases.admitting import issue_token
from tests.web.installation import Browser, Installation


def _unread(page: str) -> int:
    return len(re.findall(r'<tr class="is-unread">', page))


def test_a_letter_is_unread_until_it_is_opened_and_again_when_it_changes(town: Installation, clerk: Browser) -> None:
    letter = town.submitted(subject="ขอข้อมูลห้องสมุด")
    own = clerk.get("/letters").text
    director = town.client("reading-director")
    listed, desk = director.get("/letters").text, director.get("/desk").text
    director.get(f"/letters/{letter}")
    opened = director.get("/letters").text
    town.clock.pass_by(timedelta(minutes=5))
    clerk.send(f"/letters/{letter}/recall", {"reason": "แก้คำผิด", "version": ""})

    assert _unread(own) == 0, "who did something to it has seen it"
    assert _unread(listed) == 1 and '<span class="sr">ยังไม่อ่าน </span>ขอข้อมูลห้องสมุด' in listed
    assert "อ่านแล้วทั้งรายการ" in listed and "pile__subj" in desk
    assert _unread(opened) == 0 and "อ่านแล้วทั้งรายการ" not in opened
    assert _unread(director.get("/letters").text) == 1


def test_what_came_in_is_unread_until_the_list_is_marked_and_what_comes_later_is_again(town: Installation) -> None:
    town.dispatched(subject="ฉบับแรก")
    town.carry()
    clerk, plan = town.client("learning-clerk"), town.client("learning-plan-clerk")
    before = clerk.get("/incoming").text
    marked = clerk.send("/reading/lists", {"list": "incoming"})
    after = clerk.get("/incoming").text
    town.clock.pass_by(timedelta(minutes=5))
    town.dispatched(subject="ฉบับที่สอง")
    town.carry()

    assert _unread(before) == 1 and marked.status_code == 302 and _unread(after) == 0
    later = clerk.get("/incoming").text
    assert _unread(later) == 1 and '<span class="sr">ยังไม่อ่าน </span>ฉบับที่สอง' in later
    assert plan.send("/reading/lists", {"list": "nothing"}).status_code == 404


@pytest.mark.only_database("sqlite")
def test_programs_see_what_is_unread_and_mark_whole_lists(town: Installation) -> None:
    letter = town.submitted()
    program, token = town.app.test_client(), issue_token(town.services, username="reading-director")
    bearer = {"Authorization": f"Bearer {token}"}

    def unread(address: str) -> list[bool]:
        found = program.get(f"/api/v1{address}", headers=bearer).json
        assert found is not None
        return [one["unread"] for one in found["items"]]

    assert unread("/letters") == unread("/desk") == [True]
    assert program.post("/api/v1/reading/lists", headers=bearer, json={"list": "letters"}).status_code == 200
    assert (unread("/letters"), unread("/desk")) == ([False], [True])
    program.get(f"/api/v1/letters/{letter}", headers=bearer)
    assert unread("/desk") == [False]
    assert program.post("/api/v1/reading/lists", headers=bearer, json={"list": "x"}).status_code == 422


def test_the_desk_offers_to_hold_all_of_it_for_read(town: Installation) -> None:
    for subject in ("ขอข้อมูลห้องสมุด", "ขอเชิญประชุม"):
        town.submitted(subject=subject)
    director = town.client("reading-director")

    before = director.get("/desk").text
    marked = director.send("/reading/lists", {"list": "desk"})

    assert "is-unread" in before and "อ่านแล้วทั้งรายการ" in before, "the first lies open, the second is unread"
    assert marked.headers["Location"] == "/desk"
    assert "อ่านแล้วทั้งรายการ" not in director.get("/desk").text.partition('class="split')[2]
