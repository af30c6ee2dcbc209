"""Every version of a draft is kept: few of what is saved by itself, each that somebody asked for; and it comes back."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from saraban.domain.errors import BadInput, ConcurrentEdit, NotFound, NotPermitted, StageNotAllowed
from saraban.domain.letter import LetterId
from saraban.domain.versions import Saving, read_content
from saraban.usecases import drafting, routing, versioning
from saraban.usecases.versioning import Version
from tests.builders import a_correspondent
from tests.usecases.house import House


def typed(house: House, letter_id: LetterId, body: str, *, by_itself: bool = True, minutes: int = 1) -> None:
    """The clerk types on and it is saved."""
    house.clock.pass_by(timedelta(minutes=minutes))
    content = replace(house.letter(letter_id).content, body=body)
    drafting.revise_letter(
        house.office,
        actor=house.ours["clerk"],
        letter_id=letter_id,
        content=content,
        saving=Saving.AUTOSAVED if by_itself else Saving.SAVED,
    )


def versions(house: House, letter_id: LetterId, who: str = "clerk") -> list[Version]:
    return versioning.versions_of(house.office, actor=house.ours[who], letter=house.letter(letter_id))


def body_of(house: House, letter_id: LetterId, version: Version) -> str:
    """The text of a version as it is kept."""
    letter = house.letter(letter_id)
    now = version.digest == letter.content_digest()
    return read_content(letter.content_bytes() if now else house.office.blobs.open(version.digest)).body


def test_what_is_saved_by_itself_is_one_version_in_five_minutes_and_each_own_saving_is_one(house: House) -> None:
    letter_id = house.draft(body="เริ่ม")
    typed(house, letter_id, "หนึ่ง")
    typed(house, letter_id, "หนึ่ง สอง")
    typed(house, letter_id, "หนึ่ง สอง สาม", minutes=5)
    typed(house, letter_id, "บันทึกเอง", by_itself=False)
    typed(house, letter_id, "บันทึกเอง", by_itself=False)

    found = versions(house, letter_id)

    assert [(one.number, one.deed) for one in found] == [(1, "เริ่มร่าง"), (2, "บันทึกอัตโนมัติ"), (3, "บันทึก")]
    assert [body_of(house, letter_id, one) for one in found] == ["เริ่ม", "หนึ่ง สอง", "บันทึกเอง"]
    assert [one.current for one in found] == [False, False, True]


def test_the_journal_tells_of_what_is_saved_by_itself_once_a_version(house: House) -> None:
    letter_id = house.draft()
    for word in ("ก", "ข", "ค"):
        typed(house, letter_id, word)

    assert house.journal().count("letter.revised") == 1


def test_another_editor_begins_a_version_so_that_nothing_of_the_first_is_lost(house: House) -> None:
    letter_id = house.draft(body="เริ่ม")
    typed(house, letter_id, "ของคนแรก")
    content = replace(house.letter(letter_id).content, body="ของคนที่สอง")
    other = replace(house.ours["clerk"], person_id=house.ours["records"].person_id, name="นางสาวอีกคน")
    drafting.revise_letter(house.office, actor=other, letter_id=letter_id, content=content, saving=Saving.AUTOSAVED)

    found = versions(house, letter_id)

    assert [body_of(house, letter_id, one) for one in found] == ["เริ่ม", "ของคนแรก", "ของคนที่สอง"]


def test_an_old_version_comes_back_as_a_new_one_and_what_stood_there_stays(house: House) -> None:
    letter_id = house.draft(body="ฉบับแรก")
    typed(house, letter_id, "ฉบับที่สอง")
    first = versions(house, letter_id)[0]

    seen = house.letter(letter_id).version
    house.clock.pass_by(timedelta(minutes=1))
    drafting.take_back(house.office, actor=house.ours["clerk"], letter_id=letter_id, digest=first.digest, version=seen)

    assert house.letter(letter_id).content.body == "ฉบับแรก"
    found = versions(house, letter_id)
    assert [one.deed for one in found] == ["เริ่มร่าง", "บันทึกอัตโนมัติ", "นำฉบับที่ 1 กลับมา"]
    assert body_of(house, letter_id, found[1]) == "ฉบับที่สอง"
    assert [one.current for one in found] == [False, False, True]


def test_files_stay_when_a_version_from_before_them_comes_back(house: House) -> None:
    letter_id = house.draft(body="ฉบับแรก")
    first = versions(house, letter_id)[0]
    file = house.attach(letter_id)
    typed(house, letter_id, "ฉบับหลัง")

    drafting.take_back(house.office, actor=house.ours["clerk"], letter_id=letter_id, digest=first.digest)

    letter = house.letter(letter_id)
    assert (letter.content.body, letter.files) == ("ฉบับแรก", [file])


def test_a_version_is_taken_back_only_by_who_may_write_and_while_it_is_a_draft(house: House) -> None:
    letter_id = house.draft(body="ฉบับแรก")
    typed(house, letter_id, "ฉบับหลัง")
    first = versions(house, letter_id)[0].digest
    seen = house.letter(letter_id).version

    with pytest.raises(ConcurrentEdit):
        drafting.take_back(house.office, actor=house.ours["clerk"], letter_id=letter_id, digest=first, version=seen - 1)
    with pytest.raises(NotFound):
        other = house.letter(house.draft(body="ของเรื่องอื่น")).content_digest()
        drafting.take_back(house.office, actor=house.ours["clerk"], letter_id=letter_id, digest=other)
    with pytest.raises(NotPermitted):
        drafting.take_back(house.office, actor=house.ours["director"], letter_id=letter_id, digest=first)
    with pytest.raises(NotFound):
        drafting.take_back(house.office, actor=house.theirs["clerk"], letter_id=letter_id, digest=first)
    routing.submit_letter(house.office, actor=house.ours["clerk"], letter_id=letter_id)
    with pytest.raises(StageNotAllowed):
        drafting.take_back(house.office, actor=house.ours["clerk"], letter_id=letter_id, digest=first)


def test_what_cannot_be_written_any_more_does_not_come_back(house: House) -> None:
    house.publish(a_correspondent("old"))
    letter_id = house.draft(recipients=("old",))
    first = versions(house, letter_id)[0].digest
    drafting.revise_letter(
        house.office,
        actor=house.ours["clerk"],
        letter_id=letter_id,
        content=replace(house.letter(letter_id).content, recipients=("dopa",)),
    )
    house.publish(without="old")

    with pytest.raises(BadInput) as refused:
        drafting.take_back(house.office, actor=house.ours["clerk"], letter_id=letter_id, digest=first)

    assert set(refused.value.fields) == {"recipients"}


def test_officers_see_what_was_handed_on_and_under_the_same_number(house: House) -> None:
    letter_id = house.draft(body="เริ่ม")
    typed(house, letter_id, "คำที่ผู้ร่างลบทิ้ง", by_itself=False)
    typed(house, letter_id, "ฉบับที่เสนอ", by_itself=False)
    routing.submit_letter(house.office, actor=house.ours["clerk"], letter_id=letter_id)

    assert [(one.number, one.deed, one.handed_on) for one in versions(house, letter_id)] == [
        (1, "เริ่มร่าง", False),
        (2, "บันทึก", False),
        (3, "เสนอ", True),
    ]
    assert [(one.number, one.deed) for one in versions(house, letter_id, "director")] == [(3, "เสนอ")]


def test_a_letter_that_was_sent_back_and_came_again_has_its_versions_in_order(house: House) -> None:
    letter_id = house.draft(body="หนึ่ง")
    routing.submit_letter(house.office, actor=house.ours["clerk"], letter_id=letter_id)
    routing.return_letter(house.office, actor=house.ours["director"], letter_id=letter_id, reason="แก้")
    content = replace(house.letter(letter_id).content, body="สอง")
    drafting.revise_letter(house.office, actor=house.ours["clerk"], letter_id=letter_id, content=content)
    routing.submit_letter(house.office, actor=house.ours["clerk"], letter_id=letter_id)

    for who in ("clerk", "director"):
        assert [(one.number, one.deed) for one in versions(house, letter_id, who)] == [(1, "เสนอ"), (2, "เสนอ")]


def test_what_was_typed_over_an_older_version_is_compared_with_what_stands_there(house: House) -> None:
    letter_id = house.draft(body="ตัวบท เดิม")
    letter = house.letter(letter_id)

    parts = versioning.differences_from(house.office, letter, replace(letter.content, body="ตัวบท ใหม่"))

    assert [part.caption for part in parts] == ["ข้อความ"]
    assert [p.text.strip() for p in parts[0].pieces if p.change is versioning.Change.INSERTED] == ["ใหม่"]
    assert versioning.differences_from(house.office, letter, letter.content) == []


def test_what_is_saved_over_another_window_of_ones_own_leaves_that_one_a_version(house: House) -> None:
    letter_id = house.draft(body="เริ่ม")
    typed(house, letter_id, "หน้าต่างหนึ่ง")
    content = replace(house.letter(letter_id).content, body="หน้าต่างสอง")

    drafting.revise_letter(
        house.office, actor=house.ours["clerk"], letter_id=letter_id, content=content, saving=Saving.OVER
    )

    found = versions(house, letter_id)
    assert [body_of(house, letter_id, one) for one in found] == ["เริ่ม", "หน้าต่างหนึ่ง", "หน้าต่างสอง"]
