"""How letters are kept, on which lists they go into the store and out of it, and what was destroyed."""

from sqlalchemy import Boolean, Column, Date, ForeignKey, Index, Integer, Table, Text, UniqueConstraint, Uuid, text

from saraban.domain.deposit import DepositKeeper, DepositState
from saraban.domain.disposal import DisposalState
from saraban.domain.handover import HandoverKind, HandoverState
from saraban.domain.keeping import KeepingState
from saraban.domain.loan import LoanState
from saraban.domain.retention import Basis
from saraban.domain.storing import StoringState
from saraban.domain.visit import VisitState
from saraban.storage.tables.metadata import metadata
from saraban.storage.types import BigSerial, CanonicalJson, DigestType, EnumType, UtcDateTime

retention_classes = Table(
    "retention_classes",
    metadata,
    # Only what the agency changed or added: it begins with the classes of the regulation.
    Column("agency_id", Uuid, ForeignKey("agencies.id"), primary_key=True),
    Column("code", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("basis", EnumType(Basis), nullable=False),
    Column("years", Integer),
    Column("forever", Boolean, nullable=False),
    Column("condition", Text, nullable=False),
    Column("retired", Boolean, nullable=False),
)

file_groups = Table(
    "file_groups",
    metadata,
    Column("agency_id", Uuid, ForeignKey("agencies.id"), primary_key=True),
    Column("code", Text, primary_key=True),
    Column("title", Text, nullable=False),
    Column("class_code", Text, nullable=False),
    Column("retired", Boolean, nullable=False),
)

# A row is written when somebody first says something about a letter's keeping; until then it is in work, in the class
# that follows by rule.
kept_items = Table(
    "kept_items",
    metadata,
    Column("entry_id", Uuid, ForeignKey("entries.id"), primary_key=True),
    Column("agency_id", Uuid, ForeignKey("agencies.id"), nullable=False),
    Column("subject_of", Uuid),
    Column("unit_id", Uuid),
    Column("electronic", Boolean, nullable=False),
    Column("class_code", Text, nullable=False),
    Column("basis", EnumType(Basis), nullable=False),
    Column("file_code", Text, nullable=False),
    Column("state", EnumType(KeepingState), nullable=False),
    Column("finished_on", Date),
    Column("until_year", Integer),
    Column("forever", Boolean, nullable=False),
    Column("room", Text, nullable=False),
    Column("shelf", Text, nullable=False),
    Column("box", Text, nullable=False),
    Column("held_by", Uuid),
    Column("storing_id", Uuid),
    Column("store_year", Integer),
    Column("store_serial", Integer),
    Column("stored_on", Date),
    Column("disposal_id", Uuid),
    # The year whose survey may propose it again, when the head has kept it till then.
    Column("next_survey", Integer),
    # When the paper beside an electronic letter went.
    Column("paper_destroyed_on", Date),
    # The list of form 25 in whose answer the National Archives asked for it.
    Column("asked_by", Uuid),
    # To when committee or National Archives had it kept longer, which no class shortens.
    Column("extended_until", Integer),
    Column("extended_forever", Boolean, nullable=False),
    Column("loan_id", Uuid),
    # The list of form 21 or 22 on which it stands.
    Column("handover_id", Uuid),
    Column("deposit_id", Uuid),
    Column("version", Integer, nullable=False),
    UniqueConstraint("agency_id", "store_year", "store_serial"),
    Index("ix_kept_items_subject_of", "subject_of"),
    Index("ix_kept_items_due", "agency_id", "state", "until_year"),
    Index(
        "ix_kept_items_held",
        "entry_id",
        "subject_of",
        sqlite_where=text("held_by IS NOT NULL"),
        postgresql_where=text("held_by IS NOT NULL"),
    ),
)

# The last number of ทะเบียนหนังสือเก็บ (form 20) and of the lists, by year.
store_numbers = Table(
    "store_numbers",
    metadata,
    Column("agency_id", Uuid, ForeignKey("agencies.id"), primary_key=True),
    Column("of", Text, primary_key=True),
    Column("year", Integer, primary_key=True),
    Column("last", Integer, nullable=False),
)

storing_lists = Table(
    "storing_lists",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("agency_id", Uuid, ForeignKey("agencies.id"), nullable=False),
    Column("unit_id", Uuid, ForeignKey("units.id"), nullable=False),
    Column("unit_name", Text, nullable=False),
    Column("year", Integer, nullable=False),
    Column("serial", Integer, nullable=False),
    Column("lines", CanonicalJson, nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
    Column("made_by", Text, nullable=False),
    Column("made_title", Text, nullable=False),
    Column("state", EnumType(StoringState), nullable=False),
    Column("settled_at", UtcDateTime),
    Column("settled_by", Text, nullable=False),
    Column("settled_title", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Index("ix_storing_lists_agency_id_made_at", "agency_id", "made_at"),
)

legal_holds = Table(
    "legal_holds",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("agency_id", Uuid, ForeignKey("agencies.id"), nullable=False),
    Column("entry_id", Uuid, ForeignKey("entries.id"), nullable=False),
    Column("reason", Text, nullable=False),
    Column("order", Text, nullable=False),
    Column("placed_at", UtcDateTime, nullable=False),
    Column("placed_by", Text, nullable=False),
    Column("lifted_at", UtcDateTime),
    Column("lifted_by", Text, nullable=False),
    Column("lifted_why", Text, nullable=False),
    Index("ix_legal_holds_entry_id", "entry_id"),
    Index("ix_legal_holds_agency_id_placed_at", "agency_id", "placed_at"),
)

# `subject_of` is set for an electronic letter, which the borrower reads while the loan is out.
loans = Table(
    "loans",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("agency_id", Uuid, ForeignKey("agencies.id"), nullable=False),
    Column("entry_id", Uuid, ForeignKey("entries.id"), nullable=False),
    Column("unit_id", Uuid),
    Column("subject_of", Uuid),
    Column("year", Integer, nullable=False),
    Column("serial", Integer, nullable=False),
    Column("borrower_id", Uuid, ForeignKey("people.id")),
    Column("borrower", Text, nullable=False),
    Column("borrower_title", Text, nullable=False),
    Column("borrower_unit", Text, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("evidence", Text, nullable=False),
    Column("due_on", Date, nullable=False),
    Column("asked_at", UtcDateTime, nullable=False),
    Column("asked_by", Text, nullable=False),
    Column("asker_id", Uuid, ForeignKey("people.id")),
    Column("state", EnumType(LoanState), nullable=False),
    Column("answered_at", UtcDateTime),
    Column("answered_by", Text, nullable=False),
    Column("answered_title", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("lent_on", Date),
    Column("lent_by", Text, nullable=False),
    Column("lender_id", Uuid, ForeignKey("people.id")),
    Column("receiver", Text, nullable=False),
    Column("receiver_title", Text, nullable=False),
    Column("called", Integer, nullable=False),
    Column("called_on", Date),
    Column("returned_on", Date),
    Column("returned_by", Text, nullable=False),
    Column("taken_by", Text, nullable=False),
    Column("version", Integer, nullable=False),
    UniqueConstraint("agency_id", "year", "serial"),
    Index("ix_loans_entry_id", "entry_id"),
    Index("ix_loans_agency_id_state_due_on", "agency_id", "state", "due_on"),
    Index("ix_loans_subject_of_borrower_id", "subject_of", "borrower_id"),
    Index("ix_loans_borrower_id", "borrower_id"),
)

# Outsiders who look at a letter (clause 65).
visits = Table(
    "visits",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("agency_id", Uuid, ForeignKey("agencies.id"), nullable=False),
    Column("entry_id", Uuid, ForeignKey("entries.id"), nullable=False),
    Column("unit_id", Uuid),
    Column("visitor", Text, nullable=False),
    Column("evidence", Text, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("copies", Boolean, nullable=False),
    Column("asked_at", UtcDateTime, nullable=False),
    Column("asked_by", Text, nullable=False),
    Column("state", EnumType(VisitState), nullable=False),
    Column("answered_at", UtcDateTime),
    Column("answered_by", Text, nullable=False),
    Column("answered_title", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("shown_on", Date),
    Column("shown_by", Text, nullable=False),
    Column("copied", Text, nullable=False),
    Column("asker_id", Uuid),
    Column("comes_on", Date),
    Column("mail", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Index("ix_visits_agency_id_asked_at", "agency_id", "asked_at"),
    Index("ix_visits_entry_id", "entry_id"),
)

deposit_lists = Table(
    "deposit_lists",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("agency_id", Uuid, ForeignKey("agencies.id"), nullable=False),
    Column("unit_id", Uuid, ForeignKey("units.id"), nullable=False),
    Column("unit_name", Text, nullable=False),
    Column("keeper", EnumType(DepositKeeper), nullable=False),
    Column("year", Integer, nullable=False),
    Column("serial", Integer, nullable=False),
    Column("lines", CanonicalJson, nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
    Column("made_by", Text, nullable=False),
    Column("made_title", Text, nullable=False),
    Column("state", EnumType(DepositState), nullable=False),
    Column("accepted_on", Date),
    Column("acceptor", Text, nullable=False),
    Column("acceptor_title", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("version", Integer, nullable=False),
    UniqueConstraint("agency_id", "year", "serial"),
)

disposal_lists = Table(
    "disposal_lists",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("agency_id", Uuid, ForeignKey("agencies.id"), nullable=False),
    Column("year", Integer, nullable=False),
    Column("serial", Integer, nullable=False),
    Column("electronic", Boolean, nullable=False),
    Column("items", CanonicalJson, nullable=False),
    Column("proposed_at", UtcDateTime, nullable=False),
    Column("proposed_by", Text, nullable=False),
    Column("proposed_title", Text, nullable=False),
    Column("need", Text, nullable=False),
    Column("state", EnumType(DisposalState), nullable=False),
    Column("committee", CanonicalJson, nullable=False),
    Column("order", Text, nullable=False),
    Column("appointed_at", UtcDateTime),
    Column("reported_at", UtcDateTime),
    Column("decided_at", UtcDateTime),
    Column("decided_by", Text, nullable=False),
    Column("decided_title", Text, nullable=False),
    Column("exempt", Text, nullable=False),
    Column("sent_on", Date),
    Column("sent_number", Text, nullable=False),
    Column("answered_on", Date),
    Column("answer_number", Text, nullable=False),
    Column("officers", CanonicalJson, nullable=False),
    Column("way", Text, nullable=False),
    Column("confirmed", CanonicalJson, nullable=False),
    Column("agreed", CanonicalJson, nullable=False),
    Column("done_at", UtcDateTime),
    Column("reason", Text, nullable=False),
    Column("version", Integer, nullable=False),
    UniqueConstraint("agency_id", "year", "serial"),
)

handovers = Table(
    "handovers",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("agency_id", Uuid, ForeignKey("agencies.id"), nullable=False),
    Column("kind", EnumType(HandoverKind), nullable=False),
    Column("year", Integer, nullable=False),
    Column("serial", Integer, nullable=False),
    # Are these letters that the National Archives asked for, of whatever age?
    Column("asked", Boolean, nullable=False),
    Column("items", CanonicalJson, nullable=False),
    Column("drawn_at", UtcDateTime, nullable=False),
    Column("drawn_by", Text, nullable=False),
    Column("drawn_title", Text, nullable=False),
    Column("state", EnumType(HandoverState), nullable=False),
    Column("handed_on", Date),
    Column("number", Text, nullable=False),
    Column("receiver", Text, nullable=False),
    Column("handed_by", Text, nullable=False),
    Column("handed_title", Text, nullable=False),
    # When its package was made last, with every file of what stands on it.
    Column("packed_at", UtcDateTime),
    # What each of its letters was then, by the letter's id.
    Column("packed", CanonicalJson, nullable=False),
    Column("version", Integer, nullable=False),
    UniqueConstraint("agency_id", "kind", "year", "serial"),
)

# The years whose lists of forms 21 and 22 have all drawn themselves up.
handover_years = Table(
    "handover_years",
    metadata,
    Column("agency_id", Uuid, ForeignKey("agencies.id"), primary_key=True),
    Column("year", Integer, primary_key=True),
    Column("drawn_at", UtcDateTime, nullable=False),
)

# What was destroyed, for restores: a row for each letter (no digest) and for each file of it that nothing else uses.
# `removed_at` is when the bytes were gone from the disk; until then the worker looks after it.
destroyed = Table(
    "destroyed",
    metadata,
    Column("seq", BigSerial, primary_key=True),
    Column("agency_id", Uuid, ForeignKey("agencies.id"), nullable=False),
    Column("list_id", Uuid, nullable=False),
    Column("entry_id", Uuid, nullable=False),
    Column("subject_of", Uuid),
    Column("sha256", DigestType),
    Column("at", UtcDateTime, nullable=False),
    Column("removed_at", UtcDateTime),
    Index("ix_destroyed_at", "at"),
    Index("ix_destroyed_entry_id", "entry_id"),
    Index("ix_destroyed_subject_of", "subject_of"),
    # Of files alone: what is asked of letters as a whole is not to be looked for by the file that their rows lack.
    Index(
        "ix_destroyed_sha256",
        "sha256",
        sqlite_where=text("sha256 IS NOT NULL"),
        postgresql_where=text("sha256 IS NOT NULL"),
    ),
    Index(
        "ix_destroyed_waiting",
        "seq",
        sqlite_where=text("removed_at IS NULL"),
        postgresql_where=text("removed_at IS NULL"),
    ),
)

# Files that nothing leads to any more since the same commit: a row until the bytes are off the disk. Two rows may name
# the same file: each is of who dropped it. A virus was found in a harmful one.
dropped_files = Table(
    "dropped_files",
    metadata,
    Column("seq", BigSerial, primary_key=True),
    Column("sha256", DigestType, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("harmful", Boolean, nullable=False),
    # Does it hold what letters hold that may be destroyed one day?
    Column("of_letters", Boolean, nullable=False),
    # Of both the row stays, for the backups in which the bytes may lie.
    Column("removed_at", UtcDateTime),
)
