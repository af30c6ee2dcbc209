"""Destroying knows everything that may need a file."""

from __future__ import annotations

from saraban.storage.shredding import NAMED_BY
from saraban.storage.tables import metadata
from saraban.storage.types import DigestType

NO_FILES = {
    # What a destroyed letter's mail and words hang on: asked about apart.
    *("incoming.raw_sha256", "inbox.sha256", "file_texts.sha256", "destroyed.sha256", "dropped_files.sha256"),
    # What the virus scanner may have removed: asked about apart, too.
    *("held_files.digest", "meeting_files.sha256"),
    # Digests of what is said, chained or sealed, of keys and of links: no file has them for its name.
    *("day_closes.root", "inbox.content_key", "journal.digest", "journal_heads.digest", "number_ledger.line"),
    *("outbox.sha256", "reading_days.root", "reconciliations.request_sha256", "witnesses.root", "witnesses.previous"),
    *("year_closes.root", "calendar_feeds.sha256", "tokens.sha256", "batch_lines.content", "batch_lines.page"),
    *("dispatches.link", "incoming_endorsements.seen", "incoming_endorsements.digest", "meeting_numbers.digest"),
    *(
        "document_lookups.request_sha256",
        "petitions.code",
        "petitions.typed",
        "petitions.form_key",
        "late_stamps.sha256",
        "holder_links.token",
    ),
}


def test_of_every_column_of_digests_it_is_known_whether_it_needs_a_file() -> None:
    digests = {column for table in metadata.sorted_tables for column in table.c if isinstance(column.type, DigestType)}

    assert {str(column) for column in digests - set(NAMED_BY)} == NO_FILES
