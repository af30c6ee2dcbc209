"""Signing in and out. In a demonstration the login page offers its accounts."""

from __future__ import annotations

import json
from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_user, logout_user

from saraban.domain.errors import BadInput, SarabanError
from saraban.domain.reading_log import ReadingDeed
from saraban.doorway import office, services
from saraban.usecases.enrolling import password_is_once
from saraban.usecases.entering import enter
from saraban.usecases.noting_reads import note_reading
from saraban.web.forms.auth import LoginForm
from saraban.web.guards import MUST_CHOOSE, SignedInPerson, is_local, limiter, login_limit, signed_in

bp = Blueprint("auth", __name__)


@dataclass(frozen=True)
class DemoAccount:
    """An account of the demonstration with its password, and the passphrase of the signing key where there is one."""

    agency: str
    role: str
    name: str
    title: str
    username: str
    password: str
    passphrase: str = ""


def demo_accounts() -> list[DemoAccount]:
    """The accounts that the demonstration has made ready; none in an installation that is not one."""
    settings = office().settings
    path = settings.data_folder / "demo" / "accounts.json"
    if not settings.demo or not path.exists():
        return []
    fields = DemoAccount.__dataclass_fields__
    return [
        DemoAccount(**{name: str(value or "") for name, value in row.items() if name in fields})
        for row in json.loads(path.read_text(encoding="utf-8"))
    ]


@bp.route("/login", methods=["GET", "POST"])
@limiter.limit(login_limit, methods=["POST"], deduct_when=lambda answer: answer.status_code >= 400)
def login() -> ResponseReturnValue:
    """The login page; a good name and password begin a session and lead to where the person wanted to go."""
    form = LoginForm()
    wanted = form.next.data or request.args.get("next") or ""
    after = wanted if is_local(wanted) else url_for("home.index")
    if request.method == "GET":
        if signed_in():
            return redirect(after)
        form.next.data = wanted
        return _page(form)
    try:
        missing = {}
        if not (form.username.data or "").strip():
            missing["username"] = "ใส่ชื่อผู้ใช้"
        if not form.password.data:
            missing["password"] = "ใส่รหัสผ่าน"
        if missing:
            raise BadInput(missing)
        person = enter(services(), username=form.username.data, password=form.password.data)
    except SarabanError as error:
        return _page(form, error)
    session.clear()  # nothing of the time before the login lives on in the session
    session.permanent = True
    login_user(SignedInPerson(person))
    note_reading(services(), actor=person, deed=ReadingDeed.SIGN_IN, address=request.remote_addr or "")
    if password_is_once(services(), actor=person):
        session[MUST_CHOOSE] = True
    return redirect(after)


@bp.post("/logout")
def logout() -> ResponseReturnValue:
    """End the session."""
    logout_user()
    session.clear()
    flash("ออกจากระบบแล้ว", "act")
    return redirect(url_for("auth.login"))


def _page(form: LoginForm, error: SarabanError | None = None) -> ResponseReturnValue:
    fields = error.fields if isinstance(error, BadInput) else {}
    said = error.thai if error is not None and not fields else ""
    by_agency: dict[str, list[DemoAccount]] = {}
    for account in demo_accounts():
        by_agency.setdefault(account.agency, []).append(account)
    page = render_template("auth/login.html", form=form, errors=fields, said=said, demo=by_agency)
    return page, 422 if error is not None else 200
