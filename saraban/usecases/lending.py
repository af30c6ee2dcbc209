"""Borrowing letters (clauses 62 to 64): asked for, permitted, given out against the card of form 24, called for, back.

What is classified and electronic is read in the system by who borrowed it until it is back or its day is over.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid4

from saraban.domain.actor import Actor
from saraban.domain.agency import PersonId, PositionRole
from saraban.domain.calendar import RegisterYear, office_date
from saraban.domain.errors import RuleBroken
from saraban.domain.keeping import LENT, KeepingState, KeptItem
from saraban.domain.loan import HEADS, Borrower, Loan, expect_asked
from saraban.domain.notice import OF_A_LOAN, About, Notice, NoticeKind
from saraban.domain.permissions import (
    may_borrow,
    may_borrow_for_agency,
    may_lend,
    may_permit_loan,
    may_see_loan,
    may_withdraw_loan,
    require,
)
from saraban.domain.permissions.refusal import Refusal
from saraban.domain.register import EntryId, EntryState, Origin, RegisterEntry
from saraban.usecases.archive import LOAN
from saraban.usecases.books import UnitOfWork
from saraban.usecases.kept import AT_A_TIME, begin_keeping
from saraban.usecases.notices import loan_words
from saraban.usecases.ports import Services


@dataclass(frozen=True)
class Asked:
    """What somebody says who wants to borrow a letter."""

    purpose: str
    due_on: date
    evidence: str = ""


def ask(office: Services, *, actor: Actor, entry_id: EntryId, asked: Asked, borrower: Borrower | None = None) -> UUID:
    """Ask for a letter, for oneself (with `asked.evidence` as the mandate where one is no head) or for another agency's
    officer, who is given then. Raises NotPermitted, BadInput, RuleBroken."""
    now = office.clock.now()
    year = RegisterYear.containing(now).buddhist
    with office.uow() as uow:
        entry = uow.registers.get(actor.agency_id, entry_id)
        require(may_borrow_for_agency(actor) if borrower is not None else may_borrow(actor, entry.secrecy))
        who = borrower or Borrower.of(actor, asked.evidence)
        item = _may_go_out(uow, actor, entry)
        expect_asked(who, asked.purpose, asked.evidence, asked.due_on, office_date(now))
        electronic = not item.paper if item is not None else entry.origin is Origin.SYSTEM
        if electronic and (borrower is not None or entry.secrecy.is_open):
            raise RuleBroken("หนังสืออิเล็กทรอนิกส์ยืมได้เฉพาะชั้นความลับและเฉพาะผู้ใช้ระบบ ฉบับอื่นอ่านหรือส่งเวียนในระบบ", code="not-lent")
        loan = Loan(
            *(uuid4(), actor.agency_id, entry.id, entry.unit_id, entry.subject_of if electronic else None),
            year=year,
            serial=uow.keeping.next_numbers(actor.agency_id, LOAN, year),
            borrower_id=who.person_id,
            borrower=who.name.strip(),
            borrower_title=who.title.strip(),
            borrower_unit=who.unit.strip(),
            purpose=asked.purpose.strip(),
            evidence=asked.evidence.strip(),
            due_on=asked.due_on,
            asked_at=now,
            asked_by=actor.name,
            asker_id=actor.person_id,
        )
        uow.loans.add(loan)
        uow.record(loan.asked(by=actor))
        _tell(uow, loan, entry, _who_permit(uow, loan, entry, office_date(now)), NoticeKind.LOAN, "ask", actor, now)
        uow.commit()
    return loan.id


def _may_go_out(uow: UnitOfWork, actor: Actor, entry: RegisterEntry) -> KeptItem | None:
    """How it is kept, where somebody said so. Raises RuleBroken for what cannot be borrowed."""
    if entry.state is not EntryState.USED:
        raise RuleBroken("ยืมได้เฉพาะเลขที่มีหนังสือและไม่ยกเลิก", code="number-not-used")
    item = next(iter(uow.keeping.items(actor.agency_id, [entry.id])), None)
    if item is None:
        return None
    if item.state.gone:
        raise RuleBroken(f"หนังสือนี้{item.state.thai}", code="gone")
    if item.loan_id is not None:
        raise RuleBroken(f"หนังสือนี้{LENT}", code="lent")
    if item.deposit_id is not None and actor.unit_id != item.unit_id:
        raise RuleBroken("หนังสือนี้ฝากเก็บไว้ ใช้ได้เฉพาะหน่วยงานผู้ฝาก", code="deposited")
    return item


def permit(office: Services, *, actor: Actor, loan_id: UUID) -> None:
    """Let it be borrowed; the keepers hear of it."""
    now = office.clock.now()
    with office.uow() as uow:
        loan, entry = _loan(uow, actor, loan_id)
        require(may_permit_loan(actor, loan.unit_id, entry.secrecy, loan.borrower_id))
        uow.record(loan.permit(by=actor, at=now))
        uow.loans.save(loan)
        _answered(uow, loan, entry, actor, now)
        keepers = _holders(uow, loan, PositionRole.RECORDS, office_date(now))
        _tell(uow, loan, entry, keepers, NoticeKind.LOAN, "lend", actor, now)
        uow.commit()


def refuse(office: Services, *, actor: Actor, loan_id: UUID, reason: str) -> None:
    """Do not let it be borrowed, and say why."""
    now = office.clock.now()
    with office.uow() as uow:
        loan, entry = _loan(uow, actor, loan_id)
        require(may_permit_loan(actor, loan.unit_id, entry.secrecy, loan.borrower_id))
        uow.record(loan.refuse(reason, by=actor, at=now))
        uow.loans.save(loan)
        _answered(uow, loan, entry, actor, now)
        uow.commit()


def withdraw(office: Services, *, actor: Actor, loan_id: UUID) -> None:
    """It is needed no longer."""
    now = office.clock.now()
    with office.uow() as uow:
        loan, _ = _loan(uow, actor, loan_id)
        require(may_withdraw_loan(actor, loan))
        uow.record(loan.withdraw(by=actor, at=now))
        uow.loans.save(loan)
        uow.notices.settle(loan.id, OF_A_LOAN, now)
        uow.commit()


def lend(office: Services, *, actor: Actor, loan_id: UUID, receiver: str = "", title: str = "") -> None:
    """Give it out to the borrower, or to whom he sent, who signs the card; of an electronic one, reading begins."""
    now = office.clock.now()
    with office.uow() as uow:
        loan, entry = _loan(uow, actor, loan_id)
        item = next(iter(uow.keeping.items(actor.agency_id, [entry.id])), None) or begin_keeping(uow, entry)
        require(_lends(actor, loan, entry, item))
        uow.record(loan.lend(receiver, title, office_date(now), by=actor, at=now))
        item.lend(loan.id)
        uow.loans.save(loan)
        uow.keeping.save(item)
        uow.notices.settle(loan.id, OF_A_LOAN, now)
        uow.commit()


def renew(office: Services, *, actor: Actor, loan_id: UUID, due_on: date) -> None:
    """Let it be kept until a later day: who permits loans says so."""
    now = office.clock.now()
    with office.uow() as uow:
        loan, entry = _loan(uow, actor, loan_id)
        require(may_permit_loan(actor, loan.unit_id, entry.secrecy, loan.borrower_id))
        uow.record(loan.renew(due_on, office_date(now), by=actor, at=now))
        uow.loans.save(loan)
        uow.notices.settle(loan.id, OF_A_LOAN, now)
        uow.commit()


def call(office: Services, *, actor: Actor, loan_id: UUID) -> None:
    """Ask for it back, once a day at most; an officer of the agency hears of it, another agency is written to."""
    now = office.clock.now()
    with office.uow() as uow:
        loan, entry = _loan(uow, actor, loan_id)
        item = uow.keeping.items(actor.agency_id, [entry.id])[0]
        require(_lends(actor, loan, entry, item))
        uow.record(loan.call(office_date(now), by=actor, at=now))
        uow.loans.save(loan)
        borrowers = [one for one in (loan.borrower_id, loan.asker_id) if one is not None]
        _tell(uow, loan, entry, borrowers, NoticeKind.LOAN_CALLED, str(loan.called), actor, now)
        uow.commit()


def take_back(office: Services, *, actor: Actor, loan_id: UUID, returner: str = "") -> None:
    """It is back in its place, by the borrower's hand or by whom he sent; of an electronic one, reading ends."""
    now = office.clock.now()
    with office.uow() as uow:
        loan, entry = _loan(uow, actor, loan_id)
        item = uow.keeping.items(actor.agency_id, [entry.id])[0]
        mine = loan.electronic and loan.borrower_id == actor.person_id
        require(None if mine else _lends(actor, loan, entry, item))
        _return(uow, loan, item, returner, actor, now)
        uow.commit()


