"""The agency's own list of receivers outside the directory: put one on it, take one off."""

from __future__ import annotations

from uuid import uuid4

from saraban.domain.actor import Actor
from saraban.domain.errors import BadInput
from saraban.domain.outside_events import OutsiderAdded, OutsiderRetired
from saraban.domain.outsider import Outsider, OutsiderId, read_outsider
from saraban.domain.permissions import may_keep_outsiders, require
from saraban.usecases.ports import Services


def add_outsider(office: Services, *, actor: Actor, name: str, mailbox: str) -> Outsider:
    """Put a receiver onto the list, or back onto it; one that stands there gets the name that is given now.

    Raises BadInput by field for a name or an address that cannot be, and for an address of the directory.
    """
    name, mailbox = read_outsider(name, mailbox)
    now = office.clock.now()
    require(may_keep_outsiders(actor))
    with office.uow() as uow:
        if uow.agencies.get(actor.agency_id).mailbox.lower() == mailbox:
            raise BadInput({"mailbox": "เป็นกล่องไปรษณีย์กลางของส่วนราชการของท่านเอง"})
        known = uow.directory.by_mailbox(mailbox)
        if known is not None:
            raise BadInput({"mailbox": f"ที่อยู่นี้คือ{known.name} ซึ่งอยู่ในทำเนียบแล้ว เลือกจากรายการผู้รับ"})
        outsider = uow.outsiders.by_mailbox(actor.agency_id, mailbox)
        if outsider is None:
            outsider = Outsider(OutsiderId(uuid4()), actor.agency_id, name, mailbox, now, actor.name)
            uow.outsiders.add(outsider)
        elif outsider.active and outsider.name == name:
            return outsider
        else:
            outsider.name, outsider.active = name, True
            uow.outsiders.save(outsider)
        uow.record(OutsiderAdded(at=now, by=actor, thing_id=outsider.id, mailbox=mailbox, called=name))
        uow.commit()
    return outsider


def retire_outsider(office: Services, *, actor: Actor, outsider_id: OutsiderId) -> None:
    """Take a receiver off the list. What was sent there keeps it; drafts to it must choose another."""
    require(may_keep_outsiders(actor))
    with office.uow() as uow:
        outsider = uow.outsiders.get(actor.agency_id, outsider_id)
        if not outsider.active:
            return
        outsider.active = False
        uow.outsiders.save(outsider)
        now = office.clock.now()
        uow.record(OutsiderRetired(at=now, by=actor, thing_id=outsider.id, mailbox=outsider.mailbox))
        uow.commit()
