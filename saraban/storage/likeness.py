"""Lines that may be of the same letter: by number, by file and by the days. Classified lines are in none of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import BindParameter, Connection, RowMapping, Select, bindparam, or_, select

from saraban.domain.attachment import Digest
from saraban.domain.classification import Secrecy
from saraban.domain.register import BookKind, EntryState
from saraban.domain.similarity import SAME_DAYS
from saraban.storage.search import number_key
from saraban.storage.tables.letters import files
from saraban.storage.tables.registers import books, entries
from saraban.usecases.registry import ComparedLine

MOST_COMPARED = 2_000
_MOST_NUMBERS = 500
_THESE: BindParameter[Any] = bindparam("owners", expanding=True)
_OPEN = (
    entries.c.agency_id == bindparam("agency"),
    entries.c.secrecy == Secrecy.OPEN,
    entries.c.state != EntryState.VOID,
)
_BY_NUMBER = (
    select(entries)
    .where(*_OPEN, entries.c.kind == bindparam("of_kind"), entries.c.number_key.in_(bindparam("keys", expanding=True)))
    .order_by(entries.c.at.desc())
)
_OWNERS = select(files.c.owner_id).where(
    files.c.agency_id == bindparam("agency"), files.c.sha256.in_(bindparam("digests", expanding=True))
)
_BY_OWNER = (
    select(entries)
    .where(*_OPEN, or_(entries.c.id.in_(_THESE), entries.c.subject_of.in_(_THESE)))
    .order_by(entries.c.at.desc())
    .limit(50)
)
_BY_DAYS = (
    select(entries)
    .where(
        *_OPEN,
        entries.c.kind == bindparam("of_kind"),
        entries.c.letter_date.between(bindparam("since"), bindparam("until")),
    )
    .order_by(entries.c.letter_date.desc(), entries.c.id)
    .limit(MOST_COMPARED)
)
_BY_SUBJECT = select(entries).where(
    *_OPEN,
    entries.c.kind == bindparam("of_kind"),
    entries.c.letter_date == bindparam("day"),
    entries.c.subject.in_(bindparam("subjects", expanding=True)),
)
_BOOKS = (
    select(books.c.id)
    .where(books.c.agency_id == bindparam("agency"), books.c.kind == bindparam("of_kind"))
    .order_by(books.c.year.desc(), books.c.last.desc())
    .limit(5)
)
_NEWEST = (
    select(entries)
    .where(*_OPEN, entries.c.book_id == bindparam("book"))
    .order_by(entries.c.serial.desc())
    .limit(MOST_COMPARED // 5)
)


def _compared(lines: Select[Any], *, unnumbered: bool) -> Select[Any]:
    """Of these lines, or of those without a letter number, what letters are compared by. What is read stays bounded;
    what is handed over is little."""
    found = lines.subquery()
    few = select(*(found.c[f.name] for f in fields(ComparedLine)))
    return few.where(found.c.number_key == "") if unnumbered else few


_COMPARED = {
    unnumbered: (_compared(_BY_DAYS, unnumbered=unnumbered), _compared(_NEWEST, unnumbered=unnumbered))
    for unnumbered in (False, True)
}


def by_number(connection: Connection, agency_id: UUID, kind: BookKind, numbers: Sequence[str]) -> list[RowMapping]:
    """Rows of such books with one of these letter numbers, the newest first."""
    keys = sorted({key for number in numbers if (key := number_key(number))})
    found: list[RowMapping] = []
    for start in range(0, len(keys), _MOST_NUMBERS):
        values = {"agency": agency_id, "of_kind": kind, "keys": keys[start : start + _MOST_NUMBERS]}
        found += connection.execute(_BY_NUMBER, values).mappings()
    return found


def by_subject(
    connection: Connection, agency_id: UUID, kind: BookKind, day: date, subjects: Sequence[str]
) -> list[RowMapping]:
    """Rows of letters of that day with one of these subjects to the letter."""
    wanted = sorted(set(subjects))
    found: list[RowMapping] = []
    for start in range(0, len(wanted), _MOST_NUMBERS):
        values = {"agency": agency_id, "of_kind": kind, "day": day, "subjects": wanted[start : start + _MOST_NUMBERS]}
        found += connection.execute(_BY_SUBJECT, values).mappings()
    return found


def by_files(connection: Connection, agency_id: UUID, digests: Sequence[Digest]) -> list[RowMapping]:
    """Rows whose scans, or whose letter's files, have one of these digests."""
    if not digests:
        return []
    owners = list(connection.execute(_OWNERS, {"agency": agency_id, "digests": list(digests)}).scalars())[:100]
    if not owners:
        return []
    return list(connection.execute(_BY_OWNER, {"agency": agency_id, "owners": owners}).mappings())


def by_days(connection: Connection, agency_id: UUID, kind: BookKind, day: date | None) -> list[RowMapping]:
    """Rows of letters dated about that day; for a letter without a date the newest of the books. Bounded."""
    return _about(connection, agency_id, kind, day, _BY_DAYS, _NEWEST)


def compared(
    connection: Connection, agency_id: UUID, kind: BookKind, day: date | None, *, unnumbered: bool
) -> list[ComparedLine]:
    """The same lines as far as letters are compared with them. With `unnumbered` only those without a number of their
    own, which alone can be a numbered letter once more."""
    return [ComparedLine(*row.values()) for row in _about(connection, agency_id, kind, day, *_COMPARED[unnumbered])]


def _about(
    connection: Connection, agency_id: UUID, kind: BookKind, day: date | None, dated: Select[Any], newest: Select[Any]
) -> list[RowMapping]:
    if day is None:
        found: list[RowMapping] = []
        for book in connection.execute(_BOOKS, {"agency": agency_id, "of_kind": kind}).scalars():
            found += connection.execute(newest, {"agency": agency_id, "book": book}).mappings()
        return found
    near = timedelta(days=SAME_DAYS)
    values: dict[str, Any] = {"agency": agency_id, "of_kind": kind, "since": day - near, "until": day + near}
    return list(connection.execute(dated, values).mappings())
