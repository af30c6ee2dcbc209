"""Where the database says the digests of files that lie in the store, read from the tables as they are: the other half
of the proof that `saraban.storage.naming` forgets no place."""

from __future__ import annotations

import re
from collections.abc import Mapping

from sqlalchemy import LargeBinary, Text, cast, select

from saraban.bootstrap import Office
from saraban.storage.naming import NO_FILES, PLACES
from saraban.storage.tables import metadata

_HEX = re.compile(r"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])")
ONLY_SAID = {
    # What happened, and what a program was answered: told for ever, also of files that are gone.
    *("journal.text", "once_keys.answer", "once_keys.fingerprint"),
}
"""Columns of words in which files are told of that another column names while they are needed."""


def mentions(office: Office) -> Mapping[str, set[str]]:
    """The digests of lying files (hexadecimal) by the columns in which they stand."""
    lying = {path.name for path in office.settings.blobs_folder.glob("??/*")}
    found: dict[str, set[str]] = {}
    with office.reading.connect() as connection:
        for table in metadata.sorted_tables:
            for column in table.c:
                binary = isinstance(column.type, LargeBinary)
                said = select(column if binary else cast(column, Text)).where(column.is_not(None))
                for value in connection.execute(said).scalars():
                    words = bytes(value).decode("utf-8", "replace") if binary else str(value)
                    if here := lying & set(_HEX.findall(words)):
                        found.setdefault(str(column), set()).update(here)
    return found


def unlisted(office: Office) -> dict[str, set[str]]:
    """The columns that tell of files and are not on the list."""
    known = {str(place.column) for place in PLACES} | {str(column) for column in NO_FILES} | ONLY_SAID
    return {column: digests for column, digests in mentions(office).items() if column not in known}
