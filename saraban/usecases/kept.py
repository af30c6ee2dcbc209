"""How the keeping of a letter begins, its class, and what stays of a destroyed one: what archiving, lending,
depositing, destroying and the closing of matters share. The bytes of files are `kept_files`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from uuid import UUID

from saraban.domain.actor import Actor
from saraban.domain.agency import AgencyId, Unit
from saraban.domain.classification import Secrecy
from saraban.domain.errors import BadInput, RuleBroken, StageNotAllowed
from saraban.domain.keeping import KeepingState, KeptItem
from saraban.domain.number_events import FilesDestroyed
from saraban.domain.numbering import thai_digits
from saraban.domain.permissions import may_keep, require
from saraban.domain.register import EntryId, EntryState, Origin, RegisterEntry
from saraban.domain.retention import SECRET, RetentionClass, default_class
from saraban.usecases.archive import Gone
from saraban.usecases.books import UnitOfWork
from saraban.usecases.errand_results import take_packages_back
from saraban.usecases.ports import Services

AT_A_TIME = 500
MOST_LISTED = 500
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


def expect_here(uow: UnitOfWork, entry: RegisterEntry) -> None:
    """Raise StageNotAllowed when the letter of a line was destroyed or handed over: the line that stays is the proof of
    it and takes nothing any more, least of all files."""
    for item in uow.keeping.items(entry.agency_id, [entry.id]):
        if item.state.gone:
            raise StageNotAllowed(item.state.why_line_stays, code="gone")


def keep_classified(uow: UnitOfWork, entry: RegisterEntry, *, by: Actor, at: datetime) -> None:
    """The letter of a line has become classified. What it is about goes off every list on which it was put while it was
    open, and packages that were made of it are taken back; it is kept by the rule of classified letters (clause 57.1)
    where no other class was chosen for it, save on a list for destruction."""
    items = uow.keeping.items(entry.agency_id, [entry.id])
    uow.keeping.mask(entry.agency_id, entry.id, MASKED)
    for item in items:
        if item.handover_id is not None:
            made = uow.handovers.get(entry.agency_id, item.handover_id)
            made.packed_at = None
            uow.handovers.save(made)
            take_packages_back(uow, made, at)
        group = next((one for one in uow.keeping.plan(entry.agency_id) if one.code == item.file_code), None)
        if item.disposal_id is None and item.class_code == default_class(Secrecy.OPEN, group):
            kind = next(one for one in uow.keeping.classes(entry.agency_id) if one.code == SECRET)
            uow.record(item.classify(kind, item.file_code, by=by, at=at))
            uow.keeping.save(item)


def kept_entries(uow: UnitOfWork, actor: Actor, entry_ids: Sequence[EntryId]) -> list[tuple[RegisterEntry, KeptItem]]:
    """The lines with how they are kept, begun where nothing was said yet. Raises NotPermitted, NotFound, BadInput."""
    if not entry_ids:
        raise BadInput({"entries": "เลือกหนังสือก่อน"})
    if len(entry_ids) > MOST_LISTED:
        raise BadInput({"entries": thai_digits(f"เลือกได้ครั้งละไม่เกิน {MOST_LISTED} ฉบับ")})
    known = {item.entry_id: item for item in uow.keeping.items(actor.agency_id, entry_ids)}
    found = []
    for entry_id in dict.fromkeys(entry_ids):
        entry = uow.registers.get(actor.agency_id, entry_id)
        require(may_keep(actor, entry.unit_id))
        if entry.state is not EntryState.USED:
            raise RuleBroken("กำหนดการเก็บได้เฉพาะเลขที่มีหนังสือและไม่ยกเลิก", code="number-not-used")
        found.append((entry, known.get(entry_id) or begin_keeping(uow, entry)))
    return found


def of_one_unit(
    uow: UnitOfWork, actor: Actor, entry_ids: Sequence[EntryId]
) -> tuple[Unit, list[tuple[RegisterEntry, KeptItem]]]:
    """The same for a list that is of one unit: that unit, and the letters in the order of their dates. Raises BadInput,
    too, for letters of several units or of none."""
    found = kept_entries(uow, actor, entry_ids)
    units = {entry.unit_id for entry, _ in found}
    if len(units) > 1 or None in units:
        raise BadInput({"entries": "บัญชีหนึ่งเป็นของหน่วยงานเดียว เลือกหนังสือของหน่วยงานเดียวกัน"})
    unit = next(one for one in uow.agencies.units(actor.agency_id) if one.id in units)
    return unit, sorted(found, key=lambda pair: (pair[0].letter_date or date.max, pair[0].serial))


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


def lines_without_files(
    uow: UnitOfWork, gone: Iterable[Gone], list_id: UUID, *, by: Actor, at: datetime
) -> list[FilesDestroyed]:
    """What the ledger has to know of lines whose files are destroyed with them: what they say without. To be asked
    before they are."""
    lines = [uow.registers.get(one.agency_id, EntryId(one.entry_id)) for one in gone]
    return [line.lose_files(list_id, by=by, at=at) for line in lines if line.files]


def owners_of(gone: Iterable[Gone]) -> list[UUID]:
    """What destroyed letters are found by: their lines, and the letters themselves."""
    return [owner for one in gone for owner in (one.entry_id, one.subject_of) if owner is not None]


def forget_words(office: Services) -> int:
    """Let the index drop the words of destroyed letters that it has only put aside; of how many letters. They are gone
    from every answer with the destruction already. Whatever stops it, it is begun again the next time."""
    with office.uow() as uow:
        waiting = uow.disposals.to_forget(AT_A_TIME)
    if not waiting:
        return 0
    left, begin = True, True
    while left:
        with office.uow() as uow:
            left = uow.search.squeeze(begin=begin)
            uow.commit()
        begin = False
    office.safe.database.settle()
    with office.uow() as uow:
        uow.disposals.removed([one.seq for one in waiting], office.clock.now())
        uow.commit()
    return len(waiting)
