"""The end of a test run: how long each folder took, and which tests did not run and why.

`make test` runs pytest twice, side by side and one by one; with `--tally FILE` each run adds itself to the file and
reports the sum. This module is a pytest plugin and is loaded by `tests/conftest.py`.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import pytest


@dataclass
class Tally:
    """What was counted: seconds and outcomes by folder, and the skipped tests with their reasons."""

    seconds: dict[str, float] = field(default_factory=dict)
    outcomes: dict[str, dict[str, int]] = field(default_factory=dict)
    skipped: dict[str, str] = field(default_factory=dict)
    failed: list[str] = field(default_factory=list)

    def spend(self, folder: str, seconds: float) -> None:
        """Add time to a folder."""
        self.seconds[folder] = self.seconds.get(folder, 0.0) + seconds

    def count(self, folder: str, outcome: str) -> None:
        """Count one test of a folder."""
        row = self.outcomes.setdefault(folder, {})
        row[outcome] = row.get(outcome, 0) + 1

    def add(self, earlier: dict[str, Any]) -> None:
        """Add what an earlier run has counted."""
        for folder, seconds in earlier["seconds"].items():
            self.spend(folder, seconds)
        for folder, row in earlier["outcomes"].items():
            ours = self.outcomes.setdefault(folder, {})
            for outcome, number in row.items():
                ours[outcome] = ours.get(outcome, 0) + number
        self.skipped = earlier["skipped"] | self.skipped
        self.failed = earlier["failed"] + self.failed


def folder_of(nodeid: str) -> str:
    """The folder of a test, "tests/domain" for "tests/domain/test_letter.py::test_…"."""
    parts = nodeid.split("::")[0].split("/")
    return "/".join(parts[:2]) if len(parts) > 2 else parts[0]


class Report:
    """Listens to the run and writes the summary."""

    def __init__(self, tally_file: Path | None) -> None:
        """Report this run, and the sum with earlier ones when a file to keep it in is given."""
        self.tally = Tally()
        self.file = tally_file

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Count a phase of a test."""
        folder = folder_of(report.nodeid)
        self.tally.spend(folder, report.duration)
        if report.failed:
            self.tally.failed.append(report.nodeid)
            self.tally.count(folder, "failed")
        elif report.skipped:
            self._skip(report.nodeid, report.longrepr, getattr(report, "wasxfail", ""))
            self.tally.count(folder, "skipped")
        elif report.when == "call":
            self.tally.count(folder, "passed")

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Count a file that was skipped as a whole, or could not be read."""
        if report.skipped:
            self._skip(report.nodeid, report.longrepr, "")
            self.tally.count(folder_of(report.nodeid), "skipped")
        elif report.failed:
            self.tally.failed.append(report.nodeid)
            self.tally.count(folder_of(report.nodeid), "failed")

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Write time by folder and the loud list of what did not run."""
        tally = self.tally
        if self.file is not None:
            if self.file.exists():
                tally.add(json.loads(self.file.read_text(encoding="utf-8")))
            self.file.parent.mkdir(parents=True, exist_ok=True)
            self.file.write_text(json.dumps(asdict(tally), ensure_ascii=False), encoding="utf-8")
        terminalreporter.section("time by folder")
        for folder, seconds in sorted(tally.seconds.items(), key=lambda row: -row[1]):
            row = tally.outcomes.get(folder, {})
            counts = ", ".join(f"{number} {outcome}" for outcome, number in sorted(row.items()))
            terminalreporter.line(f"{seconds:8.1f} s  {folder:<24} {counts}")
        if tally.skipped:
            terminalreporter.section(f"DID NOT RUN: {len(tally.skipped)} skipped", sep="!", red=True, bold=True)
            for nodeid, reason in sorted(tally.skipped.items()):
                terminalreporter.line(f"SKIPPED {nodeid}\n        because {reason}")
        if self.file is not None and tally.failed:
            terminalreporter.section(f"FAILED: {len(tally.failed)}", sep="!", red=True, bold=True)
            for nodeid in tally.failed:
                terminalreporter.line(nodeid)

    def _skip(self, nodeid: str, longrepr: object, expected_failure: str) -> None:
        if expected_failure:
            reason = f"it is expected to fail: {expected_failure}"
        elif isinstance(longrepr, tuple):
            reason = str(longrepr[2]).removeprefix("Skipped: ")
        else:
            reason = str(longrepr)
        self.tally.skipped[nodeid] = reason


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--tally`, the file in which several runs are summed."""
    parser.addoption("--tally", type=Path, default=None, help="add this run to the sums in FILE and report the sums")


def pytest_configure(config: pytest.Config) -> None:
    """Report from the controlling process only."""
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(Report(config.getoption("--tally")), "saraban-report")
