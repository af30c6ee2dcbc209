"""Work about incoming letters in the demo: two letters came in ordinary mail. One was given to the secretary, who gave
it on; the other went to its unit by a standing order. A third order stands for what may come."""

from __future__ import annotations

import hashlib
import json
from base64 import encodebytes
from collections.abc import Mapping
from datetime import timedelta
from email.utils import format_datetime
from pathlib import Path

from saraban.bootstrap import Office
from saraban.demo.books import officer
from saraban.domain.actor import Actor
from saraban.domain.calendar import office_date
from saraban.domain.incoming import IncomingId, IncomingState, MailLetter
from saraban.jobs import sort_mail
from saraban.reading import incoming as rows
from saraban.usecases.assigning import endorse_incoming
from saraban.usecases.fetching import take_in
from saraban.usecases.ports import Services
from saraban.usecases.registering import register_mail
from saraban.usecases.standing import keep_order

_DATA = Path(__file__).parent / "data"
_BY_HAND = 0


def write_tasks(office: Office) -> None:
    """Make the standing orders, then take the letters in, register them and give out the work."""
    services = office.services
    told = json.loads((_DATA / "tasks.json").read_text(encoding="utf-8"))
    clerk, secretary = officer(services, f"clerk.{told['agency']}"), officer(services, f"director.{told['agency']}")
    with services.uow() as uow:
        units = {unit.code: unit.id for unit in uow.agencies.units(clerk.agency_id)}
    for order in told["orders"]:
        keep_order(
            services,
            actor=clerk,
            unit_id=units[order["unit"]],
            words=order.get("words", ""),
            sender_code=order.get("sender", ""),
            note=order["note"],
        )
    given, _ = [_registered(office, clerk, text) for text in told["letters"]]
    due = office_date(services.clock.now()) + timedelta(days=told["due"])
    to_secretary = [f"position:{secretary.position_id}"]
    endorse_incoming(services, actor=clerk, incoming_id=given, action=to_secretary, note=told["note"], due=due)
    back = [f"position:{clerk.position_id}"]
    endorse_incoming(services, actor=secretary, incoming_id=given, action=back, note=told["answer"], due=due)


def _registered(office: Office, clerk: Actor, text: Mapping[str, str]) -> IncomingId:
    """A letter in ordinary mail, entered into the receiving register. Its sender is not told: nobody reads that box."""
    _come_in(office.services, clerk, text)
    with office.reading.connect() as reader:
        found = next(row for row in rows.waiting(reader, clerk, IncomingState.HELD) if row.subject == text["subject"])
    with office.services.uow() as uow:
        letter = uow.incoming.get(clerk.agency_id, IncomingId(found.id))
    named = MailLetter(
        subject=text["subject"],
        sender=text["sender"],
        number=text["number"],
        day=office_date(office.services.clock.now()) - timedelta(days=3),
        files=tuple(file.sha256 for file in letter.files),
    )
    register_mail(office.services, actor=clerk, incoming_id=letter.id, named=named, answer=False)
    return letter.id


def _come_in(services: Services, clerk: Actor, text: Mapping[str, str]) -> None:
    with services.uow() as uow:
        agency = uow.agencies.get(clerk.agency_id)
    raw = _mail(services, text, agency.mailbox)
    uid = int.from_bytes(hashlib.sha256(raw).digest()[:7], "big")
    take_in(services, agency_id=agency.id, mailbox=agency.mailbox, uidvalidity=_BY_HAND, uid=uid, raw=raw)
    while sort_mail(services):
        pass


def _mail(services: Services, text: Mapping[str, str], mailbox: str) -> bytes:
    subject = encodebytes(text["subject"].encode()).decode().replace("\n", "")
    lines = [
        f"From: {text['mailbox']}",
        f"To: {mailbox}",
        f"Subject: =?utf-8?b?{subject}?=",
        f"Date: {format_datetime(services.clock.now())}",
        f"Message-ID: <{text['mailbox']}-{len(text['subject'])}@demo.example>",
        "MIME-Version: 1.0",
        "Content-Type: multipart/mixed; boundary=demo",
        "",
        *_part("text/plain; charset=utf-8", text["body"].encode()),
        *_part('application/pdf; name="letter.pdf"', (_DATA / "survey.pdf").read_bytes(), "letter.pdf"),
        "--demo--",
        "",
    ]
    return "\r\n".join(lines).encode("ascii")


def _part(media_type: str, data: bytes, name: str = "") -> list[str]:
    disposition = [f'Content-Disposition: attachment; filename="{name}"'] if name else []
    head = ["--demo", f"Content-Type: {media_type}", *disposition, "Content-Transfer-Encoding: base64", ""]
    return [*head, *encodebytes(data).decode().splitlines()]
