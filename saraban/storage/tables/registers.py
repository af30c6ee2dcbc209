"""The legal books, their lines, the ledger of their numbers, and what is kept beside them."""

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    Float,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)

from saraban.domain.classification import Secrecy, Urgency
from saraban.domain.register import BookKind, EntryState, Origin
from saraban.storage.tables.metadata import metadata
from saraban.storage.types import BigSerial, ByCodePoint, DigestType, EnumType, UtcDateTime

books = Table(
    "books",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("agency_id", Uuid, ForeignKey("agencies.id"), nullable=False),
    Column("kind", EnumType(BookKind), nullable=False),
    # The unit's id, or the agency's for the central book: a unique constraint needs a value.
    Column("keeper_id", Uuid, nullable=False),
    Column("unit_id", Uuid, ForeignKey("units.id")),
    Column("year", Integer, nullable=False),
    Column("first", Integer, nullable=False),
    Column("last", Integer, nullable=False),
    Column("opened_at", UtcDateTime, nullable=False),
    Column("opened_by", Text, nullable=False),
    Column("closed_at", UtcDateTime),
    # The keeper stops keeping such a book: none opens by itself in the next year.
    Column("ended", Boolean, nullable=False),
    UniqueConstraint("keeper_id", "kind", "year"),
)

NOT_USED = "state <> 'used'"

entries = Table(
    "entries",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("agency_id", Uuid, nullable=False),
    Column("book_id", Uuid, ForeignKey("books.id"), nullable=False),
    Column("kind", EnumType(BookKind), nullable=False),
    Column("year", Integer, nullable=False),
    Column("serial", Integer, nullable=False),
    Column("state", EnumType(EntryState), nullable=False),
    Column("subject_of", Uuid),
    Column("number", Text, nullable=False),
    Column("letter_date", Date),
    Column("sender", Text, nullable=False),
    Column("addressee", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("practice", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("urgency", EnumType(Urgency), nullable=False),
    Column("secrecy", EnumType(Secrecy), nullable=False),
    Column("unit_id", Uuid),
    Column("at", UtcDateTime, nullable=False),
    Column("entered_by", Text, nullable=False),
    Column("void_reason", Text, nullable=False),
    Column("void_authority", Text, nullable=False),
    Column("origin", EnumType(Origin), nullable=False),
    Column("received_at", UtcDateTime),
    Column("corrected", Integer, nullable=False),
    # The number without spaces in normal form, by which a letter is recognised; empty for a classified line.
    Column("number_key", ByCodePoint, nullable=False),
    # Normalised number, subject and agencies of an open line; empty for a classified one, which no search finds.
    Column("search_text", Text, nullable=False),
    UniqueConstraint("book_id", "serial"),
    Index("ix_entries_subject_of", "subject_of"),
    Index("ix_entries_number_key", "agency_id", "number_key"),
    Index(
        "ix_entries_reserved",
        "at",
        sqlite_where=text("state = 'reserved'"),
        postgresql_where=text("state = 'reserved'"),
    ),
    # Reserved and void lines are few: with this index, counting a book's states reads no used line.
    Index("ix_entries_not_used", "book_id", "state", sqlite_where=text(NOT_USED), postgresql_where=text(NOT_USED)),
)

corrections = Table(
    "entry_corrections",
    metadata,
    Column("entry_id", Uuid, ForeignKey("entries.id"), primary_key=True),
    Column("ordinal", Integer, primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    Column("by", Text, nullable=False),
    Column("field", Text, nullable=False),
    Column("old", Text, nullable=False),
    Column("new", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("authority", Text, nullable=False),
)

# The journal's lines about numbers once more, in columns: written with them in one transaction, and compared with them
# by `flask numbers verify`.
ledger = Table(
    "number_ledger",
    metadata,
    Column("agency_id", Uuid, ForeignKey("agencies.id"), primary_key=True),
    Column("seq", BigSerial, primary_key=True, autoincrement=False),
    Column("entry_id", Uuid, nullable=False),
    Column("book_id", Uuid, nullable=False),
    Column("serial", Integer, nullable=False),
    Column("name", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("day", Date, nullable=False),
    Column("line", DigestType, nullable=False),
    Index("ix_number_ledger_entry_id", "entry_id"),
    Index("ix_number_ledger_agency_id_day", "agency_id", "day"),
)

stamp_places = Table(
    "stamp_places",
    metadata,
    Column("entry_id", Uuid, ForeignKey("entries.id"), primary_key=True),
    Column("left_mm", Float, nullable=False),
    Column("top_mm", Float, nullable=False),
)

# What clerks wrote before, to be offered as they type. `use_count` and `key` (normal form) order the offers.
phrases = Table(
    "phrases",
    metadata,
    Column("agency_id", Uuid, ForeignKey("agencies.id"), primary_key=True),
    # "sender", "addressee", or "subject"; the sender's key stands in `beside` for subjects that came from it.
    Column("field", Text, primary_key=True),
    Column("beside", Text, primary_key=True),
    Column("key", ByCodePoint, primary_key=True),
    Column("text", Text, nullable=False),
    # The head of the sender's last letter number ("กค 0408/"), to be offered with its name.
    Column("number_head", Text, nullable=False),
    Column("use_count", Integer, nullable=False),
    Column("last_at", UtcDateTime, nullable=False),
    Index("ix_phrases_use_count", "agency_id", "field", "beside", "use_count"),
)
