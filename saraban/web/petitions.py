"""Letters from the public on the screens of the agency: who waits, until when, and handing over the answer."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from saraban.domain.calendar import office_date
from saraban.domain.errors import BadInput, NotFound, RuleBroken
from saraban.domain.incoming import IncomingId, IncomingState
from saraban.domain.letter import LetterId
from saraban.domain.permissions import may_work_incoming, words_of
from saraban.domain.petition import LARGEST_FILE, BroughtFile
from saraban.doorway import actor, office, reader, refresh_reader, services
from saraban.doorway.deadlines import due_on
from saraban.reading import people
from saraban.reading import petitions as rows
from saraban.usecases import petitioning, viewing
from saraban.web.filters import letter_number

bp = Blueprint("petitions", __name__, url_prefix="/petitions")


@bp.get("")
def index() -> str:
    """Letters from the public: those whose sender waits, or another choice of them."""
    asked = request.args.get("show", "")
    shown = next((one for one in rows.Shown if one.value == asked), rows.Shown.OPEN)
    today = office_date(services().clock.now())
    page = rows.petitions(reader(), actor(), today, shown=shown, cursor=request.args.get("cursor"))
    agency = people.agency(reader(), actor().agency_id)
    takes = any(one.code == agency.code for one in rows.takers(reader()))
    public = office().settings.public_url
    return render_template(
        "petitions/index.html",
        page=page,
        shown=shown,
        views=[(one.thai, url_for(".index", show=one.value), one is shown) for one in rows.Shown],
        counts={one.value: count for one, count in rows.counts(reader(), actor(), today).items()},
        dues={row.id: due_on(row.due_on) for row in page.items if row.open},
        takes=takes,
        code=agency.code,
        address=f"{public}/w/to/{agency.code}" if public and takes else "",
    )


@bp.get("/<uuid:incoming_id>/answer")
def answer(incoming_id: UUID) -> ResponseReturnValue:
    """With what the letter is answered."""
    return _answer_page(incoming_id, {})


@bp.post("/<uuid:incoming_id>/answer")
def give(incoming_id: UUID) -> ResponseReturnValue:
    """ส่งคำตอบให้ผู้ยื่น: lay the answer behind number and code, and mail it where there is a mailbox."""
    sent = request.files.get("file")
    brought = None
    if sent is not None and sent.filename:
        brought = BroughtFile(sent.filename, sent.stream.read(LARGEST_FILE + 1))
    try:
        mailed = petitioning.give_answer(
            services(),
            actor=actor(),
            incoming_id=IncomingId(incoming_id),
            letter_id=_chosen(request.form.get("letter", "")) if brought is None else None,
            file=brought,
        )
    except BadInput as error:
        return _answer_page(incoming_id, error.fields), 422
    except RuleBroken as error:
        return _answer_page(incoming_id, {"file": error.thai}), 422
    refresh_reader()
    flash("ส่งคำตอบที่หน้าติดตามและทางอีเมลแล้ว" if mailed else "ผู้ยื่นรับคำตอบที่หน้าติดตามได้แล้ว", "green")
    return redirect(url_for("incoming.show", incoming_id=incoming_id))


def _chosen(text: str) -> LetterId | None:
    try:
        return LetterId(UUID(text)) if text else None
    except ValueError:
        raise NotFound from None


def _answer_page(incoming_id: UUID, errors: Mapping[str, str]) -> str:
    letter = viewing.open_incoming(services(), actor=actor(), incoming_id=IncomingId(incoming_id))
    row = rows.beside(reader(), actor(), incoming_id)
    if row is None:
        raise NotFound
    why = "" if letter.state is IncomingState.REGISTERED else "ลงรับก่อน จึงส่งคำตอบให้ผู้ยื่นได้"
    replies = rows.issued_replies(reader(), actor(), incoming_id)
    return render_template(
        "petitions/answer.html",
        row=row,
        replies=replies,
        choices=[(str(one.id), f"ที่ {letter_number(one.number)} {one.subject}") for one in replies],
        chosen=request.form.get("letter", "") or (str(replies[-1].id) if replies else ""),
        errors=errors,
        why_not=words_of(may_work_incoming(actor(), letter)) or why,
    )
