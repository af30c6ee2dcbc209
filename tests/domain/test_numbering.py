"""Letter numbers: every writing seen in practice is read, and what is no number is refused."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saraban.domain.errors import BadInput
from saraban.domain.numbering import LetterNumber, arabic_digits

SEEN = Path(__file__).parents[1] / "assets" / "numbers" / "letter-numbers-seen.csv"
NOT_READ: dict[str, str] = {}
"""Writings in the file that are not read, each with the reason."""


def _seen() -> list[str]:
    with SEEN.open(encoding="utf-8", newline="") as file:
        return sorted({row["number_as_written"] for row in csv.DictReader(file)})


@pytest.mark.parametrize("written", _seen())
def test_a_number_seen_in_practice_is_read_and_says_the_same_in_one_form(written: str) -> None:
    if written in NOT_READ:
        with pytest.raises(BadInput):
            LetterNumber.parse(written)
        return
    number = LetterNumber.parse(written)

    assert LetterNumber.parse(str(number)) == number
    assert str(number).replace(" ", "") == written.replace(" ", "")


def test_no_reason_is_kept_for_a_writing_that_is_not_in_the_file() -> None:
    assert set(NOT_READ) <= set(_seen())
    assert len(_seen()) > 100


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("กค(กวจ)0405.2/ว198", "กค (กวจ) 0405.2/ว 198"),
        ("กค 0416.4 /ว 150", "กค 0416.4/ว 150"),
        ("กค 0402.5/ ว 318", "กค 0402.5/ว 318"),
        ("สธ 0202.3.7/ว79", "สธ 0202.3.7/ว 79"),
        ("อก0706/12709", "อก 0706/12709"),
        ("กค 0417.1/034930", "กค 0417.1/034930"),
        ("นร ๑๒๐๑/๑๒๓", "นร 1201/123"),
        ("  นร 1201/123 ", "นร 1201/123"),
        ("นร\u00a01201/123", "นร 1201/123"),
    ],
)
def test_spaces_thai_digits_and_brackets_are_read_in_any_writing(written: str, said: str) -> None:
    assert str(LetterNumber.parse(written)) == said


def test_the_parts_of_a_circular_of_a_committee_are_told_apart() -> None:
    assert LetterNumber.parse("กค (กนบ) 1405.2/ว 410") == LetterNumber(
        abbr="กค", series="1405.2", serial="410", circular=True, committee="กนบ"
    )


@pytest.mark.parametrize(
    "text",
    [
        "",
        "นร",
        "1201/123",
        "นร 1201",
        "นร 1201/",
        "นร /123",
        "นร 1201/ก",
        "NR 1201/123",
        "นร 1201/123 ลงวันที่",
        "นร 1201/१२३",
    ],
)
def test_what_is_no_letter_number_is_refused_in_words(text: str) -> None:
    with pytest.raises(BadInput) as refused:
        LetterNumber.parse(text)

    assert "เลขที่หนังสือ" in refused.value.fields["number"]


@given(
    st.text("กขคงจฉชซ", min_size=1, max_size=4),
    st.from_regex(r"[0-9]{2,6}(\.[0-9]{1,2}){0,2}", fullmatch=True),
    st.from_regex(r"[0-9]{1,8}", fullmatch=True),
    st.booleans(),
)
def test_a_number_that_was_written_is_read_back(abbr: str, series: str, serial: str, circular: bool) -> None:
    number = LetterNumber(abbr, series, serial, circular)

    assert LetterNumber.parse(str(number)) == number


@given(st.text(max_size=60))
def test_any_text_is_a_number_or_refused_and_nothing_else(text: str) -> None:
    try:
        number = LetterNumber.parse(text)
    except BadInput:
        return
    assert LetterNumber.parse(str(number)) == number


def test_arabic_digits_leaves_other_signs_alone() -> None:
    assert arabic_digits("ที่ ๐๑๒๓๔๕๖๗๘๙ a1") == "ที่ 0123456789 a1"
