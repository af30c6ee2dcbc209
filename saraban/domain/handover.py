"""Lists of letters that leave for the National Archives after twenty years, or that do not though they might: บัญชีส่งมอบ
(form 21) and บัญชีที่ขอเก็บเอง (form 22), clauses 58 and 59."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from enum import Enum
from typing import Any
from uuid import UUID

from saraban.domain.actor import Actor
from saraban.domain.agency import AgencyId
from saraban.domain.calendar import BUDDHIST_OFFSET, office_date
from saraban.domain.disposal_item import day_of
from saraban.domain.errors import BadInput, RuleBroken, StageNotAllowed
from saraban.domain.events import DomainEvent
from saraban.domain.keeping import KeepingState, KeptItem, expect_short
from saraban.domain.numbering import thai_digits
from saraban.domain.retention import Basis

YEARS = 20
APART = "apart:"
MAY_BE_LISTED = tuple(one for one in KeepingState if not one.gone and one is not KeepingState.WORKING)
"""How a letter is kept that may stand on a list."""


class HandoverKind(str, Enum):
    """What becomes of the letters on a list, by the number of its form."""

    TRANSFER = "21"
    OWN = "22"

    @property
    def thai(self) -> str:
        """The list in words."""
        return {"21": "บัญชีส่งมอบหนังสือครบ ๒๐ ปี", "22": "บัญชีหนังสือครบ ๒๐ ปีที่ขอเก็บเอง"}[self.value]


class HandoverState(str, Enum):
    """Where a list stands."""

    DRAWN = "drawn"
    HANDED = "handed"

    @property
    def thai(self) -> str:
        """The state in words."""
        return {"drawn": "รอส่ง", "handed": "ส่งแล้ว"}[self.value]


@dataclass(frozen=True, kw_only=True)
class HandoverDrawn(DomainEvent):
    """A list was drawn up."""

    name = "handover.drawn"
    thing_id: UUID
    form: str
    year: int
    items: int


@dataclass(frozen=True, kw_only=True)
class HandoverGiven(DomainEvent):
    """The letters, or the list of those that are kept, went to the National Archives."""

    name = "handover.given"
    thing_id: UUID
    form: str
    on: date
    number: str
    items: int


@dataclass(frozen=True, kw_only=True)
class HandoverPacked(DomainEvent):
    """The package of a list was made, with every file of its letters."""

    name = "handover.packed"
    thing_id: UUID
    form: str
    items: int


@dataclass(frozen=True)
class HandoverItem:
    """A letter on the list: the columns of forms 21 and 22; words of classified letters are not among them."""

    entry_id: UUID
    file_code: str
    number: str
    letter_date: date | None
    register_number: str
    subject: str
    note: str = ""

    @classmethod
    def from_plain(cls, kept: Mapping[str, Any]) -> HandoverItem:
        """The one that was kept as JSON."""
        return cls(**{**kept, "entry_id": UUID(kept["entry_id"]), "letter_date": day_of(kept["letter_date"])})


@dataclass(eq=False)
class HandoverList:
    """A list of a Buddhist calendar year. `receiver` is the officer who took it over. `asked`: it is of letters
    that the National Archives asked for when they saw a list of form 25 (clause 70.2), whatever their age.
    `packed_at`: when its package was made last, with every file of what stands on it; `packed` says of each letter what
    it was then, as a digest behind the letter's id, after `APART` when it is classified and goes another way."""

    id: UUID
    agency_id: AgencyId
    kind: HandoverKind
    year: int
    serial: int
    items: tuple[HandoverItem, ...]
    drawn_at: datetime
    drawn_by: str
    drawn_title: str = ""
    state: HandoverState = HandoverState.DRAWN
    handed_on: date | None = None
    number: str = ""
    receiver: str = ""
    handed_by: str = ""
    handed_title: str = ""
    asked: bool = False
    packed_at: datetime | None = None
    packed: dict[str, str] = field(default_factory=dict)
    version: int = 1

    @property
    def thai(self) -> str:
        """The list in words."""
        return "บัญชีส่งมอบหนังสือที่หอจดหมายเหตุแห่งชาติขอ" if self.asked else self.kind.thai

    @property
    def called(self) -> str:
        """The list with its number."""
        return thai_digits(f"{self.thai} {self.serial}/{self.year}")

    def is_late(self, today: date) -> bool:
        """Did its deadline go by before it went?"""
        waits = self.state is HandoverState.DRAWN and self.deadline is not None
        return waits and today > (self.deadline or today)

    @property
    def deadline(self) -> date | None:
        """The last day of January of the year after (clause 58), or of the next January when it was drawn up later;
        None for letters that were asked for."""
        drawn = office_date(self.drawn_at)
        last = date(max(self.year + 1 - BUDDHIST_OFFSET, drawn.year), 1, 31)
        return None if self.asked else last if drawn <= last else date(last.year + 1, 1, 31)

    @property
    def apart(self) -> int:
        """How many classified letters its package leaves out."""
        return sum(one.startswith(APART) for one in self.packed.values()) if self.packed_at is not None else 0

    def pack(self, packed: Mapping[str, str], *, by: Actor, at: datetime) -> HandoverPacked:
        """Its package is made, of its letters as they were (`HandoverList.packed`)."""
        self.packed_at, self.packed = at, dict(packed)
        return HandoverPacked(at=at, by=by, thing_id=self.id, form=self.kind.value, items=len(self.items))

    def expect_packed(self, electronic: int, now: Mapping[UUID, str], *, apart: bool) -> None:
        """Raise RuleBroken when so many electronic letters would go without their package, when letters have changed
        since it was made (`now` tells what each is: `no-package`), and when it leaves classified ones out and nobody
        says that those go `apart` (`secret-apart`)."""
        if self.kind is not HandoverKind.TRANSFER:
            return
        if self.packed_at is None:
            if electronic:
                words = f"บัญชีนี้มีหนังสืออิเล็กทรอนิกส์ {electronic} ฉบับ ทำชุดส่งมอบให้ครบก่อนบันทึกการส่ง"
                raise RuleBroken(thai_digits(words), code="no-package")
            return
        then = {one: digest.removeprefix(APART) for one, digest in self.packed.items()}
        changed = [
            place
            for place, one in enumerate(self.items, start=1)
            if then.get(str(one.entry_id)) != now.get(one.entry_id)
        ]
        if changed:
            places = ", ".join(map(str, changed[:5])) + (" …" if len(changed) > 5 else "")
            words = f"หนังสือ {len(changed)} ฉบับมีไฟล์หรือรายการที่เปลี่ยนหลังทำชุดส่งมอบ (ลำดับที่ {places}) ทำชุดใหม่ก่อนบันทึกการส่ง"
            raise RuleBroken(thai_digits(words), code="no-package")
        if self.apart and not apart:
            words = f"ชุดส่งมอบไม่มีหนังสือชั้นความลับ {self.apart} ฉบับ ยืนยันว่าส่งมอบฉบับเหล่านั้นด้วยวิธีอื่นแล้ว"
            raise RuleBroken(thai_digits(words), code="secret-apart")

    def hand_over(self, on: date, number: str, receiver: str, *, by: Actor, at: datetime) -> HandoverGiven:
        """It went to the National Archives, by this letter, and who received it."""
        if self.state is not HandoverState.DRAWN:
            raise StageNotAllowed(f"บัญชีนี้{self.state.thai}")
        if not number.strip():
            raise BadInput({"number": "ใส่เลขที่หนังสือนำส่ง"})
        expect_short(order=number, receiver=receiver)
        self.state, self.handed_on, self.number, self.receiver = (
            HandoverState.HANDED,
            on,
            number.strip(),
            receiver.strip(),
        )
        self.handed_by, self.handed_title = by.name, by.title
        return HandoverGiven(
            at=at, by=by, thing_id=self.id, form=self.kind.value, on=on, number=self.number, items=len(self.items)
        )


