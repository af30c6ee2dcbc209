"""The text and tables of documents and workbooks that others made, in their order, for a copy to be read. Runs only
inside the child process of `quarantine.py`.

Nothing is computed and nothing outside the file is looked at: of a formula the value is read that was stored beside it.
What was deleted with changes tracked is no text of the document, what was inserted is.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Iterator
from typing import Any

from docx import Document
from docx.oxml.ns import qn
from lxml import etree
from openpyxl import load_workbook

from saraban.rendering.foreign import Arguments, Refused
from saraban.rendering.foreign_numbers import Numbering

MOST_SIGNS = 300_000
MOST_ROWS = 3_000
MOST_COLUMNS = 40
MOST_CELL = 2_000
MOST_PARTS = 2_000
LARGEST_PART = 60 * 2**20
LARGEST_INFLATED = 150 * 2**20
TEXT, HEADING, TABLE, SHEET = "text", "heading", "table", "sheet"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MARGINS = (("header", "หัวกระดาษ"), ("footer", "ท้ายกระดาษ"), ("footnotes", "เชิงอรรถ"), ("endnotes", "หมายเหตุท้ายเรื่อง"))
_INSIDE = {qn(f"w:{name}") for name in ("sdt", "sdtContent", "ins", "moveTo", "customXml", "smartTag")}
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_GIVEN = {qn("w:tab"): "\t", qn("w:br"): "\n", qn("w:cr"): "\n", qn("w:noBreakHyphen"): "-"}
Part = tuple[str, Any]


def reading_parts(data: bytes, arguments: Arguments) -> bytes:
    """The parts of a document (DOCX) or workbook (XLSX) as JSON: text, headings, tables of rows, sheets of rows; and
    whether the end was cut off. Refuses what is neither ("no-way")."""
    if data.startswith(_OLE):
        raise Refused("encrypted" if "EncryptedPackage".encode("utf-16-le") in data else "no-way")
    names = _look_through(data)
    if "word/document.xml" in names:
        found = _of_document(data)
    elif "xl/workbook.xml" in names:
        found = _of_workbook(data)
    else:
        raise Refused("no-way")
    kept = _Kept()
    for part in found:
        if not kept.take(part):
            break
    if not kept.parts:
        raise Refused("nothing-to-read")
    return json.dumps({"parts": kept.parts, "cut": kept.cut}, ensure_ascii=False).encode("utf-8", "replace")


TASKS: dict[str, Callable[[bytes, Arguments], bytes]] = {"reading_parts": reading_parts}


class _Kept:
    """Parts up to the bounds of a copy."""

    def __init__(self) -> None:
        self.parts: list[Part] = []
        self.cut = False
        self._signs, self._rows = MOST_SIGNS, MOST_ROWS

    def take(self, part: Part) -> bool:
        """Take one, as much of it as there is room for; False when that was the last."""
        kind, said = part
        if kind in (TEXT, HEADING):
            self.parts.append((kind, said[: self._signs]))
            self._count(len(said), 0)
            return not self.cut
        rows: list[list[str]] = []
        self.parts.append((kind, rows))
        for row in said:
            if len(row) > MOST_COLUMNS or any(len(cell) > MOST_CELL for cell in row):
                self.cut = True
            rows.append([cell[:MOST_CELL] for cell in row[:MOST_COLUMNS]])
            if not self._count(sum(map(len, row)), 1):
                return False
        return True

    def _count(self, signs: int, rows: int) -> bool:
        self._signs, self._rows = self._signs - signs, self._rows - rows
        over = self._signs <= 0 or self._rows <= 0
        self.cut = self.cut or over
        return not over


def _look_through(data: bytes) -> set[str]:
    """The names of the package's parts; refuses what is no package and what grows beyond measure."""
    if not data.startswith(b"PK"):
        raise Refused("no-way")
    try:
        parts = zipfile.ZipFile(io.BytesIO(data)).infolist()
    except (zipfile.BadZipFile, ValueError) as error:
        raise Refused("damaged") from error
    sizes = [part.file_size for part in parts]
    if len(parts) > MOST_PARTS or max(sizes, default=0) > LARGEST_PART or sum(sizes) > LARGEST_INFLATED:
        raise Refused("bomb")
    if any(part.flag_bits & 1 for part in parts):
        raise Refused("encrypted")
    return {part.filename for part in parts}


