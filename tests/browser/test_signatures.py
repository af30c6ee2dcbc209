"""The verdicts on signatures come to the page of a letter by themselves, on a desk and on a phone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.web.installation import Installation

Goto = Callable[[Any, str], Any]


def test_the_verdicts_come_when_the_letter_is_shown_and_fit_the_window(
    town: Installation,
    site: str,
    signed_in: Callable[..., Any],
    goto: Goto,
    looked_at: Callable[[Any], list[str]],
) -> None:
    letter_id = town.issued()
    page = signed_in("reading-clerk")
    goto(page, f"{site}/letters/{letter_id}")
    page.locator("#signatures table.signature").wait_for()

    assert page.locator("#signatures tr", has_text="ครบถ้วน").locator("svg[aria-label='ใช่']").count() == 1
    assert "นายสุเมธ" in page.locator("#signatures .verdict__sum").inner_text()
    assert looked_at(page) == []

    goto(page, f"{site}/letters/{letter_id}/signatures")
    assert page.locator("table.signature").count() == 1
    assert looked_at(page) == []
