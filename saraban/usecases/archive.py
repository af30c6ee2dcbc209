"""What is kept and what is destroyed, as the use cases see it: Protocols that `storage` fills."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol
from uuid import UUID

from saraban.domain.agency import AgencyId
from saraban.domain.attachment import Digest
from saraban.domain.content import Reference
from saraban.domain.deposit import DepositList
from saraban.domain.disposal import DisposalList
from saraban.domain.handover import HandoverList
from saraban.domain.keeping import KeptItem, LegalHold
from saraban.domain.loan import Loan
from saraban.domain.retention import FileGroup, RetentionClass
from saraban.domain.storing import StoringList
from saraban.domain.visit import Visit
from saraban.usecases.store_books import Survey, Walk

REGISTER, STORING, DISPOSAL, LOAN, DEPOSIT = "register", "storing", "disposal", "loan", "deposit"
HANDOVER = "handover"
"""What is numbered by year: the lines of form 20, a unit's lists of form 19, lists of form 25, cards of form 24, lists
of form 23, lists of forms 21 and 22."""


class Keeping(Protocol):
    """Classes, the file plan, how each letter is kept, lists into the store, and holds."""

    def classes(self, agency_id: AgencyId) -> Sequence[RetentionClass]:
        """The agency's classes, those of the regulation first, as it changed them."""
        ...

    def set_class(self, kind: RetentionClass) -> None: ...
    def plan(self, agency_id: AgencyId) -> Sequence[FileGroup]:
        """The groups of the file plan, by code."""
        ...

    def set_group(self, group: FileGroup) -> None: ...
    def items(self, agency_id: AgencyId, entry_ids: Collection[UUID]) -> Sequence[KeptItem]:
        """Those of these lines about whose keeping somebody has said something, held until commit."""
        ...

    def add(self, *items: KeptItem) -> None: ...
    def save(self, item: KeptItem) -> None: ...
    def next_numbers(self, agency_id: AgencyId, of: str, year: int, count: int = 1) -> int:
        """The first of so many numbers in a row, without gaps; the counter is held until commit."""
        ...

    def add_list(self, made: StoringList) -> None: ...
    def list(self, agency_id: AgencyId, list_id: UUID) -> StoringList: ...
    def save_list(self, made: StoringList) -> None: ...
    def mask(self, agency_id: AgencyId, entry_id: UUID, words: str) -> None:
        """Take number, day and subject of a letter off every list of forms 19, 21, 22, 23 and 25, and write these words
        in their place. Its keeping is held before (`items`): who draws up a list meanwhile waits."""
        ...

    def add_hold(self, hold: LegalHold) -> None: ...
    def hold(self, agency_id: AgencyId, hold_id: UUID) -> LegalHold: ...
    def save_hold(self, hold: LegalHold) -> None: ...


class Loans(Protocol):
    """Letters that are borrowed."""

    def add(self, loan: Loan) -> None: ...
    def save(self, loan: Loan) -> None: ...
    def get(self, agency_id: AgencyId, loan_id: UUID) -> Loan: ...
    def of_letter(self, agency_id: AgencyId, entry_id: UUID) -> Sequence[Loan]:
        """All loans of a letter, the oldest first."""
        ...

    def out(self, agency_id: AgencyId) -> Sequence[Loan]:
        """What is out, what was due first first."""
        ...

    def over(self, today: date, most: int) -> Sequence[Loan]:
        """Electronic letters of any agency that are out and were due before today."""
        ...


class Visits(Protocol):
    """Outsiders who look at letters."""

    def add(self, visit: Visit) -> None: ...
    def save(self, visit: Visit) -> None: ...
    def get(self, agency_id: AgencyId, visit_id: UUID) -> Visit: ...
    def expected(self, agency_id: AgencyId, until: date) -> Sequence[Visit]:
        """Visits that are permitted and whose day comes until then, the first first."""
        ...


class Deposits(Protocol):
    """Lists of letters that are deposited."""

    def add(self, made: DepositList) -> None: ...
    def save(self, made: DepositList) -> None: ...
    def get(self, agency_id: AgencyId, list_id: UUID) -> DepositList: ...


@dataclass(frozen=True)
class Gone:
    """A letter that is to be destroyed: its line, and what the line is about when that is in the system."""

    agency_id: AgencyId
    entry_id: UUID
    subject_of: UUID | None


@dataclass(frozen=True)
class Destroyed:
    """That a letter was destroyed, or a file of it (`sha256`) that nothing else needs. `seq` grows with time."""

    seq: int
    agency_id: AgencyId
    list_id: UUID
    entry_id: UUID
    subject_of: UUID | None
    sha256: Digest | None
    at: datetime


@dataclass(frozen=True)
class Dropped:
    """That nothing leads to a file any more; in a `harmful` one the scanner found a virus. `seq` grows with time."""

    seq: int
    sha256: Digest
    harmful: bool


