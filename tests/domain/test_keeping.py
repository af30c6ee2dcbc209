"""How long letters are kept (clause 57), their way into the store, and what stops their disposal."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

import pytest

from saraban.domain.agency import AgencyId, PositionRole
from saraban.domain.classification import Secrecy
from saraban.domain.errors import BadInput, StageNotAllowed
from saraban.domain.handover import HandoverKind, HandoverList
from saraban.domain.keeping import KeepingState, KeptItem, LegalHold, Place
from saraban.domain.permissions import may_hold, may_keep, may_store
from saraban.domain.retention import (
    Basis,
    FileGroup,
    RetentionClass,
    Term,
    default_class,
    standard_classes,
    standard_plan,
)
from tests.builders import NOW, an_actor

AGENCY = AgencyId(uuid4())
CLASSES = {one.code: one for one in standard_classes(AGENCY)}
BY = an_actor(PositionRole.RECORDS)


def an_item(**more: Any) -> KeptItem:
    """A letter in work, on paper, of the general class."""
    values: dict[str, Any] = {"electronic": False, "class_code": "general", "basis": Basis.GENERAL} | more
    return KeptItem(uuid4(), AGENCY, None, None, **values)


def finished(on: date = date(2026, 11, 23), code: str = "general", **more: object) -> KeptItem:
    """A letter that was finished on a day."""
    item = an_item(class_code=code, basis=CLASSES[code].basis, **more)
    item.finish(CLASSES[code], on, by=BY, at=NOW)
    return item


@pytest.mark.parametrize(
    ("code", "mark"),
    [
        ("general", "เก็บถึง พ.ศ. ๒๕๗๙"),
        ("copy", "เก็บถึง พ.ศ. ๒๕๗๔"),
        ("routine", "เก็บถึง พ.ศ. ๒๕๗๐"),
        ("money", "เก็บถึง พ.ศ. ๒๕๗๔"),
        ("history", "ห้ามทำลาย"),
        ("secret", "เก็บตามกฎหมายเฉพาะ"),
        ("case", "เก็บตามกฎหมายเฉพาะ"),
    ],
)
def test_the_periods_are_those_of_the_regulation(code: str, mark: str) -> None:
    assert finished(code=code).mark == mark


def test_no_class_falls_short_of_its_clause() -> None:
    assert not any(one.faults() for one in CLASSES.values())
    assert "years" in RetentionClass(AGENCY, "x", "เร็วไป", Basis.GENERAL, 9).faults()
    assert "years" in RetentionClass(AGENCY, "x", "เร็วไป", Basis.MONEY, 4).faults()
    assert "years" in RetentionClass(AGENCY, "x", "ไม่บอก", Basis.GENERAL).faults()
    assert "years" in RetentionClass(AGENCY, "x", "สองอย่าง", Basis.HISTORY, 10, forever=True).faults()
    assert {"code", "name"} <= set(RetentionClass(AGENCY, " ", "", Basis.COPY, 5).tidied().faults())
    assert RetentionClass(AGENCY, "x", "นานกว่า", Basis.ROUTINE, 3).faults() == {}


def test_a_class_follows_from_secrecy_and_the_file_plan() -> None:
    group = FileGroup(AGENCY, "03", "โต้ตอบทั่วไป", "routine")

    assert default_class(Secrecy.OPEN) == "general"
    assert default_class(Secrecy.OPEN, group) == "routine"
    assert default_class(Secrecy.SECRET, group) == "secret"
    assert {one.class_code for one in standard_plan(AGENCY)} <= set(CLASSES)


def test_a_letter_in_work_has_no_mark_and_one_taken_up_again_loses_it() -> None:
    item = an_item()
    assert item.mark == ""
    item.finish(CLASSES["general"], date(2026, 1, 5), by=BY, at=NOW)
    item.keep_for_checking(by=BY, at=NOW)
    item.take_up_again(by=BY, at=NOW)

    assert (item.state, item.mark, item.until_year) == (KeepingState.WORKING, "", None)
    with pytest.raises(StageNotAllowed):
        item.keep_for_checking(by=BY, at=NOW)


def test_another_class_counts_a_running_period_anew() -> None:
    item = finished()
    event = item.classify(CLASSES["copy"], "03", by=BY, at=NOW)

    assert (item.until_year, item.file_code, event.mark) == (2574, "03", "เก็บถึง พ.ศ. ๒๕๗๔")


def test_the_way_into_the_store_and_back() -> None:
    item, list_id = finished(), uuid4()
    item.send_to_store(list_id)
    with pytest.raises(StageNotAllowed):
        item.take_up_again(by=BY, at=NOW)
    item.come_back()
    assert (item.state, item.storing_id) == (KeepingState.FINISHED, None)
    item.send_to_store(list_id)
    item.store(2569, 7, date(2026, 12, 1))
    with pytest.raises(StageNotAllowed):
        item.send_to_store(list_id)

    assert (item.state, item.store_year, item.store_serial) == (KeepingState.STORED, 2569, 7)


def test_paper_is_due_when_its_year_is_over_and_it_is_in_the_store() -> None:
    item = finished()
    today = date(2037, 1, 5)
    assert item.why_not_due(2578, today, electronic=False) == "เก็บถึง พ.ศ. ๒๕๗๙"
    assert "ยังไม่ได้ส่งเก็บ" in item.why_not_due(2579, today, electronic=False)
    item.send_to_store(uuid4())
    item.store(2569, 1, date(2026, 12, 1))

    assert item.why_not_due(2579, today, electronic=False) == ""


def test_electronic_letters_are_due_only_after_more_than_ten_years() -> None:
    item = finished(date(2026, 2, 28), "routine", electronic=True)

    assert "๑๐ ปี" in item.why_not_due(2570, date(2028, 1, 5), electronic=True)
    assert "๑๐ ปี" in item.why_not_due(2579, date(2036, 2, 28), electronic=True)
    assert item.why_not_due(2579, date(2036, 2, 29), electronic=True) == ""
    assert finished(code="history", electronic=True).why_not_due(2600, date(2058, 1, 1), electronic=True) == "ห้ามทำลาย"
    assert finished(date(2024, 2, 29), electronic=True).why_not_due(2577, date(2034, 2, 28), electronic=True) != ""


def test_paper_and_the_electronic_letter_beside_it_go_each_by_its_own_rule() -> None:
    item = finished(date(2026, 2, 28), "routine", electronic=True)
    item.stand(Place("คลัง"), by=BY, at=NOW)
    item.send_to_store(uuid4())
    item.store(2569, 1, date(2026, 12, 1))
    soon, late = date(2028, 1, 5), date(2036, 2, 29)

    assert item.why_not_due(2570, soon, electronic=False) == ""
    assert "๑๐ ปี" in item.why_not_due(2570, soon, electronic=True)
    assert "ฉบับกระดาษ" in item.why_not_due(2579, late, electronic=True)
    item.disposal_id = uuid4()
    with pytest.raises(StageNotAllowed):
        item.stand(Place(), by=BY, at=NOW)
    item.destroy_paper(soon)
    assert (item.state, item.electronic, item.paper, item.paper_destroyed_on, item.disposal_id) == (
        *(KeepingState.STORED, True, False, soon, None),
    )
    assert item.why_not_due(2579, late, electronic=True) == ""
    assert item.why_not_due(2579, late, electronic=False) != ""


def test_a_hold_stops_everything_until_it_is_lifted() -> None:
    item = finished(electronic=True)
    hold = LegalHold(uuid4(), AGENCY, item.entry_id, "คดีปกครอง", "คำสั่งศาล ๑/๒๕๗๐", NOW, BY.name)
    item.hold(hold, by=BY, at=NOW)

    assert item.why_not_due(2579, date(2037, 1, 5), electronic=True) == "ระงับการทำลาย"
    for way_out in (item.destroy, item.transfer):
        with pytest.raises(StageNotAllowed) as stopped:
            way_out()
        assert stopped.value.code == "on-hold"
    with pytest.raises(StageNotAllowed):
        item.hold(hold, by=BY, at=NOW)
    hold.lift("คดีถึงที่สุด", by=BY, at=NOW)
    item.release(hold.lifted_why, by=BY, at=NOW)
    item.destroy()
    assert item.state is KeepingState.DESTROYED
    with pytest.raises(StageNotAllowed):
        item.classify(CLASSES["copy"], "", by=BY, at=NOW)


def test_a_hold_needs_reason_and_order_and_its_lifting_a_reason() -> None:
    with pytest.raises(BadInput) as told:
        LegalHold(uuid4(), AGENCY, uuid4(), " ", "", NOW, "ก")
    assert set(told.value.fields) == {"reason", "order"}
    hold = LegalHold(uuid4(), AGENCY, uuid4(), "คดี", "คำสั่ง", NOW, "ก")
    with pytest.raises(BadInput):
        hold.lift("", by=BY, at=NOW)


def test_only_a_later_year_extends() -> None:
    item = finished()
    with pytest.raises(BadInput):
        item.extend(Term(2579), reason="", by=BY, at=NOW)
    item.extend(Term(2585), reason="ยังใช้", by=BY, at=NOW)
    assert item.mark == "เก็บถึง พ.ศ. ๒๕๘๕"
    item.extend(Term(forever=True), reason="มีคุณค่า", by=BY, at=NOW)
    with pytest.raises(BadInput):
        item.extend(Term(2600), reason="", by=BY, at=NOW)


def test_no_class_shortens_what_was_extended_and_a_longer_one_stands_beside_it() -> None:
    item = finished()
    item.extend(Term(2585), reason="คณะกรรมการ", by=BY, at=NOW)
    marks = []
    for code in ("routine", "history", "case", "copy"):
        item.classify(CLASSES[code], "03", by=BY, at=NOW)
        marks.append(item.mark)

    assert marks == ["เก็บถึง พ.ศ. ๒๕๘๕", "ห้ามทำลาย", "เก็บตามกฎหมายเฉพาะ", "เก็บถึง พ.ศ. ๒๕๘๕"]
    item.take_up_again(by=BY, at=NOW)
    assert (item.mark, item.until_year) == ("", None)
    item.finish(CLASSES["routine"], date(2026, 11, 23), by=BY, at=NOW)
    assert item.mark == "เก็บถึง พ.ศ. ๒๕๘๕"
    item.extend(Term(forever=True), reason="หอจดหมายเหตุ", by=BY, at=NOW)
    item.classify(CLASSES["routine"], "03", by=BY, at=NOW)
    assert (item.mark, item.class_code) == ("ห้ามทำลาย", "routine")


def test_what_the_archives_asked_for_is_not_due_whatever_its_mark() -> None:
    item = finished(date(2014, 1, 5), "routine", electronic=True, asked_by=uuid4())

    assert item.why_not_due(2569, date(2026, 12, 1), electronic=True) == "หอจดหมายเหตุแห่งชาติให้ส่งมอบ"


def test_a_letter_on_a_list_for_destruction_keeps_its_class() -> None:
    item = finished(disposal_id=uuid4())
    with pytest.raises(StageNotAllowed) as told:
        item.classify(CLASSES["history"], "03", by=BY, at=NOW)

    assert (told.value.code, item.class_code, item.mark) == ("on-disposal-list", "general", "เก็บถึง พ.ศ. ๒๕๗๙")
    assert "อยู่ในบัญชีหนังสือขอทำลาย" in told.value.thai


@pytest.mark.parametrize(
    ("drawn", "asked", "deadline"),
    [
        (datetime(2047, 1, 2, tzinfo=UTC), False, date(2047, 1, 31)),
        (datetime(2047, 1, 31, 16, 59, tzinfo=UTC), False, date(2047, 1, 31)),
        (datetime(2047, 1, 31, 17, 0, tzinfo=UTC), False, date(2048, 1, 31)),
        (datetime(2048, 1, 5, tzinfo=UTC), False, date(2048, 1, 31)),
        (datetime(2047, 6, 1, tzinfo=UTC), True, None),
    ],
)
def test_a_list_that_is_drawn_up_after_january_goes_in_the_next(
    drawn: datetime, asked: bool, deadline: date | None
) -> None:
    made = HandoverList(uuid4(), AGENCY, HandoverKind.TRANSFER, 2589, 1, (), drawn, "ก", asked=asked)

    assert made.deadline == deadline and not made.is_late(drawn.date())


def test_a_place_says_that_there_is_paper_beside_the_electronic_letter() -> None:
    item = an_item(electronic=True)
    assert not item.paper and an_item().paper
    item.stand(Place("  คลัง ๒ ", "ก", ""), by=BY, at=NOW)

    assert (item.electronic, item.paper, item.place.thai) == (True, True, "ห้อง คลัง ๒ ชั้น ก")
    item.stand(Place(), by=BY, at=NOW)
    assert (item.electronic, item.paper) == (True, False)
    with pytest.raises(BadInput):
        item.stand(Place("ก" * 101), by=BY, at=NOW)


def test_who_may() -> None:
    clerk, head = an_actor(PositionRole.CLERK), an_actor(PositionRole.HEAD)

    assert may_keep(clerk, clerk.unit_id) is None and may_keep(clerk, head.unit_id) is not None
    assert may_keep(an_actor(PositionRole.CLERK, central=True), None) is None and may_keep(BY, None) is None
    assert may_store(BY) is None and may_store(clerk) is not None
    assert may_hold(BY) is None and may_hold(head) is None and may_hold(clerk) is not None
