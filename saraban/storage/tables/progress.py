"""Services that are not digital yet, for the report to the OPDC."""

from sqlalchemy import Column, Date, ForeignKey, Index, Integer, Table, Text, Uuid

from saraban.domain.deferral import Pressing
from saraban.storage.tables.metadata import metadata
from saraban.storage.types import EnumType, UtcDateTime

deferrals = Table(
    "deferrals",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("agency_id", Uuid, ForeignKey("agencies.id"), nullable=False),
    Column("service", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("rank", Integer, nullable=False),
    Column("pressing", EnumType(Pressing), nullable=False),
    # Per cent.
    Column("readiness", Integer, nullable=False),
    Column("until", Date, nullable=False),
    # The letter by which the OPDC agreed; empty while it has not.
    Column("agreement", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("entered_at", UtcDateTime, nullable=False),
    Column("entered_by", Text, nullable=False),
    Column("changed_at", UtcDateTime, nullable=False),
    Column("ready_on", Date),
    Column("version", Integer, nullable=False),
    Index("ix_deferrals_agency_id_rank", "agency_id", "rank"),
)
