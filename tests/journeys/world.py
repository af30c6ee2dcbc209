"""An installation with two hosted agencies, `a` and `b`; a peer that only the test plays; and an agency that has a
mailbox and no system. Everything is real: databases, files, keys, and mail over sockets."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import select

from saraban import jobs
from saraban.bootstrap import Office, build
from saraban.crypto import keys
from saraban.domain.actor import Actor
from saraban.domain.agency import AgencyId, Correspondent, PersonId, PositionRole
from saraban.domain.attachment import Digest
from saraban.domain.calendar import office_date
from saraban.domain.dispatch import Dispatch, Evidence
from saraban.domain.incoming import IncomingId, IncomingLetter, IncomingState
from saraban.domain.letter import Content, LetterId
from saraban.domain.register import BookKind, EntryState
from saraban.exchange.manifest import Party
from saraban.mail.reader import DirectReader
from saraban.settings import AgencyMail, MailServer, Settings
from saraban.storage.tables import exchange as exchange_tables
from saraban.storage.tables.journal import journal
from saraban.storage.tables.letters import incoming as incoming_table
from saraban.storage.tables.registers import entries
from saraban.usecases.administering import NewPerson, NewUnit, import_directory, open_agency
from saraban.usecases.asking_issuers import ask_silent_issuers_again, forget_lookups
from saraban.usecases.auditing import verify_journals
from saraban.usecases.delivering import deliver_next
from saraban.usecases.dispatching import compose_next, dispatch_letter
from saraban.usecases.drafting import attach_file, start_letter
from saraban.usecases.expiring import end_stuck_signings, send_silent_again, state_undelivered, void_stale_numbers
from saraban.usecases.fetching import fetch_mailbox
from saraban.usecases.ports import Services
from saraban.usecases.reconciling import ask_silent_again, seal_reconciliations
from saraban.usecases.routing import endorse_letter, submit_letter
from saraban.usecases.sealing import seal_next
from saraban.usecases.sealing_lookups import seal_lookups
from saraban.usecases.signing import sign_letter
from tests.beginnings import Beginning, Told
from tests.databases import NewDatabase
from tests.fakes import FixedClock
from tests.journeys import keyring
from tests.journeys.peer import Peer
from tests.journeys.post_office import PostOffice
from tests.mailservers.hub_thread import HubThread

PASSPHRASE = "รหัสกุญแจของการทดสอบ"
MASTER_KEY = "กุญแจหลักของการทดสอบ " * 2
A, B = "saraban@a.test", "saraban@b.test"
PEER, TOWN = "saraban@peer.test", "saraban@town.test"
ACCOUNTS = tuple((mailbox, f"pw-{mailbox}") for mailbox in (A, B, PEER, TOWN))
NAMES = {"a": "กรมทดสอบต้นทาง", "b": "กรมทดสอบปลายทาง", "peer": "กรมคู่ทดสอบ", "town": "เทศบาลตำบลทดสอบ"}
MOST_ROUNDS = 30
OUTWARD = (compose_next, seal_next, seal_reconciliations, seal_lookups, deliver_next)
BY_THE_CLOCK = (
    state_undelivered,
    send_silent_again,
    ask_silent_again,
    ask_silent_issuers_again,
    forget_lookups,
    end_stuck_signings,
    void_stale_numbers,
)


@dataclass
class House:
    """A hosted agency with its people."""

    id: AgencyId
    code: str
    mailbox: str
    people: dict[str, PersonId]

    @property
    def party(self) -> Party:
        """How the wire names it."""
        return Party(self.code, NAMES[self.code], self.mailbox)


@dataclass
class World:
    """The installation, its clock, the post between the agencies and the agency that the test plays."""

    office: Office
    clock: FixedClock
    hub: HubThread
    post: PostOffice
    a: House
    b: House
    peer: Peer
    correspondents: list[Correspondent] = field(default_factory=list)
    beginning: Beginning | None = None

    @property
    def services(self) -> Services:
        """The equipment for use cases."""
        return self.office.services

    def actor(self, house: House, role: str) -> Actor:
        """The clerk, director, head or unit's clerk of an agency, as use cases know them today."""
        with self.services.uow() as uow:
            found = uow.people.actor(house.people[role], office_date(self.clock.now()))
        assert found is not None
        return found

    def know(self, *agencies: Correspondent) -> None:
        """Put these agencies into the directory, and no others."""
        import_directory(self.services, agencies=agencies, publisher="การทดสอบ", sha256=Digest.of(b""))

    # --- the course of a letter ---------------------------------------------------------------------------------

    def endorsed(
        self, *to: str, by: House | None = None, files: Mapping[str, bytes] | None = None, **content: Any
    ) -> LetterId:
        """A letter that waits for the head's signature."""
        by = by or self.a
        if files:
            content["files"] = files
        return self._told(f"endorsed {by.code} {to}", content, lambda: self._endorsed(*to, by=by, **content))

    def _told(self, name: str, content: Mapping[str, Any], write: Callable[[], Any]) -> Any:
        if self.beginning is None or "files" in content:
            return write()
        return self.beginning.go_on(f"{name} {content}", write)

    def _endorsed(self, *to: str, by: House, files: Mapping[str, bytes] | None = None, **content: Any) -> LetterId:
        values: dict[str, Any] = {
            "subject": "ขอเชิญประชุมคณะกรรมการ",
            "addressed_to": "เรียน อธิบดีกรมทดสอบปลายทาง",
            "body": "ด้วยกรมกำหนดจัดประชุม\n\nจึงเรียนมาเพื่อโปรดทราบ",
            "recipients": to or ("b",),
        }
        clerk = self.actor(by, "clerk")
        letter_id = start_letter(self.services, actor=clerk, content=Content(**(values | content)))
        for name, data in (files or {}).items():
            attach_file(
                self.services,
                actor=clerk,
                letter_id=letter_id,
                name=name,
                media_type="text/plain",
                stream=io.BytesIO(data),
            )
        submit_letter(self.services, actor=clerk, letter_id=letter_id)
        endorse_letter(self.services, actor=self.actor(by, "director"), letter_id=letter_id, note="เห็นชอบ")
        return letter_id

    def issued(self, *to: str, by: House | None = None, **content: Any) -> LetterId:
        """A letter that the head has signed."""
        by = by or self.a

        def write() -> LetterId:
            letter_id = self.endorsed(*to, by=by, **content)
            sign_letter(self.services, actor=self.actor(by, "head"), letter_id=letter_id, passphrase=PASSPHRASE)
            return letter_id

        return self._told(f"issued {by.code} {to}", content, write)

    def queued(self, *to: str, by: House | None = None, **content: Any) -> Dispatch:
        """A letter that was handed over for sending; its first dispatch."""
        by = by or self.a

        def write() -> Dispatch:
            letter_id = self.issued(*to, by=by, **content)
            return dispatch_letter(self.services, actor=self.actor(by, "clerk"), letter_id=letter_id)[0]

        return self._told(f"queued {by.code} {to}", content, write)

    def sent(self, *to: str, by: House | None = None, **content: Any) -> Dispatch:
        """A letter that lies in its receiver's mailbox; its first dispatch."""
        dispatch = self.queued(*to, by=by, **content)
        self.send_out()
        return self.dispatch(dispatch)

    # --- what the worker does -----------------------------------------------------------------------------------

    def send_out(self) -> int:
        """Compose, seal and give to the relay until nothing is due."""
        return sum(_until_nothing(partial(work, self.services)) for work in OUTWARD)

    def collect(self, *houses: House) -> int:
        """Fetch the mailboxes of these agencies (of all) and judge what came."""
        done = 0
        for house in houses or (self.a, self.b):
            with self.services.mailboxes.open(house.code) as reader:
                done += _until_nothing(
                    lambda house=house, reader=reader: fetch_mailbox(
                        self.services, reader, agency_id=house.id, owner="test"
                    )
                )
        return done + _until_nothing(partial(jobs.sort_mail, self.services))

    def settle(self) -> None:
        """Let worker and post work until nothing moves."""
        for _ in range(MOST_ROUNDS):
            if not self.send_out() + self.collect():
                return
        raise AssertionError("the post never comes to rest")

    def look_at_the_clock(self) -> None:
        """What the worker does every minute."""
        for work in BY_THE_CLOCK:
            _until_nothing(partial(work, self.services))

    def later(self, **span: float) -> None:
        """Let time pass, and the worker do what the time brings."""
        self.clock.pass_by(timedelta(**span))
        self.look_at_the_clock()
        self.settle()

    # --- what came of it ----------------------------------------------------------------------------------------

    def dispatch(self, dispatch: Dispatch) -> Dispatch:
        """The dispatch as it stands now."""
        with self.services.uow() as uow:
            return uow.dispatches.get(dispatch.agency_id, dispatch.id)

    def evidence(self, dispatch: Dispatch) -> list[Evidence]:
        """All evidence about it."""
        with self.services.uow() as uow:
            return list(uow.dispatches.evidence(dispatch))

    def incoming(self, house: House, *states: IncomingState) -> list[IncomingLetter]:
        """What came in for an agency, in these states (in any)."""
        query = select(incoming_table.c.id).where(incoming_table.c.agency_id == house.id)
        if states:
            query = query.where(incoming_table.c.state.in_(states))
        with self.office.reading.connect() as connection:
            ids = connection.execute(query.order_by(incoming_table.c.received_at)).scalars().all()
        with self.services.uow() as uow:
            return [uow.incoming.get(house.id, IncomingId(id_)) for id_ in ids]

    def rows(self, table: Any, house: House, order: Any = None) -> Sequence[Any]:
        """The rows of a table that belong to an agency."""
        query = select(table).where(table.c.agency_id == house.id)
        with self.office.reading.connect() as connection:
            return connection.execute(query if order is None else query.order_by(order)).all()

    def book(self, house: House, kind: BookKind, *states: EntryState) -> list[Any]:
        """The lines of a register by year and number."""
        lines = self.rows(entries, house, entries.c.serial)
        chosen = [line for line in lines if line.kind is kind and (not states or line.state in states)]
        return sorted(chosen, key=lambda line: (line.year, line.serial))

    def receipts_given(self, house: House) -> list[str]:
        """The steps of the statements that an agency gave, in order."""
        table = exchange_tables.statements
        return [row.step.value for row in self.rows(table, house, table.c.made_at)]

    def outcomes(self, house: House) -> list[str]:
        """How the messages in an agency's inbox were judged, in the order of the mailbox."""
        table = exchange_tables.inbox
        rows = self.rows(table, house, table.c.uid)
        for row in rows:
            assert self.services.blobs.has(row.sha256), "the raw bytes of a message are gone"
        return [row.outcome for row in rows]

    def events(self, subject: UUID) -> list[str]:
        """The names of the events about a thing."""
        query = select(journal.c.name).where(journal.c.subject == subject).order_by(journal.c.seq)
        with self.office.reading.connect() as connection:
            return list(connection.execute(query).scalars())

    def check_the_books(self) -> None:
        """Fail when a register has a gap or a double, or a journal's chain is broken."""
        for house in (self.a, self.b):
            for book in self.services.ledgers.books(house.id):
                assert not (book.gaps or book.duplicates), book
        for report in verify_journals(self.services):
            assert not report.breaks, report


