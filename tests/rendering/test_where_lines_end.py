"""Where a line of Thai may end, against paragraphs whose words were parted by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from saraban.rendering.paragraph import ThaiParagraph
from saraban.rendering.shaping import typeface
from saraban.rendering.thai import NBSP, chunks

GOLD = (Path(__file__).parents[1] / "assets" / "thai" / "gold.txt").read_text(encoding="utf-8").splitlines()
FACE = typeface("TH Sarabun New")


def ends(words: list[str]) -> set[int]:
    """Where in the text each of its words ends."""
    return {sum(map(len, words[:count])) for count in range(1, len(words) + 1)}


@pytest.mark.parametrize("line", GOLD)
def test_no_line_may_end_inside_a_word(line):
    words = line.split("|")
    text = "".join(words)

    assert ends(chunks(text)) <= ends(words) | {at + 1 for at, letter in enumerate(text) if letter == " "}


@pytest.mark.parametrize("width", [454, 300, 180])
def test_set_lines_end_where_words_end(width):
    assert len(GOLD) >= 40
    for line in GOLD:
        words = line.split("|")
        text, at = "".join(words), 0
        for part in ThaiParagraph(text, FACE.regular, 16, width).lines():
            at = text.index(part.text.replace(NBSP, " "), at) + len(part.text)
            assert at in ends(words), part.text
