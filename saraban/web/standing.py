"""Standing orders (มอบหมายล่วงหน้า): which letters go to which unit by themselves."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from saraban.domain.calendar import office_date
from saraban.domain.classification import Form
from saraban.domain.errors import BadInput
from saraban.domain.permissions import may_keep_orders, words_of
from saraban.domain.standing_order import StandingOrderId
from saraban.domain.task import Purpose
from saraban.doorway import actor, reader, refresh_reader, services
from saraban.reading import people, tasks
from saraban.usecases import standing
from saraban.web.incoming_tasks import bp
from saraban.web.writing import receivers_to_choose

__all__ = ["bp"]

FIELDS = ("words", "sender_code", "form", "unit", "purpose", "note")


@bp.get("/orders")
def orders() -> ResponseReturnValue:
    """The orders in force, and the form of a new one; a letter's page proposes sender and unit."""
    proposed = {"sender_code": request.args.get("sender", ""), "unit": request.args.get("unit", "")}
    return _page(proposed, {})


@bp.post("/orders")
def keep_order() -> ResponseReturnValue:
    """Make an order."""
    typed = {name: request.form.get(name, "") for name in FIELDS}
    try:
        standing.keep_order(
            services(),
            actor=actor(),
            unit_id=_id(typed["unit"]),
            words=typed["words"],
            sender_code=typed["sender_code"],
            form=typed["form"],
            purpose=Purpose(typed["purpose"]) if typed["purpose"] in set(Purpose) else Purpose.ACTION,
            note=typed["note"],
        )
    except BadInput as error:
        return _page(typed, error.fields), 422
    refresh_reader()
    flash("ตั้งการมอบหมายล่วงหน้าแล้ว ใช้กับหนังสือที่ลงรับจากนี้", "green")
    return redirect(url_for(".orders"))


@bp.post("/orders/<uuid:order_id>/end")
def end_order(order_id: UUID) -> ResponseReturnValue:
    """End an order."""
    standing.end_order(services(), actor=actor(), order_id=StandingOrderId(order_id))
    refresh_reader()
    flash("เลิกการมอบหมายล่วงหน้าแล้ว", "green")
    return redirect(url_for(".orders"))


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _page(typed: Mapping[str, str], errors: Mapping[str, str]) -> str:
    on = office_date(services().clock.now())
    units = [(str(one.id), one.name) for one in people.units(reader(), actor().agency_id, on)]
    return render_template(
        "incoming/orders.html",
        orders=tasks.orders(reader(), actor(), on),
        typed=typed,
        errors=errors,
        why_not=words_of(may_keep_orders(actor())),
        units=[("", "เลือกหน่วยงาน"), *units],
        senders=[row for row in receivers_to_choose() if not row[0].startswith("group:")],
        forms=[("", "ทุกชนิด"), *((one.value, one.thai) for one in Form)],
        purposes=[(one.value, one.thai) for one in Purpose],
    )
