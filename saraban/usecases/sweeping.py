"""The store of files swept: what nothing names any more is found, told, and after a grace taken off the disk. The
other way round it is told what is named and missing.

Nothing is removed at first sight. A file that nothing names is marked with the moment when that was seen; only what is
still marked after the grace goes, and it is asked once more before. So a deed that names a file which lay there already
has days for its commit, and a backup whose copy of the database names a file still finds it. A file that somebody kept
within `LEAST` is not even looked at: whoever keeps bytes and names them later (a form that is open all day) has that
long. That holds with any number of workers: the marks are rows, two who mark or remove the same file do it once, and
the removal excludes whoever keeps it (`kept_files.remove_files`).

Whatever is killed is ended by the next sweep: that a removal begins is committed before, and it is counted and noted
in the journal by whoever finds that it was done.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID, uuid4

from saraban.domain.actor import Actor
from saraban.domain.attachment import Digest
from saraban.domain.calendar import office_date, office_time
from saraban.domain.errors import BadInput
from saraban.domain.numbering import thai_digits
from saraban.domain.permissions import may_administer, require
from saraban.domain.store import StoreSwept, SweepTrace
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


def sweep(
    office: Services, *, remove: bool, grace: timedelta = GRACE, by: str = "", told: Step | None = None
) -> tuple[SweepTrace, list[Missing]]:
    """Look through the whole store; with `remove` take away what nothing has named for as long as `grace`. Gives what
    was found, and the files that are named and missing. Raises BadInput for a grace that is shorter than `LEAST`."""
    if grace < LEAST:
        raise BadInput({"days": thai_digits(f"อย่างน้อย {LEAST.days} วัน")})
    now, its_id = office.clock.now(), uuid4()
    tell = told or (lambda done, total: None)
    tell(0, 3)
    survey = office.file_needs.survey(partial(office.blobs.lying, before=now - LEAST), office.blobs.has)
    tell(1, 3)
    ripe = _marked(office, survey, now, grace)
    missing = _still_missing(office, survey.missing)
    tell(2, 3)
    removed, octets = _removed(office, set(ripe), now, its_id) if remove else (0, 0)
    left = {} if remove else ripe
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
        removed=removed,
        removed_octets=octets,
        missing=len(missing),
        words=_places(missing),
    )
    with office.uow() as uow:
        uow.sweeps.note(trace)
        uow.commit(final=False)
    tell(3, 3)
    return trace, missing


def sweep_nightly(office: Services) -> int:
    """Once a night, or by day when it has been too long; returns how many files were removed."""
    now = office.clock.now()
    with office.uow() as uow:
        last = uow.sweeps.last()
    if last is not None:
        if office_date(last.at) == office_date(now):
            return 0
        if office_time(now).hour >= NIGHT_ENDS and now - last.at < OVERDUE:
            return 0
    return sweep(office, remove=True)[0].removed


def do_sweep(office: Services, errand: Errand, actor: Actor, step: Step) -> Made:
    """The errand of a sweep that an administrator ordered. Its order: "remove"."""
    require(may_administer(actor))
    found, missing = sweep(office, remove=bool(errand.order["remove"]), by=actor.name, told=step)
    return Made(3, words=in_words(found), faults=len(missing))


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
    if found.missing:
        words.append(f"ไฟล์หาย {found.missing:,} ไฟล์ ({found.words}) กู้คืนจากสำเนาสำรอง")
    return thai_digits(" ".join(words))


def _marked(office: Services, survey: Survey, now: datetime, grace: timedelta) -> Mapping[Digest, int]:
    """Mark what nothing names, and take the mark from what something does; the files (with their sizes) that have had
    it for as long as the grace."""
    with office.uow() as uow:
        since = uow.sweeps.since()
        uow.sweeps.mark({one: size for one, size in survey.unnamed.items() if one not in since}, now)
        uow.sweeps.unmark(since.keys() - survey.unnamed.keys() - uow.sweeps.going().keys())
        uow.commit(final=False)
    return {one: size for one, size in survey.unnamed.items() if one in since and now - since[one] >= grace}


def _removed(office: Services, ripe: set[Digest], now: datetime, sweep_id: UUID) -> tuple[int, int]:
    """Take these files away, and those whose removal was begun and never ended, unless something names them by now or
    somebody has kept them; how many files with how many octets."""
    with office.uow() as uow:
        begun = uow.sweeps.going()
    asked = sorted(ripe | begun.keys(), key=str)
    named = office.file_needs.named(asked)
    files = octets = 0
    for start in range(0, len(asked), AT_A_TIME):
        some = asked[start : start + AT_A_TIME]
        going = [one for one in some if one not in named]
        with office.uow() as uow:
            uow.sweeps.unmark([one for one in some if one in named])
            uow.sweeps.begin(going)
            uow.commit(final=False)
        gone = [one for one in going if office.blobs.remove(one, unless_after=now - LEAST)]
        count, size = _ended(office, gone, set(going) - set(gone), now, sweep_id)
        files, octets = files + count, octets + size
    return files, octets


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
