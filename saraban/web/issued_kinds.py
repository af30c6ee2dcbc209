"""Kinds of documents for people, at the administrator's screen: the list with its counts, defining and changing one."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from saraban.domain.calendar import office_date
from saraban.domain.errors import BadInput, ConcurrentEdit, NotFound, RuleBroken, SarabanError
from saraban.domain.issued_field import OWN_BLANKS, FieldType
from saraban.domain.issued_kind import IssuedKind, KindDefinition, LookupPolicy, Marks, Stage, Validity, is_of_paper
from saraban.domain.permissions import may_define_kinds, require
from saraban.doorway import actor, reader, refresh_reader, services
from saraban.doorway.errors import problem_of
from saraban.reading import issued as rows
from saraban.reading.delegations import positions_of_agency
from saraban.reading.people import units
from saraban.reading.publications import own_front
from saraban.usecases import issuing
from saraban.usecases.pages import Page
from saraban.web.filters import official_digits
from saraban.web.forms.issued import APPROVERS, choices_of, read_definition
from saraban.web.saving import today
from saraban.web.writing import pictured

bp = Blueprint("issued_kinds", __name__, url_prefix="/admin/issued-kinds")
_LABELS = {
    "code": "รหัส",
    "name_th": "ชื่อเอกสาร",
    "name_en": "ชื่อภาษาอังกฤษ",
    "title": "หัวเรื่องบนหน้า",
    "text": "ข้อความ",
    "series": "รูปแบบเลข",
    "units": "หน่วยงานที่ออก",
    "approvers": "ผู้อนุมัติ",
    "signer_id": "ผู้ลงนาม",
    "answer_units": "หน่วยงานที่ตอบคำขอตรวจ",
    "answer_posts": "ตำแหน่งที่ตอบคำขอตรวจ",
    "validity_amount": "ใช้ได้ จำนวน",
    "may_download": "ดาวน์โหลด",
    "in_register": "ทะเบียนสาธารณะ",
    "holder_in_register": "ชื่อผู้ถือในทะเบียน",
    "pilot_most": "จำนวนฉบับที่ทดลอง",
}


@bp.get("")
def index() -> str:
    """All kinds, with how many were issued."""
    require(may_define_kinds(actor()))
    found = rows.kinds(reader(), actor(), office_date(services().clock.now()))
    return render_template("issued/kinds.html", found=found)


@bp.route("/new", methods=["GET", "POST"])
def new() -> ResponseReturnValue:
    """A kind that begins."""
    require(may_define_kinds(actor()))
    if request.method == "GET":
        return _page(KindDefinition(code="", name_th="", signer_id=None))
    said, wrong = read_definition(request.form)
    try:
        _expect_read(said, wrong)
        made = issuing.define_kind(services(), actor=actor(), said=said)
    except SarabanError as error:
        return _page(said, error=error)
    refresh_reader()
    flash("บันทึกชนิดเอกสารแล้ว", "green")
    return redirect(url_for(".edit", kind_id=made))


@bp.route("/<uuid:kind_id>", methods=["GET", "POST"])
def edit(kind_id: UUID) -> ResponseReturnValue:
    """What is said about a kind."""
    kind = rows.kind(reader(), actor(), kind_id)
    require(may_define_kinds(actor()))
    if request.method == "GET":
        return _page(kind, kind)
    said, wrong = read_definition(request.form)
    try:
        _expect_read(said, wrong)
        version = request.form.get("version", type=int)
        issuing.change_kind(services(), actor=actor(), kind_id=kind_id, said=said, version=version)
    except NotFound:
        raise
    except SarabanError as error:
        return _page(said, kind, error=error)
    refresh_reader()
    flash("บันทึกชนิดเอกสารแล้ว ฉบับที่ออกไปแล้วไม่เปลี่ยน", "green")
    return redirect(url_for(".edit", kind_id=kind_id))


@bp.post("/fields")
def fields() -> ResponseReturnValue:
    """The rows of the fields for the text as it is being typed."""
    require(may_define_kinds(actor()))
    said, _ = read_definition(request.form)
    return render_template("issued/kind_fields.html", said=said, types=choices_of(FieldType), errors={}, own=OWN_BLANKS)


@bp.post("/preview")
def preview() -> ResponseReturnValue:
    """The page of a kind that is being written."""

    def drawn() -> Page:
        said, wrong = read_definition(request.form)
        if not (said.name_th or said.text):
            raise RuleBroken("ใส่ชื่อเอกสารและข้อความแล้วจะเห็นหน้าเอกสารตรงนี้", code="nothing-yet")
        if unread := {name: words for name, words in wrong.items() if is_of_paper(name)}:
            raise BadInput(said.faults_of_paper() | unread)
        return issuing.preview_kind(services(), actor=actor(), said=said)

    return pictured(drawn)


def _expect_read(said: KindDefinition, wrong: dict[str, str]) -> None:
    """Raise BadInput with all that is wrong, also when some of it could not even be read."""
    if wrong:
        raise BadInput(said.faults() | wrong)


def _page(
    said: KindDefinition, kind: IssuedKind | None = None, *, error: SarabanError | None = None
) -> ResponseReturnValue:
    who, on = actor(), today()
    errors = error.fields if isinstance(error, BadInput) else {}
    keys = {one.field: n for n, one in enumerate(said.fields)}
    body = render_template(
        "issued/kind.html",
        said=said,
        typed={name: request.form.get(name, getattr(said, name)) for name in ("validity_amount", "pilot_most")},
        kind=kind,
        types=choices_of(FieldType),
        own=OWN_BLANKS,
        posts=[
            (str(one.id), f"{one.title} {one.unit}", one.holder)
            for one in positions_of_agency(reader(), who.agency_id, on)
        ],
        units=[(str(one.id), one.name) for one in units(reader(), who.agency_id, on)],
        approvers=[
            (name, str(said.approvers[n]) if n < len(said.approvers) else "") for n, name in enumerate(APPROVERS)
        ],
        marks=choices_of(Marks),
        validities=choices_of(Validity),
        policies=choices_of(LookupPolicy),
        stages=choices_of(Stage),
        errors={name: official_digits(words) for name, words in errors.items()},
        error_rows=[
            (f"kind-field-{keys[name]}" if name in keys else name, _LABELS.get(name, name.removeprefix("fields.")),
             official_digits(words))
            for name, words in errors.items()
        ],
        problem=problem_of(error) if error is not None and not errors else None,
        stale=isinstance(error, ConcurrentEdit),
        register_url=url_for("public_register.show", agency=own_front(reader(), who).code, kind=kind.code)
        if kind
        else "",
    )  # fmt: skip
    return body, 200 if error is None else problem_of(error).status
