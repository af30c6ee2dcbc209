"""The subset of Markdown that is the text of a letter: what is a mark, what is words."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from saraban.rendering.body import Align, PageBreak, Paragraph, Table, Words, plain_text, read_body


def paragraphs(body: str) -> list[tuple[str, int, bool]]:
    return [(b.words.text, b.level, b.opens) for b in read_body(body) if isinstance(b, Paragraph)]


def bold(body: str) -> list[str]:
    return [text for b in read_body(body) if isinstance(b, Paragraph) for text, is_bold in b.words.runs() if is_bold]


def test_blank_lines_and_item_numbers_begin_paragraphs_and_other_line_ends_are_kept():
    body = "ตามหนังสือ\nบรรทัดที่สอง\n \u00a0\n1.  ข้อแรก\n1.1 ข้อย่อย\n(ก) ลึกลงไป\nต่อ\n- ขีด"

    assert paragraphs(body) == [
        ("ตามหนังสือ\nบรรทัดที่สอง", 0, True),
        ("1.\u00a0ข้อแรก", 0, True),
        ("1.1\u00a0ข้อย่อย", 1, False),
        ("(ก)\u00a0ลึกลงไป\nต่อ", 2, False),
        ("-\u00a0ขีด", 2, False),
    ]


def test_brackets_stand_below_the_number_before_them_and_letters_below_these():
    assert [level for _, level, _ in paragraphs("1. ก\n(1) ข\n1.1 ค\n(1) ง\n(ก) จ\n(2) ฉ\n2. ช\n(ก) ซ")] == [
        0, 1, 1, 2, 3, 2, 0, 1,
    ]  # fmt: skip
    assert [level for _, level, _ in paragraphs("(1) ก\n(ก) ข\n- ค")] == [0, 1, 1]
    assert [level for _, level, _ in paragraphs("- ก\n\n(ก) ข")] == [0, 0]


@pytest.mark.parametrize(
    ("body", "words", "in_bold"),
    [
        ("ให้**ทุกหน่วย**ส่ง", "ให้ทุกหน่วยส่ง", ["ทุกหน่วย"]),
        ("**(ร่าง)**ต่อ", "(ร่าง)ต่อ", ["(ร่าง)"]),
        ("**บรรทัดหนึ่ง\nบรรทัดสอง**", "บรรทัดหนึ่ง\nบรรทัดสอง", ["บรรทัดหนึ่ง\nบรรทัดสอง"]),
        ("**น**้ำ", "น้ำ", ["น้ำ"]),
        ("ก**้ำ**", "ก้ำ", []),
        ("** หมายเหตุ", "** หมายเหตุ", []),
        ("2 ** 3 **ก", "2 ** 3 **ก", []),
        ("**เปิดไม่ปิด", "**เปิดไม่ปิด", []),
        ("****", "****", []),
        ("***สาม***", "***สาม***", []),
        (r"\*\*ดาว\*\* \\ \ก", r"**ดาว** \ \ก", []),
        ("*เอียง* _ขีด_ `โค้ด` # หัว > อ้าง <b>", "*เอียง* _ขีด_ `โค้ด` # หัว > อ้าง <b>", []),
    ],
)
def test_two_asterisks_around_words_are_bold_and_all_else_is_words(body, words, in_bold):
    assert [text for text, *_ in paragraphs(body)] == [words]
    assert bold(body) == in_bold


def test_a_number_in_bold_keeps_its_place_when_the_spaces_behind_it_become_one():
    (block,) = read_body("**1.   ครุภัณฑ์** ที่ตรวจ")

    assert isinstance(block, Paragraph)
    assert list(block.words.runs()) == [("1.\u00a0ครุภัณฑ์", True), (" ที่ตรวจ", False)]


def test_a_paragraph_of_three_hyphens_alone_begins_a_page():
    assert PageBreak() in read_body("ก\n\n---\n\nข")
    for words in ("ก\n---\nข", "ก\n\n\\---\n\nข", "ก\n\n----\n\nข", "ก\n\n- - -\n\nข"):
        assert PageBreak() not in read_body(words)


def test_a_pipe_table_has_columns_captions_and_rows():
    body = "ตามตาราง\n| ที่ | รายการ | บาท |\n|:-:|---|--:|\n| 1 | **โต๊ะ** a\\|b | 1,200 |\n| 2 | เก้าอี้ |\n\nจบ"

    before, table, after = read_body(body)

    assert isinstance(before, Paragraph) and isinstance(after, Paragraph)
    assert isinstance(table, Table) and table.has_head
    assert table.columns == (Align.CENTRE, Align.LEFT, Align.RIGHT)
    assert table.rows[0] == (Words("1"), Words("โต๊ะ a|b", ((0, 4),)), Words("1,200"))
    assert table.rows[1] == (Words("2"), Words("เก้าอี้"), Words(""))


def test_a_table_without_captions_has_none_and_one_without_anything_is_nothing():
    (table,) = read_body("| | |\n|-|-|\n| ก | ข |")

    assert isinstance(table, Table) and not table.has_head
    assert read_body("| | |\n|-|-|") == ()


def test_who_reads_the_words_outside_a_page_meets_no_marks():
    assert (
        plain_text("**ด่วน** ครับ\n1. ก\n\n---\n\n| ก | ข |\n|-|-|\n| 1 | 2 |\n\nจบ") == "ด่วน ครับ\n1. ก\n\nก ข\n1 2\n\nจบ"
    )


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="กข้ำ๑1.()*\\|-: \n\u00a0_#`", max_size=80))
def test_every_text_can_be_read_and_bold_stretches_are_in_order_inside_it(body):
    for block in read_body(body):
        cells = [block.words] if isinstance(block, Paragraph) else []
        if isinstance(block, Table):
            assert all(len(row) == len(block.columns) for row in (block.head, *block.rows))
            cells = [cell for row in (block.head, *block.rows) for cell in row]
        for words in cells:
            edges = [edge for stretch in words.bold for edge in stretch]
            assert edges == sorted(edges) and all(a < b for a, b in words.bold)
            assert all(0 <= edge <= len(words.text) for edge in edges)
            assert "".join(text for text, _ in words.runs()) == words.text


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="กขค้ำ๑1.()- \n", max_size=80))
def test_words_without_marks_are_read_as_they_were_typed(body):
    typed = "".join(body.split())

    read = "".join("".join(text.split()) for text, *_ in paragraphs(body))

    assert read == typed or "---" in typed


def test_a_text_of_the_greatest_length_is_read_at_once_whatever_stands_in_it():
    for piece in ("**ก**", "**", "\\", "|-|\n", "| ก ", "   ", "1. **ก\n", "\n"):
        read_body((piece * 60_000)[:60_000])
