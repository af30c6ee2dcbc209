"""Work that takes longer than a person waits: put down at a door, done by the worker, followed on a bar (claim, do,
settle). One that a killed worker left behind is begun again; an errand that writes does so in one transaction."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from saraban.domain.actor import Actor
from saraban.domain.calendar import office_date
from saraban.domain.errors import BadInput, ConcurrentEdit, NotFound, NotPermitted, SarabanError
from saraban.usecases.books import UnitOfWork
from saraban.usecases.ports import Doer, Services, Step
from saraban.usecases.registry import Errand

MOST_TRIES = 3
RESULT_GONE = "ระบบลบไฟล์นี้แล้ว เพราะครบ ๓๐ วันหรือมีหนังสือออกจากบัญชี สั่งงานใหม่ถ้ายังต้องใช้"
_AS = "acting_as"
_PAUSE = timedelta(seconds=0.5)
_log = logging.getLogger(__name__)


def order_errand(
    office: Services, *, actor: Actor, kind: str, title: str, order: dict[str, Any], total: int = 0
) -> UUID:
    """Put work down for the worker; gives the errand's id. `order` holds JSON values only."""
    if actor.person_id is None:
        raise NotPermitted("สั่งงานเบื้องหลังได้เฉพาะผู้ที่เข้าสู่ระบบ")
    errand = Errand(
        id=uuid4(),
        agency_id=actor.agency_id,
        person_id=actor.person_id,
        kind=kind,
        title=title,
        order=order if actor.acting is None else {**order, _AS: actor.key},
        made_at=office.clock.now(),
        total=total,
    )
    with office.uow() as uow:
        uow.errands.add(errand)
        uow.commit()
    return errand.id


@dataclass(frozen=True)
class ErrandFile:
    """A file that an errand made."""

    data: bytes
    name: str
    media_type: str


def errand_file(office: Services, *, actor: Actor, errand_id: UUID) -> ErrandFile:
    """The file of an errand of the person who asks; NotFound for anybody else's, while there is none, and in words when
    it was taken away."""
    with office.uow() as uow:
        errand = uow.errands.get(actor.agency_id, errand_id)
    if errand.person_id != actor.person_id:
        raise NotFound
    if errand.result is None:
        raise NotFound(RESULT_GONE) if errand.file_name else NotFound
    return ErrandFile(office.blobs.open(errand.result), errand.file_name, errand.media_type)


def run_next_errand(office: Services, *, doers: Mapping[str, Doer]) -> int:
    """Do the oldest errand that waits. Returns 1, or 0 when none waits. Its failure is told to the person in words; a
    fault of ours is tried again, at most three times."""
    with office.uow() as uow:
        errand = uow.errands.claim(office.clock.now(), office.lease)
        if errand is None:
            return 0
        today = office_date(office.clock.now())
        person = uow.people.actor(errand.person_id, today, str(errand.order.get(_AS, "")))
        uow.commit(final=False)
    try:
        if person is None:
            raise NotPermitted("บัญชีของผู้สั่งงานปิดแล้ว หรือคำสั่งที่ให้ทำหน้าที่แทนสิ้นสุดแล้ว")
        if errand.attempts > MOST_TRIES:
            raise NotPermitted("ทำไม่สำเร็จหลายครั้ง แจ้งผู้ดูแลระบบ", code="gave-up")
        made = doers[errand.kind](office, errand, person, _stepper(office, errand))
    except SarabanError as error:
        _end(office, errand, state="failed", problem=error.in_words if isinstance(error, BadInput) else error.thai)
        return 1
    except Exception:
        _log.exception("errand %s (%s) failed (try %d)", errand.id, errand.kind, errand.attempts)
        if errand.attempts >= MOST_TRIES:
            _end(office, errand, state="failed", problem="ทำไม่สำเร็จเพราะข้อผิดพลาดภายใน แจ้งผู้ดูแลระบบ")
        return 1
    errand.done, errand.total = made.done, max(errand.total, made.done)
    errand.file_name, errand.media_type, errand.result = made.file_name, made.media_type, made.result
    errand.faults = made.faults
    _end(office, errand, state="done", problem=made.words)
    return 1


def _stepper(office: Services, errand: Errand) -> Step:
    """Writes down how far it is, at most twice a second, and keeps the lease. ConcurrentEdit when another worker has
    begun it again, because this one was silent for too long."""
    written: datetime | None = None

    def step(done: int, total: int) -> None:
        nonlocal written
        errand.done, errand.total = done, total
        now = office.clock.now()
        if written is not None and now - written < _PAUSE and done < total:
            return
        written = now
        with office.uow() as uow:
            if not _is_ours(uow, errand):
                raise ConcurrentEdit("งานนี้เริ่มทำใหม่แล้วในอีกเครื่องหนึ่ง")
            uow.errands.progress(errand, now, office.lease)
            uow.commit(final=False)

    return step


def _is_ours(uow: UnitOfWork, errand: Errand) -> bool:
    """Has nobody begun the errand again since it was claimed here?"""
    return uow.errands.get(errand.agency_id, errand.id).attempts == errand.attempts


def _end(office: Services, errand: Errand, *, state: str, problem: str) -> None:
    errand.state, errand.problem, errand.ended_at = state, problem, office.clock.now()
    with office.uow() as uow:
        if _is_ours(uow, errand):
            uow.errands.save(errand)
            uow.commit()
