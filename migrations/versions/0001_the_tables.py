"""The tables.

Hosted agencies with units, positions and people; the directory; outgoing and incoming letters with their files and
route steps; the legal books with their ledger, closes and witnesses; dispatches, evidence, statements, outbox and
inbox; the journal; errands, saved views and verification codes; what is kept, and what was destroyed; letters from
the public.
"""

import logging

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Expand."""
    op.create_table(
        "agencies",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("abbr", sa.Text(), nullable=False),
        sa.Column("series", sa.Text(), nullable=False),
        sa.Column("mailbox", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("options", sa.Text(), nullable=False),
        sa.Column("emblem", sa.CHAR(length=64), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agencies")),
        sa.UniqueConstraint("code", name=op.f("uq_agencies_code")),
        sa.UniqueConstraint("mailbox", name=op.f("uq_agencies_mailbox")),
    )
    op.create_table(
        "directory",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("mailbox", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("abbr", sa.Text(), nullable=False),
        sa.Column("series", sa.Text(), nullable=False),
        sa.Column("parent", sa.Text(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("successor", sa.Text(), nullable=True),
        sa.Column("capabilities", sa.Text(), nullable=False),
        sa.Column("certificates", sa.Text(), nullable=False),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_directory")),
    )
    with op.batch_alter_table("directory", schema=None) as batch_op:
        batch_op.create_index("ix_directory_mailbox", ["mailbox"], unique=False)
        batch_op.create_index("ix_directory_name_code", ["name", "code"], unique=False)

    op.create_table(
        "once_keys",
        sa.Column("holder", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("subject", sa.Uuid(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("holder", "key", name=op.f("pk_once_keys")),
    )
    with op.batch_alter_table("once_keys", schema=None) as batch_op:
        batch_op.create_index("ix_once_keys_at", ["at"], unique=False)

    op.create_table(
        "day_closes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("root", sa.CHAR(length=64), nullable=False),
        sa.Column("lines", sa.Integer(), nullable=False),
        sa.Column("until_seq", sa.Integer(), nullable=False),
        sa.Column("statement", sa.LargeBinary(), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.Column("time_stamp", sa.LargeBinary(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name=op.f("fk_day_closes_agency_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_day_closes")),
        sa.UniqueConstraint("agency_id", "day", name=op.f("uq_day_closes_agency_id_day")),
    )
    op.create_table(
        "files",
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.CHAR(length=64), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name=op.f("fk_files_agency_id")),
        sa.PrimaryKeyConstraint("owner_id", "ordinal", name=op.f("pk_files")),
    )
    with op.batch_alter_table("files", schema=None) as batch_op:
        batch_op.create_index("ix_files_agency_id_sha256", ["agency_id", "sha256"], unique=False)
        batch_op.create_index("ix_files_sha256", ["sha256"], unique=False)

    op.create_table(
        "inbox",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("mailbox", sa.Text(), nullable=False),
        sa.Column("uidvalidity", sa.BigInteger(), nullable=False),
        sa.Column("uid", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.CHAR(length=64), nullable=False),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("content_key", sa.CHAR(length=64), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("whole", sa.Boolean(), nullable=False),
        sa.Column("sender", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("cleared_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name=op.f("fk_inbox_agency_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbox")),
        sa.UniqueConstraint("mailbox", "uidvalidity", "uid", name=op.f("uq_inbox_mailbox_uidvalidity_uid")),
    )
    with op.batch_alter_table("inbox", schema=None) as batch_op:
        batch_op.create_index("ix_inbox_agency_id_content_key", ["agency_id", "content_key"], unique=False)
        batch_op.create_index(
            "ix_inbox_waiting",
            ["taken_at"],
            unique=False,
            sqlite_where=sa.text("outcome = ''"),
            postgresql_where=sa.text("outcome = ''"),
        )

    op.create_table(
        "journal",
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("subject", sa.Uuid(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("digest", sa.CHAR(length=64), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name=op.f("fk_journal_agency_id")),
        sa.PrimaryKeyConstraint("agency_id", "seq", name=op.f("pk_journal")),
    )
    with op.batch_alter_table("journal", schema=None) as batch_op:
        batch_op.create_index("ix_journal_agency_id_subject", ["agency_id", "subject"], unique=False)

    op.create_table(
        "journal_heads",
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("digest", sa.CHAR(length=64), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name=op.f("fk_journal_heads_agency_id")),
        sa.PrimaryKeyConstraint("agency_id", name=op.f("pk_journal_heads")),
    )
    op.create_table(
        "mailboxes",
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("uidvalidity", sa.BigInteger(), nullable=False),
        sa.Column("last_uid", sa.BigInteger(), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("leased_by", sa.Text(), nullable=False),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("notice", sa.Text(), nullable=False),
        sa.Column("notice_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("examination", sa.Text(), nullable=True),
        sa.Column("examined_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name=op.f("fk_mailboxes_agency_id")),
        sa.PrimaryKeyConstraint("agency_id", "address", name=op.f("pk_mailboxes")),
    )
    op.create_table(
        "number_ledger",
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("book_id", sa.Uuid(), nullable=False),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("line", sa.CHAR(length=64), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name=op.f("fk_number_ledger_agency_id")),
        sa.PrimaryKeyConstraint("agency_id", "seq", name=op.f("pk_number_ledger")),
    )
    with op.batch_alter_table("number_ledger", schema=None) as batch_op:
        batch_op.create_index("ix_number_ledger_agency_id_day", ["agency_id", "day"], unique=False)
        batch_op.create_index("ix_number_ledger_entry_id", ["entry_id"], unique=False)

    op.create_table(
        "outbox",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("agency_code", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("ref", sa.Uuid(), nullable=False),
        sa.Column("mail_from", sa.Text(), nullable=False),
        sa.Column("fallback_from", sa.Text(), nullable=False),
        sa.Column("rcpt_to", sa.Text(), nullable=False),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("segments", sa.Text(), nullable=False),
        sa.Column("manifest", sa.LargeBinary(), nullable=True),
        sa.Column("sha256", sa.CHAR(length=64), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("envid", sa.Uuid(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("give_up_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("put_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_reply", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name=op.f("fk_outbox_agency_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("agency_id", "ref", name=op.f("uq_outbox_agency_id_ref")),
    )
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.create_index(
            "ix_outbox_given_up",
            ["agency_id"],
            unique=False,
            sqlite_where=sa.text("state = 'failed'"),
            postgresql_where=sa.text("state = 'failed'"),
        )
        batch_op.create_index(
            "ix_outbox_due",
            ["next_at"],
            unique=False,
            sqlite_where=sa.text("state = 'queued'"),
            postgresql_where=sa.text("state = 'queued'"),
        )

    op.create_table(
        "people",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("username", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("signature_picture", sa.CHAR(length=64), nullable=True),
        sa.Column("password_once", sa.Boolean(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("wants_digest", sa.Boolean(), nullable=False),
        sa.Column("wants_urgent", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name=op.f("fk_people_agency_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people")),
        sa.UniqueConstraint("username", name=op.f("uq_people_username")),
    )
    op.create_table(
        "phrases",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("beside", sa.Text(), nullable=False),
        sa.Column("key", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("number_head", sa.Text(), nullable=False),
        sa.Column("use_count", sa.Integer(), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name=op.f("fk_phrases_agency_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_phrases")),
        sa.UniqueConstraint("agency_id", "field", "beside", "key", name=op.f("uq_phrases_agency_id_field_beside_key")),
    )
    with op.batch_alter_table("phrases", schema=None) as batch_op:
        batch_op.create_index("ix_phrases_use_count", ["agency_id", "field", "beside", "use_count", "id"], unique=False)
    _index_phrases()

    op.create_table(
        "reconciliations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("other_code", sa.Text(), nullable=False),
        sa.Column("other_name", sa.Text(), nullable=False),
        sa.Column("ours", sa.Boolean(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by", sa.Text(), nullable=False),
        sa.Column("request", sa.Text(), nullable=False),
        sa.Column("request_sha256", sa.CHAR(length=64), nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("own", sa.Text(), nullable=True),
        sa.Column("differences", sa.Integer(), nullable=True),
        sa.Column("repeats", sa.Text(), nullable=False),
        sa.Column("owes", sa.Text(), nullable=False),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("raw", sa.CHAR(length=64), nullable=True),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name=op.f("fk_reconciliations_agency_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reconciliations")),
        sa.UniqueConstraint(
            "agency_id", "other_code", "request_id", name=op.f("uq_reconciliations_agency_id_other_code_request_id")
        ),
    )
    with op.batch_alter_table("reconciliations", schema=None) as batch_op:
        batch_op.create_index("ix_reconciliations_agency_id_asked_at", ["agency_id", "asked_at"], unique=False)

    op.create_table(
        "route_templates",
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("again", sa.Text(), nullable=False),
        sa.Column("steps", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name=op.f("fk_route_templates_agency_id")),
        sa.PrimaryKeyConstraint("agency_id", "form", "owner_id", name=op.f("pk_route_templates")),
    )
    op.create_table(
        "statements",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("incoming_id", sa.Uuid(), nullable=True),
        sa.Column("of", sa.Uuid(), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("original_message_id", sa.Text(), nullable=False),
        sa.Column("mic", sa.Text(), nullable=False),
        sa.Column("first_answer", sa.Boolean(), nullable=False),
        sa.Column("automatic", sa.Boolean(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sealed", sa.CHAR(length=64), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name=op.f("fk_statements_agency_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statements")),
    )
    with op.batch_alter_table("statements", schema=None) as batch_op:
        batch_op.create_index("ix_statements_incoming_id", ["incoming_id"], unique=False)
        batch_op.create_index(
            "ix_statements_unsealed",
            ["made_at"],
            unique=False,
            sqlite_where=sa.text("sealed IS NULL"),
            postgresql_where=sa.text("sealed IS NULL"),
        )

    op.create_table(
        "units",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("series", sa.Text(), nullable=False),
        sa.Column("central", sa.Boolean(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name=op.f("fk_units_agency_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_units")),
        sa.UniqueConstraint("agency_id", "code", name=op.f("uq_units_agency_id_code")),
    )
    op.create_table(
        "unit_periods",
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("authority", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["parent_id"], ["units.id"], name=op.f("fk_unit_periods_parent_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_unit_periods_unit_id")),
        sa.PrimaryKeyConstraint("unit_id", "since", name=op.f("pk_unit_periods")),
    )
    with op.batch_alter_table("unit_periods", schema=None) as batch_op:
        batch_op.create_index("ix_unit_periods_parent_id", ["parent_id"], unique=False)

    op.create_table(
        "unit_successions",
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("successor_id", sa.Uuid(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("authority", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["successor_id"], ["units.id"], name=op.f("fk_unit_successions_successor_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_unit_successions_unit_id")),
        sa.PrimaryKeyConstraint("unit_id", "successor_id", name=op.f("pk_unit_successions")),
    )
    with op.batch_alter_table("unit_successions", schema=None) as batch_op:
        batch_op.create_index("ix_unit_successions_successor_id", ["successor_id"], unique=False)

    op.create_table(
        "fill_levels",
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=True),
        sa.Column("used", sa.BigInteger(), nullable=True),
        sa.Column("allowed", sa.BigInteger(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name=op.f("fk_fill_levels_agency_id")),
        sa.PrimaryKeyConstraint("place", "day", name=op.f("pk_fill_levels")),
    )
    op.create_table(
        "mail_accounts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=True),
        sa.Column("user", sa.Text(), nullable=False),
        sa.Column("smtp_host", sa.Text(), nullable=False),
        sa.Column("smtp_port", sa.Integer(), nullable=False),
        sa.Column("smtp_protection", sa.Text(), nullable=False),
        sa.Column("imap_host", sa.Text(), nullable=False),
        sa.Column("imap_port", sa.Integer(), nullable=False),
        sa.Column("imap_protection", sa.Text(), nullable=False),
        sa.Column("folder", sa.Text(), nullable=False),
        sa.Column("ca_text", sa.Text(), nullable=False),
        sa.Column("login", sa.Text(), nullable=False),
        sa.Column("token_url", sa.Text(), nullable=False),
        sa.Column("client_id", sa.Text(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("sends", sa.Boolean(), nullable=False),
        sa.Column("after", sa.Text(), nullable=False),
        sa.Column("after_days", sa.Integer(), nullable=False),
        sa.Column("secret", sa.Text(), nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("token_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("token_problem", sa.Text(), nullable=False),
        sa.Column("token_leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name=op.f("fk_mail_accounts_agency_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_mail_accounts_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_accounts")),
        sa.UniqueConstraint("address", name=op.f("uq_mail_accounts_address")),
    )
    with op.batch_alter_table("mail_accounts", schema=None) as batch_op:
        batch_op.create_index("ix_mail_accounts_agency_id", ["agency_id"], unique=False)

    op.create_table(
        "close_troubles",
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name=op.f("fk_close_troubles_agency_id")),
        sa.PrimaryKeyConstraint("agency_id", name=op.f("pk_close_troubles")),
    )
    op.create_table(
        "register_checks",
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("lines", sa.Integer(), nullable=False),
        sa.Column("faults", sa.Integer(), nullable=False),
        sa.Column("report", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name=op.f("fk_register_checks_agency_id")),
        sa.PrimaryKeyConstraint("agency_id", name=op.f("pk_register_checks")),
    )
    op.create_table(
        "witnesses",
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("other_code", sa.Text(), nullable=False),
        sa.Column("given", sa.Boolean(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("root", sa.CHAR(length=64), nullable=False),
        sa.Column("previous", sa.CHAR(length=64), nullable=True),
        sa.Column("receipt_id", sa.Uuid(), nullable=False),
        sa.Column("raw", sa.CHAR(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name=op.f("fk_witnesses_agency_id")),
        sa.PrimaryKeyConstraint("agency_id", "other_code", "given", "day", "root", name=op.f("pk_witnesses")),
    )
    op.create_table(
        "year_closes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("page", sa.CHAR(length=64), nullable=False),
        sa.Column("counts", sa.Text(), nullable=False),
        sa.Column("root", sa.CHAR(length=64), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name=op.f("fk_year_closes_agency_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_year_closes")),
        sa.UniqueConstraint("agency_id", "year", name=op.f("uq_year_closes_agency_id_year")),
    )
    op.create_table(
        "books",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("keeper_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=True),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("first", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_by", sa.Text(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended", sa.Boolean(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name=op.f("fk_books_agency_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_books_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_books")),
        sa.UniqueConstraint("keeper_id", "kind", "year", name=op.f("uq_books_keeper_id_kind_year")),
    )
    op.create_table(
        "errands",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("order", sa.Text(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("result", sa.CHAR(length=64), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("faults", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name=op.f("fk_errands_agency_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_errands_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_errands")),
    )
    with op.batch_alter_table("errands", schema=None) as batch_op:
        batch_op.create_index("ix_errands_person_id_made_at", ["person_id", "made_at", "id"], unique=False)
        batch_op.create_index("ix_errands_state", ["state", "made_at"], unique=False)

    op.create_table(
        "incoming",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("raw_sha256", sa.CHAR(length=64), nullable=False),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("from_mailbox", sa.Text(), nullable=False),
        sa.Column("from_code", sa.Text(), nullable=False),
        sa.Column("from_name", sa.Text(), nullable=False),
        sa.Column("dispatch_id", sa.Uuid(), nullable=True),
        sa.Column("letter_ref", sa.Uuid(), nullable=True),
        sa.Column("manifest_sha256", sa.Text(), nullable=False),
        sa.Column("mic", sa.Text(), nullable=False),
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("number_date", sa.Date(), nullable=True),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("addressed_to", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("urgency", sa.Text(), nullable=False),
        sa.Column("secrecy", sa.Text(), nullable=False),
        sa.Column("ordinary", sa.Boolean(), nullable=False),
        sa.Column("details", sa.Text(), nullable=False),
        sa.Column("findings", sa.Text(), nullable=False),
        sa.Column("seal", sa.Text(), nullable=True),
        sa.Column("outer", sa.Text(), nullable=True),
        sa.Column("answered_invalid", sa.Boolean(), nullable=False),
        sa.Column("register_number", sa.Integer(), nullable=True),
        sa.Column("register_year", sa.Integer(), nullable=True),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("registered_by", sa.Text(), nullable=False),
        sa.Column("refused_code", sa.Text(), nullable=False),
        sa.Column("refused_text", sa.Text(), nullable=False),
        sa.Column("copies", sa.Integer(), nullable=False),
        sa.Column("accepted_key", sa.Text(), nullable=True),
        sa.Column("about", sa.Uuid(), nullable=True),
        sa.Column("recall_asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("recall_reason", sa.Text(), nullable=False),
        sa.Column("recall_answer", sa.Text(), nullable=False),
        sa.Column("recall_words", sa.Text(), nullable=False),
        sa.Column("forward_id", sa.Uuid(), nullable=True),
        sa.Column("forward_code", sa.Text(), nullable=False),
        sa.Column("forward_name", sa.Text(), nullable=False),
        sa.Column("replaces", sa.Uuid(), nullable=True),
        sa.Column("replaced_by", sa.Uuid(), nullable=True),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("completed_by", sa.Text(), nullable=False),
        sa.Column("answers", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["about"], ["incoming.id"], name=op.f("fk_incoming_about")),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name=op.f("fk_incoming_agency_id")),
        sa.ForeignKeyConstraint(["replaced_by"], ["incoming.id"], name=op.f("fk_incoming_replaced_by")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_incoming_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incoming")),
        sa.UniqueConstraint("agency_id", "accepted_key", name=op.f("uq_incoming_agency_id_accepted_key")),
    )
    with op.batch_alter_table("incoming", schema=None) as batch_op:
        batch_op.create_index(
            "ix_incoming_agency_id_completed_at_unit_id",
            ["agency_id", "completed_at", "unit_id"],
            unique=False,
        )
        batch_op.create_index("ix_incoming_agency_id_dispatch_id", ["agency_id", "dispatch_id"], unique=False)
        batch_op.create_index("ix_incoming_agency_id_from_code", ["agency_id", "from_code"], unique=False)
        batch_op.create_index(
            "ix_incoming_agency_id_received_at_unit_id",
            ["agency_id", "received_at", "unit_id"],
            unique=False,
        )
        batch_op.create_index("ix_incoming_agency_id_replaces", ["agency_id", "replaces"], unique=False)
        batch_op.create_index("ix_incoming_answers", ["answers"], unique=False)
        batch_op.create_index(
            "ix_incoming_asked_back",
            ["agency_id"],
            unique=False,
            sqlite_where=sa.text("recall_asked_at IS NOT NULL AND recall_answer = ''"),
            postgresql_where=sa.text("recall_asked_at IS NOT NULL AND recall_answer = ''"),
        )
        batch_op.create_index(
            "ix_incoming_classified",
            ["agency_id", "received_at"],
            unique=False,
            sqlite_where=sa.text("secrecy <> 'open'"),
            postgresql_where=sa.text("secrecy <> 'open'"),
        )
        batch_op.create_index(
            "ix_incoming_agency_id_state_received_at", ["agency_id", "state", "received_at"], unique=False
        )

    op.create_table(
        "recalls",
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("from_code", sa.Text(), nullable=False),
        sa.Column("dispatch_id", sa.Uuid(), nullable=False),
        sa.Column("manifest_sha256", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("raw", sa.CHAR(length=64), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name=op.f("fk_recalls_agency_id")),
        sa.PrimaryKeyConstraint("agency_id", "from_code", "dispatch_id", "manifest_sha256", name=op.f("pk_recalls")),
    )
    op.create_table(
        "letters",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("drafter_id", sa.Uuid(), nullable=False),
        sa.Column("drafter_name", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("addressed_to", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("recipients", sa.Text(), nullable=False),
        sa.Column("groups", sa.Text(), nullable=False),
        sa.Column("references", sa.Text(), nullable=False),
        sa.Column("urgency", sa.Text(), nullable=False),
        sa.Column("secrecy", sa.Text(), nullable=False),
        sa.Column("contact", sa.Text(), nullable=False),
        sa.Column("response_due", sa.Date(), nullable=True),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("closing", sa.Text(), nullable=False),
        sa.Column("circular", sa.Boolean(), nullable=False),
        sa.Column("details", sa.Text(), nullable=False),
        sa.Column("ready", sa.Text(), nullable=True),
        sa.Column("enclosures", sa.Text(), nullable=False),
        sa.Column("photo", sa.CHAR(length=64), nullable=True),
        sa.Column("digits", sa.Text(), nullable=True),
        sa.Column("cosigners", sa.Text(), nullable=False),
        sa.Column("part_signed", sa.Text(), nullable=True),
        sa.Column("typist", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=True),
        sa.Column("number_date", sa.Date(), nullable=True),
        sa.Column("signatory", sa.Text(), nullable=True),
        sa.Column("endorsements", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("forwards", sa.Uuid(), nullable=True),
        sa.Column("own_course", sa.Text(), nullable=True),
        sa.Column("pages", sa.Integer(), nullable=True),
        sa.Column("replaced_by", sa.Uuid(), nullable=True),
        sa.Column("replaced_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name=op.f("fk_letters_agency_id")),
        sa.ForeignKeyConstraint(["drafter_id"], ["people.id"], name=op.f("fk_letters_drafter_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_letters_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letters")),
    )
    with op.batch_alter_table("letters", schema=None) as batch_op:
        batch_op.create_index(
            "ix_letters_agency_id_state_updated_at", ["agency_id", "state", "updated_at"], unique=False
        )
        batch_op.create_index("ix_letters_agency_id_updated_at", ["agency_id", "updated_at"], unique=False)
        batch_op.create_index(
            "ix_letters_classified",
            ["agency_id", "created_at"],
            unique=False,
            sqlite_where=sa.text("secrecy <> 'open'"),
            postgresql_where=sa.text("secrecy <> 'open'"),
        )
        batch_op.create_index("ix_letters_drafter_id_created_at", ["drafter_id", "created_at"], unique=False)
        batch_op.create_index(
            "ix_letters_issued",
            ["agency_id", "issued_at", "unit_id", "drafter_id"],
            unique=False,
            sqlite_where=sa.text("issued_at IS NOT NULL"),
            postgresql_where=sa.text("issued_at IS NOT NULL"),
        )
        batch_op.create_index(
            "ix_letters_waits_to_go",
            ["agency_id", "state", "unit_id", "drafter_id", "updated_at"],
            unique=False,
            sqlite_where=sa.text("state = 'issued' AND recipients <> '[]'"),
            postgresql_where=sa.text("state = 'issued' AND recipients <> '[]'"),
        )

    op.create_table(
        "templates",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.Text(), nullable=False),
        sa.Column("picture", sa.CHAR(length=64), nullable=True),
        sa.Column("picture_of", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name=op.f("fk_templates_agency_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_templates_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_templates")),
    )
    with op.batch_alter_table("templates", schema=None) as batch_op:
        batch_op.create_index("ix_templates_agency_id", ["agency_id"], unique=False)

    op.create_table(
        "template_editions",
        sa.Column("template_id", sa.Uuid(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["template_id"], ["templates.id"], name=op.f("fk_template_editions_template_id")),
        sa.PrimaryKeyConstraint("template_id", "edition", name=op.f("pk_template_editions")),
    )
    op.create_table(
        "template_marks",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("template_id", sa.Uuid(), nullable=False),
        sa.Column("favourite", sa.Boolean(), nullable=False),
        sa.Column("uses", sa.Integer(), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_template_marks_person_id")),
        sa.ForeignKeyConstraint(["template_id"], ["templates.id"], name=op.f("fk_template_marks_template_id")),
        sa.PrimaryKeyConstraint("person_id", "template_id", name=op.f("pk_template_marks")),
    )
    with op.batch_alter_table("template_marks", schema=None) as batch_op:
        batch_op.create_index("ix_template_marks_template_id", ["template_id"], unique=False)

    op.create_table(
        "positions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("clearance", sa.Boolean(), nullable=False),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name=op.f("fk_positions_agency_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_positions")),
    )
    with op.batch_alter_table("positions", schema=None) as batch_op:
        batch_op.create_index("ix_positions_agency_id_role", ["agency_id", "role"], unique=False)

    op.create_table(
        "position_periods",
        sa.Column("position_id", sa.Uuid(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("authority", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["position_id"], ["positions.id"], name=op.f("fk_position_periods_position_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_position_periods_unit_id")),
        sa.PrimaryKeyConstraint("position_id", "since", name=op.f("pk_position_periods")),
    )
    with op.batch_alter_table("position_periods", schema=None) as batch_op:
        batch_op.create_index("ix_position_periods_unit_id", ["unit_id"], unique=False)

    op.create_table(
        "saved_views",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("screen", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("is_default", sa.Boolean(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_saved_views_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_views")),
        sa.UniqueConstraint("person_id", "screen", "name", name=op.f("uq_saved_views_person_id_screen_name")),
    )
    op.create_table(
        "certified_copies",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("letter_id", sa.Uuid(), nullable=False),
        sa.Column("original", sa.CHAR(length=64), nullable=True),
        sa.Column("sha256", sa.CHAR(length=64), nullable=True),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("person_name", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("spares_citizen", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name=op.f("fk_certified_copies_agency_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_certified_copies_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certified_copies")),
    )
    with op.batch_alter_table("certified_copies", schema=None) as batch_op:
        batch_op.create_index("ix_certified_copies_agency_id_letter_id", ["agency_id", "letter_id"], unique=False)

    op.create_table(
        "verification_codes",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("typed", sa.Text(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name=op.f("fk_verification_codes_agency_id")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_verification_codes")),
        sa.UniqueConstraint("kind", "subject_id", name=op.f("uq_verification_codes_kind_subject_id")),
        sa.UniqueConstraint("typed", name=op.f("uq_verification_codes_typed")),
    )
    op.create_table(
        "verification_scans",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["code"], ["verification_codes.code"], name=op.f("fk_verification_scans_code")),
        sa.PrimaryKeyConstraint("code", "day", name=op.f("pk_verification_scans")),
    )
    op.create_table(
        "tokens",
        sa.Column("sha256", sa.CHAR(length=64), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_tokens_person_id")),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_tokens")),
    )
    op.create_table(
        "duties",
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("duty", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("person_name", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("mailbox_read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent", sa.Integer(), nullable=False),
        sa.Column("answered", sa.Integer(), nullable=False),
        sa.Column("trouble", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name=op.f("fk_duties_agency_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_duties_person_id")),
        sa.PrimaryKeyConstraint("agency_id", "day", "duty", "person_id", name=op.f("pk_duties")),
    )
    op.create_table(
        "day_changes",
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("off", sa.Boolean(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name=op.f("fk_day_changes_agency_id")),
        sa.PrimaryKeyConstraint("agency_id", "day", name=op.f("pk_day_changes")),
    )
    op.create_table(
        "deadline_days",
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name=op.f("fk_deadline_days_agency_id")),
        sa.PrimaryKeyConstraint("agency_id", "day", name=op.f("pk_deadline_days")),
    )
    op.create_table(
        "notices",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("about_id", sa.Uuid(), nullable=False),
        sa.Column("occasion", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told", sa.Text(), nullable=False),
        sa.Column("pressing", sa.Boolean(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("mailed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name=op.f("fk_notices_agency_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_notices_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
        sa.UniqueConstraint(
            *("person_id", "kind", "about_id", "occasion"),
            name=op.f("uq_notices_person_id_kind_about_id_occasion"),
        ),
    )
    with op.batch_alter_table("notices", schema=None) as batch_op:
        batch_op.create_index("ix_notices_person_id_at_id", ["person_id", "at", "id"], unique=False)
        for name, column in (("ix_notices_unread", "person_id"), ("ix_notices_unread_about", "about_id")):
            batch_op.create_index(
                name,
                [column],
                unique=False,
                sqlite_where=sa.text("read_at IS NULL"),
                postgresql_where=sa.text("read_at IS NULL"),
            )

    op.create_table(
        "digest_days",
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name=op.f("fk_digest_days_agency_id")),
        sa.PrimaryKeyConstraint("agency_id", "day", name=op.f("pk_digest_days")),
    )
    op.create_table(
        "notice_mails",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("occasion", sa.Text(), nullable=False),
        sa.Column("notice_id", sa.Uuid(), nullable=True),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("give_up_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reply", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name=op.f("fk_notice_mails_agency_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_notice_mails_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_mails")),
        sa.UniqueConstraint("person_id", "kind", "occasion", name=op.f("uq_notice_mails_person_id_kind_occasion")),
    )
    with op.batch_alter_table("notice_mails", schema=None) as batch_op:
        batch_op.create_index(
            "ix_notice_mails_due",
            ["next_at"],
            unique=False,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )

    op.create_table(
        "calendar_feeds",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("sha256", sa.CHAR(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_calendar_feeds_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_calendar_feeds")),
        sa.UniqueConstraint("sha256", name=op.f("uq_calendar_feeds_sha256")),
    )
    op.create_table(
        "problem_notes",
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("about", sa.Uuid(), nullable=True),
        sa.Column("owner_id", sa.Uuid(), nullable=True),
        sa.Column("owner_name", sa.Text(), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("put_off_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("put_off_reason", sa.Text(), nullable=False),
        sa.Column("put_off_by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name=op.f("fk_problem_notes_agency_id")),
        sa.ForeignKeyConstraint(["owner_id"], ["people.id"], name=op.f("fk_problem_notes_owner_id")),
        sa.PrimaryKeyConstraint("agency_id", "key", name=op.f("pk_problem_notes")),
    )
    with op.batch_alter_table("problem_notes", schema=None) as batch_op:
        batch_op.create_index("ix_problem_notes_about", ["about"], unique=False)

    op.create_table(
        "letter_references",
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("number_key", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("sender", sa.Text(), nullable=False),
        sa.Column("mentioned", sa.Boolean(), nullable=False),
        sa.Column("thing_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name=op.f("fk_letter_references_agency_id")),
        sa.PrimaryKeyConstraint("owner_id", "ordinal", name=op.f("pk_letter_references")),
    )
    with op.batch_alter_table("letter_references", schema=None) as batch_op:
        batch_op.create_index("ix_letter_references_number_key", ["agency_id", "number_key"], unique=False)
        batch_op.create_index("ix_letter_references_thing_id", ["thing_id"], unique=False)

    op.create_table(
        "matter_ties",
        sa.Column("one", sa.Uuid(), nullable=False),
        sa.Column("other", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("joined", sa.Boolean(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name=op.f("fk_matter_ties_agency_id")),
        sa.PrimaryKeyConstraint("one", "other", name=op.f("pk_matter_ties")),
    )
    with op.batch_alter_table("matter_ties", schema=None) as batch_op:
        batch_op.create_index("ix_matter_ties_other", ["other"], unique=False)

    op.create_table(
        "reading_days",
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("lines", sa.Integer(), nullable=False),
        sa.Column("root", sa.CHAR(length=64), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name=op.f("fk_reading_days_agency_id")),
        sa.PrimaryKeyConstraint("agency_id", "day", name=op.f("pk_reading_days")),
    )
    op.create_table(
        "readings",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=True),
        sa.Column("central", sa.Boolean(), nullable=False),
        sa.Column("deed", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("owner_unit_id", sa.Uuid(), nullable=True),
        sa.Column("marks", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name=op.f("fk_readings_agency_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_readings")),
    )
    with op.batch_alter_table("readings", schema=None) as batch_op:
        batch_op.create_index("ix_readings_agency_id_at", ["agency_id", "at"], unique=False)
        batch_op.create_index("ix_readings_agency_id_day", ["agency_id", "day"], unique=False)
        batch_op.create_index("ix_readings_owner_unit_id_at", ["owner_unit_id", "at"], unique=False)
        batch_op.create_index("ix_readings_person_id_at", ["person_id", "at"], unique=False)
        batch_op.create_index("ix_readings_subject_id", ["subject_id"], unique=False)

    op.create_table(
        "receiver_groups",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("members", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name=op.f("fk_receiver_groups_agency_id")),
        sa.ForeignKeyConstraint(["owner_id"], ["people.id"], name=op.f("fk_receiver_groups_owner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_receiver_groups")),
    )
    with op.batch_alter_table("receiver_groups", schema=None) as batch_op:
        batch_op.create_index("ix_receiver_groups_agency_id", ["agency_id"], unique=False)

    op.create_table(
        "delegations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("position_id", sa.Uuid(), nullable=False),
        sa.Column("capacity", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("to_position_id", sa.Uuid(), nullable=True),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("forms", sa.Text(), nullable=False),
        sa.Column("units", sa.Text(), nullable=False),
        sa.Column("ceiling", sa.Text(), nullable=False),
        sa.Column("incoming", sa.Boolean(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("dated", sa.Date(), nullable=False),
        sa.Column("file", sa.CHAR(length=64), nullable=True),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entered_by", sa.Text(), nullable=False),
        sa.Column("may_hand_on", sa.Boolean(), nullable=False),
        sa.Column("under", sa.Uuid(), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_by", sa.Text(), nullable=False),
        sa.Column("revoke_reason", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name=op.f("fk_delegations_agency_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_delegations_person_id")),
        sa.ForeignKeyConstraint(["position_id"], ["positions.id"], name=op.f("fk_delegations_position_id")),
        sa.ForeignKeyConstraint(["to_position_id"], ["positions.id"], name=op.f("fk_delegations_to_position_id")),
        sa.ForeignKeyConstraint(["under"], ["delegations.id"], name=op.f("fk_delegations_under")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delegations")),
    )
    with op.batch_alter_table("delegations", schema=None) as batch_op:
        batch_op.create_index("ix_delegations_agency_id_since", ["agency_id", "since"], unique=False)
        batch_op.create_index("ix_delegations_person_id", ["person_id"], unique=False)
        batch_op.create_index("ix_delegations_position_id", ["position_id"], unique=False)
        batch_op.create_index("ix_delegations_to_position_id", ["to_position_id"], unique=False)

    op.create_table(
        "outsiders",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("mailbox", sa.Text(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added_by", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name=op.f("fk_outsiders_agency_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outsiders")),
        sa.UniqueConstraint("agency_id", "mailbox", name=op.f("uq_outsiders_agency_id_mailbox")),
    )
    op.create_table(
        "letter_versions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("letter_id", sa.Uuid(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("saving", sa.Text(), nullable=False),
        sa.Column("digest", sa.CHAR(length=64), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("person_name", sa.Text(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("source", sa.CHAR(length=64), nullable=True),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name=op.f("fk_letter_versions_agency_id")),
        sa.ForeignKeyConstraint(["letter_id"], ["letters.id"], name=op.f("fk_letter_versions_letter_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_letter_versions_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter_versions")),
        sa.UniqueConstraint("letter_id", "ordinal", name=op.f("uq_letter_versions_letter_id_ordinal")),
    )
    op.create_table(
        "dispatches",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("letter_id", sa.Uuid(), nullable=False),
        sa.Column("to_code", sa.Text(), nullable=False),
        sa.Column("to_name", sa.Text(), nullable=False),
        sa.Column("to_mailbox", sa.Text(), nullable=False),
        sa.Column("speaks_saraban", sa.Boolean(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("manifest_sha256", sa.Text(), nullable=False),
        sa.Column("composed", sa.Boolean(), nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("failure", sa.Text(), nullable=False),
        sa.Column("resends", sa.Integer(), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("register_number", sa.Text(), nullable=False),
        sa.Column("register_year", sa.Integer(), nullable=True),
        sa.Column("number_disputed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("proved_by", sa.Text(), nullable=True),
        sa.Column("link", sa.CHAR(length=64), nullable=True),
        sa.Column("warn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("recall_asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("recall_answer", sa.Text(), nullable=False),
        sa.Column("replaces", sa.Uuid(), nullable=True),
        sa.Column("reminders", sa.Integer(), nullable=False),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_for", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name=op.f("fk_dispatches_agency_id")),
        sa.ForeignKeyConstraint(["letter_id"], ["letters.id"], name=op.f("fk_dispatches_letter_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dispatches")),
        sa.UniqueConstraint("link", name=op.f("uq_dispatches_link")),
    )
    with op.batch_alter_table("dispatches", schema=None) as batch_op:
        batch_op.create_index("ix_dispatches_created_at", ["created_at", "agency_id"], unique=False)
        batch_op.create_index("ix_dispatches_to_code", ["to_code", "agency_id"], unique=False)
        batch_op.create_index("ix_dispatches_letter_id", ["letter_id"], unique=False)
        batch_op.create_index("ix_dispatches_state_expires_at", ["state", "expires_at"], unique=False)
        batch_op.create_index("ix_dispatches_state_warn_at", ["state", "warn_at"], unique=False)
        batch_op.create_index("ix_dispatches_to_mailbox", ["to_mailbox"], unique=False)
        batch_op.create_index(
            "ix_dispatches_asked_back",
            ["letter_id"],
            unique=False,
            sqlite_where=sa.text("recall_asked_at IS NOT NULL"),
            postgresql_where=sa.text("recall_asked_at IS NOT NULL"),
        )
        batch_op.create_index(
            "ix_dispatches_replaces",
            ["replaces"],
            unique=False,
            sqlite_where=sa.text("replaces IS NOT NULL"),
            postgresql_where=sa.text("replaces IS NOT NULL"),
        )
        batch_op.create_index(
            "ix_dispatches_trouble",
            ["agency_id"],
            unique=False,
            sqlite_where=sa.text(
                "closed_for = '' AND (state IN ('invalid', 'undelivered', 'refused') OR problem <> '' OR failure <> '')"
            ),
            postgresql_where=sa.text(
                "closed_for = '' AND (state IN ('invalid', 'undelivered', 'refused') OR problem <> '' OR failure <> '')"
            ),
        )
        batch_op.create_index(
            "ix_dispatches_waiting",
            ["created_at"],
            unique=False,
            sqlite_where=sa.text("composed = 0"),
            postgresql_where=sa.text("NOT composed"),
        )

    op.create_table(
        "entries",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("book_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("subject_of", sa.Uuid(), nullable=True),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("letter_date", sa.Date(), nullable=True),
        sa.Column("sender", sa.Text(), nullable=False),
        sa.Column("addressee", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("practice", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("urgency", sa.Text(), nullable=False),
        sa.Column("secrecy", sa.Text(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entered_by", sa.Text(), nullable=False),
        sa.Column("void_reason", sa.Text(), nullable=False),
        sa.Column("void_authority", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("corrected", sa.Integer(), nullable=False),
        sa.Column("number_key", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["book_id"], ["books.id"], name=op.f("fk_entries_book_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entries")),
        sa.UniqueConstraint("book_id", "serial", name=op.f("uq_entries_book_id_serial")),
    )
    with op.batch_alter_table("entries", schema=None) as batch_op:
        for name, columns, condition in _OF_FEW_LINES:
            batch_op.create_index(
                name, columns, unique=False, sqlite_where=sa.text(condition), postgresql_where=sa.text(condition)
            )
        batch_op.create_index("ix_entries_at", ["book_id", "at", "serial"], unique=False)
        batch_op.create_index("ix_entries_number_key", ["agency_id", "number_key"], unique=False)
        batch_op.create_index("ix_entries_letter_date", ["agency_id", "letter_date", "book_id", "serial"], unique=False)
        batch_op.create_index(
            "ix_entries_reserved",
            ["at"],
            unique=False,
            sqlite_where=sa.text("state = 'reserved'"),
            postgresql_where=sa.text("state = 'reserved'"),
        )
        batch_op.create_index("ix_entries_subject_of", ["subject_of"], unique=False)
    _index_words()
    _tasks()
    _circulations()

    op.create_table(
        "clearances",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("authority", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_clearances_person_id")),
        sa.PrimaryKeyConstraint("person_id", "since", name=op.f("pk_clearances")),
    )
    op.create_table(
        "holdings",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("position_id", sa.Uuid(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("authority", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_holdings_person_id")),
        sa.ForeignKeyConstraint(["position_id"], ["positions.id"], name=op.f("fk_holdings_position_id")),
        sa.PrimaryKeyConstraint("person_id", "position_id", "since", name=op.f("pk_holdings")),
    )
    with op.batch_alter_table("holdings", schema=None) as batch_op:
        batch_op.create_index("ix_holdings_position_id", ["position_id"], unique=False)

    op.create_table(
        "route_steps",
        sa.Column("letter_id", sa.Uuid(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("position_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("unit_name", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("person_name", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("stage", sa.Integer(), nullable=False),
        sa.Column("need", sa.Integer(), nullable=False),
        sa.Column("required", sa.Boolean(), nullable=False),
        sa.Column("edits", sa.Boolean(), nullable=False),
        sa.Column("content", sa.CHAR(length=64), nullable=True),
        sa.Column("earlier", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["letter_id"], ["letters.id"], name=op.f("fk_route_steps_letter_id")),
        sa.ForeignKeyConstraint(["position_id"], ["positions.id"], name=op.f("fk_route_steps_position_id")),
        sa.PrimaryKeyConstraint("letter_id", "ordinal", name=op.f("pk_route_steps")),
    )
    with op.batch_alter_table("route_steps", schema=None) as batch_op:
        batch_op.create_index(
            "ix_route_steps_done",
            ["agency_id", "at", "state", "kind", "position_id", "person_id"],
            unique=False,
            sqlite_where=sa.text("at IS NOT NULL"),
            postgresql_where=sa.text("at IS NOT NULL"),
        )
        batch_op.create_index("ix_route_steps_position_id_letter_id", ["position_id", "letter_id"], unique=False)

    op.create_table(
        "turns",
        sa.Column("letter_id", sa.Uuid(), nullable=False),
        sa.Column("position_id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("haste", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["letter_id"], ["letters.id"], name=op.f("fk_turns_letter_id")),
        sa.ForeignKeyConstraint(["position_id"], ["positions.id"], name=op.f("fk_turns_position_id")),
        sa.PrimaryKeyConstraint("letter_id", "position_id", name=op.f("pk_turns")),
    )
    with op.batch_alter_table("turns", schema=None) as batch_op:
        batch_op.create_index(
            "ix_turns_pile",
            ["position_id", "haste", "since", "letter_id", "kind", "agency_id"],
            unique=False,
        )

    op.create_table(
        "batches",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("position_id", sa.Uuid(), nullable=False),
        sa.Column("deed", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("runner", sa.Uuid(), nullable=True),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name=op.f("fk_batches_agency_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_batches_person_id")),
        sa.ForeignKeyConstraint(["position_id"], ["positions.id"], name=op.f("fk_batches_position_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batches")),
    )
    with op.batch_alter_table("batches", schema=None) as batch_op:
        batch_op.create_index("ix_batches_person_id_made_at", ["person_id", "made_at"], unique=False)

    op.create_table(
        "batch_lines",
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("letter_id", sa.Uuid(), nullable=False),
        sa.Column("seen_version", sa.Integer(), nullable=False),
        sa.Column("content", sa.CHAR(length=64), nullable=False),
        sa.Column("page", sa.CHAR(length=64), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["batch_id"], ["batches.id"], name=op.f("fk_batch_lines_batch_id")),
        sa.ForeignKeyConstraint(["letter_id"], ["letters.id"], name=op.f("fk_batch_lines_letter_id")),
        sa.PrimaryKeyConstraint("batch_id", "ordinal", name=op.f("pk_batch_lines")),
    )
    op.create_table(
        "own_phrases",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("phrases", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_own_phrases_person_id")),
        sa.PrimaryKeyConstraint("person_id", "kind", name=op.f("pk_own_phrases")),
    )
    op.create_table(
        "entry_corrections",
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("old", sa.Text(), nullable=False),
        sa.Column("new", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("authority", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["entries.id"], name=op.f("fk_entry_corrections_entry_id")),
        sa.PrimaryKeyConstraint("entry_id", "ordinal", name=op.f("pk_entry_corrections")),
    )
    op.create_table(
        "evidence",
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("dispatch_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("counts", sa.Boolean(), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=True),
        sa.Column("statement", sa.Text(), nullable=True),
        sa.Column("raw", sa.CHAR(length=64), nullable=True),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name=op.f("fk_evidence_agency_id")),
        sa.ForeignKeyConstraint(["dispatch_id"], ["dispatches.id"], name=op.f("fk_evidence_dispatch_id")),
        sa.PrimaryKeyConstraint("agency_id", "dispatch_id", "id", name=op.f("pk_evidence")),
    )
    with op.batch_alter_table("evidence", schema=None) as batch_op:
        batch_op.create_index("ix_evidence_dispatch_id", ["dispatch_id"], unique=False)

    op.create_table(
        "stamp_places",
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("left_mm", sa.Float(), nullable=False),
        sa.Column("top_mm", sa.Float(), nullable=False),
        sa.Column("sealed", sa.CHAR(length=64), nullable=True),
        sa.ForeignKeyConstraint(["entry_id"], ["entries.id"], name=op.f("fk_stamp_places_entry_id")),
        sa.PrimaryKeyConstraint("entry_id", name=op.f("pk_stamp_places")),
    )
    _archive()
    _lookups()
    _issued()
    _issued_runs()
    _petitions()
    _meetings()
    _held_files()
    _late_stamps()
    _finding()
    _progress()
    _backups()


def _backups() -> None:
    """What was done with backups of the whole installation."""
    op.create_table(
        "backup_traces",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("deed", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("backup", sa.Text(), nullable=False),
        sa.Column("files", sa.Integer(), nullable=False),
        sa.Column("octets", sa.BigInteger(), nullable=False),
        sa.Column("faulty", sa.Integer(), nullable=False),
        sa.Column("keys", sa.Boolean(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_backup_traces")),
    )
    with op.batch_alter_table("backup_traces", schema=None) as batch_op:
        batch_op.create_index("ix_backup_traces_at", ["at"], unique=False)
    _store()


def _store() -> None:
    """The store of files: since when nothing names a file, and what was found."""
    op.create_table(
        "unnamed_files",
        sa.Column("sha256", sa.CHAR(length=64), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("going", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_unnamed_files")),
    )
    op.create_table(
        "store_sweeps",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("files", sa.Integer(), nullable=False),
        sa.Column("octets", sa.BigInteger(), nullable=False),
        sa.Column("unnamed", sa.Integer(), nullable=False),
        sa.Column("unnamed_octets", sa.BigInteger(), nullable=False),
        sa.Column("ripe", sa.Integer(), nullable=False),
        sa.Column("ripe_octets", sa.BigInteger(), nullable=False),
        sa.Column("removed", sa.Integer(), nullable=False),
        sa.Column("removed_octets", sa.BigInteger(), nullable=False),
        sa.Column("stuck", sa.Integer(), nullable=False),
        sa.Column("missing", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_store_sweeps")),
    )
    with op.batch_alter_table("store_sweeps", schema=None) as batch_op:
        batch_op.create_index("ix_store_sweeps_at", ["at"], unique=False)


def _lookups() -> None:
    """Questions about documents to their issuers."""
    op.create_table(
        "document_lookups",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("other_code", sa.Text(), nullable=False),
        sa.Column("other_name", sa.Text(), nullable=False),
        sa.Column("ours", sa.Boolean(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("asked_by", sa.Text(), nullable=False),
        sa.Column("asked_for", sa.Text(), nullable=False),
        sa.Column("document_kind", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("holder_id", sa.Text(), nullable=False),
        sa.Column("want", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("legal_basis", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("request", sa.Text(), nullable=False),
        sa.Column("request_sha256", sa.CHAR(length=64), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=True),
        sa.Column("asker_id", sa.Uuid(), nullable=True),
        sa.Column("kind_id", sa.Uuid(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("answered_by", sa.Text(), nullable=False),
        sa.Column("keep_until", sa.Date(), nullable=True),
        sa.Column("files", sa.Text(), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=True),
        sa.Column("repeats", sa.Text(), nullable=False),
        sa.Column("owes", sa.Text(), nullable=False),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("raw", sa.CHAR(length=64), nullable=True),
        sa.Column("forgotten_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name=op.f("fk_document_lookups_agency_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_document_lookups_unit_id")),
        sa.ForeignKeyConstraint(["asker_id"], ["people.id"], name=op.f("fk_document_lookups_asker_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document_lookups")),
        sa.UniqueConstraint(
            "agency_id",
            "ours",
            "other_code",
            "request_id",
            name=op.f("uq_document_lookups_agency_id_ours_other_code_request_id"),
        ),
    )
    with op.batch_alter_table("document_lookups", schema=None) as batch_op:
        batch_op.create_index("ix_document_lookups_agency_id_asked_at", ["agency_id", "ours", "asked_at"], unique=False)
        batch_op.create_index("ix_document_lookups_keep_until", ["keep_until"], unique=False)


def downgrade() -> None:
    """Take it back."""
    op.drop_table("backup_traces")
    op.drop_table("store_sweeps")
    op.drop_table("unnamed_files")
    for name in ("channels", "publications", "deferrals"):
        op.drop_table(name)
    op.drop_table("document_lookups")
    _without_finding()
    for name in (*_OF_THE_RUNS, *_OF_THE_ISSUED):
        op.drop_table(name)
    op.drop_table("late_stamps")
    op.drop_table("held_files")
    op.drop_table("petitions")
    for name in (*_OF_MEETINGS, *_OF_THE_ARCHIVE):
        op.drop_table(name)
    for name in ("read_marks", "sightings", "reader_groups", "readers", "circulations"):
        op.drop_table(name)
    _without_tasks()
    op.drop_table("template_marks")
    op.drop_table("template_editions")
    op.drop_table("templates")
    with op.batch_alter_table("mail_accounts", schema=None) as batch_op:
        batch_op.drop_index("ix_mail_accounts_agency_id")

    op.drop_table("mail_accounts")
    op.drop_table("fill_levels")
    op.drop_table("stamp_places")
    with op.batch_alter_table("evidence", schema=None) as batch_op:
        batch_op.drop_index("ix_evidence_dispatch_id")

    op.drop_table("evidence")
    op.drop_table("entry_corrections")
    op.drop_table("own_phrases")
    op.drop_table("batch_lines")
    with op.batch_alter_table("batches", schema=None) as batch_op:
        batch_op.drop_index("ix_batches_person_id_made_at")

    op.drop_table("batches")
    with op.batch_alter_table("turns", schema=None) as batch_op:
        batch_op.drop_index("ix_turns_pile")

    op.drop_table("turns")
    with op.batch_alter_table("route_steps", schema=None) as batch_op:
        batch_op.drop_index("ix_route_steps_position_id_letter_id")
        batch_op.drop_index(
            "ix_route_steps_done",
            sqlite_where=sa.text("at IS NOT NULL"),
            postgresql_where=sa.text("at IS NOT NULL"),
        )

    op.drop_table("route_steps")
    with op.batch_alter_table("holdings", schema=None) as batch_op:
        batch_op.drop_index("ix_holdings_position_id")

    op.drop_table("holdings")
    op.drop_table("clearances")
    with op.batch_alter_table("entries", schema=None) as batch_op:
        batch_op.drop_index("ix_entries_subject_of")
        batch_op.drop_index(
            "ix_entries_reserved",
            sqlite_where=sa.text("state = 'reserved'"),
            postgresql_where=sa.text("state = 'reserved'"),
        )
        batch_op.drop_index("ix_entries_letter_date")
        batch_op.drop_index("ix_entries_number_key")
        batch_op.drop_index("ix_entries_at")
        for name, _columns, condition in _OF_FEW_LINES:
            batch_op.drop_index(name, sqlite_where=sa.text(condition), postgresql_where=sa.text(condition))

    if op.get_context().dialect.name == "sqlite":
        op.execute("DROP TABLE entries_fts")
    else:
        op.drop_index("ix_entries_search_text_trgm", table_name="entries", if_exists=True)
    op.drop_table("entries")
    with op.batch_alter_table("dispatches", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_dispatches_waiting", sqlite_where=sa.text("composed = 0"), postgresql_where=sa.text("NOT composed")
        )
        batch_op.drop_index(
            "ix_dispatches_trouble",
            sqlite_where=sa.text(
                "closed_for = '' AND (state IN ('invalid', 'undelivered', 'refused') OR problem <> '' OR failure <> '')"
            ),
            postgresql_where=sa.text(
                "closed_for = '' AND (state IN ('invalid', 'undelivered', 'refused') OR problem <> '' OR failure <> '')"
            ),
        )
        batch_op.drop_index(
            "ix_dispatches_asked_back",
            sqlite_where=sa.text("recall_asked_at IS NOT NULL"),
            postgresql_where=sa.text("recall_asked_at IS NOT NULL"),
        )
        batch_op.drop_index(
            "ix_dispatches_replaces",
            sqlite_where=sa.text("replaces IS NOT NULL"),
            postgresql_where=sa.text("replaces IS NOT NULL"),
        )
        batch_op.drop_index("ix_dispatches_state_warn_at")
        batch_op.drop_index("ix_dispatches_state_expires_at")
        batch_op.drop_index("ix_dispatches_letter_id")
        batch_op.drop_index("ix_dispatches_to_mailbox")
        batch_op.drop_index("ix_dispatches_to_code")
        batch_op.drop_index("ix_dispatches_created_at")

    op.drop_table("dispatches")
    with op.batch_alter_table("delegations", schema=None) as batch_op:
        batch_op.drop_index("ix_delegations_to_position_id")
        batch_op.drop_index("ix_delegations_position_id")
        batch_op.drop_index("ix_delegations_person_id")
        batch_op.drop_index("ix_delegations_agency_id_since")

    op.drop_table("delegations")
    op.drop_table("outsiders")
    op.drop_table("receiver_groups")
    op.drop_table("letter_versions")
    with op.batch_alter_table("problem_notes", schema=None) as batch_op:
        batch_op.drop_index("ix_problem_notes_about")

    op.drop_table("problem_notes")
    op.drop_table("letter_references")
    op.drop_table("matter_ties")
    op.drop_table("readings")
    op.drop_table("reading_days")
    op.drop_table("calendar_feeds")
    with op.batch_alter_table("notice_mails", schema=None) as batch_op:
        batch_op.drop_index("ix_notice_mails_due")

    op.drop_table("notice_mails")
    op.drop_table("digest_days")
    with op.batch_alter_table("notices", schema=None) as batch_op:
        batch_op.drop_index("ix_notices_unread_about")
        batch_op.drop_index("ix_notices_unread")
        batch_op.drop_index("ix_notices_person_id_at_id")

    op.drop_table("notices")
    op.drop_table("deadline_days")
    op.drop_table("day_changes")
    op.drop_table("duties")
    op.drop_table("tokens")
    op.drop_table("verification_scans")
    op.drop_table("verification_codes")
    with op.batch_alter_table("certified_copies", schema=None) as batch_op:
        batch_op.drop_index("ix_certified_copies_agency_id_letter_id")

    op.drop_table("certified_copies")
    op.drop_table("saved_views")
    with op.batch_alter_table("position_periods", schema=None) as batch_op:
        batch_op.drop_index("ix_position_periods_unit_id")

    op.drop_table("position_periods")
    with op.batch_alter_table("positions", schema=None) as batch_op:
        batch_op.drop_index("ix_positions_agency_id_role")

    op.drop_table("positions")
    with op.batch_alter_table("letters", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_letters_waits_to_go",
            sqlite_where=sa.text("state = 'issued' AND recipients <> '[]'"),
            postgresql_where=sa.text("state = 'issued' AND recipients <> '[]'"),
        )
        batch_op.drop_index(
            "ix_letters_issued",
            sqlite_where=sa.text("issued_at IS NOT NULL"),
            postgresql_where=sa.text("issued_at IS NOT NULL"),
        )
        batch_op.drop_index("ix_letters_drafter_id_created_at")
        batch_op.drop_index(
            "ix_letters_classified",
            sqlite_where=sa.text("secrecy <> 'open'"),
            postgresql_where=sa.text("secrecy <> 'open'"),
        )
        batch_op.drop_index("ix_letters_agency_id_updated_at")
        batch_op.drop_index("ix_letters_agency_id_state_updated_at")

    op.drop_table("letters")
    op.drop_table("recalls")
    with op.batch_alter_table("incoming", schema=None) as batch_op:
        batch_op.drop_index("ix_incoming_answers")
        batch_op.drop_index("ix_incoming_agency_id_state_received_at")
        batch_op.drop_index(
            "ix_incoming_classified",
            sqlite_where=sa.text("secrecy <> 'open'"),
            postgresql_where=sa.text("secrecy <> 'open'"),
        )
        batch_op.drop_index(
            "ix_incoming_asked_back",
            sqlite_where=sa.text("recall_asked_at IS NOT NULL AND recall_answer = ''"),
            postgresql_where=sa.text("recall_asked_at IS NOT NULL AND recall_answer = ''"),
        )
        batch_op.drop_index("ix_incoming_agency_id_replaces")
        batch_op.drop_index("ix_incoming_agency_id_received_at_unit_id")
        batch_op.drop_index("ix_incoming_agency_id_from_code")
        batch_op.drop_index("ix_incoming_agency_id_dispatch_id")
        batch_op.drop_index("ix_incoming_agency_id_completed_at_unit_id")

    op.drop_table("incoming")
    with op.batch_alter_table("errands", schema=None) as batch_op:
        batch_op.drop_index("ix_errands_state")
        batch_op.drop_index("ix_errands_person_id_made_at")

    op.drop_table("errands")
    op.drop_table("books")
    op.drop_table("year_closes")
    op.drop_table("witnesses")
    op.drop_table("register_checks")
    op.drop_table("close_troubles")
    with op.batch_alter_table("unit_successions", schema=None) as batch_op:
        batch_op.drop_index("ix_unit_successions_successor_id")

    op.drop_table("unit_successions")
    with op.batch_alter_table("unit_periods", schema=None) as batch_op:
        batch_op.drop_index("ix_unit_periods_parent_id")

    op.drop_table("unit_periods")
    op.drop_table("units")
    with op.batch_alter_table("statements", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_statements_unsealed", sqlite_where=sa.text("sealed IS NULL"), postgresql_where=sa.text("sealed IS NULL")
        )
        batch_op.drop_index("ix_statements_incoming_id")

    op.drop_table("statements")
    op.drop_table("route_templates")
    with op.batch_alter_table("reconciliations", schema=None) as batch_op:
        batch_op.drop_index("ix_reconciliations_agency_id_asked_at")

    op.drop_table("reconciliations")
    if op.get_context().dialect.name == "sqlite":
        op.execute("DROP TABLE phrases_fts")
    else:
        op.drop_index("ix_phrases_key_trgm", table_name="phrases", if_exists=True)
    with op.batch_alter_table("phrases", schema=None) as batch_op:
        batch_op.drop_index("ix_phrases_use_count")

    op.drop_table("phrases")
    op.drop_table("people")
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_outbox_given_up",
            sqlite_where=sa.text("state = 'failed'"),
            postgresql_where=sa.text("state = 'failed'"),
        )
        batch_op.drop_index(
            "ix_outbox_due", sqlite_where=sa.text("state = 'queued'"), postgresql_where=sa.text("state = 'queued'")
        )

    op.drop_table("outbox")
    with op.batch_alter_table("number_ledger", schema=None) as batch_op:
        batch_op.drop_index("ix_number_ledger_entry_id")
        batch_op.drop_index("ix_number_ledger_agency_id_day")

    op.drop_table("number_ledger")
    op.drop_table("mailboxes")
    op.drop_table("journal_heads")
    with op.batch_alter_table("journal", schema=None) as batch_op:
        batch_op.drop_index("ix_journal_agency_id_subject")

    op.drop_table("journal")
    with op.batch_alter_table("inbox", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_inbox_waiting", sqlite_where=sa.text("outcome = ''"), postgresql_where=sa.text("outcome = ''")
        )
        batch_op.drop_index("ix_inbox_agency_id_content_key")

    op.drop_table("inbox")
    with op.batch_alter_table("files", schema=None) as batch_op:
        batch_op.drop_index("ix_files_sha256")
        batch_op.drop_index("ix_files_agency_id_sha256")

    op.drop_table("files")
    op.drop_table("day_closes")
    with op.batch_alter_table("once_keys", schema=None) as batch_op:
        batch_op.drop_index("ix_once_keys_at")

    op.drop_table("once_keys")
    with op.batch_alter_table("directory", schema=None) as batch_op:
        batch_op.drop_index("ix_directory_name_code")
        batch_op.drop_index("ix_directory_mailbox")

    op.drop_table("directory")
    op.drop_table("agencies")


def _index_phrases() -> None:
    """Substrings inside runs of Thai: trigrams of the phrases that stand beside nothing else."""
    if op.get_context().dialect.name == "sqlite":
        op.execute("CREATE VIRTUAL TABLE phrases_fts USING fts5(scope, key, content='', tokenize='trigram')")
        op.execute(
            "CREATE TRIGGER phrases_learned AFTER INSERT ON phrases WHEN new.beside = '' BEGIN "
            "INSERT INTO phrases_fts(rowid, scope, key) VALUES (new.id, new.scope, new.key); END"
        )
        op.execute(
            "CREATE TRIGGER phrases_forgotten AFTER DELETE ON phrases WHEN old.beside = '' BEGIN "
            "INSERT INTO phrases_fts(phrases_fts, rowid, scope, key) VALUES ('delete', old.id, old.scope, old.key); END"
        )
        return
    if not _has_trigrams():
        return
    op.create_index(
        "ix_phrases_key_trgm",
        "phrases",
        ["key"],
        postgresql_using="gin",
        postgresql_ops={"key": "gin_trgm_ops"},
        postgresql_where=sa.text("beside = ''"),
    )


def _tasks() -> None:
    """What officers write on incoming letters, and what they have to do about them."""
    op.create_table(
        "standing_orders",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("sender_code", sa.Text(), nullable=False),
        sa.Column("sender_name", sa.Text(), nullable=False),
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name=op.f("fk_standing_orders_agency_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_standing_orders_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_standing_orders")),
    )
    with op.batch_alter_table("standing_orders", schema=None) as batch_op:
        batch_op.create_index("ix_standing_orders_agency_id", ["agency_id"], unique=False)

    op.create_table(
        "incoming_endorsements",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("incoming_id", sa.Uuid(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deed", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("person_name", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("unit_name", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("to", sa.Text(), nullable=False),
        sa.Column("due", sa.Date(), nullable=True),
        sa.Column("seen", sa.CHAR(length=64), nullable=False),
        sa.Column("digest", sa.CHAR(length=64), nullable=False),
        sa.Column("under", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name=op.f("fk_incoming_endorsements_agency_id")),
        sa.ForeignKeyConstraint(["incoming_id"], ["incoming.id"], name=op.f("fk_incoming_endorsements_incoming_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incoming_endorsements")),
        sa.UniqueConstraint("incoming_id", "ordinal", name=op.f("uq_incoming_endorsements_incoming_id_ordinal")),
    )
    with op.batch_alter_table("incoming_endorsements", schema=None) as batch_op:
        batch_op.create_index(
            "ix_incoming_endorsements_agency_id_person_id_at", ["agency_id", "person_id", "at"], unique=False
        )

    op.create_table(
        "replies",
        sa.Column("letter_id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("incoming_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name=op.f("fk_replies_agency_id")),
        sa.ForeignKeyConstraint(["incoming_id"], ["incoming.id"], name=op.f("fk_replies_incoming_id")),
        sa.ForeignKeyConstraint(["letter_id"], ["letters.id"], name=op.f("fk_replies_letter_id")),
        sa.PrimaryKeyConstraint("letter_id", name=op.f("pk_replies")),
    )
    with op.batch_alter_table("replies", schema=None) as batch_op:
        batch_op.create_index("ix_replies_incoming_id", ["incoming_id"], unique=False)

    op.create_table(
        "tasks",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("incoming_id", sa.Uuid(), nullable=False),
        sa.Column("endorsement_id", sa.Uuid(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("unit_name", sa.Text(), nullable=False),
        sa.Column("position_id", sa.Uuid(), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("to_name", sa.Text(), nullable=False),
        sa.Column("due", sa.Date(), nullable=True),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("giver_id", sa.Uuid(), nullable=True),
        sa.Column("giver_position_id", sa.Uuid(), nullable=True),
        sa.Column("given_by", sa.Text(), nullable=False),
        sa.Column("given_title", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("taker_id", sa.Uuid(), nullable=True),
        sa.Column("taker_name", sa.Text(), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.Text(), nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("reply_id", sa.Uuid(), nullable=True),
        sa.Column("heard", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name=op.f("fk_tasks_agency_id")),
        sa.ForeignKeyConstraint(["endorsement_id"], ["incoming_endorsements.id"], name=op.f("fk_tasks_endorsement_id")),
        sa.ForeignKeyConstraint(["incoming_id"], ["incoming.id"], name=op.f("fk_tasks_incoming_id")),
        sa.ForeignKeyConstraint(["parent_id"], ["tasks.id"], name=op.f("fk_tasks_parent_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_tasks_person_id")),
        sa.ForeignKeyConstraint(["position_id"], ["positions.id"], name=op.f("fk_tasks_position_id")),
        sa.ForeignKeyConstraint(["reply_id"], ["letters.id"], name=op.f("fk_tasks_reply_id")),
        sa.ForeignKeyConstraint(["taker_id"], ["people.id"], name=op.f("fk_tasks_taker_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_tasks_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tasks")),
    )
    with op.batch_alter_table("tasks", schema=None) as batch_op:
        batch_op.create_index(
            "ix_tasks_ended",
            ["agency_id", "ended_at", "state", "purpose", "unit_id", "given_at"],
            unique=False,
            sqlite_where=sa.text("ended_at IS NOT NULL"),
            postgresql_where=sa.text("ended_at IS NOT NULL"),
        )
        batch_op.create_index("ix_tasks_giver_id_state_given_at", ["giver_id", "state", "given_at"], unique=False)
        batch_op.create_index(
            "ix_tasks_in_hands",
            ["agency_id", "purpose", "unit_id", "due", "given_at"],
            unique=False,
            sqlite_where=sa.text("state IN ('open', 'taken')"),
            postgresql_where=sa.text("state IN ('open', 'taken')"),
        )
        batch_op.create_index("ix_tasks_incoming_id", ["incoming_id"], unique=False)
        batch_op.create_index("ix_tasks_person_id_state_given_at", ["person_id", "state", "given_at"], unique=False)
        batch_op.create_index("ix_tasks_position_id_state_given_at", ["position_id", "state", "given_at"], unique=False)
        batch_op.create_index("ix_tasks_reply_id", ["reply_id"], unique=False)
        batch_op.create_index("ix_tasks_taker_id_state_given_at", ["taker_id", "state", "given_at"], unique=False)
        batch_op.create_index("ix_tasks_unit_id_state_given_at", ["unit_id", "state", "given_at"], unique=False)


def _circulations() -> None:
    """Letters passed round to be read, and what each person has seen."""
    op.create_table(
        "circulations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("about_id", sa.Uuid(), nullable=False),
        sa.Column("asks", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("to", sa.Text(), nullable=False),
        sa.Column("giver_id", sa.Uuid(), nullable=True),
        sa.Column("giver_position_id", sa.Uuid(), nullable=True),
        sa.Column("given_by", sa.Text(), nullable=False),
        sa.Column("given_title", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reminders", sa.Integer(), nullable=False),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name=op.f("fk_circulations_agency_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_circulations")),
    )
    with op.batch_alter_table("circulations", schema=None) as batch_op:
        batch_op.create_index("ix_circulations_about_id", ["about_id"], unique=False)
        batch_op.create_index("ix_circulations_giver_id_at", ["giver_id", "at"], unique=False)
    op.create_table(
        "readers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("circulation_id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("about_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("unit_name", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name=op.f("fk_readers_agency_id")),
        sa.ForeignKeyConstraint(["circulation_id"], ["circulations.id"], name=op.f("fk_readers_circulation_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_readers_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_readers")),
        sa.UniqueConstraint("about_id", "person_id", name=op.f("uq_readers_about_id_person_id")),
    )
    with op.batch_alter_table("readers", schema=None) as batch_op:
        batch_op.create_index("ix_readers_circulation_id", ["circulation_id"], unique=False)
        batch_op.create_index("ix_readers_person_id_noted_at", ["person_id", "noted_at"], unique=False)
        batch_op.create_index(
            "ix_readers_unnoted",
            ["person_id"],
            unique=False,
            sqlite_where=sa.text("noted_at IS NULL"),
            postgresql_where=sa.text("noted_at IS NULL"),
        )
    op.create_table(
        "reader_groups",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name=op.f("fk_reader_groups_agency_id")),
        sa.ForeignKeyConstraint(["owner_id"], ["people.id"], name=op.f("fk_reader_groups_owner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reader_groups")),
    )
    with op.batch_alter_table("reader_groups", schema=None) as batch_op:
        batch_op.create_index("ix_reader_groups_agency_id", ["agency_id"], unique=False)
    op.create_table(
        "sightings",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("about_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("person_id", "about_id", name=op.f("pk_sightings")),
    )
    op.create_table(
        "read_marks",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("list", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_read_marks_person_id")),
        sa.PrimaryKeyConstraint("person_id", "list", name=op.f("pk_read_marks")),
    )


def _without_tasks() -> None:
    op.drop_table("tasks")
    op.drop_table("replies")
    op.drop_table("incoming_endorsements")
    op.drop_table("standing_orders")


_OF_FEW_LINES = (
    ("ix_entries_not_used", ["book_id", "state", "serial"], "state <> 'used'"),
    ("ix_entries_urgent", ["book_id", "urgency", "serial"], "urgency <> 'normal'"),
    ("ix_entries_classified", ["book_id", "secrecy", "serial"], "secrecy <> 'open'"),
    ("ix_entries_classified_at", ["agency_id", "at"], "secrecy <> 'open'"),
    ("ix_entries_corrected", ["book_id", "serial"], "corrected > 0"),
    ("ix_entries_truly_earlier", ["book_id", "serial"], "received_at IS NOT NULL"),
)


def _index_words() -> None:
    """The trigrams of what register lines are found by. On SQLite a row of the index is the book's place and the
    line's serial in one number, so that it gives lines in the order of their book; triggers keep it."""
    if op.get_context().dialect.name == "sqlite":
        op.execute("CREATE VIRTUAL TABLE entries_fts USING fts5(words, content='', tokenize='trigram')")
        row = "(SELECT place FROM books WHERE id = {0}.book_id) * 4294967296 + {0}.serial"
        put = f"INSERT INTO entries_fts(rowid, words) VALUES ({row.format('new')}, new.search_text);"
        drop = (
            "INSERT INTO entries_fts(entries_fts, rowid, words) "
            f"VALUES ('delete', {row.format('old')}, old.search_text);"
        )
        op.execute(f"CREATE TRIGGER entries_entered AFTER INSERT ON entries BEGIN {put} END")
        op.execute(
            "CREATE TRIGGER entries_reworded AFTER UPDATE ON entries "
            f"WHEN old.search_text <> new.search_text BEGIN {drop} {put} END"
        )
        op.execute(f"CREATE TRIGGER entries_removed AFTER DELETE ON entries BEGIN {drop} END")
    elif _has_trigrams():
        op.create_index(
            "ix_entries_search_text_trgm",
            "entries",
            ["search_text"],
            postgresql_using="gin",
            postgresql_ops={"search_text": "gin_trgm_ops"},
        )


