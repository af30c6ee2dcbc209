"""Finding words in rows that keep no normalised text: in Python, with one normal form on both sides."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence

from sqlalchemy import ColumnElement, and_, func, or_

from saraban.domain.errors import BadInput
from saraban.domain.numbering import LetterNumber
from saraban.storage.search import entry_text, like_pattern, normal_form, normalised, number_key
from saraban.storage.tables.registers import entries

SCANNED = 2_000
_LONGEST_QUERY = 200
_LONGEST_TEXT = 20_000


def query_words(query: str) -> list[str]:
    """The words of a query in normal form, each of which must occur; none for an empty query."""
    return normal_form(query[:_LONGEST_QUERY].replace("\x00", "")).split()


def matches(words: Iterable[str], number: str | None, *texts: str) -> bool:
    """Does every word occur in the number (with or without its spaces) or the texts?"""
    found_in = entry_text(number or "", *(text[:_LONGEST_TEXT] for text in texts))
    return all(word in found_in for word in words)


def entries_match(words: Iterable[str], *, by_index: bool = True) -> ColumnElement[bool]:
    """The condition over `entries` that every word occurs in an open line. Classified lines keep no text to find.
    Without `by_index` a database that goes over lines in their order cannot turn to the index of words instead."""
    searched = entries.c.search_text if by_index else entries.c.search_text.concat("")
    return and_(*(searched.like(like_pattern(word), escape="\\") for word in words))


def column_matches(column: ColumnElement[str], words: Iterable[str]) -> ColumnElement[bool]:
    """The condition that every word occurs in a column that is kept as it was written."""
    return and_(*(normalised(column).like(like_pattern(word), escape="\\") for word in words))


def any_column_matches(columns: Sequence[ColumnElement[str]], word: str) -> ColumnElement[bool]:
    """The condition that the word occurs in one of the columns as they were written."""
    return or_(*(column_matches(column, [word]) for column in columns))


def is_whole_number(text: str) -> bool:
    """True for a letter number with all its parts ("กค (กวจ) ๐๔๐๕.๒/ว ๑๙๘"), which is found by an index."""
    try:
        LetterNumber.parse(text)
    except BadInput:
        return False
    return True


def number_matches(text: str) -> ColumnElement[bool]:
    """The condition over `entries` that the letter's number is this whole number, or holds this part of one, in any
    writing. Classified lines keep no number to find."""
    key = number_key(text)
    if is_whole_number(text):
        return entries.c.number_key == key
    return entries.c.number_key.like(like_pattern(key), escape="\\")


def raw_number_matches(text: str) -> ColumnElement[bool]:
    """The same over the number as it was written, for registers whose lines keep no text to find."""
    bare = func.replace(normalised(entries.c.number), " ", "")
    if is_whole_number(text):
        return bare == number_key(text)
    return bare.like(like_pattern(number_key(text)), escape="\\")


def readable(text: str) -> str:
    """A text as it is shown in one line, whose words have their normal form but for digits and large letters."""
    text = unicodedata.normalize("NFC", text).replace("ํา", "ำ").replace("\u200b", "")
    return " ".join(text.split())
