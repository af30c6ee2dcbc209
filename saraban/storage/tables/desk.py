"""What lies on officers' desks: whose turn it is at a letter."""

from sqlalchemy import Column, ForeignKey, Index, Integer, Table, Uuid

from saraban.domain.route import StepKind
from saraban.storage.tables.metadata import metadata
from saraban.storage.types import EnumType, UtcDateTime

# A row for each position whose turn it is at a letter, so that a desk is read without walking over routes. It follows
# from the letter and is written with it.
turns = Table(
    "turns",
    metadata,
    Column("letter_id", Uuid, ForeignKey("letters.id"), primary_key=True),
    Column("position_id", Uuid, ForeignKey("positions.id"), primary_key=True),
    Column("agency_id", Uuid, nullable=False),
    Column("kind", EnumType(StepKind), nullable=False),
    # 0 for the most urgent: a desk is sorted by it, then by how long a letter waits there.
    Column("haste", Integer, nullable=False),
    Column("since", UtcDateTime, nullable=False),
    Index("ix_turns_position_id_haste_since_letter_id", "position_id", "haste", "since", "letter_id"),
)
