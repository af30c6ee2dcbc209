"""What is done for many receivers of a letter at once: a reminder by one press, and their list as a sheet."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from saraban.domain.errors import BadInput, NotFound
from saraban.domain.letter import LetterId
from saraban.domain.permissions import may_dispatch, require
from saraban.doorway import actor, reader, refresh_reader, services
from saraban.doorway.idempotency import do_once, once_key
from saraban.reading import letters as letter_rows
from saraban.reading import receivers
from saraban.usecases import exporting, reminding, viewing
from saraban.usecases.errands import order_errand
from saraban.usecases.ports import Services
from saraban.web.filters import thai_digits

bp = Blueprint("reminding", __name__, url_prefix="/letters/<uuid:letter_id>/receivers")


@bp.post("/remind")
def remind(letter_id: UUID) -> ResponseReturnValue:
    """Remind those who were chosen, or all of the list as it is filtered. Many are reminded in the background."""
    said, who = request.form, actor()
    letter = viewing.open_letter(services(), actor=who, letter_id=LetterId(letter_id))
    require(may_dispatch(who, letter))
    if said.get("scope") == "chosen":
        ids = [UUID(str(one)) for one in reminding.dispatch_ids_of(said.getlist("dispatches"))]
    else:
        kept = _kept()
        ids = receivers.to_remind(reader(), who, letter_id, group=kept["group"] or "", q=kept["q"] or "")
    if not ids:
        flash("ไม่มีผู้รับที่ต้องเตือนในรายการที่เลือก เลือกผู้รับที่ยังไม่ลงรับ", "amber")
        return redirect(_back(letter_id))
    if len(ids) <= reminding.AT_ONCE:
        done = reminding.remind_receivers(services(), actor=who, letter_id=letter.id, dispatch_ids=ids)
        refresh_reader()
        flash(thai_digits(reminding.told(done)), "green" if done.done else "amber")
        return redirect(_back(letter_id))
    order = {"letter": str(letter_id), "dispatches": [str(one) for one in ids]}
    title = thai_digits(f"เตือนผู้รับ {len(ids):,} แห่ง หนังสือที่ {letter.number}")
    return _ordered(reminding.ERRAND, title, order, len(ids))


@bp.post("/sheet")
def sheet(letter_id: UUID) -> ResponseReturnValue:
    """Write the list as it is filtered into a sheet, in the background."""
    letter = letter_rows.letter(reader(), actor(), letter_id)
    form = request.form.get("format", "xlsx")
    if form not in ("xlsx", "csv"):
        raise BadInput({"format": "เลือก XLSX หรือ CSV"})
    kept = {name: value for name, value in _kept().items() if value}
    title = f"รายชื่อผู้รับ หนังสือที่ {thai_digits(letter.number or '')} ({form.upper()})"
    return _ordered(exporting.ERRAND, title, {"letter": str(letter_id), "format": form, **kept}, 0)


def _ordered(kind: str, title: str, order: Mapping[str, Any], total: int) -> ResponseReturnValue:
    who = actor()

    def work(office: Services) -> dict[str, str]:
        return {"id": str(order_errand(office, actor=who, kind=kind, title=title, order=dict(order), total=total))}

    key = once_key(who, request.form.get("idempotency_key", "").strip(), kind, dict(order))
    answer = do_once(key, work, lambda errand_id: {"id": str(errand_id)}).answer
    return redirect(url_for("errands.show", errand_id=UUID(answer["id"])))


def _kept() -> dict[str, Any]:
    """The filter of the list from which the press came."""
    group, q = request.form.get("group", ""), request.form.get("q", "").strip()[:200]
    if group and group not in receivers.GROUPS:
        raise NotFound
    return {"group": group or None, "q": q or None}


def _back(letter_id: UUID) -> str:
    return url_for("tracking.show", letter_id=letter_id, **_kept())
