"""Letters from the public, beside the incoming letters that they are."""

from sqlalchemy import Boolean, Column, Date, ForeignKey, Index, Integer, Table, UniqueConstraint, Uuid, text

from saraban.storage.tables.metadata import metadata
from saraban.storage.types import DigestType, UtcDateTime

OPEN = "answered_at IS NULL AND closed_at IS NULL"
"""Whose sender still waits (domain.petition.Petition.open)."""

petitions = Table(
    "petitions",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("agency_id", Uuid, ForeignKey("agencies.id"), nullable=False),
    Column("incoming_id", Uuid, ForeignKey("incoming.id"), nullable=False, unique=True),
    Column("year", Integer, nullable=False),
    Column("serial", Integer, nullable=False),
    # Digests: the code and its short form stand only in what its sender was told.
    Column("code", DigestType, nullable=False, unique=True),
    Column("typed", DigestType, nullable=False),
    Column("arrived_at", UtcDateTime, nullable=False),
    Column("deemed_at", UtcDateTime, nullable=False),
    Column("due_on", Date, nullable=False),
    # A form that is sent twice is one letter.
    Column("form_key", DigestType, unique=True),
    Column("by_mail", Boolean, nullable=False),
    Column("answered_at", UtcDateTime),
    Column("answer_id", Uuid, ForeignKey("letters.id")),
    Column("answer", DigestType),
    Column("closed_at", UtcDateTime),
    Column("version", Integer, nullable=False),
    UniqueConstraint("agency_id", "year", "serial"),
    Index("ix_petitions_typed", "typed"),
    Index("ix_petitions_agency_id_arrived_at", "agency_id", "arrived_at"),
    Index("ix_petitions_open", "agency_id", "due_on", sqlite_where=text(OPEN), postgresql_where=text(OPEN)),
    Index("ix_petitions_answer_id", "answer_id"),
)
