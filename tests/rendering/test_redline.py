"""What differs between two versions of a text, by Thai words."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from saraban.rendering.body import plain_text
from saraban.rendering.redline import difference
from saraban.usecases.texts import Change


def shown(old: str, new: str, *, marked: bool = True) -> str:
    marks = {Change.SAME: "{}", Change.INSERTED: "+{}+", Change.DELETED: "-{}-"}
    return "".join(marks[piece.change].format(piece.text) for piece in difference(old, new, marked=marked))


def test_words_that_were_put_in_and_taken_out_are_told_whole():
    assert shown("จัดประชุมใหญ่ของกรม", "จัดสัมมนาของกรม", marked=False) == "จัด-ประชุมใหญ่-+สัมมนา+ของกรม"
    assert shown("เหมือนเดิม", "เหมือนเดิม", marked=False) == "เหมือนเดิม"
    assert shown("", "ใหม่", marked=False) == "+ใหม่+"


def test_a_changed_date_is_one_change():
    assert (
        shown("ในวันที่ 4 ธันวาคม 2569 เวลา", "ในวันที่ 5 ธันวาคม 2569 เวลา", marked=False)
        == "ใน-วันที่ 4 ธันวาคม 2569-+วันที่ 5 ธันวาคม 2569+ เวลา"
    )


def test_a_phrase_of_several_words_is_one_change_with_its_spaces():
    assert shown("ก่อน แมว นก ท้าย", "ก่อน หมา ปลา ท้าย", marked=False) == "ก่อน -แมว นก-+หมา ปลา+ ท้าย"


def test_bold_alone_is_a_change_and_marks_are_not_shown():
    pieces = difference("ให้ทุกหน่วยส่ง", "ให้**ทุกหน่วย**ส่ง", marked=True)

    changed = [(piece.text, piece.change, piece.bold) for piece in pieces if piece.change is not Change.SAME]
    assert changed == [("ทุกหน่วย", Change.DELETED, False), ("ทุกหน่วย", Change.INSERTED, True)]
    assert "*" not in "".join(piece.text for piece in pieces)


def test_a_row_of_a_table_and_a_new_page_are_told():
    old = "ก่อน\n\n| ก | ข |\n|-|-|\n| ๑ | ๒ |\n\nจบ"
    new = "ก่อน\n\n| ก | ข |\n|-|-|\n| ๑ | ๒ |\n| ๓ | ๔ |\n\n---\n\nจบ"

    assert "+๓ | ๔\n" in shown(old, new) and "ขึ้นหน้าใหม่" in shown(old, new)


@settings(max_examples=200, deadline=None)
@given(
    st.text(alphabet="กขค้ำ ๑1.*|-\n", max_size=60),
    st.text(alphabet="กขค้ำ ๑1.*|-\n", max_size=60),
)
def test_without_what_was_put_in_it_is_the_old_text_and_without_what_was_taken_out_the_new(old, new):
    pieces = difference(old, new, marked=True)

    def letters(text: str) -> str:
        return "".join(text.replace("|", "").replace("—", "").replace("ขึ้นหน้าใหม่", "").split())

    assert letters("".join(p.text for p in pieces if p.change is not Change.INSERTED)) == letters(plain_text(old))
    assert letters("".join(p.text for p in pieces if p.change is not Change.DELETED)) == letters(plain_text(new))