# --- documents --------------------------------------------------------------------------------------------------------


def _of_document(data: bytes) -> Iterator[Part]:
    document = Document(io.BytesIO(data))
    numbering = Numbering(document)
    yield from _blocks(document.element.body, numbering)
    package = zipfile.ZipFile(io.BytesIO(data))
    for word, caption in _MARGINS:
        names = sorted(name for name in package.namelist() if name.startswith(f"word/{word}") and name.endswith(".xml"))
        lines = [line for name in names for line in _lines_of(package.read(name))]
        if lines:
            yield HEADING, caption
            yield from ((TEXT, line) for line in dict.fromkeys(lines))


def _blocks(parent: Any, numbering: Numbering) -> Iterator[Part]:
    for child in parent:
        if child.tag == qn("w:p"):
            text = f"{numbering.mark(child)} {_text(child)}".strip()
            if text:
                yield TEXT, text
        elif child.tag == qn("w:tbl"):
            yield TABLE, list(_rows(child))
        elif child.tag in _INSIDE:
            yield from _blocks(child, numbering)


def _rows(table: Any) -> Iterator[list[str]]:
    """The rows of a table; a cell that is joined with others stands in the first of their places."""
    for row in _inside(table, qn("w:tr")):
        cells: list[str] = []
        for cell in _inside(row, qn("w:tc")):
            said = cell.find(qn("w:tcPr"))
            wide = said.find(qn("w:gridSpan")) if said is not None else None
            joined = said.find(qn("w:vMerge")) if said is not None else None
            goes_on = joined is not None and joined.get(qn("w:val"), "continue") == "continue"
            lines = [_text(one) for one in cell.iter(qn("w:p"))]
            cells.append("" if goes_on else "\n".join(filter(None, lines)))
            cells += [""] * (min(int(wide.get(qn("w:val"), "1")), MOST_COLUMNS) - 1 if wide is not None else 0)
        yield cells


def _inside(parent: Any, tag: str) -> Iterator[Any]:
    """Children of that tag, also within content controls and insertions."""
    for child in parent:
        if child.tag == tag:
            yield child
        elif child.tag in _INSIDE:
            yield from _inside(child, tag)


def _text(paragraph: Any) -> str:
    """The words of a paragraph with those in its boxes; of two ways of saying the same the first."""
    found: list[str] = []
    _collect(paragraph, found)
    return "".join(found).strip()


def _collect(element: Any, found: list[str]) -> None:
    for child in element:
        if child.tag in (_FALLBACK, qn("w:rPr"), qn("w:pPr")):
            continue
        if child.tag == qn("w:t"):
            found.append(child.text or "")
        elif child.tag in _GIVEN:
            found.append(_GIVEN[child.tag])
        else:
            _collect(child, found)


def _lines_of(part: bytes) -> list[str]:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    return [text for one in etree.fromstring(part, parser).iter(qn("w:p")) if (text := _text(one))]


# --- workbooks --------------------------------------------------------------------------------------------------------


def _of_workbook(data: bytes) -> Iterator[Part]:
    book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
    for sheet in book.worksheets:
        yield HEADING, f"แผ่นงาน {sheet.title}" + ("" if sheet.sheet_state == "visible" else " (ซ่อนไว้)")
        sheet.reset_dimensions()
        yield SHEET, (_cells(row) for row in sheet.iter_rows(values_only=True))


def _cells(row: tuple[Any, ...]) -> list[str]:
    cells = ["" if value is None else str(value) for value in row]
    while cells and not cells[-1]:
        cells.pop()
    return cells
