"""บัญชีฝากหนังสือ (form 23) on the screens."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from saraban.domain.deposit import DepositKeeper
from saraban.domain.permissions import may_accept_deposit, may_deposit, words_of
from saraban.domain.register import EntryId
from saraban.doorway import actor, reader, services
from saraban.doorway.archive_papers import list_head
from saraban.reading import kept_lists
from saraban.reading import lending as rows
from saraban.reading.archive import SHOWN
from saraban.reading.holds import held_among
from saraban.reading.paging import part_of
from saraban.usecases import archive_sheets, depositing
from saraban.web.archive_deeds import PDF, done, typed_day
from saraban.web.downloads import download
from saraban.web.turning import chosen_of, cursor_here, page_here, turned, unit_wanted

bp = Blueprint("deposits", __name__, url_prefix="/archive/deposits")

_WAITS = kept_lists.Waiting.DEPOSIT


@bp.get("")
def index() -> str:
    """Lists of form 23, and the letters that may be deposited."""
    unit = unit_wanted()
    return render_template(
        "archive/deposits.html",
        view="deposits",
        lists=rows.deposits(reader(), actor(), request.values.get("cursor") or None),
        found=kept_lists.waiting(reader(), actor(), _WAITS, page_here(), unit=unit),
        page=page_here(),
        units=kept_lists.units_waiting(reader(), actor(), _WAITS),
        unit=unit,
        keepers=[(one.value, one.thai) for one in DepositKeeper],
        why_not=words_of(may_deposit(actor(), actor().unit_id)),
    )


@bp.post("/letters")
def turn() -> str:
    """Another page of the letters, with what was ticked."""
    turned()
    return index()


@bp.get("/letters")
def letters() -> ResponseReturnValue:
    """Whoever asks anew for that page."""
    return redirect(url_for(".index", page=request.args.get("page"), unit=request.args.get("unit")))


@bp.post("")
def draw() -> ResponseReturnValue:
    """Draw up a list of the chosen letters."""
    named = request.form.get("keeper", "")
    keeper = next((one for one in DepositKeeper if one.value == named), DepositKeeper.NATIONAL)

    def everything() -> list[UUID]:
        return kept_lists.all_waiting(reader(), actor(), _WAITS, unit=unit_wanted())

    def deed() -> UUID:
        return depositing.draw(
            services(), actor=actor(), entry_ids=[*map(EntryId, chosen_of(everything))], keeper=keeper
        )

    return done(
        deed,
        "จัดทำบัญชีฝากหนังสือแล้ว พิมพ์สองฉบับส่งพร้อมหนังสือ",
        lambda list_id: url_for(".show", list_id=list_id),
        index,
    )


@bp.get("/<uuid:list_id>")
def show(list_id: UUID) -> str:
    """One list of form 23."""
    made = rows.deposit(reader(), actor(), list_id)
    why_not = {
        "accept": words_of(may_accept_deposit(actor())),
        "back": words_of(may_deposit(actor(), made.unit_id)),
    }
    part = part_of(made.lines, cursor_here(), SHOWN)
    held = held_among(reader(), (line.entry_id for line in part.items))
    return render_template(
        "archive/deposit.html", made=made, part=part, cursor=cursor_here(), held=held, why_not=why_not
    )


@bp.post("/<uuid:list_id>")
def turn_list(list_id: UUID) -> str:
    """Another page of it, with what was ticked and typed."""
    turned()
    return show(list_id)


@bp.get("/<uuid:list_id>.pdf")
def list_pdf(list_id: UUID) -> ResponseReturnValue:
    """The list on paper."""
    made = rows.deposit(reader(), actor(), list_id)
    pdf = archive_sheets.deposit_pdf(services(), head=list_head(), made=made)
    return download(pdf, f"บัญชีฝากหนังสือ {made.serial}-{made.year}.pdf", PDF, plain="deposit-list")


@bp.post("/<uuid:list_id>/accept")
def accept(list_id: UUID) -> ResponseReturnValue:
    """The keeper took them in."""
    said = {name: request.form.get(name, "") for name in ("acceptor", "title")}
    return done(
        lambda: depositing.accept(services(), actor=actor(), list_id=list_id, on=typed_day("on"), **said),
        "บันทึกการรับฝากแล้ว",
        lambda _: url_for(".show", list_id=list_id),
        lambda: show(list_id),
    )


@bp.post("/<uuid:list_id>/refuse")
def refuse(list_id: UUID) -> ResponseReturnValue:
    """They were not taken in."""
    why = request.form.get("reason", "")
    return done(
        lambda: depositing.refuse(services(), actor=actor(), list_id=list_id, reason=why),
        "บันทึกว่าไม่รับฝากแล้ว",
        lambda _: url_for(".show", list_id=list_id),
        lambda: show(list_id),
    )


@bp.post("/<uuid:list_id>/back")
def take_back(list_id: UUID) -> ResponseReturnValue:
    """The depositor has the chosen letters again."""
    by = request.form.get("evidence", "")

    def still_left() -> list[UUID]:
        return [line.entry_id for line in rows.deposit(reader(), actor(), list_id).lines if line.back_on is None]

    def deed() -> None:
        chosen = [*map(EntryId, chosen_of(still_left))]
        depositing.take_back(services(), actor=actor(), list_id=list_id, entry_ids=chosen, evidence=by)

    return done(
        deed,
        "บันทึกการคืนหนังสือแล้ว",
        lambda _: url_for(".show", list_id=list_id, cursor=cursor_here()),
        lambda: show(list_id),
    )
