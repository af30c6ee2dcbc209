"""The frame of the benchmarks: turns, medians, goals and the file that is written."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import pytest

from benchmarks.__main__ import main, names
from benchmarks.frame import Figure, NotMeasured, measure, measure_all, promised, write


class Series:
    """Gives the values of a list in turn, and writes down when it was asked."""

    def __init__(self, name: str, values: list[float], log: list[str]) -> None:
        self.name, self.values, self.log = name, iter(values), log

    def __call__(self) -> float:
        self.log.append(self.name)
        return next(self.values)


def _figure(ours: list[float], theirs: list[float], log: list[str] | None = None) -> Figure:
    log = [] if log is None else log
    product, against = Series("product", [0.0, *ours], log), Series("reference", [0.0, *theirs], log)
    return Figure("numbers", "per second", product, "the bare driver", against, goal=0.5, database="sqlite")


def test_a_figure_is_the_median_of_its_rounds_and_warming_up_does_not_count() -> None:
    row = measure(_figure([30, 40, 50, 60, 900], [100, 100, 100, 1, 100]), rounds=5, machine="a machine")

    assert (row.value, row.reference_value, row.ratio) == (50, 100, 0.5)
    assert row.met


def test_product_and_reference_take_turns_and_take_turns_at_being_first() -> None:
    log: list[str] = []
    measure(_figure([1] * 5, [1] * 5, log), rounds=1, machine="")

    turns = [log[2:][i : i + 2] for i in range(0, 10, 2)]
    assert len(turns) == 5
    assert all(sorted(turn) == ["product", "reference"] for turn in turns)
    assert {turn[0] for turn in turns} == {"product", "reference"}


@pytest.mark.parametrize(("better", "ours", "met"), [("higher", 40, False), ("lower", 40, True), ("lower", 60, False)])
def test_a_goal_is_met_on_the_better_side_only(better: str, ours: float, met: bool) -> None:
    figure = replace(_figure([ours] * 5, [100] * 5), better=better)  # type: ignore[arg-type]

    assert measure(figure, rounds=5, machine="").met is met


def test_a_figure_is_measured_before_the_next_is_asked_for() -> None:
    seen: list[str] = []

    def figures():  # type: ignore[no-untyped-def]
        yield _figure([1] * 5, [1] * 5)
        seen.append("tidied up")
        yield _figure([1] * 5, [1] * 5)

    rows = measure_all(figures(), rounds=5, machine="")
    next(rows)
    assert seen == []
    next(rows)
    assert seen == ["tidied up"]


def test_the_file_has_the_members_that_others_read(tmp_path: Path) -> None:
    target = tmp_path / "var" / "bench.json"
    write([measure(_figure([50] * 5, [100] * 5), rounds=5, machine="2 cores")], target)

    assert json.loads(target.read_text()) == [
        {
            "name": "numbers",
            "database": "sqlite",
            "value": 50,
            "unit": "per second",
            "reference": "the bare driver",
            "reference_value": 100,
            "ratio": 0.5,
            "goal": 0.5,
            "better": "higher",
            "met": True,
            "machine": "2 cores",
        }
    ]
    assert list(target.parent.iterdir()) == [target]


def test_an_unknown_name_is_refused_with_the_names_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main(["no-such-figure"])

    assert end.value.code == 2
    assert "no benchmark named no-such-figure" in capsys.readouterr().err


def test_the_frame_itself_is_not_taken_for_a_benchmark() -> None:
    measured = [
        "boards",
        "circular",
        "desk_batch",
        "desk_list",
        "intake",
        "issuing",
        "letterpage",
        "lists",
        "numbers",
        "pages",
        "printing",
        "register",
        "relay",
        "search",
        "signing",
        "suggestions",
        "verification",
    ]
    assert names() == measured


def test_what_cannot_be_measured_is_told_and_keeps_no_other_figure_away(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def figures(_size: int, _databases: object):  # type: ignore[no-untyped-def]
        yield _figure([50] * 5, [100] * 5)
        raise NotMeasured("the other program is not here")

    made = ModuleType("benchmarks.made_up")
    made.SIZE, made.figures = 1, figures  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "benchmarks.made_up", made)
    monkeypatch.setattr("benchmarks.__main__.names", lambda: ["made_up"])

    ended = main(["made_up", "--database", "sqlite", "--into", str(tmp_path / "bench.json")])

    assert ended == 0
    assert len(json.loads((tmp_path / "bench.json").read_text())) == 1
    assert "NOT MEASURED: made_up: the other program is not here" in capsys.readouterr().out


def test_a_promised_value_is_its_own_reference() -> None:
    assert measure(replace(_figure([250] * 5, []), against=promised(200.0)), rounds=5, machine="").ratio == 1.25
