"""Acting for another position: one's own posts and orders, the agency's orders, entering and revoking them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, BinaryIO, cast
from uuid import UUID, uuid4

from flask import Blueprint, Response, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from itsdangerous import BadSignature

from saraban.domain.attachment import Digest
from saraban.domain.capacity import Capacity
from saraban.domain.classification import Secrecy
from saraban.domain.delegation import DelegationId
from saraban.domain.errors import BadInput, NotPermitted, StageNotAllowed
from saraban.domain.forms import RULES
from saraban.domain.permissions import may_delegate, may_see_delegations, require, words_of
from saraban.doorway import actor, reader, refresh_reader, services
from saraban.doorway.acting import capacities, refuse_gone
from saraban.doorway.idempotency import do_once, once_key
from saraban.reading import acting as capacities_read
from saraban.reading import delegations as rows
from saraban.reading import people
from saraban.usecases import delegating
from saraban.usecases.delegating import Order, OrderFile
from saraban.usecases.ports import Services
from saraban.web.downloads import download
from saraban.web.filters import thai_digits
from saraban.web.forms.delegations import TEXTS, TICKS, typed_order
from saraban.web.guards import ACTING
from saraban.web.own_tokens import OwnTokens
from saraban.web.saving import today

bp = Blueprint("delegations", __name__, url_prefix="/delegations")


@bp.get("/mine")
def mine() -> ResponseReturnValue:
    """What the person may act as today with what waits in each, and the orders that concern him."""
    all_of_them = capacities()
    return render_template(
        "delegations/mine.html",
        capacities=list(zip(all_of_them, capacities_read.waiting_in(reader(), all_of_them), strict=True)),
        found=rows.orders(reader(), actor(), today(), mine=True, cursor=request.args.get("cursor")),
        sees_all=may_see_delegations(actor()) is None,
        why_not=words_of(may_delegate(actor())),
    )


@bp.post("/choose")
def choose() -> ResponseReturnValue:
    """Act in another of one's capacities from now on."""
    key = request.form.get("key", "")
    found = next((one for one in capacities() if one.key == key), None)
    if found is None:
        raise refuse_gone()
    session[ACTING] = key
    flash(f"ขณะนี้ท่านทำหน้าที่เป็น {found.title}", "act")
    return redirect(url_for("home.index"))


@bp.get("")
def index() -> ResponseReturnValue:
    """All orders of the agency, for who keeps them."""
    require(may_see_delegations(actor()))
    return render_template(
        "delegations/index.html",
        found=rows.orders(reader(), actor(), today(), cursor=request.args.get("cursor")),
        why_not=words_of(may_delegate(actor())),
    )


@bp.route("/new", methods=["GET", "POST"])
def new() -> ResponseReturnValue:
    """An order that is entered."""
    if request.method == "GET":
        require(may_delegate(actor()))
        begun: dict[str, Any] = {"position": request.args.get("position", ""), "incoming": "1", "key": uuid4().hex}
        return _form(begun, {})
    said = request.form
    typed: dict[str, Any] = {name: said.get(name, "") for name in (*TEXTS, *TICKS, "key")}
    typed |= {"forms": said.getlist("forms"), "units": said.getlist("units")}
    kept, wrong = _file_of_order()
    try:
        order = typed_order(typed, today())
        if wrong:
            raise BadInput(wrong)
        entered = _enter(order, typed["key"], kept)
    except BadInput as error:
        return _form(typed, {**error.fields, **wrong}, kept), 422
    refresh_reader()
    flash("บันทึกคำสั่งแล้ว", "green")
    for words in entered["cautions"]:
        flash(words, "amber")
    return redirect(url_for(".show", delegation_id=entered["id"]))


def _enter(order: Order, key: str, file: OrderFile | None) -> dict[str, Any]:
    def work(office: Services) -> dict[str, Any]:
        done = delegating.enter_delegation(office, actor=actor(), order=order, file=file)
        return {"id": str(done.id), "cautions": list(done.cautions)}

    once = once_key(actor(), key, "delegation", repr(order), file.sha256.hex if file is not None else "")
    return do_once(once, work, lambda made: {"id": str(made), "cautions": []}).answer


