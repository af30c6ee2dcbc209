"""The policy: which checks are asked in which order, and what follows (the outcome table of docs/wire.md, section 4).

The list is the policy. The first rule that hits decides; every check is asked all the same, and every finding is kept.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import Enum
from typing import Literal
from uuid import UUID

from saraban.domain.receipt import Reason, ReasonCode, Step
from saraban.domain.signature import Answer, SignatureStatus
from saraban.exchange import checks
from saraban.exchange.checks import Case, EarlierLetter, Facts, FileComparison, Finding, readable_id
from saraban.exchange.manifest import Manifest
from saraban.exchange.parse import InboundMessage

__all__ = [
    "POLICY",
    "Disposition",
    "EarlierLetter",
    "Effect",
    "Facts",
    "FileComparison",
    "Finding",
    "Screening",
    "letter_verdict",
    "screen",
]


class Disposition(str, Enum):
    """What becomes of the message. DUPLICATE: nothing changes and the receipt that was sent is sent again, the same
    bytes. DISCARD: a message of ours that came back, or the answer of
    a program that belongs to no letter: kept in the log, and answered by nobody."""

    ACCEPT = "accept"
    HOLD = "hold"
    DUPLICATE = "duplicate"
    DISCARD = "discard"


class Effect(str, Enum):
    """What a hit of a rule means."""

    DISCARD = "discard"
    ORDINARY = "ordinary"
    DUPLICATE = "duplicate"
    HOLD = "hold"
    INVALID = "invalid"
    NOTE = "note"


Check = Callable[[Case], Finding | None]

POLICY: tuple[tuple[Check, Effect], ...] = (
    (checks.our_own_message, Effect.DISCARD),
    (checks.infected, Effect.HOLD),
    (checks.answered_by_machine, Effect.DISCARD),
    (checks.no_manifest, Effect.ORDINARY),
    (checks.accepted_before, Effect.DUPLICATE),
    (checks.other_content, Effect.HOLD),
    (checks.not_scanned, Effect.HOLD),
    (checks.sender_unknown, Effect.HOLD),
    (checks.seal_missing, Effect.HOLD),
    (checks.seal_untrusted, Effect.HOLD),
    (checks.seal_expired, Effect.HOLD),
    (checks.sender_differs, Effect.HOLD),
    (checks.not_for_us, Effect.HOLD),
    (checks.ids_differ, Effect.HOLD),
    (checks.past_expiry, Effect.HOLD),
    (checks.secrecy_not_allowed, Effect.HOLD),
    (checks.too_large, Effect.HOLD),
    (checks.manifest_unreadable, Effect.INVALID),
    (checks.seal_broken, Effect.INVALID),
    (checks.file_missing, Effect.INVALID),
    (checks.file_damaged, Effect.INVALID),
    (checks.file_unlisted, Effect.INVALID),
    (checks.outer_missing, Effect.NOTE),
    (checks.outer_broken, Effect.NOTE),
    (checks.oddly_made, Effect.NOTE),
)


@dataclass(frozen=True)
class Screening:
    """The verdict on a message. `answer` is the new statement to be made at once, if any; `reason` why the letter is
    held or invalid; `dispatch_id` the id that an answer speaks of; `files` how what came compares with the list."""

    disposition: Disposition
    findings: tuple[Finding, ...]
    answer: Literal[Step.RECEIVED, Step.INVALID] | None
    reason: Reason | None = None
    ordinary: bool = False
    dispatch_id: UUID | None = None
    files: FileComparison = field(default_factory=FileComparison)


def screen(
    message: InboundMessage,
    raw_size: int,
    manifest: Manifest | None,
    manifest_problem: str | None,
    seal: SignatureStatus | None,
    outer: SignatureStatus | None,
    facts: Facts,
) -> Screening:
    """Judge a message. `manifest` is what was read from it, or None with the Thai `manifest_problem`; `seal` and
    `outer` are the verdicts on the manifest's and on the S/MIME signature, None when there is none. Never raises."""
    case = Case(message, raw_size, manifest, manifest_problem, seal, outer, facts)
    hits = [(finding, effect) for check, effect in POLICY if (finding := check(case)) is not None]
    findings = tuple(finding for finding, _ in hits)
    dispatch_id = readable_id(message, manifest)
    deciding = next(((finding, effect) for finding, effect in hits if effect is not Effect.NOTE), None)
    if deciding is None:
        return Screening(Disposition.ACCEPT, findings, Step.RECEIVED, dispatch_id=dispatch_id, files=case.files)
    finding, effect = deciding
    if effect is Effect.DISCARD:
        return Screening(Disposition.DISCARD, findings, None, dispatch_id=dispatch_id, files=case.files)
    if effect is Effect.DUPLICATE:
        return Screening(Disposition.DUPLICATE, findings, None, dispatch_id=dispatch_id, files=case.files)
    # An `invalid` goes to the directory's mailbox only, and only when we can say what it is about.
    answers = effect is Effect.INVALID and facts.sender is not None and dispatch_id is not None
    return Screening(
        Disposition.HOLD,
        findings,
        Step.INVALID if answers else None,
        reason=_reason(finding),
        ordinary=any(one is Effect.ORDINARY for _, one in hits),
        dispatch_id=dispatch_id,
        files=case.files,
    )


def letter_verdict(
    seal: SignatureStatus, manifest: Manifest | None, files: FileComparison, at: datetime
) -> SignatureStatus:
    """The verdict on the whole letter (docs/wire.md, section 5): its manifest's seal, and beyond it "intact" also asks
    for every file that the manifest lists and "in_time" for its expiry."""
    odd = [*files.damaged, *files.missing, *files.unlisted]
    if seal.intact.is_true and odd:
        names = ", ".join(odd[:5])
        words = f"ลายมือชื่อของบัญชีแนบซองครบถ้วน แต่ไฟล์ไม่ตรงกับบัญชี: {names}"
        seal = replace(seal, intact=Answer(False, words), problem=seal.problem or ReasonCode.FILE_DAMAGED.value)
    if seal.in_time.is_true and manifest is not None and at > manifest.expires_at:
        seal = replace(
            seal,
            in_time=Answer(False, "มาถึงเมื่อพ้นกำหนดเวลาของซองแล้ว"),
            problem=seal.problem or ReasonCode.EXPIRED.value,
        )
    return seal


def _reason(finding: Finding) -> Reason:
    code = finding.code if isinstance(finding.code, ReasonCode) else ReasonCode.OTHER
    return Reason(code, finding.thai)
