"""Loans and deposits (clauses 60 and 62 to 65): who may, what a request says, what stops a disposal."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

import pytest

from saraban.domain.agency import AgencyId, PersonId, PositionRole, UnitId
from saraban.domain.classification import Secrecy
from saraban.domain.deposit import DepositKeeper, DepositLine, DepositList, DepositState
from saraban.domain.errors import BadInput, StageNotAllowed
from saraban.domain.keeping import KeepingState, KeptItem
from saraban.domain.loan import LONGEST_DAYS, Borrower, Loan, LoanState, expect_asked
from saraban.domain.permissions import may_borrow, may_lend, may_permit_loan
from saraban.domain.retention import Basis, Term
from tests.builders import NOW, an_actor

TODAY = date(2026, 11, 23)
BY = an_actor(PositionRole.RECORDS)


def a_loan() -> Loan:
    """A loan that was asked for."""
    who = (PersonId(uuid4()), "นายยืม", "ผู้อำนวยการ", "กองกฎหมาย")
    return Loan(
        *(uuid4(), AgencyId(uuid4()), uuid4(), None, None, 2569, 3, *who, "ใช้ในคดี", ""),
        due_on=TODAY + timedelta(days=7),
        asked_at=NOW,
        asked_by="นายยืม",
        asker_id=None,
    )


def test_a_loan_goes_its_way_and_no_other() -> None:
    loan = a_loan()
    with pytest.raises(StageNotAllowed):
        loan.lend("", "", TODAY, by=BY, at=NOW)
    loan.permit(by=BY, at=NOW)
    with pytest.raises(StageNotAllowed):
        loan.refuse("ช้าไป", by=BY, at=NOW)
    with pytest.raises(BadInput):
        loan.lend("", "", TODAY + timedelta(days=8), by=BY, at=NOW)
    loan.lend("", "", TODAY, by=BY, at=NOW)
    assert (loan.receiver, loan.receiver_title, loan.number) == ("นายยืม", "ผู้อำนวยการ", "3/2569")
    assert (loan.late(TODAY + timedelta(days=7)), loan.late(TODAY + timedelta(days=9))) == (0, 2)
    with pytest.raises(BadInput):
        loan.renew(loan.due_on, TODAY, by=BY, at=NOW)
    loan.give_back("", TODAY, by=BY, at=NOW)
    with pytest.raises(StageNotAllowed):
        loan.withdraw(by=BY, at=NOW)

    assert (loan.state, loan.returned_by, loan.late(date(2030, 1, 1))) == (LoanState.RETURNED, "นายยืม", 0)


def test_a_request_says_what_for_until_when_and_by_whose_mandate() -> None:
    head = Borrower.of(an_actor(PositionRole.DIRECTOR))
    clerk = Borrower.of(an_actor(PositionRole.CLERK))
    expect_asked(head, "ใช้ในคดี", "", TODAY, TODAY)
    expect_asked(replace(clerk, mandate="บันทึก ๕"), "ใช้ในคดี", "บันทึก ๕", TODAY, TODAY)
    for who, purpose, due, field in (
        (clerk, "ใช้ในคดี", TODAY, "mandate"),
        (head, " ", TODAY, "purpose"),
        (head, "ใช้ในคดี", TODAY - timedelta(days=1), "due_on"),
        (head, "ใช้ในคดี", TODAY + timedelta(days=LONGEST_DAYS + 1), "due_on"),
    ):
        with pytest.raises(BadInput) as told:
            expect_asked(who, purpose, "", due, TODAY)
        assert set(told.value.fields) == {field}


def test_who_may_borrow_permit_and_give_out() -> None:
    unit, other = UnitId(uuid4()), UnitId(uuid4())
    director, head = (replace(an_actor(role), unit_id=unit) for role in (PositionRole.DIRECTOR, PositionRole.HEAD))
    clerk, records = (replace(an_actor(role), unit_id=unit) for role in (PositionRole.CLERK, PositionRole.RECORDS))
    cleared = replace(clerk, clearance=True)

    assert may_permit_loan(director, unit, Secrecy.OPEN, None) is None
    assert may_permit_loan(director, other, Secrecy.OPEN, None) is not None
    assert may_permit_loan(director, unit, Secrecy.SECRET, None) is not None
    assert may_permit_loan(head, other, Secrecy.SECRET, None) is None
    assert may_permit_loan(head, other, Secrecy.OPEN, head.person_id) is not None
    assert may_borrow(clerk, Secrecy.SECRET) is not None and may_borrow(cleared, Secrecy.SECRET) is None
    assert may_lend(records, unit, Secrecy.OPEN, stored=True) is None
    assert may_lend(clerk, unit, Secrecy.OPEN, stored=True) is not None
    assert may_lend(clerk, unit, Secrecy.OPEN, stored=False) is None
    assert may_lend(records, unit, Secrecy.SECRET, stored=True) is not None
    assert may_lend(cleared, unit, Secrecy.SECRET, stored=True) is None


def test_what_is_lent_does_not_go_and_what_is_deposited_is_due_as_any() -> None:
    item = KeptItem(uuid4(), AgencyId(uuid4()), None, None, electronic=False, class_code="routine", basis=Basis.ROUTINE)
    with pytest.raises(StageNotAllowed):
        item.deposit(uuid4())
    item.state, item.finished_on, item.until_year = KeepingState.FINISHED, date(2026, 1, 5), Term(2570).year
    today = date(2028, 1, 5)
    assert "ยังไม่ได้ส่งเก็บ" in item.why_not_due(2570, today, electronic=False)
    item.lend(uuid4())
    assert item.why_not_due(2570, today, electronic=False) == "มีผู้ยืม ยังไม่ส่งคืน"
    for deed in (item.may_go, lambda: item.lend(uuid4()), lambda: item.deposit(uuid4())):
        with pytest.raises(StageNotAllowed):
            deed()
    item.loan_id = None
    item.deposit(uuid4())
    assert item.why_not_due(2570, today, electronic=False) == ""


def test_a_deposit_comes_back_piece_by_piece() -> None:
    lines = tuple(DepositLine(uuid4(), "", "", None, "", f"เรื่อง {n}") for n in range(2))
    head = (uuid4(), AgencyId(uuid4()), UnitId(uuid4()), "กอง", DepositKeeper.NATIONAL, 2569, 1, lines)
    made = DepositList(*head, made_at=NOW, made_by="ก", made_title="")
    with pytest.raises(StageNotAllowed):
        made.take_back([lines[0].entry_id], "หนังสือ ๑", TODAY)
    with pytest.raises(BadInput):
        made.accept("", "", TODAY, by=BY, at=NOW)
    made.accept("นางรับ", "", TODAY, by=BY, at=NOW)
    made.take_back([lines[0].entry_id], "หนังสือ ๑", TODAY)
    assert [line.subject for line in made.there] == ["เรื่อง 1"]
    with pytest.raises(BadInput):
        made.take_back([lines[0].entry_id], "หนังสือ ๒", TODAY)
    made.take_back([lines[1].entry_id], "หนังสือ ๒", TODAY)

    assert made.state is DepositState.ENDED
