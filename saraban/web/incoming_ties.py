"""What ties an incoming letter to others: whose place it takes, by what it was sent on, who sent it before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from saraban.domain.deadline import Due
from saraban.domain.errors import NotFound
from saraban.domain.held_files import HeldState
from saraban.domain.incoming import IncomingLetter, IncomingState
from saraban.domain.permissions import may_work_incoming, words_of
from saraban.domain.petition import petition_number
from saraban.domain.signature import SignatureStatus
from saraban.doorway import actor, reader
from saraban.doorway.deadlines import due_on
from saraban.reading import incoming as rows
from saraban.reading import tracking
from saraban.reading.held_files import HeldRow, of_letter
from saraban.reading.letters import JournalRow
from saraban.reading.petitions import PetitionRow, beside
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
        "petition": _petition(letter),
    }


@dataclass(frozen=True)
class Asked:
    """What stands beside a letter of the public: its number, times and day; `due` while its sender waits; why no answer
    can be given to him now; files that wait for the virus scanner, and those that were not taken."""

    row: PetitionRow
    due: Due | None
    why_not_answer: str
    waiting: Sequence[HeldRow] = ()
    removed: Sequence[HeldRow] = ()


def _petition(letter: IncomingLetter) -> Asked | None:
    row = beside(reader(), actor(), letter.id) if petition_number(letter) else None
    if row is None:
        return None
    why = "ลงรับก่อน จึงส่งคำตอบให้ผู้ยื่นได้" if letter.state is not IncomingState.REGISTERED else ""
    held = of_letter(reader(), letter.id)
    return Asked(
        row,
        due_on(row.due_on) if row.open else None,
        words_of(may_work_incoming(actor(), letter)) or why,
        [one for one in held if one.state is HeldState.WAITING],
        [one for one in held if one.state is HeldState.REMOVED],
    )


def reminders_in(history: Sequence[JournalRow]) -> list[JournalRow]:
    """How often the sender reminded us of the letter, and when."""
    return [row for row in history if row.name == "incoming.reminded"]


def _forward_letter(letter: IncomingLetter) -> UUID | None:
    try:
        return tracking.dispatch(reader(), actor(), letter.forward_id).letter_id if letter.forward_id else None
    except NotFound:
        return None
