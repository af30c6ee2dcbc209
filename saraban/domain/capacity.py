"""In which capacity somebody acts for another position (annex 3, and the act on the administration of the state), and
within which limits the order allows it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Any
from uuid import UUID

from saraban.domain.agency import UnitId
from saraban.domain.calendar import long_date
from saraban.domain.classification import Form, Secrecy
from saraban.domain.joining import joined
from saraban.domain.numbering import thai_digits

_LEVELS = list(Secrecy)


class Capacity(str, Enum):
    """How one acts for a position that is not one's own. All but ON_BEHALF have the whole power of the position while
    nobody, or nobody who is there, holds it; ON_BEHALF has what was handed on in writing, beside its holder."""

    DEPUTY = "deputy"
    ON_BEHALF = "on-behalf"
    IN_PLACE = "in-place"
    IN_POST = "in-post"
    STAND_IN = "stand-in"

    @property
    def thai(self) -> str:
        """The words that are printed before the position."""
        return _CAPACITY_THAI[self]

    @property
    def wire(self) -> str:
        """The word of a manifest's signatory."""
        return _CAPACITY_WIRE[self]

    @property
    def is_whole(self) -> bool:
        """True when whoever acts stands in the place of the holder."""
        return self is not Capacity.ON_BEHALF


_CAPACITY_THAI = {
    Capacity.DEPUTY: "รักษาราชการแทน",
    Capacity.ON_BEHALF: "ปฏิบัติราชการแทน",
    Capacity.IN_PLACE: "ทำการแทน",
    Capacity.IN_POST: "รักษาการในตำแหน่ง",
    Capacity.STAND_IN: "รักษาการแทน",
}
_CAPACITY_WIRE = {
    Capacity.DEPUTY: "acting",
    Capacity.ON_BEHALF: "on-behalf",
    Capacity.IN_PLACE: "deputising",
    Capacity.IN_POST: "acting",
    Capacity.STAND_IN: "acting",
}


@dataclass(frozen=True)
class Limits:
    """What an order covers: documents of these forms and letters of these units (all, when none is named), up to a
    class of secrecy, and letters that came in as well or not."""

    forms: tuple[Form, ...] = ()
    units: tuple[UnitId, ...] = ()
    ceiling: Secrecy = Secrecy.OPEN
    incoming: bool = True

    def levels(self) -> tuple[Secrecy, ...]:
        """The classes of secrecy that it covers."""
        return tuple(_LEVELS[: _LEVELS.index(self.ceiling) + 1])

    def beyond(self, *, unit_id: UnitId | None, secrecy: Secrecy, form: Form | None) -> str:
        """Why a letter lies outside, in Thai; empty when it is covered. `form` is None for a letter that came in."""
        if secrecy not in self.levels():
            return f"ชั้น{secrecy.thai}"
        if self.units and unit_id not in self.units:
            return "ของหน่วยงานอื่น"
        if form is None:
            return "" if self.incoming else "ที่รับเข้ามา"
        return f"แบบ{form.thai}" if self.forms and form not in self.forms else ""

    def within(self, other: Limits) -> bool:
        """Does it cover nothing that the other does not?"""
        return (
            set(self.levels()) <= set(other.levels())
            and (not other.forms or bool(self.forms and set(self.forms) <= set(other.forms)))
            and (not other.units or bool(self.units and set(self.units) <= set(other.units)))
            and (other.incoming or not self.incoming)
        )

    def meets(self, other: Limits) -> bool:
        """Is there a letter that both cover?"""
        if self.units and other.units and not set(self.units) & set(other.units):
            return False
        same_form = not (self.forms and other.forms) or bool(set(self.forms) & set(other.forms))
        return same_form or (self.incoming and other.incoming)


@dataclass(frozen=True)
class Acting:
    """That somebody acts for a position. `key` names the choice (the ids of the orders), `own_lines` are the lines of
    his own post, which may itself be one that he acts in; `for_name` is the holder of the position, empty while it is
    vacant; `order` the words of the order, and `limits` those of every order that it takes: all of them bind.
    `may_hand_on`: he may let another act in turn."""

    key: str
    delegation_id: UUID
    capacity: Capacity
    own_lines: tuple[str, ...]
    for_title: str
    for_name: str
    order: str
    limits: tuple[Limits, ...] = (Limits(),)
    until: date | None = None
    may_hand_on: bool = False

    @property
    def lines(self) -> tuple[str, ...]:
        """What is printed below the name (annex 3): his own post, then the capacity with the position."""
        return (*self.own_lines, joined(self.capacity.thai, self.for_title))

    @property
    def title(self) -> str:
        """The same in one line."""
        return " ".join(self.lines)

    @property
    def for_whom(self) -> str:
        """For whom he acts, in words."""
        return f"{self.for_title} ({self.for_name or 'ตำแหน่งว่าง'})"

    def covers(self, secrecy: Secrecy) -> bool:
        """Does every order reach letters of this class?"""
        return all(secrecy in one.levels() for one in self.limits)

    def beyond(self, *, unit_id: UnitId | None, secrecy: Secrecy, form: Form | None) -> str:
        """Why a letter lies outside of what the order allows, with the order, in Thai; empty when it is covered."""
        for one in self.limits:
            if told := one.beyond(unit_id=unit_id, secrecy=secrecy, form=form):
                return f"{self.order} ให้{self.capacity.thai} {self.for_title} ไม่รวมหนังสือ{told}"
        return ""


def told_title(by: Mapping[str, Any]) -> str:
    """The title of somebody as the journal keeps it, with the name of him for whom he acted."""
    holder = (by.get("acting") or {}).get("holder", "")
    return f"{by['title']} (แทน {holder})" if holder else str(by["title"])


def order_words(number: str, day: date) -> str:
    """How an order is cited: "คำสั่งที่ ๑๒/๒๕๖๙ ลงวันที่ ๑ ตุลาคม ๒๕๖๙"."""
    return thai_digits(f"{number} ลงวันที่ {long_date(day)}")
