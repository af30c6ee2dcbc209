"""A letter on its way through keeping (clauses 52 to 57), told by its line of the register, which stays when the letter
is gone.

working → finished ⇄ checking; finished or checking → listed (form 19) → stored (form 20) → destroyed or transferred
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from uuid import UUID

from saraban.domain.actor import Actor
from saraban.domain.agency import AgencyId, UnitId
from saraban.domain.calendar import years_after
from saraban.domain.errors import BadInput, StageNotAllowed
from saraban.domain.keeping_events import (
    HoldLifted,
    HoldPlaced,
    KeepingClassified,
    KeepingExtended,
    KeepingMoved,
    KeepingPlaced,
)
from saraban.domain.numbering import thai_digits
from saraban.domain.retention import Basis, RetentionClass, Term

ELECTRONIC_YEARS = 10
"""Electronic letters are kept more than so many years before any of them may be destroyed (amendment 4)."""
LENT = "มีผู้ยืม ยังไม่ส่งคืน"
IN_WORK = "นำกลับมาปฏิบัติแล้ว ยังไม่เสร็จ"
ON_DISPOSAL = "อยู่ในบัญชีหนังสือขอทำลาย กำหนดหมวดหรืออายุการเก็บใหม่ได้เมื่อพ้นบัญชีแล้ว"
_LISTS = ("บัญชีฝากหนังสือ", "บัญชีหนังสือขอทำลาย", "บัญชีหนังสือครบ ๒๐ ปีที่ยังไม่ส่ง")
_PLACES = {"room": "ห้อง", "shelf": "ชั้น", "box": "กล่อง"}
_MOST = {"reason": 500, "order": 200, "room": 100, "shelf": 100, "box": 100}


class KeepingState(str, Enum):
    """How a letter is kept (clause 52), or what became of it."""

    WORKING = "working"
    FINISHED = "finished"
    CHECKING = "checking"
    LISTED = "listed"
    STORED = "stored"
    TRANSFERRED = "transferred"
    DESTROYED = "destroyed"

    @property
    def thai(self) -> str:
        """The state in words."""
        return _STATES[self]

    @property
    def gone(self) -> bool:
        """True when the letter is no longer here."""
        return self in (KeepingState.TRANSFERRED, KeepingState.DESTROYED)

    @property
    def why_line_stays(self) -> str:
        """Why its line of the register takes nothing any more, in Thai; empty while the letter is here."""
        return f"หนังสือนี้{self.thai} รายการในทะเบียนคงไว้ตามเดิม แนบไฟล์ แก้ไข หรือยกเลิกไม่ได้" if self.gone else ""


_STATES = {
    KeepingState.WORKING: "เก็บระหว่างปฏิบัติ",
    KeepingState.FINISHED: "ปฏิบัติเสร็จแล้ว",
    KeepingState.CHECKING: "เก็บไว้เพื่อใช้ในการตรวจสอบ",
    KeepingState.LISTED: "ส่งเก็บแล้ว รอหน่วยเก็บรับ",
    KeepingState.STORED: "เก็บที่หน่วยเก็บ",
    KeepingState.TRANSFERRED: "ส่งมอบหอจดหมายเหตุแห่งชาติแล้ว",
    KeepingState.DESTROYED: "ทำลายแล้ว",
}


@dataclass(frozen=True)
class Place:
    """Where the paper stands."""

    room: str = ""
    shelf: str = ""
    box: str = ""

    @property
    def thai(self) -> str:
        """The place in words; empty when none is known."""
        return " ".join(f"{caption} {words}" for name, caption in _PLACES.items() if (words := getattr(self, name)))


@dataclass(eq=False)
class KeptItem:
    """How the letter of a line is kept. `electronic`: the letter itself is electronic, whatever was printed of it (see
    `paper`); `paper_destroyed_on`: when the paper beside it went; `held_by`: the hold that stops its disposal;
    `storing_id`, `disposal_id` and `deposit_id`: the list on which it stands now; `loan_id`: the loan by which it is
    out. `store_year` and `store_serial` are its number in form 20. `next_survey`: the Buddhist year whose survey may
    propose it again, when the head has kept it till then. `asked_by`: the list of form 25 in whose answer the National
    Archives asked for it. `extended_until`, `extended_forever`: to when they or the committee had it kept longer, which
    no class shortens."""

    entry_id: UUID
    agency_id: AgencyId
    subject_of: UUID | None
    unit_id: UnitId | None
    electronic: bool
    class_code: str
    basis: Basis
    file_code: str = ""
    state: KeepingState = KeepingState.WORKING
    finished_on: date | None = None
    until_year: int | None = None
    forever: bool = False
    room: str = ""
    shelf: str = ""
    box: str = ""
    held_by: UUID | None = None
    storing_id: UUID | None = None
    store_year: int | None = None
    store_serial: int | None = None
    stored_on: date | None = None
    disposal_id: UUID | None = None
    loan_id: UUID | None = None
    deposit_id: UUID | None = None
    handover_id: UUID | None = None
    next_survey: int | None = None
    paper_destroyed_on: date | None = None
    asked_by: UUID | None = None
    extended_until: int | None = None
    extended_forever: bool = False
    version: int = 1

    @property
    def term(self) -> Term:
        """Until when it is kept, from the day on which it was finished."""
        return Term(self.until_year, self.forever)

    @property
    def mark(self) -> str:
        """The words of ตรากำหนดเก็บหนังสือ; empty while it is in work, when no period runs yet."""
        return "" if self.finished_on is None else self.term.thai

    @property
    def place(self) -> Place:
        """Where the paper stands."""
        return Place(self.room, self.shelf, self.box)

    @property
    def paper(self) -> bool:
        """Is there paper of it? Of an electronic letter when it is known where that stands."""
        return not self.electronic or bool(self.place.thai)

    @property
    def sides(self) -> tuple[bool, ...]:
        """What of it may be destroyed, each by its own rule: the paper (False), the electronic letter (True)."""
        return (False,) * self.paper + (True,) * self.electronic

    # --- how long, and where ------------------------------------------------------------------------------------

    def classify(self, kind: RetentionClass, file_code: str, *, by: Actor, at: datetime) -> KeepingClassified:
        """Give it its class and its group of the file plan; a period that runs is counted anew, and ends no earlier
        than it was extended to. Raises StageNotAllowed when it is gone or on a list for destruction."""
        self._expect_here()
        if self.disposal_id is not None:
            raise StageNotAllowed(f"หนังสือนี้{ON_DISPOSAL}", code="on-disposal-list")
        self.class_code, self.basis, self.file_code = kind.code, kind.basis, file_code
        if self.finished_on is not None:
            self._run(kind.term(self.finished_on))
        return KeepingClassified(
            at=at, by=by, entry_id=self.entry_id, class_code=kind.code, file_code=file_code, mark=self.mark
        )

    def finish(self, kind: RetentionClass, on: date, *, by: Actor, at: datetime) -> KeepingMoved:
        """The matter is done with (clause 54): its period runs from that day."""
        if self.state is not KeepingState.WORKING:
            raise StageNotAllowed(f"หนังสือนี้{self.state.thai}")
        self.state, self.finished_on = KeepingState.FINISHED, on
        self._run(kind.term(on))
        return self._moved(by, at)

    def keep_for_checking(self, *, by: Actor, at: datetime) -> KeepingMoved:
        """It stays with its owner, who uses it regularly (clause 56)."""
        self._move(KeepingState.CHECKING, (KeepingState.FINISHED,), "ทำได้เมื่อปฏิบัติเสร็จแล้วและยังไม่ส่งเก็บ")
        return self._moved(by, at)

    def take_up_again(self, *, by: Actor, at: datetime) -> KeepingMoved:
        """It is not done with after all; no period runs."""
        still = (KeepingState.FINISHED, KeepingState.CHECKING)
        self._move(KeepingState.WORKING, still, "นำกลับมาปฏิบัติได้เมื่อยังไม่ส่งเก็บ")
        self.finished_on, self.until_year, self.forever = None, None, False
        return self._moved(by, at)

    def stand(self, place: Place, *, by: Actor, at: datetime) -> KeepingPlaced:
        """The paper stands there; an electronic letter that has a place has paper beside it, and none without. Raises
        StageNotAllowed when that would change while it stands on a list for destruction."""
        self._expect_here()
        had = self.paper
        for name in ("room", "shelf", "box"):
            setattr(self, name, " ".join(getattr(place, name).split()))
        expect_short(room=self.room, shelf=self.shelf, box=self.box)
        if self.paper is not had and self.disposal_id is not None:
            raise StageNotAllowed("หนังสือนี้อยู่ในบัญชีหนังสือขอทำลาย เพิ่มหรือลบที่เก็บกระดาษไม่ได้ แก้ได้เฉพาะว่าอยู่ที่ใด")
        return KeepingPlaced(at=at, by=by, entry_id=self.entry_id, place=self.place.thai)

    def extend(self, term: Term, *, reason: str, by: Actor, at: datetime) -> KeepingExtended:
        """Keep it longer; the mark is corrected (clause 68.2). Raises BadInput for a year that is not later."""
        if term == Term() or not term.after(self.term):
            raise BadInput({"until": f"ใส่ปีที่หลังกำหนดเดิม ({self.term.thai})"})
        self.extended_until, self.extended_forever = term.year, term.forever
        self._run(term)
        return KeepingExtended(at=at, by=by, entry_id=self.entry_id, mark=term.thai, reason=reason)

    # --- into the store (clauses 54 and 55) -----------------------------------------------------------------------

    def send_to_store(self, storing_id: UUID) -> None:
        """It stands on a list of form 19."""
        still = (KeepingState.FINISHED, KeepingState.CHECKING)
        self._move(KeepingState.LISTED, still, "ส่งเก็บได้เฉพาะหนังสือที่ปฏิบัติเสร็จแล้วและยังไม่ส่งเก็บ")
        self.storing_id = storing_id

    def come_back(self) -> None:
        """The list was sent back to its unit."""
        self._move(KeepingState.FINISHED, (KeepingState.LISTED,), "หนังสือนี้ไม่ได้อยู่ในบัญชีส่งเก็บ")
        self.storing_id = None

    def store(self, year: int, serial: int, on: date) -> None:
        """It is in the store, under this number of form 20."""
        self._move(KeepingState.STORED, (KeepingState.LISTED,), "หนังสือนี้ไม่ได้อยู่ในบัญชีส่งเก็บ")
        self.store_year, self.store_serial, self.stored_on = year, serial, on

    def come_stored(self, year: int, serial: int, on: date, *, by: Actor, at: datetime) -> KeepingMoved:
        """It was in the store before the system was used, since that day; it has this number of form 20 from now on."""
        self._move(KeepingState.STORED, (KeepingState.FINISHED,), "เก็บที่หน่วยเก็บได้เฉพาะหนังสือที่ปฏิบัติเสร็จแล้ว")
        self.store_year, self.store_serial, self.stored_on = year, serial, on
        return self._moved(by, at)

    # --- out of the house (clauses 60 and 62) -----------------------------------------------------------------------

    def lend(self, loan_id: UUID) -> None:
        """It is out by this loan, from the store or from its owner (clause 64)."""
        self._expect_here()
        if self.loan_id is not None:
            raise StageNotAllowed(f"หนังสือนี้{LENT}", code="lent")
        if self.disposal_id is not None:
            raise StageNotAllowed("หนังสือนี้อยู่ในบัญชีหนังสือขอทำลาย จึงให้ยืมไม่ได้")
        self.loan_id = loan_id

    def deposit(self, deposit_id: UUID) -> None:
        """It stands on a list of form 23: kept elsewhere, and still its owner's (clause 60)."""
        self._expect_here()
        if self.finished_on is None or self.state is KeepingState.LISTED:
            raise StageNotAllowed(f"ฝากได้เมื่อปฏิบัติเสร็จแล้ว ขณะนี้{self.state.thai}")
        lists = zip(_LISTS, (self.deposit_id, self.disposal_id, self.handover_id), strict=True)
        if where := next((name for name, listed in lists if listed is not None), ""):
            raise StageNotAllowed(f"หนังสือนี้อยู่ใน{where}แล้ว")
        if self.loan_id is not None:
            raise StageNotAllowed(f"หนังสือนี้{LENT}", code="lent")
        self.deposit_id = deposit_id

    # --- what stops its disposal ----------------------------------------------------------------------------------

    def hold(self, hold: LegalHold, *, by: Actor, at: datetime) -> HoldPlaced:
        """Stop every disposal of it, also one that is on its way."""
        self._expect_here()
        if self.held_by is not None:
            raise StageNotAllowed("หนังสือนี้ระงับการทำลายไว้แล้ว", code="held-already")
        self.held_by = hold.id
        return HoldPlaced(at=at, by=by, entry_id=self.entry_id, reason=hold.reason, order=hold.order)

    def release(self, reason: str, *, by: Actor, at: datetime) -> HoldLifted:
        """The hold is over."""
        self.held_by = None
        return HoldLifted(at=at, by=by, entry_id=self.entry_id, reason=reason)

    def why_not_due(self, year: int, today: date, *, electronic: bool) -> str:
        """Why its paper, or the electronic letter, may not be proposed for destruction in the survey of this Buddhist
        year, in Thai; empty when it may. Paper goes when its period is over and it is in the store or deposited;
        electronic letters when they were kept more than ten years besides, are no archives (amendment 4), and what was
        printed of them is gone."""
        if electronic not in self.sides:
            return "ไม่มีฉบับอิเล็กทรอนิกส์" if electronic else "ไม่มีฉบับกระดาษ"
        if self.state.gone or self.finished_on is None:
            return self.state.thai
        if self.stopped or self.asked_by is not None:
            return self.stopped or "หอจดหมายเหตุแห่งชาติให้ส่งมอบ"
        if self.disposal_id is not None or self.handover_id is not None:
            return "อยู่ในบัญชีหนังสือขอทำลายแล้ว" if self.disposal_id is not None else "อยู่ในบัญชีหนังสือครบ ๒๐ ปี"
        if not self.term.over(year):
            return self.term.thai
        if self.next_survey is not None and year < self.next_survey:
            return thai_digits(f"หัวหน้าส่วนราชการให้เก็บไว้จนถึงการสำรวจประจำปี {self.next_survey}")
        if electronic:
            if years_after(self.finished_on, ELECTRONIC_YEARS) >= today:
                return "หนังสืออิเล็กทรอนิกส์เก็บยังไม่เกิน ๑๐ ปี"
            return "ยังมีฉบับกระดาษ ทำลายตามบัญชีหนังสือกระดาษก่อน" if self.paper else ""
        away = self.state is KeepingState.STORED or self.deposit_id is not None
        return "" if away else "ยังไม่ได้ส่งเก็บที่หน่วยเก็บ"

    @property
    def stopped(self) -> str:
        """What stops every disposal of it, in Thai; empty when nothing does."""
        if self.held_by is not None:
            return "ระงับการทำลาย"
        in_work = IN_WORK if self.state is KeepingState.WORKING else ""
        return LENT if self.loan_id is not None else in_work

    def destroy(self) -> None:
        """It is destroyed; its line stays."""
        self.may_go()
        self.state, self.disposal_id = KeepingState.DESTROYED, None

    def destroy_paper(self, on: date) -> None:
        """The paper beside an electronic letter is destroyed; the letter stays, and has no paper any more."""
        self.may_go()
        self.room = self.shelf = self.box = ""
        self.disposal_id, self.deposit_id, self.paper_destroyed_on = None, None, on

    def transfer(self) -> None:
        """It was handed over to the National Archives."""
        self.may_go()
        self.state, self.disposal_id, self.handover_id = KeepingState.TRANSFERRED, None, None

    def may_go(self) -> None:
        """Raise StageNotAllowed while something stops its disposal, it is in work (again), or when it is gone."""
        self._expect_here()
        if self.held_by is not None:
            raise StageNotAllowed("หนังสือนี้ระงับการทำลายไว้", code="on-hold")
        if why := self.stopped:
            raise StageNotAllowed(f"หนังสือนี้{why}", code="lent" if self.loan_id is not None else "in-work")

    def _run(self, term: Term) -> None:
        longer = Term(None if self.extended_forever else self.extended_until or 0, self.extended_forever)
        term = longer if longer.after(term) else term
        self.until_year, self.forever = term.year, term.forever

    def _expect_here(self) -> None:
        if self.state.gone:
            raise StageNotAllowed(f"หนังสือนี้{self.state.thai}", code="gone")

    def _move(self, state: KeepingState, before: tuple[KeepingState, ...], why: str) -> None:
        if self.state not in before or self.disposal_id is not None or self.deposit_id is not None:
            raise StageNotAllowed(f"{why} ขณะนี้{self.state.thai}")
        self.state = state

    def _moved(self, by: Actor, at: datetime) -> KeepingMoved:
        return KeepingMoved(at=at, by=by, entry_id=self.entry_id, state=self.state.value, mark=self.mark)


