"""The desk where the day begins: what is wrong first, then the work that waits."""

from __future__ import annotations

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue

from saraban.domain.permissions import may_draft, words_of
from saraban.doorway import actor, reader, services
from saraban.reading import dashboards
from saraban.reading.trouble_kinds import KINDS
from saraban.web.filters import link
from saraban.web.problems import address_of

bp = Blueprint("home", __name__)

# What waits, in words: the kind of a row in the queue, its name, its mark and the deed.
JOBS = {
    "incoming": ("ลงรับจากกล่องเข้า", "hot", "ลงรับ", "r"),
    "desk": ("แฟ้มเสนอ", "act", "พิจารณา", ""),
    "task": ("งานจากหนังสือรับ", "act", "ดำเนินการ", ""),
    "returned": ("ส่งคืนให้แก้", "hot", "แก้ร่าง", ""),
    "stuck": ("ค้าง ตำแหน่งว่าง", "hot", "จัดการ", ""),
    "ahead": ("ตำแหน่งข้างหน้าว่าง", "wait", "จัดการ", ""),
    "approve": ("เอกสารรออนุมัติ", "act", "พิจารณา", ""),
    "sign": ("เอกสารรอลงนาม", "act", "ลงนาม", ""),
    "lookup": ("ขอตรวจเอกสาร", "act", "ตอบ", ""),
    "issued": ("ออกเลขแล้ว รอส่ง", "wait", "ส่งออก", ""),
}
_CARDS = 6


@bp.get("/")
def index() -> ResponseReturnValue:
    """Problem cards and the work queue of the person."""
    shown = dashboards.home(reader(), actor(), services().clock.now())
    return render_template(
        "home/index.html",
        today=services().clock.now(),
        problems=shown.problems[:_CARDS],
        problem_count=len(shown.problems),
        queue=shown.queue,
        jobs=JOBS,
        kinds=KINDS,
        address_of_job=_address_of_job,
        address_of_problem=address_of,
        why_not_draft=words_of(may_draft(actor())),
    )


def _address_of_job(row: dashboards.QueueRow) -> str:
    match row.kind:
        case "incoming" | "task":
            return link("incoming.show", incoming_id=row.id)
        case "desk":
            return url_for("routing.show", letter_id=row.id)
        case "approve" | "sign":
            return url_for("issued.index", show="mine", kind=row.id)
        case "lookup":
            return url_for("lookups.index", side="theirs", waiting="1")
        case "returned":
            return url_for("letters.edit", letter_id=row.id)
    return url_for("letters.show", letter_id=row.id)
