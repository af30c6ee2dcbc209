"""Verifying for programs: without a token, in the shape of the document, the same nothing for what may not be shown."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from werkzeug.test import TestResponse

from saraban.domain.classification import Secrecy
from saraban.domain.verification import code_from
from saraban.doorway import public
from tests.api.program import ADDRESS, Programs
from tests.databases import NewDatabase
from tests.fakes import FixedClock
from tests.lookups import a_kind, a_licence
from tests.web.installation import READING, Installation, build_installation
from tests.web.public_town import PUBLIC, code, coded_anyhow, scans, void


@pytest.fixture
def town(tmp_path: Path, new_database: NewDatabase, clock: FixedClock) -> Iterator[Installation]:
    made = build_installation(tmp_path, new_database, clock, public_url=PUBLIC)
    yield made
    scans(made)
    made.close()


def _asked(town: Installation, of: str, **headers: str) -> TestResponse:
    return town.app.test_client(use_cookies=False).get(f"{ADDRESS}/verify/{of}", headers=headers)


def test_a_document_is_told_without_a_token_in_the_promised_shape(town: Installation, programs: Programs) -> None:
    made = code(town, town.issued())
    answer = _asked(town, made.typed)
    told = answer.get_json()
    document = programs.document.whole
    shape = document["paths"][f"{ADDRESS}/verify/{{code}}"]["get"]["responses"]["200"]["content"]["application/json"]

    assert answer.status_code == 200
    assert list(Draft202012Validator({**document, **shape["schema"]}).iter_errors(told)) == []
    assert (told["code"], told["state"], told["date"], told["subject"]) == (made.code, "valid", "2026-11-23", None)
    assert told["agency"]["code"] == READING and told["files"][0]["what"] == "original"
    assert len(told["seals"]) == 1 and len(told["seals"][0]["sha256"]) == 64
    assert scans(town) == [1]


def test_the_document_says_that_it_is_open(programs: Programs) -> None:
    operation = programs.document.whole["paths"][f"{ADDRESS}/verify/{{code}}"]["get"]

    assert operation["security"] == [] and "429" in operation["responses"] and "401" not in operation["responses"]


def test_a_cancelled_document_says_when(town: Installation) -> None:
    letter_id = town.issued()
    void(town, letter_id, town.actor("reading-clerk"))
    told = _asked(town, code(town, letter_id).code).get_json()

    assert (told["state"], told["cancelled_on"]) == ("cancelled", "2026-11-23")


def test_unknown_and_restricted_are_the_same_problem(town: Installation) -> None:
    secret = coded_anyhow(town, town.issued(secrecy=Secrecy.CONFIDENTIAL))
    answers = [_asked(town, one) for one in (secret, secret[:12], "0" * 20, "x")]

    assert {(answer.status_code, answer.text) for answer in answers} == {(404, answers[0].text)}
    assert answers[0].get_json()["code"] == "not-found"


def test_it_lies_in_caches_and_is_paced(town: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(public, "MOST_TYPED_MISSES", 2)
    made = code(town, town.issued())
    first = _asked(town, made.code)
    again = _asked(town, made.code, **{"If-None-Match": first.headers["ETag"]})
    statuses = [_asked(town, "0" * 12).status_code for _ in range(3)]
    paced = _asked(town, made.typed)

    assert first.headers["Cache-Control"] == "public, max-age=30" and again.status_code == 304
    assert statuses == [404, 404, 429]
    assert paced.status_code == 429 and paced.headers["Retry-After"] == "600"
    assert paced.get_json()["code"] == "too-many-requests"


def test_who_issued_it_is_told_how_often_it_was_looked_up(town: Installation, programs: Programs) -> None:
    letter_id = town.issued()
    made = code(town, letter_id)
    for _ in range(2):
        _asked(town, made.code)
    scans(town)
    told = programs["reading-clerk"].get(f"/letters/{letter_id}/verification").get_json()

    assert told == {
        "code": made.code,
        "typed": made.shown,
        "address": f"{PUBLIC}/v/{made.code}",
        "total": 2,
        "days": [{"date": "2026-11-23", "count": 2}],
    }
    for who, what in (("reading-clerk", town.draft()), ("learning-clerk", letter_id)):
        assert programs[who].get(f"/letters/{what}/verification").status_code == 404


def test_who_may_see_an_issued_document_reads_how_often_it_was_looked_up(
    town: Installation, programs: Programs
) -> None:
    actor, made = town.actor("reading-records"), code_from(bytes(range(13)))
    with town.services.uow() as uow:
        unit = uow.agencies.central_unit(actor.agency_id)
    document = a_licence(town.services, a_kind(town.services, actor.agency_id), unit.id, code=made)
    assert _asked(town, made).status_code == 200
    scans(town)
    address = f"/issued/{document.id}/verification"
    told = programs["reading-records"].get(address).get_json()

    assert told["address"] == f"{PUBLIC}/v/{made}" and told["total"] == 1
    assert told["days"] == [{"date": "2026-11-23", "count": 1}]
    assert programs["learning-records"].get(address).status_code == 404
