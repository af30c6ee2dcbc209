"""What every sealed question and its answer share on the wire: who writes to whom, how the answer names the question,
and the envelope of both (docs/wire-reconcile.md and docs/wire-lookup.md, section 2)."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol
from uuid import UUID

from saraban.exchange import headers
from saraban.exchange.entity import Blob, Entity, Frame, enclose, signed
from saraban.exchange.envelope import Envelope, OutboxKind


class Said(Protocol):
    """A question or an answer between two agencies."""

    @property
    def id(self) -> UUID: ...
    @property
    def from_code(self) -> str: ...
    @property
    def from_mailbox(self) -> str: ...
    @property
    def to_code(self) -> str: ...
    @property
    def to_mailbox(self) -> str: ...


def message_id_of(message: Said) -> str:
    """The Message-ID, with its angle brackets."""
    return headers.message_id(message.id, message.from_mailbox)


def envelope_of(
    message: Said,
    entity: Entity,
    outer_p7s: bytes,
    *,
    kind: OutboxKind,
    subject: str,
    of: UUID | None,
    automatic: bool,
    at: datetime,
    blob: Blob,
    sender_name: str,
) -> Envelope:
    """The whole message. A question leaves from the mailbox; an answer (`of` is the question) from the null sender,
    with the mailbox as fall-back for relays that refuse it. `automatic` marks what nobody pressed (RFC 3834); `at`
    becomes Date."""
    lines = headers.opening(
        (sender_name, message.from_mailbox),
        ("", message.to_mailbox),
        subject=subject,
        message_id=message_id_of(message),
        at=at,
        envelope=f"kind={kind.value}; id={message.id}" + (f"; of={of}" if of else ""),
    )
    if of is not None:
        asked = headers.message_id(of, message.to_mailbox)
        lines += [headers.plain("In-Reply-To", asked), headers.plain("References", asked)]
    if automatic:
        lines.append(headers.plain("Auto-Submitted", "auto-replied"))
    frame = Frame(
        message_id=message_id_of(message),
        mail_from="" if of else message.from_mailbox,
        rcpt_to=message.to_mailbox,
        kind=kind,
        headers="".join(lines),
        fallback_from=message.from_mailbox if of else "",
    )
    return enclose(frame, signed(entity, outer_p7s, f"saraban-{message.id}-signed"), blob)
