"""What happens to the numbers of the registers. Each event is the number's line in the ledger: it names the line and
carries the digest of what the line says after it, so that the journal's chain guards the registers too."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from saraban.domain.attachment import Digest
from saraban.domain.events import DomainEvent


@dataclass(frozen=True, kw_only=True)
class NumberEvent(DomainEvent):
    """Something that happened to a number. `line` is RegisterEntry.digest() after it."""

    entry_id: UUID
    book_id: UUID
    serial: int
    line: Digest


@dataclass(frozen=True, kw_only=True)
class NumberTaken(NumberEvent):
    """A number was given to a letter."""

    name = "number.taken"
    number: str
    origin: str


@dataclass(frozen=True, kw_only=True)
class NumberReserved(NumberEvent):
    """A number was set aside: for a page about to be signed, or for letters on paper during an outage."""

    name = "number.reserved"
    number: str
    reason: str = ""
    authority: str = ""


@dataclass(frozen=True, kw_only=True)
class NumberUsed(NumberEvent):
    """A reserved number got its letter."""

    name = "number.used"
    number: str


@dataclass(frozen=True, kw_only=True)
class NumberVoided(NumberEvent):
    """A number was struck, with reason and authority; it is never used again."""

    name = "number.voided"
    number: str
    reason: str
    authority: str


@dataclass(frozen=True, kw_only=True)
class NumberRectified(NumberEvent):
    """Columns of a line were put right; what they said is kept. A classified line's words are not told here."""

    name = "number.rectified"
    number: str
    changes: tuple[str, ...]
    reason: str
    authority: str


@dataclass(frozen=True, kw_only=True)
class PracticeNoted(NumberEvent):
    """What was done about the letter was written into its line."""

    name = "number.practice-noted"
    practice: str


@dataclass(frozen=True, kw_only=True)
class ScanAttached(NumberEvent):
    """A scan was attached to a line."""

    name = "number.scan-attached"
    file_name: str
    sha256: Digest


@dataclass(frozen=True, kw_only=True)
class FilesDestroyed(NumberEvent):
    """The files of a line were destroyed with its letter, by this list (clause 70); the line itself stays."""

    name = "number.files-destroyed"
    list_id: UUID
    files: int
