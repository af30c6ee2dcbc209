"""Cursors come back as they went out, and nothing else is taken for one."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime
from itertools import pairwise
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saraban.domain.errors import BadInput
from saraban.reading.paging import moment, page_size, part_of, read_cursor, serial, write_cursor


@given(at=st.datetimes(timezones=st.just(UTC)), key=st.uuids(), number=st.integers(0, 2**31 - 1))
def test_a_cursor_tells_the_key_it_was_made_of(at: datetime, key: UUID, number: int) -> None:
    assert read_cursor(write_cursor(at, key), moment, UUID) == (at, key)
    assert read_cursor(write_cursor(number), serial) == (number,)


@given(things=st.lists(st.integers(), max_size=30), limit=st.integers(1, 9))
def test_a_list_that_is_kept_whole_is_turned_forth_and_back(things: list[int], limit: int) -> None:
    pages = [part_of(things, None, limit)]
    while pages[-1].next:
        pages.append(part_of(things, pages[-1].next, limit))

    assert [one for page in pages for one in page.items] == things
    assert all(len(page.items) <= limit and page.total == len(things) for page in pages)
    for before, page in pairwise(pages):
        assert page.previous is not None and part_of(things, page.previous, limit) == before
    assert part_of(things, write_cursor(99), limit) == pages[-1]


@given(st.text())
def test_any_text_is_a_cursor_or_bad_input(text: str) -> None:
    try:
        at, key = read_cursor(text, moment, UUID)
    except BadInput as refused:
        assert "cursor" in refused.fields
    else:
        assert at.tzinfo is not None and isinstance(key, UUID)


def _cursor(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "ก",
        "%%%",
        _cursor({"0": 5}),
        _cursor([5]),
        _cursor(["5", "6"]),
        _cursor(["-1"]),
        _cursor([str(2**31)]),
        _cursor(["9" * 5000]),
        "W" * 100_001,
    ],
)
def test_a_serial_cursor_that_no_page_gave_out_is_bad_input(cursor: str) -> None:
    with pytest.raises(BadInput):
        read_cursor(cursor, serial)


@pytest.mark.parametrize("at", ["2026-11-23T09:30:00", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "now"])
def test_a_moment_without_zone_or_out_of_time_is_bad_input(at: str) -> None:
    with pytest.raises(BadInput):
        read_cursor(_cursor([at, str(UUID(int=1))]), moment, UUID)


def test_a_page_holds_at_least_one_and_at_most_two_hundred_rows() -> None:
    assert [page_size(n) for n in (-5, 0, 1, 50, 5000)] == [1, 1, 1, 50, 200]
