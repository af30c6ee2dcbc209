"""Borrowing letters (clauses 62 to 64) and depositing them (clause 60)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from saraban.domain.calendar import office_date
from saraban.domain.classification import Secrecy
from saraban.domain.deposit import DepositKeeper, DepositList
from saraban.domain.errors import BadInput, NotFound, NotPermitted, RuleBroken, StageNotAllowed
from saraban.domain.loan import Borrower, Loan, LoanState
from saraban.domain.notice import About, NoticeKind
from saraban.domain.permissions import may_read_letter
from saraban.domain.register import EntryId
from saraban.reading.agenda import agenda
from saraban.reading.scope import require_letter
from saraban.storage.tables.notices import notices
from saraban.usecases import depositing, destroying, lending, pressing
from saraban.usecases.lending import Asked
from tests.usecases.archive import (
    carried_out,
    cleared,
    considered,
    disposal,
    finished,
    in_year,
    kept,
    line_of,
    paper,
    people,
    proposed,
    secret_paper,
    stored,
)
from tests.usecases.house import House


def in_days(house: House, days: int) -> date:
    """So many days from today."""
    return office_date(house.clock.now()) + timedelta(days=days)


def asked(house: House, entry: EntryId, by: str = "director", days: int = 15, evidence: str = "") -> UUID:
    """An officer asks for a letter."""
    said = Asked("ใช้ประกอบการพิจารณาคดี", in_days(house, days), evidence)
    return lending.ask(house.office, actor=house.ours[by], entry_id=entry, asked=said)


def lent(house: House, entry: EntryId, days: int = 15) -> UUID:
    """The director has a letter of the store."""
    loan_id = asked(house, entry, days=days)
    lending.permit(house.office, actor=house.ours["head"], loan_id=loan_id)
    lending.lend(house.office, actor=house.ours["records"], loan_id=loan_id)
    return loan_id


def loan_of(house: House, loan_id: UUID) -> Loan:
    """A loan as it lies on the shelf."""
    with house.office.uow() as uow:
        return uow.loans.get(house.ours.agency.id, loan_id)


def told(house: House, who: str, about: UUID) -> list[NoticeKind]:
    """What an officer was told about a loan and has not read."""
    mine = house.ours[who].person_id
    found = [row for row in house.rows(notices) if row.about_id == about and row.person_id == mine]
    assert all(row.about is About.LOAN for row in found)
    return [row.kind for row in found if row.read_at is None]


def test_a_letter_goes_out_against_its_card_and_comes_back(either_house: House) -> None:
    house = either_house
    entry = paper(house, "แฟ้มคดี")
    stored(house, entry)
    loan_id = asked(house, entry)
    assert told(house, "head", loan_id) == [NoticeKind.LOAN]
    lending.permit(house.office, actor=house.ours["head"], loan_id=loan_id)
    assert told(house, "records", loan_id) == [NoticeKind.LOAN] and told(house, "head", loan_id) == []
    assert told(house, "director", loan_id) == [NoticeKind.LOAN_ANSWERED]
    lending.lend(house.office, actor=house.ours["records"], loan_id=loan_id, receiver="นายรับ แทน", title="พนักงาน")
    assert kept(house, entry).loan_id == loan_id
    with pytest.raises(RuleBroken):
        asked(house, entry, by="head")
    lending.take_back(house.office, actor=house.ours["records"], loan_id=loan_id, returner="นายคืน แทน")

    loan = loan_of(house, loan_id)
    assert (loan.state, loan.number, loan.receiver, loan.returned_by) == (
        LoanState.RETURNED,
        "1/2569",
        "นายรับ แทน",
        "นายคืน แทน",
    )
    assert kept(house, entry).loan_id is None
    assert [name for name in house.journal() if name.startswith("loan.")] == [
        *("loan.asked", "loan.permitted", "loan.lent", "loan.returned"),
    ]


def test_who_borrows_and_who_permits_are_heads_or_have_a_mandate(house: House) -> None:
    entry = paper(house, "แฟ้มงาน")
    stored(house, entry)
    with pytest.raises(BadInput) as without:
        asked(house, entry, by="clerk")
    assert "mandate" in without.value.fields
    loan_id = asked(house, entry, by="clerk", evidence="ผอ.กองกฎหมาย มอบหมายตามบันทึก ๕/๒๕๖๙")

    for who in ("clerk", "records", "central_clerk"):
        with pytest.raises((NotPermitted, NotFound)):
            lending.permit(house.office, actor=house.ours[who], loan_id=loan_id)
    own = asked(house, entry, by="head")
    with pytest.raises(NotPermitted, match="ผู้ยืม"):
        lending.permit(house.office, actor=house.ours["head"], loan_id=own)
    with pytest.raises(NotFound):
        lending.permit(house.office, actor=house.theirs["head"], loan_id=loan_id)
    with pytest.raises(BadInput):
        lending.refuse(house.office, actor=house.ours["head"], loan_id=loan_id, reason=" ")
    lending.refuse(house.office, actor=house.ours["head"], loan_id=loan_id, reason="ใช้อยู่")
    assert loan_of(house, loan_id).reason == "ใช้อยู่"
    with pytest.raises(StageNotAllowed):
        lending.lend(house.office, actor=house.ours["records"], loan_id=loan_id)


def test_another_agency_borrows_by_its_letter_and_no_person_outside(house: House) -> None:
    entry = paper(house, "เรื่องร่วม")
    said = Asked("สอบทานโครงการร่วม", in_days(house, 30))
    with pytest.raises(BadInput) as missing:
        lending.ask(
            house.office, actor=house.ours["records"], entry_id=entry, asked=said, borrower=Borrower("นางยืม", "", "")
        )
    assert set(missing.value.fields) == {"title", "agency", "evidence"}
    other = Borrower("นางยืม ไปใช้", "ผู้อำนวยการกอง", "กรมป่าไม้")
    by_letter = Asked(said.purpose, said.due_on, "หนังสือ ทส ๑๖๐๒/๗๗")
    with pytest.raises(NotPermitted):
        lending.ask(house.office, actor=house.ours["clerk"], entry_id=entry, asked=by_letter, borrower=other)
    loan_id = lending.ask(house.office, actor=house.ours["records"], entry_id=entry, asked=by_letter, borrower=other)
    lending.permit(house.office, actor=house.ours["head"], loan_id=loan_id)
    lending.lend(house.office, actor=house.ours["central_clerk"], loan_id=loan_id)

    assert loan_of(house, loan_id).outside and loan_of(house, loan_id).receiver == "นางยืม ไปใช้"


def test_days_purpose_and_state_are_held_to(house: House) -> None:
    entry = paper(house, "แฟ้ม")
    for days in (-1, 91):
        with pytest.raises(BadInput):
            asked(house, entry, days=days)
    with pytest.raises(BadInput) as empty:
        lending.ask(house.office, actor=house.ours["head"], entry_id=entry, asked=Asked(" ", in_days(house, 5)))
    assert set(empty.value.fields) == {"purpose"}
    open_letter = line_of(house, house.signed())
    with pytest.raises(RuleBroken, match="อ่าน"):
        asked(house, open_letter)
    loan_id = asked(house, entry)
    with pytest.raises(NotPermitted):
        lending.withdraw(house.office, actor=house.ours["records"], loan_id=loan_id)
    lending.withdraw(house.office, actor=house.ours["director"], loan_id=loan_id)
    assert loan_of(house, loan_id).state is LoanState.WITHDRAWN


def test_the_clock_and_the_keeper_ask_for_it_back(either_house: House) -> None:
    house = either_house
    entry = paper(house, "ยืมนาน")
    stored(house, entry)
    loan_id = lent(house, entry, days=7)
    with house.real.reading.connect() as reader:
        told_of = agenda(reader, people(house, "director")[0], house.clock.now())
    assert told_of is not None
    assert [(one.about, one.subject) for one in told_of.matters] == [(About.LOAN, "ยืมนาน")]
    lending.call(house.office, actor=house.ours["records"], loan_id=loan_id)
    with pytest.raises(StageNotAllowed):
        lending.call(house.office, actor=house.ours["records"], loan_id=loan_id)
    assert NoticeKind.LOAN_CALLED in told(house, "director", loan_id)
    house.clock.pass_by(timedelta(days=10))
    pressing.press_deadlines(house.office)

    assert NoticeKind.LATE in told(house, "director", loan_id) and told(house, "records", loan_id) == [NoticeKind.LATE]
    with pytest.raises(NotPermitted):
        lending.renew(house.office, actor=house.ours["records"], loan_id=loan_id, due_on=in_days(house, 9))
    lending.renew(house.office, actor=house.ours["head"], loan_id=loan_id, due_on=in_days(house, 9))
    assert loan_of(house, loan_id).late(in_days(house, 0)) == 0 and told(house, "records", loan_id) == []


def test_what_is_classified_is_borrowed_by_the_cleared_and_read_while_it_is_out(either_house: House) -> None:
    house = either_house
    letter_id = house.signed(secrecy=Secrecy.SECRET)
    entry = line_of(house, letter_id)
    officer = house.ours["records"]
    with pytest.raises(NotPermitted, match="ชั้นความลับ"):
        asked(house, entry, by="records", evidence="มอบหมาย")
    who = replace(officer, clearance=True)
    said = Asked("ตรวจสอบตามคำสั่ง", in_days(house, 5), "หัวหน้ามอบหมายตามคำสั่ง ๓/๒๕๖๙")
    loan_id = lending.ask(house.office, actor=who, entry_id=entry, asked=said)
    assert may_read_letter(who, house.letter(letter_id)) is not None
    lending.permit(house.office, actor=house.ours["head"], loan_id=loan_id)
    with pytest.raises(NotPermitted):
        lending.lend(house.office, actor=officer, loan_id=loan_id)
    lending.lend(house.office, actor=house.ours["central_clerk"], loan_id=loan_id)

    assert may_read_letter(who, house.letter(letter_id)) is None
    assert may_read_letter(officer, house.letter(letter_id)) is not None
    with house.real.reading.connect() as reader:
        require_letter(reader, who, letter_id)
        with pytest.raises(NotFound):
            require_letter(reader, officer, letter_id)
    assert lending.end_reading(house.office) == 0
    house.clock.pass_by(timedelta(days=6))
    assert lending.end_reading(house.office) == 1 and lending.end_reading(house.office) == 0
    assert may_read_letter(who, house.letter(letter_id)) is not None
    with house.real.reading.connect() as reader, pytest.raises(NotFound):
        require_letter(reader, who, letter_id)


def test_what_is_lent_is_not_proposed_and_not_destroyed(house: House) -> None:
    first, second = paper(house, "ยืมก่อนสำรวจ"), paper(house, "ไม่มีใครยืม")
    stored(house, first, second)
    in_year(house, 2028)
    loan_id = lent(house, first)
    list_id = proposed(house, 2570)
    assert [item.subject for item in disposal(house, list_id).items] == ["ไม่มีใครยืม"]
    with pytest.raises(StageNotAllowed, match="ขอทำลาย"):
        lent(house, second)
    considered(house, list_id)
    cleared(house, list_id)
    carried_out(house, list_id)
    lending.take_back(house.office, actor=house.ours["records"], loan_id=loan_id)
    assert proposed(house, 2570) != list_id


# --- deposits ---------------------------------------------------------------------------------------------------------


def deposit_of(house: House, list_id: UUID) -> DepositList:
    """A list of form 23 as it lies on the shelf."""
    with house.office.uow() as uow:
        return uow.deposits.get(house.ours.agency.id, list_id)


def deposited(house: House, *entries: EntryId) -> UUID:
    """The central unit's letters lie with the National Archives."""
    clerk = house.ours["central_clerk"]
    list_id = depositing.draw(house.office, actor=clerk, entry_ids=entries, keeper=DepositKeeper.NATIONAL)
    depositing.accept(
        house.office, actor=house.ours["records"], list_id=list_id, acceptor="นางรับ ฝากไว้", title="นักจดหมายเหตุ"
    )
    return list_id


