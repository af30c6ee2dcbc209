"""The store of files as a whole, as Protocols: what lies in it, what names it, and since when nothing does."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from saraban.domain.attachment import Digest
from saraban.domain.store import SweepTrace


@dataclass(frozen=True)
class Lying:
    """A file of the store: its size, and whether it was kept last before the moment that was asked about."""

    sha256: Digest
    size: int
    old: bool


Walk = Callable[[str], Iterable[Lying]]
"""The files of the store whose digests begin with this, in no order."""


@dataclass(frozen=True)
class Missing:
    """A file that something names and that is not there; `what` it is, in words for who has to bring it back."""

    sha256: Digest
    what: str


@dataclass(frozen=True)
class Survey:
    """What lies in the store: how many files with how many octets, which of the old ones nothing names (with their
    sizes), and what is named and did not lie there."""

    files: int
    octets: int
    unnamed: Mapping[Digest, int]
    missing: Sequence[Missing]


class Sweeps(Protocol):
    """Since when nothing names a file, and what was swept."""

    def since(self) -> Mapping[Digest, datetime]:
        """The files that are marked, with the moment when they were found so first."""
        ...

    def mark(self, found: Mapping[Digest, int], at: datetime) -> None:
        """Nothing names these files (with their sizes), as was seen at that moment. Who is marked keeps his moment."""
        ...

    def unmark(self, digests: Collection[Digest]) -> None:
        """Something names them again, somebody has kept them again, or they are gone by another way."""
        ...

    def going(self) -> Mapping[Digest, int]:
        """The marked files whose removal was begun, with their sizes."""
        ...

    def begin(self, digests: Collection[Digest]) -> None:
        """Their removal begins: once this is committed, whoever is killed is followed by one who ends and counts it."""
        ...

    def end(self, digests: Collection[Digest]) -> tuple[int, int]:
        """They are off the disk: how many with how many octets of which nobody has said so yet."""
        ...

    def note(self, trace: SweepTrace) -> None: ...

    def last(self, now: datetime) -> SweepTrace | None:
        """The newest look until now; what was noted while the clock was ahead is not heard before its time."""
        ...
