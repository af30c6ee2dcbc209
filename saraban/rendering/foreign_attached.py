"""What an issued document says for programs, out of a PDF that others made. Runs only inside the child process of
`quarantine.py`."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable

import pikepdf

from saraban.exchange.issued_data import JSON_NAME, MAX_BYTES, XML_NAME
from saraban.rendering.foreign import Arguments, opened

MOST_FILES = 50


def attached(data: bytes, arguments: Arguments) -> bytes:
    """The files of `exchange/issued_data.py` that lie in a PDF, as JSON: base64 by name; null for one that is too large
    or cannot be read."""
    found: dict[str, str | None] = {}
    with opened(data) as document:
        names = [name for name in list(document.attachments)[:MOST_FILES] if name in (JSON_NAME, XML_NAME)]
        for name in names:
            found[name] = _read(document, name)
    return json.dumps(found).encode()


TASKS: dict[str, Callable[[bytes, Arguments], bytes]] = {"attached": attached}


def _read(document: pikepdf.Pdf, name: str) -> str | None:
    try:
        file = document.attachments[name].get_file()
        if file.size > MAX_BYTES or len(data := file.read_bytes()) > MAX_BYTES:
            return None
    except (pikepdf.PdfError, ValueError, KeyError):
        return None
    return base64.b64encode(data).decode()