def why_own(item: KeptItem) -> str:
    """Why a letter of twenty years stays with its agency (clause 58.1 to 58.3), in Thai; empty when it goes. What the
    National Archives asked for goes whatever its class."""
    if item.held_by is not None:
        return "ระงับการทำลายและส่งมอบ"
    if item.asked_by is not None:
        return ""
    if item.basis is Basis.SECRET:
        return "หนังสือที่ต้องสงวนเป็นความลับ"
    if item.basis is Basis.CASE:
        return "มีกฎหมายหรือระเบียบกำหนดไว้เป็นอย่างอื่น"
    return ""


def is_twenty(letter_date: date | None, year: int) -> bool:
    """Is a letter of that day twenty years old by the end of this Buddhist year?"""
    return letter_date is not None and letter_date <= twenty_until(year)


def twenty_until(year: int) -> date:
    """The last day on which a letter was made that is twenty years old by the end of this Buddhist year."""
    return date(year - BUDDHIST_OFFSET - YEARS, 12, 31)


def handover_of(row: Mapping[str, Any]) -> HandoverList:
    """The list whose fields are in a row, its items as plain JSON values."""
    values = {f.name: row[f.name] for f in fields(HandoverList)}
    return HandoverList(**values | {"items": tuple(HandoverItem.from_plain(one) for one in values["items"])})
