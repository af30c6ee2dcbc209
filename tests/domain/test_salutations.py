"""Salutations: the row of the table that fits an addressee, and the table as lines that an agency may change."""

from __future__ import annotations

import pytest

from saraban.domain.classification import Form
from saraban.domain.errors import BadInput
from saraban.domain.salutations import (
    SHIPPED,
    Proposal,
    addressee,
    closings,
    heads_title,
    proposed,
    table_of,
    text_of,
    unpaired,
    unsaluted,
)


@pytest.mark.parametrize(
    ("typed", "line", "closing"),
    [
        ("อธิบดีกรมการปกครอง", "เรียน อธิบดีกรมการปกครอง", "ขอแสดงความนับถือ"),
        ("นายกรัฐมนตรี", "กราบเรียน นายกรัฐมนตรี", "ขอแสดงความนับถืออย่างยิ่ง"),
        ("เรียน นายกรัฐมนตรี", "กราบเรียน นายกรัฐมนตรี", "ขอแสดงความนับถืออย่างยิ่ง"),
        ("กราบเรียน  ประธานรัฐสภา", "กราบเรียน ประธานรัฐสภา", "ขอแสดงความนับถืออย่างยิ่ง"),
        ("รองนายกรัฐมนตรี", "เรียน รองนายกรัฐมนตรี", "ขอแสดงความนับถือ"),
        ("เลขาธิการนายกรัฐมนตรี", "เรียน เลขาธิการนายกรัฐมนตรี", "ขอแสดงความนับถือ"),
        ("พระครูใบฎีกาสมพร", "นมัสการ พระครูใบฎีกาสมพร", "ขอนมัสการด้วยความเคารพ"),
    ],
)
def test_the_addressee_proposes_how_a_letter_begins_and_closes(typed: str, line: str, closing: str) -> None:
    assert proposed(SHIPPED, Form.EXTERNAL, typed) == Proposal(line, closing)


@pytest.mark.parametrize("typed", ["", "เรียน ", "พระบาทสมเด็จพระเจ้าอยู่หัว", "สมเด็จพระสังฆราช", "หม่อมเจ้าหญิง"])
def test_nothing_is_proposed_for_nobody_and_for_whom_the_table_must_name(typed: str) -> None:
    assert proposed(SHIPPED, Form.EXTERNAL, typed) is None


def test_a_memorandum_has_no_closing_a_sealed_letter_says_to_and_an_order_addresses_nobody() -> None:
    assert proposed(SHIPPED, Form.MEMORANDUM, "ผู้อำนวยการกองคลัง") == Proposal("เรียน ผู้อำนวยการกองคลัง", "")
    assert proposed(SHIPPED, Form.STAMPED, "เรียน กรมการปกครอง") == Proposal("ถึง กรมการปกครอง", "")
    assert proposed(SHIPPED, Form.ORDER, "กรมการปกครอง") is None


@pytest.mark.parametrize("form", [Form.EXTERNAL, Form.MEMORANDUM, Form.RECORD])
def test_an_addressee_without_a_salutation_is_told_with_the_one_that_is_proposed(form: Form) -> None:
    assert unsaluted(SHIPPED, form, "เลขาธิการ ก.พ.ร.") == {"addressed_to": "ใส่คำขึ้นต้น เช่น เรียน เลขาธิการ ก.พ.ร."}


@pytest.mark.parametrize(
    ("form", "text"),
    [
        (Form.MEMORANDUM, "เรียน เลขาธิการ ก.พ.ร."),
        (Form.MEMORANDUM, "เรียนเลขาธิการ"),
        (Form.EXTERNAL, "เรียน นายกรัฐมนตรี"),
        (Form.EXTERNAL, "นมัสการ พระครูสมพร"),
        (Form.EXTERNAL, "ขอประทานกราบทูล ผู้สำเร็จราชการ"),
        (Form.EXTERNAL, "พระวรวงศ์เธอ"),
        (Form.EXTERNAL, "Dear Sir,"),
        (Form.EXTERNAL, " "),
        (Form.STAMPED, "กรมการปกครอง"),
        (Form.ORDER, "กรมการปกครอง"),
    ],
)
def test_no_salutation_is_asked_for_where_one_stands_or_none_is_proposed_or_printed(form: Form, text: str) -> None:
    assert unsaluted(SHIPPED, form, text) == {}


def test_the_word_of_the_shipped_table_stands_beside_the_agencys_own() -> None:
    table = table_of("อธิบดี | กราบเรียน | ด้วยความนับถือ")

    assert unsaluted(table, Form.EXTERNAL, "เรียน อธิบดี") == {}
    assert unsaluted(table, Form.EXTERNAL, "ผู้ว่าราชการ") == {}
    assert unsaluted(table, Form.EXTERNAL, "อธิบดี") == {"addressed_to": "ใส่คำขึ้นต้น เช่น กราบเรียน อธิบดี"}


def test_the_table_is_written_as_lines_and_read_back() -> None:
    assert table_of(text_of(SHIPPED)) == SHIPPED
    assert table_of(" \n") == SHIPPED
    assert closings(SHIPPED)[0] == "ขอแสดงความนับถือ"


