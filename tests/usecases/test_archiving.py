"""How letters are kept: classes, the file plan, what is finished, into the store, and holds."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

import pytest

from saraban.domain.errors import BadInput, NotFound, NotPermitted, RuleBroken, StageNotAllowed
from saraban.domain.keeping import KeepingState, Place
from saraban.domain.register import EntryId
from saraban.domain.retention import Basis, FileGroup, RetentionClass
from saraban.reading import holds
from saraban.storage.tables.archive import kept_items, legal_holds, storing_lists
from saraban.usecases import amending, archiving, destroying, registering
from tests.usecases.archive import finished, kept, line_of, paper, secret_paper, stored
from tests.usecases.house import House


def test_lists_into_the_store_have_numbers_without_gaps(either_house: House) -> None:
    house = either_house
    first, second = paper(house, "เรื่องแรก"), paper(house, "เรื่องที่สอง")
    third = paper(house, "เรื่องที่สาม")
    stored(house, first, second)
    list_id = stored(house, third)

    assert [(kept(house, one).store_year, kept(house, one).store_serial) for one in (first, second, third)] == [
        (2569, 1),
        (2569, 2),
        (2569, 3),
    ]
    with house.office.uow() as uow:
        made = uow.keeping.list(house.ours.agency.id, list_id)
    assert (made.serial, made.state.value, made.settled_by) == (2, "received", house.ours["records"].name)
    assert made.lines[0].subject == "เรื่องที่สาม" and made.lines[0].term == "เก็บถึง พ.ศ. ๒๕๗๐"
    assert house.journal().count("storing.received") == 2


def test_a_list_that_is_sent_back_lets_its_letters_go(either_house: House) -> None:
    house = either_house
    entry = paper(house, "ส่งผิด")
    finished(house, entry)
    list_id = archiving.draw_list(house.office, actor=house.ours["central_clerk"], entry_ids=[entry])
    archiving.return_list(house.office, actor=house.ours["records"], list_id=list_id, reason="เอกสารไม่ครบ")

    assert kept(house, entry).state is KeepingState.FINISHED
    with pytest.raises(StageNotAllowed):
        archiving.receive_list(house.office, actor=house.ours["records"], list_id=list_id)
    archiving.draw_list(house.office, actor=house.ours["central_clerk"], entry_ids=[entry])
    assert [row.serial for row in house.rows(storing_lists)] in ([1, 2], [2, 1])


def test_what_is_drawn_up_unfinished_is_finished_with_it_and_stays_within_one_unit(house: House) -> None:
    entry = paper(house, "ยังไม่เสร็จ")
    letter = line_of(house, house.signed())
    with pytest.raises(BadInput) as told:
        archiving.draw_list(house.office, actor=house.ours["records"], entry_ids=[entry, letter])
    assert "หน่วยงานเดียว" in told.value.fields["entries"]
    archiving.draw_list(house.office, actor=house.ours["central_clerk"], entry_ids=[entry])

    assert kept(house, entry).mark == "เก็บถึง พ.ศ. ๒๕๗๙"


def test_a_classified_letter_is_kept_by_its_own_rule_and_hides_its_words_on_lists(house: House) -> None:
    entry = secret_paper(house, "แผนลับ")
    list_id = archiving.draw_list(house.office, actor=house.ours["central_clerk"], entry_ids=[entry])
    with house.office.uow() as uow:
        line = uow.keeping.list(house.ours.agency.id, list_id).lines[0]

    assert (line.subject, line.number, line.term) == ("หนังสือมีชั้นความลับ", "", "เก็บตามกฎหมายเฉพาะ")
    assert kept(house, entry).basis is Basis.SECRET


def test_closing_the_matter_of_a_letter_lets_its_period_run(house: House) -> None:
    letter = house.incoming()
    registering.register_letter(house.office, actor=house.ours["central_clerk"], incoming_id=letter.id)
    registering.complete_letter(house.office, actor=house.ours["central_clerk"], incoming_id=letter.id)
    item = kept(house, line_of(house, letter.id))

    assert (item.state, item.mark, item.electronic) == (KeepingState.FINISHED, "เก็บถึง พ.ศ. ๒๕๗๙", True)


def test_class_group_checking_and_place(house: House) -> None:
    clerk, entry = house.ours["central_clerk"], paper(house, "เรื่องพัสดุ")
    archiving.set_group(
        house.office,
        actor=house.ours["admin"],
        group=FileGroup(house.ours.agency.id, "09", "พัสดุ", "copy"),
    )
    archiving.classify(house.office, actor=clerk, entry_ids=[entry], file_code="09")
    archiving.finish(house.office, actor=clerk, entry_ids=[entry], on=house.clock.now().date())
    archiving.place_paper(house.office, actor=clerk, entry_id=entry, place=Place("คลัง ๑", "ค", "๗"))
    archiving.keep_for_checking(house.office, actor=clerk, entry_id=entry)
    item = kept(house, entry)
    assert (item.class_code, item.file_code, item.until_year, item.place.thai, item.state) == (
        "copy",
        "09",
        2574,
        "ห้อง คลัง ๑ ชั้น ค กล่อง ๗",
        KeepingState.CHECKING,
    )
    archiving.take_up_again(house.office, actor=clerk, entry_id=entry)
    assert kept(house, entry).mark == ""
    tomorrow = house.clock.now().date() + timedelta(days=1)
    with pytest.raises(BadInput):
        archiving.finish(house.office, actor=clerk, entry_ids=[entry], on=tomorrow)


def test_a_letter_is_not_finished_before_it_was_there(house: House) -> None:
    clerk, entry = house.ours["central_clerk"], paper(house, "รับแล้วจึงปฏิบัติ")
    late = paper(house, "รับย้อนหลัง", received_at=house.clock.now() - timedelta(days=1))
    today = house.clock.now().date()
    for one, day in ((entry, today - timedelta(days=1)), (entry, date(1997, 1, 1)), (late, today - timedelta(days=2))):
        with pytest.raises(BadInput) as told:
            archiving.finish(house.office, actor=clerk, entry_ids=[one], on=day)
        assert "ก่อนมีหนังสือ" in told.value.fields["on"]
    archiving.finish(house.office, actor=clerk, entry_ids=[late], on=today - timedelta(days=1))

    assert kept(house, late).state is KeepingState.FINISHED


def test_classes_keep_to_the_regulation_and_are_the_administrators(house: House) -> None:
    admin, agency_id = house.ours["admin"], house.ours.agency.id
    own = RetentionClass(agency_id, "project", "โครงการ", Basis.GENERAL, 15)
    archiving.set_class(house.office, actor=admin, kind=own)
    archiving.set_class(house.office, actor=admin, kind=replace(own, code="routine", basis=Basis.ROUTINE, years=2))
    with pytest.raises(BadInput):
        archiving.set_class(house.office, actor=admin, kind=replace(own, code="copy", basis=Basis.ROUTINE, years=1))
    with pytest.raises(BadInput):
        archiving.set_class(house.office, actor=admin, kind=replace(own, years=5))
    with pytest.raises(NotPermitted):
        archiving.set_class(house.office, actor=house.ours["records"], kind=own)
    with pytest.raises(BadInput):
        archiving.set_group(house.office, actor=admin, group=FileGroup(agency_id, "11", "ใหม่", "nothing"))
    with house.office.uow() as uow:
        years = {one.code: one.years for one in uow.keeping.classes(agency_id)}

    assert (years["project"], years["routine"], years["general"]) == (15, 2, 10)
    archiving.set_class(house.office, actor=admin, kind=replace(own, retired=True))
    with pytest.raises(BadInput):
        archiving.set_class(house.office, actor=admin, kind=replace(own, code="general", years=10, retired=True))
    with pytest.raises(BadInput):
        archiving.classify(
            house.office, actor=house.ours["records"], entry_ids=[paper(house, "ก")], class_code="project"
        )


def test_a_group_goes_out_of_use_with_its_class(house: House) -> None:
    admin, agency_id = house.ours["admin"], house.ours.agency.id
    own = RetentionClass(agency_id, "project", "โครงการ", Basis.GENERAL, 15)
    group = FileGroup(agency_id, "11", "โครงการ", "project")
    archiving.set_class(house.office, actor=admin, kind=own)
    archiving.set_group(house.office, actor=admin, group=group)
    archiving.set_class(house.office, actor=admin, kind=replace(own, retired=True))
    with pytest.raises(BadInput):
        archiving.set_group(house.office, actor=admin, group=group)
    archiving.set_group(house.office, actor=admin, group=replace(group, retired=True))

    with house.office.uow() as uow:
        assert [one.retired for one in uow.keeping.plan(agency_id) if one.code == "11"] == [True]


@pytest.mark.parametrize("read_at_once", [200, 1])
def test_what_is_held_is_known_among_few_holds_and_among_many(
    either_house: House, monkeypatch: pytest.MonkeyPatch, read_at_once: int
) -> None:
    house, head = either_house, either_house.ours["head"]
    held, also_held, free = (paper(house, f"เรื่อง {n}") for n in range(3))
    for entry in (held, also_held):
        archiving.place_hold(house.office, actor=head, entry_id=entry, reason="คดีปกครอง", order="หมายศาล ๕")
    monkeypatch.setattr(holds, "_MOST_HELD", read_at_once)

    with house.real.reading.connect() as reader:
        assert holds.held_among(reader, [held, free, None]) == {held}
        assert holds.held_among(reader, [free]) == frozenset()


def test_a_hold_with_reason_and_order_is_placed_and_lifted(either_house: House) -> None:
    house = either_house
    entry, head = paper(house, "เรื่องในคดี"), house.ours["head"]
    archiving.place_hold(house.office, actor=head, entry_id=entry, reason="คดีปกครอง", order="หมายศาล ๕/๒๕๖๙")
    with pytest.raises(StageNotAllowed):
        archiving.place_hold(house.office, actor=head, entry_id=entry, reason="อีกคดี", order="หมายศาล ๖")
    with pytest.raises(BadInput):
        archiving.lift_hold(house.office, actor=head, entry_id=entry, reason=" ")
    archiving.lift_hold(house.office, actor=house.ours["records"], entry_id=entry, reason="คดีถึงที่สุด")
    with pytest.raises(RuleBroken):
        archiving.lift_hold(house.office, actor=head, entry_id=entry, reason="อีกครั้ง")
    row = house.rows(legal_holds)[0]

    assert (row.reason, row.order, row.lifted_why) == ("คดีปกครอง", "หมายศาล ๕/๒๕๖๙", "คดีถึงที่สุด")
    assert kept(house, entry).held_by is None
    assert [name for name in house.journal() if name.startswith("hold.")] == ["hold.placed", "hold.lifted"]


def test_a_group_alone_leaves_the_class_that_was_chosen(house: House) -> None:
    clerk, admin = house.ours["central_clerk"], house.ours["admin"]
    group = FileGroup(house.ours.agency.id, "09", "พัสดุ", "copy")
    archiving.set_group(house.office, actor=admin, group=group)
    letters = [paper(house, f"เรื่อง {n}") for n in range(3)]
    chosen, follows, again = letters
    archiving.classify(house.office, actor=clerk, entry_ids=[chosen], class_code="history")
    archiving.classify(house.office, actor=clerk, entry_ids=[again], file_code="09")
    archiving.finish(house.office, actor=clerk, entry_ids=letters)
    archiving.classify(house.office, actor=clerk, entry_ids=[chosen, follows], file_code="09")
    archiving.classify(house.office, actor=clerk, entry_ids=[again], file_code="03")

    assert [(kept(house, one).class_code, kept(house, one).file_code, kept(house, one).mark) for one in letters] == [
        ("history", "09", "ห้ามทำลาย"),
        ("copy", "09", "เก็บถึง พ.ศ. ๒๕๗๔"),
        ("general", "03", "เก็บถึง พ.ศ. ๒๕๗๙"),
    ]


def test_a_number_without_a_letter_is_not_held(house: House) -> None:
    head, letter, void = house.ours["head"], paper(house, "มีหนังสือ"), paper(house, "ยกเลิก")
    amending.void_number(
        house.office, actor=house.ours["records"], entry_id=void, reason="ลงซ้ำ", authority="หัวหน้าสารบรรณ"
    )
    said = {"actor": head, "reason": "คดี", "order": "หมาย ๑"}
    for deed in (
        lambda: archiving.place_hold(house.office, entry_id=void, **said),
        lambda: archiving.place_holds(house.office, entry_ids=[letter, void], **said),
    ):
        with pytest.raises(RuleBroken) as told:
            deed()
        assert told.value.code == "number-not-used" and "เลขทะเบียนรับ ๒/๒๕๖๙" in told.value.thai
    assert house.rows(kept_items) == [] and archiving.place_holds(house.office, entry_ids=[letter], **said) == 1


def test_who_may_not_is_told_and_other_agencies_find_nothing(house: House) -> None:
    entry = paper(house, "ของสารบรรณกลาง")
    with pytest.raises(NotPermitted):
        archiving.finish(house.office, actor=house.ours["clerk"], entry_ids=[entry])
    with pytest.raises(NotPermitted):
        archiving.place_hold(house.office, actor=house.ours["clerk"], entry_id=entry, reason="ก", order="ข")
    with pytest.raises(NotFound):
        archiving.finish(house.office, actor=house.theirs["central_clerk"], entry_ids=[entry])
    with pytest.raises(NotFound):
        archiving.place_hold(house.office, actor=house.theirs["head"], entry_id=entry, reason="ก", order="ข")
    list_id = stored(house, entry)
    with pytest.raises(NotFound):
        archiving.return_list(house.office, actor=house.theirs["records"], list_id=list_id, reason="ก")
    with pytest.raises(NotPermitted):
        archiving.receive_list(house.office, actor=house.ours["head"], list_id=list_id)
    with pytest.raises(BadInput):
        archiving.finish(house.office, actor=house.ours["records"], entry_ids=[])
    with pytest.raises(NotFound):
        archiving.finish(house.office, actor=house.ours["records"], entry_ids=[EntryId(uuid4())])
    with pytest.raises(NotPermitted):
        destroying.propose(house.office, actor=house.ours["central_clerk"], year=2568)
