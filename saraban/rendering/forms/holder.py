"""The holder of a certificate on form 10 (clause 24.7): the photograph below the date at the left, the agency's seal
over its lower right corner, and below it room for the holder's signature and the name."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import Any

from reportlab.lib.utils import ImageReader

from saraban.rendering import paper
from saraban.rendering.composing import Composer
from saraban.rendering.emblem import Emblem
from saraban.rendering.pagination import Mark
from saraban.rendering.seal import draw_place_of_seal, draw_seal
from saraban.rendering.shaping import Typeface
from saraban.usecases.pages import PageLetter

_TOP, _BOTTOM = -paper.PHOTO_BELOW_DATE, -paper.PHOTO_BELOW_DATE - paper.PHOTO_HEIGHT
"""Its edges, seen from the baseline of the date."""
_BOX = (paper.LEFT, _BOTTOM, paper.LEFT + paper.PHOTO_WIDTH, _TOP)


def add_holder(ending: Composer, letter: PageLetter, photo: bytes, face: Typeface, emblem: Emblem | None) -> None:
    """Put the photograph and the seal below the date, which is the first row, and the holder's name last. The name is
    as far down as the photograph asks, or below the last position."""
    first, *others = ending.rows
    marks = (*first.marks, _picture(photo), _seal(letter, face, emblem))
    ending.rows[0] = replace(first, marks=marks, shown=(_told(letter), _BOX))
    so_far = sum(row.drop(paper.LEADING) for row in others)
    down = -_BOTTOM + paper.HOLDER_LINES * paper.LEADING
    holder = letter.details.get("holder", "")
    ending.put(
        *([ending.around(paper.HOLDER_AXIS, f"({holder})")] if holder else []),
        before=max(0.0, down - so_far - paper.LEADING),
    )


def _told(letter: PageLetter) -> str:
    """What is said of the photograph to those who do not see it."""
    return f"รูปถ่าย {letter.details.get('holder', '')} ประทับตรา{letter.agency_name}".replace("  ", " ")


def _picture(photo: bytes) -> Mark:
    def draw(canvas: Any, y: float, leading: float) -> None:
        del leading
        reader = ImageReader(io.BytesIO(photo))
        canvas.drawImage(reader, paper.LEFT, y + _BOTTOM, paper.PHOTO_WIDTH, paper.PHOTO_HEIGHT)

    return draw


def _seal(letter: PageLetter, face: Typeface, emblem: Emblem | None) -> Mark:
    x, up = paper.PHOTO_SEAL

    def draw(canvas: Any, y: float, leading: float) -> None:
        del leading
        if letter.number is None:
            draw_place_of_seal(canvas, x, y + _BOTTOM + up)
        else:
            draw_seal(canvas, x, y + _BOTTOM + up, letter.agency_name, face, emblem)

    return draw
