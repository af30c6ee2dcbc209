"""The phrases that an officer keeps for his endorsements and returns, and writes with one touch."""

from __future__ import annotations

from collections.abc import Sequence

from saraban.domain.errors import BadInput

DEFAULTS: dict[str, tuple[str, ...]] = {
    "endorse": ("เห็นชอบ", "เห็นควรลงนาม", "ดำเนินการตามเสนอ"),
    "return": ("ขอให้แก้ไขข้อความตามที่ทำเครื่องหมาย", "ขอเอกสารประกอบเพิ่มเติม", "ขอให้ตรวจสอบตัวเลข"),
}
"""What stands there until the officer writes his own, by kind: with an endorsement, with a return."""
MOST, LONGEST = 20, 200


def checked_phrases(kind: str, lines: Sequence[str]) -> tuple[str, ...]:
    """The lines as they are kept: without blank ones and repetitions. Raises BadInput({"phrases": …}) when there are
    too many or one is too long."""
    if kind not in DEFAULTS:
        raise BadInput({"kind": "ไม่มีรายการข้อความแบบนี้"})
    kept = tuple(dict.fromkeys(words for line in lines if (words := " ".join(line.split()))))
    if len(kept) > MOST:
        raise BadInput({"phrases": "เก็บได้ไม่เกิน ๒๐ ข้อความ ลบบางบรรทัดออกก่อน"})
    if any(len(words) > LONGEST for words in kept):
        raise BadInput({"phrases": "ข้อความหนึ่งบรรทัดยาวไม่เกิน ๒๐๐ ตัวอักษร"})
    return kept
