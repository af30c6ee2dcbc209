"""The addresses in files that others made: codes (QR and its kin), links, and what reads as an address. Runs only
inside the child process of `quarantine.py`.

Nothing is opened or asked for: what is found is told as text.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator

import pikepdf
import pypdfium2 as pdfium
import zxingcpp

from saraban.rendering.foreign import Arguments, opened, picture
from saraban.rendering.foreign_pictures import picture_pdf

MOST_PAGES = 30
MOST_LINKS = 200
LONGEST = 4_000
_PIXELS = 1_654
"""A sheet of A4 at 200 dpi: a code of 2 cm has some hundred and fifty on a side."""
_MOST_SIGNS = 100_000
_CODES = zxingcpp.barcode_formats_from_str("QRCode,MicroQRCode,rMQRCode,DataMatrix,Aztec,PDF417")
_WORDS = re.compile(r"https?://[!-~]+", re.IGNORECASE)


def find_links(data: bytes, arguments: Arguments) -> bytes:
    """What stands in a PDF or a picture as JSON: [text, way, page] each, pages from 1, the same once a page."""
    pdf = data if data.startswith(b"%PDF-") else picture_pdf(data, {})
    found = dict.fromkeys((text[:LONGEST], way, page) for text, way, page in _all(pdf) if text.strip())
    return json.dumps(list(found)[:MOST_LINKS]).encode()


TASKS: dict[str, Callable[[bytes, Arguments], bytes]] = {"find_links": find_links}


def _all(pdf: bytes) -> Iterator[tuple[str, str, int]]:
    with opened(pdf) as document:
        for number, page in enumerate(document.pages[:MOST_PAGES], start=1):
            yield from ((text, "link", number) for text in _links(page))
    reader = pdfium.PdfDocument(pdf)
    for number in range(min(len(reader), MOST_PAGES)):
        seen = picture(pdf, number, _PIXELS).convert("L")
        for code in zxingcpp.read_barcodes(seen, formats=_CODES):
            yield code.text, "code", number + 1
        text = reader[number].get_textpage()
        words = text.get_text_range(0, min(text.count_chars(), _MOST_SIGNS))
        yield from ((one.rstrip(".,;:!?)]}'\""), "words", number + 1) for one in _WORDS.findall(words))


def _links(page: pikepdf.Page) -> Iterator[str]:
    """The addresses that notes on the page lead to (ISO 32000-1, 12.6.4.7)."""
    notes = page.obj.get("/Annots")
    for note in notes if isinstance(notes, pikepdf.Array) else ():
        action = note.get("/A") if isinstance(note, pikepdf.Dictionary) else None
        address = action.get("/URI") if isinstance(action, pikepdf.Dictionary) else None
        if isinstance(address, pikepdf.String):
            yield bytes(address).decode("utf-8", "replace")
