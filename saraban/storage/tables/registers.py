"""The legal books and their lines."""

from sqlalchemy import Column, Date, ForeignKey, Index, Integer, Table, Text, UniqueConstraint, Uuid, text

from saraban.domain.classification import Secrecy, Urgency
from saraban.domain.register import BookKind, EntryState
from saraban.storage.tables.metadata import metadata
from saraban.storage.types import EnumType, UtcDateTime

books = Table(
    "books",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("agency_id", Uuid, ForeignKey("agencies.id"), nullable=False),
    Column("kind", EnumType(BookKind), nullable=False),
    # The unit's id, or the agency's for the central book: a unique constraint needs a value.
    Column("keeper_id", Uuid, nullable=False),
    Column("year", Integer, nullable=False),
    Column("last", Integer, nullable=False),
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
    # Normalised number, subject and agencies of an open line; empty for a classified one, which no search finds.
    Column("search_text", Text, nullable=False),
    UniqueConstraint("book_id", "serial"),
    Index("ix_entries_subject_of", "subject_of"),
    Index(
        "ix_entries_reserved",
        "at",
        sqlite_where=text("state = 'reserved'"),
        postgresql_where=text("state = 'reserved'"),
    ),
    # Reserved and void lines are few: with this index, counting a book's states reads no used line.
    Index("ix_entries_not_used", "book_id", "state", sqlite_where=text(NOT_USED), postgresql_where=text(NOT_USED)),
)
