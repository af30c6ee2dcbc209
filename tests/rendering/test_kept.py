"""Pages of drafts that were drawn a moment ago are given again, and nothing else is."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from saraban.domain.classification import Secrecy
from saraban.rendering.kept import KeptPages
from saraban.usecases.pages import Page, PageLetter
from saraban.usecases.proofs import SignatureBlock
from tests.rendering.a_page import a_page_letter

DRAFT = replace(a_page_letter(), number=None, date=None)


class _Press:
    """Counts what it draws, ten bytes each."""

    def __init__(self) -> None:
        self.drawn = 0

    def draw(self) -> Page:
        self.drawn += 1
        return Page(b"0123456789", 1, SignatureBlock(0, 0.0, 0.0, 1.0, 1.0, "ก", "ข"))


def _drawn(*letters: PageLetter, most: int = 1_000) -> int:
    press, kept = _Press(), KeptPages(most)
    for letter in letters:
        kept.of(letter, press.draw)
    return press.drawn


def test_a_draft_is_drawn_once_until_something_else_is_printed() -> None:
    changed = replace(DRAFT, details={"x": "y"}), replace(DRAFT, body="อื่น"), replace(DRAFT, signer_name="ผู้อื่น")

    assert _drawn(DRAFT, DRAFT, DRAFT) == 1
    assert _drawn(DRAFT, *changed, DRAFT) == 4


def test_what_has_a_number_or_a_date_or_is_classified_is_never_kept() -> None:
    for letter in (
        replace(DRAFT, number="ทส 1/1"),
        replace(DRAFT, date=date(2026, 11, 23)),
        replace(DRAFT, secrecy=Secrecy.SECRET),
    ):
        assert _drawn(letter, letter) == 2


def test_the_page_that_was_looked_at_longest_ago_makes_room() -> None:
    first, second, third = DRAFT, replace(DRAFT, body="สอง"), replace(DRAFT, body="สาม")

    assert _drawn(first, second, third, first, most=20) == 4
    assert _drawn(first, second, first, third, first, most=20) == 3
    assert _drawn(first, first, most=5) == 2
