"""Equipment that proves: seals inside pages and time-stamps, as Protocols."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from saraban.domain.attachment import Digest


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
    """A time-stamp: whether it holds, the moment it proves, who made it, and Thai words why it does not hold."""

    good: bool
    at: datetime | None = None
    by: str = ""
    reason: str = ""


class PageSealer(Protocol):
    """Seals pages inside (PAdES B-B) with an agency's seal, in a box that shows what `drawn` shows."""

    def seal_page(
        self, pdf: bytes, *, agency_code: str, box: SealBox, drawn: bytes, reason: str, at: datetime
    ) -> bytes:
        """The PDF with the agency's seal added as an incremental update; signatures inside stay good. `drawn` is a
        one-page PDF of the box's size. Raises NotFound without a valid seal, RuleBroken when the PDF cannot be
        signed: with the code "page-unreadable" when a strict reader cannot read it."""
        ...


class TimeStamper(Protocol):
    """A time-stamping authority (RFC 3161)."""

    def stamp(self, digest: Digest) -> bytes | None:
        """The TimeStampToken in DER over this SHA-256; None when no authority is set up. Raises RuleBroken, in Thai,
        when it does not answer or its answer does not fit."""
        ...

    def check(self, token: bytes, digest: Digest) -> TimeStampStatus:
        """What a token says and whether it is over this digest and its signature is good. Never raises."""
        ...
