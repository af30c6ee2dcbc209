"""What may become of a letter beside its number: it goes on to the right agency, back to its sender, or is closed."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from saraban.domain.errors import BadInput, NotFound, RuleBroken, StageNotAllowed
from saraban.domain.group import is_group
from saraban.domain.incoming import IncomingId
from saraban.domain.permissions import may_work_incoming
from saraban.doorway import actor, reader, refresh_reader, services
from saraban.reading.petitions import beside
from saraban.usecases import forwarding, recalling, registering, viewing
from saraban.web.forms.amending import show_errors
from saraban.web.forms.incoming import ForwardForm, RecallAnswerForm
from saraban.web.incoming import shown_page, why_not
from saraban.web.ordinary import bp
from saraban.web.writing import receivers_to_choose

__all__ = ["bp"]


@bp.get("/<uuid:incoming_id>/forward")
def forward(incoming_id: UUID) -> ResponseReturnValue:
    """To whom the letter goes on, and why."""
    return _forward_page(incoming_id, ForwardForm(formdata=None))


@bp.post("/<uuid:incoming_id>/forward")
def send_on(incoming_id: UUID) -> ResponseReturnValue:
    """ส่งต่อ: send the letter on to another agency, with the evidence of its sender."""
    form = ForwardForm()
    try:
        dispatch = forwarding.forward_letter(
            services(),
            actor=actor(),
            incoming_id=IncomingId(incoming_id),
            to=form.to.data or "",
            reason=form.reason.data or "",
        )
    except BadInput as error:
        show_errors(form, error.fields, "reason")
        return _forward_page(incoming_id, form), 422
    except StageNotAllowed as error:
        flash(error.thai, "amber")  # a second press, or a colleague was faster
        return redirect(url_for(".show", incoming_id=incoming_id))
    except RuleBroken as error:
        show_errors(form, {"to": error.thai}, "to")
        return _forward_page(incoming_id, form), 422
    refresh_reader()
    is_petition = beside(reader(), actor(), incoming_id) is not None
    told = "ผู้ยื่นเห็นที่หน้าติดตาม" if is_petition else "ผู้ส่งได้รับแจ้งด้วยใบตอบรับลงตรา"
    flash(f"ส่งต่อถึง{dispatch.to_name}แล้ว {told}", "green")
    return redirect(url_for(".show", incoming_id=incoming_id))


@bp.post("/<uuid:incoming_id>/answer-recall")
def answer_recall(incoming_id: UUID) -> ResponseReturnValue:
    """Give a registered letter back to its sender, who asks for it, or say why not."""
    form, consent = RecallAnswerForm(), request.form.get("consent") == "yes"
    try:
        recalling.answer_recall(
            services(),
            actor=actor(),
            incoming_id=IncomingId(incoming_id),
            consent=consent,
            reason=form.reason.data or "",
        )
    except BadInput as error:
        show_errors(form, error.fields, "reason")
        return shown_page(incoming_id, recall=form), 422
    except StageNotAllowed as error:
        flash(error.thai, "amber")
        return redirect(url_for(".show", incoming_id=incoming_id))
    refresh_reader()
    flash("ยินยอมคืนและแจ้งผู้ส่งแล้ว เลขรับคงเดิม" if consent else "ไม่คืน และแจ้งผู้ส่งพร้อมเหตุผลแล้ว", "green")
    return redirect(url_for(".show", incoming_id=incoming_id))


@bp.post("/<uuid:incoming_id>/complete")
def complete(incoming_id: UUID) -> ResponseReturnValue:
    """ปิดเรื่อง: the matter of a registered letter is done."""
    try:
        told = registering.complete_letter(services(), actor=actor(), incoming_id=IncomingId(incoming_id))
    except StageNotAllowed as error:
        flash(error.thai, "amber")
        return redirect(url_for(".show", incoming_id=incoming_id))
    refresh_reader()
    flash("ปิดเรื่องและแจ้งผู้ส่งแล้ว" if told else "ปิดเรื่องแล้ว", "green")
    return redirect(url_for(".show", incoming_id=incoming_id))


def _forward_page(incoming_id: UUID, form: ForwardForm) -> str:
    letter = viewing.open_incoming(services(), actor=actor(), incoming_id=IncomingId(incoming_id))
    refusal = may_work_incoming(actor(), letter)
    if refusal is not None and refusal.hidden:
        raise NotFound
    others = [row for row in receivers_to_choose() if row[0] != letter.from_code and not is_group(row[0])]
    why = refusal.thai if refusal is not None else why_not(letter.may_be_forwarded)
    return render_template("incoming/forward.html", letter=letter, form=form, receivers=others, why_not=why)
