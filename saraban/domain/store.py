"""The store of files: what was found in it, and what nothing names any more was taken out of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from saraban.domain.events import DomainEvent

PLAUSIBLE = 100
PART = 4


def is_too_much(ripe: int, files: int) -> bool:
    """Is it more than `PLAUSIBLE` files, and more than a quarter (`PART`) of all, that nothing has named for so long?
    Then the store is rather looked at beside a database that is not its own, of which every file is unnamed: a person
    has to say that they go."""
    return ripe > PLAUSIBLE and ripe * PART > files


@dataclass(frozen=True)
class SweepTrace:
    """A look through the whole store: when, by whom ("" for the worker by night), how many files with how many octets
    lie there, how many of them nothing names, how many of those have been so for long enough to be removed and were
    left there, how many were removed, how many the disk did not let go, and how many files are named and missing, with
    the places in words."""

    id: UUID
    at: datetime
    by: str
    files: int
    octets: int
    unnamed: int
    unnamed_octets: int
    ripe: int
    ripe_octets: int
    removed: int
    removed_octets: int
    stuck: int
    missing: int
    words: str

    @property
    def held_back(self) -> bool:
        """Was so much left that the worker does not remove it by itself?"""
        return is_too_much(self.ripe, self.files)


@dataclass(frozen=True, kw_only=True)
class StoreSwept(DomainEvent):
    """Files that nothing had named for long enough were taken off the disk."""

    name = "store.swept"
    thing_id: UUID
    files: int
    octets: int
