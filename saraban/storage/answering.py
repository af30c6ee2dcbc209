"""Who answers questions about documents today, out of units, posts and orders to act."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from uuid import UUID

from sqlalchemy import Connection, select

from saraban.domain.agency import AgencyId
from saraban.domain.answerers import Answerers, StandingPost, answerers
from saraban.domain.issued_kind import IssuedKind
from saraban.storage.delegations import DelegationBooks
from saraban.storage.organisation import post_of, posts_select
from saraban.storage.tables.organisation import in_force, unit_periods
from saraban.storage.tables.people import positions, units


def answerers_now(
    connection: Connection, agency_id: AgencyId, kinds: Iterable[IssuedKind], on: date
) -> Mapping[UUID, Answerers]:
    """Who answers for each of these kinds of the agency that names anybody; nothing is asked when none does."""
    named = [one for one in kinds if one.names_answerers]
    if not named:
        return {}
    rows = connection.execute(posts_select().where(positions.c.agency_id == agency_id), {"day": on}).mappings()
    orders = DelegationBooks(connection)
    ordered = orders.acted_for(agency_id, on)
    standing = []
    for post in [post_of(row) for row in rows]:
        taken = post.holder is not None
        if not taken and post.position.id in ordered:
            acting = orders.deputies(agency_id, post.position.id, on)
            taken = any(one.acting is not None and one.acting.capacity.is_whole for one in acting)
        standing.append(StandingPost(post.position.id, post.unit.id, post.position.role, taken))
    of_units = (
        select(unit_periods.c.unit_id, unit_periods.c.parent_id)
        .join(units, units.c.id == unit_periods.c.unit_id)
        .where(units.c.agency_id == agency_id, in_force(unit_periods, on))
    )
    parents = {row.unit_id: row.parent_id for row in connection.execute(of_units)}
    found = {one.id: answerers(one, standing, parents) for one in named}
    return {key: one for key, one in found.items() if one is not None}
