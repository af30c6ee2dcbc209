"""The source of the house, as the house tests read it: files and their syntax trees."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class SourceFile:
    """A Python file: its path from the top of the checkout, its text and its syntax tree."""

    path: str
    text: str
    tree: ast.Module

    def calls(self) -> Iterator[ast.Call]:
        """Every call in the file."""
        return (node for node in ast.walk(self.tree) if isinstance(node, ast.Call))


@cache
def python_files(room: str) -> tuple[SourceFile, ...]:
    """All Python files under a folder of the checkout, by path."""
    return tuple(
        read(path) for path in sorted((ROOT / room).rglob("*.py")) if "__pycache__" not in path.relative_to(ROOT).parts
    )


def read(path: Path) -> SourceFile:
    """Read one file."""
    text = path.read_text(encoding="utf-8")
    return SourceFile(path.relative_to(ROOT).as_posix(), text, ast.parse(text, filename=str(path)))


def parse(text: str, path: str = "saraban/domain/made_up.py") -> SourceFile:
    """A file that exists only in a test."""
    return SourceFile(path, text, ast.parse(text))


@cache
def project_files() -> tuple[Path, ...]:
    """Every file that is, or would be, under version control: what git knows and what it does not ignore."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=ROOT, capture_output=True
    )
    if listed.returncode != 0:
        pytest.skip("this is no git checkout (or git is missing): apt-get install git, and run in a clone")
    paths = (ROOT / name for name in listed.stdout.decode().split("\0") if name)
    return tuple(sorted({path for path in paths if path.is_file()}))
