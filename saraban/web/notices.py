"""A person's notices: the list behind the bell, read marks, and what the open page asks for again and again."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection

from saraban.domain.actor import Actor
from saraban.domain.errors import NotFound
from saraban.domain.joining import joined
from saraban.domain.loan import LoanState
from saraban.domain.lookup import Outcome
from saraban.domain.notice import About, NoticeKind
from saraban.domain.visit import VisitState
from saraban.doorway import actor, office, reader, refresh_reader, services
from saraban.reading import dashboards
from saraban.reading import notices as rows
from saraban.usecases import noticing
from saraban.web.events import BOARD, has_left, stream
from saraban.web.filters import count, thai_date

_TO_THE_LETTER = (
    *(NoticeKind.RETURNED, NoticeKind.ESCALATED, NoticeKind.READ, NoticeKind.READ_AGAIN),
    NoticeKind.ANSWERED,
)
"""What is told of a letter that does not lie on the person's desk."""
_FROM = (
    *(NoticeKind.ANSWERED, NoticeKind.ARRIVED, NoticeKind.ISSUED_APPROVE, NoticeKind.ISSUED_SIGN),
    *(NoticeKind.LOOKUP_ASKED, NoticeKind.MEETING_FILE),
)
"""What tells from whom it came, and no more."""
bp = Blueprint("notices", __name__, url_prefix="/notices")


@bp.get("")
def index() -> ResponseReturnValue:
    """The list, the newest first; `show=unread` those that are unread alone."""
    unread = request.args.get("show") == "unread"
    page = rows.listed(reader(), actor(), unread=unread, cursor=request.args.get("cursor"))
    return render_template("notices/index.html", page=page, unread=unread, words=words_of)


@bp.get("/<uuid:notice_id>")
def follow(notice_id: UUID) -> ResponseReturnValue:
    """Read a notice: to what it is about."""
    found = rows.one(reader(), actor(), notice_id)
    if not found.read:
        noticing.mark_read(services(), actor=actor(), notice_id=notice_id)
    return redirect(_address(found))


@bp.post("/<uuid:notice_id>/read")
def read(notice_id: UUID) -> ResponseReturnValue:
    """Mark one as read."""
    rows.one(reader(), actor(), notice_id)
    noticing.mark_read(services(), actor=actor(), notice_id=notice_id)
    return redirect(url_for(".index", show=request.args.get("show")))


@bp.post("/read")
def read_all() -> ResponseReturnValue:
    """Mark all as read."""
    marked = noticing.mark_read(services(), actor=actor())
    refresh_reader()
    flash(f"อ่านแล้ว {count(marked)} รายการ" if marked else "ไม่มีรายการที่ยังไม่อ่าน", "green")
    return redirect(url_for(".index"))


@bp.get("/now")
def now() -> ResponseReturnValue:
    """What the frame counts at this moment: for pages that cannot follow the stream."""
    who = actor()
    return jsonify(_state(reader(), who, rows.unread(reader(), [_person(who)])[_person(who)]))


@bp.get("/events")
def events() -> ResponseReturnValue:
    """The stream of the same (server-sent events); 204 when as many pages follow it as may, and the
    browser does not come again."""
    who, engine, clock = actor(), office().reading, services().clock
    board = BOARD.of(engine)

    def told(unread: rows.Unread) -> dict[str, Any]:
        with engine.connect() as connection:
            return _state(connection, who, unread, clock.now())

    seen = request.headers.get("Last-Event-ID") or request.args.get("seen", "")
    following = board.follow(_person(who))
    if following is None:
        return Response(status=204)
    refresh_reader()  # the stream holds no connection while it waits
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    lines = stream(board, following, seen, told, left=has_left(request.environ))
    return Response(lines, mimetype="text/event-stream", headers=headers)


