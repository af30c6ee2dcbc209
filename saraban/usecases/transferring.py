"""Twenty years (clauses 58 and 59): the lists of forms 21 and 22 draw themselves up each January, and letters that the
National Archives ask for (clause 70.2) are listed on demand; what is handed over goes with its package."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID, uuid4

from saraban.domain.actor import Actor
from saraban.domain.agency import AgencyId, PositionRole
from saraban.domain.calendar import BUDDHIST_OFFSET, office_date
from saraban.domain.errors import BadInput, RuleBroken
from saraban.domain.handover import HandoverDrawn, HandoverItem, HandoverKind, HandoverList, twenty_until, why_own
from saraban.domain.keeping import KeptItem
from saraban.domain.notice import OF_A_HANDOVER, About, Notice, NoticeKind
from saraban.domain.numbering import thai_digits
from saraban.domain.permissions import may_store, require
from saraban.domain.register import EntryId
from saraban.usecases.archive import HANDOVER
from saraban.usecases.books import UnitOfWork
from saraban.usecases.errand_results import take_packages_back
from saraban.usecases.kept import MASKED
from saraban.usecases.notices import holders_in
from saraban.usecases.ports import Services

MOST, MOST_NAMED = 2000, 5

# --- lists ------------------------------------------------------------------------------------------------------------


def draw_twenty_years(office: Services) -> int:
    """Once a year, from the first of January on, draw up the lists of the year that is over for every hosted agency:
    those that go to the National Archives (form 21), those that stay by law or hold (form 22), and what the Archives
    asked for. A list has `MOST` letters at most, each drawing its own transaction; what was left when it stopped
    follows. Gives how many lists."""
    return sum(_draw_twenty(office, agency_id) for agency_id, _ in office.hosted())


def _draw_twenty(office: Services, agency_id: AgencyId) -> int:
    count, more = 0, True
    while more:
        now = office.clock.now()
        year = _year_over(now)
        with office.uow() as uow:
            if uow.handovers.drawn(agency_id, year):
                break
            made, more = _parted(uow, Actor.gateway(agency_id), now)
            if not more:
                uow.handovers.note_drawn(agency_id, year, now)
            uow.commit()
        count += len(made)
    return count


def draw_more(office: Services, *, actor: Actor) -> Sequence[UUID]:
    """Draw up lists of what stands on none, whatever the month: letters of twenty years that were moved in or finished
    late, and what the National Archives asked for, whatever its age. Gives the lists; what is more than `MOST` letters
    is drawn up by the worker. Raises RuleBroken when there is nothing."""
    require(may_store(actor))
    now = office.clock.now()
    with office.uow() as uow:
        made, more = _parted(uow, actor, now, again=True)
        if not made:
            raise RuleBroken("ไม่มีหนังสือครบ ๒๐ ปีหรือที่หอจดหมายเหตุแห่งชาติขอ ที่ยังไม่อยู่ในบัญชี", code="nothing-due")
        if more:
            uow.handovers.note_drawn(actor.agency_id, _year_over(now), None)
        uow.commit()
    return made


def _year_over(now: datetime) -> int:
    """The last Buddhist year that is over."""
    return office_date(now).year + BUDDHIST_OFFSET - 1


def _parted(uow: UnitOfWork, by: Actor, now: datetime, *, again: bool = False) -> tuple[list[UUID], bool]:
    """Lists of both forms of what was twenty years old at the end of the last year, and of what was asked for; and is
    there more? `again`: also what was asked for and stood on a list of this year."""
    agency_id, year = by.agency_id, _year_over(now)
    listed = uow.handovers.listed(agency_id, year)
    due = uow.handovers.due(agency_id, twenty_until(year), MOST + len(listed) + 1)
    left = [item for item in due if item.entry_id not in listed or (again and item.asked_by is not None)]
    found, more = left[:MOST], len(left) > MOST
    notes = {item.entry_id: why_own(item) for item in found}
    asked = [item for item in found if item.asked_by is not None]
    parts = [
        (HandoverKind.TRANSFER, [one for one in found if not (notes[one.entry_id] or one.asked_by)]),
        (HandoverKind.OWN, [one for one in found if notes[one.entry_id]]),
    ]
    made = [_draw(uow, kind, year, items, notes, by=by, at=now) for kind, items in parts if items]
    if asked:
        words = {item.entry_id: _asked_by(uow, item) for item in asked}
        made.append(_draw(uow, HandoverKind.TRANSFER, year, asked, words, by=by, at=now, asked=True))
    _tell(uow, made, by, now)
    return [one.id for one in made], more


def _tell(uow: UnitOfWork, made: Sequence[HandoverList], by: Actor, now: datetime) -> None:
    """The records officers hear that these lists are there, but for who drew them up."""
    keepers = holders_in(uow.agencies, by.agency_id, PositionRole.RECORDS, office_date(now))
    uow.notices.tell(
        [
            Notice(
                *(by.agency_id, person, NoticeKind.HANDOVER, About.HANDOVER, one.id, "drawn", now),
                told={"subject": one.called, "due": one.deadline.isoformat() if one.deadline else ""},
            )
            for one in made
            for person in dict.fromkeys(keepers)
            if person != by.person_id
        ]
    )


def _asked_by(uow: UnitOfWork, item: KeptItem) -> str:
    assert item.asked_by is not None
    made = uow.disposals.get(item.agency_id, item.asked_by)
    return thai_digits(f"หอจดหมายเหตุแห่งชาติให้ส่งมอบ บัญชีหนังสือขอทำลายที่ {made.serial}/{made.year}")


def keep_ourselves(office: Services, *, actor: Actor, list_id: UUID, entry_ids: Sequence[UUID], reason: str) -> UUID:
    """The agency has to keep some letters of a list of form 21 for its work (clause 58.3): they go onto a list of form
    22, with the reason. Gives that list. Raises RuleBroken for what the National Archives asked for, unless it is on
    hold: clause 70 leaves no such choice, and the rest of the list would wait for the end of the hold. Raises BadInput
    without a reason, and for letters that do not stand on the list."""
    now = office.clock.now()
    with office.uow() as uow:
        made = uow.handovers.get(actor.agency_id, list_id)
        require(may_store(actor))
        if made.kind is not HandoverKind.TRANSFER or made.handed_on is not None:
            raise RuleBroken("ขอเก็บเองได้จากบัญชีส่งมอบที่ยังไม่ส่ง", code="not-transfer")
        if not reason.strip() or not entry_ids:
            raise BadInput({"reason": "เลือกหนังสือและใส่เหตุผลที่ขอเก็บเอง"})
        chosen, listed = set(entry_ids), {one.entry_id for one in made.items}
        if elsewhere := len(chosen - listed):
            words = f"หนังสือที่เลือก {elsewhere} ฉบับไม่อยู่ในบัญชีนี้แล้ว เปิดบัญชีใหม่แล้วเลือกอีกครั้ง"
            raise BadInput({"entries": thai_digits(words)})
        items = uow.keeping.items(actor.agency_id, sorted(chosen))
        if made.asked and any(item.held_by is None for item in items):
            words = "บัญชีนี้เป็นหนังสือที่หอจดหมายเหตุแห่งชาติให้ส่งมอบ (ข้อ ๗๐) จึงขอเก็บเองไม่ได้ เว้นแต่ฉบับที่ระงับการทำลายไว้"
            raise RuleBroken(words, code="asked-for")
        made.items = tuple(one for one in made.items if one.entry_id not in chosen)
        made.packed_at = None
        uow.handovers.save(made)
        take_packages_back(uow, made, now)
        reasons = dict.fromkeys((one.entry_id for one in items), reason.strip())
        own = _draw(uow, HandoverKind.OWN, made.year, items, reasons, by=actor, at=now)
        uow.commit()
    return own.id


def _draw(
    uow: UnitOfWork,
    kind: HandoverKind,
    year: int,
    items: Sequence[KeptItem],
    notes: dict[UUID, str],
    *,
    by: Actor,
    at: datetime,
    asked: bool = False,
) -> HandoverList:
    serial = uow.keeping.next_numbers(by.agency_id, f"{HANDOVER}:{kind.value}", year)
    lines = tuple(_item(uow, item, notes.get(item.entry_id, "")) for item in items)
    made = HandoverList(uuid4(), by.agency_id, kind, year, serial, lines, at, by.name, by.title, asked=asked)
    uow.handovers.add(made)
    for item in items:
        item.handover_id = made.id
        uow.keeping.save(item)
    uow.record(HandoverDrawn(at=at, by=by, thing_id=made.id, form=kind.value, year=year, items=len(lines)))
    return made


def _item(uow: UnitOfWork, item: KeptItem, note: str) -> HandoverItem:
    entry = uow.registers.get(item.agency_id, EntryId(item.entry_id))
    hidden = not entry.secrecy.is_open
    return HandoverItem(
        item.entry_id,
        item.file_code,
        "" if hidden else entry.number,
        None if hidden else entry.letter_date,
        f"{entry.serial}/{entry.year}" if entry.kind.incoming else "",
        MASKED if hidden else entry.subject,
        note,
    )


def hand_over(
    office: Services, *, actor: Actor, list_id: UUID, on: date, number: str, receiver: str, apart: bool = False
) -> None:
    """A list went to the National Archives. Letters of form 21 are transferred with it, but for those on hold, lent
    or taken up again by now, for which it is refused (`stopped`); those of form 22 stay, and may be asked about again
    the next year. Electronic letters go in the package: RuleBroken (`no-package`) as long as the list has none that is
    whole and of its letters as they are. `apart`: classified letters that the package leaves out went another way (else
    `secret-apart`)."""
    now = office.clock.now()
    with office.uow() as uow:
        made = uow.handovers.get(actor.agency_id, list_id)
        require(may_store(actor))
        if on > office_date(now):
            raise BadInput({"on": "วันที่ส่งอยู่ในอนาคต"})
        ids = [one.entry_id for one in made.items]
        items = uow.keeping.items(actor.agency_id, ids)
        are = uow.handovers.as_they_are(actor.agency_id, ids) if made.packed_at is not None else {}
        made.expect_packed(sum(item.electronic for item in items), are, apart=apart)
        if made.kind is HandoverKind.TRANSFER:
            _expect_free(made, items)
        uow.record(made.hand_over(on, number, receiver, by=actor, at=now))
        for item in items:
            if made.kind is HandoverKind.TRANSFER:
                item.transfer()
            else:
                item.handover_id = None
            uow.keeping.save(item)
        uow.handovers.save(made)
        uow.notices.settle(made.id, OF_A_HANDOVER, now)
        uow.commit()


def _expect_free(made: HandoverList, items: Sequence[KeptItem]) -> None:
    """Raise RuleBroken, with their places on the list, when something stops letters from going."""
    stopped = {item.entry_id: item.stopped for item in items if item.stopped}
    places = [
        (place, stopped[one.entry_id]) for place, one in enumerate(made.items, start=1) if one.entry_id in stopped
    ]
    if places:
        told = ", ".join(f"ลำดับที่ {place} {why}" for place, why in places[:MOST_NAMED])
        more = f" และอีก {len(places) - MOST_NAMED} ฉบับ" if len(places) > MOST_NAMED else ""
        words = f"ส่งมอบไม่ได้: {told}{more} ย้ายฉบับนั้นไปแบบที่ 22 หรือรอจนปฏิบัติเสร็จ ส่งคืน หรือยกเลิกการระงับ"
        raise RuleBroken(thai_digits(words), code="stopped")
