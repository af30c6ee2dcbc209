"""What became of a letter at its receivers, as its own page tells it: the first of them, and how many more."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from uuid import UUID

from flask import url_for

from saraban.doorway import actor, reader
from saraban.reading import letters as rows
from saraban.reading import receivers, tracking

DISPATCHES_SHOWN = 20


@dataclass(frozen=True)
class Sent:
    """A letter's first dispatches as they stand and how many more there are, with the line of the letter itself; `seen`
    changes when anything does."""

    row: rows.LetterRow
    dispatches: list[tracking.DispatchRow]
    more: int
    at_rest: bool
    seen: str
    url: str


def sent_of(letter_id: UUID) -> Sent:
    """The dispatches of a letter that the actor may read, and the address at which to ask for them again."""
    row = rows.letter(reader(), actor(), letter_id)
    whole = receivers.picture(reader(), actor(), letter_id)
    listed = receivers.receivers(reader(), actor(), letter_id, size=DISPATCHES_SHOWN)
    first = listed.rows
    seen = hashlib.sha256(repr((row.state, whole, first)).encode()).hexdigest()[:16]
    url = url_for("letters.sent", letter_id=letter_id, seen=seen)
    return Sent(row, first, listed.found - len(first), whole.at_rest, seen, url)
