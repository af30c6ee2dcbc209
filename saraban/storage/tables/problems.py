"""What people said about the cards of troubles. The troubles themselves are read out of the other tables."""

from sqlalchemy import Column, ForeignKey, Index, Table, Text, Uuid

from saraban.storage.tables.metadata import metadata
from saraban.storage.types import UtcDateTime

problem_notes = Table(
    "problem_notes",
    metadata,
    Column("agency_id", Uuid, ForeignKey("agencies.id"), primary_key=True),
    Column("key", Text, primary_key=True),
    Column("about", Uuid),
    Column("owner_id", Uuid, ForeignKey("people.id")),
    Column("owner_name", Text, nullable=False),
    Column("taken_at", UtcDateTime),
    Column("put_off_until", UtcDateTime),
    Column("put_off_reason", Text, nullable=False),
    Column("put_off_by", Text, nullable=False),
    # Whether the card of a thing is put off, asked for the count beside the menu.
    Index("ix_problem_notes_about", "about"),
)
