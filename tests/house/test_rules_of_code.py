"""Rules of the house that can be read from the code: where commits stand, who looks at the clock, what is explained."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator

import pytest

from tests.house.source import SourceFile, parse, python_files

# --- commits -----------------------------------------------------------------------------------------------------


def _commits(file: SourceFile) -> list[str]:
    return [
        f"{file.path}:{call.lineno}"
        for call in file.calls()
        if isinstance(call.func, ast.Attribute) and call.func.attr == "commit"
    ]


def test_commits_stand_in_use_cases_and_in_the_unit_of_work_only() -> None:
    allowed = ("saraban/usecases/", "saraban/storage/unit_of_work.py")

    assert [
        place for file in python_files("saraban") if not file.path.startswith(allowed) for place in _commits(file)
    ] == []


def test_a_commit_is_noticed() -> None:
    assert _commits(parse("def f(s):\n    s.session.commit()")) == ["saraban/domain/made_up.py:2"]


# --- the clock ---------------------------------------------------------------------------------------------------

# Doors, and the clock that the composition root hands in, may look at the time. Everybody else is given it.
MAY_LOOK_AT_THE_CLOCK = (
    "saraban/bootstrap.py",
    "saraban/jobs.py",
    "saraban/web/",
    "saraban/api/",
    "saraban/cli/",
    "saraban/conformance/",
)
_OF_DATES = {"now", "utcnow", "today"}
_OF_TIME = {"time", "time_ns", "localtime", "gmtime", "ctime", "asctime"}
_OF_MAIL = {"formatdate", "localtime"}


def _looks_at_the_clock(file: SourceFile) -> Iterator[str]:
    imported: dict[str, str] = {}
    for node in ast.walk(file.tree):
        if isinstance(node, ast.ImportFrom) and node.module in {"time", "email.utils"}:
            imported |= {alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.Import):
            imported |= {alias.asname or alias.name: alias.name for alias in node.names}
    for node in ast.walk(file.tree):
        if isinstance(node, ast.Attribute):
            owner = ast.unparse(node.value)
            last = owner.rsplit(".", 1)[-1]
            if node.attr in _OF_DATES and last in {"datetime", "date"}:
                yield f"{file.path}:{node.lineno} {owner}.{node.attr}"
            if node.attr in _OF_TIME and imported.get(owner) == "time":
                yield f"{file.path}:{node.lineno} {owner}.{node.attr}"
        if isinstance(node, ast.Call):
            name = ast.unparse(node.func)
            full = imported.get(name, name)
            if full in {f"time.{word}" for word in _OF_TIME} and "." not in name:
                yield f"{file.path}:{node.lineno} {name}()"
            if full in {f"email.utils.{word}" for word in _OF_MAIL} and not node.args and not node.keywords:
                yield f"{file.path}:{node.lineno} {name}()"


def test_nobody_below_the_doors_looks_at_the_clock() -> None:
    below = [file for file in python_files("saraban") if not file.path.startswith(MAY_LOOK_AT_THE_CLOCK)]

    assert [place for file in below for place in _looks_at_the_clock(file)] == []


@pytest.mark.parametrize(
    "text",
    [
        "from datetime import datetime\nx = datetime.now(UTC)",
        "import datetime\nx = datetime.datetime.utcnow()",
        "from datetime import date\nx = date.today",
        "import time\nx = time.time()",
        "from time import time as moment\nx = moment()",
        "from email.utils import formatdate\nx = formatdate()",
    ],
)
def test_a_look_at_the_clock_is_noticed(text: str) -> None:
    assert list(_looks_at_the_clock(parse(text))) != []


@pytest.mark.parametrize(
    "text",
    ["x = clock.now()", "import time\nx = time.monotonic()", "from email.utils import formatdate\nx = formatdate(at)"],
)
def test_a_time_that_is_given_is_no_look_at_the_clock(text: str) -> None:
    assert list(_looks_at_the_clock(parse(text))) == []


# --- docstrings --------------------------------------------------------------------------------------------------

Described = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef


def _public(file: SourceFile) -> Iterator[tuple[str, Described, bool]]:
    """Name, node, and whether a docstring is a must: for modules, classes and functions, not for methods.

    Methods may go without one because many of them are explained by the port or the class that they fill.
    """
    yield "the module", file.tree, True
    for node in file.tree.body:
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and not node.name.startswith("_"):
            yield node.name, node, not _is_overload(node)
            if isinstance(node, ast.ClassDef):
                for part in node.body:
                    if isinstance(part, ast.FunctionDef | ast.AsyncFunctionDef) and not part.name.startswith("_"):
                        yield f"{node.name}.{part.name}", part, False


def _is_overload(node: Described) -> bool:
    return not isinstance(node, ast.Module) and any("overload" in ast.unparse(mark) for mark in node.decorator_list)


def _unexplained(file: SourceFile) -> Iterator[str]:
    for name, node, must in _public(file):
        said = ast.get_docstring(node)
        line = getattr(node, "lineno", 1)
        if said is None:
            if must:
                yield f"{file.path}:{line} {name} has no docstring"
        elif not _whole_sentence(said):
            yield f"{file.path}:{line} {name}: not a whole sentence: {said.splitlines()[0]!r}"


def _whole_sentence(said: str) -> bool:
    first = re.split(r"\n\s*\n", said.strip())[0].rstrip()
    word = re.match(r"[a-z]+(?=\s|$)", first)
    # A module of the standard library keeps its small letter also at the beginning of a sentence.
    begins_small = word is not None and word.group() not in sys.stdlib_module_names
    return not begins_small and re.search(r"""[.:!?][)"'”]*$""", first) is not None


def test_every_room_class_and_function_says_in_a_sentence_what_it_is() -> None:
    assert [fault for file in python_files("saraban") for fault in _unexplained(file)] == []


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ('"""A module of a test."""\ndef send():\n    pass', 1),
        ('"""A module of a test."""\ndef send():\n    """sends it"""', 1),
        ('"""A module of a test."""\ndef _send():\n    pass', 0),
        ('"""A module of a test."""\nclass Letter:\n    """What goes out."""\n    def sign(self): ...', 0),
        ('"""A module of a test."""\nclass Letter:\n    """What goes out."""\n    def sign(self):\n        "sign"', 1),
        ("x = 1", 1),
    ],
)
def test_a_missing_or_half_docstring_is_noticed(text: str, faults: int) -> None:
    assert len(list(_unexplained(parse(text)))) == faults


# --- the cure of asn1crypto --------------------------------------------------------------------------------------


def _uses_asn1crypto_uncured(file: SourceFile) -> bool:
    """True for a module that reads structures with asn1crypto, by itself or by pyHanko, and does not mend it first."""
    used = re.search(r"^(from|import) (asn1crypto|pyhanko)", file.text, re.M)
    return used is not None and "\nasn1fix.cure()" not in file.text


def test_whoever_uses_asn1crypto_calls_its_cure() -> None:
    files = [file for file in python_files("saraban") if file.path != "saraban/crypto/asn1fix.py"]

    assert [file.path for file in files if _uses_asn1crypto_uncured(file)] == []


def test_a_use_of_asn1crypto_without_its_cure_is_noticed() -> None:
    assert _uses_asn1crypto_uncured(parse("from asn1crypto import crl\nimport saraban.crypto.asn1fix\n"))