class _AsBuilt(Told):
    """No time has passed, and the office of the world is the one that was built."""

    def __init__(self, office: Office, clock: FixedClock) -> None:
        self._office, self._clock, self._moment = office, clock, clock.now()
        self.world: World | None = None

    def as_ever(self) -> bool:
        """Whether it is so."""
        built = self.world is None or self.world.office is self._office
        return built and self._clock.now() == self._moment


def build_world(folder: Path, database: NewDatabase, clock: FixedClock, hub: HubThread) -> World:
    """Everything, from a database that is to be made and a running hub."""
    settings = settings_for(folder, database.url, hub)
    real = build(settings, clock=clock)
    office = replace(real, services=replace(real.services, mail_reader=DirectReader()))
    engines = (real.writing, real.reading)
    told = _AsBuilt(office, clock)
    beginning = Beginning(f"a world at {clock.now()}", database, engines, folder, told)
    houses = beginning.go_on("founded", lambda: found_agencies(office), often=True)
    peer = Peer(Party("peer", NAMES["peer"], PEER), keyring.seal(NAMES["peer"], PEER), hub, clock)
    told.world = World(office, clock, hub, PostOffice(hub), *houses, peer, directory(), beginning)
    return told.world


def settings_for(folder: Path, database_url: str, server: Any) -> Settings:
    """The settings of the installation with its mail at this server."""

    def mail(code: str, mailbox: str) -> AgencyMail:
        smtp, imap = server.smtp_account(mailbox), server.imap_account(mailbox)
        return AgencyMail(
            *(
                MailServer(door.host, door.port, door.security, door.user, door.password, door.ca_file, 15)
                for door in (smtp, imap)
            )
        )

    folder.mkdir(parents=True, exist_ok=True)
    (folder / "roots.pem").write_text(keyring.root().pem)
    return Settings(
        data_folder=folder,
        database_url=database_url,
        secret_key="กุญแจของการทดสอบ " * 4,
        master_key=MASTER_KEY,
        roots_file=folder / "roots.pem",
        mail={"a": mail("a", A), "b": mail("b", B)},
        password_memory_kib=1024,
    )