def end_reading(office: Services) -> int:
    """Electronic letters whose day is over come back by themselves. Returns how many did."""
    now = office.clock.now()
    with office.uow() as uow:
        over = uow.loans.over(office_date(now), AT_A_TIME)
        for loan in over:
            item = uow.keeping.items(loan.agency_id, [loan.entry_id])[0]
            gateway = Actor.gateway(loan.agency_id)
            _return(uow, loan, item, "ครบกำหนด ปิดการอ่านเอง", gateway, now)
        if over:
            uow.commit()
    return len(over)


def _return(uow: UnitOfWork, loan: Loan, item: KeptItem, returner: str, actor: Actor, now: datetime) -> None:
    uow.record(loan.give_back(returner, office_date(now), by=actor, at=now))
    item.loan_id = None
    uow.loans.save(loan)
    uow.keeping.save(item)
    uow.notices.settle(loan.id, OF_A_LOAN, now)


def _loan(uow: UnitOfWork, actor: Actor, loan_id: UUID) -> tuple[Loan, RegisterEntry]:
    loan = uow.loans.get(actor.agency_id, loan_id)
    require(may_see_loan(actor, loan))
    return loan, uow.registers.get(actor.agency_id, EntryId(loan.entry_id))


def _lends(actor: Actor, loan: Loan, entry: RegisterEntry, item: KeptItem) -> Refusal | None:
    return may_lend(actor, loan.unit_id, entry.secrecy, stored=item.state is KeepingState.STORED)


