"""Routes as JSON values."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from saraban.domain.calendar import office_time
from saraban.domain.letter import Letter
from saraban.domain.route import RouteStep

Json = dict[str, Any]


def step(letter: Letter, found: RouteStep) -> Json:
    """A step of a letter's route, and what became of it."""
    earlier = found.earlier
    return {
        "ordinal": found.ordinal,
        "stage": found.stage,
        "need": found.need,
        "kind": found.kind.value,
        "position": str(found.position_id),
        "title": found.title,
        "unit": found.unit_name,
        "state": found.state.value,
        "now": found in letter.current_steps(),
        "required": found.required,
        "person": found.person_name,
        "at": _moment(found.at) if found.at is not None else None,
        "older": letter.given_to_older(found),
        "earlier": None
        if earlier is None
        else {"person": earlier.person_name, "at": _moment(earlier.at), "content": earlier.content.hex},
    }


def _moment(at: datetime) -> str:
    return office_time(at).isoformat(timespec="seconds")
