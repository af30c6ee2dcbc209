"""By which letters agencies number their letters."""

from __future__ import annotations

import pytest

from saraban.domain.abbreviations import SHIPPED, marks_of, text_of
from saraban.domain.errors import BadInput


def test_the_table_ships_and_may_be_changed() -> None:
    assert marks_of("") == SHIPPED and marks_of(text_of(SHIPPED)) == SHIPPED
    assert marks_of("กค |  กระทรวง  การคลัง\n\nกค | คลัง | คลัง") == {"กค": ("กระทรวง การคลัง", "คลัง")}


WRONG = ("กค", "| กระทรวงการคลัง", "กค |", "MOF | Ministry", "กคกคกคกคก | ยาวเกิน", "กค | " + "ก" * 201)


@pytest.mark.parametrize("line", WRONG)
def test_a_line_that_is_none_is_named(line: str) -> None:
    with pytest.raises(BadInput) as caught:
        marks_of(f"มท | กระทรวงมหาดไทย\n{line}")
    assert caught.value.fields["number_marks"].startswith("บรรทัดที่ 2")
