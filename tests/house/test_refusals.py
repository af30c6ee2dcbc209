"""Whoever is refused something reads in Thai why; whatever is ordered in the background has somebody who does it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from saraban.bootstrap import build
from saraban.domain import errors
from saraban.settings import Settings
from tests.house.source import SourceFile, parse, python_files

_THAI = re.compile(r"[\u0e00-\u0e7f]")
_FAMILY = {
    name for name, kind in vars(errors).items() if isinstance(kind, type) and issubclass(kind, errors.SarabanError)
} | {"Refusal"}


def _texts(node: ast.expr) -> Iterator[str]:
    """The words of a message as far as they stand here: a literal, an f-string's fixed parts, a dictionary's values."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.JoinedStr):
        fixed = "".join(str(part.value) for part in node.values if isinstance(part, ast.Constant))
        if any(sign.isalpha() for sign in fixed):  # f"{file}: {told}" has its words from elsewhere
            yield fixed
    elif isinstance(node, ast.Dict):
        for value in node.values:
            yield from _texts(value)
    elif isinstance(node, ast.IfExp):
        yield from _texts(node.body)
        yield from _texts(node.orelse)


def _wordless(file: SourceFile) -> list[str]:
    found = []
    for call in file.calls():
        name = ast.unparse(call.func).rsplit(".", 1)[-1]
        hidden = any(word.arg == "hidden" for word in call.keywords)
        if name in _FAMILY and call.args and not hidden:
            found += [f"{file.path}:{call.lineno} {text!r}" for text in _texts(call.args[0]) if not _THAI.search(text)]
    return found


def test_every_refusal_says_in_thai_why() -> None:
    assert [fault for file in python_files("saraban") for fault in _wordless(file)] == []


@pytest.mark.parametrize(
    "text",
    [
        'raise RuleBroken("no such book")',
        'raise errors.NotFound(f"no {book}")',
        'raise BadInput({"file": "too large", "name": "ใส่ชื่อ"})',
        'x = Refusal("not you")',
        'raise BadInput({"serial": "ซ้ำ" if x else "taken"})',
    ],
)
def test_a_refusal_without_thai_words_is_noticed(text: str) -> None:
    assert len(_wordless(parse(text))) == 1


@pytest.mark.parametrize(
    "text",
    [
        "raise NotFound",
        "raise RuleBroken(told)",
        'raise NotFound(f"{a}: {b}")',
        'raise NotPermitted("ไม่ได้")',
        'Refusal("", hidden=True)',
    ],
)
def test_a_refusal_with_words_or_words_from_elsewhere_is_let_through(text: str) -> None:
    assert _wordless(parse(text)) == []


# --- work in the background --------------------------------------------------------------------------------------


def _kinds_that_are_named() -> set[str]:
    """What use cases call their errands (ERRAND), and what doors name in a string ("register-pdf")."""
    kinds = set()
    for file in python_files("saraban"):
        for node in ast.walk(file.tree):
            if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "ERRAND":
                assert isinstance(node.value, ast.Constant)
                kinds.add(node.value.value)
            is_word = isinstance(node, ast.Constant) and isinstance(node.value, str)
            if is_word and file.path.startswith(("saraban/web/", "saraban/api/")):
                assert isinstance(node, ast.Constant)
                if re.fullmatch(r"register-(pdf|sheet)", node.value):
                    kinds.add(node.value)
    return kinds


def test_every_errand_that_can_be_ordered_has_a_doer_and_no_doer_waits_in_vain(tmp_path: Path) -> None:
    office = build(
        Settings(
            data_folder=tmp_path,
            database_url=f"sqlite:///{tmp_path / 'saraban.db'}",
            secret_key="s" * 40,
            master_key="m" * 40,
            roots_file=tmp_path / "roots.pem",
        )
    )
    doers = set(office.services.doers)
    office.close()

    assert doers == _kinds_that_are_named()
    assert len(doers) > 2
