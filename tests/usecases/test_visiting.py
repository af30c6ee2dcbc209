"""Outsiders look at kept letters with the permission of a head, and never borrow (clause 65)."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from saraban.domain.calendar import office_date
from saraban.domain.errors import BadInput, NotFound, NotPermitted, RuleBroken, StageNotAllowed
from saraban.domain.register import EntryId
from saraban.domain.visit import VisitState
from saraban.reading.visits import VisitLine, visit, visits
from saraban.usecases import visiting
from tests.usecases.archive import (
    carried_out,
    cleared,
    considered,
    in_year,
    paper,
    proposed,
    secret_paper,
    stored,
)
from tests.usecases.house import House


def asked(
    house: House, entry: EntryId, *, copies: bool = False, by: str = "records", name: str = "นายมานะ มีนา"
) -> UUID:
    """Somebody wants to look."""
    who = visiting.Visitor(name, "บัตรประจำตัวประชาชน", "ตรวจสอบสิทธิของตน", copies)
    return visiting.ask(house.office, actor=house.ours[by], entry_id=entry, visitor=who)


def seen(house: House, visit_id: UUID, by: str = "records") -> VisitLine:
    """The visit as it is shown."""
    with house.real.reading.connect() as reader:
        return visit(reader, house.ours[by], visit_id)


def test_a_letter_is_looked_at_and_copied_with_permission_under_an_officers_eyes(either_house: House) -> None:
    house = either_house
    entry = paper(house, "โฉนดที่ดิน")
    stored(house, entry)
    visit_id = asked(house, entry, copies=True)
    with pytest.raises(StageNotAllowed):
        visiting.show(house.office, actor=house.ours["records"], visit_id=visit_id)
    with pytest.raises(NotPermitted):
        visiting.permit(house.office, actor=house.ours["records"], visit_id=visit_id)
    visiting.permit(house.office, actor=house.ours["head"], visit_id=visit_id)
    tomorrow = office_date(house.clock.now()) + timedelta(days=1)
    with pytest.raises(BadInput):
        visiting.show(house.office, actor=house.ours["records"], visit_id=visit_id, on=tomorrow)
    visiting.show(house.office, actor=house.ours["records"], visit_id=visit_id, copied="หน้า ๑ ถึง ๓")

    one = seen(house, visit_id)
    assert (one.visit.state, one.visit.copied, one.letter.line.subject) == (VisitState.DONE, "หน้า ๑ ถึง ๓", "โฉนดที่ดิน")
    assert (one.visit.answered_by, one.visit.shown_by) == (house.ours["head"].name, house.ours["records"].name)
    assert [name for name in house.journal() if name.startswith("visit.")] == [
        "visit.asked",
        "visit.permitted",
        "visit.done",
    ]
    assert "มานะ" not in str(house.told("visit.asked") + house.told("visit.done"))  # the journal is for ever


def test_what_is_refused_or_not_wanted_any_more_is_over(house: House) -> None:
    entry = paper(house, "แผน")
    stored(house, entry)
    first, second = asked(house, entry), asked(house, entry)
    with pytest.raises(BadInput):
        visiting.refuse(house.office, actor=house.ours["head"], visit_id=first, reason=" ")
    visiting.refuse(house.office, actor=house.ours["head"], visit_id=first, reason="ข้อมูลส่วนบุคคลของผู้อื่น")
    visiting.permit(house.office, actor=house.ours["head"], visit_id=second)
    with pytest.raises(BadInput):
        visiting.show(house.office, actor=house.ours["records"], visit_id=second, copied="ทั้งฉบับ")
    visiting.nobody_came(house.office, actor=house.ours["records"], visit_id=second)

    assert [seen(house, one).visit.state for one in (first, second)] == [VisitState.REFUSED, VisitState.GONE]
    with house.real.reading.connect() as reader:
        assert visits(reader, house.ours["records"], only_open=True) == []
        assert len(visits(reader, house.ours["head"], entry_id=entry)) == 2


def test_nothing_classified_or_gone_is_shown_and_only_keepers_write_down_who_comes(house: House) -> None:
    secret, open_, gone = secret_paper(house, "ลับ"), paper(house, "เปิด"), paper(house, "ทำลายแล้ว")
    stored(house, open_, gone)
    for entry, by in ((secret, "records"), (open_, "clerk")):
        with pytest.raises(NotPermitted):
            asked(house, entry, by=by)
    with pytest.raises(BadInput) as told:
        asked(house, open_, name=" ")
    assert told.value.fields == {"visitor": "ใส่ชื่อผู้ขอดู"}
    visit_id = asked(house, open_)
    with house.real.reading.connect() as reader, pytest.raises(NotFound):
        visit(reader, house.theirs["head"], visit_id)
    with pytest.raises(NotFound):
        visiting.permit(house.office, actor=house.theirs["head"], visit_id=visit_id)
    in_year(house, 2028)
    list_id = proposed(house, 2570)
    considered(house, list_id)
    cleared(house, list_id)
    carried_out(house, list_id)
    with pytest.raises(RuleBroken):
        asked(house, gone)
