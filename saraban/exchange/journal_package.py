"""A part of the journal for a court or for the duty to keep traffic data (Computer Crime Act, section 26): the lines
with their chain, the sealed heads of days, a program that checks them, and how to check the seals with openssl."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import BinaryIO

from saraban.domain.attachment import Digest
from saraban.domain.calendar import office_time
from saraban.domain.closing import DayClose
from saraban.exchange import journal_check
from saraban.exchange.event_words import event_word

READ_ME = """บันทึกเหตุการณ์ของ{agency} ตั้งแต่ {since} ถึง {until} (ลำดับ {first} ถึง {last})

journal.jsonl   บรรทัดละหนึ่งเหตุการณ์: seq ลำดับ, text ข้อความ, digest ค่าแฮช SHA-256 ของค่าแฮชก่อนหน้าต่อด้วยข้อความ
                รายการที่มีชั้นความลับมีเฉพาะค่าแฮช (withheld) จำนวน {withheld} รายการ ลูกโซ่ยังตรวจได้
journal.csv     รายการเดียวกันสำหรับเปิดอ่านในโปรแกรมตาราง มีชื่อเหตุการณ์เป็นภาษาไทย ไม่ใช่หลักฐาน
events.csv      รหัสเหตุการณ์ทั้งหมดใน journal.jsonl (event) กับชื่อภาษาไทย
readings.csv    ใครเปิด ดาวน์โหลด พิมพ์ หรือส่งออกอะไร เมื่อใด จากหมายเลขเครื่องใด (ถ้ามี)
chain.json      ลำดับแรก ลำดับสุดท้าย และค่าแฮชที่อยู่ก่อนลำดับแรก
heads/          หัวของบันทึกเมื่อสิ้นวัน ที่ส่วนราชการลงตราไว้: .json ถ้อยแถลง .p7s ตรา .tsr ตราประทับรับรองเวลา
check.py        โปรแกรมตรวจลูกโซ่

ตรวจลูกโซ่ (ใช้ Python 3.11 ขึ้นไป ไม่ต้องใช้ระบบสารบรรณ)
  python3 check.py

ตรวจว่าตราเป็นของส่วนราชการ (roots.pem คือใบรับรองของผู้ออกตรา)
  openssl cms -verify -binary -inform DER -in heads/DAY.p7s -content heads/DAY.json \\
    -CAfile roots.pem -purpose smimesign -out /dev/null

ตรวจว่าถ้อยแถลงมีอยู่แล้ว ณ เวลาที่รับรอง (tsa.pem คือใบรับรองของผู้ออกใบรับรองให้ผู้ประทับรับรองเวลา)
  openssl ts -verify -token_in -in heads/DAY.tsr -data heads/DAY.json -CAfile tsa.pem

หัวที่ลงตราหลังวันสุดท้ายครอบคลุมทุกรายการก่อนหน้านั้น เพราะค่าแฮชของแต่ละรายการรวมรายการก่อนหน้าทั้งหมด
"""


@dataclass(frozen=True)
class JournalLine:
    """A line as it stands in the journal; without its text when it is withheld."""

    seq: int
    text: str | None
    digest: str

    def as_json(self) -> str:
        """The line of journal.jsonl."""
        told: dict[str, object] = {"seq": self.seq, "digest": self.digest}
        told |= {"withheld": True} if self.text is None else {"text": self.text}
        return json.dumps(told, ensure_ascii=False, sort_keys=True) + "\n"

    def as_row(self) -> list[object]:
        """The line for people (COLUMNS), the moment by the office's clock."""
        told = json.loads(self.text) if self.text is not None else {}
        by = told.get("by", {})
        return [
            self.seq,
            office_time(datetime.fromisoformat(told["at"])).isoformat(timespec="seconds") if "at" in told else "",
            event_word(told["event"]) if "event" in told else "",
            told.get("event", ""),
            by.get("name", ""),
            by.get("title", ""),
            self.digest,
        ]


WITHHELD = "(มีชั้นความลับ)"
READ_COLUMNS = ("เวลา", "ผู้อ่าน", "ตำแหน่ง", "การกระทำ", "รหัสหนังสือ", "ไฟล์", "หมายเลขเครื่อง", "ต่างจากปกติ")
COLUMNS = ("ลำดับ", "เวลา", "เหตุการณ์", "รหัสเหตุการณ์", "ผู้ทำ", "ตำแหน่ง", "ค่าแฮช")
EVENT_COLUMNS = ("รหัสเหตุการณ์", "เหตุการณ์")


@dataclass(frozen=True)
class Part:
    """Which part of whose journal: its days, its first and last number, and the digest before the first."""

    agency: str
    since: date
    until: date
    first: int
    last: int
    previous: Digest


class JournalPackage:
    """Writes the package piece by piece: lines first, then the rest, whatever their number."""

    def __init__(self, out: BinaryIO, part: Part) -> None:
        self._zip = zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED)
        self._part, self.lines, self._withheld = part, 0, 0

    def add_lines(self, lines: Iterable[JournalLine]) -> None:
        """Write journal.jsonl."""
        with self._zip.open("journal.jsonl", "w", force_zip64=True) as file:
            for line in lines:
                file.write(line.as_json().encode())
                self.lines += 1
                self._withheld += line.text is None

    def add(self, name: str, pieces: Iterable[bytes]) -> None:
        """Write another file."""
        with self._zip.open(name, "w", force_zip64=True) as file:
            for piece in pieces:
                file.write(piece)

    def finish(self, heads: Sequence[DayClose]) -> None:
        """Write what proves the lines, and close the package."""
        part = self._part
        for close in heads:
            name = f"heads/{close.day.isoformat()}"
            parts = ((".json", close.statement), (".p7s", close.signature), (".tsr", close.time_stamp))
            for ending, data in parts:
                if data is not None:
                    self.add(name + ending, [data])
        chain = {"agency": part.agency, "first": part.first, "last": part.last, "previous": part.previous.hex}
        self.add("chain.json", [json.dumps(chain, ensure_ascii=False, sort_keys=True).encode()])
        self.add("check.py", [Path(journal_check.__file__).read_bytes()])
        words = READ_ME.format(
            agency=part.agency,
            since=part.since.isoformat(),
            until=part.until.isoformat(),
            first=part.first,
            last=part.last,
            withheld=self._withheld,
        )
        self.add("README.txt", [words.encode()])
        self._zip.close()
