"""The agency's mailboxes as the screens show them: whether mail flows, how full they are, what the last test found."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Date, bindparam, exists, or_, select

from saraban.domain.actor import Actor
from saraban.domain.calendar import office_date
from saraban.domain.errors import NotFound
from saraban.domain.growth import WINDOW, Outlook, Reading, outlook
from saraban.domain.mailbox import SETTINGS, AfterTaking, Login
from saraban.domain.permissions import may_administer, require
from saraban.exchange.thai import thai_date, thai_digits
from saraban.reading.letters import JournalRow, journal_row
from saraban.storage.tables.closing import errands
from saraban.storage.tables.exchange import mailboxes
from saraban.storage.tables.journal import journal
from saraban.storage.tables.mail import fill_levels, mail_accounts
from saraban.storage.tables.organisation import unit_name
from saraban.storage.tables.people import agencies, units
from saraban.usecases.connecting import ERRAND
from saraban.usecases.connections import DISK

NOTICE_SHOWN = timedelta(days=3)


@dataclass(frozen=True)
class Fill:
    """How full a place is: octets used and allowed (None where the server tells no quota), and the outlook."""

    used: int | None
    allowed: int | None
    outlook: Outlook | None
    at: datetime

    @property
    def presses(self) -> bool:
        """Must somebody be told, by the day on which it was measured?"""
        return self.outlook is not None and self.outlook.presses(office_date(self.at))


@dataclass(frozen=True)
class BoxRow:
    """A mailbox. `id` is None for a central one that is not connected on the page; `unit` is empty for the central
    mailbox. `examination` is what the last test found, `testing` while one is ordered or runs."""

    id: UUID | None
    address: str
    unit: str
    checked_at: datetime | None
    problem: str
    notice: str
    notice_at: datetime | None
    examination: Sequence[dict[str, Any]]
    examined_at: datetime | None
    testing: bool
    fill: Fill | None
    user: str = ""
    smtp: str = ""
    imap: str = ""
    login: Login = Login.PASSWORD
    after: AfterTaking = AfterTaking.KEEP
    after_days: int = 0
    token_until: datetime | None = None
    token_problem: str = ""
    sends: bool = True


def in_use() -> ColumnElement[bool]:
    """The condition over `mailboxes` that the agency still has the mailbox: its central or a connected one."""
    central = exists().where(agencies.c.id == mailboxes.c.agency_id, agencies.c.mailbox == mailboxes.c.address)
    connected = exists().where(
        mail_accounts.c.agency_id == mailboxes.c.agency_id, mail_accounts.c.address == mailboxes.c.address
    )
    return or_(central, connected)


_MARKS = select(mailboxes).where(mailboxes.c.agency_id == bindparam("agency"))
_CONNECTED = (
    select(mail_accounts, unit_name(mail_accounts.c.unit_id, bindparam("day", type_=Date)).label("unit_name"))
    .where(mail_accounts.c.agency_id == bindparam("agency"))
    .order_by(mail_accounts.c.address)
)
_FILLS = (
    select(fill_levels)
    .where(fill_levels.c.place.in_(bindparam("places", expanding=True)))
    .order_by(fill_levels.c.place, fill_levels.c.day.desc())
    .limit(bindparam("most"))
)
_TESTS = select(errands.c["order"]).where(
    errands.c.agency_id == bindparam("agency"), errands.c.kind == ERRAND, errands.c.state.in_(("waiting", "running"))
)


def boxes(reader: Connection, actor: Actor) -> list[BoxRow]:
    """The agency's mailboxes, the central one first. Everybody of the agency may see whether mail flows."""
    agency = {"agency": actor.agency_id}
    central = reader.execute(select(agencies.c.mailbox).where(agencies.c.id == actor.agency_id)).scalar_one()
    marks = {row.address: row for row in reader.execute(_MARKS, agency)}
    connected = {row.address: row for row in reader.execute(_CONNECTED, {**agency, "day": actor.on or date.max})}
    addresses = [central, *(address for address in connected if address != central)]
    filled = fills(reader, addresses)
    tested = {str(order.get("address")) for (order,) in reader.execute(_TESTS, agency)}
    return [
        _box(address, connected.get(address), marks.get(address), filled.get(address), address in tested)
        for address in addresses
    ]


def account(reader: Connection, actor: Actor, mailbox_id: UUID) -> dict[str, Any]:
    """The settings of a mailbox by the names of their fields, the unit's code as `unit`; no secret is read. For the
    administrator; NotFound for another agency's."""
    require(may_administer(actor))
    statement = (
        select(*(mail_accounts.c[name] for name in (*SETTINGS, "address")), units.c.code.label("unit"))
        .select_from(mail_accounts.outerjoin(units, units.c.id == mail_accounts.c.unit_id))
        .where(mail_accounts.c.agency_id == actor.agency_id, mail_accounts.c.id == mailbox_id)
    )
    row = reader.execute(statement).mappings().first()
    if row is None:
        raise NotFound
    return dict(row)


