"""Whatever the check of a signature says in Thai has its English sentence for the public page."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator
from types import ModuleType

import pytest

from saraban.crypto import page_check, page_trust
from saraban.domain.page_signature import Change
from saraban.domain.signature import Answer
from saraban.web.public_reasons import english

_THAI = re.compile("[\u0e00-\u0e7f]")


def _said(module: ModuleType) -> Iterator[str]:
    """Every Thai text in a module's answers, also those of `words` that an answer takes; of one with holes the whole
    with the holes filled by a change."""
    for node in ast.walk(ast.parse(inspect.getsource(module))):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Answer":
            yield from _texts(node.args[1])
        elif isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "words":
            yield from _texts(node.value)


def _texts(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.IfExp):
        yield from _texts(node.body)
        yield from _texts(node.orelse)
    elif isinstance(node, ast.JoinedStr):
        parts = (part.value if isinstance(part, ast.Constant) else Change.PAGES_ADDED.thai for part in node.values)
        yield "".join(map(str, parts))
    elif isinstance(node, ast.Constant) and _THAI.search(str(node.value)):
        yield str(node.value)


@pytest.mark.parametrize("thai", [*_said(page_check), *_said(page_trust)])
def test_every_reason_of_the_check_has_an_english_sentence(thai: str) -> None:
    told = english(Answer(None, thai))

    assert told.endswith(".") and not _THAI.search(told.replace(Change.PAGES_ADDED.thai, ""))


def test_there_are_as_many_reasons_as_the_check_has() -> None:
    assert len({*_said(page_check), *_said(page_trust)}) >= 25


def test_what_was_changed_is_told_in_english() -> None:
    thai = f"ไฟล์ถูกแก้หลังลงลายมือชื่อ: {Change.PAGES_ADDED.thai}, {Change.CONTENT_CHANGED.thai}"

    assert english(Answer(False, thai)) == (
        "The file was changed after it was signed: pages were added, the content of a page was changed."
    )


def test_a_reason_that_nobody_translated_is_left_to_the_short_word() -> None:
    assert english(Answer(False, "เหตุอื่น")) == ""