_FOUND_BY = ("signs", "subject", "marks", "words", "scans")
_HEADS = ("signs", "subject", "marks")
"""What is looked through first; of FTS5 in an index of its own, where a word that every text has is still rare."""
# Whatever changes there lets a letter or a line wait to be indexed anew: the table, and the columns that name it.
_LETS_WAIT = (
    ("letters", ("id",)),
    ("incoming", ("id",)),
    ("entries", ("id", "subject_of")),
    ("files", ("owner_id",)),
    ("route_steps", ("letter_id",)),
    ("tasks", ("incoming_id",)),
    ("readers", ("about_id",)),
)
_OF_UNITS = ("letters", "incoming", "entries")
"""What is found by the name of its unit, and waits when that changes."""


def _finding() -> None:
    """What letters and lines are found by, the index over it, and what waits to be indexed."""
    big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "search_documents",
        sa.Column("id", big, autoincrement=False, nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in _FOUND_BY),
        sa.Column("own", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_documents")),
        sa.UniqueConstraint("owner_id", name=op.f("uq_search_documents_owner_id")),
    )
    op.create_table(
        "search_waiting",
        sa.Column("seq", big, nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_search_waiting")),
    )
    op.create_table(
        "file_texts",
        sa.Column("sha256", sa.CHAR(length=64), nullable=False),
        sa.Column("way", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("scanned", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_file_texts")),
    )
    op.create_index("ix_file_texts_way", "file_texts", ["way"])
    if op.get_context().dialect.name == "sqlite":
        _index_documents()
        _let_wait_on_sqlite()
    else:
        if _has_trigrams():
            op.create_index(
                "ix_search_documents_trgm",
                "search_documents",
                list(_FOUND_BY),
                postgresql_using="gin",
                postgresql_ops=dict.fromkeys(_FOUND_BY, "gin_trgm_ops"),
            )
        _let_wait_on_postgresql()


_OF_MEETINGS = ("meeting_numbers", "meeting_files", "meeting_people", "meetings")


def _meetings() -> None:
    """Meetings without paper: who takes part, the files of the pack, and codes that went out by mail."""
    op.create_table(
        "meetings",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("unit_name", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("committee", sa.Text(), nullable=False),
        sa.Column("session", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("begins_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("access", sa.Text(), nullable=False),
        sa.Column("agenda", sa.Text(), nullable=False),
        sa.Column("hand_in_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closes_on", sa.Date(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("room", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("maker_id", sa.Uuid(), nullable=True),
        sa.Column("previous_id", sa.Uuid(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("over_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("letter_id", sa.Uuid(), nullable=True),
        sa.Column("minutes_id", sa.Uuid(), nullable=True),
        sa.Column("approved_in", sa.Uuid(), nullable=True),
        sa.Column("approved_on", sa.Date(), nullable=True),
        sa.Column("corrections", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name=op.f("fk_meetings_agency_id")),
        sa.ForeignKeyConstraint(["approved_in"], ["meetings.id"], name=op.f("fk_meetings_approved_in")),
        sa.ForeignKeyConstraint(["maker_id"], ["people.id"], name=op.f("fk_meetings_maker_id")),
        sa.ForeignKeyConstraint(["previous_id"], ["meetings.id"], name=op.f("fk_meetings_previous_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_meetings_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meetings")),
        sa.UniqueConstraint("code", name=op.f("uq_meetings_code")),
        sa.UniqueConstraint("room", name=op.f("uq_meetings_room")),
    )
    with op.batch_alter_table("meetings", schema=None) as batch_op:
        batch_op.create_index("ix_meetings_agency_id_begins_at", ["agency_id", "begins_at"], unique=False)
        batch_op.create_index("ix_meetings_agency_id_committee", ["agency_id", "committee"], unique=False)
    op.create_table(
        "meeting_people",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("post", sa.Text(), nullable=False),
        sa.Column("office", sa.Text(), nullable=False),
        sa.Column("mail", sa.Text(), nullable=False),
        sa.Column("part", sa.Text(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("presence", sa.Text(), nullable=False),
        sa.Column("arrived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("way", sa.Text(), nullable=False),
        sa.Column("stands_in", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("invited_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name=op.f("fk_meeting_people_agency_id")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meetings.id"], name=op.f("fk_meeting_people_meeting_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_people")),
        sa.UniqueConstraint("key", name=op.f("uq_meeting_people_key")),
    )
    with op.batch_alter_table("meeting_people", schema=None) as batch_op:
        batch_op.create_index("ix_meeting_people_agency_id_mail", ["agency_id", "mail"], unique=False)
        batch_op.create_index("ix_meeting_people_meeting_id_place", ["meeting_id", "place"], unique=False)
    op.create_table(
        "meeting_files",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.CHAR(length=64), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("series", sa.Uuid(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("way", sa.Text(), nullable=False),
        sa.Column("giver", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("participant_id", sa.Uuid(), nullable=True),
        sa.Column("scanned", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("taken_by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name=op.f("fk_meeting_files_agency_id")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meetings.id"], name=op.f("fk_meeting_files_meeting_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_files")),
    )
    with op.batch_alter_table("meeting_files", schema=None) as batch_op:
        batch_op.create_index("ix_meeting_files_meeting_id", ["meeting_id"], unique=False)
        batch_op.create_index("ix_meeting_files_sha256", ["sha256"], unique=False)
    op.create_table(
        "meeting_numbers",
        sa.Column("participant_id", sa.Uuid(), nullable=False),
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("digest", sa.CHAR(length=64), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["meeting_id"], ["meetings.id"], name=op.f("fk_meeting_numbers_meeting_id")),
        sa.ForeignKeyConstraint(
            ["participant_id"],
            ["meeting_people.id"],
            name=op.f("fk_meeting_numbers_participant_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("participant_id", name=op.f("pk_meeting_numbers")),
    )
    with op.batch_alter_table("meeting_numbers", schema=None) as batch_op:
        batch_op.create_index("ix_meeting_numbers_digest", ["digest"], unique=False)


_OF_THE_ARCHIVE = (
    *(
        "handover_years",
        "handovers",
        "destroyed",
        "disposal_lists",
        "deposit_lists",
        "visits",
        "loans",
        "legal_holds",
        "storing_lists",
    ),
    *("store_numbers", "kept_items", "file_groups", "retention_classes", "dropped_files"),
)


def _archive() -> None:
    """How letters are kept, their lists into the store and out of it, and what was destroyed."""
    op.create_table(
        "retention_classes",
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("years", sa.Integer(), nullable=True),
        sa.Column("forever", sa.Boolean(), nullable=False),
        sa.Column("condition", sa.Text(), nullable=False),
        sa.Column("retired", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name=op.f("fk_retention_classes_agency_id")),
        sa.PrimaryKeyConstraint("agency_id", "code", name=op.f("pk_retention_classes")),
    )
    op.create_table(
        "file_groups",
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("class_code", sa.Text(), nullable=False),
        sa.Column("retired", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name=op.f("fk_file_groups_agency_id")),
        sa.PrimaryKeyConstraint("agency_id", "code", name=op.f("pk_file_groups")),
    )
    op.create_table(
        "kept_items",
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("subject_of", sa.Uuid(), nullable=True),
        sa.Column("unit_id", sa.Uuid(), nullable=True),
        sa.Column("electronic", sa.Boolean(), nullable=False),
        sa.Column("class_code", sa.Text(), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("file_code", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("finished_on", sa.Date(), nullable=True),
        sa.Column("until_year", sa.Integer(), nullable=True),
        sa.Column("forever", sa.Boolean(), nullable=False),
        sa.Column("room", sa.Text(), nullable=False),
        sa.Column("shelf", sa.Text(), nullable=False),
        sa.Column("box", sa.Text(), nullable=False),
        sa.Column("held_by", sa.Uuid(), nullable=True),
        sa.Column("storing_id", sa.Uuid(), nullable=True),
        sa.Column("store_year", sa.Integer(), nullable=True),
        sa.Column("store_serial", sa.Integer(), nullable=True),
        sa.Column("stored_on", sa.Date(), nullable=True),
        sa.Column("disposal_id", sa.Uuid(), nullable=True),
        sa.Column("next_survey", sa.Integer(), nullable=True),
        sa.Column("paper_destroyed_on", sa.Date(), nullable=True),
        sa.Column("asked_by", sa.Uuid(), nullable=True),
        sa.Column("extended_until", sa.Integer(), nullable=True),
        sa.Column("extended_forever", sa.Boolean(), nullable=False),
        sa.Column("loan_id", sa.Uuid(), nullable=True),
        sa.Column("handover_id", sa.Uuid(), nullable=True),
        sa.Column("deposit_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name=op.f("fk_kept_items_agency_id")),
        sa.ForeignKeyConstraint(["entry_id"], ["entries.id"], name=op.f("fk_kept_items_entry_id")),
        sa.PrimaryKeyConstraint("entry_id", name=op.f("pk_kept_items")),
        sa.UniqueConstraint(
            "agency_id", "store_year", "store_serial", name=op.f("uq_kept_items_agency_id_store_year_store_serial")
        ),
    )
    with op.batch_alter_table("kept_items", schema=None) as batch_op:
        batch_op.create_index("ix_kept_items_due", ["agency_id", "state", "until_year"], unique=False)
        batch_op.create_index(
            "ix_kept_items_held",
            ["entry_id", "subject_of"],
            unique=False,
            sqlite_where=sa.text("held_by IS NOT NULL"),
            postgresql_where=sa.text("held_by IS NOT NULL"),
        )
        batch_op.create_index("ix_kept_items_subject_of", ["subject_of"], unique=False)

    op.create_table(
        "store_numbers",
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("of", sa.Text(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name=op.f("fk_store_numbers_agency_id")),
        sa.PrimaryKeyConstraint("agency_id", "of", "year", name=op.f("pk_store_numbers")),
    )
    op.create_table(
        "storing_lists",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("unit_name", sa.Text(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.Column("lines", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("made_title", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by", sa.Text(), nullable=False),
        sa.Column("settled_title", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name=op.f("fk_storing_lists_agency_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_storing_lists_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_storing_lists")),
    )
    with op.batch_alter_table("storing_lists", schema=None) as batch_op:
        batch_op.create_index("ix_storing_lists_agency_id_made_at", ["agency_id", "made_at"], unique=False)

    op.create_table(
        "legal_holds",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("order", sa.Text(), nullable=False),
        sa.Column("placed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("placed_by", sa.Text(), nullable=False),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lifted_by", sa.Text(), nullable=False),
        sa.Column("lifted_why", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name=op.f("fk_legal_holds_agency_id")),
        sa.ForeignKeyConstraint(["entry_id"], ["entries.id"], name=op.f("fk_legal_holds_entry_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_legal_holds")),
    )
    with op.batch_alter_table("legal_holds", schema=None) as batch_op:
        batch_op.create_index("ix_legal_holds_agency_id_placed_at", ["agency_id", "placed_at"], unique=False)
        batch_op.create_index("ix_legal_holds_entry_id", ["entry_id"], unique=False)

    op.create_table(
        "loans",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=True),
        sa.Column("subject_of", sa.Uuid(), nullable=True),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.Column("borrower_id", sa.Uuid(), nullable=True),
        sa.Column("borrower", sa.Text(), nullable=False),
        sa.Column("borrower_title", sa.Text(), nullable=False),
        sa.Column("borrower_unit", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by", sa.Text(), nullable=False),
        sa.Column("asker_id", sa.Uuid(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by", sa.Text(), nullable=False),
        sa.Column("answered_title", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("lent_on", sa.Date(), nullable=True),
        sa.Column("lent_by", sa.Text(), nullable=False),
        sa.Column("lender_id", sa.Uuid(), nullable=True),
        sa.Column("receiver", sa.Text(), nullable=False),
        sa.Column("receiver_title", sa.Text(), nullable=False),
        sa.Column("called", sa.Integer(), nullable=False),
        sa.Column("called_on", sa.Date(), nullable=True),
        sa.Column("returned_on", sa.Date(), nullable=True),
        sa.Column("returned_by", sa.Text(), nullable=False),
        sa.Column("taken_by", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name=op.f("fk_loans_agency_id")),
        sa.ForeignKeyConstraint(["asker_id"], ["people.id"], name=op.f("fk_loans_asker_id")),
        sa.ForeignKeyConstraint(["borrower_id"], ["people.id"], name=op.f("fk_loans_borrower_id")),
        sa.ForeignKeyConstraint(["entry_id"], ["entries.id"], name=op.f("fk_loans_entry_id")),
        sa.ForeignKeyConstraint(["lender_id"], ["people.id"], name=op.f("fk_loans_lender_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_loans")),
        sa.UniqueConstraint("agency_id", "year", "serial", name=op.f("uq_loans_agency_id_year_serial")),
    )
    with op.batch_alter_table("loans", schema=None) as batch_op:
        batch_op.create_index("ix_loans_agency_id_state_due_on", ["agency_id", "state", "due_on"], unique=False)
        batch_op.create_index("ix_loans_borrower_id", ["borrower_id"], unique=False)
        batch_op.create_index("ix_loans_entry_id", ["entry_id"], unique=False)
        batch_op.create_index("ix_loans_subject_of_borrower_id", ["subject_of", "borrower_id"], unique=False)

    op.create_table(
        "visits",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=True),
        sa.Column("visitor", sa.Text(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("copies", sa.Boolean(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by", sa.Text(), nullable=False),
        sa.Column("answered_title", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("shown_on", sa.Date(), nullable=True),
        sa.Column("shown_by", sa.Text(), nullable=False),
        sa.Column("copied", sa.Text(), nullable=False),
        sa.Column("asker_id", sa.Uuid(), nullable=True),
        sa.Column("comes_on", sa.Date(), nullable=True),
        sa.Column("mail", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name=op.f("fk_visits_agency_id")),
        sa.ForeignKeyConstraint(["entry_id"], ["entries.id"], name=op.f("fk_visits_entry_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visits")),
    )
    with op.batch_alter_table("visits", schema=None) as batch_op:
        batch_op.create_index("ix_visits_agency_id_asked_at", ["agency_id", "asked_at"], unique=False)
        batch_op.create_index("ix_visits_entry_id", ["entry_id"], unique=False)

    op.create_table(
        "deposit_lists",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("unit_name", sa.Text(), nullable=False),
        sa.Column("keeper", sa.Text(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.Column("lines", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("made_title", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("accepted_on", sa.Date(), nullable=True),
        sa.Column("acceptor", sa.Text(), nullable=False),
        sa.Column("acceptor_title", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name=op.f("fk_deposit_lists_agency_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_deposit_lists_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deposit_lists")),
        sa.UniqueConstraint("agency_id", "year", "serial", name=op.f("uq_deposit_lists_agency_id_year_serial")),
    )
    op.create_table(
        "disposal_lists",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.Column("electronic", sa.Boolean(), nullable=False),
        sa.Column("items", sa.Text(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("proposed_by", sa.Text(), nullable=False),
        sa.Column("proposed_title", sa.Text(), nullable=False),
        sa.Column("need", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("committee", sa.Text(), nullable=False),
        sa.Column("order", sa.Text(), nullable=False),
        sa.Column("appointed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.Text(), nullable=False),
        sa.Column("decided_title", sa.Text(), nullable=False),
        sa.Column("exempt", sa.Text(), nullable=False),
        sa.Column("sent_on", sa.Date(), nullable=True),
        sa.Column("sent_number", sa.Text(), nullable=False),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("answer_number", sa.Text(), nullable=False),
        sa.Column("officers", sa.Text(), nullable=False),
        sa.Column("way", sa.Text(), nullable=False),
        sa.Column("confirmed", sa.Text(), nullable=False),
        sa.Column("agreed", sa.Text(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name=op.f("fk_disposal_lists_agency_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disposal_lists")),
        sa.UniqueConstraint("agency_id", "year", "serial", name=op.f("uq_disposal_lists_agency_id_year_serial")),
    )
    op.create_table(
        "destroyed",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("list_id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("subject_of", sa.Uuid(), nullable=True),
        sa.Column("sha256", sa.CHAR(length=64), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name=op.f("fk_destroyed_agency_id")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_destroyed")),
    )
    with op.batch_alter_table("destroyed", schema=None) as batch_op:
        batch_op.create_index("ix_destroyed_at", ["at"], unique=False)
        batch_op.create_index("ix_destroyed_entry_id", ["entry_id"], unique=False)
        batch_op.create_index("ix_destroyed_subject_of", ["subject_of"], unique=False)
        batch_op.create_index(
            "ix_destroyed_sha256",
            ["sha256"],
            unique=False,
            sqlite_where=sa.text("sha256 IS NOT NULL"),
            postgresql_where=sa.text("sha256 IS NOT NULL"),
        )
        batch_op.create_index(
            "ix_destroyed_waiting",
            ["seq"],
            unique=False,
            sqlite_where=sa.text("removed_at IS NULL"),
            postgresql_where=sa.text("removed_at IS NULL"),
        )
    op.create_table(
        "dropped_files",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("sha256", sa.CHAR(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("harmful", sa.Boolean(), nullable=False),
        sa.Column("of_letters", sa.Boolean(), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_dropped_files")),
    )
    op.create_table(
        "handovers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.Column("asked", sa.Boolean(), nullable=False),
        sa.Column("items", sa.Text(), nullable=False),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("drawn_by", sa.Text(), nullable=False),
        sa.Column("drawn_title", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("handed_on", sa.Date(), nullable=True),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("receiver", sa.Text(), nullable=False),
        sa.Column("handed_by", sa.Text(), nullable=False),
        sa.Column("handed_title", sa.Text(), nullable=False),
        sa.Column("packed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("packed", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name=op.f("fk_handovers_agency_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handovers")),
        sa.UniqueConstraint(
            "agency_id", "kind", "year", "serial", name=op.f("uq_handovers_agency_id_kind_year_serial")
        ),
    )
    op.create_table(
        "handover_years",
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name=op.f("fk_handover_years_agency_id")),
        sa.PrimaryKeyConstraint("agency_id", "year", name=op.f("pk_handover_years")),
    )


def _progress() -> None:
    """Services that are not digital yet, what is shown to everybody, and channels."""
    op.create_table(
        "deferrals",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("service", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("pressing", sa.Text(), nullable=False),
        sa.Column("readiness", sa.Integer(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("agreement", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entered_by", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ready_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name=op.f("fk_deferrals_agency_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deferrals")),
    )
    with op.batch_alter_table("deferrals", schema=None) as batch_op:
        batch_op.create_index("ix_deferrals_agency_id_rank", ["agency_id", "rank"], unique=False)
    op.create_table(
        "publications",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("letter_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("with_enclosures", sa.Boolean(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_by", sa.Text(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name=op.f("fk_publications_agency_id")),
        sa.ForeignKeyConstraint(["letter_id"], ["letters.id"], name=op.f("fk_publications_letter_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_publications")),
    )
    with op.batch_alter_table("publications", schema=None) as batch_op:
        batch_op.create_index("ix_publications_letter_id", ["letter_id"], unique=False)
        for name, columns, alone in (
            ("ix_publications_newest", ["agency_id", "published_at"], False),
            ("ix_publications_shown", ["letter_id"], True),
        ):
            batch_op.create_index(
                name,
                columns,
                unique=alone,
                sqlite_where=sa.text("withdrawn_at IS NULL"),
                postgresql_where=sa.text("withdrawn_at IS NULL"),
            )
    op.create_table(
        "channels",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("where", sa.Text(), nullable=False),
        sa.Column("announced", sa.Text(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name=op.f("fk_channels_agency_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_channels")),
    )
    with op.batch_alter_table("channels", schema=None) as batch_op:
        batch_op.create_index("ix_channels_agency_id_since", ["agency_id", "since"], unique=False)


def _index_documents() -> None:
    """FTS5 over the texts of `search_documents`, which keeps them itself; triggers tell it what was there before."""
    for table, columns in (("search_documents_fts", _FOUND_BY), ("search_heads_fts", _HEADS)):
        names = ", ".join(columns)
        op.execute(
            f"CREATE VIRTUAL TABLE {table} USING fts5({names}, content='search_documents', content_rowid='id', "
            "tokenize='trigram')"
        )
        put = f"INSERT INTO {table}(rowid, {names}) VALUES (new.id, {_each('new', columns)});"
        drop = f"INSERT INTO {table}({table}, rowid, {names}) VALUES ('delete', old.id, {_each('old', columns)});"
        for deed, work in (("INSERT", put), ("DELETE", drop), ("UPDATE", drop + " " + put)):
            op.execute(f"CREATE TRIGGER {table}_{deed.lower()} AFTER {deed} ON search_documents BEGIN {work} END")


def _each(row: str, names: tuple[str, ...]) -> str:
    return ", ".join(f"{row}.{name}" for name in names)


def _let_wait_on_sqlite() -> None:
    for table, columns in _LETS_WAIT:
        for deed, row in (("INSERT", "new"), ("UPDATE", "new"), ("DELETE", "old")):
            work = " ".join(
                f"INSERT INTO search_waiting(owner_id) SELECT {row}.{name} WHERE {row}.{name} IS NOT NULL;"
                for name in columns
            )
            op.execute(f"CREATE TRIGGER {table}_wait_{deed.lower()} AFTER {deed} ON {table} BEGIN {work} END")
    for deed in ("INSERT", "UPDATE"):
        op.execute(
            f"CREATE TRIGGER units_wait_{deed.lower()} AFTER {deed} ON unit_periods BEGIN {_units_wait('new')} END"
        )
        op.execute(
            f"CREATE TRIGGER holds_wait_{deed.lower()} AFTER {deed} ON legal_holds BEGIN {_held_wait('new')} END"
        )


def _units_wait(row: str) -> str:
    return " ".join(
        f"INSERT INTO search_waiting(owner_id) SELECT id FROM {table} WHERE unit_id = {row}.unit_id;"
        for table in _OF_UNITS
    )


def _held_wait(row: str) -> str:
    """A line whose disposal is stopped, or no longer, and its letter."""
    return (
        f"INSERT INTO search_waiting(owner_id) VALUES ({row}.entry_id); "
        "INSERT INTO search_waiting(owner_id) SELECT subject_of FROM entries "
        f"WHERE id = {row}.entry_id AND subject_of IS NOT NULL;"
    )


def _let_wait_on_postgresql() -> None:
    for table, columns in _LETS_WAIT:
        put = "INSERT INTO search_waiting(owner_id) SELECT {0}.{1} WHERE {0}.{1} IS NOT NULL;"
        old, new = (" ".join(put.format(row, name) for name in columns) for row in ("OLD", "NEW"))
        op.execute(
            f"CREATE FUNCTION {table}_wait() RETURNS trigger LANGUAGE plpgsql AS $$ "
            f"BEGIN IF TG_OP = 'DELETE' THEN {old} ELSE {new} END IF; RETURN NULL; END $$"
        )
        op.execute(
            f"CREATE TRIGGER {table}_wait AFTER INSERT OR UPDATE OR DELETE ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION {table}_wait()"
        )
    for name, table, work in (
        ("units_wait", "unit_periods", _units_wait("NEW")),
        ("holds_wait", "legal_holds", _held_wait("NEW")),
    ):
        op.execute(f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {work} RETURN NULL; END $$")
        op.execute(f"CREATE TRIGGER {name} AFTER INSERT OR UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()")


def _without_finding() -> None:
    if op.get_context().dialect.name == "sqlite":
        for table, _columns in _LETS_WAIT:
            for deed in ("insert", "update", "delete"):
                op.execute(f"DROP TRIGGER {table}_wait_{deed}")
        for deed in ("insert", "update"):
            op.execute(f"DROP TRIGGER units_wait_{deed}")
            op.execute(f"DROP TRIGGER holds_wait_{deed}")
        op.execute("DROP TABLE search_heads_fts")
        op.execute("DROP TABLE search_documents_fts")
    else:
        for table, _columns in _LETS_WAIT:
            op.execute(f"DROP TRIGGER {table}_wait ON {table}")
            op.execute(f"DROP FUNCTION {table}_wait()")
        for name, table in (("units_wait", "unit_periods"), ("holds_wait", "legal_holds")):
            op.execute(f"DROP TRIGGER {name} ON {table}")
            op.execute(f"DROP FUNCTION {name}()")
    op.drop_table("file_texts")
    op.drop_table("search_waiting")
    op.drop_table("search_documents")


def _has_trigrams() -> bool:
    """True when PostgreSQL has the extension pg_trgm, or lets us make it. Without it words are still found, by reading
    lines one after another."""
    connection = op.get_bind()
    try:
        with connection.begin_nested():
            connection.execute(sa.text("CREATE EXTENSION IF NOT EXISTS pg_trgm"))
    except sa.exc.DBAPIError as error:
        logging.getLogger("alembic.runtime.migration").warning(
            "pg_trgm cannot be had (%s): words are searched without an index. Let an administrator of the database run "
            "CREATE EXTENSION pg_trgm, then build the indexes with `flask db reindex`.",
            str(error.orig).strip(),
        )
        return False
    return True


_OF_THE_RUNS = ("holder_links", "issued_run_lines", "issued_runs")


def _issued_runs() -> None:
    """Runs of documents from sheets, their lines, and the links by which holders fetch documents."""
    op.create_table(
        "issued_runs",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("kind_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("documents", sa.Integer(), nullable=False),
        sa.Column("runner", sa.Uuid(), nullable=True),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name=op.f("fk_issued_runs_agency_id")),
        sa.ForeignKeyConstraint(["kind_id"], ["issued_kinds.id"], name=op.f("fk_issued_runs_kind_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_issued_runs_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_issued_runs")),
    )
    with op.batch_alter_table("issued_runs", schema=None) as batch_op:
        batch_op.create_index("ix_issued_runs_kind_id_made_at", ["kind_id", "made_at"], unique=False)

    op.create_table(
        "issued_run_lines",
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("mail", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["issued_runs.id"], name=op.f("fk_issued_run_lines_run_id")),
        sa.ForeignKeyConstraint(["document_id"], ["issued_documents.id"], name=op.f("fk_issued_run_lines_document_id")),
        sa.PrimaryKeyConstraint("run_id", "ordinal", name=op.f("pk_issued_run_lines")),
        sa.UniqueConstraint("document_id", name=op.f("uq_issued_run_lines_document_id")),
    )
    op.create_table(
        "holder_links",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("token", sa.CHAR(length=64), nullable=False),
        sa.Column("mail", sa.Text(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("fetched_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("fetches", sa.Integer(), nullable=False),
        sa.Column("returned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("why_returned", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name=op.f("fk_holder_links_agency_id")),
        sa.ForeignKeyConstraint(["document_id"], ["issued_documents.id"], name=op.f("fk_holder_links_document_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_holder_links")),
        sa.UniqueConstraint("token", name=op.f("uq_holder_links_token")),
    )
    with op.batch_alter_table("holder_links", schema=None) as batch_op:
        batch_op.create_index("ix_holder_links_document_id", ["document_id", "made_at"], unique=False)


_OF_THE_ISSUED = ("issued_numbers", "issued_documents", "issued_kinds")


def _issued() -> None:
    """Documents that agencies issue to people: their kinds, the documents, the last number of each kind."""
    op.create_table(
        "issued_kinds",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name_th", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("fields", sa.Text(), nullable=False),
        sa.Column("holder_id_required", sa.Boolean(), nullable=False),
        sa.Column("series", sa.Text(), nullable=False),
        sa.Column("units", sa.Text(), nullable=False),
        sa.Column("approvers", sa.Text(), nullable=False),
        sa.Column("signer_id", sa.Uuid(), nullable=True),
        sa.Column("marks", sa.Text(), nullable=False),
        sa.Column("validity", sa.Text(), nullable=False),
        sa.Column("validity_amount", sa.Integer(), nullable=False),
        sa.Column("is_public", sa.Boolean(), nullable=False),
        sa.Column("holder_public", sa.Boolean(), nullable=False),
        sa.Column("may_download", sa.Boolean(), nullable=False),
        sa.Column("in_register", sa.Boolean(), nullable=False),
        sa.Column("holder_in_register", sa.Boolean(), nullable=False),
        sa.Column("lookup", sa.Text(), nullable=False),
        sa.Column("answer_units", sa.Text(), nullable=False),
        sa.Column("answer_posts", sa.Text(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("pilot_most", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.Text(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name=op.f("fk_issued_kinds_agency_id")),
        sa.ForeignKeyConstraint(["signer_id"], ["positions.id"], name=op.f("fk_issued_kinds_signer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_issued_kinds")),
        sa.UniqueConstraint("agency_id", "code", name=op.f("uq_issued_kinds_agency_id_code")),
    )
    op.create_table(
        "issued_documents",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("kind_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("holder_name", sa.Text(), nullable=False),
        sa.Column("holder_id", sa.Text(), nullable=False),
        sa.Column("values", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("drafter_id", sa.Uuid(), nullable=True),
        sa.Column("drafted_by", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("passed", sa.Integer(), nullable=False),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("approved_by", sa.Text(), nullable=False),
        sa.Column("approved_title", sa.Text(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("serial", sa.Integer(), nullable=True),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("signed_by", sa.Text(), nullable=False),
        sa.Column("signed_title", sa.Text(), nullable=False),
        sa.Column("digest", sa.CHAR(length=64), nullable=True),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("untimed", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("follows", sa.Uuid(), nullable=True),
        sa.Column("followed_as", sa.Text(), nullable=True),
        sa.Column("replaced_by", sa.Uuid(), nullable=True),
        sa.Column("state_on", sa.Date(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("withheld", sa.Boolean(), nullable=False),
        sa.Column("withheld_because", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name=op.f("fk_issued_documents_agency_id")),
        sa.ForeignKeyConstraint(["kind_id"], ["issued_kinds.id"], name=op.f("fk_issued_documents_kind_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_issued_documents_unit_id")),
        sa.ForeignKeyConstraint(["drafter_id"], ["people.id"], name=op.f("fk_issued_documents_drafter_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_issued_documents")),
        sa.UniqueConstraint("kind_id", "year", "serial", name=op.f("uq_issued_documents_kind_id_year_serial")),
    )
    op.create_index("ix_issued_documents_agency_id_changed_at", "issued_documents", ["agency_id", "changed_at", "id"])
    op.create_index("ix_issued_documents_agency_id_holder_id", "issued_documents", ["agency_id", "holder_id"])
    op.create_index("ix_issued_documents_agency_id_number", "issued_documents", ["agency_id", "number"])
    op.create_index("ix_issued_documents_digest", "issued_documents", ["digest"])
    op.create_index("ix_issued_documents_kind_id_state", "issued_documents", ["kind_id", "state", "changed_at"])
    op.create_index(
        "ix_issued_documents_register",
        "issued_documents",
        ["kind_id", "issued_on", "id", "state", "withheld", "valid_until", "code"],
    )
    op.create_index(
        "ix_issued_documents_withheld",
        "issued_documents",
        ["agency_id"],
        unique=False,
        sqlite_where=sa.text("withheld IS 1"),
        postgresql_where=sa.text("withheld IS true"),
    )
    op.create_table(
        "issued_numbers",
        sa.Column("kind_id", sa.Uuid(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["kind_id"], ["issued_kinds.id"], name=op.f("fk_issued_numbers_kind_id")),
        sa.PrimaryKeyConstraint("kind_id", "year", name=op.f("pk_issued_numbers")),
    )


def _held_files() -> None:
    """Files that wait for the virus scanner."""
    op.create_table(
        "held_files",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("incoming_id", sa.Uuid(), nullable=True),
        sa.Column("meeting_file_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.CHAR(length=64), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name=op.f("fk_held_files_agency_id")),
        sa.ForeignKeyConstraint(["incoming_id"], ["incoming.id"], name=op.f("fk_held_files_incoming_id")),
        sa.ForeignKeyConstraint(["meeting_file_id"], ["meeting_files.id"], name=op.f("fk_held_files_meeting_file_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_held_files")),
    )
    waiting = sa.text("state = 'waiting'")
    op.create_index("ix_held_files_incoming_id", "held_files", ["incoming_id"])
    op.create_index("ix_held_files_meeting_file_id", "held_files", ["meeting_file_id"])
    op.create_index("ix_held_files_digest", "held_files", ["digest"])
    op.create_index("ix_held_files_waiting", "held_files", ["since"], sqlite_where=waiting, postgresql_where=waiting)


def _late_stamps() -> None:
    """What went out without a time-stamp, and the tokens that came later."""
    op.create_table(
        "late_stamps",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("thing_id", sa.Uuid(), nullable=False),
        sa.Column("sha256", sa.CHAR(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("token", sa.LargeBinary(), nullable=True),
        sa.Column("stamped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("stamped_by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name=op.f("fk_late_stamps_agency_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_late_stamps")),
        sa.UniqueConstraint("thing_id", "sha256", name=op.f("uq_late_stamps_thing_id_sha256")),
    )
    waiting = sa.text("token IS NULL")
    op.create_index("ix_late_stamps_sha256", "late_stamps", ["sha256"])
    op.create_index(
        "ix_late_stamps_waiting", "late_stamps", ["next_at"], sqlite_where=waiting, postgresql_where=waiting
    )


def _petitions() -> None:
    """Letters from the public."""
    op.create_table(
        "petitions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("incoming_id", sa.Uuid(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.Column("code", sa.CHAR(length=64), nullable=False),
        sa.Column("typed", sa.CHAR(length=64), nullable=False),
        sa.Column("arrived_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deemed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("form_key", sa.CHAR(length=64), nullable=True),
        sa.Column("by_mail", sa.Boolean(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer_id", sa.Uuid(), nullable=True),
        sa.Column("answer", sa.CHAR(length=64), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name=op.f("fk_petitions_agency_id")),
        sa.ForeignKeyConstraint(["answer_id"], ["letters.id"], name=op.f("fk_petitions_answer_id")),
        sa.ForeignKeyConstraint(["incoming_id"], ["incoming.id"], name=op.f("fk_petitions_incoming_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_petitions")),
        sa.UniqueConstraint("agency_id", "year", "serial", name=op.f("uq_petitions_agency_id_year_serial")),
        sa.UniqueConstraint("code", name=op.f("uq_petitions_code")),
        sa.UniqueConstraint("form_key", name=op.f("uq_petitions_form_key")),
        sa.UniqueConstraint("incoming_id", name=op.f("uq_petitions_incoming_id")),
    )
    waiting = sa.text("answered_at IS NULL AND closed_at IS NULL")
    op.create_index("ix_petitions_typed", "petitions", ["typed"])
    op.create_index("ix_petitions_agency_id_arrived_at", "petitions", ["agency_id", "arrived_at"])
    op.create_index("ix_petitions_answer_id", "petitions", ["answer_id"])
    op.create_index(
        "ix_petitions_open", "petitions", ["agency_id", "due_on"], sqlite_where=waiting, postgresql_where=waiting
    )
