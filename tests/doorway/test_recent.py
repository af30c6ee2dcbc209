"""Answers that many ask for at once: how long they are given again, how many are kept, and what is never kept."""

from __future__ import annotations

from pathlib import Path

import pytest

import config
from saraban.doorway import recent
from saraban.doorway.recent import Recent
from saraban.settings import SettingsError


class Clock:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(recent, "monotonic", made)
    return made


def test_an_answer_is_given_again_until_it_is_too_old(clock: Clock) -> None:
    answers = Recent[str](5.0, 10)
    assert answers.given("a", lambda: "first") == "first"
    clock.now += 4.9
    assert answers.given("a", lambda: "second") == "first"
    clock.now += 0.1
    assert answers.given("a", lambda: "third") == "third"


def test_it_grows_old_from_before_it_was_made(clock: Clock) -> None:
    answers = Recent[str](5.0, 10)

    def slowly() -> str:
        clock.now += 3
        return "slow"

    answers.given("a", slowly)
    clock.now += 2
    assert answers.given("a", lambda: "new") == "new"


def test_nothing_found_is_looked_for_every_time_and_none_is_kept_with_no_seconds(clock: Clock) -> None:
    answers, never = Recent[str](5.0, 10), Recent[str](0.0, 10)
    asked: list[str] = []

    def looked(word: str, answer: str | None) -> str | None:
        asked.append(word)
        return answer

    for _ in range(2):
        assert answers.given("a", lambda: looked("nothing", None)) is None
        assert never.given("b", lambda: looked("never", "told")) == "told"
    assert asked == ["nothing", "never"] * 2


def test_no_more_than_so_many_are_kept_and_none_that_is_over(clock: Clock) -> None:
    answers = Recent[str](5.0, 3)
    for key in "abcd":
        answers.given(key, lambda: "old")
    assert [answers.given(key, lambda: "new") for key in "bcd"] == ["old"] * 3
    assert answers.given("a", lambda: "new") == "new"
    clock.now += 5
    answers.given("e", lambda: "old")
    assert len(answers) == 1


def test_the_environment_names_the_seconds_which_stay_well_below_those_of_caches(tmp_path: Path) -> None:
    environ = {"SARABAN_DATA": str(tmp_path), "SARABAN_SECRET_KEY": "s" * 40, "SARABAN_MASTER_KEY": "m" * 40}

    def told(seconds: str) -> float:
        return config.load(environ | {"SARABAN_PUBLIC_ANSWER_SECONDS": seconds}).public_answer_seconds

    assert config.load(environ).public_answer_seconds == 5
    assert (told("0"), told("2.5"), told("15")) == (0, 2.5, 15)
    for wrong in ("-1", "15.1", "nan"):
        with pytest.raises(SettingsError, match="SARABAN_PUBLIC_ANSWER_SECONDS"):
            told(wrong)
