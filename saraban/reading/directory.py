"""The directory: agencies to write to, and their names."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, bindparam, or_, select

from saraban.domain.actor import Actor
from saraban.reading.groups import group_names
from saraban.reading.matching import query_words
from saraban.storage.search import normal_form
from saraban.storage.tables.people import agencies as hosted_agencies
from saraban.storage.tables.people import directory
from saraban.storage.tables.people import outsiders as outside

DEFAULT_MAX_BYTES = 20_000_000


@dataclass(frozen=True)
class DirectoryRow:
    """An agency of the directory. `speaks_saraban`: it answers with receipts; `reconciles`: it compares registers;
    `hosted`: it is served by this installation; `max_bytes` the largest message it takes, in octets."""

    code: str
    name: str
    name_en: str
    abbr: str
    mailbox: str
    speaks_saraban: bool
    reconciles: bool
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
_ALL = (
    select(*_COLUMNS)
    .select_from(directory.outerjoin(hosted_agencies, hosted_agencies.c.code == directory.c.code))
    .order_by(directory.c.name, directory.c.code)
)
_FIRST = _ALL.limit(bindparam("most"))
_OUTSIDERS = (
    select(outside)
    .where(outside.c.agency_id == bindparam("agency"), outside.c.active)
    .order_by(outside.c.name, outside.c.mailbox)
)
_OUTSIDE_NAMES = select(outside.c.mailbox, outside.c.name).where(
    outside.c.agency_id == bindparam("agency"), outside.c.mailbox.in_(bindparam("codes", expanding=True))
)
_NAMES = select(directory.c.code, directory.c.name).where(directory.c.code.in_(bindparam("codes", expanding=True)))


def agencies(reader: Connection, *, q: str = "", limit: int = 50) -> list[DirectoryRow]:
    """Agencies whose code, names, abbreviation or mailbox hold every word of `q`; all of them for an empty one.
    What begins with the query comes first, then in the order of names."""
    words = query_words(q)
    if not words:
        return [_row(row) for row in reader.execute(_FIRST, {"most": limit})]
    whole = " ".join(words)
    ranked = []
    for row in reader.execute(_ALL):
        fields = [normal_form(text) for text in (row.name, row.abbr, row.code, row.name_en, row.mailbox)]
        if all(any(word in field for field in fields) for word in words):
            rank = 0 if whole in fields else 1 if any(field.startswith(whole) for field in fields) else 2
            ranked.append((rank, row))
    ranked.sort(key=lambda pair: pair[0])
    return [_row(row) for _, row in ranked[:limit]]


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
        max_bytes=declared if isinstance(declared, int) else DEFAULT_MAX_BYTES,
        hosted=row.hosted is not None,
        valid_to=row.valid_to,
        successor=row.successor,
    )
