"""Claiming rows of a queue: one statement that leases what is due, safe with several workers side by side."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, RowMapping, Table, and_, bindparam, or_, select, update


class Queue:
    """A table whose due rows are leased, those with the smallest `order` first. `also` are values set in passing (not
    `order` itself); a condition may name the parameter `now`. Columns named in `unread` are not brought along.

    UPDATE … SET leased_until WHERE id IN (the due rows that nobody leases, oldest first) RETURNING *. SKIP LOCKED on
    PostgreSQL lets workers pass one another; SQLite has one writer at a time and ignores it.
    """

    def __init__(
        self, table: Table, due: ColumnElement[bool], order: Column[Any], *, unread: Sequence[str] = (), **also: Any
    ) -> None:
        self._order = order.name
        free = or_(table.c.leased_until.is_(None), table.c.leased_until < bindparam("now"))
        chosen = (
            select(table.c.id)
            .where(and_(due, free))
            .order_by(order)
            .limit(bindparam("most"))
            .with_for_update(skip_locked=True)
            .scalar_subquery()
        )
        self._statement = (
            update(table)
            .where(table.c.id.in_(chosen))
            .values(leased_until=bindparam("ends"), **also)
            .returning(*(column for column in table.c if column.name not in unread))
            .execution_options(synchronize_session=False)
        )

    def claim(self, connection: Connection, now: datetime, lease: timedelta, most: int) -> Sequence[RowMapping]:
        """Lease at most so many due rows until now + lease. They come in their order: RETURNING promises none."""
        rows = connection.execute(self._statement, {"now": now, "ends": now + lease, "most": most}).mappings()
        return sorted(rows, key=lambda row: row[self._order])
