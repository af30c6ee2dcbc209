"""Ordinary mail at the screen: make a letter of it in one step, or set it aside."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from saraban.domain.calendar import office_date
from saraban.domain.errors import BadInput, RuleBroken, StageNotAllowed
from saraban.domain.incoming import IncomingId
from saraban.doorway import actor, refresh_reader, services
from saraban.usecases import packing, quarantining, registering, viewing
from saraban.web.filters import thai_digits
from saraban.web.forms.amending import show_errors
from saraban.web.forms.incoming import MailLetterForm, SetAsideForm
from saraban.web.incoming import bp, shown_page

__all__ = ["bp"]


@bp.post("/<uuid:incoming_id>/make-letter")
def make_letter(incoming_id: UUID) -> ResponseReturnValue:
    """ลงรับ an ordinary mail: it is called by what was typed, keeps the chosen files and gets its number."""
    form = MailLetterForm.typed()
    letter = viewing.open_incoming(services(), actor=actor(), incoming_id=IncomingId(incoming_id))
    try:
        named = form.named(letter, office_date(services().clock.now()))
        done = registering.register_mail(
            services(), actor=actor(), incoming_id=letter.id, named=named, answer=bool(form.answer.data)
        )
    except BadInput as error:
        show_errors(form, error.fields, "subject")
        return shown_page(incoming_id, made=form), 422
    except StageNotAllowed as error:
        flash(error.thai, "amber")  # a second press, or a colleague was faster
        return redirect(url_for(".show", incoming_id=incoming_id))
    refresh_reader()
    flash(f"ลงรับแล้ว เลขรับ {thai_digits(done.number)}/{thai_digits(done.year)}", "green")
    return redirect(url_for(".show", incoming_id=incoming_id))


@bp.post("/<uuid:incoming_id>/to-meeting")
def to_meeting(incoming_id: UUID) -> ResponseReturnValue:
    """ส่งไฟล์ให้ฝ่ายเลขานุการ: the files of a participant's mail go to the secretary of its meeting."""
    try:
        taken = packing.take_from_mail(services(), actor=actor(), incoming_id=IncomingId(incoming_id))
    except RuleBroken as error:
        flash(error.thai, "amber")
        return redirect(url_for(".show", incoming_id=incoming_id))
    refresh_reader()
    flash(f"ส่งไฟล์ให้ฝ่ายเลขานุการการประชุมแล้ว {thai_digits(taken.files)} ไฟล์", "green")
    if taken.held:
        flash(thai_digits(f"{taken.held} ไฟล์รอตรวจไวรัส เพราะตัวตรวจไวรัสไม่ตอบ ฝ่ายเลขานุการเปิดได้เมื่อตรวจแล้ว"), "amber")
    for words in taken.refused:
        flash(f"ไม่รับ {words}", "amber")
    return redirect(url_for(".show", incoming_id=incoming_id))


@bp.post("/<uuid:incoming_id>/try-again")
def try_again(incoming_id: UUID) -> ResponseReturnValue:
    """ลองอีกครั้ง: a mail that was kept apart is read and scanned anew."""
    try:
        quarantining.try_mail_again(services(), actor=actor(), incoming_id=IncomingId(incoming_id))
    except RuleBroken as error:
        flash(error.thai, "amber")
        return redirect(url_for(".show", incoming_id=incoming_id))
    refresh_reader()
    flash("ให้ระบบอ่านและตรวจไปรษณีย์นี้ใหม่แล้ว ผลจะขึ้นเป็นเรื่องใหม่ภายในหนึ่งนาที", "green")
    return redirect(url_for(".index", state="held"))


@bp.post("/<uuid:incoming_id>/set-aside")
def set_aside(incoming_id: UUID) -> ResponseReturnValue:
    """ไม่ใช่หนังสือ: set a mail aside, with a reason."""
    form = SetAsideForm()
    try:
        registering.set_mail_aside(
            services(), actor=actor(), incoming_id=IncomingId(incoming_id), reason=form.reason.data or ""
        )
    except BadInput as error:
        show_errors(form, error.fields, "reason")
        return shown_page(incoming_id, aside=form), 422
    except StageNotAllowed as error:
        flash(error.thai, "amber")
        return redirect(url_for(".show", incoming_id=incoming_id))
    refresh_reader()
    flash("แยกออกแล้ว ไปรษณีย์ต้นฉบับยังอยู่ในรายการ “ไม่ใช่หนังสือ”", "green")
    return redirect(url_for(".index", state="held"))
