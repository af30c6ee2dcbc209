"""Clerks who are killed in the middle of a deed: either all of it was done or nothing of it, and the books are whole.

The moments of a deed are before and after each statement, before COMMIT and after it. The long form (`make torture`)
kills a clerk at every moment of every deed, and hundreds of roaming clerks at random.
"""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from saraban.bootstrap import Office, build
from saraban.domain.register import BookKind
from saraban.settings import Settings
from saraban.storage.tables.registers import ledger
from saraban.usecases.books import AlreadyDone, OnceKey
from tests.builders import StaffedAgency, a_book, a_staffed_agency
from tests.torture.deeds import DEEDS, Deed, Needs, a_key, do_once
from tests.torture.nursery import Nursery, Order
from tests.torture.whole import require_whole

pytestmark = pytest.mark.torture

ROAMING = 4
PATIENCE = 60.0


@dataclass
class House:
    """An agency whose clerks die, and those who look after the books meanwhile."""

    office: Office
    staffed: StaffedAgency
    nursery: Nursery
    folder: Path
    _files = count()

    def order(self, deed: str = "", needs: Needs | None = None, key: OnceKey | None = None, moment: int = 0) -> Order:
        """An order for a clerk, with a file of its own for what he has to say."""
        told = self.folder / f"told-{next(self._files)}"
        return Order(self.office.settings, self.staffed, told, deed, needs, key, moment)

    def run(self, deed: Deed, needs: Needs, key: OnceKey, moment: int) -> tuple[int, str]:
        """Let a clerk do it, who dies at the moment; how the process ended, and what it has told."""
        order = self.order(deed.name, needs, key, moment)
        end = self.nursery.end_of(self.nursery.born(order))
        return end, _said(order.told)

    def last_line(self) -> int:
        """The number of the ledger's last line."""
        with self.office.reading.connect() as connection:
            return connection.scalar(select(func.max(ledger.c.seq))) or 0

    def said_since(self, seq: int) -> tuple[str, ...]:
        """What the ledger says after that line."""
        with self.office.reading.connect() as connection:
            return tuple(connection.scalars(select(ledger.c.name).where(ledger.c.seq > seq).order_by(ledger.c.seq)))

    def require_whole(self) -> None:
        """Fail when something is missing, doubled or half."""
        require_whole(self.office, self.staffed.agency.id)


def _said(told: Path) -> str:
    return told.read_text() if told.exists() else ""


@pytest.fixture(scope="module")
def nursery(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nursery]:
    """Where clerks come from."""
    log = tmp_path_factory.mktemp("nursery") / "log"
    nursery = Nursery(log)
    yield nursery
    nursery.close()
    assert "Traceback" not in log.read_text(), log.read_text()[-4_000:]


@pytest.fixture
def house(tmp_path: Path, database_url: str, nursery: Nursery) -> Iterator[House]:
    """An agency with its people, whose legal unit keeps a sending book of its own."""
    settings = Settings(
        data_folder=tmp_path / "data",
        database_url=database_url,
        secret_key="s" * 40,
        master_key="m" * 40,
        roots_file=tmp_path / "roots.pem",
    )
    office, staffed = build(settings), a_staffed_agency()
    staffed.move_in(office.services.uow())
    with office.services.uow() as uow:
        uow.registers.open(a_book(staffed.agency.id, BookKind.SENDING, staffed.legal.id))
        uow.commit()
    yield House(office, staffed, nursery, tmp_path)
    office.close()


def test_a_clerk_killed_at_any_statement_has_done_all_of_it_or_nothing(
    house: House, request: pytest.FixtureRequest
) -> None:
    whole_form, chance, kills = request.config.getoption("--full"), random.Random(uuid4().int), 0
    deeds = list(DEEDS.values())
    for deed in deeds if whole_form else chance.sample(deeds, 5):
        last = _moments(house, deed)
        for moment in range(1, last + 1) if whole_form else [chance.choice([chance.randint(1, last - 1), last])]:
            _die(house, deed, moment, last)
            kills += 1
    assert kills >= (300 if whole_form else 5)
    print(f"{kills} clerks killed at {len(deeds)} deeds")


def _moments(house: House, deed: Deed) -> int:
    """How many moments the deed has, counted by a clerk who lives."""
    for _ in range(2):  # the first one may open the book
        key = a_key(deed, house.office.services.clock.now())
        end, told = house.run(deed, deed.ready(house.office, house.staffed), key, 0)
        assert end == 0, told
    return int(told)


def _die(house: House, deed: Deed, moment: int, last: int) -> None:
    where = f"{deed.name}, killed at moment {moment} of {last}"
    needs = deed.ready(house.office, house.staffed)
    key, before = a_key(deed, house.office.services.clock.now()), house.last_line()

    end, told = house.run(deed, needs, key, moment)

    assert end == -signal.SIGKILL, f"{where}: {told}"
    assert house.said_since(before) == (deed.says if moment == last else ()), where
    house.require_whole()
    if moment == last:
        with pytest.raises(AlreadyDone):
            do_once(house.office, house.staffed, deed, needs, key)
    else:
        do_once(house.office, house.staffed, deed, needs, key)
    assert house.said_since(before) == deed.says, f"{where}, then done again"
    house.require_whole()


class Roaming:
    """Clerks who do one deed after another until they are killed."""

    def __init__(self, house: House, told: Path) -> None:
        self._nursery, self._told = house.nursery, told
        self._order = Order(house.office.settings, house.staffed, told)
        self._clerks: list[int] = []

    def __enter__(self) -> Roaming:
        self._clerks = [self._nursery.born(self._order) for _ in range(ROAMING)]
        return self

    def __exit__(self, *_error: object) -> None:
        while self._clerks:
            self._end(self._clerks.pop())

    def kill_one(self, place: int) -> None:
        """Kill one, and let another come."""
        self._require_killed(self._end(self._clerks[place]))
        self._clerks[place] = self._nursery.born(self._order)

    def kill_all(self) -> int:
        """Kill them all; how many they were."""
        ends = [self._end(self._clerks.pop()) for _ in range(len(self._clerks))]
        for end in ends:
            self._require_killed(end)
        return len(ends)

    def _end(self, clerk: int) -> int:
        os.kill(clerk, signal.SIGKILL)  # it stays a number of ours until the nursery has asked how it ended
        return self._nursery.end_of(clerk)

    def _require_killed(self, end: int) -> None:
        assert end == -signal.SIGKILL, f"it had ended before: {_said(self._told)}"


@pytest.mark.serial
def test_clerks_killed_at_random_over_the_same_books_leave_them_whole(
    house: House, rounds: Callable[[int, int], int]
) -> None:
    least, chance, told = rounds(5, 250), random.Random(uuid4().int), house.folder / "told"
    kills, until = 0, time.monotonic() + PATIENCE * rounds(1, 10)
    while kills < least:
        with Roaming(house, told) as roaming:
            for _ in range(min(21, least - kills - ROAMING)):
                before = house.last_line()
                while house.last_line() == before:
                    time.sleep(chance.uniform(0.02, 0.2))
                    assert time.monotonic() < until, f"after {kills} kills nothing is done any more: {_said(told)}"
                roaming.kill_one(chance.randrange(ROAMING))
                kills += 1
            kills += roaming.kill_all()
        house.require_whole()
    done = len(house.said_since(0))
    assert done > 0
    print(f"{kills} clerks killed at random; {done} lines of the ledger, every one of them whole")
