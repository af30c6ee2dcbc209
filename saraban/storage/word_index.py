"""The index of words over register lines: trigrams of `entries.search_text`, which no classified line has.

On SQLite a row of the index is the book's place and the line's serial in one number (triggers keep it, see the first
migration), so that it gives lines in the order of their book and stops when there are enough. On PostgreSQL it is a GIN
index, which gives them in no order. Words of fewer than three signs have no trigram: their lines are read one by one.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import BigInteger, ColumnElement, Connection, Join, bindparam, column, inspect, table, text

from saraban.storage.database import open_engine
from saraban.storage.tables.registers import entries

SHORTEST = 3
_BOOK_SHIFT = 32
_ROW_OF = f"(SELECT place FROM books WHERE id = entries.book_id) * {1 << _BOOK_SHIFT} + serial"
_INDEX = "ix_entries_search_text_trgm"
_TRIGRAMS = {
    _INDEX: ("entries", ("search_text",), ""),
    "ix_phrases_key_trgm": ("phrases", ("key",), " WHERE beside = ''"),
    "ix_search_documents_trgm": ("search_documents", ("signs", "subject", "marks", "words", "scans"), ""),
}
"""What the first migration makes on PostgreSQL where it has the extension: table, columns, and which rows."""
words_table = table("entries_fts", column("rowid", BigInteger))


def indexed(words: Iterable[str]) -> list[str]:
    """Of these words those that the index can find."""
    return [word for word in words if len(word) >= SHORTEST]


def rows_of(place: int, since: int, until: int) -> tuple[int, int]:
    """The first and last row that lines of a book can have, from one serial to another (SQLite)."""
    base = place << _BOOK_SHIFT
    return base + max(0, since), base + min(until, (1 << _BOOK_SHIFT) - 1)


def lines_with(words: Iterable[str]) -> ColumnElement[bool]:
    """The condition over the index that every word occurs (SQLite)."""
    query = " ".join('"' + word.replace('"', '""') + '"' for word in words)
    return column("entries_fts").op("MATCH")(bindparam(None, query, unique=True))


def joined(place: int) -> Join:
    """The index with the lines of a book beside it, in the order of the index (SQLite). The sign before the row keeps
    the database from going over the lines and asking the index about each."""
    row = column("rowid", BigInteger, _selectable=words_table)
    return words_table.join(entries, entries.c.serial == row - (place << _BOOK_SHIFT))


def rebuild(url: str) -> int:
    """Build the index anew from the lines of the database; how many there are. On PostgreSQL those of letters and of
    phrases, too, which a database that was made without pg_trgm has not."""
    engine = open_engine(url, writing=True, pool_size=1)
    try:
        with engine.connect() as connection, connection.begin():
            return _rebuilt(connection)
    finally:
        engine.dispose()


def _rebuilt(connection: Connection) -> int:
    if connection.dialect.name == "sqlite":
        _rebuild_fts(connection)
    else:
        connection.execute(text("CREATE EXTENSION IF NOT EXISTS pg_trgm"))
        for index, (rows, columns, some) in _TRIGRAMS.items():
            each = ", ".join(f"{column} gin_trgm_ops" for column in columns)
            connection.execute(text(f"DROP INDEX IF EXISTS {index}"))
            connection.execute(text(f"CREATE INDEX {index} ON {rows} USING gin ({each}){some}"))
    return int(connection.execute(text("SELECT count(*) FROM entries")).scalar_one())


def present(connection: Connection) -> bool:
    """True when the index is there; without it words are found by reading lines one by one."""
    if connection.dialect.name == "sqlite":
        return inspect(connection).has_table("entries_fts")
    found = connection.execute(text("SELECT 1 FROM pg_class WHERE relname = :index"), {"index": _INDEX})
    return found.first() is not None


def _rebuild_fts(connection: Connection) -> None:
    connection.execute(text("INSERT INTO entries_fts(entries_fts) VALUES ('delete-all')"))
    connection.execute(
        text(f"INSERT INTO entries_fts(rowid, words) SELECT {_ROW_OF} AS line, search_text FROM entries ORDER BY line")
    )
    connection.execute(text("INSERT INTO entries_fts(entries_fts) VALUES ('optimize')"))
