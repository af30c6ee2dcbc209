"""What others say about our dispatches: sealed receipts and delivery notices move them on their ladder."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from saraban.domain.actor import Actor
from saraban.domain.attachment import Digest
from saraban.domain.calendar import office_date
from saraban.domain.dispatch import SERVER_SAID, Dispatch, DispatchState, Evidence, EvidenceKind
from saraban.domain.dispatch_events import DispatchAdvanced
from saraban.domain.events import MailDiscarded, WitnessKept
from saraban.domain.receipt import ReasonCode, Receipt, Step
from saraban.domain.signature import SignatureStatus
from saraban.exchange.bounces import Bounce
from saraban.exchange.parse import InboundMessage
from saraban.exchange.receipts import statement_bytes
from saraban.exchange.thai import thai_digits
from saraban.usecases.answering import judged_seal, statement_in
from saraban.usecases.books import InboxItem, UnitOfWork
from saraban.usecases.issued_notices import tell_of_lost_mail
from saraban.usecases.ports import Services
from saraban.usecases.replacing import settle_place

_DAMAGED = {ReasonCode.FILE_DAMAGED, ReasonCode.FILE_MISSING}
_MOST_RESENDS = 2
_LATELY = timedelta(days=5)
"""How long servers try before they give up (RFC 5321, section 4.5.4.1)."""
_RECALL_ANSWERS = (Step.RECALLED, Step.RECALL_REFUSED)


def acknowledge_receipt(office: Services, item: InboxItem, message: InboundMessage) -> bool:
    """Apply a sealed statement to its dispatch. False when the message carries none that can be read.

    It counts only when its seal verifies, it comes from the agency that the dispatch went to, and it names our
    manifest; otherwise it is kept and shown and moves nothing (wire, section 4).
    """
    receipt = statement_in(message)
    if receipt is None:
        return False
    now = office.clock.now()
    _, status = judged_seal(office, receipt.from_code, message.statement, message.statement_p7s, now)
    with office.uow() as uow:
        dispatch = uow.dispatches.find(item.agency_id, receipt.of)
        if dispatch is None:
            _discard(uow, item, "ใบตอบรับของการส่งที่ไม่ใช่ของส่วนราชการนี้", now)
        else:
            _apply(uow, item, dispatch, receipt, status, message, now)
        uow.commit()
    return True


def acknowledge_bounce(office: Services, item: InboxItem, message: InboundMessage) -> bool:
    """Apply a delivery status notification (RFC 3464) to its dispatch, or to the link of a holder. False when it is
    none, or of neither."""
    bounce = message.bounce
    if bounce is None:
        return False
    dispatch_id = _dispatch_of(bounce)
    now = office.clock.now()
    with office.uow() as uow:
        dispatch = uow.dispatches.find(item.agency_id, dispatch_id) if dispatch_id else None
        if dispatch is None and not (bounce.envid or bounce.original_message_id):
            dispatch = _by_address(uow, item, bounce, now)
        if dispatch is None and _holder_mail_came_back(uow, item, bounce, now):
            uow.commit()
            return True
        if dispatch is None:
            if bounce.action in ("delivered", "relayed", "expanded", "delayed"):
                _discard(uow, item, f"แจ้งผลการนำส่ง: {bounce.thai}", now)
                uow.commit()
                return True
            return _bounced_receipt(uow, item, bounce, now)
        _apply_bounce(uow, item, dispatch, bounce, now)
        uow.inbox.decide(item, "acknowledged", bounce.action, now)
        uow.commit()
    return True


def _apply(
    uow: UnitOfWork,
    item: InboxItem,
    dispatch: Dispatch,
    receipt: Receipt,
    status: SignatureStatus,
    message: InboundMessage,
    now: datetime,
) -> None:
    doubt = _doubt(dispatch, receipt, status, message)
    evidence = Evidence(
        id=receipt.id,
        agency_id=item.agency_id,
        dispatch_id=dispatch.id,
        step=receipt.step.value,
        kind=EvidenceKind.RECEIPT,
        at=receipt.at,
        noted_at=now,
        text=doubt or _words(receipt),
        counts=not doubt and not receipt.step.is_notice,
        verdict=status.as_dict(),
        statement=_statement_values(receipt),
        raw=item.sha256,
    )
    if not evidence.counts:
        # A forged statement must not take the place of the true one that bears the same id.
        evidence = _beside(evidence, item)
    uow.inbox.decide(item, "acknowledged", doubt, now)
    if not doubt:
        _keep_witness(uow, item, receipt, now)
    if not uow.dispatches.note(evidence):
        return
    before = dispatch.state
    if not doubt and receipt.step in _RECALL_ANSWERS:
        dispatch.note_recall_answer(receipt.step)
    if evidence.counts:
        dispatch.climb(uow.dispatches.evidence(dispatch))
        if dispatch.state is not DispatchState.QUEUED:
            dispatch.failure = ""
        settle_place(uow, dispatch, before, by=Actor.gateway(item.agency_id), at=now)
    _send_again_if_damaged(uow, dispatch, receipt, status, now)
    uow.dispatches.save(dispatch)
    _record(uow, item, dispatch, evidence, before is not dispatch.state, now)


def _keep_witness(uow: UnitOfWork, item: InboxItem, receipt: Receipt, now: datetime) -> None:
    """Keep the root of the other's last close that came under its good seal: its register can be held to it later. A
    day that is still to come cannot have been closed."""
    witness = receipt.witness
    if witness is None or witness.day > office_date(now):
        return
    kept = uow.closes.witness(
        item.agency_id,
        receipt.from_code,
        given=False,
        day=witness.day,
        root=Digest(witness.root),
        previous=Digest(witness.previous) if witness.previous else None,
        receipt_id=receipt.id,
        raw=item.sha256,
        at=now,
    )
    if kept:
        gateway = Actor.gateway(item.agency_id)
        uow.record(WitnessKept(at=now, by=gateway, of=receipt.from_code, day=witness.day, root=witness.root))


def _doubt(dispatch: Dispatch, receipt: Receipt, status: SignatureStatus, message: InboundMessage) -> str:
    if not status.good:
        return f"ใบตอบรับไม่ผ่านการตรวจ: {status.why_not}"
    if receipt.from_code != dispatch.to_code:
        return "ใบตอบรับไม่ได้มาจากผู้รับของการส่งนี้"
    if receipt.from_mailbox.lower() != message.from_address.lower():
        return "ใบตอบรับไม่ได้มาจากกล่องไปรษณีย์กลางของผู้รับ"
    if receipt.manifest_sha256 != dispatch.manifest_sha256:
        return "ใบตอบรับกล่าวถึงบัญชีแนบซองอื่น ไม่ใช่ของการส่งนี้"
    if receipt.step is Step.UNDELIVERED:
        # Negative evidence is our own gateway's to state; a receiver that answers has the letter or refuses it.
        return "ผู้รับแจ้งแทนผู้ส่งไม่ได้ว่าไม่มีหลักฐานการรับ"
    return ""


def _beside(evidence: Evidence, item: InboxItem) -> Evidence:
    return replace(evidence, id=uuid5(evidence.id, item.sha256.hex))


def _words(receipt: Receipt) -> str:
    if receipt.register is not None:
        by = f" โดย {receipt.register.by}" if receipt.register.by else ""
        return f"ลงรับเลขที่ {thai_digits(receipt.register.number)}{by}"
    if receipt.forwarded_to is not None:
        return f"ส่งต่อถึง {receipt.forwarded_to[1]}"
    if receipt.step is Step.RECALL_REFUSED and receipt.reason is not None and receipt.reason.text:
        return receipt.reason.text
    if receipt.reason is not None:
        return f"{receipt.reason.code.thai} {receipt.reason.text}".strip()
    return ""


def _statement_values(receipt: Receipt) -> dict[str, object]:
    values = json.loads(statement_bytes(receipt))
    assert isinstance(values, dict)
    return values


def _send_again_if_damaged(
    uow: UnitOfWork, dispatch: Dispatch, receipt: Receipt, status: SignatureStatus, now: datetime
) -> None:
    if receipt.step is not Step.INVALID or receipt.reason is None or not status.good:
        return
    damaged = receipt.reason.code in _DAMAGED or receipt.manifest_sha256 != dispatch.manifest_sha256
    known = receipt.from_code == dispatch.to_code
    wanted = dispatch.stopped_at is None and dispatch.recall_asked_at is None
    may_resend = damaged and known and wanted and dispatch.resends < _MOST_RESENDS
    if may_resend and uow.outbox.again(dispatch.agency_id, dispatch.id, now):
        dispatch.resends += 1


def _record(
    uow: UnitOfWork, item: InboxItem, dispatch: Dispatch, evidence: Evidence, moved: bool, now: datetime
) -> None:
    gateway = Actor.gateway(item.agency_id)
    if moved:
        uow.record(
            DispatchAdvanced(
                at=now,
                by=gateway,
                letter_id=dispatch.letter_id,
                dispatch_id=dispatch.id,
                to=dispatch.to_code,
                state=dispatch.state.value,
                number=dispatch.register_number,
            )
        )
        return
    uow.record(dispatch.show(evidence, reason=evidence.text, by=gateway, at=now))


def _dispatch_of(bounce: Bounce) -> UUID | None:
    for text in (bounce.envid, (bounce.original_message_id or "").strip("<>").partition("@")[0]):
        if not text:
            continue
        try:
            return UUID(str(text))
        except ValueError:
            continue
    return None


def _by_address(uow: UnitOfWork, item: InboxItem, bounce: Bounce, now: datetime) -> Dispatch | None:
    """The one letter that went to this address lately and was not answered, for a notice that names no mail; None when
    there are several, since it may speak of any."""
    if not bounce.recipient:
        return None
    found = uow.dispatches.last_to(item.agency_id, bounce.recipient, now - _LATELY)
    return found[0] if len(found) == 1 else None


def _apply_bounce(uow: UnitOfWork, item: InboxItem, dispatch: Dispatch, bounce: Bounce, now: datetime) -> None:
    arrived = bounce.action in ("delivered", "relayed", "expanded")
    evidence = Evidence(
        # Of the bytes and not of the row: the same notice may be fetched again when the folder is numbered anew.
        id=uuid5(dispatch.id, f"{bounce.action} {item.sha256}"),
        agency_id=item.agency_id,
        dispatch_id=dispatch.id,
        step=DispatchState.RELAYED.value if arrived else "bounced" if bounce.action == "failed" else "delayed",
        kind=EvidenceKind.DSN,
        at=item.taken_at,
        noted_at=now,
        text=bounce.thai
        if arrived or not bounce.diagnostic
        else f"{bounce.thai}{SERVER_SAID}{bounce.diagnostic[:300]}",
        raw=item.sha256,
        statement=None if arrived else {"reason": bounce.reason.value, "status": bounce.status},
    )
    if not uow.dispatches.note(evidence):
        return
    before, problem = dispatch.state, dispatch.problem
    dispatch.climb(uow.dispatches.evidence(dispatch))
    settle_place(uow, dispatch, before, by=Actor.gateway(item.agency_id), at=now)
    if arrived and dispatch.failure and dispatch.state is DispatchState.RELAYED:
        dispatch.problem = problem  # a relay that took the mail does not take back that it bounced behind it
    if dispatch.state in (DispatchState.QUEUED, DispatchState.SENT, DispatchState.RELAYED) and not arrived:
        dispatch.problem = bounce.thai
        if bounce.action == "failed":
            dispatch.failure = ReasonCode.BOUNCED.value
            dispatch.expires_at = min(dispatch.expires_at, now)
    uow.dispatches.save(dispatch)
    _record(uow, item, dispatch, evidence, before is not dispatch.state, now)


def _holder_mail_came_back(uow: UnitOfWork, item: InboxItem, bounce: Bounce, now: datetime) -> bool:
    """Write on the link of a holder that its mail did not arrive; False when the notice speaks of no such mail, or says
    that it is late or arrived."""
    own = _dispatch_of(bounce) if bounce.action == "failed" else None
    link = uow.issued_runs.link_of(item.agency_id, own) if own is not None else None
    if link is None:
        return False
    document = uow.issued.document(link.agency_id, link.document_id)
    event = link.come_back(document.number, bounce.thai, bounce.diagnostic, by=Actor.gateway(item.agency_id), at=now)
    if event is not None and uow.issued_runs.note_return(link):
        uow.record(event)
        tell_of_lost_mail(uow, document, bounce.thai, now)
    uow.inbox.decide(item, "acknowledged", bounce.action, now)
    return True


def _bounced_receipt(uow: UnitOfWork, item: InboxItem, bounce: Bounce, now: datetime) -> bool:
    if not (bounce.original_message_id or bounce.envid):
        return False
    _discard(uow, item, f"ไปรษณีย์ตีกลับที่ไม่ใช่ของการส่งใด: {bounce.thai}", now)
    uow.commit()
    return True


def _discard(uow: UnitOfWork, item: InboxItem, reason: str, now: datetime) -> None:
    uow.inbox.decide(item, "discarded", reason, now)
    uow.record(MailDiscarded(at=now, by=Actor.gateway(item.agency_id), inbox_id=item.id, reason=reason))
