"""บัญชีฝากหนังสือ (form 23) on the screens."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from saraban.domain.deposit import DepositKeeper
from saraban.domain.permissions import may_accept_deposit, may_deposit, words_of
from saraban.doorway import actor, reader, services
from saraban.reading import archive as kept_rows
from saraban.reading import lending as rows
from saraban.reading.holds import held_among
from saraban.usecases import archive_sheets, depositing
from saraban.web.archive_deeds import PDF, agency_name, chosen_entries, done, typed_day
from saraban.web.downloads import download

bp = Blueprint("deposits", __name__, url_prefix="/archive/deposits")


@bp.get("")
def index() -> str:
    """Lists of form 23, and the letters that may be deposited."""
    found = kept_rows.to_deposit(reader(), actor())
    return render_template(
        "archive/deposits.html",
        view="deposits",
        lists=rows.deposits(reader(), actor()),
        found=found,
        keepers=[(one.value, one.thai) for one in DepositKeeper],
        why_not=words_of(may_deposit(actor(), actor().unit_id)),
    )


@bp.post("")
def draw() -> ResponseReturnValue:
    """Draw up a list of the chosen letters."""
    named = request.form.get("keeper", "")
    keeper = next((one for one in DepositKeeper if one.value == named), DepositKeeper.NATIONAL)
    return done(
        lambda: depositing.draw(services(), actor=actor(), entry_ids=chosen_entries(), keeper=keeper),
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
    held = held_among(reader(), (line.entry_id for line in made.lines))
    return render_template("archive/deposit.html", made=made, held=held, why_not=why_not)


@bp.get("/<uuid:list_id>.pdf")
def list_pdf(list_id: UUID) -> ResponseReturnValue:
    """The list on paper."""
    made = rows.deposit(reader(), actor(), list_id)
    pdf = archive_sheets.deposit_pdf(services(), agency_name=agency_name(), made=made)
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
    chosen, by = chosen_entries(), request.form.get("evidence", "")
    return done(
        lambda: depositing.take_back(services(), actor=actor(), list_id=list_id, entry_ids=chosen, evidence=by),
        "บันทึกการคืนหนังสือแล้ว",
        lambda _: url_for(".show", list_id=list_id),
        lambda: show(list_id),
    )
