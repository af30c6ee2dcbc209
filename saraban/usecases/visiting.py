"""Outsiders who look at kept letters, or copy them (clause 65): asked for, permitted, shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

from saraban.domain.actor import Actor
from saraban.domain.agency import PersonId, PositionRole
from saraban.domain.calendar import office_date
from saraban.domain.errors import BadInput, RuleBroken
from saraban.domain.keeping import KeepingState
from saraban.domain.notice import OF_A_VISIT, About, Notice, NoticeKind
from saraban.domain.permissions import (
    may_ask_for_visitor,
    may_permit_visit,
    may_see_visit,
    may_show_to_visitor,
    require,
)
from saraban.domain.permissions.refusal import Refusal
from saraban.domain.register import EntryId, EntryState, RegisterEntry
from saraban.domain.visit import Visit
from saraban.exchange.visit_mail import VisitAnswer, visit_answer
from saraban.usecases.books import UnitOfWork
from saraban.usecases.notices import holders_in, visit_keepers
from saraban.usecases.outgoing import OutboxItem
from saraban.usecases.ports import Services

MAIL_LIFE = timedelta(days=3)


@dataclass(frozen=True)
class Visitor:
    """Who wants to look: the name, by what he shows who he is, what for, whether he wants copies, the day on which he
    wants to come, and the mailbox to which the answer goes."""

    name: str
    evidence: str
    purpose: str
    copies: bool = False
    comes_on: date | None = None
    mail: str = ""


def ask(office: Services, *, actor: Actor, entry_id: EntryId, visitor: Visitor) -> UUID:
    """Write down that an outsider wants to look at a letter. Raises NotPermitted, BadInput, RuleBroken."""
    now = office.clock.now()
    with office.uow() as uow:
        entry = uow.registers.get(actor.agency_id, entry_id)
        require(may_ask_for_visitor(actor, entry.secrecy))
        item = next(iter(uow.keeping.items(actor.agency_id, [entry.id])), None)
        if entry.state is not EntryState.USED or (item is not None and item.state.gone):
            raise RuleBroken("ดูได้เฉพาะหนังสือที่ยังเก็บอยู่", code="gone")
        made = Visit(
            *(uuid4(), actor.agency_id, entry.id, entry.unit_id, visitor.name.strip(), visitor.evidence.strip()),
            purpose=visitor.purpose.strip(),
            copies=visitor.copies,
            asked_at=now,
            asked_by=actor.name,
            asker_id=actor.person_id,
            comes_on=visitor.comes_on,
            mail=visitor.mail.strip().lower(),
        )
        uow.record(made.asked(by=actor))
        uow.visits.add(made)
        permit, keep = _who_permit(uow, made, now), visit_keepers(uow.agencies, made, office_date(now))
        _tell(uow, made, entry, permit, NoticeKind.VISIT, "รอท่านอนุญาต", actor, now)
        others = [one for one in keep if one not in permit]
        _tell(uow, made, entry, others, NoticeKind.VISIT, "รอหัวหน้าอนุญาต", actor, now)
        uow.commit()
    return made.id


def permit(office: Services, *, actor: Actor, visit_id: UUID) -> None:
    """Let it be looked at; who asked is told, by mail where he has a mailbox."""
    now = office.clock.now()
    with office.uow() as uow:
        visit, entry = _visit(uow, actor, visit_id)
        require(may_permit_visit(actor, visit.unit_id, entry.secrecy))
        uow.record(visit.permit(by=actor, at=now))
        uow.visits.save(visit)
        _answered(uow, visit, entry, actor, now)
        uow.commit()


def refuse(office: Services, *, actor: Actor, visit_id: UUID, reason: str) -> None:
    """Do not, and say why; who asked is told as well."""
    now = office.clock.now()
    with office.uow() as uow:
        visit, entry = _visit(uow, actor, visit_id)
        require(may_permit_visit(actor, visit.unit_id, entry.secrecy))
        uow.record(visit.refuse(reason, by=actor, at=now))
        uow.visits.save(visit)
        _answered(uow, visit, entry, actor, now)
        uow.commit()


def show(office: Services, *, actor: Actor, visit_id: UUID, on: date | None = None, copied: str = "") -> None:
    """It was looked at today, or on that day, while the officer was there; and what was copied. Raises BadInput for a
    day to come."""
    now = office.clock.now()
    today = office_date(now)
    if on is not None and on > today:
        raise BadInput({"on": "วันที่ดูอยู่ในอนาคต"})
    with office.uow() as uow:
        visit, entry = _visit(uow, actor, visit_id)
        require(_shows(uow, actor, visit, entry))
        uow.record(visit.show(on or today, copied, by=actor, at=now))
        uow.visits.save(visit)
        uow.notices.settle(visit.id, OF_A_VISIT, now)
        uow.commit()


def nobody_came(office: Services, *, actor: Actor, visit_id: UUID) -> None:
    """It is over without anybody having come."""
    now = office.clock.now()
    with office.uow() as uow:
        visit, entry = _visit(uow, actor, visit_id)
        require(_shows(uow, actor, visit, entry))
        uow.record(visit.nobody_came(by=actor, at=now))
        uow.visits.save(visit)
        uow.notices.settle(visit.id, OF_A_VISIT, now)
        uow.commit()


def _visit(uow: UnitOfWork, actor: Actor, visit_id: UUID) -> tuple[Visit, RegisterEntry]:
    visit = uow.visits.get(actor.agency_id, visit_id)
    require(may_see_visit(actor, visit))
    return visit, uow.registers.get(actor.agency_id, EntryId(visit.entry_id))


def _shows(uow: UnitOfWork, actor: Actor, visit: Visit, entry: RegisterEntry) -> Refusal | None:
    item = next(iter(uow.keeping.items(actor.agency_id, [entry.id])), None)
    stored = item is not None and item.state is KeepingState.STORED
    return may_show_to_visitor(actor, visit.unit_id, entry.secrecy, stored=stored)


# --- who is told ------------------------------------------------------------------------------------------------------


def _who_permit(uow: UnitOfWork, visit: Visit, now: datetime) -> list[PersonId]:
    """The directors of the unit whose letter it is; the head where there is none."""
    role, today = PositionRole.DIRECTOR, office_date(now)
    directors = holders_in(uow.agencies, visit.agency_id, role, today, visit.unit_id) if visit.unit_id else []
    return directors or holders_in(uow.agencies, visit.agency_id, PositionRole.HEAD, today)


def _answered(uow: UnitOfWork, visit: Visit, entry: RegisterEntry, actor: Actor, now: datetime) -> None:
    """The permission is given or not: who asked and who keep hear of it, and the visitor by mail."""
    uow.notices.settle(visit.id, OF_A_VISIT, now)
    keep = visit_keepers(uow.agencies, visit, office_date(now))
    people = [*keep, visit.asker_id] if visit.asker_id is not None else keep
    _tell(uow, visit, entry, people, NoticeKind.VISIT_ANSWERED, "", actor, now)
    if not visit.mail:
        return
    agency = uow.agencies.get(visit.agency_id)
    told = VisitAnswer(
        id=visit.id,
        agency=agency.name,
        mailbox=agency.mailbox,
        to_name=visit.visitor,
        to_mailbox=visit.mail,
        letter=f"ที่ {entry.number}" if entry.number else f"เลขทะเบียน {entry.serial}/{entry.year}",
        asked_on=office_date(visit.asked_at),
        copies=visit.copies,
        comes_on=visit.comes_on,
        reason=visit.reason,
    )
    mail = visit_answer(told, now)
    uow.outbox.put(OutboxItem(uuid4(), agency.id, agency.code, mail.kind, visit.id, mail, now + MAIL_LIFE), now)


def _tell(
    uow: UnitOfWork,
    visit: Visit,
    entry: RegisterEntry,
    people: Sequence[PersonId],
    kind: NoticeKind,
    deed: str,
    actor: Actor,
    now: datetime,
) -> None:
    told = {"by": actor.name, "deed": deed, "state": visit.state.value, "subject": entry.subject}
    told |= {"due": visit.comes_on.isoformat()} if visit.comes_on else {}
    about, occasion = (About.VISIT, visit.id), visit.state.value
    uow.notices.tell(
        [
            Notice(visit.agency_id, person, kind, *about, occasion, now, told=told)
            for person in dict.fromkeys(people)
            if person != actor.person_id
        ]
    )
