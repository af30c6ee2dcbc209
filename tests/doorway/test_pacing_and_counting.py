"""Pacing and counting at the public desk: by address, without addresses; nothing counted is lost, nothing twice."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Mapping

import pytest

from saraban.doorway import pacing
from saraban.doorway.pacing import Pace
from saraban.doorway.tally import Tally

HERE, THERE = "203.0.113.7", "198.51.100.9"


class _Time:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> _Time:
    made = _Time()
    monkeypatch.setattr(pacing, "monotonic", made)
    return made


def test_an_address_waits_for_the_rest_of_its_window_and_others_do_not(time: _Time) -> None:
    pace = Pace(2, 60)
    for _ in range(2):
        assert pace.wait(HERE) == 0
        pace.note(HERE)
    time.now += 20

    assert pace.wait(HERE) == 41 and pace.wait(THERE) == 0
    time.now += 41
    assert pace.wait(HERE) == 0


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("::ffff:203.0.113.7", HERE, True),
        (HERE, THERE, False),
        (None, "no address", True),
    ],
)
def test_a_subscriber_is_one_address_of_ipv4_or_one_network_of_ipv6(one: str, other: str, same: bool) -> None:
    pace = Pace(1, 60)
    pace.note(one)

    assert (pace.wait(other) > 0) is same


def test_no_address_stands_in_memory_and_names_change_every_day(time: _Time) -> None:
    pace = Pace(1, 10**9)
    pace.note(HERE)
    (name,) = pace._notes
    time.now += 86_400

    assert HERE.encode() not in name and len(name) == 16
    assert pace.wait(HERE) == 0
    pace.note(HERE)
    assert name not in pace._notes


def test_memory_is_bounded_and_those_who_tried_last_are_remembered(
    time: _Time, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pacing, "_MOST_KEPT", 10)
    pace = Pace(1, 60)
    for number in range(25):
        time.now += 0.1
        pace.note(f"203.0.113.{number}")

    assert len(pace._notes) <= 11
    assert pace.wait("203.0.113.24") > 0


def test_every_count_of_many_threads_is_written_once() -> None:
    written: Counter[str] = Counter()
    tally = Tally(written.update, seconds=0.005)
    threads = [threading.Thread(target=lambda: [tally.add("a") for _ in range(500)]) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    tally.flush()

    assert written == {"a": 4000}


def test_counts_write_themselves_after_a_while() -> None:
    done = threading.Event()
    tally = Tally(lambda _: done.set(), seconds=0.01)
    tally.add("a")

    assert done.wait(5)


def test_what_could_not_be_written_is_written_with_the_next() -> None:
    written: list[dict[str, int]] = []

    def write(counts: Mapping[str, int]) -> None:
        written.append(dict(counts))
        if len(written) == 1:
            raise OSError("the database is away")

    tally = Tally(write, seconds=60)
    tally.add("a")
    tally.flush()
    tally.add("a")
    tally.flush()
    tally.flush()

    assert written == [{"a": 1}, {"a": 2}]
