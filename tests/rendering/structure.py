"""The structure of a PDF as a program for the blind walks it: by the tree, not by the page."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name

ARTIFACT = -1
_ROW = re.compile(rb"<([0-9A-Fa-f]+)> <([0-9A-Fa-f]*)>")


@dataclass
class Element:
    """An element of the tree: its type, its own words, what is said in its stead, and what it holds."""

    tag: str
    text: str = ""
    alt: str = ""
    kids: list[Element] = field(default_factory=list)

    def all(self) -> Iterator[Element]:
        """Itself and all that it holds, in the order of reading."""
        yield self
        for kid in self.kids:
            yield from kid.all()

    def whole(self) -> str:
        """Its words and those of all that it holds."""
        return self.text + "".join(kid.whole() for kid in self.kids)


@dataclass(frozen=True)
class Structure:
    """The tree, and what the pages show outside of it: as artifacts, and unmarked."""

    root: Element
    artifacts: list[str]
    unmarked: str

    def read(self) -> list[str]:
        """What is read aloud, by elements that hold words or stand for a picture."""
        return [one.alt or one.text.strip() for one in self.root.all() if one.alt or one.text.strip()]


def structure(pdf: bytes) -> Structure:
    """Walk the tree of a file. Fails where the way back from a page does not lead to the element."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        root, marks = document.Root.StructTreeRoot, _Marks()
        assert bool(document.Root.MarkInfo.Marked) is True
        for page in document.pages:
            marks.take_in(page.obj, page.obj.Resources, pikepdf.parse_content_stream(page))
        back = pikepdf.NumberTree(root.ParentTree)
        return Structure(_element(root.K[0], root, marks, back), marks.artifacts, marks.unmarked)


class _Marks:
    """The words of every mark, by the page or form whose mark it is."""

    def __init__(self) -> None:
        self.text: dict[tuple[Any, int], str] = {}
        self.artifacts: list[str] = []
        self.unmarked = ""

    def take_in(self, holder: Any, resources: Any, instructions: Any, inside: Any = None) -> None:
        """Read what a page or form shows. An ActualText stands for all within it."""
        stack: list[Any] = [] if inside is None else [inside]
        told = 0
        font: dict[int, str] = {}
        for operands, operator in instructions:
            name = str(operator)
            if name in ("BDC", "BMC"):
                more = operands[1] if name == "BDC" else Dictionary()
                if "/MCID" in more:
                    stack.append((holder.objgen, int(more.MCID)))
                    self.text.setdefault(stack[-1], "")
                elif "/ActualText" in more:
                    self._say(stack, str(more.ActualText))
                    told += 1
                    stack.append("told")
                elif operands[0] == Name.Artifact:
                    self.artifacts.append("")
                    stack.append(ARTIFACT)
                else:
                    stack.append(None)
            elif name == "EMC":
                told -= stack.pop() == "told"
            elif name == "Tf":
                font = _letters(resources.Font[str(operands[0])])
            elif name == "TJ" and not told:
                codes = b"".join(bytes(one) for one in operands[0] if isinstance(one, pikepdf.String))
                self._say(stack, "".join(font[code] for code in codes))
            elif name == "Do":
                form = resources.XObject[str(operands[0])]
                if form.get("/Subtype") == Name.Form:
                    around = next((one for one in reversed(stack) if isinstance(one, tuple)), None)
                    self.take_in(form, form.Resources, pikepdf.parse_content_stream(form), around)
        assert stack in ([], [inside]), "a mark is not ended"

    def _say(self, stack: list[Any], words: str) -> None:
        place = next((one for one in reversed(stack) if one == ARTIFACT or isinstance(one, tuple)), None)
        if place == ARTIFACT:
            self.artifacts[-1] += words
        elif place is None:
            self.unmarked += words
        else:
            self.text[place] += words


def _letters(font: Any) -> dict[int, str]:
    rows = _ROW.findall(font.ToUnicode.read_bytes().split(b"beginbfchar", 1)[1])
    return {int(code, 16): bytes.fromhex(text.decode()).decode("utf-16-be") for code, text in rows}


def _element(one: Any, above: Any, marks: _Marks, back: Any) -> Element:
    assert one.P.objgen == above.objgen
    out = Element(str(one.S)[1:], alt=str(one.get("/Alt", "")))
    for kid in one.K if isinstance(one.K, Array) else [one.K]:
        if isinstance(kid, Dictionary) and kid.get("/Type") == Name.StructElem:
            out.kids.append(_element(kid, one, marks, back))
            continue
        holder, number = (kid.get("/Stm", kid.Pg), int(kid.MCID)) if isinstance(kid, Dictionary) else (one.Pg, int(kid))
        assert back[int(holder.StructParents)][number].objgen == one.objgen
        out.text += marks.text[holder.objgen, number].replace("\u00a0", " ").replace("\u2060", "")
    return out
