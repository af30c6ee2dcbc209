"""How figures are measured: product and reference in turns, medians, and the row that is written down."""

from __future__ import annotations

import json
import os
import platform
import statistics
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from time import perf_counter
from typing import Literal

LEAST_ROUNDS = 5


class NotMeasured(Exception):
    """A program that a figure needs is not here; the words say which and how to get it. A benchmark raises it after the
    figures that can be measured."""


@dataclass(frozen=True)
class Figure:
    """One thing to measure. `product` and `against` each do one round and return its value in `unit`.

    `goal` is a ratio, value / reference value: at least that much where higher is better, at most that much where lower
    is. `database` is empty where none is involved.
    """

    name: str
    unit: str
    product: Callable[[], float]
    reference: str
    against: Callable[[], float]
    goal: float
    better: Literal["higher", "lower"] = "higher"
    database: str = ""


@dataclass(frozen=True)
class Row:
    """A measured figure, as it stands in var/bench.json."""

    name: str
    database: str
    value: float
    unit: str
    reference: str
    reference_value: float
    ratio: float
    goal: float
    better: str
    met: bool
    machine: str


def measure(figure: Figure, *, rounds: int, machine: str) -> Row:
    """The medians of that many rounds (at least five) after a round of warming up.

    Product and reference take turns, and take turns at being first, so that what else the machine does falls on both.
    """
    figure.against()
    figure.product()
    ours: list[float] = []
    theirs: list[float] = []
    for turn in range(max(rounds, LEAST_ROUNDS)):
        pair = [(ours, figure.product), (theirs, figure.against)]
        for values, run in pair if turn % 2 else reversed(pair):
            values.append(run())
    value, reference_value = statistics.median(ours), statistics.median(theirs)
    ratio = value / reference_value
    met = ratio >= figure.goal if figure.better == "higher" else ratio <= figure.goal
    return Row(
        name=figure.name,
        database=figure.database,
        value=_rounded(value),
        unit=figure.unit,
        reference=figure.reference,
        reference_value=_rounded(reference_value),
        ratio=_rounded(ratio),
        goal=figure.goal,
        better=figure.better,
        met=met,
        machine=machine,
    )


def measure_all(figures: Iterable[Figure], *, rounds: int, machine: str) -> Iterator[Row]:
    """The row of each figure, measured before the next figure is asked for."""
    for figure in figures:
        yield measure(figure, rounds=rounds, machine=machine)


def per_second(count: int, work: Callable[[], object]) -> float:
    """How many a second, when `work` does `count` of them."""
    return count / seconds(work)


def promised(value: float) -> Callable[[], float]:
    """The reference where a fixed value is promised and not a part of what the machine can do: the ratio is then how
    many times the promise is kept."""
    return lambda: value


def seconds(work: Callable[[], object]) -> float:
    """How long `work` takes."""
    begin = perf_counter()
    work()
    return perf_counter() - begin


def write(rows: Iterable[Row], target: Path) -> None:
    """Write the rows as JSON, whole or not at all."""
    target.parent.mkdir(parents=True, exist_ok=True)
    making = target.with_suffix(".making")
    making.write_text(json.dumps([asdict(row) for row in rows], ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    making.replace(target)


def line(row: Row) -> str:
    """The row as a line of the table."""
    sign = "≥" if row.better == "higher" else "≤"
    return (
        f"{row.name:<26} {row.database:<11} {row.value:>11,.4g} {row.unit:<10} {row.reference_value:>11,.4g} "
        f"{row.reference:<28} {row.ratio:>7.3f} {sign} {row.goal:<6g} {'met' if row.met else 'NOT MET'}"
    )


HEADING = (
    f"{'figure':<26} {'database':<11} {'value':>11} {'unit':<10} {'reference':>11} {'of':<28} "
    f"{'ratio':>7}   {'goal':<6}"
)


def this_machine() -> str:
    """Cores, processor, memory, system and Python in a line."""
    cores = len(os.sched_getaffinity(0))
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    processor = platform.machine()
    described = Path("/proc/cpuinfo")
    if described.exists():
        models = [text for text in described.read_text().splitlines() if text.startswith("model name")]
        if models:
            processor = models[0].split(":", 1)[1].strip()
    system = f"{platform.system()} {platform.release()}"
    return f"{cores} cores, {processor}, {memory:.0f} GiB, {system}, Python {platform.python_version()}"


def _rounded(value: float) -> float:
    return float(f"{value:.5g}")
