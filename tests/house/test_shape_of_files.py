"""Names and lengths of files: a file is named for what is in it, and is about one thing."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from tests.house.source import ROOT, python_files

# Names that say nothing about what is inside.
SILENT_NAMES = {"utils", "util", "helpers", "helper", "common", "manager", "managers", "misc", "base", "lib", "stuff"}

LONGEST = 400

# Files that are longer, each with the reason why it is one thing.
LONGER_FOR_A_REASON: dict[str, str] = {}


def _silent(path: str) -> bool:
    pure = PurePosixPath(path)
    words = {pure.stem, *(pure.stem.split("_"))} | set(pure.parts[:-1])
    return bool(words & SILENT_NAMES)


def test_no_file_has_a_name_that_says_nothing() -> None:
    rooms = ("saraban", "tests", "benchmarks", "migrations")

    assert [file.path for room in rooms for file in python_files(room) if _silent(file.path)] == []


def test_a_silent_name_is_noticed_anywhere_in_a_path() -> None:
    assert _silent("saraban/web/utils.py")
    assert _silent("saraban/common/thai.py")
    assert _silent("saraban/storage/session_manager.py")
    assert not _silent("saraban/domain/baseline.py")


def test_no_file_is_longer_than_400_lines_without_a_reason() -> None:
    long = {file.path: lines for file in python_files("saraban") if (lines := file.text.count("\n")) > LONGEST}

    assert {path: lines for path, lines in long.items() if path not in LONGER_FOR_A_REASON} == {}
    assert [path for path in LONGER_FOR_A_REASON if path not in long] == [], "these are short by now: drop the reason"


def test_migrations_are_numbered_in_one_unbroken_chain() -> None:
    files = sorted((ROOT / "migrations" / "versions").glob("*.py"))
    previous = None
    for place, path in enumerate(files, start=1):
        assert re.fullmatch(rf"{place:04d}_[a-z0-9_]+\.py", path.name), f"{path.name} is not number {place:04d}"
        text = path.read_text(encoding="utf-8")
        revision = _named(text, "revision")
        assert revision in (path.stem, path.stem[:4]), f"{path.name} calls itself {revision}"
        assert _named(text, "down_revision") == previous, f"{path.name} does not follow {previous}"
        assert text.lstrip().startswith('"""'), f"{path.name} does not say why"
        previous = revision


def _named(text: str, name: str) -> str | None:
    found = re.search(rf"^{name}\b[^=\n]*=\s*(.+?)\s*(?:#.*)?$", text, re.MULTILINE)
    assert found, f"{name} is not given"
    return None if found.group(1) == "None" else found.group(1).strip("\"'")
