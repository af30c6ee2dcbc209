"""Which dispatch a mail answers, whether a person wrote it, and what the person wrote."""

from __future__ import annotations

import pytest

from saraban.exchange.parse import InboundMessage, read_message
from saraban.exchange.replies import answers, by_machine, own_words, receiving_number, same_house
from tests.exchange.letters import DISPATCH

OURS = f"<{DISPATCH}@sender.go.th>"


def a_mail(*headers: str, text: str = "ได้รับแล้ว") -> InboundMessage:
    """A mail of an officer with these headers."""
    head = ["From: officer@school.example", "Content-Type: text/plain; charset=utf-8", *headers]
    return read_message(("\r\n".join(head) + "\r\n\r\n" + text).encode())


@pytest.mark.parametrize(
    ("headers", "text", "by_program"),
    [
        ((f"In-Reply-To: {OURS}",), "", True),
        ((f"References: <a@b> {OURS}",), "", True),
        (("To: saraban+" + str(DISPATCH) + "@sender.go.th",), "", False),
        (("To: saraban+" + DISPATCH.hex + "@sender.go.th",), "", False),
        ((f"Subject: Re: [{DISPATCH}]",), "", False),
        ((), f"รับแล้ว\r\n> รหัสการส่ง {DISPATCH}\r\n", False),
    ],
)
def test_a_reply_finds_what_it_answers(headers: tuple[str, ...], text: str, by_program: bool) -> None:
    assert list(answers(a_mail(*headers, text=text))) == [(DISPATCH, by_program)]


def test_a_mail_that_answers_nothing_of_ours_finds_nothing() -> None:
    assert list(answers(a_mail("In-Reply-To: <CAF+not-an-id@mail.gmail.com>", "Subject: เรื่องใหม่"))) == []


def test_a_read_report_of_a_mail_program_names_the_mail() -> None:
    raw = (
        "From: officer@school.example\r\nContent-Type: multipart/report; report-type=disposition-notification;"
        " boundary=r\r\n\r\n--r\r\n\r\nread\r\n--r\r\nContent-Type: message/disposition-notification\r\n\r\n"
        f"Original-Message-ID: {OURS}\r\nDisposition: manual-action/MDN-sent-manually; displayed\r\n\r\n--r--\r\n"
    ).encode()
    message = read_message(raw)

    assert list(answers(message)) == [(DISPATCH, True)]
    assert by_machine(message)


@pytest.mark.parametrize(
    "header",
    [
        "Auto-Submitted: auto-replied",
        "Auto-Submitted: auto-generated (vacation)",
        "Precedence: bulk",
        "X-Autoreply: yes",
        "Subject: Out of Office: Re: หนังสือ",
        "Subject: Automatic reply: ที่ นร 1201/1",
        "Subject: AUTO: away",
        "Subject: ตอบกลับอัตโนมัติ: ลาพักผ่อน",
        "Subject: ไม่อยู่ในสำนักงานถึงวันศุกร์",
    ],
)
def test_machines_are_known(header: str) -> None:
    assert by_machine(a_mail(header))


@pytest.mark.parametrize(
    "header",
    ["Subject: Re: ที่ นร 1201/1 เรื่อง การลา", "Auto-Submitted: no", "Subject: ตอบ: หนังสือ", "Subject: Auto parts"],
)
def test_people_are_not_taken_for_machines(header: str) -> None:
    assert not by_machine(a_mail(header))


@pytest.mark.parametrize(
    "below",
    [
        "\n\nOn Mon, 23 Nov 2026 at 09:30, กรมตัวอย่าง <saraban@sender.go.th> wrote:\n> เดิม",
        "\n\nเมื่อ จ. 23 พ.ย. 2026 เวลา 09:30 กรมตัวอย่าง <saraban@sender.go.th> เขียนว่า:\n> เดิม",
        "\n-----Original Message-----\nFrom: x\nเดิม",
        "\n________________________________\nFrom: กรม <a@b>\nSent: today\nเดิม",
        "\nจาก: กรม <a@b>\nส่งเมื่อ: วันนี้\nเดิม",
        "\n> เดิม\n> เดิม",
    ],
)
def test_the_quoted_mail_is_left_out(below: str) -> None:
    assert own_words("ได้รับแล้ว เลขรับ ๔๕\nนางสาวรับ" + below) == "ได้รับแล้ว เลขรับ ๔๕\nนางสาวรับ"


def test_words_are_cut_and_never_fail() -> None:
    assert len(own_words("ก" * 100_000)) == 2_000
    assert own_words("") == "" and own_words("> ทั้งหมดเป็นของเดิม") == ""


def test_whose_reply_counts() -> None:
    assert same_house("Office@School.example", "office@school.example")
    assert same_house("head@school.example", "office@school.example")
    assert not same_house("a@other.example", "office@school.example")
    assert not same_house("anybody@gmail.com", "school@gmail.com")
    assert not same_house("", "office@school.example")


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("ได้รับหนังสือแล้วค่ะ ลงรับเลขที่ 4567 วันที่ 27 พ.ย. 2569", "4567"),
        ("เลขรับ ๔๕", "45"),
        ("เลขทะเบียนรับที่ : ๑๒๓/๒๕๖๙", "123/2569"),
        ("ลงทะเบียนรับแล้ว เลขที่ 88", "88"),
        ("รับที่ 9 และ เลขรับ 10", ""),
        ("เลขรับ 7 (เลขรับที่ ๗)", "7"),
        ("ได้รับแล้ว โทร 02-111-2222", ""),
        ("ลงรับวันที่ 27 พ.ย. 2569", ""),
        ("เลขรับ 12345678", ""),
    ],
)
def test_the_receiving_number_that_a_person_wrote_is_proposed(words: str, number: str) -> None:
    assert receiving_number(words) == number
