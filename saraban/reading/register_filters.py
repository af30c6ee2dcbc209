"""What a list of a register shows: every column can be asked for, and the same words stand in the address of the page,
in a saved view and in the order of an export."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import date, timedelta
from enum import Enum
from typing import Any, Self

from sqlalchemy import ColumnElement, and_, false, not_, or_, select

from saraban.domain.actor import Actor
from saraban.domain.classification import Secrecy, Urgency
from saraban.domain.errors import BadInput
from saraban.domain.numbering import arabic_digits
from saraban.domain.register import EntryState, Origin
from saraban.reading.matching import (
    any_column_matches,
    column_matches,
    entries_match,
    is_whole_number,
    number_matches,
    query_words,
    raw_number_matches,
)
from saraban.reading.scope import register_masked
from saraban.storage.days import day_begins, office_day
from saraban.storage.tables.people import units
from saraban.storage.tables.registers import entries

LONGEST = 200
_LARGEST_SERIAL = 2**31 - 1
_YEARS = (1900, 2400)
TEXTS = ("q", "number", "sender", "addressee", "subject", "practice", "note", "entered_by")
DAYS = ("dated_from", "dated_to", "entered_from", "entered_to")
RANGES = ("since", "until", "entered_from", "entered_to")
"""Fields that cut a piece out of the book without asking what its lines say."""


@dataclass(frozen=True)
class Filters:
    """What is asked of the lines of a book; a field that is None or empty asks for nothing.

    `q` looks into number, subject, agencies, practice and note at once. `dated_…` are days of the letter, `entered_…`
    days of the office on which lines were entered, `since` and `until` numbers of the register; all ends are included.
    `unit` in the address names the book's keeper, so the unit whose matter a line is stands under `owner` (its code).
    """

    q: str = ""
    number: str = ""
    dated_from: date | None = None
    dated_to: date | None = None
    sender: str = ""
    addressee: str = ""
    subject: str = ""
    practice: str = ""
    note: str = ""
    urgency: Urgency | None = None
    secrecy: Secrecy | None = None
    state: EntryState | None = None
    origin: Origin | None = None
    entered_from: date | None = None
    entered_to: date | None = None
    entered_by: str = ""
    owner: str = ""
    late: bool | None = None
    corrected: bool | None = None
    since: int | None = None
    until: int | None = None

    @classmethod
    def read(cls, said: Mapping[str, str]) -> Self:
        """The filters in the arguments of an address or in an order; other arguments are left alone. Days are ISO
        (2026-11-23), numbers may have Thai digits. Raises BadInput with the words for each wrong field."""
        wrong: dict[str, str] = {}
        values: dict[str, Any] = {}
        for name, read in _READERS.items():
            text = said.get(name, "").strip()
            if not text:
                continue
            try:
                values[name] = read(text)
            except ValueError as error:
                wrong[name] = str(error)
        for first, last in (("dated_from", "dated_to"), ("entered_from", "entered_to"), ("since", "until")):
            if first in values and last in values and values[first] > values[last]:
                wrong[last] = "ค่าสิ้นสุดอยู่ก่อนค่าเริ่มต้น"
        if wrong:
            raise BadInput(wrong)
        return cls(**values)

    def written(self) -> dict[str, str]:
        """The arguments of the address that say the same: only what is set, in the order of the fields."""
        said = {name: _plain(getattr(self, name)) for name in FIELDS}
        return {name: text for name, text in said.items() if text}

    @property
    def on(self) -> bool:
        """True when anything is asked for."""
        return self != type(self)()

    @property
    def asks_content(self) -> bool:
        """True when something is asked about what lines say, and not only for a range of the book."""
        return any(name not in RANGES for name in self.written())

    @property
    def words(self) -> list[str]:
        """The words in normal form that the lines must hold somewhere, as the index of words knows them."""
        named = (self.sender, self.addressee, self.subject, self.practice, self.note)
        everywhere = "" if is_whole_number(self.q) else self.q
        return [word for text in (everywhere, *named) for word in query_words(text)]

    @property
    def numbers(self) -> list[str]:
        """Letter numbers, or parts of them, that are asked for; a whole one in `q` means the letter's number too."""
        return [text for text in (self.number, self.q if is_whole_number(self.q) else "") if text]

    def conditions(
        self, actor: Actor | None = None, *, secret: bool = False, by_index: bool = True
    ) -> list[ColumnElement[bool]]:
        """The conditions over `entries`, without the book. Whoever asks what lines say finds open lines only; an actor
        finds those classified ones too that the actor may know, though by words only in a `secret` register, whose
        lines are all classified and kept out of the index. `by_index`: the index of words may be used."""
        found: list[ColumnElement[bool]] = []
        if self.asks_content:
            found.append(entries.c.secrecy == Secrecy.OPEN if actor is None else not_(register_masked(actor)))
        found += self._raw_texts() if secret else self._texts(by_index)
        found += self._named_texts()
        found += self._choices()
        found += self._days()
        if self.since is not None:
            found.append(entries.c.serial >= self.since)
        if self.until is not None:
            found.append(entries.c.serial <= self.until)
        return found

    def _texts(self, by_index: bool) -> list[ColumnElement[bool]]:
        found = [entries_match(self.words, by_index=by_index)] if self.words else []
        if self.q and not query_words(self.q):
            found.append(false())
        return found + [number_matches(number) for number in self.numbers]

    def _raw_texts(self) -> list[ColumnElement[bool]]:
        everywhere = ("number", "subject", "sender", "addressee", "practice", "note")
        words = [] if is_whole_number(self.q) else query_words(self.q)
        found = [any_column_matches([entries.c[name] for name in everywhere], word) for word in words]
        if self.q and not query_words(self.q):
            found.append(false())
        return found + [raw_number_matches(number) for number in self.numbers]

    def _named_texts(self) -> list[ColumnElement[bool]]:
        return [
            column_matches(entries.c[name], query_words(getattr(self, name)))
            for name in ("sender", "addressee", "subject", "practice", "note", "entered_by")
            if getattr(self, name)
        ]

    def _choices(self) -> list[ColumnElement[bool]]:
        found: list[ColumnElement[bool]] = []
        for name in ("urgency", "secrecy", "state", "origin"):
            if (wanted := getattr(self, name)) is not None:
                found.append(entries.c[name] == wanted)
        if self.owner:
            owner = select(units.c.id).where(units.c.agency_id == entries.c.agency_id, units.c.code == self.owner)
            found.append(entries.c.unit_id == owner.scalar_subquery())
        if self.late is not None:
            late = and_(
                entries.c.received_at.is_not(None), office_day(entries.c.received_at) < office_day(entries.c.at)
            )
            found.append(late if self.late else or_(entries.c.received_at.is_(None), not_(late)))
        if self.corrected is not None:
            found.append(entries.c.corrected > 0 if self.corrected else entries.c.corrected == 0)
        return found

    def _days(self) -> list[ColumnElement[bool]]:
        found: list[ColumnElement[bool]] = []
        if self.dated_from is not None:
            found.append(entries.c.letter_date >= self.dated_from)
        if self.dated_to is not None:
            found.append(entries.c.letter_date <= self.dated_to)
        if self.entered_from is not None:
            found.append(entries.c.at >= day_begins(self.entered_from))
        if self.entered_to is not None:
            found.append(entries.c.at < day_begins(self.entered_to + timedelta(days=1)))
        return found


