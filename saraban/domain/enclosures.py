"""How the enclosures of a letter are listed on its page (สิ่งที่ส่งมาด้วย, clause 11.7): each file by a title of its own
and by how many there are of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from saraban.domain.attachment import Attachment, Digest

LONGEST_TITLE, LONGEST_AMOUNT = 300, 60
ONE = "จำนวน 1 ชุด"
"""What is printed where nothing was said of how many."""


@dataclass(frozen=True)
class EnclosureLine:
    """What is printed for a file, told by its digest. Without a title it is the file's name, without an amount one
    set. `amount` as in "2 แผ่น"."""

    sha256: Digest
    title: str = ""
    amount: str = ""

    def printed(self, file: Attachment) -> tuple[str, str]:
        """The title and the amount that stand on the page."""
        return self.title or title_of(file.name), self.amount or ONE


def printed_lines(lines: Sequence[EnclosureLine], files: Sequence[Attachment]) -> list[tuple[str, str]]:
    """The title and the amount of each of these files, in their order."""
    by_file = {line.sha256: line for line in lines}
    return [by_file.get(file.sha256, EnclosureLine(file.sha256)).printed(file) for file in files]


def title_of(name: str) -> str:
    """A title made of the name of a file: without its ending."""
    stem, dot, ending = name.rpartition(".")
    return stem if dot and 1 <= len(ending) <= 5 else name


def fault_of(lines: Sequence[EnclosureLine]) -> str:
    """What is wrong with these lines, in Thai; empty when they may stand so."""
    for line in lines:
        if any(letter in text for text in (line.title, line.amount) for letter in "\r\n"):
            return "ชื่อและจำนวนของสิ่งที่ส่งมาด้วยใส่ได้บรรทัดเดียว"
        if len(line.title) > LONGEST_TITLE:
            return f"ชื่อสิ่งที่ส่งมาด้วยยาวเกิน {LONGEST_TITLE} ตัวอักษร"
        if len(line.amount) > LONGEST_AMOUNT:
            return f"จำนวนของสิ่งที่ส่งมาด้วยยาวเกิน {LONGEST_AMOUNT} ตัวอักษร"
    return "" if len({line.sha256 for line in lines}) == len(lines) else "บอกชื่อสิ่งที่ส่งมาด้วยของไฟล์เดียวกันซ้ำ"
