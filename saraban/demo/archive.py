"""The archive of the demo: registers of earlier years that were moved in, and what became of their letters this year:
lists of forms 19 to 25, a loan that is overdue, a deposit, and a hold. Everybody in it is invented."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from saraban.demo.books import officer
from saraban.demo.past import DemoClock, last_year
from saraban.domain.actor import Actor
from saraban.domain.agency import PersonId
from saraban.domain.calendar import BANGKOK, BUDDHIST_OFFSET, office_date
from saraban.domain.deposit import DepositKeeper
from saraban.domain.handover import HandoverKind
from saraban.domain.numbering import thai_digits
from saraban.domain.register import BookKind, EntryId
from saraban.usecases import archiving, depositing, destroying, lending, moving_in, transfer_package, transferring
from saraban.usecases.errands import order_errand
from saraban.usecases.ports import Services

_DATA = Path(__file__).parent / "data"
_FOLDER = "ทะเบียนเดิม"
_HEADINGS = (
    *("ทะเบียน", "ปี", "เลขทะเบียน", "ที่", "ลงวันที่", "จาก", "ถึง", "เรื่อง"),
    *("รหัสแฟ้ม", "อายุการเก็บ", "วันปฏิบัติเสร็จ", "วันที่ส่งเก็บ", "ห้อง", "ชั้น", "กล่อง", "ไฟล์"),
)
_LENT_DAYS, _FOR_DAYS = 40, 7


def move_registers_in(services: Services) -> None:
    """Lay the sheet of an old system with its files into a folder of each agency, and take it in."""
    scan = (_DATA / "survey.pdf").read_bytes()
    for agency, rows in _told()["old"].items():
        files = [(row["file"], io.BytesIO(scan)) for row in rows if "file" in row]
        sheet = io.BytesIO(_sheet(rows, _this_year(services)).encode())
        admin = officer(services, f"admin.{agency}")
        moving_in.lay(services, actor=admin, code=agency, folder=_FOLDER, sent=[("ทะเบียน.csv", sheet), *files])
        order: dict[str, Any] = {"username": f"admin.{agency}", "folder": _FOLDER, "deed": moving_in.ENTER}
        moving_in.move_in_now(services, **order, step=lambda done, total: None)


def _sheet(rows: list[dict[str, Any]], year: int) -> str:
    out = io.StringIO()
    lines = csv.writer(out)
    lines.writerow(_HEADINGS)
    for row in rows:
        made = date.fromisoformat(f"{year - row['ago']}-{row['on']}")
        done = made + timedelta(days=21) if row["done"] == row["ago"] else date(year - row["done"], 3, 15)
        stored = date(done.year + 1, 1, 15).isoformat() if row.get("stored") else ""
        lines.writerow(
            (
                *(row["book"], made.year + BUDDHIST_OFFSET, row["serial"], row["number"], made.isoformat()),
                *(row.get("from", ""), row.get("to", ""), row["subject"], row["group"], row["period"]),
                *(done.isoformat(), stored, *row.get("place", ("", "", "")), row.get("file", "")),
            )
        )
    return out.getvalue()


def write_archive(services: Services, clock: DemoClock) -> None:
    """What was done with them this year, in its order; nothing of it is later than now. The clock comes back to the
    present."""
    told = _told()
    clock.stand_days_ago(0)
    now = clock.now()

    def on(month: int, day: int) -> None:
        clock.stand(min(datetime(_this_year_of(now), month, day, 10, 0, tzinfo=BANGKOK), now))

    on(1, 2)
    transferring.draw_twenty_years(services)
    _pack(services, told["disposal"]["agency"])
    on(1, 20)
    _hold(services, told["hold"])
    on(2, 9)
    _propose(services, told["disposal"], lambda: on(2, 16))
    for one in told["stored"]:
        on(3, 10)
        list_id = archiving.draw_list(
            services,
            actor=officer(services, f"clerk.{one['agency']}"),
            entry_ids=[_entry(services, one["agency"], number) for number in one["numbers"]],
        )
        if one.get("receive"):
            on(3, 12)
            archiving.receive_list(services, actor=officer(services, f"records.{one['agency']}"), list_id=list_id)
    on(5, 8)
    _deposit(services, told["deposit"])
    clock.stand(max(now - timedelta(days=_LENT_DAYS), last_year(now) + timedelta(days=1)))
    _lend(services, told["loan"])
    clock.stand_days_ago(0)


def _told() -> dict[str, Any]:
    told: dict[str, Any] = json.loads((_DATA / "archive.json").read_text(encoding="utf-8"))
    return told


def _this_year(services: Services) -> int:
    """The year of the demo's present, asked at its beginning in the year before."""
    return office_date(services.clock.now()).year + 1


