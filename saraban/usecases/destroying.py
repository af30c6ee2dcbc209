"""Destroying by the book (clauses 66 to 70): survey, committee, the head, the National Archives, two officers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from uuid import UUID, uuid4

from saraban.domain.actor import Actor
from saraban.domain.agency import PersonId, PositionRole
from saraban.domain.calendar import BUDDHIST_OFFSET, office_date
from saraban.domain.disposal import DisposalList
from saraban.domain.disposal_caution import Caution, cautions
from saraban.domain.disposal_events import DisposalProposed, LetterDestroyed, PaperDestroyed
from saraban.domain.disposal_item import DisposalItem, Opinion, Outcome, Verdict
from saraban.domain.errors import BadInput, RuleBroken
from saraban.domain.events import DomainEvent
from saraban.domain.keeping import KeptItem, expect_short
from saraban.domain.numbering import thai_digits
from saraban.domain.permissions import (
    may_carry_out,
    may_consider_disposal,
    may_decide_disposal,
    may_propose_disposal,
    require,
)
from saraban.domain.register import EntryId
from saraban.domain.retention import Term
from saraban.usecases.archive import DISPOSAL, Gone
from saraban.usecases.books import UnitOfWork
from saraban.usecases.disposal_people import AFTER_ORDER, did_his_part, holders, officers_of, survey_over, waits_for
from saraban.usecases.kept import MASKED, class_of, lines_without_files, owners_of
from saraban.usecases.kept_files import remove_files
from saraban.usecases.ports import Services

MOST_PROPOSED = 1000
PAPER_ALONE = "ทำลายเฉพาะฉบับกระดาษ ฉบับอิเล็กทรอนิกส์เก็บต่อ"
"""What stands on a list beside the paper of a letter that is electronic too."""

# --- the survey (clause 66) -------------------------------------------------------------------------------------------


def propose(office: Services, *, actor: Actor, year: int, electronic: bool = False, need: str = "") -> UUID:
    """Draw up บัญชีหนังสือขอทำลาย (form 25) of what is due in a Buddhist calendar year that is over, the oldest first: of
    paper, also where it was printed of an electronic letter, which stays; or of electronic letters alone, which needs
    a reason why space or another need makes it necessary (amendment 4). Raises BadInput, and RuleBroken when nothing is
    due."""
    require(may_propose_disposal(actor))
    now = office.clock.now()
    today = office_date(now)
    if year >= today.year + BUDDHIST_OFFSET:
        raise BadInput({"year": "สำรวจได้เมื่อสิ้นปีปฏิทินแล้ว"})
    if electronic and not need.strip():
        raise BadInput({"need": "หนังสืออิเล็กทรอนิกส์เก็บไว้โดยไม่มีกำหนด ใส่ความจำเป็นที่ต้องทำลาย เช่น ต้องการพื้นที่จัดเก็บเพิ่ม"})
    expect_short(need=need)
    with office.uow() as uow:
        due = uow.disposals.survey(actor.agency_id, year, today, electronic=electronic, most=MOST_PROPOSED)
        if not due:
            raise RuleBroken("ไม่มีหนังสือที่ครบกำหนดอายุการเก็บ", code="nothing-due")
        made = DisposalList(
            uuid4(),
            actor.agency_id,
            year,
            uow.keeping.next_numbers(actor.agency_id, DISPOSAL, year),
            electronic,
            [_item(uow, item, electronic=electronic) for item in due],
            proposed_at=now,
            proposed_by=actor.name,
            proposed_title=actor.title,
            need=need.strip(),
        )
        uow.disposals.add(made)
        for item in due:
            item.disposal_id = made.id
            uow.keeping.save(item)
        uow.record(
            DisposalProposed(at=now, by=actor, thing_id=made.id, year=year, items=len(due), electronic=electronic)
        )
        waits_for(uow, made, holders(uow, made, PositionRole.HEAD, now), "แต่งตั้งคณะกรรมการ", actor, now)
        survey_over(uow, made.agency_id, now)
        uow.commit()
    return made.id


def _item(uow: UnitOfWork, item: KeptItem, *, electronic: bool) -> DisposalItem:
    """A line of the list: the columns of form 25; of a classified letter no more than that it is one."""
    entry = uow.registers.get(item.agency_id, EntryId(item.entry_id))
    hidden, alone = not entry.secrecy.is_open, item.electronic and not electronic
    return DisposalItem(
        item.entry_id,
        item.file_code,
        "" if hidden else entry.number,
        None if hidden else entry.letter_date,
        f"{entry.serial}/{entry.year}" if entry.kind.incoming else "",
        MASKED if hidden else entry.subject,
        item.mark,
        " ".join(filter(None, (class_of(uow, item).condition, _where(uow, item), PAPER_ALONE if alone else ""))),
        paper_alone=alone,
    )


def _where(uow: UnitOfWork, item: KeptItem) -> str:
    """With whom a letter is deposited that its owner destroys (clause 60)."""
    return f"ฝากไว้กับ{uow.deposits.get(item.agency_id, item.deposit_id).keeper.thai}" if item.deposit_id else ""


def cancel(office: Services, *, actor: Actor, list_id: UUID, reason: str) -> None:
    """Give a list up before its report; its letters wait for the next survey."""
    with office.uow() as uow:
        made = uow.disposals.get(actor.agency_id, list_id)
        require(may_propose_disposal(actor))
        now = office.clock.now()
        uow.record(made.cancel(reason, by=actor, at=now))
        _leave(uow, made, made.items)
        waits_for(uow, made, [], "", actor, now)
        uow.disposals.save(made)
        uow.commit()


# --- the committee (clauses 67 and 68) --------------------------------------------------------------------------------


def appoint(office: Services, *, actor: Actor, list_id: UUID, members: Sequence[PersonId], order: str) -> None:
    """Appoint the committee, the chair first: at least three people of the agency who hold a post."""
    now = office.clock.now()
    with office.uow() as uow:
        made = uow.disposals.get(actor.agency_id, list_id)
        require(may_decide_disposal(actor))
        uow.record(made.appoint(officers_of(uow, actor, members, now, "members"), order, by=actor, at=now))
        waits_for(uow, made, made.members, "พิจารณาหนังสือในบัญชีในฐานะกรรมการ", actor, now)
        uow.disposals.save(made)
        uow.commit()


def consider(office: Services, *, actor: Actor, list_id: UUID, opinion: Opinion) -> None:
    """Write down what the committee thinks of some letters. Raises BadInput without letters, or a year to come."""
    with office.uow() as uow:
        made = uow.disposals.get(actor.agency_id, list_id)
        require(may_consider_disposal(actor, made.members))
        for entry_id in opinion.chosen():
            uow.record(made.consider(entry_id, opinion.verdict, opinion.term, by=actor, at=office.clock.now()))
        uow.disposals.save(made)
        uow.commit()


def dissent(office: Services, *, actor: Actor, list_id: UUID, entry_id: UUID, reason: str) -> None:
    """A member of the committee is of another mind about a letter."""
    with office.uow() as uow:
        made = uow.disposals.get(actor.agency_id, list_id)
        require(may_consider_disposal(actor, made.members))
        uow.record(made.dissent(entry_id, reason, by=actor, at=office.clock.now()))
        uow.disposals.save(made)
        uow.commit()


def agree(office: Services, *, actor: Actor, list_id: UUID) -> None:
    """A member of the committee stands by what it found of all letters; without the majority there is no report."""
    now = office.clock.now()
    with office.uow() as uow:
        made = uow.disposals.get(actor.agency_id, list_id)
        require(may_consider_disposal(actor, made.members))
        uow.record(made.agree(by=actor, at=now))
        did_his_part(uow, made, actor, now)
        uow.disposals.save(made)
        uow.commit()


def report(office: Services, *, actor: Actor, list_id: UUID) -> None:
    """Lay the committee's report before the head. Raises StageNotAllowed before the majority of the members stands by
    it."""
    now = office.clock.now()
    with office.uow() as uow:
        made = uow.disposals.get(actor.agency_id, list_id)
        require(may_consider_disposal(actor, made.members))
        uow.record(made.report(by=actor, at=now))
        heads = holders(uow, made, PositionRole.HEAD, now)
        waits_for(uow, made, heads, "สั่งการตามรายงานของคณะกรรมการ", actor, now)
        uow.disposals.save(made)
        uow.commit()


# --- the head and the National Archives (clauses 69 and 70) -----------------------------------------------------------


def decide(office: Services, *, actor: Actor, list_id: UUID, kept: Mapping[UUID, str], exempt: str = "") -> None:
    """Order what the committee proposed, but for the letters in `kept`; what is kept longer has its mark corrected.
    Raises RuleBroken for what may not be destroyed (domain.disposal_caution)."""
    with office.uow() as uow:
        made = uow.disposals.get(actor.agency_id, list_id)
        require(may_decide_disposal(actor))
        now = office.clock.now()
        fact, leaving = made.decide(kept, exempt, _cautions(uow, made, office_date(now)), by=actor, at=now)
        uow.record(fact)
        _leave(uow, made, leaving, by=actor, at=now)
        deed = AFTER_ORDER.get(made.state, "")
        keepers = holders(uow, made, PositionRole.RECORDS, now) if deed else []
        waits_for(uow, made, keepers, deed, actor, now)
        uow.disposals.save(made)
        uow.commit()


def _cautions(uow: UnitOfWork, made: DisposalList, today: date) -> Mapping[UUID, Sequence[Caution]]:
    told, year = uow.handovers.told(made.agency_id), today.year + BUDDHIST_OFFSET - 1
    found = {}
    for item in uow.keeping.items(made.agency_id, [one.entry_id for one in made.items]):
        made_on = uow.registers.get(item.agency_id, EntryId(item.entry_id)).letter_date
        found[item.entry_id] = cautions(item, made_on, year, told=item.entry_id in told)
    return found


def send_to_archives(office: Services, *, actor: Actor, list_id: UUID, on: date, number: str) -> None:
    """Write down by which letter the list went to the National Archives, and when."""
    now = office.clock.now()
    if on > office_date(now):
        raise BadInput({"on": "วันที่ส่งอยู่ในอนาคต"})
    with office.uow() as uow:
        made = uow.disposals.get(actor.agency_id, list_id)
        require(may_propose_disposal(actor))
        uow.record(made.send(on, number, by=actor, at=now))
        waits_for(uow, made, [], "", actor, now)
        uow.disposals.save(made)
        uow.commit()


def note_said(office: Services, *, actor: Actor, list_id: UUID, opinion: Opinion) -> None:
    """Write down what the National Archives want done with some letters, until their answer is closed (note_answer);
    once they said something they are silent no more. Raises BadInput without letters, or a year to come."""
    with office.uow() as uow:
        made = uow.disposals.get(actor.agency_id, list_id)
        require(may_propose_disposal(actor))
        for entry_id in opinion.chosen():
            uow.record(made.hear(entry_id, opinion.verdict, opinion.term, by=actor, at=office.clock.now()))
        uow.disposals.save(made)
        uow.commit()


def note_answer(
    office: Services,
    *,
    actor: Actor,
    list_id: UUID,
    on: date,
    number: str,
    other: Mapping[UUID, tuple[Verdict, Term]],
) -> None:
    """Write down what the National Archives answered: they agree, but for the letters in `other` and those of which it
    was written down before that they are kept (note_said)."""
    now = office.clock.now()
    if on > office_date(now):
        raise BadInput({"on": "วันที่ตอบอยู่ในอนาคต"})
    with office.uow() as uow:
        made = uow.disposals.get(actor.agency_id, list_id)
        require(may_propose_disposal(actor))
        fact, leaving = made.answer(on, number, other, by=actor, at=now)
        uow.record(fact)
        _leave(uow, made, leaving, by=actor, at=now)
        uow.disposals.save(made)
        uow.commit()


def _leave(
    uow: UnitOfWork,
    made: DisposalList,
    leaving: Sequence[DisposalItem],
    *,
    by: Actor | None = None,
    at: datetime | None = None,
) -> None:
    """These are on the list no longer; those that are kept longer say so from now on."""
    told = {item.entry_id: item for item in leaving}
    for kept in uow.keeping.items(made.agency_id, list(told)):
        item = told[kept.entry_id]
        kept.disposal_id = None
        if item.outcome is Outcome.NEXT_ROUND:
            kept.next_survey = made.year + 1
        if item.outcome is Outcome.TO_ARCHIVES:
            kept.asked_by = made.id
        if item.longer and by is not None and at is not None and item.term.after(kept.term):
            reason = item.why or f"ตามบัญชีหนังสือขอทำลายที่ {made.serial}/{made.year}"
            uow.record(kept.extend(item.term, reason=thai_digits(reason), by=by, at=at))
        uow.keeping.save(kept)


# --- carrying it out (clause 68.5, amendment 4) -----------------------------------------------------------------------


def name_officers(office: Services, *, actor: Actor, list_id: UUID, officers: Sequence[PersonId], way: str) -> None:
    """Name at least two officers who destroy what is left on the list, and how."""
    now = office.clock.now()
    with office.uow() as uow:
        made = uow.disposals.get(actor.agency_id, list_id)
        require(may_propose_disposal(actor))
        named = officers_of(uow, actor, officers, now, "officers")
        uow.record(made.name_officers(named, way, office_date(now), by=actor, at=now))
        people = [one.person_id for one in named]
        waits_for(uow, made, people, "ยืนยันการทำลายในฐานะเจ้าหน้าที่ทำลาย", actor, now)
        uow.disposals.save(made)
        uow.commit()


def confirm(office: Services, *, actor: Actor, list_id: UUID) -> bool:
    """A named officer confirms under his own name; the last one's word destroys. True when that was done: what the
    letters said is off the shelves and the index, and their files are removed, but for those of letters that stay and
    those on hold, lent or to be kept longer at this moment; of a list of paper, nothing of a letter that is electronic.
    What somebody brought within the last hour goes later (`remove_files`)."""
    now = office.clock.now()
    with office.uow() as uow:
        made = uow.disposals.get(actor.agency_id, list_id)
        require(may_carry_out(actor, [one.person_id for one in made.officers]))
        uow.record(made.confirm(by=actor, at=now))
        did_his_part(uow, made, actor, now)
        done = not made.unconfirmed
        if done:
            for fact in _destroy(uow, made, actor, now):
                uow.record(fact)
        uow.disposals.save(made)
        uow.commit()
    if done:
        remove_files(office)
    return done


def _destroy(uow: UnitOfWork, made: DisposalList, actor: Actor, now: datetime) -> Iterator[DomainEvent]:
    items = {one.entry_id: one for one in uow.keeping.items(made.agency_id, [one.entry_id for one in made.open_items])}
    held = {entry_id: why for entry_id, item in items.items() if (why := _why_held(uow, item, made.year))}
    rest = [item for entry_id, item in items.items() if entry_id not in held]
    going = [item for item in rest if made.electronic or not item.electronic]
    printed = [(item, item.place.thai) for item in rest if item.electronic and not made.electronic]
    for item in items.values():
        item.disposal_id = None
    for item in going:
        item.destroy()
    for item, _ in printed:
        item.destroy_paper(office_date(now))
    for item in items.values():
        uow.keeping.save(item)
    gone = [Gone(item.agency_id, item.entry_id, item.subject_of) for item in going]
    lines = lines_without_files(uow, gone, made.id, by=actor, at=now)
    files = uow.disposals.destroy(made.id, gone, now)
    uow.search.put(owners_of(gone))
    yield made.carry_out(held, by=actor, at=now)
    yield from lines
    for one in gone:
        yield LetterDestroyed(at=now, by=actor, entry_id=one.entry_id, list_id=made.id, files=files[one.entry_id])
    for item, place in printed:
        yield PaperDestroyed(at=now, by=actor, entry_id=item.entry_id, list_id=made.id, place=place)


def _why_held(uow: UnitOfWork, item: KeptItem, year: int) -> str:
    if item.held_by is None:
        return item.stopped or ("" if item.term.over(year) else f"อายุการเก็บยังไม่ครบ: {item.term.thai}")
    hold = uow.keeping.hold(item.agency_id, item.held_by)
    return f"{hold.reason} ({hold.order})"
