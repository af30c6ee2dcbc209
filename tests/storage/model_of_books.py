"""A simple model of an agency's registers: dictionaries and a few rules, to be compared with the real thing."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from saraban.domain.calendar import office_date
from saraban.domain.classification import Secrecy
from saraban.domain.numbering import arabic_digits
from saraban.domain.register import BookKind, EntryState, Matter, Origin

NUMBERED_TOGETHER = (BookKind.SENDING, BookKind.CIRCULARS)
Place = tuple[BookKind, bool, int]
"""A book: its kind, whether the unit keeps it, its Buddhist year."""
Serial = tuple[Place, int]
ALWAYS_KEPT = (BookKind.RECEIVING, BookKind.SENDING)
TWINS = {
    BookKind.RECEIVING: BookKind.SECRET_RECEIVING,
    BookKind.SENDING: BookKind.SECRET_SENDING,
    BookKind.CIRCULARS: BookKind.SECRET_SENDING,
}


class Refused(Exception):
    """The model refuses, with the code that the product must give."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass
class ModelLine:
    """A line: its state, what its columns say, what was corrected, and how many lines of the ledger tell of it."""

    state: EntryState
    columns: dict[str, Any]
    told: list[str]
    corrected: list[str] = field(default_factory=list)
    files: int = 0


@dataclass
class ModelBook:
    """A book: the number it began with, the last one given, and whether it gives more."""

    first: int
    last: int
    closed: bool = False
    ended: bool = False
    lines: dict[int, ModelLine] = field(default_factory=dict)


@dataclass
class ModelOfBooks:
    """All books of one agency with one unit that may keep its own."""

    books: dict[Place, ModelBook] = field(default_factory=dict)

    def newest(self, kind: BookKind, own: bool, before: int = 9999) -> ModelBook | None:
        """The keeper's book of the latest year before that one."""
        years = [year for k, o, year in self.books if (k, o) == (kind, own) and year < before]
        return self.books[kind, own, max(years)] if years else None

    def keeps(self, kind: BookKind, own: bool) -> bool:
        """Does the agency (or its unit) keep such a book?"""
        book = self.newest(kind, own)
        return (kind in ALWAYS_KEPT and not own) if book is None else not book.ended

    def chosen(self, kind: BookKind, own: bool, secrecy: Secrecy) -> tuple[BookKind, bool]:
        """The book into which a letter goes."""
        if secrecy is not Secrecy.OPEN and kind in TWINS and self.keeps(TWINS[kind], False):
            return TWINS[kind], False
        candidates = [(kind, True), (kind, False)] if own else [(kind, False)]
        if kind is BookKind.CIRCULARS:
            kept = [one for one in candidates if self.keeps(*one)]
            if kept:
                return kept[0]
            return self.chosen(BookKind.SENDING, own, Secrecy.OPEN)
        return (kind, True) if own and self.keeps(kind, True) else (kind, False)

    def take(self, kind: BookKind, own: bool, year: int, count: int = 1) -> Serial:
        """The first of so many next numbers."""
        book = self.books.get((kind, own, year))
        if book is None:
            earlier = self.newest(kind, own, year)
            always = kind in ALWAYS_KEPT and not own
            if earlier.ended if earlier is not None else not always:
                raise Refused("book-not-open")
            book = self.books[kind, own, year] = ModelBook(1, 0)
        if book.closed:
            raise Refused("book-closed")
        book.last += count
        return (kind, own, year), book.last - count + 1

    def open(self, kind: BookKind, own: bool, year: int, first: int) -> None:
        """Open a book."""
        if kind.secret and own:
            raise Refused("bad-input")
        if (kind, own, year) in self.books:
            raise Refused("book-open")
        if first <= self.given_elsewhere(kind, own, year):
            raise Refused("bad-input")
        self.books[kind, own, year] = ModelBook(first, first - 1)

    def given_elsewhere(self, kind: BookKind, own: bool, year: int) -> int:
        """The highest number in other books of the year that this one would write again."""
        if kind not in NUMBERED_TOGETHER:
            return 0
        kept_by_unit = (kind, True, year) in self.books and self.keeps(kind, True)
        series = ["1002"] if own else ["1001"] if kept_by_unit else ["1001", "1002"]
        plain = self.chosen(BookKind.CIRCULARS, own, Secrecy.OPEN)[0] is BookKind.SENDING
        marks = ["ว "] if kind is BookKind.CIRCULARS else ["", "ว "] if plain else [""]
        heads = [f"ทส {one}/{mark}" for one in series for mark in marks]
        others = [place for place in self.books if place[2] == year and place[:2] != (kind, own)]
        numbers = [(n, line.columns["number"]) for place in others for n, line in self.books[place].lines.items()]
        return max((n for n, number in numbers if number in [f"{head}{n}" for head in heads]), default=0)

    def reopen(self, kind: BookKind, own: bool, year: int) -> None:
        """Keep a book again that was ended."""
        book = self.newest(kind, own)
        if book is None or self.keeps(kind, own):
            raise Refused("book-not-ended")
        if (kind, own, year) not in self.books:
            raise Refused("year-over")
        if self.given_elsewhere(kind, own, year) > book.last:
            raise Refused("numbers-repeat")
        book.closed = book.ended = False

    def end(self, kind: BookKind, own: bool, year: int) -> None:
        """Stop keeping such a book."""
        if kind in ALWAYS_KEPT and not own:
            raise Refused("book-required")
        book = self.newest(kind, own)
        if book is None or not self.keeps(kind, own):
            raise Refused("book-not-open")
        book.closed = book.ended = True
        if kind in NUMBERED_TOGETHER and book is self.books.get((kind, own, year)) and book.last >= book.first:
            heirs = {self.chosen(kind, own, Secrecy.OPEN)}
            if not own and (BookKind.SENDING, True, year) in self.books:
                heirs.add((BookKind.SENDING, True))
            lasts = [self.books[*heir, year].last if (*heir, year) in self.books else 0 for heir in heirs]
            if min(lasts) < book.last:
                book.closed = book.ended = False
                raise Refused("numbers-repeat")

    def line(self, serial: Serial) -> ModelLine:
        """The line of a number."""
        return self.books[serial[0]].lines[serial[1]]

    def all_lines(self) -> dict[Serial, ModelLine]:
        """Every line of every book."""
        return {(place, n): line for place, book in self.books.items() for n, line in book.lines.items()}

    def write(self, serial: Serial, line: ModelLine) -> None:
        """Put a line into its book."""
        assert serial[1] not in self.books[serial[0]].lines, "the model gave a number twice"
        self.books[serial[0]].lines[serial[1]] = line


