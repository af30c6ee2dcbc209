"""Who answers, today, what other agencies ask about a kind of document: whom the kind names, and who stands in for them
while all those posts are vacant."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from saraban.domain.agency import PositionId, PositionRole, UnitId
from saraban.domain.issued_kind import IssuedKind


@dataclass(frozen=True)
class StandingPost:
    """A post as it stands on a day. `taken`: somebody holds it, or acts in it with its whole power."""

    id: PositionId
    unit: UnitId
    role: PositionRole
    taken: bool


@dataclass(frozen=True)
class Answerers:
    """`units` are those that are named and all below them. While every post that is named, by itself or by its unit, is
    vacant, `heads` answer, who direct the units of those posts; and where there are none either, the `registry`: the
    central clerks and the records officer."""

    units: frozenset[UnitId] = frozenset()
    heads: frozenset[PositionId] = frozenset()
    registry: bool = False

    @property
    def stand_in(self) -> bool:
        """Do others answer than those who are named?"""
        return self.registry or bool(self.heads)

    def include(self, unit: UnitId | None, post: PositionId | None) -> bool:
        """Is who holds this post in this unit among the units and heads?"""
        return unit in self.units or post in self.heads


def answerers(
    kind: IssuedKind, posts: Collection[StandingPost], parents: Mapping[UnitId, UnitId | None]
) -> Answerers | None:
    """Who answers for a kind. `posts`: all of the agency; `parents`: of each unit the one under which it stands. None
    for a kind that names nobody."""
    if not kind.names_answerers:
        return None
    units = frozenset(one for one in parents if _within(one, set(kind.answer_units), parents))
    able = [one for one in posts if one.role is not PositionRole.ADMIN]
    named = [one for one in able if one.unit in units or one.id in kind.answer_posts]
    if any(one.taken for one in named):
        return Answerers(units)
    theirs = {one.unit for one in named} | units
    directing = (PositionRole.DIRECTOR, PositionRole.HEAD)
    heads = frozenset(one.id for one in able if one.taken and one.unit in theirs and one.role in directing)
    return Answerers(units, heads, registry=not heads)


def _within(unit: UnitId, named: Collection[UnitId], parents: Mapping[UnitId, UnitId | None]) -> bool:
    seen: set[UnitId] = set()
    at: UnitId | None = unit
    while at is not None and at not in seen:
        if at in named:
            return True
        seen.add(at)
        at = parents.get(at)
    return False
