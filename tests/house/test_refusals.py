"""Whoever is refused something reads in Thai why; whatever is ordered in the background has somebody who does it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from saraban.bootstrap import build
from saraban.domain import errors, permissions
from saraban.settings import Settings
from tests.house.source import ROOT, SourceFile, parse, python_files

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


# --- rights ------------------------------------------------------------------------------------------------------

_WHO = (
    "เจ้าหน้าที่",
    "สารบรรณ",
    "นายทะเบียน",
    "ผู้อำนวยการ",
    "หัวหน้า",
    "ผู้ดูแลระบบ",
    "ผู้ดำรงตำแหน่ง",
    "ผู้มอบ",
    "ผู้ที่ได้รับต่อ",
    "ผู้ดำเนินการ",
    "ไม่มีผู้ใด",
    "ท่าน",
)
"""Words of which one stands in every refusal of a right: who can do it, who can lift it, or that nobody can."""
_NAMES = ("waits_for()",)
"""What is put into such a sentence and names somebody."""
_SHORTEST = 20


def _rights() -> list[SourceFile]:
    return [file for file in python_files("saraban") if file.path.startswith("saraban/domain/permissions/")]


def _wholess(file: SourceFile) -> list[str]:
    """Refusals of this file that do not say why and who: too short, without a word of who, or with words that are not
    to be found here. A phrase put together is read whole, with what is filled in as it stands in the code."""
    found = []
    for call in file.calls():
        hidden = any(word.arg == "hidden" for word in call.keywords)
        if ast.unparse(call.func).rsplit(".", 1)[-1] != "Refusal" or hidden:
            continue
        told = ast.unparse(call.args[0]) if call.args else ""
        thai = "".join(_THAI.findall(told))
        if len(thai) < _SHORTEST and "waits_for()" not in told:
            found.append(f"{file.path}:{call.lineno} does not say why: {told}")
        elif not any(word in told for word in (*_WHO, *_NAMES)):
            found.append(f"{file.path}:{call.lineno} does not say who can: {told}")
    return found


def _rights_without_an_answer(file: SourceFile) -> list[str]:
    """Public rights of this file that answer otherwise than with None or a Refusal."""
    return [
        f"{file.path}:{node.lineno} {node.name}"
        for node in file.tree.body
        if isinstance(node, ast.FunctionDef)
        and node.name.startswith("may_")
        and (node.returns is None or ast.unparse(node.returns) != "Refusal | None")
    ]


def test_every_right_that_is_refused_says_who_can() -> None:
    rights = _rights()
    named = [node.name for file in rights for node in file.tree.body if isinstance(node, ast.FunctionDef)]

    assert [fault for file in rights for fault in (*_wholess(file), *_rights_without_an_answer(file))] == []
    assert [name for name in named if name.startswith("may_") and name not in permissions.__all__] == []
    assert len([name for name in named if name.startswith("may_")]) > 30


@pytest.mark.parametrize(
    "text",
    [
        'Refusal("ปิดเรื่องแล้ว")',
        'Refusal("ส่งหนังสือฉบับนี้ออกไม่ได้ในขณะนี้")',
        "Refusal(told)",
        'Refusal(f"งานนี้{task.state.thai}")',
    ],
)
def test_a_right_that_is_refused_without_a_word_of_who_is_noticed(text: str) -> None:
    assert len(_wholess(parse(text))) == 1


@pytest.mark.parametrize(
    "text",
    [
        'Refusal("ส่งหนังสือออกได้เฉพาะเจ้าหน้าที่สารบรรณ")',
        'Refusal(joined("ขณะนี้หนังสือรอ", letter.waits_for()))',
        'Refusal(f"{told} ผู้ดำรงตำแหน่งหรือผู้ออกคำสั่งขยายได้")',
        'Refusal("", hidden=True)',
    ],
)
def test_a_right_that_is_refused_with_who_can_is_let_through(text: str) -> None:
    assert _wholess(parse(text)) == []


def test_no_page_draws_a_button_that_cannot_be_pressed_otherwise_than_with_its_reason() -> None:
    """`aria-disabled` and `disabled` stand in the component alone, which takes the reason; and whoever gives it the
    name of the reason's place gives it the reason too."""
    faults = []
    for path in sorted((ROOT / "templates").rglob("*.html")):
        text, place = path.read_text("utf-8"), path.relative_to(ROOT / "templates").as_posix()
        if place != "components/button.html":
            faults += [f"{place}: {tag}" for tag in re.findall(r"<(?:button|input|a)\b[^>]*\bdisabled\b[^>]*>", text)]
        faults += [
            f"{place}: {one}" for one in re.findall(r"button\([^()]*\bwhy_id=[^()]*\)", text) if " why=" not in one
        ]

    assert faults == []


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
