"""The daily duty of the keepers of the mailbox, and the agency's own working days."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from saraban.domain.calendar import office_date
from saraban.domain.duty import Results
from saraban.domain.errors import BadInput, NotPermitted, RuleBroken
from saraban.storage.tables.duty import day_changes, duties
from saraban.storage.tables.journal import journal
from saraban.usecases import attending
from tests.usecases.house import House


def test_the_mailbox_is_opened_once_in_each_half_of_the_day(house: House) -> None:
    keeper = house.ours["central_clerk"]

    first = attending.note_opened(house.office, actor=keeper)
    again = attending.note_opened(house.office, actor=keeper)
    house.clock.pass_by(timedelta(hours=4))
    afternoon = attending.note_opened(house.office, actor=keeper)

    assert (first, again, afternoon) == (True, False, True)
    assert [row.duty.value for row in house.rows(duties)] == ["morning", "afternoon"]
    told = [row.text for row in house.rows(journal) if row.name == "duty.mailbox-opened"]
    assert len(told) == 2


def test_beside_the_opening_stands_when_the_mailbox_had_been_read(house: House) -> None:
    read_at = house.clock.now() - timedelta(minutes=3)
    with house.office.uow() as uow:
        mark = uow.inbox.mark(house.ours.agency.id, house.ours.agency.mailbox)
        mark.checked_at = read_at
        uow.inbox.save_mark(mark)
        uow.commit()

    attending.note_opened(house.office, actor=house.ours["central_clerk"])

    assert house.rows(duties)[0].mailbox_read_at == read_at


@pytest.mark.parametrize("who", ["clerk", "director", "head", "records", "admin"])
def test_only_keepers_of_the_central_mailbox_do_the_duty(house: House, who: str) -> None:
    with pytest.raises(NotPermitted):
        attending.note_opened(house.office, actor=house.ours[who])
    with pytest.raises(NotPermitted):
        attending.review_results(house.office, actor=house.ours[who], day=date(2026, 11, 20))
    assert not house.rows(duties)


def test_results_of_a_day_are_looked_at_when_it_is_over_and_once(house: House) -> None:
    keeper = house.ours["central_clerk"]
    house.dispatched()
    day = office_date(house.clock.now())
    with pytest.raises(BadInput):
        attending.review_results(house.office, actor=keeper, day=day)
    house.clock.pass_by(timedelta(days=1))

    found = attending.review_results(house.office, actor=keeper, day=day)

    assert found.sent >= 1 and (found.answered, found.trouble) == (0, 0)
    assert attending.review_results(house.office, actor=keeper, day=day - timedelta(days=1)) == Results()
    with pytest.raises(RuleBroken):
        attending.review_results(house.office, actor=keeper, day=day)
    assert [(row.day, row.sent) for row in house.rows(duties)][-1] in ((day, found.sent), (day - timedelta(days=1), 0))


def test_the_administrator_changes_days_and_takes_it_back(house: House) -> None:
    admin, day = house.ours["admin"], date(2026, 11, 27)
    attending.change_day(house.office, actor=admin, day=day, off=True, title=" วันหยุด  พิเศษ ", source="มติ ครม.")
    attending.change_day(house.office, actor=admin, day=day, off=True, title="วันหยุดพิเศษ")

    assert [(row.day, row.off, row.title) for row in house.rows(day_changes)] == [(day, True, "วันหยุดพิเศษ")]
    attending.undo_day(house.office, actor=admin, day=day)
    attending.undo_day(house.office, actor=admin, day=day)
    assert not house.rows(day_changes)
    assert [row.name for row in house.rows(journal)].count("agency.workday-changed") == 3


def test_a_day_off_needs_its_name_and_an_administrator(house: House) -> None:
    day = date(2026, 11, 27)
    with pytest.raises(BadInput) as refused:
        attending.change_day(house.office, actor=house.ours["admin"], day=day, off=True, title=" ")
    assert set(refused.value.fields) == {"title"}
    with pytest.raises(BadInput):
        attending.change_day(house.office, actor=house.ours["admin"], day=day, off=False, title="ก" * 201)
    with pytest.raises(NotPermitted):
        attending.change_day(house.office, actor=house.ours["central_clerk"], day=day, off=True, title="หยุด")