# --- who is told ------------------------------------------------------------------------------------------------------


def _who_permit(uow: UnitOfWork, loan: Loan, entry: RegisterEntry, today: date) -> list[PersonId]:
    """Who may permit it: the directors of its unit when it is open; else, and where there is none, the head."""
    directors = _holders(uow, loan, PositionRole.DIRECTOR, today) if entry.secrecy.is_open else []
    return directors or _holders(uow, loan, PositionRole.HEAD, today)


def _holders(uow: UnitOfWork, loan: Loan, role: PositionRole, today: date) -> list[PersonId]:
    posts = uow.agencies.posts(loan.agency_id, role, today)
    of_unit = [post for post in posts if role is not PositionRole.DIRECTOR or post.unit.id == loan.unit_id]
    holders = [post.holder.id for post in of_unit if post.holder is not None]
    return [one for one in holders if role not in HEADS or one != loan.borrower_id]


def _answered(uow: UnitOfWork, loan: Loan, entry: RegisterEntry, actor: Actor, now: datetime) -> None:
    uow.notices.settle(loan.id, OF_A_LOAN, now)
    asked = [one for one in dict.fromkeys((loan.borrower_id, loan.asker_id)) if one is not None]
    _tell(uow, loan, entry, asked, NoticeKind.LOAN_ANSWERED, loan.state.value, actor, now)


def _tell(
    uow: UnitOfWork,
    loan: Loan,
    entry: RegisterEntry,
    people: list[PersonId],
    kind: NoticeKind,
    occasion: str,
    actor: Actor,
    now: datetime,
) -> None:
    told = {"by": actor.name, "state": loan.state.value, "due": loan.due_on.isoformat()} | loan_words(loan, entry)
    uow.notices.tell(
        [
            Notice(loan.agency_id, person, kind, About.LOAN, loan.id, occasion, now, told=told)
            for person in dict.fromkeys(people)
        ]
    )
