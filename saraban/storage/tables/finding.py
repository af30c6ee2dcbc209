"""What letters and register lines are found by: one row for each open one, made from the other tables by the worker and
made anew whenever it is lost. Nothing is read from here that the person may not read there."""

from sqlalchemy import Column, Table, Text, Uuid

from saraban.storage.tables.metadata import metadata
from saraban.storage.types import BigSerial, DigestType, EnumType
from saraban.usecases.finding import TextWay

# The trigram index over the five texts differs by database and is known to the migration alone: on SQLite the tables
# `search_documents_fts` and `search_heads_fts`, which triggers keep.
documents = Table(
    "search_documents",
    metadata,
    # The moment in milliseconds and a counter in one number, so that the index gives rows in the order of time.
    Column("id", BigSerial, primary_key=True, autoincrement=False),
    # A letter, a letter that came in or a register line, as `kind` says.
    Column("owner_id", Uuid, nullable=False, unique=True),
    Column("kind", Text, nullable=False),
    # Three signs for each thing that a search is narrowed by: one trigram each.
    Column("signs", Text, nullable=False),
    Column("subject", Text, nullable=False),
    # Its own numbers and who it is from and to.
    Column("marks", Text, nullable=False),
    Column("words", Text, nullable=False),
    # What was read from pictures: never a number.
    Column("scans", Text, nullable=False),
    # Of a register line: its words without those of its files, for who may not open them. It is in no index.
    Column("own", Text, nullable=False),
)

# Written by triggers whenever something changes that a row above is made from; taken away by the worker that has made
# the row anew. Rows are only added, so that nobody waits for anybody.
waiting = Table(
    "search_waiting",
    metadata,
    Column("seq", BigSerial, primary_key=True),
    Column("owner_id", Uuid, nullable=False),
)

# The words of a file of an open letter, read once.
file_texts = Table(
    "file_texts",
    metadata,
    Column("sha256", DigestType, primary_key=True),
    Column("way", EnumType(TextWay), nullable=False, index=True),
    Column("text", Text, nullable=False),
    # What was read from pictures: for finding alone, and never for a number.
    Column("scanned", Text, nullable=False),
)
