"""Templates: nothing inline that the content security policy would refuse, none missing and none forgotten."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import jinja2
import pytest

from tests.house.source import ROOT, python_files

TEMPLATES = ROOT / "templates"

# Templates that no screen shows, each with the reason why it is kept.
ONLY_IN_TESTS = {"kit.html": "every component of the kit on one page, for the tests of the kit and for the eye"}

# Mail programs know no style sheets, and no policy of ours holds there.
_MAIL = re.compile(r"notices/\w+/body\.html")
_TAG = re.compile(r"\{%-?\s*(?:extends|include|import|from)\b(.*?)-?%\}", re.DOTALL)
_LITERAL = re.compile(r"""["']([\w./-]+)["']""")


class _Inline(HTMLParser):
    """Collects what a strict content security policy refuses."""

    def __init__(self) -> None:
        super().__init__()
        self.faults: list[str] = []
        self._script_line: int | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = dict(attrs)
        line = self.getpos()[0]
        if tag == "style":
            self.faults.append(f"{line}: <style>")
        if tag == "script" and names.get("type") != "application/json":
            self._script_line = line
        for name, value in attrs:
            if name == "style" or re.fullmatch(r"on[a-z]+", name) or name.startswith("hx-on"):
                self.faults.append(f"{line}: {name}=")
            if value and value.strip().lower().startswith("javascript:"):
                self.faults.append(f"{line}: {name}=javascript:")

    def handle_endtag(self, tag: str) -> None:
        if tag == "script":
            self._script_line = None

    def handle_data(self, data: str) -> None:
        if self._script_line is not None and data.strip():
            self.faults.append(f"{self._script_line}: <script> with a text")


def _inline(text: str) -> list[str]:
    def blank(found: re.Match[str]) -> str:
        return "\n" * found.group().count("\n")

    text = re.sub(r"\{#.*?#\}", blank, text, flags=re.DOTALL)
    text = re.sub(r"\{%.*?%\}", lambda found: " " + blank(found), text, flags=re.DOTALL)
    text = re.sub(r"\{\{.*?\}\}", lambda found: "x" + blank(found), text, flags=re.DOTALL)
    reader = _Inline()
    reader.feed(text)
    reader.close()
    return reader.faults


def _all_templates() -> list[str]:
    return sorted(path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*") if path.is_file())


def _text(name: str) -> str:
    path: Path = TEMPLATES / name
    return path.read_text(encoding="utf-8")


def _html() -> list[str]:
    return [name for name in _all_templates() if name.endswith(".html")]


def _readable() -> list[str]:
    return [name for name in _all_templates() if name.endswith((".html", ".txt", ".xml"))]


def _asked_for_by(text: str) -> set[str]:
    return {name for tag in _TAG.findall(text) for name in _LITERAL.findall(tag) if "." in name}


def _strings_of_the_code() -> Iterator[re.Pattern[str]]:
    """Each string of saraban that could name a template, as a pattern: an f-string's holes match anything."""
    for file in python_files("saraban"):
        inside = {id(part) for node in ast.walk(file.tree) if isinstance(node, ast.JoinedStr) for part in node.values}
        for node in ast.walk(file.tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in inside:
                if re.fullmatch(r"[\w./-]+\.[a-z]{2,4}", node.value):
                    yield re.compile(re.escape(node.value))
            elif isinstance(node, ast.JoinedStr):
                parts = [
                    re.escape(part.value) if isinstance(part, ast.Constant) and isinstance(part.value, str) else "[^/]+"
                    for part in node.values
                ]
                pattern = "".join(parts)
                # Only a pattern with a fixed beginning or folder names templates; "{name}.html" would excuse them all.
                if re.search(r"\\\.[a-z]{2,4}$", pattern) and re.match(r"[\w-]", parts[0]):
                    yield re.compile(pattern)


def _reachable() -> set[str]:
    every = _all_templates()
    patterns = list(_strings_of_the_code())
    found = {name for name in every if name in ONLY_IN_TESTS or any(p.fullmatch(name) for p in patterns)}
    waiting = list(found)
    while waiting:
        name = waiting.pop()
        if name not in every or not name.endswith((".html", ".txt", ".xml")):
            continue
        for other in _asked_for_by(_text(name)) - found:
            found.add(other)
            waiting.append(other)
    return found


def test_no_template_has_an_inline_script_style_or_handler() -> None:
    pages = [name for name in _html() if not _MAIL.fullmatch(name)]

    assert {name: faults for name in pages if (faults := _inline(_text(name)))} == {}


def test_mails_have_no_script_and_load_nothing() -> None:
    mails = [name for name in _html() if _MAIL.fullmatch(name)]

    assert mails
    assert [name for name in mails if re.search(r"<script|<link|<img|<iframe|javascript:|url\(", _text(name))] == []


@pytest.mark.parametrize(
    "text",
    [
        "<script>let x = 1</script>",
        '<p style="color: {{ colour }}">',
        "<style>p { margin: 0 }</style>",
        "<button {% if x > 1 %}onclick='go()'{% endif %}>",
        '<a href="javascript:go()">',
    ],
)
def test_something_inline_is_noticed(text: str) -> None:
    assert _inline(text) != []


@pytest.mark.parametrize(
    "text",
    ['<script src="{{ url }}" defer></script>', "{# <style> #}<p>style=x</p>", "<a {% if x %}class='a'{% endif %}>"],
)
def test_what_is_not_inline_is_let_through(text: str) -> None:
    assert _inline(text) == []


def test_every_template_can_be_parsed() -> None:
    reader = jinja2.Environment(autoescape=True, extensions=["jinja2.ext.do", "jinja2.ext.loopcontrols"])
    for name in _readable():
        reader.parse(_text(name), name=name)


def test_every_template_that_another_asks_for_exists() -> None:
    missing = {name: _asked_for_by(_text(name)) - set(_all_templates()) for name in _readable()}

    assert {name: absent for name, absent in missing.items() if absent} == {}


def test_every_template_that_the_code_renders_exists() -> None:
    missing = [
        f"{file.path}:{call.lineno} {call.args[0].value}"
        for file in python_files("saraban")
        for call in file.calls()
        if ast.unparse(call.func).rsplit(".", 1)[-1] in {"render_template", "get_template"}
        and call.args
        and isinstance(call.args[0], ast.Constant)
        and call.args[0].value not in _all_templates()
    ]

    assert missing == []


def test_the_key_n_does_one_thing_on_every_page() -> None:
    """It opens a new letter on paper (keyboard.js), so no button takes it for something else."""
    taken = [name for name in _readable() if re.search(r"button\([^\n]*?'n'[,)]", _text(name))]

    assert [name for name in taken if name not in ONLY_IN_TESTS] == []


def test_no_template_is_forgotten() -> None:
    assert sorted(set(_all_templates()) - _reachable()) == []


def test_templates_that_only_tests_show_are_still_there() -> None:
    assert [name for name in ONLY_IN_TESTS if name not in _all_templates()] == []
