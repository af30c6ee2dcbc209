"""Time-stamps for what went out without one: the authority is asked again, and its token is kept beside the file
(claim, do, settle)."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from time import monotonic

from saraban.domain.actor import Actor
from saraban.domain.closing import CloseId
from saraban.domain.errors import RuleBroken
from saraban.domain.late_stamp import DOUBTED_WAIT, LateStamp, Stamped, next_delay
from saraban.domain.stamp_events import StampedLate
from saraban.usecases.ports import Services

MOST = 20
_SHARE_OF_LEASE = 0.5
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Told:
    """What a token says: its time and its maker."""

    at: datetime
    by: str


def stamp_late(office: Services) -> int:
    """Ask for the stamps that are due, when an authority is set up. Returns how many were had; 0 when none is due, or
    the authority fails: then all wait, the longer the oftener it failed. What it gives is refused, and that is told,
    when it does not fit the file or comes from nobody whom this installation trusts. A stamp of a time that cannot be
    is refused as well, and only the one that it was for waits on: the file may come from a time when our clock was
    ahead. Without an authority nothing is asked, and what the last one said is told no longer.

    Killed between answer and settling, a worker loses the token and no more: the lease ends, and it is asked for again.
    Of two who ask for the same, the first to settle counts."""
    if not office.time_stamper.is_set:
        _rest(office)
        return 0
    with office.uow() as uow:
        waiting = uow.late_stamps.claim(office.clock.now(), office.lease, MOST)
        if not waiting:
            return 0
        uow.commit(final=False)
    done, left, begun = 0, list(waiting), monotonic()
    while left and monotonic() - begun < office.lease.total_seconds() * _SHARE_OF_LEASE:
        try:
            token, status = _asked(office, left[0])
        except RuleBroken as error:
            _put_off(office, left, error.thai)
            return done
        wanted = left.pop(0)
        if doubt := wanted.doubt(status.at, office.clock.now()):
            _refuse(office, wanted, doubt)
        else:
            done += _settle(office, wanted, token, status)
    if left:
        with office.uow() as uow:
            uow.late_stamps.release(left)
            uow.commit(final=False)
    return done


def _asked(office: Services, wanted: LateStamp) -> tuple[bytes, _Told]:
    """The token and what it says. Raises RuleBroken when there is none that can be kept."""
    token = office.time_stamper.stamp(wanted.sha256)
    status = office.time_stamper.check(token or b"", wanted.sha256)
    if token is None or status.at is None or not status.good:
        raise RuleBroken(status.reason or "ผู้ประทับรับรองเวลาไม่ให้ตราประทับเวลา", code="time-stamp")
    return token, _Told(status.at, status.by)


def _settle(office: Services, wanted: LateStamp, token: bytes, status: _Told) -> bool:
    now = office.clock.now()
    with office.uow() as uow:
        if wanted.kind is Stamped.DAY:
            kept = uow.late_stamps.drop(wanted)
            if kept:
                uow.closes.stamp(CloseId(wanted.thing_id), token)
        else:
            kept = uow.late_stamps.settle(wanted, token, status.at, status.by)
            if kept:
                uow.record(_fact(wanted, status, office))
        if kept:
            uow.late_stamps.hurry(now)
            uow.commit(final=False)
    return kept


def _fact(wanted: LateStamp, status: _Told, office: Services) -> StampedLate:
    return StampedLate(
        at=office.clock.now(),
        by=Actor.gateway(wanted.agency_id),
        thing_id=wanted.thing_id,
        sha256=wanted.sha256,
        what=wanted.kind.value,
        stamped_at=status.at,
        stamped_by=status.by,
    )


def _put_off(office: Services, left: Sequence[LateStamp], why: str) -> None:
    """All that wait, wait on: there is one authority for all of them."""
    with office.uow() as uow:
        tries = uow.late_stamps.tries() + 1
        until = office.clock.now() + next_delay(tries)
        uow.late_stamps.put_off(why, tries, until)
        uow.late_stamps.release(left)
        uow.commit(final=False)
    _log.warning("no time-stamp (%d waiting at least, try %d): %s", len(left), tries, why)


def _refuse(office: Services, wanted: LateStamp, doubt: str) -> None:
    """This one waits on, and the others do not for it."""
    with office.uow() as uow:
        uow.late_stamps.refuse(wanted, doubt, office.clock.now() + DOUBTED_WAIT)
        uow.commit(final=False)
    _log.warning("time-stamp refused (%s %s): %s", wanted.kind.value, wanted.thing_id, doubt)


def _rest(office: Services) -> None:
    with office.uow() as uow:
        if uow.late_stamps.rest():
            uow.commit(final=False)
