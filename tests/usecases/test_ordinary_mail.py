"""Ordinary mail: what is proposed, made a letter in one step, answered once in plain words, or set aside."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from datetime import date
from email import message_from_bytes, policy
from uuid import uuid4

import pytest

from saraban import jobs
from saraban.domain.attachment import Digest, Role
from saraban.domain.errors import BadInput, NotFound, NotPermitted, StageNotAllowed
from saraban.domain.incoming import IncomingLetter, IncomingState, MailLetter
from saraban.exchange.parse import read_message
from saraban.storage.tables.exchange import outbox
from saraban.storage.tables.letters import incoming
from saraban.storage.tables.registers import entries
from saraban.usecases.books import InboxItem
from saraban.usecases.outsiders import add_outsider
from saraban.usecases.registering import answer_id, register_letter, register_mail, release_letter, set_mail_aside
from tests.usecases.house import House

SCHOOL = "office@school.example"
NAMED = MailLetter(subject="ขอเชิญเป็นวิทยากร", sender="โรงเรียนบ้านสวน", number="ศธ 0412/77", day=date(2026, 11, 20))


def come_in(house: House, *headers: str, sender: str = SCHOOL, files: dict[str, bytes] | None = None) -> IncomingLetter:
    """An ordinary mail comes into our mailbox and is held as a card."""
    parts = ["--m\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nตามแนบ\r\n"]
    for name, data in (files or {"letter.pdf": b"%PDF-1.4\n%%EOF\n", "map.txt": b"map"}).items():
        parts.append(
            f"--m\r\nContent-Type: application/octet-stream\r\nContent-Disposition: attachment; filename={name}\r\n"
            f"Content-Transfer-Encoding: base64\r\n\r\n{base64.b64encode(data).decode()}\r\n"
        )
    head = [f"From: {sender}", "To: saraban@onep.example", f"Message-ID: <{uuid4()}@school.example>", *headers]
    raw = ("\r\n".join([*head, "Content-Type: multipart/mixed; boundary=m", "", *parts]) + "--m--\r\n").encode()
    number = len(house.rows(incoming)) + 1
    digest = house.office.blobs.keep(raw)
    item = InboxItem(uuid4(), house.ours.agency.id, "saraban@onep.example", 1, number, digest, house.clock.now())
    with house.office.uow() as uow:
        uow.inbox.take_in(item, str(item.id), Digest.of(raw))
        uow.commit()
    jobs.sort_mail(house.office)
    [row] = [row for row in house.rows(incoming) if row.raw_sha256 == digest]
    return again(house, row.id)


def again(house: House, incoming_id) -> IncomingLetter:  # type: ignore[no-untyped-def]
    """The letter as it lies on the shelf."""
    with house.office.uow() as uow:
        return uow.incoming.get(house.ours.agency.id, incoming_id)


def answers(house: House) -> list[bytes]:
    """What waits in the outbox."""
    with house.office.uow() as uow:
        found = [uow.outbox.envelope(row.agency_id, row.ref) for row in house.rows(outbox)]
    return [b"".join(one.chunks(house.office.blobs.open)) for one in found if one is not None]


def make(house: House, letter: IncomingLetter, named: MailLetter = NAMED, **more: object):  # type: ignore[no-untyped-def]
    """Make it a letter, as our central clerk."""
    clerk = house.ours["central_clerk"]
    return register_mail(house.office, actor=clerk, incoming_id=letter.id, named=named, **more)  # type: ignore[arg-type]


def test_a_real_page_is_read_in_the_process_apart_and_proposed(house: House) -> None:
    letter_id = house.signed(subject="ขอเชิญประชุมคณะกรรมการ")
    issued = house.letter(letter_id)
    data = house.office.blobs.open(issued.files[0].sha256)
    letter = come_in(house, "Subject: fwd", files={"scan.pdf": data})
    said = letter.details["suggested"]

    assert (said["number"], said["day"]) == (issued.number, "2026-11-23")
    assert said["subject"] == "ขอเชิญประชุมคณะกรรมการ"
    assert [file.media_type for file in letter.files] == ["application/pdf"]


def test_one_step_makes_it_a_letter_with_its_line_and_its_answer(house: House) -> None:
    letter = come_in(house, "Subject: =?utf-8?b?4LiX4Li14LmI?= 0412/77")
    pdf = letter.files[0]
    done = make(house, letter, replace(NAMED, files=(pdf.sha256,)))

    now = again(house, letter.id)
    assert (now.state, now.register_number, now.number) == (IncomingState.REGISTERED, done.number, "ศธ 0412/77")
    assert [(file.name, file.role) for file in now.files] == [("letter.pdf", Role.LETTER)]
    [line] = house.rows(entries)
    assert (line.serial, line.number, line.sender, line.subject) == (1, "ศธ 0412/77", "โรงเรียนบ้านสวน", "ขอเชิญเป็นวิทยากร")
    assert house.journal()[-3:] == ["incoming.made-of-mail", "incoming.registered", "number.taken"]
    [raw] = answers(house)
    answer = message_from_bytes(raw, policy=policy.default)
    assert answer["To"].addresses[0].addr_spec == SCHOOL
    assert (answer["Auto-Submitted"], answer["In-Reply-To"]) == ("auto-replied", letter.message_id)
    assert answer["Saraban-Envelope"] is None
    assert "เลขทะเบียนรับ ๑/๒๕๖๙" in answer.get_content() and "ศธ ๐๔๑๒/๗๗" in answer.get_content()
    [row] = house.rows(outbox)
    assert (row.mail_from, row.ref, row.kind.value) == ("", answer_id(letter), "answer")
    assert house.office.blobs.open(now.raw_sha256)  # the mail itself stays


def test_a_sender_of_our_own_list_is_called_as_the_list_calls_it(house: House) -> None:
    add_outsider(house.office, actor=house.ours["clerk"], name="โรงเรียนบ้านสวน", mailbox=SCHOOL)

    assert come_in(house, "From-Name: x").from_name == "โรงเรียนบ้านสวน"


def test_a_released_mail_is_answered_too_and_none_twice(house: House) -> None:
    letter = come_in(house)
    clerk = house.ours["central_clerk"]
    release_letter(house.office, actor=clerk, incoming_id=letter.id, reason="โทรยืนยันแล้ว")
    register_letter(house.office, actor=clerk, incoming_id=letter.id)
    with pytest.raises(StageNotAllowed):
        make(house, letter)

    assert len(answers(house)) == 1


@pytest.mark.parametrize(
    ("headers", "sender", "why"),
    [
        (("Auto-Submitted: auto-generated",), SCHOOL, "automatic"),
        (("List-Id: <news.school.example>",), SCHOOL, "list"),
        (("List-Unsubscribe: <mailto:x@y.example>",), SCHOOL, "list"),
        (("Precedence: bulk",), SCHOOL, "automatic"),
        (("Return-Path: <>",), SCHOOL, "automatic"),
        ((), "no-reply@school.example", "no-reply"),
        ((), "donotreply+7@school.example", "no-reply"),
        ((), "list-owner@school.example", "no-reply"),
        ((), "not an address", "no-address"),
    ],
)
def test_machines_lists_and_deaf_addresses_are_never_answered(
    house: House, headers: tuple[str, ...], sender: str, why: str
) -> None:
    letter = come_in(house, *headers, sender=sender)
    assert letter.details["no_answer"] == why
    make(house, letter)

    assert answers(house) == []
    assert house.told("incoming.made-of-mail")[0]["values"]["answered"] is False


def test_the_agency_and_the_clerk_may_leave_the_answer_out(house: House) -> None:
    make(house, come_in(house), answer=False)
    with house.office.uow() as uow:
        agency = uow.agencies.get(house.ours.agency.id)
        agency.options = replace(agency.options, answer_mail=False)
        uow.agencies.save(agency)
        uow.commit()
    make(house, come_in(house, "Subject: second"))

    assert answers(house) == []


def test_what_is_wrong_is_told_by_field_and_no_number_is_taken(house: House) -> None:
    letter = come_in(house)
    bad = MailLetter(subject="", sender="", number="ก" * 101, day=date(2027, 1, 1))
    with pytest.raises(BadInput) as refused:
        make(house, letter, bad)
    assert set(refused.value.fields) == {"subject", "sender", "number", "day"}
    with pytest.raises(BadInput) as refused:
        make(house, letter, replace(NAMED, files=(Digest.of(b"elsewhere"),)))
    assert set(refused.value.fields) == {"files"}

    assert house.rows(entries) == [] and again(house, letter.id).state is IncomingState.HELD


def test_who_may_and_what_may_not_be_made_a_letter(house: House) -> None:
    letter = come_in(house)
    for who, error in (("head", NotPermitted), ("clerk", NotFound)):
        with pytest.raises((error, NotFound)):
            register_mail(house.office, actor=house.ours[who], incoming_id=letter.id, named=NAMED)
    with pytest.raises(NotFound):
        register_mail(house.office, actor=house.theirs["central_clerk"], incoming_id=letter.id, named=NAMED)
    sealed = house.incoming()
    with pytest.raises(StageNotAllowed):
        make(house, sealed)


def test_a_mail_that_is_no_letter_is_set_aside_with_its_reason(house: House) -> None:
    letter = come_in(house)
    clerk = house.ours["central_clerk"]
    with pytest.raises(BadInput):
        set_mail_aside(house.office, actor=clerk, incoming_id=letter.id, reason="  ")
    set_mail_aside(house.office, actor=clerk, incoming_id=letter.id, reason="โฆษณา")

    now = again(house, letter.id)
    assert (now.state, now.refused_text, len(now.files)) == (IncomingState.SET_ASIDE, "โฆษณา", 2)
    assert house.told("incoming.set-aside")[0]["values"]["reason"] == "โฆษณา"
    with pytest.raises(StageNotAllowed):
        make(house, letter)
    assert answers(house) == [] and read_message(house.office.blobs.open(now.raw_sha256)).from_address == SCHOOL


def test_the_answer_of_another_installation_is_no_letter_and_is_not_answered(house: House) -> None:
    """Two installations that know each other only by mail must not answer each other for ever."""
    make(house, come_in(house))
    [answer] = answers(house)
    message = read_message(answer)

    assert message.is_auto_reply
    assert json.dumps(message.auto_submitted) == '"auto-replied"'
