"""How letters are kept: classes and the file plan, what is finished and where it stands, into the store by forms 19 and
20, and holds that stop every disposal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from uuid import UUID, uuid4

from saraban.domain.actor import Actor
from saraban.domain.calendar import RegisterYear, long_date, office_date
from saraban.domain.errors import BadInput, RuleBroken, StageNotAllowed
from saraban.domain.keeping import ON_DISPOSAL, KeepingState, KeptItem, LegalHold, Place
from saraban.domain.keeping_events import FileGroupSet, RetentionClassSet, StoringListDrawn
from saraban.domain.numbering import thai_digits
from saraban.domain.permissions import may_administer, may_hold, may_store, require
from saraban.domain.register import EntryId, EntryState, RegisterEntry
from saraban.domain.retention import GENERAL, SECRET, FileGroup, RetentionClass, default_class
from saraban.domain.storing import StoringLine, StoringList
from saraban.usecases.archive import REGISTER, STORING
from saraban.usecases.books import UnitOfWork
from saraban.usecases.kept import MASKED, MOST_LISTED, begin_keeping, class_of, kept_entries, of_one_unit, offered_class
from saraban.usecases.ports import Services

MOST_NAMED = 5

# --- classes and the file plan ----------------------------------------------------------------------------------------


def set_class(office: Services, *, actor: Actor, kind: RetentionClass) -> None:
    """Write a retention class down, new or over the one with its code. Raises BadInput where it falls short of
    clause 57, or changes the clause of a class of the regulation."""
    require(may_administer(actor))
    kind = replace(kind.tidied(), agency_id=actor.agency_id)
    wrong = kind.faults()
    with office.uow() as uow:
        before = next((one for one in uow.keeping.classes(actor.agency_id) if one.code == kind.code), None)
        if before is not None and before.basis is not kind.basis:
            wrong["basis"] = f"ประเภทนี้เป็นไปตาม{before.basis.thai} เพิ่มประเภทใหม่หากต้องการอย่างอื่น"
        if kind.retired and kind.code in (GENERAL, SECRET):
            wrong["code"] = "ประเภทนี้ใช้กับหนังสือที่ยังไม่มีผู้กำหนด เลิกใช้ไม่ได้"
        if wrong:
            raise BadInput(wrong)
        uow.keeping.set_class(kind)
        uow.record(
            RetentionClassSet(
                at=office.clock.now(),
                by=actor,
                thing_id=actor.agency_id,
                code=kind.code,
                basis=kind.basis.value,
                years=kind.years,
                forever=kind.forever,
                retired=kind.retired,
            )
        )
        uow.commit()


def set_group(office: Services, *, actor: Actor, group: FileGroup) -> None:
    """Write a group of the file plan down, new or over the one with its code. Raises BadInput, also for a class that is
    no longer used, save for a group that is not either."""
    require(may_administer(actor))
    group = replace(group.tidied(), agency_id=actor.agency_id)
    wrong = group.faults()
    with office.uow() as uow:
        classes = [one for one in uow.keeping.classes(actor.agency_id) if group.retired or not one.retired]
        if group.class_code not in {one.code for one in classes}:
            wrong["class_code"] = "เลือกประเภทอายุการเก็บจากรายการ"
        if wrong:
            raise BadInput(wrong)
        uow.keeping.set_group(group)
        uow.record(
            FileGroupSet(
                at=office.clock.now(),
                by=actor,
                thing_id=actor.agency_id,
                code=group.code,
                title=group.title,
                class_code=group.class_code,
                retired=group.retired,
            )
        )
        uow.commit()


# --- how one letter is kept -------------------------------------------------------------------------------------------


def classify(
    office: Services, *, actor: Actor, entry_ids: Sequence[EntryId], class_code: str = "", file_code: str | None = ""
) -> None:
    """Give letters their class and their group (None: each keeps its own, and a class has to be given); without a
    class, the one that follows from the group and the secrecy, save for letters for which another one was chosen.
    Raises BadInput for codes that are not offered, and StageNotAllowed for letters on lists for destruction."""
    now = office.clock.now()
    with office.uow() as uow:
        if file_code is None and not class_code:
            raise BadInput({"file_code": "เลือกหมวดหรือประเภทอายุการเก็บ"})
        plan = {one.code: one for one in uow.keeping.plan(actor.agency_id)}
        if file_code and (file_code not in plan or plan[file_code].retired):
            raise BadInput({"file_code": "เลือกหมวดจากรายการ"})
        found = kept_entries(uow, actor, entry_ids)
        _expect_on_no_list(found)
        for entry, item in found:
            code = item.file_code if file_code is None else file_code
            follows = default_class(entry.secrecy, plan.get(code))
            if class_code or item.class_code == default_class(entry.secrecy, plan.get(item.file_code)):
                kind = offered_class(uow, actor.agency_id, class_code or follows)
            else:
                kind = class_of(uow, item)
            uow.record(item.classify(kind, code, by=actor, at=now))
            uow.keeping.save(item)
        uow.commit()


def finish(office: Services, *, actor: Actor, entry_ids: Sequence[EntryId], on: date | None = None) -> None:
    """The matters are done with (on that day, or today): their periods run. Raises BadInput for a day to come, and for
    one before a letter was there."""
    now = office.clock.now()
    day = on or office_date(now)
    if day > office_date(now):
        raise BadInput({"on": "วันที่ปฏิบัติเสร็จอยู่ในอนาคต"})
    with office.uow() as uow:
        for entry, item in kept_entries(uow, actor, entry_ids):
            if day < entry.begins_on:
                number = f"{entry.kind.serial_caption} {entry.serial}/{entry.year}"
                words = f"ปฏิบัติเสร็จก่อนมีหนังสือไม่ได้ {number} ลงวันที่หรือรับเมื่อ {long_date(entry.begins_on)}"
                raise BadInput({"on": thai_digits(words)})
            uow.record(item.finish(class_of(uow, item), day, by=actor, at=now))
            uow.keeping.save(item)
        uow.commit()


def keep_for_checking(office: Services, *, actor: Actor, entry_id: EntryId) -> None:
    """It stays with its owner, who uses it for checking (clause 56)."""
    with office.uow() as uow:
        for _, item in kept_entries(uow, actor, [entry_id]):
            uow.record(item.keep_for_checking(by=actor, at=office.clock.now()))
            uow.keeping.save(item)
        uow.commit()


def take_up_again(office: Services, *, actor: Actor, entry_id: EntryId) -> None:
    """It is not done with after all."""
    with office.uow() as uow:
        for _, item in kept_entries(uow, actor, [entry_id]):
            uow.record(item.take_up_again(by=actor, at=office.clock.now()))
            uow.keeping.save(item)
        uow.commit()


def place_paper(office: Services, *, actor: Actor, entry_id: EntryId, place: Place) -> None:
    """Say where the paper stands; an electronic letter that has a place has paper beside it.
    Raises StageNotAllowed for what is gone, and where a list for destruction names its paper, or the letter."""
    with office.uow() as uow:
        for _, item in kept_entries(uow, actor, [entry_id]):
            uow.record(item.stand(place, by=actor, at=office.clock.now()))
            uow.keeping.save(item)
        uow.commit()


def _expect_on_no_list(found: Sequence[tuple[RegisterEntry, KeptItem]]) -> None:
    """Raise StageNotAllowed, with their numbers, when some of several letters stand on a list for destruction."""
    listed = [entry for entry, item in found if item.disposal_id is not None]
    if listed and len(found) > 1:
        numbers = ", ".join(f"{one.kind.serial_caption} {one.serial}/{one.year}" for one in listed[:MOST_NAMED])
        more = f" และอีก {len(listed) - MOST_NAMED} ฉบับ" if len(listed) > MOST_NAMED else ""
        raise StageNotAllowed(thai_digits(f"{numbers}{more} {ON_DISPOSAL}"), code="on-disposal-list")


# --- into the store (clauses 54 and 55) -------------------------------------------------------------------------------


def draw_list(office: Services, *, actor: Actor, entry_ids: Sequence[EntryId]) -> UUID:
    """Draw up บัญชีหนังสือส่งเก็บ (form 19) of letters of one unit, in the order of their dates. What is still in work is
    finished with it, today. Raises BadInput, StageNotAllowed."""
    now = office.clock.now()
    year = RegisterYear.containing(now).buddhist
    with office.uow() as uow:
        unit, found = of_one_unit(uow, actor, entry_ids)
        list_id, lines = uuid4(), []
        for entry, item in found:
            if item.state is KeepingState.WORKING:
                kind = class_of(uow, item)
                uow.record(item.finish(kind, office_date(now), by=actor, at=now))
            item.send_to_store(list_id)
            uow.keeping.save(item)
            lines.append(_line(entry, item))
        made = StoringList(
            list_id,
            actor.agency_id,
            unit.id,
            unit.name,
            year,
            uow.keeping.next_numbers(actor.agency_id, f"{STORING}:{unit.code}", year),
            tuple(lines),
            made_at=now,
            made_by=actor.name,
            made_title=actor.title,
        )
        uow.keeping.add_list(made)
        uow.record(StoringListDrawn(at=now, by=actor, thing_id=list_id, items=len(lines)))
        uow.commit()
    return list_id


def _line(entry: RegisterEntry, item: KeptItem) -> StoringLine:
    hidden = not entry.secrecy.is_open
    return StoringLine(
        entry.id,
        "" if hidden else entry.number,
        None if hidden else entry.letter_date,
        MASKED if hidden else entry.subject,
        item.mark,
        item.place.thai,
    )


def receive_list(office: Services, *, actor: Actor, list_id: UUID) -> tuple[int, int, int]:
    """Take the letters of a list into the store: each gets the next number of ทะเบียนหนังสือเก็บ (form 20). Gives the year
    with the first and the last number."""
    now = office.clock.now()
    year = RegisterYear.containing(now).buddhist
    with office.uow() as uow:
        made = uow.keeping.list(actor.agency_id, list_id)
        require(may_store(actor))
        first = uow.keeping.next_numbers(actor.agency_id, REGISTER, year, len(made.lines))
        uow.record(made.receive(year=year, first=first, by=actor, at=now))
        for serial, item in enumerate(_listed(uow, made), start=first):
            item.store(year, serial, office_date(now))
            uow.keeping.save(item)
        uow.keeping.save_list(made)
        uow.commit()
    return year, first, first + len(made.lines) - 1


def return_list(office: Services, *, actor: Actor, list_id: UUID, reason: str) -> None:
    """Send a list back to its unit, with the reason."""
    with office.uow() as uow:
        made = uow.keeping.list(actor.agency_id, list_id)
        require(may_store(actor))
        uow.record(made.give_back(reason, by=actor, at=office.clock.now()))
        for item in _listed(uow, made):
            item.come_back()
            uow.keeping.save(item)
        uow.keeping.save_list(made)
        uow.commit()


def _listed(uow: UnitOfWork, made: StoringList) -> list[KeptItem]:
    """How the letters of a list are kept, in its order."""
    items = {item.entry_id: item for item in uow.keeping.items(made.agency_id, [one.entry_id for one in made.lines])}
    return [items[line.entry_id] for line in made.lines]


# --- holds ------------------------------------------------------------------------------------------------------------


def place_hold(office: Services, *, actor: Actor, entry_id: EntryId, reason: str, order: str) -> UUID:
    """Stop every disposal of a letter, with the reason and the order that asks for it. Raises RuleBroken for a number
    that has no letter."""
    now = office.clock.now()
    with office.uow() as uow:
        entry = uow.registers.get(actor.agency_id, entry_id)
        require(may_hold(actor))
        known = uow.keeping.items(actor.agency_id, [entry_id])
        item = known[0] if known else _begun(uow, entry)
        hold = LegalHold(uuid4(), actor.agency_id, entry_id, reason, order, now, actor.name)
        _hold(uow, item, hold, actor)
        uow.commit()
    return hold.id


def place_holds(office: Services, *, actor: Actor, entry_ids: Sequence[EntryId], reason: str, order: str) -> int:
    """Stop every disposal of several letters by one order, all of them or none; those on hold, and those that are gone,
    stay as they are. Gives how many it stopped. Raises BadInput without letters, a reason or an order, and RuleBroken
    when there was none to stop, and for a number that has no letter."""
    require(may_hold(actor))
    now, chosen = office.clock.now(), list(dict.fromkeys(entry_ids))
    if not chosen:
        raise BadInput({"entries": "เลือกหนังสือก่อน"})
    if len(chosen) > MOST_LISTED:
        raise BadInput({"entries": thai_digits(f"เลือกได้ครั้งละไม่เกิน {MOST_LISTED} ฉบับ")})
    placed = 0
    with office.uow() as uow:
        known = {item.entry_id: item for item in uow.keeping.items(actor.agency_id, chosen)}
        for entry_id in chosen:
            entry = uow.registers.get(actor.agency_id, entry_id)
            hold = LegalHold(uuid4(), actor.agency_id, entry_id, reason, order, now, actor.name)
            item = known.get(entry_id) or _begun(uow, entry)
            if item.held_by is None and not item.state.gone:
                _hold(uow, item, hold, actor)
                placed += 1
        if not placed:
            raise RuleBroken("หนังสือที่เลือกระงับการทำลายไว้แล้ว หรือทำลายหรือส่งมอบแล้วทุกฉบับ", code="held-already")
        uow.commit()
    return placed


def _begun(uow: UnitOfWork, entry: RegisterEntry) -> KeptItem:
    """How a letter is kept of which nothing was said. Raises RuleBroken for a number that is void or reserved."""
    if entry.state is not EntryState.USED:
        number = thai_digits(f"{entry.kind.serial_caption} {entry.serial}/{entry.year}")
        raise RuleBroken(f"{number} ไม่มีหนังสือหรือยกเลิกแล้ว จึงระงับการทำลายไม่ได้", code="number-not-used")
    return begin_keeping(uow, entry)


def _hold(uow: UnitOfWork, item: KeptItem, hold: LegalHold, actor: Actor) -> None:
    uow.record(item.hold(hold, by=actor, at=hold.placed_at))
    uow.keeping.add_hold(hold)
    uow.keeping.save(item)


def lift_hold(office: Services, *, actor: Actor, entry_id: EntryId, reason: str) -> None:
    """The hold is over, and why. Raises RuleBroken when there is none."""
    now = office.clock.now()
    with office.uow() as uow:
        uow.registers.get(actor.agency_id, entry_id)
        require(may_hold(actor))
        item = next(iter(uow.keeping.items(actor.agency_id, [entry_id])), None)
        if item is None or item.held_by is None:
            raise RuleBroken("หนังสือนี้ไม่ได้ระงับการทำลาย", code="not-on-hold")
        hold = uow.keeping.hold(actor.agency_id, item.held_by)
        hold.lift(reason, by=actor, at=now)
        uow.record(item.release(hold.lifted_why, by=actor, at=now))
        uow.keeping.save_hold(hold)
        uow.keeping.save(item)
        uow.commit()
