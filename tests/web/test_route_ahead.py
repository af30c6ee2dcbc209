"""The route that a draft will take, beside its fields."""

from __future__ import annotations

from tests.web.installation import ELSEWHERE, Browser, Installation


def test_a_new_letter_shows_who_sees_it_next_by_name_and_position(town: Installation, clerk: Browser) -> None:
    director, head = town.actor("reading-director"), town.actor("reading-head")

    page = clerk.get("/letters/new?form=external").text

    assert f"ผู้ที่เห็นต่อไปคือ <b>{director.name}</b> {director.title}" in page
    assert head.name in page and head.title in page


def test_the_route_follows_the_fields_that_decide_on_it(town: Installation, clerk: Browser) -> None:
    head = town.actor("reading-head")

    inside = clerk.send("/letters/route", {"form": "memorandum"}).text
    outside = clerk.send("/letters/route", {"form": "memorandum", "recipients": [ELSEWHERE]}).text

    assert head.name not in inside and head.name in outside


def test_a_draft_shows_its_route_and_submitting_says_for_whom_it_waits(town: Installation, clerk: Browser) -> None:
    letter_id = town.draft()
    director = town.actor("reading-director")

    assert f"<b>{director.name}</b>" in clerk.send(f"/letters/{letter_id}/route", {"form": "external"}).text
    answer = clerk.send(f"/letters/{letter_id}/submit")

    assert f"เสนอแล้ว ขณะนี้รอ{director.title}" in clerk.get(answer.headers["Location"]).text


def test_the_route_of_a_letter_of_others_is_not_found(town: Installation) -> None:
    letter_id = town.draft()

    assert town.client("learning-clerk").send(f"/letters/{letter_id}/route", {"form": "external"}).status_code == 404
