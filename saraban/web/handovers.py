"""Twenty years on the screens (forms 21 and 22): the lists, and the package for the National Archives."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from saraban.domain.calendar import office_date
from saraban.domain.numbering import thai_digits
from saraban.domain.permissions import may_store, require, words_of
from saraban.doorway import actor, reader, services
from saraban.doorway.archive_papers import list_head
from saraban.reading import handovers as rows
from saraban.reading.archive import SHOWN
from saraban.reading.holds import held_among
from saraban.reading.paging import part_of
from saraban.usecases import archive_sheets, transfer_package, transferring
from saraban.usecases.errands import order_errand
from saraban.web.archive_deeds import PDF, done, typed_day
from saraban.web.downloads import download
from saraban.web.turning import chosen_of, cursor_here, turned

bp = Blueprint("handovers", __name__, url_prefix="/archive")


@bp.get("/handovers")
def index() -> str:
    """Lists that go to the National Archives."""
    return render_template(
        "archive/handovers.html",
        view="handovers",
        page=rows.handovers(reader(), actor(), cursor_here()),
        today=_today(),
        asked=rows.asked_for(reader(), actor()),
        why_not=words_of(may_store(actor())),
    )


@bp.post("/handovers")
def draw() -> ResponseReturnValue:
    """Draw up lists of what stands on none: letters that were moved in, finished late, or asked for."""
    return done(
        lambda: transferring.draw_more(services(), actor=actor()),
        "จัดทำบัญชีแล้ว",
        lambda _: url_for(".index"),
        index,
    )


@bp.get("/handovers/<uuid:list_id>")
def show(list_id: UUID) -> str:
    """One list."""
    made = rows.handover(reader(), actor(), list_id)
    part = part_of(made.items, cursor_here(), SHOWN)
    return render_template(
        "archive/handover.html",
        made=made,
        part=part,
        cursor=cursor_here(),
        held=held_among(reader(), (item.entry_id for item in part.items)),
        today=_today(),
        why_not=words_of(may_store(actor())),
    )


@bp.post("/handovers/<uuid:list_id>")
def turn_list(list_id: UUID) -> str:
    """Another page of it, with what was ticked and typed."""
    turned()
    return show(list_id)


@bp.get("/handovers/<uuid:list_id>.pdf")
def list_pdf(list_id: UUID) -> ResponseReturnValue:
    """The list on paper."""
    made = rows.handover(reader(), actor(), list_id)
    pdf = archive_sheets.handover_pdf(services(), head=list_head(), made=made)
    return download(pdf, f"{made.thai} {made.year}-{made.serial}.pdf", PDF, plain=f"form-{made.kind.value}")


@bp.post("/handovers/<uuid:list_id>/own")
def own(list_id: UUID) -> ResponseReturnValue:
    """Chosen letters stay with the agency."""
    reason = request.form.get("reason", "")

    def all_of_it() -> list[UUID]:
        return [item.entry_id for item in rows.handover(reader(), actor(), list_id).items]

    def deed() -> None:
        staying = chosen_of(all_of_it)
        transferring.keep_ourselves(services(), actor=actor(), list_id=list_id, entry_ids=staying, reason=reason)

    return _about(list_id, deed, "ย้ายไปบัญชีขอเก็บเอง (แบบที่ ๒๒) แล้ว")


@bp.post("/handovers/<uuid:list_id>/give")
def give(list_id: UUID) -> ResponseReturnValue:
    """It went to the National Archives."""
    said = {name: request.form.get(name, "") for name in ("number", "receiver")}

    def deed() -> None:
        day, apart = typed_day("on") or _today(), request.form.get("apart") == "1"
        transferring.hand_over(services(), actor=actor(), list_id=list_id, on=day, apart=apart, **said)

    return _about(list_id, deed, "บันทึกการส่งแล้ว")


@bp.post("/handovers/<uuid:list_id>/package")
def package(list_id: UUID) -> ResponseReturnValue:
    """Pack what the list names, in the background."""
    made = rows.handover(reader(), actor(), list_id)
    require(may_store(actor()))
    title = thai_digits(f"ชุดส่งมอบ {made.thai} {made.serial}/{made.year}")
    errand = order_errand(
        services(), actor=actor(), kind=transfer_package.ERRAND, title=title, order={"list": str(list_id)}
    )
    return redirect(url_for("errands.show", errand_id=errand))


def _today() -> date:
    return office_date(services().clock.now())


def _about(list_id: UUID, deed: Callable[[], object], words: str) -> ResponseReturnValue:
    return done(deed, words, lambda _: url_for(".show", list_id=list_id, cursor=cursor_here()), lambda: show(list_id))
