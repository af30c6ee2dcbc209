"""The daily close of the registers: what happened to numbers, hashed to one root (a Merkle tree as in RFC 9162)."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NewType
from uuid import UUID

from saraban.domain.agency import AgencyId
from saraban.domain.attachment import Digest

CloseId = NewType("CloseId", UUID)


@dataclass(frozen=True)
class LedgerLine:
    """A line of the ledger: the journal's sequence number, the book's line it tells of, what happened, and the digest
    of what the line says after it."""

    seq: int
    book_id: UUID
    entry_id: UUID
    serial: int
    name: str
    line: Digest

    def leaf(self) -> bytes:
        """What is hashed: "seq:serial:event:digest" in UTF-8."""
        return f"{self.seq}:{self.serial}:{self.name}:{self.line.hex}".encode()


@dataclass(frozen=True)
class BookRoot:
    """One book's part of a day: how many lines of the ledger, from which number to which, and their root."""

    kind: str
    unit: str
    year: int
    lines: int
    first: int
    last: int
    root: Digest


@dataclass(eq=False)
class DayClose:
    """A day's close as it was sealed. `statement` is its canonical JSON, `signature` the detached CMS over it,
    `time_stamp` the RFC 3161 token over its SHA-256, None until one was had. `until_seq`: the journal's last line that
    it covers."""

    id: CloseId
    agency_id: AgencyId
    day: date
    root: Digest
    lines: int
    until_seq: int
    statement: bytes
    signature: bytes
    at: datetime
    time_stamp: bytes | None = None


@dataclass(eq=False)
class YearClose:
    """The statement of a year's books: the sealed page by its digest, the counts by book, the last day's root."""

    id: CloseId
    agency_id: AgencyId
    year: int
    page: Digest
    counts: list[dict[str, object]]
    root: Digest
    by: str
    at: datetime


def merkle_root(leaves: Sequence[bytes]) -> Digest:
    """The root of these leaves in their order (RFC 9162, section 2.1.1); of none, the SHA-256 of nothing."""
    level = [hashlib.sha256(b"\x00" + leaf).digest() for leaf in leaves]
    if not level:
        return Digest.of(b"")
    return Digest(_root(level).hex())


def _root(level: list[bytes]) -> bytes:
    # Pairing neighbours and carrying the odd one up gives the same tree as splitting at the largest power of two.
    while len(level) > 1:
        paired = [hashlib.sha256(b"\x01" + a + b).digest() for a, b in zip(level[::2], level[1::2], strict=False)]
        if len(level) % 2:
            paired.append(level[-1])
        level = paired
    return level[0]
