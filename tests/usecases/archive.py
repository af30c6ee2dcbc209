"""What the tests of keeping and destroying have in common: letters on paper and of the system, finished and stored."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from saraban.domain.agency import PersonId
from saraban.domain.book import BookKind
from saraban.domain.classification import Secrecy
from saraban.domain.disposal import DisposalList
from saraban.domain.disposal_item import Opinion, Verdict
from saraban.domain.errors import PossibleDuplicate
from saraban.domain.keeping import KeptItem
from saraban.domain.letter import LetterId
from saraban.domain.register import EntryId, EntryState, Matter
from saraban.usecases import archiving, destroying, recording
from tests.usecases.house import House


def paper(house: House, subject: str, scan: bytes = b"", name: str = "scan.png", **more: Any) -> EntryId:
    """A letter on paper in the receiving register, of the central unit."""
    said: dict[str, Any] = {"letter_date": date(2026, 11, 20), "sender": "กรมบัญชีกลาง", "subject": subject} | more
    matter = Matter(**said)
    files = [recording.keep_scan(house.office, stream=io.BytesIO(scan), name=name)] if scan else []
    values: dict[str, Any] = {"actor": house.ours["central_clerk"], "kind": BookKind.RECEIVING}
    values |= {"matter": matter, "files": files}
    try:
        made = recording.record_letter(house.office, **values)
    except PossibleDuplicate as alike:
        accepted = [one.key for one in alike.findings]
        made = recording.record_letter(house.office, accepted=accepted, **values)
    return EntryId(made.id)


def secret_paper(house: House, subject: str) -> EntryId:
    """The same of a classified letter."""
    return paper(house, subject, secrecy=Secrecy.SECRET)


def line_of(house: House, letter_id: UUID) -> EntryId:
    """The line of a letter of the system."""
    with house.office.uow() as uow:
        entry = uow.registers.of_subject(house.ours.agency.id, LetterId(letter_id), EntryState.USED)
        assert entry is not None
        return entry.id


def kept(house: House, entry_id: EntryId) -> KeptItem:
    """How a letter is kept."""
    with house.office.uow() as uow:
        return uow.keeping.items(house.ours.agency.id, [entry_id])[0]


def finished(house: House, *entry_ids: EntryId, class_code: str = "routine") -> None:
    """Let letters be finished today in a class."""
    archiving.classify(house.office, actor=house.ours["central_clerk"], entry_ids=entry_ids, class_code=class_code)
    archiving.finish(house.office, actor=house.ours["central_clerk"], entry_ids=entry_ids)


def stored(house: House, *entry_ids: EntryId, class_code: str = "routine") -> UUID:
    """Let letters on paper be finished and stored today; the list."""
    finished(house, *entry_ids, class_code=class_code)
    return stored_by(house, "central_clerk", *entry_ids)


def stored_by(house: House, name: str, *entry_ids: EntryId) -> UUID:
    """Let this officer send letters to the store, which takes them in; the list."""
    list_id = archiving.draw_list(house.office, actor=house.ours[name], entry_ids=entry_ids)
    archiving.receive_list(house.office, actor=house.ours["records"], list_id=list_id)
    return list_id


def in_year(house: House, year: int, month: int = 1, day: int = 10) -> None:
    """Set the clock to a day of a year (CE)."""
    house.clock.pass_by(datetime(year, month, day, 3, tzinfo=UTC) - house.clock.now())


def people(house: House, *names: str) -> list[PersonId]:
    """Ids of our officers."""
    return [person for name in names if (person := house.ours[name].person_id) is not None]


def disposal(house: House, list_id: UUID) -> DisposalList:
    """A list as it lies on the shelf."""
    with house.office.uow() as uow:
        return uow.disposals.get(house.ours.agency.id, list_id)


def proposed(house: House, year: int, *, electronic: bool = False) -> UUID:
    """A list of what is due in a Buddhist year."""
    need = "พื้นที่จัดเก็บเต็ม" if electronic else ""
    return destroying.propose(house.office, actor=house.ours["records"], year=year, electronic=electronic, need=need)


def considered(house: House, list_id: UUID) -> None:
    """A committee is appointed, wants everything destroyed, and reports."""
    destroying.appoint(
        house.office,
        actor=house.ours["head"],
        list_id=list_id,
        members=people(house, "director", "clerk", "central_clerk"),
        order="คำสั่งที่ ๑/๒๕๗๑",
    )
    opinion = Opinion([item.entry_id for item in disposal(house, list_id).items], Verdict.DESTROY)
    destroying.consider(house.office, actor=house.ours["director"], list_id=list_id, opinion=opinion)


def agreed(house: House, list_id: UUID, *names: str) -> None:
    """These members of the committee stand by what it found: the chair and another, if none is named."""
    for name in names or ("director", "clerk"):
        destroying.agree(house.office, actor=house.ours[name], list_id=list_id)


def cleared(house: House, list_id: UUID) -> None:
    """Two members stand by it; reported, ordered, and exempt from the National Archives."""
    agreed(house, list_id)
    destroying.report(house.office, actor=house.ours["director"], list_id=list_id)
    destroying.decide(house.office, actor=house.ours["head"], list_id=list_id, kept={}, exempt="ข้อตกลงกับกรมศิลปากร")


def carried_out(house: House, list_id: UUID) -> None:
    """Two officers are named and both confirm."""
    destroying.name_officers(
        house.office,
        actor=house.ours["records"],
        list_id=list_id,
        officers=people(house, "records", "clerk"),
        way="ย่อยและลบออกจากระบบ",
    )
    assert not destroying.confirm(house.office, actor=house.ours["records"], list_id=list_id)
    assert destroying.confirm(house.office, actor=house.ours["clerk"], list_id=list_id)
