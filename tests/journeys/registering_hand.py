"""A clerk in a process of its own, who registers what waits, stumbles at times before the commit, and may be killed.

`python -m tests.journeys.registering_hand` with the environment of an installation and STUMBLES, the chance in percent
that a transaction is rolled back at its last step.
"""

from __future__ import annotations

import os
import random
from dataclasses import replace
from typing import cast

from sqlalchemy import select

import config
from saraban.bootstrap import build
from saraban.domain.calendar import office_date
from saraban.domain.errors import ConcurrentEdit, StageNotAllowed
from saraban.domain.incoming import IncomingId, IncomingState
from saraban.storage.tables.letters import incoming
from saraban.storage.unit_of_work import SqlUnitOfWork
from saraban.usecases.books import UnitOfWork
from saraban.usecases.registering import register_letter


class Stumbled(Exception):
    """The power of decision failed before the commit."""


class StumblingUnitOfWork(SqlUnitOfWork):
    """A unit of work that does everything and then, at times, does not commit."""

    def commit(self, *, final: bool = True, begun: bool = False) -> None:
        """Commit, or do not."""
        if random.random() * 100 < float(os.environ["STUMBLES"]):
            raise Stumbled
        super().commit(final=final, begun=begun)


def main() -> None:
    """Register until nothing waits."""
    office = build(config.load())
    clock = office.services.clock
    stumbling = replace(office.services, uow=lambda: cast(UnitOfWork, StumblingUnitOfWork(office.writing, clock.now)))
    with office.services.uow() as uow:
        person = uow.people.by_username("clerk-b")
        assert person is not None
        clerk = uow.people.actor(person.id, office_date(clock.now()))
    assert clerk is not None
    print("ready", flush=True)
    waiting = select(incoming.c.id).where(incoming.c.state == IncomingState.NEW).limit(40)
    while True:
        with office.reading.connect() as connection:
            ids = list(connection.execute(waiting).scalars())
        if not ids:
            return
        try:
            register_letter(stumbling, actor=clerk, incoming_id=IncomingId(random.choice(ids)))
        except (Stumbled, ConcurrentEdit, StageNotAllowed):
            continue


if __name__ == "__main__":
    main()
