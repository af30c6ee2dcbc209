"""Borrowing letters (clauses 62 to 64) and the card that stands in their place (form 24).

asked → permitted → out → returned; asked → refused; asked or permitted → withdrawn
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum
from typing import Any
from uuid import UUID

from saraban.domain import loan_events as events
from saraban.domain.actor import Actor
from saraban.domain.agency import AgencyId, PersonId, PositionRole, UnitId
from saraban.domain.errors import BadInput, StageNotAllowed
from saraban.domain.keeping import expect_short
from saraban.domain.numbering import thai_digits

USUAL_DAYS, LONGEST_DAYS = 15, 90
"""For how long letters are lent where nothing else is said, and at most at a time: the regulation fixes no number."""
HEADS = frozenset({PositionRole.DIRECTOR, PositionRole.HEAD})
"""Who borrows and permits by his own post; others need a mandate (clauses 62.3 and 62.4)."""


class LoanState(str, Enum):
    """Where a loan stands."""

    ASKED = "asked"
    PERMITTED = "permitted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    OUT = "out"
    RETURNED = "returned"

    @property
    def thai(self) -> str:
        """The state in words."""
        return _STATES[self]

    @property
    def open(self) -> bool:
        """Is something still to come?"""
        return self in OPEN_LOANS


_STATES = {
    LoanState.ASKED: "รออนุญาต",
    LoanState.PERMITTED: "อนุญาตแล้ว รอรับหนังสือ",
    LoanState.REFUSED: "ไม่อนุญาต",
    LoanState.WITHDRAWN: "ยกเลิกคำขอ",
    LoanState.OUT: "ยืมออก",
    LoanState.RETURNED: "ส่งคืนแล้ว",
}
OPEN_LOANS = (LoanState.ASKED, LoanState.PERMITTED, LoanState.OUT)


@dataclass(frozen=True)
class Borrower:
    """Who borrows: an officer of the agency, or (without an id) one of another agency, which is then `unit`. `head`:
    his post is one that borrows by itself; `mandate`: the order by which he does it for such a one."""

    name: str
    title: str
    unit: str
    person_id: PersonId | None = None
    head: bool = False
    mandate: str = ""

    @classmethod
    def of(cls, actor: Actor, mandate: str = "") -> Borrower:
        """An officer as he acts."""
        return cls(actor.name, actor.title, actor.unit_name, actor.person_id, actor.role in HEADS, mandate.strip())

    def faults(self, evidence: str) -> dict[str, str]:
        """What is missing, by field, in Thai."""
        wrong = {}
        if self.person_id is None:
            said = (
                ("borrower", self.name, "ชื่อผู้ยืม"),
                ("title", self.title, "ตำแหน่งผู้ยืม"),
                ("agency", self.unit, "ชื่อส่วนราชการผู้ยืม"),
            )
            wrong = {name: f"ใส่{what}" for name, text, what in said if not text.strip()}
            if not evidence.strip():
                wrong["evidence"] = "ใส่หนังสือขอยืมของส่วนราชการนั้น ลงนามโดยหัวหน้าระดับกองขึ้นไปหรือผู้ได้รับมอบหมาย"
        elif not (self.head or self.mandate):
            wrong["mandate"] = "ผู้ยืมต้องเป็นหัวหน้าระดับแผนกขึ้นไป หรือใส่ผู้มอบหมายและคำสั่งที่มอบหมายให้ยืม"
        return wrong


@dataclass(eq=False)
class Loan:
    """One loan of a letter. `unit_id` owns the letter; `subject_of` is set for an electronic one, which is read in the
    system while the loan is out. `evidence` is the letter or the mandate that asks for it (clause 62.2)."""

    id: UUID
    agency_id: AgencyId
    entry_id: UUID
    unit_id: UnitId | None
    subject_of: UUID | None
    year: int
    serial: int
    borrower_id: PersonId | None
    borrower: str
    borrower_title: str
    borrower_unit: str
    purpose: str
    evidence: str
    due_on: date
    asked_at: datetime
    asked_by: str
    asker_id: PersonId | None
    state: LoanState = LoanState.ASKED
    answered_at: datetime | None = None
    answered_by: str = ""
    answered_title: str = ""
    reason: str = ""
    lent_on: date | None = None
    lent_by: str = ""
    lender_id: PersonId | None = None
    receiver: str = ""
    receiver_title: str = ""
    called: int = 0
    called_on: date | None = None
    returned_on: date | None = None
    returned_by: str = ""
    taken_by: str = ""
    version: int = 1

    @property
    def number(self) -> str:
        """The number of the card."""
        return f"{self.serial}/{self.year}"

    @property
    def outside(self) -> bool:
        """Is the borrower of another agency?"""
        return self.borrower_id is None

    @property
    def electronic(self) -> bool:
        """Is it read in the system?"""
        return self.subject_of is not None

    def late(self, today: date) -> int:
        """So many days have gone by since it was due back; 0 when it is not late."""
        return max(0, (today - self.due_on).days) if self.state is LoanState.OUT else 0

    def permit(self, *, by: Actor, at: datetime) -> events.LoanPermitted:
        """It may be borrowed."""
        self._answer(LoanState.PERMITTED, by, at)
        return events.LoanPermitted(**self._fact(by, at))

    def refuse(self, reason: str, *, by: Actor, at: datetime) -> events.LoanRefused:
        """It may not, and why. Raises BadInput."""
        if not reason.strip():
            raise BadInput({"reason": "ใส่เหตุผลที่ไม่อนุญาต"})
        expect_short(reason=reason)
        self._answer(LoanState.REFUSED, by, at)
        self.reason = reason.strip()
        return events.LoanRefused(**self._fact(by, at), reason=self.reason)

    def withdraw(self, *, by: Actor, at: datetime) -> events.LoanWithdrawn:
        """It is needed no longer."""
        self._expect(LoanState.ASKED, LoanState.PERMITTED)
        self.state = LoanState.WITHDRAWN
        return events.LoanWithdrawn(**self._fact(by, at))

    def lend(self, receiver: str, title: str, on: date, *, by: Actor, at: datetime) -> events.LoanLent:
        """The keeper gives it to who signs for it (62.2): the borrower, or whom he sends. Raises BadInput when the day
        on which it should be back has gone by."""
        self._expect(LoanState.PERMITTED)
        if self.due_on < on:
            raise BadInput({"due_on": "พ้นกำหนดส่งคืนที่ขอไว้แล้ว ให้ผู้ยืมขอใหม่"})
        sent = receiver.strip() and receiver.strip() != self.borrower
        expect_short(order=receiver, way=title)
        self.receiver = receiver.strip() if sent else self.borrower
        self.receiver_title = title.strip() if sent else self.borrower_title
        self.state, self.lent_on, self.lent_by, self.lender_id = LoanState.OUT, on, by.name, by.person_id
        return events.LoanLent(**self._fact(by, at), receiver=self.receiver, due_on=self.due_on)

    def renew(self, due_on: date, today: date, *, by: Actor, at: datetime) -> events.LoanRenewed:
        """It may be kept longer. Raises BadInput for a day that is not later."""
        self._expect(LoanState.OUT)
        if due_on <= self.due_on:
            raise BadInput({"due_on": "ใส่วันหลังกำหนดส่งคืนเดิม"})
        expect_term(due_on, today)
        self.due_on = due_on
        return events.LoanRenewed(**self._fact(by, at), due_on=due_on)

    def call(self, on: date, *, by: Actor, at: datetime) -> events.LoanCalled:
        """Ask for it back (62.2), at most once a day."""
        self._expect(LoanState.OUT)
        if self.called_on == on:
            raise StageNotAllowed("วันนี้ทวงถามแล้ว", code="called-today")
        self.called, self.called_on = self.called + 1, on
        return events.LoanCalled(**self._fact(by, at), time=self.called)

    def give_back(self, returner: str, on: date, *, by: Actor, at: datetime) -> events.LoanReturned:
        """It is back, brought by the borrower or by whom he sent."""
        self._expect(LoanState.OUT)
        expect_short(order=returner)
        self.returned_by = returner.strip() or self.borrower
        self.state, self.returned_on, self.taken_by = LoanState.RETURNED, on, by.name
        return events.LoanReturned(**self._fact(by, at), returner=self.returned_by)

    def asked(self, *, by: Actor) -> events.LoanAsked:
        """That it was asked for."""
        return events.LoanAsked(**self._fact(by, self.asked_at), due_on=self.due_on)

    def _answer(self, state: LoanState, by: Actor, at: datetime) -> None:
        self._expect(LoanState.ASKED)
        self.state, self.answered_at, self.answered_by, self.answered_title = state, at, by.name, by.title

    def _expect(self, *states: LoanState) -> None:
        if self.state not in states:
            raise StageNotAllowed(f"การยืมนี้{self.state.thai}")

    def _fact(self, by: Actor, at: datetime) -> dict[str, Any]:
        facts = {"entry_id": self.entry_id, "loan": self.id, "number": self.number, "borrower": self.borrower}
        return {"at": at, "by": by, **facts}


def expect_term(due_on: date, today: date) -> None:
    """Raise BadInput for a day on which nothing can be due back."""
    if due_on < today:
        raise BadInput({"due_on": "กำหนดส่งคืนต้องไม่ก่อนวันนี้"})
    if due_on > today + timedelta(days=LONGEST_DAYS):
        raise BadInput({"due_on": thai_digits(f"ยืมได้ครั้งละไม่เกิน {LONGEST_DAYS} วัน ต่อเวลาได้ภายหลัง")})


def expect_asked(borrower: Borrower, purpose: str, evidence: str, due_on: date, today: date) -> None:
    """Raise BadInput for a request that does not say what clause 62 asks for."""
    wrong = borrower.faults(evidence)
    if not purpose.strip():
        wrong["purpose"] = "ใส่ว่าจะนำไปใช้ในราชการใด"
    try:
        expect_term(due_on, today)
    except BadInput as error:
        wrong |= error.fields
    if wrong:
        raise BadInput(wrong)
    expect_short(purpose=purpose, evidence=evidence, borrower=borrower.name, title=borrower.title, agency=borrower.unit)
