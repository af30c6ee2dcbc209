"""Lists and marks of the archive as they are printed (forms 19 to 25, clauses 55, 68 and 73), as a Protocol."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Protocol


class ArchiveForm(str, Enum):
    """Lists of the archive: the regulation's forms 19 to 25, and the record of a destruction (clause 68.5)."""

    STORING = "19"
    STORE_REGISTER = "20"
    TRANSFER = "21"
    OWN_KEEPING = "22"
    DEPOSIT = "23"
    LOAN_CARD = "24"
    DISPOSAL = "25"
    DESTRUCTION = "record"


@dataclass(frozen=True)
class Signer:
    """Who signs at the foot of a list: in which part, and his name and post where they are known; `note` says when he
    did his part in the system."""

    part: str
    name: str = ""
    title: str = ""
    note: str = ""


@dataclass(frozen=True)
class ArchiveSheet:
    """A list of the archive as it is printed. `unit` is the part of the agency that draws it up, `year` the Buddhist
    year that stands in the title, 0 for none; `rows` have a text for each column of the form; `told` stands below.
    `ministry` stands at the head of forms 21, 22, 23 and 25; where it is empty there is room to write."""

    form: ArchiveForm
    agency_name: str
    unit: str
    year: int
    day: date
    rows: Sequence[Sequence[str]]
    told: Sequence[str] = ()
    signers: Sequence[Signer] = ()
    ministry: str = ""


@dataclass(frozen=True)
class KeepingMark:
    """ตรากำหนดเก็บหนังสือ of one letter: its words, whether it stays for ever, and of which letter it is."""

    words: str
    forever: bool
    letter: str


class ArchivePress(Protocol):
    """Prints them as PDF with embedded fonts and Thai digits."""

    def archive_list(self, sheet: ArchiveSheet) -> bytes:
        """A list of the archive (forms 19 to 25, clause 68.5), A4, its head row on every sheet."""
        ...

    def keeping_mark(self, words: str, *, forever: bool) -> bytes:
        """ตรากำหนดเก็บหนังสือ alone (clause 73), for a label on the first sheet: letters of 24 points, `forever` in red,
        a year in blue, and below them a line for the initials (clause 55.1)."""
        ...

    def keeping_marks(self, marks: Sequence[KeepingMark], initials: str) -> bytes:
        """The marks of several letters on sheets of A4 to be cut, each with a line for the initials of whom `initials`
        names, and below it of which letter it is."""
        ...
