"""Letters from the public for programs: listed, answered; and followed by anybody in the promised shape."""

from __future__ import annotations

import pytest
from jsonschema import Draft202012Validator
from sqlalchemy import select

from saraban.domain.petition import Written
from saraban.storage.tables.letters import incoming
from saraban.usecases import petitioning, registering
from saraban.usecases.petitioning import Receipt
from tests.api.program import ADDRESS, Programs
from tests.web.installation import READING, Installation
from tests.web.public_town import decide


@pytest.fixture
def receipt(town: Installation) -> Receipt:
    """Somebody has written."""
    decide(town, petitions=True)
    written = Written("นางสาวมะลิ ใจงาม", "ขอทราบผล", "ถึงไหนแล้ว")
    return petitioning.file_petition(town.services, agency_code=READING, key="k" * 43, written=written)


def test_they_are_listed_with_their_day_for_the_agency_alone(
    town: Installation, programs: Programs, receipt: Receipt
) -> None:
    [one] = programs["reading-clerk"].get("/petitions").get_json()["items"]

    assert (one["number"], one["state"], one["deadline"]["day"]) == ("1/2569", "received", one["due_on"])
    assert programs["reading-clerk"].get(f"/petitions/{one['incoming']}").get_json() == one | {"held_files": []}
    assert programs["reading-clerk"].get("/petitions?show=late").get_json()["items"] == []
    assert programs["learning-clerk"].get(f"/petitions/{one['incoming']}").status_code == 404
    assert programs["learning-clerk"].get("/petitions?show=all").get_json()["items"] == []


def test_what_answers_nothing_is_not_handed_over(town: Installation, programs: Programs, receipt: Receipt) -> None:
    with town.office.reading.connect() as reader:
        letter_id = reader.execute(select(incoming.c.id)).scalar_one()
    clerk, other = programs["reading-clerk"], str(town.issued())
    assert clerk.post(f"/petitions/{letter_id}/answer", {"letter": other}).status_code == 422
    registering.register_letter(town.services, actor=town.actor("reading-clerk"), incoming_id=letter_id)
    assert clerk.post(f"/petitions/{letter_id}/answer", {"letter": other}).status_code == 404


def test_anybody_follows_without_a_token_in_the_promised_shape(
    town: Installation, programs: Programs, receipt: Receipt
) -> None:
    visitor = town.app.test_client(use_cookies=False)
    document = programs.document.whole
    shape = document["paths"][f"{ADDRESS}/follow/{{code}}"]["get"]["responses"]["200"]["content"]["application/json"]
    by_whole = visitor.get(f"{ADDRESS}/follow/{receipt.code}")
    by_typed = visitor.get(f"{ADDRESS}/follow/{receipt.code[:12]}?number={receipt.number}")

    Draft202012Validator(shape["schema"] | {"components": document["components"]}).validate(by_whole.get_json())
    assert by_whole.get_json() == by_typed.get_json() and by_whole.headers["Cache-Control"] == "no-store"
    assert "มะลิ" not in by_whole.text and "ขอทราบผล" not in by_whole.text
    wrong = [visitor.get(f"{ADDRESS}/follow/{code}") for code in (receipt.code[:12], "0" * 20, "x")]
    assert {one.status_code for one in wrong} == {404}
    assert len({one.get_json()["code"] for one in wrong}) == 1
