"""Text for finding: one normal form on both sides of a search, so that digits, marks and spaces do not matter."""

from __future__ import annotations

import unicodedata

from saraban.domain.numbering import arabic_digits


def normal_form(text: str) -> str:
    """NFC, sara am in one piece, Thai digits as Arabic, spaces folded, lower case."""
    text = unicodedata.normalize("NFC", text).replace("ํา", "ำ").replace("\u200b", "").replace("\xa0", " ")
    return " ".join(arabic_digits(text).split()).lower()


def entry_text(number: str, *others: str) -> str:
    """What a register line is found by: its number with and without spaces, and its words."""
    number = normal_form(number)
    return " ".join([number, number.replace(" ", ""), *(normal_form(o) for o in others)])


def number_key(number: str) -> str:
    """A letter number in normal form without spaces: "กค(กวจ)0405.2/ว198" and "กค (กวจ) ๐๔๐๕.๒/ว ๑๙๘" are one."""
    return normal_form(number).replace(" ", "")


def like_pattern(query: str) -> str:
    """The LIKE pattern for a substring, with `\\` as the escape character."""
    escaped = normal_form(query).replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"