def words_of(row: rows.NoticeRow) -> str:
    """What a notice says beside its kind and the subject."""
    told = row.told
    match row.kind:
        case NoticeKind.STEP:
            return f"ขอให้ท่าน{told['deed']}" if told.get("deed") else ""
        case NoticeKind.READ | NoticeKind.READ_AGAIN:
            return joined("จาก", told["by"]) if told.get("by") else ""
        case NoticeKind.TASK | NoticeKind.ORDER:
            to = f"ถึง {told['unit']} " if told.get("unit") else ""
            return joined(f"{to}{told.get('purpose', '')} จาก", told["by"]) if told.get("by") else ""
        case NoticeKind.LOOKUP_ANSWERED:
            return joined(f"{Outcome(told['outcome']).thai} จาก", told["by"])
        case _ if row.kind in _FROM:
            return joined("จาก", told["by"]) if told.get("by") else ""
        case NoticeKind.RECALL:
            return joined(f"{told['by']}:", told.get("reason", "")) if told.get("by") else ""
        case NoticeKind.BATCH:
            left = f" ทำไม่ได้ {count(told['left'])} ฉบับ" if told.get("left") else ""
            return f"ทำแล้ว {count(told.get('done', 0))} ฉบับ{left}"
        case NoticeKind.MEETING_FILE_REMOVED:
            return joined(f"{told['file']}:", told["reason"])
        case NoticeKind.RETURNED | NoticeKind.ISSUED_RETURNED:
            return joined(f"{told['by']}:", told.get("reason", "")) if told.get("by") else ""
        case NoticeKind.HOLDER_RETURNED:
            return str(told.get("reason", ""))
        case NoticeKind.LOAN | NoticeKind.LOAN_CALLED:
            return f"{told['by']} กำหนดส่งคืน {thai_date(date.fromisoformat(told['due']), 'short')}"
        case NoticeKind.DISPOSAL:
            return joined(f"{told.get('deed', '')} จาก", told.get("by", ""))
        case NoticeKind.SURVEY | NoticeKind.HANDOVER if told.get("due"):
            return f"ภายใน {thai_date(date.fromisoformat(told['due']), 'short')}"
        case NoticeKind.VISIT:
            return joined(f"{told.get('deed', '')} บันทึกโดย", told.get("by", ""))
        case NoticeKind.VISIT_ANSWERED:
            day = f" นัดมาดู {thai_date(date.fromisoformat(told['due']), 'short')}" if told.get("due") else ""
            return joined(VisitState(told["state"]).thai + day, "โดย", told["by"])
        case NoticeKind.LOAN_ANSWERED:
            return joined(LoanState(told["state"]).thai, "โดย", told["by"])
        case NoticeKind.NEAR | NoticeKind.LATE | NoticeKind.TODAY:
            return f"กำหนด {thai_date(date.fromisoformat(told['due']), 'short')}" if told.get("due") else ""
        case NoticeKind.ESCALATED:
            return joined("รอ", told.get("title", "")) if told.get("title") else ""
    return ""


def _state(connection: Connection, who: Actor, unread: rows.Unread, at: Any = None) -> dict[str, Any]:
    """The counts of the frame, and the newest unread notice in words."""
    nav = dashboards.nav(connection, who, at or services().clock.now())
    counts = {"desk": nav.desk_waiting, "incoming": nav.incoming_new, "problems": nav.problems, "reading": nav.to_read}
    newest = rows.listed(connection, who, unread=True, limit=1).items
    return {
        "mark": unread.mark,
        "unread": unread.count,
        "counts": counts,
        "newest": f"{newest[0].kind.thai}: {newest[0].subject}" if newest else "",
    }


def _address(row: rows.NoticeRow) -> str:
    if row.about is About.BATCH:
        return url_for("batching.show", batch_id=row.about_id)
    if row.about is About.LOAN:
        return url_for("loans.show", loan_id=row.about_id)
    if row.about is About.VISIT:
        return url_for("visits.show", visit_id=row.about_id)
    if row.about is About.SURVEY:
        return url_for("disposals.index")
    if row.about is About.HANDOVER:
        return url_for("handovers.show", list_id=row.about_id)
    if row.about is About.DISPOSAL:
        return url_for("disposals.show", list_id=row.about_id)
    if row.about is About.ISSUED:
        return url_for("issued.show", document_id=row.about_id)
    if row.about is About.ISSUED_KIND:
        return url_for("issued.index", show="mine", kind=row.about_id)
    if row.about is About.LOOKUP:
        return url_for("lookups.show", lookup_id=row.about_id)
    if row.about is About.MEETING:
        return url_for("meetings.show", meeting_id=row.about_id)
    if row.about is About.INCOMING:
        return url_for("incoming.show", incoming_id=row.about_id)
    if row.kind in _TO_THE_LETTER:
        return url_for("letters.show", letter_id=row.about_id)
    return url_for("routing.show", letter_id=row.about_id)


def _person(who: Actor) -> UUID:
    if who.person_id is None:
        raise NotFound
    return who.person_id
