"""What lies on officers' desks: whose turn it is at a letter, batches of letters, and phrases of one's own."""

from sqlalchemy import Column, ForeignKey, Index, Integer, Table, Text, Uuid

from saraban.domain.batch import BatchDeed, BatchState, LineState
from saraban.domain.route import StepKind
from saraban.storage.tables.metadata import metadata
from saraban.storage.types import CanonicalJson, DigestType, EnumType, UtcDateTime

# A row for each position whose turn it is at a letter, so that a desk is read without walking over routes. It follows
# from the letter and is written with it.
turns = Table(
    "turns",
    metadata,
    Column("letter_id", Uuid, ForeignKey("letters.id"), primary_key=True),
    Column("position_id", Uuid, ForeignKey("positions.id"), primary_key=True),
    Column("agency_id", Uuid, nullable=False),
    Column("kind", EnumType(StepKind), nullable=False),
    # 0 for the most urgent: a desk is sorted by it, then by how long a letter waits there.
    Column("haste", Integer, nullable=False),
    Column("since", UtcDateTime, nullable=False),
    # The pile in its order; with the rest, so that it is counted from the index alone.
    Index("ix_turns_pile", "position_id", "haste", "since", "letter_id", "kind", "agency_id"),
)

batches = Table(
    "batches",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("agency_id", Uuid, ForeignKey("agencies.id"), nullable=False),
    Column("person_id", Uuid, ForeignKey("people.id"), nullable=False),
    Column("position_id", Uuid, ForeignKey("positions.id"), nullable=False),
    Column("deed", EnumType(BatchDeed), nullable=False),
    Column("note", Text, nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
    Column("state", EnumType(BatchState), nullable=False),
    # Who goes through it, and until when he is believed to be alive.
    Column("runner", Uuid),
    Column("leased_until", UtcDateTime),
    Column("ended_at", UtcDateTime),
    Column("version", Integer, nullable=False),
    Index("ix_batches_person_id_made_at", "person_id", "made_at"),
)

batch_lines = Table(
    "batch_lines",
    metadata,
    Column("batch_id", Uuid, ForeignKey("batches.id"), primary_key=True),
    Column("ordinal", Integer, primary_key=True),
    Column("letter_id", Uuid, ForeignKey("letters.id"), nullable=False),
    # What was seen in the list: the version of the letter, its content, and the page that others have signed.
    Column("seen_version", Integer, nullable=False),
    Column("content", DigestType, nullable=False),
    Column("page", DigestType),
    Column("state", EnumType(LineState), nullable=False),
    Column("number", Text, nullable=False),
    Column("why", Text, nullable=False),
    Column("at", UtcDateTime),
)

own_phrases = Table(
    "own_phrases",
    metadata,
    Column("person_id", Uuid, ForeignKey("people.id"), primary_key=True),
    # "endorse" or "return".
    Column("kind", Text, primary_key=True),
    Column("phrases", CanonicalJson, nullable=False),
)
