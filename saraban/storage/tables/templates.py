"""Templates of documents: what is offered now, every text that they had, and what people think of them."""

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, Table, Text, Uuid

from saraban.domain.classification import Form
from saraban.storage.tables.metadata import metadata
from saraban.storage.types import CanonicalJson, DigestType, EnumType, UtcDateTime

templates = Table(
    "templates",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("agency_id", Uuid, ForeignKey("agencies.id"), nullable=False),
    # None: of the whole agency.
    Column("unit_id", Uuid, ForeignKey("units.id")),
    # Name, purpose and form stand in the text, too; here for lists.
    Column("name", Text, nullable=False),
    Column("about", Text, nullable=False),
    Column("form", EnumType(Form), nullable=False),
    Column("text", CanonicalJson, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("edition", Integer, nullable=False),
    Column("version", Integer, nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
    Column("changed_at", UtcDateTime, nullable=False),
    Column("changed_by", Text, nullable=False),
    Column("picture", DigestType),
    Column("picture_of", Text, nullable=False),
    Index("ix_templates_agency_id", "agency_id"),
)

template_editions = Table(
    "template_editions",
    metadata,
    Column("template_id", Uuid, ForeignKey("templates.id"), primary_key=True),
    Column("edition", Integer, primary_key=True),
    Column("agency_id", Uuid, nullable=False),
    Column("text", CanonicalJson, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("person", Text, nullable=False),
)

template_marks = Table(
    "template_marks",
    metadata,
    Column("person_id", Uuid, ForeignKey("people.id"), primary_key=True),
    Column("template_id", Uuid, ForeignKey("templates.id"), primary_key=True),
    Column("favourite", Boolean, nullable=False),
    Column("uses", Integer, nullable=False),
    Column("last_at", UtcDateTime),
    Index("ix_template_marks_template_id", "template_id"),
)
