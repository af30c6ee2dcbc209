"""Entering and revoking orders by which one acts for another position."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import BinaryIO
from uuid import uuid4

from saraban.domain.actor import Actor
from saraban.domain.agency import PersonId, PositionId
from saraban.domain.attachment import Digest, safe_name
from saraban.domain.calendar import office_date
from saraban.domain.capacity import Capacity, Limits
from saraban.domain.delegation import Authority, Delegation, DelegationId, Surroundings, refuse_faults
from saraban.domain.errors import BadInput, NotFound
from saraban.domain.permissions import may_delegate, may_see_delegations, require
from saraban.usecases.books import UnitOfWork
from saraban.usecases.kept_files import keep_on
from saraban.usecases.ports import Services
from saraban.usecases.roll import Post
from saraban.usecases.viruses import require_clean

MOST_OCTETS = 10_000_000


@dataclass(frozen=True)
class Order:
    """What is entered: for which position, in which capacity, who acts (a person or a position), the days, the limits,
    and the document of authority."""

    position_id: PositionId
    capacity: Capacity
    since: date
    until: date | None
    number: str
    dated: date
    person_id: PersonId | None = None
    to_position_id: PositionId | None = None
    limits: Limits = field(default_factory=Limits)
    may_hand_on: bool = False


@dataclass(frozen=True)
class Entered:
    """The order that was entered, and in Thai what should be looked at though it counts."""

    id: DelegationId
    cautions: tuple[str, ...] = ()


@dataclass(frozen=True)
class OrderFile:
    """The PDF of an order, kept while the order is not entered yet."""

    sha256: Digest
    name: str


def keep_file(office: Services, *, actor: Actor, file: BinaryIO, file_name: str) -> OrderFile:
    """Keep the PDF of an order to come, so that it is not sent again when something else of the order is wrong. Raises
    NotPermitted for who enters none, and BadInput for what is no good PDF."""
    require(may_delegate(actor))
    data = file.read(MOST_OCTETS + 1)
    if len(data) > MOST_OCTETS:
        raise BadInput({"file": "ไฟล์ใหญ่เกิน 10 MB ย่อไฟล์แล้วลองอีกครั้ง"})
    require_clean(office.scanner, data)
    office.renderer.check_upload(data)
    return OrderFile(office.blobs.keep(data), safe_name(file_name, "คำสั่ง.pdf"))


def enter_delegation(office: Services, *, actor: Actor, order: Order, file: OrderFile | None = None) -> Entered:
    """Enter an order. `file` is its PDF, as `keep_file` gave it.

    Raises NotPermitted, and BadInput by field for what an order may not be (domain.delegation.refuse_faults). Who
    enters it while acting for the position rests it on the order by which he acts.
    """
    now = office.clock.now()
    today = office_date(now)
    require(may_delegate(actor, order.position_id))
    keep_on(office, [(file.name, file.sha256)] if file is not None else [])
    number = " ".join(order.number.split())
    document = Authority(number, order.dated, file.sha256, file.name) if file else Authority(number, order.dated)
    with office.uow() as uow:
        delegation = Delegation(
            id=DelegationId(uuid4()),
            agency_id=actor.agency_id,
            position_id=order.position_id,
            capacity=order.capacity,
            person_id=order.person_id,
            to_position_id=order.to_position_id,
            since=order.since,
            until=order.until,
            limits=order.limits,
            document=document,
            entered_at=now,
            entered_by=actor.name,
            may_hand_on=order.may_hand_on,
            under=DelegationId(actor.acting.delegation_id) if actor.acting is not None else None,
        )
        post = _post(uow, actor, order.position_id, today, "position")
        known = {unit.id for unit in uow.agencies.units(actor.agency_id)}
        if not set(order.limits.units) <= known:
            raise BadInput({"units": "ไม่พบหน่วยงานที่เลือกในส่วนราชการของท่าน"})
        delegates, called = _delegates(uow, actor, order, today)
        refuse_faults(delegation, _surroundings(uow, actor, delegation, post, delegates, today))
        uow.delegations.add(delegation)
        uow.record(delegation.entered(position=post.position.title, delegate=called, by=actor, at=now))
        uow.commit()
    signs = post.position.role.value in ("head", "director")
    keyless = [one.name for one in delegates if one.person_id is not None and not office.pages.has_key(one.person_id)]
    told = tuple(f"{name} ยังไม่มีกุญแจลงนาม จะลงนามแทนได้เมื่อผู้ดูแลระบบออกใบรับรองแล้ว" for name in keyless if signs)
    return Entered(delegation.id, told)


def revoke_delegation(
    office: Services, *, actor: Actor, delegation_id: DelegationId, reason: str, version: int | None = None
) -> None:
    """End an order now; whoever acts by it cannot from the next deed on. Raises NotFound, NotPermitted, BadInput
    without a reason, StageNotAllowed when it has ended, ConcurrentEdit over a stale version."""
    now = office.clock.now()
    with office.uow() as uow:
        one = uow.delegations.get(actor.agency_id, delegation_id)
        require(may_delegate(actor, one.position_id))
        one.expect_version(version)
        post = _post(uow, actor, one.position_id, office_date(now), "position")
        called = _called(uow, actor, one.person_id, one.to_position_id, office_date(now))
        uow.record(
            one.revoke(
                reason=reason, position=post.position.title, delegate=called, by=actor, at=now, on=office_date(now)
            )
        )
        uow.delegations.save(one)
        uow.commit()


def open_order(office: Services, *, actor: Actor, delegation_id: DelegationId) -> tuple[bytes, str]:
    """The file of an order and its name, for those whom it concerns and those who keep orders. NotFound otherwise."""
    on = office_date(office.clock.now())
    with office.uow() as uow:
        one = uow.delegations.get(actor.agency_id, delegation_id)
        held = uow.delegations.held_by(actor.agency_id, on)
        mine = set(held.get(actor.person_id, ())) if actor.person_id is not None else set()
        concerns = one.person_id == actor.person_id or bool(mine & {one.position_id, one.to_position_id})
        if one.document.file is None or not (concerns or may_see_delegations(actor) is None):
            raise NotFound
    return office.blobs.open(one.document.file), one.document.file_name


def _post(uow: UnitOfWork, actor: Actor, position_id: PositionId, on: date, field: str) -> Post:
    try:
        return uow.agencies.post(actor.agency_id, position_id, on)
    except NotFound:
        raise BadInput({field: "ไม่พบตำแหน่งนี้ในส่วนราชการของท่าน"}) from None


def _delegates(uow: UnitOfWork, actor: Actor, order: Order, on: date) -> tuple[list[Actor], str]:
    """Everybody who would act, as they are, and what they are called in the journal."""
    if order.person_id is None and order.to_position_id is None:
        return [], ""
    people: Sequence[PersonId]
    if order.person_id is not None:
        people = [order.person_id]
    else:
        assert order.to_position_id is not None
        held = uow.delegations.held_by(actor.agency_id, on)
        people = [person for person, positions in held.items() if order.to_position_id in positions]
    found = [one for person in people if (one := uow.people.actor(person, on)) is not None]
    found = [one for one in found if one.agency_id == actor.agency_id]
    return found, _called(uow, actor, order.person_id if found else None, order.to_position_id, on)


def _called(
    uow: UnitOfWork, actor: Actor, person_id: PersonId | None, to_position_id: PositionId | None, on: date
) -> str:
    if to_position_id is not None:
        return _post(uow, actor, to_position_id, on, "delegate").position.title
    return uow.people.get(person_id).name if person_id is not None else ""


def _surroundings(
    uow: UnitOfWork, actor: Actor, new: Delegation, post: Post, delegates: Sequence[Actor], on: date
) -> Surroundings:
    ids = [one.person_id for one in delegates if one.person_id is not None]
    held = uow.delegations.held_by(actor.agency_id, on)
    cleared = bool(ids) and all(
        any(one.clearance for one in uow.delegations.capacities(person, on) if one.acting is None) for person in ids
    )
    live = uow.delegations.live(actor.agency_id, on)
    return Surroundings(
        today=on,
        holders={person for person, positions in held.items() if new.position_id in positions},
        holder_name=post.holder.name if post.holder is not None else "",
        delegates=set(ids),
        cleared=cleared,
        enterer=actor.person_id,
        others=live,
        positions=held,
        under=next((one for one in live if one.id == new.under), None),
    )
