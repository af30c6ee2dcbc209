"""What several forms have: name and position below the signature, the line of the day, the rule below the centred
lines, and the grey words of what is still to come on a draft."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from saraban.rendering import paper
from saraban.rendering.composing import Composer
from saraban.rendering.pagination import Span
from saraban.rendering.thai import thai_date, thai_date_of_era

NUMBER_TO_COME = "(รอเลข)"
DATE_TO_COME = "(รอวันที่)"


def written(text: str | None, to_come: str) -> tuple[str, tuple[float, float, float]]:
    """The text in black, or in grey that it is to come."""
    return (to_come, paper.GREY) if text is None else (text, paper.BLACK)


def written_day(day: date | None) -> tuple[str, tuple[float, float, float]]:
    """The day as letters print it, or that it is to come."""
    return written(None if day is None else thai_date(day), DATE_TO_COME)


def day_of(detail: str) -> date | None:
    """The day that a detail keeps, as "2026-11-26"; None while it is not written or is none."""
    try:
        return date.fromisoformat(detail)
    except ValueError:
        return None


def number_span(composer: Composer, caption: str, number: str | None) -> Span:
    """The number left of the garuda, on one line always: smaller when it would need more, so that nothing below it
    moves."""
    words, colour = written(None if number is None else f"{caption} {number}", f"{caption} {NUMBER_TO_COME}")
    room = paper.CENTRE - paper.GARUDA_HALF_WIDTH - paper.LEFT
    return composer.span(paper.LEFT, words, colour=colour, room=room)


@dataclass(frozen=True)
class HeadRule:
    """The short rule below the centred lines of the head: a mark of a row."""

    half: float = paper.HEAD_RULE_WIDTH / 2

    def __call__(self, canvas: Any, y: float, leading: float) -> None:
        """Draw it."""
        del leading
        canvas.setLineWidth(paper.RULE_WEIGHT)
        height = y + paper.HEAD_RULE_RISE
        canvas.line(paper.CENTRE - self.half, height, paper.CENTRE + self.half, height)


def rule_off(composer: Composer) -> None:
    """The short rule below the centred lines of the head."""
    composer.put(marks=(HeadRule(),), keep=True)


def date_line(composer: Composer, caption: str, day: date | None) -> None:
    """As in "สั่ง ณ วันที่ ๒๓ พฤศจิกายน พ.ศ. ๒๕๖๙", in the middle of the page."""
    words, colour = written(None if day is None else thai_date_of_era(day), DATE_TO_COME)
    begin = paper.CENTRE - composer.width(f"{caption} {words}") / 2
    after = begin + composer.width(f"{caption} ")
    composer.put(
        composer.span(begin, f"{caption} "), composer.span(after, words, colour=colour), before=paper.BEFORE_CLOSING
    )


def name_and_titles(composer: Composer, name: str, titles: Sequence[str], axis: float) -> None:
    """Three blank lines for the signature, the full name in brackets, and the positions, centred on the axis (clauses
    11.10 and 11.11)."""
    composer.put(composer.around(axis, f"({name})"), lines=paper.SIGNATURE_LINES)
    for title in titles:
        composer.centred(axis, title, paper.TITLE_WIDTH)
