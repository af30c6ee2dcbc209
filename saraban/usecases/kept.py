"""How the keeping of a letter begins, and its class: what archiving, destroying and the closing of matters share."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from saraban.domain.actor import Actor
from saraban.domain.agency import AgencyId
from saraban.domain.errors import BadInput
from saraban.domain.keeping import KeepingState, KeptItem
from saraban.domain.register import EntryState, Origin, RegisterEntry
from saraban.domain.retention import RetentionClass, default_class
from saraban.usecases.archive import Gone
from saraban.usecases.books import UnitOfWork
from saraban.usecases.ports import Services

AT_A_TIME = 500
MASKED = "หนังสือมีชั้นความลับ"
"""What stands on lists in place of the subject of a classified letter."""


def begin_keeping(uow: UnitOfWork, entry: RegisterEntry) -> KeptItem:
    """How a letter is kept about which nobody has said anything: in work, in the class that follows by rule."""
    code = default_class(entry.secrecy)
    kind = next(one for one in uow.keeping.classes(entry.agency_id) if one.code == code)
    item = KeptItem(
        entry.id,
        entry.agency_id,
        entry.subject_of,
        entry.unit_id,
        electronic=entry.origin is Origin.SYSTEM,
        class_code=kind.code,
        basis=kind.basis,
    )
    uow.keeping.add(item)
    return item


def class_of(uow: UnitOfWork, item: KeptItem) -> RetentionClass:
    """The class of a letter, also one that is not given any more."""
    return next(one for one in uow.keeping.classes(item.agency_id) if one.code == item.class_code)


def offered_class(uow: UnitOfWork, agency_id: AgencyId, code: str) -> RetentionClass:
    """The class of this code. Raises BadInput when it is not offered."""
    for kind in uow.keeping.classes(agency_id):
        if kind.code == code and not kind.retired:
            return kind
    raise BadInput({"class_code": "เลือกประเภทอายุการเก็บจากรายการ"})


def finish_with(uow: UnitOfWork, subject: UUID, on: date, *, by: Actor, at: datetime) -> None:
    """The matter of a letter of the system was closed: it is finished, and its period runs from that day."""
    entry = uow.registers.of_subject(by.agency_id, subject, EntryState.USED)
    if entry is None:
        return
    item = next(iter(uow.keeping.items(by.agency_id, [entry.id])), None) or begin_keeping(uow, entry)
    if item.state is KeepingState.WORKING:
        uow.record(item.finish(class_of(uow, item), on, by=by, at=at))
        uow.keeping.save(item)


def owners_of(gone: Iterable[Gone]) -> list[UUID]:
    """What destroyed letters are found by: their lines, and the letters themselves."""
    return [owner for one in gone for owner in (one.entry_id, one.subject_of) if owner is not None]


def remove_files(office: Services) -> int:
    """Take the bytes of destroyed files off the disk; how many. Whatever stops it, the rest goes the next time: what is
    to go was written down with the destruction. A file that somebody has brought again since, stays."""
    count = 0
    while True:
        with office.uow() as uow:
            waiting = uow.disposals.to_remove(AT_A_TIME)
            if not waiting:
                return count
            for one in waiting:
                if one.sha256 is not None and not uow.disposals.needed(one.sha256):
                    count += office.blobs.has(one.sha256)
                    office.blobs.remove(one.sha256)
            uow.disposals.removed([one.seq for one in waiting], office.clock.now())
            uow.commit()
