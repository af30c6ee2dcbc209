"""Equipment that proves: signatures and seals inside pages, their check, time-stamps, and the chains of the journal, as
Protocols."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from saraban.domain.agency import AgencyId, PersonId
from saraban.domain.attachment import Digest
from saraban.domain.classification import Digits
from saraban.domain.page_signature import SignedFile
from saraban.exchange.journal_package import JournalLine


@dataclass(frozen=True)
class SealBox:
    """Where a visible seal goes: page index from 0, lower left and upper right corner in points of the page's own
    coordinates."""

    page: int
    x0: float
    y0: float
    x1: float
    y1: float


@dataclass(frozen=True)
class TimeStampStatus:
    """A time-stamp: whether it holds, the moment it proves, who made it, and Thai words why it does not hold. It is not
    `checkable` when all of it fits, but there is no root to hold its maker against."""

    good: bool
    at: datetime | None = None
    by: str = ""
    reason: str = ""
    checkable: bool = True


@dataclass(frozen=True)
class SignatureBlock:
    """Where the visible signature goes: page index from 0, lower left and upper right corner in points, and what
    is written in it. A block without width shows nothing: some forms end with the agency's name alone (clauses 21 and
    22), and their signature is held in the file only. `picture` is that of the officer's own signature, by the file
    that is kept; it is printed and proves nothing."""

    page: int
    x0: float
    y0: float
    x1: float
    y1: float
    name: str
    title: str
    digits: Digits = Digits.THAI
    picture: Digest | None = None

    @property
    def is_shown(self) -> bool:
        """True when the form has a place for the signature on its face."""
        return self.x1 > self.x0


@dataclass(frozen=True)
class SignedPage:
    """A PDF with one more signature. `stamped_at` is the time that an authority vouches for, None without one; then
    `trouble` says in Thai why, when an authority is set up and gave no time-stamp."""

    pdf: bytes
    stamped_at: datetime | None = None
    trouble: str = ""


class Pen(Protocol):
    """An officer's key that was opened: it signs page after page until it is laid down. It lives in the memory of one
    process and is written nowhere."""

    def sign(self, pdf: bytes, *, block: SignatureBlock, at: datetime, reason: str = "ลงนามหนังสือราชการ") -> SignedPage:
        """The PDF with the officer's signature added as an incremental update, visible in the block if it is shown. An
        authority that does not answer keeps no letter from being signed: the trouble tells of it. Raises RuleBroken
        when the certificate is not valid at that time or the PDF cannot be signed."""
        ...


class PageSigner(Protocol):
    """Signs pages inside with an officer's key: PAdES B-T where a time-stamping authority is set up, else B-B."""

    def opened(self, person_id: PersonId, passphrase: str) -> AbstractContextManager[Pen]:
        """The person's key, opened until the block ends. Raises WrongPassphrase, or NotFound when the person has no
        key."""
        ...

    def sign(
        self,
        pdf: bytes,
        *,
        person_id: PersonId,
        passphrase: str,
        block: SignatureBlock,
        at: datetime,
        reason: str = "ลงนามหนังสือราชการ",
    ) -> SignedPage:
        """One page signed with a key that is opened for it (`opened`, `Pen.sign`)."""
        ...

    def check(self, person_id: PersonId, passphrase: str) -> None:
        """Raise WrongPassphrase or NotFound when the key would not open."""
        ...

    def has_key(self, person_id: PersonId) -> bool:
        """Is there a key of this person, in a file or on a token? None is opened."""
        ...


class PageChecker(Protocol):
    """Checks the signatures inside PDFs, ours and foreign ones, in a process apart with limits of memory and time."""

    def check(self, pdf: bytes, at: datetime) -> SignedFile:
        """The verdicts on all signatures of a PDF at a time. Never raises for bad bytes: the problem says why the file
        could not be looked at."""
        ...


class PageSealer(Protocol):
    """Seals pages inside with an agency's seal: PAdES B-T where a time-stamping authority is set up, else B-B."""

    def seal_page(
        self, pdf: bytes, *, agency_code: str, box: SealBox | None, drawn: bytes | None, reason: str, at: datetime
    ) -> SignedPage:
        """The PDF with the agency's seal added as an incremental update; signatures inside stay good. The seal shows
        the one-page PDF `drawn` in a box of that size; without a box it is in the file only. Raises NotFound without a
        valid seal, RuleBroken when the PDF cannot be signed: with the code "page-unreadable" when a strict reader
        cannot read it."""
        ...


class PageProver(Protocol):
    """Adds to a signed PDF what others need to check it later (PAdES B-LT, ETSI EN 319 142-1, 5.4)."""

    def prove(self, pdf: bytes, at: datetime) -> bytes | None:
        """The PDF with the certificates of all its signatures and time-stamps, and with what their issuers say about
        revocation, added as an incremental update; None when one of them has no time-stamp or that is not at hand."""
        ...


class RevocationLists(Protocol):
    """The revocation lists (RFC 5280, 5) that this installation has, and issuers' answers (OCSP, RFC 6960)."""

    def refresh(self, now: datetime) -> int:
        """Fetch those that our own signatures need and that are missing or old. Returns how many came; who gives none
        is asked next time."""
        ...


class TimeStamper(Protocol):
    """A time-stamping authority (RFC 3161)."""

    @property
    def is_set(self) -> bool:
        """True when an authority is set up."""
        ...

    def stamp(self, digest: Digest) -> bytes | None:
        """The TimeStampToken in DER over this SHA-256; None when no authority is set up. Raises RuleBroken, in Thai,
        when it does not answer or its answer does not fit."""
        ...

    def check(self, token: bytes, digest: Digest) -> TimeStampStatus:
        """What a token says and whether it is over this digest and its signature is good. Never raises."""
        ...


@dataclass(frozen=True)
class JournalBreak:
    """A place where an agency's chain does not hold: the line's number and Thai words."""

    seq: int
    reason: str


class Journals(Protocol):
    """Checks the hash chains."""

    def breaks(self, agency_id: AgencyId) -> Sequence[JournalBreak]:
        """Every break of an agency's chain; none when it is whole."""
        ...

    def length(self, agency_id: AgencyId) -> int: ...

    def digest_at(self, agency_id: AgencyId, seq: int) -> Digest:
        """The digest of the line with this number; that before all lines for 0. NotFound when there is none."""
        ...

    def span(self, agency_id: AgencyId, since: datetime, before: datetime) -> tuple[int, int] | None:
        """The first and the last line of what happened from a moment on and before another; None when nothing did."""
        ...

    def lines(self, agency_id: AgencyId, first: int, last: int, *, classified: bool) -> Iterator[JournalLine]:
        """These lines in their order; the texts of those that tell of classified letters only with `classified`."""
        ...

    def reads(self, agency_id: AgencyId, since: date, until: date, *, classified: bool) -> Iterator[Sequence[object]]:
        """The lines of the reading log of these days as rows (READ_COLUMNS of exchange.journal_package); which
        classified letter was read only with `classified`."""
        ...
