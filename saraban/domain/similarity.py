"""Likeness of letters: trigrams of what was written, so that a slip of the pen does not hide the same letter."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Protocol

from saraban.domain.numbering import arabic_digits

SAME_DAYS = 3
"""Letters dated at most so many days apart are compared by their subjects."""

LIKELY = 0.8
POSSIBLE = 0.6
_SAME_SENDER = 0.5


class Letterlike(Protocol):
    """What a letter is recognised by: a line of a register, a letter to be entered, or a description."""

    @property
    def number(self) -> str: ...
    @property
    def sender(self) -> str: ...
    @property
    def letter_date(self) -> date | None: ...
    @property
    def subject(self) -> str: ...


@dataclass(frozen=True)
class Described:
    """A letter as far as it is known: its number, sender, date and subject; what is not known is empty."""

    number: str = ""
    sender: str = ""
    letter_date: date | None = None
    subject: str = ""


def likeness(one: str, other: str) -> float:
    """How alike two texts are, 0 to 1: the share of trigrams they have in common (Dice). Spaces, marks of punctuation
    and the kind of digits do not matter."""
    left, right = _trigrams(one), _trigrams(other)
    if not left or not right:
        return 0.0
    return 2 * len(left & right) / (len(left) + len(right))


@lru_cache(maxsize=20_000)
def same_sender(one: str, other: str) -> bool:
    """The same agency, perhaps written in another way: กรมบัญชีกลาง, กรมบัญชีกลาง กระทรวงการคลัง."""
    left, right = _plain(one), _plain(other)
    if not left or not right:
        return False
    return left == right or left in right or right in left or likeness(one, other) >= _SAME_SENDER


def same_number(one: str, other: str) -> bool:
    """The same letter number, however it is spaced and in whichever digits."""
    return bool(one and other) and tight(one) == tight(other)


def two_numbers(one: Letterlike, other: Letterlike) -> bool:
    """Both have a number of their own and the numbers differ."""
    return bool(one.number and other.number) and not same_number(one.number, other.number)


def likely_same(one: Letterlike, other: Letterlike) -> bool:
    """So alike that the clerk is asked before it gets a second number. Of two different numbers one may be a slip:
    where sender, day and subject are the same, the clerk is asked too."""
    if not same_sender(one.sender, other.sender):
        return False
    if two_numbers(one, other):
        return one.letter_date is not None and one.letter_date == other.letter_date and _same_text(one, other)
    if same_number(one.number, other.number):
        return _same_year(one, other)
    return _near(one, other) and likeness(one.subject, other.subject) >= LIKELY


def possibly_same(one: Letterlike, other: Letterlike) -> bool:
    """Alike enough to be shown while the clerk is typing: it hinders nothing."""
    if likely_same(one, other):
        return True
    if not _near(one, other):
        return False
    alike = likeness(one.subject, other.subject)
    return alike >= LIKELY or (alike >= POSSIBLE and same_sender(one.sender, other.sender))


def _near(one: Letterlike, other: Letterlike) -> bool:
    if one.letter_date is None or other.letter_date is None:
        return True
    return abs((one.letter_date - other.letter_date).days) <= SAME_DAYS


def _same_text(one: Letterlike, other: Letterlike) -> bool:
    return bool(one.subject) and _plain(one.subject) == _plain(other.subject)


def _same_year(one: Letterlike, other: Letterlike) -> bool:
    return one.letter_date is None or other.letter_date is None or one.letter_date.year == other.letter_date.year


@lru_cache(maxsize=20_000)
def _trigrams(text: str) -> frozenset[str]:
    plain = _plain(text)
    if len(plain) < 3:
        return frozenset([plain] if plain else [])
    return frozenset(plain[at : at + 3] for at in range(len(plain) - 2))


@lru_cache(maxsize=20_000)
def _plain(text: str) -> str:
    text = unicodedata.normalize("NFC", arabic_digits(text)).replace("ํา", "ำ").lower()
    return "".join(sign for sign in text if unicodedata.category(sign)[0] in "LNM")


@lru_cache(maxsize=20_000)
def tight(number: str) -> str:
    """A letter number without its spaces, in Arabic digits: by this two writings of it are compared."""
    return "".join(unicodedata.normalize("NFC", arabic_digits(number)).lower().split())
