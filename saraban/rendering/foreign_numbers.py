"""The numbers of lists in a DOCX as words, in the forms that a letter's text has: Word counts them when it shows them
(ECMA-376-1, 17.9), so they are counted here."""

from __future__ import annotations

import re
from typing import Any

from docx.oxml.ns import qn

from saraban.rendering.thai import thai_digits

_CONSONANTS = "กขคงจฉชซฌญฎฏฐฑฒณดตถทธนบปผฝพฟภมยรลวศษสหฬอฮ"
_LEVELS = 9
_LONGEST_MARK = 20
_Level = tuple[int, str, str]
"""Where it starts, how a number is written, and the text with %1 to %9 in the places of numbers."""


class Numbering:
    """Counts the items of one document in their order."""

    def __init__(self, document: Any) -> None:
        self._levels: dict[str, dict[int, _Level]] = {}
        self._counts: dict[str, list[int]] = {}
        self._style_lists: dict[str, tuple[str, int]] = {}
        part = next((rel.target_part for rel in document.part.rels.values() if rel.reltype.endswith("/numbering")
                     and not rel.is_external), None)  # fmt: skip
        if part is not None:
            self._read(part.element)
        for style in document.styles.element.iter(qn("w:style")):
            found = _list_of(style)
            if found is not None:
                self._style_lists[style.get(qn("w:styleId"), "")] = found

    def mark(self, paragraph: Any) -> str:
        """The number with which the paragraph begins and a space; empty when it is no item."""
        found = _list_of(paragraph)
        style = paragraph.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
        if found is None and style is not None:
            found = self._style_lists.get(style.get(qn("w:val"), ""))
        levels = self._levels.get(found[0]) if found is not None else None
        if found is None or levels is None or found[1] not in levels:
            return ""
        name, depth = found
        counts = self._counts.setdefault(name, [0] * _LEVELS)
        start, kind, text = levels[depth]
        counts[depth] = counts[depth] + 1 if counts[depth] else start
        counts[depth + 1 :] = [0] * (_LEVELS - depth - 1)
        if kind == "bullet":
            return "- "
        if kind == "none":
            return ""

        def number(match: re.Match[str]) -> str:
            level = int(match[1]) - 1
            first, form, _ = levels.get(level, (1, "decimal", ""))
            return _written(counts[level] or first, form)

        return f"{_as_here(re.sub('%([1-9])', number, text)[:_LONGEST_MARK].strip())} " if text else ""

    def _read(self, root: Any) -> None:
        abstract = {one.get(qn("w:abstractNumId"), ""): _levels(one) for one in root.iter(qn("w:abstractNum"))}
        for one in root.iter(qn("w:num")):
            link = one.find(qn("w:abstractNumId"))
            if link is not None:
                self._levels[one.get(qn("w:numId"), "")] = abstract.get(link.get(qn("w:val"), ""), {})


def _levels(abstract: Any) -> dict[int, _Level]:
    out: dict[int, _Level] = {}
    for level in abstract.iter(qn("w:lvl")):
        depth = _number(level.get(qn("w:ilvl")), 0)
        values = [level.find(qn(f"w:{name}")) for name in ("start", "numFmt", "lvlText")]
        start, kind, text = (one.get(qn("w:val"), "") if one is not None else "" for one in values)
        if depth < _LEVELS:
            out[depth] = (_number(start, 1), kind or "decimal", text)
    return out


def _list_of(holder: Any) -> tuple[str, int] | None:
    """Which list a paragraph or a style belongs to, and how deep."""
    properties = holder.find(f"{qn('w:pPr')}/{qn('w:numPr')}")
    name = properties.find(qn("w:numId")) if properties is not None else None
    if name is None:
        return None
    depth = properties.find(qn("w:ilvl"))
    return name.get(qn("w:val"), ""), min(_number(depth.get(qn("w:val")), 0) if depth is not None else 0, _LEVELS - 1)


def _as_here(mark: str) -> str:
    """The mark as a letter's text writes it: ๑. · ๑.๑ · (๑) · (ก); any other stays as it is."""
    plain = mark.strip("()[]. ")
    if re.fullmatch(r"[0-9๐-๙]{1,2}(?:\.[0-9๐-๙]{1,2})*", plain):
        number = thai_digits(plain)
        if mark.endswith(")"):
            return f"({number})" if "." not in number else number
        return number if "." in number else f"{number}."
    if re.fullmatch("[ก-ฮ]", plain):
        return f"({plain})"
    return mark


def _number(text: str | None, otherwise: int) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 6 else otherwise


def _written(number: int, kind: str) -> str:
    if kind in ("thaiLetters", "lowerLetter", "upperLetter"):
        return _CONSONANTS[(number - 1) % len(_CONSONANTS)]
    return thai_digits(str(number))
