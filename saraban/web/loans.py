"""Borrowing on the screens: what is out, asked for and late, the card of one loan, and asking for a letter."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from saraban.domain.calendar import office_date
from saraban.domain.errors import BadInput
from saraban.domain.keeping import KeepingState
from saraban.domain.loan import HEADS, LONGEST_DAYS, USUAL_DAYS, Borrower, Loan
from saraban.domain.permissions import (
    may_borrow,
    may_borrow_for_agency,
    may_lend,
    may_permit_loan,
    may_withdraw_loan,
    words_of,
)
from saraban.domain.register import EntryId
from saraban.doorway import actor, reader, refresh_reader, services
from saraban.doorway.archive_papers import called, lent_out, list_head
from saraban.reading import archive as kept_rows
from saraban.reading import lending as rows
from saraban.usecases import archive_sheets, lending
from saraban.web.archive_deeds import PDF, done, typed_day
from saraban.web.downloads import download
from saraban.web.filters import thai_date

bp = Blueprint("loans", __name__, url_prefix="/archive")


def _today() -> Any:
    return office_date(services().clock.now())


@bp.get("/loans")
def index() -> str:
    """Loans: what is not over, or another choice of them."""
    asked = request.args.get("show", "")
    shown = next((one for one in rows.Shown if one.value == asked), rows.Shown.OPEN)
    page = rows.loans(reader(), actor(), shown, _today(), cursor=request.args.get("cursor") or None)
    views = [(one.thai, url_for(".index", show=one.value), one is shown) for one in rows.Shown]
    return render_template("archive/loans.html", view="loans", page=page, shown=shown, views=views, today=_today())


@bp.get("/loans.pdf")
def register_pdf() -> ResponseReturnValue:
    """What is out, as a register with the columns of form 24."""
    return download(lent_out(), "หนังสือที่ยืมออก.pdf", PDF, plain="loan-card")


@bp.get("/loans/<uuid:loan_id>")
def show(loan_id: UUID) -> str:
    """One loan: the deed that it waits for, and its card."""
    one = rows.loan(reader(), actor(), loan_id)
    who, loan = actor(), one.loan
    secrecy = one.letter.line.secrecy
    stored = one.letter.state is KeepingState.STORED
    return render_template(
        "archive/loan.html",
        one=one,
        loan=loan,
        today=_today(),
        why_not={
            "permit": words_of(may_permit_loan(who, loan.unit_id, secrecy, loan.borrower_id)),
            "lend": words_of(may_lend(who, loan.unit_id, secrecy, stored=stored)),
            "withdraw": words_of(may_withdraw_loan(who, loan)),
        },
        mine=loan.electronic and loan.borrower_id == who.person_id,
        latest=thai_date(_today() + timedelta(days=LONGEST_DAYS)),
    )


@bp.get("/letters/<uuid:entry_id>/card.pdf")
def card(entry_id: UUID) -> ResponseReturnValue:
    """บัตรยืมหนังสือ (form 24) of a letter."""
    words = called(kept_rows.kept_line(reader(), actor(), entry_id))
    found = rows.card(reader(), actor(), entry_id)
    return _card([(one.loan, words) for one in found], "บัตรยืมหนังสือ.pdf")


def _card(lines: list[tuple[Loan, str]], name: str) -> ResponseReturnValue:
    pdf = archive_sheets.card_pdf(services(), head=list_head(), lines=lines)
    return download(pdf, name, PDF, plain="loan-card")


# --- asking -----------------------------------------------------------------------------------------------------------


@bp.get("/letters/<uuid:entry_id>/borrow")
def ask(entry_id: UUID) -> str:
    """The form: for oneself, or (`for=agency`) for another agency."""
    return _form(entry_id, request.args.get("for") == "agency", {}, {})


@bp.post("/letters/<uuid:entry_id>/borrow")
def put(entry_id: UUID) -> ResponseReturnValue:
    """Ask for the letter."""
    said = request.form
    other = said.get("for") == "agency"
    borrower = Borrower(said.get("borrower", ""), said.get("title", ""), said.get("agency", "")) if other else None
    try:
        due = typed_day("due_on")
        if due is None:
            raise BadInput({"due_on": "ใส่กำหนดส่งคืน"})
        asked = lending.Asked(said.get("purpose", ""), due, said.get("evidence", ""))
        loan_id = lending.ask(services(), actor=actor(), entry_id=EntryId(entry_id), asked=asked, borrower=borrower)
    except BadInput as error:
        wrong = {("evidence" if name == "mandate" else name): words for name, words in error.fields.items()}
        return _form(entry_id, other, wrong, said), 422
    flash("ส่งคำขอยืมแล้ว ผู้มีอำนาจอนุญาตได้รับแจ้ง", "green")
    refresh_reader()
    return redirect(url_for(".show", loan_id=loan_id))


def _form(entry_id: UUID, other: bool, errors: dict[str, str], typed: Any) -> str:
    who = actor()
    one = kept_rows.kept_line(reader(), who, entry_id)
    usual = thai_date(_today() + timedelta(days=USUAL_DAYS), "short")
    return render_template(
        "archive/borrow.html",
        one=one,
        other=other,
        by_post=who.role in HEADS,
        errors=errors,
        typed=typed,
        usual=usual,
        latest=thai_date(_today() + timedelta(days=LONGEST_DAYS)),
        why_not=words_of(may_borrow_for_agency(who) if other else may_borrow(who, one.line.secrecy)),
        why_not_other=words_of(may_borrow_for_agency(who)),
    )


# --- deeds ------------------------------------------------------------------------------------------------------------


@bp.post("/loans/<uuid:loan_id>/permit")
def permit(loan_id: UUID) -> ResponseReturnValue:
    """Let it be borrowed."""
    return _about(loan_id, lambda: lending.permit(services(), actor=actor(), loan_id=loan_id), "อนุญาตให้ยืมแล้ว")


@bp.post("/loans/<uuid:loan_id>/refuse")
def refuse(loan_id: UUID) -> ResponseReturnValue:
    """Do not."""
    why = request.form.get("reason", "")
    deed = lending.refuse
    return _about(loan_id, lambda: deed(services(), actor=actor(), loan_id=loan_id, reason=why), "ไม่อนุญาตแล้ว แจ้งผู้ขอ")


@bp.post("/loans/<uuid:loan_id>/withdraw")
def withdraw(loan_id: UUID) -> ResponseReturnValue:
    """It is needed no longer."""
    return _about(loan_id, lambda: lending.withdraw(services(), actor=actor(), loan_id=loan_id), "ยกเลิกคำขอแล้ว")


@bp.post("/loans/<uuid:loan_id>/lend")
def lend(loan_id: UUID) -> ResponseReturnValue:
    """Give it out."""
    said = {name: request.form.get(name, "") for name in ("receiver", "title")}
    deed = lending.lend
    return _about(loan_id, lambda: deed(services(), actor=actor(), loan_id=loan_id, **said), "จ่ายหนังสือแล้ว")


@bp.post("/loans/<uuid:loan_id>/renew")
def renew(loan_id: UUID) -> ResponseReturnValue:
    """Let it be kept longer."""
    rows.loan(reader(), actor(), loan_id)  # whoever may not see the card hears of nothing else

    def deed() -> None:
        due = typed_day("due_on")
        if due is None:
            raise BadInput({"due_on": "ใส่กำหนดส่งคืน"})
        lending.renew(services(), actor=actor(), loan_id=loan_id, due_on=due)

    return _about(loan_id, deed, "ต่อเวลายืมแล้ว")


@bp.post("/loans/<uuid:loan_id>/call")
def call(loan_id: UUID) -> ResponseReturnValue:
    """Ask for it back."""
    return _about(loan_id, lambda: lending.call(services(), actor=actor(), loan_id=loan_id), "ทวงถามแล้ว บันทึกในบัตรยืม")


@bp.post("/loans/<uuid:loan_id>/return")
def take_back(loan_id: UUID) -> ResponseReturnValue:
    """It is back."""
    by = request.form.get("returner", "")
    deed = lending.take_back
    return _about(loan_id, lambda: deed(services(), actor=actor(), loan_id=loan_id, returner=by), "รับคืนหนังสือแล้ว")


def _about(loan_id: UUID, deed: Callable[[], object], words: str) -> ResponseReturnValue:
    return done(deed, words, lambda _: url_for(".show", loan_id=loan_id), lambda: show(loan_id))
