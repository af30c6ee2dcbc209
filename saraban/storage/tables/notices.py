"""Notices to people, and the days whose deadlines were told."""

from sqlalchemy import Boolean, Column, Date, ForeignKey, Index, Table, Text, UniqueConstraint, Uuid, text

from saraban.domain.notice import About, NoticeKind
from saraban.storage.tables.metadata import metadata
from saraban.storage.types import CanonicalJson, EnumType, UtcDateTime

UNREAD = "read_at IS NULL"

notices = Table(
    "notices",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("agency_id", Uuid, ForeignKey("agencies.id"), nullable=False),
    Column("person_id", Uuid, ForeignKey("people.id"), nullable=False),
    Column("kind", EnumType(NoticeKind), nullable=False),
    Column("about", EnumType(About), nullable=False),
    Column("about_id", Uuid, nullable=False),
    Column("occasion", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("told", CanonicalJson, nullable=False),
    Column("pressing", Boolean, nullable=False),
    Column("read_at", UtcDateTime),
    Column("mailed_at", UtcDateTime),
    # Nobody hears of the same occasion twice.
    UniqueConstraint("person_id", "kind", "about_id", "occasion"),
    Index("ix_notices_person_id_at_id", "person_id", "at", "id"),
    Index("ix_notices_unread", "person_id", sqlite_where=text(UNREAD), postgresql_where=text(UNREAD)),
    # What goes away by itself when the thing is dealt with.
    Index("ix_notices_unread_about", "about_id", sqlite_where=text(UNREAD), postgresql_where=text(UNREAD)),
)

# An agency's deadlines are told once a day, in the transaction that writes the row.
deadline_days = Table(
    "deadline_days",
    metadata,
    Column("agency_id", Uuid, ForeignKey("agencies.id"), primary_key=True),
    Column("day", Date, primary_key=True),
)
