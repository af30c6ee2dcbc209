"""The mailboxes by program: everybody sees whether mail flows, the administrator orders a test."""

from __future__ import annotations

from saraban.usecases.connections import FillLevel
from tests.api.program import Programs
from tests.web.installation import READING, Installation

OURS = "saraban@reading.test"


def test_mailboxes_are_listed_with_what_fills_them(town: Installation, programs: Programs) -> None:
    now = town.clock.now()
    with town.services.uow() as uow:
        uow.connections.fill(FillLevel(OURS, now.date(), 85, 100, now, town.agencies[READING]))
        finding = {"step": "imap-tls", "good": None, "words": "ใกล้หมดอายุ", "fix": "ต่ออายุ"}
        uow.connections.examined(town.agencies[READING], OURS, [finding], now)
        uow.commit()

    [box] = programs["reading-admin"].get("/mailboxes").get_json()["items"]
    [seen] = programs["reading-clerk"].get("/mailboxes").get_json()["items"]
    [other] = programs["learning-admin"].get("/mailboxes").get_json()["items"]

    assert (box["address"], box["fill"]["percent"], box["examination"]) == (OURS, 85, [finding])
    assert seen["fill"] == box["fill"] and seen["examination"] == []
    assert other["address"] == "saraban@learning.test" and other["fill"] is None


def test_a_test_is_ordered_once_by_the_administrator_alone(town: Installation, programs: Programs) -> None:
    admin = programs["reading-admin"]
    answers = [admin.post("/mailboxes/test", {"address": OURS}) for _ in range(2)]

    assert [one.status_code for one in answers] == [202, 202]
    assert admin.get("/mailboxes").get_json()["items"][0]["testing"] is True
    with town.services.uow() as uow:
        first, second = (uow.errands.claim(town.clock.now(), town.services.lease) for _ in range(2))
    assert first is not None and second is None
    assert programs["reading-clerk"].post("/mailboxes/test", {"address": OURS}).status_code == 403
    assert programs["learning-admin"].post("/mailboxes/test", {"address": OURS}).status_code == 404
