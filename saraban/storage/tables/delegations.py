"""Orders by which one acts for another position."""

from sqlalchemy import Boolean, Column, Date, ForeignKey, Index, Integer, Table, Text, Uuid

from saraban.domain.capacity import Capacity
from saraban.domain.classification import Secrecy
from saraban.storage.tables.metadata import metadata
from saraban.storage.types import CanonicalJson, DigestType, EnumType, UtcDateTime

delegations = Table(
    "delegations",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("agency_id", Uuid, ForeignKey("agencies.id"), nullable=False),
    Column("position_id", Uuid, ForeignKey("positions.id"), nullable=False),
    Column("capacity", EnumType(Capacity), nullable=False),
    # Who acts: a person, or whoever holds a position.
    Column("person_id", Uuid, ForeignKey("people.id")),
    Column("to_position_id", Uuid, ForeignKey("positions.id")),
    Column("since", Date, nullable=False),
    Column("until", Date),
    # The limits: forms and units by name, all when the list is empty.
    Column("forms", CanonicalJson, nullable=False),
    Column("units", CanonicalJson, nullable=False),
    Column("ceiling", EnumType(Secrecy), nullable=False),
    Column("incoming", Boolean, nullable=False),
    # The document of authority.
    Column("number", Text, nullable=False),
    Column("dated", Date, nullable=False),
    Column("file", DigestType),
    Column("file_name", Text, nullable=False),
    Column("entered_at", UtcDateTime, nullable=False),
    Column("entered_by", Text, nullable=False),
    Column("may_hand_on", Boolean, nullable=False),
    Column("under", Uuid, ForeignKey("delegations.id")),
    Column("revoked_at", UtcDateTime),
    Column("revoked_by", Text, nullable=False),
    Column("revoke_reason", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Index("ix_delegations_agency_id_since", "agency_id", "since"),
    Index("ix_delegations_position_id", "position_id"),
    Index("ix_delegations_person_id", "person_id"),
    Index("ix_delegations_to_position_id", "to_position_id"),
)
