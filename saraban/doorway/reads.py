"""Every page and file of a letter, or of a document for people, that a door gives out is noted in the reading log.

Which route that is follows from its address: whoever asks for an address with a letter's id gets the letter or
something of it. What is only part of a page that was noted already (its pictures, what it fetches while it is open)
is not noted again. A route that is added later is noted by itself.
"""

from __future__ import annotations

import logging
from uuid import UUID

from flask import Flask, Response, g, request
from werkzeug.http import parse_options_header

from saraban import doorway
from saraban.domain.reading_log import ReadingDeed
from saraban.usecases.noting_reads import note_reading

_log = logging.getLogger(__name__)
_IDS = ("letter_id", "incoming_id", "entry_id", "document_id")
PARTS = frozenset(
    {
        "tracking.live",
        "letters.sent",
        "signatures.letter",
        "signatures.incoming",
        "signatures.entry",
        "circulating.readers",
    }
)
"""What a page that is open fetches by itself, again and again."""
PRINTS = frozenset(
    {"stamping.sticker", "printing.receipts", "printing.envelopes", "printing.delivery", "printing.card"}
)
TAKES_AWAY = frozenset({"errands.file", "api-errands.file", "circulating.sheet"})


def install(app: Flask) -> None:
    """Note what the doors of this application give out."""
    app.after_request(_note)


def _note(response: Response) -> Response:
    try:
        deed = _deed(response)
        if deed is not None and g.get("saraban_actor") is not None:
            note_reading(
                doorway.services(),
                actor=doorway.actor(),
                deed=deed,
                subject_id=_subject(),
                what=_name(response),
                address=request.remote_addr or "",
            )
    except Exception:  # a full disk must not keep a letter from its reader
        _log.exception("a reading could not be noted")
    return response


def _deed(response: Response) -> ReadingDeed | None:
    if response.status_code not in (200, 206):
        return None
    if request.endpoint in PRINTS:
        return ReadingDeed.PRINT if response.mimetype == "application/pdf" else None
    if request.endpoint in TAKES_AWAY:
        return ReadingDeed.EXPORT
    if request.method != "GET" or _subject() is None or request.endpoint in PARTS:
        return None
    if response.mimetype in ("text/html", "application/json"):
        return ReadingDeed.OPEN
    return None if (response.mimetype or "").startswith("image/") else ReadingDeed.DOWNLOAD


def _subject() -> UUID | None:
    values = request.view_args or {}
    return next((values[name] for name in _IDS if isinstance(values.get(name), UUID)), None)


def _name(response: Response) -> str:
    """The name of a file that was given out; empty for a page."""
    _, words = parse_options_header(response.headers.get("Content-Disposition", ""))
    return words.get("filename", "")
