"""Things of the domain with good defaults: a test names only what it is about.

Everything here is made in memory; `StaffedAgency.move_in` puts an agency with its officers into a database.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

from saraban.domain.actor import Actor
from saraban.domain.agency import (
    Agency,
    AgencyId,
    Correspondent,
    Holding,
    Person,
    PersonId,
    Position,
    PositionId,
    PositionRole,
    Unit,
    UnitId,
)
from saraban.domain.attachment import Attachment, Digest, Role
from saraban.domain.classification import Form, Secrecy, Urgency
from saraban.domain.deferral import Pressing, ServiceFacts
from saraban.domain.dispatch import Dispatch, DispatchId, DispatchState, Evidence, EvidenceKind
from saraban.domain.incoming import IncomingId, IncomingLetter, IncomingState
from saraban.domain.letter import Content, Letter, LetterId
from saraban.domain.register import Book, BookId, BookKind, EntryId, EntryState, Matter, RegisterEntry
from saraban.domain.route import RouteStep, StepKind
from saraban.usecases.administering import default_route
from saraban.usecases.books import UnitOfWork

NOW = datetime(2026, 11, 23, 2, 30, tzinfo=UTC)
TODAY = date(2026, 11, 23)
YEAR = 2569

CONTENT = Content(
    subject="ขอเชิญประชุมคณะกรรมการ",
    addressed_to="เรียน อธิบดีกรมการปกครอง",
    body="ด้วยกรมจะจัดประชุมคณะกรรมการ ครั้งที่ 1/2569\n\nจึงเรียนมาเพื่อโปรดเข้าร่วมประชุม",
    recipients=("dopa",),
)
MINUTES = Content(
    form=Form.MINUTES,
    subject="คณะกรรมการพัฒนาระบบงานสารบรรณ",
    body="ระเบียบวาระที่ ๑ เรื่องที่ประธานแจ้งให้ที่ประชุมทราบ",
    details={
        "session": "1/2569",
        "held_on": "2026-11-20",
        "place": "ห้องประชุม ๑",
        "present": "นายเอก ใจดี | อธิบดี | ประธานกรรมการ",
        "begins": "09.30",
        "ends": "12.00",
        "recorder": "นางสาวโท จดไว",
    },
)


def an_agency(code: str = "onep", **more: Any) -> Agency:
    """A hosted agency; its mailbox follows from its code."""
    values: dict[str, Any] = {
        "id": AgencyId(uuid4()),
        "code": code,
        "name": f"สำนักงาน {code}",
        "abbr": "ทส",
        "series": "10",
        "mailbox": f"saraban@{code}.example",
    }
    return Agency(**values | more)


def a_correspondent(code: str = "dopa", **more: Any) -> Correspondent:
    """An agency of the directory that runs the system."""
    values: dict[str, Any] = {
        "code": code,
        "name": f"กรม {code}",
        "mailbox": f"saraban@{code}.example",
        "capabilities": {"saraban": 1},
    }
    return Correspondent(**values | more)


def an_actor(role: PositionRole | None = PositionRole.CLERK, *, of: Agency | None = None, **more: Any) -> Actor:
    """An officer in a post of this role, in a unit of his or her own unless `unit_id` says which."""
    values: dict[str, Any] = {
        "agency_id": of.id if of else AgencyId(uuid4()),
        "name": "นางสาวสมใจ ใจดี",
        "person_id": PersonId(uuid4()),
        "position_id": PositionId(uuid4()),
        "unit_id": UnitId(uuid4()),
        "title": role.thai if role else "",
        "unit_name": "กองกฎหมาย",
        "role": role,
    }
    return Actor(**values | more)


def a_letter(by: Actor | None = None, *, content: Content = CONTENT, **more: Any) -> Letter:
    """A draft of this officer."""
    by = by or an_actor()
    assert by.person_id is not None and by.unit_id is not None
    values: dict[str, Any] = {
        "id": LetterId(uuid4()),
        "agency_id": by.agency_id,
        "unit_id": by.unit_id,
        "drafter_id": by.person_id,
        "drafter_name": by.name,
        "content": content,
        "created_at": NOW,
        "updated_at": NOW,
    }
    return Letter(**values | more)


def a_file(name: str = "แผนงาน.txt", data: bytes = b"enclosure", *, role: Role = Role.ENCLOSURE) -> Attachment:
    """A file of a letter with these bytes."""
    media_type = "application/pdf" if name.endswith(".pdf") else "text/plain"
    return Attachment(name, role, media_type, len(data), Digest.of(data))


def a_step(officer: Actor, ordinal: int, kind: StepKind) -> RouteStep:
    """A step of a route that waits for this officer."""
    assert officer.position_id is not None
    return RouteStep(ordinal, kind, officer.position_id, officer.title, officer.unit_name)


def a_route(*officers: Actor) -> list[RouteStep]:
    """A route through these officers, the last of whom signs."""
    kinds = [StepKind.ENDORSE] * (len(officers) - 1) + [StepKind.SIGN]
    return [a_step(o, n, kind) for n, (o, kind) in enumerate(zip(officers, kinds, strict=True), 1)]


def an_incoming_letter(agency: Agency | None = None, unit_id: UnitId | None = None, **more: Any) -> IncomingLetter:
    """A letter that came in under seal and waits for its number."""
    values: dict[str, Any] = {
        "id": IncomingId(uuid4()),
        "agency_id": agency.id if agency else AgencyId(uuid4()),
        "unit_id": unit_id or UnitId(uuid4()),
        "state": IncomingState.NEW,
        "received_at": NOW,
        "raw_sha256": Digest.of(b"raw message"),
        "message_id": "<one@dopa.example>",
        "from_mailbox": "saraban@dopa.example",
        "from_code": "dopa",
        "from_name": "กรมการปกครอง",
        "dispatch_id": uuid4(),
        "manifest_sha256": Digest.of(b"manifest").hex,
        "number": "มท 0301/77",
        "number_date": TODAY,
        "subject": "ส่งรายงานประจำปี",
        "addressed_to": "เรียน เลขาธิการสำนักงาน",
    }
    return IncomingLetter(**values | more)


def a_dispatch(letter: Letter | None = None, **more: Any) -> Dispatch:
    """A dispatch of the letter that was queued just now."""
    letter = letter or a_letter()
    values: dict[str, Any] = {
        "id": DispatchId(uuid4()),
        "agency_id": letter.agency_id,
        "letter_id": letter.id,
        "to_code": "dopa",
        "to_name": "กรมการปกครอง",
        "to_mailbox": "saraban@dopa.example",
        "speaks_saraban": True,
        "created_at": NOW,
        "expires_at": NOW + timedelta(hours=72),
    }
    return Dispatch(**values | more)


def evidence(step: str | DispatchState, of: Dispatch, *, minutes: int = 0, **more: Any) -> Evidence:
    """Evidence of a step that bears the time `minutes` after NOW."""
    values: dict[str, Any] = {
        "id": uuid4(),
        "agency_id": of.agency_id,
        "dispatch_id": of.id,
        "step": step.value if isinstance(step, DispatchState) else step,
        "kind": EvidenceKind.RECEIPT,
        "at": NOW + timedelta(minutes=minutes),
        "noted_at": NOW + timedelta(minutes=minutes),
    }
    return Evidence(**values | more)


def an_entry(agency_id: AgencyId, book_id: BookId, serial: int, **more: Any) -> RegisterEntry:
    """A used line of a sending book."""
    values: dict[str, Any] = {
        "id": EntryId(uuid4()),
        "agency_id": agency_id,
        "book_id": book_id,
        "kind": BookKind.SENDING,
        "year": YEAR,
        "serial": serial,
        "state": EntryState.USED,
        "subject_of": None,
        "number": f"ทส 1001/{serial}",
        "letter_date": TODAY,
        "sender": "กองกฎหมาย",
        "addressee": "กรมการปกครอง",
        "subject": "ขอเชิญประชุม",
        "practice": "",
        "note": "",
        "urgency": Urgency.NORMAL,
        "secrecy": Secrecy.OPEN,
        "unit_id": None,
        "at": NOW,
        "entered_by": "นางสาวสมใจ ใจดี",
    }
    return RegisterEntry(**values | more)


def a_book(
    agency_id: AgencyId,
    kind: BookKind = BookKind.SENDING,
    unit_id: UnitId | None = None,
    *,
    first: int = 1,
    **more: Any,
) -> Book:
    """An open book of this year, without a line; the central one unless a unit keeps it."""
    values: dict[str, Any] = {
        "id": BookId(uuid4()),
        "agency_id": agency_id,
        "kind": kind,
        "unit_id": unit_id,
        "year": YEAR,
        "first": first,
        "last": first - 1,
        "opened_at": NOW,
        "opened_by": "นายผู้ดูแล ระบบงาน",
    }
    return Book(**values | more)


def a_matter(**more: Any) -> Matter:
    """What a clerk writes about a letter on paper that came in."""
    values: dict[str, Any] = {
        "number": "มท 0301/77",
        "letter_date": TODAY,
        "sender": "กรมการปกครอง",
        "addressee": "สำนักงาน onep",
        "subject": "ส่งรายงานประจำปี",
    }
    return Matter(**values | more)


@dataclass(frozen=True)
class Officer:
    """A person in a post, and the same as an actor."""

    person: Person
    position: Position
    actor: Actor


@dataclass(frozen=True)
class StaffedAgency:
    """An agency with a central unit and a legal unit. The head and the central clerk sit in the central unit."""

    agency: Agency
    central: Unit
    legal: Unit
    officers: dict[str, Officer]

    def __getitem__(self, name: str) -> Actor:
        """The officer of this name, as an actor."""
        return self.officers[name].actor

    def move_in(self, uow: UnitOfWork) -> None:
        """Put everything on the shelves and commit."""
        with uow:
            uow.agencies.add(self.agency)
            for unit in (self.central, self.legal):
                uow.agencies.add_unit(unit)
            for form in Form:
                uow.agencies.set_route_template(self.agency.id, form, default_route(form))
            for officer in self.officers.values():
                uow.agencies.add_position(officer.position)
                uow.people.add(officer.person)
                uow.people.hold(Holding(officer.person.id, officer.position.id, date(2026, 1, 1)))
            uow.commit()


def a_staffed_agency(code: str = "onep", *, password_hash: str = "x") -> StaffedAgency:
    """An agency with its officers: central_clerk (cleared), clerk, director, head, records, admin."""
    agency = an_agency(code)
    central = Unit(
        UnitId(uuid4()), agency.id, "central", "สำนักงานเลขานุการกรม", "1001", central=True, phone="0 2000 0000"
    )
    legal = Unit(
        UnitId(uuid4()),
        agency.id,
        "legal",
        "กองกฎหมาย",
        "1002",
        parent_id=central.id,
    )
    posts = {
        "central_clerk": ("นางสาวสมใจ ใจดี", central, PositionRole.CLERK, True),
        "clerk": ("นายสมศักดิ์ รักงาน", legal, PositionRole.CLERK, False),
        "director": ("นายสมชาย ดีมาก", legal, PositionRole.DIRECTOR, False),
        "head": ("นางปราณี มีสุข", central, PositionRole.HEAD, False),
        "records": ("นายทวี จดไว้", central, PositionRole.RECORDS, False),
        "admin": ("นางสาวดวงใจ ดูแล", central, PositionRole.ADMIN, False),
    }
    officers = {}
    for key, (name, unit, role, clearance) in posts.items():
        position = Position(PositionId(uuid4()), agency.id, unit.id, f"{role.thai}{unit.name}", role, clearance)
        person = Person(PersonId(uuid4()), agency.id, name, f"{key}.{code}", password_hash)
        actor = Actor(
            agency_id=agency.id,
            name=name,
            person_id=person.id,
            position_id=position.id,
            unit_id=unit.id,
            title=position.title,
            unit_name=unit.name,
            role=role,
            central=unit.central,
            clearance=clearance,
        )
        officers[key] = Officer(person, position, actor)
    return StaffedAgency(agency, central, legal, officers)


def a_service(**other: Any) -> ServiceFacts:
    """A service that is not digital yet, agreed with the OPDC until the end of September 2570."""
    said: dict[str, Any] = {
        "service": "การออกใบอนุญาตตั้งโรงงาน",
        "reason": "ต้องแก้ประกาศกรมเรื่องแบบคำขอ",
        "rank": 1,
        "pressing": Pressing.HIGH,
        "readiness": 60,
        "until": date(2027, 9, 30),
        "agreement": "นร 1200/123 ลว. 1 พ.ย. 2569",
    }
    return ServiceFacts(**said | other)
