"""Agencies, units, positions, people, tokens, and the directory."""

from sqlalchemy import Boolean, Column, Date, ForeignKey, Index, Integer, Table, Text, UniqueConstraint, Uuid

from saraban.domain.agency import PositionRole
from saraban.storage.tables.metadata import metadata
from saraban.storage.types import CanonicalJson, DigestType, EnumType, UtcDateTime

agencies = Table(
    "agencies",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("code", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("name_en", Text, nullable=False),
    Column("abbr", Text, nullable=False),
    Column("series", Text, nullable=False),
    Column("mailbox", Text, nullable=False, unique=True),
    Column("address", CanonicalJson, nullable=False),
    Column("options", CanonicalJson, nullable=False),
    # The file that is printed at the head of its letters.
    Column("emblem", DigestType),
)

units = Table(
    "units",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("agency_id", Uuid, ForeignKey("agencies.id"), nullable=False),
    Column("code", Text, nullable=False),
    Column("series", Text, nullable=False),
    Column("central", Boolean, nullable=False),
    Column("phone", Text, nullable=False),
    Column("email", Text, nullable=False),
    # Its first and last day. What it is called and where it stands has dates of its own: `unit_periods`.
    Column("since", Date),
    Column("until", Date),
    UniqueConstraint("agency_id", "code"),
)

positions = Table(
    "positions",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("agency_id", Uuid, ForeignKey("agencies.id"), nullable=False),
    # The agency's own number of the post; empty where it has none.
    Column("code", Text, nullable=False),
    Column("role", EnumType(PositionRole), nullable=False),
    Column("clearance", Boolean, nullable=False),
    # Its first and last day. Its title and unit have dates of their own: `position_periods`.
    Column("since", Date),
    Column("until", Date),
    Index("ix_positions_agency_id_role", "agency_id", "role"),
)

people = Table(
    "people",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("agency_id", Uuid, ForeignKey("agencies.id"), nullable=False),
    Column("name", Text, nullable=False),
    Column("username", Text, nullable=False, unique=True),
    Column("password_hash", Text, nullable=False),
    Column("active", Boolean, nullable=False),
    # The picture that is printed in the block of the person's signatures.
    Column("signature_picture", DigestType),
    # Given by the administrator: the person chooses another before anything else.
    Column("password_once", Boolean, nullable=False),
    # Where the person is told of the work, empty for nowhere, and which mails are wanted.
    Column("email", Text, nullable=False),
    Column("wants_digest", Boolean, nullable=False),
    Column("wants_urgent", Boolean, nullable=False),
)

holdings = Table(
    "holdings",
    metadata,
    Column("person_id", Uuid, ForeignKey("people.id"), primary_key=True),
    Column("position_id", Uuid, ForeignKey("positions.id"), primary_key=True),
    Column("since", Date, primary_key=True),
    Column("until", Date),
    Column("authority", Text, nullable=False),
    Index("ix_holdings_position_id", "position_id"),
)

tokens = Table(
    "tokens",
    metadata,
    Column("sha256", DigestType, primary_key=True),
    Column("person_id", Uuid, ForeignKey("people.id"), nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
    Column("revoked_at", UtcDateTime),
)

# The calendar of a person's deadlines is read by whoever has the token; only its digest is kept.
calendar_feeds = Table(
    "calendar_feeds",
    metadata,
    Column("person_id", Uuid, ForeignKey("people.id"), primary_key=True),
    Column("sha256", DigestType, nullable=False, unique=True),
    Column("made_at", UtcDateTime, nullable=False),
)

directory = Table(
    "directory",
    metadata,
    Column("code", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("mailbox", Text, nullable=False),
    Column("name_en", Text, nullable=False),
    Column("abbr", Text, nullable=False),
    Column("series", Text, nullable=False),
    Column("parent", Text),
    Column("valid_from", Date),
    Column("valid_to", Date),
    Column("successor", Text),
    Column("capabilities", CanonicalJson, nullable=False),
    Column("certificates", CanonicalJson, nullable=False),
    # Every name, the code and the mailbox in normal form, a line each.
    Column("search_text", Text, nullable=False),
    Index("ix_directory_mailbox", "mailbox"),
    Index("ix_directory_name_code", "name", "code"),
)

receiver_groups = Table(
    "receiver_groups",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("agency_id", Uuid, ForeignKey("agencies.id"), nullable=False),
    Column("owner_id", Uuid, ForeignKey("people.id")),
    Column("name", Text, nullable=False),
    Column("members", CanonicalJson, nullable=False),
    Column("changed_at", UtcDateTime, nullable=False),
    Column("changed_by", Text, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("version", Integer, nullable=False),
    Index("ix_receiver_groups_agency_id", "agency_id"),
)

outsiders = Table(
    "outsiders",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("agency_id", Uuid, ForeignKey("agencies.id"), nullable=False),
    Column("name", Text, nullable=False),
    Column("mailbox", Text, nullable=False),
    Column("added_at", UtcDateTime, nullable=False),
    Column("added_by", Text, nullable=False),
    Column("active", Boolean, nullable=False),
    UniqueConstraint("agency_id", "mailbox"),
)