def test_letters_are_deposited_stay_the_depositors_and_come_back_with_evidence(either_house: House) -> None:
    house = either_house
    first, second = paper(house, "แผนแม่บท"), secret_paper(house, "แผนลับ")
    finished(house, first)
    with pytest.raises(StageNotAllowed, match="ปฏิบัติ"):
        deposited(house, second)
    finished(house, second, class_code="general")
    list_id = deposited(house, first, second)
    made = deposit_of(house, list_id)
    assert (made.number, made.acceptor, made.unit_id) == ("1/2569", "นางรับ ฝากไว้", house.ours.central.id)
    assert {line.subject for line in made.lines} == {"แผนแม่บท", "หนังสือมีชั้นความลับ"}
    with pytest.raises(StageNotAllowed):
        deposited(house, first)
    with pytest.raises(RuleBroken, match="ผู้ฝาก"):
        asked(house, first, by="director")
    values: dict[str, Any] = {"list_id": list_id, "entry_ids": [first]}
    with pytest.raises(NotPermitted):
        depositing.take_back(house.office, actor=house.ours["clerk"], evidence="หนังสือ ๙", **values)
    with pytest.raises(BadInput):
        depositing.take_back(house.office, actor=house.ours["central_clerk"], evidence="", **values)
    depositing.take_back(house.office, actor=house.ours["central_clerk"], evidence="หนังสือ ๙", **values)
    assert deposit_of(house, list_id).state.value == "accepted" and kept(house, first).deposit_id is None
    values = {"list_id": list_id, "entry_ids": [second], "evidence": "หนังสือ ๑๐"}
    depositing.take_back(house.office, actor=house.ours["records"], **values)

    assert deposit_of(house, list_id).state.value == "ended"
    assert house.journal().count("deposit.letter-back") == 2


def test_a_deposit_is_refused_and_what_is_due_there_is_the_depositors_to_destroy(house: House) -> None:
    first, second = paper(house, "ฝากแล้วครบ"), paper(house, "ไม่รับ")
    finished(house, first, second)
    deposited(house, first)
    clerk = house.ours["central_clerk"]
    other = depositing.draw(house.office, actor=clerk, entry_ids=[second], keeper=DepositKeeper.STORE)
    with pytest.raises(NotPermitted):
        depositing.accept(house.office, actor=clerk, list_id=other)
    with pytest.raises(BadInput):
        depositing.refuse(house.office, actor=house.ours["records"], list_id=other, reason="")
    depositing.refuse(house.office, actor=house.ours["records"], list_id=other, reason="ไม่มีที่เก็บ")
    assert kept(house, second).deposit_id is None
    in_year(house, 2028)

    items = disposal(house, proposed(house, 2570)).items
    assert [item.subject for item in items] == ["ฝากแล้วครบ"]
    assert "ฝากไว้" in items[0].note
    with pytest.raises(RuleBroken):
        destroying.propose(house.office, actor=house.ours["records"], year=2570)
