"""What is looked for in the index of letters and lines, and what it gives."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

SHORTEST = 3
SUBJECT, MARKS, WORDS, SCANS = "subject", "marks", "words", "scans"
HEADS = frozenset({SUBJECT, MARKS})


@dataclass(frozen=True)
class Group:
    """One thing that must occur: any of the ways of writing it, in any of the columns."""

    ways: tuple[str, ...]
    columns: tuple[str, ...]

    @property
    def indexed(self) -> bool:
        """Can the index find it?"""
        return all(len(way) >= SHORTEST for way in self.ways)

    @property
    def in_heads(self) -> bool:
        """Is it looked for in subjects and marks alone?"""
        return HEADS.issuperset(self.columns)

    def within(self, other: Group) -> bool:
        """Has a row that has this the other, too?"""
        same_columns = set(self.columns) <= set(other.columns)
        return same_columns and all(any(wide in way for wide in other.ways) for way in self.ways)


@dataclass(frozen=True)
class Wanted:
    """What rows must have: all of the groups, one of the signs of `scope`, all of the signs of `narrowed`."""

    groups: tuple[Group, ...]
    scope: tuple[str, ...]
    narrowed: tuple[str, ...] = ()

    def within(self, other: Wanted) -> bool:
        """Has a row that has the groups of this those of the other, too?"""
        return all(any(one.within(wide) for one in self.groups) for wide in other.groups)


@dataclass(frozen=True)
class Place:
    """A row of the index: `id` tells the order, `kind` what its owner is."""

    id: int
    owner_id: UUID
    kind: str
