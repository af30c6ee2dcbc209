"""What stands under อ้างถึง is read as agencies write it."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saraban.domain.content import Reference
from saraban.exchange.referring import references_in


@pytest.mark.parametrize(
    ("text", "named"),
    [
        (
            "เรื่อง ขอเชิญประชุม\nเรียน ปลัดกระทรวง\nอ้างถึง หนังสือกรมการปกครอง ที่ มท ๐๓๐๙.๒/ว ๑๑๒ ลงวันที่ ๒ มกราคม ๒๕๖๙\n"
            "สิ่งที่ส่งมาด้วย ที่ กค ๐๔๐๕/๙\n",
            [Reference("มท 0309.2/ว 112", date(2026, 1, 2), "กรมการปกครอง")],
        ),
        (
            "อ้างถึง  ๑. หนังสือสำนักงาน ก.พ. ด่วนที่สุด ที่ นร ๑๐๐๖/๔๕ ลงวันที่ ๓ ก.พ. ๒๕๖๙\n"
            "         ๒. หนังสือกรมบัญชีกลาง ที่ กค (กวจ) ๐๔๐๕.๒/ว ๑๙๘\n         ลงวันที่ ๒๐ กุมภาพันธ์ ๒๕๖๘\n\nตามที่ อว 9/9",
            [
                Reference("นร 1006/45", date(2026, 2, 3), "สำนักงาน ก.พ."),
                Reference("กค (กวจ) 0405.2/ว 198", date(2025, 2, 20), "กรมบัญชีกลาง"),
            ],
        ),
        ("อ้างถึง ที่ ศธ 04010/77", [Reference("ศธ 04010/77", None, "")]),
        ("อ้างถึง ที่ ศธ 04010/77 และ ที่ ศธ 04010/77", [Reference("ศธ 04010/77", None, "")]),
        ("เรื่อง ที่ ศธ 04010/77 ไม่ใช่การอ้างถึง", []),
        ("อ้างถึง การประชุมครั้งก่อน", []),
        ("", []),
    ],
)
def test_numbers_days_and_senders_are_read(text: str, named: list[Reference]) -> None:
    assert references_in(text) == named


@given(st.text(alphabet="อ้างถึง หนังสือที่มท๐๙/ว12.\nลงวันที่", max_size=200))
def test_no_text_makes_it_fail(text: str) -> None:
    assert len(references_in("อ้างถึง " + text)) <= 20
