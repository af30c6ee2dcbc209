"""What may be written next: offered from what clerks of the agency wrote before, from the directory and from its own
units. Nothing of classified lines is kept there, so none is offered.

An offer costs the same however long the books grow: the most used phrases are looked through first, of equally used
ones the newest, in the order of their index; only what is rare among them is asked of the trigram index, and of its
answers the newest.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, and_, bindparam, func, literal_column, or_, select, text

from saraban.domain.actor import Actor
from saraban.domain.permissions import may_read_registers, require
from saraban.storage.search import fts_words, like_pattern, normal_form, scope_sign
from saraban.storage.tables.organisation import in_force, unit_periods
from saraban.storage.tables.people import directory, units
from saraban.storage.tables.registers import phrases

FIELDS = ("sender", "addressee", "subject", "practice")
SHOWN = 8
_LOOKED_THROUGH = 1_000
_LOOKED_UP = 200
_LEAST_FOR_TRIGRAMS = 3
_LONGEST = 100
_LAST_SIGN = "\U0010ffff"


@dataclass(frozen=True)
class Offer:
    """A text to be taken over: how often it was written (0: it comes from the directory or the agency's own units), and
    for a sender the head of its letter numbers."""

    text: str
    used: int = 0
    number_head: str = ""


_COLUMNS = (phrases.c.text, phrases.c.key, phrases.c.use_count, phrases.c.number_head)
_SCOPE = (
    phrases.c.agency_id == bindparam("agency"),
    phrases.c.field == bindparam("of_field"),
    phrases.c.beside == bindparam("next_to"),
)
_MOST_USED = (
    select(*_COLUMNS)
    .where(*_SCOPE)
    .order_by(phrases.c.use_count.desc(), phrases.c.id.desc())
    .limit(_LOOKED_THROUGH)
    .subquery()
)
_AMONG_MOST_USED = (
    select(_MOST_USED)
    .where(_MOST_USED.c.key.like(bindparam("pattern"), escape="\\"))
    .order_by(_MOST_USED.c.use_count.desc(), _MOST_USED.c.key)
    .limit(bindparam("most"))
)
_BEGINNING = (
    select(*_COLUMNS)
    .where(*_SCOPE, phrases.c.key >= bindparam("since"), phrases.c.key < bindparam("until"))
    .order_by(phrases.c.key)
    .limit(_LOOKED_UP)
)
# PostgreSQL's index holds what stands beside nothing, which the statement must say in so many words; and it is asked by
# itself, for a plan made before the text is known would rather read all phrases of the agency.
_FOUND = (
    select(phrases.c.agency_id, phrases.c.field, *_COLUMNS)
    .where(phrases.c.beside == literal_column("''"), phrases.c.key.like(bindparam("pattern"), escape="\\"))
    .cte("found")
    .prefix_with("MATERIALIZED", dialect="postgresql")
)
_BY_TRIGRAMS = {
    "sqlite": select(*_COLUMNS)
    .select_from(text("phrases_fts"))
    .join(phrases, text("phrases_fts.rowid = phrases.id"))
    .where(text("phrases_fts MATCH :asked"), *_SCOPE)
    .order_by(text("phrases_fts.rowid DESC"))
    .limit(_LOOKED_UP),
    "postgresql": select(*(_FOUND.c[column.name] for column in _COLUMNS))
    .where(_FOUND.c.agency_id == bindparam("agency"), _FOUND.c.field == bindparam("of_field"))
    .limit(_LOOKED_UP),
}
_DIRECTORY = (
    select(directory.c.name)
    .where(
        or_(
            func.lower(directory.c.name).like(bindparam("pattern"), escape="\\"),
            func.lower(directory.c.abbr) == bindparam("whole"),
            directory.c.code == bindparam("whole"),
        ),
        directory.c.valid_to.is_(None),
    )
    .order_by(directory.c.name)
    .limit(SHOWN)
)
_UNITS = (
    select(unit_periods.c.name)
    .join(units, and_(units.c.id == unit_periods.c.unit_id, in_force(unit_periods, bindparam("day"))))
    .where(
        units.c.agency_id == bindparam("agency"),
        in_force(units, bindparam("day")),
        unit_periods.c.name.like(bindparam("pattern"), escape="\\"),
    )
    .order_by(units.c.central.desc(), unit_periods.c.name)
    .limit(SHOWN)
)


def offers(reader: Connection, actor: Actor, *, field: str, typed: str, beside: str = "") -> list[Offer]:
    """At most eight texts for a field ("sender", "addressee", "subject", "practice") that hold what was typed, those
    that begin with it first, then the most used. A subject's `beside` is its sender: what came from there comes first.
    For an empty text the most used ones."""
    require(may_read_registers(actor))
    asked = normal_form(typed[:_LONGEST].replace("\x00", ""))
    if field not in FIELDS:
        return []
    found: dict[str, Offer] = {}
    for offer in _in_order(reader, actor, field, asked, normal_form(beside)):
        found.setdefault(normal_form(offer.text), offer)
        if len(found) == SHOWN:
            break
    return list(found.values())


def _in_order(reader: Connection, actor: Actor, field: str, asked: str, beside: str) -> Iterator[Offer]:
    if beside and field == "subject":
        yield from _most_used(reader, actor.agency_id, field, asked, beside)
    known = list(_most_used(reader, actor.agency_id, field, asked, ""))
    if asked and len(known) < SHOWN:
        known += _rare(reader, actor.agency_id, field, asked)
    yield from _best_first(known, asked)
    if field != "subject" and asked:
        yield from _named(reader, actor, field, asked)


def _most_used(reader: Connection, agency_id: UUID, field: str, asked: str, beside: str) -> list[Offer]:
    values = _values(agency_id, field, beside) | {"pattern": like_pattern(asked), "most": SHOWN}
    return [_offer(row) for row in reader.execute(_AMONG_MOST_USED, values)]


def _rare(reader: Connection, agency_id: UUID, field: str, asked: str) -> list[Offer]:
    """What the most used did not give: by the index of trigrams, or by its beginning while it is too short for one."""
    values = _values(agency_id, field, "")
    if len(asked) < _LEAST_FOR_TRIGRAMS:
        rows = reader.execute(_BEGINNING, values | {"since": asked, "until": asked + _LAST_SIGN})
        return [_offer(row) for row in rows]
    kind = reader.dialect.name
    if kind == "sqlite":
        values["asked"] = f"{fts_words('scope', scope_sign(agency_id, field))} AND {fts_words('key', asked)}"
    else:
        values["pattern"] = like_pattern(asked)
    return [_offer(row) for row in reader.execute(_BY_TRIGRAMS[kind], values)]


def _best_first(known: Iterable[Offer], asked: str) -> list[Offer]:
    return sorted(known, key=lambda o: (not normal_form(o.text).startswith(asked), -o.used, o.text))


def _named(reader: Connection, actor: Actor, field: str, asked: str) -> Iterator[Offer]:
    """Agencies of the directory as senders and addressees, the agency's own units as addressees and for what is to be
    done."""
    values = {"pattern": like_pattern(asked), "whole": asked, "agency": actor.agency_id, "day": actor.on or date.max}
    if field != "practice":
        yield from (Offer(name) for name in reader.execute(_DIRECTORY, values).scalars())
    yield from (Offer(name) for name in reader.execute(_UNITS, values).scalars())


def _values(agency_id: UUID, field: str, beside: str) -> dict[str, Any]:
    return {"agency": agency_id, "of_field": field, "next_to": beside}


def _offer(row: Any) -> Offer:
    return Offer(row.text, row.use_count, row.number_head)
