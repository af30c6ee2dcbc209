"""Blanks: places of a text that are still to be filled in, written {{ชื่อฟิลด์}}."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

LONGEST_NAME = 60
BLANK = re.compile(r"\{\{[ \t]*([^{}\r\n]*?)[ \t]*\}\}")


def blanks_in(*texts: str) -> tuple[str, ...]:
    """The names of the blanks, each once, in the order in which they are read."""
    return tuple(dict.fromkeys(found[1] for text in texts for found in BLANK.finditer(text)))


def only_blank(text: str) -> str | None:
    """The name of the blank that this text is, when it is nothing else."""
    found = BLANK.fullmatch(text.strip())
    return found[1] if found is not None else None


def fill(text: str, word_for: Callable[[str], str | None]) -> str:
    """The text with the blanks filled in; a blank for which there is no word (None) stays."""

    def put(found: re.Match[str]) -> str:
        word = word_for(found[1])
        return found[0] if word is None else word

    return BLANK.sub(put, text)


def unfilled(texts: Mapping[str, str]) -> dict[str, str]:
    """What to say of fields whose text still has blanks: field name to Thai words."""
    return {
        field: "ยังไม่ได้เติม " + ", ".join(f"{{{{{name}}}}}" for name in names[:5])
        + (f" และอีก {len(names) - 5} ช่อง" if len(names) > 5 else "") + " เติมหรือลบออกก่อนเสนอ"
        for field, text in texts.items()
        if (names := blanks_in(text))
    }  # fmt: skip
