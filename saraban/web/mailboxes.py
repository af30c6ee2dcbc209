"""The agency's mailboxes: whether mail flows, how full they are, connecting them and trying them out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from saraban.domain.errors import BadInput, ConcurrentEdit, NotFound
from saraban.domain.permissions import may_administer, require, words_of
from saraban.doorway import actor, office, reader, refresh_reader, services
from saraban.reading import mailboxes as rows
from saraban.reading import people
from saraban.settings import MailServer
from saraban.usecases import connecting
from saraban.usecases.errands import order_errand
from saraban.usecases.inspecting import seal_in_force
from saraban.web import labels
from saraban.web.filters import official_digits
from saraban.web.forms.mailboxes import MailboxForm

bp = Blueprint("mailboxes", __name__, url_prefix="/admin/mailbox")

_SECURITY = {"starttls": "STARTTLS", "tls": "TLS", "none": "ไม่เข้ารหัส"}
_SIDES = {"smtp": "ส่ง", "imap": "รับ"}
_STEPS = {
    "dns": "ชื่อเครื่อง (DNS)",
    "tcp": "การเชื่อมต่อ",
    "tls": "การเข้ารหัสและใบรับรอง",
    "session": "การเริ่มสนทนา",
    "auth": "การเข้าระบบ",
    "size": "ขนาดจดหมาย",
    "dsn": "การแจ้งผลนำส่ง",
    "idle": "การแจ้งเมื่อมีจดหมาย",
    "quota": "โควตา",
    "commands": "คำสั่งของกล่อง",
}
STEPS: Mapping[str, str] = {
    "account": "การตั้งค่า",
    "oauth-token": "โทเค็น OAuth",
    "send-to-self": "ส่งถึงตนเอง",
    "fetch-back": "รับกลับ",
    "same-bytes": "เนื้อจดหมายครบ",
    "round-trip": "ส่งถึงตนเอง",
} | {f"{side}-{step}": f"{word}: {thai}" for side, word in _SIDES.items() for step, thai in _STEPS.items()}
"""The steps of an examination in words; `tests/web/test_mailboxes.py` walks through them."""


@dataclass(frozen=True)
class Account:
    """A login of the machine's own file, without its password."""

    what: str
    host: str
    port: int
    security: str
    user: str


@bp.get("")
def index() -> ResponseReturnValue:
    """Everybody of the agency may see whether mail flows; accounts and tests are for the administrator."""
    agency = people.agency(reader(), actor().agency_id)
    refusal = may_administer(actor())
    found = rows.boxes(reader(), actor())
    fixed = office().settings.mail.get(agency.code)
    accounts = [_account("ส่ง (SMTP)", fixed.smtp), _account("รับ (IMAP)", fixed.imap)] if fixed and not refusal else []
    return render_template(
        "admin/mailbox.html",
        agency=agency,
        boxes=found,
        tested=_tested(found),
        fixed=fixed is not None,
        accounts=accounts,
        administers=refusal is None,
        why_no_accounts=words_of(refusal),
        seal=seal_in_force(services(), actor=actor()),
        scans=services().scanner.on,
        disk=rows.disk(reader()) if refusal is None else None,
        units_left=_units_left(found) if refusal is None else [],
        history=labels.history(rows.history(reader(), actor())) if refusal is None else [],
        now=services().clock.now(),
        steps=STEPS,
    )


@bp.get("/new")
def new() -> ResponseReturnValue:
    """The form for a mailbox that is not connected yet; `unit` names whose it will be."""
    require(may_administer(actor()))
    return _form(MailboxForm(formdata=None, unit=request.args.get("unit", "")))


@bp.post("/new")
def connect() -> ResponseReturnValue:
    """Connect a mailbox, and try it out at once."""
    form = MailboxForm()
    try:
        made = connecting.connect_mailbox(services(), actor=actor(), settings=form.settings())
    except BadInput as error:
        _show(form, error.fields)
        return _form(form), 422
    refresh_reader()
    address = str(rows.account(reader(), actor(), made)["address"])
    _order_test(address)
    flash(f"บันทึกกล่อง {address} แล้ว กำลังทดสอบทีละขั้น", "green")
    return redirect(url_for(".index", _anchor="test"))


@bp.get("/<uuid:mailbox_id>")
def edit(mailbox_id: UUID) -> ResponseReturnValue:
    """The settings of a mailbox, without its secrets."""
    kept = rows.account(reader(), actor(), mailbox_id)
    return _form(MailboxForm.of(kept), mailbox_id, kept)


