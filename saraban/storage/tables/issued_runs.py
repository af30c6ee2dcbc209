"""Runs of documents from a sheet, their lines, and the links by which holders fetch documents."""

from sqlalchemy import Column, ForeignKey, Index, Integer, Table, Text, UniqueConstraint, Uuid, and_, exists, or_

from saraban.storage.tables.exchange import outbox
from saraban.storage.tables.metadata import metadata
from saraban.storage.types import DigestType, UtcDateTime

issued_runs = Table(
    "issued_runs",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("agency_id", Uuid, ForeignKey("agencies.id"), nullable=False),
    Column("kind_id", Uuid, ForeignKey("issued_kinds.id"), nullable=False),
    Column("title", Text, nullable=False),
    Column("person_id", Uuid, ForeignKey("people.id"), nullable=False),
    Column("made_by", Text, nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
    Column("documents", Integer, nullable=False),
    # Whose process goes through it, and until when it is believed to be alive.
    Column("runner", Uuid),
    Column("leased_until", UtcDateTime),
    Column("version", Integer, nullable=False),
    Index("ix_issued_runs_kind_id_made_at", "kind_id", "made_at"),
)

issued_run_lines = Table(
    "issued_run_lines",
    metadata,
    Column("run_id", Uuid, ForeignKey("issued_runs.id"), primary_key=True),
    Column("ordinal", Integer, primary_key=True),
    Column("document_id", Uuid, ForeignKey("issued_documents.id"), nullable=False),
    # Where the holder asked the link to be sent; empty for nowhere.
    Column("mail", Text, nullable=False),
    Column("why", Text, nullable=False),
    UniqueConstraint("document_id"),
)

holder_links = Table(
    "holder_links",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("agency_id", Uuid, ForeignKey("agencies.id"), nullable=False),
    Column("document_id", Uuid, ForeignKey("issued_documents.id"), nullable=False),
    # The digest of what stands in the address: whoever reads this table can open nothing.
    Column("token", DigestType, nullable=False),
    Column("mail", Text, nullable=False),
    Column("made_by", Text, nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
    Column("withdrawn_at", UtcDateTime),
    Column("fetched_at", UtcDateTime),
    Column("fetches", Integer, nullable=False),
    # When a mail server said that it did not reach the holder, and why.
    Column("returned_at", UtcDateTime),
    Column("why_returned", Text, nullable=False),
    UniqueConstraint("token"),
    Index("ix_holder_links_document_id", "document_id", "made_at"),
)

UNSENT = ("failed", "stopped")
"""How a message stands in the outbox that nobody sends any more."""
came_back = or_(
    holder_links.c.returned_at.is_not(None),
    exists().where(
        outbox.c.agency_id == holder_links.c.agency_id,
        outbox.c.ref == holder_links.c.id,
        outbox.c.state.in_(UNSENT),
    ),
)
"""Was the mail with a link refused on its way, or returned later?"""
was_mailed = holder_links.c.mail != ""
was_fetched = holder_links.c.fetches > 0
is_out = and_(was_mailed, holder_links.c.withdrawn_at.is_(None), ~came_back)
is_back = and_(was_mailed, holder_links.c.withdrawn_at.is_(None), came_back)
