"""The matter of a letter by program."""

from __future__ import annotations

from uuid import uuid4

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
