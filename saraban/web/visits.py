"""Outsiders who look at kept letters, on the screens (clause 65)."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from saraban.domain.keeping import KeepingState
from saraban.domain.permissions import may_ask_for_visitor, may_permit_visit, may_show_to_visitor, words_of
from saraban.domain.register import EntryId
from saraban.doorway import actor, reader, services
from saraban.reading import archive as kept_rows
from saraban.reading import visits as rows
from saraban.usecases import visiting
from saraban.web.archive_deeds import done, typed_day

bp = Blueprint("visits", __name__, url_prefix="/archive")


@bp.get("/visits")
def index() -> str:
    """Who wants to look, and who did."""
    page = rows.visits_page(reader(), actor(), request.args.get("cursor") or None)
    return render_template("archive/visits.html", view="loans", page=page)


@bp.get("/letters/<uuid:entry_id>/visit")
def ask(entry_id: UUID) -> str:
    """The form: who wants to look at the letter."""
    one = kept_rows.kept_line(reader(), actor(), entry_id)
    why_not = words_of(may_ask_for_visitor(actor(), one.line.secrecy))
    return render_template("archive/visit_ask.html", one=one, why_not=why_not)


@bp.post("/letters/<uuid:entry_id>/visit")
def put(entry_id: UUID) -> ResponseReturnValue:
    """Write it down."""
    said = request.form

    def deed() -> UUID:
        visitor = visiting.Visitor(
            *(said.get("visitor", ""), said.get("evidence", ""), said.get("purpose", ""), said.get("copies") == "1"),
            comes_on=typed_day("comes_on"),
            mail=said.get("mail", ""),
        )
        return visiting.ask(services(), actor=actor(), entry_id=EntryId(entry_id), visitor=visitor)

    return done(
        deed,
        "บันทึกคำขอดูแล้ว รอผู้อำนวยการหรือหัวหน้าส่วนราชการอนุญาต",
        lambda visit_id: url_for(".show", visit_id=visit_id),
        lambda: ask(entry_id),
    )


@bp.get("/visits/<uuid:visit_id>")
def show(visit_id: UUID) -> str:
    """One visit, with the deed that it waits for."""
    one = rows.visit(reader(), actor(), visit_id)
    who, secrecy = actor(), one.letter.line.secrecy
    stored = one.letter.state is KeepingState.STORED
    why_not = {
        "permit": words_of(may_permit_visit(who, one.visit.unit_id, secrecy)),
        "show": words_of(may_show_to_visitor(who, one.visit.unit_id, secrecy, stored=stored)),
    }
    return render_template("archive/visit.html", one=one, visit=one.visit, why_not=why_not)


@bp.post("/visits/<uuid:visit_id>/permit")
def permit(visit_id: UUID) -> ResponseReturnValue:
    """Let it be looked at."""
    return _about(visit_id, lambda: visiting.permit(services(), actor=actor(), visit_id=visit_id), "อนุญาตให้ดูแล้ว")


@bp.post("/visits/<uuid:visit_id>/refuse")
def refuse(visit_id: UUID) -> ResponseReturnValue:
    """Do not."""
    why = request.form.get("reason", "")
    deed = visiting.refuse
    return _about(visit_id, lambda: deed(services(), actor=actor(), visit_id=visit_id, reason=why), "ไม่อนุญาตแล้ว")


@bp.post("/visits/<uuid:visit_id>/done")
def shown(visit_id: UUID) -> ResponseReturnValue:
    """It was looked at."""
    copied = request.form.get("copied", "")

    def deed() -> None:
        visiting.show(services(), actor=actor(), visit_id=visit_id, on=typed_day("on"), copied=copied)

    return _about(visit_id, deed, "บันทึกการดูแล้ว")


@bp.post("/visits/<uuid:visit_id>/gone")
def gone(visit_id: UUID) -> ResponseReturnValue:
    """Nobody came."""
    deed = visiting.nobody_came
    return _about(visit_id, lambda: deed(services(), actor=actor(), visit_id=visit_id), "ปิดคำขอแล้ว")


def _about(visit_id: UUID, deed: Callable[[], object], words: str) -> ResponseReturnValue:
    return done(deed, words, lambda _: url_for(".show", visit_id=visit_id), lambda: show(visit_id))
