"""Registers on paper and as sheets: the lines that a person may see, whatever happens to the worker on the way."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import openpyxl
import pytest
from sqlalchemy import select

from saraban.domain.actor import Actor
from saraban.domain.agency import PositionRole
from saraban.domain.classification import Secrecy, Urgency
from saraban.domain.errors import BadInput, NotFound
from saraban.domain.register import BookKind, Correction, EntryState, RegisterEntry
from saraban.reading import printout
from saraban.reading.printout import open_printout
from saraban.storage.tables.journal import journal
from saraban.usecases import printing
from saraban.usecases.errands import errand_file, order_errand, run_next_errand
from saraban.usecases.papers import RegisterLine
from tests.builders import an_entry
from tests.usecases.house import House

YEAR = 2569


def enter(house: House, count: int = 3, kind: BookKind = BookKind.RECEIVING, **more: Any) -> list[RegisterEntry]:
    """Lines in a central book of ours."""
    made = []
    with house.office.uow() as uow:
        for _ in range(count):
            book, serial = uow.registers.take(house.ours.agency.id, kind, None, YEAR)
            values: dict[str, Any] = {
                "kind": kind,
                "number": f"กค 0408/{serial}",
                "sender": "กรมบัญชีกลาง",
                "subject": f"เรื่องลำดับที่ {serial}",
                "unit_id": house.ours.legal.id,
                "at": house.clock.now(),
            }
            made.append(an_entry(house.ours.agency.id, book, serial, **(values | more)))
            uow.registers.enter(made[-1])
        uow.commit()
    return made


def an_order(kind: BookKind = BookKind.RECEIVING, **filters: str) -> dict[str, Any]:
    return {"book": kind.value, "year": YEAR, "unit": "", "filters": filters}


def lines(house: House, actor: Actor, order: dict[str, Any] | None = None) -> Sequence[RegisterLine]:
    with open_printout(house.real.reading, actor, order or an_order()) as found:
        read = list(found.lines)
        assert found.total == len(read)
    return read


def made(house: House, kind: str, order: dict[str, Any], by: str = "clerk") -> bytes:
    errand = order_errand(house.office, actor=house.ours[by], kind=kind, title="พิมพ์ทะเบียนหนังสือรับ", order=order)
    assert run_next_errand(house.office, doers=house.office.doers) == 1
    return errand_file(house.office, actor=house.ours[by], errand_id=errand).data


# --- the lines ------------------------------------------------------------------------------------------------


def test_lines_come_in_the_order_of_the_book_over_many_pages(either_house: House, monkeypatch: Any) -> None:
    monkeypatch.setattr(printout, "LINES_AT_ONCE", 4)
    enter(either_house, 11)

    found = lines(either_house, either_house.ours["clerk"])

    assert [line.serial for line in found] == list(range(1, 12))
    assert found[0].number == "กค 0408/1" and found[0].practice == ""


def test_the_head_names_the_form_and_the_keeper(house: House) -> None:
    enter(house, 1)

    with open_printout(house.real.reading, house.ours["clerk"], an_order()) as found:
        head = found.head

    assert (head.title, head.form, head.serial_caption) == ("ทะเบียนหนังสือรับ", "13", "เลขทะเบียนรับ")
    assert head.agency_name == head.keeper == house.ours.agency.name
    assert head.secrecy is Secrecy.OPEN


def test_a_range_of_numbers_or_days_or_a_filter_is_printed_alone(either_house: House) -> None:
    house = either_house
    enter(house, 3)
    house.clock.pass_by(timedelta(days=1))
    enter(house, 2, urgency=Urgency.URGENT)
    clerk = house.ours["clerk"]

    assert [line.serial for line in lines(house, clerk, an_order(since="2", until="4"))] == [2, 3, 4]
    assert [line.serial for line in lines(house, clerk, an_order(entered_from="2026-11-24"))] == [4, 5]
    assert [line.serial for line in lines(house, clerk, an_order(urgency="urgent"))] == [4, 5]
    assert [line.serial for line in lines(house, clerk, an_order(q="ลำดับที่ 2"))] == [2]


def test_a_classified_line_is_masked_for_those_who_may_not_know_it(either_house: House) -> None:
    house = either_house
    enter(house, 1, secrecy=Secrecy.CONFIDENTIAL, subject="เรื่องลับ", practice="ลับ", note="บันทึกลับ")
    cleared = replace(house.ours["clerk"], role=PositionRole.CLERK, clearance=True)
    plain = replace(house.ours["clerk"], clearance=False)

    (seen,), (masked,) = lines(house, cleared), lines(house, plain)

    assert (seen.subject, seen.remark) == ("เรื่องลับ", "บันทึกลับ")
    assert (masked.number, masked.sender, masked.addressee, masked.subject) == (
        "ปกปิด",
        "ปกปิด",
        "ปกปิด",
        "หนังสือมีชั้นความลับ",
    )
    assert masked.practice == masked.remark == "" and masked.secrecy is Secrecy.CONFIDENTIAL
    assert lines(house, plain, an_order(subject="เรื่องลับ")) == []


def test_remarks_tell_void_reserved_late_and_corrected_lines(house: House) -> None:
    now = house.clock.now()
    enter(house, 1, state=EntryState.VOID, void_reason="ลงซ้ำ", void_authority="คำสั่งหัวหน้า", note="แฟ้ม 3")
    enter(house, 1, state=EntryState.RESERVED, note="จองเลข: ระบบหยุด")
    enter(house, 1, state=EntryState.RESERVED, note="")
    enter(house, 1, received_at=now - timedelta(days=3))
    (line,) = enter(house, 1, corrected=2)
    with house.office.uow() as uow:
        uow.registers.correct(
            [
                Correction(line.id, now, "นางสาวสมใจ ใจดี", "subject", "เรื่องเดิม", "เรื่องใหม่", "พิมพ์ผิด", ""),
                Correction(line.id, now, "นางสาวสมใจ ใจดี", "urgency", "normal", "urgent", "พิมพ์ผิด", ""),
                Correction(line.id, now, "นางสาวสมใจ ใจดี", "note", "", "เพิ่ม", "พิมพ์ผิด", ""),
                Correction(line.id, now, "นางสาวสมใจ ใจดี", "letter_date", "2026-11-01", "", "พิมพ์ผิด", ""),
            ]
        )
        uow.commit()

    void, reserved, bare, late, corrected = lines(house, house.ours["clerk"])

    assert void.remark == "ยกเลิก: ลงซ้ำ (คำสั่งหัวหน้า)\nแฟ้ม 3"
    assert (reserved.remark, bare.remark) == ("จองเลข: ระบบหยุด", "จองไว้")
    assert late.remark == "รับจริง 20/11/2569"
    assert corrected.remark.split("\n") == [
        "แก้เรื่อง เดิม “เรื่องเดิม” 23/11/2569",
        "แก้ชั้นความเร็ว เดิม “ปกติ” 23/11/2569",
        "แก้หมายเหตุ เดิมว่าง 23/11/2569",
        "แก้ลงวันที่ เดิม “1/11/2569” 23/11/2569",
    ]


def test_another_agencys_book_is_not_found_and_another_role_reads_none(house: House) -> None:
    enter(house, 1)

    with pytest.raises(NotFound):
        lines(house, house.theirs["clerk"])
    with pytest.raises(NotFound):
        lines(house, replace(house.ours["clerk"], role=None))
    with pytest.raises(NotFound):
        lines(house, house.ours["clerk"], {**an_order(), "year": 2568})


# --- the errands ----------------------------------------------------------------------------------------------


def test_a_register_is_printed_and_the_journal_says_so(either_house: House) -> None:
    enter(either_house, 3)

    pdf = made(either_house, "register-pdf", an_order())

    assert pdf.startswith(b"%PDF-")
    with either_house.real.reading.connect() as reader:
        assert "register.printed" in set(reader.execute(select(journal.c.name)).scalars())


def test_a_register_is_exported_as_xlsx_with_text_that_stays_text(house: House) -> None:
    enter(house, 2, subject="=1+1", note="บรรทัดหนึ่ง\nบรรทัดสอง")

    data = made(house, "register-sheet", {**an_order(), "format": "xlsx"})

    sheet = openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]
    rows = list(sheet.values)
    assert [row[0] for row in rows[:3]] == ["ทะเบียนหนังสือรับ (แบบที่ 13)", "สำนักงาน onep", f"ประจำปี พ.ศ. {YEAR}"]
    assert rows[3] == (
        "เลขทะเบียนรับ", "ที่", "ลงวันที่", "จาก", "ถึง", "เรื่อง", "การปฏิบัติ", "หมายเหตุ", "ชั้นความเร็ว", "ชั้นความลับ",
        "สถานะ", "วันที่ลงทะเบียน", "ปี พ.ศ.",
    )  # fmt: skip
    assert rows[4][0] == 1 and rows[4][5] == "=1+1" and rows[4][12] == YEAR
    assert rows[4][7] == "บรรทัดหนึ่ง; บรรทัดสอง"
    assert rows[4][11] == datetime(2026, 11, 23) and sheet["L5"].is_date  # noqa: DTZ001  (workbooks know no zones)
    assert sheet.column_dimensions["F"].width > sheet.column_dimensions["A"].width


def test_a_register_is_exported_as_csv(house: House) -> None:
    enter(house, 2)

    text = made(house, "register-sheet", {**an_order(), "format": "csv"}).decode("utf-8-sig")

    assert text.splitlines()[0].startswith("เลขทะเบียนรับ,")
    assert text.splitlines()[1].endswith(f",23/11/2569,{YEAR}")
    assert "เรื่องลำดับที่ 2" in text and len(text.splitlines()) == 3


def test_a_book_that_is_not_there_ends_the_errand_with_words(house: House) -> None:
    errand = order_errand(house.office, actor=house.ours["clerk"], kind="register-pdf", title="พิมพ์", order=an_order())

    assert run_next_errand(house.office, doers=house.office.doers) == 1

    with house.office.uow() as uow:
        ended = uow.errands.get(house.ours.agency.id, errand)
    assert (ended.state, ended.problem) == ("failed", "ยังไม่มีทะเบียนเล่มนี้")


def test_a_printing_that_is_killed_in_the_middle_is_whole_the_second_time(either_house: House) -> None:
    house = either_house
    enter(house, 250)

    class Killed(BaseException):
        pass

    def dies(office: Any, errand: Any, actor: Any, step: Any) -> Any:
        def counted(done: int, total: int) -> None:
            step(done, total)
            if done >= 100:
                raise Killed

        return office.doers["register-pdf"](office, errand, actor, counted)

    errand = order_errand(house.office, actor=house.ours["clerk"], kind="register-pdf", title="พิมพ์", order=an_order())
    with pytest.raises(Killed):
        run_next_errand(house.office, doers={"register-pdf": dies})
    with house.office.uow() as uow:
        assert uow.errands.get(house.ours.agency.id, errand).done == 100
    house.clock.pass_by(house.office.lease + timedelta(seconds=1))

    assert run_next_errand(house.office, doers=house.office.doers) == 1
    with house.office.uow() as uow:
        ended = uow.errands.get(house.ours.agency.id, errand)
    assert (ended.state, ended.done, ended.total, ended.attempts) == ("done", 250, 250, 2)
    assert errand_file(house.office, actor=house.ours["clerk"], errand_id=errand).data.startswith(b"%PDF-")


def test_nothing_and_too_much_is_not_printed(house: House) -> None:
    with pytest.raises(BadInput):
        printing.receipt_slips(house.office, slips=[])
    with pytest.raises(BadInput):
        printing.search_card(house.office, subject="", code="", lines=[uuid4()] * (printing.MOST_SLIPS + 1))  # type: ignore[list-item]