def expect_short(**texts: str) -> None:
    """Raise BadInput for texts that are too long for a mark or a line."""
    if wrong := _too_long(texts):
        raise BadInput(wrong)


def places_too_long(place: Place) -> dict[str, str]:
    """Which parts of a place are too long, in Thai by field."""
    wrong = _too_long({"room": place.room, "shelf": place.shelf, "box": place.box})
    return {name: f"{_PLACES[name]}{words}" for name, words in wrong.items()}


def _too_long(texts: Mapping[str, str]) -> dict[str, str]:
    return {
        name: thai_digits(f"ยาวเกิน {_MOST.get(name, 500)} ตัวอักษร")
        for name, text in texts.items()
        if len(text) > _MOST.get(name, 500)
    }


@dataclass(eq=False)
class LegalHold:
    """An order that stops every disposal of a letter: why, and which order (of a court, of an inquiry, of the head)."""

    id: UUID
    agency_id: AgencyId
    entry_id: UUID
    reason: str
    order: str
    placed_at: datetime
    placed_by: str
    lifted_at: datetime | None = None
    lifted_by: str = ""
    lifted_why: str = ""

    def __post_init__(self) -> None:
        """Raise BadInput without a reason or an order."""
        self.reason, self.order = self.reason.strip(), " ".join(self.order.split())
        lacking = {"reason": "ใส่เหตุผลที่ระงับการทำลาย", "order": "ใส่คำสั่งหรือหนังสือที่ให้ระงับ"}
        if wrong := {name: words for name, words in lacking.items() if not getattr(self, name)}:
            raise BadInput(wrong)
        expect_short(reason=self.reason, order=self.order)

    def lift(self, reason: str, *, by: Actor, at: datetime) -> None:
        """It is over, and why."""
        if self.lifted_at is not None:
            raise StageNotAllowed("ยกเลิกการระงับแล้ว")
        if not reason.strip():
            raise BadInput({"reason": "ใส่เหตุผลที่ยกเลิกการระงับ"})
        expect_short(reason=reason)
        self.lifted_at, self.lifted_by, self.lifted_why = at, by.name, reason.strip()
