"""The matter of a letter by program."""

from __future__ import annotations

from uuid import uuid4

import pytest

from saraban.domain.content import Reference
from tests.api.program import Programs
from tests.web.installation import Installation


def test_a_matter_is_told_with_its_ties_and_what_is_named_besides(town: Installation, programs: Programs) -> None:
    letter = town.draft(references=(Reference("มท 0309/12", None, "กรมการปกครอง"),))
    town.carry()
    clerk = programs["reading-clerk"]
    alone = clerk.get(f"/matters/{letter}").get_json()

    [item] = alone["items"]
    assert (item["id"], item["kind"], item["open"], item["ties"]) == (str(letter), "letter", True, [])
    assert alone["named"] == [{"by": str(letter), "number": "มท 0309/12", "date": None, "from": "กรมการปกครอง"}]
    assert programs["learning-clerk"].get(f"/matters/{letter}").status_code == 404
    assert clerk.get(f"/matters/{uuid4()}").status_code == 404


@pytest.mark.only_database("sqlite")
def test_letters_are_joined_by_id_or_number_and_parted(town: Installation, programs: Programs) -> None:
    clerk = programs["reading-clerk"]
    paper = {"date": "2026-11-20", "from": "กรมบัญชีกลาง", "to": "อธิบดี"}
    one, other, third = (
        clerk.post(
            "/registers/receiving/entries", paper | {"number": f"กค 0408/{n}", "subject": f"เรื่องที่ {n}"}
        ).get_json()["id"]
        for n in (71, 72, 73)
    )
    joined = clerk.post(f"/matters/{one}/join", {"number": "กค ๐๔๐๘/๗๒"}).get_json()
    assert {item["id"] for item in joined["items"]} == {one, other}
    more = clerk.post(f"/matters/{one}/join", {"other": third}).get_json()
    assert {item["id"] for item in more["items"]} == {one, other, third}
    parted = clerk.post(f"/matters/{one}/part", {"one": one, "other": third, "reason": "คนละเรื่อง"}).get_json()
    assert {item["id"] for item in parted["items"]} == {one, other}

    assert clerk.post(f"/matters/{one}/join", {"number": "กค ๙/๙"}).status_code == 422
    assert clerk.post(f"/matters/{one}/part", {"one": one, "other": third, "reason": "ก"}).status_code == 404
    assert programs["learning-clerk"].post(f"/matters/{one}/join", {"other": third}).status_code == 404