def _file_of_order() -> tuple[OrderFile | None, dict[str, str]]:
    """The PDF that came with the form, which is kept at once, or the one that was kept when the form was refused
    before; and what is wrong with it."""
    file = request.files.get("file")
    try:
        if file is not None and file.filename:
            stream = cast("BinaryIO", file.stream)
            return delegating.keep_file(services(), actor=actor(), file=stream, file_name=file.filename), {}
        return (_opened(request.form["kept"]) if "kept" in request.form else None), {}
    except BadInput as error:
        return None, dict(error.fields)


def _token(file: OrderFile) -> str:
    return OwnTokens("kept-order").made(file.name, file.sha256.hex)


def _opened(token: str) -> OrderFile:
    try:
        name, sha256 = OwnTokens("kept-order").said(token)
    except BadSignature:
        raise BadInput({"file": "ไฟล์ที่แนบไว้ใช้ไม่ได้แล้ว เลือกไฟล์อีกครั้ง"}) from None
    return OrderFile(Digest(sha256), name)


@bp.get("/<uuid:delegation_id>")
def show(delegation_id: UUID) -> ResponseReturnValue:
    """One order."""
    return _one(delegation_id, {}, {})


@bp.post("/<uuid:delegation_id>/revoke")
def revoke(delegation_id: UUID) -> ResponseReturnValue:
    """End an order before its day."""
    typed = {"reason": request.form.get("reason", "")}
    version = request.form.get("version", "")
    try:
        delegating.revoke_delegation(
            services(),
            actor=actor(),
            delegation_id=DelegationId(delegation_id),
            reason=typed["reason"],
            version=int(version) if version.isascii() and version.isdigit() and len(version) < 10 else None,
        )
    except BadInput as error:
        return _one(delegation_id, typed, error.fields), 422
    except StageNotAllowed as error:
        flash(error.thai, "amber")
        return redirect(url_for(".show", delegation_id=delegation_id))
    refresh_reader()
    flash("ยกเลิกคำสั่งแล้ว มีผลทันที สิ่งที่ทำแทนไปแล้วไม่เปลี่ยน", "green")
    return redirect(url_for(".show", delegation_id=delegation_id))


@bp.get("/<uuid:delegation_id>/file")
def file(delegation_id: UUID) -> Response:
    """The file of the order."""
    data, name = delegating.open_order(services(), actor=actor(), delegation_id=DelegationId(delegation_id))
    return download(data, name, "application/pdf", plain="order")


def _one(delegation_id: UUID, typed: Mapping[str, str], errors: Mapping[str, str]) -> str:
    found = rows.order(reader(), actor(), delegation_id, today())
    return render_template(
        "delegations/show.html",
        order=found,
        typed=typed,
        errors=errors,
        sees_all=may_see_delegations(actor()) is None,
    )


def _form(typed: Mapping[str, Any], errors: Mapping[str, str], kept: OrderFile | None = None) -> str:
    who, on = actor(), today()
    positions = rows.positions_of_agency(reader(), who.agency_id, on)
    mine = [one for one in positions if may_delegate(who, one.id) is None]
    if not mine:
        raise NotPermitted(words_of(may_delegate(who)) or "ไม่มีตำแหน่งที่ท่านบันทึกคำสั่งได้")
    colleagues = people.colleagues(reader(), who.agency_id, on)
    delegates: Sequence[tuple[str, str, str]] = [
        *((f"person:{one.id}", one.name, one.title) for one in colleagues if one.id != who.person_id),
        *((f"position:{one.id}", f"ผู้ดำรงตำแหน่ง {one.title}", one.holder or "ตำแหน่งว่าง") for one in positions),
    ]
    return render_template(
        "delegations/new.html",
        typed=typed,
        errors={name: thai_digits(words) for name, words in errors.items()},
        kept=(_token(kept), kept.name) if kept is not None else None,
        positions=[(str(one.id), one.title, one.holder or "ตำแหน่งว่าง") for one in mine],
        delegates=delegates,
        capacities=[(one.value, one.thai) for one in Capacity],
        forms=[(form.value, form.thai) for form in RULES],
        units=[(str(one.id), one.name) for one in people.units(reader(), who.agency_id, on)],
        ceilings=[(one.value, "ไม่มีชั้นความลับเท่านั้น" if one.is_open else f"ถึงชั้น{one.thai}") for one in Secrecy],
        handing_on=who.acting,
    )
