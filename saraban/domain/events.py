"""Every fact that can happen, as a frozen record with a stable name. Words for people are made when it is shown."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any, ClassVar
from uuid import UUID

from saraban.domain.actor import Actor
from saraban.domain.attachment import Digest


@dataclass(frozen=True, kw_only=True)
class DomainEvent:
    """Something that happened, at a moment (aware, UTC), by somebody. `subject` finds the thing it happened to."""

    name: ClassVar[str] = ""
    at: datetime
    by: Actor

    @property
    def subject(self) -> UUID | None:
        """The id of the letter, incoming letter or other thing that the event tells of."""
        return next((getattr(self, key) for key in _SUBJECTS if isinstance(getattr(self, key, None), UUID)), None)

    def values(self) -> dict[str, Any]:
        """The event's own facts as plain JSON values, without `at` and `by`."""
        return {f.name: plain(getattr(self, f.name)) for f in dataclasses.fields(self) if f.name not in ("at", "by")}


_SUBJECTS = ("letter_id", "incoming_id", "inbox_id", "entry_id", "thing_id")


def subject_in(values: Mapping[str, Any]) -> UUID | None:
    """The subject of an event, found again in its `values`. Raises ValueError when what stands there is no id."""
    return next((UUID(values[key]) for key in _SUBJECTS if isinstance(values.get(key), str)), None)


def plain(value: Any) -> Any:
    """The value as JSON knows it: ids, digests and words as text, moments in ISO 8601."""
    if isinstance(value, Digest):
        return value.hex
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, (tuple, list)):
        return [plain(v) for v in value]
    return value


def all_events() -> list[type[DomainEvent]]:
    """Every kind of event that has a name, for the tests of the house."""

    def below(kind: type[DomainEvent]) -> Iterator[type[DomainEvent]]:
        for one in kind.__subclasses__():
            yield one
            yield from below(one)

    return [kind for kind in below(DomainEvent) if kind.name]


# --- outgoing letters -----------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class LetterDrafted(DomainEvent):
    """A draft was begun."""

    name = "letter.drafted"
    letter_id: UUID
    subject_line: str
    template: str = ""


@dataclass(frozen=True, kw_only=True)
class LetterRevised(DomainEvent):
    """A draft's content was replaced."""

    name = "letter.revised"
    letter_id: UUID
    content: Digest


@dataclass(frozen=True, kw_only=True)
class LetterHandedTo(DomainEvent):
    """A draft is written for another unit."""

    name = "letter.handed-to"
    letter_id: UUID
    unit: str


@dataclass(frozen=True, kw_only=True)
class FileAttached(DomainEvent):
    """An enclosure was added."""

    name = "letter.file-attached"
    letter_id: UUID
    file_name: str
    sha256: Digest


@dataclass(frozen=True, kw_only=True)
class FileRemoved(DomainEvent):
    """An enclosure was taken off."""

    name = "letter.file-removed"
    letter_id: UUID
    file_name: str
    sha256: Digest


@dataclass(frozen=True, kw_only=True)
class LetterSubmitted(DomainEvent):
    """A draft went before the first officer of its route."""

    name = "letter.submitted"
    letter_id: UUID
    content: Digest
    route: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class LetterEndorsed(DomainEvent):
    """An officer endorsed the letter and passed it on."""

    name = "letter.endorsed"
    letter_id: UUID
    note: str
    content: Digest
    skipped: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class LetterReturned(DomainEvent):
    """An officer sent the letter back to its drafter."""

    name = "letter.returned"
    letter_id: UUID
    reason: str
    content: Digest


@dataclass(frozen=True, kw_only=True)
class LetterWithdrawn(DomainEvent):
    """The drafter gave the letter up."""

    name = "letter.withdrawn"
    letter_id: UUID


@dataclass(frozen=True, kw_only=True)
class SigningBegun(DomainEvent):
    """A number was reserved for the page that is about to be signed."""

    name = "letter.signing-begun"
    letter_id: UUID
    number: str
    content: Digest


@dataclass(frozen=True, kw_only=True)
class SigningFailed(DomainEvent):
    """The page could not be made or signed; the number waits or is voided."""

    name = "letter.signing-failed"
    letter_id: UUID
    number: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class LetterSigned(DomainEvent):
    """The letter was signed and issued; its bytes are frozen."""

    name = "letter.signed"
    letter_id: UUID
    number: str
    content: Digest
    page: Digest


