"""What is proposed for a letter in ordinary mail: by the mail's subject, its text, and the words of the first page."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saraban.domain.numbering import LetterNumber, arabic_digits, thai_digits
from saraban.exchange.suggesting import suggest

SEEN = Path(__file__).parents[1] / "assets" / "numbers" / "letter-numbers-seen.csv"
PAGE = """ตราครุฑ
ด่วนมาก
ที่ ศธ ๐๔๑๒/๗๗ โรงเรียนบ้านสวน
ถนนพระอาทิตย์
กรุงเทพฯ ๑๐๒๐๐
๒๐ พฤศจิกายน ๒๕๖๙
เรื่อง ขอเชิญเป็นวิทยากรบรรยายเรื่องการอ่าน
และการเขียน
เรียน อธิบดีกรมส่งเสริมการอ่าน
อ้างถึง หนังสือกรมส่งเสริมการอ่าน ที่ ศธ ๐๖๐๑/๑๒ ลงวันที่ ๑ ตุลาคม ๒๕๖๙
ด้วยโรงเรียนจะจัดงาน
"""


def _rows() -> list[dict[str, str]]:
    with SEEN.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("thai", [False, True])
@pytest.mark.parametrize(
    "frame",
    ["ที่ {0} ลงวันที่ {1} เรื่อง ขอความร่วมมือ", "Fwd: [ด่วน] หนังสือที่{0} เรื่อง ขอความร่วมมือ ลว. {1}", "{0} ขอความร่วมมือ {1}"],
)
def test_every_number_that_agencies_wrote_is_found_in_a_subject(frame: str, thai: bool) -> None:
    missed = []
    for row in _rows():
        number, day = row["number_as_written"], row["date_as_written"]
        if thai:
            number, day = thai_digits(number), thai_digits(day)
        found = suggest(frame.format(number, day), "", "")
        if found.number != str(LetterNumber.parse(number)) or (found.day is None and day):
            missed.append((number, day, found))

    assert missed == []


def test_an_announcement_without_an_address_does_not_swallow_its_text_into_the_subject() -> None:
    page = "ประกาศกรมตัวอย่าง\nเรื่อง รายชื่อผู้มีสิทธิ\nให้หน่วยงานสำรวจครุภัณฑ์\nแล้วรายงานภายใน ๑๕ วัน\n"

    assert suggest("ตามแนบ", "", page).subject == "รายชื่อผู้มีสิทธิ"
    assert suggest("ที่ กค ๐๔๐๒/๑ เรื่อง ซ้อมความเข้าใจ", "", page).subject == "ซ้อมความเข้าใจ"
    assert suggest("ตามแนบ", "", page + "ให้ทราบ\n" * 9 + "\nประกาศ ณ วันที่").subject == "รายชื่อผู้มีสิทธิ"


def test_the_page_says_it_all() -> None:
    found = suggest("ส่งหนังสือ", "ตามแนบ", PAGE)

    assert found.number == "ศธ 0412/77"
    assert found.day == date(2026, 11, 20)
    assert found.subject == "ขอเชิญเป็นวิทยากรบรรยายเรื่องการอ่าน และการเขียน"
    assert found.addressed_to == "เรียน อธิบดีกรมส่งเสริมการอ่าน"
    assert found.sender == "โรงเรียนบ้านสวน"


def test_the_letter_that_is_referred_to_is_not_taken_for_the_letter() -> None:
    page = PAGE.replace("ที่ ศธ ๐๔๑๒/๗๗ โรงเรียนบ้านสวน", "ที่ ........ โรงเรียนบ้านสวน")

    assert suggest("ตอบกลับ", "", page).number == ""


def test_without_a_page_the_mail_is_read() -> None:
    found = suggest("Re: FW: ที่ ชบ 52001/ว 9 ลว. 3 ม.ค. 70 เรื่อง แจ้งกำหนดการ", "เรียน ผู้เกี่ยวข้อง\nตามแนบ", "")

    assert (found.number, found.day, found.subject) == ("ชบ 52001/ว 9", date(2027, 1, 3), "แจ้งกำหนดการ")
    assert suggest("แจ้งข่าว", "", "").as_dict() == {"subject": "แจ้งข่าว"}


@pytest.mark.parametrize(
    "text", ["โทร 02 123/456", "ห้อง 12/3", "ราคา 0405.2/100 บาท", "ชั้น 2 เวลา 9.30", "abc 1201/5", "31 กุมภาพันธ์ 2569"]
)
def test_what_is_no_number_and_no_day_is_not_proposed(text: str) -> None:
    found = suggest(text, "", "")

    assert (found.number, found.day) == ("", None)


@given(st.text(max_size=300), st.text(max_size=300), st.text(max_size=600))
def test_it_never_fails(subject: str, text: str, page: str) -> None:
    found = suggest(subject, text, page)

    assert len(found.subject) <= 500 and found.number == arabic_digits(found.number)


def test_a_page_of_nothing_but_spaces_is_read_in_no_time() -> None:
    assert suggest("เรื่อง " * 2_000, " \n" * 40_000, "เรื่อง \n" * 20_000).number == ""
