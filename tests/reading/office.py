"""A small agency with two units and five officers, in a real database, and ways to fill its books."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Engine, insert

from saraban.domain.actor import Actor
from saraban.domain.agency import Agency, AgencyId, Correspondent, Holding, Person, Position, PositionRole, Unit
from saraban.domain.attachment import Attachment, Digest, Role
from saraban.domain.classification import Secrecy, Urgency
from saraban.domain.dispatch import Dispatch, DispatchId, DispatchState
from saraban.domain.incoming import IncomingId, IncomingLetter, IncomingState
from saraban.domain.letter import Content, Letter, LetterId, LetterState
from saraban.domain.register import BookKind, EntryId, EntryState, Origin, RegisterEntry
from saraban.domain.route import RouteStep, StepKind
from saraban.storage.search import entry_text, number_key
from saraban.storage.tables.registers import books, entries
from saraban.storage.unit_of_work import SqlUnitOfWork
from tests.builders import a_book

NOW = datetime(2026, 11, 23, 2, 30, tzinfo=UTC)
TODAY = date(2026, 11, 23)
YEAR = 2569
DIGEST = Digest.of(b"anything")


@dataclass
class Office:
    """An agency with a central unit and a legal unit. Each officer is an actor."""

    engine: Engine
    agency: Agency
    central: Unit
    legal: Unit
    central_clerk: Actor
    legal_clerk: Actor
    director: Actor
    head: Actor
    records: Actor

    def uow(self) -> SqlUnitOfWork:
        """A unit of work over the office's database."""
        return SqlUnitOfWork(self.engine, lambda: NOW)

    def catch_up(self, most: int = 100_000) -> None:
        """Do the worker's part: index what waits, the oldest first. Files are not read."""
        with self.uow() as uow:
            waited = uow.search.waiting(most)
            uow.search.put(list(dict.fromkeys(one.owner_id for one in waited)))
            uow.search.done(waited)
            uow.commit()

    def letter(
        self,
        *,
        subject: str = "ขอเชิญประชุม",
        unit: Unit | None = None,
        by: Actor | None = None,
        state: LetterState = LetterState.DRAFT,
        number: str | None = None,
        secrecy: Secrecy = Secrecy.OPEN,
        urgency: Urgency = Urgency.NORMAL,
        recipients: tuple[str, ...] = ("moi",),
        body: str = "ด้วยสำนักงานจะจัดประชุม",
        steps: tuple[Actor, ...] = (),
        minutes: int = 0,
        asks: date | None = None,
    ) -> Letter:
        """Put an outgoing letter on the shelf, changed so many minutes after NOW; `steps` are the officers of its
        route, the last of whom signs; `asks` for an answer until that day."""
        unit, by = unit or self.legal, by or self.legal_clerk
        assert by.person_id is not None
        at = NOW + timedelta(minutes=minutes)
        letter = Letter(
            id=LetterId(uuid4()),
            agency_id=self.agency.id,
            unit_id=unit.id,
            drafter_id=by.person_id,
            drafter_name=by.name,
            content=Content(
                subject=subject,
                addressed_to="เรียน ปลัดกระทรวงมหาดไทย",
                body=body,
                recipients=recipients,
                secrecy=secrecy,
                urgency=urgency,
                response_due=asks,
            ),
            created_at=at,
            updated_at=at,
            state=state,
            number=number,
            number_date=TODAY if number else None,
        )
        letter.route = [_step(n, officer, len(steps)) for n, officer in enumerate(steps, 1)]
        with self.uow() as uow:
            uow.letters.add(letter)
            if letter.route:
                uow.letters.save(letter)
            uow.commit()
        return letter

    def incoming(
        self,
        *,
        subject: str = "ส่งรายงานประจำปี",
        unit: Unit | None = None,
        state: IncomingState = IncomingState.NEW,
        secrecy: Secrecy = Secrecy.OPEN,
        urgency: Urgency = Urgency.NORMAL,
        number: str = "มท 0201/77",
        minutes: int = 0,
        files: int = 0,
        **more: Any,
    ) -> IncomingLetter:
        """Put an incoming letter on the shelf, received so many minutes after NOW."""
        letter = IncomingLetter(
            id=IncomingId(uuid4()),
            agency_id=self.agency.id,
            unit_id=(unit or self.central).id,
            state=state,
            received_at=NOW + timedelta(minutes=minutes),
            message_id="<one@moi.example>",
            from_mailbox="saraban@moi.example",
            from_code="moi",
            number=number,
            subject=subject,
            secrecy=secrecy,
            urgency=urgency,
            files=[
                Attachment(f"แฟ้ม {n}.pdf", Role.ENCLOSURE, "application/pdf", 10, Digest.of(bytes([n])))
                for n in range(files)
            ],
            **{"raw_sha256": DIGEST, "from_name": "กระทรวงมหาดไทย", "number_date": TODAY} | more,
        )
        with self.uow() as uow:
            uow.incoming.add(letter)
            uow.commit()
        return letter

    def dispatch(self, letter: Letter, code: str = "moi", **more: Any) -> Dispatch:
        """Put a dispatch of the letter on the shelf."""
        values: dict[str, Any] = {"created_at": NOW, "state": DispatchState.QUEUED, **more}
        dispatch = Dispatch(
            id=DispatchId(uuid4()),
            agency_id=self.agency.id,
            letter_id=letter.id,
            to_code=code,
            to_name=f"ส่วนราชการ {code}",
            to_mailbox=f"saraban@{code}.example",
            speaks_saraban=True,
            expires_at=NOW + timedelta(hours=72),
            **values,
        )
        with self.uow() as uow:
            uow.dispatches.add(dispatch)
            uow.commit()
        return dispatch

    def entry(
        self,
        *,
        kind: BookKind = BookKind.SENDING,
        unit: Unit | None = None,
        keeper: Unit | None = None,
        state: EntryState = EntryState.USED,
        secrecy: Secrecy = Secrecy.OPEN,
        subject: str = "ขอเชิญประชุม",
        subject_of: UUID | None = None,
        number: str | None = None,
        minutes: int = 0,
        origin: Origin = Origin.SYSTEM,
    ) -> RegisterEntry:
        """Take the next number of a book (the central one, or its keeper's) and write its line."""
        unit = unit or self.legal
        if keeper is not None:
            self.open_book(kind, keeper)
        with self.uow() as uow:
            book, serial = uow.registers.take(self.agency.id, kind, keeper.id if keeper else None, YEAR)
            entry = RegisterEntry(
                id=EntryId(uuid4()),
                agency_id=self.agency.id,
                book_id=book,
                kind=kind,
                year=YEAR,
                serial=serial,
                state=state,
                subject_of=subject_of,
                number=f"ทส {unit.series}/{serial}" if number is None else number,
                letter_date=TODAY,
                sender=unit.name,
                addressee="กระทรวงมหาดไทย",
                subject=subject,
                practice="",
                note="",
                urgency=Urgency.NORMAL,
                secrecy=secrecy,
                unit_id=unit.id,
                at=NOW + timedelta(minutes=minutes),
                entered_by=self.central_clerk.name,
                origin=origin,
            )
            uow.registers.enter(entry)
            uow.commit()
        return entry

    def open_book(self, kind: BookKind, keeper: Unit, first: int = 1) -> None:
        """Open this year's book of a unit, unless it is open."""
        with self.uow() as uow:
            if uow.registers.book(self.agency.id, kind, keeper.id, YEAR) is None:
                uow.registers.open(a_book(self.agency.id, kind, keeper.id, first=first))
                uow.commit()

    def many_entries(self, count: int, kind: BookKind = BookKind.RECEIVING) -> None:
        """Fill a central book with this many lines, quickly."""
        book = uuid4()
        lines = [
            {
                "id": UUID(int=book.int ^ serial),
                "agency_id": self.agency.id,
                "book_id": book,
                "kind": kind,
                "year": YEAR,
                "serial": serial,
                "state": EntryState.USED,
                "number": f"มท 0201/{serial}",
                "letter_date": TODAY,
                "sender": "กระทรวงมหาดไทย",
                "addressee": self.agency.name,
                "subject": f"ขอความร่วมมือจัดส่งข้อมูลครั้งที่ {serial}",
                "practice": "",
                "note": "",
                "urgency": Urgency.NORMAL,
                "secrecy": Secrecy.SECRET if serial % 50 == 0 else Secrecy.OPEN,
                "unit_id": self.central.id,
                "at": NOW + timedelta(seconds=serial),
                "entered_by": self.central_clerk.name,
                "void_reason": "",
                "void_authority": "",
                "origin": Origin.PAPER,
                "received_at": None,
                "corrected": 0,
                "number_key": "" if serial % 50 == 0 else number_key(f"มท 0201/{serial}"),
                "search_text": ""
                if serial % 50 == 0
                else entry_text(f"มท 0201/{serial}", f"ขอความร่วมมือจัดส่งข้อมูลครั้งที่ {serial}", "กระทรวงมหาดไทย"),
            }
            for serial in range(1, count + 1)
        ]
        with self.engine.connect() as connection, connection.begin():
            opened = {"first": 1, "last": count, "opened_at": NOW, "opened_by": "ระบบ", "ended": False}
            keeper = {"agency_id": self.agency.id, "keeper_id": self.agency.id}
            connection.execute(insert(books), {"id": book, "kind": kind, "year": YEAR, **keeper, **opened})
            connection.execute(insert(entries), lines)


