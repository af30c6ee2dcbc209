"""Digits, dates, and where a line may end."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from saraban.rendering.thai import (
    NBSP,
    chunks,
    clean,
    clusters,
    short_thai_date,
    shorter_chunks,
    thai_date,
    thai_digits,
)


def test_a_date_is_printed_with_the_full_month_and_the_buddhist_year():
    assert thai_date(date(2026, 11, 23)) == "๒๓ พฤศจิกายน ๒๕๖๙"
    assert short_thai_date(date(2026, 1, 9)) == "๙ ม.ค. ๒๕๖๙"


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("ที่ นร 0106/ว 2418", "ที่ นร ๐๑๐๖/ว ๒๔๑๘"),
        ("ส่งที่ saraban2@moc.go.th ภายใน 5 วัน", "ส่งที่ saraban2@moc.go.th ภายใน ๕ วัน"),
        ("ดู https://www.moc.go.th/2569/11?id=3 ข้อ 4", "ดู https://www.moc.go.th/2569/11?id=3 ข้อ ๔"),
        ("โรคโควิด 2019 (COVID-19)", "โรคโควิด ๒๐๑๙ (COVID-19)"),
        ("ร้อยละ 64.64 จาก 1,816,497 บาท", "ร้อยละ ๖๔.๖๔ จาก ๑,๘๑๖,๔๙๗ บาท"),
    ],
)
def test_digits_are_thai_except_in_addresses_and_latin_names(typed, printed):
    assert thai_digits(typed) == printed


def test_sara_am_in_two_pieces_and_marks_in_the_wrong_order_are_put_right():
    assert clean("น\u0e4d\u0e49\u0e32") == clean("น\u0e49\u0e4d\u0e32") == "น้ำ"
    assert clean("ท\u0e48\u0e35") == "ที่"
    assert clean("ก\u200bข\ufeff\tค\r\nง") == "กข ค\nง"


def test_the_pieces_of_a_line_are_its_text():
    text = "ในวันพฤหัสบดีที่ ๑๕ พฤษภาคม ๒๕๖๗ เวลา ๐๙.๓๐ น. ณ ห้องประชุม (ชั้น ๒) จำนวน ๔๕,๖๐๐,๐๐๐ บาท"

    pieces = chunks(text)

    assert "".join(pieces).replace(NBSP, " ") == text
    assert f"ที่{NBSP}๑๕{NBSP}พฤษภาคม{NBSP}๒๕๖๗ " in pieces
    assert f"จำนวน{NBSP}๔๕,๖๐๐,๐๐๐{NBSP}บาท" in pieces


def test_no_line_begins_with_mai_yamok_or_paiyannoi():
    pieces = chunks("หน่วยงานต่าง ๆ และเรื่องอื่น ๆ ของกรุงเทพฯ ฯลฯ ตามที่ทราบ ๆ กัน")

    assert not [piece for piece in pieces if piece[0] in "ๆฯ" + NBSP]


def test_a_letter_number_stays_on_one_line():
    pieces = chunks("ตามหนังสือกรมตัวอย่าง ที่ กค (กวจ) ๐๔๐๕.๒/ว ๑๑๙ ลงวันที่ ๗ มีนาคม ๒๕๖๑ แจ้งว่า")

    assert f"ที่{NBSP}กค{NBSP}(กวจ){NBSP}๐๔๐๕.๒/ว{NBSP}๑๑๙ " in pieces


def test_an_address_is_one_piece():
    pieces = chunks("ส่งไปที่ saraban@moc.go.th หรือ https://www.moc.go.th/a-b/c?d=1 ได้")

    assert "saraban@moc.go.th " in pieces
    assert "https://www.moc.go.th/a-b/c?d=1 " in pieces


def test_official_terms_are_not_broken():
    pieces = [piece.strip() for piece in chunks("ระบบสารบรรณอิเล็กทรอนิกส์และไปรษณีย์อิเล็กทรอนิกส์กลางของส่วนราชการ")]

    assert pieces == ["ระบบสารบรรณอิเล็กทรอนิกส์", "และ", "ไปรษณีย์อิเล็กทรอนิกส์กลาง", "ของ", "ส่วนราชการ"]


def test_the_grade_of_an_officer_is_not_broken():
    assert chunks("เจ้าพนักงานธุรการชำนาญงาน")[-1] == "ชำนาญงาน"
    assert "ชำนาญการ" in chunks("นักวิเคราะห์นโยบายและแผนชำนาญการพิเศษ")


def test_clusters_never_part_a_mark_from_its_letter():
    parts = clusters("เก้าอี้ที่น้ำกตัญญูผู้ใหญ่")

    assert "".join(parts) == "เก้าอี้ที่น้ำกตัญญูผู้ใหญ่"
    assert not [part for part in parts if "\u0e30" <= part[0] <= "\u0e3a" or "\u0e47" <= part[0] <= "\u0e4e"]


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet="กขคงตนมรสอะาิีึุูเแโใไ่้๊็์ำๆฯ ๐๑๒0123abZ.,/()@:-\u00a0"))
def test_breaking_loses_nothing_and_never_starts_with_a_mark(text):
    text = clean(text)

    pieces = chunks(text)

    assert "".join("".join(pieces).split()) == "".join(text.split())
    assert not [piece for piece in pieces[1:] if piece[0] in "ๆฯ่้๊็์ิีึุู"]


def test_a_name_that_is_one_word_is_taken_apart_into_its_short_words():
    name = "สำนักงานการตรวจเงินแผ่นดิน"

    pieces = shorter_chunks(name)

    assert "".join(pieces) == name
    assert "แผ่นดิน" in pieces and len(pieces) >= 3
