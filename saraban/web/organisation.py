"""The organisation at a glance, and what the administrator does to its units: each deed from a day on, by an order."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from saraban.domain.agency import PositionRole, UnitId
from saraban.domain.calendar import office_date
from saraban.domain.errors import BadInput, NotFound, RuleBroken
from saraban.domain.permissions import may_administer, require
from saraban.doorway import actor, reader, refresh_reader, services
from saraban.doorway.dates import NotADate, read_date
from saraban.reading import delegations as delegation_rows
from saraban.reading import people as people_rows
from saraban.reading import staff
from saraban.usecases import organising, staffing
from saraban.web import labels
from saraban.web.filters import thai_date

bp = Blueprint("organisation", __name__, url_prefix="/admin/organisation")
ROLES = [(role.value, role.thai) for role in PositionRole]


@dataclass(frozen=True)
class Typed:
    """What was typed into the form of a deed, and what is wrong with it. Fields stand in the form as "deed.field"."""

    deed: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)
    said: str = ""

    def __getitem__(self, name: str) -> str:
        """What stands in a field; empty where nothing was typed."""
        return self.values.get(name, "")

    def day(self, name: str = "since") -> date:
        """The day in a field. Raises BadInput under it."""
        found = self.day_or_none(name)
        if found is None:
            raise BadInput({name: "กรอกวันที่"})
        return found

    def day_or_none(self, name: str) -> date | None:
        """The day in a field, None for an empty one. Raises BadInput under it."""
        try:
            return read_date(self[name], today())
        except NotADate as error:
            raise BadInput({name: str(error)}) from None

    def role(self) -> PositionRole:
        """The role in its field. Raises BadInput under it."""
        try:
            return PositionRole(self["role"])
        except ValueError:
            raise BadInput({"role": "เลือกบทบาทจากรายการ"}) from None


def today() -> date:
    """The day of the office."""
    return office_date(services().clock.now())


def typed(deed: str) -> Typed:
    """What was sent for a deed."""
    start = f"{deed}."
    return Typed(deed, {k.removeprefix(start): v.strip() for k, v in request.form.items() if k.startswith(start)})


def refused(form: Typed, error: BadInput | RuleBroken) -> Typed:
    """The same with what is wrong."""
    fields = error.fields if isinstance(error, BadInput) else {}
    return Typed(form.deed, form.values, fields, "" if fields else error.thai)


@bp.get("")
def index() -> ResponseReturnValue:
    """The tree of units with their posts and people; `q` searches, `ended` shows what has ended too."""
    return _tree(Typed())


@bp.post("")
def open_unit() -> ResponseReturnValue:
    """Set up a unit."""
    form = typed("open")
    try:
        made = organising.open_unit(
            services(),
            actor=actor(),
            code=form["code"],
            name=form["name"],
            series=form["series"],
            parent=form["parent"],
            out_of=form["out_of"],
            since=form.day(),
            authority=form["authority"],
        )
    except (BadInput, RuleBroken) as error:
        refresh_reader()
        return _tree(refused(form, error)), 422
    refresh_reader()
    flash(f"ตั้ง{form['name']}แล้ว มีผล{thai_date(form.day(), 'full')}", "green")
    return redirect(url_for(".unit", unit_id=made))


@bp.get("/units/<uuid:unit_id>")
def unit(unit_id: UUID) -> ResponseReturnValue:
    """A unit: its course, posts and people, what a change touches, and the deeds."""
    return _unit(unit_id, Typed())


@bp.post("/units/<uuid:unit_id>/<deed>")
def act(unit_id: UUID, deed: str) -> ResponseReturnValue:
    """Rename, move, merge or end the unit, set up a post in it, or take a planned change back."""
    if deed not in DEEDS:
        raise NotFound
    form = typed(deed)
    try:
        words = DEEDS[deed](UnitId(unit_id), form)
    except (BadInput, RuleBroken) as error:
        refresh_reader()
        return _unit(unit_id, refused(form, error)), 422
    refresh_reader()
    flash(words, "green")
    return redirect(url_for(".unit", unit_id=unit_id))


def _rename(unit_id: UnitId, form: Typed) -> str:
    since = form.day()
    organising.rename_unit(
        services(), actor=actor(), unit_id=unit_id, name=form["name"], since=since, authority=form["authority"]
    )
    return f"เปลี่ยนชื่อเป็น{form['name']} มีผล{thai_date(since, 'full')} หนังสือและทะเบียนก่อนวันนั้นคงชื่อเดิม"


def _move(unit_id: UnitId, form: Typed) -> str:
    since = form.day()
    organising.move_unit(
        services(), actor=actor(), unit_id=unit_id, parent=form["parent"], since=since, authority=form["authority"]
    )
    return f"ย้ายสังกัดแล้ว มีผล{thai_date(since, 'full')}"


def _merge(unit_id: UnitId, form: Typed) -> str:
    since = form.day()
    organising.merge_unit(
        services(), actor=actor(), unit_id=unit_id, into=form["into"], since=since, authority=form["authority"]
    )
    return f"รวมหน่วยงานแล้ว มีผล{thai_date(since, 'full')} ตำแหน่ง ผู้ดำรงตำแหน่ง และหน่วยงานใต้สังกัดไปด้วย"


def _end(unit_id: UnitId, form: Typed) -> str:
    until = form.day("until")
    organising.end_unit(services(), actor=actor(), unit_id=unit_id, until=until, authority=form["authority"])
    return f"กำหนดวันยุบแล้ว วันสุดท้ายคือ{thai_date(until, 'full')}"


def _undo(unit_id: UnitId, _form: Typed) -> str:
    organising.undo_planned(services(), actor=actor(), unit_id=unit_id)
    return "ยกเลิกการเปลี่ยนแปลงที่ยังไม่มีผลแล้ว"


def _post(unit_id: UnitId, form: Typed) -> str:
    staffing.open_position(
        services(),
        actor=actor(),
        unit_id=unit_id,
        title=form["title"],
        code=form["code"],
        role=form.role(),
        clearance=bool(form["clearance"]),
        since=form.day(),
        authority=form["authority"],
    )
    return f"ตั้งตำแหน่ง{form['title']}แล้ว ยังว่าง แต่งตั้งผู้ดำรงตำแหน่งได้"


DEEDS: Mapping[str, Callable[[UnitId, Typed], str]] = {
    "rename": _rename,
    "move": _move,
    "merge": _merge,
    "end": _end,
    "undo": _undo,
    "post": _post,
}


def units_to_choose(whole: staff.Organisation, besides: UUID | None = None) -> list[tuple[str, str]]:
    """The units that are there, each with how deep it stands; not the one `besides` which a place is chosen for, nor
    what stands below it."""
    chosen, within = list[tuple[str, str]](), None
    for one in whole.tree():
        within = within if within is not None and one.depth > within else None
        if one.id == besides:
            within = one.depth
        elif within is None:
            chosen.append((one.code, f"{'– ' * one.depth}{one.name}"))
    return chosen


def _tree(form: Typed) -> str:
    require(may_administer(actor()))
    whole = staff.organisation(reader(), actor())
    q, ended = request.args.get("q", ""), bool(request.args.get("ended"))
    nodes = whole.tree(ended=ended)
    posts = [post for node in nodes for post in node.posts]
    return render_template(
        "organisation/index.html",
        agency=people_rows.agency(reader(), actor().agency_id),
        nodes=staff.found(nodes, q),
        q=q,
        ended=ended,
        has_ended=any(one.ended(whole.day) for one in whole.units.values()),
        counts=(len(nodes), len(posts), sum(1 for post in posts if post.vacant)),
        units=units_to_choose(whole),
        stuck=delegation_rows.stuck(reader(), actor().agency_id, today()),
        form=form,
        today=today(),
    )


def _unit(unit_id: UUID, form: Typed) -> str:
    require(may_administer(actor()))
    whole = staff.organisation(reader(), actor())
    found = whole.units.get(unit_id)
    if found is None:
        raise NotFound
    carried = staff.successions(reader(), actor())
    context: dict[str, Any] = {
        "unit": found,
        "above": whole.units.get(found.parent_id) if found.parent_id else None,
        "below": [one for one in whole.tree() if one.parent_id == found.id],
        "successors": [(whole.units[new], since) for old, new, since in carried if old == found.id],
        "predecessors": [(whole.units[old], since) for old, new, since in carried if new == found.id],
        "affected": staff.affected(reader(), actor(), whole, unit_id).told(),
        "units": units_to_choose(whole, found.id),
        "roles": ROLES,
        "history": labels.history(staff.history(reader(), actor(), [found.id, *(post.id for post in found.posts)])),
        "form": form,
        "today": today(),
    }
    return render_template("organisation/unit.html", **context)
