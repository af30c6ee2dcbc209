"""Coming in: login, logout, the limit on guessing, forged requests and error pages."""
from __future__ import annotations
from tests.web.installation import Installation

def test_a_person_signs_in_and_out(town: Installation) -> None:
    browser = town.client("reading-clerk")
    assert browser.get("/help").status_code in (200, 404)
