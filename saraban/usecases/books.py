"""The unit of work and the books it opens, as use cases see them. `storage` implements these Protocols."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from types import TracebackType
from typing import Any, Protocol, Self
from uuid import UUID

from saraban.domain.agency import AgencyId
from saraban.domain.attachment import Digest
from saraban.domain.copying import CertifiedCopy
from saraban.domain.events import DomainEvent
from saraban.domain.incoming import IncomingId, IncomingLetter
from saraban.domain.letter import Letter, LetterId
from saraban.domain.receipt import Receipt, ReceiptId
from saraban.domain.versions import SavedVersion
from saraban.usecases.archive import Deposits, Disposals, Handovers, Keeping, Loans, Visits
from saraban.usecases.assignments import StandingOrders, Tasks
from saraban.usecases.batches import Batches
from saraban.usecases.codes import Verifications
from saraban.usecases.connections import Connections
from saraban.usecases.delegations import Delegations
from saraban.usecases.duties import Duties, ProblemNotes
from saraban.usecases.finding import SearchIndex
from saraban.usecases.held_books import HeldFiles
from saraban.usecases.issued import Issued, IssuedRuns
from saraban.usecases.lookup_books import DocumentLookups
from saraban.usecases.matter_books import Matters
from saraban.usecases.meeting_books import Meetings
from saraban.usecases.notices import NoticeMails, Notices
from saraban.usecases.outgoing import Dispatches, Outbox
from saraban.usecases.petition_books import Petitions
from saraban.usecases.progress_papers import Deferrals
from saraban.usecases.publications import Publications
from saraban.usecases.reading_books import Circulations
from saraban.usecases.reading_log import Readings
from saraban.usecases.registry import Closes, Errands, Reconciliations, Registers
from saraban.usecases.roll import Agencies, Directory, Groups, Outsiders, People
from saraban.usecases.safekeeping import BackupTraces
from saraban.usecases.stamp_books import LateStamps
from saraban.usecases.store_books import Sweeps
from saraban.usecases.templates import Templates
from saraban.usecases.views import SavedViews


@dataclass(frozen=True)
class OnceKey:
    """An idempotency key: whose it is, the key, and the fingerprint of what was asked."""

    holder: str
    key: str
    fingerprint: str


class AlreadyDone(Exception):
    """The same key was used before for the same thing: `subject` is what it made, `answer` what was said."""

    def __init__(self, subject: UUID | None, answer: dict[str, Any] | None) -> None:
        super().__init__("already done")
        self.subject = subject
        self.answer = answer


class AlreadyJudged(Exception):
    """Another worker has judged the message: what this one was about to write must not be written."""


@dataclass(eq=False)
class Statement:
    """A statement that this installation owes for an agency: the receipt, and what is needed to send it. `sealed` is
    the blob of the composed message once there is one."""

    receipt: Receipt
    agency_id: AgencyId
    incoming_id: IncomingId | None
    original_message_id: str
    mic: str = ""
    first_answer: bool = False
    automatic: bool = False
    made_at: datetime | None = None
    sealed: Digest | None = None
    attempts: int = 0


@dataclass(eq=False)
class InboxItem:
    """A message as it came. `sha256` finds its bytes; it is not `whole` when a card of ours stands for one that was too
    large to be fetched. `sender` and `subject` are known once it was read, `virus` and `unscanned` (names of files that
    the scanner could not take) once it was scanned."""

    id: UUID
    agency_id: AgencyId
    mailbox: str
    uidvalidity: int
    uid: int
    sha256: Digest
    taken_at: datetime
    attempts: int = 0
    whole: bool = True
    sender: str = ""
    subject: str = ""
    virus: str = ""
    unscanned: str = ""


@dataclass
class MailboxMark:
    """How far a mailbox was read."""

    agency_id: AgencyId
    address: str
    uidvalidity: int = 0
    last_uid: int = 0
    checked_at: datetime | None = None
    problem: str = ""


@dataclass(frozen=True)
class EarlierIncoming:
    """A letter of the same agency and dispatch id that came before."""

    id: IncomingId
    manifest_sha256: str
    state: str
    answered_invalid: bool


@dataclass(frozen=True)
class EarlyRecall:
    """A sender's request to give a letter back that has not come yet. `raw` is the message of the request."""

    agency_id: AgencyId
    from_code: str
    dispatch_id: UUID
    manifest_sha256: str
    reason: str
    asked_at: datetime
    raw: Digest