class Disposals(Protocol):
    """Lists of letters to be destroyed, and what destroying does to the shelves."""

    def add(self, made: DisposalList) -> None: ...
    def get(self, agency_id: AgencyId, list_id: UUID) -> DisposalList: ...
    def save(self, made: DisposalList) -> None: ...
    def survey(self, agency_id: AgencyId, year: int, today: date, *, electronic: bool, most: int) -> Sequence[KeptItem]:
        """What may be proposed (KeptItem.why_not_due), the oldest letters first, held until commit."""
        ...

    def waits(self, agency_id: AgencyId, year: int) -> bool:
        """Is there paper that may be proposed in the survey of this year (KeptItem.why_not_due)?"""
        ...

    def destroy(self, list_id: UUID, gone: Sequence[Gone], at: datetime) -> Mapping[UUID, int]:
        """Take everything that these letters say off the shelves, but for their lines of the registers, what officers
        wrote on them and the journal; write down what was destroyed. Gives how many files of each nothing else needs:
        a file that a letter which stays has, too, is not touched."""
        ...

    def shred(self, gone: Sequence[Gone], at: datetime) -> None:
        """The same after a restore, for letters of which it is written down already that they were destroyed."""
        ...

    def needed(self, digests: Collection[Digest]) -> Set[Digest]:
        """Those of these files that anything needs (again)."""
        ...

    def files_with(self, entry_ids: Collection[UUID]) -> Set[Digest]:
        """The files of these lines, and those that were destroyed with them."""
        ...

    def to_remove(self, most: int, after: int = 0) -> Sequence[Destroyed]:
        """Files that were destroyed and whose bytes may still lie on the disk, after that row, the oldest first."""
        ...

    def to_forget(self, most: int) -> Sequence[Destroyed]:
        """Letters that were destroyed and whose words may still lie in what the index has put aside, the oldest
        first."""
        ...

    def removed(self, gone: Collection[int], at: datetime) -> None:
        """The bytes of these files, or the words of these letters, are gone."""
        ...

    def drop(self, digests: Iterable[Digest], at: datetime, *, harmful: bool = False, of_letters: bool = False) -> None:
        """Nothing leads to these files any more: once this is committed their bytes are taken off the disk, by whoever
        comes to it, but for those that something else needs. In `harmful` ones the scanner found a virus; those
        `of_letters` hold what letters hold that may be destroyed one day: both leave the backups too. A moment to come
        gives them time until then."""
        ...

    def dropped(self, most: int, now: datetime, after: int = 0) -> Sequence[Dropped]:
        """Files that were dropped until now, whose bytes may still be on the disk, after that row, oldest first."""
        ...

    def dropped_later(self, digests: Collection[Digest], now: datetime) -> Set[Digest]:
        """Those of these files that somebody brought again, who still has time."""
        ...

    def going(self) -> Set[Digest]:
        """Files that were destroyed or dropped, whose bytes may still lie on the disk, and that nothing needs."""
        ...

    def leave_backups(self) -> Set[Digest]:
        """Dropped files whose bytes were taken off the disk and must leave the backups, which may still have them:
        those in which a virus was found, and those of letters."""
        ...

    def dealt_with(self, rows: Collection[int], at: datetime | None = None) -> None:
        """The bytes of the dropped files of these rows are gone since this moment (those that must leave the backups
        are remembered for that), or needed elsewhere (None)."""
        ...

    def destroyed_since(self, since: datetime | None, after: int = 0, most: int = 1000) -> Sequence[Destroyed]:
        """What was destroyed at or after a moment (ever, for None), after that row, the oldest first."""
        ...

    def is_known(self, one: Destroyed) -> bool:
        """Is such a row kept, whatever its number?"""
        ...

    def note(self, one: Destroyed) -> None:
        """Keep a row that a list from outside tells of, under a number of our own."""
        ...


class FileNeeds(Protocol):
    """What needs files, asked while others write: of one moment, and without holding them up."""

    def needed(self, digests: Collection[Digest]) -> Set[Digest]:
        """Those of these files that anything needs, as far as it was committed before this was asked."""
        ...

    def named(self, digests: Collection[Digest]) -> Set[Digest]:
        """Those of these files that anything names, also where nothing would be lost without them."""
        ...

    def going(self) -> Set[Digest]:
        """`Disposals.going`."""
        ...

    def survey(self, walk: Walk, lies: Callable[[Digest], bool]) -> Survey:
        """The whole store against all that names files, as far as it was committed before the store is walked through;
        `lies` tells of one file whether it is there."""
        ...


class Handovers(Protocol):
    """Lists of forms 21 and 22."""

    def add(self, made: HandoverList) -> None: ...
    def get(self, agency_id: AgencyId, list_id: UUID) -> HandoverList: ...
    def save(self, made: HandoverList) -> None: ...
    def drawn(self, agency_id: AgencyId, year: int) -> bool:
        """Have all lists of forms 21 and 22 of that year drawn themselves up?"""
        ...

    def waiting(self, agency_id: AgencyId) -> Sequence[HandoverList]:
        """Lists with letters that have not gone yet."""
        ...

    def note_drawn(self, agency_id: AgencyId, year: int, at: datetime | None) -> None:
        """They have, at that moment; or (None) there is more to be drawn."""
        ...

    def listed(self, agency_id: AgencyId, year: int) -> Collection[UUID]:
        """The letters on lists of that year, whatever became of them."""
        ...

    def told(self, agency_id: AgencyId) -> Collection[UUID]:
        """The letters on lists that went to the National Archives, of whatever year."""
        ...

    def due(self, agency_id: AgencyId, made_until: date, most: int) -> Sequence[KeptItem]:
        """Kept letters that were made on that day or before and stand on no list, and those that the National Archives
        asked for unless they are on hold; the oldest first, so many at most, held."""
        ...

    def as_they_are(self, agency_id: AgencyId, entry_ids: Collection[UUID]) -> Mapping[UUID, str]:
        """What these letters say in the registers now, with the names and bytes of their files: a digest of each."""
        ...

    def references(self, agency_id: AgencyId, owners: Collection[UUID]) -> Sequence[Reference]:
        """What these letters and lines refer to."""
        ...

    def receivers(self, agency_id: AgencyId, letter_id: UUID) -> Sequence[Mapping[str, str | None]]:
        """To whom a letter of ours was sent (`code`, `name`), what became of it (`state`, `settled_at`) and its number
        there (`register_number`)."""
        ...

    def journal(self, agency_id: AgencyId, subjects: Collection[UUID]) -> Sequence[str]:
        """The journal's lines about these, as they are chained."""
        ...
