"""What clerks do to numbers, each with what it needs before and what the ledger says after it.

A deed is done in a process that may be killed at any statement; what it needs is made ready before, in peace.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import func, select

from saraban.bootstrap import Office
from saraban.domain.attachment import Attachment
from saraban.domain.calendar import BANGKOK, BUDDHIST_OFFSET, RegisterYear
from saraban.domain.register import BookKind, EntryId, EntryState, Matter
from saraban.storage.tables.registers import books, entries
from saraban.usecases import amending, recording, registering
from saraban.usecases.books import OnceKey
from saraban.usecases.ports import Services
from tests.builders import NOW, StaffedAgency, a_matter, an_incoming_letter
from tests.fakes import FixedClock

Needs = dict[str, Any]
REASON, AUTHORITY = "ทดสอบไฟฟ้าดับ", "คำสั่งหัวหน้าหน่วยงานสารบรรณกลาง"


@dataclass(frozen=True)
class Deed:
    """A deed of a clerk: `ready` makes what it needs, `do` is one use case under an idempotency key, `says` are the
    names of the ledger's lines that it writes."""

    name: str
    ready: Callable[[Office, StaffedAgency], Needs]
    do: Callable[[Services, StaffedAgency, Needs], object]
    says: tuple[str, ...]


def do_once(office: Office, staffed: StaffedAgency, deed: Deed, needs: Needs, key: OnceKey) -> object:
    """Do it under the key: a second time it raises AlreadyDone."""
    services = office.services
    return deed.do(replace(services, uow=services.once(key)), staffed, needs)


def _nothing(_office: Office, _staffed: StaffedAgency) -> Needs:
    return {"number": uuid4().hex[:12]}


def _letter(needs: Needs, **more: Any) -> Matter:
    return a_matter(**{"number": f"มท 0301/{int(needs['number'], 16) % 10**8}"} | more)


def _record(services: Services, staffed: StaffedAgency, needs: Needs) -> object:
    return recording.record_letter(
        services, actor=staffed["central_clerk"], kind=BookKind.RECEIVING, matter=_letter(needs), again=True
    )


def _record_own(services: Services, staffed: StaffedAgency, needs: Needs) -> object:
    matter = _letter(needs, number="")
    unit = staffed.legal.code
    return recording.record_letter(
        services, actor=staffed["clerk"], kind=BookKind.SENDING, matter=matter, unit_code=unit
    )


def _record_many(services: Services, staffed: StaffedAgency, needs: Needs) -> object:
    matters = [_letter(needs, subject=f"เรื่องที่ {n}") for n in range(3)]
    return recording.record_many(
        services, actor=staffed["central_clerk"], kind=BookKind.RECEIVING, matters=matters, again=True
    )


def _scan(office: Office, _staffed: StaffedAgency) -> Needs:
    return {**_nothing(office, _staffed), "scan": _kept(office)}


def _kept(office: Office) -> Attachment:
    picture = b"\x89PNG\r\n\x1a\n" + uuid4().bytes
    return recording.keep_scan(office.services, stream=io.BytesIO(picture), name="สแกน.png")


def _record_with_scan(services: Services, staffed: StaffedAgency, needs: Needs) -> object:
    return recording.record_letter(
        services,
        actor=staffed["central_clerk"],
        kind=BookKind.RECEIVING,
        matter=_letter(needs),
        files=[needs["scan"]],
        again=True,
    )


def _a_new_year(office: Office, staffed: StaffedAgency) -> Needs:
    """A year to come, in which nobody has taken a number."""
    with office.reading.connect() as connection:
        newest = connection.scalar(select(func.max(books.c.year))) or RegisterYear.containing(NOW).buddhist
    return {**_nothing(office, staffed), "at": datetime(newest + 1 - BUDDHIST_OFFSET, 1, 1, tzinfo=BANGKOK)}


def _first_of_the_year(services: Services, staffed: StaffedAgency, needs: Needs) -> object:
    return _record(replace(services, clock=FixedClock(needs["at"])), staffed, needs)


def _used(office: Office, staffed: StaffedAgency) -> Needs:
    """A used line that somebody wrote, or a new one."""
    found = _some(office, EntryState.USED)
    return {"entry": found or _record(office.services, staffed, _nothing(office, staffed)).id}  # type: ignore[attr-defined]


def _used_and_scan(office: Office, staffed: StaffedAgency) -> Needs:
    return {**_used(office, staffed), "scan": _kept(office)}


