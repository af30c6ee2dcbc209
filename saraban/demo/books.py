"""Books of the demo and what was written into them: letters on paper of several kinds, a late one, one put right, one
struck, a scan, and a block of numbers that waits; days before today that are closed, and a year."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

from saraban.demo.past import DemoClock, close_of_last_year, last_year
from saraban.domain.actor import Actor
from saraban.domain.calendar import RegisterYear, office_date
from saraban.domain.classification import Secrecy, Urgency
from saraban.domain.register import BookKind, Matter, Origin
from saraban.usecases.amending import rectify_entry, reserve_numbers, void_number
from saraban.usecases.bookkeeping import open_book
from saraban.usecases.closing import close_days, close_year
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


def write_books(services: Services, clock: DemoClock) -> None:
    """Open the books of this year and write the lines, day by day, the oldest days first and in the order of the list;
    every day before today is closed. The clock comes back to the present."""
    texts = _texts("paper.json")
    clock.stand_days_ago(0)
    days = _days(texts)
    for ago in days:
        clock.stand_days_ago(ago)
        _close_days(services)
        if ago == days[0]:
            _open_books(services)
        for text in texts:
            if text.get("ago", 0) == ago:
                _write(services, officer(services, f"clerk.{text['agency']}"), text)
    reserve_numbers(
        services,
        actor=officer(services, "clerk.opdc"),
        kind=BookKind.SENDING,
        count=5,
        reason="ระบบหยุดเพื่อบำรุงรักษานอกเวลาราชการ",
        authority=_AUTHORITY,
    )


def _texts(name: str) -> list[dict[str, Any]]:
    texts: list[dict[str, Any]] = json.loads((_DATA / name).read_text(encoding="utf-8"))
    return texts


def _days(texts: list[dict[str, Any]]) -> list[int]:
    """How many days ago these were written, the oldest first."""
    return sorted({text.get("ago", 0) for text in texts}, reverse=True)


def write_last_year(services: Services, clock: DemoClock) -> None:
    """Letters at the end of last year, whose days and books were closed when it was over, if it was long enough ago.
    The clock comes back to the present."""
    clock.stand_days_ago(0)
    now = clock.now()
    if now - timedelta(days=_days(_texts("paper.json"))[0]) <= close_of_last_year(now):
        return
    clock.stand(last_year(now))
    for text in _texts("last-year.json"):
        _write(services, officer(services, f"clerk.{text['agency']}"), text)
    clock.stand(close_of_last_year(now))
    _close_days(services)
    for code in _OPENED:
        records = officer(services, f"records.{code}")
        close_year(services, actor=records, year=RegisterYear.containing(last_year(now)).buddhist)
    clock.stand_days_ago(0)


def _open_books(services: Services) -> None:
    for code, kinds in _OPENED.items():
        admin = officer(services, f"admin.{code}")
        for kind in kinds:
            open_book(services, actor=admin, kind=kind)


def _close_days(services: Services) -> None:
    while close_days(services):
        pass


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
