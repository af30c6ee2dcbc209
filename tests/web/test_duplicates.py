"""The duplicate on the letter's page and by program."""

from __future__ import annotations

from tests.api.program import Programs
from tests.web.installation import Browser, Installation


def test_the_duplicate_is_downloaded_from_the_letters_page(town: Installation, clerk: Browser) -> None:
    letter_id = town.issued()
    page = clerk.get(f"/letters/{letter_id}").text
    address = f"/letters/{letter_id}/duplicate.pdf"
    assert address in page
    answer = clerk.get(address)
    assert answer.data.startswith(b"%PDF") and "attachment" in answer.headers["Content-Disposition"]
    assert Programs(town)["reading-clerk"].get(f"/letters/{letter_id}/duplicate").data == answer.data
    assert town.client("learning-clerk").get(address).status_code == 404


def test_a_draft_has_none_and_the_reason_is_said(town: Installation, clerk: Browser) -> None:
    letter_id = town.draft()
    assert "duplicate.pdf" not in clerk.get(f"/letters/{letter_id}").text
    refused = Programs(town)["reading-clerk"].get(f"/letters/{letter_id}/duplicate")
    assert (refused.status_code, refused.get_json()["code"]) == (422, "no-duplicate")