FIELDS = tuple(field.name for field in fields(Filters))


def _text(text: str) -> str:
    if len(text) > LONGEST:
        raise ValueError(f"คำค้นยาวเกิน {LONGEST} ตัวอักษร")
    return " ".join(text.replace("\x00", "").split())


def _day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise ValueError("อ่านวันที่ไม่ออก พิมพ์ ๒๐ หรือ ๒๐/๑๑ หรือ ๒๐ พ.ย. ๒๕๖๙") from None
    if not _YEARS[0] <= day.year < _YEARS[1]:
        raise ValueError("ปีของวันที่อยู่นอกช่วงที่ค้นได้ ตรวจปีพุทธศักราชอีกครั้ง")
    return day


def _serial(text: str) -> int:
    plain = arabic_digits(text)
    if not (plain.isascii() and plain.isdigit() and len(plain) <= 10 and int(plain) <= _LARGEST_SERIAL):
        raise ValueError("ใส่เลขทะเบียนเป็นตัวเลข")
    return int(plain)


def _yes_or_no(text: str) -> bool:
    if text not in ("yes", "no"):
        raise ValueError("เลือกใช่หรือไม่ใช่ (yes หรือ no)")
    return text == "yes"


def _one_of(kind: type[Enum]) -> Callable[[str], Enum]:
    def read(text: str) -> Enum:
        try:
            return kind(text)
        except ValueError:
            raise ValueError("ไม่มีตัวเลือกนี้ เลือกใหม่จากรายการ") from None

    return read


_READERS: dict[str, Callable[[str], Any]] = {
    **dict.fromkeys(TEXTS, _text),
    **dict.fromkeys(DAYS, _day),
    "urgency": _one_of(Urgency),
    "secrecy": _one_of(Secrecy),
    "state": _one_of(EntryState),
    "origin": _one_of(Origin),
    "owner": _text,
    "late": _yes_or_no,
    "corrected": _yes_or_no,
    "since": _serial,
    "until": _serial,
}


def _plain(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Enum):
        return str(value.value)
    return value.isoformat() if isinstance(value, date) else str(value)
