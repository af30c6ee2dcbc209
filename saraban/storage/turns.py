"""Whose turn it is at a letter, written with the letter so that desks are read by an index."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert

from saraban.domain.agency import PositionId
from saraban.domain.classification import Urgency
from saraban.domain.letter import Letter
from saraban.domain.route import StepKind
from saraban.storage.tables.desk import turns
from saraban.storage.telling import settle_turns, tell_turns

HASTIEST = max(urgency.rank for urgency in Urgency)
_FORGET = delete(turns).where(turns.c.letter_id == bindparam("of_letter"))
_FORGET_ONE = _FORGET.where(turns.c.position_id == bindparam("of_position"))
_WRITE = insert(turns)


@dataclass(frozen=True)
class Turn:
    """A position whose turn it is, for which deed."""

    position_id: PositionId
    kind: StepKind
    haste: int


def turns_of(letter: Letter) -> dict[PositionId, Turn]:
    """Whose turn it is at the letter as it stands, and for whose information it is who has not noted it yet."""
    haste = HASTIEST - letter.content.urgency.rank
    steps = [*letter.notes_waiting(), *letter.current_steps()]
    return {step.position_id: Turn(step.position_id, step.kind, haste) for step in steps}


def write_turns(
    connection: Connection, letter: Letter, before: dict[PositionId, Turn] | None
) -> dict[PositionId, Turn]:
    """Write what differs from before, None for not known, and tell those whose turn begins. A turn that goes on keeps
    the moment at which it began."""
    now = turns_of(letter)
    if before is None:
        connection.execute(_FORGET, {"of_letter": letter.id})
        before = {}
    gone = [position for position, turn in before.items() if now.get(position) != turn]
    if gone:
        connection.execute(_FORGET_ONE, [{"of_letter": letter.id, "of_position": position} for position in gone])
        settle_turns(connection, letter, list(now))
    if fresh := [turn for position, turn in now.items() if before.get(position) != turn]:
        connection.execute(_WRITE, [_row(letter, turn) for turn in fresh])
        tell_turns(connection, letter, {turn.position_id: turn.kind for turn in fresh})
    return now


def _row(letter: Letter, turn: Turn) -> dict[str, Any]:
    return {
        "letter_id": letter.id,
        "position_id": turn.position_id,
        "agency_id": letter.agency_id,
        "kind": turn.kind,
        "haste": turn.haste,
        "since": letter.updated_at,
    }
