"""Questions about documents to their issuers: ours to others, and others' to us."""

from sqlalchemy import Boolean, Column, Date, ForeignKey, Index, Table, Text, UniqueConstraint, Uuid

from saraban.domain.lookup import Outcome, Want
from saraban.storage.tables.metadata import metadata
from saraban.storage.types import CanonicalJson, DigestType, EnumType, UtcDateTime

document_lookups = Table(
    "document_lookups",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("agency_id", Uuid, ForeignKey("agencies.id"), nullable=False),
    Column("other_code", Text, nullable=False),
    Column("other_name", Text, nullable=False),
    # True when we asked; otherwise it is the other's question.
    Column("ours", Boolean, nullable=False),
    Column("request_id", Uuid, nullable=False),
    Column("asked_at", UtcDateTime, nullable=False),
    Column("asked_on", Date, nullable=False),
    # Who asks, in words of his agency, and his unit.
    Column("asked_by", Text, nullable=False),
    Column("asked_for", Text, nullable=False),
    Column("document_kind", Text, nullable=False),
    Column("number", Text, nullable=False),
    # Empty when it was not told, and when the time for which it may be kept is over.
    Column("holder_id", Text, nullable=False),
    Column("want", EnumType(Want), nullable=False),
    Column("purpose", Text, nullable=False),
    Column("legal_basis", Text, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("request", CanonicalJson, nullable=False),
    # Of the bytes as they were made or came: the same id with other bytes is not the same request.
    Column("request_sha256", DigestType, nullable=False),
    # The unit of our officer who asked, and who that was.
    Column("unit_id", Uuid, ForeignKey("units.id")),
    Column("asker_id", Uuid, ForeignKey("people.id")),
    # Our kind that the other asks about; none when we issue no such kind.
    Column("kind_id", Uuid),
    Column("outcome", EnumType(Outcome)),
    Column("answer", CanonicalJson),
    Column("answered_at", UtcDateTime),
    Column("answered_on", Date),
    Column("answered_by", Text, nullable=False),
    Column("keep_until", Date),
    Column("files", CanonicalJson, nullable=False),
    Column("verdict", CanonicalJson),
    Column("repeats", CanonicalJson, nullable=False),
    # The message that waits to be sealed by the worker: "request", "waiting" or "answer", then "".
    Column("owes", Text, nullable=False),
    Column("leased_until", UtcDateTime),
    Column("raw", DigestType),
    Column("forgotten_at", UtcDateTime),
    UniqueConstraint("agency_id", "ours", "other_code", "request_id"),
    Index("ix_document_lookups_agency_id_asked_at", "agency_id", "ours", "asked_at"),
    Index("ix_document_lookups_keep_until", "keep_until"),
)
