"""Posts and people: who holds what, accounts and their passwords, clearances."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from saraban.domain.agency import PersonId, PositionId, UnitId
from saraban.domain.errors import BadInput, NotFound, RuleBroken
from saraban.domain.permissions import may_administer, require
from saraban.doorway import actor, reader, refresh_reader, services
from saraban.reading import delegations as delegation_rows
from saraban.reading import people as people_rows
from saraban.reading import staff
from saraban.usecases import enrolling, staffing, subscribing
from saraban.web import labels
from saraban.web.filters import thai_date
from saraban.web.guards import MUST_CHOOSE
from saraban.web.organisation import ROLES, Typed, refused, today, typed, units_to_choose

bp = Blueprint("staff", __name__)
MOST_SHOWN = 200


# --- posts ------------------------------------------------------------------------------------------------------------


@bp.get("/admin/organisation/positions/<uuid:position_id>")
def position(position_id: UUID) -> ResponseReturnValue:
    """A post: its course, who held and holds it, and the deeds."""
    return _position(position_id, Typed())


@bp.post("/admin/organisation/positions/<uuid:position_id>/<deed>")
def act_on_position(position_id: UUID, deed: str) -> ResponseReturnValue:
    """Change or end the post, appoint somebody, or end a holding."""
    if deed not in POSITION_DEEDS:
        raise NotFound
    form = typed(deed)
    try:
        words = POSITION_DEEDS[deed](PositionId(position_id), form)
    except (BadInput, RuleBroken) as error:
        refresh_reader()
        return _position(position_id, refused(form, error)), 422
    refresh_reader()
    flash(words, "green")
    return redirect(url_for(".position", position_id=position_id))


def _change(position_id: PositionId, form: Typed) -> str:
    since = form.day()
    whole = staff.organisation(reader(), actor())
    unit = next((one for one in whole.units.values() if one.code == form["unit"]), None)
    if unit is None:
        raise BadInput({"unit": "เลือกหน่วยงานจากรายการ"})
    staffing.change_position(
        services(),
        actor=actor(),
        position_id=position_id,
        title=form["title"],
        unit_id=UnitId(unit.id),
        role=form.role(),
        clearance=bool(form["clearance"]),
        since=since,
        authority=form["authority"],
    )
    return f"เปลี่ยนตำแหน่งแล้ว ชื่อและหน่วยงานมีผล{thai_date(since, 'full')}"


def _end_position(position_id: PositionId, form: Typed) -> str:
    until = form.day("until")
    staffing.end_position(services(), actor=actor(), position_id=position_id, until=until, authority=form["authority"])
    return f"กำหนดวันยุบตำแหน่งแล้ว วันสุดท้ายคือ{thai_date(until, 'full')}"


def _appoint(position_id: PositionId, form: Typed) -> str:
    since = form.day()
    staffing.appoint(
        services(),
        actor=actor(),
        position_id=position_id,
        person_id=PersonId(_id(form["person"], "person", "เลือกบุคคลจากรายการ")),
        since=since,
        until=form.day_or_none("until"),
        authority=form["authority"],
    )
    return f"แต่งตั้งแล้ว มีผล{thai_date(since, 'full')}"


def _end_holding(position_id: PositionId, form: Typed) -> str:
    person, _, begun = form["holding"].partition(" ")
    until = form.day("until")
    try:
        since = date.fromisoformat(begun)
    except ValueError:
        raise BadInput({"holding": "เลือกการดำรงตำแหน่งจากรายการ"}) from None
    staffing.end_holding(
        services(),
        actor=actor(),
        position_id=position_id,
        person_id=PersonId(_id(person, "holding", "เลือกการดำรงตำแหน่งจากรายการ")),
        since=since,
        until=until,
        authority=form["authority"],
    )
    return f"บันทึกแล้ว วันสุดท้ายในตำแหน่งคือ{thai_date(until, 'full')}"


POSITION_DEEDS: Mapping[str, Callable[[PositionId, Typed], str]] = {
    "change": _change,
    "end": _end_position,
    "appoint": _appoint,
    "leave": _end_holding,
}


def _position(position_id: UUID, form: Typed) -> str:
    require(may_administer(actor()))
    whole = staff.organisation(reader(), actor())
    post = whole.posts.get(position_id)
    if post is None:
        raise NotFound
    persons = staff.persons(reader(), actor(), whole)
    return render_template(
        "organisation/position.html",
        post=post,
        unit=whole.units[post.unit_id],
        units=units_to_choose(whole),
        people=[(str(one.id), one.name, one.username) for one in persons if one.active],
        leaving=[
            (f"{one.person_id} {one.since.isoformat()}", f"{one.name} ตั้งแต่ {thai_date(one.since)}")
            for one in post.held
            if one.until is None or one.until >= today()
        ],
        roles=ROLES,
        stuck=delegation_rows.stuck(reader(), actor().agency_id, today()).get(position_id, 0),
        history=labels.history(staff.history(reader(), actor(), [position_id])),
        form=form,
        today=today(),
    )


# --- people -----------------------------------------------------------------------------------------------------------


@bp.get("/admin/organisation/people")
def index() -> ResponseReturnValue:
    """Everybody with an account."""
    return _people(Typed())


@bp.post("/admin/organisation/people")
def add() -> ResponseReturnValue:
    """Give a person an account; its password is shown once, on the page that answers."""
    form = typed("add")
    try:
        made, password = enrolling.add_person(
            services(), actor=actor(), name=form["name"], username=form["username"], email=form["email"]
        )
    except (BadInput, RuleBroken) as error:
        refresh_reader()
        return _people(refused(form, error)), 422
    refresh_reader()
    return _person(made, Typed(), password)


@bp.get("/admin/organisation/people/<uuid:person_id>")
def person(person_id: UUID) -> ResponseReturnValue:
    """A person: posts, clearances, the account."""
    return _person(person_id, Typed())


@bp.post("/admin/organisation/people/<uuid:person_id>/password")
def reset(person_id: UUID) -> ResponseReturnValue:
    """Give a password that works once; it is shown on the page that answers."""
    password = enrolling.reset_password(services(), actor=actor(), person_id=PersonId(person_id))
    refresh_reader()
    return _person(person_id, Typed(), password)


@bp.post("/admin/organisation/people/<uuid:person_id>/<deed>")
def act_on_person(person_id: UUID, deed: str) -> ResponseReturnValue:
    """Rename the person, close or open the account, grant or end a clearance."""
    if deed not in PERSON_DEEDS:
        raise NotFound
    form = typed(deed)
    try:
        words = PERSON_DEEDS[deed](PersonId(person_id), form)
    except (BadInput, RuleBroken) as error:
        refresh_reader()
        return _person(person_id, refused(form, error)), 422
    refresh_reader()
    flash(words, "green")
    return redirect(url_for(".person", person_id=person_id))


def _rename(person_id: PersonId, form: Typed) -> str:
    enrolling.rename_person(
        services(), actor=actor(), person_id=person_id, name=form["name"], authority=form["authority"]
    )
    return "เปลี่ยนชื่อแล้ว หนังสือที่ลงนามไว้คงชื่อเดิม"


def _email(person_id: PersonId, form: Typed) -> str:
    subscribing.set_email(services(), actor=actor(), person_id=person_id, email=form["email"])
    return "บันทึกอีเมลแจ้งเตือนแล้ว" if form["email"] else "เอาอีเมลแจ้งเตือนออกแล้ว"


def _close(person_id: PersonId, form: Typed) -> str:
    enrolling.switch_person(services(), actor=actor(), person_id=person_id, active=False, reason=form["reason"])
    return "ปิดบัญชีแล้ว เข้าสู่ระบบไม่ได้ สิ่งที่ทำไว้คงอยู่"


def _open(person_id: PersonId, form: Typed) -> str:
    enrolling.switch_person(services(), actor=actor(), person_id=person_id, active=True, reason=form["reason"])
    return "เปิดบัญชีแล้ว"


def _clear(person_id: PersonId, form: Typed) -> str:
    enrolling.grant_clearance(
        services(),
        actor=actor(),
        person_id=person_id,
        since=form.day(),
        until=form.day_or_none("until"),
        authority=form["authority"],
    )
    return f"อนุญาตแล้ว มีผล{thai_date(form.day(), 'full')}"


def _end_clearance(person_id: PersonId, form: Typed) -> str:
    until = form.day("until")
    try:
        since = date.fromisoformat(form["clearance"])
    except ValueError:
        raise BadInput({"clearance": "เลือกการอนุญาตจากรายการ"}) from None
    enrolling.end_clearance(
        services(), actor=actor(), person_id=person_id, since=since, until=until, authority=form["authority"]
    )
    return f"บันทึกแล้ว วันสุดท้ายคือ{thai_date(until, 'full')}"


PERSON_DEEDS: Mapping[str, Callable[[PersonId, Typed], str]] = {
    "rename": _rename,
    "email": _email,
    "close": _close,
    "open": _open,
    "clear": _clear,
    "unclear": _end_clearance,
}


def _people(form: Typed) -> str:
    require(may_administer(actor()))
    whole = staff.organisation(reader(), actor())
    q = request.args.get("q", "")
    found = staff.persons(reader(), actor(), whole, q)
    return render_template(
        "organisation/people.html",
        agency=people_rows.agency(reader(), actor().agency_id),
        people=found[:MOST_SHOWN],
        total=len(found),
        q=q,
        form=form,
    )


def _person(person_id: UUID, form: Typed, password: str = "") -> str:
    require(may_administer(actor()))
    whole = staff.organisation(reader(), actor())
    found = next((one for one in staff.persons(reader(), actor(), whole) if one.id == person_id), None)
    if found is None:
        raise NotFound
    known = staff.cleared(reader(), actor(), person_id)
    return render_template(
        "organisation/person.html",
        person=found,
        clearances=known,
        ending=[
            (one.since.isoformat(), f"ตั้งแต่ {thai_date(one.since)}")
            for one in known
            if one.until is None or one.until >= today()
        ],
        own=person_id == actor().person_id,
        password=password,
        history=labels.history(staff.history(reader(), actor(), [person_id])),
        form=form,
        today=today(),
    )


# --- one's own password -----------------------------------------------------------------------------------------------


@bp.route("/password", methods=["GET", "POST"])
def password() -> ResponseReturnValue:
    """Choose a password of one's own."""
    errors: Mapping[str, str] = {}
    must = bool(session.get(MUST_CHOOSE))
    if request.method == "POST":
        try:
            sent = {name: request.form.get(name, "") for name in ("old", "new", "again")}
            enrolling.choose_password(services(), actor=actor(), **sent)
        except BadInput as error:
            errors = error.fields
        else:
            session.pop(MUST_CHOOSE, None)
            flash("เปลี่ยนรหัสผ่านแล้ว", "green")
            return redirect(url_for("home.index"))
    return render_template("auth/password.html", errors=errors, must=must), 422 if errors else 200


def _id(text: str, name: str, words: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise BadInput({name: words}) from None
