"""Daily and yearly closes of the registers, witnesses, reconciliations, errands and saved views."""

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
)

from saraban.storage.tables.metadata import metadata
from saraban.storage.types import CanonicalJson, DigestType, UtcDateTime

day_closes = Table(
    "day_closes",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("agency_id", Uuid, ForeignKey("agencies.id"), nullable=False),
    Column("day", Date, nullable=False),
    Column("root", DigestType, nullable=False),
    Column("lines", Integer, nullable=False),
    # The journal's lines up to this one are covered.
    Column("until_seq", Integer, nullable=False),
    # The canonical statement, its detached CMS and its time-stamp, as they were made.
    Column("statement", LargeBinary, nullable=False),
    Column("signature", LargeBinary, nullable=False),
    Column("time_stamp", LargeBinary),
    Column("at", UtcDateTime, nullable=False),
    UniqueConstraint("agency_id", "day"),
)

year_closes = Table(
    "year_closes",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("agency_id", Uuid, ForeignKey("agencies.id"), nullable=False),
    Column("year", Integer, nullable=False),
    Column("page", DigestType, nullable=False),
    Column("counts", CanonicalJson, nullable=False),
    Column("root", DigestType, nullable=False),
    Column("by", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    UniqueConstraint("agency_id", "year"),
)

# `given`: our root rode on a receipt to that agency; otherwise theirs came to us.
witnesses = Table(
    "witnesses",
    metadata,
    Column("agency_id", Uuid, ForeignKey("agencies.id"), primary_key=True),
    Column("other_code", Text, primary_key=True),
    Column("given", Boolean, primary_key=True),
    Column("day", Date, primary_key=True),
    Column("root", DigestType, primary_key=True),
    # The root of the close before that day's, as the same receipt told it.
    Column("previous", DigestType),
    Column("receipt_id", Uuid, nullable=False),
    Column("raw", DigestType, nullable=False),
    Column("at", UtcDateTime, nullable=False),
)

# Why an agency's days could not be closed or stamped at the last try, for the screens.
close_troubles = Table(
    "close_troubles",
    metadata,
    Column("agency_id", Uuid, ForeignKey("agencies.id"), primary_key=True),
    Column("reason", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
)

# The newest check of everything, of each agency.
register_checks = Table(
    "register_checks",
    metadata,
    Column("agency_id", Uuid, ForeignKey("agencies.id"), primary_key=True),
    Column("began_at", UtcDateTime, nullable=False),
    Column("ended_at", UtcDateTime, nullable=False),
    Column("by", Text, nullable=False),
    Column("lines", Integer, nullable=False),
    Column("faults", Integer, nullable=False),
    Column("report", CanonicalJson, nullable=False),
)

reconciliations = Table(
    "reconciliations",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("agency_id", Uuid, ForeignKey("agencies.id"), nullable=False),
    Column("other_code", Text, nullable=False),
    Column("other_name", Text, nullable=False),
    # True when we asked; otherwise it is the other's request, kept so that a repeat gets the same answer.
    Column("ours", Boolean, nullable=False),
    Column("request_id", Uuid, nullable=False),
    Column("since", Date, nullable=False),
    Column("until", Date, nullable=False),
    Column("asked_at", UtcDateTime, nullable=False),
    Column("asked_by", Text, nullable=False),
    Column("request", CanonicalJson, nullable=False),
    # Of the bytes as they were made or came: the same id with other bytes is not the same request.
    Column("request_sha256", DigestType, nullable=False),
    Column("answer", CanonicalJson),
    Column("answered_at", UtcDateTime),
    # Our own two lists at the moment when the answer to our request was taken, and how many differences there were.
    Column("own", CanonicalJson),
    Column("differences", Integer),
    # When it was asked once more, by us or by the other.
    Column("repeats", CanonicalJson, nullable=False),
    # The composed message that waits to be sealed by the worker: "request" or "answer", then "".
    Column("owes", Text, nullable=False),
    Column("leased_until", UtcDateTime),
    Column("raw", DigestType),
    UniqueConstraint("agency_id", "other_code", "request_id"),
    Index("ix_reconciliations_agency_id_asked_at", "agency_id", "asked_at"),
)

errands = Table(
    "errands",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("agency_id", Uuid, ForeignKey("agencies.id"), nullable=False),
    Column("person_id", Uuid, ForeignKey("people.id"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("order", CanonicalJson, nullable=False),
    Column("done", Integer, nullable=False),
    Column("total", Integer, nullable=False),
    Column("problem", Text, nullable=False),
    Column("file_name", Text, nullable=False),
    Column("media_type", Text, nullable=False),
    Column("result", DigestType),
    Column("made_at", UtcDateTime, nullable=False),
    Column("ended_at", UtcDateTime),
    Column("leased_until", UtcDateTime),
    Column("attempts", Integer, nullable=False),
    Column("faults", Integer, nullable=False),
    Index("ix_errands_person_id_made_at", "person_id", "made_at", "id"),
    Index("ix_errands_state", "state", "made_at"),
)

saved_views = Table(
    "saved_views",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("person_id", Uuid, ForeignKey("people.id"), nullable=False),
    Column("screen", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("query", Text, nullable=False),
    # The screen opens with it.
    Column("is_default", Boolean, nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
    UniqueConstraint("person_id", "screen", "name"),
)
