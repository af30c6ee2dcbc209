"""WordDesk: the reader of DOCX that `bootstrap.py` hands to the use cases."""

from __future__ import annotations

import json

from saraban.domain.errors import BadInput
from saraban.rendering.quarantine import Quarantine, TaskFailed
from saraban.usecases.texts import WordText

LARGEST_FILE = 14_000_000
_MODULES = ("saraban.rendering.foreign_docx",)
_REASONS = {
    "not-word": "ไฟล์นี้ไม่ใช่เอกสาร Word (.docx) เลือกไฟล์ใหม่",
    "old-word": "ไฟล์นี้เป็น Word รุ่นเก่า (.doc) เปิดใน Word แล้วบันทึกเป็น .docx ก่อน",
    "encrypted": "ไฟล์ตั้งรหัสผ่านไว้ เอารหัสผ่านออกแล้วลองใหม่",
    "damaged": "ไฟล์ Word เสีย อ่านไม่ได้ เปิดใน Word แล้วบันทึกใหม่",
    "bomb": "ไฟล์ขยายใหญ่ผิดปกติเมื่อเปิดอ่าน จึงไม่รับ",
    "macros": "ไฟล์มีมาโครหรือส่วนที่ทำงานเองได้ บันทึกเป็น .docx ธรรมดาแล้วลองใหม่",
    "declared": "ไฟล์มีคำสั่งซ่อนอยู่ในส่วนข้อความ จึงไม่รับ",
    "limits": "ไฟล์ใช้หน่วยความจำหรือเวลามากเกินกำหนด จึงไม่รับ",
    "too-large": "ไฟล์ใหญ่เกิน ๑๔ MB ลดขนาดภาพในไฟล์หรือแบ่งเป็นหลายไฟล์",
    "too-much-text": "ข้อความในไฟล์ยาวเกินกำหนด แบ่งเป็นหลายไฟล์แล้วลองใหม่",
    "empty-word": "ไม่พบข้อความในไฟล์นี้",
}


class WordDesk:
    """Reads DOCX files that people bring, in a child process with limits. May be shared by threads."""

    def __init__(self, quarantine: Quarantine | None = None) -> None:
        self._quarantine = quarantine or Quarantine(_MODULES)

    def __call__(self, data: bytes) -> WordText:
        """The text of the file as a letter's body, and what stayed behind. Raises BadInput({"file": …}) in Thai."""
        try:
            if len(data) > LARGEST_FILE:
                raise TaskFailed("too-large")
            said = json.loads(self._quarantine.run("read_docx", data))
        except TaskFailed as failed:
            raise BadInput({"file": _REASONS.get(failed.word, _REASONS["damaged"])}) from failed
        return WordText(**{**said, "left_out": tuple(said["left_out"]), "adjusted": tuple(said["adjusted"])})

    def close(self) -> None:
        """End the process that reads foreign files."""
        self._quarantine.close()
