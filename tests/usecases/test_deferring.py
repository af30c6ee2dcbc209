"""The register of services that are not digital yet, on both databases."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from saraban.domain.calendar import office_date
from saraban.domain.deferral import DeferralId
from saraban.domain.errors import BadInput, NotFound, NotPermitted, StageNotAllowed
from saraban.storage.tables.journal import journal
from saraban.storage.tables.progress import deferrals
from saraban.usecases import deferring
from tests.builders import a_service
from tests.usecases.house import House


def test_a_service_is_entered_changed_and_one_day_ready(either_house: House) -> None:
    office, admin = either_house.office, either_house.ours["admin"]

    one = deferring.enter(office, actor=admin, matter=a_service(service="  การออก  ใบอนุญาต "))
    deferring.change(office, actor=admin, deferral_id=one, matter=a_service(service="การออก ใบอนุญาต"))
    deferring.change(office, actor=admin, deferral_id=one, matter=a_service(readiness=90, until=date(2028, 1, 1)))
    deferring.end(office, actor=admin, deferral_id=one)

    (row,) = either_house.rows(deferrals)
    assert (row.service, row.readiness, row.until) == ("การออกใบอนุญาตตั้งโรงงาน", 100, date(2028, 1, 1))
    assert row.ready_on == office_date(either_house.clock.now())
    told = [line.name for line in either_house.rows(journal) if line.name.startswith("deferral.")]
    assert told == ["deferral.entered", "deferral.changed", "deferral.ended"]
    with pytest.raises(StageNotAllowed):
        deferring.end(office, actor=admin, deferral_id=one)


def test_only_the_administrator_of_the_agency_keeps_it(house: House) -> None:
    office, admin = house.office, house.ours["admin"]
    one = deferring.enter(office, actor=admin, matter=a_service())

    for who in ("head", "records", "central_clerk"):
        with pytest.raises(NotPermitted):
            deferring.enter(office, actor=house.ours[who], matter=a_service())
        with pytest.raises(NotPermitted):
            deferring.end(office, actor=house.ours[who], deferral_id=one)
    with pytest.raises(NotFound):
        deferring.change(office, actor=house.theirs["admin"], deferral_id=one, matter=a_service(rank=2))
    with pytest.raises(NotFound):
        deferring.end(office, actor=admin, deferral_id=DeferralId(house.ours.agency.id))
    with pytest.raises(BadInput):
        deferring.end(office, actor=admin, deferral_id=one, on=office_date(house.clock.now()) + timedelta(days=1))
    with pytest.raises(BadInput):
        deferring.enter(office, actor=admin, matter=a_service(rank=0))
    assert [row.ready_on for row in house.rows(deferrals)] == [None]
