"""Pages by keyset: a cursor is the order key of the last row, so that page one thousand costs what page one costs."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

from sqlalchemy import Column, ColumnElement, Connection, Row, Select, and_, or_

from saraban.domain.errors import BadInput

T = TypeVar("T")
MOST = 200
_LARGEST_INTEGER = 2**31 - 1


@dataclass(frozen=True)
class Page(Generic[T]):
    """A page of a list. `next` is the cursor of the following page, None at the end; `total` is None where counting
    would cost more than it tells. `previous` is the cursor of the page before, where a list can go back. `stopped`
    tells up to where was looked when few rows are found among many: `next` goes on from there. `before` is how many
    stand before this page in a list whose rows are counted."""

    items: list[T]
    next: str | None = None
    total: int | None = None
    previous: str | None = None
    stopped: int | None = None
    before: int = 0


def write_cursor(*key: datetime | UUID | int | str) -> str:
    """The opaque cursor for an order key."""
    parts = [part.isoformat() if isinstance(part, datetime) else str(part) for part in key]
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")


def read_cursor(cursor: str, *kinds: Callable[[str], Any]) -> tuple[Any, ...]:
    """The order key in a cursor, its parts read by `kinds` (`moment`, `UUID`, `serial`). Raises BadInput for anything
    that no page has given out."""
    try:
        parts = json.loads(base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True))
        if not isinstance(parts, list) or len(parts) != len(kinds) or not all(isinstance(p, str) for p in parts):
            raise ValueError("a cursor of another shape")
        return tuple(kind(part) for kind, part in zip(kinds, parts, strict=True))
    except (ValueError, OverflowError, RecursionError, binascii.Error):
        raise BadInput({"cursor": "ตัวชี้หน้าถัดไปไม่ถูกต้อง เปิดรายการใหม่ตั้งแต่หน้าแรก"}) from None


def moment(text: str) -> datetime:
    """An aware moment of a cursor; ValueError without a zone."""
    value = datetime.fromisoformat(text)
    if value.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    return value.astimezone(UTC)


def serial(text: str) -> int:
    """A serial number of a cursor; ValueError when no register has such a one."""
    value = int(text)
    if not 0 <= value <= _LARGEST_INTEGER:
        raise ValueError("no serial number")
    return value


def page_size(limit: int) -> int:
    """The limit, at least 1 and at most 200."""
    return max(1, min(limit, MOST))


def older_than(at: ColumnElement[datetime], key: ColumnElement[UUID], cursor: str) -> ColumnElement[bool]:
    """The rows after the cursor in the order newest first, then by id downwards."""
    return _older(at, key, *read_cursor(cursor, moment, UUID))


def waiting_first(
    settled: ColumnElement[bool], at: ColumnElement[datetime], key: ColumnElement[UUID], cursor: str
) -> ColumnElement[bool]:
    """The same in the order of what is not settled before what is."""
    was_settled, last_at, last_key = read_cursor(cursor, serial, moment, UUID)
    after = _older(at, key, last_at, last_key)
    return and_(settled, after) if was_settled else or_(settled, after)


def part_of(things: Sequence[T], cursor: str | None, limit: int) -> Page[T]:
    """A page of what is kept whole, such as the letters of a printed list; the last one for a cursor behind its end."""
    limit = page_size(limit)
    begin = read_cursor(cursor, serial)[0] if cursor else 0
    begin = begin if begin < len(things) else max(0, (len(things) - 1) // limit * limit)
    end = begin + limit
    return Page(
        list(things[begin:end]),
        write_cursor(end) if end < len(things) else None,
        len(things),
        write_cursor(max(0, begin - limit)) if begin else None,
        before=begin,
    )


def _older(
    at: ColumnElement[datetime], key: ColumnElement[UUID], last_at: datetime, last_key: UUID
) -> ColumnElement[bool]:
    return and_(at <= last_at, or_(at < last_at, key < last_key))


def cut(rows: Sequence[Any], limit: int, key: Callable[[Any], str]) -> tuple[list[Any], str | None]:
    """Of at most limit + 1 rows the first `limit`, and the cursor when there are more."""
    if len(rows) <= limit:
        return list(rows), None
    kept = list(rows[:limit])
    return kept, key(kept[-1])


def newest_first(
    reader: Connection,
    statement: Select[Any],
    by: tuple[Column[datetime], Column[UUID]],
    made: Callable[[Row[Any]], T],
    *,
    cursor: str | None,
    limit: int,
) -> Page[T]:
    """A page of what the statement gives, in the order of a moment and an id that its rows have under these names, each
    as it is made of a row."""
    page = rows_newest_first(reader, statement, by, cursor=cursor, limit=limit)
    return Page([made(row) for row in page.items], page.next)


def rows_newest_first(
    reader: Connection,
    statement: Select[Any],
    by: tuple[Column[datetime], Column[UUID]],
    *,
    cursor: str | None,
    limit: int,
) -> Page[Row[Any]]:
    """The same with its rows, for a list that has to look something up for all of them at once."""
    at, key = by
    limit = page_size(limit)
    if cursor:
        statement = statement.where(older_than(at, key, cursor))
    found = reader.execute(statement.order_by(at.desc(), key.desc()).limit(limit + 1)).all()
    return Page(*cut(found, limit, lambda row: write_cursor(getattr(row, at.name), getattr(row, key.name))))
