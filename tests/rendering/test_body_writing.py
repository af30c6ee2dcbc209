"""Blocks written as the text that is read as them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from saraban.rendering.body import read_body
from saraban.rendering.body_writing import write_body


@pytest.mark.parametrize(
    "body",
    [
        "ก่อน\n1. ข้อ\n1.1 ย่อย\nต่อ\n\nจบ **หนา** ท้าย",
        "| ก | ข |\n|:-:|--:|\n| ๑ | **โต๊ะ** a\\|b |\n| | |\n\n---\n\nจบ",
        "\\---",
        "2 * 3 = 6 และ \\*\\*ดาว\\*\\*",
        "**ทั้งสอง\nบรรทัด** ท้าย",
    ],
)
def test_a_text_is_written_as_it_was_read(body):
    assert write_body(read_body(body)).replace("\u00a0", " ") == body


@settings(max_examples=400, deadline=None)
@given(st.text(alphabet="กข้ำ๑1.()*\\|-: \n\u00a0", max_size=60))
def test_what_was_read_and_written_is_read_the_same(body):
    blocks = read_body(body)

    written = write_body(blocks)

    assert write_body(read_body(written)) == written
    assert [type(block) for block in read_body(written)] == [type(block) for block in blocks] or "\u00a0" in body
