"""What leaves: dispatches with the evidence about them, and the outbox. `storage` implements these Protocols."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from saraban.domain.agency import AgencyId
from saraban.domain.attachment import Digest
from saraban.domain.dispatch import Dispatch, DispatchId, Evidence
from saraban.domain.letter import LetterId
from saraban.exchange.envelope import Envelope, OutboxKind


@dataclass(eq=False)
class OutboxItem:
    """A message on its way. `ref` is the dispatch's or the receipt's id; `manifest` is the one inside a letter, as it
    was sealed."""

    id: UUID
    agency_id: AgencyId
    agency_code: str
    kind: OutboxKind
    ref: UUID
    envelope: Envelope
    give_up_at: datetime
    attempts: int = 0
    manifest: bytes | None = None


class Dispatches(Protocol):
    """Dispatches and the evidence about them."""

    def add(self, *dispatches: Dispatch) -> None: ...
    def get(self, agency_id: AgencyId, dispatch_id: DispatchId) -> Dispatch: ...
    def find(self, agency_id: AgencyId, dispatch_id: UUID) -> Dispatch | None: ...
    def save(self, dispatch: Dispatch) -> None: ...
    def evidence(self, dispatch: Dispatch) -> Sequence[Evidence]: ...
    def note(self, evidence: Evidence) -> bool:
        """Keep evidence; False when this very evidence (same id) was kept before."""
        ...

    def held(self, agency_id: AgencyId, ids: Collection[UUID]) -> Sequence[Dispatch]:
        """The agency's dispatches with these ids, kept from everybody else until the transaction ends."""
        ...

    def evidence_of(self, held: Sequence[Dispatch]) -> Mapping[UUID, Sequence[Evidence]]:
        """All evidence about each of several dispatches of one agency."""
        ...

    def settle(self, held: Sequence[Dispatch], noted: Sequence[Evidence] = ()) -> None:
        """Write back what is held, and keep new evidence about it: many in a few statements."""
        ...

    def of_letter(self, agency_id: AgencyId, letter_id: LetterId, ids: Sequence[UUID]) -> Sequence[Dispatch]:
        """Those of the letter's dispatches that have one of these ids and gave place to no other."""
        ...

    def by_link(self, link: Digest) -> Dispatch | None:
        """The dispatch, of whatever agency, whose acknowledgement link has a token with this digest."""
        ...

    def last_to(self, agency_id: AgencyId, mailbox: str, since: datetime) -> Sequence[Dispatch]:
        """What the agency sent to this address since that moment and waits for an answer; the newest first."""
        ...

    def raw_of_letter(self, agency_id: AgencyId, letter_id: LetterId, raw: Digest) -> bool:
        """True when a piece of evidence of one of the letter's dispatches has these raw bytes."""
        ...

    def claim_uncomposed(self, now: datetime, lease: timedelta, limit: int) -> Sequence[Dispatch]: ...
    def overdue(self, now: datetime, limit: int, without: Collection[AgencyId] = ()) -> Sequence[Dispatch]:
        """Dispatches past `expires_at` without a receipt and without a statement of it; none of those agencies."""
        ...

    def running_out(self, now: datetime, limit: int) -> Sequence[Dispatch]:
        """Dispatches that wait for an answer and of which somebody must be told by now (`warn_at`)."""
        ...

    def silent(self, sent_before: datetime, limit: int) -> Sequence[Dispatch]:
        """Dispatches sent before that moment, to agencies with the system, without any receipt, never sent again."""
        ...


class Outbox(Protocol):
    """What is on its way out."""

    def put(self, item: OutboxItem, at: datetime) -> None: ...
    def put_all(self, items: Sequence[OutboxItem], at: datetime) -> None:
        """Queue messages from that moment on, many in one statement."""
        ...

    def claim(self, now: datetime, lease: timedelta, limit: int) -> Sequence[OutboxItem]:
        """Lease the messages that are due; attempts grows by one."""
        ...

    def sent(self, item: OutboxItem, reply: str, at: datetime) -> None: ...
    def all_sent(self, taken: Sequence[tuple[OutboxItem, str, datetime]]) -> None:
        """The relay took these messages; what it said to each, and when."""
        ...

    def postpone(self, item: OutboxItem, reply: str, until: datetime) -> None: ...
    def put_back(self, item: OutboxItem, until: datetime) -> None: ...
    def fail(self, item: OutboxItem, reply: str, at: datetime) -> None: ...
    def again(self, agency_id: AgencyId, ref: UUID, at: datetime, *, give_up_at: datetime | None = None) -> bool:
        """Queue the same bytes once more; False when there are none. Without `give_up_at` its time is as before."""
        ...

    def empty(self, agency_id: AgencyId, ref: UUID) -> None:
        """Forget what this message said; one that waits goes nowhere any more."""
        ...

    def envelope(self, agency_id: AgencyId, ref: UUID) -> Envelope | None:
        """What was composed for this dispatch or receipt, whether it has gone or not."""
        ...

    def manifest(self, agency_id: AgencyId, dispatch_id: UUID) -> bytes | None:
        """The manifest that was sealed for this dispatch; None before it was composed."""
        ...

    def stop(self, agency_id: AgencyId, ref: UUID) -> None:
        """Take what still waits for this dispatch out of the queue."""
        ...

    def stop_untried(self, agency_id: AgencyId, ref: UUID) -> bool:
        """The same for what was never handed to a worker; False, and nothing is done, for anything else."""
        ...

    def given_up(self, agency_id: AgencyId, ref: UUID) -> tuple[str, str] | None:
        """The kind and the receiver of a message that is no letter and was given up; None when there is none."""
        ...

    def abandon(self, agency_id: AgencyId, ref: UUID) -> None:
        """What was given up is not tried any more."""
        ...
