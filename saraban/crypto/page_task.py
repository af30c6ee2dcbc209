"""The check of signatures in PDFs as a task for the process apart in which foreign files are read, and the port
PageChecker over that process."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Protocol

from saraban.crypto.page_check import check_pages
from saraban.crypto.page_trust import Trust
from saraban.domain.page_signature import PageSignature, SignedFile

MARK = b"/ByteRange"
"""A file without it has no signature: the entry must stand open in the file (ISO 32000-2, 12.8.1)."""


class Apart(Protocol):
    """A process apart with limits of memory and time that does tasks by name, among them those of TASKS below."""

    def __call__(self, task: str, data: bytes, **arguments: int | float) -> bytes:
        """The task's result; any exception when it was stopped or gave none."""
        ...


def check_signatures(data: bytes, arguments: Mapping[str, int | float]) -> bytes:
    """The verdicts as JSON. The file is followed by `Trust.as_bytes`; `original` says where it ends, `at` is the moment
    of checking as seconds of 1970."""
    end = int(arguments["original"])
    at = datetime.fromtimestamp(arguments["at"], UTC)
    found = check_pages(data[:end], Trust.of_bytes(data[end:]), at)
    told = {"signatures": [one.as_dict() for one in found.signatures], "problem": found.problem}
    return json.dumps(told, ensure_ascii=False).encode()


TASKS = {"check_signatures": check_signatures}


class ApartChecker:
    """The port PageChecker: every file, ours or theirs, is checked in the process apart."""

    def __init__(self, run: Apart, trust: Callable[[], bytes]) -> None:
        """Takes what does tasks apart, and what gives the trust of this installation (`Trust.as_bytes`) at each
        check, so that an administrator can change roots and revocation lists without a restart."""
        self._run, self._trust = run, trust

    def check(self, pdf: bytes, at: datetime) -> SignedFile:
        """The verdicts on all signatures of a PDF at a time. Never raises for bad bytes: the problem says why the file
        could not be looked at."""
        if MARK not in pdf:
            return SignedFile()
        try:
            answer = self._run("check_signatures", pdf + self._trust(), original=len(pdf), at=at.timestamp())
        except Exception:  # Whatever stopped the process apart, the file is to blame and nothing is known about it.
            return SignedFile(problem="ตรวจลายมือชื่อในไฟล์นี้ไม่ได้ ไฟล์ใช้เวลาหรือหน่วยความจำมากเกินกำหนด")
        told = json.loads(answer)
        return SignedFile(tuple(PageSignature.of_dict(one) for one in told["signatures"]), told["problem"])
