"""The codes by which anybody can look an issued document up, and how often that was done."""

from sqlalchemy import Column, Date, ForeignKey, Integer, Table, Text, UniqueConstraint, Uuid

from saraban.domain.verification import SubjectKind
from saraban.storage.tables.metadata import metadata
from saraban.storage.types import EnumType, UtcDateTime

verification_codes = Table(
    "verification_codes",
    metadata,
    Column("code", Text, primary_key=True),
    # The part that a person types.
    Column("typed", Text, nullable=False, unique=True),
    Column("agency_id", Uuid, ForeignKey("agencies.id"), nullable=False),
    # What it stands on, and its id in the table of that kind.
    Column("kind", EnumType(SubjectKind), nullable=False),
    Column("subject_id", Uuid, nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
    UniqueConstraint("kind", "subject_id"),
)

# Numbers alone: nothing about who looked.
verification_scans = Table(
    "verification_scans",
    metadata,
    Column("code", Text, ForeignKey("verification_codes.code"), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("count", Integer, nullable=False),
)
