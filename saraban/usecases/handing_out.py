"""Whom a letter can be given to, and giving it to them: what assigning and registering have in common."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from saraban.domain.actor import Actor
from saraban.domain.agency import PersonId, PositionId, PositionRole, Unit, UnitId
from saraban.domain.attachment import Digest
from saraban.domain.calendar import office_date
from saraban.domain.endorsing import Deed, Endorsement, give, write_on
from saraban.domain.errors import BadInput, NotFound
from saraban.domain.incoming import IncomingLetter
from saraban.domain.task import MOST_RECEIVERS, Purpose, Receiver, Task, TaskState
from saraban.usecases.books import UnitOfWork

_WORKS = (PositionRole.CLERK, PositionRole.DIRECTOR, PositionRole.HEAD)


def of_unit(unit: Unit, *, cleared: bool = False) -> Receiver:
    """The unit itself: whoever works in it takes what comes."""
    return Receiver(unit.id, unit.name, unit.name, cleared=cleared)


def receivers(
    uow: UnitOfWork,
    letter: IncomingLetter,
    wanted: Mapping[Purpose, Sequence[str]],
    on: date,
    *,
    besides: Sequence[str] = (),
) -> list[tuple[Purpose, Receiver]]:
    """The receivers of these words (`unit:…`, `position:…`, `person:…`), each with its purpose. Raises BadInput by the
    purpose's name for a word that names nobody of the agency, one that stands twice or in `besides`, a unit or an
    officer who may not know of a classified letter; and for too many or none."""
    if not any(wanted.values()):
        raise BadInput({Purpose.ACTION.value: "เลือกผู้รับอย่างน้อยหนึ่งหน่วยงานหรือหนึ่งคน"})
    if sum(map(len, wanted.values())) > MOST_RECEIVERS:
        raise BadInput({Purpose.ACTION.value: "เกษียนครั้งหนึ่งได้ไม่เกิน ๖๐ ผู้รับ"})
    found: list[tuple[Purpose, Receiver]] = []
    wrong: dict[str, str] = {}
    seen: set[str] = set()
    for purpose, words in wanted.items():
        for word in words:
            try:
                one = _receiver(uow, letter, word, on)
            except (NotFound, ValueError):
                wrong[purpose.value] = "เลือกผู้รับจากรายการ มีผู้รับที่ไม่พบในส่วนราชการนี้"
                continue
            if word in seen:
                wrong[purpose.value] = f"{one.name} เลือกไว้ซ้ำ"
            elif word in besides:
                wrong[purpose.value] = f"{one.name} คือท่านเอง เลือกผู้รับอื่น"
            elif not letter.secrecy.is_open and not one.cleared:
                wrong[purpose.value] = f"{one.name} ไม่ได้รับอนุญาตให้รู้หนังสือชั้นความลับ เลือกตำแหน่งที่ได้รับอนุญาต"
            seen.add(word)
            found.append((purpose, one))
    if wrong:
        raise BadInput(wrong)
    return found


def hand_out(
    uow: UnitOfWork,
    letter: IncomingLetter,
    to: Sequence[tuple[Purpose, Receiver]],
    *,
    note: str,
    due: date | None,
    by: Actor,
    at: datetime,
    parent: Task | None = None,
    seen: Digest | None = None,
    under: str = "",
) -> Endorsement:
    """Write on the letter and give each receiver a task. From `parent` the work goes on: it is handed over when its own
    purpose, or action, goes with it, and stays in hand when others are only asked or told."""
    before = uow.tasks.written(letter.agency_id, letter.id)
    written, fact = write_on(
        letter, before, deed=Deed.ENDORSED, note=note, by=by, at=at, to=to, due=due, seen=seen, under=under
    )
    uow.tasks.write(written)
    uow.record(fact)
    given = []
    for ordinal, (purpose, receiver) in enumerate(to, len(letter.tasks) + 1):
        task, told = give(written, purpose, receiver, ordinal=ordinal, parent=parent, by=by, at=at)
        given.append(task)
        uow.record(told)
    uow.tasks.add(*given, under=under)
    letter.tasks.extend(given)
    if parent is None:
        _hear(uow, letter)
    elif parent.purpose is Purpose.INFORMATION or {parent.purpose, Purpose.ACTION} & {purpose for purpose, _ in to}:
        parent.hand_over(by=by, at=at)
        uow.tasks.save(parent)
    elif parent.state is TaskState.OPEN:
        uow.record(parent.take(by=by, at=at))
        uow.tasks.save(parent)
    return written


def by_standing_order(uow: UnitOfWork, letter: IncomingLetter, *, by: Actor, at: datetime) -> Endorsement | None:
    """Give a letter that was registered just now to the unit to which a standing order sends it: of several that cover
    it the one that says most. None when none does; a classified letter never goes by itself."""
    covering = [order for order in uow.standing_orders.standing(letter.agency_id) if order.covers(letter)]
    if not covering:
        return None
    order = max(covering, key=lambda one: one.weight)
    to = [(order.purpose, of_unit(uow.agencies.unit(letter.agency_id, order.unit_id)))]
    return hand_out(uow, letter, to, note=order.note, due=None, by=by, at=at, under=order.called)


def expect_day(due: date | None, at: datetime) -> None:
    """Raise BadInput for a day that is over."""
    if due is not None and due < office_date(at):
        raise BadInput({"due": "วันที่กำหนดผ่านไปแล้ว"})


def _hear(uow: UnitOfWork, letter: IncomingLetter) -> None:
    """What came back to the clerk is given to others now."""
    for task in letter.tasks:
        if task.state is TaskState.RETURNED and not task.heard:
            task.heard = True
            uow.tasks.save(task)


def _receiver(uow: UnitOfWork, letter: IncomingLetter, word: str, on: date) -> Receiver:
    agency_id = letter.agency_id
    kind, _, rest = word.partition(":")
    if kind == "unit":
        unit = uow.agencies.unit(agency_id, UnitId(UUID(rest)))
        return of_unit(unit, cleared=not letter.secrecy.is_open and _has_cleared(uow, unit, on))
    if kind == "position":
        post = uow.agencies.post(agency_id, PositionId(UUID(rest)), on)
        title, unit = post.position.title, post.unit
        return Receiver(unit.id, unit.name, title, position_id=post.position.id, cleared=post.position.clearance)
    if kind == "person":
        found = uow.people.actor(PersonId(UUID(rest)), on)
        if found is None or found.agency_id != agency_id or found.unit_id is None:
            raise NotFound
        name = f"{found.name} ({found.title})"
        return Receiver(found.unit_id, found.unit_name, name, person_id=found.person_id, cleared=found.clearance)
    raise ValueError(word)


def _has_cleared(uow: UnitOfWork, unit: Unit, on: date) -> bool:
    """Does anybody of the unit read what is classified?"""
    posts = (post for role in _WORKS for post in uow.agencies.posts(unit.agency_id, role, on))
    return any(post.unit.id == unit.id and post.position.clearance and post.holder is not None for post in posts)
