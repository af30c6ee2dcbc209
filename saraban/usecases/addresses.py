"""Where the agency is and how its units are reached: what stands under the name at the head of its letters, and at
their foot (clauses 11.2, 11.12 and 11.13). Letters that were issued before keep what they have."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from saraban.domain.actor import Actor
from saraban.domain.agency import Unit
from saraban.domain.book_events import AddressSet, UnitReached
from saraban.domain.errors import BadInput
from saraban.domain.permissions import may_administer, require
from saraban.usecases.ports import Services

MOST_LINES = 6
_LONGEST_LINE = 200
_LONGEST_PHONE = 100
_MAIL = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")


@dataclass(frozen=True)
class Reach:
    """How a unit is reached."""

    phone: str
    email: str


def set_addresses(office: Services, *, actor: Actor, address: Sequence[str], units: Mapping[str, Reach]) -> None:
    """Write down the agency's address, a line an item, and telephone and mail of units by their codes. What is as
    before is not told again. Raises BadInput by field ("address", "phone.รหัส", "email.รหัส")."""
    require(may_administer(actor))
    wrong = _faults(address, units)
    if wrong:
        raise BadInput(wrong)
    now = office.clock.now()
    with office.uow() as uow:
        agency = uow.agencies.get(actor.agency_id)
        if agency.address != tuple(address):
            agency.address = tuple(address)
            uow.agencies.save(agency)
            uow.record(AddressSet(at=now, by=actor, thing_id=agency.id, address=tuple(address)))
        for code, reach in units.items():
            unit = uow.agencies.unit_by_code(actor.agency_id, code)
            if unit is None:
                raise BadInput({"units": f"ไม่พบหน่วยงานรหัส “{code}” ในส่วนราชการของท่าน"})
            if (unit.phone, unit.email) == (reach.phone, reach.email):
                continue
            unit.phone, unit.email = reach.phone, reach.email
            uow.agencies.save_unit(unit)
            uow.record(
                UnitReached(at=now, by=actor, thing_id=unit.id, unit=unit.name, phone=reach.phone, email=reach.email)
            )
        uow.commit()


def addresses(office: Services, *, actor: Actor) -> tuple[tuple[str, ...], Sequence[Unit]]:
    """The agency's address and its units, the central one first."""
    require(may_administer(actor))
    with office.uow() as uow:
        return uow.agencies.get(actor.agency_id).address, uow.agencies.units(actor.agency_id)


def _faults(address: Sequence[str], units: Mapping[str, Reach]) -> dict[str, str]:
    wrong = {}
    if len(address) > MOST_LINES or any(len(line) > _LONGEST_LINE for line in address):
        wrong["address"] = f"ที่อยู่ใส่ได้ไม่เกิน {MOST_LINES} บรรทัด บรรทัดละไม่เกิน {_LONGEST_LINE} ตัวอักษร"
    for code, reach in units.items():
        if len(reach.phone) > _LONGEST_PHONE:
            wrong[f"phone.{code}"] = f"โทรศัพท์ยาวเกิน {_LONGEST_PHONE} ตัวอักษร"
        if reach.email and not _MAIL.fullmatch(reach.email):
            wrong[f"email.{code}"] = "ไปรษณีย์อิเล็กทรอนิกส์ไม่ถูกแบบ เช่น saraban@agency.go.th"
    return wrong
