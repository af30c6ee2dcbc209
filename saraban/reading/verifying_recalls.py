"""What anybody may know of a letter that its issuer asked back (เรียกคืน): since when, who gave it back, who kept it and
of whom no answer has come. Receivers are agencies; why it is wanted back stands between them and is not told here.

It is called recalled as a whole only when nobody is known to have it any more. Asked back from some, or not answered
yet, it holds: its number stands in the register, and a receiver who registered it goes by it until he gives it back.
"""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Connection, and_, bindparam, func, select

from saraban.domain.calendar import office_date
from saraban.domain.dispatch import NEVER_CAME, DispatchState
from saraban.domain.receipt import Step
from saraban.reading.verified import GivenBack, Recall
from saraban.storage.planning import spelt_out
from saraban.storage.tables.exchange import dispatches, evidence

MOST_NAMED = 20
"""Agencies by name, of those who gave it back, who kept it, and of whom no answer came; the others are counted."""
_NEVER_HAD_IT = NEVER_CAME - {DispatchState.RECALLED}

_given_at = (
    select(func.min(evidence.c.at))
    .where(
        evidence.c.agency_id == dispatches.c.agency_id,
        evidence.c.dispatch_id == dispatches.c.id,
        evidence.c.step == Step.RECALLED.value,
        evidence.c.counts,
    )
    .scalar_subquery()
)
_ASKED = spelt_out(
    select(
        dispatches.c.to_name,
        dispatches.c.recall_asked_at,
        dispatches.c.recall_answer,
        dispatches.c.state,
        _given_at.label("given_at"),
    )
    .where(dispatches.c.letter_id == bindparam("letter"), dispatches.c.recall_asked_at.is_not(None))
    .order_by(dispatches.c.to_name, dispatches.c.id)
)
_NOT_ASKED = spelt_out(
    select(func.count()).where(
        dispatches.c.letter_id == bindparam("letter"),
        dispatches.c.recall_asked_at.is_(None),
        and_(*(dispatches.c.state != state for state in sorted(NEVER_CAME))),
    )
)


def recall_of(reader: Connection, letter_id: UUID) -> Recall | None:
    """What became of asking a letter back; None where nobody who had it was asked."""
    given: list[GivenBack] = []
    kept: list[str] = []
    waiting: list[str] = []
    asked: list[datetime] = []
    for row in reader.execute(_ASKED, {"letter": letter_id}):
        if row.recall_answer == Step.RECALLED.value or row.state is DispatchState.RECALLED:
            given.append(GivenBack(row.to_name, _day(row.given_at) or office_date(row.recall_asked_at)))
        elif row.state in _NEVER_HAD_IT:
            continue  # it came to nothing there: there was nothing to give back
        elif row.recall_answer:
            kept.append(row.to_name)
        else:
            waiting.append(row.to_name)
        asked.append(row.recall_asked_at)
    if not asked:
        return None
    others = kept or waiting or reader.execute(_NOT_ASKED, {"letter": letter_id}).scalar_one()
    return Recall(
        asked_on=office_date(min(asked)),
        ended_on=None if others else max(one.on for one in given),
        given_back=tuple(given[:MOST_NAMED]),
        kept=tuple(kept[:MOST_NAMED]),
        waiting=tuple(waiting[:MOST_NAMED]),
        more=tuple(max(len(names) - MOST_NAMED, 0) for names in (given, kept, waiting)),
    )


def _day(moment: datetime | None) -> date | None:
    return office_date(moment) if moment is not None else None
