"""What ties an incoming letter to others: whose place it takes, by what it was sent on, who sent it before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from saraban.domain.errors import NotFound
from saraban.domain.incoming import IncomingLetter
from saraban.domain.signature import SignatureStatus
from saraban.doorway import actor, reader
from saraban.reading import incoming as rows
from saraban.reading import tracking
from saraban.reading.letters import JournalRow
from saraban.web.forms.incoming import RecallAnswerForm
from saraban.web.verdicts import verdict_of


@dataclass(frozen=True)
class SentBefore:
    """One who sent the letter before it was sent on: to whom, under which number, and the verdict on the seal."""

    name: str
    to: str
    number: str
    seal: SignatureStatus | None


def ties_of(letter: IncomingLetter, recall: RecallAnswerForm | None) -> dict[str, Any]:
    """What the page of the letter shows of its ties; `recall` is the form of an answer that was refused."""
    return {
        "originals": [
            SentBefore(one["name"], one["to"], one["number"], verdict_of(one["seal"]))
            for one in letter.details.get("sent_before") or []
        ],
        "instead_of": rows.replaced(reader(), actor(), letter.id) if letter.replaces is not None else [],
        "forward_letter": _forward_letter(letter),
        "recall": recall or RecallAnswerForm(formdata=None),
        "recall_open": recall is not None,
    }


def reminders_in(history: Sequence[JournalRow]) -> list[JournalRow]:
    """How often the sender reminded us of the letter, and when."""
    return [row for row in history if row.name == "incoming.reminded"]


def _forward_letter(letter: IncomingLetter) -> UUID | None:
    try:
        return tracking.dispatch(reader(), actor(), letter.forward_id).letter_id if letter.forward_id else None
    except NotFound:
        return None
