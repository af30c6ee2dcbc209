"""Runs the migrations on the connection that `saraban.storage.migration` hands over."""

from alembic import context
from sqlalchemy import TypeDecorator

from saraban.storage.tables import metadata


def plain_type(kind, thing, _context):
    """Write a column type of ours as the SQL type under it, so that old migrations do not change with the code."""
    if kind == "type" and isinstance(thing, TypeDecorator):
        return f"sa.{thing.impl_instance!r}"
    return False


def is_ours(name, kind, _parents):
    """False for the trigram indexes, which differ by database and are known to the migrations alone."""
    return not ((kind == "table" and "_fts" in (name or "")) or (kind == "index" and (name or "").endswith("_trgm")))


connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    render_as_batch=True,
    render_item=plain_type,
    include_name=is_ours,
    compare_type=False,
    transaction_per_migration=True,
)
with context.begin_transaction():
    context.run_migrations()
connection.commit()
