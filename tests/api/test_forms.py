"""Documents of every form, as programs write them: their details, refusals by field, and the book of the form."""

from __future__ import annotations

from typing import Any

import pytest

from saraban.domain.forms import RULES
from tests.api.program import Programs, a_letter, begun
from tests.builders import MINUTES
from tests.web.installation import PASSPHRASE, Installation

ORDER: dict[str, Any] = {"form": "order", "subject": "แต่งตั้งคณะทำงาน", "body": "จึงแต่งตั้งคณะทำงาน ดังนี้"}
THE_MINUTES: dict[str, Any] = {
    "form": "minutes",
    "subject": MINUTES.subject,
    "body": MINUTES.body,
    "details": dict(MINUTES.details),
}


def test_minutes_are_written_issued_and_read_with_their_details(town: Installation, programs: Programs) -> None:
    town.open_books()
    clerk, director = programs["reading-clerk"], programs["reading-director"]
    letter = clerk.post("/letters", THE_MINUTES).get_json()["id"]
    assert clerk.post(f"/letters/{letter}/submit").status_code == 200
    signed = director.post(f"/letters/{letter}/sign", {"passphrase": PASSPHRASE})

    shown = clerk.get(f"/letters/{letter}").get_json()
    assert signed.get_json()["number"] == "1/2569"
    assert (shown["form"], shown["details"], shown["state"]) == ("minutes", dict(MINUTES.details), "issued")
    assert "ถือว่าเสร็จ" in shown["may"]["dispatch"]
    refused = clerk.post(f"/letters/{letter}/dispatch")
    assert (refused.status_code, refused.get_json()["code"]) == (422, "no-receivers")
    (line,) = programs["reading-records"].get("/registers/minutes/entries").get_json()["items"]
    assert line["letter_number"] == "1/2569" and line["subject"] == MINUTES.subject


@pytest.mark.parametrize(
    ("details", "field"),
    [
        ({"held_on": "20 พ.ย. 2569"}, "details.held_on"),
        ({"begins": "9.30"}, "details.begins"),
        ({"agenda": "ก"}, "details.agenda"),
        ({"session": 1}, "details.session"),
        ({"session": "1\n2"}, "details.session"),
        ({"present": "ก" * 20_001}, "details.present"),
        (["1/2569"], "details"),
        ("1/2569", "details"),
    ],
)
@pytest.mark.only_database("sqlite")
def test_a_detail_that_does_not_fit_is_a_problem_of_its_field(programs: Programs, details: Any, field: str) -> None:
    answer = programs["reading-clerk"].post("/letters", THE_MINUTES | {"details": details})

    assert answer.status_code == 422
    assert list(answer.get_json()["errors"]) == [field]
    assert any("ก" <= sign <= "๛" for sign in answer.get_json()["errors"][field])


@pytest.mark.only_database("sqlite")
def test_what_a_form_lacks_is_refused_when_it_is_sent_and_emptied_when_the_form_changes(programs: Programs) -> None:
    clerk = programs["reading-clerk"]
    refused = clerk.post("/letters", a_letter(form="order"))
    assert set(refused.get_json()["errors"]) == {"addressed_to", "recipients", "references", "contact", "response_due"}
    letter = begun(programs)

    changed = clerk.patch(f"/letters/{letter}", {"version": 1, "form": "order", "details": {"effective": "2026-12-01"}})
    shown = clerk.get(f"/letters/{letter}").get_json()
    assert changed.status_code == 200
    assert (shown["form"], shown["body"], shown["recipients"]) == ("order", a_letter()["body"], [])
    assert shown["details"] == {"effective": "2026-12-01"} and shown["references"] == []
    again = clerk.patch(f"/letters/{letter}", {"version": 2, "recipients": ["0702"]})
    assert list(again.get_json()["errors"]) == ["recipients"]


@pytest.mark.only_database("sqlite")
def test_a_book_that_is_not_kept_stops_the_order_at_its_drafter(programs: Programs) -> None:
    clerk = programs["reading-clerk"]
    letter = clerk.post("/letters", ORDER).get_json()["id"]
    answer = clerk.post(f"/letters/{letter}/submit")

    assert (answer.status_code, answer.get_json()["code"]) == (422, "book-not-open")
    assert "ทะเบียนคำสั่ง" in answer.get_json()["detail"]


@pytest.mark.only_database("sqlite")
def test_the_document_of_the_api_names_the_forms_and_their_details(programs: Programs) -> None:
    shape = programs.document.whole["components"]["schemas"]["LetterDraft"]

    assert set(shape["properties"]["form"]["enum"]) == {form.value for form in RULES}
    told = shape["properties"]["details"]
    assert told["type"] == "object"
    for rule in RULES.values():
        for detail in rule.details:
            assert f"{detail.key} {detail.thai}" in told["description"]
    assert programs["reading-clerk"].post("/letters", ORDER | {"form": "other"}).status_code == 422


def test_a_letter_may_have_digits_of_its_own(programs: Programs) -> None:
    clerk = programs["reading-clerk"]
    letter = clerk.post("/letters", ORDER | {"digits": "arabic"}).get_json()["id"]
    chosen = clerk.get(f"/letters/{letter}").get_json()["digits"]
    clerk.patch(f"/letters/{letter}", {"version": 1, "digits": None})
    refused = clerk.post("/letters", ORDER | {"digits": "roman"})

    assert chosen == "arabic" and clerk.get(f"/letters/{letter}").get_json()["digits"] is None
    assert refused.status_code == 422 and list(refused.get_json()["errors"]) == ["digits"]
