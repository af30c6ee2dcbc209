"""The content key of a mail that comes in pieces is that of the whole, however it is cut."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saraban.exchange.parse import ContentKey, content_key

LINES = st.sampled_from(
    [
        b"From: a@b.th\r\n",
        b"Received: from here\r\n\tby there\r\n",
        b"X-Spam: no\r\n folded\r\n",
        b"Message-ID:\r\n <one@a.th>\r\n",
        b"message-id: <two@a.th>\n",
        b"\r\n",
        b"\n",
        b"\r",
        b" \r\n",
        b"Subject: x",
        b":",
        b"body \xff text\r\n",
    ]
)
MAILS = st.lists(LINES, max_size=14).map(b"".join)


@given(MAILS, st.lists(st.integers(0, 200), max_size=8))
def test_pieces_give_the_key_of_the_whole(mail: bytes, cuts: list[int]) -> None:
    key = ContentKey()
    places = [0, *sorted(min(cut, len(mail)) for cut in cuts), len(mail)]
    for low, high in pairwise(places):
        key.feed(mail[low:high])

    assert key.ended() == content_key(mail)


def test_the_way_a_mail_took_does_not_count() -> None:
    plain = b"From: a@b.th\r\nMessage-ID: <one@a.th>\r\n\r\nbody\r\n"
    other_way = b"Received: from x\r\n\tby y\r\nX-Seen: 1\r\n" + plain

    assert content_key(plain) == content_key(other_way)
    assert content_key(plain)[0] == content_key(plain.replace(b"body", b"other"))[0]
    assert content_key(plain)[1] != content_key(plain.replace(b"body", b"other"))[1]


@pytest.mark.parametrize("name", [b"Subject", b"X-Long"])
def test_an_endless_line_is_not_kept_in_memory_and_changes_no_key(name: bytes) -> None:
    mail = name + b": " + b"a" * 300_000 + b"\r\n\r\nbody"
    key = ContentKey()
    longest = 0
    for start in range(0, len(mail), 10_000):
        key.feed(mail[start : start + 10_000])
        longest = max(longest, len(key._line))

    assert key.ended() == content_key(mail)
    assert longest <= 65_536 + 10_000
