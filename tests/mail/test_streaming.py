"""Dots at the beginnings of lines, however the bytes are cut (RFC 5321, section 4.5.2)."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from saraban.mail.hub.submission import Unsticker
from saraban.mail.smtp_session import dot_stuffed

# Few different bytes, so that the dangerous sequences come up often.
TEXTS = st.lists(st.sampled_from([b"\r\n", b"\r", b"\n", b".", b"a", b"\r\n.\r\n"]), max_size=12).map(b"".join)
CUTS = st.lists(st.integers(0, 40), max_size=6)


def _cut(text: bytes, cuts: list[int]) -> list[bytes]:
    places = [0, *sorted(min(cut, len(text)) for cut in cuts), len(text)]
    return [text[low:high] for low, high in pairwise(places)]


@given(TEXTS, CUTS)
def test_every_dot_that_begins_a_line_is_doubled(text: bytes, cuts: list[int]) -> None:
    pairs = list(dot_stuffed(_cut(text, cuts)))

    assert b"".join(bytes(plain) for _, plain in pairs) == text
    expected = (b"\r\n" + text).replace(b"\r\n.", b"\r\n..")[2:]
    assert b"".join(bytes(sent) for sent, _ in pairs) == expected


@given(TEXTS, CUTS, st.binary(max_size=5))
def test_the_hub_gets_back_what_was_stuffed_and_sees_what_lies_behind(
    text: bytes, cuts: list[int], behind: bytes
) -> None:
    text += b"\r\n"
    stuffed = b"".join(bytes(sent) for sent, _ in dot_stuffed([text]))
    unsticker, received, left = Unsticker(), b"", b""

    for piece in _cut(stuffed + b".\r\n" + behind, cuts):
        if unsticker.finished:
            left += piece
        elif piece:
            received += unsticker.feed(piece)

    assert unsticker.finished
    assert (received, unsticker.left_over + left) == (text, behind)


def test_a_large_piece_without_dots_is_handed_on_without_a_copy() -> None:
    text = b"QUJD" * 19 + b"\r\n"
    chunk = text * 5_000

    pieces = [sent for sent, _ in dot_stuffed([chunk])]

    assert all(isinstance(piece, memoryview) and piece.obj is chunk for piece in pieces)
    assert max(len(piece) for piece in pieces) <= 256 * 1024


def test_bare_line_feeds_end_no_message() -> None:
    unsticker = Unsticker()

    received = (
        unsticker.feed(b"a\n.\nMAIL FROM:<x@y>\r\n") + unsticker.feed(b"\n.\r\nb\r.\r\n") + unsticker.feed(b".\r\n")
    )

    assert unsticker.finished
    assert received == b"a\n.\nMAIL FROM:<x@y>\r\n\n.\r\nb\r.\r\n"
