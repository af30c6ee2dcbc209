"""What happens to documents that an agency issues to people. Nothing of a holder is told: names and values stand on the
document, and the journal is never rewritten."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from saraban.domain.attachment import Digest
from saraban.domain.events import DomainEvent


@dataclass(frozen=True, kw_only=True)
class IssuedKindDefined(DomainEvent):
    """A kind of document was defined."""

    name = "issued-kind.defined"
    thing_id: UUID
    code: str
    title: str


@dataclass(frozen=True, kw_only=True)
class IssuedKindChanged(DomainEvent):
    """Something else was said about a kind, or it was switched on, to trial or off."""

    name = "issued-kind.changed"
    thing_id: UUID
    code: str
    title: str
    stage: str
    edition: int


@dataclass(frozen=True, kw_only=True)
class IssuedKindAnswerersNamed(DomainEvent):
    """It was said who answers what other agencies ask about a kind: names of units and posts, none for the usual."""

    name = "issued-kind.answerers-named"
    thing_id: UUID
    code: str
    title: str
    names: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class IssuedKindRegisterSet(DomainEvent):
    """The public register of a kind was switched on or off, or shows something else: `names` are those of the fields
    that it shows besides number, days and state."""

    name = "issued-kind.register-set"
    thing_id: UUID
    code: str
    title: str
    is_open: bool
    names: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class _OfIssued(DomainEvent):
    """Something about one document; `kind` is the code of its kind, `number` empty until it has one."""

    thing_id: UUID
    kind: str
    number: str


@dataclass(frozen=True, kw_only=True)
class IssuedDrafted(_OfIssued):
    """A document was begun; `follows` is the one that it will renew or replace."""

    name = "issued.drafted"
    follows: UUID | None


@dataclass(frozen=True, kw_only=True)
class IssuedRevised(_OfIssued):
    """What is to stand on it was changed."""

    name = "issued.revised"
    content: Digest


@dataclass(frozen=True, kw_only=True)
class IssuedSubmitted(_OfIssued):
    """It went before who approves it, or before who signs where nobody approves."""

    name = "issued.submitted"
    content: Digest


@dataclass(frozen=True, kw_only=True)
class IssuedApproved(_OfIssued):
    """An approver let it go on."""

    name = "issued.approved"
    content: Digest


@dataclass(frozen=True, kw_only=True)
class IssuedReturned(_OfIssued):
    """An approver or the signer sent it back, and why."""

    name = "issued.returned"
    reason: str


@dataclass(frozen=True, kw_only=True)
class IssuedDropped(_OfIssued):
    """It is not going to be issued; a number that it had taken is void."""

    name = "issued.dropped"
    reason: str


@dataclass(frozen=True, kw_only=True)
class IssuedNumbered(_OfIssued):
    """It took its number; `void` is one of an earlier year that it had taken before."""

    name = "issued.numbered"
    void: str


@dataclass(frozen=True, kw_only=True)
class IssuedSigned(_OfIssued):
    """It was signed and issued: the file, how far its signatures are proven (PAdES), in Thai why there is no time-stamp
    though an authority is set up, and its last day."""

    name = "issued.signed"
    page: Digest
    content: Digest
    level: str
    trouble: str
    sealed: bool
    valid_until: date | None


@dataclass(frozen=True, kw_only=True)
class IssuedSuspended(_OfIssued):
    """It does not hold for the time being."""

    name = "issued.suspended"
    reason: str


@dataclass(frozen=True, kw_only=True)
class IssuedResumed(_OfIssued):
    """It holds again."""

    name = "issued.resumed"
    reason: str


@dataclass(frozen=True, kw_only=True)
class IssuedWithheld(_OfIssued):
    """The public register does not show it: its holder does not want that, or an officer found it right."""

    name = "issued.withheld"
    reason: str


@dataclass(frozen=True, kw_only=True)
class IssuedShownAgain(_OfIssued):
    """The public register may show it again."""

    name = "issued.shown-again"
    reason: str


@dataclass(frozen=True, kw_only=True)
class IssuedRevoked(_OfIssued):
    """It holds no longer."""

    name = "issued.revoked"
    reason: str


@dataclass(frozen=True, kw_only=True)
class IssuedReplaced(_OfIssued):
    """Another document took its place."""

    name = "issued.replaced"
    by_number: str
    replaced_by: UUID


BY_HOLDER = "ผู้ถือเอกสาร"
"""By whom a document was printed that its holder printed out: the link tells no name."""


@dataclass(frozen=True, kw_only=True)
class IssuedPrinted(_OfIssued):
    """Somebody printed it out; the print-out says when and who: an officer, or its holder behind a link."""

    name = "issued.printed"
    by_holder: bool
