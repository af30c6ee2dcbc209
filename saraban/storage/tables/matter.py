"""What letters refer to, and what clerks tied together or apart."""

from sqlalchemy import Boolean, Column, Date, ForeignKey, Index, Integer, Table, Text, Uuid

from saraban.storage.tables.metadata import metadata
from saraban.storage.types import UtcDateTime

references = Table(
    "letter_references",
    metadata,
    # A letter, a letter that came in or a line of a register.
    Column("owner_id", Uuid, primary_key=True),
    Column("ordinal", Integer, primary_key=True),
    Column("agency_id", Uuid, ForeignKey("agencies.id"), nullable=False),
    Column("number", Text, nullable=False),
    Column("number_key", Text, nullable=False),
    Column("day", Date),
    Column("sender", Text, nullable=False),
    # Named in a sentence and not under อ้างถึง: it leads to a letter of just this day, and is not missed without one.
    Column("mentioned", Boolean, nullable=False),
    # The letter or line that has this number, once there is exactly one.
    Column("thing_id", Uuid),
    Index("ix_letter_references_number_key", "agency_id", "number_key"),
    Index("ix_letter_references_thing_id", "thing_id"),
)

ties = Table(
    "matter_ties",
    metadata,
    Column("one", Uuid, primary_key=True),
    Column("other", Uuid, primary_key=True),
    Column("agency_id", Uuid, ForeignKey("agencies.id"), nullable=False),
    Column("joined", Boolean, nullable=False),
    Column("by", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Index("ix_matter_ties_other", "other"),
)
