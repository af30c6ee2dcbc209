"""What changed between versions, in a real browser: on a desk and on a phone, readable by everybody."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.web.installation import Installation
from tests.web.test_versions import sent_back_and_changed


def test_changes_have_no_findings_and_nothing_sticks_out(
    town: Installation,
    site: str,
    signed_in: Callable[..., Any],
    goto: Callable[[Any, str], Any],
    looked_at: Callable[[Any], list[str]],
) -> None:
    letter = sent_back_and_changed(town)
    found = {}
    for who, place in (("reading-director", f"/desk/{letter}"), ("reading-clerk", f"/letters/{letter}/changes")):
        page = signed_in(who)
        goto(page, f"{site}{place}")
        if faults := looked_at(page):
            found[place] = faults

    assert found == {}


def test_the_approver_sees_the_changes_before_the_page(
    town: Installation, site: str, signed_in: Callable[..., Any], goto: Callable[[Any, str], Any]
) -> None:
    page = signed_in("reading-director")
    goto(page, f"{site}/desk/{sent_back_and_changed(town)}")

    changes = page.locator(".redline").bounding_box()
    sheet = page.locator(".viewer__stage .page").first.bounding_box()
    assert changes["y"] < sheet["y"] and changes["height"] > 40
