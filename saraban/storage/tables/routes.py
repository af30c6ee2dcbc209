"""Routes that letters take: one for each form, of the agency or of a unit."""

from sqlalchemy import Column, ForeignKey, Table, Uuid

from saraban.domain.classification import Form
from saraban.domain.route import Again
from saraban.storage.tables.metadata import metadata
from saraban.storage.types import CanonicalJson, EnumType

route_templates = Table(
    "route_templates",
    metadata,
    Column("agency_id", Uuid, ForeignKey("agencies.id"), primary_key=True),
    Column("form", EnumType(Form), primary_key=True),
    # The unit whose own route it is, or the agency's id for the route of all others.
    Column("owner_id", Uuid, primary_key=True),
    Column("again", EnumType(Again), nullable=False),
    Column("steps", CanonicalJson, nullable=False),
)
