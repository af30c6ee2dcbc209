"""By which letters agencies number their letters."""

from __future__ import annotations

import pytest

from saraban.domain.abbreviations import SHIPPED, called, kept_as, marks_of, read_mark, text_of, with_mark, without_mark
from saraban.domain.errors import BadInput


def test_the_table_ships_and_may_be_changed() -> None:
    assert marks_of("") == SHIPPED and marks_of(text_of(SHIPPED)) == SHIPPED
    assert marks_of("กค |  กระทรวง  การคลัง\n\nกค | คลัง | คลัง") == {"กค": ("กระทรวง การคลัง", "คลัง")}


def test_ministries_departments_and_all_provinces_ship() -> None:
    assert SHIPPED["กค"] == ("กระทรวงการคลัง",) and SHIPPED["กค 04"] == ("กรมบัญชีกลาง",)
    assert sum(name.startswith("จังหวัด") for names in SHIPPED.values() for name in names) == 76
    assert called(SHIPPED)["เชียงราย"] == called(SHIPPED)["จังหวัดเชียงราย"] == ("ชร",)
    assert called(SHIPPED)["กระทรวงการอุดมศึกษา"] == ("อว",)


def test_marks_are_read_as_they_are_typed() -> None:
    assert [read_mark(text) for text in ("กค", " กค  ๐๔", "กค04", "กค 4", "MOF", "")] == [
        "กค",
        "กค 04",
        "กค 04",
        *[""] * 3,
    ]
    assert text_of({"กค 04": ("กรมบัญชีกลาง",)}) == "กค ๐๔ | กรมบัญชีกลาง"


def test_a_mark_is_added_changed_and_taken_out() -> None:
    more = with_mark("", "ทป ๐๑", ["หน่วยทดสอบ", "ทดสอบ"])
    assert marks_of(more) == {**SHIPPED, "ทป 01": ("หน่วยทดสอบ", "ทดสอบ")}
    assert without_mark(more, "ทป01") == "" == kept_as(SHIPPED)
    assert marks_of(with_mark("กค | คลัง", "กค", ["กระทรวงการคลัง"])) == {"กค": ("กระทรวงการคลัง",)}
    with pytest.raises(KeyError):
        without_mark("", "ทป 01")
    for wrong in (
        lambda: without_mark("กค | คลัง", "กค"),
        lambda: with_mark("", "MOF", []),
        lambda: with_mark("", "กค", ["ก|ข"]),
    ):
        with pytest.raises(BadInput):
            wrong()


WRONG = ("กค", "| กระทรวงการคลัง", "กค |", "MOF | Ministry", "กคกคกคกคก | ยาวเกิน", "กค | " + "ก" * 201)


@pytest.mark.parametrize("line", WRONG)
def test_a_line_that_is_none_is_named(line: str) -> None:
    with pytest.raises(BadInput) as caught:
        marks_of(f"มท | กระทรวงมหาดไทย\n{line}")
    assert caught.value.fields["number_marks"].startswith("บรรทัดที่ 2")
