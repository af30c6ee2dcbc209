"""Form 3, หนังสือประทับตรา (clauses 13 and 14): ถึง, the text, and the agency's name with the seal over it and the initials
beside the seal."""

from __future__ import annotations

from typing import Any

from saraban.rendering import paper
from saraban.rendering.composing import Composer, foot_rows, with_spaces
from saraban.rendering.emblem import Emblem, head_of
from saraban.rendering.forms.parts import number_span, written_day
from saraban.rendering.frame import Place, Plan
from saraban.rendering.pagination import Mark
from saraban.rendering.seal import draw_place_of_seal, draw_seal
from saraban.rendering.shaping import Typeface
from saraban.usecases.pages import PageLetter

_INITIALS_LEFT = paper.SEAL_AXIS + paper.SEAL_OUTER / 2 + 4.0
_SEAL_BOX = (
    paper.SEAL_AXIS - paper.SEAL_OUTER / 2,
    paper.SEAL_ABOVE_NAME - paper.SEAL_OUTER,
    paper.SEAL_AXIS + paper.SEAL_OUTER / 2,
    paper.SEAL_ABOVE_NAME,
)
"""Where the seal stands, seen from the middle of the baseline over which it is set."""


def stamped_letter(letter: PageLetter, face: Typeface, emblem: Emblem | None) -> Plan:
    """Number, ถึง, text, agency and seal, day, unit. A draft shows only where the seal will be."""
    composer = Composer(face)
    composer.put(number_span(composer, "ที่", letter.number))
    composer.captioned("ถึง", [letter.salutation.removeprefix("ถึง ")], part="salutation")
    composer.text(letter.body)

    ending = Composer(face)
    names = ending.balanced(letter.agency_name, paper.TITLE_WIDTH)
    path = ending.element()
    for number, (line, spaced) in enumerate(with_spaces(letter.agency_name, names)):
        seal = (_seal(letter, face, emblem),) if number == len(names) - 1 else ()
        before = paper.SEAL_ABOVE_NAME if number == 0 else 0.0
        ending.put(
            ending.around(paper.SEAL_AXIS, line, path=path, spaced=spaced),
            before=before,
            marks=seal,
            shown=(_told_of_seal(letter), _SEAL_BOX) if seal else None,
        )
    day, colour = written_day(letter.date)
    below = paper.SEAL_OUTER - paper.SEAL_ABOVE_NAME
    ending.put(ending.around(paper.SEAL_AXIS, day, colour=colour), before=below)
    return Plan(
        first=paper.GARUDA_FEET,
        rows=composer.rows,
        ending=ending.rows,
        place=Place(
            above=len(names),
            axis=(_INITIALS_LEFT + paper.RIGHT) / 2,
            width=paper.RIGHT - _INITIALS_LEFT,
            height=paper.INITIALS_HEIGHT,
        ),
        foot=foot_rows(letter, face),
        emblem=head_of(emblem),
    )


def _told_of_seal(letter: PageLetter) -> str:
    """What is said of the seal, or of its place on a draft, to those who do not see it."""
    return f"ตราชื่อส่วนราชการ {letter.agency_name}" if letter.number is not None else "ที่ประทับตราชื่อส่วนราชการ"


def _seal(letter: PageLetter, face: Typeface, emblem: Emblem | None) -> Mark:
    """The seal over the last line of the agency's name."""

    def draw(canvas: Any, y: float, leading: float) -> None:
        del leading
        middle = y + paper.SEAL_ABOVE_NAME - paper.SEAL_OUTER / 2
        if letter.number is None:
            draw_place_of_seal(canvas, paper.SEAL_AXIS, middle)
        else:
            draw_seal(canvas, paper.SEAL_AXIS, middle, letter.agency_name, face, emblem)

    return draw
