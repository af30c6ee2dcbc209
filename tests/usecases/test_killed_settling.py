"""A worker that is killed when it takes the bytes of a harmful file off the disk: the next one does. The process is a
real one that dies of SIGKILL."""

from __future__ import annotations

import multiprocessing
import os
import signal
from dataclasses import replace
from typing import Any

from saraban.bootstrap import build
from saraban.domain.attachment import Digest
from saraban.domain.held_files import HeldState
from saraban.mail.clamd import Clamd
from saraban.settings import Settings
from saraban.storage.tables.archive import dropped_files
from saraban.storage.tables.held_files import held_files
from saraban.usecases.kept_files import GRACE, remove_files
from saraban.usecases.settling_held import settle_held_files
from tests.fakes import EICAR, FixedClock
from tests.usecases.house import House
from tests.usecases.test_held_files import away, back, handed
from tests.usecases.test_meetings import called, the

_born = multiprocessing.get_context("forkserver")
_born.set_forkserver_preload(["tests.usecases.test_killed_settling"])


class Mortal:
    """A store of files whose owner dies before the bytes are taken off the disk."""

    def __init__(self, real: object) -> None:
        self._real = real

    def __getattr__(self, name: str) -> object:
        return getattr(self._real, name)

    def remove(self, digest: Digest, **how: Any) -> bool:
        """Never comes to it."""
        os.kill(os.getpid(), signal.SIGKILL)
        return True


def _work(settings: Settings, where: str, clock: FixedClock) -> None:
    office = build(settings, clock=clock).services
    mortal: Any = Mortal(office.blobs)
    settle_held_files(replace(office, scanner=Clamd(where, timeout_seconds=5), blobs=mortal))
    clock.pass_by(GRACE)
    remove_files(replace(office, blobs=mortal))


def test_what_a_worker_killed_before_the_removal_left_is_removed_by_the_next(either_house: House) -> None:
    house = away(either_house)
    meeting_id = called(house)
    handed(house, the(house, meeting_id)[1][1].key, EICAR)
    with back(house) as daemon:
        process = _born.Process(target=_work, args=(house.real.settings, daemon.where, house.clock))
        process.start()
        process.join(60)
    assert process.exitcode == -signal.SIGKILL
    assert [row.state for row in house.rows(held_files)] == [HeldState.REMOVED]
    assert house.office.blobs.has(Digest.of(EICAR)), "it died at that moment"

    house.clock.pass_by(GRACE)
    assert remove_files(house.office) == 1
    assert not house.office.blobs.has(Digest.of(EICAR))
    assert all(row.removed_at for row in house.rows(dropped_files)), "backups are still told that it is harmful"
    assert remove_files(house.office) == 0
