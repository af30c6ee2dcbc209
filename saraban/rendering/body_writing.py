"""Blocks of a letter's text written as they are kept: the other way of `body.read_body`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from saraban.rendering.body import Align, Block, PageBreak, Paragraph, Table, Words, read_body

_RULES = {Align.LEFT: "---", Align.CENTRE: ":-:", Align.RIGHT: "--:"}
_SIGNS = re.compile(r"\\(?=[!-/:-@\[-`{-~])|\\$")
_PAIR = re.compile(r"(?<!\*)\*\*(?!\*)")


def write_body(blocks: Sequence[Block]) -> str:
    """The text that is read as these blocks, as far as they can be written: spaces at edges, empty paragraphs and line
    ends inside a cell are not kept."""
    out: list[str] = []
    for before, block in pairwise([None, *blocks]):
        text = _written(block)
        if text:
            follows = isinstance(block, Paragraph) and not block.opens and isinstance(before, Paragraph)
            out += [("\n" if follows else "\n\n") if out else "", text]
    return "".join(out)


def _written(block: Block | None) -> str:
    if isinstance(block, PageBreak):
        return "---"
    if isinstance(block, Table):
        return "\n".join(_table(block))
    return _paragraph(block.words) if isinstance(block, Paragraph) else ""


def _paragraph(words: Words) -> str:
    lines = [line.strip() for line in _words(words).split("\n")]
    text = "\n".join(filter(None, lines))
    if all(isinstance(block, Paragraph) for block in read_body(text)):
        return text
    # A line of hyphens or of upright strokes that are words and no mark.
    return "\n".join(f"\\{line}" if line[:1] in "-|:" else line for line in text.split("\n"))


def _table(table: Table) -> Iterator[str]:
    def line(cells: Sequence[str]) -> str:
        return "|" + "|".join(f" {cell} " if cell else " " for cell in cells) + "|"

    def cell(words: Words) -> str:
        return _words(Words(words.text.replace("\n", " "), words.bold)).replace("|", "\\|").strip()

    yield line([cell(words) for words in table.head])
    yield "|" + "|".join(_RULES[align] for align in table.columns) + "|"
    for row in table.rows:
        yield line([cell(words) for words in row])


def _words(words: Words) -> str:
    """The text with its marks; bold begins and ends at a word, since spaces at its edges would undo it."""
    out: list[str] = []
    alone = not words.bold
    for text, bold in words.runs():
        core = text.strip()
        if not bold or not core:
            out.append(_escaped(text, alone=alone))
            continue
        before, _, after = text.partition(core)
        out += [before, f"**{_escaped(core, alone=False)}**", after]
    return "".join(out)


def _escaped(text: str, *, alone: bool) -> str:
    """Words whose signs are no marks. `alone`: no bold stretch touches them."""
    text = _SIGNS.sub(r"\\\\", text)
    if alone:
        return _PAIR.sub(r"\\*\\*", text)
    return text.replace("*", "\\*")