@dataclass(frozen=True, kw_only=True)
class PageProven(DomainEvent):
    """What proves the signatures of the issued page: its level (PAdES: B-B, B-T with a time-stamp, B-LT with revocation
    lists as well), the time that an authority vouches for, whether the agency's seal is the last of them, and in Thai
    why there is no time-stamp though an authority is set up."""

    name = "letter.page-proven"
    letter_id: UUID
    page: Digest
    level: str
    stamped_at: datetime | None
    sealed: bool
    trouble: str


@dataclass(frozen=True, kw_only=True)
class LetterDispatched(DomainEvent):
    """The letter is to be sent to these agencies."""

    name = "letter.dispatched"
    letter_id: UUID
    receivers: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class SecretOpened(DomainEvent):
    """A classified letter was opened by somebody who may."""

    name = "letter.secret-opened"
    thing_id: UUID
    secrecy: str


# --- incoming letters -----------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class LetterArrived(DomainEvent):
    """A letter came in and passed the screening."""

    name = "incoming.arrived"
    incoming_id: UUID
    sender: str
    number: str


@dataclass(frozen=True, kw_only=True)
class LetterHeld(DomainEvent):
    """A mail was held for a clerk, with the codes of what was found."""

    name = "incoming.held"
    incoming_id: UUID
    sender: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class CopyArrived(DomainEvent):
    """The same letter came once more; the same receipt goes back."""

    name = "incoming.copy-arrived"
    incoming_id: UUID


@dataclass(frozen=True, kw_only=True)
class LetterReleased(DomainEvent):
    """A clerk took a held letter in."""

    name = "incoming.released"
    incoming_id: UUID
    reason: str


@dataclass(frozen=True, kw_only=True)
class LetterRegistered(DomainEvent):
    """A letter was entered into the receiving register."""

    name = "incoming.registered"
    incoming_id: UUID
    number: int
    year: int


@dataclass(frozen=True, kw_only=True)
class LetterRefused(DomainEvent):
    """A clerk sent a letter back."""

    name = "incoming.refused"
    incoming_id: UUID
    code: str
    text: str
    responsible: str = ""


@dataclass(frozen=True, kw_only=True)
class CardClosed(DomainEvent):
    """A held mail was replaced by a good copy and needs nobody any more."""

    name = "incoming.card-closed"
    incoming_id: UUID


@dataclass(frozen=True, kw_only=True)
class MailDiscarded(DomainEvent):
    """One of our own messages came back, or an exact copy; its bytes are kept."""

    name = "mail.discarded"
    inbox_id: UUID
    reason: str


# --- the installation -----------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class SignedIn(DomainEvent):
    """A person signed in at the browser."""

    name = "person.signed-in"
    thing_id: UUID


@dataclass(frozen=True, kw_only=True)
class TokenIssued(DomainEvent):
    """A token for programs was issued to a person."""

    name = "person.token-issued"
    thing_id: UUID
    username: str


@dataclass(frozen=True, kw_only=True)
class AgencyOpened(DomainEvent):
    """An agency began to work with this installation."""

    name = "agency.opened"
    thing_id: UUID
    code: str


@dataclass(frozen=True, kw_only=True)
class DayClosed(DomainEvent):
    """The day's lines of all books were hashed to a root and sealed."""

    name = "day.closed"
    thing_id: UUID
    day: date
    root: Digest
    lines: int


@dataclass(frozen=True, kw_only=True)
class YearClosed(DomainEvent):
    """The statement of a year's books was sealed."""

    name = "year.closed"
    thing_id: UUID
    year: int
    statement: Digest


@dataclass(frozen=True, kw_only=True)
class WitnessKept(DomainEvent):
    """Another agency's daily root came with its receipt and was kept."""

    name = "witness.kept"
    of: str
    day: date
    root: str


@dataclass(frozen=True, kw_only=True)
class ReconciliationAsked(DomainEvent):
    """Another agency was asked to compare its dispatches with ours."""

    name = "reconciliation.asked"
    thing_id: UUID
    of: str
    since: date
    until: date


@dataclass(frozen=True, kw_only=True)
class ReconciliationAnswered(DomainEvent):
    """An agency answered our request, or we answered its."""

    name = "reconciliation.answered"
    thing_id: UUID
    of: str
    ours: bool


@dataclass(frozen=True, kw_only=True)
class RegisterPrinted(DomainEvent):
    """A register was printed or taken out as a sheet."""

    name = "register.printed"
    thing_id: UUID
    title: str


@dataclass(frozen=True, kw_only=True)
class DirectoryImported(DomainEvent):
    """A directory of agencies was imported."""

    name = "directory.imported"
    publisher: str
    agencies: int
    sha256: Digest
