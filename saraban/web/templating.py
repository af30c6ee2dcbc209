"""Templates of documents at the screen: the list, making and changing them, and beginning a letter from one."""

from __future__ import annotations

import hashlib
from typing import BinaryIO, cast
from uuid import UUID, uuid4

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from saraban.domain.classification import Form
from saraban.domain.errors import BadInput, ConcurrentEdit, NotFound, RuleBroken, SarabanError
from saraban.domain.forms import RULES
from saraban.domain.letter import LetterId
from saraban.domain.permissions import may_draft, require
from saraban.domain.templates import TemplateText
from saraban.doorway import actor, reader, refresh_reader, services
from saraban.doorway.errors import problem_of
from saraban.doorway.idempotency import do_once, once_key
from saraban.reading import templates as rows
from saraban.reading.delegations import posts_to_ask
from saraban.usecases import drafting
from saraban.usecases import keeping_templates as keeping
from saraban.usecases.pages import Page
from saraban.usecases.templates import Edition
from saraban.web.filters import thai_digits
from saraban.web.forms.letters import LetterForm, form_named
from saraban.web.forms.templates import TemplateForm, asked, read_values
from saraban.web.guards import is_local
from saraban.web.saving import today
from saraban.web.writing import (
    closings_to_choose,
    field_labels,
    kinds_of,
    pictured,
    receivers_to_choose,
)

bp = Blueprint("templates", __name__, url_prefix="/templates")


@bp.get("")
def index() -> ResponseReturnValue:
    """All templates that the person may see, and for whom he may make new ones."""
    q = request.args.get("q", "")
    found = rows.kept(reader(), actor(), q)
    return render_template(
        "templates/index.html",
        found=found,
        q=q,
        owners=rows.units_kept(reader(), actor()),
        drafts=may_draft(actor()) is None,
    )


@bp.route("/new", methods=["GET", "POST"])
def new() -> ResponseReturnValue:
    """A template that begins: of a form (`form`), or with the words of a letter (`letter`)."""
    owners = rows.units_kept(reader(), actor())
    if not owners:
        raise NotFound
    if request.method == "GET":
        return _page(_begun(owners[0][0]))
    form = TemplateForm.typed()
    owner = form.owner.data or ""
    try:
        text = _read(form)
        made = keeping.make_template(services(), actor=actor(), text=text, unit_code=owner or None)
    except SarabanError as error:
        return _page(form, error=error)
    refresh_reader()
    flash("บันทึกแบบแล้ว เลือกได้ที่หน้าเลือกแบบ", "green")
    return redirect(url_for(".edit", template_id=made))


@bp.route("/<uuid:template_id>", methods=["GET", "POST"])
def edit(template_id: UUID) -> ResponseReturnValue:
    """The text of a template, or of an earlier edition (`edition`) to go back to. Saving makes another edition."""
    if request.method == "GET":
        opened = keeping.open_template(services(), actor=actor(), template_id=template_id)
        shown = next((one for one in opened.editions if str(one.number) == request.args.get("edition")), None)
        text = shown.text if shown is not None else opened.template.text
        return _page(TemplateForm.of(text, edition=opened.template.edition), opened, shown=shown)
    form = TemplateForm.typed()
    try:
        text = _read(form)
        keeping.change_template(
            services(), actor=actor(), template_id=template_id, text=text, edition=form.edition_seen
        )
    except NotFound:
        raise
    except SarabanError as error:
        opened = keeping.open_template(services(), actor=actor(), template_id=template_id)
        return _page(form, opened, error=error)
    refresh_reader()
    flash("บันทึกแบบแล้ว หนังสือที่ร่างจากแบบนี้ไปแล้วไม่เปลี่ยน", "green")
    return redirect(url_for(".edit", template_id=template_id))


@bp.post("/<uuid:template_id>/switch")
def switch(template_id: UUID) -> ResponseReturnValue:
    """Offer the template, or no more."""
    active = request.form.get("active") == "yes"
    keeping.switch_template(services(), actor=actor(), template_id=template_id, active=active)
    refresh_reader()
    flash("เปิดใช้แบบนี้แล้ว" if active else "ปิดใช้แบบนี้แล้ว หนังสือที่ร่างไปแล้วไม่เปลี่ยน", "green")
    return redirect(url_for(".edit", template_id=template_id))


@bp.post("/<uuid:template_id>/favourite")
def favourite(template_id: UUID) -> ResponseReturnValue:
    """Put the template before the others, or no more; back to where the person was."""
    wanted = request.form.get("favourite") == "yes"
    keeping.mark_favourite(services(), actor=actor(), template_id=template_id, favourite=wanted)
    refresh_reader()
    back = request.form.get("back", "")
    return redirect(back if is_local(back) else url_for(".index"))


@bp.get("/<uuid:template_id>/picture.png")
def picture(template_id: UUID) -> Response:
    """The first page."""
    png = keeping.template_picture(services(), actor=actor(), template_id=template_id)
    answer = Response(png, mimetype="image/png")
    answer.set_etag(hashlib.sha256(png).hexdigest()[:40])
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.make_conditional(request)
    return answer


@bp.route("/<uuid:template_id>/start", methods=["GET", "POST"])
def start(template_id: UUID) -> ResponseReturnValue:
    """Ask for the fields, and begin the draft with them."""
    require(may_draft(actor()))
    opened = keeping.open_template(services(), actor=actor(), template_id=template_id)
    if request.method == "GET":
        return _asking(opened)
    wrong: dict[str, str] = {}
    values = read_values(opened.template.text.fields, today(), wrong)
    try:
        letter_id = _begin(opened, values, wrong)
    except SarabanError as error:
        return _asking(opened, error=error)
    refresh_reader()
    _attach(opened.template.text, letter_id)
    return redirect(url_for("letters.edit", letter_id=letter_id))


