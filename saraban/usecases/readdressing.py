"""A receiver outside the directory whose address was wrong: the letter goes to the right one, and what became of the
first sending stays as evidence."""

from __future__ import annotations

from datetime import datetime
from uuid import uuid4

from saraban.domain.actor import Actor
from saraban.domain.dispatch import ADDRESS_CORRECTED, Dispatch, DispatchId
from saraban.domain.errors import BadInput
from saraban.domain.letter import Letter
from saraban.domain.outside_events import DispatchReaddressed, OutsiderAdded, OutsiderRetired
from saraban.domain.outsider import Outsider, OutsiderId, read_outsider
from saraban.domain.permissions import forbid_dispatch, may_dispatch, require
from saraban.usecases.books import UnitOfWork
from saraban.usecases.ports import Services
from saraban.usecases.receivers import dispatch_to, require_seal
from saraban.usecases.replacing import follow_address


def correct_address(office: Services, *, actor: Actor, dispatch_id: DispatchId, name: str, mailbox: str) -> Dispatch:
    """แก้ที่อยู่แล้วส่งใหม่: a new dispatch to the corrected receiver, in place of whatever the old one should replace; the
    old one is closed with the reason, and its address goes off the agency's list.

    Raises BadInput by field (`name`, `mailbox`), StageNotAllowed for a dispatch that did not fail or that goes to an
    agency of the directory, and RuleBroken when the agency has no seal.
    """
    name, mailbox = read_outsider(name, mailbox)
    now = office.clock.now()
    with office.uow() as uow:
        old = uow.dispatches.get(actor.agency_id, dispatch_id)
        letter = uow.letters.get(actor.agency_id, old.letter_id)
        require(may_dispatch(actor, letter))
        forbid_dispatch(letter)
        old.may_be_readdressed()
        _expect_new(uow, letter, old, mailbox)
        agency = uow.agencies.get(actor.agency_id)
        if mailbox == agency.mailbox.lower():
            raise BadInput({"mailbox": "เป็นกล่องไปรษณีย์กลางของส่วนราชการของท่านเอง"})
        require_seal(office, agency, now)
        _on_the_list(uow, actor, old, name, mailbox, now)
        outsider = uow.outsiders.by_mailbox(actor.agency_id, mailbox)
        assert outsider is not None
        new = dispatch_to(letter, outsider.code, outsider.as_correspondent(), now)
        new.replaces = old.replaces
        old.close(f"{ADDRESS_CORRECTED}{mailbox}", now)
        uow.outbox.stop(actor.agency_id, old.id)
        uow.dispatches.save(old)
        uow.dispatches.add(new)
        follow_address(uow, letter, new, by=actor, at=now)
        uow.record(
            DispatchReaddressed(
                at=now, by=actor, letter_id=letter.id, dispatch_id=old.id, to=old.to_mailbox, mailbox=mailbox
            )
        )
        uow.commit()
    return new


def _expect_new(uow: UnitOfWork, letter: Letter, old: Dispatch, mailbox: str) -> None:
    """Raise BadInput for the address that failed, one that the letter went to, and one of the directory."""
    if mailbox == old.to_mailbox.lower():
        raise BadInput({"mailbox": "เป็นที่อยู่เดิมที่ส่งไม่ถึง ถ้าจะลองที่อยู่เดิมกด “ส่งอีกครั้ง”"})
    known = uow.directory.by_mailbox(mailbox)
    if known is not None:
        raise BadInput({"mailbox": f"ที่อยู่นี้คือ{known.name} ซึ่งอยู่ในทำเนียบ กดร่างฉบับแก้ไข แล้วเลือกเป็นผู้รับ"})
    sent = uow.dispatches.last_to(letter.agency_id, mailbox, letter.created_at)
    if mailbox in letter.content.recipients or any(one.letter_id == letter.id for one in sent):
        raise BadInput({"mailbox": "หนังสือนี้ส่งถึงที่อยู่นี้แล้ว"})


def _on_the_list(uow: UnitOfWork, actor: Actor, old: Dispatch, name: str, mailbox: str, now: datetime) -> None:
    """The right address comes onto the agency's list of receivers, and the wrong one goes off it."""
    wrong = uow.outsiders.by_mailbox(actor.agency_id, old.to_code)
    if wrong is not None and wrong.active:
        wrong.active = False
        uow.outsiders.save(wrong)
        uow.record(OutsiderRetired(at=now, by=actor, thing_id=wrong.id, mailbox=wrong.mailbox))
    right = uow.outsiders.by_mailbox(actor.agency_id, mailbox)
    if right is not None and right.active and right.name == name:
        return
    if right is None:
        right = Outsider(OutsiderId(uuid4()), actor.agency_id, name, mailbox, now, actor.name)
        uow.outsiders.add(right)
    else:
        right.name, right.active = name, True
        uow.outsiders.save(right)
    uow.record(OutsiderAdded(at=now, by=actor, thing_id=right.id, mailbox=mailbox, called=name))
