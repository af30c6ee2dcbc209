"""Orders by which one acts for another position: who, for which, from when until when, within which limits, and by
which document. What such an order may not be is refused here in words.

An order counts at the moment of each deed: it begins on its day, ends with it (Bangkok), and ends at once when it is
revoked. Whoever acts with the whole power of a position (Capacity.is_whole) may use what was handed on to that
position, too; power that was handed on in writing goes further only where its order says so.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum
from typing import NewType
from uuid import UUID

from saraban.domain.actor import Actor
from saraban.domain.agency import AgencyId, PersonId, PositionId
from saraban.domain.attachment import Digest
from saraban.domain.capacity import Capacity, Limits, order_words
from saraban.domain.delegation_events import DelegationEntered, DelegationRevoked
from saraban.domain.errors import BadInput, ConcurrentEdit, StageNotAllowed

DelegationId = NewType("DelegationId", UUID)
MOST_NUMBER, MOST_REASON = 200, 500


class Standing(str, Enum):
    """How an order stands on a day."""

    COMING = "coming"
    IN_FORCE = "in-force"
    ENDED = "ended"
    REVOKED = "revoked"

    @property
    def thai(self) -> str:
        """The word on screens."""
        return {
            "coming": "ยังไม่ถึงวันเริ่ม",
            "in-force": "มีผลอยู่",
            "ended": "สิ้นสุดแล้ว",
            "revoked": "ยกเลิกก่อนกำหนด",
        }[self.value]


@dataclass(frozen=True)
class Authority:
    """The document of authority: its number as it is cited, its date, and its file where it was brought."""

    number: str
    date: date
    file: Digest | None = None
    file_name: str = ""

    @property
    def words(self) -> str:
        """How it is cited, with Thai digits."""
        return order_words(self.number, self.date)


@dataclass(eq=False)
class Delegation:
    """An order that somebody (a person, or whoever holds a position) acts for a position. `may_hand_on`: he may let
    another act in turn; `under` is the order on which this one rests, when a delegate gave it."""

    id: DelegationId
    agency_id: AgencyId
    position_id: PositionId
    capacity: Capacity
    person_id: PersonId | None
    to_position_id: PositionId | None
    since: date
    until: date | None
    limits: Limits
    document: Authority
    entered_at: datetime
    entered_by: str
    may_hand_on: bool = False
    under: DelegationId | None = None
    revoked_at: datetime | None = None
    revoked_by: str = ""
    revoke_reason: str = ""
    version: int = 1

    def standing(self, on: date) -> Standing:
        """How it stands that day."""
        if self.revoked_at is not None:
            return Standing.REVOKED
        if on < self.since:
            return Standing.COMING
        return Standing.ENDED if self.until is not None and on > self.until else Standing.IN_FORCE

    def is_live(self, on: date) -> bool:
        """Does it count that day, or will it yet?"""
        return self.standing(on) in (Standing.COMING, Standing.IN_FORCE)

    def shares_days(self, other: Delegation) -> bool:
        """Is there a day on which both count?"""
        return (other.until is None or self.since <= other.until) and (self.until is None or other.since <= self.until)

    def entered(self, *, position: str, delegate: str, by: Actor, at: datetime) -> DelegationEntered:
        """The fact that it was entered, with the names of that day."""
        return DelegationEntered(
            at=at,
            by=by,
            thing_id=self.id,
            position=position,
            delegate=delegate,
            capacity=self.capacity.value,
            since=self.since,
            until=self.until,
            document=self.document.words,
        )

    def revoke(
        self, *, reason: str, position: str, delegate: str, by: Actor, at: datetime, on: date
    ) -> DelegationRevoked:
        """End it now. Raises BadInput without a reason, StageNotAllowed when it has ended."""
        if not self.is_live(on):
            raise StageNotAllowed("คำสั่งนี้สิ้นสุดหรือยกเลิกไปแล้ว")
        if not reason.strip():
            raise BadInput({"reason": "ใส่เหตุที่ยกเลิกก่อนกำหนด"})
        if len(reason.strip()) > MOST_REASON:
            raise BadInput({"reason": "เหตุยาวเกินไป ย่อให้ไม่เกิน ๕๐๐ ตัวอักษร"})
        self.revoked_at, self.revoked_by, self.revoke_reason = at, by.name, reason.strip()
        return DelegationRevoked(
            at=at, by=by, thing_id=self.id, position=position, delegate=delegate, reason=self.revoke_reason
        )

    def expect_version(self, version: int | None) -> None:
        """Raise ConcurrentEdit when the caller looked at another version (None: the caller does not care)."""
        if version is not None and version != self.version:
            raise ConcurrentEdit


@dataclass(frozen=True)
class Surroundings:
    """What an order has to fit: the day, who holds the position and with what name, the people who would act, whether
    all of them are cleared for classified letters, who enters it, the agency's live orders, and which positions each
    person holds."""

    today: date
    holders: Collection[PersonId]
    holder_name: str
    delegates: Collection[PersonId]
    cleared: bool
    enterer: PersonId | None
    others: Sequence[Delegation] = ()
    positions: Mapping[PersonId, Collection[PositionId]] = field(default_factory=dict)
    under: Delegation | None = None


def refuse_faults(new: Delegation, around: Surroundings) -> None:
    """Raise BadInput by field for an order that may not be, with words that say why."""
    wrong = _wrong_days(new, around) | _wrong_document(new) | _wrong_delegate(new, around) | _wrong_rest(new, around)
    if not wrong:
        wrong = _wrong_beside(new, around)
    if wrong:
        raise BadInput(wrong)


def _wrong_days(new: Delegation, around: Surroundings) -> dict[str, str]:
    if new.since < around.today:
        return {"since": "วันเริ่มย้อนหลังไม่ได้ ใช้วันนี้หรือวันหลังจากนี้"}
    if new.until is not None and new.until < new.since:
        return {"until": "วันสิ้นสุดอยู่ก่อนวันเริ่ม"}
    return {}


def _wrong_document(new: Delegation) -> dict[str, str]:
    number = new.document.number.strip()
    if not number:
        return {"number": "ใส่ชื่อและเลขที่ของคำสั่ง เช่น คำสั่งกรม ที่ 12/2569"}
    if len(number) > MOST_NUMBER or not number.isprintable():
        return {"number": "เลขที่คำสั่งยาวเกินไปหรือมีอักขระที่พิมพ์ไม่ได้"}
    if new.document.date > new.since:
        return {"dated": "คำสั่งลงวันที่หลังวันเริ่ม"}
    return {}


def _wrong_delegate(new: Delegation, around: Surroundings) -> dict[str, str]:
    if new.person_id is None and new.to_position_id is None:
        return {"delegate": "เลือกผู้ที่จะทำหน้าที่แทน"}
    if new.to_position_id == new.position_id or set(around.delegates) & set(around.holders):
        return {"delegate": "ผู้ดำรงตำแหน่งนี้อยู่แล้ว มอบให้ตนเองไม่ได้"}
    if not around.delegates:
        return {"delegate": "ตำแหน่งที่เลือกว่างอยู่ หรือผู้นี้ไม่มีตำแหน่งในวันนี้ จึงยังทำหน้าที่แทนใครไม่ได้"}
    if around.enterer in around.delegates:
        return {"delegate": "ผู้บันทึกคำสั่งเป็นผู้ทำหน้าที่แทนเองไม่ได้ ให้ผู้มีสิทธิคนอื่นบันทึก"}
    if not new.limits.ceiling.is_open and not around.cleared:
        return {"ceiling": "ผู้ทำหน้าที่แทนไม่ได้รับอนุญาตให้เข้าถึงชั้นความลับ เลือกเฉพาะหนังสือที่ไม่มีชั้นความลับ"}
    return {}


def _wrong_rest(new: Delegation, around: Surroundings) -> dict[str, str]:
    if new.capacity is Capacity.IN_POST and around.holders:
        return {"capacity": f"รักษาการในตำแหน่งใช้กับตำแหน่งว่าง ตำแหน่งนี้มี{around.holder_name}ดำรงอยู่ ใช้รักษาราชการแทน"}
    under = around.under
    if under is None:
        return {}
    if not under.may_hand_on:
        return {"position": f"{under.document.words} ไม่ให้มอบช่วงต่อ ผู้ดำรงตำแหน่งต้องออกคำสั่งเอง"}
    if new.capacity is not Capacity.ON_BEHALF:
        return {"capacity": "ผู้ทำหน้าที่แทนมอบช่วงได้เฉพาะปฏิบัติราชการแทน"}
    if under.until is not None and (new.until is None or new.until > under.until):
        return {"until": f"มอบช่วงได้ไม่เกินวันสิ้นสุดของ{under.document.words}"}
    if not new.limits.within(under.limits):
        return {"limits": f"มอบช่วงได้ไม่เกินขอบเขตของ{under.document.words}"}
    return {}


def _wrong_beside(new: Delegation, around: Surroundings) -> dict[str, str]:
    beside = [one for one in around.others if one.id != new.id and one.is_live(around.today) and one.shares_days(new)]
    for one in beside:
        same = one.position_id == new.position_id and one.capacity.is_whole is new.capacity.is_whole
        if same and one.id != new.under and one.limits.meets(new.limits):
            return {"position": f"ช่วงวันและขอบเขตซ้อนกับ{one.document.words} ยกเลิกคำสั่งนั้นก่อน หรือเลือกวันหรือขอบเขตอื่น"}
    if _leads_back(new, beside, around):
        return {"delegate": "คำสั่งวนกลับ: ผู้ที่เลือกมีผู้ทำหน้าที่แทนอยู่ ซึ่งคือผู้ดำรงตำแหน่งนี้เอง เลือกคนอื่น"}
    return {}


def _leads_back(new: Delegation, beside: Sequence[Delegation], around: Surroundings) -> bool:
    """Would the position come back to itself: those who act for it have others who act for them, and so on?"""
    reached, waiting = set(), _positions_of(new, around)
    while waiting:
        position = waiting.pop()
        if position == new.position_id:
            return True
        if position in reached:
            continue
        reached.add(position)
        for one in beside:
            if one.position_id == position:
                waiting |= _positions_of(one, around)
    return False


def _positions_of(one: Delegation, around: Surroundings) -> set[PositionId]:
    """The positions of those who act by an order."""
    if one.to_position_id is not None:
        return {one.to_position_id}
    return set(around.positions.get(one.person_id, ())) if one.person_id is not None else set()
