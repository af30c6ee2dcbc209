"""Thai glyphs: HarfBuzz places the marks, reportlab writes the file, and copied text is what was typed.

reportlab's own shaping gives glyphs codes that cannot be searched or copied. Here every pair (glyph, source text) has a
private code of its own, and the ToUnicode map leads it back to the source text.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import uharfbuzz as hb
from fontTools.pens.transformPen import TransformPen
from reportlab import rl_config
from reportlab.pdfbase import pdfdoc, pdfmetrics
from reportlab.pdfbase.ttfonts import SUBSETN, TTFont

# Binary streams as they are; base 85 would only make files larger.
rl_config.useA85 = 0

_FONTS = Path(__file__).parent / "fonts"
_FIRST_PRIVATE_CODE = 0xF0000
_MOST_SHAPED, _MOST_WIDTHS = 1_000, 5_000
"""Texts whose glyphs, and texts whose widths are kept. A letter has some hundreds; a register of a year has more than
memory should hold, and then a cache starts anew."""
_SARA_AM, _NIKHAHIT, _SARA_AA, _WORD_JOINER = "\u0e33", "\u0e4d", "\u0e32", "\u2060"
# After these tall consonants the nikhahit of SARA AM must move to the left, so the two-glyph form has to stay.
_TALL = frozenset("ปฝฟฬ")


class Glyph(NamedTuple):
    """A glyph in its place. `code` is what the font file is asked for; measures are in 1/1000 em: `natural` is the
    width that the font states, `advance` how far the pen moves, `dx` and `dy` where the glyph is drawn off the pen."""

    code: str
    cluster: int
    advance: float
    natural: float
    dx: float
    dy: float
    spells: str = ""
    """On the first glyph of a group that is read as other letters than its glyphs' own: those letters."""
    closes: bool = False
    """On the last glyph of such a group."""


@dataclass(frozen=True, slots=True)
class Shaped:
    """A piece of text as glyphs, and its whole advance in 1/1000 em."""

    glyphs: tuple[Glyph, ...]
    advance: float


class _Widths(pdfdoc.PDFObject):  # type: ignore[misc]
    """The widths of a font's glyphs, written at once: reportlab writes every number of an array by itself."""

    def __init__(self, widths: Iterable[float]) -> None:
        self._text = f"[{' '.join(f'{width:.6g}' for width in widths)}]".encode("ascii")

    def format(self, document: Any) -> bytes:
        """As reportlab asks for it."""
        del document
        return self._text