def _reserved(office: Office, staffed: StaffedAgency) -> Needs:
    """Two numbers that were just set aside."""
    block = amending.reserve_numbers(
        office.services, actor=staffed["central_clerk"], kind=BookKind.SENDING, count=2, reason=REASON
    )
    return {"entry": block.ids[0], "entries": block.ids}


def _mail(office: Office, staffed: StaffedAgency) -> Needs:
    """A letter that came by mail."""
    letter = an_incoming_letter(staffed.agency, staffed.central.id, received_at=office.services.clock.now())
    letter.accepted_key = letter.accept_key()
    with office.services.uow() as uow:
        uow.incoming.add(letter)
        uow.commit()
    return {"incoming": letter.id}


def _some(office: Office, state: EntryState) -> EntryId | None:
    """A line on paper of which it is true by now that it was written: a new year's lie in days to come."""
    written = entries.c.at <= office.services.clock.now()
    statement = select(entries.c.id).where(entries.c.state == state, entries.c.subject_of.is_(None), written)
    with office.reading.connect() as connection:
        found: UUID | None = connection.scalar(statement.order_by(func.random()).limit(1))
    return EntryId(found) if found is not None else None


def _void(services: Services, staffed: StaffedAgency, needs: Needs) -> object:
    return amending.void_number(
        services, actor=staffed["central_clerk"], entry_id=needs["entry"], reason=REASON, authority=AUTHORITY
    )


def _rectify(services: Services, staffed: StaffedAgency, needs: Needs) -> object:
    changes = {"subject": f"แก้ครั้งที่ {uuid4().hex[:6]}", "note": uuid4().hex}
    return amending.rectify_entry(
        services, actor=staffed["records"], entry_id=needs["entry"], changes=changes, reason=REASON
    )


def _practice(services: Services, staffed: StaffedAgency, needs: Needs) -> object:
    return amending.note_practice(
        services, actor=staffed["central_clerk"], entry_id=needs["entry"], practice=f"ส่งกองกฎหมาย {uuid4().hex[:6]}"
    )


def _attach(services: Services, staffed: StaffedAgency, needs: Needs) -> object:
    return recording.attach_scan(services, actor=staffed["central_clerk"], entry_id=needs["entry"], scan=needs["scan"])


def _reserve(services: Services, staffed: StaffedAgency, _needs: Needs) -> object:
    return amending.reserve_numbers(
        services, actor=staffed["central_clerk"], kind=BookKind.SENDING, count=3, reason=REASON
    )


def _bind(services: Services, staffed: StaffedAgency, needs: Needs) -> object:
    return amending.bind_number(
        services, actor=staffed["central_clerk"], entry_id=needs["entry"], matter=a_matter(number=""), again=True
    )


def _release(services: Services, staffed: StaffedAgency, needs: Needs) -> object:
    return amending.release_numbers(
        services, actor=staffed["central_clerk"], entry_ids=needs["entries"], reason=REASON, authority=AUTHORITY
    )


def _register(services: Services, staffed: StaffedAgency, needs: Needs) -> object:
    return registering.register_letter(services, actor=staffed["central_clerk"], incoming_id=needs["incoming"])


DEEDS = {
    deed.name: deed
    for deed in (
        Deed("register a letter of the mail", _mail, _register, ("number.taken",)),
        Deed("record a letter on paper", _nothing, _record, ("number.taken",)),
        Deed("record into a unit's own book", _nothing, _record_own, ("number.taken",)),
        Deed("open the year's book with its first number", _a_new_year, _first_of_the_year, ("number.taken",)),
        Deed("record with a scan", _scan, _record_with_scan, ("number.taken",)),
        Deed("record many at once", _nothing, _record_many, ("number.taken",) * 3),
        Deed("void", _used, _void, ("number.voided",)),
        Deed("rectify", _used, _rectify, ("number.rectified",)),
        Deed("note what was done", _used, _practice, ("number.practice-noted",)),
        Deed("attach a scan", _used_and_scan, _attach, ("number.scan-attached",)),
        Deed("reserve a block", _nothing, _reserve, ("number.reserved",) * 3),
        Deed("bind a reserved number", _reserved, _bind, ("number.used",)),
        Deed("release reserved numbers", _reserved, _release, ("number.voided",) * 2),
    )
}


def a_key(deed: Deed, at: datetime) -> OnceKey:
    """A fresh idempotency key for a deed."""
    return OnceKey("torture", f"{deed.name} {uuid4()}", at.isoformat())
