"""The mailboxes that agencies have connected on the administrator's page, and how full mailboxes and the disk are."""

from sqlalchemy import BigInteger, Boolean, Column, Date, ForeignKey, Index, Integer, Table, Text, Uuid

from saraban.domain.mailbox import AfterTaking, Login, Protection
from saraban.storage.tables.metadata import metadata
from saraban.storage.types import EnumType, UtcDateTime

mail_accounts = Table(
    "mail_accounts",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("agency_id", Uuid, ForeignKey("agencies.id"), nullable=False),
    Column("address", Text, nullable=False, unique=True),
    # None for the central mailbox of the agency.
    Column("unit_id", Uuid, ForeignKey("units.id")),
    Column("user", Text, nullable=False),
    Column("smtp_host", Text, nullable=False),
    Column("smtp_port", Integer, nullable=False),
    Column("smtp_protection", EnumType(Protection), nullable=False),
    Column("imap_host", Text, nullable=False),
    Column("imap_port", Integer, nullable=False),
    Column("imap_protection", EnumType(Protection), nullable=False),
    Column("folder", Text, nullable=False),
    Column("ca_text", Text, nullable=False),
    Column("login", EnumType(Login), nullable=False),
    Column("token_url", Text, nullable=False),
    Column("client_id", Text, nullable=False),
    Column("scope", Text, nullable=False),
    Column("sends", Boolean, nullable=False),
    Column("after", EnumType(AfterTaking), nullable=False),
    Column("after_days", Integer, nullable=False),
    # Locked under the installation's master key.
    Column("secret", Text, nullable=False),
    Column("token", Text, nullable=False),
    Column("token_until", UtcDateTime),
    Column("token_problem", Text, nullable=False),
    Column("token_leased_until", UtcDateTime),
    Column("changed_at", UtcDateTime, nullable=False),
    Column("version", Integer, nullable=False),
    Index("ix_mail_accounts_agency_id", "agency_id"),
)

fill_levels = Table(
    "fill_levels",
    metadata,
    # The address of a mailbox, or "disk" for the disk under the blobs, which belongs to no agency.
    Column("place", Text, primary_key=True),
    Column("day", Date, primary_key=True),
    Column("agency_id", Uuid, ForeignKey("agencies.id")),
    # Octets; None where the server tells no quota.
    Column("used", BigInteger),
    Column("allowed", BigInteger),
    Column("at", UtcDateTime, nullable=False),
)
