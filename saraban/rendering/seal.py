"""The agency's seal (clause 72 and form 27): two circles, the garuda, the agency's name along the lower rim. With our
stand-in it says so behind the name. The words are drawn as shapes, since a seal is a picture and not text."""

from __future__ import annotations

import math
from typing import Any

from fontTools.pens.basePen import BasePen

from saraban.rendering import paper
from saraban.rendering.emblem import Emblem, draw_in_seal
from saraban.rendering.shaping import Typeface
from saraban.rendering.thai import clusters

MARK = "ตราตัวอย่าง"
_RIM_SIZE = 11.0
_WIDEST_ARC = math.radians(260)
_MIDDLE = (paper.SEAL_OUTER + paper.SEAL_INNER) / 4
"""The radius in the middle of the rim."""
_HALF_HEIGHT = 0.26
"""How far the baseline of the rim's words is off that radius, in type sizes."""
_OUTER_WEIGHT, _INNER_WEIGHT = 1.2, 0.7


def draw_seal(canvas: Any, x: float, y: float, agency: str, face: Typeface, emblem: Emblem | None = None) -> None:
    """The seal in red with its middle at (x, y)."""
    canvas.saveState()
    canvas.translate(x, y)
    draw_in_seal(canvas, 0, 0, paper.SEAL_GARUDA_HEIGHT, emblem)
    canvas.setStrokeColorRGB(*paper.RED)
    canvas.setFillColorRGB(*paper.RED)
    for diameter, weight in ((paper.SEAL_OUTER, _OUTER_WEIGHT), (paper.SEAL_INNER, _INNER_WEIGHT)):
        canvas.setLineWidth(weight)
        canvas.circle(0, 0, diameter / 2 - weight / 2, stroke=1, fill=0)
    _along_rim(canvas, f"{agency} ({MARK})" if emblem is None else agency, face)
    canvas.restoreState()


def draw_place_of_seal(canvas: Any, x: float, y: float) -> None:
    """On a draft: a broken circle of the seal's size."""
    canvas.saveState()
    canvas.setStrokeColorRGB(*paper.GREY)
    canvas.setLineWidth(0.7)
    canvas.setDash([3, 3])
    canvas.circle(x, y, paper.SEAL_OUTER / 2, stroke=1, fill=0)
    canvas.restoreState()


class _PathPen(BasePen):  # type: ignore[misc]
    """Draws the outlines of letters into a path of a canvas."""

    def __init__(self, path: Any) -> None:
        super().__init__()
        self._path = path

    def _moveTo(self, point: tuple[float, float]) -> None:
        self._path.moveTo(*point)

    def _lineTo(self, point: tuple[float, float]) -> None:
        self._path.lineTo(*point)

    def _curveToOne(self, *points: tuple[float, float]) -> None:
        self._path.curveTo(*(side for point in points for side in point))

    def _closePath(self) -> None:
        self._path.close()


def _along_rim(canvas: Any, text: str, face: Typeface) -> None:
    """Words around the middle of the lower half, the feet of the letters outwards; smaller when they would go round too
    far."""
    font, size = face.regular, _RIM_SIZE * face.factor
    size *= min(1.0, _WIDEST_ARC * _MIDDLE / font.width(text, size))
    radius = _MIDDLE + _HALF_HEIGHT * size
    angle = -font.width(text, size) / radius / 2
    for cluster in clusters(text):
        wide = font.width(cluster, size)
        canvas.saveState()
        canvas.rotate(math.degrees(angle + wide / radius / 2))
        canvas.translate(-wide / 2, -radius)
        canvas.scale(size / 1000, size / 1000)
        path = canvas.beginPath()
        font.outline(cluster, _PathPen(path))
        canvas.drawPath(path, stroke=0, fill=1)
        canvas.restoreState()
        angle += wide / radius
