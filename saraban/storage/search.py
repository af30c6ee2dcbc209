"""Text for finding: one normal form on both sides of a search, so that digits, marks and spaces do not matter."""

from __future__ import annotations

import hashlib
import unicodedata
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, ColumnElement, func
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from saraban.domain.numbering import arabic_digits


def normal_form(text: str) -> str:
    """NFC, sara am in one piece, Thai digits as Arabic, spaces folded, lower case."""
    text = unicodedata.normalize("NFC", text).replace("ํา", "ำ").replace("\u200b", "").replace("\xa0", " ")
    return " ".join(arabic_digits(text).split()).lower()


def entry_text(number: str, *others: str) -> str:
    """What a register line is found by: its number with and without spaces, and its words."""
    number = normal_form(number)
    return " ".join([number, number.replace(" ", ""), *(normal_form(o) for o in others)])


def names_text(*names: str) -> str:
    """What something with several names is found by: each name in normal form, between line breaks."""
    return "\n".join(["", *(normal_form(name) for name in names), ""])


def number_key(number: str) -> str:
    """A letter number in normal form without spaces: "กค(กวจ)0405.2/ว198" and "กค (กวจ) ๐๔๐๕.๒/ว ๑๙๘" are one."""
    return normal_form(number).replace(" ", "")


def like_pattern(query: str) -> str:
    """The LIKE pattern for a substring, with `\\` as the escape character."""
    escaped = normal_form(query).replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"


class stands_in(FunctionElement[bool]):
    """SQL: whether the second text, as it is, stands in the first. Where every row is looked at it takes an eighth of
    the time of LIKE, for which no index can be asked with it."""

    type = Boolean()
    inherit_cache = True
    name = "stands_in"


@compiles(stands_in, "sqlite")
def _stands_in_sqlite(element: Any, compiler: Any, **words: Any) -> str:
    return f"(instr({compiler.process(element.clauses, **words)}) > 0)"


@compiles(stands_in, "postgresql")
def _stands_in_postgresql(element: Any, compiler: Any, **words: Any) -> str:
    return f"(strpos({compiler.process(element.clauses, **words)}) > 0)"


def normalised(column: ColumnElement[Any]) -> ColumnElement[str]:
    """A column that is kept as it was written, in normal form in SQL but for the order of marks and double spaces:
    enough to compare with single words."""
    text: ColumnElement[str] = func.lower(column)
    for written, plain in _FOLDED:
        text = func.replace(text, written, plain)
    return text


_FOLDED = (("\xa0", " "), ("\u200b", ""), ("ํา", "ำ"), *((thai, str(n)) for n, thai in enumerate("๐๑๒๓๔๕๖๗๘๙")))


@lru_cache(maxsize=1_000)
def scope_sign(agency_id: UUID, field: str) -> str:
    """Three signs that stand for a field of an agency in a trigram index: one trigram, so that a search of it costs
    nothing. Two of them may meet by chance, so rows are still compared with the agency itself."""
    digest = hashlib.sha256(agency_id.bytes + field.encode()).digest()
    return "".join(chr(0x4E00 + int.from_bytes(digest[at : at + 2], "big") % 20_000) for at in (0, 2, 4))


def fts_words(column: str, text: str) -> str:
    """What SQLite's FTS5 is asked so that the column holds this text as it stands."""
    quoted = text.replace('"', '""')
    return f'{column} : "{quoted}"'