def _this_year_of(now: datetime) -> int:
    return office_date(now).year


def _entry(services: Services, agency: str, number: str) -> EntryId:
    """A received letter of earlier years: how many years ago, and its number."""
    ago, serial = map(int, number.split("/"))
    year = _this_year_of(services.clock.now()) + BUDDHIST_OFFSET - ago
    clerk = officer(services, f"clerk.{agency}")
    with services.uow() as uow:
        book = uow.registers.book(clerk.agency_id, BookKind.RECEIVING, None, year)
        assert book is not None
        [entry] = uow.registers.by_serials(book.id, [serial])
    return EntryId(entry.id)


def _pack(services: Services, agency: str) -> None:
    """Order the package of the list that goes to the National Archives; the worker makes it."""
    records = officer(services, f"records.{agency}")
    with services.uow() as uow:
        waiting = uow.handovers.waiting(records.agency_id)
    made = next(one for one in waiting if one.kind is HandoverKind.TRANSFER)
    title, order = thai_digits(f"ชุดส่งมอบ {made.thai} {made.serial}/{made.year}"), {"list": str(made.id)}
    order_errand(services, actor=records, kind=transfer_package.ERRAND, title=title, order=order)


def _propose(services: Services, told: dict[str, Any], a_week_later: Callable[[], None]) -> None:
    """A list for destruction of what is due, and its committee."""
    agency = told["agency"]
    year = _this_year_of(services.clock.now()) + BUDDHIST_OFFSET
    list_id = destroying.propose(services, actor=officer(services, f"records.{agency}"), year=year - 1)
    a_week_later()
    members = [_person(officer(services, f"{name}.{agency}")) for name in told["members"]]
    destroying.appoint(
        services,
        actor=officer(services, f"head.{agency}"),
        list_id=list_id,
        members=members,
        order=f"{told['order']}/{year}",
    )


def _person(who: Actor) -> PersonId:
    assert who.person_id is not None
    return who.person_id


def _hold(services: Services, told: dict[str, Any]) -> None:
    archiving.place_hold(
        services,
        actor=officer(services, f"records.{told['agency']}"),
        entry_id=_entry(services, told["agency"], told["number"]),
        reason=told["reason"],
        order=told["order"],
    )


def _deposit(services: Services, told: dict[str, Any]) -> None:
    agency = told["agency"]
    list_id = depositing.draw(
        services,
        actor=officer(services, f"clerk.{agency}"),
        entry_ids=[_entry(services, agency, told["number"])],
        keeper=DepositKeeper.NATIONAL,
    )
    records = officer(services, f"records.{agency}")
    depositing.accept(services, actor=records, list_id=list_id, acceptor=told["acceptor"], title=told["title"])


def _lend(services: Services, told: dict[str, Any]) -> None:
    """A letter on paper that should have come back a month ago."""
    agency = told["agency"]
    due = office_date(services.clock.now()) + timedelta(days=_FOR_DAYS)
    loan_id = lending.ask(
        services,
        actor=officer(services, f"{told['borrower']}.{agency}"),
        entry_id=_entry(services, agency, told["number"]),
        asked=lending.Asked(told["purpose"], due, told["evidence"]),
    )
    lending.permit(services, actor=officer(services, f"director.{agency}"), loan_id=loan_id)
    lending.lend(services, actor=officer(services, f"records.{agency}"), loan_id=loan_id)
