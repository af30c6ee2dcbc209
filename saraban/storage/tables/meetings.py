"""Meetings without paper: the meeting, who takes part, the files of its pack, and codes that went out by mail."""

from sqlalchemy import Boolean, Column, Date, ForeignKey, Index, Integer, Table, Text, Uuid

from saraban.domain.meeting import Access, MeetingState
from saraban.domain.meeting_files import FileState, FileWay
from saraban.domain.meeting_people import Part, Presence
from saraban.storage.tables.metadata import metadata
from saraban.storage.types import CanonicalJson, DigestType, EnumType, UtcDateTime

# `code` and `room` are printed as QR codes, so they are kept as they are.
meetings = Table(
    "meetings",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("agency_id", Uuid, ForeignKey("agencies.id"), nullable=False),
    Column("unit_id", Uuid, ForeignKey("units.id"), nullable=False),
    Column("unit_name", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("committee", Text, nullable=False),
    Column("session", Text, nullable=False),
    Column("place", Text, nullable=False),
    Column("begins_at", UtcDateTime, nullable=False),
    Column("ends_at", UtcDateTime, nullable=False),
    Column("access", EnumType(Access), nullable=False),
    Column("agenda", CanonicalJson, nullable=False),
    Column("hand_in_until", UtcDateTime),
    Column("closes_on", Date, nullable=False),
    Column("code", Text, nullable=False, unique=True),
    Column("room", Text, nullable=False, unique=True),
    Column("made_at", UtcDateTime, nullable=False),
    Column("made_by", Text, nullable=False),
    Column("maker_id", Uuid, ForeignKey("people.id")),
    Column("previous_id", Uuid, ForeignKey("meetings.id")),
    Column("state", EnumType(MeetingState), nullable=False),
    Column("over_at", UtcDateTime),
    Column("reason", Text, nullable=False),
    Column("letter_id", Uuid),
    Column("minutes_id", Uuid),
    Column("approved_in", Uuid, ForeignKey("meetings.id")),
    Column("approved_on", Date),
    Column("corrections", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Index("ix_meetings_agency_id_begins_at", "agency_id", "begins_at"),
    Index("ix_meetings_agency_id_committee", "agency_id", "committee"),
)

# `key` is that of the own link, which the secretary can show as a QR code again.
meeting_people = Table(
    "meeting_people",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("agency_id", Uuid, ForeignKey("agencies.id"), nullable=False),
    Column("meeting_id", Uuid, ForeignKey("meetings.id"), nullable=False),
    Column("name", Text, nullable=False),
    Column("post", Text, nullable=False),
    Column("office", Text, nullable=False),
    Column("mail", Text, nullable=False),
    Column("part", EnumType(Part), nullable=False),
    Column("place", Integer, nullable=False),
    Column("key", Text, nullable=False, unique=True),
    Column("presence", EnumType(Presence), nullable=False),
    Column("arrived_at", UtcDateTime),
    Column("way", Text, nullable=False),
    Column("stands_in", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("invited_at", UtcDateTime),
    Index("ix_meeting_people_meeting_id_place", "meeting_id", "place"),
    Index("ix_meeting_people_agency_id_mail", "agency_id", "mail"),
)

meeting_files = Table(
    "meeting_files",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("agency_id", Uuid, ForeignKey("agencies.id"), nullable=False),
    Column("meeting_id", Uuid, ForeignKey("meetings.id"), nullable=False),
    Column("item", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("media_type", Text, nullable=False),
    Column("size", Integer, nullable=False),
    Column("sha256", DigestType, nullable=False),
    Column("pages", Integer, nullable=False),
    Column("series", Uuid, nullable=False),
    Column("edition", Integer, nullable=False),
    Column("note", Text, nullable=False),
    Column("state", EnumType(FileState), nullable=False),
    Column("way", EnumType(FileWay), nullable=False),
    Column("giver", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    # Not a foreign key: who is taken off the list has given his file all the same.
    Column("participant_id", Uuid),
    Column("scanned", Boolean, nullable=False),
    Column("reason", Text, nullable=False),
    Column("taken_at", UtcDateTime),
    Column("taken_by", Text, nullable=False),
    Index("ix_meeting_files_meeting_id", "meeting_id"),
    Index("ix_meeting_files_sha256", "sha256"),
)

# The last code that went out to each participant of a restricted pack; of the code only a digest is kept.
meeting_numbers = Table(
    "meeting_numbers",
    metadata,
    Column("participant_id", Uuid, ForeignKey("meeting_people.id", ondelete="CASCADE"), primary_key=True),
    Column("meeting_id", Uuid, ForeignKey("meetings.id"), nullable=False),
    Column("digest", DigestType, nullable=False),
    Column("sent_at", UtcDateTime, nullable=False),
    Column("until", UtcDateTime, nullable=False),
    # How many went out since `since`: no mailbox is flooded.
    Column("since", UtcDateTime, nullable=False),
    Column("sent", Integer, nullable=False),
    Index("ix_meeting_numbers_digest", "digest"),
)
