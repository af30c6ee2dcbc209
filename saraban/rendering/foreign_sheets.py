"""What is done to sheets that others made: XLSX and CSV to rows of text. Runs only inside the child process of
`quarantine.py`.

Nothing is computed and nothing outside the file is looked at: of a formula the value is read that was stored beside it,
and links to other files are left alone. What a file says about its own size is not believed.
"""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime, time
from itertools import islice
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from saraban.rendering.foreign import Arguments, Refused

MOST_ROWS = 100_010
"""A hundred thousand lines, and what stands above them."""
MOST_CELLS = 60
MOST_CHARACTERS = 30_000_000
"""Of all cells together: three hundred a row where there are most."""
MOST_PARTS = 2_000
LARGEST_PART = 350 * 2**20
LARGEST_INFLATED = 450 * 2**20
"""Octets of a workbook after inflating: a hundred thousand lines of a register with the columns of how each was kept
are 170 MB. Python's zipfile gives no more of a part than its directory promises."""
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LARGE, _MOST_RATIO = 150 * 2**20, 100
"""A part above that size is no more than so many times larger than packed: registers are some twenty times."""
_PIECE, _LONGEST_TAG = 1 << 20, 64
_SEPARATORS = ",;\t"
_LOOKED_AT = 30
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s>/]")
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")


def read_sheet(data: bytes, arguments: Arguments) -> bytes:
    """The rows of the first sheet as JSON: a list of lists of text, without the empty ones at the ends."""
    if data.startswith(_OLE):
        raise Refused("encrypted" if "EncryptedPackage".encode("utf-16-le") in data else "old-sheet")
    rows = _workbook_rows(data) if data.startswith(b"PK") else _text_rows(data)
    return b"[" + b",".join(_bounded(rows)) + b"]"


TASKS: dict[str, Callable[[bytes, Arguments], bytes]] = {"read_sheet": read_sheet}


def _bounded(rows: Iterable[Sequence[str]]) -> list[bytes]:
    """All rows up to the last one that says something, each as JSON (which takes a third of the memory that its cells
    take), or a refusal; empty rows between stay, so that a row's number is the one that people see."""
    found: list[bytes] = []
    empty = characters = 0
    for row in rows:
        cells = _without_empty_end(row)
        if not cells:
            empty += 1
            continue
        characters += sum(map(len, cells))
        if len(found) + empty >= MOST_ROWS:
            raise Refused("too-many-rows")
        if len(cells) > MOST_CELLS:
            raise Refused("too-many-cells")
        if characters > MOST_CHARACTERS:
            raise Refused("too-much-text")
        found.extend(b"[]" for _ in range(empty))
        found.append(json.dumps(cells, ensure_ascii=False, separators=(",", ":")).encode())
        empty = 0
    if not found:
        raise Refused("empty-sheet")
    return found


def _without_empty_end(row: Sequence[str]) -> list[str]:
    last = len(row)
    while last and not row[last - 1]:
        last -= 1
    return list(row[:last])


# --- workbooks ------------------------------------------------------------------------------------------------


def _workbook_rows(data: bytes) -> Iterator[list[str]]:
    """The rows of the first visible sheet of an Office Open XML workbook."""
    _refuse_bombs(data)
    book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
    sheet = next((one for one in book.worksheets if one.sheet_state == "visible"), None)
    if sheet is None:
        raise Refused("empty-sheet")
    if _has_formulas(data):
        _refuse_unknown_values(data, sheet.title)
    for row in _every_row(sheet):
        yield [_as_text(value) for value in row]


def _every_row(sheet: Any) -> Iterator[tuple[Any, ...]]:
    """The rows as they stand in the file, whatever size the file claims to have."""
    sheet.reset_dimensions()
    return iter(sheet.iter_rows(values_only=True))


