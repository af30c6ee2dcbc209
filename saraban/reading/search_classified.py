"""What is classified and the person who searches may read, looked through as it stands.

Its words are in no index, so none lie where somebody else looks. Only for who is cleared is it asked for: for everybody
else nothing is asked, read or counted. It is found by what the registers say of it; what stands in a letter and in its
files is read by opening it, for which the person is asked again and which is noted.
"""

from __future__ import annotations

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
    Select,
    Table,
    Text,
    and_,
    case,
    exists,
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
from saraban.reading.asking import Narrow, Term
from saraban.reading.scope import ACTORS, register_masked, visible_incoming, visible_letters
from saraban.storage.days import day_begins
from saraban.storage.documents import Document, heads_of
from saraban.storage.planning import Spelt, as_id, planned_once, spelt, told
from saraban.storage.search import like_pattern, normalised
from saraban.storage.tables.letters import incoming, letters
from saraban.storage.tables.registers import entries

MOST = 200
"""How many are looked through: those with the number that is asked for, then the newest."""


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
    number = next((term.said for term in terms if term.number), "")
    year = int(narrow.year) - BUDDHIST_OFFSET if narrow.year else None
    with planned_once(reader):
        rows = _statement(reader.dialect, actor, year, bool(number)).rows(reader, {"number": like_pattern(number)})
    documents = heads_of(reader, [as_id(row[0]) for row in rows[:MOST]])
    return Classified(documents, len(rows) > MOST)


@lru_cache(maxsize=ACTORS)
def _statement(dialect: Dialect, actor: Actor, year: int | None, by_number: bool) -> Spelt:
    """A statement for the ids of one more than are looked through."""
    found = [
        _those(letters, letters.c.created_at, by_number).where(
            visible_letters(actor), _of_year(year, letters.c.number_date, letters.c.created_at)
        ),
        _those(incoming, incoming.c.received_at, by_number).where(
            visible_incoming(actor), _of_year(year, incoming.c.number_date, incoming.c.received_at)
        ),
    ]
    if may_read_registers(actor) is None:
        found.append(
            _those(entries, entries.c.at, by_number).where(
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


def _those(table: Table, at: ColumnElement[datetime], by_number: bool) -> Select[Any]:
    """What is classified; `other` is 0 where it has the number that is asked for, as it may be written."""
    bare = func.replace(normalised(table.c.number), " ", "")
    has = case((bare.like(told("number", Text), escape="\\"), 0), else_=1) if by_number else literal(1)
    return select(table.c.id, at.label("at"), has.label("other")).where(table.c.secrecy != Secrecy.OPEN)


def _of_year(year: int | None, day: ColumnElement[date | None], at: ColumnElement[datetime]) -> ColumnElement[bool]:
    """The condition that the letter is of that year by its date, or may be by when it was made or came."""
    if year is None:
        return true()
    first, last = date(year, 1, 1), date(year, 12, 31)
    made = and_(day.is_(None), at >= day_begins(first), at < day_begins(last + timedelta(days=1)))
    return or_(day.between(first, last), made)
