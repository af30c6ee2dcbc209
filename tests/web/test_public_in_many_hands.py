"""A document that many verify at once is answered out of memory: alike, counted, soon forgotten, and never more is told
by it than without."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import event
from werkzeug.test import TestResponse

from saraban.domain.classification import Secrecy
from saraban.doorway import public, recent
from tests.databases import NewDatabase
from tests.fakes import FixedClock
from tests.web.installation import Installation, build_installation
from tests.web.public_town import PUBLIC, code, coded_anyhow, scans, void

DOORS = {
    "page": ("/v/{}", {}),
    "page in English": ("/v/{}?lang=en", {}),
    "page in Thai": ("/v/{}?lang=th", {}),
    "program at the page": ("/v/{}", {"Accept": "application/json"}),
    "program": ("/api/v1/verify/{}", {}),
}


class Hands:
    """Many who ask, the moment that it is for the memory, and how often the database was asked."""

    def __init__(self, town: Installation) -> None:
        self.town, self.now, self.asked = town, 0.0, 0
        self._visitor = town.app.test_client(use_cookies=False)
        event.listen(town.office.reading, "before_cursor_execute", self._count)

    def look(self, door: str, of: str, **headers: str) -> TestResponse:
        address, more = DOORS[door]
        return self._visitor.get(address.format(of), headers=more | headers)

    def _count(self, *_told: object) -> None:
        self.asked += 1


@pytest.fixture
def hands(
    tmp_path: Path, new_database: NewDatabase, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Hands]:
    town = build_installation(tmp_path, new_database, clock, public_url=PUBLIC, public_answer_seconds=5.0)
    made = Hands(town)
    monkeypatch.setattr(recent, "monotonic", lambda: made.now)
    yield made
    scans(town)
    town.close()


def _headers(answer: TestResponse) -> list[tuple[str, str]]:
    return [(name, value) for name, value in answer.headers.items() if name != "Date"]


def test_it_is_answered_alike_out_of_memory_each_door_for_itself_and_every_look_counts(hands: Hands) -> None:
    made = code(hands.town, hands.town.issued())
    first = {door: hands.look(door, made.code) for door in DOORS}
    before = hands.asked
    again = {door: hands.look(door, made.code) for door in DOORS}

    assert hands.asked == before > 0
    for door, answer in first.items():
        assert answer.status_code == 200 and answer.data == again[door].data, door
        assert _headers(answer) == _headers(again[door]), door
        assert answer.headers["Cache-Control"] == "public, max-age=25", "with the seconds in memory half a minute"
        kept = hands.look(door, made.code, **{"If-None-Match": answer.headers["ETag"]})
        assert kept.status_code == 304 and kept.data == b"", door
    assert len({answer.data for answer in first.values()}) == 4, "the doors for programs tell the same"
    assert 'href="/v?lang=en"' in first["page in English"].text and 'href="/v?lang=th"' in first["page in Thai"].text
    assert scans(hands.town) == [9], "page and programs, three times each; a change of language is no look"


def test_under_another_place_the_addresses_are_those_of_that_place(hands: Hands) -> None:
    made = code(hands.town, hands.town.issued())
    there = {"SCRIPT_NAME": "/office"}
    pages = [
        hands.town.app.test_client().get(f"/v/{made.code}", environ_overrides=more).text for more in ({}, there, {})
    ]

    assert f'href="/v/{made.code}?lang=en"' in pages[0] and f'href="/office/v/{made.code}?lang=en"' in pages[1]
    assert pages[0] == pages[2]


def test_what_became_of_it_is_told_after_the_few_seconds(hands: Hands) -> None:
    letter_id = hands.town.issued()
    made = code(hands.town, letter_id)
    hands.look("page", made.code)
    void(hands.town, letter_id, hands.town.actor("reading-clerk"))
    hands.now = 4.9
    assert "รหัสนี้ตรงกับทะเบียน" in hands.look("page", made.code).text
    hands.now = 5.0
    assert "เอกสารนี้ยกเลิกแล้ว" in hands.look("page", made.code).text


def test_unknown_and_restricted_are_looked_for_every_time_and_alike(hands: Hands) -> None:
    secret = coded_anyhow(hands.town, hands.town.issued(secrecy=Secrecy.CONFIDENTIAL))
    for door in DOORS:
        told, asked = [], []
        for of in (secret, "0" * 20, secret, "0" * 20):
            before = hands.asked
            told.append(hands.look(door, of))
            asked.append(hands.asked - before)
        assert {(one.status_code, one.data) for one in told} == {(404, told[0].data)}, door
        assert len({tuple(_headers(one)) for one in told}) == 1, door
        assert len(set(asked)) == 1 and asked[0] > 0, door


def test_who_tried_too_often_learns_nothing_out_of_memory(hands: Hands, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(public, "MOST_TYPED_MISSES", 1)
    made = code(hands.town, hands.town.issued())
    assert hands.look("page", made.typed).status_code == 200
    assert hands.look("page", "0" * 12).status_code == 404

    assert hands.look("page", made.typed).status_code == 429
    assert hands.look("page", made.code).status_code == 200
