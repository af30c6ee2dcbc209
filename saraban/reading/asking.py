"""What a person asks of the search: the words that must occur, in every writing that means the same, and what the
answers are narrowed to."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, Self

from saraban.domain.classification import Urgency
from saraban.domain.errors import BadInput
from saraban.domain.mentions import both_years, number_form, take_days, take_numbers
from saraban.domain.numbering import arabic_digits
from saraban.domain.register import BookKind
from saraban.storage.documents import STATES as STATES
from saraban.storage.search import normal_form
from saraban.storage.wanted import MARKS, SCANS, SHORTEST, SUBJECT, WORDS, Group

LONGEST = 200
MOST_TERMS = 12
_QUOTED = re.compile(r'["“”]([^"“”]+)["“”]')
_NO_WORDS = {"พ.ศ.", "พ.ศ", "ค.ศ.", "ค.ศ", '"', "“", "”"}
_AROUND_NUMBERS = {"ที่", "เลขที่", "ลงวันที่", "ลว.", "ลว", "วันที่", "หนังสือ", "ตามหนังสือ"}
_LETTER_OF = re.compile(r"(?:ตาม)?หนังสือ(?=[^ ])")
"""What stands around a number or a day where a letter is referred to ("หนังสือกรม ก ที่ กค 0405/1 ลงวันที่ …")."""
_SERIAL = re.compile(r"[วล]?[0-9]{1,8}")
_PLAIN_SERIAL = re.compile(r"(?<=[0-9])/([0-9]{1,8})$")
_EVERYWHERE = (SUBJECT, MARKS, WORDS, SCANS)
_NOT_IN_SCANS = (SUBJECT, MARKS, WORDS)
"""What is read from pictures is never taken for a number."""


@dataclass(frozen=True)
class Term:
    """One thing that must occur. `number`: it is a letter number, or a part of one, in one piece; `day`: a day, or a
    month of a year, as the index writes it; `also`: what else it means (reading.abbreviations)."""

    said: str
    number: bool = False
    day: bool = False
    also: tuple[str, ...] = ()

    @property
    def ways(self) -> tuple[str, ...]:
        """What it may be written as. Who leaves out the ว of a circular means it all the same."""
        if self.number and (serial := _PLAIN_SERIAL.search(self.said)):
            return self.said, f"{self.said[: serial.start()]}/ว{serial[1]}"
        return (self.said,) if self.number or self.day else (*both_years(self.said), *self.also)

    @property
    def short(self) -> bool:
        """Is it too short for the index?"""
        return any(len(way) < SHORTEST for way in self.ways)

    @property
    def serial(self) -> bool:
        """Is it what can stand behind the stroke of a number, or be the number of a register?"""
        return self.number or _SERIAL.fullmatch(self.said) is not None

    def group(self) -> Group:
        """What the index is asked for."""
        has_digits = self.number or self.day or any(sign.isdigit() for sign in self.said)
        return Group(self.ways, _NOT_IN_SCANS if has_digits else _EVERYWHERE)


def terms_of(asked: str) -> list[Term]:
    """The terms of a question; none for an empty one. What stands between quotation marks is one term."""
    text = normal_form(asked[:LONGEST].replace("\x00", ""))
    phrases = [" ".join(found.split()) for found in _QUOTED.findall(text)]
    days, text = take_days(_QUOTED.sub(" ", text))
    numbers, text = take_numbers(text)
    terms = [Term(phrase) for phrase in phrases if phrase]
    terms += [Term(number, number=True) for number in numbers] + [Term(day, day=True) for day in days]
    words = [word for word in text.split() if word not in _NO_WORDS]
    if numbers or days:
        words = [_LETTER_OF.sub("", word) for word in words if word not in _AROUND_NUMBERS]
    terms += [Term(word) for word in words]
    return list(dict.fromkeys(terms))[:MOST_TERMS]


def numbers_of(terms: Sequence[Term]) -> tuple[str, ...]:
    """What of a question is taken for a number, in the form of mentions.number_form; a year beside words is none."""
    return tuple(one.said for one in terms if one.serial and (len(terms) == 1 or not _is_year(one.said)))


def fewer(asked: str, numbers: Sequence[str]) -> list[str]:
    """What else may be asked when nothing is found: each of its numbers (as `numbers_of` gives them) without the words
    beside it, and what stands behind its stroke unless that is a year."""
    tails = [tail for number in numbers if "/" in number and not _is_year(tail := number.rpartition("/")[2])]
    said = number_form(normal_form(asked))
    return [one for one in dict.fromkeys([*numbers, *tails]) if one and one != said]


def _is_year(word: str) -> bool:
    return len(both_years(word)) > 1


@dataclass(frozen=True)
class Narrow:
    """What the answers are narrowed to; a field that is empty narrows nothing. `unit` is a code, `agency` a name, a
    short name or a part of it, `year` of the Buddhist era."""

    book: str = ""
    year: str = ""
    unit: str = ""
    agency: str = ""
    urgency: str = ""
    state: str = ""
    enclosure: str = ""
    hold: str = ""

    @classmethod
    def read(cls, said: Mapping[str, str]) -> Self:
        """What the arguments of an address say; others are left alone. Raises BadInput with words for each wrong
        one."""
        values = {name: " ".join(arabic_digits(said.get(name, "")).split()) for name in FIELDS}
        wrong = {name: words for name, (fits, words) in _CHECKS.items() if values[name] and not fits(values[name])}
        if wrong:
            raise BadInput(wrong)
        return cls(**values)

    def written(self) -> dict[str, str]:
        """The arguments that say the same: only what is set."""
        return {name: getattr(self, name) for name in FIELDS if getattr(self, name)}

    @property
    def on(self) -> bool:
        """True when the answers are narrowed at all."""
        return bool(self.written())

    def signs(self, unit_hex: str) -> list[str]:
        """The signs of the index that say the same; the unit is known by its id."""
        found = [
            f"{name} {getattr(self, name)}" for name in ("book", "year", "urgency", "state") if getattr(self, name)
        ]
        if self.unit:
            found.append(f"of {unit_hex}")
        return found + [name for name in ("enclosure", "hold") if getattr(self, name)]


FIELDS = tuple(field.name for field in fields(Narrow))
BOOKS = tuple(BookKind)
_CHOOSE = "ไม่มีตัวเลือกนี้ เลือกใหม่จากรายการ"


def _among(*values: str) -> Any:
    return values.__contains__


_CHECKS: dict[str, tuple[Any, str]] = {
    "book": (_among(*(kind.value for kind in BOOKS)), _CHOOSE),
    "year": (re.compile(r"2[0-9]{3}").fullmatch, "ใส่ปี พ.ศ. สี่หลัก เช่น ๒๕๖๙"),
    "unit": (lambda text: len(text) <= LONGEST, "รหัสหน่วยงานยาวเกินไป"),
    "agency": (lambda text: len(text) <= LONGEST, f"ชื่อส่วนราชการยาวเกิน {LONGEST} ตัวอักษร"),
    "urgency": (_among(*(one.value for one in Urgency)), _CHOOSE),
    "state": (_among(*STATES), _CHOOSE),
    "enclosure": (_among("yes"), _CHOOSE),
    "hold": (_among("yes"), _CHOOSE),
}
