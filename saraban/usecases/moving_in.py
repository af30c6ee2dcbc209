"""Moving in: the registers of an old system, from a folder with one sheet and the files that it names.

An errand looks at every row before anything is written, then enters block after block, each in a transaction of its
own. What is there already is left as it is, so that whatever ends the errand early, the next one goes on where it was.
At the end the files that are kept now leave the folder: it would outlast the letters that are destroyed one day.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from typing import BinaryIO, cast
from uuid import uuid4

from saraban.domain.actor import Actor
from saraban.domain.attachment import safe_name
from saraban.domain.calendar import office_date
from saraban.domain.errors import BadInput, NotFound
from saraban.domain.numbering import thai_digits
from saraban.domain.permissions import may_administer, require
from saraban.usecases.moving_desk import Desk, Plan, ReadOldLines
from saraban.usecases.ports import Doer, Made, Services, Step
from saraban.usecases.registry import Errand

ERRAND = "move-in"
CHECK, ENTER, ENTER_SOUND = "check", "enter", "enter-sound"
"""What may be ordered: only to look; to enter all rows or none; to enter the rows that have no faults."""
TITLES = {
    CHECK: "ตรวจทะเบียนเดิม",
    ENTER: "ย้ายทะเบียนเดิม",
    ENTER_SOUND: "ย้ายทะเบียนเดิม (เว้นแถวที่ต้องแก้)",
}
LARGEST_SENDING = 2_000_000_000
"""Octets of one request that brings files; more comes in several, into the same folder."""
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_LARGEST_RESULT = 200_000_000
_IN_MEMORY = 8_000_000
_RESULT = ("แถว", "ทะเบียน", "หน่วยงาน", "ปี พ.ศ.", "เลขทะเบียน", "เรื่อง", "สิ่งที่ต้องแก้")


def mover(read: ReadOldLines) -> Doer:
    """The doer of such an errand. Its order: "folder", and "deed" (CHECK, ENTER or ENTER_SOUND)."""

    def work(office: Services, errand: Errand, actor: Actor, step: Step) -> Made:
        require(may_administer(actor))
        desk = Desk(office, actor, str(errand.order["folder"]), read)
        plan = desk.plan(step)
        if errand.order["deed"] == CHECK:
            return _told(office, errand, plan, _looked(plan))
        if plan.wrong and errand.order["deed"] == ENTER:
            raise BadInput({"rows": _looked(plan)})
        known = min(desk.known_before(errand, plan), len(plan.known))
        entered = desk.enter(plan, step) + len(plan.known) - known
        filled = desk.keep_known(plan, step)
        desk.remember(errand.id, plan, entered, known)
        cleared = desk.clear(plan, step)
        words = f"ย้ายเข้าทะเบียนแล้ว {entered:,} รายการ"
        words += f" มีอยู่ก่อนแล้ว {known:,} รายการ" if known else ""
        words += f" เติมการเก็บ {filled:,} รายการ" if filled else ""
        words += f" เว้นไว้ {len(plan.wrong):,} แถวที่ยังต้องแก้" if plan.wrong else " ไม่มีแถวใดขาด"
        words += f" ลบจากโฟลเดอร์ {cleared.gone:,} ไฟล์ที่เก็บในระบบแล้ว" if cleared.gone else ""
        words += f" เหลือในโฟลเดอร์ {cleared.left:,} ไฟล์ที่ไม่ได้ใช้" if cleared.left else ""
        return _told(office, errand, plan, thai_digits(words))

    return work


def lay(office: Services, *, actor: Actor, code: str, folder: str, sent: Sequence[tuple[str, BinaryIO]]) -> str:
    """Lay what an administrator sends into a folder of the agency with this code; what is to be done next, in words."""
    require(may_administer(actor))
    count = thai_digits(f"{office.old_folders.lay(code, folder, sent):,}")
    name = " ".join(folder.split())
    if name in office.old_folders.names(code):
        return f"รับแล้ว {count} ไฟล์ กด “ตรวจก่อน” ที่โฟลเดอร์ {name}"
    return f"รับแล้ว {count} ไฟล์ ยังไม่มีตาราง ส่งไฟล์ CSV หรือ XLSX เข้าโฟลเดอร์ {name} อีกครั้ง"


def title_of(office: Services, *, code: str, folder: str, deed: str) -> str:
    """What such an errand of the agency with this code is called. Raises BadInput for a folder that is not there."""
    if deed not in TITLES or folder not in office.old_folders.names(code):
        raise BadInput({"folder": "เลือกโฟลเดอร์จากรายการ"})
    return f"{TITLES[deed]} {folder}"


def _looked(plan: Plan) -> str:
    if plan.wrong:
        row = min(plan.wrong)
        first = f"แถวที่ {row}: {'; '.join(plan.wrong[row].values())}"
        return thai_digits(f"ตรวจแล้ว {len(plan.lines):,} แถว ต้องแก้ {len(plan.wrong):,} แถว เริ่มที่{first}")
    known = f" มีอยู่ในทะเบียนแล้ว {len(plan.known):,} แถว" if plan.known else ""
    return thai_digits(f"ตรวจแล้ว {len(plan.lines):,} แถว ไม่มีสิ่งที่ต้องแก้ พร้อมย้ายเข้า{known}")


def _told(office: Services, errand: Errand, plan: Plan, words: str) -> Made:
    """The rows with faults as a sheet, when there are any."""
    if not plan.wrong:
        return Made(2 * len(plan.lines), words=words)

    def rows() -> Iterator[Sequence[object]]:
        for line in plan.lines:
            if faults := plan.wrong.get(line.row):
                book = line.kind.thai if line.kind is not None else ""
                yield (
                    line.row,
                    book,
                    line.unit,
                    line.year,
                    line.serial,
                    line.matter.subject,
                    " · ".join(faults.values()),
                )

    with tempfile.SpooledTemporaryFile(_IN_MEMORY) as file:
        out = cast(BinaryIO, file)
        office.spreadsheets.write_xlsx("แถวที่ต้องแก้", _RESULT, rows(), out)
        out.seek(0)
        digest, _ = office.blobs.keep_stream(out, _LARGEST_RESULT)
    day = office_date(office.clock.now()).isoformat()
    name = safe_name(f"แถวที่ต้องแก้ {errand.order['folder']} {day}.xlsx")
    return Made(2 * len(plan.lines), name, XLSX, digest, words, len(plan.wrong))


def move_in_now(office: Services, *, username: str, folder: str, deed: str, step: Step) -> Made:
    """The same at once, for a command: `username` is the administrator of the agency who orders it. The result holds
    the rows with faults, if there are any. Raises NotFound for an account that is not there or holds no post."""
    with office.uow() as uow:
        person = uow.people.by_username(username)
        actor = uow.people.actor(person.id, office_date(office.clock.now())) if person is not None else None
    if actor is None or actor.person_id is None:
        raise NotFound(f"ไม่มีบัญชี {username} ที่ใช้อยู่")
    errand = Errand(
        id=uuid4(),
        agency_id=actor.agency_id,
        person_id=actor.person_id,
        kind=ERRAND,
        title=folder,
        order={"folder": folder, "deed": deed},
        made_at=office.clock.now(),
    )
    return office.doers[ERRAND](office, errand, actor, step)
