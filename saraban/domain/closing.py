"""The daily close of the registers: what happened to numbers, hashed to one root (a Merkle tree as in RFC 9162)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NewType
from uuid import UUID

from saraban.domain.agency import AgencyId
from saraban.domain.attachment import Digest
from saraban.domain.book import BookKind

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
    """One book's part of a day: how many lines of the ledger, from which number to which, and their root. `kind` is
    None for a book of which only the ledger knows."""

    book_id: UUID
    kind: BookKind | None
    unit: str
    year: int
    lines: int
    first: int
    last: int
    root: Digest

    @property
    def secret(self) -> bool:
        """True for a register of classified information."""
        return self.kind is not None and self.kind.secret

    def leaf(self) -> bytes:
        """What is hashed: "book:root" in UTF-8."""
        return f"{self.book_id}:{self.root.hex}".encode()


@dataclass(frozen=True)
class DaySummary:
    """What a day's close says: the books in which something happened since the close before, the root of that close
    (None for the first of all), and the journal's head that everything lies below. On a day without numbers there are
    no books, and the head alone is sealed."""

    day: date
    previous: Digest | None
    until_seq: int
    head: Digest
    books: Sequence[BookRoot]

    @property
    def root(self) -> Digest:
        """One root over all of it. It takes in the root before, so that whoever holds the root of a day holds all days
        up to it."""
        leaves = [
            f"day:{self.day.isoformat()}".encode(),
            f"previous:{self.previous.hex if self.previous else ''}".encode(),
            f"journal:{self.until_seq}:{self.head.hex}".encode(),
        ]
        return merkle_root([*leaves, *(book.leaf() for book in self.books)])

    @property
    def lines(self) -> int:
        """How many lines of the open books; those of the registers of classified information are not counted for
        everybody."""
        return sum(book.lines for book in self.books if not book.secret)


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


def merkle_root(leaves: Iterable[bytes]) -> Digest:
    """The root of these leaves in their order (RFC 9162, section 2.1.1); of none, the SHA-256 of nothing. It holds no
    more than one hash for each level of the tree."""
    peaks: list[tuple[int, bytes]] = []
    for leaf in leaves:
        height, node = 0, hashlib.sha256(b"\x00" + leaf).digest()
        while peaks and peaks[-1][0] == height:
            height, node = height + 1, _above(peaks.pop()[1], node)
        peaks.append((height, node))
    if not peaks:
        return Digest.of(b"")
    node = peaks.pop()[1]
    while peaks:
        node = _above(peaks.pop()[1], node)
    return Digest(node.hex())


def _above(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()