def directory() -> list[Correspondent]:
    """The two hosted agencies, the peer, and an agency with nothing but a mailbox."""
    able = {"saraban": 1, "max_bytes": 26_214_400}
    return [
        *(
            Correspondent(code, NAMES[code], box, capabilities=dict(able))
            for code, box in (("a", A), ("b", B), ("peer", PEER))
        ),
        Correspondent("town", NAMES["town"], TOWN),
    ]


def found_agencies(office: Office) -> tuple[House, House]:
    """Open both agencies with seals and the heads' keys, and take the directory in."""
    services, settings = office.services, office.settings
    houses = []
    for code, mailbox in (("a", A), ("b", B)):
        ids = open_agency(
            services,
            code=code,
            name=NAMES[code],
            abbr="นร",
            series="12",
            mailbox=mailbox,
            units=[
                NewUnit("SEC", "สำนักงานเลขานุการกรม", "1201", central=True),
                NewUnit("LAW", "กองกฎหมาย", "1202", parent="SEC"),
            ],
            people=[
                NewPerson("นางสาวสมใจ ใจดี", f"clerk-{code}", "pw", "SEC", "เจ้าพนักงานธุรการ", PositionRole.CLERK),
                NewPerson("นายสมชาย ดีมาก", f"director-{code}", "pw", "SEC", "เลขานุการกรม", PositionRole.DIRECTOR),
                NewPerson("นางปราณี มีสุข", f"head-{code}", "pw", "SEC", "อธิบดีกรม", PositionRole.HEAD),
                NewPerson("นางสาวอรุณ แจ่มใส", f"lawyer-{code}", "pw", "LAW", "นิติกร", PositionRole.CLERK),
            ],
            since=date(2026, 1, 1),
        )
        people = {name.rpartition("-")[0]: person for name, person in ids.items()}
        keys.store_seal(settings.keys_folder, code, keyring.seal(NAMES[code], mailbox), settings.master_key)
        head = keyring.officer("นางปราณี มีสุข", NAMES[code])
        keys.store_officer(settings.keys_folder, people["head"], head, PASSPHRASE, kdf_rounds=1)
        with services.uow() as uow:
            agency = uow.agencies.by_code(code)
        assert agency is not None
        houses.append(House(agency.id, code, mailbox, people))
    import_directory(services, agencies=directory(), publisher="การทดสอบ", sha256=Digest.of(b""))
    return houses[0], houses[1]


def _until_nothing(work: Callable[[], int]) -> int:
    total = 0
    for _ in range(MOST_ROUNDS):
        done = work()
        if not done:
            return total
        total += done
    raise AssertionError(f"{work} never comes to an end")
