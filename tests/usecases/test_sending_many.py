"""Many envelopes at once: few statements for all of them; whoever is killed in between loses and changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from itertools import count
from typing import Any

from saraban.domain.attachment import Digest
from saraban.domain.dispatch import DispatchState
from saraban.domain.letter import LetterId
from saraban.exchange.envelope import Envelope
from saraban.exchange.parse import read_message
from saraban.storage.tables.exchange import dispatches, evidence, outbox
from saraban.usecases import dispatching
from saraban.usecases.delivering import deliver_next
from saraban.usecases.mailing import SendOutcome, SendResult
from saraban.usecases.ports import Services
from saraban.usecases.viewing import open_sent_manifest
from tests.builders import a_correspondent
from tests.storage.test_writing_less import statements_of
from tests.usecases.house import House

BATCH = 7


class Killed(BaseException):
    """Nobody catches it."""


class Relay:
    """Takes everything and keeps it by the address that it goes to."""

    def __init__(self) -> None:
        self.taken: dict[str, list[bytes]] = {}

    def send(self, agency_code: str, envelope: Envelope, blob: Callable[[Digest], bytes]) -> SendResult:
        """Take the message."""
        self.taken.setdefault(envelope.rcpt_to, []).append(b"".join(envelope.chunks(blob)))
        return SendResult(SendOutcome.ACCEPTED, 250, "2.0.0 ok")

    def close(self) -> None:
        """Nothing is held."""


def _circular(house: House, receivers: int) -> LetterId:
    codes = [f"r{place:03}" for place in range(receivers)]
    house.publish(*(a_correspondent(code) for code in codes))
    return house.dispatched(recipients=tuple(codes), circular=True)


def _killed_at(office: Services, place: int, *, after: bool) -> Services:
    """The office of a worker that dies at its commit of that number: before it, or just after."""
    commits = count(1)

    def uow() -> Any:
        made: Any = office.uow()
        real = made.commit

        def commit(*, final: bool = True) -> None:
            dies = next(commits) == place
            if dies and not after:
                raise Killed
            real(final=final)
            if dies:
                raise Killed

        made.commit = commit
        return made

    return replace(office, uow=uow)


def test_the_statements_of_a_batch_do_not_grow_with_the_batch(house: House) -> None:
    office = replace(house.office, transport=Relay())

    def asked(receivers: int, work: Callable[[Services], int]) -> list[str]:
        with statements_of(house.real.writing) as sent:
            assert work(office) == receivers
        return [statement.split(" (")[0][:40] for statement in sent]

    asked_for: dict[int, list[list[str]]] = {}
    for receivers in (2, BATCH):
        _circular(house, receivers)
        asked_for[receivers] = [asked(receivers, work) for work in (dispatching.compose_next, deliver_next)]

    assert asked_for[2] == asked_for[BATCH]


def test_a_worker_killed_at_any_commit_loses_nothing_and_no_receiver_gets_other_bytes(house: House) -> None:
    places = [(place, after) for place in (1, 2, 3, 4) for after in (False, True)]
    for place, after in places:
        relay = Relay()
        letter_id = _circular(house, 3)
        office = _killed_at(replace(house.office, transport=relay), place, after=after)
        died = False
        for _ in range(3):  # a new worker each time, once the leases of the dead one have ended
            try:
                while dispatching.compose_next(office) or deliver_next(office):
                    pass
            except Killed:
                died = True
            house.clock.pass_by(timedelta(minutes=2))

        assert died, (place, after)
        sent = [row for row in house.rows(dispatches) if row.letter_id == letter_id]
        kept = {row.ref: row for row in house.rows(outbox)}
        assert [row.state for row in sent] == [DispatchState.SENT] * 3
        assert len(relay.taken) == 3
        for row in sent:
            [message] = set(relay.taken[row.to_mailbox])
            assert Digest.of(message) == kept[row.id].sha256
            manifest = open_sent_manifest(office, actor=house.ours["clerk"], dispatch_id=row.id)
            assert read_message(message).manifest == manifest
            assert Digest.of(manifest).hex == row.manifest_sha256
        proofs = [row for row in house.rows(evidence) if row.dispatch_id in {one.id for one in sent}]
        # What the relay had when the worker died unwritten went twice; the receiver answers the second as the first.
        twice = (place, after) == (4, False)
        assert sum(map(len, relay.taken.values())) == (6 if twice else 3)
        assert len(proofs) == 3


def test_what_was_stopped_while_its_envelope_was_made_is_not_queued(house: House) -> None:
    _circular(house, 2)
    stopped = house.rows(dispatches)[0].id

    def stop() -> None:
        with house.office.uow() as uow:
            dispatch = uow.dispatches.get(house.ours.agency.id, stopped)
            dispatch.stop(house.clock.now())
            uow.dispatches.save(dispatch)
            uow.commit()

    office = house.office
    seals = office.seals

    class SlowSeals:
        """The first seal takes as long as somebody needs to stop a letter."""

        def __init__(self) -> None:
            self.asked = 0

        def sealer(self, agency_code: str, at: Any) -> Any:
            """The real one."""
            self.asked += 1
            if self.asked == 1:
                stop()
            return seals.sealer(agency_code, at)

    dispatching.compose_next(replace(office, seals=SlowSeals()))

    assert {row.id: row.composed for row in house.rows(dispatches)}[stopped] is False
    assert [row.ref for row in house.rows(outbox)] == [row.id for row in house.rows(dispatches) if row.id != stopped]
