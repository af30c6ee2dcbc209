"""A person's own page of mails about the work, and of the calendar of deadlines."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from saraban.domain.errors import BadInput, RuleBroken, TooMuch
from saraban.doorway import actor, office, reader, refresh_reader, services
from saraban.reading import notice_mails as rows
from saraban.usecases import subscribing
from saraban.web.calendar import picture_of

bp = Blueprint("subscribing", __name__, url_prefix="/notices/settings")


@bp.get("")
def show() -> ResponseReturnValue:
    """What is decided, the last mails, and the calendar."""
    return _page({}, {})


@bp.post("")
def choose() -> ResponseReturnValue:
    """Set the address and the mails."""
    typed = {name: request.form.get(name, "") for name in ("email", "digest", "urgent")}
    try:
        subscribing.choose_mails(
            services(),
            actor=actor(),
            email=typed["email"],
            digest=bool(typed["digest"]),
            urgent=bool(typed["urgent"]),
        )
    except BadInput as error:
        return _page(typed, error.fields), 422
    refresh_reader()
    flash("บันทึกการแจ้งเตือนแล้ว", "green")
    return redirect(url_for(".show"))


@bp.post("/trial")
def try_mail() -> ResponseReturnValue:
    """Send a mail that says nothing but that it arrives."""
    try:
        address = subscribing.try_mail(services(), actor=actor())
    except (RuleBroken, TooMuch) as error:
        flash(error.thai, "amber")
    else:
        flash(f"กำลังส่งอีเมลทดสอบถึง {address} ผลอยู่ในรายการอีเมลล่าสุดในหน้านี้", "green")
    refresh_reader()
    return redirect(url_for(".show"))


@bp.post("/calendar")
def make_calendar() -> ResponseReturnValue:
    """Give the calendar a new address, which the page that answers shows once."""
    token = subscribing.make_calendar(services(), actor=actor())
    refresh_reader()
    return _page({}, {}, token)


@bp.post("/calendar/withdraw")
def withdraw_calendar() -> ResponseReturnValue:
    """Let nobody read the calendar any more."""
    subscribing.withdraw_calendar(services(), actor=actor())
    refresh_reader()
    flash("ยกเลิกที่อยู่ปฏิทินแล้ว เครื่องที่ติดตามอยู่อ่านไม่ได้อีก", "green")
    return redirect(url_for(".show"))


def _page(typed: Mapping[str, str], errors: Mapping[str, str], token: str = "") -> str:
    kept = rows.choices(reader(), actor())
    address = calendar_address(token) if token else ""
    return render_template(
        "notices/settings.html",
        kept=kept,
        email=typed.get("email", kept.email),
        digest=bool(typed["digest"]) if typed else kept.digest,
        urgent=bool(typed["urgent"]) if typed else kept.urgent,
        errors=errors,
        mails=rows.last_mails(reader(), actor()),
        address=address,
        picture=picture_of(address) if address else "",
    )


def calendar_address(token: str) -> str:
    """The whole address of a calendar, by which a telephone reaches it."""
    base = office().settings.public_url or request.url_root.rstrip("/")
    return base + url_for("calendar.feed", token=token)
