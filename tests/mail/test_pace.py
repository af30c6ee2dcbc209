"""How hard a relay is pressed: connections, messages a minute, and a pause for one that does not answer."""

from __future__ import annotations

import threading

import pytest

from saraban.mail.pace import FAILURES, NotYet, Pace

HOST, OTHER = ("relay.test", 587), ("other.test", 587)


class Watch:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def _takes(pace: Pace, host: tuple[str, int] = HOST) -> bool:
    try:
        with pace.turn(host):
            return True
    except NotYet:
        return False


def test_a_minutes_messages_go_at_once_and_then_one_after_another() -> None:
    watch = Watch()
    pace = Pace(per_minute=60, now=watch, patience=0.0)

    assert [_takes(pace) for _ in range(61)] == [True] * 60 + [False]
    assert _takes(pace, OTHER)
    watch.now = 2.0
    assert [_takes(pace) for _ in range(3)] == [True, True, False]


def test_no_more_connections_than_allowed_are_in_use_at_once() -> None:
    pace = Pace(connections=2, patience=5.0)
    inside, most, lock = [0], [0], threading.Lock()
    gate = threading.Barrier(4)

    def send() -> None:
        gate.wait()
        for _ in range(20):
            with pace.turn(HOST):
                with lock:
                    inside[0] += 1
                    most[0] = max(most[0], inside[0])
                with lock:
                    inside[0] -= 1

    senders = [threading.Thread(target=send) for _ in range(4)]
    for one in senders:
        one.start()
    for one in senders:
        one.join()
    assert 1 <= most[0] <= 2


def test_a_host_that_fails_again_and_again_is_left_alone_for_longer_each_time_until_it_answers() -> None:
    watch = Watch()
    pace = Pace(now=watch, patience=100.0)
    for _ in range(FAILURES - 1):
        pace.failed(HOST)
    assert _takes(pace)
    pace.failed(HOST)
    with pytest.raises(NotYet) as first, pace.turn(HOST):
        pass
    watch.now = 3.0
    pace.failed(HOST)
    with pytest.raises(NotYet) as second, pace.turn(HOST):
        pass
    assert (first.value.seconds, second.value.seconds) == (2.0, 4.0)
    pace.answered(HOST)
    assert _takes(pace)
    assert _takes(pace, OTHER)
