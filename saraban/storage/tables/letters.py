"""Outgoing and incoming letters and their files. A file row names a blob; a blob is served only through such a row."""

from sqlalchemy import (
    BigInteger,
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

from saraban.domain.attachment import Role
from saraban.domain.classification import Digits, Form, Secrecy, Urgency
from saraban.domain.incoming import IncomingState
from saraban.domain.letter import LetterState
from saraban.domain.route import StepKind, StepState
from saraban.domain.versions import Saving
from saraban.storage.tables.metadata import metadata
from saraban.storage.types import CanonicalJson, DigestType, EnumType, UtcDateTime

CLASSIFIED = "secrecy <> 'open'"
ASKED_BACK = "recall_asked_at IS NOT NULL AND recall_answer = ''"
WAITS_TO_GO = "state = 'issued' AND recipients <> '[]'"
"""What is issued and was not sent to its receivers; those that ask say it in the same words, for its index."""


def _index_where(condition: str, name: str, *columns: str) -> Index:
    """An index of a few rows."""
    return Index(name, *columns, sqlite_where=text(condition), postgresql_where=text(condition))


letters = Table(
    "letters",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("agency_id", Uuid, ForeignKey("agencies.id"), nullable=False),
    Column("unit_id", Uuid, ForeignKey("units.id"), nullable=False),
    Column("drafter_id", Uuid, ForeignKey("people.id"), nullable=False),
    Column("drafter_name", Text, nullable=False),
    Column("state", EnumType(LetterState), nullable=False),
    Column("version", Integer, nullable=False),
    Column("form", EnumType(Form), nullable=False),
    Column("subject", Text, nullable=False),
    Column("addressed_to", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("recipients", CanonicalJson, nullable=False),
    # The groups that gave the last of the recipients: word, name, how many.
    Column("groups", CanonicalJson, nullable=False),
    Column("references", CanonicalJson, nullable=False),
    Column("urgency", EnumType(Urgency), nullable=False),
    Column("secrecy", EnumType(Secrecy), nullable=False),
    Column("contact", CanonicalJson, nullable=False),
    Column("response_due", Date),
    Column("purpose", Text, nullable=False),
    Column("closing", Text, nullable=False),
    Column("circular", Boolean, nullable=False),
    # What only some forms have, by key.
    Column("details", CanonicalJson, nullable=False),
    # A PDF that is the letter itself, with the places of its marks.
    Column("ready", CanonicalJson),
    # How its files are listed, as [sha256, title, amount]; and the photograph on a certificate.
    Column("enclosures", CanonicalJson, nullable=False),
    Column("photo", DigestType),
    # Those of this letter; none for the agency's choice.
    Column("digits", EnumType(Digits)),
    # The positions that sign besides the signatory, and the page while only some of them have.
    Column("cosigners", CanonicalJson, nullable=False),
    Column("part_signed", CanonicalJson),
    Column("typist", Text, nullable=False),
    Column("number", Text),
    Column("number_date", Date),
    Column("signatory", CanonicalJson),
    Column("endorsements", CanonicalJson, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
    Column("issued_at", UtcDateTime),
    # What came in and goes on to another agency as it came.
    Column("forwards", Uuid),
    # The steps before those who sign, where somebody chose others than those of the template.
    Column("own_course", CanonicalJson),
    # Of its page, once it is made.
    Column("pages", Integer),
    # The letter that took its place at every receiver, and since when: what the public verification tells.
    Column("replaced_by", Uuid),
    Column("replaced_on", Date),
    Index("ix_letters_agency_id_state_updated_at", "agency_id", "state", "updated_at"),
    Index("ix_letters_agency_id_updated_at", "agency_id", "updated_at"),
    # Boards count what was numbered and what somebody began in some weeks, from the index alone.
    _index_where("issued_at IS NOT NULL", "ix_letters_issued", "agency_id", "issued_at", "unit_id", "drafter_id"),
    Index("ix_letters_drafter_id_created_at", "drafter_id", "created_at"),
    # The few that a search looks through for who is cleared, the newest first.
    _index_where(CLASSIFIED, "ix_letters_classified", "agency_id", "created_at"),
    _index_where(WAITS_TO_GO, "ix_letters_waits_to_go", *("agency_id", "state", "unit_id", "drafter_id", "updated_at")),
)

route_steps = Table(
    "route_steps",
    metadata,
    Column("letter_id", Uuid, ForeignKey("letters.id"), primary_key=True),
    Column("ordinal", Integer, primary_key=True),
    Column("agency_id", Uuid, nullable=False),
    Column("kind", EnumType(StepKind), nullable=False),
    Column("position_id", Uuid, ForeignKey("positions.id"), nullable=False),
    Column("title", Text, nullable=False),
    Column("unit_name", Text, nullable=False),
    Column("state", EnumType(StepState), nullable=False),
    Column("person_id", Uuid),
    Column("person_name", Text, nullable=False),
    Column("at", UtcDateTime),
    # Steps of one stage are asked at the same time; need: how many of them are enough, 0 for all.
    Column("stage", Integer, nullable=False),
    Column("need", Integer, nullable=False),
    Column("required", Boolean, nullable=False),
    Column("edits", Boolean, nullable=False),
    # The version that the step was given over, and what its position gave to one before.
    Column("content", DigestType),
    Column("earlier", CanonicalJson),
    Index("ix_route_steps_position_id_letter_id", "position_id", "letter_id"),
    # Boards count what was done in some weeks, from the index alone.
    _index_where(
        "at IS NOT NULL", "ix_route_steps_done", *("agency_id", "at", "state", "kind", "position_id", "person_id")
    ),
)

incoming = Table(
    "incoming",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("agency_id", Uuid, ForeignKey("agencies.id"), nullable=False),
    Column("unit_id", Uuid, ForeignKey("units.id"), nullable=False),
    Column("state", EnumType(IncomingState), nullable=False),
    Column("received_at", UtcDateTime, nullable=False),
    Column("raw_sha256", DigestType, nullable=False),
    Column("message_id", Text, nullable=False),
    Column("from_mailbox", Text, nullable=False),
    Column("from_code", Text, nullable=False),
    Column("from_name", Text, nullable=False),
    Column("dispatch_id", Uuid),
    Column("letter_ref", Uuid),
    Column("manifest_sha256", Text, nullable=False),
    Column("mic", Text, nullable=False),
    Column("form", EnumType(Form), nullable=False),
    Column("number", Text, nullable=False),
    Column("number_date", Date),
    # The manifest's; NULL where there is none that can be read.
    Column("issued_at", UtcDateTime),
    Column("subject", Text, nullable=False),
    Column("addressed_to", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("urgency", EnumType(Urgency), nullable=False),
    Column("secrecy", EnumType(Secrecy), nullable=False),
    Column("ordinary", Boolean, nullable=False),
    Column("details", CanonicalJson, nullable=False),
    Column("findings", CanonicalJson, nullable=False),
    Column("seal", CanonicalJson),
    Column("outer", CanonicalJson),
    Column("answered_invalid", Boolean, nullable=False),
    Column("register_number", Integer),
    Column("register_year", Integer),
    Column("registered_at", UtcDateTime),
    Column("registered_by", Text, nullable=False),
    Column("refused_code", Text, nullable=False),
    Column("refused_text", Text, nullable=False),
    Column("copies", Integer, nullable=False),
    # Set once a letter is accepted: the same letter is never taken in twice, whatever races.
    Column("accepted_key", Text),
    # The registered letter whose number this mail questions.
    Column("about", Uuid, ForeignKey("incoming.id")),
    # Asked back by its sender: when, why, and what was answered.
    Column("recall_asked_at", UtcDateTime),
    Column("recall_reason", Text, nullable=False),
    Column("recall_answer", Text, nullable=False),
    Column("recall_words", Text, nullable=False),
    # The dispatch of ours by which it was sent on, and to whom.
    Column("forward_id", Uuid),
    Column("forward_code", Text, nullable=False),
    Column("forward_name", Text, nullable=False),
    # The dispatch of its sender that it takes the place of, and the letter that took its own.
    Column("replaces", Uuid),
    Column("replaced_by", Uuid, ForeignKey("incoming.id")),
    Column("completed_at", UtcDateTime),
    Column("completed_by", Text, nullable=False),
    # Our own letter that it answers.
    Column("answers", Uuid),
    Column("version", Integer, nullable=False),
    UniqueConstraint("agency_id", "accepted_key"),
    Index("ix_incoming_agency_id_state_received_at", "agency_id", "state", "received_at"),
    Index("ix_incoming_agency_id_received_at_unit_id", "agency_id", "received_at", "unit_id"),
    Index("ix_incoming_agency_id_completed_at_unit_id", "agency_id", "completed_at", "unit_id"),
    Index("ix_incoming_agency_id_dispatch_id", "agency_id", "dispatch_id"),
    # All letters of one agency, for the comparison with its register.
    Index("ix_incoming_agency_id_from_code", "agency_id", "from_code"),
    Index("ix_incoming_agency_id_replaces", "agency_id", "replaces"),
    # The few that their senders want back, counted beside the menu of every page.
    _index_where(ASKED_BACK, "ix_incoming_asked_back", "agency_id"),
    _index_where(CLASSIFIED, "ix_incoming_classified", "agency_id", "received_at"),
    Index("ix_incoming_answers", "answers"),
)

# Letters that were asked back before they came.
recalls = Table(
    "recalls",
    metadata,
    Column("agency_id", Uuid, ForeignKey("agencies.id"), primary_key=True),
    Column("from_code", Text, primary_key=True),
    Column("dispatch_id", Uuid, primary_key=True),
    Column("manifest_sha256", Text, primary_key=True),
    Column("reason", Text, nullable=False),
    Column("asked_at", UtcDateTime, nullable=False),
    Column("raw", DigestType, nullable=False),
)

files = Table(
    "files",
    metadata,
    Column("owner_id", Uuid, primary_key=True),
    Column("ordinal", Integer, primary_key=True),
    Column("agency_id", Uuid, ForeignKey("agencies.id"), nullable=False),
    Column("name", Text, nullable=False),
    Column("role", EnumType(Role), nullable=False),
    Column("media_type", Text, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("sha256", DigestType, nullable=False),
    # A letter that comes twice is known by its files.
    Index("ix_files_agency_id_sha256", "agency_id", "sha256"),
    Index("ix_files_sha256", "sha256"),
)

certified_copies = Table(
    "certified_copies",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("agency_id", Uuid, ForeignKey("agencies.id"), nullable=False),
    # An outgoing letter, one that came in, a document issued to a person, or a question to an issuer. Of the last the
    # files go when they may be kept no longer, and that a copy was made stays.
    Column("letter_id", Uuid, nullable=False),
    Column("original", DigestType),
    Column("sha256", DigestType),
    Column("size", BigInteger, nullable=False),
    Column("person_id", Uuid, ForeignKey("people.id"), nullable=False),
    Column("person_name", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("spares_citizen", Boolean, nullable=False),
    Index("ix_certified_copies_agency_id_letter_id", "agency_id", "letter_id"),
)

letter_versions = Table(
    "letter_versions",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("agency_id", Uuid, ForeignKey("agencies.id"), nullable=False),
    Column("letter_id", Uuid, ForeignKey("letters.id"), nullable=False),
    Column("ordinal", Integer, nullable=False),
    Column("saving", EnumType(Saving), nullable=False),
    Column("digest", DigestType, nullable=False),
    Column("person_id", Uuid, ForeignKey("people.id"), nullable=False),
    Column("person_name", Text, nullable=False),
    Column("begun_at", UtcDateTime, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    # The version that was taken back.
    Column("source", DigestType),
    UniqueConstraint("letter_id", "ordinal"),
)
