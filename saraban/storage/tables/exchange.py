"""What leaves and what enters: dispatches, evidence, statements, outbox, inbox, mailboxes."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)

from saraban.domain.dispatch import DispatchState, EvidenceKind
from saraban.domain.receipt import Step
from saraban.exchange.envelope import OutboxKind
from saraban.storage.tables.metadata import metadata
from saraban.storage.types import CanonicalJson, DigestType, EnumType, UtcDateTime

TROUBLE = "closed_for = '' AND (state IN ('invalid', 'undelivered', 'refused') OR problem <> '' OR failure <> '')"
GIVEN_UP = "state = 'failed'"

dispatches = Table(
    "dispatches",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("agency_id", Uuid, ForeignKey("agencies.id"), nullable=False),
    Column("letter_id", Uuid, ForeignKey("letters.id"), nullable=False),
    Column("to_code", Text, nullable=False),
    Column("to_name", Text, nullable=False),
    Column("to_mailbox", Text, nullable=False),
    Column("speaks_saraban", Boolean, nullable=False),
    Column("state", EnumType(DispatchState), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("manifest_sha256", Text, nullable=False),
    Column("composed", Boolean, nullable=False),
    Column("problem", Text, nullable=False),
    Column("failure", Text, nullable=False),
    Column("resends", Integer, nullable=False),
    Column("settled_at", UtcDateTime),
    Column("register_number", Text, nullable=False),
    Column("register_year", Integer),
    Column("number_disputed_at", UtcDateTime),
    Column("proved_by", EnumType(EvidenceKind)),
    # The digest of the token in the acknowledgement link; the token itself stands in the mail alone.
    Column("link", DigestType, unique=True),
    Column("warn_at", UtcDateTime),
    Column("stopped_at", UtcDateTime),
    Column("recall_asked_at", UtcDateTime),
    Column("recall_answer", Text, nullable=False),
    # The dispatch to the same receiver that this one takes the place of.
    Column("replaces", Uuid),
    Column("reminders", Integer, nullable=False),
    Column("reminded_at", UtcDateTime),
    # Why a person closed it without an answer.
    Column("closed_for", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("leased_until", UtcDateTime),
    Index("ix_dispatches_letter_id", "letter_id"),
    # All dispatches to one agency, for the comparison with its register.
    Index("ix_dispatches_to_code", "to_code", "agency_id"),
    # What became of a day's letters.
    Index("ix_dispatches_created_at", "created_at", "agency_id"),
    # A bounce that names nothing but the address.
    Index("ix_dispatches_to_mailbox", "to_mailbox"),
    # Those whose envelope has to be made, in their order: a lease that is taken touches no index.
    Index(
        "ix_dispatches_waiting",
        "created_at",
        sqlite_where=text("composed = 0"),
        postgresql_where=text("NOT composed"),
    ),
    Index("ix_dispatches_state_expires_at", "state", "expires_at"),
    Index("ix_dispatches_state_warn_at", "state", "warn_at"),
    # What gave place to another edition at its receiver.
    Index(
        "ix_dispatches_replaces",
        "replaces",
        sqlite_where=text("replaces IS NOT NULL"),
        postgresql_where=text("replaces IS NOT NULL"),
    ),
    # What its sender asked back, looked for at every scan of a letter's code.
    Index(
        "ix_dispatches_asked_back",
        "letter_id",
        sqlite_where=text("recall_asked_at IS NOT NULL"),
        postgresql_where=text("recall_asked_at IS NOT NULL"),
    ),
    # The few that need a person, counted beside the menu of every page.
    Index("ix_dispatches_trouble", "agency_id", sqlite_where=text(TROUBLE), postgresql_where=text(TROUBLE)),
)

evidence = Table(
    "evidence",
    metadata,
    Column("agency_id", Uuid, ForeignKey("agencies.id"), primary_key=True),
    Column("dispatch_id", Uuid, ForeignKey("dispatches.id"), primary_key=True),
    Column("id", Uuid, primary_key=True),
    Column("step", Text, nullable=False),
    Column("kind", EnumType(EvidenceKind), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("noted_at", UtcDateTime, nullable=False),
    Column("text", Text, nullable=False),
    Column("counts", Boolean, nullable=False),
    Column("verdict", CanonicalJson),
    Column("statement", CanonicalJson),
    Column("raw", DigestType),
    Index("ix_evidence_dispatch_id", "dispatch_id"),
)

statements = Table(
    "statements",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("agency_id", Uuid, ForeignKey("agencies.id"), nullable=False),
    Column("incoming_id", Uuid),
    Column("of", Uuid, nullable=False),
    Column("step", EnumType(Step), nullable=False),
    Column("payload", CanonicalJson, nullable=False),
    Column("original_message_id", Text, nullable=False),
    Column("mic", Text, nullable=False),
    Column("first_answer", Boolean, nullable=False),
    Column("automatic", Boolean, nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
    Column("sealed", DigestType),
    Column("attempts", Integer, nullable=False),
    Column("leased_until", UtcDateTime),
    Index("ix_statements_incoming_id", "incoming_id"),
    Index(
        "ix_statements_unsealed",
        "made_at",
        sqlite_where=text("sealed IS NULL"),
        postgresql_where=text("sealed IS NULL"),
    ),
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("agency_id", Uuid, ForeignKey("agencies.id"), nullable=False),
    Column("agency_code", Text, nullable=False),
    Column("kind", EnumType(OutboxKind), nullable=False),
    Column("ref", Uuid, nullable=False),
    Column("mail_from", Text, nullable=False),
    Column("fallback_from", Text, nullable=False),
    Column("rcpt_to", Text, nullable=False),
    Column("message_id", Text, nullable=False),
    Column("segments", CanonicalJson, nullable=False),
    # The manifest of a letter as it was sealed; it stands in the segments too, but there in base64.
    Column("manifest", LargeBinary),
    Column("sha256", DigestType, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("envid", Uuid),
    Column("state", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("next_at", UtcDateTime, nullable=False),
    Column("leased_until", UtcDateTime),
    Column("give_up_at", UtcDateTime, nullable=False),
    Column("put_at", UtcDateTime, nullable=False),
    Column("sent_at", UtcDateTime),
    Column("last_reply", Text, nullable=False),
    UniqueConstraint("agency_id", "ref"),
    # The few that were given up, counted beside the menu.
    Index("ix_outbox_given_up", "agency_id", sqlite_where=text(GIVEN_UP), postgresql_where=text(GIVEN_UP)),
    Index(
        "ix_outbox_due",
        "next_at",
        sqlite_where=text("state = 'queued'"),
        postgresql_where=text("state = 'queued'"),
    ),
)

inbox = Table(
    "inbox",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("agency_id", Uuid, ForeignKey("agencies.id"), nullable=False),
    Column("mailbox", Text, nullable=False),
    Column("uidvalidity", BigInteger, nullable=False),
    Column("uid", BigInteger, nullable=False),
    Column("sha256", DigestType, nullable=False),
    Column("message_id", Text, nullable=False),
    Column("content_key", DigestType, nullable=False),
    Column("taken_at", UtcDateTime, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("leased_until", UtcDateTime),
    Column("outcome", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("decided_at", UtcDateTime),
    # False for the card that stands for a mail that was too large to be fetched.
    Column("whole", Boolean, nullable=False),
    # What it says of itself, so that what was not taken in can be found.
    Column("sender", Text, nullable=False),
    Column("subject", Text, nullable=False),
    # When it left the folder on the server, by the agency's own rule.
    Column("cleared_at", UtcDateTime),
    UniqueConstraint("mailbox", "uidvalidity", "uid"),
    Index("ix_inbox_agency_id_content_key", "agency_id", "content_key"),
    Index(
        "ix_inbox_waiting",
        "taken_at",
        sqlite_where=text("outcome = ''"),
        postgresql_where=text("outcome = ''"),
    ),
)

mailboxes = Table(
    "mailboxes",
    metadata,
    Column("agency_id", Uuid, ForeignKey("agencies.id"), primary_key=True),
    Column("address", Text, primary_key=True),
    Column("uidvalidity", BigInteger, nullable=False),
    Column("last_uid", BigInteger, nullable=False),
    Column("checked_at", UtcDateTime),
    Column("problem", Text, nullable=False),
    Column("leased_by", Text, nullable=False),
    Column("leased_until", UtcDateTime),
    # What a person should know though mail flows (the folder was renumbered, mail vanished), and since when.
    Column("notice", Text, nullable=False, default=""),
    Column("notice_at", UtcDateTime),
    # What the last examination found, step by step.
    Column("examination", CanonicalJson),
    Column("examined_at", UtcDateTime),
)
