"""How the lines of a book that a list asks for are found, in the order of their numbers, without reading the book.

Numbers of a book have no gaps, so a piece of it is a range of serials. First the nearest lines are read as they stand:
what is frequent is found there. What is rare is found by an index: of words, of numbers, of days, of the few lines that
are void or urgent. Where no index helps, so many lines are read and no more, and the page says how far it looked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, select, text

from saraban.domain.actor import Actor
from saraban.domain.classification import Secrecy, Urgency
from saraban.domain.register import BookKind, EntryState
from saraban.reading.matching import is_whole_number
from saraban.reading.register_filters import Filters
from saraban.storage import word_index
from saraban.storage.tables.registers import CLASSIFIED, CORRECTED, NOT_USED, TRULY_EARLIER, URGENT, entries

NEAR = 2_000
NEAREST = 400
"""How many lines are read before an index is asked that gives its lines in the order of the book."""
FAR = 20_000
COLLECTED = 5_000
_serial = entries.c.serial


@dataclass(frozen=True)
class Searched:
    """A book that is looked through: its id, the number by which the index of words knows it, whose it is, its kind."""

    id: UUID
    place: int
    agency_id: UUID
    kind: BookKind


@dataclass(frozen=True)
class Piece:
    """The part of the book in which is looked, both ends included, and which end comes first."""

    since: int
    until: int
    newest_first: bool

    @property
    def order(self) -> ColumnElement[Any]:
        """The order of the lines in it."""
        return _serial.desc() if self.newest_first else _serial.asc()

    def beginning(self, lines: int) -> Piece:
        """At most so many numbers of it, from where it begins."""
        if self.newest_first:
            return Piece(max(self.since, self.until - lines + 1), self.until, True)
        return Piece(self.since, min(self.until, self.since + lines - 1), False)

    def after(self, part: Piece) -> Piece:
        """What is left of it after a part from its beginning."""
        if self.newest_first:
            return Piece(self.since, part.since - 1, True)
        return Piece(part.until + 1, self.until, False)

    @property
    def empty(self) -> bool:
        """True when there is no number in it."""
        return self.since > self.until


@dataclass(frozen=True)
class Found:
    """Serials in the order of the list. `stopped` is the last number that was looked at, if the looking ended early."""

    serials: list[int]
    stopped: int | None = None


def find(reader: Connection, actor: Actor, book: Searched, filters: Filters, piece: Piece, most: int) -> Found:
    """The first `most` lines of the piece that the filters ask for and the actor may find."""
    if piece.empty:
        return Found([])
    search = _Search(reader, actor, book, filters, most)
    words = [] if book.kind.secret else word_index.indexed(filters.words)
    if (by_number := search.by_number(piece)) is not None:
        return Found(by_number)
    if not words and (few := _few_lines(filters)) is not None:
        return Found(search.of_few(few, piece))
    in_order = bool(words) and reader.dialect.name == "sqlite"
    near = piece.beginning(NEAREST if in_order else NEAR)
    found = search.walk(near)
    rest = piece.after(near)
    if len(found) >= most or rest.empty:
        return Found(found[:most])
    search.most = most - len(found)
    if (more := search.by_index(words, rest)) is not None:
        return Found(found + more)
    far = rest.beginning(FAR)
    found += search.walk(far)
    ended = len(found) >= most or rest.after(far).empty
    return Found(found, None if ended else (far.since if far.newest_first else far.until))


class _Search:
    """One search in one book: the ways to the lines that fulfil its conditions."""

    def __init__(self, reader: Connection, actor: Actor, book: Searched, filters: Filters, most: int) -> None:
        self._reader, self._actor, self._book, self._filters = reader, actor, book, filters
        self.most = most

    def walk(self, piece: Piece) -> list[int]:
        """Reading the lines of the piece one after another."""
        return self._serials(select(_serial).where(*self._of_piece(piece)).order_by(piece.order))

    def by_words(self, words: Sequence[str], piece: Piece) -> list[int]:
        """By SQLite's index of words, whose rows stand in the order of the book."""
        row = word_index.words_table.c.rowid
        first, last = word_index.rows_of(self._book.place, piece.since, piece.until)
        statement = (
            select(_serial)
            .select_from(word_index.joined(self._book.place))
            .where(word_index.lines_with(words), row.between(first, last), entries.c.book_id == self._book.id)
            .where(*self._conditions(by_index=True))
            .order_by(row.desc() if piece.newest_first else row.asc())
        )
        return self._serials(statement)

    def by_number(self, piece: Piece) -> list[int] | None:
        """By the index of letter numbers; None when no whole one is asked for, or too many lines have it."""
        if self._book.kind.secret or not any(is_whole_number(text) for text in self._filters.numbers):
            return None
        return self._collected(piece, entries.c.agency_id == self._book.agency_id)

    def by_index(self, words: Sequence[str], piece: Piece) -> list[int] | None:
        """By whatever index knows the rare thing that is asked for; None when none does, or it is not rare."""
        asked = self._filters
        if words and self._reader.dialect.name == "sqlite":
            return self.by_words(words, piece)
        if words:
            return self._collected(piece)
        if asked.dated_from or asked.dated_to:
            return self._sorted(piece, entries.c.agency_id == self._book.agency_id)
        if asked.entered_from or asked.entered_to:
            return self._sorted(piece)
        return None

    def of_few(self, few: str, piece: Piece) -> list[int]:
        """By the index over the few lines of which something holds, which has them in the order of the book."""
        return self._serials(select(_serial).where(text(few), *self._of_piece(piece)).order_by(piece.order))

    def _collected(self, piece: Piece, *more: ColumnElement[bool]) -> list[int] | None:
        """All lines that an index gives in no order, put into order; None when they are too many for that."""
        statement = select(_serial).where(*self._of_piece(piece, by_book=False), *more).limit(COLLECTED + 1)
        serials = sorted(self._reader.execute(statement).scalars(), reverse=piece.newest_first)
        return None if len(serials) > COLLECTED else serials[: self.most]

    def _sorted(self, piece: Piece, *more: ColumnElement[bool]) -> list[int]:
        """The lines of some days, put into order by the database."""
        order = (_serial + 0).desc() if piece.newest_first else (_serial + 0).asc()
        return self._serials(select(_serial).where(*self._of_piece(piece, by_book=False), *more).order_by(order))

    def _of_piece(self, piece: Piece, *, by_book: bool = True) -> list[ColumnElement[bool]]:
        """The conditions with those of the piece. Where an index of something rare is meant, a sum in the place of the
        serial keeps the database from going over the book in its order instead; where the book is gone over, the index
        of words is out of its sight."""
        serial = _serial if by_book else _serial + 0
        of_book = (entries.c.book_id == self._book.id, serial.between(piece.since, piece.until))
        return [*of_book, *self._conditions(by_index=not by_book)]

    def _conditions(self, *, by_index: bool) -> list[ColumnElement[bool]]:
        return self._filters.conditions(self._actor, secret=self._book.kind.secret, by_index=by_index)

    def _serials(self, statement: Any) -> list[int]:
        return list(self._reader.execute(statement.limit(self.most)).scalars())


def _few_lines(asked: Filters) -> str | None:
    """The condition of the index over the few lines of which one is asked for, as the database has to see it."""
    if asked.state not in (None, EntryState.USED):
        return NOT_USED
    if asked.urgency not in (None, Urgency.NORMAL):
        return URGENT
    if asked.secrecy not in (None, Secrecy.OPEN):
        return CLASSIFIED
    if asked.corrected:
        return CORRECTED
    return TRULY_EARLIER if asked.late else None
