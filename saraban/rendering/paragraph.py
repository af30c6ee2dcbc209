"""Lines of Thai: filling them, spreading them to the margin, and writing them on a page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from saraban.rendering.shaping import Glyph, Shaped, ThaiTTFont
from saraban.rendering.thai import chunks, clusters, shorter_chunks

_SPACE_WEIGHT = 4.0
"""A space takes four times the share of a letter when a line is spread (Word calls it "thai distributed")."""
_LARGEST_SPREAD = 0.25
"""A line with more white than this part of its width is left ragged: letters would stand apart like fence posts."""


@dataclass(frozen=True)
class Line:
    """A line of a paragraph: its text without the space at its end, how far right of the paragraph's edge it begins,
    how wide it may be, and whether it is to be spread to that width."""

    text: str
    indent: float
    width: float
    spread: bool


@dataclass(frozen=True)
class ThaiParagraph:
    """A paragraph before it is set. `first_indent` is that of the first line; a line end in the text is kept."""

    text: str
    font: ThaiTTFont
    size: float
    width: float
    first_indent: float = 0.0
    justify: bool = True

    def lines(self) -> list[Line]:
        """The paragraph in lines. A piece wider than the line is cut between its short words, or
        between letters, never inside one."""
        out: list[Line] = []
        for part in self.text.split("\n"):
            filled = self._fill(part.strip(" "), self.first_indent if not out else 0.0)
            last = len(filled) - 1
            for number, (text, indent) in enumerate(filled):
                out.append(Line(text, indent, self.width - indent, self.justify and number < last))
        return out

    def _fill(self, text: str, indent: float) -> list[tuple[str, float]]:
        """Greedy lines of one part as (text, indent)."""
        space = self.font.width(" ", self.size)
        lines: list[tuple[str, float]] = []
        current, used, room = "", 0.0, self.width - indent
        for piece in self._fitting(chunks(text), room):
            core = piece.rstrip(" ")
            wide = self.font.width(core, self.size)
            if current and used + wide > room:
                lines.append((current.rstrip(" "), indent))
                current, used, indent = "", 0.0, 0.0
                room = self.width
            current += piece
            used += wide + space * (len(piece) - len(core))
        lines.append((current.rstrip(" "), indent))
        return lines

    def _fitting(self, pieces: Sequence[str], room: float) -> list[str]:
        """The pieces, with those that are wider than the room cut into short words, and where these are still too wide
        into letters."""
        out: list[str] = []
        for piece in pieces:
            if self._is_too_wide(piece, room):
                for word in shorter_chunks(piece):
                    out.extend(clusters(word) if self._is_too_wide(word, room) else [word])
            else:
                out.append(piece)
        return out

    def _is_too_wide(self, piece: str, room: float) -> bool:
        return len(piece) > 8 and self.font.width(piece.rstrip(" "), self.size) > room


def balanced_lines(text: str, font: ThaiTTFont, size: float, width: float) -> list[str]:
    """A title in as few lines as fit the width, the lines about equally long."""
    fewest = ThaiParagraph(text, font, size, width, justify=False).lines()
    if len(fewest) == 1:
        return [line.text for line in fewest]
    narrow, wide = width / 3, width
    for _ in range(8):
        middle = (narrow + wide) / 2
        if len(ThaiParagraph(text, font, size, middle, justify=False).lines()) > len(fewest):
            narrow = middle
        else:
            wide = middle
    return [line.text for line in ThaiParagraph(text, font, size, wide, justify=False).lines()]


def spread(shaped: Shaped, slack: float) -> Shaped:
    """The glyphs with the slack (1/1000 em) shared out between letters and, four times as much, at spaces."""
    glyphs = shaped.glyphs
    weights = [
        _SPACE_WEIGHT if glyph.code == " " else float(after.advance > 0 and after.cluster != glyph.cluster)
        for glyph, after in pairwise(glyphs)
    ]
    total = sum(weights)
    if not total:
        return shaped
    unit = slack / total
    moved = tuple(
        _wider(glyph, unit * weight) if weight else glyph for glyph, weight in zip(glyphs, [*weights, 0.0], strict=True)
    )
    return Shaped(moved, shaped.advance + slack)


def _wider(glyph: Glyph, by: float) -> Glyph:
    code, cluster, advance, natural, dx, dy, spells, closes = glyph
    return Glyph(code, cluster, advance + by, natural, dx, dy, spells, closes)


def draw_text(canvas: Any, x: float, y: float, text: str, font: ThaiTTFont, size: float) -> None:
    """Write one line at its natural width, its baseline beginning at (x, y)."""
    _write(canvas, x, y, font, size, font.shape(text).glyphs)


def draw_line(canvas: Any, x: float, y: float, line: Line, font: ThaiTTFont, size: float) -> None:
    """Write a line of a paragraph whose edge is at x, spread when it asks for it and is not too loose."""
    shaped = font.shape(line.text)
    slack = line.width - shaped.advance * size / 1000
    if line.spread and 0 < slack < line.width * _LARGEST_SPREAD:
        shaped = spread(shaped, slack * 1000 / size)
    _write(canvas, x + line.indent, y, font, size, shaped.glyphs)


def _write(canvas: Any, x: float, y: float, font: ThaiTTFont, size: float, glyphs: Sequence[Glyph]) -> None:
    canvas._code.append(f"BT 1 0 0 1 {x:.2f} {y:.2f} Tm {operators(canvas, font, size, glyphs)} ET")


def operators(canvas: Any, font: ThaiTTFont, size: float, glyphs: Sequence[Glyph]) -> str:
    """The text operators that show the glyphs in this canvas's file, wherever on its pages (ISO 32000-1, 9.4): TJ with
    adjustments, Ts where a mark is raised."""
    out: list[str] = []
    at = 0
    for subset, codes in font.splitString("".join(glyph.code for glyph in glyphs), canvas._doc):
        out.append(f"{font.getSubsetInternalName(subset, canvas._doc)} {size:g} Tf")
        run = _Run(out, size)
        for code in codes:
            run.put(code, glyphs[at])
            at += 1
        run.end()
    return " ".join(out)


class _Run:
    """The TJ operators of glyphs in one font subset. Rounding is carried on, so that a line ends where it should."""

    def __init__(self, out: list[str], size: float) -> None:
        self._out, self._size = out, size
        self._shown: list[str] = []
        self._bytes = bytearray()
        self._adjust = 0.0
        self._rise = 0.0

    def put(self, code: int, glyph: Glyph) -> None:
        """Show a glyph; a group that is read as other letters is marked with them (ISO 32000-1, 14.9.4)."""
        _, _, advance, natural, dx, dy, spells, closes = glyph
        if spells:
            self._move()
            self._show()
            self._out.append(f"/Span <</ActualText <FEFF{spells.encode('utf-16-be').hex()}>>> BDC")
        if dy != self._rise:
            self._show()
            self._rise = dy
            self._out.append(f"{self._rise * self._size / 1000:.2f} Ts")
        self._adjust += dx
        if self._adjust > 0.5 or self._adjust < -0.5:
            self._move()
        self._bytes.append(code)
        self._adjust += advance - natural - dx
        if closes:
            self._show()
            self._out.append("EMC")

    def end(self) -> None:
        """Show what is left and bring the baseline back."""
        self._move()
        self._show()
        if self._rise:
            self._out.append("0 Ts")

    def _move(self) -> None:
        step = round(self._adjust)
        if step:
            self._flush()
            self._shown.append(str(-step))
            self._adjust -= step

    def _flush(self) -> None:
        if self._bytes:
            self._shown.append(f"<{self._bytes.hex()}>")
            self._bytes.clear()

    def _show(self) -> None:
        self._flush()
        if self._shown:
            self._out.append(f"[{' '.join(self._shown)}] TJ")
            self._shown = []
