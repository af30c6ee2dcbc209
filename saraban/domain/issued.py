"""A document that an agency issues to a person or a company, from its first word to its end.

draft → waiting (for its approvers, one after another) → approved → issued; waiting, approved → draft (returned);
draft → void
issued ⇄ suspended; issued, suspended → revoked, replaced. That it expired follows from its last day.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any, NewType
from uuid import UUID

from saraban.domain import issued_events as events
from saraban.domain.actor import Actor
from saraban.domain.agency import AgencyId, PersonId, PositionId, UnitId
from saraban.domain.attachment import Digest
from saraban.domain.errors import BadInput, ConcurrentEdit, RuleBroken, StageNotAllowed
from saraban.domain.issued_kind import IssuedKind, IssuedKindId, Marks, Validity, year_of
from saraban.domain.late_stamp import LateStamp, Stamped
from saraban.domain.verification import DocumentState

IssuedId = NewType("IssuedId", UUID)
LONGEST_REASON = 500


class IssuedState(str, Enum):
    """Where a document stands."""

    DRAFT = "draft"
    WAITING = "waiting"
    APPROVED = "approved"
    ISSUED = "issued"
    SUSPENDED = "suspended"
    REVOKED = "revoked"
    REPLACED = "replaced"
    VOID = "void"

    @property
    def thai(self) -> str:
        """The state in words."""
        return _STATES[self]

    @property
    def is_out(self) -> bool:
        """Was it issued, whatever became of it?"""
        return self in OUT


_STATES = {
    IssuedState.DRAFT: "ร่าง",
    IssuedState.WAITING: "รออนุมัติ",
    IssuedState.APPROVED: "รอลงนาม",
    IssuedState.ISSUED: "ใช้ได้",
    IssuedState.SUSPENDED: "พักใช้",
    IssuedState.REVOKED: "ยกเลิก",
    IssuedState.REPLACED: "ถูกแทนที่",
    IssuedState.VOID: "ไม่ออกเอกสาร",
}
OUT = (IssuedState.ISSUED, IssuedState.SUSPENDED, IssuedState.REVOKED, IssuedState.REPLACED)
_NEXT = {
    IssuedState.DRAFT: (IssuedState.WAITING, IssuedState.APPROVED, IssuedState.VOID),
    IssuedState.WAITING: (IssuedState.APPROVED, IssuedState.DRAFT),
    IssuedState.APPROVED: (IssuedState.ISSUED, IssuedState.DRAFT),
    IssuedState.ISSUED: (IssuedState.SUSPENDED, IssuedState.REVOKED, IssuedState.REPLACED),
    IssuedState.SUSPENDED: (IssuedState.ISSUED, IssuedState.REVOKED, IssuedState.REPLACED),
}
_PUBLIC = {
    IssuedState.ISSUED: DocumentState.VALID,
    IssuedState.SUSPENDED: DocumentState.SUSPENDED,
    IssuedState.REVOKED: DocumentState.CANCELLED,
    IssuedState.REPLACED: DocumentState.REPLACED,
}


class Follows(str, Enum):
    """Why a document comes after another: that one runs out, or it was wrong or lost."""

    RENEWAL = "renewal"
    REPLACEMENT = "replacement"

    @property
    def thai(self) -> str:
        """The word on screens."""
        return {"renewal": "ต่ออายุ", "replacement": "ออกแทน"}[self.value]


@dataclass(frozen=True)
class Earlier:
    """The document that another follows: its id, its number and its last day."""

    id: IssuedId
    number: str
    valid_until: date | None = None


@dataclass(eq=False)
class IssuedDocument:
    """One document. `values` are those of the kind's fields by key; `edition` is that of the kind in which it was put
    before others; `passed` counts the approvers who let it go on; `digest` and `size` are those of the signed file,
    `level` how far its signatures are proven (PAdES), `untimed` in Thai why they have no time-stamp though an authority
    is set up, and `code` that of the verification. `state_on` is the day since when it is suspended, revoked or
    replaced, and `reason` why; `note` is what it was returned with. `withheld` from the public register, and
    `withheld_because`; whoever has its code looks it up all the same."""

    id: IssuedId
    agency_id: AgencyId
    kind_id: IssuedKindId
    unit_id: UnitId
    holder_name: str
    holder_id: str
    values: dict[str, str]
    made_at: datetime
    changed_at: datetime
    drafter_id: PersonId | None
    drafted_by: str
    state: IssuedState = IssuedState.DRAFT
    edition: int = 0
    note: str = ""
    passed: int = 0
    approved_at: datetime | None = None
    approved_by: str = ""
    approved_title: str = ""
    year: int | None = None
    serial: int | None = None
    number: str = ""
    issued_on: date | None = None
    valid_until: date | None = None
    signed_at: datetime | None = None
    signed_by: str = ""
    signed_title: str = ""
    digest: Digest | None = None
    size: int = 0
    level: str = ""
    untimed: str = ""
    code: str = ""
    follows: IssuedId | None = None
    followed_as: Follows | None = None
    replaced_by: IssuedId | None = None
    state_on: date | None = None
    reason: str = ""
    withheld: bool = False
    withheld_because: str = ""
    version: int = 1

    # --- how it stands --------------------------------------------------------------------------------------------

    def public_state(self, today: date) -> DocumentState | None:
        """How it stands that day for anybody who asks; None while it is not issued."""
        return public_state(self.state, self.valid_until, today)

    def before(self, kind: IssuedKind) -> PositionId | None:
        """Before whom it lies while it waits for an approval or a signature."""
        return kind.approver(self.passed) if self.state is IssuedState.WAITING else kind.signer_id

    def content_digest(self) -> Digest:
        """The digest of what it says: who approves and who signs have this before them."""
        said = [self.holder_name, self.holder_id, self.values, self.edition]
        return Digest.of(json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode())

    def expect_version(self, version: int | None) -> None:
        """Raise ConcurrentEdit when the caller looked at another version (None: the caller does not care)."""
        if version is not None and version != self.version:
            raise ConcurrentEdit("เอกสารนี้ถูกแก้หรือดำเนินการต่อหลังจากท่านเปิด เปิดใหม่แล้วทำอีกครั้ง")

    # --- before it is issued --------------------------------------------------------------------------------------

    def drafted(self, kind: IssuedKind, *, by: Actor) -> events.IssuedDrafted:
        """That it was begun."""
        return events.IssuedDrafted(**self._fact(kind, by, self.made_at), follows=self.follows)

    def revise(
        self, kind: IssuedKind, holder_name: str, holder_id: str, values: Mapping[str, str], *, by: Actor, at: datetime
    ) -> events.IssuedRevised:
        """Say something else on it. Raises BadInput by field."""
        self._expect(IssuedState.DRAFT)
        self.holder_name, self.holder_id, self.values = kind.checked(holder_name, holder_id, values)
        self.changed_at = at
        return events.IssuedRevised(**self._fact(kind, by, at), content=self.content_digest())

    def submit(self, kind: IssuedKind, *, by: Actor, at: datetime) -> events.IssuedSubmitted:
        """Put it before the first approver, or before the signer where nobody approves. Raises BadInput when it no
        longer fits the kind."""
        kind.checked(self.holder_name, self.holder_id, self.values)
        self._move(IssuedState.WAITING if kind.approvers else IssuedState.APPROVED, at)
        self.edition, self.note, self.passed = kind.edition, "", 0
        return events.IssuedSubmitted(**self._fact(kind, by, at), content=self.content_digest())

    def approve(self, kind: IssuedKind, *, by: Actor, at: datetime) -> events.IssuedApproved:
        """It goes on to the next approver, and to the signer after the last."""
        self._expect(IssuedState.WAITING)
        self._expect_edition(kind)
        self.passed += 1
        if self.passed >= len(kind.approvers):
            self._move(IssuedState.APPROVED, at)
        self.changed_at = at
        self.approved_at, self.approved_by, self.approved_title = at, by.name, " ".join(by.lines)
        return events.IssuedApproved(**self._fact(kind, by, at), content=self.content_digest())

    def send_back(self, kind: IssuedKind, reason: str, *, by: Actor, at: datetime) -> events.IssuedReturned:
        """Back to who drafted it, and why. Raises BadInput."""
        self._expect(IssuedState.WAITING, IssuedState.APPROVED)
        self.note = _told(reason, "ใส่เหตุผลที่ส่งคืน")
        self._move(IssuedState.DRAFT, at)
        self.passed = 0
        self.approved_at, self.approved_by, self.approved_title = None, "", ""
        return events.IssuedReturned(**self._fact(kind, by, at), reason=self.note)

    def drop(self, kind: IssuedKind, reason: str, *, by: Actor, at: datetime) -> events.IssuedDropped:
        """It is not going to be issued. A reason is asked for when it had taken a number. Raises BadInput."""
        self._expect(IssuedState.DRAFT)
        self.reason = _told(reason, "ใส่เหตุผลที่ยกเลิกเลข") if self.number else reason.strip()[:LONGEST_REASON]
        self._move(IssuedState.VOID, at)
        return events.IssuedDropped(**self._fact(kind, by, at), reason=self.reason)

    # --- issuing --------------------------------------------------------------------------------------------------

    def expect_signable(self, kind: IssuedKind) -> None:
        """Raise unless it waits for its signature in the edition of the kind that holds now."""
        self._expect(IssuedState.APPROVED)
        self._expect_edition(kind)

    def needs_number(self, kind: IssuedKind, on: date) -> bool:
        """Has it no number yet that may be used that day? A number of an earlier year may not."""
        return not self.number or (kind.yearly and self.year != year_of(on))

    def take_number(
        self, kind: IssuedKind, serial: int, year: int, *, by: Actor, at: datetime
    ) -> events.IssuedNumbered:
        """The number under which it is going to be issued. It keeps it when signing fails."""
        void, self.serial, self.year = self.number, serial, year
        self.number = kind.number(serial, year)
        return events.IssuedNumbered(**self._fact(kind, by, at), void=void)

    def date_it(self, kind: IssuedKind, on: date, earlier: Earlier | None = None) -> None:
        """The day of its issue and its last. A renewal counts from the last day of the one before, when that is still
        to come, so that the holder loses none."""
        renews = earlier is not None and self.followed_as is Follows.RENEWAL and earlier.valid_until is not None
        counted = max(on, earlier.valid_until) if renews and earlier and earlier.valid_until else on
        self.issued_on = on
        if renews and kind.validity is Validity.YEAR_END and counted > on:
            counted = date(counted.year + 1, 1, 1)
        self.valid_until = kind.validity.until(counted, kind.validity_amount)

    def issue(
        self, kind: IssuedKind, page: Digest, size: int, *, level: str, untimed: str = "", by: Actor, at: datetime
    ) -> events.IssuedSigned:
        """It was signed: its bytes are these from now on. `level` and `untimed` as they are kept."""
        self.expect_signable(kind)
        self._move(IssuedState.ISSUED, at)
        self.digest, self.size, self.level, self.untimed = page, size, level, untimed
        self.signed_at, self.signed_by, self.signed_title = at, by.name, " ".join(by.lines)
        return events.IssuedSigned(
            **self._fact(kind, by, at),
            page=page,
            content=self.content_digest(),
            level=level,
            trouble=untimed,
            sealed=kind.marks is not Marks.SIGNATURE,
            valid_until=self.valid_until,
        )

    def wants_stamp(self, at: datetime) -> LateStamp | None:
        """The time-stamp that it is to get later; None when it needs none."""
        if not self.untimed or self.digest is None:
            return None
        return LateStamp.wanted(Stamped.ISSUED, self.agency_id, self.id, self.digest, at, self.untimed)

    # --- after it was issued --------------------------------------------------------------------------------------

    def suspend(self, kind: IssuedKind, reason: str, on: date, *, by: Actor, at: datetime) -> events.IssuedSuspended:
        """It does not hold for the time being. Raises BadInput."""
        self._expect_alive(on)
        self._expect(IssuedState.ISSUED)
        self._end(IssuedState.SUSPENDED, _told(reason, "ใส่เหตุผลที่พักใช้"), on, at)
        return events.IssuedSuspended(**self._fact(kind, by, at), reason=self.reason)

    def resume(self, kind: IssuedKind, reason: str, on: date, *, by: Actor, at: datetime) -> events.IssuedResumed:
        """It holds again. Raises BadInput."""
        self._expect_alive(on)
        self._expect(IssuedState.SUSPENDED)
        told = _told(reason, "ใส่เหตุผลที่ให้ใช้ต่อ")
        self._end(IssuedState.ISSUED, told, on, at)
        self.state_on = None
        return events.IssuedResumed(**self._fact(kind, by, at), reason=told)

    def revoke(self, kind: IssuedKind, reason: str, on: date, *, by: Actor, at: datetime) -> events.IssuedRevoked:
        """It holds no longer. Raises BadInput."""
        self._end(IssuedState.REVOKED, _told(reason, "ใส่เหตุผลที่ยกเลิก"), on, at)
        return events.IssuedRevoked(**self._fact(kind, by, at), reason=self.reason)

    def give_way(
        self, kind: IssuedKind, following: IssuedDocument, on: date, *, by: Actor, at: datetime
    ) -> events.IssuedReplaced:
        """Another document takes its place."""
        as_what = following.followed_as or Follows.REPLACEMENT
        self._end(IssuedState.REPLACED, f"{as_what.thai}ด้วยฉบับใหม่", on, at)
        self.replaced_by = following.id
        return events.IssuedReplaced(**self._fact(kind, by, at), by_number=following.number, replaced_by=following.id)

    def expect_follower(self, as_what: Follows, today: date) -> None:
        """Raise unless another document may take its place. What was revoked is not renewed; what expired is."""
        if self.state not in (IssuedState.ISSUED, IssuedState.SUSPENDED):
            raise StageNotAllowed(f"เอกสารนี้{self.state.thai} จึง{as_what.thai}ไม่ได้")
        if as_what is Follows.RENEWAL and self.valid_until is None:
            raise RuleBroken("เอกสารนี้ไม่มีวันหมดอายุ จึงไม่ต้องต่ออายุ", code="no-end")
        if as_what is Follows.RENEWAL and self.state is IssuedState.SUSPENDED:
            raise StageNotAllowed("เอกสารนี้พักใช้อยู่ ให้ใช้ต่อก่อนแล้วจึงต่ออายุ")
        if as_what is Follows.REPLACEMENT and self.public_state(today) is DocumentState.EXPIRED:
            raise StageNotAllowed("เอกสารนี้หมดอายุแล้ว ใช้การต่ออายุแทน")

    def withhold(self, kind: IssuedKind, reason: str, *, by: Actor, at: datetime) -> events.IssuedWithheld:
        """Keep it out of the public register, as its holder may ask (Personal Data Protection Act, section 32). Raises
        BadInput."""
        if self.withheld:
            raise StageNotAllowed("เอกสารนี้ไม่แสดงในทะเบียนสาธารณะอยู่แล้ว")
        self.withheld, self.withheld_because = True, _told(reason, "ใส่เหตุผลที่ไม่แสดงในทะเบียนสาธารณะ")
        self.changed_at = at
        return events.IssuedWithheld(**self._fact(kind, by, at), reason=self.withheld_because)

    def show_again(self, kind: IssuedKind, reason: str, *, by: Actor, at: datetime) -> events.IssuedShownAgain:
        """Let the public register show it again. Raises BadInput."""
        if not self.withheld:
            raise StageNotAllowed("เอกสารนี้ไม่ได้งดแสดงในทะเบียนสาธารณะ")
        told = _told(reason, "ใส่เหตุผลที่ให้แสดงในทะเบียนสาธารณะ")
        self.withheld, self.withheld_because, self.changed_at = False, "", at
        return events.IssuedShownAgain(**self._fact(kind, by, at), reason=told)

    def printed(self, kind: IssuedKind, *, by: Actor, at: datetime, by_holder: bool = False) -> events.IssuedPrinted:
        """That somebody printed it out; the gateway for its holder."""
        return events.IssuedPrinted(**self._fact(kind, by, at), by_holder=by_holder)

    # --- within ---------------------------------------------------------------------------------------------------

    def _expect(self, *states: IssuedState) -> None:
        if self.state not in states:
            raise StageNotAllowed(f"เอกสารนี้{self.state.thai} จึงทำรายการนี้ไม่ได้")

    def _expect_alive(self, on: date) -> None:
        if self.public_state(on) is DocumentState.EXPIRED:
            raise StageNotAllowed("เอกสารนี้หมดอายุแล้ว จึงทำรายการนี้ไม่ได้")

    def _expect_edition(self, kind: IssuedKind) -> None:
        if self.edition != kind.edition:
            raise RuleBroken("ชนิดเอกสารนี้ถูกแก้หลังจากเสนอ ส่งคืนผู้จัดทำเพื่อตรวจและเสนอใหม่", code="kind-changed")

    def _move(self, state: IssuedState, at: datetime) -> None:
        if state not in _NEXT.get(self.state, ()):
            raise StageNotAllowed(f"เอกสารนี้{self.state.thai} จึงทำรายการนี้ไม่ได้")
        self.state, self.changed_at = state, at

    def _end(self, state: IssuedState, reason: str, on: date, at: datetime) -> None:
        self._move(state, at)
        self.state_on, self.reason = on, reason

    def _fact(self, kind: IssuedKind, by: Actor, at: datetime) -> dict[str, Any]:
        return {"at": at, "by": by, "thing_id": self.id, "kind": kind.code, "number": self.number}


def public_state(state: IssuedState, valid_until: date | None, today: date) -> DocumentState | None:
    """How a document stands that day for anybody who asks: one that is valid or suspended has expired after its last
    day. None while it is not issued."""
    found = _PUBLIC.get(state)
    if found in (DocumentState.VALID, DocumentState.SUSPENDED) and valid_until is not None and valid_until < today:
        return DocumentState.EXPIRED
    return found


def _told(reason: str, missing: str) -> str:
    words = " ".join(reason.split())
    if not words:
        raise BadInput({"reason": missing})
    if len(words) > LONGEST_REASON:
        raise BadInput({"reason": f"ยาวเกิน {LONGEST_REASON} ตัวอักษร"})
    return words
