"""The store of files: what was found in it, and what nothing names any more was taken out of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from saraban.domain.events import DomainEvent


@dataclass(frozen=True)
class SweepTrace:
    """A look through the whole store: when, by whom ("" for the worker by night), how many files with how many octets
    lie there, how many of them nothing names, how many of those have been so for long enough to be removed and were
    still there after it, how many were removed, and how many files are named and missing, with the places in words."""

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
    missing: int
    words: str


@dataclass(frozen=True, kw_only=True)
class StoreSwept(DomainEvent):
    """Files that nothing had named for long enough were taken off the disk."""

    name = "store.swept"
    thing_id: UUID
    files: int
    octets: int