class ThaiTTFont(TTFont):  # type: ignore[misc]
    """A TrueType font whose text is shaped by HarfBuzz and extracts as it was typed."""

    def __init__(self, name: str, path: Path) -> None:
        super().__init__(name, str(path))
        self._harfbuzz = hb.Font(hb.Face(hb.Blob.from_file_path(str(path))))
        self._per_mille = 1000 / self._harfbuzz.face.upem
        self._glyph_of: dict[int, int] = self.face.charToGlyph
        self._code_of: dict[tuple[int, str], str] = {}
        self._text_of: dict[int, str] = {}
        self._cache: dict[str, Shaped] = {}
        self._widths: dict[str, float] = {}
        self._characters = frozenset(chr(code) for code in self._glyph_of)

    def lacks(self, text: str) -> str:
        """The characters of the text that this font cannot print, each once; empty when all is well."""
        return "".join(dict.fromkeys(c for c in text if c not in self._characters and c not in "\n\u00a0"))

    def width(self, text: str, size: float) -> float:
        """The width of the text in points. It is known without the glyphs' places, and for most pieces of a paragraph
        nothing else is asked."""
        known = self._widths.get(text)
        if known is None:
            if len(self._widths) >= _MOST_WIDTHS:
                self._widths.clear()
            positions = self._shaped_by_harfbuzz(text).glyph_positions or []
            known = self._widths[text] = sum(position.x_advance for position in positions) * self._per_mille
        return known * size / 1000

    def shape(self, text: str) -> Shaped:
        """The glyphs of one line of text, marks in their places."""
        known = self._cache.get(text)
        if known is not None:
            return known
        buffer = self._shaped_by_harfbuzz(text)
        glyphs = self._glyphs(text, buffer.glyph_infos or [], buffer.glyph_positions or [])
        shaped = Shaped(glyphs, sum(glyph.advance for glyph in glyphs))
        if len(self._cache) >= _MOST_SHAPED:
            self._cache.clear()
        self._cache[text] = shaped
        return shaped

    def outline(self, text: str, pen: Any) -> None:
        """Draw the outlines of one line of text that begins at (0, 0), in 1/1000 em, with a pen of fontTools."""
        buffer, k, at = self._shaped_by_harfbuzz(text), self._per_mille, 0.0
        for info, position in zip(buffer.glyph_infos or [], buffer.glyph_positions or [], strict=True):
            moved = TransformPen(pen, (k, 0, 0, k, (at + position.x_offset) * k, position.y_offset * k))
            self._harfbuzz.draw_glyph_with_pen(info.codepoint, moved)
            at += position.x_advance

    def _shaped_by_harfbuzz(self, text: str) -> Any:
        buffer = hb.Buffer()
        buffer.cluster_level = hb.BufferClusterLevel.MONOTONE_CHARACTERS
        buffer.add_str(text.replace("\u00a0", " "))
        buffer.guess_segment_properties()
        if buffer.script in (None, "", "Zyyy", "Zinh"):
            buffer.script = "Thai"
        buffer.direction, buffer.language = "ltr", "th"
        hb.shape(self._harfbuzz, buffer, {"kern": True, "liga": True})
        return buffer

    def _glyphs(self, text: str, infos: Any, positions: Any) -> tuple[Glyph, ...]:
        """HarfBuzz's answer, cluster by cluster, each glyph with the text that it stands for."""
        k, count, start = self._per_mille, len(infos), 0
        if count == len(text) and all(info.cluster == index for index, info in enumerate(infos)):
            return self._one_by_one(text, infos, positions)
        out: list[Glyph] = []
        while start < count:
            end, first = start, infos[start].cluster
            while end < count and infos[end].cluster == first:
                end += 1
            source = text[first : infos[end].cluster if end < count else len(text)]
            texts = _share(source, end - start)
            rows = [(infos[start + i].codepoint, positions[start + i], texts[i]) for i in range(end - start)]
            parted = _SARA_AM in source and len(rows) > 1 and (texts[0], texts[-1]) == (_NIKHAHIT, _SARA_AA)
            if parted and (first == 0 or text[first - 1] not in _TALL):
                # HarfBuzz takes SARA AM apart; the font's own glyph looks the same and extracts as one letter.
                rows, parted = [*rows[1:-1], (self._glyph_of[ord(_SARA_AM)], rows[-1][1], _SARA_AM)], False
            elif parted:
                # Two glyphs for one letter: those who do not know ActualText read the letter and a joiner.
                rows = [(*rows[0][:2], _WORD_JOINER), *rows[1:-1], (*rows[-1][:2], _SARA_AM)]
            for index, (glyph, position, typed) in enumerate(rows):
                natural = self.face.hmetrics[glyph][0] * k
                spells, closes = source if parted and index == 0 else "", parted and index == len(rows) - 1
                out.append(Glyph(self._code(glyph, typed, natural), first, position.x_advance * k, natural,
                                 position.x_offset * k, position.y_offset * k,
                                 spells, closes))  # fmt: skip
            start = end
        return tuple(out)

    def _one_by_one(self, text: str, infos: Any, positions: Any) -> tuple[Glyph, ...]:
        """The common case, and the quicker way: every character has a glyph of its own, in its order."""
        k, widths, code = self._per_mille, self.face.hmetrics, self._code
        out = []
        for index, (typed, info, position) in enumerate(zip(text, infos, positions, strict=True)):
            glyph = info.codepoint
            natural = widths[glyph][0] * k
            x_advance, dx, dy = position.x_advance * k, position.x_offset * k, position.y_offset * k
            out.append(Glyph(code(glyph, typed, natural), index, x_advance, natural, dx, dy))
        return tuple(out)

    def _code(self, glyph: int, typed: str, width: float) -> str:
        """The character under which the glyph is asked for: itself where that is enough, else a private code."""
        known = self._code_of.get((glyph, typed))
        if known is not None:
            return known
        if len(typed) == 1 and self._glyph_of.get(ord(typed)) == glyph:
            self._code_of[glyph, typed] = typed
            return typed
        code = _FIRST_PRIVATE_CODE + len(self._text_of)
        self._code_of[glyph, typed] = chr(code)
        self._text_of[code] = typed
        self.face.charToGlyph[code] = glyph
        self.face.charWidths[code] = width
        return chr(code)

    def addObjects(self, doc: Any) -> None:
        """Write the subsets into the file, as TTFont does, but with our own ToUnicode map (ISO 32000-1, 9.10.3)."""
        state = self.state[doc]
        state.frozen = 1
        for number, subset in enumerate(state.subsets):
            name = self.getSubsetInternalName(number, doc)[1:]
            base = b"".join((SUBSETN(number), b"+", self.face.name, self.face.subfontNameX)).decode("pdfdoc")
            font = pdfdoc.PDFTrueTypeFont()
            font.Name, font.BaseFont = name, base
            font.FirstChar, font.LastChar = 0, len(subset) - 1
            font.Widths = _Widths(self.face.getCharWidth(code) for code in subset)
            to_unicode = pdfdoc.PDFStream()
            to_unicode.content = self._to_unicode(subset)
            if doc.compression:
                to_unicode.filters = [pdfdoc.PDFZCompress]
            font.ToUnicode = doc.Reference(to_unicode, "toUnicodeCMap:" + base)
            font.FontDescriptor = self.face.addSubsetObjects(doc, base, subset)
            doc.Reference(font, name)
            doc.idToObject["BasicFonts"].dict[name] = font
        del self.state[doc]

    def _to_unicode(self, subset: list[int]) -> str:
        """The CMap that leads each code of the subset back to what was typed."""
        rows = [
            f"<{index:02X}> <{typed.encode('utf-16-be').hex()}>"
            for index, code in enumerate(subset)
            if (typed := self._text_of.get(code) or (chr(code) if code else ""))
        ]
        lines = [
            "/CIDInit /ProcSet findresource begin 12 dict begin begincmap",
            "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def",
            "/CMapName /Adobe-Identity-UCS def /CMapType 2 def",
            "1 begincodespacerange <00> <FF> endcodespacerange",
        ]
        for start in range(0, len(rows), 100):
            block = rows[start : start + 100]
            lines += [f"{len(block)} beginbfchar", *block, "endbfchar"]
        return "\n".join([*lines, "endcmap CMapName currentdict /CMap defineresource pop end end"])


