"""A board is drawn from its tables, and a bar leads where the number leads; the same on a phone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.web.installation import Installation


def test_a_board_is_drawn_and_leads_to_its_letters(
    town: Installation,
    signed_in: Callable[..., Any],
    axe: Callable[[Any], list[str]],
    sticks_out: Callable[..., list[str]],
) -> None:
    town.submitted(subject="ขอเชิญประชุมคณะกรรมการ")
    for phone in (True, False):
        director = signed_in("reading-director", "/boards?scope=unit", phone=phone)
        director.wait_for_selector("html[data-drawn]", state="attached")
        assert director.locator("[data-chart]:has(canvas)").count() == 6
        assert axe(director) == [] and sticks_out(director) == []
    director.locator("#board-waiting a").first.press("Enter")
    director.get_by_role("heading", name="รอเกษียนเสนอ").wait_for()
    assert director.get_by_role("link", name="ขอเชิญประชุมคณะกรรมการ").count() == 1
    assert axe(director) == []
