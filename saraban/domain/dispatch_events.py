"""What happens to dispatches on their way."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from saraban.domain.events import DomainEvent


@dataclass(frozen=True, kw_only=True)
class DispatchSent(DomainEvent):
    """The relay took the message."""

    name = "dispatch.sent"
    letter_id: UUID
    dispatch_id: UUID
    to: str
    reply: str
    attempt: int


@dataclass(frozen=True, kw_only=True)
class DispatchPostponed(DomainEvent):
    """An attempt failed for now; the message waits for the next one."""

    name = "dispatch.postponed"
    letter_id: UUID
    dispatch_id: UUID
    to: str
    reply: str
    attempt: int


@dataclass(frozen=True, kw_only=True)
class DispatchRunsOut(DomainEvent):
    """Half of the time of a dispatch, or nine tenths of it, went by without an answer."""

    name = "dispatch.runs-out"
    letter_id: UUID
    dispatch_id: UUID
    to: str
    late: bool


@dataclass(frozen=True, kw_only=True)
class DispatchAdvanced(DomainEvent):
    """Evidence moved a dispatch to another rung."""

    name = "dispatch.advanced"
    letter_id: UUID
    dispatch_id: UUID
    to: str
    state: str
    number: str = ""


@dataclass(frozen=True, kw_only=True)
class EvidenceShown(DomainEvent):
    """Evidence came that moves nothing: a repeat, a notice, or a receipt that does not verify."""

    name = "dispatch.evidence-shown"
    letter_id: UUID
    dispatch_id: UUID
    to: str
    step: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class DispatchSentAgain(DomainEvent):
    """The same bytes were queued once more, since the comparison of registers found that something was lost."""

    name = "dispatch.sent-again"
    letter_id: UUID
    dispatch_id: UUID
    to: str


@dataclass(frozen=True, kw_only=True)
class DispatchReminded(DomainEvent):
    """Its receiver was reminded: by the same bytes once more (`how` is "same-bytes") or by a "mail"; for which time."""

    name = "dispatch.reminded"
    letter_id: UUID
    dispatch_id: UUID
    to: str
    how: str
    time: int


@dataclass(frozen=True, kw_only=True)
class ReceiversExported(DomainEvent):
    """Somebody took the list of a letter's receivers away as a sheet; how many there were."""

    name = "letter.receivers-exported"
    letter_id: UUID
    count: int


@dataclass(frozen=True, kw_only=True)
class NumberDisputed(DomainEvent):
    """The receiver was told that its receiving number contradicts an earlier receipt: what we have, what it says."""

    name = "dispatch.number-disputed"
    letter_id: UUID
    dispatch_id: UUID
    to: str
    ours: str
    theirs: str


@dataclass(frozen=True, kw_only=True)
class NumberQuestioned(DomainEvent):
    """The sender of a letter told us that our receiving number contradicts an earlier receipt of ours."""

    name = "incoming.number-questioned"
    incoming_id: UUID
    sender: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class NumberToldAgain(DomainEvent):
    """The sender who questioned our receiving number is told by a receipt what the register says; of the letter and of
    the question alike."""

    name = "incoming.number-told-again"
    incoming_id: UUID
    number: int
    year: int