def _share(source: str, count: int) -> list[str]:
    """Which part of a cluster's text each of its glyphs stands for."""
    if count == len(source):
        return list(source)
    if _SARA_AM in source and count == len(source) + 1:
        return [_NIKHAHIT, *(c for c in source if c != _SARA_AM), _SARA_AA]
    return [source] + [_WORD_JOINER] * (count - 1)


@dataclass(frozen=True)
class Typeface:
    """A family in two weights. `factor` turns sizes of TH Sarabun New into sizes of this family that look alike."""

    name: str
    regular: ThaiTTFont
    bold: ThaiTTFont
    factor: float


_FAMILIES = {
    "TH Sarabun New": ("thsarabunnew/THSarabunNew", 1.0),
    "Sarabun": ("sarabun/Sarabun", 0.67),
}
_typefaces: dict[str, Typeface] = {}
_lock = threading.Lock()


def typeface(name: str) -> Typeface:
    """One of the two vendored families, loaded once for the process: "TH Sarabun New", the face that the offices use,
    or "Sarabun". Raises KeyError for another name."""
    with _lock:
        if name not in _typefaces:
            _typefaces[name] = loaded = fresh_typeface(name)
            for font in (loaded.regular, loaded.bold):
                pdfmetrics.registerFont(font)
        return _typefaces[name]


def fresh_typeface(name: str) -> Typeface:
    """The same family, loaded anew (5 ms) for one file. Fonts keep state while a file is drawn, so whoever draws with
    his own needs no lock; a canvas still takes its first font by the name of the shared one."""
    stem, factor = _FAMILIES[name]
    regular, bold = (ThaiTTFont(f"{name}-{weight}", _FONTS / f"{stem}-{weight}.ttf") for weight in ("Regular", "Bold"))
    return Typeface(name, regular, bold, factor)
