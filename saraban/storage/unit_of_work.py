"""The unit of work: one transaction, rolled back unless committed; the only place with a commit in this room."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from functools import cached_property
from types import TracebackType
from typing import Any, Self
from uuid import UUID

from sqlalchemy import Connection, Engine, bindparam, delete, select, update
from sqlalchemy import insert as plain_insert
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError

from saraban.domain.agency import AgencyId, PersonId
from saraban.domain.calendar import office_date
from saraban.domain.errors import ConcurrentEdit, NotPermitted, RuleBroken
from saraban.domain.events import DomainEvent
from saraban.storage import journal
from saraban.storage.archive import KeepingBooks
from saraban.storage.backups import BackupBooks
from saraban.storage.batches import BatchBooks
from saraban.storage.capacities import capacities_of_person, chosen
from saraban.storage.circulation import CirculationBooks, note_deeds
from saraban.storage.closing import CloseBooks
from saraban.storage.connections import ConnectionBooks
from saraban.storage.copies import CopyBooks
from saraban.storage.correspondence import IncomingBooks, LetterBooks
from saraban.storage.database import sent_at_once
from saraban.storage.deferrals import DeferralBooks
from saraban.storage.delegations import DelegationBooks
from saraban.storage.disposal import DisposalBooks
from saraban.storage.document_lookups import LookupBooks
from saraban.storage.duty import DutyBooks
from saraban.storage.errands import ErrandBooks
from saraban.storage.exchange import DispatchBooks, StatementBooks
from saraban.storage.finding import SearchBooks
from saraban.storage.groups import GroupBooks
from saraban.storage.handovers import HandoverBooks
from saraban.storage.held_files import HeldFileBooks
from saraban.storage.inbox import InboxBooks
from saraban.storage.issued import IssuedBooks
from saraban.storage.issued_runs import IssuedRunBooks
from saraban.storage.late_stamps import LateStampBooks
from saraban.storage.lending import DepositBooks, LoanBooks, VisitBooks
from saraban.storage.matters import MatterBooks
from saraban.storage.meetings import MeetingBooks
from saraban.storage.notice_mails import NoticeMailBooks
from saraban.storage.notices import NoticeBooks
from saraban.storage.outbox import OutboxBooks
from saraban.storage.outsiders import OutsiderBooks
from saraban.storage.people import AgencyBooks, DirectoryBooks, PeopleBooks
from saraban.storage.petitions import PetitionBooks
from saraban.storage.problems import ProblemBooks
from saraban.storage.publications import PublicationBooks
from saraban.storage.readings import ReadingBooks
from saraban.storage.reconciling import ReconciliationBooks
from saraban.storage.registers import RegisterBooks
from saraban.storage.sweeps import SweepBooks
from saraban.storage.tables.journal import once
from saraban.storage.tables.people import agencies
from saraban.storage.tasks import StandingOrderBooks, TaskBooks
from saraban.storage.templates import TemplateBooks
from saraban.storage.verification import VerificationBooks
from saraban.storage.versions import VersionBooks
from saraban.storage.views import ViewBooks
from saraban.usecases.books import AlreadyDone, OnceKey

_SEEN = select(once).where(once.c.holder == bindparam("of_holder"), once.c.key == bindparam("of_key"))
_REMEMBER = (
    update(once)
    .where(once.c.holder == bindparam("of_holder"), once.c.key == bindparam("of_key"))
    .values(answer=bindparam("said"))
)


class SqlUnitOfWork:
    """One transaction over the shelves (usecases.books.UnitOfWork).

    With a key it happens once: entering raises AlreadyDone when the key was committed before, RuleBroken when it was
    used for something else; the key is written by the final commit. Each of the books is opened when it is first asked
    for: a deed uses a few of them.
    """

    letters = cached_property(lambda uow: LetterBooks(uow.connection))
    incoming = cached_property(lambda uow: IncomingBooks(uow.connection))
    registers = cached_property(lambda uow: RegisterBooks(uow.connection, uow.clock))
    closes = cached_property(lambda uow: CloseBooks(uow.connection))
    reconciliations = cached_property(lambda uow: ReconciliationBooks(uow.connection))
    errands = cached_property(lambda uow: ErrandBooks(uow.connection))
    views = cached_property(lambda uow: ViewBooks(uow.connection))
    search = cached_property(lambda uow: SearchBooks(uow.connection))
    copies = cached_property(lambda uow: CopyBooks(uow.connection))
    templates = cached_property(lambda uow: TemplateBooks(uow.connection))
    verifications = cached_property(lambda uow: VerificationBooks(uow.connection))
    versions = cached_property(lambda uow: VersionBooks(uow.connection))
    dispatches = cached_property(lambda uow: DispatchBooks(uow.connection))
    statements = cached_property(lambda uow: StatementBooks(uow.connection))
    outbox = cached_property(lambda uow: OutboxBooks(uow.connection))
    inbox = cached_property(lambda uow: InboxBooks(uow.connection))
    connections = cached_property(lambda uow: ConnectionBooks(uow.connection))
    agencies = cached_property(lambda uow: AgencyBooks(uow.connection, uow.clock))
    people = cached_property(lambda uow: PeopleBooks(uow.connection))
    delegations = cached_property(lambda uow: DelegationBooks(uow.connection))
    directory = cached_property(lambda uow: DirectoryBooks(uow.connection))
    outsiders = cached_property(lambda uow: OutsiderBooks(uow.connection))
    groups = cached_property(lambda uow: GroupBooks(uow.connection))
    duties = cached_property(lambda uow: DutyBooks(uow.connection))
    problems = cached_property(lambda uow: ProblemBooks(uow.connection))
    backups = cached_property(lambda uow: BackupBooks(uow.connection))
    sweeps = cached_property(lambda uow: SweepBooks(uow.connection))
    readings = cached_property(lambda uow: ReadingBooks(uow.connection))
    matters = cached_property(lambda uow: MatterBooks(uow.connection))
    batches = cached_property(lambda uow: BatchBooks(uow.connection))
    tasks = cached_property(lambda uow: TaskBooks(uow.connection))
    standing_orders = cached_property(lambda uow: StandingOrderBooks(uow.connection))
    notices = cached_property(lambda uow: NoticeBooks(uow.connection))
    circulations = cached_property(lambda uow: CirculationBooks(uow.connection))
    notice_mails = cached_property(lambda uow: NoticeMailBooks(uow.connection))
    keeping = cached_property(lambda uow: KeepingBooks(uow.connection))
    disposals = cached_property(lambda uow: DisposalBooks(uow.connection))
    handovers = cached_property(lambda uow: HandoverBooks(uow.connection))
    loans = cached_property(lambda uow: LoanBooks(uow.connection))
    visits = cached_property(lambda uow: VisitBooks(uow.connection))
    deposits = cached_property(lambda uow: DepositBooks(uow.connection))
    deferrals = cached_property(lambda uow: DeferralBooks(uow.connection))
    issued = cached_property(lambda uow: IssuedBooks(uow.connection))
    issued_runs = cached_property(lambda uow: IssuedRunBooks(uow.connection))
    document_lookups = cached_property(lambda uow: LookupBooks(uow.connection))
    petitions = cached_property(lambda uow: PetitionBooks(uow.connection))
    held_files = cached_property(lambda uow: HeldFileBooks(uow.connection))
    late_stamps = cached_property(lambda uow: LateStampBooks(uow.connection))
    meetings = cached_property(lambda uow: MeetingBooks(uow.connection))
    publications = cached_property(lambda uow: PublicationBooks(uow.connection))

    def __init__(self, engine: Engine, now: Any, key: OnceKey | None = None) -> None:
        self._engine = engine
        self.clock = now
        self._key = key
        self._events: list[DomainEvent] = []
        self._connection: Connection | None = None

    @property
    def connection(self) -> Connection:
        """The transaction. Raises RuntimeError outside of the unit of work."""
        if self._connection is None:
            raise RuntimeError("outside of the unit of work")
        return self._connection

    def __enter__(self) -> Self:
        connection = self._engine.connect()
        self._connection, self._events = connection, []
        try:
            connection.begin()
            if self._key is not None:
                _raise_if_done(connection, self._key)
        except BaseException:
            connection.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()  # rolls back whatever was not committed
        if isinstance(error, DBAPIError) and (told := _told(error)) is not None:
            raise told from error

    def record(self, event: DomainEvent) -> None:
        """Write the event into the journal at commit."""
        self._events.append(event)

    def sent_at_once(self) -> AbstractContextManager[None]:
        """A block whose statements nobody waits for one by one (storage.database.sent_at_once)."""
        return sent_at_once(self.connection)

    def commit(self, *, final: bool = True, begun: bool = False) -> None:
        """Chain the events, write the key, make it durable. Two agencies in one transaction are locked in order."""
        connection = self.connection
        if not begun:
            _expect_orders_to_count(connection, self._events)
        try:
            if final and self._key is not None:
                self._write_key(connection, self._key)
            note_deeds(connection, list(_deeds(self._events)))
            by_agency: dict[AgencyId, list[DomainEvent]] = {}
            for event in self._events:
                by_agency.setdefault(event.by.agency_id, []).append(event)
            heads = {agency_id: journal.take_head(connection, agency_id) for agency_id in sorted(by_agency)}
            with sent_at_once(connection):
                for agency_id, head in heads.items():
                    journal.write(connection, agency_id, head, by_agency[agency_id])
                connection.commit()
        except DBAPIError as error:
            if (told := _told(error)) is not None:
                raise told from error
            raise
        self._events = []

    def _write_key(self, connection: Connection, key: OnceKey) -> None:
        subject = next((e.subject for e in self._events if e.subject is not None), None)
        connection.execute(
            plain_insert(once),
            {
                "holder": key.holder,
                "key": key.key,
                "fingerprint": key.fingerprint,
                "subject": subject,
                "at": self.clock(),
            },
        )


def _deeds(events: Sequence[DomainEvent]) -> Iterator[tuple[PersonId, UUID, datetime]]:
    """Who did something to which letter, and when."""
    for event in events:
        about = getattr(event, "letter_id", None) or getattr(event, "incoming_id", None)
        if event.by.person_id is not None and isinstance(about, UUID):
            yield event.by.person_id, about, event.at


def _expect_orders_to_count(connection: Connection, events: Sequence[DomainEvent]) -> None:
    """Raise NotPermitted unless everybody who acts by an order may do so at this moment, in this transaction."""
    for by, day in {(event.by, office_date(event.at)) for event in events if event.by.acting is not None}:
        found = capacities_of_person(connection, by.person_id, day) if by.person_id is not None else []
        if chosen(found, by.key) is None and by.acting is not None:
            raise NotPermitted(
                f"{by.acting.order} สิ้นสุดหรือถูกยกเลิกแล้ว จึงยังไม่ได้ทำรายการ ทำในตำแหน่งของท่านเอง หรือขอคำสั่งใหม่",
                code="capacity-gone",
            )


def _told(error: DBAPIError) -> ConcurrentEdit | None:
    """What a race that the database decided is to the caller; None for an error that is no race."""
    if isinstance(error, IntegrityError) and "unique" in str(error.orig).lower():
        return ConcurrentEdit("มีผู้ทำรายการเดียวกันพร้อมกัน ลองอีกครั้ง")
    if isinstance(error, OperationalError) and ("deadlock" in str(error) or "serialize" in str(error)):
        return ConcurrentEdit("ระบบกำลังทำรายการอื่นพร้อมกัน ลองอีกครั้ง")
    return None


def _raise_if_done(connection: Connection, key: OnceKey) -> None:
    row = connection.execute(_SEEN, {"of_holder": key.holder, "of_key": key.key}).first()
    if row is None:
        return
    if row.fingerprint != key.fingerprint:
        raise RuleBroken("Idempotency-Key นี้ใช้กับคำขออื่นไปแล้ว", code="idempotency-key-reused")
    raise AlreadyDone(row.subject, row.answer)


def remember_answer(engine: Engine, key: OnceKey, answer: dict[str, Any]) -> None:
    """Keep what was said, so that a repeat hears the same words. A lost answer is rebuilt from the subject."""
    with engine.connect() as connection, connection.begin():
        connection.execute(_REMEMBER, {"of_holder": key.holder, "of_key": key.key, "said": answer})


def forget_keys(engine: Engine, before: datetime) -> int:
    """Drop idempotency keys that were written before that moment; how many there were."""
    with engine.connect() as connection, connection.begin():
        return connection.execute(delete(once).where(once.c.at < before)).rowcount


def agency_ids(engine: Engine) -> list[tuple[UUID, str]]:
    """Ids and codes of the hosted agencies."""
    with engine.connect() as connection:
        return [(row.id, row.code) for row in connection.execute(select(agencies.c.id, agencies.c.code))]
