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
from saraban.reading.tracking import letter_of_dispatch
from saraban.usecases.noting_reads import note_reading

_log = logging.getLogger(__name__)
_IDS = ("letter_id", "incoming_id", "entry_id", "document_id")
PICTURES = frozenset(
    {
        "amending.page",
        "incoming.page",
        "issued.picture",
        "letters.page",
        "letters.photo",
        "routing.enclosure",
        "stamping.page",
    }
)
"""What is seen of a letter on a page that was noted: pictures of its pages. A file that is a picture is a file."""
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
    {
        "stamping.sticker",
        "printing.receipts",
        "printing.envelopes",
        "printing.delivery",
        "printing.card",
        *("copying.print_out", "api-copies.print_out_of_letter"),
        *("archive.mark", "api-kept-lists.mark"),
        *("archive.storing_marks", "api-archive.storing_marks", "disposals.marks_pdf", "api-disposals.marks_pdf"),
        *("archive.storing_pdf", "api-archive.storing_pdf"),  # form 19
        *("archive.store_register_pdf", "api-kept-lists.store_register_pdf"),  # form 20
        *("handovers.list_pdf", "api-handovers.list_pdf"),  # forms 21 and 22
        *("deposits.list_pdf", "api-loans.deposit_pdf"),  # form 23
        *("loans.card", "api-loans.card", "loans.register_pdf", "api-kept-lists.lent_pdf"),  # form 24
        *("disposals.list_pdf", "api-disposals.list_pdf"),  # form 25
        *("disposals.record_pdf", "api-disposals.record_pdf"),
    }
)
"""What is printed, of one letter or of many."""
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
    if request.method != "GET" or request.endpoint in PARTS | PICTURES or _subject() is None:
        return None
    shown = (response.mimetype or "").startswith("image/") and request.headers.get("Sec-Fetch-Dest") == "image"
    return ReadingDeed.OPEN if shown or response.mimetype in ("text/html", "application/json") else ReadingDeed.DOWNLOAD


def _subject() -> UUID | None:
    """The letter of this address; that of a dispatch is the letter that was sent."""
    values = request.view_args or {}
    found = next((values[name] for name in _IDS if isinstance(values.get(name), UUID)), None)
    if found is None and isinstance(values.get("dispatch_id"), UUID):
        return letter_of_dispatch(doorway.reader(), doorway.actor(), values["dispatch_id"])
    return found


def _name(response: Response) -> str:
    """The name of a file that was given out; empty for a page."""
    _, words = parse_options_header(response.headers.get("Content-Disposition", ""))
    return words.get("filename", "")
