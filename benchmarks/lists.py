"""Lists of a long register against those of a short one: a page, a number, words, filters; each in its own database.

The reference is the same question asked of a register of ten thousand lines in the same round: what a list costs must
not grow with the book. `--size 1000000` asks for a million lines.
"""

from __future__ import annotations

import random
import statistics
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from functools import partial
from time import perf_counter

from benchmarks.databases import Databases
from benchmarks.frame import Figure
from benchmarks.lines import FREQUENT, HEAD, RARE, fill
from benchmarks.town import RECEIVER, Town, founded
from saraban.domain.calendar import RegisterYear, office_date
from saraban.domain.classification import Urgency
from saraban.domain.register import BookKind, EntryState
from saraban.reading import registers, search
from saraban.reading.paging import write_cursor
from saraban.reading.register_filters import Filters

SIZE = 200_000
"""How many lines the long register has; the short one has ten thousand."""
ROUNDS = 9
SHORT = 10_000
ASKED = 25
GOAL = 1.3
_YEAR = RegisterYear.containing(datetime.now(UTC)).buddhist
Asks = Callable[[int], Filters]


def _whole_number(lines: int) -> Filters:
    return Filters(q=f"{HEAD}{random.randint(1, lines)}")


def _a_day(lines: int) -> Filters:
    """The letters of a day that lies in the older half of what both registers hold."""
    day = office_date(datetime.now(UTC)) - timedelta(days=min(5, SHORT // 3_000))
    return Filters(dated_from=day, dated_to=day)


QUESTIONS: dict[str, Asks] = {
    "a page": lambda _lines: Filters(),
    "a letter number": _whole_number,
    "a rare word": lambda _lines: Filters(q=RARE),
    "a frequent word": lambda _lines: Filters(q=FREQUENT),
    "the void": lambda _lines: Filters(state=EntryState.VOID),
    "the most urgent": lambda _lines: Filters(urgency=Urgency.MOST_URGENT),
    "a day's letters": _a_day,
}


def figures(size: int, databases: Databases) -> Iterator[Figure]:
    """Every question, and the search over all books by a whole number, in milliseconds."""
    for kind in databases.kinds:
        with ExitStack() as stack:
            long, short = (stack.enter_context(founded(stack.enter_context(databases.migrated(kind)))) for _ in "ab")
            fill(long, RECEIVER, size)
            fill(short, RECEIVER, SHORT)
            for name, asks in QUESTIONS.items():
                yield Figure(
                    name=f"list, {name}, {size:,}",
                    unit="ms",
                    product=partial(_listed, long, asks, size),
                    reference=f"{SHORT:,} lines",
                    against=partial(_listed, short, asks, SHORT),
                    goal=GOAL,
                    better="lower",
                    database=kind,
                )
            yield Figure(
                name=f"search everywhere, {size:,}",
                unit="ms",
                product=partial(_searched, long, size),
                reference=f"{SHORT:,} lines",
                against=partial(_searched, short, SHORT),
                goal=GOAL,
                better="lower",
                database=kind,
            )


def _listed(town: Town, asks: Asks, lines: int) -> float:
    """Milliseconds in which a list answers, the middle of many; pages are asked for anywhere in the book."""
    times = []
    with town.office.reading.connect() as reader:
        for _ in range(ASKED):
            asked = asks(lines)
            cursor = None if asked.on else write_cursor(random.randint(min(60, lines), lines))
            begin = perf_counter()
            page = registers.entries(
                reader, town.clerk, kind=BookKind.RECEIVING, year=_YEAR, filters=asked, cursor=cursor
            )
            times.append(perf_counter() - begin)
            if not page.items:
                raise RuntimeError(f"nothing was found of {asked}")
    return statistics.median(times) * 1000


def _searched(town: Town, lines: int) -> float:
    """Milliseconds of the search over everything for a whole letter number."""
    times = []
    with town.office.reading.connect() as reader:
        for _ in range(ASKED):
            number = f"{HEAD}{random.randint(1, lines)}"
            begin = perf_counter()
            found = search.search(reader, town.clerk, number)
            times.append(perf_counter() - begin)
            if number not in [hit.number for hit in found]:
                raise RuntimeError(f"{number} was not found")
    return statistics.median(times) * 1000
