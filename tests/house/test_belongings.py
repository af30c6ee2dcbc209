"""What belongs into the checkout and what does not: pins that agree, and no trace of the machine it was written on."""

from __future__ import annotations

import configparser
import os
import re
import subprocess
from importlib.metadata import version
from pathlib import Path

import pytest

from tests.house.source import ROOT, project_files

# Written in pieces, so that this file does not find itself.
_TRACES = re.compile(
    rb"(?<![\w./:-])/(?:work|root|opt/pypi[\w-]*)/"
    rb"|/tmp/" + rb"brief"
    rb"|(?:--|\b)(?:extra-)?index-url\s*[= ]\s*\S*//"
    rb"|\bfind-links\s*[= ]\s*\S*/"
    rb"|\bregistry\s*=\s*\S*//"
    rb"|\b(?:PIP|NPM_CONFIG|UV)_[A-Z_]*(?:INDEX|REGISTRY)[A-Z_]*=\S*//"
)


def _traces(text: bytes) -> list[str]:
    return [found.group().decode(errors="replace") for found in _TRACES.finditer(text)]


def test_no_file_carries_paths_or_registries_of_the_machine_it_was_written_on() -> None:
    found = {}
    for path in project_files():
        data = path.read_bytes()
        if b"\0" not in data[:4096] and (traces := _traces(data)):
            found[path.relative_to(ROOT).as_posix()] = traces

    assert found == {}


@pytest.mark.parametrize(
    "text",
    [
        "see /" + "work/notes/plan.md",
        "open('/" + "root/key.pem')",
        "pip install --extra-index" + "-url https://mirror.example/simple x",
        "registry" + "=https://npm.example/",
    ],
)
def test_a_trace_of_the_machine_is_noticed(text: str) -> None:
    assert _traces(text.encode()) != []


def test_an_ordinary_address_or_path_is_no_trace() -> None:
    assert _traces(b"https://www.rfc-editor.org/work/in/progress frame" + b"work/ tests/work/") == []


def _pins() -> dict[str, str]:
    config = configparser.ConfigParser()
    config.read(ROOT / "setup.cfg", encoding="utf-8")
    lines = config["options"]["install_requires"] + "\n" + config["options.extras_require"]["dev"]
    wanted = [line.strip() for line in lines.splitlines() if line.strip() and not line.strip().startswith("#")]
    split = [re.fullmatch(r"([\w.-]+)(?:\[[\w,]+\])?==([\w.]+)", line) for line in wanted]
    assert [line for line, found in zip(wanted, split, strict=True) if found is None] == [], "not pinned"
    return {found.group(1): found.group(2) for found in split if found}


def _constraints() -> dict[str, str]:
    lines = (ROOT / ".ci" / "constraints.txt").read_text().splitlines()
    return {_plain(line.split("==")[0]): line.split("==")[1] for line in lines if "==" in line}


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def test_every_library_is_pinned_and_is_the_one_that_is_installed() -> None:
    assert {name: version(name) for name in _pins()} == _pins()


def test_the_pins_and_the_constraints_of_the_environment_agree() -> None:
    pins = {_plain(name): number for name, number in _pins().items()}

    assert {name: _constraints().get(name) for name in pins} == pins


@pytest.mark.parametrize("script", sorted(path.name for path in (ROOT / ".ci").iterdir() if path.suffix == ""))
def test_every_script_of_the_build_is_bash_that_can_be_run(script: str) -> None:
    path = ROOT / ".ci" / script

    assert os.access(path, os.X_OK)
    assert subprocess.run(["bash", "-n", str(path)], capture_output=True, text=True).stderr == ""


def test_the_tally_is_given_to_pytest_in_one_word() -> None:
    # As two words, pytest takes a file that is there already for a path to collect, and then knows no --tally.
    calls = [
        line for line in (ROOT / ".ci" / "tests").read_text().splitlines() if "pytest " in line and "tally" in line
    ]

    assert len(calls) == 2
    assert all("--tally=" in line for line in calls)


def test_provision_says_loudly_what_is_missing_when_it_may_not_install(tmp_path: Path) -> None:
    bash = subprocess.run(["bash", "-c", "command -v bash"], capture_output=True, text=True, check=True).stdout.strip()
    (tmp_path / "id").write_text(f"#!{bash}\necho 1000\n")
    (tmp_path / "id").chmod(0o755)

    told = subprocess.run(
        [bash, str(ROOT / ".ci" / "provision")], env={"PATH": str(tmp_path)}, capture_output=True, text=True, timeout=30
    )

    assert told.returncode == 0
    assert "SOME TESTS WILL BE SKIPPED" in told.stdout
    assert "without chromium: all tests of the screens in a browser" in told.stdout
    assert re.search(r"sudo apt-get install --no-install-recommends .*chromium", told.stdout)
