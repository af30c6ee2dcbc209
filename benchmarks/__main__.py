"""`python -m benchmarks [NAME ...]`: measure all figures, or those of the named modules, into var/bench.json."""

from __future__ import annotations

import argparse
import importlib
import pkgutil
import sys
import traceback
from pathlib import Path

import benchmarks
from benchmarks.databases import Databases
from benchmarks.frame import HEADING, LEAST_ROUNDS, NotMeasured, Row, line, measure_all, this_machine, write

FRAME = {"__main__", "frame", "databases", "town", "letters", "lines", "desks", "bare_page", "bare_smtp"}
FRAME |= {"clients", "writers", "year", "many_letters"}


def names() -> list[str]:
    """The names of all benchmarks: the modules of this package that are not its frame."""
    return sorted(module.name for module in pkgutil.iter_modules(benchmarks.__path__) if module.name not in FRAME)


def main(arguments: list[str] | None = None) -> int:
    """Measure and write. 0 when everything could be measured, also where a goal was missed; the file tells which."""
    known = names()
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"one of: {', '.join(known) or 'none yet'}")
    parser.add_argument("--size", type=int, help="instead of the benchmark's own size")
    parser.add_argument("--rounds", type=int, help=f"instead of the benchmark's own, at least {LEAST_ROUNDS}")
    parser.add_argument("--database", choices=["sqlite", "postgresql"], help="with this kind only")
    parser.add_argument("--into", type=Path, default=Path("var/bench.json"), help="where to write (var/bench.json)")
    wish = parser.parse_args(arguments)
    unknown = sorted(set(wish.names) - set(known))
    if unknown:
        parser.error(f"no benchmark named {', '.join(unknown)}; there are: {', '.join(known) or 'none yet'}")

    machine = this_machine()
    print(f"{machine}\n\n{HEADING}", flush=True)
    databases = Databases((wish.database,)) if wish.database else Databases()
    if databases.missing:
        print(f"!!! nothing is measured with PostgreSQL: {databases.missing}", file=sys.stderr)
    rows: list[Row] = []
    broken: list[str] = []
    absent = [f"everything with PostgreSQL: {databases.missing}"] if databases.missing else []
    try:
        for name in wish.names or known:
            try:
                module = importlib.import_module(f"benchmarks.{name}")
                rounds = wish.rounds or getattr(module, "ROUNDS", LEAST_ROUNDS)
                figures = module.figures(wish.size or module.SIZE, databases)
                for row in measure_all(figures, rounds=rounds, machine=machine):
                    rows.append(row)
                    print(line(row), flush=True)
                    write(rows, wish.into)
            except NotMeasured as reason:
                print(f"!!! NOT MEASURED in {name}: {reason}", file=sys.stderr, flush=True)
                absent.append(f"{name}: {reason}")
            except Exception:
                # One figure that breaks must not cost the others; it is told at the end and by the exit code.
                traceback.print_exc()
                broken.append(name)
    finally:
        databases.close()
    write(rows, wish.into)
    missed = [f"{row.name} ({row.database})" if row.database else row.name for row in rows if not row.met]
    print(f"\n{len(rows)} figures in {wish.into}; goals missed: {', '.join(missed) or 'none'}")
    for what in absent:
        print(f"NOT MEASURED: {what}")
    if broken:
        print(f"COULD NOT BE MEASURED: {', '.join(broken)}")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
