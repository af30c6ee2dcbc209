"""What was done with backups. They are of the whole installation, so no row belongs to an agency."""

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, Table, Text, Uuid

from saraban.domain.backups import BackupDeed
from saraban.storage.tables.metadata import metadata
from saraban.storage.types import EnumType, UtcDateTime

backup_traces = Table(
    "backup_traces",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("deed", EnumType(BackupDeed), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    # The name of the backup's folder, not where it lies.
    Column("backup", Text, nullable=False),
    Column("files", Integer, nullable=False),
    Column("octets", BigInteger, nullable=False),
    Column("faulty", Integer, nullable=False),
    Column("keys", Boolean, nullable=False),
    Column("words", Text, nullable=False),
    Index("ix_backup_traces_at", "at"),
)
