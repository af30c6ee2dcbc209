"""Setting an agency up: the agency, its units, positions and people, its routes; importing the directory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
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
from saraban.domain.attachment import Digest
from saraban.domain.classification import Form
from saraban.domain.errors import BadInput, RuleBroken
from saraban.domain.events import AgencyOpened, DirectoryImported
from saraban.domain.route import Holder, StepKind, TemplateStep
from saraban.domain.signature import TrustedSeal
from saraban.exchange.directory import read_directory
from saraban.usecases.ports import Services

_TO_THE_HEAD = (
    TemplateStep(1, StepKind.ENDORSE, Holder.UNIT_DIRECTOR),
    TemplateStep(2, StepKind.SIGN, Holder.AGENCY_HEAD),
)
_IN_THE_UNIT = (TemplateStep(1, StepKind.SIGN, Holder.UNIT_DIRECTOR),)


def default_route(form: Form) -> Sequence[TemplateStep]:
    """The route of a form as long as the agency has not set another: what is kept as evidence inside the agency
    (clauses 25 and 26) is signed in the unit, all else by the head."""
    return _IN_THE_UNIT if form in (Form.RECORD, Form.MINUTES) else _TO_THE_HEAD


@dataclass(frozen=True)
class NewUnit:
    """A unit to set up. `parent` is the code of the unit above it."""

    code: str
    name: str
    series: str
    central: bool = False
    parent: str = ""
    phone: str = ""
    email: str = ""


@dataclass(frozen=True)
class NewPerson:
    """An account to set up with its position in a unit (by code)."""

    name: str
    username: str
    password: str
    unit: str
    title: str
    role: PositionRole
    clearance: bool = False


def open_agency(
    office: Services,
    *,
    code: str,
    name: str,
    abbr: str,
    series: str,
    mailbox: str,
    name_en: str = "",
    address: Sequence[str] = (),
    units: Sequence[NewUnit],
    people: Sequence[NewPerson] = (),
    since: date,
) -> dict[str, PersonId]:
    """Begin to work for an agency: its units (exactly one central), people and the default route for every form.
    Returns the ids of the people by username. Raises BadInput when a code or name is taken or units do not fit."""
    _check_units(units)
    now = office.clock.now()
    hashes = {p.username: office.passwords.hash(p.password) for p in people}
    with office.uow() as uow:
        if uow.agencies.by_code(code) is not None:
            raise BadInput({"code": f"มีส่วนราชการรหัส “{code}” แล้ว"})
        if any(other.mailbox == mailbox.lower() for other in uow.agencies.all()):
            raise BadInput({"mailbox": f"กล่องไปรษณีย์ “{mailbox}” เป็นของส่วนราชการอื่นในระบบนี้"})
        agency = Agency(
            AgencyId(uuid4()), code, name, abbr, series, mailbox.lower(), name_en=name_en, address=tuple(address)
        )
        uow.agencies.add(agency)
        unit_ids: dict[str, UnitId] = {}
        for unit in units:
            unit_ids[unit.code] = UnitId(uuid4())
            uow.agencies.add_unit(
                Unit(
                    id=unit_ids[unit.code],
                    agency_id=agency.id,
                    code=unit.code,
                    name=unit.name,
                    series=unit.series,
                    central=unit.central,
                    parent_id=unit_ids.get(unit.parent),
                    phone=unit.phone,
                    email=unit.email,
                )
            )
        for form in Form:
            uow.agencies.set_route_template(agency.id, form, default_route(form))
        ids: dict[str, PersonId] = {}
        for person in people:
            if uow.people.by_username(person.username) is not None:
                raise BadInput({"username": f"มีผู้ใช้ “{person.username}” แล้ว"})
            if person.unit not in unit_ids:
                raise BadInput({"unit": f"ไม่พบหน่วยงานรหัส “{person.unit}”"})
            ids[person.username] = PersonId(uuid4())
            position = Position(
                PositionId(uuid4()), agency.id, unit_ids[person.unit], person.title, person.role, person.clearance
            )
            uow.agencies.add_position(position)
            uow.people.add(
                Person(ids[person.username], agency.id, person.name, person.username, hashes[person.username])
            )
            uow.people.hold(Holding(ids[person.username], position.id, since))
        uow.record(AgencyOpened(at=now, by=Actor.gateway(agency.id), thing_id=agency.id, code=code))
        uow.commit()
    return ids


def _check_units(units: Sequence[NewUnit]) -> None:
    if sum(u.central for u in units) != 1:
        raise BadInput({"units": "กำหนดหน่วยงานสารบรรณกลางหนึ่งหน่วยงานพอดี"})
    known: set[str] = set()
    for unit in units:
        if unit.code in known:
            raise BadInput({"units": f"รหัสหน่วยงาน “{unit.code}” ซ้ำกัน"})
        if unit.parent and unit.parent not in known:
            raise BadInput({"units": f"ไม่พบหน่วยงานรหัส “{unit.parent}” ซึ่งต้องมาก่อนหน่วยงานที่ขึ้นกับหน่วยงานนั้น"})
        known.add(unit.code)


def import_signed_directory(office: Services, *, data: bytes, signature: bytes) -> int:
    """Check directory.json with its detached signature against the configured roots, then take it in. Returns how many
    agencies it names; RuleBroken when the publisher's seal is not good (wire, section 6)."""
    found = read_directory(data)
    publisher = next((a for a in found.agencies if a.code == found.publisher), None)
    trust = TrustedSeal(publisher.mailbox) if publisher is not None else None
    status = office.verifier.status(data, signature, trust, office.clock.now())
    if not status.good:
        parts = (status.intact, status.valid, status.trusted, status.in_time)
        reasons = "; ".join(p.reason for p in parts if not p.is_true and p.reason)
        raise RuleBroken(f"ลายมือชื่อของทำเนียบไม่ผ่านการตรวจ {reasons}", code="directory-not-trusted")
    return import_directory(office, agencies=found.agencies, publisher=found.publisher, sha256=Digest.of(data))


def import_directory(office: Services, *, agencies: Sequence[Correspondent], publisher: str, sha256: Digest) -> int:
    """Put a verified directory in the place of the last one. Returns how many agencies it names."""
    codes = [a.code for a in agencies]
    if len(set(codes)) != len(codes):
        raise BadInput({"directory": "ทำเนียบมีรหัสส่วนราชการซ้ำกัน"})
    now = office.clock.now()
    with office.uow() as uow:
        uow.directory.replace(agencies)
        for agency in uow.agencies.all():
            uow.record(
                DirectoryImported(
                    at=now,
                    by=Actor.gateway(agency.id),
                    publisher=publisher,
                    agencies=len(agencies),
                    sha256=sha256,
                )
            )
        uow.commit()
    return len(agencies)
