"""Depositing letters with an archive by form 23, and taking them back (clause 60)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID, uuid4

from saraban.domain.actor import Actor
from saraban.domain.calendar import RegisterYear, office_date
from saraban.domain.deposit import DepositKeeper, DepositLine, DepositList
from saraban.domain.deposit_events import DepositDrawn, LetterDeposited, LetterTakenBack
from saraban.domain.errors import BadInput
from saraban.domain.permissions import may_accept_deposit, may_deposit, require
from saraban.domain.register import EntryId, RegisterEntry
from saraban.usecases.archive import DEPOSIT
from saraban.usecases.books import UnitOfWork
from saraban.usecases.kept import MASKED, of_one_unit
from saraban.usecases.ports import Services


def draw(
    office: Services, *, actor: Actor, entry_ids: Sequence[EntryId], keeper: DepositKeeper, note: str = ""
) -> UUID:
    """Draw up บัญชีฝากหนังสือ (form 23) of letters of one unit that are finished, in the order of their dates. Raises
    NotPermitted, BadInput, StageNotAllowed."""
    now = office.clock.now()
    year = RegisterYear.containing(now).buddhist
    with office.uow() as uow:
        unit, found = of_one_unit(uow, actor, entry_ids)
        list_id, lines = uuid4(), []
        for entry, item in found:
            item.deposit(list_id)
            uow.keeping.save(item)
            lines.append(_line(entry, item.file_code, note or item.mark))
        serial = uow.keeping.next_numbers(actor.agency_id, DEPOSIT, year)
        head = (list_id, actor.agency_id, unit.id, unit.name, keeper, year, serial, tuple(lines))
        made = DepositList(*head, made_at=now, made_by=actor.name, made_title=actor.title)
        uow.deposits.add(made)
        uow.record(DepositDrawn(at=now, by=actor, thing_id=list_id, keeper=keeper.value, items=len(lines)))
        uow.commit()
    return list_id


def _line(entry: RegisterEntry, file_code: str, note: str) -> DepositLine:
    number = f"{entry.serial}/{entry.year}" if entry.kind.incoming else ""
    if not entry.secrecy.is_open:
        return DepositLine(entry.id, file_code, "", None, number, MASKED, note)
    return DepositLine(entry.id, file_code, entry.number, entry.letter_date, number, entry.subject, note)


def accept(
    office: Services, *, actor: Actor, list_id: UUID, acceptor: str = "", title: str = "", on: date | None = None
) -> None:
    """The keeper took them in and signed: today, or on that day."""
    now = office.clock.now()
    today = office_date(now)
    if on is not None and on > today:
        raise BadInput({"on": "วันที่รับฝากอยู่ในอนาคต"})
    with office.uow() as uow:
        made = uow.deposits.get(actor.agency_id, list_id)
        require(may_accept_deposit(actor))
        uow.record(made.accept(acceptor, title, on or today, by=actor, at=now))
        for line in made.lines:
            fact = LetterDeposited(at=now, by=actor, entry_id=line.entry_id, list_id=list_id, keeper=made.keeper.value)
            uow.record(fact)
        uow.deposits.save(made)
        uow.commit()


def refuse(office: Services, *, actor: Actor, list_id: UUID, reason: str) -> None:
    """They are not taken in; they stay where they were."""
    with office.uow() as uow:
        made = uow.deposits.get(actor.agency_id, list_id)
        require(may_accept_deposit(actor))
        uow.record(made.refuse(reason, by=actor, at=office.clock.now()))
        _let_go(uow, made, [line.entry_id for line in made.lines])
        uow.deposits.save(made)
        uow.commit()


def take_back(office: Services, *, actor: Actor, list_id: UUID, entry_ids: Sequence[UUID], evidence: str) -> None:
    """The depositor has these again, by clear evidence. Raises NotPermitted for anybody else, and BadInput."""
    now = office.clock.now()
    with office.uow() as uow:
        made = uow.deposits.get(actor.agency_id, list_id)
        require(may_deposit(actor, made.unit_id))
        for line in made.take_back(entry_ids, evidence, office_date(now)):
            told = LetterTakenBack(at=now, by=actor, entry_id=line.entry_id, list_id=list_id, evidence=line.evidence)
            uow.record(told)
        _let_go(uow, made, entry_ids)
        uow.deposits.save(made)
        uow.commit()


def _let_go(uow: UnitOfWork, made: DepositList, entry_ids: Sequence[UUID]) -> None:
    for item in uow.keeping.items(made.agency_id, entry_ids):
        item.deposit_id = None
        uow.keeping.save(item)