class Letters(Protocol):
    """Outgoing letters."""

    def get(self, agency_id: AgencyId, letter_id: LetterId) -> Letter: ...
    def add(self, letter: Letter) -> None: ...
    def save(self, letter: Letter) -> None:
        """Write it back; ConcurrentEdit when somebody else did since it was read."""
        ...

    def take_place(self, letter_id: LetterId, old_id: LetterId, on: date, *, again: bool = False) -> bool:
        """Mark the old letter as replaced by this one since that day, where dispatches of this one, of which none is
        known to have failed, take the place of all of its own that any receiver may hold; False otherwise. `again`: not
        where another has its place meanwhile."""
        ...

    def give_place_back(self, letter_id: LetterId, old_id: LetterId) -> bool:
        """Unmark the old letter; False where this one does not have its place."""
        ...

    def signing_since_before(self, moment: datetime, limit: int) -> Sequence[Letter]:
        """Letters whose signing began before that moment and did not end."""
        ...


class Incoming(Protocol):
    """Letters that came in."""

    def get(self, agency_id: AgencyId, incoming_id: IncomingId) -> IncomingLetter: ...
    def add(self, letter: IncomingLetter) -> None: ...
    def save(self, letter: IncomingLetter) -> None: ...
    def heard_of(self, agency_id: AgencyId, from_code: str, dispatch_id: UUID) -> bool:
        """Is anything kept of this dispatch: a letter that came before, one in its place, or a request to give it
        back? Where not, `earlier`, `replacing` and `recall_noted` have nothing to tell."""
        ...

    def earlier(self, agency_id: AgencyId, from_code: str, dispatch_id: UUID) -> Sequence[EarlierIncoming]: ...
    def replacing(self, agency_id: AgencyId, from_code: str, dispatch_id: UUID) -> IncomingId | None:
        """The accepted letter of this agency that takes the place of that dispatch of its own; the newest of them."""
        ...

    def note_recall(self, recall: EarlyRecall) -> bool:
        """Keep a request that came before its letter; False when it was kept before."""
        ...

    def recall_noted(
        self, agency_id: AgencyId, from_code: str, dispatch_id: UUID, manifest_sha256: str
    ) -> EarlyRecall | None:
        """The request for this letter that came before it."""
        ...


class SavedVersions(Protocol):
    """Versions of drafts."""

    def add(self, version: SavedVersion) -> None: ...
    def save(self, version: SavedVersion) -> None: ...
    def last(self, agency_id: AgencyId, letter_id: LetterId) -> SavedVersion | None:
        """The version that stands in the letter; None when none was noted."""
        ...

    def of(self, agency_id: AgencyId, letter_id: LetterId) -> Sequence[SavedVersion]:
        """The versions of a letter, the oldest first."""
        ...


class CertifiedCopies(Protocol):
    """Certified copies of letters and documents."""

    def add(self, copy: CertifiedCopy) -> None: ...
    def of(self, agency_id: AgencyId, letter_id: UUID) -> Sequence[CertifiedCopy]:
        """The copies of a letter of the agency, outgoing or incoming, or of a document, the oldest first."""
        ...

    def empty(self, agency_id: AgencyId, letter_id: UUID) -> Sequence[Digest]:
        """Forget the files of these copies, and give their digests; that they were made stays."""
        ...


class Statements(Protocol):
    """Receipts that we owe or have given."""

    def add(self, statement: Statement) -> None: ...
    def get(self, agency_id: AgencyId, receipt_id: ReceiptId) -> Statement: ...
    def first_answer(self, agency_id: AgencyId, incoming_id: IncomingId) -> Statement | None: ...
    def given(self, agency_id: AgencyId, incoming_id: IncomingId) -> Sequence[Statement]:
        """All statements about this letter, in their order."""
        ...

    def claim_uncomposed(self, now: datetime, lease: timedelta, limit: int) -> Sequence[Statement]: ...
    def sealed(self, receipt_id: ReceiptId, raw: Digest) -> bool:
        """Its message has this digest; False when another worker has sealed it before."""
        ...


