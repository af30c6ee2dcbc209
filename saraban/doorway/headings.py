"""The headings of sheets that people bring."""

from __future__ import annotations

import unicodedata


def plain_heading(heading: str) -> str:
    """A heading as headings are compared: its letters and marks alone."""
    text = unicodedata.normalize("NFC", heading).lower()
    return "".join(sign for sign in text if unicodedata.category(sign)[0] in "LM")