def test_a_row_of_the_agency_beats_a_shorter_name() -> None:
    table = table_of("ผู้ว่าราชการ | เรียน | ขอแสดงความนับถือ\nผู้ว่าราชการพิเศษ | กราบเรียน | ขอแสดงความนับถืออย่างยิ่ง")

    assert proposed(table, Form.EXTERNAL, "ผู้ว่าราชการพิเศษ") == Proposal("กราบเรียน ผู้ว่าราชการพิเศษ", "ขอแสดงความนับถืออย่างยิ่ง")
    assert proposed(table, Form.EXTERNAL, "อธิบดี") is None


@pytest.mark.parametrize("text", ["นายกรัฐมนตรี | กราบเรียน", "ก | | ข", "ก|ข|ค|ง", "\n".join(["| เรียน | ขอแสดง"] * 61)])
def test_lines_that_are_no_rows_are_refused(text: str) -> None:
    with pytest.raises(BadInput) as refused:
        table_of(text)

    assert "บรรทัด" in refused.value.fields["salutations"]


def test_the_register_names_the_addressee_without_the_salutation() -> None:
    assert addressee(SHIPPED, "กราบเรียน  นายกรัฐมนตรี") == "นายกรัฐมนตรี"
    assert addressee(SHIPPED, "ผู้อำนวยการกองคลัง") == "ผู้อำนวยการกองคลัง"


@pytest.mark.parametrize(
    ("typed", "closing"),
    [
        ("สมเด็จพระมหาวีรวงศ์", "ขอนมัสการด้วยความเคารพอย่างยิ่ง"),
        ("พระพรหมบัณฑิต", "ขอนมัสการด้วยความเคารพอย่างยิ่ง"),
        ("พระธรรมโกศาจารย์", "ขอนมัสการด้วยความเคารพอย่างสูง"),
        ("เรียน พระเทพวิสุทธิเมธี", "ขอนมัสการด้วยความเคารพอย่างสูง"),
        ("พระมหาสมชาย", "ขอนมัสการด้วยความเคารพ"),
        ("พระอาจารย์สมพร", "ขอนมัสการด้วยความเคารพ"),
    ],
)
def test_monks_are_known_by_their_ranks(typed: str, closing: str) -> None:
    found = proposed(SHIPPED, Form.EXTERNAL, typed)

    assert found is not None and found.addressed_to.startswith("นมัสการ ") and found.closing == closing


@pytest.mark.parametrize(
    "typed",
    ["พระบรมวงศานุวงศ์", "พระเจ้าวรวงศ์เธอ", "พระราชินี", "พระเทพรัตนราชสุดา", "พระนครเหนือ", "สมเด็จพระเทพรัตน", "พระองค์เจ้า"],
)
def test_who_is_named_like_a_monk_and_is_none_gets_no_proposal_but_by_a_row_of_the_agency(typed: str) -> None:
    assert proposed(SHIPPED, Form.EXTERNAL, typed) is None
    own = table_of(f"{typed} | กราบทูล | ควรมิควรแล้วแต่จะโปรด\n{text_of(SHIPPED)}")
    assert proposed(own, Form.EXTERNAL, typed) == Proposal(f"กราบทูล {typed}", "ควรมิควรแล้วแต่จะโปรด")


@pytest.mark.parametrize(
    ("form", "text", "closing", "told"),
    [
        (Form.EXTERNAL, "นมัสการ พระธรรมโกศาจารย์", "ขอแสดงความนับถือ", True),
        (Form.EXTERNAL, "เรียน อธิบดี", "ขอแสดงความนับถืออย่างยิ่ง", True),
        (Form.EXTERNAL, "เรียน อธิบดี", "ขอแสดงความนับถือ", False),
        (Form.EXTERNAL, "กราบเรียน นายกรัฐมนตรี", "ขอแสดงความนับถือ", True),
        (Form.EXTERNAL, "นมัสการ พระธรรมโกศาจารย์", "ขอนมัสการด้วยความเคารพ", False),
        (Form.EXTERNAL, "ขอประทานกราบทูล", "ขอแสดงความนับถือ", False),
        (Form.MEMORANDUM, "นมัสการ พระครูสมพร", "ขอแสดงความนับถือ", False),
        (Form.STAMPED, "เรียน กรม", "ขอแสดงความนับถือ", False),
    ],
)
def test_a_salutation_and_a_closing_of_different_rows_are_told(form: Form, text: str, closing: str, told: bool) -> None:
    assert bool(unpaired(SHIPPED, form, text, closing)) is told


@pytest.mark.parametrize(
    ("agency", "title"),
    [
        ("กรมการปกครอง", "อธิบดีกรมการปกครอง"),
        ("สำนักงาน ก.พ.ร.", "เลขาธิการ ก.พ.ร."),
        ("สำนักงานปลัดกระทรวงมหาดไทย", "ปลัดกระทรวงมหาดไทย"),
        ("จังหวัดเชียงใหม่", "ผู้ว่าราชการจังหวัดเชียงใหม่"),
        ("กรมราชองครักษ์", ""),
        ("กรมแพทย์ทหารบก", ""),
        ("องค์การเภสัชกรรม", ""),
    ],
)
def test_the_name_of_an_agency_tells_its_heads_title_or_nothing(agency: str, title: str) -> None:
    assert heads_title(agency) == title