def history(reader: Connection, actor: Actor) -> list[JournalRow]:
    """What happened to the agency's mailboxes, the newest twenty, oldest first."""
    require(may_administer(actor))
    rows = reader.execute(
        select(journal.c.seq, journal.c.at, journal.c.name, journal.c.text)
        .where(journal.c.agency_id == actor.agency_id, journal.c.name.startswith("mailbox."))
        .order_by(journal.c.seq.desc())
        .limit(20)
    ).all()
    return [journal_row(row) for row in reversed(rows)]


def disk(reader: Connection) -> Fill | None:
    """How full the disk under the files is; None before it was measured."""
    return fills(reader, [DISK]).get(DISK)


def fills(reader: Connection, places: Sequence[str]) -> dict[str, Fill]:
    """How full these places are, each with its outlook."""
    rows = reader.execute(_FILLS, {"places": list(places), "most": 400 * len(places)}).all()
    found: dict[str, Fill] = {}
    for place in places:
        own = [row for row in rows if row.place == place]
        if own:
            last = own[0]
            recent = [row for row in own if row.used is not None and last.day - row.day <= WINDOW]
            readings = [Reading(row.day, row.used) for row in reversed(recent)]
            known = last.used is not None and last.allowed
            found[place] = Fill(last.used, last.allowed, outlook(readings, last.allowed) if known else None, last.at)
    return found


def _box(address: str, row: Any, mark: Any, fill: Fill | None, testing: bool) -> BoxRow:
    values: dict[str, Any] = {}
    if row is not None:
        values = {
            "user": row.user,
            "smtp": f"{row.smtp_host}:{row.smtp_port} · {row.smtp_protection.thai}",
            "imap": f"{row.imap_host}:{row.imap_port} · {row.imap_protection.thai}",
            "login": row.login,
            "after": row.after,
            "after_days": row.after_days,
            "token_until": row.token_until,
            "token_problem": row.token_problem,
            "sends": row.sends,
        }
    return BoxRow(
        id=row.id if row is not None else None,
        address=address,
        unit=(row.unit_name or "") if row is not None else "",
        checked_at=mark.checked_at if mark is not None else None,
        problem=mark.problem if mark is not None else "",
        notice=mark.notice if mark is not None else "",
        notice_at=mark.notice_at if mark is not None else None,
        examination=(mark.examination or []) if mark is not None else [],
        examined_at=mark.examined_at if mark is not None else None,
        testing=testing,
        fill=fill,
        **values,
    )


@dataclass(frozen=True)
class BoxTrouble:
    """Something about mailboxes or the disk that needs a person. `kind` is "mailbox" or "disk"; with "-soon" when mail
    still flows. `advice` says what to do, where it is other than for its kind."""

    kind: str
    title: str
    why: str
    at: datetime | None
    advice: str = ""


_LOOK = "เปิดหน้ากล่องไปรษณีย์อ่านที่แจ้ง เรื่องนี้หายไปเองเมื่อครบสามวัน"


def troubles(reader: Connection, actor: Actor, *, fills_too: bool, disk_too: bool) -> Iterator[BoxTrouble]:
    """What is wrong with the agency's mailboxes, the gravest first; with `fills_too` also what fills and what was
    noticed in the three days before they were last looked into, with `disk_too` the disk as well."""
    found = list(boxes(reader, actor))
    newest = max((at for row in found for at in (row.checked_at, row.notice_at) if at is not None), default=None)
    for row in found:
        if row.problem:
            yield BoxTrouble("mailbox", row.address, row.problem, row.checked_at)
        elif row.token_problem:
            yield BoxTrouble("mailbox", row.address, f"ขอโทเค็น OAuth ไม่ได้: {row.token_problem}", row.checked_at)
    if fills_too:
        for row in found:
            if row.fill is not None and row.fill.presses:
                yield _filling("mailbox", row.address, "กล่อง", row.fill)
    if disk_too and (room := disk(reader)) is not None and room.presses:
        yield _filling("disk", "พื้นที่เก็บไฟล์ของระบบ", "ดิสก์", room)
    for row in found:
        if fills_too and row.notice and row.notice_at and newest and newest - row.notice_at <= NOTICE_SHOWN:
            yield BoxTrouble("mailbox-soon", row.address, row.notice, row.notice_at, _LOOK)


def _filling(kind: str, title: str, what: str, fill: Fill) -> BoxTrouble:
    assert fill.outlook is not None
    words = [thai_digits(f"{what}ใช้ไปแล้ว {fill.outlook.percent}%")]
    if fill.outlook.percent >= 100:
        words.append("เต็มแล้ว")
    elif fill.outlook.full_on is not None:
        words.append(f"เต็มประมาณ {thai_date(fill.outlook.full_on)}")
    words.append("หนังสือใหม่จะเข้าไม่ได้เมื่อเต็ม" if kind == "mailbox" else "เมื่อเต็มระบบจะรับและออกหนังสือไม่ได้")
    return BoxTrouble(kind if fill.outlook.level >= 95 else f"{kind}-soon", title, " ".join(words), fill.at)
