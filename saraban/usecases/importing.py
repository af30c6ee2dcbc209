"""Lists of letters that come in as sheets: read, put down as an errand, and entered all or none."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import date, datetime
from pathlib import PurePath
from typing import Any, BinaryIO, Protocol, cast

from saraban.domain.actor import Actor
from saraban.domain.attachment import Digest, safe_name
from saraban.domain.classification import Secrecy, Urgency
from saraban.domain.errors import BadInput
from saraban.domain.numbering import thai_digits
from saraban.domain.permissions import may_enter, require
from saraban.domain.register import BookKind, Matter
from saraban.usecases.books import AlreadyDone, OnceKey
from saraban.usecases.ports import Doer, Made, Services, Step
from saraban.usecases.registry import Errand
from saraban.usecases.sheets import Sheet
from saraban.usecases.viruses import require_clean

ERRAND = "import-sheet"
MOST_ROWS = 10_000
LARGEST_SHEET = 20_000_000
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_CHECKED_AT_ONCE = 500
_LARGEST_RESULT = 50_000_000
_IN_MEMORY = 8_000_000
_RESULT = ("เลขทะเบียน", "ปี พ.ศ.", "เลขที่หนังสือ", "จาก", "ถึง", "เรื่อง")


class Entered(Protocol):
    """What is known of a line that was written."""

    @property
    def number(self) -> int: ...

    @property
    def year(self) -> int: ...

    @property
    def letter_number(self) -> str: ...


class Record(Protocol):
    """Enters letters in their order, all of them or none (`recording.record_many`)."""

    def __call__(
        self,
        office: Services,
        *,
        actor: Actor,
        kind: BookKind,
        matters: Sequence[Matter],
        unit_code: str,
        accepted: Sequence[str],
    ) -> Sequence[Entered]: ...


def read_sheet(office: Services, *, actor: Actor, kind: BookKind, stream: BinaryIO, name: str) -> Sheet:
    """The first sheet of a file (XLSX or CSV), at most 10,000 rows. The row of headings is the first one that is not
    empty and no title, as an exported register has. Raises BadInput({"file": …}) with a Thai reason."""
    require(may_enter(actor, kind, actor.unit_id, Secrecy.OPEN))
    data = stream.read(LARGEST_SHEET + 1)
    if len(data) > LARGEST_SHEET:
        raise BadInput({"file": "ไฟล์ใหญ่เกิน ๒๐ MB แบ่งเป็นหลายไฟล์แล้วนำเข้าทีละไฟล์"})
    require_clean(office.scanner, data)
    sheet = Sheet.of(office.spreadsheets.read(data, name), titled=True)
    many = len(sheet.rows)
    if not many:
        raise BadInput({"file": "ไม่พบรายการในแผ่นงานแรก แถวแรกต้องเป็นหัวตาราง แถวต่อไปเป็นรายการ"})
    if many > MOST_ROWS:
        told = f"มี {many:,} แถว นำเข้าได้ครั้งละไม่เกิน {MOST_ROWS:,} แถว แบ่งเป็นหลายไฟล์"
        raise BadInput({"file": thai_digits(told)})
    return sheet


def keep_list(office: Services, *, matters: Sequence[Matter], numbers: Sequence[int] = ()) -> Digest:
    """Keep letters to be entered later, for the order of an errand; `numbers` are those of their rows in the sheet, by
    which they are told, and from 1 on without any."""
    numbers = numbers or range(1, len(matters) + 1)
    listed = [[number, asdict(matter)] for number, matter in zip(numbers, matters, strict=True)]
    return office.blobs.keep(json.dumps(listed, ensure_ascii=False, default=_plain).encode())


def kept_list(office: Services, digest: Digest) -> dict[int, Matter]:
    """The letters that `keep_list` kept, by the numbers of their rows."""
    return {number: _matter(values) for number, values in json.loads(office.blobs.open(digest))}


def sheet_importer(record: Record) -> Doer:
    """The doer of such an errand. Its order: "book", "unit", "list" (the digest of a kept list) and "accepted"
    (the keys of what seemed known and a clerk has looked at).

    A worker that was killed after the commit and before it could say so does not enter the letters a second time: the
    errand's own key lies in the same transaction.
    """

    def work(office: Services, errand: Errand, actor: Actor, step: Step) -> Made:
        order = errand.order
        kind, by_row = BookKind(order["book"]), kept_list(office, Digest(order["list"]))
        _check(office, kind, by_row, step)
        matters = list(by_row.values())
        key = OnceKey(f"errand:{errand.id}", ERRAND, str(order["list"]))
        keyed = replace(office, uow=office.once(key))
        try:
            entered = record(
                keyed, actor=actor, kind=kind, matters=matters, unit_code=order["unit"], accepted=order["accepted"]
            )
        except AlreadyDone as done:
            words = (done.answer or {}).get("words", "ลงทะเบียนครบแล้วทุกแถว ดูเลขในทะเบียน")
            return Made(len(matters), words=str(words))
        words = _words(kind, entered)
        office.remember(key, {"words": words})
        return _told(office, errand, matters, entered, words)

    return work


def _check(office: Services, kind: BookKind, by_row: Mapping[int, Matter], step: Step) -> None:
    """Look at every row before anything is written: half of the way, as the bar shows it."""
    now, many = office.clock.now(), len(by_row)
    for looked, (number, matter) in enumerate(by_row.items(), start=1):
        if faults := matter.faults(kind, now):
            raise BadInput(faults, f"แถวที่ {thai_digits(number)}: {'; '.join(faults.values())}")
        if looked % _CHECKED_AT_ONCE == 0 or looked == many:
            step(looked, 2 * many)


def _words(kind: BookKind, entered: Sequence[Entered]) -> str:
    first, last = entered[0], entered[-1]
    told = f"{len(entered):,} ฉบับ เลข {first.number} ถึง {last.number} ปี {last.year}"
    return f"ลง{kind.thai}แล้ว {thai_digits(told)} ไม่มีแถวใดขาด"


def _told(office: Services, errand: Errand, matters: Sequence[Matter], entered: Sequence[Entered], words: str) -> Made:
    def rows() -> Iterator[Sequence[object]]:
        for line, matter in zip(entered, matters, strict=True):
            yield line.number, line.year, line.letter_number, matter.sender, matter.addressee, matter.subject

    with tempfile.SpooledTemporaryFile(_IN_MEMORY) as file:
        out = cast(BinaryIO, file)
        office.spreadsheets.write_xlsx("เลขที่ได้", _RESULT, rows(), out)
        out.seek(0)
        digest, _ = office.blobs.keep_stream(out, _LARGEST_RESULT)
    return Made(len(entered), safe_name(f"เลขที่ได้ {PurePath(errand.title).stem}.xlsx"), XLSX, digest, words)


def _plain(value: object) -> str:
    assert isinstance(value, date | datetime)
    return value.isoformat()


def _matter(values: dict[str, Any]) -> Matter:
    day, came = values["letter_date"], values["received_at"]
    return Matter(
        **values
        | {
            "letter_date": date.fromisoformat(day) if day else None,
            "received_at": datetime.fromisoformat(came) if came else None,
            "urgency": Urgency(values["urgency"]),
            "secrecy": Secrecy(values["secrecy"]),
        }
    )
