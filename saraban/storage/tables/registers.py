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
    func,
    literal_column,
    select,
    text,
)

from saraban.domain.classification import Secrecy, Urgency
from saraban.domain.register import BookKind, EntryState, Origin
from saraban.storage.tables.metadata import metadata
from saraban.storage.types import BigSerial, ByCodePoint, DigestType, EnumType, UtcDateTime

_LAST_PLACE = func.coalesce(func.max(literal_column("place", Integer)), 0)
_NEXT_PLACE = select(_LAST_PLACE + 1).select_from(text("books")).scalar_subquery()

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
    # A small number of its own; with the serial it is the row of a line in SQLite's index of words. SQLite has one
    # writer at a time, so it is unique there; PostgreSQL does not use it.
    Column("place", Integer, nullable=False, default=_NEXT_PLACE),
    UniqueConstraint("keeper_id", "kind", "year"),
)

NOT_USED = "state <> 'used'"
URGENT = "urgency <> 'normal'"
CLASSIFIED = "secrecy <> 'open'"
CORRECTED = "corrected > 0"
TRULY_EARLIER = "received_at IS NOT NULL"


def _few(name: str, condition: str, *columns: str) -> Index:
    """An index over the few lines of which something holds, so that a list finds them without reading the others."""
    return Index(name, "book_id", *columns, sqlite_where=text(condition), postgresql_where=text(condition))


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
    # Normalised number, subject and agencies of an open line; empty for a classified one, whose words are in no index.
    Column("search_text", Text, nullable=False),
    UniqueConstraint("book_id", "serial"),
    Index("ix_entries_subject_of", "subject_of"),
    Index("ix_entries_number_key", "agency_id", "number_key"),
    Index("ix_entries_letter_date", "agency_id", "letter_date", "book_id", "serial"),
    Index("ix_entries_at", "book_id", "at", "serial"),
    Index(
        "ix_entries_reserved",
        "at",
        sqlite_where=text("state = 'reserved'"),
        postgresql_where=text("state = 'reserved'"),
    ),
    # Reserved and void lines are few: with this index, counting a book's states reads no used line.
    _few("ix_entries_not_used", NOT_USED, "state", "serial"),
    _few("ix_entries_urgent", URGENT, "urgency", "serial"),
    _few("ix_entries_classified", CLASSIFIED, "secrecy", "serial"),
    # Of the whole agency: a search looks through them for who is cleared, the newest first.
    Index(
        "ix_entries_classified_at",
        *("agency_id", "at"),
        sqlite_where=text(CLASSIFIED),
        postgresql_where=text(CLASSIFIED),
    ),
    _few("ix_entries_corrected", CORRECTED, "serial"),
    _few("ix_entries_truly_earlier", TRULY_EARLIER, "serial"),
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
    # The copy that the agency sealed inside with its stamp standing here, if one was made.
    Column("sealed", DigestType),
)

# What clerks wrote before, to be offered as they type. `use_count` and `key` (normal form) order the offers.
phrases = Table(
    "phrases",
    metadata,
    # The trigram index over `key` differs by database and is known to the migration alone: on SQLite the table
    # `phrases_fts`, which points at `id` and in which `scope`, one trigram, stands for agency and field.
    Column("id", BigSerial, primary_key=True),
    Column("scope", Text, nullable=False),
    Column("agency_id", Uuid, ForeignKey("agencies.id"), nullable=False),
    # "sender", "addressee", or "subject"; the sender's key stands in `beside` for subjects that came from it.
    Column("field", Text, nullable=False),
    Column("beside", Text, nullable=False),
    Column("key", ByCodePoint, nullable=False),
    Column("text", Text, nullable=False),
    # The head of the sender's last letter number ("กค 0408/"), to be offered with its name.
    Column("number_head", Text, nullable=False),
    Column("use_count", Integer, nullable=False),
    Column("last_at", UtcDateTime, nullable=False),
    UniqueConstraint("agency_id", "field", "beside", "key"),
    Index("ix_phrases_use_count", "agency_id", "field", "beside", "use_count", "id"),
)