def tidy(text: str) -> str:
    """Spaces folded."""
    return " ".join(text.split())


def columns_of(matter: Matter, *, own_name: str, number: str, at: datetime, by: str, **more: Any) -> dict[str, Any]:
    """What the columns of a line say that was written from this."""
    return {
        "number": number or tidy(arabic_digits(matter.number)),
        "letter_date": matter.letter_date,
        "sender": tidy(matter.sender) or own_name,
        "addressee": tidy(matter.addressee) or own_name,
        "subject": tidy(matter.subject),
        "practice": matter.practice.strip(),
        "note": matter.note.strip(),
        "urgency": matter.urgency,
        "secrecy": matter.secrecy,
        "received_at": matter.received_at,
        "at": at,
        "entered_by": by,
        "void_reason": "",
        "void_authority": "",
        "origin": Origin.PAPER,
        **more,
    }


def written(kind: BookKind, serial: int, year: int, series: str, *, circular: bool) -> str:
    """The letter number of an outgoing line; empty for incoming ones."""
    if kind in (BookKind.RECEIVING, BookKind.SECRET_RECEIVING):
        return ""
    if kind in (BookKind.ORDERS, BookKind.CERTIFICATES, BookKind.MINUTES, BookKind.RULES, BookKind.ANNOUNCEMENTS):
        return f"{serial}/{year}"
    mark = "ล " if kind is BookKind.SECRET_SENDING else "ว " if circular else ""
    return f"ทส {series}/{mark}{serial}"


def came_before_its_date(kind: BookKind, written: date | None, came: datetime | None) -> bool:
    """True for a letter that would have come on a day before the one that is written on it."""
    return kind.incoming and written is not None and came is not None and office_date(came) < written


def dated(matter: Matter, kind: BookKind, day: date) -> date | None:
    """The date of a letter: outgoing ones bear the day of the office unless they say another."""
    incoming = kind in (BookKind.RECEIVING, BookKind.SECRET_RECEIVING)
    return matter.letter_date or (None if incoming else day)
