"""Letters on lists for destruction that may not be destroyed, as screens and programs show them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from sqlalchemy import Connection, select

from saraban.domain.actor import Actor
from saraban.domain.calendar import BUDDHIST_OFFSET
from saraban.domain.disposal import DisposalList, DisposalState
from saraban.domain.disposal_caution import Caution, cautions
from saraban.domain.handover import MAY_BE_LISTED, HandoverState, twenty_until
from saraban.domain.permissions import may_see_archive, require
from saraban.reading.archive import kept_item
from saraban.storage.tables import archive as t
from saraban.storage.tables.registers import entries

_OVER = (DisposalState.DONE, DisposalState.CANCELLED)


def cautions_of(
    reader: Connection, actor: Actor, made: DisposalList, today: date
) -> Mapping[UUID, tuple[Caution, ...]]:
    """What stands against destroying the letters of a list, by line; nothing once the list is over."""
    require(may_see_archive(actor))
    if made.state in _OVER:
        return {}
    told, year, item = _told(reader, actor), today.year + BUDDHIST_OFFSET - 1, t.kept_items.c
    statement = select(t.kept_items, entries.c.letter_date).join(entries, entries.c.id == item.entry_id)
    rows = reader.execute(statement.where(item.agency_id == actor.agency_id, item.disposal_id == made.id)).mappings()
    found = {
        row["entry_id"]: cautions(kept_item(row), row["letter_date"], year, told=row["entry_id"] in told)
        for row in rows
    }
    return {entry_id: those for entry_id, those in found.items() if those}


def counted(found: Mapping[UUID, tuple[Caution, ...]]) -> list[tuple[Caution, int]]:
    """How many letters have each caution; those that none has are not named."""
    numbers = [(caution, sum(caution in those for those in found.values())) for caution in Caution]
    return [(caution, number) for caution, number in numbers if number]


def twenty(reader: Connection, actor: Actor, today: date) -> int:
    """How many letters are twenty years old, stand on no list and were never told to the National Archives."""
    require(may_see_archive(actor))
    item, line = t.kept_items.c, entries.c
    old = line.letter_date <= twenty_until(today.year + BUDDHIST_OFFSET - 1)
    free = [item.disposal_id.is_(None), item.handover_id.is_(None), item.deposit_id.is_(None)]
    here = item.state.in_(MAY_BE_LISTED)
    statement = select(item.entry_id).join(entries, line.id == item.entry_id)
    found = reader.execute(statement.where(item.agency_id == actor.agency_id, old, here, *free)).scalars()
    return len(set(found) - _told(reader, actor))


def _told(reader: Connection, actor: Actor) -> set[UUID]:
    handed = (t.handovers.c.agency_id == actor.agency_id, t.handovers.c.state == HandoverState.HANDED)
    lists = reader.execute(select(t.handovers.c["items"]).where(*handed)).scalars()
    return {UUID(str(one["entry_id"])) for items in lists for one in items}
