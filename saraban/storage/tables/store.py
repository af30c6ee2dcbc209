"""The store of files as a whole: since when nothing names a file, and what was found. No row belongs to an agency."""

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, Table, Text, Uuid

from saraban.storage.tables.metadata import metadata
from saraban.storage.types import DigestType, UtcDateTime

unnamed_files = Table(
    "unnamed_files",
    metadata,
    Column("sha256", DigestType, primary_key=True),
    Column("since", UtcDateTime, nullable=False),
    Column("size", BigInteger, nullable=False),
    # Its removal has begun.
    Column("going", Boolean, nullable=False),
)

store_sweeps = Table(
    "store_sweeps",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    # Empty: the worker, by night.
    Column("by", Text, nullable=False),
    Column("files", Integer, nullable=False),
    Column("octets", BigInteger, nullable=False),
    Column("unnamed", Integer, nullable=False),
    Column("unnamed_octets", BigInteger, nullable=False),
    Column("ripe", Integer, nullable=False),
    Column("ripe_octets", BigInteger, nullable=False),
    Column("removed", Integer, nullable=False),
    Column("removed_octets", BigInteger, nullable=False),
    # What the disk did not let go.
    Column("stuck", Integer, nullable=False),
    Column("missing", Integer, nullable=False),
    Column("words", Text, nullable=False),
    Index("ix_store_sweeps_at", "at"),
)