def _refuse_bombs(data: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            parts = package.infolist()
    except (zipfile.BadZipFile, ValueError) as error:
        raise Refused("damaged") from error
    names = {part.filename for part in parts}
    if "[Content_Types].xml" not in names or not any(name.startswith("xl/") for name in names):
        raise Refused("not-sheet")
    if any(part.flag_bits & 1 for part in parts):
        raise Refused("encrypted")
    sizes = [part.file_size for part in parts]
    if len(parts) > MOST_PARTS or max(sizes) > LARGEST_PART or sum(sizes) > LARGEST_INFLATED:
        raise Refused("bomb")
    if any(part.file_size > _LARGE and part.file_size > _MOST_RATIO * part.compress_size for part in parts):
        raise Refused("bomb")


def _has_formulas(data: bytes) -> bool:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        for name in package.namelist():
            if name.startswith("xl/worksheets/"):
                with package.open(name) as part:
                    end = b""
                    while piece := part.read(_PIECE):
                        if _FORMULA.search(end + piece):
                            return True
                        end = piece[-_LONGEST_TAG:]
    return False


def _refuse_unknown_values(data: bytes, title: str) -> None:
    """A formula whose value was never stored would be read as an empty cell and the clerk would not notice."""
    values, formulas = (
        load_workbook(io.BytesIO(data), read_only=True, data_only=only)[title] for only in (True, False)
    )
    rows = zip(_every_row(values), _every_row(formulas), strict=True)
    for number, (known, written) in enumerate(rows, start=1):
        for column, (value, formula) in enumerate(zip(known, written, strict=False), start=1):
            if value is None and formula is not None:
                raise Refused(f"formula:{get_column_letter(column)}{number}")


def _as_text(value: Any) -> str:
    """A cell as a clerk would have typed it: dates as ISO text, whole numbers without a point."""
    if value is None:
        return ""
    if isinstance(value, str):
        return _tidy(_ESCAPED.sub(lambda match: chr(int(match[1], 16)), value))
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "minutes")
    if isinstance(value, time):
        return value.isoformat("minutes")
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else format(value, ".15g")
    return value.isoformat() if isinstance(value, date) else str(value)


# --- text -----------------------------------------------------------------------------------------------------


def _text_rows(data: bytes) -> Iterator[list[str]]:
    """The rows of a sheet as text with separators (RFC 4180, and what spreadsheets make of it)."""
    text = _decoded(data)
    if _UNPRINTABLE.search(text):
        raise Refused("not-sheet")
    head, _, rest = text.partition("\n")
    named = re.fullmatch(r"sep=([,;\t])\r?", head, re.IGNORECASE)
    if named:
        yield from _separated(rest, named[1])
    else:
        yield from _separated(text, _separator(text))


def _decoded(data: bytes) -> str:
    """The text, by its mark or else by what it can be: only UTF-16 has zero octets, UTF-8 is never met by chance, and
    what is neither is the old Thai code page (TIS-620)."""
    marked = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
    guesses = [encoding for mark, encoding in marked.items() if data.startswith(mark)]
    if not guesses:
        guesses = ["utf-8", "cp874"] if b"\0" not in data[:4096] else _without_mark(data[:4096])
    for encoding in guesses:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Refused("encoding")


def _without_mark(start: bytes) -> list[str]:
    """Which UTF-16 it is: the higher octets of Latin, Thai and punctuation are but three, behind the others or before
    them."""
    for encoding, higher in (("utf-16-le", start[1::2]), ("utf-16-be", start[::2])):
        if sum(map(higher.count, (b"\x00", b"\x0e", b"\x20"))) > 0.9 * len(higher):
            return [encoding]
    raise Refused("not-sheet")


def _separator(text: str) -> str:
    """The separator that makes the first rows widest and alike."""

    def score(separator: str) -> tuple[int, int]:
        try:
            widths = [len(row) for row in islice(_separated(text[:200_000], separator), _LOOKED_AT) if any(row)]
        except Refused:
            return 0, 0
        if not widths or widths[0] < 2:
            return 0, 0
        return widths.count(widths[0]), widths[0]

    return max(_SEPARATORS, key=score)


def _separated(text: str, separator: str) -> Iterator[list[str]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        for row in reader:
            yield [_tidy(cell) for cell in row]
    except csv.Error as error:
        raise Refused(f"quotes:{reader.line_num}") from error


def _tidy(text: str) -> str:
    """Line ends alike, hard spaces soft, nothing unprintable, nothing at the ends."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u00a0", " ")
    return _UNPRINTABLE.sub("", text).strip()
