"""One inbox of troubles (เรื่องที่ต้องแก้): the cards that an actor may see, with what people said of them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from saraban.domain.actor import Actor
from saraban.domain.errors import BadInput, NotFound
from saraban.reading.trouble_kinds import KINDS, ProblemCard
from saraban.reading.troubles import FINDERS, MOST
from saraban.storage.tables.problems import problem_notes

VIEWS = ("all", "mine", "nobody", "others", "put-off")


@dataclass(frozen=True)
class Inbox:
    """The cards that are asked for, how many there are of each kind and in each view, and the sum that is in sight."""

    cards: list[ProblemCard]
    kinds: dict[str, int] = field(default_factory=dict)
    views: dict[str, int] = field(default_factory=dict)
    in_sight: int = 0


def all_cards(reader: Connection, actor: Actor, now: datetime, *, most: int = MOST) -> list[ProblemCard]:
    """Every card that the actor may see, also those put off, with what was said of it; at most so many of one finder.
    Those of the kind that stands first come first, the newest of one kind first."""
    found = [card for find in FINDERS for card in find(reader, actor, now, most)]
    rows = reader.execute(select(problem_notes).where(problem_notes.c.agency_id == actor.agency_id))
    notes = {row.key: row for row in rows}
    order = list(KINDS)
    cards = [_noted(card, notes.get(card.key), now) for card in found]
    return sorted(cards, key=lambda card: order.index(card.kind))


def problems(reader: Connection, actor: Actor, now: datetime, *, most: int = MOST) -> list[ProblemCard]:
    """The cards that are in sight."""
    return [card for card in all_cards(reader, actor, now, most=most) if card.put_off_until is None]


def inbox_of(
    reader: Connection, actor: Actor, now: datetime, *, view: str = "all", kind: str = "", most: int = 200
) -> Inbox:
    """The inbox by view (`all` in sight, `mine`, `nobody`, `others`, `put-off`) and kind. Raises BadInput by field."""
    wrong = {} if view in VIEWS else {"owner": f"ใช้ {', '.join(VIEWS)}"}
    if kind and kind not in KINDS:
        wrong["kind"] = f"ใช้ {', '.join(KINDS)}"
    if wrong:
        raise BadInput(wrong)
    every = all_cards(reader, actor, now, most=most)
    views = {name: [card for card in every if _in_view(card, actor, name)] for name in VIEWS}
    shown = views[view]
    kinds = {name: count for name in KINDS if (count := sum(card.kind == name for card in shown))}
    return Inbox(
        cards=[card for card in shown if not kind or card.kind == kind],
        kinds=kinds,
        views={name: len(cards) for name, cards in views.items()},
        in_sight=len(views["all"]),
    )


def card_of(reader: Connection, actor: Actor, now: datetime, key: str) -> ProblemCard:
    """The card with this key. Raises NotFound when its cause is gone or the actor may not see it."""
    for card in all_cards(reader, actor, now, most=2_000):
        if card.key == key:
            return card
    raise NotFound("เรื่องนี้แก้แล้วหรือไม่มีอยู่")


def _in_view(card: ProblemCard, actor: Actor, view: str) -> bool:
    if view == "put-off" or card.put_off_until is not None:
        return view == "put-off" and card.put_off_until is not None
    match view:
        case "mine":
            return card.owner_id is not None and card.owner_id == actor.person_id
        case "nobody":
            return card.owner_id is None
        case "others":
            return card.owner_id is not None and card.owner_id != actor.person_id
    return True


def _noted(card: ProblemCard, note: Any, now: datetime) -> ProblemCard:
    if note is None:
        return card
    owned = replace(card, owner_id=note.owner_id, owner_name=note.owner_name, taken_at=note.taken_at)
    if note.put_off_until is None or note.put_off_until <= now:
        return owned
    return replace(
        owned, put_off_until=note.put_off_until, put_off_reason=note.put_off_reason, put_off_by=note.put_off_by
    )
