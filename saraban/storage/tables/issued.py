"""Documents that agencies issue to people: their kinds, the documents, and the last number of each kind."""

from sqlalchemy import Boolean, Column, Date, ForeignKey, Index, Integer, Table, Text, UniqueConstraint, Uuid, text

from saraban.domain.issued import Follows, IssuedState
from saraban.domain.issued_kind import LookupPolicy, Marks, Stage, Validity
from saraban.storage.tables.metadata import metadata
from saraban.storage.types import CanonicalJson, DigestType, EnumType, UtcDateTime

issued_kinds = Table(
    "issued_kinds",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("agency_id", Uuid, ForeignKey("agencies.id"), nullable=False),
    Column("code", Text, nullable=False),
    Column("name_th", Text, nullable=False),
    Column("name_en", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("fields", CanonicalJson, nullable=False),
    Column("holder_id_required", Boolean, nullable=False),
    Column("series", Text, nullable=False),
    # Who issues it; an empty list: every unit.
    Column("units", CanonicalJson, nullable=False),
    # Who approves it, one after another: ids of positions.
    Column("approvers", CanonicalJson, nullable=False),
    Column("signer_id", Uuid, ForeignKey("positions.id")),
    Column("marks", EnumType(Marks), nullable=False),
    Column("validity", EnumType(Validity), nullable=False),
    Column("validity_amount", Integer, nullable=False),
    Column("is_public", Boolean, nullable=False),
    Column("holder_public", Boolean, nullable=False),
    Column("may_download", Boolean, nullable=False),
    # Do its documents stand in the public register, and with the names of their holders?
    Column("in_register", Boolean, nullable=False),
    Column("holder_in_register", Boolean, nullable=False),
    Column("lookup", EnumType(LookupPolicy), nullable=False),
    # Who answers what is left to people: ids of units and of positions; two empty lists: the central clerks and the
    # records officer.
    Column("answer_units", CanonicalJson, nullable=False),
    Column("answer_posts", CanonicalJson, nullable=False),
    Column("stage", EnumType(Stage), nullable=False),
    Column("pilot_most", Integer, nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
    Column("changed_at", UtcDateTime, nullable=False),
    Column("changed_by", Text, nullable=False),
    Column("edition", Integer, nullable=False),
    Column("version", Integer, nullable=False),
    UniqueConstraint("agency_id", "code"),
)

issued_documents = Table(
    "issued_documents",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("agency_id", Uuid, ForeignKey("agencies.id"), nullable=False),
    Column("kind_id", Uuid, ForeignKey("issued_kinds.id"), nullable=False),
    Column("unit_id", Uuid, ForeignKey("units.id"), nullable=False),
    Column("holder_name", Text, nullable=False),
    # Empty when it is not known.
    Column("holder_id", Text, nullable=False),
    Column("values", CanonicalJson, nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
    Column("changed_at", UtcDateTime, nullable=False),
    Column("drafter_id", Uuid, ForeignKey("people.id")),
    Column("drafted_by", Text, nullable=False),
    Column("state", EnumType(IssuedState), nullable=False),
    Column("edition", Integer, nullable=False),
    Column("note", Text, nullable=False),
    # How many of its approvers let it go on.
    Column("passed", Integer, nullable=False),
    Column("approved_at", UtcDateTime),
    Column("approved_by", Text, nullable=False),
    Column("approved_title", Text, nullable=False),
    Column("year", Integer),
    Column("serial", Integer),
    # Empty until it has one.
    Column("number", Text, nullable=False),
    Column("issued_on", Date),
    Column("valid_until", Date),
    Column("signed_at", UtcDateTime),
    Column("signed_by", Text, nullable=False),
    Column("signed_title", Text, nullable=False),
    Column("digest", DigestType),
    Column("size", Integer, nullable=False),
    # How far its signatures are proven (PAdES), and why they have no time-stamp though an authority is set up.
    Column("level", Text, nullable=False),
    Column("untimed", Text, nullable=False),
    Column("code", Text, nullable=False),
    Column("follows", Uuid),
    Column("followed_as", EnumType(Follows)),
    Column("replaced_by", Uuid),
    Column("state_on", Date),
    Column("reason", Text, nullable=False),
    # Kept out of the public register, and why.
    Column("withheld", Boolean, nullable=False),
    Column("withheld_because", Text, nullable=False),
    Column("version", Integer, nullable=False),
    UniqueConstraint("kind_id", "year", "serial"),
    Index("ix_issued_documents_kind_id_state", "kind_id", "state", "changed_at"),
    # The public register is counted and put in order by this alone, without its rows.
    Index("ix_issued_documents_register", "kind_id", "issued_on", "id", "state", "withheld", "valid_until", "code"),
    Index(
        "ix_issued_documents_withheld",
        "agency_id",
        sqlite_where=text("withheld IS 1"),
        postgresql_where=text("withheld IS true"),
    ),
    Index("ix_issued_documents_agency_id_changed_at", "agency_id", "changed_at", "id"),
    Index("ix_issued_documents_agency_id_number", "agency_id", "number"),
    Index("ix_issued_documents_agency_id_holder_id", "agency_id", "holder_id"),
    Index("ix_issued_documents_digest", "digest"),
)

# The last number of a kind, by the Buddhist year; 0 for kinds whose numbers go on for ever.
issued_numbers = Table(
    "issued_numbers",
    metadata,
    Column("kind_id", Uuid, ForeignKey("issued_kinds.id"), primary_key=True),
    Column("year", Integer, primary_key=True),
    Column("last", Integer, nullable=False),
)
