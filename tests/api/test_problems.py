"""What goes wrong is told as a problem document (RFC 9457) in Thai, whatever was sent."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest

from saraban import doorway
from saraban.api.gate import LARGEST_JSON
from tests.api.program import ADDRESS, PROBLEM, Programs, a_letter, begun
from tests.api.test_who_may import THAI
from tests.web.installation import Installation

SHAPE = {"type", "title", "status", "detail", "code", "errors"}


def test_a_problem_has_its_parts_in_thai(programs: Programs) -> None:
    answer = programs["reading-clerk"].post("/letters", {"urgency": "quick", "colour": "red", "recipients": "0702"})

    told = answer.get_json()
    assert (answer.status_code, answer.mimetype, set(told)) == (422, PROBLEM, SHAPE)
    assert (told["status"], told["code"], told["type"]) == (422, "bad-input", "urn:saraban:problem:bad-input")
    assert set(told["errors"]) == {"urgency", "colour", "recipients"}
    for words in (told["title"], told["detail"], *told["errors"].values()):
        assert THAI.search(words)


WRONG_FIELDS: list[tuple[dict[str, Any], str]] = [
    ({"form": "letter"}, "form"),
    ({"form": "other"}, "form"),
    ({"form": "memorandum"}, "references"),
    ({"secrecy": "top-secret"}, "secrecy"),
    ({"subject": 5}, "subject"),
    ({"subject": None}, "subject"),
    ({"subject": "ก" * 501}, "subject"),
    ({"subject": "สอง\nบรรทัด"}, "subject"),
    ({"subject": "ศูนย์\x00"}, "subject"),
    ({"body": "ครึ่ง\ud800ตัว"}, "body"),
    ({"closing": "\x07"}, "closing"),
    ({"recipients": ["ZZZZ"]}, "recipients"),
    ({"recipients": ["0601"]}, "recipients"),
    ({"recipients": ["0702", "0702"]}, "recipients"),
    ({"recipients": [1]}, "recipients.0"),
    ({"references": ["ก", 7]}, "references.1"),
    ({"references": [{"date": "2026-01-01"}]}, "references.0.number"),
    ({"references": [{"number": "1", "date": "เมื่อวาน"}]}, "references.0.date"),
    ({"contact": {"fax": "1"}}, "contact.fax"),
    ({"contact": "โทร"}, "contact"),
    ({"response_due": "2569-12-15"}, "response_due"),
    ({"response_due": "15/12/2026"}, "response_due"),
    ({"response_due": "2026-01-01"}, "response_due"),
    ({"unit": "NOWHERE"}, "unit"),
    ({"purpose": "fun"}, "purpose"),
]


def test_a_wrong_field_is_named(programs: Programs) -> None:
    for sent, field in WRONG_FIELDS:
        answer = programs["reading-clerk"].post("/letters", a_letter(**sent))
        assert (answer.status_code, list(answer.get_json()["errors"])) == (422, [field]), f"{sent}: {answer.text}"
        assert THAI.search(answer.get_json()["errors"][field])


@pytest.mark.only_database("sqlite")
def test_a_version_is_a_whole_number(programs: Programs) -> None:
    letter = begun(programs)

    for version in ("1", 1.5, True, 0, -1, 10**30, [1]):
        answer = programs["reading-clerk"].post(f"/letters/{letter}/submit", {"version": version})
        assert (answer.status_code, list(answer.get_json()["errors"])) == (422, ["version"]), version


@pytest.mark.only_database("sqlite")
def test_a_revision_needs_its_version(programs: Programs) -> None:
    answer = programs["reading-clerk"].patch(f"/letters/{begun(programs)}", {"subject": "ก"})

    assert (answer.status_code, list(answer.get_json()["errors"])) == (422, ["version"])


@pytest.mark.only_database("sqlite")
def test_a_draft_with_nothing_in_it_cannot_be_submitted(programs: Programs) -> None:
    clerk = programs["reading-clerk"]
    letter = clerk.post("/letters", {}).get_json()["id"]

    answer = clerk.post(f"/letters/{letter}/submit")

    assert set(answer.get_json()["errors"]) == {"subject", "addressed_to", "body", "recipients"}


@pytest.mark.only_database("sqlite")
def test_a_program_is_told_of_a_lacking_salutation_before_it_submits(programs: Programs) -> None:
    clerk = programs["reading-clerk"]
    memorandum = {"form": "memorandum", "subject": "รายงาน", "body": "เพื่อทราบ", "addressed_to": "เลขาธิการ"}
    letter = clerk.post("/letters", memorandum).get_json()["id"]

    words = "ใส่คำขึ้นต้น เช่น เรียน เลขาธิการ"
    assert clerk.get(f"/letters/{letter}").get_json()["may"]["submit"] == words
    assert clerk.post(f"/letters/{letter}/submit").get_json()["errors"] == {"addressed_to": words}


UNREADABLE = [
    (b"{", "application/json", 400),
    (b"\xff\xfe", "application/json", 400),
    (b"[" * 100_000, "application/json", 400),
    (b'{"version": ' + b"9" * 5000 + b"}", "application/json", 400),
    (b"[]", "application/json", 422),
    (b'"text"', "application/json", 422),
    (b"subject=x", "application/x-www-form-urlencoded", 415),
    (b"<letter/>", "application/xml", 415),
    (b'{"a": "' + b"x" * LARGEST_JSON + b'"}', "application/json", 413),
]


@pytest.mark.only_database("sqlite")
def test_a_body_that_cannot_be_read_is_told_so(programs: Programs) -> None:
    for body, kind, status in UNREADABLE:
        answer = programs["reading-clerk"].post("/letters", data=body, content_type=kind)
        assert (answer.status_code, set(answer.get_json())) == (status, SHAPE), body[:20]


@pytest.mark.only_database("sqlite")
def test_an_upload_without_its_file_or_as_json_is_told_so(programs: Programs) -> None:
    path, clerk = f"/letters/{begun(programs)}/files", programs["reading-clerk"]

    nothing = clerk.post(path, data={"role": "enclosure"}, content_type="multipart/form-data")
    as_text = clerk.post(path, data={"file": "ไม่ใช่ไฟล์"}, content_type="multipart/form-data")
    empty = clerk.post(path, data={"file": (io.BytesIO(b""), "ว่าง.txt")})
    odd = clerk.post(path, data={"file": (io.BytesIO(b"x"), "ก.txt"), "role": "seal"})
    as_json = clerk.post(path, {"file": "x"})

    assert [a.status_code for a in (nothing, as_text, empty, odd, as_json)] == [422, 422, 422, 422, 415]
    assert [list(a.get_json()["errors"]) for a in (nothing, as_text, empty, odd)] == [["file"]] * 3 + [["role"]]


@pytest.mark.only_database("sqlite")
def test_a_file_that_is_too_large_is_told_so(programs: Programs) -> None:
    path, clerk = f"/letters/{begun(programs)}/files", programs["reading-clerk"]

    large = clerk.post(path, data={"file": (io.BytesIO(b"x" * 14_000_001), "ก.bin")})
    larger = clerk.post(path, data={"file": (io.BytesIO(b"x" * 32_000_001), "ก.bin")})

    assert (large.status_code, list(large.get_json()["errors"])) == (422, ["file"])
    assert (larger.status_code, larger.get_json()["code"]) == (413, "too-large")


@pytest.mark.only_database("sqlite")
def test_unknown_addresses_and_methods_are_problems_too(town: Installation) -> None:
    client = town.app.test_client()

    answers = [
        (client.get("/api/v1/nothing"), 404),
        (client.get("/api/"), 404),
        (client.get(f"{ADDRESS}/letters/not-an-id"), 404),
        (client.put(f"{ADDRESS}/letters"), 405),
        (client.post(f"{ADDRESS}/openapi.json"), 405),
    ]

    for answer, status in answers:
        assert (answer.status_code, answer.mimetype, set(answer.get_json())) == (status, PROBLEM, SHAPE)
    assert "GET" in answers[3][0].headers["Allow"]


@pytest.mark.only_database("sqlite")
def test_a_screen_that_is_not_there_is_still_a_page(town: Installation) -> None:
    assert town.app.test_client().get("/nothing").mimetype == "text/html"


NOWHERE = [
    f"/letters/{uuid4()}",
    f"/letters/{uuid4()}/preview",
    f"/letters/{uuid4()}/files/{'0' * 64}",
    f"/dispatches/{uuid4()}",
    f"/incoming/{uuid4()}",
    f"/incoming/{uuid4()}/stamped",
    "/registers/recipes/entries",
    "/registers/sending/entries?unit=NOWHERE",
]


def test_what_does_not_exist_is_not_found(programs: Programs) -> None:
    for path in [*NOWHERE, f"/letters/{begun(programs)}/files/XYZ"]:
        answer = programs["reading-clerk"].get(path)
        assert (answer.status_code, answer.get_json()["code"]) == (404, "not-found"), path


WRONG_QUERIES = [
    ("/letters?limit=0", "limit"),
    ("/letters?limit=many", "limit"),
    ("/letters?tab=mine", "tab"),
    ("/letters?q=%00", "q"),
    ("/incoming?state=lost", "state"),
    ("/incoming?cursor=%00", "cursor"),
    ("/registers/receiving/entries?year=2026", "year"),
    ("/registers/receiving/entries?year=99999999999999999999", "year"),
    ("/registers/receiving/entries?cursor=WyJ4Il0", "cursor"),
    ("/search", "q"),
]


def test_a_wrong_query_is_named(programs: Programs) -> None:
    for query, field in WRONG_QUERIES:
        answer = programs["reading-clerk"].get(query)
        assert (answer.status_code, list(answer.get_json()["errors"])) == (422, [field]), query


@contextmanager
def _broken(town: Installation) -> Iterator[None]:
    def fail() -> Any:
        raise RuntimeError("a secret inside of the program")

    broken = replace(town.office, services=replace(town.office.services, uow=fail))
    town.app.extensions[doorway.EXTENSION] = broken
    yield
    town.app.extensions[doorway.EXTENSION] = town.office


@pytest.mark.only_database("sqlite")
def test_an_unexpected_error_shows_nothing_of_the_inside(town: Installation, programs: Programs) -> None:
    clerk = programs["reading-clerk"]

    with _broken(town):
        answer = clerk.post("/letters", a_letter())

    assert (answer.status_code, answer.get_json()["code"]) == (500, "unexpected")
    assert "secret" not in answer.text and "RuntimeError" not in answer.text
