"""Lines of an old system, and what their sheet says of how they were kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import uuid4

import pytest

from saraban.domain.agency import AgencyId
from saraban.domain.book import BookKind
from saraban.domain.keeping import Place
from saraban.domain.moving import OldKeeping, OldLine
from saraban.domain.register import Matter
from saraban.domain.retention import FileGroup, class_named, group_coded, standard_classes, standard_plan
from tests.builders import NOW

AGENCY = AgencyId(uuid4())
SAID = OldKeeping("03", "10", date(2022, 3, 31), date(2024, 1, 10), Place("คลัง", "2", "15"))
LINE = OldLine(
    2,
    Matter(number="กค 1", letter_date=date(2022, 1, 3), sender="กรมบัญชีกลาง", subject="เรื่อง"),
    BookKind.RECEIVING,
    year=2565,
    serial=1,
    keeping=SAID,
)


def test_what_the_sheet_says_of_keeping_is_looked_at_with_the_line() -> None:
    assert LINE.faults(NOW) == {} and SAID.said and not OldKeeping().said
    for field, changed, words in (
        ("finished_on", {"finished_on": date(2022, 1, 2)}, "ก่อนวันที่ของหนังสือ"),
        ("finished_on", {"finished_on": date(2222, 1, 2), "stored_on": None}, "อนาคต"),
        ("stored_on", {"stored_on": date(2022, 3, 30)}, "ก่อนวันปฏิบัติเสร็จ"),
        ("stored_on", {"stored_on": date(2222, 3, 30)}, "อนาคต"),
        ("stored_on", {"finished_on": None}, "ต้องใส่วันปฏิบัติเสร็จ"),
        ("box", {"place": Place(box="ก" * 101)}, "กล่องยาวเกิน ๑๐๐ ตัวอักษร"),
    ):
        told = replace(LINE, keeping=replace(SAID, **changed)).faults(NOW)  # type: ignore[arg-type]
        assert list(told) == [field] and words in told[field], told
    undated = replace(
        LINE, matter=replace(LINE.matter, letter_date=None), keeping=OldKeeping(finished_on=date(2021, 9, 9))
    )
    assert "finished_on" in undated.faults(NOW), "before the year of its book"


def test_a_class_is_known_by_its_code_its_name_and_a_period_that_only_it_has() -> None:
    classes = standard_classes(AGENCY)
    for words, code in (
        ("general", "general"), ("หนังสือทั่วไป", "general"), ("๑๐ ปี", "general"), ("10", "general"),
        ("ไม่น้อยกว่า ๑๐ ปี", "general"), ("1 ปี", "routine"), ("ตลอดไป", "history"), ("ห้ามทำลาย", "history"),
    ):  # fmt: skip
        assert class_named(classes, words).code == code, words
    with pytest.raises(ValueError, match=r"“5 ปี” ตรงกับหลายประเภท .* copy .*, money"):
        class_named(classes, "5 ปี")
    with pytest.raises(ValueError, match="ไม่ตรงกับประเภทใด"):
        class_named([replace(one, retired=one.code == "general") for one in classes], "general")


def test_a_group_is_known_also_where_a_sheet_made_a_number_of_its_code() -> None:
    groups = standard_plan(AGENCY)
    assert [group_coded(groups, code).code for code in ("01", "1", "๑", "10")] == ["01", "01", "01", "10"]
    for code in ("11", "0", "กค"):
        with pytest.raises(ValueError, match=f"ไม่มีหมวดรหัส {code}"):
            group_coded(groups, code)
    with pytest.raises(ValueError, match="ไม่มีหมวดรหัส 1"):
        group_coded([FileGroup(AGENCY, "1", "ก", "general", retired=True)], "1")
