"""บัญชีหนังสือขอทำลาย (form 25) and its way (clauses 66 to 70, and amendment 4 for electronic letters).

draft → considering → reported → ordered → with archives → cleared → done; a draft may be cancelled
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from enum import Enum
from types import MappingProxyType
from typing import Any
from uuid import UUID

from saraban.domain import disposal_events as events
from saraban.domain.actor import Actor
from saraban.domain.agency import AgencyId, PersonId
from saraban.domain.calendar import BUDDHIST_OFFSET
from saraban.domain.disposal_caution import Caution
from saraban.domain.disposal_item import DisposalItem, Dissent, Officer, Outcome, Verdict, acted
from saraban.domain.errors import BadInput, RuleBroken, StageNotAllowed
from saraban.domain.keeping import expect_short
from saraban.domain.numbering import thai_digits
from saraban.domain.retention import Term

FEWEST_MEMBERS = 3
FEWEST_OFFICERS = 2
SURVEY_DAYS = 60
SILENT_DAYS = 60
MOST_TOLD = 10
NOT_YET = "หัวหน้าส่วนราชการยังไม่เห็นควรทำลาย"


class DisposalState(str, Enum):
    """Where a list stands."""

    DRAFT = "draft"
    CONSIDERING = "considering"
    REPORTED = "reported"
    ORDERED = "ordered"
    WITH_ARCHIVES = "with-archives"
    CLEARED = "cleared"
    DONE = "done"
    CANCELLED = "cancelled"

    @property
    def thai(self) -> str:
        """The state in words."""
        return _STATES[self]


_STATES = {
    DisposalState.DRAFT: "รอหัวหน้าส่วนราชการแต่งตั้งคณะกรรมการ",
    DisposalState.CONSIDERING: "คณะกรรมการพิจารณา",
    DisposalState.REPORTED: "รอหัวหน้าส่วนราชการสั่งการ",
    DisposalState.ORDERED: "รอส่งบัญชีให้หอจดหมายเหตุแห่งชาติ",
    DisposalState.WITH_ARCHIVES: "รอหอจดหมายเหตุแห่งชาติพิจารณา",
    DisposalState.CLEARED: "ทำลายได้ รอเจ้าหน้าที่ทำลาย",
    DisposalState.DONE: "เสร็จแล้ว",
    DisposalState.CANCELLED: "ยกเลิกบัญชี",
}


@dataclass(eq=False)
class DisposalList:
    """The list of a Buddhist calendar year with all of its steps. `electronic`: it is about electronic letters, which
    go only on the head's order, the oldest first; `need` says why space or another need makes it necessary. Any other
    list is about paper alone, also where it was printed of an electronic letter. The chair stands first among the
    `committee`; `agreed` are those of it who stand by what was found."""

    id: UUID
    agency_id: AgencyId
    year: int
    serial: int
    electronic: bool
    items: list[DisposalItem]
    proposed_at: datetime
    proposed_by: str
    proposed_title: str
    need: str = ""
    state: DisposalState = DisposalState.DRAFT
    committee: tuple[Officer, ...] = ()
    order: str = ""
    appointed_at: datetime | None = None
    reported_at: datetime | None = None
    decided_at: datetime | None = None
    decided_by: str = ""
    decided_title: str = ""
    exempt: str = ""
    sent_on: date | None = None
    sent_number: str = ""
    answered_on: date | None = None
    answer_number: str = ""
    officers: tuple[Officer, ...] = ()
    way: str = ""
    confirmed: tuple[PersonId, ...] = ()
    agreed: tuple[PersonId, ...] = ()
    done_at: datetime | None = None
    reason: str = ""
    version: int = 1

    @property
    def of(self) -> str:
        """What it is about, in words."""
        return "หนังสืออิเล็กทรอนิกส์" if self.electronic else "หนังสือกระดาษ"

    @property
    def deadline(self) -> date:
        """Until when the survey is to be laid before the head: 60 days after the end of the calendar year."""
        return survey_deadline(self.year)

    @property
    def silent_until(self) -> date | None:
        """The last day on which the National Archives may answer."""
        return self.sent_on + timedelta(days=SILENT_DAYS) if self.sent_on else None

    def agreed_by_silence(self, today: date) -> bool:
        """Have 60 days passed since it was sent, without an answer for any letter (clause 70.1)?"""
        waits = self.state is DisposalState.WITH_ARCHIVES and self.silent_until is not None
        waits = waits and not any(item.said for item in self.items)
        return waits and today > (self.silent_until or today)

    @property
    def open_items(self) -> list[DisposalItem]:
        """Those of which it is not settled yet what becomes of them."""
        return [item for item in self.items if item.outcome is Outcome.OPEN]

    @property
    def members(self) -> list[PersonId]:
        """Who is of the committee."""
        return [member.person_id for member in self.committee]

    # --- the committee (clauses 67 and 68) ------------------------------------------------------------------------

    def appoint(self, members: Sequence[Officer], order: str, *, by: Actor, at: datetime) -> events.CommitteeAppointed:
        """Appoint a chair (the first) and at least two members. Raises BadInput."""
        self._expect(DisposalState.DRAFT)
        wrong = {}
        if len({one.person_id for one in members}) < FEWEST_MEMBERS:
            wrong["members"] = "คณะกรรมการมีประธานและกรรมการอีกอย่างน้อยสองคน เลือกให้ครบสามคนที่ไม่ซ้ำกัน"
        if not order.strip():
            wrong["order"] = "ใส่เลขที่และวันที่ของคำสั่งแต่งตั้ง"
        if wrong:
            raise BadInput(wrong)
        expect_short(order=order)
        self.state, self.committee, self.order = DisposalState.CONSIDERING, tuple(members), " ".join(order.split())
        self.appointed_at = at
        return events.CommitteeAppointed(
            at=at, by=by, thing_id=self.id, members=tuple(one.name for one in members), order=self.order
        )

    def consider(
        self, entry_id: UUID, verdict: Verdict, term: Term, *, by: Actor, at: datetime
    ) -> events.ItemConsidered:
        """Write down what the committee thinks of a letter. Where that is another verdict than before, the dissent from
        that one goes, as does the consent to what was found."""
        self._expect(DisposalState.CONSIDERING)
        item = self.item(entry_id)
        if verdict is Verdict.TRANSFER:
            raise BadInput({"verdict": "คณะกรรมการพิจารณาให้ทำลายหรือขยายเวลาการเก็บ"})
        if verdict is Verdict.EXTEND and not (term.forever or (term.year or 0) > self.year):
            raise BadInput({"until": thai_digits(f"ใส่ปีที่เก็บถึง หลัง พ.ศ. {self.year}")})
        term = term if verdict is Verdict.EXTEND else Term()
        if (item.verdict, item.term) != (verdict, term):
            self.agreed, item.dissents = (), []
        item.verdict, item.until, item.forever = verdict, term.year, term.forever
        return events.ItemConsidered(
            at=at, by=by, thing_id=self.id, about=entry_id, verdict=verdict.value, until=term.year, forever=term.forever
        )

    def dissent(self, entry_id: UUID, reason: str, *, by: Actor, at: datetime) -> events.MemberDissented:
        """A member is of another mind than the committee. Raises RuleBroken when the majority would be."""
        self._expect(DisposalState.CONSIDERING)
        item = self.item(entry_id)
        if item.verdict is None:
            raise StageNotAllowed("คณะกรรมการยังไม่ได้พิจารณาหนังสือนี้")
        if not reason.strip():
            raise BadInput({"reason": "ใส่เหตุผลของความเห็นแย้ง"})
        expect_short(reason=reason)
        assert by.person_id is not None  # a member of the committee is a person
        others = [one for one in item.dissents if one.person_id != by.person_id]
        if 2 * (len(others) + 1) >= len(self.committee):
            raise RuleBroken("ความเห็นแย้งเป็นเสียงข้างมากแล้ว ให้คณะกรรมการพิจารณาหนังสือนี้ใหม่", code="majority-dissents")
        item.dissents = [*others, Dissent(by.person_id, by.name, reason.strip())]
        return events.MemberDissented(at=at, by=by, thing_id=self.id, about=entry_id, reason=reason.strip())

    def agree(self, *, by: Actor, at: datetime) -> events.MemberAgreed:
        """A member stands by what the committee found of all letters, with the dissents that are written down: nobody
        can consider for the others (clause 67)."""
        self._expect_considered()
        assert by.person_id is not None  # a member of the committee is a person
        if by.person_id in self.agreed:
            raise StageNotAllowed("ท่านยืนยันผลการพิจารณาแล้ว", code="agreed-already")
        self.agreed, self.committee = (*self.agreed, by.person_id), acted(self.committee, by.person_id, at)
        return events.MemberAgreed(at=at, by=by, thing_id=self.id, agreed=len(self.agreed), members=len(self.committee))

    @property
    def short_of_majority(self) -> int:
        """How many more members have to stand by what was found before it may be reported (clause 67)."""
        return max(0, len(self.committee) // 2 + 1 - len(self.agreed))

    def report(self, *, by: Actor, at: datetime) -> events.CommitteeReported:
        """Lay the report before the head, with every dissent, once the majority of the members stands by it."""
        self._expect_considered()
        if self.short_of_majority:
            told = f"กรรมการยืนยันผลการพิจารณาแล้ว {len(self.agreed)} จาก {len(self.committee)} คน"
            raise StageNotAllowed(thai_digits(f"{told} ต้องเกินกึ่งหนึ่งก่อนรายงาน"), code="no-majority")
        self.state, self.reported_at = DisposalState.REPORTED, at
        destroy = sum(item.verdict is Verdict.DESTROY for item in self.items)
        dissents = sum(len(item.dissents) for item in self.items)
        return events.CommitteeReported(
            at=at, by=by, thing_id=self.id, destroy=destroy, extend=len(self.items) - destroy, dissents=dissents
        )

    # --- the head and the National Archives (clauses 69 and 70) ----------------------------------------------------

    def decide(
        self,
        kept: Mapping[UUID, str],
        exempt: str,
        cautions: Mapping[UUID, Sequence[Caution]] = MappingProxyType({}),
        *,
        by: Actor,
        at: datetime,
    ) -> tuple[events.DisposalDecided, list[DisposalItem]]:
        """Order what the committee proposed, save the letters in `kept` (with reasons), which wait for the next survey.
        `exempt` names the agreement with the Fine Arts Department by which such lists need not go to the National
        Archives. Gives the letters that leave the list: to be kept longer, or till the next round. Raises RuleBroken
        when he would destroy what `cautions` tell of."""
        self._expect(DisposalState.REPORTED)
        for entry_id in kept:
            self.item(entry_id)
        expect_short(order=exempt)
        self._expect_none_against(cautions, kept)
        leaving = []
        for item in self.items:
            if item.verdict is Verdict.EXTEND:
                item.outcome = Outcome.EXTENDED
                leaving.append(item)
            elif item.entry_id in kept:
                against = " ".join(one.thai for one in cautions.get(item.entry_id, ()))
                item.outcome, item.why = Outcome.NEXT_ROUND, kept[item.entry_id].strip() or against or NOT_YET
                leaving.append(item)
        left = len(self.open_items)
        self.exempt, self.decided_at, self.decided_by, self.decided_title = exempt.strip(), at, by.name, by.title
        self.state = DisposalState.CLEARED if self.exempt else DisposalState.ORDERED
        if not left:
            self.state, self.done_at = DisposalState.DONE, at
        fact = events.DisposalDecided(
            at=at, by=by, thing_id=self.id, destroy=left, kept=len(self.items) - left, exempt=self.exempt
        )
        return fact, leaving

    def send(self, on: date, number: str, *, by: Actor, at: datetime) -> events.SentToArchives:
        """It went to the National Archives by this letter; its 60 days begin."""
        self._expect(DisposalState.ORDERED)
        if not number.strip():
            raise BadInput({"number": "ใส่เลขที่หนังสือที่ส่งบัญชี"})
        expect_short(order=number)
        self.state, self.sent_on, self.sent_number = DisposalState.WITH_ARCHIVES, on, number.strip()
        return events.SentToArchives(at=at, by=by, thing_id=self.id, on=on, number=self.sent_number)

    def hear(self, entry_id: UUID, verdict: Verdict, term: Term, *, by: Actor, at: datetime) -> events.ArchivesSaid:
        """Write down what the National Archives want done with one letter, before their answer is closed."""
        self._expect(DisposalState.WITH_ARCHIVES)
        item = self.item(entry_id)
        item.hear(verdict, term, self.year)
        until, forever = item.said_until, item.said_forever
        return events.ArchivesSaid(
            at=at, by=by, thing_id=self.id, about=entry_id, verdict=verdict.value, until=until, forever=forever
        )

    def answer(
        self, on: date, number: str, other: Mapping[UUID, tuple[Verdict, Term]], *, by: Actor, at: datetime
    ) -> tuple[events.ArchivesAnswered, list[DisposalItem]]:
        """The National Archives agree, save for `other` and what was heard of them before: each letter is kept until
        its own year or for ever, or handed over. Gives the letters that leave the list."""
        self._expect(DisposalState.WITH_ARCHIVES)
        if self.sent_on is not None and on < self.sent_on:
            raise BadInput({"on": "ตอบก่อนวันที่ส่งบัญชีไม่ได้"})
        for entry_id, (verdict, term) in other.items():
            self.item(entry_id).hear(verdict, term, self.year)
        leaving = [item for item in self.items if item.follow_archives()]
        agreed = len(self.open_items)
        self.state, self.answered_on, self.answer_number = DisposalState.CLEARED, on, number.strip()
        if not agreed:
            self.state, self.done_at = DisposalState.DONE, at
        fact = events.ArchivesAnswered(
            at=at, by=by, thing_id=self.id, on=on, number=self.answer_number, agreed=agreed, kept=len(leaving)
        )
        return fact, leaving

    # --- carrying it out (clause 68.5) ----------------------------------------------------------------------------

    def name_officers(
        self, officers: Sequence[Officer], way: str, today: date, *, by: Actor, at: datetime
    ) -> events.OfficersNamed:
        """Name at least two officers who destroy the letters, and how. After 60 silent days the National Archives have
        agreed."""
        if not self.agreed_by_silence(today):
            self._expect(DisposalState.CLEARED)
        wrong = {}
        if len({one.person_id for one in officers}) < FEWEST_OFFICERS:
            wrong["officers"] = "กำหนดเจ้าหน้าที่ทำลายอย่างน้อยสองคนที่ไม่ซ้ำกัน"
        if not way.strip():
            wrong["way"] = "ใส่วิธีทำลาย เช่น เผา ย่อย หรือลบออกจากระบบ"
        if wrong:
            raise BadInput(wrong)
        expect_short(order=way)
        self.state, self.officers, self.way, self.confirmed = DisposalState.CLEARED, tuple(officers), way.strip(), ()
        return events.OfficersNamed(
            at=at, by=by, thing_id=self.id, officers=tuple(one.name for one in officers), way=self.way
        )

    def confirm(self, *, by: Actor, at: datetime) -> events.DestructionConfirmed:
        """One of the named officers confirms, under his own name; the last one's word carries it out."""
        self._expect(DisposalState.CLEARED)
        assert by.person_id is not None  # a named officer is a person
        if by.person_id in self.confirmed:
            raise StageNotAllowed("ท่านยืนยันแล้ว รอเจ้าหน้าที่คนอื่นยืนยัน", code="confirmed-already")
        self.confirmed, self.officers = (*self.confirmed, by.person_id), acted(self.officers, by.person_id, at)
        return events.DestructionConfirmed(at=at, by=by, thing_id=self.id, left=self.unconfirmed)

    @property
    def unconfirmed(self) -> int:
        """How many of the named officers have yet to confirm."""
        return len(self.officers) - len(self.confirmed)

    def carry_out(self, held: Mapping[UUID, str], *, by: Actor, at: datetime) -> events.DisposalCarriedOut:
        """Everything that is left is destroyed, but for what is on hold or lent at this moment."""
        for item in self.open_items:
            item.outcome = Outcome.HELD if item.entry_id in held else Outcome.DESTROYED
            item.why = held.get(item.entry_id, "")
        self.state, self.done_at = DisposalState.DONE, at
        gone = sum(item.outcome is Outcome.DESTROYED for item in self.items)
        return events.DisposalCarriedOut(at=at, by=by, thing_id=self.id, destroyed=gone, held=len(held))

    def cancel(self, reason: str, *, by: Actor, at: datetime) -> events.DisposalCancelled:
        """Give the list up, as long as the head has decided nothing."""
        if self.state not in (DisposalState.DRAFT, DisposalState.CONSIDERING):
            raise StageNotAllowed("ยกเลิกบัญชีได้ก่อนรายงานหัวหน้าส่วนราชการ")
        if not reason.strip():
            raise BadInput({"reason": "ใส่เหตุผลที่ยกเลิกบัญชี"})
        expect_short(reason=reason)
        self.state, self.reason = DisposalState.CANCELLED, reason.strip()
        return events.DisposalCancelled(at=at, by=by, thing_id=self.id, reason=self.reason)

    def item(self, entry_id: UUID) -> DisposalItem:
        """The letter on the list. Raises BadInput when it is not on it."""
        found = next((item for item in self.items if item.entry_id == entry_id), None)
        if found is None:
            raise BadInput({"items": "หนังสือนี้ไม่ได้อยู่ในบัญชี"})
        return found

    def _expect_none_against(self, cautions: Mapping[UUID, Sequence[Caution]], kept: Mapping[UUID, str]) -> None:
        """Raise RuleBroken when something stands against destroying a letter that is to be destroyed."""
        places = [
            str(n)
            for n, item in enumerate(self.items, start=1)
            if item.verdict is Verdict.DESTROY and item.entry_id not in kept and cautions.get(item.entry_id)
        ]
        if places:
            told = f"สั่งทำลายไม่ได้ {len(places)} ฉบับ ลำดับที่ {', '.join(places[:MOST_TOLD])}"
            more = " และต่อไป" if len(places) > MOST_TOLD else ""
            why = "อายุครบ 20 ปีที่ยังไม่ผ่านบัญชีแบบที่ 21 หรือ 22 หรือระงับการทำลายไว้ เลือกให้เก็บไว้จนถึงการสำรวจคราวต่อไป"
            raise RuleBroken(thai_digits(f"{told}{more}: {why}"), code="not-to-be-destroyed")

    def _expect_considered(self) -> None:
        self._expect(DisposalState.CONSIDERING)
        left = sum(item.verdict is None for item in self.items)
        if left:
            raise StageNotAllowed(thai_digits(f"ยังพิจารณาไม่ครบ เหลือ {left} ฉบับ"), code="not-all-considered")

    def _expect(self, state: DisposalState) -> None:
        if self.state is not state:
            raise StageNotAllowed(f"บัญชีนี้{self.state.thai}")


def survey_deadline(year: int) -> date:
    """The sixtieth day after the end of a Buddhist calendar year (clause 66)."""
    return date(year - BUDDHIST_OFFSET, 12, 31) + timedelta(days=SURVEY_DAYS)


def disposal_of(row: Mapping[str, Any]) -> DisposalList:
    """The list whose fields are in a row, its items and people as plain JSON values."""
    values = {f.name: row[f.name] for f in fields(DisposalList)}
    values["items"] = [DisposalItem.from_plain(one) for one in values["items"]]
    for name in ("committee", "officers"):
        values[name] = tuple(Officer.from_plain(one) for one in values[name])
    for name in ("confirmed", "agreed"):
        values[name] = tuple(PersonId(UUID(one)) for one in values[name])
    return DisposalList(**values)
