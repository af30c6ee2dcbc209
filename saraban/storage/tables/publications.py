"""What is shown to everybody, and the channels by which people reach an agency."""

from sqlalchemy import Boolean, Column, Date, ForeignKey, Index, Integer, Table, Text, Uuid, text

from saraban.domain.publication import ChannelKind, PublicKind
from saraban.storage.tables.metadata import metadata
from saraban.storage.types import EnumType, UtcDateTime

SHOWN = "withdrawn_at IS NULL"

publications = Table(
    "publications",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("agency_id", Uuid, ForeignKey("agencies.id"), nullable=False),
    Column("letter_id", Uuid, ForeignKey("letters.id"), nullable=False),
    Column("kind", EnumType(PublicKind), nullable=False),
    Column("with_enclosures", Boolean, nullable=False),
    Column("published_at", UtcDateTime, nullable=False),
    Column("published_by", Text, nullable=False),
    Column("withdrawn_at", UtcDateTime),
    Column("withdrawn_by", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("version", Integer, nullable=False),
    # A document is shown once at a time.
    Index("ix_publications_shown", "letter_id", unique=True, sqlite_where=text(SHOWN), postgresql_where=text(SHOWN)),
    Index(
        "ix_publications_newest",
        "agency_id",
        "published_at",
        sqlite_where=text(SHOWN),
        postgresql_where=text(SHOWN),
    ),
    Index("ix_publications_letter_id", "letter_id"),
)

channels = Table(
    "channels",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("agency_id", Uuid, ForeignKey("agencies.id"), nullable=False),
    Column("kind", EnumType(ChannelKind), nullable=False),
    Column("name", Text, nullable=False),
    Column("where", Text, nullable=False),
    # The announcement that names it.
    Column("announced", Text, nullable=False),
    Column("since", Date, nullable=False),
    Column("ended_on", Date),
    Index("ix_channels_agency_id_since", "agency_id", "since"),
)
