"""Keeping groups of receivers: make one, paste into it, take from it, take it away."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import uuid4

from saraban.domain.actor import Actor
from saraban.domain.agency import Correspondent
from saraban.domain.calendar import office_date
from saraban.domain.errors import BadInput
from saraban.domain.group import GroupId, ReceiverGroup
from saraban.domain.group_events import GroupKept, GroupRetired
from saraban.domain.permissions import may_keep_group, may_see_group, require
from saraban.usecases.books import UnitOfWork
from saraban.usecases.ports import Services

_LINES, _WITHIN, _SPACES = re.compile(r"[\r\n\t;]+"), re.compile(r"[,，]+"), re.compile(r"\s+")
_MOST_TEXT = 2_000_000


@dataclass(frozen=True)
class Pasted:
    """What a pasted list holds: codes in their order, lines that nobody knows, lines that several are called by."""

    codes: tuple[str, ...]
    unknown: tuple[str, ...] = ()
    several: tuple[str, ...] = ()

    @property
    def not_found(self) -> tuple[str, ...]:
        """All lines that were not taken over."""
        return (*self.unknown, *self.several)


def read_list(office: Services, *, actor: Actor, text: str) -> Pasted:
    """Whom a pasted list names: a code, a name, an abbreviation or an address in a line, or divided by tabs, semicolons
    or commas. Retired agencies, and the agency itself, are unknown."""
    if len(text) > _MOST_TEXT:
        raise BadInput({"text": "รายการที่วางยาวเกินไป แบ่งวางทีละส่วน"})
    with office.uow() as uow:
        return _read(uow, office, actor, text)


def keep_group(
    office: Services,
    *,
    actor: Actor,
    name: str,
    text: str = "",
    add: Sequence[str] = (),
    drop: Iterable[str] = (),
    group_id: GroupId | None = None,
    for_all: bool = False,
    version: int | None = None,
) -> tuple[ReceiverGroup, Pasted]:
    """Make a group, or change the one with this id: its name, members pasted as `text` or named by their codes, and
    members taken away. `for_all`: a new one is the whole agency's. Returns it, with what the text held.

    Raises NotFound, NotPermitted, BadInput by field, ConcurrentEdit over a stale version.
    """
    now, gone = office.clock.now(), set(drop)
    with office.uow() as uow:
        if group_id is None:
            require(may_keep_group(actor, None if for_all else actor.person_id))
            owner = None if for_all else actor.person_id
            group = ReceiverGroup(GroupId(uuid4()), actor.agency_id, owner, "", (), now, actor.name)
        else:
            group = uow.groups.get(actor.agency_id, group_id)
            require(may_see_group(actor, group))
            require(may_keep_group(actor, group.owner_id))
            group.expect_version(version)
        pasted = _read(uow, office, actor, "\n".join((text, *add)))
        members = [code for code in (*group.members, *pasted.codes) if code not in gone]
        group.change(name, members, by=actor.name, at=now)
        if group_id is None:
            uow.groups.add(group)
        else:
            uow.groups.save(group)
        uow.record(GroupKept(at=now, by=actor, thing_id=group.id, called=group.name, members=len(group.members)))
        uow.commit()
    return group, pasted


def retire_group(office: Services, *, actor: Actor, group_id: GroupId) -> None:
    """Take a group away. Letters that it was used in keep their receivers; drafts with it must choose another."""
    now = office.clock.now()
    with office.uow() as uow:
        group = uow.groups.get(actor.agency_id, group_id)
        require(may_see_group(actor, group))
        require(may_keep_group(actor, group.owner_id))
        if not group.active:
            return
        group.active = False
        uow.groups.save(group)
        uow.record(GroupRetired(at=now, by=actor, thing_id=group.id, called=group.name))
        uow.commit()


def _read(uow: UnitOfWork, office: Services, actor: Actor, text: str) -> Pasted:
    lines = [line.strip() for line in _LINES.split(text) if line.strip()]
    if not lines:
        return Pasted(())
    today, own = office_date(office.clock.now()), uow.agencies.get(actor.agency_id).code
    known = [one for one in uow.directory.listed(today) if one.code != own]
    known += [one.as_correspondent() for one in uow.outsiders.listed(actor.agency_id)]
    index = _index(known)
    codes: dict[str, None] = {}
    unknown: dict[str, None] = {}
    several: dict[str, None] = {}
    for line in lines:
        parts = [line] if _normal(line) in index else [part for part in _WITHIN.split(line) if part.strip()]
        for part in parts:
            found = index.get(_normal(part), ())
            if len(found) == 1:
                codes[found[0]] = None
            else:
                (several if found else unknown)[part.strip()[:200]] = None
    return Pasted(tuple(codes), tuple(unknown), tuple(several))


def _index(known: Sequence[Correspondent]) -> Mapping[str, tuple[str, ...]]:
    """Codes by everything that somebody is called; a code or an address is nobody else's name."""
    by_name: dict[str, dict[str, None]] = {}
    for one in known:
        for called in (one.name, one.abbr):
            if called:
                by_name.setdefault(_normal(called), {})[one.code] = None
    index = {name: tuple(codes) for name, codes in by_name.items()}
    for one in known:
        index[_normal(one.mailbox)] = (one.code,)
    for one in known:
        index[_normal(one.code)] = (one.code,)
    return index


def _normal(text: str) -> str:
    return _SPACES.sub("", text).casefold()
