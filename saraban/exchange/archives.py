"""Archives that explode: a small ZIP (also a DOCX or an XLSX) that would fill a disk when somebody opens it.

Nothing is unpacked to find out: the central directory says how large the parts claim to be, and only small archives
inside an archive are opened, each within a budget.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

LARGEST_WHOLE = 1 << 30
"""Octets that all parts together may have."""
LARGEST_RATIO = 200
"""How many times larger than the file they may be, once they are above `SMALL`."""
SMALL = 100 << 20
MOST_PARTS = 20_000
MOST_DEPTH = 3
_INNER_BYTES = 8 << 20
_BUDGET = 64 << 20
_BROKEN = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, ValueError, OSError, RuntimeError, OverflowError)
_ARCHIVES = (".zip", ".docx", ".xlsx", ".pptx", ".jar", ".odt", ".ods")


class _Explodes(Exception):
    """The Thai words say how."""


def why_explodes(data: bytes) -> str:
    """How this file would explode, in Thai; empty when it would not, or is no ZIP. Never raises."""
    if not data.startswith(b"PK"):
        return ""
    try:
        _look(data, 1, [_BUDGET], [0])
    except _Explodes as error:
        return str(error)
    return ""


def _look(data: bytes, depth: int, budget: list[int], whole: list[int]) -> None:
    """Add up what the parts claim; `budget` are octets that may still be unpacked, `whole` those claimed so far."""
    if depth > MOST_DEPTH:
        raise _Explodes(f"มีไฟล์บีบอัดซ้อนกันเกิน {MOST_DEPTH} ชั้น")
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except _BROKEN:
        return  # what cannot be opened cannot explode
    parts = archive.infolist()
    if len(parts) > MOST_PARTS:
        raise _Explodes(f"มีไฟล์ย่อยเกิน {MOST_PARTS:,} ไฟล์")
    own = sum(part.file_size for part in parts)
    whole[0] += own
    if whole[0] > LARGEST_WHOLE or (own > SMALL and own > LARGEST_RATIO * len(data)):
        raise _Explodes(f"ขยายแล้วใหญ่ถึง {whole[0] // 1_000_000:,} MB")
    for part in parts:
        if part.filename.lower().endswith(_ARCHIVES):
            _look_inside(archive, part, depth, budget, whole)


def _look_inside(
    archive: zipfile.ZipFile, part: zipfile.ZipInfo, depth: int, budget: list[int], whole: list[int]
) -> None:
    try:
        with archive.open(part) as stream:
            inner = stream.read(_INNER_BYTES + 1)
    except _BROKEN:  # also one under a password
        return
    budget[0] -= len(inner)
    if budget[0] < 0:
        raise _Explodes("มีไฟล์บีบอัดซ้อนอยู่มากผิดปกติ")
    if len(inner) <= _INNER_BYTES:
        _look(inner, depth + 1, budget, whole)
