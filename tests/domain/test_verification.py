"""Codes of public verification: random, readable, forgiving to who types; and how a letter stands."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saraban.domain.agency import AgencyOptions
from saraban.domain.classification import Form, Secrecy
from saraban.domain.errors import BadInput
from saraban.domain.letter import LetterState
from saraban.domain.register import EntryState
from saraban.domain.verification import (
    ALPHABET,
    DocumentState,
    address,
    carries_code,
    code_from,
    grouped,
    read_code,
    state_of_letter,
    unmarked_forms,
)

CODE = "7K3MQ2XF9TBD0123WXYZ"


@given(st.binary(min_size=13, max_size=13), st.binary(min_size=13, max_size=13))
def test_a_hundred_random_bits_are_in_the_code_and_each_counts(one: bytes, other: bytes) -> None:
    first, second = code_from(one), code_from(other)

    assert len(first) == 20 and set(first) <= set(ALPHABET)
    assert (first == second) == (int.from_bytes(one, "big") >> 4 == int.from_bytes(other, "big") >> 4)


def test_too_little_chance_makes_no_code() -> None:
    with pytest.raises(ValueError, match="13"):
        code_from(bytes(12))


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (CODE, CODE),
        (f"https://saraban.example.go.th/v/{CODE}", CODE),
        (f"https://saraban.example.go.th/v/{CODE}/?lang=en", CODE),
        ("7K3M-Q2XF-9TBD", "7K3MQ2XF9TBD"),
        (" 7k3m q2xf 9tbd ", "7K3MQ2XF9TBD"),
        ("๗K๓M–Q๒XF‑๙TBD", "7K3MQ2XF9TBD"),
        ("OIL0-1111-0000", "011011110000"),
        ("7K3M-Q2XF-9TB", None),
        ("7K3M-Q2XF-9TBU", None),
        ("", None),
        ("../../etc/passwd", None),
        ("x" * 5000, None),
    ],
)
def test_what_people_type_is_understood(written: str, read: str | None) -> None:
    assert read_code(written) == read


@given(st.binary(min_size=13, max_size=13))
def test_what_is_printed_can_be_typed(entropy: bytes) -> None:
    code = code_from(entropy)

    assert read_code(grouped(code[:12]).lower()) == code[:12]
    assert read_code(address("https://saraban.example.go.th", code)) == code


def test_classified_documents_carry_none_and_the_agency_decides_about_the_others() -> None:
    wants = AgencyOptions(unmarked_forms="order minutes")

    assert carries_code(wants, Form.EXTERNAL, Secrecy.OPEN)
    assert not carries_code(wants, Form.ORDER, Secrecy.OPEN)
    assert not any(carries_code(wants, Form.EXTERNAL, secrecy) for secrecy in Secrecy if not secrecy.is_open)
    assert not carries_code(AgencyOptions(verifiable=False), Form.EXTERNAL, Secrecy.OPEN)


def test_a_word_that_is_no_form_is_refused_by_its_field() -> None:
    with pytest.raises(BadInput) as refused:
        unmarked_forms("order poem")

    assert "unmarked_forms" in refused.value.fields


@pytest.mark.parametrize("state", list(LetterState))
def test_only_an_issued_letter_can_be_verified_and_its_void_number_cancels_it(state: LetterState) -> None:
    issued = state in (LetterState.ISSUED, LetterState.DISPATCHED, LetterState.CLOSED)

    assert state_of_letter(state, EntryState.USED) == (DocumentState.VALID if issued else None)
    assert state_of_letter(state, None) == (DocumentState.VALID if issued else None)
    assert state_of_letter(state, EntryState.VOID) == (DocumentState.CANCELLED if issued else None)
