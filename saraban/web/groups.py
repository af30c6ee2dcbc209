"""Groups of receivers: the list, one group with its members, and what is pasted into it."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from saraban.domain.errors import BadInput, ConcurrentEdit
from saraban.domain.group import GroupId
from saraban.domain.permissions import may_keep_group, words_of
from saraban.doorway import actor, reader, refresh_reader, services
from saraban.reading import directory
from saraban.reading import groups as rows
from saraban.usecases import groups
from saraban.web.filters import thai_digits

bp = Blueprint("groups", __name__, url_prefix="/directory/groups")

SHOWN, MOST_TOLD = 200, 50


@bp.get("")
def index() -> ResponseReturnValue:
    """The groups that the person may choose, with the form for a new one."""
    return _list({}, {})


@bp.post("")
def make() -> ResponseReturnValue:
    """Make a group of what was pasted."""
    said = request.form
    typed = {name: said.get(name, "") for name in ("name", "text", "for_all")}
    try:
        made, pasted = groups.keep_group(
            services(), actor=actor(), name=typed["name"], text=typed["text"], for_all=bool(typed["for_all"])
        )
    except BadInput as error:
        return _list(typed, error.fields), 422
    return _kept(made.id, made.name, pasted)


@bp.get("/<uuid:group_id>")
def show(group_id: UUID) -> ResponseReturnValue:
    """A group and its members."""
    return _one(group_id, {}, {})


@bp.post("/<uuid:group_id>")
def change(group_id: UUID) -> ResponseReturnValue:
    """Give it another name, add what was pasted and take away who was ticked."""
    said = request.form
    typed = {"name": said.get("name", ""), "text": said.get("text", "")}
    version = said.get("version", "")
    try:
        made, pasted = groups.keep_group(
            services(),
            actor=actor(),
            group_id=GroupId(group_id),
            name=typed["name"],
            text=typed["text"],
            drop=said.getlist("drop"),
            version=int(version) if version.isascii() and version.isdigit() and len(version) < 10 else None,
        )
    except BadInput as error:
        return _one(group_id, typed, error.fields), 422
    except ConcurrentEdit as error:
        refresh_reader()
        return _one(group_id, typed, {"name": error.thai}), 409
    return _kept(made.id, made.name, pasted)


@bp.post("/<uuid:group_id>/retire")
def retire(group_id: UUID) -> ResponseReturnValue:
    """Take a group away."""
    groups.retire_group(services(), actor=actor(), group_id=GroupId(group_id))
    refresh_reader()
    flash("เอากลุ่มออกแล้ว หนังสือที่เคยส่งไม่เปลี่ยน", "green")
    return redirect(url_for(".index"))


def _kept(group_id: UUID, name: str, pasted: groups.Pasted) -> ResponseReturnValue:
    refresh_reader()
    flash(thai_digits(f"บันทึกกลุ่ม “{name}” แล้ว เพิ่มจากรายการที่วาง {len(pasted.codes):,} แห่ง"), "green")
    for words, lines in (("ไม่พบในทำเนียบ", pasted.unknown), ("ชื่อตรงกับหลายแห่ง ใส่รหัสแทน", pasted.several)):
        if lines:
            more = f" และอีก {len(lines) - MOST_TOLD:,} รายการ" if len(lines) > MOST_TOLD else ""
            told = thai_digits(f"{words} {len(lines):,} รายการ: ") + ", ".join(lines[:MOST_TOLD]) + thai_digits(more)
            flash(told, "amber")
    return redirect(url_for(".show", group_id=group_id))


def _list(typed: Mapping[str, str], errors: Mapping[str, str]) -> str:
    shared = may_keep_group(actor(), None)
    return render_template(
        "directory/groups.html",
        groups=rows.groups(reader(), actor()),
        typed=typed,
        errors=errors,
        may_share=shared is None,
    )


def _one(group_id: UUID, typed: Mapping[str, str], errors: Mapping[str, str]) -> str:
    found = rows.group(reader(), actor(), group_id)
    pages = max(1, -(-found.count // SHOWN))
    page = min(max(1, request.args.get("page", 1, type=int)), pages)
    codes = found.members[(page - 1) * SHOWN : page * SHOWN]
    names = directory.names(reader(), codes, actor().agency_id)
    return render_template(
        "directory/group.html",
        group=found,
        members=[(code, names.get(code, "")) for code in codes],
        page=page,
        pages=pages,
        typed=typed,
        errors=errors,
        why_not=words_of(may_keep_group(actor(), actor().person_id if found.personal else None)),
    )
