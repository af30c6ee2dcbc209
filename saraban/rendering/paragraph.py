"""Lines of Thai: filling them, spreading them to the margin, and writing them on a page."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from typing import Any

from saraban.rendering.shaping import Glyph, Shaped, ThaiTTFont
from saraban.rendering.thai import NBSP, chunks, clusters, shorter_chunks

_SPACE_WEIGHT = 4.0
"""A space takes four times the share of a letter when a line is spread (Word calls it "thai distributed")."""
_WIDEST_SPACE = 2.5
"""No space of a line that is spread is wider than so many spaces."""
_APART = 25.0
"""From so much white between its letters on (1/1000 em) a line tells its text to readers: poppler takes the white
behind a mark for a space, since marks stand left of where the next letter begins, and the words fall to pieces."""
_LARGEST_SPREAD = 0.25
"""A line with more white than this part of its width is left ragged: letters would stand apart like fence posts."""

_SHORT = 8
"""A piece of so few letters is never cut."""


@dataclass(frozen=True)
class Line:
    """A line of a paragraph: its text without the space at its end, how far right of the paragraph's edge it begins,
    how wide it may be, and whether it is to be spread to that width. `runs`: its text in pieces with their fonts, when
    it has more than one font. `spaced`: the words go on, and a space stood where the line ends."""

    text: str
    indent: float
    width: float
    spread: bool
    runs: tuple[tuple[str, ThaiTTFont], ...] = ()
    spaced: bool = False


@dataclass(frozen=True)
class ThaiParagraph:
    """A paragraph before it is set. `first_indent` is that of the first line; a line end in the text is kept. `bold`:
    the stretches (start, end) of the text that are set in `bold_font`."""

    text: str
    font: ThaiTTFont
    size: float
    width: float
    first_indent: float = 0.0
    justify: bool = True
    bold: tuple[tuple[int, int], ...] = ()
    bold_font: ThaiTTFont | None = None

    def lines(self) -> list[Line]:
        """The paragraph in lines. A piece wider than the line is cut between its short words, or
        between letters, never inside one."""
        out: list[Line] = []
        at = 0
        for part in self.text.split("\n"):
            start = at + len(part) - len(part.lstrip(" "))
            filled = self._fill(part.strip(" "), start, self.first_indent if not out else 0.0)
            last = len(filled) - 1
            for number, (text, at_text, indent) in enumerate(filled):
                runs = self._runs(text, at_text) if self.bold else ()
                spaced = self.text[at_text + len(text) :][:1] in (" ", "\n")
                out.append(Line(text, indent, self.width - indent, self.justify and number < last, runs, spaced))
            at += len(part) + 1
        return out

    def length(self, line: Line) -> float:
        """How long the words of one of its lines are."""
        return sum(font.width(text, self.size) for text, font in line.runs or ((line.text, self.font),))

    def longest_line(self) -> float:
        """The width in which it needs no more lines than its line ends ask for."""
        wide = replace(self, width=float("inf"))
        return max(self.length(line) for line in wide.lines())

    def longest_piece(self) -> float:
        """The width of the longest of its pieces between which a line may end."""
        longest, at = 0.0, 0
        for piece in chunks(self.text):
            longest = max(longest, self._width(piece, at))
            at += len(piece)
        return longest

    def _fill(self, text: str, at: int, indent: float) -> list[tuple[str, int, float]]:
        """Greedy lines of one part, which stands at `at` in the text, as (text, where it stands, indent)."""
        space = self.font.width(" ", self.size)
        lines: list[tuple[str, int, float]] = []
        current, used, room = "", 0.0, self.width - indent
        for piece, wide in self._fitting(text, at, room):
            if current and used + wide > room:
                lines.append((current.rstrip(" "), at, indent))
                at += len(current)
                current, used, indent = "", 0.0, 0.0
                room = self.width
            current += piece
            used += wide
            if piece[-1:] == " ":
                used += space * (len(piece) - len(piece.rstrip(" ")))
        lines.append((current.rstrip(" "), at, indent))
        return lines

    def _fitting(self, text: str, at: int, room: float) -> Iterator[tuple[str, float]]:
        """The pieces of a text with their widths; those that are wider than a line are cut into short words, and where
        these are still too wide into letters. `room`: that of the first line."""
        width_of, size = self.font.width, self.size
        for piece in chunks(text):
            wide = self._width(piece, at) if self.bold else width_of(piece.rstrip(" "), size)
            if len(piece) > _SHORT and wide > room:
                yield from self._shorter(piece, at, room)
            else:
                yield piece, wide
            at += len(piece)
            room = self.width

    def _shorter(self, piece: str, at: int, room: float) -> Iterator[tuple[str, float]]:
        for word in shorter_chunks(piece):
            if len(word) <= _SHORT or self._width(word, at) <= room:
                yield word, self._width(word, at)
                at += len(word)
                continue
            for shortest in shorter_chunks(word, least=True):
                is_too_wide = len(shortest) > _SHORT and self._width(shortest, at) > room
                for part in clusters(shortest) if is_too_wide else [shortest]:
                    yield part, self._width(part, at)
                    at += len(part)

    def _width(self, piece: str, at: int) -> float:
        """The width of a piece that stands at `at`, without the spaces at its end."""
        core = piece.rstrip(" ")
        if not self.bold:
            return self.font.width(core, self.size)
        return sum(font.width(text, self.size) for text, font in self._runs(core, at))

    @cached_property
    def _edges(self) -> list[int]:
        """Where the font changes: to bold at every even place of the list, back at every odd one."""
        return [edge for stretch in self.bold for edge in stretch]

    def _runs(self, text: str, at: int) -> tuple[tuple[str, ThaiTTFont], ...]:
        """A stretch of the paragraph in runs of one font."""
        end, edges = at + len(text), self._edges
        inside = edges[bisect_right(edges, at) : bisect_left(edges, end)]
        return tuple((text[a - at : b - at], self._font_at(a)) for a, b in pairwise([at, *inside, end]) if a < b)

    def _font_at(self, place: int) -> ThaiTTFont:
        in_bold = bisect_right(self._edges, place) % 2 == 1
        return self.bold_font if in_bold and self.bold_font is not None else self.font


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
    """The glyphs with the slack (1/1000 em) shared out between letters and, four times as much, at spaces, as long as
    these do not become holes."""
    glyphs = shaped.glyphs
    weights = [
        _SPACE_WEIGHT if code == " " else 1.0 if advance > 0 and after != cluster else 0.0
        for (code, cluster, _, _, _, _, _, _), (_, after, advance, _, _, _, _, _) in pairwise(glyphs)
    ]
    total = sum(weights)
    if not total:
        return shaped
    unit = at_space = slack / total
    at_space *= _SPACE_WEIGHT
    spaces = [glyph.natural for glyph in glyphs[:-1] if glyph.code == " "]
    letters = total - _SPACE_WEIGHT * len(spaces)
    if spaces and letters and at_space > (_WIDEST_SPACE - 1) * spaces[0]:
        at_space = (_WIDEST_SPACE - 1) * spaces[0]
        unit = (slack - at_space * len(spaces)) / letters
    made, wider = tuple.__new__, {_SPACE_WEIGHT: at_space, 1.0: unit, 0.0: 0.0}
    moved = [
        made(Glyph, (code, cluster, advance + wider[weight], natural, dx, dy, spells, closes))
        for (code, cluster, advance, natural, dx, dy, spells, closes), weight in zip(glyphs, weights, strict=False)
    ]
    return Shaped((*moved, glyphs[-1]), shaped.advance + slack)


def draw_text(canvas: Any, x: float, y: float, text: str, font: ThaiTTFont, size: float) -> None:
    """Write one line at its natural width, its baseline beginning at (x, y)."""
    _show(canvas, x, y, operators(canvas, font, size, font.shape(text).glyphs))


def spread_out(line: Line, font: ThaiTTFont, size: float) -> Shaped:
    """The glyphs of a line as they are drawn, spread when it asks for it and is not too loose."""
    pieces = [piece_font.shape(text) for text, piece_font in line.runs or ((line.text, font),)]
    whole = pieces[0] if len(pieces) == 1 else _joined(pieces)
    slack = line.width - whole.advance * size / 1000
    if line.spread and 0 < slack < line.width * _LARGEST_SPREAD:
        return spread(whole, slack * 1000 / size)
    return whole


def draw_line(canvas: Any, x: float, y: float, line: Line, font: ThaiTTFont, size: float) -> None:
    """Write a line of a paragraph whose edge is at x."""
    runs, told = line.runs or ((line.text, font),), ""
    pieces = [piece_font.shape(text) for text, piece_font in runs]
    natural, whole = sum(piece.advance for piece in pieces), spread_out(line, font, size)
    if whole.advance - natural > _APART * len(whole.glyphs):
        whole = replace(whole, glyphs=tuple(g._replace(spells="", closes=False) for g in whole.glyphs))
        told = line.text.replace(NBSP, " ") + " " * line.spaced
    glyphs = (*whole.glyphs, _space_at_end(runs[-1][1])) if line.spaced else whole.glyphs
    shown, at = [], 0
    for (_, piece_font), piece in zip(runs[:-1], pieces[:-1], strict=True):
        end = at + len(piece.glyphs)
        shown.append(operators(canvas, piece_font, size, glyphs[at:end]))
        at = end
    shown.append(operators(canvas, runs[-1][1], size, glyphs[at:] if at else glyphs))
    _show(canvas, x + line.indent, y, f"{_told_as(told)} {' '.join(shown)} EMC" if told else " ".join(shown))


def _space_at_end(font: ThaiTTFont) -> Glyph:
    """The space behind a line whose words go on, so that they do not run together when they are read aloud. It is drawn
    over the last letter and takes no room."""
    space = font.shape(" ").glyphs[0]
    return space._replace(advance=0.0, dx=-space.natural)


def _joined(pieces: Sequence[Shaped]) -> Shaped:
    """Pieces of one line as one, their clusters counted on."""
    glyphs: list[Glyph] = []
    for piece in pieces:
        first = glyphs[-1].cluster + 1 if glyphs else 0
        glyphs += [glyph._replace(cluster=first + glyph.cluster) for glyph in piece.glyphs]
    return Shaped(tuple(glyphs), sum(piece.advance for piece in pieces))


def _show(canvas: Any, x: float, y: float, shown: str) -> None:
    canvas._code.append(f"BT 1 0 0 1 {x:.2f} {y:.2f} Tm {shown} ET")


def operators(canvas: Any, font: ThaiTTFont, size: float, glyphs: Sequence[Glyph]) -> str:
    """The text operators that show the glyphs in this canvas's file, wherever on its pages (ISO 32000-1, 9.4): TJ with
    adjustments, Ts where a mark is raised."""
    out: list[str] = []
    at = 0
    for subset, codes in font.splitString("".join([glyph[0] for glyph in glyphs]), canvas._doc):
        out.append(f"{font.getSubsetInternalName(subset, canvas._doc)} {size:g} Tf")
        end = at + len(codes)
        _show_run(out, size, codes, glyphs[at:end])
        at = end
    return " ".join(out)


def _told_as(text: str) -> str:
    """Begins a stretch that is read as this text; EMC ends it (ISO 32000-1, 14.9.4)."""
    return f"/Span <</ActualText <FEFF{text.encode('utf-16-be').hex()}>>> BDC"


def _show_run(out: list[str], size: float, codes: Sequence[int], glyphs: Sequence[Glyph]) -> None:
    """The TJ operators of glyphs in one font subset. Rounding is carried on, so that a line ends where it should; a
    group that is read as other letters is marked with them (ISO 32000-1, 14.9.4). Every letter of a file comes here, so
    nothing is called that need not be."""
    shown: list[str] = []
    run = bytearray()
    adjust = rise = 0.0
    for code, (_, _, advance, natural, dx, dy, spells, closes) in zip(codes, glyphs, strict=True):
        if spells:
            adjust -= _end_array(out, shown, run, adjust)
            out.append(_told_as(spells))
        if dy != rise:
            _end_array(out, shown, run)
            rise = dy
            out.append(f"{rise * size / 1000:.2f} Ts")
        adjust += dx
        if adjust > 0.5 or adjust < -0.5:
            step = round(adjust)
            shown.append(f"<{run.hex()}>{-step}" if run else str(-step))
            run.clear()
            adjust -= step
        run.append(code)
        adjust += advance - natural - dx
        if closes:
            _end_array(out, shown, run)
            out.append("EMC")
    _end_array(out, shown, run, adjust)
    if rise:
        out.append("0 Ts")


def _end_array(out: list[str], shown: list[str], run: bytearray, adjust: float = 0.0) -> int:
    """End the array of TJ, if anything stands in it, with a move behind it; gives how far that is."""
    step = round(adjust)
    if run:
        shown.append(f"<{run.hex()}>")
        run.clear()
    if step:
        shown.append(str(-step))
    if shown:
        out.append(f"[{' '.join(shown)}] TJ")
        shown.clear()
    return step
