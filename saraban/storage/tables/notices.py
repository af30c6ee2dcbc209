"""Notices to people, and the days whose deadlines were told."""

from sqlalchemy import Boolean, Column, Date, ForeignKey, Index, Integer, Table, Text, UniqueConstraint, Uuid, text

from saraban.domain.notice import About, NoticeKind
from saraban.domain.notice_mail import MailKind, MailState
from saraban.storage.tables.metadata import metadata
from saraban.storage.types import CanonicalJson, EnumType, UtcDateTime

UNREAD = "read_at IS NULL"
UNDER_WAY = "ended_at IS NULL"

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

# Mails that tell people of their work; never two about the same occasion.
notice_mails = Table(
    "notice_mails",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("agency_id", Uuid, ForeignKey("agencies.id"), nullable=False),
    Column("person_id", Uuid, ForeignKey("people.id"), nullable=False),
    Column("kind", EnumType(MailKind), nullable=False),
    Column("occasion", Text, nullable=False),
    Column("notice_id", Uuid),
    Column("address", Text, nullable=False),
    Column("state", EnumType(MailState), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
    Column("next_at", UtcDateTime, nullable=False),
    Column("give_up_at", UtcDateTime, nullable=False),
    Column("leased_until", UtcDateTime),
    Column("ended_at", UtcDateTime),
    Column("reply", Text, nullable=False),
    UniqueConstraint("person_id", "kind", "occasion"),
    Index("ix_notice_mails_due", "next_at", sqlite_where=text(UNDER_WAY), postgresql_where=text(UNDER_WAY)),
)

# An agency's morning mails are written down once a working day, in the transaction that writes the row.
digest_days = Table(
    "digest_days",
    metadata,
    Column("agency_id", Uuid, ForeignKey("agencies.id"), primary_key=True),
    Column("day", Date, primary_key=True),
)
