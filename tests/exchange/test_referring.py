"""What stands under อ้างถึง is read as agencies write it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saraban.domain.content import Reference
from saraban.exchange.referring import mentioned_in, references_in

LETTERS = Path(__file__).parent.parent / "assets" / "thai" / "letters"


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


def _mentioned(name: str) -> list[Reference]:
    [path] = LETTERS.glob(f"{name}*")
    return mentioned_in(path.read_text(encoding="utf-8"))


def test_letters_that_sentences_name_with_their_day_are_read_from_real_writing() -> None:
    assert _mentioned("12") == [Reference("กค 0417.1/034930", date(2024, 9, 23), "กรมบัญชีกลาง")]
    assert _mentioned("17") == [Reference("สธ 0202.3.7/ว 79", date(2023, 2, 3))]
    assert [(one.number, one.date) for one in _mentioned("16")] == [
        ("กค 0405.4/ว 708", date(2022, 6, 29)),
        ("กค (กวจ) 0405.2/ว 371", date(2019, 8, 5)),
    ]
    assert [(one.number, one.sender) for one in _mentioned("20")] == [
        ("กค (กวจ) 0405.2/ว 198", "คณะกรรมการวินิจฉัยปัญหาการจัดซื้อจัดจ้างและการบริหารพัสดุภาครัฐ")
    ]
    assert _mentioned("15") == [], "a day without its year"


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("ตามหนังสือที่อ้างถึง สำนักงานขอส่งข้อมูล", []),
        ("ตามหนังสือที่อ้างถึง ที่ มท ๐๓๐๙/๑๒ ลงวันที่\n๒ มกราคม ๒๕๖๙ ขอให้รายงาน", ["มท 0309/12"]),
        ("ตามบันทึกข้อความ ที่ ทส 1001/5 ลว. 13 ส.ค. 2568", ["ทส 1001/5"]),
        ("ตามหนังสือ ก ที่ กค 1001/5 ลงวันที่ 1 มี.ค. 67 และหนังสือ ข ที่ กค 1001/6 ลงวันที่ 2/3/2567", ["กค 1001/5", "กค 1001/6"]),
        ("ตามหนังสือ ที่ มท 0309/12 ลงวันที่ 32 มกราคม 2569", []),
        ("ตามหนังสือ ที่ มท 0309/12 ขอให้รายงานภายในวันที่ 2 มกราคม 2569", []),
        ("ตามหนังสือ ที่ มท 0309/12/3 ลงวันที่ 2 มกราคม 2569", []),
        ("คำสั่ง ที่ มท 0309/12 ลงวันที่ 2 มกราคม 2569", []),
    ],
)
def test_only_what_is_whole_and_dated_is_a_mention(text: str, numbers: list[str]) -> None:
    assert [one.number for one in mentioned_in(text)] == numbers


@given(st.text(alphabet="ตามหนังสือที่ กค๐๔.๑/ว1(ก)ลงวันที่ม.", max_size=200))
def test_no_sentence_makes_it_fail(text: str) -> None:
    assert len(mentioned_in(f"ตามหนังสือ ที่ {text} ลงวันที่ 2 ม.ค. 2569")) <= 20


@given(st.text(alphabet="อ้างถึง หนังสือที่มท๐๙/ว12.\nลงวันที่", max_size=200))
def test_no_text_makes_it_fail(text: str) -> None:
    assert len(references_in("อ้างถึง " + text)) <= 20
