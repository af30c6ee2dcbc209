"""What went out without a time-stamp though an authority is set up, and the detached tokens that came later."""

from sqlalchemy import Column, ForeignKey, Index, Integer, LargeBinary, Table, Text, UniqueConstraint, Uuid, text

from saraban.domain.late_stamp import Stamped
from saraban.storage.tables.metadata import metadata
from saraban.storage.types import DigestType, EnumType, UtcDateTime

WAITS = "token IS NULL"

late_stamps = Table(
    "late_stamps",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("agency_id", Uuid, ForeignKey("agencies.id"), nullable=False),
    Column("kind", EnumType(Stamped), nullable=False),
    # The letter, the document, the line or the close.
    Column("thing_id", Uuid, nullable=False),
    Column("sha256", DigestType, nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
    # What the authority said at the last try, in Thai; empty before the first.
    Column("why", Text, nullable=False),
    Column("next_at", UtcDateTime, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("leased_until", UtcDateTime),
    # TimeStampToken in DER (RFC 3161) over the SHA-256.
    Column("token", LargeBinary),
    Column("stamped_at", UtcDateTime),
    Column("stamped_by", Text, nullable=False),
    UniqueConstraint("thing_id", "sha256"),
    Index("ix_late_stamps_sha256", "sha256"),
    # The few that wait: what the worker asks for, and what is told in the inbox of troubles.
    Index("ix_late_stamps_waiting", "next_at", sqlite_where=text(WAITS), postgresql_where=text(WAITS)),
)
