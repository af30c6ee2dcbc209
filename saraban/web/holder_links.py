"""The links by which the holder of one document fetches it: made, told once, sent by mail, withdrawn."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from saraban.domain.errors import BadInput, RuleBroken, SarabanError
from saraban.domain.issued_run import Delivery
from saraban.domain.permissions import may_revise_issued, words_of
from saraban.doorway import actor, reader, refresh_reader, services
from saraban.doorway.errors import problem_of
from saraban.reading import issued as rows
from saraban.reading.deliveries import of_links
from saraban.usecases import holder_links
from saraban.web.filters import count

_BEFORE, _RETURNED = "ที่อยู่ซึ่งฉบับเดิมส่งไป", "ส่งไปที่อยู่นี้ไม่ถึง ตรวจกับผู้ถือแล้วแก้ก่อนส่ง"
_THERE = (Delivery.SENT, Delivery.ON_ITS_WAY, Delivery.FETCHED)

bp = Blueprint("holder_links", __name__, url_prefix="/issued")


@bp.get("/<uuid:document_id>/links")
def show(document_id: UUID) -> ResponseReturnValue:
    """The links of a document, without their addresses."""
    return _page(document_id)


@bp.post("/<uuid:document_id>/links")
def make(document_id: UUID) -> ResponseReturnValue:
    """Make one more: it is told this once, or goes out by mail."""
    mail = request.form.get("mail", "").strip()
    by_mail = request.form.get("way") == "mail"
    try:
        if by_mail and not mail:
            raise BadInput({"mail": "ใส่ที่อยู่อีเมลของผู้ถือ"})
        link = holder_links.make_link(services(), actor=actor(), document_id=document_id, mail=mail if by_mail else "")
    except (BadInput, RuleBroken) as error:
        return _page(document_id, error=error)
    refresh_reader()
    if by_mail:
        flash(f"ส่งลิงก์ไปที่ {mail} แล้ว", "green")
        return redirect(url_for(".show", document_id=document_id))
    return _page(document_id, new_link=link)


@bp.post("/<uuid:document_id>/links/withdraw")
def withdraw(document_id: UUID) -> ResponseReturnValue:
    """No link of the document answers any longer."""
    many = holder_links.withdraw_links(services(), actor=actor(), document_id=document_id)
    refresh_reader()
    flash(f"ยกเลิกลิงก์แล้ว {count(many)} ลิงก์", "green")
    return redirect(url_for(".show", document_id=document_id))


def _page(document_id: UUID, *, new_link: str = "", error: SarabanError | None = None) -> ResponseReturnValue:
    one = rows.document(reader(), actor(), document_id)
    problem = problem_of(error) if error is not None else None
    wrong = error.fields if isinstance(error, BadInput) else {}
    links = of_links(reader(), document_id)
    is_there = any(link.delivered.way in _THERE for link in links)
    returned = next((link.mail for link in links if link.delivered.way is Delivery.RETURNED and not is_there), "")
    mail = request.form.get("mail", one.mail_before or returned)
    hints = {returned: _RETURNED, one.mail_before: _BEFORE, "": ""}
    body = render_template(
        "issued_runs/links.html",
        document=one.document,
        kind=one.kind,
        links=links,
        new_link=new_link,
        mail=mail,
        hint=hints.get(mail, ""),
        error=wrong.get("mail", ""),
        problem=problem if not wrong else None,
        why_not=words_of(may_revise_issued(actor(), one.kind)),
    )
    return body, problem.status if problem is not None else 200
