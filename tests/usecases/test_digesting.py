"""Mails to our own people: once a morning and once for each thing most urgent, never twice, and nothing classified."""

from __future__ import annotations

import email
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from email import policy
from email.message import EmailMessage
from typing import Any

import pytest

from saraban.domain.agency import AgencyOptions, PersonId
from saraban.domain.attachment import Digest
from saraban.domain.calendar import BANGKOK
from saraban.domain.classification import Secrecy, Urgency
from saraban.domain.notice_mail import MailState
from saraban.exchange.envelope import Envelope
from saraban.jobs import sort_mail
from saraban.storage.tables.letters import incoming
from saraban.storage.tables.notices import notice_mails, notices
from saraban.usecases.bookkeeping import set_options
from saraban.usecases.digesting import send_notice_mail, write_digests
from saraban.usecases.fetching import take_in
from saraban.usecases.mailing import SendOutcome, SendResult
from saraban.usecases.noticing import mark_read
from saraban.usecases.ports import Services
from saraban.usecases.routing import submit_letter
from saraban.usecases.subscribing import choose_mails
from tests.usecases.house import House


class Bag:
    """A transport that keeps what it is given, and answers as it is told."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, EmailMessage]] = []
        self.answers: list[SendResult | type[BaseException]] = []

    def send(self, agency_code: str, envelope: Envelope, blob: Callable[[Digest], bytes]) -> SendResult:
        """Keep the message, unless another answer is told."""
        answer = self.answers.pop(0) if self.answers else SendResult(SendOutcome.ACCEPTED, 250, "queued as 1")
        if isinstance(answer, type):
            raise answer
        if answer.outcome == SendOutcome.ACCEPTED:
            raw = b"".join(envelope.chunks(blob))
            message = email.message_from_bytes(raw, policy=policy.default)
            assert isinstance(message, EmailMessage)
            self.sent.append((envelope.rcpt_to, message))
        return answer

    def close(self) -> None:
        """Nothing to close."""

    def texts(self) -> list[str]:
        """The plain part of each message."""
        return [part_of(message, "plain") for _, message in self.sent]


def part_of(message: EmailMessage, kind: str) -> str:
    """A part of a message as text."""
    part = message.get_body(("plain",) if kind == "plain" else ("html",))
    assert part is not None
    return str(part.get_content())


class Workers:
    """The house with its worker and a bag for what leaves."""

    def __init__(self, house: House) -> None:
        self.house, self.bag = house, Bag()
        self.office: Services = replace(house.office, transport=self.bag, public_url="https://saraban.example.go.th")

    def at(self, text: str) -> int:
        """Let it be that moment in the office and work until nothing is left; how many mails left."""
        self.house.clock.move_to(datetime.fromisoformat(text).replace(tzinfo=BANGKOK))
        before = len(self.bag.sent)
        write_digests(self.office)
        while send_notice_mail(self.office):
            pass
        return len(self.bag.sent) - before

    def reach(self, who: str, **choices: Any) -> None:
        """Give somebody an address."""
        values = {"email": f"{who}@staff.example", "digest": True, "urgent": True} | choices
        choose_mails(self.office, actor=self.house.ours[who], **values)

    def submitted(self, **changes: Any) -> None:
        """Put a letter before the director."""
        letter_id = self.house.draft(**changes)
        submit_letter(self.office, actor=self.house.ours["clerk"], letter_id=letter_id)

    def states(self) -> list[MailState]:
        """What became of the mails, in order."""
        return [row.state for row in sorted(self.house.rows(notice_mails), key=lambda row: (row.made_at, row.id))]


@pytest.fixture
def workers(house: House) -> Workers:
    """A worker over the house."""
    return Workers(house)


def test_a_director_hears_once_each_working_morning_what_waits(either_house: House) -> None:
    workers = Workers(either_house)
    workers.reach("director")
    workers.at("2026-11-26 07:00")
    workers.submitted(urgency=Urgency.URGENT, subject="ขอข้อมูลห้องสมุด")
    assert workers.at("2026-11-27 07:29") == 0
    assert workers.at("2026-11-27 07:30") == 1 and workers.at("2026-11-27 09:00") == 0
    assert workers.at("2026-11-28 08:00") == 0  # a Saturday
    assert [workers.at(f"{day} 07:30") for day in ("2026-11-30", "2026-12-01", "2026-12-02")] == [1, 1, 1]

    to, first = workers.bag.sent[0]
    text, last = part_of(first, "plain"), workers.bag.texts()[-1]
    assert to == "director@staff.example" and first["Auto-Submitted"] == "auto-generated"
    assert first["Subject"] == "งานของท่าน วันศุกร์ที่ ๒๗ พฤศจิกายน ๒๕๖๙: รอท่าน ๑ เรื่อง"
    assert "ขอข้อมูลห้องสมุด [ด่วน]" in text and "https://saraban.example.go.th/desk/" in text
    assert "ขอข้อมูลห้องสมุด" in part_of(first, "html")
    assert "เกินกำหนด ๑ เรื่อง" in last and "วันทำการ" in last


def test_nobody_is_written_to_without_a_word_to_say_an_address_or_a_wish(workers: Workers) -> None:
    workers.reach("head")
    assert workers.at("2026-11-26 08:00") == 0 and workers.states() == [MailState.EMPTY]
    workers.submitted()
    assert workers.at("2026-11-27 08:00") == 0
    workers.reach("director", digest=False)
    assert workers.at("2026-11-30 08:00") == 0
    set_options(workers.office, actor=workers.house.ours["admin"], options=AgencyOptions(digest=False))
    workers.reach("director")
    assert workers.at("2026-12-01 08:00") == 0
    set_options(workers.office, actor=workers.house.ours["admin"], options=AgencyOptions(digest_at="๙.๑๕"))

    assert workers.at("2026-12-02 09:00") == 0 and workers.at("2026-12-02 09:15") == 1


def test_the_words_of_a_classified_letter_are_in_no_mail(workers: Workers) -> None:
    workers.reach("director")
    workers.at("2026-11-26 09:00")
    workers.submitted(urgency=Urgency.MOST_URGENT, secrecy=Secrecy.CONFIDENTIAL, subject="สอบสวนลับมาก")
    workers.at("2026-11-26 09:01")
    workers.at("2026-11-27 08:00")

    assert len(workers.bag.sent) == 2
    for _, message in workers.bag.sent:
        said = f"{message['Subject']} {part_of(message, 'plain')} {part_of(message, 'html')}"
        assert "สอบสวน" not in said and "หนังสือมีชั้นความลับ" in said


def test_what_is_most_urgent_is_mailed_at_once_and_once_unless_it_was_read(either_house: House) -> None:
    workers = Workers(either_house)
    workers.at("2026-11-26 09:00")
    workers.reach("director")
    workers.reach("head", urgent=False)
    workers.submitted(urgency=Urgency.MOST_URGENT, subject="น้ำท่วม")
    workers.submitted(urgency=Urgency.VERY_URGENT, subject="ไม่ถึงที่สุด")
    assert workers.at("2026-11-26 09:01") == 1 and workers.at("2026-11-26 09:02") == 0
    assert workers.bag.sent[0][1]["Subject"] == "ด่วนที่สุด: หนังสือเข้าแฟ้มของท่าน น้ำท่วม"
    assert [row.mailed_at is not None for row in either_house.rows(notices) if row.pressing] == [True]
    workers.submitted(urgency=Urgency.MOST_URGENT, subject="น้ำท่วมอีก")
    mark_read(workers.office, actor=either_house.ours["director"])

    assert workers.at("2026-11-26 09:05") == 0 and workers.states() == [MailState.SENT, MailState.EMPTY]


def test_a_relay_that_says_no_for_now_is_asked_again_and_one_that_says_never_is_not(workers: Workers) -> None:
    workers.at("2026-11-26 09:00")
    workers.reach("director")
    workers.bag.answers = [
        SendResult(SendOutcome.TEMPORARY, 451, "4.3.0 later"),
        SendResult(SendOutcome.LATER, 0, "", after_seconds=5),
    ]
    workers.submitted(urgency=Urgency.MOST_URGENT)
    assert [workers.at(f"2026-11-26 09:0{n}") for n in range(1, 5)] == [0, 0, 1, 0]
    workers.bag.answers = [SendResult(SendOutcome.PERMANENT, 550, "5.1.1 no such mailbox")]
    workers.submitted(urgency=Urgency.MOST_URGENT)
    assert workers.at("2026-11-26 10:00") == workers.at("2026-11-26 11:00") == 0

    rows = workers.house.rows(notice_mails)
    assert {(row.state, row.reply) for row in rows} == {
        (MailState.SENT, "250 queued as 1"),
        (MailState.FAILED, "550 5.1.1 no such mailbox"),
    }


@pytest.mark.parametrize("end", ["killed", "lost after the final dot"])
def test_what_the_relay_may_have_is_never_sent_again(workers: Workers, end: str) -> None:
    workers.at("2026-11-26 09:00")
    workers.reach("director")
    workers.submitted(urgency=Urgency.MOST_URGENT)
    if end == "killed":
        workers.bag.answers = [KeyboardInterrupt]
        with pytest.raises(KeyboardInterrupt):
            workers.at("2026-11-26 09:01")
    else:
        workers.bag.answers = [SendResult(SendOutcome.TEMPORARY, 0, "lost", ambiguous=True)]
        workers.at("2026-11-26 09:01")
    assert workers.at("2026-11-26 09:05") == workers.at("2026-11-26 09:30") == workers.at("2026-11-27 07:00") == 0

    assert workers.states() == [MailState.UNKNOWN]


def test_a_morning_that_was_missed_by_hours_is_not_made_up_for(workers: Workers) -> None:
    workers.at("2026-11-26 07:00")
    workers.reach("director")
    workers.submitted()
    workers.bag.answers = [SendResult(SendOutcome.TEMPORARY, 0, "no connection")] * 20
    for hour in range(8, 14):
        workers.at(f"2026-11-27 {hour:02}:00")

    assert workers.bag.sent == [] and MailState.FAILED in workers.states()


def test_a_closed_account_and_a_changed_address_get_nothing_that_waited(workers: Workers) -> None:
    workers.at("2026-11-26 09:00")
    workers.reach("director")
    workers.submitted(urgency=Urgency.MOST_URGENT)
    workers.reach("director", email="elsewhere@staff.example")

    assert workers.at("2026-11-26 09:01") == 0 and workers.states() == [MailState.OFF]


def test_the_head_hears_how_much_is_late_with_others(workers: Workers) -> None:
    workers.at("2026-11-25 09:00")
    workers.reach("head")
    workers.submitted(urgency=Urgency.MOST_URGENT, subject="ค้างที่ผู้อำนวยการ")
    assert workers.at("2026-11-26 08:00") == 1

    assert "เกินกำหนดในบังคับบัญชา ๑ เรื่อง" in workers.bag.texts()[0]


def test_one_mail_is_claimed_by_one_worker(either_house: House) -> None:
    workers = Workers(either_house)
    workers.at("2026-11-26 09:00")
    workers.reach("director")
    workers.submitted(urgency=Urgency.MOST_URGENT)
    now = either_house.clock.now()
    with workers.office.uow() as uow:
        first = uow.notice_mails.claim(now, workers.office.lease)
        uow.commit(final=False)
    with workers.office.uow() as uow:
        second = uow.notice_mails.claim(now, workers.office.lease)

    assert first is not None and second is None
    assert PersonId(first.person_id) == either_house.ours["director"].person_id


def test_a_mail_that_comes_back_is_noted_and_is_no_letter(workers: Workers) -> None:
    workers.at("2026-11-26 09:00")
    workers.reach("director")
    workers.submitted(urgency=Urgency.MOST_URGENT)
    workers.at("2026-11-26 09:01")
    own_id = workers.bag.sent[0][1]["Message-ID"]
    raw = (
        "From: MAILER-DAEMON@relay.example\r\nMessage-ID: <b@relay.example>\r\nMIME-Version: 1.0\r\n"
        "Content-Type: multipart/report; report-type=delivery-status; boundary=d\r\n\r\n"
        "--d\r\nContent-Type: text/plain\r\n\r\nno\r\n"
        "--d\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; relay.example\r\n\r\n"
        "Final-Recipient: rfc822; director@staff.example\r\nAction: failed\r\nStatus: 5.1.1\r\n"
        "Diagnostic-Code: smtp; 550 5.1.1 no such user\r\n\r\n"
        f"--d\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: {own_id}\r\n\r\n--d--\r\n"
    )
    agency = workers.house.ours.agency
    take_in(workers.office, agency_id=agency.id, mailbox=agency.mailbox, uidvalidity=1, uid=1, raw=raw.encode())
    assert sort_mail(workers.office) == 1

    assert workers.states() == [MailState.BOUNCED]
    assert "550 5.1.1 no such user" in workers.house.rows(notice_mails)[0].reply
    assert workers.house.rows(incoming) == []