class Inbox(Protocol):
    """What came in, before and after it was judged."""

    def take_in(self, item: InboxItem, message_id: str, content_key: Digest) -> bool:
        """Keep the row; False when (mailbox, uidvalidity, uid) was kept before."""
        ...

    def copies(self, item: InboxItem) -> int:
        """How many judged rows of the same agency carry the same content key."""
        ...

    def claim(self, now: datetime, lease: timedelta, limit: int) -> Sequence[InboxItem]: ...
    def decide(self, item: InboxItem, outcome: str, note: str, at: datetime) -> None:
        """Write down what became of it; AlreadyJudged when another worker did so, whose lease had ended meanwhile."""
        ...

    def put_off(self, item: InboxItem, why: str, until: datetime) -> None:
        """It cannot be judged before that moment, and why in Thai; this does not count as a try."""
        ...

    def reopen(self, agency_id: AgencyId, sha256: Digest) -> bool:
        """Let one held message with these bytes be judged anew; False when there is none."""
        ...

    def mark(self, agency_id: AgencyId, address: str) -> MailboxMark: ...
    def save_mark(self, mark: MailboxMark) -> None: ...
    def advance(self, agency_id: AgencyId, address: str, uidvalidity: int, uid: int) -> None:
        """It was read up to this mail, unless the folder has another UIDVALIDITY; the mark never goes back."""
        ...

    def lease_mailbox(self, agency_id: AgencyId, address: str, owner: str, now: datetime, lease: timedelta) -> bool:
        """True when this fetcher has the mailbox until the lease ends."""
        ...


class UnitOfWork(Protocol):
    """One transaction: rolled back unless committed. Events recorded in it enter the journal at commit."""

    @property
    def letters(self) -> Letters: ...
    @property
    def incoming(self) -> Incoming: ...
    @property
    def copies(self) -> CertifiedCopies: ...
    @property
    def verifications(self) -> Verifications: ...
    @property
    def templates(self) -> Templates: ...
    @property
    def versions(self) -> SavedVersions: ...
    @property
    def registers(self) -> Registers: ...
    @property
    def closes(self) -> Closes: ...
    @property
    def reconciliations(self) -> Reconciliations: ...
    @property
    def errands(self) -> Errands: ...
    @property
    def views(self) -> SavedViews: ...
    @property
    def search(self) -> SearchIndex: ...
    @property
    def dispatches(self) -> Dispatches: ...
    @property
    def statements(self) -> Statements: ...
    @property
    def outbox(self) -> Outbox: ...
    @property
    def inbox(self) -> Inbox: ...
    @property
    def connections(self) -> Connections: ...
    @property
    def agencies(self) -> Agencies: ...
    @property
    def people(self) -> People: ...
    @property
    def delegations(self) -> Delegations: ...
    @property
    def directory(self) -> Directory: ...
    @property
    def outsiders(self) -> Outsiders: ...
    @property
    def groups(self) -> Groups: ...
    @property
    def duties(self) -> Duties: ...
    @property
    def backups(self) -> BackupTraces: ...
    @property
    def sweeps(self) -> Sweeps: ...
    @property
    def problems(self) -> ProblemNotes: ...
    @property
    def readings(self) -> Readings: ...
    @property
    def matters(self) -> Matters: ...
    @property
    def batches(self) -> Batches: ...
    @property
    def tasks(self) -> Tasks: ...
    @property
    def standing_orders(self) -> StandingOrders: ...
    @property
    def notices(self) -> Notices: ...
    @property
    def circulations(self) -> Circulations: ...
    @property
    def notice_mails(self) -> NoticeMails: ...
    @property
    def keeping(self) -> Keeping: ...
    @property
    def disposals(self) -> Disposals: ...
    @property
    def handovers(self) -> Handovers: ...
    @property
    def visits(self) -> Visits: ...
    @property
    def loans(self) -> Loans: ...
    @property
    def deposits(self) -> Deposits: ...
    @property
    def deferrals(self) -> Deferrals: ...
    @property
    def issued(self) -> Issued: ...
    @property
    def issued_runs(self) -> IssuedRuns: ...
    @property
    def document_lookups(self) -> DocumentLookups: ...
    @property
    def petitions(self) -> Petitions: ...
    @property
    def held_files(self) -> HeldFiles: ...
    @property
    def late_stamps(self) -> LateStamps: ...
    @property
    def meetings(self) -> Meetings: ...
    @property
    def publications(self) -> Publications: ...

    def __enter__(self) -> Self: ...
    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    def record(self, event: DomainEvent) -> None:
        """Write the event into the journal of the actor's agency when the transaction commits."""
        ...

    def sent_at_once(self) -> AbstractContextManager[None]:
        """A block of statements that have no answer; what one of them raises is raised at its end at the latest."""
        ...

    def commit(self, *, final: bool = True, begun: bool = False) -> None:
        """Make it durable. `final=False` for a claim that another transaction of the same use case will settle. Raises
        NotPermitted when the order by which somebody acts no longer counts, unless the deed was `begun` by a claim."""
        ...
