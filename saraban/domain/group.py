"""Groups of receivers: named lists that stand in a draft's receivers, and those that the directory itself makes.

A group stands in the receivers of a draft as a word of its own (`group:…`). When the draft is submitted its members of
that day take its place; how many each group gave is kept, so that a letter that comes back can be told by its groups.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import NewType
from uuid import UUID

from saraban.domain.agency import AgencyId, PersonId
from saraban.domain.errors import BadInput, ConcurrentEdit

GroupId = NewType("GroupId", UUID)
PREFIX, UNDER = "group:", "group:under:"
EVERYBODY = "group:all"
EVERYBODY_NAME = "ทั้งทำเนียบ"
MOST_NAME, MOST_MEMBERS = 120, 20_000


@dataclass(frozen=True)
class GroupUse:
    """A group in a letter's receivers: its word, its name then, and how many receivers it gave that stood in no other
    before it."""

    token: str
    name: str
    count: int


def fault_of_name(name: str, example: str) -> str:
    """What is wrong with the name of a group, in Thai; empty when nothing is."""
    if not name:
        return f"ใส่ชื่อกลุ่ม เช่น {example}"
    if len(name) > MOST_NAME or not name.isprintable():
        return "ชื่อกลุ่มยาวเกิน ๑๒๐ ตัวอักษรหรือมีอักขระที่พิมพ์ไม่ได้"
    return ""


@dataclass(eq=False)
class ReceiverGroup:
    """A list of receivers of an agency. `owner_id` is the person whose own it is, None for one that all use; `members`
    are codes as they stand in a letter's receivers."""

    id: GroupId
    agency_id: AgencyId
    owner_id: PersonId | None
    name: str
    members: tuple[str, ...]
    changed_at: datetime
    changed_by: str
    active: bool = True
    version: int = 1

    @property
    def token(self) -> str:
        """The word that stands for it in a draft's receivers."""
        return f"{PREFIX}{self.id}"

    def expect_version(self, version: int | None) -> None:
        """Raise ConcurrentEdit when the caller looked at another version (None: the caller does not care)."""
        if version is not None and version != self.version:
            raise ConcurrentEdit

    def change(self, name: str, members: Iterable[str], *, by: str, at: datetime) -> None:
        """Give it another name and other members, each once and in their order. Raises BadInput by field."""
        name, kept = " ".join(name.split()), tuple(dict.fromkeys(members))
        wrong: dict[str, str] = {}
        if fault := fault_of_name(name, "สำนักงานจังหวัดทุกแห่ง"):
            wrong["name"] = fault
        if len(kept) > MOST_MEMBERS:
            wrong["members"] = "กลุ่มหนึ่งมีได้ไม่เกิน ๒๐,๐๐๐ แห่ง"
        if wrong:
            raise BadInput(wrong)
        self.name, self.members, self.changed_by, self.changed_at = name, kept, by, at


def is_group(code: str) -> bool:
    """Does a group stand under this word of a draft's receivers?"""
    return code.startswith(PREFIX)


def group_id_of(token: str) -> GroupId | None:
    """The id in the word of a kept group; None for the groups of the directory and for what is no group."""
    try:
        return GroupId(UUID(token.removeprefix(PREFIX))) if is_group(token) else None
    except ValueError:
        return None
