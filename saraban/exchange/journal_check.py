"""Checks a journal that was taken away. Needs nothing but Python: `python3 check.py` in the folder it lies in.

Each line of journal.jsonl has its number, its text and its digest: SHA-256 of the digest before it (64 hexadecimal
digits) followed by the text. A line whose text was withheld carries its digest alone. chain.json says which digest
stands before the first line. heads/ holds what the agency sealed at the end of days: the number and the digest of the
last line.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path


def problems(folder: Path) -> Iterator[str]:
    """Everything that does not hold, in Thai with the line's number; nothing when the journal is whole."""
    chain = json.loads((folder / "chain.json").read_text(encoding="utf-8"))
    previous, expected, digests = chain["previous"], chain["first"], {chain["first"] - 1: chain["previous"]}
    with (folder / "journal.jsonl").open(encoding="utf-8") as lines:
        for line in lines:
            told = json.loads(line)
            if told["seq"] != expected:
                yield f"ลำดับ {expected}: ขาดรายการหรือสลับลำดับ (พบลำดับ {told['seq']})"
            text = told.get("text")
            if text is not None:
                if json.loads(text).get("seq") != told["seq"]:
                    yield f"ลำดับ {told['seq']}: เลขลำดับในข้อความไม่ตรงกัน"
                if hashlib.sha256((previous + text).encode()).hexdigest() != told["digest"]:
                    yield f"ลำดับ {told['seq']}: ค่าแฮชไม่ต่อเนื่อง ข้อความถูกแก้ไข"
            previous, expected = told["digest"], told["seq"] + 1
            digests[told["seq"]] = previous
    if expected != chain["last"] + 1:
        yield f"ลำดับ {chain['last']}: ขาดรายการท้าย"
    for head in sorted((folder / "heads").glob("*.json")):
        journal = json.loads(head.read_text(encoding="utf-8"))["journal"]
        if digests.get(journal["seq"], journal["head"]) != journal["head"]:
            yield f"ลำดับ {journal['seq']}: ไม่ตรงกับหัวที่ลงตราไว้ใน {head.name}"


if __name__ == "__main__":
    found = list(problems(Path(sys.argv[1] if len(sys.argv) > 1 else ".")))
    sys.stdout.write("\n".join(found or ["บันทึกเหตุการณ์ครบถ้วน ไม่ถูกแก้ ไม่ขาด ไม่สลับลำดับ"]) + "\n")
    sys.exit(1 if found else 0)