@bp.post("/fields")
def fields() -> ResponseReturnValue:
    """The rows of the fields for the text as it is being typed."""
    form = TemplateForm.typed()
    text, _ = form.read(today())
    form.fields = text.fields
    return render_template("templates/fields.html", around=form, errors={})


@bp.post("/preview")
def preview() -> ResponseReturnValue:
    """The pages of a template that is being written."""

    def drawn() -> Page:
        text, wrong = TemplateForm.typed().read(today())
        if wrong:
            raise BadInput(wrong)
        return keeping.preview_template(services(), actor=actor(), text=text)

    return pictured(drawn)


# --- beginning a letter -----------------------------------------------------------------------------------------------


def _begin(opened: keeping.OpenedTemplate, values: dict[str, str], wrong: dict[str, str]) -> LetterId:
    try:
        content = keeping.fill_template(services(), actor=actor(), template_id=opened.template.id, values=values)
    except BadInput as error:
        raise BadInput(error.fields | wrong) from error
    if wrong:
        raise BadInput(wrong)
    key = once_key(actor(), request.form.get("idempotency_key", "").strip(), "template", repr(content))
    said = do_once(
        key,
        lambda office: {
            "id": str(drafting.start_letter(office, actor=actor(), content=content, template_id=opened.template.id))
        },
        lambda letter_id: {"id": str(letter_id)},
    )
    return LetterId(UUID(said.answer["id"]))


def _attach(text: TemplateText, letter_id: LetterId) -> None:
    """Attach what was brought, under the names that the template gives; what cannot be attached is told, for the draft
    is there already."""
    for n, name in enumerate(text.enclosures):
        file = request.files.get(f"enclosure-{n}")
        if file is None or not file.filename:
            continue
        _, dot, ending = file.filename.rpartition(".")
        try:
            drafting.attach_file(
                services(),
                actor=actor(),
                letter_id=letter_id,
                name=f"{name}{dot}{ending}" if dot else name,
                media_type=file.mimetype,
                stream=cast(BinaryIO, file.stream),
            )
        except (BadInput, RuleBroken) as error:
            words = error.fields.get("file", error.thai) if isinstance(error, BadInput) else error.thai
            flash(f"แนบ{name}ไม่ได้: {thai_digits(words)}", "amber")


def _asking(opened: keeping.OpenedTemplate, error: SarabanError | None = None) -> ResponseReturnValue:
    text = opened.template.text
    wrong = error.fields if isinstance(error, BadInput) else {}
    fields = asked(text.fields, request.form, wrong)
    shown = {one.field.field for one in fields}
    body = render_template(
        "templates/start.html",
        template=opened.template,
        fields=fields,
        errors=[(one.at, one.field.name, thai_digits(one.error)) for one in fields if one.error],
        others=[thai_digits(words) for name, words in wrong.items() if name not in shown],
        problem=problem_of(error) if error is not None and not wrong else None,
        kept=not opened.why_not_change,
        key=request.form.get("idempotency_key") or uuid4().hex,
        most_bytes=drafting.MAX_FILE_BYTES,
    )
    return body, 200 if error is None else problem_of(error).status


# --- writing a template -----------------------------------------------------------------------------------------------


def _begun(owner: str) -> TemplateForm:
    letter = request.args.get("letter", "")
    if letter:
        try:
            letter_id = LetterId(UUID(letter))
        except ValueError:
            raise NotFound from None
        text = keeping.text_of_letter(services(), actor=actor(), letter_id=letter_id)
        return TemplateForm.of(text, owner=owner)
    form = TemplateForm(formdata=None, owner=owner)
    form.letter = LetterForm.blank(form_named(request.args.get("form")) or Form.EXTERNAL, "")
    return form


def _read(form: TemplateForm) -> TemplateText:
    text, wrong = form.read(today())
    form.fields = text.fields
    if wrong:
        raise BadInput(text.faults() | wrong)
    return text


def _page(
    form: TemplateForm,
    opened: keeping.OpenedTemplate | None = None,
    *,
    shown: Edition | None = None,
    error: SarabanError | None = None,
) -> ResponseReturnValue:
    errors = error.fields if isinstance(error, BadInput) else {}
    labels = field_labels(form.letter) | {field.name: field.label.text for field in form}
    labels |= {one.field: f"ฟิลด์ {one.name}" for one in form.fields}
    stale = isinstance(error, ConcurrentEdit)
    body = render_template(
        "templates/edit.html",
        around=form,
        form=form.letter,
        rule=form.letter.rule,
        template=opened.template if opened is not None else None,
        editions=opened.editions if opened is not None else [],
        why_not=opened.why_not_change if opened is not None else "",
        shown=shown,
        owners=rows.units_kept(reader(), actor()),
        receivers=receivers_to_choose(),
        posts=posts_to_ask(reader(), actor().agency_id, today()) if form.letter.most_cosigners else [],
        keyless=frozenset(),
        closings=closings_to_choose(form.letter),
        kinds=kinds_of([one for one in RULES.values() if one is not form.letter.rule]),
        errors={name: thai_digits(words) for name, words in errors.items()},
        error_rows=[(_place(name, form), labels.get(name, name), thai_digits(words)) for name, words in errors.items()],
        problem=problem_of(error) if error is not None and not errors else None,
        stale=stale,
        drafts=may_draft(actor()) is None,
    )
    return body, 200 if error is None else problem_of(error).status


def _place(name: str, form: TemplateForm) -> str:
    """Where on the page a refusal belongs."""
    if not name.startswith("fields."):
        return name
    return next((f"template-field-{n}" for n, one in enumerate(form.fields) if one.field == name), "fields")
