"""Mail that answers a letter of ours: it is kept and shown, and a person's reply waits for a clerk who reads it."""

from __future__ import annotations

from datetime import datetime
from uuid import uuid5

from saraban.domain.actor import Actor
from saraban.domain.dispatch import Dispatch, Evidence, EvidenceKind
from saraban.exchange.parse import InboundMessage
from saraban.exchange.replies import answers, by_machine, own_words, same_house
from saraban.usecases.books import InboxItem, UnitOfWork
from saraban.usecases.ports import Services

REPLY, AUTO_REPLY = "reply", "auto-reply"
"""The steps of evidence that a person or a machine wrote: shown, and no rung."""


def take_reply(office: Services, item: InboxItem, message: InboundMessage) -> bool:
    """Keep a mail that answers a dispatch as evidence of the class `reply`. False when it answers none, and when it has
    files: those may be a letter of the receiver's own, which a clerk has to see as well.

    No reply moves a dispatch by itself. One that a person wrote from the mailbox that was written to or its house asks
    to be read while the dispatch waits: a clerk then writes down what it confirms (docs/wire.md, section 7).
    """
    if message.saraban is not None or message.bounce is not None or _carries_wire(message):
        return False
    now = office.clock.now()
    with office.uow() as uow:
        dispatch = _dispatch(uow, item, message)
        if dispatch is None or uow.agencies.get(item.agency_id).mailbox.lower() == message.from_address:
            return False
        machine = by_machine(message)
        whole = machine or not message.files
        _note(uow, item, dispatch, message, machine, now)
        if whole:
            uow.inbox.decide(item, "acknowledged", "ตอบกลับอัตโนมัติ" if machine else "อีเมลตอบของผู้รับ", now)
        uow.commit()
    return whole


def _carries_wire(message: InboundMessage) -> bool:
    return any(said is not None for said in (message.manifest, message.statement, message.reconcile, message.lookup))


def _dispatch(uow: UnitOfWork, item: InboxItem, message: InboundMessage) -> Dispatch | None:
    for dispatch_id, by_program in answers(message):
        dispatch = uow.dispatches.find(item.agency_id, dispatch_id)
        # An id that somebody wrote is believed from the receiver alone.
        if dispatch is not None and (by_program or same_house(message.from_address, dispatch.to_mailbox)):
            return dispatch
    return None


def _note(
    uow: UnitOfWork, item: InboxItem, dispatch: Dispatch, message: InboundMessage, machine: bool, now: datetime
) -> None:
    theirs = same_house(message.from_address, dispatch.to_mailbox)
    opened = message.report is not None
    evidence = Evidence(
        # Of the bytes and not of the row: the same reply may be fetched again when the folder is numbered anew.
        id=uuid5(dispatch.id, f"reply {item.sha256}"),
        agency_id=item.agency_id,
        dispatch_id=dispatch.id,
        step=AUTO_REPLY if machine else REPLY,
        kind=EvidenceKind.REPLY,
        at=item.taken_at,
        noted_at=now,
        text=_words(message, opened=opened, theirs=theirs or machine),
        counts=False,
        statement={
            "from": {"mailbox": message.from_address, "name": message.from_name},
            "subject": message.subject[:500],
        },
        raw=item.sha256,
    )
    if not uow.dispatches.note(evidence):
        return
    gateway = Actor.gateway(item.agency_id)
    uow.record(dispatch.show(evidence, reason=evidence.text[:200], by=gateway, at=now))
    if theirs and not machine and dispatch.ask_to_be_read():
        uow.dispatches.save(dispatch)


def _words(message: InboundMessage, *, opened: bool, theirs: bool) -> str:
    if opened:
        return "โปรแกรมไปรษณีย์ของผู้รับแจ้งว่าเปิดหรือจัดการไปรษณีย์นี้แล้ว"
    words = own_words(message.text) or "(ไม่มีข้อความ)"
    return words if theirs else f"ตอบจากที่อยู่อื่น ({message.from_address}) ไม่ใช่ผู้รับของการส่งนี้: {words}"
