"""What mail servers say, for the eye: Thai words with Thai digits first, the server's own words as they were."""

from __future__ import annotations

import pytest

from saraban.domain.dispatch import SERVER_SAID
from saraban.web.server_words import in_thai


@pytest.mark.parametrize(
    ("words", "thai", "server"),
    [
        ("ลองแล้ว 3 ครั้ง", "ลองแล้ว ๓ ครั้ง", ""),
        (f"กล่องเต็ม 100%{SERVER_SAID}452 4.2.2 over quota", "กล่องเต็ม ๑๐๐%", "452 4.2.2 over quota"),
        ("ไม่มีที่อยู่ office2@school1.example", "ไม่มีที่อยู่ office2@school1.example", ""),
        ("ชื่อเครื่อง mx1.test คือ 10.0.0.25 พอร์ต 25", "ชื่อเครื่อง mx1.test คือ 10.0.0.25 พอร์ต ๒๕", ""),
    ],
)
def test_words_of_people_have_thai_digits_and_those_of_machines_their_own(words: str, thai: str, server: str) -> None:
    assert in_thai(words) == (thai, server)
