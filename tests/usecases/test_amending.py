"""What is done to numbers after they were taken: each deed keeps what was, says who and why, and can be refused."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from threading import Thread
from typing import Any
from uuid import uuid4

import pytest

from saraban.domain.classification import Secrecy, Urgency
from saraban.domain.errors import (
    BadInput,
    ConcurrentEdit,
    NotFound,
    NotPermitted,
    PossibleDuplicate,
    RuleBroken,
    SarabanError,
    StageNotAllowed,
)
from saraban.domain.register import BookKind, EntryId, EntryState, Matter, Origin, RegisterEntry
from saraban.storage.tables.registers import books, corrections, entries, ledger
from saraban.usecases import amending, bookkeeping, recording, viewing
from tests.usecases.house import House

LETTER = Matter(number="กค 0408/7", letter_date=date(2026, 11, 20), sender="กรมบัญชีกลาง", subject="ซักซ้อมความเข้าใจ")
WHY = {"reason": "ลงซ้ำ", "authority": "คำสั่งเลขานุการกรม"}


def entered(house: House, kind: BookKind = BookKind.RECEIVING, by: str = "central_clerk", **more: Any) -> EntryId:
    """A letter on paper in a book of ours."""
    unit = more.pop("unit_code", "")
    made = recording.record_letter(
        house.office, actor=house.ours[by], kind=kind, matter=replace(LETTER, **more), unit_code=unit, again=True
    )
    return made.id


def reserved(house: House, count: int = 1, kind: BookKind = BookKind.RECEIVING, **more: Any) -> amending.Block:
    """Numbers set aside in a book of ours."""
    values: dict[str, Any] = {"actor": house.ours["central_clerk"], "reason": "ระบบหยุด"} | more
    return amending.reserve_numbers(house.office, kind=kind, count=count, **values)


def line(house: House, entry_id: EntryId) -> RegisterEntry:
    """The line as it lies on the shelf."""
    with house.office.uow() as uow:
        return uow.registers.get(house.ours.agency.id, entry_id)


def void(house: House, entry_id: EntryId, by: str = "central_clerk", **more: str) -> amending.Amended:
    """Strike a number."""
    return amending.void_number(house.office, actor=house.ours[by], entry_id=entry_id, **(WHY | more))


def rectify(house: House, entry_id: EntryId, by: str = "central_clerk", **changes: Any) -> amending.Amended:
    """Put columns right."""
    told = {name: changes.pop(name) for name in ("reason", "authority", "seen") if name in changes}
    values: dict[str, Any] = {"reason": "พิมพ์ผิด", "authority": "หัวหน้าสารบรรณ"} | told
    return amending.rectify_entry(house.office, actor=house.ours[by], entry_id=entry_id, changes=changes, **values)


def whole(house: House) -> None:
    """Nothing lost, nothing twice, every line with its ledger, and the ledger agrees with the lines."""
    serials: dict[Any, list[int]] = {}
    for row in house.rows(entries):
        serials.setdefault(row.book_id, []).append(row.serial)
    for book in house.rows(books):
        assert sorted(serials.get(book.id, [])) == list(range(book.first, book.last + 1))
    told = {row.entry_id for row in house.rows(ledger)}
    assert told == {row.id for row in house.rows(entries)}
    assert list(house.office.ledgers.faults(house.ours.agency.id)) == []


# --- void ------------------------------------------------------------------------------------------------------------


def test_a_void_number_keeps_its_line_its_reason_and_its_authority(either_house: House) -> None:
    entry_id = entered(either_house)
    done = void(either_house, entry_id)

    found = line(either_house, entry_id)
    assert (done.state, done.number) == (EntryState.VOID, 1)
    assert (found.void_reason, found.void_authority, found.subject) == ("ลงซ้ำ", WHY["authority"], "ซักซ้อมความเข้าใจ")
    assert either_house.told("number.voided")[0]["values"]["authority"] == WHY["authority"]
    assert line(either_house, entered(either_house)).serial == 2
    whole(either_house)


@pytest.mark.parametrize(
    ("more", "field"),
    [({"reason": " "}, "reason"), ({"authority": ""}, "authority"), ({"reason": "ก" * 1001}, "reason")],
)
def test_a_void_needs_a_reason_and_an_authority(house: House, more: dict[str, str], field: str) -> None:
    entry_id = entered(house)
    with pytest.raises(BadInput) as refused:
        void(house, entry_id, **more)

    assert list(refused.value.fields) == [field]
    assert line(house, entry_id).state is EntryState.USED


def test_a_number_is_struck_once_also_when_two_press_at_once(either_house: House) -> None:
    entry_id = entered(either_house)
    told: list[str] = []

    def press() -> None:
        try:
            told.append(void(either_house, entry_id).state.value)
        except SarabanError as error:
            told.append(error.code)

    threads = [Thread(target=press) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    assert sorted(told) == ["already-void"] * 3 + ["void"]
    assert len(either_house.told("number.voided")) == 1
    whole(either_house)


@pytest.mark.parametrize("by", ["clerk", "director", "head", "admin"])
def test_the_clerks_of_the_book_and_the_records_officer_strike_and_nobody_else(house: House, by: str) -> None:
    entry_id = entered(house)
    with pytest.raises(NotPermitted):
        void(house, entry_id, by)

    assert void(house, entry_id, "records").state is EntryState.VOID


def test_another_agency_finds_nothing_to_amend(house: House) -> None:
    entry_id, [waiting] = entered(house), reserved(house).ids
    stranger = house.theirs["central_clerk"]

    for deed in (
        lambda: amending.void_number(house.office, actor=stranger, entry_id=entry_id, **WHY),
        lambda: amending.rectify_entry(
            house.office, actor=stranger, entry_id=entry_id, changes={"subject": "x"}, reason="x"
        ),
        lambda: amending.note_practice(house.office, actor=stranger, entry_id=entry_id, practice="x"),
        lambda: amending.bind_number(house.office, actor=stranger, entry_id=waiting, matter=LETTER),
        lambda: amending.release_numbers(house.office, actor=stranger, entry_ids=[waiting], **WHY),
        lambda: amending.find_entry(
            house.office, actor=stranger, kind=BookKind.RECEIVING, unit_code="", year=2569, serial=1
        ),
    ):
        with pytest.raises(NotFound):
            deed()


def test_a_line_is_found_by_its_book_its_year_and_its_number(house: House) -> None:
    entry_id = entered(house)

    def find(**more: Any) -> EntryId:
        values: dict[str, Any] = {"kind": BookKind.RECEIVING, "unit_code": "", "year": 2569, "serial": 1} | more
        return amending.find_entry(house.office, actor=house.ours["clerk"], **values)

    assert find() == entry_id
    elsewhere: list[dict[str, Any]] = [
        {"serial": 2},
        {"year": 2568},
        {"kind": BookKind.SENDING},
        {"unit_code": "legal"},
    ]
    for wrong in (*elsewhere, {"unit_code": "x"}):
        with pytest.raises(NotFound):
            find(**wrong)


# --- rectify ---------------------------------------------------------------------------------------------------------


def test_a_correction_keeps_what_the_column_said(either_house: House) -> None:
    entry_id = entered(either_house)
    rectify(either_house, entry_id, sender="  กรมศุลกากร ", number="กค ๐๕๐๐/๘", urgency=Urgency.URGENT)
    rectify(either_house, entry_id, sender="กรมสรรพากร")

    found = line(either_house, entry_id)
    assert (found.sender, found.number, found.urgency) == ("กรมสรรพากร", "กค 0500/8", Urgency.URGENT)
    assert found.corrected == 4
    kept = [(r.field, r.old, r.new) for r in sorted(either_house.rows(corrections), key=lambda r: r.ordinal)]
    assert kept == [
        ("sender", "กรมบัญชีกลาง", "กรมศุลกากร"),
        ("number", "กค 0408/7", "กค 0500/8"),
        ("urgency", "normal", "urgent"),
        ("sender", "กรมศุลกากร", "กรมสรรพากร"),
    ]
    whole(either_house)


def test_a_correction_that_only_moves_spaces_is_none(house: House) -> None:
    entry_id = entered(house)
    with pytest.raises(BadInput):
        rectify(house, entry_id, sender=" กรมบัญชีกลาง  ")

    assert house.rows(corrections) == []


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"sender": ""}, "sender"),
        ({"subject": " "}, "subject"),
        ({"letter_date": date(2026, 12, 30)}, "letter_date"),
        ({"received_at": datetime(2020, 1, 1, tzinfo=UTC)}, "received_at"),
        ({"subject": "x", "reason": ""}, "reason"),
        ({"serial": 7}, "serial"),
    ],
)
def test_what_a_line_may_not_say_is_refused_by_field(house: House, changes: dict[str, Any], field: str) -> None:
    entry_id = entered(house)
    with pytest.raises(BadInput) as refused:
        rectify(house, entry_id, **changes)

    assert list(refused.value.fields) == [field]
    assert house.rows(corrections) == [] and line(house, entry_id).subject == "ซักซ้อมความเข้าใจ"


def test_the_number_of_an_outgoing_letter_and_the_class_of_a_secret_one_stay(house: House) -> None:
    outgoing = entered(house, BookKind.SENDING)
    secret = entered(house, secrecy=Secrecy.SECRET)

    with pytest.raises(RuleBroken) as number:
        rectify(house, outgoing, number="ทส 1001/9")
    with pytest.raises(RuleBroken) as secrecy:
        rectify(house, secret, secrecy=Secrecy.OPEN)
    assert (number.value.code, secrecy.value.code) == ("number-fixed", "secrecy-fixed")


def test_a_line_that_was_changed_meanwhile_is_not_overwritten(house: House) -> None:
    entry_id = entered(house)
    seen = line(house, entry_id).digest()
    rectify(house, entry_id, subject="เรื่องใหม่", seen=seen)

    with pytest.raises(ConcurrentEdit):
        rectify(house, entry_id, subject="เรื่องของข้าพเจ้า", seen=seen)
    with pytest.raises(ConcurrentEdit):
        amending.note_practice(
            house.office, actor=house.ours["central_clerk"], entry_id=entry_id, practice="x", seen=seen
        )
    assert line(house, entry_id).subject == "เรื่องใหม่"


def test_reserved_and_void_lines_are_not_rectified(house: House) -> None:
    [waiting], struck = reserved(house).ids, entered(house)
    void(house, struck)

    for entry_id, words in ((waiting, "ผูกเลขกับหนังสือก่อน"), (struck, "ยกเลิกแล้ว")):
        with pytest.raises(StageNotAllowed, match=words):
            rectify(house, entry_id, subject="x")


def test_the_words_of_a_classified_line_are_told_in_no_journal(house: House) -> None:
    entry_id = entered(house, secrecy=Secrecy.SECRET, subject="แผนลับ")
    rectify(house, entry_id, subject="แผนลับมากกว่าเดิม")
    amending.note_practice(
        house.office, actor=house.ours["central_clerk"], entry_id=entry_id, practice="ส่งแผนลับให้กองกฎหมาย"
    )

    assert "แผนลับ" not in repr([house.told(name) for name in set(house.journal())])
    with pytest.raises(NotPermitted):
        rectify(house, entry_id, "records", subject="x")


def test_what_was_done_is_noted_again_and_again(either_house: House) -> None:
    entry_id = entered(either_house)
    clerk = either_house.ours["central_clerk"]
    for practice in ("ส่งกองกฎหมาย", " ตอบแล้ว ที่ ทส 1002/9 "):
        amending.note_practice(either_house.office, actor=clerk, entry_id=entry_id, practice=practice)

    assert line(either_house, entry_id).practice == "ตอบแล้ว ที่ ทส 1002/9"
    assert [t["values"]["practice"] for t in either_house.told("number.practice-noted")] == [
        "ส่งกองกฎหมาย",
        "ตอบแล้ว ที่ ทส 1002/9",
    ]
    whole(either_house)


# --- reserve, bind, release ------------------------------------------------------------------------------------------


def test_a_block_is_a_row_of_the_next_numbers_each_with_its_ledger_line(either_house: House) -> None:
    entered(either_house, BookKind.SENDING)
    block = reserved(either_house, 3, BookKind.SENDING, authority="คำสั่งที่ 5/2569")

    assert (block.first, block.last, block.numbers) == (2, 4, ("ทส 1001/2", "ทส 1001/3", "ทส 1001/4"))
    assert [t["values"]["authority"] for t in either_house.told("number.reserved")] == ["คำสั่งที่ 5/2569"] * 3
    assert line(either_house, entered(either_house, BookKind.SENDING)).serial == 5
    whole(either_house)


def test_a_unit_reserves_in_its_own_book_with_its_own_series(house: House) -> None:
    bookkeeping.open_book(house.office, actor=house.ours["admin"], kind=BookKind.SENDING, unit_code="legal", first=20)
    block = reserved(house, 2, BookKind.SENDING, actor=house.ours["clerk"], unit_code="legal")

    assert block.numbers == ("ทส 1002/20", "ทส 1002/21")
    with pytest.raises(NotPermitted):
        reserved(house, 1, BookKind.SENDING, actor=house.ours["clerk"])


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"count": 0}, "count"),
        ({"count": 501}, "count"),
        ({"reason": " "}, "reason"),
        ({"reason": "ก" * 501}, "reason"),
    ],
)
def test_a_reservation_says_how_many_and_why(house: House, values: dict[str, Any], field: str) -> None:
    with pytest.raises(BadInput) as refused:
        reserved(house, **values)

    assert list(refused.value.fields) == [field]
    assert house.rows(entries) == []


def test_a_bound_number_says_when_its_letter_truly_came_and_when_it_was_entered(either_house: House) -> None:
    [entry_id] = reserved(either_house).ids
    came = either_house.clock.now() + timedelta(hours=3)
    either_house.clock.pass_by(timedelta(days=2))
    amending.bind_number(
        either_house.office,
        actor=either_house.ours["central_clerk"],
        entry_id=entry_id,
        matter=replace(LETTER, received_at=came, note="ไฟดับ"),
        origin=Origin.COUNTER,
    )

    found = line(either_house, entry_id)
    assert (found.state, found.received_at, found.at) == (EntryState.USED, came, either_house.clock.now())
    assert found.is_late and found.origin is Origin.COUNTER
    assert found.note == "ไฟดับ\nจองเลข: ระบบหยุด"
    assert found.addressee == "สำนักงาน onep"
    whole(either_house)


def test_scans_of_a_reserved_number_stay_when_it_is_bound_with_others(either_house: House) -> None:
    [entry_id] = reserved(either_house).ids
    office, clerk = either_house.office, either_house.ours["central_clerk"]
    first, second = (
        recording.keep_scan(office, stream=io.BytesIO(b"\x89PNG\r\n\x1a\n" + ink * 20), name=f"{name}.png")
        for ink, name in ((b"0", "ก่อน"), (b"1", "หลัง"))
    )
    recording.attach_scan(office, actor=clerk, entry_id=entry_id, scan=first)
    amending.bind_number(office, actor=clerk, entry_id=entry_id, matter=LETTER, files=[first, second])

    assert [file.name for file in line(either_house, entry_id).files] == ["ก่อน.png", "หลัง.png"]
    whole(either_house)


def test_a_number_is_bound_once(house: House) -> None:
    [entry_id] = reserved(house).ids
    clerk = house.ours["central_clerk"]
    amending.bind_number(house.office, actor=clerk, entry_id=entry_id, matter=LETTER)

    with pytest.raises(StageNotAllowed, match="มีหนังสือแล้ว"):
        amending.bind_number(house.office, actor=clerk, entry_id=entry_id, matter=LETTER)


def test_a_letter_that_seems_to_be_there_is_bound_only_on_the_clerks_word(house: House) -> None:
    earlier = entered(house)
    [entry_id] = reserved(house).ids
    clerk = house.ours["central_clerk"]
    for same in (LETTER, replace(LETTER, number="", subject="ซักซ้อมความเข้าใจ ")):
        with pytest.raises(PossibleDuplicate) as asked:
            amending.bind_number(house.office, actor=clerk, entry_id=entry_id, matter=same)
        assert asked.value.earlier == [earlier]
    amending.bind_number(house.office, actor=clerk, entry_id=entry_id, matter=LETTER, again=True)

    assert line(house, entry_id).state is EntryState.USED


def test_a_classified_letter_is_bound_only_by_who_is_cleared(house: House) -> None:
    bookkeeping.open_book(house.office, actor=house.ours["admin"], kind=BookKind.RECEIVING, unit_code="legal")
    [entry_id] = reserved(house, actor=house.ours["clerk"], unit_code="legal").ids
    with pytest.raises(NotPermitted):
        amending.bind_number(
            house.office, actor=house.ours["clerk"], entry_id=entry_id, matter=replace(LETTER, secrecy=Secrecy.SECRET)
        )

    assert line(house, entry_id).state is EntryState.RESERVED


def test_numbers_are_given_back_all_or_none_and_never_silently(either_house: House) -> None:
    block = reserved(either_house, 3)
    clerk = either_house.ours["central_clerk"]
    for why in ({"reason": "", "authority": "ก"}, {"reason": "ก", "authority": " "}):
        with pytest.raises(BadInput):
            amending.release_numbers(either_house.office, actor=clerk, entry_ids=block.ids, **why)
    amending.bind_number(either_house.office, actor=clerk, entry_id=block.ids[1], matter=LETTER)
    with pytest.raises(StageNotAllowed):
        amending.release_numbers(either_house.office, actor=clerk, entry_ids=block.ids, **WHY)
    assert line(either_house, block.ids[0]).state is EntryState.RESERVED

    amending.release_numbers(either_house.office, actor=clerk, entry_ids=[block.ids[0], block.ids[2]], **WHY)

    states = [line(either_house, one).state for one in block.ids]
    assert states == [EntryState.VOID, EntryState.USED, EntryState.VOID]
    assert [t["values"]["reason"] for t in either_house.told("number.voided")] == ["คืนเลขที่จองไว้: ลงซ้ำ"] * 2
    whole(either_house)


def test_a_number_of_a_letter_being_signed_is_not_touched_by_hand(house: House) -> None:
    [entry_id] = reserved(house).ids
    with house.office.uow() as uow:
        entry = uow.registers.get(house.ours.agency.id, entry_id)
        entry.subject_of = uuid4()
        uow.registers.save(entry)
        uow.commit()
    clerk = house.ours["central_clerk"]

    for deed in (
        lambda: void(house, entry_id),
        lambda: amending.release_numbers(house.office, actor=clerk, entry_ids=[entry_id], **WHY),
        lambda: amending.bind_number(house.office, actor=clerk, entry_id=entry_id, matter=LETTER),
    ):
        with pytest.raises(StageNotAllowed, match="กำลังลงนาม"):
            deed()


# --- scans -----------------------------------------------------------------------------------------------------------


def test_a_scan_is_opened_through_its_line_by_who_may_read_such_a_letter(house: House) -> None:
    entry_id = entered(house, BookKind.RECEIVING, secrecy=Secrecy.SECRET)
    kept = recording.keep_scan(house.office, stream=io.BytesIO(b"\x89PNG\r\n\x1a\n" + b"0" * 20), name="ภาพ.png")
    recording.attach_scan(house.office, actor=house.ours["central_clerk"], entry_id=entry_id, scan=kept)

    _, data = viewing.open_scan(house.office, actor=house.ours["central_clerk"], entry_id=entry_id, sha256=kept.sha256)
    assert data.startswith(b"\x89PNG") and len(house.told("letter.secret-opened")) == 1
    for who in ("clerk", "records", "head"):
        with pytest.raises(NotPermitted):
            viewing.open_scan(house.office, actor=house.ours[who], entry_id=entry_id, sha256=kept.sha256)
    with pytest.raises(NotFound):
        viewing.open_scan(house.office, actor=house.theirs["central_clerk"], entry_id=entry_id, sha256=kept.sha256)
    other = entered(house)
    with pytest.raises(NotFound):
        viewing.open_scan(house.office, actor=house.ours["central_clerk"], entry_id=other, sha256=kept.sha256)
