"""Reserved numbers: those that wait, new ones for an outage, the sheet to fill in by hand, and giving them back."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from saraban.domain.calendar import RegisterYear, office_date
from saraban.domain.classification import Secrecy
from saraban.domain.errors import BadInput, NotPermitted, RuleBroken
from saraban.domain.permissions import may_enter, words_of
from saraban.domain.register import BookKind, EntryId
from saraban.doorway import actor, reader, refresh_reader, services
from saraban.doorway.idempotency import do_once, once_key
from saraban.reading import people, reserved
from saraban.reading.bookkeeping import KeptBook, kept_books
from saraban.usecases import amending, printing
from saraban.usecases.papers import RegisterHead
from saraban.web.downloads import download
from saraban.web.filters import count, official_digits, thai_digits
from saraban.web.forms.amending import ReserveForm, VoidForm, show_errors

bp = Blueprint("numbers", __name__, url_prefix="/numbers")


@bp.get("")
def index() -> ResponseReturnValue:
    """Everything that was set aside and still waits, by block."""
    found = reserved.waiting(reader(), actor(), office_date(services().clock.now()))
    return render_template(
        "numbers/index.html",
        blocks=[one for one in found if not one.letter],
        signing=[one for one in found if one.letter],
        spans=spans,
        old_after=reserved.OLD_AFTER_DAYS,
        full=sum(len(one.numbers) for one in found) >= reserved.MOST,
        why_not=_why_not_reserve(),
    )


@bp.route("/reserve", methods=["GET", "POST"])
def reserve() -> ResponseReturnValue:
    """Set numbers aside, one or a block."""
    if request.method == "GET":
        form = ReserveForm(formdata=None, idempotency_key=uuid4().hex, book=request.args.get("book", ""))
        return _reserve_page(form)
    form = ReserveForm()
    try:
        first = _reserve(form)
    except BadInput as error:
        show_errors(form, error.fields, "reason")
        return _reserve_page(form), 422
    except (NotPermitted, RuleBroken) as error:
        form.book.errors = [official_digits(error.thai)]
        form.idempotency_key.data = uuid4().hex
        return _reserve_page(form), 422
    refresh_reader()
    flash("จองเลขแล้ว พิมพ์แผ่นจองไว้ใช้ขณะระบบหยุด แล้วผูกเลขเมื่อระบบกลับมา", "green")
    return redirect(url_for(".block", entry_id=first))


@bp.get("/blocks/<uuid:entry_id>")
def block(entry_id: UUID) -> ResponseReturnValue:
    """One block: each of its numbers, bound, given back or waiting."""
    return _block_page(reserved.block(reader(), actor(), entry_id))


@bp.get("/blocks/<uuid:entry_id>/sheet.pdf")
def sheet(entry_id: UUID) -> Response:
    """The numbers of the block that wait, as a sheet to be filled in by hand."""
    found = reserved.block(reader(), actor(), entry_id)
    lines = found.waiting or found.lines
    pdf = printing.reserved_block(
        services(),
        head=RegisterHead(
            title=found.kind.thai,
            form=found.kind.form,
            serial_caption=found.kind.serial_caption,
            agency_name=people.agency(reader(), actor().agency_id).name,
            keeper=found.keeper,
            year=found.year,
            secrecy=Secrecy.CONFIDENTIAL if found.kind.secret else Secrecy.OPEN,
        ),
        serials=[line.serial for line in lines],
        numbers=["" if line.masked else line.number for line in lines],
        reason=found.reason,
    )
    name = f"แผ่นจองเลข-{found.kind.thai}-{lines[0].serial}-{lines[-1].serial}.pdf"
    return download(pdf, name, "application/pdf", plain=f"reserved-{lines[0].serial}-{lines[-1].serial}")


@bp.post("/blocks/<uuid:entry_id>/release")
def release(entry_id: UUID) -> ResponseReturnValue:
    """Give chosen numbers of the block back, all of them or none; each stays readable with the reason."""
    found = reserved.block(reader(), actor(), entry_id)
    form, chosen = VoidForm(), set(request.form.getlist("entry"))
    ids = [line.id for line in found.waiting if str(line.id) in chosen]
    try:
        released = amending.release_numbers(
            services(),
            actor=actor(),
            entry_ids=[EntryId(one) for one in ids],
            reason=form.reason.data or "",
            authority=form.authority.data or "",
        )
    except BadInput as error:
        show_errors(form, error.fields, "reason")
        return _block_page(found, form, chosen), 422
    except RuleBroken as error:
        flash(error.thai, "amber")
        return redirect(url_for(".block", entry_id=entry_id))
    refresh_reader()
    flash(f"คืนแล้ว {count(len(released))} เลข แต่ละเลขยังอ่านได้พร้อมเหตุผลและไม่ใช้อีก", "green")
    return redirect(url_for(".block", entry_id=entry_id))


def spans(runs: list[tuple[int, int]]) -> str:
    """Runs of numbers in words: "๓–๕, ๘"."""
    return thai_digits(", ".join(str(first) if first == last else f"{first}–{last}" for first, last in runs))


def _reserve(form: ReserveForm) -> UUID:
    kind, _, unit = (form.book.data or "").partition(":")
    if kind not in {one.value for one in BookKind}:
        raise BadInput({"book": "เลือกทะเบียนจากรายการ"})
    values: dict[str, Any] = {
        "kind": BookKind(kind),
        "count": form.how_many(),
        "reason": form.reason.data or "",
        "authority": form.authority.data or "",
        "unit_code": unit,
    }
    key = once_key(actor(), (form.idempotency_key.data or "").strip(), "reserve", repr(sorted(values.items())))
    said = do_once(
        key,
        lambda office: {"id": str(amending.reserve_numbers(office, actor=actor(), **values).ids[0])},
        lambda entry_id: {"id": str(entry_id)},
    )
    return UUID(said.answer["id"])


def _books() -> list[KeptBook]:
    """The books of this year that give numbers."""
    year = RegisterYear.containing(services().clock.now()).buddhist
    return [one for one in kept_books(reader(), actor(), year, this_year=year) if one.gives_numbers]


def _may(one: KeptBook) -> str:
    secrecy = Secrecy.CONFIDENTIAL if one.kind.secret else Secrecy.OPEN
    return words_of(may_enter(actor(), one.kind, one.unit_id, secrecy))


def _why_not_reserve() -> str:
    reasons = [_may(one) for one in _books()]
    return reasons[0] if reasons and all(reasons) else ""


def _reserve_page(form: ReserveForm) -> str:
    form.book.choices = {"": "เลือกทะเบียน"} | {
        f"{one.kind.value}:{one.unit_code}": f"{one.kind.thai} {one.keeper}" for one in _books() if not _may(one)
    }
    return render_template("numbers/reserve.html", form=form, most=amending.MOST_RESERVED, why_not=_why_not_reserve())


def _block_page(found: reserved.Block, form: VoidForm | None = None, chosen: set[str] | None = None) -> str:
    return render_template(
        "numbers/block.html", block=found, spans=spans, form=form or VoidForm(formdata=None), chosen=chosen or set()
    )
