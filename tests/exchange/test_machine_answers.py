"""Answers that a program gave for somebody are told from what may be a letter (RFC 3834)."""

from __future__ import annotations

import pytest

from saraban.exchange.screening import Disposition
from tests.exchange.letters import post
from tests.exchange.test_screening import judged

ACCEPT, HOLD, DISCARD = Disposition.ACCEPT, Disposition.HOLD, Disposition.DISCARD


def a_plain_mail(*headers: str, file: str = "") -> bytes:
    """An ordinary mail with these headers, and perhaps a file of this media type."""
    head = [
        "From: officer@mail.go.th",
        "To: saraban@receiver.go.th",
        *headers,
        "Content-Type: multipart/mixed; boundary=m",
    ]
    parts = ["", "--m", "Content-Type: text/plain", "", "I am away until Friday."]
    if file:
        parts += ["--m", f"Content-Type: {file}; name=a.bin", "Content-Disposition: attachment", "", "bytes"]
    return "\r\n".join([*head, *parts, "--m--", ""]).encode()


@pytest.mark.parametrize(
    "headers",
    [
        ("Auto-Submitted: auto-replied", "Subject: Re: meeting"),
        ("Auto-Submitted: auto-replied (vacation)",),
        ("Precedence: auto_reply",),
        ("X-Autoreply: yes",),
        ("Return-Path: <>", "Subject: Automatic reply: meeting"),
        ("X-Auto-Response-Suppress: All", "Subject: ตอบกลับอัตโนมัติ: ลาพักผ่อน"),
        ("Precedence: bulk", "Subject: Out of office"),
    ],
)
@pytest.mark.parametrize("file", ["", "image/png"])
def test_an_absence_note_becomes_no_card_and_is_not_answered(headers: tuple[str, ...], file: str) -> None:
    verdict = judged(a_plain_mail(*headers, file=file), seal=None, outer=None)

    assert (verdict.disposition, verdict.answer) == (DISCARD, None)
    assert "ตอบอัตโนมัติ" in verdict.findings[0].thai


@pytest.mark.parametrize(
    ("headers", "file"),
    [
        (("Auto-Submitted: auto-replied",), "application/pdf"),
        (("Subject: Out of office until Friday",), ""),
        (("Subject: ขออนุมัติไปราชการต่างจังหวัด",), ""),
        (("Precedence: bulk", "Subject: หนังสือเวียน"), ""),
        (("Return-Path: <>", "Subject: report"), ""),
        (("Auto-Submitted: auto-generated", "Subject: ลาพักผ่อนออนไลน์"), "application/pdf"),
        (("Auto-Submitted: no",), ""),
    ],
)
def test_what_may_be_a_letter_is_a_card_whatever_its_header_says(headers: tuple[str, ...], file: str) -> None:
    verdict = judged(a_plain_mail(*headers, file=file), seal=None, outer=None)

    assert (verdict.disposition, verdict.ordinary) == (HOLD, True)


def test_a_letter_that_calls_itself_automatic_is_a_letter() -> None:
    assert judged(b"Auto-Submitted: auto-replied\r\nX-Autoreply: yes\r\n" + post().raw).disposition is ACCEPT
