"""Claiming rows of a queue: one statement that leases what is due, safe with several workers side by side."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Table, and_, bindparam, or_, select, update


def claim_statement(table: Table, due: ColumnElement[bool], order: Any, **also: Any) -> Any:
    """UPDATE … SET leased_until WHERE id IN (the due rows that nobody leases, oldest first) RETURNING *.

    Parameters at execution: `now`, `ends`, `most`. SKIP LOCKED on PostgreSQL lets workers pass one another; SQLite has
    one writer at a time and ignores it.
    """
    free = or_(table.c.leased_until.is_(None), table.c.leased_until < bindparam("now"))
    chosen = (
        select(table.c.id)
        .where(and_(due, free))
        .order_by(order)
        .limit(bindparam("most"))
        .with_for_update(skip_locked=True)
        .scalar_subquery()
    )
    return (
        update(table)
        .where(table.c.id.in_(chosen))
        .values(leased_until=bindparam("ends"), **also)
        .returning(*table.c)
        .execution_options(synchronize_session=False)
    )
