"""What officers write on incoming letters, what they have to do about them, and what goes to whom by itself."""

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)

from saraban.domain.endorsing import Deed
from saraban.domain.task import Purpose, TaskState
from saraban.storage.tables.metadata import metadata
from saraban.storage.types import CanonicalJson, DigestType, EnumType, UtcDateTime

IN_HANDS = "state IN ('open', 'taken')"
"""What somebody still has to do (domain.task.IN_HAND); those that ask say it in the same words, for its index."""

endorsements = Table(
    "incoming_endorsements",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("agency_id", Uuid, ForeignKey("agencies.id"), nullable=False),
    Column("incoming_id", Uuid, ForeignKey("incoming.id"), nullable=False),
    # Two that write at once are told apart by it: the second must read what the first wrote.
    Column("ordinal", Integer, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("deed", EnumType(Deed), nullable=False),
    Column("person_id", Uuid),
    Column("person_name", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("unit_name", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("to", CanonicalJson, nullable=False),
    Column("due", Date),
    Column("seen", DigestType, nullable=False),
    Column("digest", DigestType, nullable=False),
    Column("under", Text, nullable=False),
    UniqueConstraint("incoming_id", "ordinal"),
    # An officer's own words are offered again.
    Index("ix_incoming_endorsements_agency_id_person_id_at", "agency_id", "person_id", "at"),
)

tasks = Table(
    "tasks",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("agency_id", Uuid, ForeignKey("agencies.id"), nullable=False),
    Column("incoming_id", Uuid, ForeignKey("incoming.id"), nullable=False),
    Column("endorsement_id", Uuid, ForeignKey("incoming_endorsements.id"), nullable=False),
    Column("ordinal", Integer, nullable=False),
    Column("parent_id", Uuid, ForeignKey("tasks.id")),
    Column("purpose", EnumType(Purpose), nullable=False),
    Column("unit_id", Uuid, ForeignKey("units.id"), nullable=False),
    Column("unit_name", Text, nullable=False),
    # One of them, or neither: then it is the unit's.
    Column("position_id", Uuid, ForeignKey("positions.id")),
    Column("person_id", Uuid, ForeignKey("people.id")),
    Column("to_name", Text, nullable=False),
    Column("due", Date),
    Column("given_at", UtcDateTime, nullable=False),
    Column("giver_id", Uuid),
    Column("giver_position_id", Uuid),
    Column("given_by", Text, nullable=False),
    Column("given_title", Text, nullable=False),
    Column("state", EnumType(TaskState), nullable=False),
    Column("taker_id", Uuid, ForeignKey("people.id")),
    Column("taker_name", Text, nullable=False),
    Column("taken_at", UtcDateTime),
    Column("ended_at", UtcDateTime),
    Column("ended_by", Text, nullable=False),
    Column("result", Text, nullable=False),
    Column("reply_id", Uuid, ForeignKey("letters.id")),
    Column("heard", Boolean, nullable=False),
    Column("version", Integer, nullable=False),
    Index("ix_tasks_incoming_id", "incoming_id"),
    Index("ix_tasks_unit_id_state_given_at", "unit_id", "state", "given_at"),
    Index("ix_tasks_position_id_state_given_at", "position_id", "state", "given_at"),
    Index("ix_tasks_person_id_state_given_at", "person_id", "state", "given_at"),
    Index("ix_tasks_taker_id_state_given_at", "taker_id", "state", "given_at"),
    Index("ix_tasks_giver_id_state_given_at", "giver_id", "state", "given_at"),
    Index("ix_tasks_reply_id", "reply_id"),
    # Boards count over all of an agency: the few in hand, and what was done in some weeks.
    Index(
        "ix_tasks_in_hands",
        *("agency_id", "purpose", "unit_id", "due", "given_at"),
        sqlite_where=text(IN_HANDS),
        postgresql_where=text(IN_HANDS),
    ),
    Index(
        "ix_tasks_ended",
        *("agency_id", "ended_at", "state", "purpose", "unit_id", "given_at"),
        # With all tasks in it, SQLite looks there for those of one person.
        sqlite_where=text("ended_at IS NOT NULL"),
        postgresql_where=text("ended_at IS NOT NULL"),
    ),
)

# Outgoing letters that answer one that came in.
replies = Table(
    "replies",
    metadata,
    Column("letter_id", Uuid, ForeignKey("letters.id"), primary_key=True),
    Column("agency_id", Uuid, ForeignKey("agencies.id"), nullable=False),
    Column("incoming_id", Uuid, ForeignKey("incoming.id"), nullable=False),
    Index("ix_replies_incoming_id", "incoming_id"),
)

standing_orders = Table(
    "standing_orders",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("agency_id", Uuid, ForeignKey("agencies.id"), nullable=False),
    Column("words", Text, nullable=False),
    Column("sender_code", Text, nullable=False),
    Column("sender_name", Text, nullable=False),
    Column("form", Text, nullable=False),
    Column("unit_id", Uuid, ForeignKey("units.id"), nullable=False),
    Column("purpose", EnumType(Purpose), nullable=False),
    Column("note", Text, nullable=False),
    Column("changed_at", UtcDateTime, nullable=False),
    Column("changed_by", Text, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("version", Integer, nullable=False),
    Index("ix_standing_orders_agency_id", "agency_id"),
)
