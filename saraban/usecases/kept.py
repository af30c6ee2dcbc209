"""How the keeping of a letter begins, and its class: what archiving, lending, depositing, destroying and the closing of
matters share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from saraban.domain.actor import Actor
from saraban.domain.agency import AgencyId, Unit
from saraban.domain.attachment import Digest
from saraban.domain.errors import BadInput, RuleBroken, StageNotAllowed
from saraban.domain.keeping import KeepingState, KeptItem
from saraban.domain.number_events import FilesDestroyed
from saraban.domain.numbering import thai_digits
from saraban.domain.permissions import may_keep, require
from saraban.domain.register import EntryId, EntryState, Origin, RegisterEntry
from saraban.domain.retention import RetentionClass, default_class
from saraban.usecases.archive import Gone
from saraban.usecases.books import UnitOfWork
from saraban.usecases.ports import Services
from saraban.usecases.viruses import Infected, require_clean

AT_A_TIME = 500
GRACE = timedelta(hours=1)
"""So long nobody removes bytes that somebody kept; far longer than any deed takes from keeping them to its commit."""
HARMFUL_GRACE = timedelta(minutes=2)
"""So long for bytes in which the scanner found a virus: who brings them again is refused. Only while the scanner is
away are such bytes taken, apart, and who takes them commits at once."""
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


def keep_on(office: Services, digests: Iterable[Digest]) -> None:
    """Files that a person brought before, with the page that he sends now or hours ago, count as kept now, so that they
    lie here until the deed is committed that names them. Raises BadInput at `file` when one is gone: he brings it
    again."""
    if not all([office.blobs.keep_again(one) for one in digests]):
        raise BadInput({"file": "ไฟล์ที่แนบไว้ใช้ไม่ได้แล้ว เลือกไฟล์อีกครั้ง"})


def clean_or_dropped(office: Services, digest: Digest) -> bytes:
    """The bytes of a file that was kept as it came, in which the scanner finds nothing. Raises BadInput at `file`
    (viruses.require_clean); nothing leads to what is refused, and its bytes go."""
    data = office.blobs.open(digest)
    try:
        require_clean(office.scanner, data)
    except BadInput as error:
        with office.uow() as uow:
            uow.disposals.drop([digest], office.clock.now(), harmful=isinstance(error, Infected))
            uow.commit()
        raise
    return data


def remove_files(office: Services) -> int:
    """Take the bytes of files that were destroyed or dropped off the disk; how many. Whatever stops it, the rest goes
    the next time: what is to go was written down in the transaction after which nothing led to it. A file that somebody
    has brought again since, stays.

    Who brings a file keeps its bytes first and commits what leads to them afterwards, and between the two nothing says
    that they are needed. So bytes that somebody kept within the last hour (`GRACE`) are let be and asked about again
    the next time, as `git gc` lets young objects be: whoever kept them has committed by then, or never will. Four
    things make that hold with any number of processes. Keeping bytes that lie there already puts their moment forward.
    The hour is counted back from before it is asked what is needed, so that the answer knows of every commit of whoever
    kept before that hour. Keeping and removing exclude each other, and the removal looks at the moment once more. And
    from keeping to commit no deed comes near an hour: what takes long, reading an upload from the network, is before
    it; what it may wait for (scanner, locks) gives up after minutes; who keeps many files one after another commits
    after a part of a lease (mails of a mailbox, moving in); and what a person brings before he sends the page that
    names it, is kept on then (`keep_on`). The clocks of several machines must agree that far.

    Bytes in which the scanner found a virus wait for `HARMFUL_GRACE` alone.
    """
    count = seen_destroyed = seen_dropped = 0
    while True:
        now = office.clock.now()
        with office.uow() as uow:
            destroyed = uow.disposals.to_remove(AT_A_TIME, seen_destroyed)
            dropped = uow.disposals.dropped(AT_A_TIME, seen_dropped)
            named = {*(one.sha256 for one in destroyed if one.sha256 is not None), *(one.sha256 for one in dropped)}
            before = dict.fromkeys(named, now - GRACE)
            before |= {one.sha256: now - HARMFUL_GRACE for one in dropped if one.harmful}
            old = {digest for digest in named if not office.blobs.kept_after(digest, before[digest])}
            needed = {digest for digest in old if uow.disposals.needed(digest)}
        if not destroyed and not dropped:
            return count
        done = needed.copy()
        for digest in old - needed:
            lay = office.blobs.has(digest)
            if office.blobs.remove(digest, unless_after=before[digest]):
                done.add(digest)
                count += lay
        with office.uow() as uow:
            uow.disposals.removed([one.seq for one in destroyed if one.sha256 in done], office.clock.now())
            uow.disposals.dealt_with([one.seq for one in dropped if one.sha256 in done])
            uow.commit()
        seen_destroyed = max((one.seq for one in destroyed), default=seen_destroyed)
        seen_dropped = max((one.seq for one in dropped), default=seen_dropped)
