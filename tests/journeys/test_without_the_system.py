"""Letters to and from those who have nothing but a mailbox: by link, by reply, back with ordinary mail, and bounced."""

from __future__ import annotations

import re
from dataclasses import replace
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import make_msgid

from saraban.domain.dispatch import REPLIED, DispatchState, EvidenceKind
from saraban.domain.incoming import IncomingState, MailLetter
from saraban.domain.register import BookKind
from saraban.exchange.parse import read_message
from saraban.usecases.confirming import acknowledge_by_link, confirm_by_hand, open_link
from saraban.usecases.registering import register_mail
from tests.journeys.world import TOWN, A, World

SITE = "https://saraban.a.test"


def public(world: World) -> World:
    """The same world, whose installation can be reached from outside."""
    world.office = replace(world.office, services=replace(world.services, public_url=SITE))
    return world


def a_mail(subject: str, text: str, **headers: str) -> EmailMessage:
    """A mail from the town's office."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = TOWN, A, subject
    message["Message-ID"] = make_msgid(domain="town.test")
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(text)
    return message


def test_the_town_acknowledges_by_the_link_in_its_mail(world: World) -> None:
    public(world)
    dispatch = world.sent("town")
    (raw,) = world.post.lying(TOWN)
    found = re.search(rf"{SITE}/r/(\S+)", read_message(raw).text)
    assert found is not None and world.dispatch(dispatch).state is DispatchState.SENT
    open_link(world.services, token=found[1])
    assert world.dispatch(dispatch).state is DispatchState.SENT

    acknowledge_by_link(world.services, token=found[1], name="นายเมือง งาม", position="ปลัดเทศบาล", number="๗๗")

    done = world.dispatch(dispatch)
    assert (done.state, done.proved_by) == (DispatchState.REGISTERED, EvidenceKind.LINK)
    assert (done.register_number, done.register_year) == ("77", 2569)
    assert "dispatch.confirmed" in world.events(dispatch.letter_id)


def test_the_town_replies_and_writes_back_and_hears_its_number(world: World) -> None:
    dispatch = world.sent("town")
    (raw,) = world.post.lying(TOWN)
    ours = read_message(raw).message_id
    world.post.put(
        A, a_mail("Automatic reply", "ไม่อยู่", In_Reply_To=ours, Auto_Submitted="auto-replied").as_bytes(policy=SMTP)
    )
    world.collect(world.a)
    assert world.dispatch(dispatch).state is DispatchState.RELAYED

    world.post.put(A, a_mail("Re: หนังสือ", "ได้รับแล้ว", In_Reply_To=ours).as_bytes(policy=SMTP))
    world.collect(world.a)
    told = world.dispatch(dispatch)
    assert (told.state, told.problem) == (DispatchState.RELAYED, REPLIED)
    assert world.incoming(world.a) == []
    clerk = world.actor(world.a, "clerk")
    confirm_by_hand(world.services, actor=clerk, dispatch_id=dispatch.id, kind=EvidenceKind.REPLY, name="ปลัดเทศบาล")
    done = world.dispatch(dispatch)
    assert (done.state, done.proved_by, done.problem) == (DispatchState.RECEIVED, EvidenceKind.REPLY, "")

    letter = a_mail("ที่ ชบ 52001/9 ลงวันที่ 20 พฤศจิกายน 2569 เรื่อง ตอบรับการประชุม", "ตามแนบ")
    letter.add_attachment(b"%PDF-1.4\n%%EOF\n", maintype="application", subtype="pdf", filename="หนังสือ.pdf")
    world.post.put(A, letter.as_bytes(policy=SMTP))
    world.collect(world.a)
    (card,) = world.incoming(world.a, IncomingState.HELD)
    said = card.details["suggested"]
    assert (said["number"], said["subject"]) == ("ชบ 52001/9", "ตอบรับการประชุม")
    named = MailLetter(said["subject"], "เทศบาล", number=said["number"], files=(card.files[0].sha256,))
    register_mail(world.services, actor=world.actor(world.a, "clerk"), incoming_id=card.id, named=named)
    world.settle()

    (line,) = world.book(world.a, BookKind.RECEIVING)
    assert (line.serial, line.number, line.sender) == (1, "ชบ 52001/9", "เทศบาล")
    *_, answer = world.post.lying(TOWN)
    message = read_message(answer)
    assert message.in_reply_to == letter["Message-ID"] and message.is_auto_reply
    assert "เลขทะเบียนรับ ๑/๒๕๖๙" in message.text
    assert world.services.blobs.open(card.raw_sha256) == letter.as_bytes().replace(b"\r\n", b"\n").replace(
        b"\n", b"\r\n"
    )


def test_a_bounce_that_names_nothing_but_the_address_finds_its_letter(world: World) -> None:
    dispatch = world.sent("town")
    bounce = (
        "From: MAILER-DAEMON@town.test\r\nReturn-Path: <>\r\nSubject: failure notice\r\n\r\n"
        "Hi. This is the qmail-send program at town.test.\r\nI'm afraid I wasn't able to deliver your message to the "
        f"following addresses.\r\n\r\n<{TOWN}>:\r\nThe users mailfolder is over the allowed quota (size).\r\n"
    )
    (delivered,) = world.post.take_out(A)  # the notice of the relay comes after the bounce
    world.post.put(A, bounce.encode(), delivered)
    world.collect(world.a)

    failed = world.dispatch(dispatch)
    assert failed.failure == "bounced" and "กล่องไปรษณีย์ผู้รับเต็ม" in failed.problem
    (proof,) = [e for e in world.evidence(dispatch) if e.step == "bounced"]
    assert proof.statement == {"reason": "mailbox-full", "status": ""}
