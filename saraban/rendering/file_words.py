"""FileDesk: the reader of words in files that `bootstrap.py` hands to the use cases.

Scans are read by tesseract with its Thai data, where the machine has them (Debian: tesseract-ocr, tesseract-ocr-tha).
What it reads is good for finding and for nothing else: it takes one digit for another.
"""

from __future__ import annotations

import base64
import json
import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from functools import cached_property

from saraban.domain.links import FoundLink, LinkWay
from saraban.rendering.foreign_words import PICTURES
from saraban.rendering.quarantine import Quarantine, TaskFailed
from saraban.usecases.finding import FileText, TextWay

LARGEST_FILE = 60_000_000
MOST_SCANNED_PAGES = 30
_PIXELS = 1_800
"""A sheet of A4 at 218 dpi: as many as letters of 14 points need."""
_SECONDS_FOR_A_PAGE = 90
_BETWEEN_THAI = re.compile(r"(?<=[ก-๛]) (?=[ก-๛])")
_DIGITS = re.compile(r"[0-9๐-๙]+")


class FileDesk:
    """Reads files in a child process with limits, and the pictures that it makes of scans with tesseract. May be shared
    by threads. `program` is found on the path unless it is given; empty for none."""

    def __init__(self, quarantine: Quarantine | None = None, *, program: str | None = None) -> None:
        self._quarantine = quarantine or Quarantine()
        self._program = (shutil.which("tesseract") or "") if program is None else program

    @cached_property
    def reads_scans(self) -> bool:
        """True when tesseract is there and knows Thai."""
        if not self._program:
            return False
        try:
            known = subprocess.run([self._program, "--list-langs"], capture_output=True, timeout=20, check=False)
        except (OSError, subprocess.TimeoutExpired):
            return False
        return b"tha" in known.stdout.split()

    def issued_data(self, data: bytes) -> Mapping[str, bytes]:
        """The files for programs that lie in an issued document, by name; none for what is no PDF."""
        if len(data) > LARGEST_FILE or not data.startswith(b"%PDF-"):
            return {}
        try:
            found = json.loads(self._quarantine.run("attached", data))
        except TaskFailed:
            return {}
        return {name: base64.b64decode(text) for name, text in found.items() if text is not None}

    def words(self, data: bytes) -> FileText:
        """The words in a file."""
        if len(data) > LARGEST_FILE:
            return FileText(TextWay.NONE)
        try:
            said = self._quarantine.run("file_words", data).decode("utf-8", "replace")
        except TaskFailed as failed:
            return FileText(TextWay.SCAN if failed.word == "picture" else TextWay.NONE)
        text = said.removeprefix(PICTURES)
        if text != said:
            return FileText(TextWay.SCAN, text.strip() and text)
        return FileText(TextWay.WORDS, text) if text.strip() else FileText(TextWay.NONE)

    def scan(self, data: bytes) -> str:
        """The words on the first pages that are pictures, without numbers and without the spaces that are read into
        Thai."""
        try:
            pdf = data if data.startswith(b"%PDF-") else self._quarantine.run("picture_pdf", data)
            pages = self._quarantine.run("picture_pages", pdf).split()[:MOST_SCANNED_PAGES]
            read = [self._page(pdf, int(page)) for page in pages]
        except TaskFailed:
            return ""
        return "\n".join(part for part in read if part)

    def links(self, data: bytes) -> tuple[FoundLink, ...] | None:
        """The codes, links and addresses in a PDF or a picture; None when it could not be read."""
        try:
            told = json.loads(self._quarantine.run("find_links", data))
        except TaskFailed:
            return None
        return tuple(FoundLink(text, LinkWay(way), page) for text, way, page in told)

    def _page(self, pdf: bytes, page: int) -> str:
        picture = self._quarantine.run("page_grey", pdf, page=page, width=_PIXELS)
        try:
            done = subprocess.run(
                [self._program, "stdin", "stdout", "-l", "tha+eng", "--psm", "3"],
                input=picture,
                capture_output=True,
                timeout=_SECONDS_FOR_A_PAGE,
                check=False,
                env={"PATH": os.defpath, "LANG": "C.UTF-8", "OMP_THREAD_LIMIT": "1"},
            )
        except (OSError, subprocess.TimeoutExpired):
            return ""
        text = " ".join(done.stdout.decode("utf-8", "replace").split())
        return _BETWEEN_THAI.sub("", _DIGITS.sub("", text))
