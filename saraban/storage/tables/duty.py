"""The daily duty of the keepers of the mailbox, and what agencies changed about working days."""

from sqlalchemy import Boolean, Column, Date, ForeignKey, Integer, Table, Text, Uuid

from saraban.domain.duty import Duty
from saraban.storage.tables.metadata import metadata
from saraban.storage.types import EnumType, UtcDateTime

duties = Table(
    "duties",
    metadata,
    Column("agency_id", Uuid, ForeignKey("agencies.id"), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("duty", EnumType(Duty), primary_key=True),
    Column("person_id", Uuid, ForeignKey("people.id"), primary_key=True),
    # The name of that day.
    Column("person_name", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("mailbox_read_at", UtcDateTime),
    Column("sent", Integer, nullable=False),
    Column("answered", Integer, nullable=False),
    Column("trouble", Integer, nullable=False),
)

day_changes = Table(
    "day_changes",
    metadata,
    Column("agency_id", Uuid, ForeignKey("agencies.id"), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("off", Boolean, nullable=False),
    Column("title", Text, nullable=False),
    Column("source", Text, nullable=False),
)
