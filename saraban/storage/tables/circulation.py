"""Letters passed round to be read: who has opened and noted them; what each person has seen; groups of readers."""

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, Table, Text, UniqueConstraint, Uuid, text

from saraban.domain.circulation import Asks
from saraban.domain.notice import About
from saraban.storage.tables.metadata import metadata
from saraban.storage.types import CanonicalJson, EnumType, UtcDateTime

UNNOTED = "noted_at IS NULL"

circulations = Table(
    "circulations",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("agency_id", Uuid, ForeignKey("agencies.id"), nullable=False),
    Column("about", EnumType(About), nullable=False),
    # A letter, outgoing or incoming.
    Column("about_id", Uuid, nullable=False),
    Column("asks", EnumType(Asks), nullable=False),
    Column("note", Text, nullable=False),
    Column("to", CanonicalJson, nullable=False),
    Column("giver_id", Uuid),
    Column("giver_position_id", Uuid),
    Column("given_by", Text, nullable=False),
    Column("given_title", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("stopped_at", UtcDateTime),
    Column("reminders", Integer, nullable=False),
    Column("reminded_at", UtcDateTime),
    Column("version", Integer, nullable=False),
    Index("ix_circulations_about_id", "about_id"),
    Index("ix_circulations_giver_id_at", "giver_id", "at"),
)

readers = Table(
    "readers",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("circulation_id", Uuid, ForeignKey("circulations.id"), nullable=False),
    Column("agency_id", Uuid, ForeignKey("agencies.id"), nullable=False),
    Column("about_id", Uuid, nullable=False),
    Column("person_id", Uuid, ForeignKey("people.id"), nullable=False),
    Column("name", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("unit_name", Text, nullable=False),
    Column("opened_at", UtcDateTime),
    Column("noted_at", UtcDateTime),
    # Nobody is twice on the list of a letter; asked for each letter whether somebody may read it.
    UniqueConstraint("about_id", "person_id"),
    Index("ix_readers_circulation_id", "circulation_id"),
    # What waits for a person, counted beside the menu of every page.
    Index("ix_readers_unnoted", "person_id", sqlite_where=text(UNNOTED), postgresql_where=text(UNNOTED)),
    Index("ix_readers_person_id_noted_at", "person_id", "noted_at"),
)

reader_groups = Table(
    "reader_groups",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("agency_id", Uuid, ForeignKey("agencies.id"), nullable=False),
    Column("owner_id", Uuid, ForeignKey("people.id")),
    Column("name", Text, nullable=False),
    Column("words", CanonicalJson, nullable=False),
    Column("changed_at", UtcDateTime, nullable=False),
    Column("changed_by", Text, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("version", Integer, nullable=False),
    Index("ix_reader_groups_agency_id", "agency_id"),
)

# When a person last saw a letter, or did something to it.
sightings = Table(
    "sightings",
    metadata,
    Column("person_id", Uuid, primary_key=True),
    Column("about_id", Uuid, primary_key=True),
    Column("at", UtcDateTime, nullable=False),
)

# Until when a person holds a whole list for read.
read_marks = Table(
    "read_marks",
    metadata,
    Column("person_id", Uuid, ForeignKey("people.id"), primary_key=True),
    Column("list", Text, primary_key=True),
    Column("at", UtcDateTime, nullable=False),
)
