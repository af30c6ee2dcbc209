"""An officer whose word destroys, and whose process dies of SIGKILL on the way: either nothing was destroyed, or what
was is nowhere as soon as the worker has had its turn."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import signal
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from saraban.bootstrap import build
from saraban.domain.actor import Actor
from saraban.domain.keeping import KeepingState
from saraban.settings import Settings
from saraban.usecases import backing_up, destroying
from saraban.usecases.kept import forget_words
from saraban.usecases.kept_files import GRACE, remove_files
from saraban.usecases.sweeping import sweep
from tests.fakes import FixedClock
from tests.usecases.archive import cleared, considered, in_year, kept, people, proposed
from tests.usecases.house import House
from tests.usecases.test_destroyed_nowhere import Planned, begun, restored, said

_born = multiprocessing.get_context("forkserver")
_born.set_forkserver_preload(["tests.usecases.test_killed_destroying"])
PLANS = [Planned("gateway", 0, "goes"), Planned("gateway", 1, "held")]
"""The second has its own word and file, and stays."""


def _dies(*_: object, **__: object) -> bool:
    os.kill(os.getpid(), signal.SIGKILL)
    return True


class Mortal:
    """Something whose owner dies when he calls this of it."""

    def __init__(self, real: object, deadly: str, after: int = 0) -> None:
        self._real, self._deadly, self._after = real, deadly, after

    def __getattr__(self, name: str) -> object:
        if name == self._deadly:
            self._after -= 1
            if self._after < 0:
                return _dies
        return getattr(self._real, name)


class MortalWork:
    """A unit of work whose owner dies before its commit."""

    def __init__(self, real: Any) -> None:
        self._real = real

    def __enter__(self) -> object:
        return Mortal(self._real.__enter__(), "commit")

    def __exit__(self, *how: Any) -> None:
        self._real.__exit__(*how)


def _confirm(settings: Settings, clock: FixedClock, actor: Actor, list_id: UUID, when: str) -> None:
    office = build(settings, clock=clock).services
    if when == "before the commit":
        real = office.uow
        office = replace(office, uow=lambda: MortalWork(real()))  # type: ignore[arg-type,return-value]
    else:
        blobs: Any = Mortal(office.blobs, "remove", after=1 if when == "among the files" else 0)
        office = replace(office, blobs=blobs)
    destroying.confirm(office, actor=actor, list_id=list_id)


@pytest.mark.parametrize("when", ["before the commit", "before the files", "among the files"])
def test_a_destruction_that_was_killed_halfway_leaves_all_or_nothing(
    either_house: House, empty_database_url: str, tmp_path_factory: pytest.TempPathFactory, when: str
) -> None:
    house, apart = either_house, tmp_path_factory.mktemp("apart")
    lines = begun(house, PLANS)
    copies = apart / "copies"
    backing_up.back_up(house.office, folder=copies, keys_file=None, passphrase="", told=lambda *_: None)
    in_year(house, 2038)
    list_id = proposed(house, 2580, electronic=True)
    considered(house, list_id)
    cleared(house, list_id)
    officers = people(house, "records", "clerk")
    records, clerk = house.ours["records"], house.ours["clerk"]
    destroying.name_officers(house.office, actor=records, list_id=list_id, officers=officers, way="ลบ")
    destroying.confirm(house.office, actor=records, list_id=list_id)

    process = _born.Process(target=_confirm, args=(house.real.settings, house.clock, clerk, list_id, when))
    process.start()
    process.join(60)
    assert process.exitcode == -signal.SIGKILL
    if when == "before the commit":
        assert kept(house, lines[0]).state is not KeepingState.DESTROYED
        assert said(house.real, range(4)) >= {0, 2, 3}, "all is there"
        assert destroying.confirm(house.office, actor=clerk, list_id=list_id)
    assert kept(house, lines[0]).state is KeepingState.DESTROYED
    on_server = house.office.safe.database.kind == "postgresql"
    back_to = apart / "back"
    expect_gone(house, copies, back_to, empty_database_url if on_server else f"sqlite:///{back_to / 'saraban.db'}")
    shutil.rmtree(apart, ignore_errors=True)


def expect_gone(house: House, copies: Path, back_to: Path, url: str) -> None:
    """After the worker's turn nothing of the first letter is anywhere, here and in a restored backup; and all of the
    second is there, whatever is swept."""
    house.clock.pass_by(GRACE + timedelta(minutes=1))
    remove_files(house.office)
    forget_words(house.office)
    for _ in range(2):
        sweep(house.office, remove=True)
        house.clock.pass_by(timedelta(days=15))
    back = restored(house, copies, back_to, url)
    for office in (house.real, back):
        assert said(office, range(4)) == {1, 3}
    assert sweep(house.office, remove=False)[0].missing == 0
    assert sweep(back.services, remove=False)[0].missing == 0
    back.close()
