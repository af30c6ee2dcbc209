"""Processes of clerks that die: `python -m tests.torture.nursery` reads orders from its standard input and forks a
clerk for each, so that a thousand deaths cost a thousand forks and not a thousand starts of Python.

An order is a pickled `Order`; the answer is the pickled number of the process. With `moment` n the clerk does one deed
and kills itself with SIGKILL at the n-th moment of its transaction: before and after each statement, before COMMIT and
after it. Moment 0 never comes: the clerk then writes down how many there were. A clerk who roams does one deed after
another until somebody kills it.
"""

from __future__ import annotations

import os
import pickle
import random
import signal
import subprocess
import sys
import traceback
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event

from saraban.bootstrap import Office, build
from saraban.domain.errors import BadInput, ConcurrentEdit, StageNotAllowed
from saraban.settings import Settings
from saraban.storage.unit_of_work import SqlUnitOfWork
from saraban.usecases.books import OnceKey
from tests.builders import StaffedAgency
from tests.torture.deeds import DEEDS, Needs, a_key, do_once

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Order:
    """What a clerk shall do: one deed, or to roam (`deed` empty); `told` is the file for what it has to say."""

    settings: Settings
    staffed: StaffedAgency
    told: Path
    deed: str = ""
    needs: Needs | None = None
    key: OnceKey | None = None
    moment: int = 0


class Death:
    """Counts the moments of the transactions on an engine, and kills this process at the one that is given."""

    def __init__(self, engine: Engine, moment: int) -> None:
        self.passed, self._moment = 0, moment
        event.listen(engine, "before_cursor_execute", self.comes)
        event.listen(engine, "after_cursor_execute", self.comes)
        event.listen(engine, "commit", self.comes)

    def comes(self, *_of_the_event: Any) -> None:
        """Another moment."""
        self.passed += 1
        if self.passed == self._moment:
            os.kill(os.getpid(), signal.SIGKILL)


class MortalUnitOfWork(SqlUnitOfWork):
    """A unit of work that tells when its COMMIT has come back."""

    def __init__(self, death: Death, *values: Any) -> None:
        super().__init__(*values)
        self._death = death

    def commit(self, *, final: bool = True, begun: bool = False) -> None:
        """Commit, and live a moment longer."""
        super().commit(final=final, begun=begun)
        self._death.comes()


def mortal(office: Office, moment: int) -> tuple[Office, Death]:
    """The same office, whose transactions die at that moment."""
    death, now = Death(office.writing, moment), office.services.clock.now
    services = replace(
        office.services,
        once=lambda key: lambda: MortalUnitOfWork(death, office.writing, now, key),  # type: ignore[arg-type,return-value]
    )
    return replace(office, services=services), death


def _do(order: Order) -> None:
    assert order.needs is not None and order.key is not None
    office, death = mortal(build(order.settings), order.moment)
    do_once(office, order.staffed, DEEDS[order.deed], order.needs, order.key)
    order.told.write_text(str(death.passed))


def _roam(order: Order) -> None:
    chance, office, master = random.Random(os.getpid()), build(order.settings), os.getppid()
    while os.getppid() == master:
        deed = chance.choice(list(DEEDS.values()))
        try:
            needs = deed.ready(office, order.staffed)
            key = a_key(deed, office.services.clock.now())
            do_once(office, order.staffed, deed, needs, key)
        except (BadInput, ConcurrentEdit, StageNotAllowed):
            continue  # another clerk was faster: struck, bound or changed the same line


def _live(order: Order) -> int:
    try:
        (_do if order.deed else _roam)(order)
    except BaseException:
        order.told.write_text(traceback.format_exc())
        return 1
    return 0


def main() -> None:
    """Fork clerks until the orders end."""
    while True:
        try:
            order, waited_for = pickle.load(sys.stdin.buffer)
        except EOFError:
            return
        if waited_for:
            answer = os.waitstatus_to_exitcode(os.waitpid(waited_for, 0)[1])
        elif (answer := os.fork()) == 0:
            os._exit(_live(order))
        pickle.dump(answer, sys.stdout.buffer)
        sys.stdout.buffer.flush()


class Nursery:
    """The process above, as the tests use it."""

    def __init__(self, log: Path) -> None:
        with log.open("ab") as out:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.torture.nursery"],
                cwd=ROOT,
                env={**os.environ, "PYTHONPATH": str(ROOT)},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=out,
            )

    def born(self, order: Order) -> int:
        """The number of a new clerk's process."""
        return self._asked((order, 0))

    def end_of(self, clerk: int) -> int:
        """How the clerk ended: 0, or minus the signal that killed it."""
        return self._asked((None, clerk))

    def close(self) -> None:
        """No more clerks; those who roam see that they are alone."""
        self._process.communicate(timeout=30)

    def _asked(self, question: tuple[Order | None, int]) -> int:
        assert self._process.stdin is not None and self._process.stdout is not None
        pickle.dump(question, self._process.stdin)
        self._process.stdin.flush()
        answer: int = pickle.load(self._process.stdout)
        return answer


if __name__ == "__main__":
    main()
