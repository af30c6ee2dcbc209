"""What changed between versions, in a real browser: on a desk and on a phone, readable by everybody."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.web.installation import Installation
from tests.web.test_versions import sent_back_and_changed


@pytest.mark.parametrize("phone", [False, True], ids=["desk", "phone"])
def test_changes_have_no_findings_and_nothing_sticks_out(
    town: Installation,
    site: str,
    signed_in: Callable[..., Any],
    goto: Callable[[Any, str], Any],
    axe: Callable[[Any], list[str]],
    sticks_out: Callable[..., list[str]],
    phone: bool,
) -> None:
    letter = sent_back_and_changed(town)
    found = {}
    for who, place in (("reading-director", f"/desk/{letter}"), ("reading-clerk", f"/letters/{letter}/changes")):
        page = signed_in(who, phone=phone)
        goto(page, f"{site}{place}")
        faults = axe(page) + sticks_out(page, (390, 360) if phone else (1366,))
        if faults:
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
