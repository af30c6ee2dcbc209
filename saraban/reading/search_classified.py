"""What is classified and the person who searches may read, looked through as it stands.

Its words are in no index, so none lie where somebody else looks. Only for who is cleared is it asked for: for everybody
else nothing is asked, read or counted. It is found by what the registers say of it; what stands in a letter and in its
files is read by opening it, for which the person is asked again and which is noted.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Connection,
    Dialect,
    Integer,
    Select,
    Table,
    Text,
    and_,
    case,
    exists,
    false,
    func,
    literal,
    not_,
    or_,
    select,
    true,
    union_all,
)

from saraban.domain.actor import Actor
from saraban.domain.calendar import BUDDHIST_OFFSET
from saraban.domain.classification import Secrecy
from saraban.domain.permissions import may_read_registers
from saraban.reading.asking import Narrow, Term, numbers_of
from saraban.reading.scope import ACTORS, register_masked, visible_incoming, visible_letters
from saraban.storage.days import day_begins
from saraban.storage.documents import Document, heads_of
from saraban.storage.planning import Spelt, as_id, planned_once, spelt, told
from saraban.storage.search import like_pattern, normalised
from saraban.storage.tables.letters import incoming, letters
from saraban.storage.tables.registers import entries

MOST = 200
"""How many are looked through: those with a number that is asked for, then the newest."""
_MOST_NUMBERS = 3
_OF_REGISTER = re.compile(r"([0-9]{1,8})(?:/([0-9]{4}))?")


@dataclass(frozen=True)
class Classified:
    """What is looked through. `left`: there is more that the person may read, and all of it is older."""

    documents: Sequence[Document] = ()
    left: bool = False

    @property
    def ids(self) -> frozenset[UUID]:
        """Those of all of it."""
        return frozenset(one.owner_id for one in self.documents)

    def under(self, signs: Sequence[str]) -> list[Document]:
        """The documents with these signs beside their own."""
        return [replace(one, signs=one.signs + "".join(signs)) for one in self.documents]


_NOTHING = Classified()


def classified(reader: Connection, actor: Actor, narrow: Narrow, terms: Sequence[Term]) -> Classified:
    """What is classified, may be read by the actor and may be what is asked for: of the year alone to which the answers
    are narrowed. Nothing for who is not cleared, and then nothing is asked of the database."""
    if not actor.clearance:
        return _NOTHING
    asked = _Numbers(terms)
    year = int(narrow.year) - BUDDHIST_OFFSET if narrow.year else None
    with planned_once(reader):
        rows = _statement(reader.dialect, actor, year, asked.counts).rows(reader, asked.values)
    documents = heads_of(reader, [as_id(row[0]) for row in rows[:MOST]])
    return Classified(documents, len(rows) > MOST)


@dataclass(frozen=True)
class _Counts:
    """How many numbers are asked for: ends of a letter's own, parts of one, and such as registers give."""

    ends: int
    parts: int
    serials: int


class _Numbers:
    """The numbers that are asked for, as a statement is told them: those of registers with their year, or 0."""

    def __init__(self, terms: Sequence[Term]) -> None:
        said = numbers_of(terms)
        asked = [term for term in terms if term.said in said][:_MOST_NUMBERS]
        ends = [like_pattern(_folded(term.said if term.number else f"/{term.said}"))[:-1] for term in asked]
        parts = [like_pattern(_folded(term.said)) for term in asked if term.number]
        serials = [match for term in asked if (match := _OF_REGISTER.fullmatch(term.said))]
        self.counts = _Counts(len(ends), len(parts), len(serials))
        self.values: dict[str, str | int] = {f"end_{at}": pattern for at, pattern in enumerate(ends)}
        self.values |= {f"part_{at}": pattern for at, pattern in enumerate(parts)}
        self.values |= {f"serial_{at}": int(match[1]) for at, match in enumerate(serials)}
        self.values |= {f"year_{at}": int(match[2] or 0) for at, match in enumerate(serials)}


