"""Files that wait, apart from everything else, for the virus scanner."""

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Table, Text, Uuid, text

from saraban.domain.held_files import HeldState
from saraban.storage.tables.metadata import metadata
from saraban.storage.types import DigestType, EnumType, UtcDateTime

WAITS = "state = 'waiting'"

held_files = Table(
    "held_files",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("agency_id", Uuid, ForeignKey("agencies.id"), nullable=False),
    Column("incoming_id", Uuid, ForeignKey("incoming.id")),
    Column("meeting_file_id", Uuid, ForeignKey("meeting_files.id")),
    Column("name", Text, nullable=False),
    Column("media_type", Text, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("digest", DigestType, nullable=False),
    Column("since", UtcDateTime, nullable=False),
    Column("state", EnumType(HeldState), nullable=False),
    Column("why", Text, nullable=False),
    Column("settled_at", UtcDateTime),
    Column("leased_until", UtcDateTime),
    Index("ix_held_files_incoming_id", "incoming_id"),
    Index("ix_held_files_meeting_file_id", "meeting_file_id"),
    Index("ix_held_files_digest", "digest"),
    # The few that wait: what the worker asks for, and what is told in the inbox of troubles.
    Index("ix_held_files_waiting", "since", sqlite_where=text(WAITS), postgresql_where=text(WAITS)),
)
