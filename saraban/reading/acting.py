"""In which capacities somebody may act today, and what waits in each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Select, func, select

from saraban.domain.actor import Actor
from saraban.domain.attachment import Digest
from saraban.reading.desk import on_desk
from saraban.storage.capacities import capacities_of_person, capacities_of_token
from saraban.storage.tables.desk import turns


def of_person(reader: Connection, person_id: UUID, on: date) -> list[Actor]:
    """Everything that the person may act as on that day: the own posts first, the newest before the others, then by
    orders. Nothing for an account that is closed or holds no post."""
    return capacities_of_person(reader, person_id, on)


def of_token(reader: Connection, sha256: Digest, on: date) -> list[Actor]:
    """The same of the person for whom a program speaks, by the digest of its token; nothing when it is revoked or
    unknown."""
    return capacities_of_token(reader, sha256, on)


def waiting_in(reader: Connection, capacities: Sequence[Actor]) -> list[int]:
    """How many letters wait for each of these capacities, in one statement."""
    return list(reader.execute(_waiting(tuple(capacities))).one()) if capacities else []


@lru_cache(maxsize=256)
def _waiting(capacities: tuple[Actor, ...]) -> Select[Any]:
    counts = [
        select(func.count()).select_from(turns).where(on_desk(one)).scalar_subquery().label(f"n{number}")
        for number, one in enumerate(capacities)
    ]
    return select(*counts)