def open_office(engine: Engine, code: str = "onep") -> Office:
    """Host an agency with its officers; agencies of different codes live side by side."""
    agency = Agency(AgencyId(uuid4()), code, f"สำนักงาน {code}", "ทส", "10", f"saraban@{code}.example")
    central = Unit(uuid4(), agency.id, "central", "สำนักงานเลขานุการกรม", "1001", central=True)
    legal = Unit(uuid4(), agency.id, "legal", "กองกฎหมาย", "1002")
    posts = {
        "central_clerk": (central, PositionRole.CLERK, True),
        "legal_clerk": (legal, PositionRole.CLERK, False),
        "director": (legal, PositionRole.DIRECTOR, False),
        "head": (central, PositionRole.HEAD, False),
        "records": (legal, PositionRole.RECORDS, False),
    }
    actors = {}
    with SqlUnitOfWork(engine, lambda: NOW) as uow:
        uow.agencies.add(agency)
        uow.agencies.add_unit(central)
        uow.agencies.add_unit(legal)
        for name, (unit, role, clearance) in posts.items():
            position = Position(uuid4(), agency.id, unit.id, f"{role.thai} {unit.name}", role, clearance)
            person = Person(uuid4(), agency.id, f"คุณ{name}", f"{name}.{code}", "x")
            uow.agencies.add_position(position)
            uow.people.add(person)
            uow.people.hold(Holding(person.id, position.id, date(2026, 1, 1)))
            actors[name] = Actor(
                agency.id,
                person.name,
                person.id,
                position.id,
                unit.id,
                position.title,
                unit.name,
                role,
                unit.central,
                clearance,
            )
        uow.commit()
    return Office(engine, agency, central, legal, **actors)


def publish_directory(engine: Engine, *entries_of_directory: Correspondent) -> None:
    """Put these agencies into the directory."""
    with SqlUnitOfWork(engine, lambda: NOW) as uow:
        uow.directory.replace(entries_of_directory)
        uow.commit()


def _step(ordinal: int, officer: Actor, of: int) -> RouteStep:
    assert officer.position_id is not None
    kind = StepKind.SIGN if ordinal == of else StepKind.ENDORSE
    return RouteStep(ordinal, kind, officer.position_id, officer.title, officer.unit_name)
