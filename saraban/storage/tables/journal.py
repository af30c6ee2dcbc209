"""The journal, its heads, and the idempotency keys."""

from sqlalchemy import Column, ForeignKey, Index, Table, Text, Uuid

from saraban.storage.tables.metadata import metadata
from saraban.storage.types import BigSerial, CanonicalJson, DigestType, UtcDateTime

journal = Table(
    "journal",
    metadata,
    Column("agency_id", Uuid, ForeignKey("agencies.id"), primary_key=True),
    Column("seq", BigSerial, primary_key=True, autoincrement=False),
    Column("at", UtcDateTime, nullable=False),
    Column("name", Text, nullable=False),
    Column("subject", Uuid),
    Column("text", Text, nullable=False),
    Column("digest", DigestType, nullable=False),
    Index("ix_journal_agency_id_subject", "agency_id", "subject"),
)

heads = Table(
    "journal_heads",
    metadata,
    Column("agency_id", Uuid, ForeignKey("agencies.id"), primary_key=True),
    Column("seq", BigSerial, nullable=False),
    Column("digest", DigestType, nullable=False),
)

once = Table(
    "once_keys",
    metadata,
    Column("holder", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("fingerprint", Text, nullable=False),
    Column("subject", Uuid),
    Column("answer", CanonicalJson),
    Column("at", UtcDateTime, nullable=False),
    Index("ix_once_keys_at", "at"),
)
