"""Ports of finding: the index of letters and register lines, and the reader of files, as use cases see them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Protocol
from uuid import UUID

from saraban.domain.attachment import Digest
from saraban.domain.links import FoundLink


class TextWay(str, Enum):
    """How far the words of a file are known. A `SCAN` has pages that are pictures and wait to be read (`OCR`)."""

    WORDS = "words"
    SCAN = "scan"
    OCR = "ocr"
    NONE = "none"


@dataclass(frozen=True)
class FileText:
    """The words of a file, as far as they could be read, and those that were read from its pictures (`scanned`)."""

    way: TextWay
    text: str = ""
    scanned: str = ""


@dataclass(frozen=True)
class Waiting:
    """A letter or a line that changed and whose row in the index has to be made anew."""

    seq: int
    owner_id: UUID


class FileReader(Protocol):
    """Reads the words in files that others made. Never raises for what a file is: then there are no words."""

    @property
    def reads_scans(self) -> bool:
        """True when words can be read from pictures on this machine."""
        ...

    def words(self, data: bytes) -> FileText:
        """The words in a PDF, a Word file, a sheet or a text; `SCAN` for a picture and where pages have no words."""
        ...

    def scan(self, data: bytes) -> str:
        """The words on the pages that are pictures; empty when none could be read."""
        ...

    def links(self, data: bytes) -> Sequence[FoundLink] | None:
        """The codes, links and addresses in a PDF or a picture; None when it could not be read."""
        ...

    def issued_data(self, data: bytes) -> Mapping[str, bytes]:
        """The files for programs that lie in an issued document, by name, as far as they can be read."""
        ...


class SearchIndex(Protocol):
    """The index, with what waits to be put into it."""

    def waiting(self, most: int) -> Sequence[Waiting]:
        """What waits, the oldest first."""
        ...

    def unread(self, owners: Sequence[UUID]) -> Sequence[Digest]:
        """The files of those that are open, of which it is not known what they say."""
        ...

    def scans(self, most: int) -> Sequence[Digest]:
        """Files that are pictures and were not read yet."""
        ...

    def keep_text(self, digest: Digest, found: FileText, *, besides: Sequence[UUID] = ()) -> None:
        """Write down what a file says; its letters and lines wait to be indexed with it, but for those that are indexed
        in the same transaction (`besides`)."""
        ...

    def put(self, owners: Sequence[UUID]) -> None:
        """Make the rows of these anew, as they are now; of what is classified or gone nothing stays."""
        ...

    def done(self, waited: Sequence[Waiting]) -> None:
        """These wait no longer."""
        ...

    def keep_scan(self, digest: Digest, scanned: str) -> None:
        """Write down what was read from the pictures of a file; its letters and lines wait to be indexed with it."""
        ...

    def wait_for_all(self, *, files_too: bool) -> int:
        """Let everything be made anew, with `files_too` also what files say; how much waits."""
        ...

    def count_waiting(self) -> int:
        """How much waits."""
        ...

    def squeeze(self, *, begin: bool) -> bool:
        """Let the index drop some of what it has only put aside: words of rows that are no longer there. With `begin`,
        of all that it has put aside until now. True while something is left to be dropped."""
        ...