@bp.post("/<uuid:mailbox_id>")
def change(mailbox_id: UUID) -> ResponseReturnValue:
    """Change the settings; the worker takes them up by itself."""
    form = MailboxForm()
    kept = rows.account(reader(), actor(), mailbox_id)
    try:
        changed = connecting.change_mailbox(services(), actor=actor(), mailbox_id=mailbox_id, settings=form.settings())
    except BadInput as error:
        _show(form, error.fields)
        return _form(form, mailbox_id, kept), 422
    except ConcurrentEdit:
        _show(form, {"address": "มีผู้แก้กล่องนี้พร้อมกัน บันทึกอีกครั้ง"})
        return _form(form, mailbox_id, kept), 409
    refresh_reader()
    if changed:
        _order_test(str(kept["address"]))
    flash("บันทึกแล้ว กำลังทดสอบทีละขั้น" if changed else "ไม่มีอะไรเปลี่ยน", "green")
    return redirect(url_for(".index", _anchor="test"))


@bp.post("/<uuid:mailbox_id>/disconnect")
def disconnect(mailbox_id: UUID) -> ResponseReturnValue:
    """Forget a mailbox and its secret."""
    address = connecting.disconnect_mailbox(services(), actor=actor(), mailbox_id=mailbox_id)
    refresh_reader()
    flash(f"เลิกเชื่อมต่อกล่อง {address} แล้ว หนังสือที่รับไว้ยังอยู่ครบ", "green")
    return redirect(url_for(".index"))


@bp.post("/test")
def test() -> ResponseReturnValue:
    """Try a mailbox out: an errand of the worker, so that no page waits for a server that does not answer."""
    require(may_administer(actor()))
    address = request.form.get("address", "")
    box = next((one for one in rows.boxes(reader(), actor()) if one.address == address), None)
    if box is None:
        raise NotFound
    if not box.testing:
        _order_test(address)
    return redirect(url_for(".index", _anchor="test"))


@bp.get("/test/live")
def live() -> ResponseReturnValue:
    """What the tests have found so far; asked for again by the page while one runs."""
    require(may_administer(actor()))
    return render_template("admin/mailbox_tests.html", tested=_tested(rows.boxes(reader(), actor())), steps=STEPS)


def _tested(found: list[rows.BoxRow]) -> list[rows.BoxRow]:
    """The mailboxes whose tests are shown: those under test first, then what was tested last."""
    shown = [box for box in found if box.testing or box.examination]
    return sorted(
        shown,
        key=lambda box: (box.testing, box.examined_at.timestamp() if box.examined_at is not None else 0.0),
        reverse=True,
    )


def _order_test(address: str) -> None:
    order_errand(
        services(), actor=actor(), kind=connecting.ERRAND, title=f"ทดสอบกล่อง {address}", order={"address": address}
    )
    refresh_reader()


def _form(form: MailboxForm, mailbox_id: UUID | None = None, kept: Mapping[str, Any] | None = None) -> str:
    require(may_administer(actor()))
    agency = people.agency(reader(), actor().agency_id)
    form.unit.choices = {"": "ส่วนกลาง (กล่องกลางของส่วนราชการ)"} | {
        unit.code: unit.name for unit in people.units(reader(), actor().agency_id, actor().on) if not unit.central
    }
    return render_template(
        "admin/mailbox_form.html",
        form=form,
        agency=agency,
        mailbox_id=mailbox_id,
        kept=kept,
        fixed=agency.code in office().settings.mail,
    )


def _units_left(found: list[rows.BoxRow]) -> list[people.UnitRow]:
    taken = {box.unit for box in found if box.unit}
    return [
        unit
        for unit in people.units(reader(), actor().agency_id, actor().on)
        if not unit.central and unit.name not in taken
    ]


def _show(form: MailboxForm, fields: Mapping[str, str]) -> None:
    """What is wrong beside its field. A secret that was typed is never given back, so it is asked for again: left empty
    it would mean the kept one."""
    for name in ("password", "client_secret", "refresh_token"):
        if form[name].data:
            form[name].errors = ["ใส่อีกครั้ง ระบบไม่คืนรหัสที่พิมพ์แล้ว"]
    for name, words in fields.items():
        form[name if name in form else "address"].errors = [official_digits(words)]


def _account(what: str, server: MailServer) -> Account:
    security = _SECURITY.get(server.security, server.security)
    return Account(what, server.host, server.port, security, server.user)
