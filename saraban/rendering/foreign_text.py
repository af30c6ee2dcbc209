"""The words on the first pages of a PDF that others made. Runs only inside the child process of `quarantine.py`."""

from __future__ import annotations

from collections.abc import Callable

import pypdfium2 as pdfium

from saraban.rendering.foreign import Arguments, check

FIRST_PAGES = 2
MOST_SIGNS = 8_000


def opening_text(data: bytes, arguments: Arguments) -> bytes:
    """The text of the first two pages in UTF-8, at most 8,000 characters; empty for a scan. Refuses what is no whole,
    open, passive PDF."""
    check(data, arguments)
    document = pdfium.PdfDocument(data)
    words = []
    for number in range(min(FIRST_PAGES, len(document))):
        page = document[number].get_textpage()
        words.append(page.get_text_range(0, min(page.count_chars(), MOST_SIGNS)))
    return "\n".join(words)[:MOST_SIGNS].encode("utf-8", "replace")


TASKS: dict[str, Callable[[bytes, Arguments], bytes]] = {"opening_text": opening_text}
