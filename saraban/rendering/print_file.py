"""A PDF of many pages on its way into a file: text set once and shown often, pages pressed as soon as they are full."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, BinaryIO

from reportlab.pdfbase import pdfdoc
from reportlab.pdfgen.canvas import Canvas

from saraban.rendering import paper
from saraban.rendering.paragraph import ThaiParagraph, operators
from saraban.rendering.shaping import ThaiTTFont, Typeface, fresh_typeface, typeface
from saraban.rendering.thai import NBSP, clean, thai_digits

CAPTION_SIZE = 12.0
_MOST_KEPT = 600
_DOTS = (0.6, 1.9)
_HATCH = 5.0
_NARROW_LETTER = 0.28
"""The width of a narrow Thai letter in type sizes: text with more letters than fit is not measured as one line."""
_SMALLEST_PART = 0.62
"""How far a line may be made smaller before its end is cut off."""


@dataclass(frozen=True, slots=True)
class SetLine:
    """A line of text as operators of this file, and its width in points."""

    shown: str
    width: float


class PrintFile:
    """Pages of one file. Sizes are those of TH Sarabun New; another family is scaled to look alike. It has fonts of its
    own, so several files may be printed at once."""

    def __init__(self, family: str, size: tuple[float, float], title: str) -> None:
        shared = typeface(family)
        self.face: Typeface = fresh_typeface(family)
        self._canvas: Any = Canvas(None, pagesize=size, invariant=1, lang="th", initialFontName=shared.regular.fontName)
        self._canvas.setTitle(title)
        self._canvas.setCreator("Saraban")
        self._code: list[str] = self._canvas._code
        self._kept: dict[tuple[Any, ...], tuple[SetLine, ...]] = {}
        self._older: dict[tuple[Any, ...], tuple[SetLine, ...]] = {}
        self.width, self.height = size
        self.pages = 0

    # --- setting text -----------------------------------------------------------------------------------------

    def paragraph(
        self, text: str, width: float, size: float, *, bold: bool = False, digits: bool = True
    ) -> tuple[SetLine, ...]:
        """Text in lines of at most that width, with Thai digits unless they are to stay as they are; none for empty
        text. What was set before is not set again: in a register the same names come over and over."""
        key = ("paragraph", text, width, size, bold, digits)
        return self._remembered(key, lambda: self._set(text, width, size, bold=bold, digits=digits))

    def line(
        self,
        text: str,
        size: float,
        *,
        bold: bool = False,
        room: float = 0.0,
        smallest: float = _SMALLEST_PART,
        digits: bool = True,
    ) -> SetLine:
        """Text on one line; when there is too little room it is made smaller, to that part of its size, and at last cut
        with an ellipsis."""
        key = ("line", text, room, size, bold, smallest, digits)
        return self._remembered(key, lambda: (self._set_line(text, size, bold, room, smallest, digits=digits),))[0]

    def _remembered(self, key: tuple[Any, ...], make: Callable[[], tuple[SetLine, ...]]) -> tuple[SetLine, ...]:
        """What was set under this key, lately; else it is made. When there is too much of it, what was not asked for
        since the last time goes."""
        known = self._kept.get(key)
        if known is None:
            known = self._older.get(key) or make()
            if len(self._kept) >= _MOST_KEPT:
                self._older, self._kept = self._kept, {}
            self._kept[key] = known
        return known

    def _set_line(self, text: str, size: float, bold: bool, room: float, smallest: float, *, digits: bool) -> SetLine:
        font = self._font(bold)
        words = self._printable(" ".join(text.split()), font, digits=digits)
        width, size = font.width(words, size * self.face.factor), size * self.face.factor
        if room and width > room:
            size = max(size * room / width, size * smallest)
            while len(words) > 1 and font.width(words, size) > room:
                words = words[:-2].rstrip() + "…"
            width = font.width(words, size)
        return SetLine(operators(self._canvas, font, size, font.shape(words).glyphs), width)

    def two_lines(self, text: str, width: float, size: float) -> tuple[SetLine, SetLine]:
        """Text that is longer than two lines on two, the second cut."""
        font, real = self._font(bold=False), size * self.face.factor
        words = self._printable(" ".join(text.split()), font)
        first = ThaiParagraph(words, font, real, width, justify=False).lines()[0].text
        shown = self.paragraph(text, width, size)[0]
        return shown, self.line(words[len(first) :], size, room=width, smallest=1.0)

    def _set(self, text: str, width: float, size: float, *, bold: bool, digits: bool) -> tuple[SetLine, ...]:
        font, real = self._font(bold), size * self.face.factor
        words = self._printable(text, font, digits=digits).strip()
        if not words:
            return ()
        may_fit = "\n" not in words and len(words) * real * _NARROW_LETTER <= width
        if may_fit and font.width(words, real) <= width:
            shaped = [font.shape(words)]
        else:
            shaped = [font.shape(line.text) for line in ThaiParagraph(words, font, real, width, justify=False).lines()]
        return tuple(
            SetLine(operators(self._canvas, font, real, line.glyphs), line.advance * real / 1000) for line in shaped
        )

    def _font(self, bold: bool) -> ThaiTTFont:
        return self.face.bold if bold else self.face.regular

    def _printable(self, text: str, font: ThaiTTFont, *, digits: bool = True) -> str:
        """Clean text with Thai digits. A register is printed whatever stands in it, so a character that the typeface
        has not becomes a question mark."""
        text = clean(text)
        for missing in font.lacks(text):
            text = text.replace(missing, "?")
        return thai_digits(text) if digits else text

    # --- marks on the page ------------------------------------------------------------------------------------

    def show(self, x: float, y: float, line: SetLine) -> None:
        """Write a set line, its baseline beginning there."""
        self._code.append(f"BT 1 0 0 1 {x:.2f} {y:.2f} Tm {line.shown} ET")

    def centred(self, x: float, y: float, line: SetLine) -> None:
        """Write a set line around x."""
        self.show(x - line.width / 2, y, line)

    def ending(self, x: float, y: float, line: SetLine) -> None:
        """Write a set line that ends at x."""
        self.show(x - line.width, y, line)

    def rule(self, x0: float, y0: float, x1: float, y1: float, weight: float = 0.5) -> None:
        """A straight line."""
        self._code.append(f"{weight:g} w {x0:.2f} {y0:.2f} m {x1:.2f} {y1:.2f} l S")

    def dots(self, x0: float, x1: float, y: float) -> None:
        """The dotted line of a blank, a little under its baseline y."""
        self._code.append(f"q 1 J 0.7 w [0 {_DOTS[1]:g}] 0 d {x0:.2f} {y - 2.4:.2f} m {x1:.2f} {y - 2.4:.2f} l S Q")

    def box(
        self, x: float, y: float, width: float, height: float, weight: float = 0.5, *, dashed: bool = False
    ) -> None:
        """An empty rectangle."""
        dash = "[2.5 2] 0 d " if dashed else ""
        self._code.append(f"q {dash}{weight:g} w {x:.2f} {y:.2f} {width:.2f} {height:.2f} re S Q")

    def tint(self, x: float, y: float, width: float, height: float, grey: float = 0.92) -> None:
        """A rectangle of light grey, to be written over."""
        self._code.append(f"q {grey:g} g {x:.2f} {y:.2f} {width:.2f} {height:.2f} re f Q")

    def hatch(self, x: float, y: float, width: float, height: float, grey: float = 0.80) -> None:
        """Fine slanting lines over a rectangle, to be written over."""
        clip = f"q {x:.2f} {y:.2f} {width:.2f} {height:.2f} re W n 0.4 w {grey:g} G"
        steps = range(int((width + height) / _HATCH) + 1)
        slanting = (f"{x - height + n * _HATCH:.1f} {y:.1f} m {x + n * _HATCH:.1f} {y + height:.1f} l" for n in steps)
        self._code.append(f"{clip} {' '.join(slanting)} S Q")

    def colour(self, rgb: tuple[float, float, float] = paper.BLACK) -> None:
        """Write what follows in this colour."""
        self._code.append(" ".join(f"{part:g}" for part in rgb) + " rg")

    def filled(self, x0: float, x1: float, y: float, caption: str, value: str, size: float) -> None:
        """A caption and, from after it to x1, a dotted blank with a value on it; without one it is to be filled in."""
        name = self.line(caption, size)
        self.show(x0, y, name)
        begin = x0 + name.width + 4
        self.dots(begin, x1, y)
        if value:
            self.show(begin + 3, y, self.line(value, size, room=x1 - begin - 3))

    @property
    def canvas(self) -> Any:
        """The canvas, for drawings that need it."""
        return self._canvas

    # --- pages ------------------------------------------------------------------------------------------------

    def end_page(self) -> None:
        """Put the page away, compressed; a canvas alone would keep it as it was written until the end."""
        self._canvas.showPage()
        self._code = self._canvas._code
        page = self._canvas._doc.idToObject[f"Page{self._canvas._doc.pageCounter - 1}"]
        packed = pdfdoc.PDFStream(content=zlib.compress(page.stream.encode("latin-1"), 6))
        packed.dictionary["Filter"] = pdfdoc.PDFName("FlateDecode")
        page.Contents, page.stream = packed, ""
        self.pages += 1

    def save(self, out: BinaryIO) -> None:
        """Write the file, whose last page was ended."""
        if not self.pages:
            self.end_page()
        out.write(self._canvas.getpdfdata() if self._code else self._finished())

    def _finished(self) -> bytes:
        data: bytes = self._canvas._doc.GetPDFData(self._canvas)
        return data


def unbroken(text: str) -> str:
    """The text with spaces that are no places to end a line."""
    return text.replace(" ", NBSP)
