"""Canonical JSON is the same to the byte, whoever writes it."""

from __future__ import annotations

from typing import Any

import pytest
import rfc8785
from hypothesis import given, settings
from hypothesis import strategies as st

from saraban.exchange.wirejson import MAX_SAFE_INTEGER, canonical

_texts = st.text(st.characters(exclude_categories=("Cs",)))
_names = st.text(st.characters(max_codepoint=0x7F)) | _texts
_leaves = st.none() | st.booleans() | st.integers(-MAX_SAFE_INTEGER, MAX_SAFE_INTEGER) | _texts
_values = st.recursive(
    _leaves | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_names, inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=60)
@given(st.dictionaries(_names, _values, max_size=4))
def test_the_quick_way_and_the_one_of_the_library_write_the_same_bytes(value: dict[str, Any]) -> None:
    assert canonical(value) == rfc8785.dumps(value)


def test_names_are_sorted_as_utf_16_sorts_them() -> None:
    assert canonical({"\ufb01": 1, "\U00010000": 2}) == '{"\U00010000":2,"\ufb01":1}'.encode()


@pytest.mark.parametrize(
    "value", [float("nan"), MAX_SAFE_INTEGER + 1, "\ud800", {"deep": ["\udfff"]}, {1: "a name that is no text"}]
)
def test_what_json_cannot_hold_is_refused(value: object) -> None:
    with pytest.raises(ValueError):
        canonical({"value": value})
