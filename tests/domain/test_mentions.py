"""Numbers and days in a running text, in whatever writing."""

from __future__ import annotations

import pytest

from saraban.domain.mentions import both_years, days_in, numbers_in, take_days, take_numbers, written_out


@pytest.mark.parametrize(
    "written",
    [
        "กค (กวจ) 0405.2/ว 198",
        "กค(กวจ)0405.2/ว198",
        "กค (กวจ)0405.2 /ว 198",
        "กค (กวจ) 0405.2/ ว 198",
        "กค (กวจ) 0405.2/ว. 198",
        "กค.(กวจ) 0405.2/ว.198",
    ],
)
def test_a_number_is_the_same_in_every_writing(written: str) -> None:
    assert numbers_in(f"อ้างถึงหนังสือ ที่ {written} ลงวันที่") == ["กค(กวจ)0405.2/ว198"]
    assert take_numbers(written) == (["กค(กวจ)0405.2/ว198"], " ")


@pytest.mark.parametrize(
    ("asked", "number"),
    [
        ("0405.2/ว 198", "0405.2/ว198"),
        ("ว 198", "ว198"),
        ("กค 0405.2/ว", "กค0405.2/ว"),
        ("77/2569", "77/2569"),
        ("กค0408.2ว214", "กค0408.2/ว214"),
        ("กค(กวจ)0405.2ว.198", "กค(กวจ)0405.2/ว198"),
        ("กค 0408.2 ว 214", "กค0408.2/ว214"),
        ("0408.2ว214", "0408.2/ว214"),
        ("ปี 2569 ว 214", "ว214"),
        ("2569 ว 214", "ว214"),
        ("ครม. 2569 ว 214", "ว214"),
        ("ศธ 2569.1 ว 214", "ศธ2569.1/ว214"),
        ("ที่ 77", None),
    ],
)
def test_a_part_of_a_number_is_taken_for_one(asked: str, number: str | None) -> None:
    assert take_numbers(asked)[0] == ([number] if number else [])


def test_a_number_that_a_text_names_without_its_stroke_is_the_one_that_is_asked_for() -> None:
    for written in ("กค0408.2ว214", "กค 0408.2 ว 214", "กค (กวจ) 0408.2ว214", "0408.2ว214"):
        [asked], _ = take_numbers(written)
        assert numbers_in(f"ตามหนังสือ ที่ {written} ลงวันที่") == ["ว214", asked], written


@pytest.mark.parametrize(
    "written",
    [
        "20 กุมภาพันธ์ 2568",
        "20 ก.พ. 2568",
        "20 ก.พ.68",
        "20 กุมภาพันธ์ พ.ศ. 2568",
        "20 กุมภาพันธ์ ค.ศ. 2025",
        "20 เดือน กุมภาพันธ์ 2025",
        "20/2/2568",
        "20/02/68",
        "20/02/2025",
        "20-2-2568",
        "2025-02-20",
    ],
)
def test_a_day_is_the_same_in_every_writing_and_era(written: str) -> None:
    assert days_in(f"ณ วันที่ {written} เวลา 9.00 น.") == ["2025-02-20"]


def test_a_month_of_a_year_is_the_beginning_of_its_days_and_what_is_no_day_is_left_alone() -> None:
    assert take_days("ประชุม ก.พ. 2568 ห้อง 2")[0] == ["2025-02-"]
    assert take_days("ประชุม ก.พ. 68")[0] == ["2025-02-"]
    assert take_days("สำนักงาน ก.พ. 47/111 มี ก.พ. 12 คน")[0] == [], "the Civil Service Commission is no month"
    assert days_in("31 กุมภาพันธ์ 2568 และ 45/13/2568 กับ 45/13/68 และ 1/2/68/9") == []
    assert take_days("120 กุมภาพันธ์") == ([], "120 กุมภาพันธ์")


def test_a_year_is_asked_for_in_both_eras() -> None:
    assert both_years("2568") == ("2568", "2025")
    assert both_years("2025") == ("2025", "2568")
    assert both_years("0405") == ("0405",)


def test_a_number_is_written_out_with_its_spaces() -> None:
    for number, written in (
        ("กค(กวจ)0405.2/ว198", "กค (กวจ) 0405.2/ว 198"),
        ("กค0405.2/12", "กค 0405.2/12"),
        ("ว198", "ว 198"),
        ("405/12", "405/12"),
        ("214", "214"),
    ):
        assert written_out(number) == written
