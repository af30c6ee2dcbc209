"""The reading log: lines that are added and never changed, and the days that are tied into the journal."""

from sqlalchemy import Boolean, Column, Date, ForeignKey, Index, Integer, Table, Text, Uuid

from saraban.domain.reading_log import ReadingDeed
from saraban.storage.tables.metadata import metadata
from saraban.storage.types import DigestType, EnumType, UtcDateTime

readings = Table(
    "readings",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("agency_id", Uuid, ForeignKey("agencies.id"), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("day", Date, nullable=False),
    Column("person_id", Uuid, nullable=False),
    Column("name", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("unit_id", Uuid),
    Column("central", Boolean, nullable=False),
    Column("deed", EnumType(ReadingDeed), nullable=False),
    Column("subject_id", Uuid),
    Column("what", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("owner_unit_id", Uuid),
    # Words of domain.reading_log.Mark, each between two commas; empty for nothing unusual.
    Column("marks", Text, nullable=False),
    Index("ix_readings_agency_id_at", "agency_id", "at"),
    Index("ix_readings_agency_id_day", "agency_id", "day"),
    Index("ix_readings_owner_unit_id_at", "owner_unit_id", "at"),
    Index("ix_readings_person_id_at", "person_id", "at"),
    Index("ix_readings_subject_id", "subject_id"),
)

reading_days = Table(
    "reading_days",
    metadata,
    Column("agency_id", Uuid, ForeignKey("agencies.id"), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("lines", Integer, nullable=False),
    Column("root", DigestType, nullable=False),
)
