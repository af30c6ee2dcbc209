"""Which room may enter which: the contracts of setup.cfg hold, and they are not toothless."""

from __future__ import annotations

import configparser
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.source import ROOT

# A wrong import for each contract: the file in which it stands, the import, and the contract that must notice it.
WRONG_IMPORTS = [
    ("saraban/domain/letter_of_the_test.py", "import saraban.exchange", "Imports only go downstairs"),
    ("saraban/mail/letter_of_the_test.py", "import saraban.storage", "Imports only go downstairs"),
    ("saraban/cli/letter_of_the_test.py", "import saraban.crypto", "Doors reach equipment only through use cases"),
    ("saraban/reading/letter_of_the_test.py", "import saraban.storage.one_of_the_test", "Reading sees tables and"),
    ("saraban/usecases/one_of_the_test.py", "import saraban.usecases.two_of_the_test", "Use cases do not call"),
]


def _lint(folder: Path) -> subprocess.CompletedProcess[str]:
    program = "import sys; from importlinter.cli import lint_imports_command; sys.exit(lint_imports_command())"
    return subprocess.run(
        [sys.executable, "-c", program, "--no-cache", "--config", "setup.cfg"],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(folder), "COLUMNS": "200"},
        capture_output=True,
        text=True,
        timeout=120,
    )


def _contract(name: str) -> dict[str, list[str]]:
    config = configparser.ConfigParser()
    config.read(ROOT / "setup.cfg", encoding="utf-8")
    section = config[f"importlinter:contract:{name}"]
    return {key: [line.strip() for line in value.splitlines() if line.strip()] for key, value in section.items()}


def _rooms_in_contracts() -> set[str]:
    listed = [*_contract("doors")["source_modules"], *_contract("doors")["forbidden_modules"]]
    listed += [*_contract("reading")["source_modules"], *_contract("settings")["source_modules"]]
    return {module.split(".")[1] for module in listed}


def test_the_contracts_between_the_rooms_hold() -> None:
    done = _lint(ROOT)

    assert done.returncode == 0, done.stdout + done.stderr


def test_a_wrong_import_breaks_its_contract(tmp_path: Path) -> None:
    house = tmp_path / "house"
    shutil.copytree(ROOT / "saraban", house / "saraban", ignore=shutil.ignore_patterns("static", "fonts", "data"))
    shutil.copy(ROOT / "setup.cfg", house)
    for room in _rooms_in_contracts():
        place = house / "saraban" / room
        if not place.with_suffix(".py").exists():
            place.mkdir(exist_ok=True)
            if not (place / "__init__.py").exists():
                (place / "__init__.py").write_text('"""A room that has yet to be furnished."""\n')
    for path in ("saraban/usecases/two_of_the_test.py", "saraban/storage/one_of_the_test.py"):
        (house / path).write_text('"""Made by a test."""\n')
    for path, statement, _ in WRONG_IMPORTS:
        (house / path).write_text(f'"""Made by a test."""\n\n{statement}\n')

    told = _lint(house).stdout

    if "Contracts:" not in told:
        pytest.fail(told)
    for path, _, contract in WRONG_IMPORTS:
        broken = [line for line in told.splitlines() if line.startswith(contract) and " BROKEN" in line]
        assert broken, f"{contract} did not notice {path}:\n{told}"
        assert path.removesuffix(".py").replace("/", ".") in told


def test_every_door_is_under_the_contract_of_the_doors() -> None:
    floors = [[room.strip(" ()") for room in floor.split("|")] for floor in _contract("floors")["layers"]]
    doors = next(floor for floor in floors if "web" in floor)
    there = {f"saraban.{door}" for door in doors if any((ROOT / "saraban" / door).glob("*.py"))}
    there |= {f"saraban.{door}" for door in doors if (ROOT / "saraban" / f"{door}.py").exists()}

    assert there <= set(_contract("doors")["source_modules"])
