"""The end of a test run: what tests/reporting.py tells."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.house.source import ROOT

TESTS = """
import pytest

def test_that_passes(): pass

@pytest.mark.skipif(True, reason="there is no post office: apt-get install postfix")
def test_that_cannot_run(): pass
"""


def _run(folder: Path, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "tests.reporting", "-p", "no:cacheprovider", *arguments],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    return done.stdout + done.stderr


def _two_folders(tmp_path: Path) -> None:
    (tmp_path / "pytest.ini").write_text("[pytest]\naddopts = --import-mode=importlib\n")
    for name in ("post", "desk"):
        (tmp_path / "checks" / name).mkdir(parents=True)
        (tmp_path / "checks" / name / "test_it.py").write_text(TESTS)


def test_the_end_of_a_run_names_every_skipped_test_with_its_reason(tmp_path: Path) -> None:
    _two_folders(tmp_path)

    told = _run(tmp_path, "checks/post")

    assert "DID NOT RUN: 1 skipped" in told
    assert "SKIPPED checks/post/test_it.py::test_that_cannot_run" in told
    assert "because there is no post office: apt-get install postfix" in told


def test_a_file_that_is_skipped_as_a_whole_is_named_too(tmp_path: Path) -> None:
    (tmp_path / "test_whole.py").write_text("import pytest\npytest.skip('no browser here', allow_module_level=True)\n")

    assert "because no browser here" in _run(tmp_path, "test_whole.py")


def test_two_runs_are_added_up_in_one_tally(tmp_path: Path) -> None:
    _two_folders(tmp_path)
    tally = tmp_path / "sums" / "tests.json"

    _run(tmp_path, "checks/post", "--tally", str(tally))
    told = _run(tmp_path, "checks/desk", "--tally", str(tally))

    sums = json.loads(tally.read_text())
    assert sums["outcomes"] == {name: {"passed": 1, "skipped": 1} for name in ("checks/post", "checks/desk")}
    assert "checks/post" in told and "checks/desk" in told
    assert "DID NOT RUN: 2 skipped" in told


def test_failures_of_an_earlier_run_are_named_again_at_the_end(tmp_path: Path) -> None:
    _two_folders(tmp_path)
    (tmp_path / "checks" / "post" / "test_it.py").write_text("def test_that_fails(): assert 1 == 2\n")
    tally = tmp_path / "tests.json"

    _run(tmp_path, "checks/post", "--tally", str(tally))
    told = _run(tmp_path, "checks/desk", "--tally", str(tally))

    assert "FAILED: 1" in told
    assert "checks/post/test_it.py::test_that_fails" in told
