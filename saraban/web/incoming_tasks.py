"""What officers do about an incoming letter: endorse it, take what was given, say what came of it, return it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any
from uuid import UUID

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from saraban.domain.calendar import office_date
from saraban.domain.errors import NotFound, NotPermitted, SarabanError
from saraban.domain.incoming import IncomingId
from saraban.domain.task import TaskId
from saraban.doorway import actor, refresh_reader, services
from saraban.doorway.errors import problem_of
from saraban.doorway.idempotency import do_once, once_key
from saraban.usecases import assigning, tending
from saraban.web.forms.work import EndorseForm, FinishForm, GiveBackForm
from saraban.web.incoming import shown_page
from saraban.web.incoming_steps import bp

__all__ = ["bp"]


@bp.post("/<uuid:incoming_id>/endorse")
def endorse(incoming_id: UUID) -> ResponseReturnValue:
    """เกษียน: write on the letter and give it to those who are to act, to advise or to know."""
    form = EndorseForm.typed()
    said = {**form.to, "note": form.note.data or "", "due": form.due.data or ""}
    key = once_key(actor(), (form.idempotency_key.data or "").strip(), "endorse", str(incoming_id), said)
    try:
        due = form.day(office_date(services().clock.now()))
        do_once(
            key,
            lambda office: {
                "id": str(
                    assigning.endorse_incoming(
                        office,
                        actor=actor(),
                        incoming_id=IncomingId(incoming_id),
                        note=form.note.data or "",
                        due=due,
                        seen=form.digest,
                        **form.to,
                    )
                )
            },
            lambda thing: {"id": str(thing)},
        )
    except NotFound:
        raise
    except SarabanError as error:
        refresh_reader()
        return shown_page(incoming_id, work={"endorse": form, "error": error}), problem_of(error).status
    refresh_reader()
    flash("เกษียนแล้ว ผู้รับเห็นงานนี้ทันที", "green")
    return redirect(url_for(".show", incoming_id=incoming_id))


@bp.post("/<uuid:incoming_id>/tasks/<uuid:task_id>/take")
def take_task(incoming_id: UUID, task_id: UUID) -> ResponseReturnValue:
    """รับงาน: the colleagues see who has it."""
    return _done(tending.take_task, incoming_id, task_id, "รับงานแล้ว")


@bp.post("/<uuid:incoming_id>/tasks/<uuid:task_id>/finish")
def finish_task(incoming_id: UUID, task_id: UUID) -> ResponseReturnValue:
    """The result, the opinion, or that one knows."""
    form = FinishForm()
    values = {"result": form.result.data or "", "seen": form.digest}
    return _done(tending.finish_task, incoming_id, task_id, "บันทึกแล้ว", values, {"finish": form})


@bp.post("/<uuid:incoming_id>/tasks/<uuid:task_id>/return")
def return_task(incoming_id: UUID, task_id: UUID) -> ResponseReturnValue:
    """ส่งคืน: back to who gave it, with the reason."""
    form = GiveBackForm()
    values = {"reason": form.reason.data or "", "seen": form.digest}
    return _done(tending.return_task, incoming_id, task_id, "ส่งคืนผู้มอบพร้อมเหตุผลแล้ว", values, {"give_back": form})


@bp.post("/<uuid:incoming_id>/tasks/<uuid:task_id>/take-back")
def take_back_task(incoming_id: UUID, task_id: UUID) -> ResponseReturnValue:
    """เรียกคืน: what was given is taken back, with all that came of it."""
    values = {"reason": request.form.get("reason", "")}
    return _done(assigning.take_back_task, incoming_id, task_id, "เรียกงานคืนแล้ว", values)


def _done(
    deed: Callable[..., bool | None],
    incoming_id: UUID,
    task_id: UUID,
    words: str,
    values: Mapping[str, Any] = MappingProxyType({}),
    shown: Mapping[str, Any] | None = None,
) -> ResponseReturnValue:
    """The deed on a task. `shown` is the form to be shown again, with what was typed, when it is refused; without one,
    and where a second press or a faster colleague left nothing to do, the letter itself shows what is so."""
    ids = {"incoming_id": IncomingId(incoming_id), "task_id": TaskId(task_id)}
    try:
        closed = deed(services(), actor=actor(), **ids, **values)
    except NotFound:
        raise
    except SarabanError as error:
        if shown is None or isinstance(error, NotPermitted):
            flash(error.thai, "amber")
            return redirect(url_for(".show", incoming_id=incoming_id))
        refresh_reader()
        return shown_page(incoming_id, work={**shown, "error": error}), problem_of(error).status
    refresh_reader()
    flash(f"{words} งานเพื่อดำเนินการเสร็จครบ ปิดเรื่องแล้ว" if closed else words, "green")
    return redirect(url_for(".show", incoming_id=incoming_id))
