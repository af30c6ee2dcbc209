"""The store of files swept: what nothing names any more is found, told, and after a grace taken off the disk. The
other way round it is told what is named and missing.

Nothing is removed at first sight. A file that nothing names is marked with the moment when that was seen; only what is
still marked after the grace goes, and it is asked once more before. So a deed that names a file which lay there already
has days for its commit, and a backup whose copy of the database names a file still finds it. A file that somebody kept
within `LEAST` is not even looked at: whoever keeps bytes and names them later (a form that is open all day) has that
long. That holds with any number of workers: the marks are rows, two who mark or remove the same file do it once, and
the removal excludes whoever keeps it (`kept_files.remove_files`).

Whatever is killed is ended by the next sweep: that a removal begins is committed before, and it is counted and noted
in the journal by whoever finds that it was done. So is what the disk did not let go: it stays marked, and is told.

By night nothing goes when it is implausibly much (`domain.store.is_too_much`): nothing ties a store to its database,
and beside another one every file is unnamed. Then only a person has it removed.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar
from uuid import UUID, uuid4

from saraban.domain.actor import Actor
from saraban.domain.attachment import Digest
from saraban.domain.calendar import office_date, office_time
from saraban.domain.errors import BadInput
from saraban.domain.numbering import thai_digits
from saraban.domain.permissions import may_administer, require
from saraban.domain.store import StoreSwept, SweepTrace, is_too_much
from saraban.usecases.long_work import while_told
from saraban.usecases.ports import Made, Services, Step
from saraban.usecases.registry import Errand
from saraban.usecases.store_books import Missing, Survey

ERRAND = "sweep-store"
LEAST = timedelta(days=2)
"""The shortest grace; twice as long as anything waits for the deed that names it (kept_files.UNUSED)."""
GRACE = timedelta(days=14)
"""The usual grace."""
NIGHT_ENDS = 5
"""The hour of the office until which the worker looks through the store by itself."""
OVERDUE = timedelta(hours=36)
"""After so long it looks by day as well: the machine may be off by night."""
AT_A_TIME = 2000
SHOWN = 20
_PARTS = 3
T = TypeVar("T")
_log = logging.getLogger(__name__)


def sweep(
    office: Services,
    *,
    remove: bool,
    grace: timedelta = GRACE,
    by: str = "",
    told: Step | None = None,
    cautious: bool = False,
) -> tuple[SweepTrace, list[Missing]]:
    """Look through the whole store; with `remove` take away what nothing has named for as long as `grace`, unless that
    is implausibly much and the sweep is `cautious`. Gives what was found, and the files that are named and missing.
    Raises BadInput for a grace that is shorter than `LEAST`."""
    if grace < LEAST:
        raise BadInput({"days": thai_digits(f"อย่างน้อย {LEAST.days} วัน")})
    now, its_id, way = office.clock.now(), uuid4(), _Way(office.lease, told)
    way.to(0)
    survey = way.while_told(
        partial(office.file_needs.survey, partial(office.blobs.lying, before=now - LEAST), office.blobs.has)
    )
    way.to(1)
    ripe = _marked(office, survey, now, grace)
    missing = way.while_told(partial(_still_missing, office, survey.missing))
    way.to(2)
    goes = remove and not (cautious and is_too_much(len(ripe), survey.files))
    done = _removed(office, set(ripe), now, its_id, way) if goes else _Done()
    left = {} if goes else ripe
    trace = SweepTrace(
        id=its_id,
        at=now,
        by=by,
        files=survey.files,
        octets=survey.octets,
        unnamed=len(survey.unnamed),
        unnamed_octets=sum(survey.unnamed.values()),
        ripe=len(left),
        ripe_octets=sum(left.values()),
        removed=done.files,
        removed_octets=done.octets,
        stuck=done.stuck,
        missing=len(missing),
        words=_places(missing),
    )
    with office.uow() as uow:
        uow.sweeps.note(trace)
        uow.commit(final=False)
    way.to(_PARTS)
    return trace, missing


class _Way:
    """How far a sweep is, for whoever follows it (`told`), who has a lease; by night there is none."""

    def __init__(self, lease: timedelta, told: Step | None) -> None:
        self._lease, self._told, self._part = lease, told, 0

    def to(self, part: int) -> None:
        """So much is done."""
        self._part = part
        self.go_on()

    def go_on(self) -> None:
        """It goes on; keeps the lease."""
        if self._told is not None:
            self._told(self._part, _PARTS)

    def while_told(self, work: Callable[[], T]) -> T:
        """Do what may be silent for minutes."""
        return work() if self._told is None else while_told(self._lease, self.go_on, work)


def sweep_nightly(office: Services) -> int:
    """Once a night, or by day when it has been too long; returns how many files were removed."""
    now = office.clock.now()
    with office.uow() as uow:
        last = uow.sweeps.last(now)
    if last is not None:
        if office_date(last.at) == office_date(now):
            return 0
        if office_time(now).hour >= NIGHT_ENDS and now - last.at < OVERDUE:
            return 0
    return sweep(office, remove=True, cautious=True)[0].removed


def do_sweep(office: Services, errand: Errand, actor: Actor, step: Step) -> Made:
    """The errand of a sweep that an administrator ordered. Its order: "remove"."""
    require(may_administer(actor))
    found, missing = sweep(office, remove=bool(errand.order["remove"]), by=actor.name, told=step)
    return Made(_PARTS, words=in_words(found), faults=len(missing) + found.stuck)


def title_of(*, remove: bool) -> str:
    """What such an errand is called."""
    return "ลบไฟล์ที่ไม่มีสิ่งใดอ้างถึง" if remove else "ตรวจที่เก็บไฟล์"


def in_words(found: SweepTrace) -> str:
    """What was found, in a sentence."""
    words = [f"ตรวจ {found.files:,} ไฟล์ ไม่มีสิ่งใดอ้างถึง {found.unnamed:,} ไฟล์"]
    if found.removed:
        words.append(f"ลบแล้ว {found.removed:,} ไฟล์")
    elif found.ripe:
        words.append(f"ลบได้แล้ว {found.ripe:,} ไฟล์")
    if found.stuck:
        words.append(f"ลบไม่ได้ {found.stuck:,} ไฟล์ ตรวจสิทธิ์และเจ้าของไฟล์ในโฟลเดอร์ blobs")
    if found.missing:
        words.append(f"ไฟล์หาย {found.missing:,} ไฟล์ ({found.words}) กู้คืนจากสำเนาสำรอง")
    return thai_digits(" ".join(words))


def _marked(office: Services, survey: Survey, now: datetime, grace: timedelta) -> Mapping[Digest, int]:
    """Mark what nothing names, and take the mark from what something does; the files (with their sizes) that have had
    it for as long as the grace. What another sweep has removed since the look is not marked anew; a mark that is left
    without its file goes with the next sweep."""
    with office.uow() as uow:
        since = uow.sweeps.since()
        new = {one: size for one, size in survey.unnamed.items() if one not in since and office.blobs.has(one)}
        uow.sweeps.mark(new, now)
        uow.sweeps.unmark(since.keys() - survey.unnamed.keys() - uow.sweeps.going().keys())
        uow.commit(final=False)
    return {one: size for one, size in survey.unnamed.items() if one in since and now - since[one] >= grace}


@dataclass
class _Done:
    """How many files with how many octets were taken away, and how many the disk did not let go."""

    files: int = 0
    octets: int = 0
    stuck: int = 0


def _removed(office: Services, ripe: set[Digest], now: datetime, sweep_id: UUID, way: _Way) -> _Done:
    """Take these files away, and those whose removal was begun and never ended, unless something names them by now or
    somebody has kept them. What the disk does not let go stays marked for the next sweep."""
    with office.uow() as uow:
        begun = uow.sweeps.going()
    asked = sorted(ripe | begun.keys(), key=str)
    named = way.while_told(partial(office.file_needs.named, asked))
    done = _Done()
    for start in range(0, len(asked), AT_A_TIME):
        some = asked[start : start + AT_A_TIME]
        going = [one for one in some if one not in named]
        with office.uow() as uow:
            uow.sweeps.unmark([one for one in some if one in named])
            uow.sweeps.begin(going)
            uow.commit(final=False)
        gone, stays = list[Digest](), list[Digest]()
        for one in going:
            way.go_on()
            try:
                (gone if office.blobs.remove(one, unless_after=now - LEAST) else stays).append(one)
            except OSError as error:
                done.stuck += 1
                if done.stuck <= SHOWN:
                    _log.warning("file %s cannot be removed: %s", one, error)
        count, size = _ended(office, gone, stays, now, sweep_id)
        done.files, done.octets = done.files + count, done.octets + size
    return done


def _ended(
    office: Services, gone: Collection[Digest], stays: Collection[Digest], now: datetime, sweep_id: UUID
) -> tuple[int, int]:
    """The journal of every agency says what is gone; what somebody kept meanwhile has no mark any more."""
    agencies = office.hosted()
    with office.uow() as uow:
        files, octets = uow.sweeps.end(gone)
        uow.sweeps.unmark(stays)
        for agency_id, _ in agencies if files else ():
            by = Actor.gateway(agency_id)
            uow.record(StoreSwept(at=now, by=by, thing_id=sweep_id, files=files, octets=octets))
        uow.commit(final=False)
    return files, octets


def _still_missing(office: Services, missing: Collection[Missing]) -> list[Missing]:
    """Those that something needs even now: what was destroyed or dropped since the look began is no fault."""
    gone = [one for one in missing if not office.blobs.has(one.sha256)]
    needed = office.file_needs.needed([one.sha256 for one in gone])
    return [one for one in gone if one.sha256 in needed]


def _places(missing: Collection[Missing]) -> str:
    return ", ".join(f"{what} {count:,}" for what, count in Counter(one.what for one in missing).most_common())
