"""Mails to our own people at a real server: what Flask-Mail writes arrives whole, and the answer comes back."""

from __future__ import annotations

import email
from datetime import UTC, date, datetime
from email import policy
from email.header import decode_header, make_header
from email.message import EmailMessage
from uuid import UUID, uuid4

import pytest

from saraban.bootstrap import TEMPLATES
from saraban.domain.agenda import Agenda, Below, Matter
from saraban.domain.classification import Secrecy, Urgency
from saraban.domain.deadline import Due, Source, Standing
from saraban.domain.notice import About
from saraban.domain.notice_mail import MailKind
from saraban.mail.notices import FlaskMailPost, message_id
from saraban.usecases.mailing import SendOutcome
from saraban.usecases.news import NoticeLetter
from tests.mail.correspondence import MOC, NSO, Post
from tests.mailservers.hub_thread import HubThread

DAY = date(2026, 11, 27)
AT = datetime(2026, 11, 27, 0, 30, tzinfo=UTC)


def a_matter(subject: str, standing: Standing, days: int = 1) -> Matter:
    """A letter that waits to be signed."""
    return Matter(
        key=str(uuid4()),
        about=About.LETTER,
        about_id=UUID(int=7),
        deed="ลงนาม",
        subject=subject,
        number="กค 0401/12",
        urgency=Urgency.VERY_URGENT,
        secrecy=Secrecy.OPEN,
        since=AT,
        title="อธิบดี",
        due=Due(date(2026, 11, 26), Source.SPEED, standing, days),
    )


def a_morning(to: str = NSO, *, home: str = "", count: int = 1) -> NoticeLetter:
    """The morning's mail of a head."""
    matters = tuple(a_matter(f"เรื่องที่ {n} & “ยกมา” <b>", Standing.LATE, 2) for n in range(count))
    below = (Below("กองแผนงาน", 3, (a_matter("ของผู้อื่น", Standing.LATE),)),)
    matters += (a_matter("วันนี้", Standing.TODAY, 0), a_matter("พรุ่งนี้", Standing.NEAR, 1))
    return NoticeLetter(
        id=uuid4(),
        kind=MailKind.DIGEST,
        to=to,
        person="นายสุเมธ ประเสริฐกุล",
        agency_code=MOC,
        agency='กรม "การค้า" (ส่วนกลาง), กระทรวง',
        mailbox=MOC,
        at=AT,
        home=home,
        agenda=Agenda("นายสุเมธ ประเสริฐกุล", DAY, matters, 4, 1, below),
    )


def test_a_morning_mail_arrives_as_text_and_as_a_page(post: Post) -> None:
    writer, before = FlaskMailPost(TEMPLATES), post.highest(NSO)
    letter = a_morning(home="https://saraban.example.go.th", count=25)
    result = writer.send(post.transport, letter)
    raw = post.fetched(NSO, before)[0]
    message = email.message_from_bytes(raw, policy=policy.default)
    assert isinstance(message, EmailMessage)
    plain, page = message.get_body(("plain",)), message.get_body(("html",))
    assert plain is not None and page is not None
    text, html = plain.get_content(), page.get_content()
    # Python's newer reader puts blanks between the encoded words of a name, which RFC 2047 (6.2) forbids.
    sender = str(make_header(decode_header(email.message_from_bytes(raw)["From"])))

    assert result.outcome == SendOutcome.ACCEPTED and result.code == 250
    assert message["Subject"] == "งานของท่าน วันศุกร์ที่ ๒๗ พฤศจิกายน ๒๕๖๙: เกินกำหนด ๒๕ เรื่อง ครบกำหนดวันนี้ ๑ เรื่อง"
    assert message["Message-ID"] == message_id(letter.id, MOC) and message["Auto-Submitted"] == "auto-generated"
    assert sender == f'สารบรรณ กรม "การค้า" (ส่วนกลาง), กระทรวง <{MOC}>'
    assert "เกินมา ๒ วันทำการ" in text and "และอีก ๕ เรื่อง" in text and "รอลงรับ ๔ ฉบับ ด่วนที่สุด ๑ ฉบับ" in text
    assert f"https://saraban.example.go.th/desk/{UUID(int=7)}" in text and "กองแผนงาน ๓ เรื่อง" in text
    assert "&lt;b&gt;" in html and "<b>" not in text.replace("“ยกมา” <b>", "")
    assert max(len(line) for line in raw.split(b"\r\n")) < 998 and b"\n" not in raw.replace(b"\r\n", b"")


@pytest.mark.parametrize(("stage", "reply", "outcome"), [
    ("RCPT", "550 5.1.1 no such mailbox", SendOutcome.PERMANENT),
    ("RCPT", "451 4.3.0 later", SendOutcome.TEMPORARY),
])  # fmt: skip
def test_what_the_server_says_comes_back(hub: HubThread, hub_post: Post, stage: str, reply: str, outcome: str) -> None:
    hub.mischief.replies[stage] = [reply]
    result = FlaskMailPost(TEMPLATES).send(hub_post.transport, a_morning())

    assert (result.outcome, f"{result.code} {result.reply}") == (outcome, reply)


def test_without_an_address_of_the_installation_a_mail_has_no_links(hub_post: Post) -> None:
    before = hub_post.highest(NSO)
    FlaskMailPost(TEMPLATES).send(hub_post.transport, a_morning())

    message = email.message_from_bytes(hub_post.fetched(NSO, before)[0], policy=policy.default)
    assert isinstance(message, EmailMessage)
    page = message.get_body(("html",))
    assert page is not None and "href" not in page.get_content()
