"""The port of the virus scanner, and what is asked of every file that a person brings."""

from __future__ import annotations

from datetime import timedelta
from typing import Protocol

from saraban.domain.errors import BadInput, SarabanError

SCAN_AGAIN = timedelta(minutes=2)
UNSCANNED = "ยังไม่ได้ตรวจไวรัส"
"""What waits for a scanner that is away says so, and is scanned again after this time."""


class ScannerAway(SarabanError):
    """The scanner is set up and cannot be asked: nothing is let through, and it is asked again."""

    code = "scanner-away"


class TooLargeToScan(SarabanError):
    """The scanner does not take so many octets at once (StreamMaxLength of clamd)."""

    code = "too-large-to-scan"


class Infected(BadInput):
    """A virus was found in what a person brings."""


class VirusScanner(Protocol):
    """Looks for viruses. One that is not set up (`on` is False) finds nothing, which never means "clean"."""

    @property
    def on(self) -> bool: ...

    def virus_in(self, data: bytes) -> str:
        """The name of the virus in these bytes, or an empty text. Raises ScannerAway and TooLargeToScan."""
        ...


def require_clean(scanner: VirusScanner, data: bytes, *, field: str = "file") -> None:
    """Raise BadInput, at the field, for a file that holds a virus or could not be looked through."""
    if why_not_scanned(scanner, data, field=field):
        raise BadInput({field: "ตัวตรวจไวรัสไม่ตอบ ยังรับไฟล์ไม่ได้ ลองใหม่ในอีกสักครู่ หรือแจ้งผู้ดูแลระบบ"})


def why_not_scanned(scanner: VirusScanner, data: bytes, *, field: str = "file") -> str:
    """The scanner's words while it is away: such a file is held apart. Empty for one that was looked through. Raises
    BadInput, at the field, for a virus and for what is too large."""
    try:
        virus = scanner.virus_in(data)
    except ScannerAway as error:
        return error.thai
    except TooLargeToScan:
        raise BadInput({field: "ไฟล์ใหญ่เกินที่ตัวตรวจไวรัสรับได้ แบ่งเป็นไฟล์เล็กลง หรือแจ้งผู้ดูแลระบบ"}) from None
    if virus:
        raise Infected({field: f"ไฟล์นี้ติดไวรัส ({virus}) จึงไม่รับไว้"})
    return ""
