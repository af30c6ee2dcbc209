"""Sheets of units, posts and people: all lines or none, and the same sheet again changes nothing."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from saraban.domain.calendar import office_date
from saraban.domain.errors import BadInput, NotPermitted
from saraban.domain.organisation_lists import ListKind
from saraban.usecases import enlisting, entering
from saraban.usecases.enlisting import Enlisted
from tests.usecases.house import House

UNITS = [["law-2", "กลุ่มงานนิติกรรม", "law-1", ""], ["law-1", "กลุ่มงานคดี", "legal", "1009"]]
POSTS = [["101", "นิติกร", "law-1", "เจ้าหน้าที่สารบรรณ", ""], ["102", "ผู้อำนวยการกลุ่ม", "law-1", "director", "มี"]]
PEOPLE = [["Mai.M", "นางสาวใหม่ มาดี", "101", "Mai@staff.example"], ["somsri.k", "นางสมศรี คงดี", "", ""]]


def bring(house: House, kind: ListKind, rows: Sequence[Sequence[str]], *, really: bool = True) -> Enlisted:
    """Look through the lines, and take them in."""
    return enlisting.enlist(
        house.office,
        actor=house.ours["admin"],
        kind=kind,
        rows=rows,
        since=office_date(house.clock.now()),
        authority="คำสั่งที่ 9/2569",
        file="รายชื่อ.xlsx",
        really=really,
    )


def told(found: Enlisted) -> tuple[int, int, int, int]:
    """New, changed, as before, wrong."""
    return found.added, found.changed, found.same, len(found.faults)


def test_an_organisation_comes_from_three_sheets_and_again_without_change(house: House) -> None:
    assert told(bring(house, ListKind.UNITS, UNITS, really=False)) == (2, 0, 0, 0)
    assert told(bring(house, ListKind.UNITS, UNITS)) == (2, 0, 0, 0)  # the preview wrote nothing
    assert told(bring(house, ListKind.POSITIONS, POSTS)) == (2, 0, 0, 0)
    made = bring(house, ListKind.PEOPLE, PEOPLE)
    assert told(made) == (2, 0, 0, 0) and set(made.passwords) == {"mai.m", "somsri.k"}
    actor = entering.enter(house.office, username="mai.m", password=made.passwords["mai.m"])
    assert (actor.title, actor.unit_name) == ("นิติกร", "กลุ่มงานคดี")
    for kind, rows in ((ListKind.UNITS, UNITS), (ListKind.POSITIONS, POSTS), (ListKind.PEOPLE, PEOPLE)):
        again = bring(house, kind, rows)
        assert told(again) == (0, 0, 2, 0) and not again.passwords
    changed = bring(house, ListKind.UNITS, [["law-2", "กลุ่มงานสัญญา", "legal", ""], UNITS[1]])
    assert told(changed) == (0, 1, 1, 0) and "ชื่อเดิม กลุ่มงานนิติกรรม" in changed.words[0]
    moved = bring(house, ListKind.POSITIONS, [["101", "นิติกรชำนาญการ", "law-2", "clerk", ""]])
    assert told(moved) == (0, 1, 0, 0)
    renamed = bring(house, ListKind.PEOPLE, [["mai.m", "นางใหม่ มาดีกว่า", "101", ""]])
    assert told(renamed) == (0, 1, 0, 0)
    with house.office.uow() as uow:
        person = uow.people.by_username("mai.m")
    assert person is not None and person.email == "mai@staff.example"  # an empty cell takes nothing away


def test_one_wrong_line_keeps_the_whole_sheet_out_and_says_why(house: House) -> None:
    wrong = bring(
        house, ListKind.UNITS, [*UNITS, ["law-1", "อีกชื่อ", "", ""], ["x", "กองกฎหมาย", "", ""], ["y", "ย", "z", ""]]
    )
    assert [wrong.faults[at].split(" ")[0] for at in sorted(wrong.faults)] == [
        "รหัสหน่วยงาน",
        "มีหน่วยงานชื่อ",
        "ไม่พบหน่วยงานรหัส",
    ]
    with house.office.uow() as uow:
        assert uow.agencies.unit_by_code(house.ours.agency.id, "law-1") is None
    posts = [["1", "ก", "legal", "เจ้า", ""], ["2", "", "legal", "clerk", ""], ["3", "ข", "nowhere", "clerk", ""]]
    assert len(bring(house, ListKind.POSITIONS, posts).faults) == 3
    people = [["head.dopa", "ใคร", "", ""], ["ก", "ข", "", ""], ["good.one", "คนดี", "999", ""], ["two", "ค", "", "two"]]
    assert len(bring(house, ListKind.PEOPLE, people).faults) == 4
    with pytest.raises(NotPermitted):
        enlisting.enlist(
            house.office,
            actor=house.ours["clerk"],
            kind=ListKind.UNITS,
            rows=UNITS,
            since=office_date(house.clock.now()),
            authority="x",
            file="x",
        )


def test_a_sheet_is_read_by_its_headings_in_any_order(house: House) -> None:
    text = "ชื่อหน่วยงาน,รหัสหน่วยงาน,หมายเหตุ\nกองใหม่,new,\n,,\n"
    admin = house.ours["admin"]
    sheet = enlisting.read_list(house.office, actor=admin, data=text.encode(), name="ก.csv", kind=ListKind.UNITS)
    assert (sheet.rows, sheet.numbers) == ([["new", "กองใหม่", "", ""]], [2])
    for bad in ("รหัสหน่วยงาน\nx\n", "รหัสหน่วยงาน,ชื่อหน่วยงาน\n"):
        with pytest.raises(BadInput) as refused:
            enlisting.read_list(house.office, actor=admin, data=bad.encode(), name="ก.csv", kind=ListKind.UNITS)
        assert set(refused.value.fields) == {"file"}


def test_rows_are_told_as_they_count_in_the_sheet_whatever_is_empty_between(house: House) -> None:
    text = "รหัสหน่วยงาน,ชื่อหน่วยงาน\nnew,กองใหม่\n\n,,\nnew,กองใหม่อีก\n"
    admin = house.ours["admin"]
    sheet = enlisting.read_list(house.office, actor=admin, data=text.encode(), name="ก.csv", kind=ListKind.UNITS)
    found = enlisting.enlist(
        house.office,
        actor=admin,
        kind=ListKind.UNITS,
        rows=sheet.rows,
        numbers=sheet.numbers,
        since=office_date(house.clock.now()),
        authority="x",
        file="x",
    )

    assert sheet.numbers == [2, 5]
    assert found.faults == {1: "รหัสหน่วยงาน “new” ซ้ำกับแถวที่ ๒"}
