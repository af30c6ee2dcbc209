"""Books of the demo and what was written into them: letters on paper of several kinds, a late one, one put right, one
struck, a scan, and a block of numbers that waits."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

from saraban.domain.actor import Actor
from saraban.domain.calendar import office_date
from saraban.domain.classification import Secrecy, Urgency
from saraban.domain.register import BookKind, Matter, Origin
from saraban.usecases.amending import rectify_entry, reserve_numbers, void_number
from saraban.usecases.bookkeeping import open_book
from saraban.usecases.ports import Services
from saraban.usecases.recording import Recorded, attach_scan, keep_scan, record_letter

_DATA = Path(__file__).parent / "data"
_AUTHORITY = "เลขานุการกรม"
# The register of classified information is kept by one of the two agencies, so that both ways can be seen.
_OPENED = {
    "opdc": (
        BookKind.ORDERS,
        BookKind.RULES,
        BookKind.ANNOUNCEMENTS,
        BookKind.CERTIFICATES,
        BookKind.MINUTES,
        BookKind.CIRCULARS,
    ),
    "dopa": (BookKind.ORDERS, BookKind.ANNOUNCEMENTS, BookKind.SECRET_RECEIVING, BookKind.SECRET_SENDING),
}


def write_books(services: Services) -> None:
    """Open the books and write the lines, in the order of the list."""
    for code, kinds in _OPENED.items():
        admin = officer(services, f"admin.{code}")
        for kind in kinds:
            open_book(services, actor=admin, kind=kind)
    for text in json.loads((_DATA / "paper.json").read_text(encoding="utf-8")):
        _write(services, officer(services, f"clerk.{text['agency']}"), text)
    reserve_numbers(
        services,
        actor=officer(services, "clerk.opdc"),
        kind=BookKind.SENDING,
        count=5,
        reason="ระบบหยุดเพื่อบำรุงรักษานอกเวลาราชการ",
        authority=_AUTHORITY,
    )


def _write(services: Services, clerk: Actor, text: dict[str, Any]) -> None:
    now = services.clock.now()
    made = record_letter(
        services,
        actor=clerk,
        kind=BookKind(text["book"]),
        matter=Matter(
            number=text["number"],
            letter_date=office_date(now) + timedelta(days=text["dated"]),
            sender=text["from"],
            addressee=text.get("to", ""),
            subject=text["subject"],
            practice=text.get("practice", ""),
            urgency=Urgency(text.get("urgency", "normal")),
            secrecy=Secrecy(text.get("secrecy", "open")),
            received_at=now - timedelta(days=text["late"]) if "late" in text else None,
        ),
        origin=Origin(text.get("origin", "paper")),
        again=True,
    )
    _amend(services, clerk, made, text)


def _amend(services: Services, clerk: Actor, made: Recorded, text: dict[str, Any]) -> None:
    if text.get("scan"):
        with (_DATA / "survey.pdf").open("rb") as file:
            scan = keep_scan(services, stream=file, name="หนังสือฉบับสแกน.pdf")
        attach_scan(services, actor=clerk, entry_id=made.id, scan=scan)
    if "rectify" in text:
        rectify_entry(
            services,
            actor=clerk,
            entry_id=made.id,
            changes={"sender": text["rectify"]["from"]},
            reason="ใส่ชื่อหน่วยงานไม่ครบ",
            authority=_AUTHORITY,
        )
    if "void" in text:
        void_number(services, actor=clerk, entry_id=made.id, reason=text["void"], authority=_AUTHORITY)


def officer(services: Services, username: str) -> Actor:
    """The person with this account, in the post of today."""
    with services.uow() as uow:
        person = uow.people.by_username(username)
        assert person is not None
        actor = uow.people.actor(person.id, office_date(services.clock.now()))
    assert actor is not None
    return actor
