"""Groups of receivers: which a person may choose, how many are in each, and who they are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Select, func, or_, select

from saraban.domain.actor import Actor
from saraban.domain.errors import NotFound
from saraban.domain.group import EVERYBODY, EVERYBODY_NAME, PREFIX, UNDER, group_id_of, is_group
from saraban.storage.tables.people import agencies, directory
from saraban.storage.tables.people import receiver_groups as t


@dataclass(frozen=True)
class GroupRow:
    """A group that is kept: its word for a draft's receivers, how many are in it, and whose it is."""

    id: UUID
    name: str
    count: int
    personal: bool
    changed_at: datetime
    changed_by: str
    version: int
    members: tuple[str, ...]

    @property
    def token(self) -> str:
        """The word that stands for it in a draft's receivers."""
        return f"{PREFIX}{self.id}"


@dataclass(frozen=True)
class GroupChoice:
    """A group as a draft's receivers offer it."""

    token: str
    name: str
    count: int


def groups(reader: Connection, actor: Actor) -> list[GroupRow]:
    """The agency's groups and the actor's own, by name."""
    return [_row(row) for row in reader.execute(_seen(actor).order_by(t.c.name))]


def group(reader: Connection, actor: Actor, group_id: UUID) -> GroupRow:
    """One of them; NotFound for any other."""
    row = reader.execute(_seen(actor).where(t.c.id == group_id)).first()
    if row is None:
        raise NotFound
    return _row(row)


def choices(reader: Connection, actor: Actor, on: date) -> list[GroupChoice]:
    """What a draft's receivers offer: kept groups, the whole directory, and the agencies under each that has some."""
    kept = [GroupChoice(one.token, one.name, one.count) for one in groups(reader, actor)]
    in_force = or_(directory.c.valid_to.is_(None), directory.c.valid_to >= on)
    own = select(agencies.c.code).where(agencies.c.id == actor.agency_id).scalar_subquery()
    everybody = reader.execute(
        select(func.count()).select_from(directory).where(in_force, directory.c.code != own)
    ).scalar_one()
    parent = directory.alias("parent")
    below = reader.execute(
        select(parent.c.code, parent.c.name, func.count().label("n"))
        .select_from(directory.join(parent, parent.c.code == directory.c.parent))
        .where(in_force, directory.c.code != directory.c.parent, directory.c.code != own)
        .group_by(parent.c.code, parent.c.name)
        .order_by(parent.c.name)
    )
    made = [GroupChoice(EVERYBODY, EVERYBODY_NAME, everybody)] if everybody else []
    made += [GroupChoice(f"{UNDER}{row.code}", f"ส่วนราชการในสังกัด{row.name}", row.n) for row in below]
    return kept + made


def group_names(reader: Connection, tokens: Iterable[str], agency_id: UUID) -> dict[str, str]:
    """What the groups in a draft's receivers are called, also those that were taken away."""
    named: dict[str, str] = {}
    for token in (one for one in tokens if is_group(one)):
        group_id = group_id_of(token)
        if token == EVERYBODY:
            named[token] = EVERYBODY_NAME
        elif token.startswith(UNDER):
            code = token.removeprefix(UNDER)
            name = reader.execute(select(directory.c.name).where(directory.c.code == code)).scalar()
            named[token] = f"ส่วนราชการในสังกัด{name or code}"
        elif group_id is not None:
            found = select(t.c.name).where(t.c.id == group_id, t.c.agency_id == agency_id)
            if name := reader.execute(found).scalar():
                named[token] = f"กลุ่ม {name}"
    return named


def _seen(actor: Actor) -> Select[Any]:
    return select(t).where(
        t.c.agency_id == actor.agency_id, t.c.active, or_(t.c.owner_id.is_(None), t.c.owner_id == actor.person_id)
    )


def _row(row: Any) -> GroupRow:
    members = tuple(row.members)
    return GroupRow(
        row.id, row.name, len(members), row.owner_id is not None, row.changed_at, row.changed_by, row.version, members
    )
