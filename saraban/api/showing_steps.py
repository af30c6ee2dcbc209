"""What became of letters after they arrived (asked back, sent on, replaced, completed) as plain JSON."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from saraban.domain.calendar import office_time
from saraban.domain.incoming import IncomingLetter
from saraban.reading.tracking import DispatchRow

Json = dict[str, Any]


def steps_of_incoming(found: IncomingLetter) -> Json:
    """Of an incoming letter."""
    recall = forwarded = None
    if found.recall_asked_at is not None:
        said = {"reason": found.recall_reason, "answer": found.recall_answer, "words": found.recall_words}
        recall = {"asked_at": _moment(found.recall_asked_at), **said}
    if found.forward_id is not None:
        forwarded = {"to": found.forward_code, "to_name": found.forward_name, "dispatch": str(found.forward_id)}
    return {
        "recall": recall,
        "forwarded": forwarded,
        "replaces": _identity(found.replaces),
        "replaced_by": _identity(found.replaced_by),
        "completed_at": _moment(found.completed_at),
    }


def steps_of_dispatch(row: DispatchRow) -> Json:
    """Of a dispatch of ours."""
    asked = row.recall_asked_at is not None
    return {
        "stopped_at": _moment(row.stopped_at),
        "recall": {"asked_at": _moment(row.recall_asked_at), "answer": row.recall_answer} if asked else None,
        "replaces": _identity(row.replaces),
    }


def _moment(at: datetime | None) -> str | None:
    return office_time(at).isoformat(timespec="seconds") if at else None


def _identity(found: UUID | None) -> str | None:
    return str(found) if found else None
