"""What differs between two versions of a text, by Thai words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from saraban.rendering.body import PageBreak, Paragraph, Table, Words, read_body
from saraban.rendering.thai import NBSP, chunks, clean
from saraban.usecases.texts import Change, Piece

_Token = tuple[str, bool]
_NEW_PAGE = "— ขึ้นหน้าใหม่ —"
_SPACES = re.compile(r"( +)$")


def difference(old: str, new: str, *, marked: bool) -> tuple[Piece, ...]:
    """The new text with what was put in and what was taken out. `marked`: the texts are bodies of letters, whose marks
    are read; bold alone is a change too. Joined without what was inserted the pieces are the old text."""
    read = _body_lines if marked else _plain_lines
    before, after = read(old), read(new)
    pieces: list[Piece] = []
    # First by lines, so that a long text is compared word by word only where it was touched.
    for tag, a1, a2, b1, b2 in SequenceMatcher(None, before, after).get_opcodes():
        if tag == "equal":
            pieces += _pieces(_flat(after[b1:b2]), Change.SAME)
        else:
            pieces += _words_differ(_flat(before[a1:a2]), _flat(after[b1:b2]))
    return tuple(_merged(_without_islands(pieces)))


def _plain_lines(text: str) -> list[tuple[_Token, ...]]:
    return [_tokens(Words(line)) for line in _with_ends(clean(text))]


def _body_lines(body: str) -> list[tuple[_Token, ...]]:
    """A body as lines of words: a paragraph or a row of a table is a line."""
    lines: list[tuple[_Token, ...]] = []
    for block in read_body(clean(body)):
        if isinstance(block, Paragraph):
            if block.opens and lines:
                lines.append((("\n", False),))
            lines.append((*_tokens(block.words), ("\n", False)))
        elif isinstance(block, Table):
            lines.append((("\n", False),))
            lines += [_row(cells) for cells in ([block.head] if block.has_head else []) + list(block.rows)]
        elif isinstance(block, PageBreak):
            lines.append((("\n", False), (_NEW_PAGE, False), ("\n", False)))
    return lines


def _row(cells: Sequence[Words]) -> tuple[_Token, ...]:
    out: list[_Token] = []
    for number, cell in enumerate(cells):
        out += [(" | ", False)] if number else []
        out += _tokens(cell)
    return (*out, ("\n", False))


def _tokens(words: Words) -> tuple[_Token, ...]:
    """Words and the spaces between them, each with whether it is bold."""
    out: list[_Token] = []
    for text, bold in words.runs():
        for line in _with_ends(text):
            for chunk in chunks(line.rstrip("\n")):
                out += [(part, bold) for part in _SPACES.split(chunk.replace(NBSP, " ")) if part]
            if line.endswith("\n"):
                out.append(("\n", bold))
    return tuple(out)


def _with_ends(text: str) -> list[str]:
    return re.findall(r"[^\n]*\n|[^\n]+", text)


def _flat(lines: Sequence[tuple[_Token, ...]]) -> list[_Token]:
    return [token for line in lines for token in line]


def _words_differ(before: list[_Token], after: list[_Token]) -> Iterator[Piece]:
    for tag, a1, a2, b1, b2 in SequenceMatcher(None, before, after).get_opcodes():
        if tag == "equal":
            yield from _pieces(after[b1:b2], Change.SAME)
            continue
        yield from _pieces(before[a1:a2], Change.DELETED)
        yield from _pieces(after[b1:b2], Change.INSERTED)


def _pieces(tokens: Sequence[_Token], change: Change) -> list[Piece]:
    return [Piece(text, change, bold) for text, bold in tokens]


def _without_islands(pieces: Sequence[Piece]) -> list[Piece]:
    """A space that stayed between two changed words belongs to both, so that a changed phrase is read as one."""
    out: list[Piece] = []
    for number, piece in enumerate(pieces):
        inside = 0 < number < len(pieces) - 1
        if (
            inside
            and piece.change is Change.SAME
            and not piece.text.strip(" ")
            and Change.SAME not in (pieces[number - 1].change, pieces[number + 1].change)
        ):
            out += [Piece(piece.text, change, piece.bold) for change in (Change.DELETED, Change.INSERTED)]
        else:
            out.append(piece)
    return out


def _merged(pieces: Sequence[Piece]) -> Iterator[Piece]:
    """Neighbours of one kind as one piece; in a run of changes what was taken out comes before what was put in."""
    at = 0
    while at < len(pieces):
        end = at
        changed = pieces[at].change is not Change.SAME
        while end < len(pieces) and (pieces[end].change is not Change.SAME) == changed:
            end += 1
        for change in (Change.DELETED, Change.INSERTED) if changed else (Change.SAME,):
            group = [piece for piece in pieces[at:end] if piece.change is change]
            start = 0
            for number in range(1, len(group) + 1):
                if number == len(group) or group[number].bold != group[start].bold:
                    yield Piece("".join(piece.text for piece in group[start:number]), change, group[start].bold)
                    start = number
        at = end
