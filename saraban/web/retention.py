"""The administrator's page of retention classes and the file plan."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from saraban.domain.errors import BadInput
from saraban.domain.permissions import may_administer, require
from saraban.domain.retention import GENERAL, SECRET, Basis, FileGroup, RetentionClass
from saraban.doorway import actor, reader, refresh_reader, services
from saraban.reading import archive as rows
from saraban.usecases import archiving

bp = Blueprint("retention", __name__, url_prefix="/admin/retention")


@bp.get("")
def index() -> str:
    """All classes and groups, with the forms for a new one or a change."""
    return _page({}, {})


@bp.post("/classes")
def set_class() -> ResponseReturnValue:
    """Add or change a class."""
    said = {name: request.form.get(name, "") for name in ("code", "name", "basis", "years", "forever", "condition")}
    try:
        years = said["years"].strip()
        if years and not years.isdecimal():
            raise BadInput({"years": "ใส่จำนวนปีเป็นตัวเลข"})
        kind = RetentionClass(
            actor().agency_id,
            said["code"],
            said["name"],
            Basis(said["basis"]) if said["basis"] in {one.value for one in Basis} else Basis.GENERAL,
            int(years) if years else None,
            said["forever"] == "1",
            said["condition"],
            request.form.get("retired") == "1",
        )
        archiving.set_class(services(), actor=actor(), kind=kind)
    except BadInput as error:
        return _page(said, error.fields), 422
    return _kept("บันทึกประเภทอายุการเก็บแล้ว")


@bp.post("/groups")
def set_group() -> ResponseReturnValue:
    """Add or change a group of the file plan."""
    said = {f"group_{name}": request.form.get(name, "") for name in ("code", "title", "class_code")}
    group = FileGroup(
        actor().agency_id,
        said["group_code"],
        said["group_title"],
        said["group_class_code"],
        request.form.get("retired") == "1",
    )
    try:
        archiving.set_group(services(), actor=actor(), group=group)
    except BadInput as error:
        return _page(said, {f"group_{name}": words for name, words in error.fields.items()}), 422
    return _kept("บันทึกหมวดแฟ้มแล้ว")


def _kept(words: str) -> ResponseReturnValue:
    refresh_reader()
    flash(words, "green")
    return redirect(url_for(".index"))


def _page(typed: dict[str, str], errors: dict[str, str]) -> str:
    require(may_administer(actor()))
    classes = rows.classes(reader(), actor())
    return render_template(
        "archive/retention.html",
        classes=classes,
        fixed=(GENERAL, SECRET),
        names={kind.code: kind.name for kind in classes},
        plan=rows.plan(reader(), actor()),
        bases=[(one.value, one.thai) for one in Basis],
        typed=typed,
        errors=errors,
    )
