"""Mails to our own people, written by Flask-Mail from templates/notices/ and handed to the relay like all that leaves.

Flask-Mail's own connection is replaced by the house's transport: verified TLS, the agency's account, its pace, and the
relay's answer for the recipient. A folder for each kind of mail: subject.txt, body.txt and body.html.
"""

from __future__ import annotations

import re
import smtplib
from collections.abc import Sequence
from datetime import date, datetime
from email import charset, policy
from email.header import Header
from email.mime.base import MIMEBase
from functools import cached_property
from pathlib import Path
from typing import Any
from uuid import UUID

from flask import Flask, render_template
from flask_mail import Connection, Mail, Message
from jinja2 import StrictUndefined

from saraban.domain.attachment import Digest
from saraban.domain.calendar import WEEKDAYS, office_date, office_time
from saraban.domain.numbering import thai_digits
from saraban.exchange.envelope import Envelope, Literal, OutboxKind
from saraban.exchange.thai import thai_date
from saraban.usecases.mailing import SendOutcome, SendResult, Transport
from saraban.usecases.news import MESSAGE_ID, NoticeLetter

# Flask-Mail lets UTF-8 go as it is, in lines of any length; base64 passes every relay.
charset.add_charset("utf-8", charset.SHORTEST, charset.BASE64, "utf-8")
_LINE_END = re.compile(rb"\r?\n")


class FlaskMailPost:
    """Writes and sends (usecases.news.NoticePost)."""

    def __init__(self, templates: Path) -> None:
        """`templates` is the folder in which notices/ lies."""
        self._templates = templates

    @cached_property
    def _mail(self) -> tuple[Flask, Mail]:
        """Flask-Mail lives in an application; this one serves no pages."""
        app = Flask("saraban.notices", template_folder=str(self._templates), static_folder=None)
        app.jinja_env.undefined = StrictUndefined
        app.jinja_env.filters.update(thai=thai_digits, day=_day, weekday=_weekday, clock=_clock, whole=_whole)
        return app, Mail(app)

    def send(self, transport: Transport, letter: NoticeLetter) -> SendResult:
        """Write and send it; failures of mail are results."""
        app, mail = self._mail
        with app.app_context():
            message = self._message(letter)
            line = _Line(transport, letter.agency_code, message.msgId)
            with _Handed(mail, line) as connection:
                connection.send(message, envelope_from=letter.mailbox)
        return line.result

    def _message(self, letter: NoticeLetter) -> Message:
        kind, told = letter.kind.value, {"letter": letter, "link": _links(letter.home)}
        message = _Letter(
            subject=" ".join(render_template(f"notices/{kind}/subject.txt", **told).split()),
            recipients=[letter.to],
            body=render_template(f"notices/{kind}/body.txt", **told),
            html=render_template(f"notices/{kind}/body.html", **told),
            sender=letter.mailbox,
            date=letter.at.timestamp(),
            extra_headers={"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"},
        )
        message.msgId = message_id(letter.id, letter.mailbox)
        message.named = f"สารบรรณ {letter.agency}"
        return message


def message_id(mail_id: UUID, mailbox: str) -> str:
    """The Message-ID of a mail, by which a bounce is known to be about it."""
    return f"<{MESSAGE_ID}{mail_id}@{mailbox.rpartition('@')[2]}>"


class _Letter(Message):
    """A message whose headers leave as they were encoded: folded a second time, as Flask-Mail has it, a Thai name is
    torn into pieces with blanks between them. `named` is who sends it: a name with a full stop in it Flask-Mail puts in
    quotes, and inside them nothing is decoded."""

    named = ""

    def _message(self) -> MIMEBase:
        made = super()._message()
        made.policy = policy.compat32.clone(linesep="\r\n", max_line_length=None)
        made.replace_header("From", f"{Header(self.named, 'utf-8').encode()} <{self.sender}>")
        return made


class _Handed(Connection):
    """Flask-Mail's connection over a line of ours."""

    def __init__(self, mail: Mail, line: _Line) -> None:
        super().__init__(mail)
        self._line = line

    def configure_host(self) -> smtplib.SMTP:
        return self._line


class _Line(smtplib.SMTP):
    """What Flask-Mail takes for a server: it hands the bytes to the transport and remembers the answer."""

    def __init__(self, transport: Transport, agency_code: str, message_id: str) -> None:
        super().__init__(local_hostname="localhost")  # without a host nothing is connected
        self._transport, self._agency_code, self._message_id = transport, agency_code, message_id
        self.result = SendResult(SendOutcome.TEMPORARY, 0, "")

    def sendmail(
        self,
        from_addr: str,
        to_addrs: str | Sequence[str],
        msg: Any,
        mail_options: Sequence[str] = (),
        rcpt_options: Sequence[str] = (),
    ) -> dict[str, tuple[int, bytes]]:
        raw = _LINE_END.sub(b"\r\n", msg)
        to = to_addrs if isinstance(to_addrs, str) else to_addrs[0]
        envelope = Envelope(
            mail_from=from_addr,
            rcpt_to=to,
            message_id=self._message_id,
            segments=(Literal(raw),),
            sha256=Digest.of(raw),
            size=len(raw),
            kind=OutboxKind.NOTICE,
        )
        self.result = self._transport.send(self._agency_code, envelope, _no_files)
        return {}

    def quit(self) -> tuple[int, bytes]:
        return 221, b""


def _no_files(digest: Digest) -> bytes:
    raise KeyError(digest.hex)


def _links(home: str) -> Any:
    """The address of a page; empty where nobody knows under which address the installation is reached."""
    return lambda path: f"{home}{path}" if home else ""


def _day(value: date | datetime) -> str:
    return thai_date(office_date(value) if isinstance(value, datetime) else value)


def _whole(text: str) -> str:
    return text.replace(" ", "\u00a0")


def _weekday(value: date) -> str:
    return WEEKDAYS[value.weekday()]


def _clock(value: datetime) -> str:
    return thai_digits(office_time(value).strftime("%H.%M"))
