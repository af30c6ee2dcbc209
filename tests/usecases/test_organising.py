"""The organisation changes: from a day on, by an order, and what was before keeps its name."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import Connection, event

from saraban.domain.actor import Actor
from saraban.domain.agency import PositionId, PositionRole, UnitId
from saraban.domain.calendar import office_date
from saraban.domain.errors import BadInput, NotFound, NotPermitted, RuleBroken
from saraban.domain.register import BookKind
from saraban.reading import entering as entering_rows
from saraban.reading import letters as letter_rows
from saraban.reading import staff
from saraban.reading.people import actor_by_person
from saraban.reading.printout import printed_book
from saraban.usecases import bookkeeping, drafting, enrolling, entering, organising, staffing
from tests.builders import CONTENT
from tests.usecases.house import House

ORDER = "คำสั่งสำนักงานที่ 12/2569"


@contextmanager
def reading(house: House) -> Iterator[Connection]:
    """A connection for what screens show."""
    with house.real.reading.connect() as connection:
        yield connection


def today(house: House) -> date:
    """The day of the office."""
    return office_date(house.clock.now())


def rename(house: House, name: str, since: date) -> None:
    """The legal unit is called otherwise."""
    organising.rename_unit(
        house.office,
        actor=house.ours["admin"],
        unit_id=house.ours.legal.id,
        name=name,
        since=since,
        authority=ORDER,
    )


def test_last_years_register_and_letters_keep_the_name_of_their_day(either_house: House) -> None:
    house = either_house
    day = today(house)
    bookkeeping.open_book(house.office, actor=house.ours["admin"], kind=BookKind.SENDING, unit_code="legal", first=1)
    issued, year = house.signed(), day.year + 543
    rename(house, "สำนักกฎหมาย", date(day.year + 1, 1, 1))

    later = replace(house.ours["clerk"], on=date(day.year + 1, 3, 1))
    with reading(house) as reader:
        assert printed_book(reader, later, BookKind.SENDING, year, "legal").keeper == "กองกฎหมาย"
        assert letter_rows.letter(reader, later, issued).unit_name == "กองกฎหมาย"
    house.clock.pass_by(timedelta(days=120))
    with reading(house) as reader:
        person = house.ours["clerk"].person_id
        assert person is not None
        actor = actor_by_person(reader, person, today(house))
    assert actor is not None and actor.unit_name == "สำนักกฎหมาย"
    draft = house.draft()
    with house.office.uow() as uow, reading(house) as reader:
        assert uow.agencies.unit(actor.agency_id, house.ours.legal.id).name == "สำนักกฎหมาย"
        assert uow.agencies.unit(actor.agency_id, house.ours.legal.id, day).name == "กองกฎหมาย"
        assert letter_rows.letter(reader, actor, draft).unit_name == "สำนักกฎหมาย"
        assert letter_rows.letter(reader, actor, issued).unit_name == "กองกฎหมาย"


def test_a_planned_name_holds_at_midnight_and_can_be_taken_back_before(house: House) -> None:
    legal, day = house.ours.legal, today(house)
    rename(house, "สำนักกฎหมาย", day + timedelta(days=1))
    with house.office.uow() as uow:
        assert uow.agencies.unit(legal.agency_id, legal.id).name == "กองกฎหมาย"
    with pytest.raises(RuleBroken, match="บันทึกไว้แล้ว"):
        rename(house, "กลุ่มกฎหมาย", day)
    organising.undo_planned(house.office, actor=house.ours["admin"], unit_id=legal.id)
    rename(house, "สำนักนิติการ", day + timedelta(days=1))
    house.clock.pass_by(timedelta(days=1))
    with house.office.uow() as uow:
        assert uow.agencies.unit(legal.agency_id, legal.id).name == "สำนักนิติการ"
    with pytest.raises(RuleBroken):
        organising.undo_planned(house.office, actor=house.ours["admin"], unit_id=legal.id)


def open_unit(house: House, code: str, name: str, parent: str = "") -> UnitId:
    """Another unit, from today on."""
    return organising.open_unit(
        house.office,
        actor=house.ours["admin"],
        code=code,
        name=name,
        since=today(house),
        authority=ORDER,
        parent=parent,
    )


def test_a_unit_stands_under_another_and_never_under_itself(house: House) -> None:
    admin, day = house.ours["admin"], today(house)
    below = open_unit(house, "contracts", "กลุ่มงานสัญญา", "legal")
    with pytest.raises(BadInput, match="ข้อมูล") as refused:
        organising.move_unit(
            house.office, actor=admin, unit_id=house.ours.legal.id, parent="contracts", since=day, authority=ORDER
        )
    assert "อยู่เหนือ" in refused.value.fields["parent"]
    for wrong in ({"code": "legal"}, {"name": "กองกฎหมาย"}, {"parent": "x"}, {"authority": " "}, {"code": "a b"}):
        values = {"code": "new", "name": "กลุ่มใหม่", "parent": "", "authority": ORDER} | wrong
        with pytest.raises(BadInput) as unfit:
            organising.open_unit(house.office, actor=admin, since=day, **values)
        assert set(unfit.value.fields) == set(wrong)
    organising.move_unit(house.office, actor=admin, unit_id=below, parent="central", since=day, authority=ORDER)
    with reading(house) as reader:
        tree = staff.organisation(reader, replace(admin, on=day)).tree()
    assert [(unit.code, unit.depth) for unit in tree] == [("central", 0), ("contracts", 1), ("legal", 1)]
    with pytest.raises(NotPermitted):
        organising.end_unit(house.office, actor=house.ours["clerk"], unit_id=below, until=day, authority=ORDER)
    with pytest.raises(NotFound):
        organising.end_unit(house.office, actor=house.theirs["admin"], unit_id=below, until=day, authority=ORDER)


def test_a_merged_unit_gives_its_posts_people_and_units_to_the_other(house: House) -> None:
    admin, day = house.ours["admin"], today(house)
    below = open_unit(house, "contracts", "กลุ่มงานสัญญา", "legal")
    plan = open_unit(house, "plan", "กองแผนงาน", "central")
    with pytest.raises(RuleBroken, match="ยังมีหน่วยงานใต้สังกัด กลุ่มงานสัญญา และตำแหน่ง"):
        organising.end_unit(house.office, actor=admin, unit_id=house.ours.legal.id, until=day, authority=ORDER)
    organising.merge_unit(
        house.office,
        actor=admin,
        unit_id=house.ours.legal.id,
        into="plan",
        since=day + timedelta(days=1),
        authority=ORDER,
    )
    clerk = house.ours["clerk"].person_id
    assert clerk is not None
    with reading(house) as reader:
        before, after = (actor_by_person(reader, clerk, day + timedelta(days=n)) for n in (0, 1))
        whole = staff.organisation(reader, replace(admin, on=day + timedelta(days=1)))
        assert staff.successions(reader, admin) == [(house.ours.legal.id, plan, day + timedelta(days=1))]
    assert before is not None and after is not None
    assert (before.unit_name, after.unit_name) == ("กองกฎหมาย", "กองแผนงาน")
    assert whole.units[below].parent_id == plan
    assert [unit.code for unit in whole.tree()] == ["central", "plan", "contracts"]
    assert "legal" in [unit.code for unit in whole.tree(ended=True)]
    house.clock.pass_by(timedelta(days=1))
    with house.office.uow() as uow:
        assert [unit.code for unit in uow.agencies.units(admin.agency_id)] == ["central", "contracts", "plan"]
    with pytest.raises(RuleBroken, match="สารบรรณกลาง"):
        organising.end_unit(house.office, actor=admin, unit_id=house.ours.central.id, until=day, authority=ORDER)


def a_post(house: House, title: str = "นิติกรชำนาญการ") -> PositionId:
    """A vacant post in the legal unit."""
    return staffing.open_position(
        house.office,
        actor=house.ours["admin"],
        unit_id=house.ours.legal.id,
        title=title,
        role=PositionRole.CLERK,
        since=today(house),
        authority=ORDER,
        code="101",
    )


def appoint(house: House, position: PositionId, who: Actor, since: date, until: date | None = None) -> None:
    """Let somebody hold the post."""
    assert who.person_id is not None
    staffing.appoint(
        house.office,
        actor=house.ours["admin"],
        position_id=position,
        person_id=who.person_id,
        since=since,
        until=until,
        authority=ORDER,
    )


def test_one_person_may_hold_several_posts_and_a_post_is_held_by_one(house: House) -> None:
    admin, day = house.ours["admin"], today(house)
    post = a_post(house)
    appoint(house, post, house.ours["clerk"], day, day + timedelta(days=9))
    with pytest.raises(RuleBroken, match="ดำรงตำแหน่งนี้อยู่ตั้งแต่"):
        appoint(house, post, house.ours["director"], day + timedelta(days=9))
    appoint(house, post, house.ours["director"], day + timedelta(days=10))
    with pytest.raises(BadInput):
        appoint(house, post, house.ours["head"], day + timedelta(days=30), day)
    with reading(house) as reader:
        whole = staff.organisation(reader, replace(admin, on=day))
        people = staff.persons(reader, admin, whole, "สมศักดิ์")
    assert [len(one.holders_of) for one in people] == [2] and not whole.posts[post].vacant
    director = house.ours["director"].person_id
    assert director is not None
    staffing.end_holding(
        house.office,
        actor=admin,
        position_id=post,
        person_id=director,
        since=day + timedelta(days=10),
        until=day + timedelta(days=20),
        authority=ORDER,
    )
    staffing.end_position(house.office, actor=admin, position_id=post, until=day + timedelta(days=15), authority=ORDER)
    with house.office.uow() as uow:
        mine = [held.until for held in uow.people.holdings(admin.agency_id) if held.position_id == post]
    assert mine == [day + timedelta(days=9), day + timedelta(days=15)]
    with pytest.raises(BadInput):
        appoint(house, post, house.ours["head"], day + timedelta(days=16))


def test_a_post_that_moves_takes_its_holder_along_and_the_last_administrator_stays(house: House) -> None:
    admin, day = house.ours["admin"], today(house)
    clerk = house.ours["clerk"]
    assert clerk.position_id is not None and clerk.person_id is not None and admin.position_id is not None
    values = {"role": PositionRole.CLERK, "clearance": True, "authority": ORDER}
    staffing.change_position(
        house.office,
        actor=admin,
        position_id=clerk.position_id,
        title="เจ้าพนักงานธุรการอาวุโส",
        unit_id=house.ours.central.id,
        since=day + timedelta(days=1),
        **values,
    )
    with reading(house) as reader:
        now, then = (actor_by_person(reader, clerk.person_id, day + timedelta(days=n)) for n in (0, 1))
    assert now is not None and then is not None
    assert (now.unit_name, now.title) == (clerk.unit_name, clerk.title)
    assert (then.unit_name, then.title, then.central) == (house.ours.central.name, "เจ้าพนักงานธุรการอาวุโส", True)
    with pytest.raises(RuleBroken, match="ผู้ดูแลระบบอย่างน้อยหนึ่งคน"):
        staffing.end_position(house.office, actor=admin, position_id=admin.position_id, until=day, authority=ORDER)


def test_a_new_person_enters_with_the_password_that_works_once_and_chooses_another(house: House) -> None:
    admin, day = house.ours["admin"], today(house)
    person, password = enrolling.add_person(house.office, actor=admin, name="นางสาวใหม่ มาดี", username="Mai.M")
    with pytest.raises(BadInput, match="ข้อมูล"):
        enrolling.add_person(house.office, actor=admin, name="อีกคน", username="mai.m")
    with pytest.raises(NotPermitted):
        entering.enter(house.office, username="mai.m", password=password)
    staffing.appoint(house.office, actor=admin, position_id=a_post(house), person_id=person, since=day, authority=ORDER)
    actor = entering.enter(house.office, username="mai.m", password=password)
    assert enrolling.password_is_once(house.office, actor=actor)
    with pytest.raises(BadInput) as refused:
        enrolling.choose_password(house.office, actor=actor, old="x", new="short", again="")
    assert set(refused.value.fields) == {"old", "new"}
    enrolling.choose_password(house.office, actor=actor, old=password, new="ดอกไม้-สี่ฤดู-๒๕๖๙", again="ดอกไม้-สี่ฤดู-๒๕๖๙")
    assert not enrolling.password_is_once(house.office, actor=actor)
    told = enrolling.reset_password(house.office, actor=admin, person_id=person)
    assert told != password and enrolling.password_is_once(house.office, actor=actor)
    enrolling.switch_person(house.office, actor=admin, person_id=person, active=False, reason="ลาออก")
    with pytest.raises(NotPermitted):
        entering.enter(house.office, username="mai.m", password=told)
    assert admin.person_id is not None
    with pytest.raises(RuleBroken, match="ตนเอง"):
        enrolling.switch_person(house.office, actor=admin, person_id=admin.person_id, active=False, reason="x")


def test_a_clearance_holds_between_its_days(house: House) -> None:
    admin, day = house.ours["admin"], today(house)
    person = house.ours["clerk"].person_id
    assert person is not None and not house.ours["clerk"].clearance
    first = day + timedelta(days=2)
    enrolling.grant_clearance(house.office, actor=admin, person_id=person, since=first, authority=ORDER)
    with pytest.raises(RuleBroken, match="ได้รับอนุญาตอยู่แล้ว"):
        enrolling.grant_clearance(
            house.office, actor=admin, person_id=person, since=day + timedelta(days=5), authority=ORDER
        )
    enrolling.end_clearance(
        house.office, actor=admin, person_id=person, since=first, until=day + timedelta(days=3), authority=ORDER
    )
    with reading(house) as reader:
        actors = [actor_by_person(reader, person, day + timedelta(days=n)) for n in (1, 2, 3, 4)]
    assert [actor.clearance for actor in actors if actor is not None] == [False, True, True, False]
    with house.office.uow() as uow:
        same = uow.people.actor(person, day + timedelta(days=2))
    assert same is not None and same.clearance
    with pytest.raises(NotFound):
        enrolling.end_clearance(
            house.office, actor=house.theirs["admin"], person_id=person, since=first, until=first, authority=ORDER
        )


def test_a_unit_that_has_ended_takes_no_numbers_and_no_drafts(house: House) -> None:
    admin, day = house.ours["admin"], today(house)
    open_unit(house, "plan", "กองแผนงาน", "central")
    bookkeeping.open_book(house.office, actor=admin, kind=BookKind.SENDING, unit_code="plan", first=1)
    with house.office.uow() as uow:
        plan = uow.agencies.unit_by_code(admin.agency_id, "plan")
        assert plan is not None and uow.registers.keeps(admin.agency_id, BookKind.SENDING, plan.id)
    organising.end_unit(house.office, actor=admin, unit_id=plan.id, until=day, authority=ORDER)
    clerk = house.ours["central_clerk"]
    drafting.start_letter(house.office, actor=clerk, content=CONTENT, unit_code="plan")  # its last day
    house.clock.pass_by(timedelta(days=1))
    with house.office.uow() as uow, reading(house) as reader:
        assert not uow.registers.keeps(admin.agency_id, BookKind.SENDING, plan.id)
        paper = entering_rows.desk(
            reader, replace(clerk, on=today(house)), kind=BookKind.SENDING, unit_code="", now=house.clock.now()
        )
    assert [keeper.code for keeper in paper.keepers if keeper.code] == []
    with pytest.raises(BadInput) as refused:
        drafting.start_letter(house.office, actor=clerk, content=CONTENT, unit_code="plan")
    assert "ยุบแล้ว" in refused.value.fields["unit"]


def test_the_tree_is_read_with_the_same_three_queries_however_large_it_is(house: House) -> None:
    asked: list[str] = []
    admin = replace(house.ours["admin"], on=today(house))
    with reading(house) as reader:
        event.listen(reader, "before_cursor_execute", lambda *told: asked.append(told[2]))
        small = len(staff.organisation(reader, admin).units)
    for number in range(3):
        open_unit(house, f"unit-{number}", f"กลุ่มงาน {number}", "legal")
    few = len(asked)
    with reading(house) as reader:
        event.listen(reader, "before_cursor_execute", lambda *told: asked.append(told[2]))
        assert len(staff.organisation(reader, admin).units) == small + 3

    assert few == len(asked) - few and sum(one.startswith("SELECT") for one in asked) == 6
