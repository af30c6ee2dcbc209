"""The directory: agencies to write to, and their names."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, and_, bindparam, case, func, literal, or_, select

from saraban.domain.actor import Actor
from saraban.reading.groups import group_names
from saraban.reading.matching import query_words
from saraban.reading.paging import Page, cut, page_size, read_cursor, serial, write_cursor
from saraban.storage.search import like_pattern
from saraban.storage.tables.people import agencies as hosted_agencies
from saraban.storage.tables.people import directory
from saraban.storage.tables.people import outsiders as outside

DEFAULT_MAX_BYTES = 20_000_000


@dataclass(frozen=True)
class DirectoryRow:
    """An agency of the directory. `speaks_saraban`: it answers with receipts; `reconciles`: it compares registers;
    `looks_up`: it is asked about documents that it issued; `hosted`: it is served by this installation; `max_bytes` the
    largest message it takes, in octets."""

    code: str
    name: str
    name_en: str
    abbr: str
    mailbox: str
    speaks_saraban: bool
    reconciles: bool
    looks_up: bool
    max_bytes: int
    hosted: bool
    valid_to: date | None
    successor: str | None


@dataclass(frozen=True)
class OutsiderRow:
    """A receiver outside the directory; its address is its code in a letter's recipients."""

    id: UUID
    name: str
    mailbox: str
    added_at: datetime
    added_by: str


_COLUMNS = (
    directory.c.code,
    directory.c.name,
    directory.c.name_en,
    directory.c.abbr,
    directory.c.mailbox,
    directory.c.capabilities,
    directory.c.valid_to,
    directory.c.successor,
    hosted_agencies.c.id.label("hosted"),
)
_ALL = select(*_COLUMNS).select_from(directory.outerjoin(hosted_agencies, hosted_agencies.c.code == directory.c.code))
_OUTSIDERS = (
    select(outside)
    .where(outside.c.agency_id == bindparam("agency"), outside.c.active)
    .order_by(outside.c.name, outside.c.mailbox)
)
_OUTSIDE_NAMES = select(outside.c.mailbox, outside.c.name).where(
    outside.c.agency_id == bindparam("agency"), outside.c.mailbox.in_(bindparam("codes", expanding=True))
)
_NAMES = select(directory.c.code, directory.c.name).where(directory.c.code.in_(bindparam("codes", expanding=True)))


def agencies(reader: Connection, *, q: str = "", cursor: str | None = None, limit: int = 50) -> Page[DirectoryRow]:
    """A page of the agencies whose code, names, abbreviation or mailbox hold every word of `q`; of all of them for an
    empty one. What is called just so comes first, then what begins so, then the others, each in the order of names.
    With the first page comes how many there are."""
    limit, words = page_size(limit), query_words(q)
    found = [directory.c.search_text.like(like_pattern(word), escape="\\") for word in words]
    rank = _rank(" ".join(words)) if words else literal(0)
    statement = _ALL.add_columns(rank.label("rank")).where(*found)
    name, code = directory.c.name, directory.c.code
    if cursor:
        last_rank, last_name, last_code = read_cursor(cursor, serial, str, str)
        later = and_(name >= last_name, or_(name > last_name, code > last_code))
        statement = statement.where(or_(rank > last_rank, and_(rank == last_rank, later)) if words else later)
    ordered = statement.order_by(rank, name, code) if words else statement.order_by(name, code)
    rows = reader.execute(ordered.limit(limit + 1)).all()
    kept, following = cut(rows, limit, lambda row: write_cursor(row.rank, row.name, row.code))
    count = None if cursor else reader.execute(select(func.count()).select_from(directory).where(*found)).scalar()
    return Page([_row(row) for row in kept], following, count)


def who_reconcile(reader: Connection) -> list[DirectoryRow]:
    """The agencies that compare registers with others, by name."""
    rows = reader.execute(_ALL.order_by(directory.c.name, directory.c.code))
    return [row for row in map(_row, rows) if row.reconciles]


def who_look_up(reader: Connection) -> list[DirectoryRow]:
    """The agencies that are asked about documents which they issued, by name."""
    rows = reader.execute(_ALL.order_by(directory.c.name, directory.c.code))
    return [row for row in map(_row, rows) if row.looks_up]


def _rank(whole: str) -> ColumnElement[int]:
    """0 for an agency that is called just so, 1 when one of its names begins so, 2 for the others."""
    text, begins = directory.c.search_text, "%\n" + like_pattern(whole)[1:]
    is_so, begins_so = text.like(begins[:-1] + "\n%", escape="\\"), text.like(begins, escape="\\")
    return case((is_so, 0), (begins_so, 1), else_=2)


def to_write_to(reader: Connection, actor: Actor, on: date) -> list[tuple[str, str, str]]:
    """The agencies in force that the actor's may write to, by name: code, name and abbreviation. Thousands, so that
    nothing else of them is read."""
    own = select(hosted_agencies.c.code).where(hosted_agencies.c.id == actor.agency_id).scalar_subquery()
    rows = reader.execute(
        select(directory.c.code, directory.c.name, directory.c.abbr)
        .where(or_(directory.c.valid_to.is_(None), directory.c.valid_to >= on), directory.c.code != own)
        .order_by(directory.c.name, directory.c.code)
    )
    return [(row.code, row.name, row.abbr) for row in rows]


def names(reader: Connection, codes: Iterable[str], agency_id: UUID) -> dict[str, str]:
    """The names of these receivers of an agency by code: agencies of the directory, and those on its own list, which
    stand under their address; what neither knows is left out."""
    wanted = sorted(set(codes))
    found = group_names(reader, wanted, agency_id)
    for start in range(0, len(wanted), 500):
        some = wanted[start : start + 500]
        outside = [code for code in some if "@" in code]
        if outside:
            rows = reader.execute(_OUTSIDE_NAMES, {"codes": outside, "agency": agency_id})
            found.update((r.mailbox, r.name) for r in rows)
        found.update((r.code, r.name) for r in reader.execute(_NAMES, {"codes": some}))
    return found


def outsiders(reader: Connection, actor: Actor) -> list[OutsiderRow]:
    """The receivers outside the directory on the list of the actor's agency, by name."""
    rows = reader.execute(_OUTSIDERS, {"agency": actor.agency_id})
    return [OutsiderRow(r.id, r.name, r.mailbox, r.added_at, r.added_by) for r in rows]


def _row(row: Any) -> DirectoryRow:
    declared = row.capabilities.get("max_bytes")
    return DirectoryRow(
        code=row.code,
        name=row.name,
        name_en=row.name_en,
        abbr=row.abbr,
        mailbox=row.mailbox,
        speaks_saraban=bool(row.capabilities.get("saraban")),
        reconciles=row.capabilities.get("reconcile") == 1,
        looks_up=row.capabilities.get("lookup") == 1,
        max_bytes=declared if isinstance(declared, int) else DEFAULT_MAX_BYTES,
        hosted=row.hosted is not None,
        valid_to=row.valid_to,
        successor=row.successor,
    )
