"""What the clock brings: silence is answered by sending again, and then by our own sealed statement."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from uuid import uuid4

from saraban.domain.actor import Actor
from saraban.domain.agency import Agency, AgencyId
from saraban.domain.attachment import Digest
from saraban.domain.calendar import office_time
from saraban.domain.dispatch import NINE_TENTHS, WAITING, Dispatch, Evidence, EvidenceKind
from saraban.domain.dispatch_events import DispatchAdvanced, DispatchRunsOut
from saraban.domain.receipt import Reason, ReasonCode, Receipt, ReceiptId, Step
from saraban.domain.signature import TrustedSeal
from saraban.exchange.receipts import receipt_entity, statement_bytes
from saraban.usecases.ports import Services
from saraban.usecases.replacing import settle_place

SILENCE = timedelta(hours=24)
STUCK = timedelta(minutes=10)
KEYS_KEPT = timedelta(days=7)
_log = logging.getLogger(__name__)


def state_undelivered(office: Services, *, limit: int = 20) -> int:
    """Seal our own negative evidence for dispatches whose time ran out: "no proof of receipt by this time". Returns how
    many were stated. Those of an agency without a valid seal wait until it has one, however many they are."""
    now = office.clock.now()
    unable: set[AgencyId] = set()
    while True:
        with office.uow() as uow:
            overdue = [(d, uow.agencies.get(d.agency_id)) for d in uow.dispatches.overdue(now, limit, unable)]
        stated = 0
        for dispatch, agency in overdue:
            try:
                stated += _state_undelivered(office, dispatch, agency, now)
            except Exception:  # an agency without a valid seal must not keep the others waiting
                _log.exception("the evidence about dispatch %s could not be sealed", dispatch.id)
                unable.add(agency.id)
        if stated or len(overdue) < limit:
            return stated


def _state_undelivered(office: Services, dispatch: Dispatch, agency: Agency, now: datetime) -> bool:
    evidence = _sealed_evidence(office, dispatch, agency)
    with office.uow() as uow:
        current = uow.dispatches.get(agency.id, dispatch.id)
        if current.state not in WAITING or not uow.dispatches.note(evidence):
            return False
        before = current.state
        current.climb(uow.dispatches.evidence(current))
        settle_place(uow, current, before, by=Actor.gateway(agency.id), at=now)
        current.problem = current.trouble
        uow.outbox.stop(agency.id, current.id)
        uow.dispatches.save(current)
        uow.record(
            DispatchAdvanced(
                at=now,
                by=Actor.gateway(agency.id),
                letter_id=current.letter_id,
                dispatch_id=current.id,
                to=current.to_code,
                state=current.state.value,
            )
        )
        uow.commit()
    return True


def warn_of_silence(office: Services, *, limit: int = 50) -> int:
    """Tell people of dispatches whose time runs out, at half of it and at nine tenths, while they can still telephone.
    Returns how many were told of."""
    now = office.clock.now()
    with office.uow() as uow:
        waiting = uow.dispatches.running_out(now, limit)
        for dispatch in waiting:
            if dispatch.warn(now):
                uow.record(
                    DispatchRunsOut(
                        at=now,
                        by=Actor.gateway(dispatch.agency_id),
                        letter_id=dispatch.letter_id,
                        dispatch_id=dispatch.id,
                        to=dispatch.to_code,
                        late=now >= dispatch.warned_after(NINE_TENTHS),
                    )
                )
            uow.dispatches.save(dispatch)
        uow.commit()
    return len(waiting)


def send_silent_again(office: Services, *, limit: int = 20) -> int:
    """Send the same bytes once more where no receipt came within a day: the duplicate rule brings the receipt again."""
    now = office.clock.now()
    with office.uow() as uow:
        silent = uow.dispatches.silent(now - SILENCE, limit)
        for dispatch in silent:
            if uow.outbox.again(dispatch.agency_id, dispatch.id, now):
                dispatch.resends += 1
                uow.dispatches.save(dispatch)
        uow.commit()
    return len(silent)


def end_stuck_signings(office: Services, *, limit: int = 20) -> int:
    """Put letters whose signing stopped half-way (the process was killed) back before their signatory. The number they
    hold stays reserved for them until the end of the day."""
    now = office.clock.now()
    with office.uow() as uow:
        stuck = uow.letters.signing_since_before(now - STUCK, limit)
        for letter in stuck:
            by = Actor.gateway(letter.agency_id)
            uow.record(letter.fail_signing(by=by, reason="การลงนามหยุดกลางคัน", at=now))
            uow.letters.save(letter)
        uow.commit()
    return len(stuck)


def void_stale_numbers(office: Services, *, limit: int = 50) -> int:
    """Void numbers that were reserved on an earlier day of the office and never got their letter, with the reason. A
    number without a letter of its day may not be used any more; its line stays in the register."""
    now = office.clock.now()
    midnight = office_time(now).replace(hour=0, minute=0, second=0, microsecond=0)
    with office.uow() as uow:
        stale = uow.registers.reserved_before(midnight, limit)
        for entry in stale:
            voided = entry.void(
                reason="ลงนามไม่เสร็จภายในวันที่ออกเลข",
                authority="ระบบ ตามวิธีปฏิบัติของทะเบียน",
                by=Actor.gateway(entry.agency_id),
                at=now,
            )
            uow.registers.save(entry)
            uow.record(voided)
        uow.commit()
    return len(stale)


def forget_old_keys(office: Services) -> int:
    """Forget idempotency keys after a week. Returns 0: it is done in one go."""
    office.forget_keys(office.clock.now() - KEYS_KEPT)
    return 0


def _sealed_evidence(office: Services, dispatch: Dispatch, agency: Agency) -> Evidence:
    now = office.clock.now()
    code = ReasonCode(dispatch.failure) if dispatch.failure else ReasonCode.EXPIRED
    receipt = Receipt(
        id=ReceiptId(uuid4()),
        of=dispatch.id,
        manifest_sha256=dispatch.manifest_sha256 or Digest.of(b"").hex,
        step=Step.UNDELIVERED,
        from_code=agency.code,
        from_mailbox=agency.mailbox,
        to_code=agency.code,
        to_mailbox=agency.mailbox,
        at=now,
        reason=Reason(code, dispatch.trouble[:500] or "ไม่มีหลักฐานการรับภายในเวลาที่กำหนด"),
    )
    text = statement_bytes(receipt)
    sealer = office.seals.sealer(agency.code, now)
    signature = sealer.seal(Digest.of(text), now)
    entity = receipt_entity(
        receipt,
        text,
        signature,
        original_message_id=f"<{dispatch.id}@{agency.mailbox.partition('@')[2]}>",
        mic=None,
        first_answer=False,
        sender_name=agency.name,
    )
    raw = office.blobs.keep(b"".join(entity.chunks(office.blobs.open)))
    status = office.verifier.status(text, signature, TrustedSeal(sealer.mailbox), now)
    return Evidence(
        id=receipt.id,
        agency_id=agency.id,
        dispatch_id=dispatch.id,
        step=Step.UNDELIVERED.value,
        kind=EvidenceKind.RECEIPT,
        at=now,
        noted_at=now,
        text=dispatch.trouble if dispatch.failure and dispatch.trouble else f"{code.thai} {dispatch.trouble}".strip(),
        verdict=status.as_dict(),
        statement=None,
        raw=raw,
    )