@lru_cache(maxsize=ACTORS)
def _statement(dialect: Dialect, actor: Actor, year: int | None, counts: _Counts) -> Spelt:
    """A statement for the ids of one more than are looked through, those with one of so many numbers first."""
    line = entries.alias()

    def lines_of(table: Table) -> ColumnElement[bool]:
        return exists().where(line.c.subject_of == table.c.id, _given(line.c.serial, line.c.year, counts))

    given = _given(incoming.c.register_number, incoming.c.register_year, counts)
    found = [
        _those(letters, letters.c.created_at, lines_of(letters), counts).where(
            visible_letters(actor), _of_year(year, letters.c.number_date, letters.c.created_at)
        ),
        _those(incoming, incoming.c.received_at, or_(given, lines_of(incoming)), counts).where(
            visible_incoming(actor), _of_year(year, incoming.c.number_date, incoming.c.received_at)
        ),
    ]
    if may_read_registers(actor) is None:
        found.append(
            _those(entries, entries.c.at, _given(entries.c.serial, entries.c.year, counts), counts).where(
                entries.c.agency_id == actor.agency_id,
                entries.c.year == year + BUDDHIST_OFFSET if year is not None else true(),
                not_(register_masked(actor)),
                not_(exists().where(letters.c.id == entries.c.subject_of, visible_letters(actor))),
                not_(exists().where(incoming.c.id == entries.c.subject_of, visible_incoming(actor))),
            )
        )
    together = union_all(*found).subquery()
    newest = select(together.c.id).order_by(together.c.other, together.c.at.desc()).limit(MOST + 1)
    return spelt(newest, dialect)


def _those(table: Table, at: ColumnElement[datetime], given: ColumnElement[bool], counts: _Counts) -> Select[Any]:
    """What is classified; `other` is 0 where it ends in a number that is asked for, or a register gave it one, 1 where
    one is a part of its own."""
    number = literal("/") + _bare(table.c.number)
    ends = [number.like(told(f"end_{one}", Text), escape="\\") for one in range(counts.ends)]
    parts = [number.like(told(f"part_{one}", Text), escape="\\") for one in range(counts.parts)]
    ranks = [(or_(*ends, *([given] if counts.serials else [])), 0)] if ends else []
    ranks += [(or_(*parts), 1)] if parts else []
    other = case(*ranks, else_=2) if ranks else literal(2)
    return select(table.c.id, at.label("at"), other.label("other")).where(table.c.secrecy != Secrecy.OPEN)


def _given(serial: ColumnElement[Any], year: ColumnElement[Any], counts: _Counts) -> ColumnElement[bool]:
    """The condition that a register gave one of these numbers, in its year or in any."""
    wanted = []
    for one in range(counts.serials):
        its_year = told(f"year_{one}", Integer)
        wanted.append(and_(serial == told(f"serial_{one}", Integer), or_(its_year == 0, year == its_year)))
    return or_(false(), *wanted)


_ALIKE = ((" ", ""), (".", ""), ("ว", "/"), ("ล", "/"), ("//", "/"))
"""In which numbers of letters are written in several ways: with the ว of a circular or without, with its stroke or
without. What is alike by this and yet another number is looked through as well, and no more."""


def _folded(number: str) -> str:
    for written, plain in _ALIKE:
        number = number.replace(written, plain)
    return number


def _bare(column: ColumnElement[Any]) -> ColumnElement[str]:
    """The number of a letter as `_folded` gives it."""
    text = normalised(column)
    for written, plain in _ALIKE:
        text = func.replace(text, written, plain)
    return text


def _of_year(year: int | None, day: ColumnElement[date | None], at: ColumnElement[datetime]) -> ColumnElement[bool]:
    """The condition that the letter is of that year by its date, or may be by when it was made or came."""
    if year is None:
        return true()
    first, last = date(year, 1, 1), date(year, 12, 31)
    made = and_(day.is_(None), at >= day_begins(first), at < day_begins(last + timedelta(days=1)))
    return or_(day.between(first, last), made)
