"""What several forms have: name and position below the signature, the line of the day, the rule below the centred
lines, and the grey words of what is still to come on a draft."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import zip_longest
from typing import Any

from saraban.rendering import paper
from saraban.rendering.composing import Composer, with_spaces
from saraban.rendering.frame import Place
from saraban.rendering.pagination import Span
from saraban.rendering.thai import thai_date, thai_date_of_era
from saraban.usecases.pages import PageCosigner, PageLetter

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


def signatures(composer: Composer, letter: PageLetter, axis: float) -> tuple[Place, list[Place]]:
    """The names of all who sign below the rows that are there, with the places of their signatures: the signatory's,
    and those of the cosigners in their order. One alone stands on the axis; several stand two and two in their order,
    the signatory last, and alone on the right when the others are even."""
    signers = [*letter.cosigners, PageCosigner(letter.signer_name, letter.signer_titles)]
    if len(signers) == 1:
        place = Place(above=len(composer.rows), axis=axis)
        name_and_titles(composer, letter.signer_name, letter.signer_titles, axis)
        return place, []
    places = []
    for first in range(0, len(signers), 2):
        pair = signers[first : first + 2]
        axes = (paper.LEFT_HALF, paper.RIGHT_HALF) if len(pair) == 2 else (paper.RIGHT_HALF,)
        places += [Place(above=len(composer.rows), axis=one) for one in axes]
        side_by_side(composer, [(one, who.name, who.titles) for one, who in zip(axes, pair, strict=True)])
    return places[-1], places[:-1]


def side_by_side(composer: Composer, signers: Sequence[tuple[float, str, Sequence[str]]]) -> None:
    """Names in brackets on one line, each around its axis, with room for the signatures above them, and the titles
    below each."""
    columns = [composer.element("Div") for _ in signers]
    composer.put(
        *(
            composer.around(axis, f"({name})", path=(*column, *composer.element()))
            for (axis, name, _), column in zip(signers, columns, strict=True)
        ),
        lines=paper.SIGNATURE_LINES,
    )
    below = [
        [
            composer.around(axis, line, path=(*column, *path), spaced=spaced)
            for title in titles
            for path in [composer.element()]
            for line, spaced in with_spaces(title, composer.balanced(title, paper.HALF_TITLE_WIDTH))
        ]
        for (axis, _, titles), column in zip(signers, columns, strict=True)
    ]
    for spans in zip_longest(*below):
        composer.put(*(span for span in spans if span is not None))
