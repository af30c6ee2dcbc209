"""A stand-in for the garuda: a winged figure of our own, plainly marked as a sample.

The official drawing (clause 71, form 26) is not ours to give away; an agency puts its own in its place. The stand-in
has the same height and place, so that letters look as they will.
"""

from __future__ import annotations

import io
from functools import cache
from typing import Any

from reportlab.pdfgen.canvas import Canvas

from saraban.rendering import paper
from saraban.rendering.paragraph import draw_text
from saraban.rendering.shaping import Typeface

LABEL = "ตราครุฑ (ตัวอย่าง)"
_LABEL_SIZE = 8.0
_SMALL_LABEL_SIZE = 5.5
_LABEL_ROOM = 9.0
_FIGURE_HEIGHT, _FIGURE_HALF_WIDTH = 106.0, 52.5
_WINGS_ABOVE = 0.04

_Point = tuple[float, float]

# Feathers as (root, angle in degrees from the right, length, half width), those behind first. The drawing is 100 units
# high, x = 0 is the axis; each feather has its mirror image unless it points straight down.
_Feather = tuple[_Point, float, float, float]
_TAIL: tuple[_Feather, ...] = (
    ((0, 40), -52, 36, 6.0),
    ((0, 40), -66, 39, 6.0),
    ((0, 40), -79, 41, 5.6),
    ((0, 40), -90, 42, 5.2),
)
_WING: tuple[_Feather, ...] = (
    ((5, 50), -22, 34, 6.0),
    ((5, 53), -6, 41, 6.4),
    ((5, 56), 10, 47, 6.8),
    ((5, 58), 25, 52, 7.0),
    ((5, 60), 39, 55, 7.0),
    ((5, 61), 52, 54, 6.6),
)
_COVERTS: tuple[_Feather, ...] = (
    ((4, 53), -14, 23, 5.2),
    ((4, 56), 4, 27, 5.6),
    ((4, 59), 22, 30, 5.8),
    ((4, 61), 40, 32, 5.6),
)


def draw_garuda(canvas: Any, face: Typeface) -> None:
    """Draw the stand-in at the head of a page, 3 cm high, its feet on the line of the letter's number."""
    _draw_label(canvas, paper.CENTRE, paper.GARUDA_FEET + 1.0, _LABEL_SIZE, face)
    _draw_figure(canvas, paper.CENTRE, paper.GARUDA_FEET + _LABEL_ROOM, paper.GARUDA_HEIGHT - _LABEL_ROOM)


def draw_small_garuda(canvas: Any, left: float, top: float, height: float, face: Typeface) -> None:
    """Draw the stand-in in another size with its upper left corner there, as on memoranda and envelopes."""
    axis = left + small_garuda_width(height) / 2
    room = _label_room(height)
    _draw_label(canvas, axis, top - height + 0.6, _SMALL_LABEL_SIZE, face)
    _draw_figure(canvas, axis, top - height + room, height - room)


def draw_garuda_of_seal(canvas: Any, x: float, y: float, height: float) -> None:
    """Draw the figure in red in a circle around (x, y), a little below its middle since the wings are widest above;
    what is around it says that it is a stand-in."""
    _draw_figure(canvas, x, y - height * (0.5 + _WINGS_ABOVE), height, paper.RED)


def small_garuda_width(height: float) -> float:
    """How wide the figure is at a height, wing tip to wing tip."""
    return (height - _label_room(height)) * 2 * _FIGURE_HALF_WIDTH / _FIGURE_HEIGHT


def _label_room(height: float) -> float:
    """How much of a garuda's height its label takes."""
    return _LABEL_ROOM * height / paper.GARUDA_HEIGHT


def _draw_label(canvas: Any, axis: float, y: float, size: float, face: Typeface) -> None:
    size *= face.factor
    draw_text(canvas, axis - face.regular.width(LABEL, size) / 2, y, LABEL, face.regular, size)


def _draw_figure(
    canvas: Any, axis: float, feet: float, height: float, ink: tuple[float, float, float] = paper.BLACK
) -> None:
    """The figure so high on that level, its axis there."""
    scale = height / _FIGURE_HEIGHT
    canvas.saveState()
    canvas.translate(axis, feet + 2 * scale)
    canvas.scale(scale, scale)
    canvas.setFillColorRGB(*ink)
    canvas.setStrokeColorRGB(1, 1, 1)
    canvas.setLineWidth(1.0)
    canvas._code.extend(_figure())
    canvas.restoreState()


@cache
def _figure() -> tuple[str, ...]:
    """The operators of the figure, which are the same on every page and costly to write anew."""
    canvas: Any = Canvas(io.BytesIO())
    begin = len(canvas._code)
    for group in (_TAIL, _WING, _COVERTS):
        for feather in group:
            for side in (1, -1) if feather[1] != -90 else (1,):
                _draw_feather(canvas, feather, side)
    _body(canvas)
    return tuple(canvas._code[begin:])


def _draw_feather(canvas: Any, feather: _Feather, side: int) -> None:
    """A feather that is broadest before its end, bent a little upwards; `side` is -1 for the mirror image."""
    (x, y), angle, length, half = feather
    canvas.saveState()
    canvas.scale(side, 1)
    canvas.translate(x, y)
    canvas.rotate(angle)
    bend = 0.10 * length if angle != -90 else 0.0
    path = canvas.beginPath()
    path.moveTo(0, 0)
    path.curveTo(length * 0.35, -half - bend, length * 0.85, -half * 1.15 - bend, length, 0)
    path.curveTo(length * 0.80, half - bend, length * 0.35, half * 0.8 - bend, 0, 0)
    path.close()
    canvas.drawPath(path, stroke=1, fill=1)
    canvas.restoreState()


def _body(canvas: Any) -> None:
    """Breast and girdle, head, and a crown of three tiers."""
    path = canvas.beginPath()
    path.moveTo(0, 28)
    path.curveTo(8, 34, 11, 48, 9, 60)
    path.curveTo(7.5, 66, 4.5, 68, 3.4, 71)
    path.lineTo(-3.4, 71)
    path.curveTo(-4.5, 68, -7.5, 66, -9, 60)
    path.curveTo(-11, 48, -8, 34, 0, 28)
    path.close()
    canvas.drawPath(path, stroke=1, fill=1)
    canvas.ellipse(-5.2, 69.5, 5.2, 83, stroke=1, fill=1)
    for base, half, height in ((80.0, 6.4, 7.0), (85.0, 4.6, 7.0), (90.0, 3.0, 14.0)):
        path = canvas.beginPath()
        path.moveTo(-half, base)
        path.curveTo(-half * 0.8, base + height * 0.5, -half * 0.15, base + height * 0.6, 0, base + height)
        path.curveTo(half * 0.15, base + height * 0.6, half * 0.8, base + height * 0.5, half, base)
        path.curveTo(half * 0.5, base - 1.6, -half * 0.5, base - 1.6, -half, base)
        path.close()
        canvas.drawPath(path, stroke=1, fill=1)
    for height, half in ((64.5, 6.4), (60.5, 7.6), (42.0, 7.8), (39.0, 6.8)):
        path = canvas.beginPath()
        path.moveTo(-half, height)
        path.curveTo(-half / 2, height - 3.4, half / 2, height - 3.4, half, height)
        canvas.drawPath(path, stroke=1, fill=0)
