"""Saving a draft: when a button asks for it, and by itself while it is being typed.

A letter that was never saved is begun by the first words that are typed, once for each form however often it is sent.
"""

from __future__ import annotations

from datetime import date
from uuid import UUID

from flask import Response, jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue

from saraban.domain.calendar import office_date
from saraban.domain.classification import Form
from saraban.domain.errors import BadInput, SarabanError
from saraban.domain.letter import Content, Letter, LetterId
from saraban.domain.permissions import may_draft, may_revise, require
from saraban.domain.salutations import Salutation
from saraban.domain.versions import Saving
from saraban.doorway import actor, reader, refresh_reader, services
from saraban.doorway.errors import problem_of
from saraban.doorway.idempotency import do_once, once_key
from saraban.reading import letters as letter_rows
from saraban.reading import people
from saraban.usecases import drafting, versioning, viewing
from saraban.usecases.versioning import Difference
from saraban.web.filters import thai_time
from saraban.web.forms.letters import LetterForm, form_named
from saraban.web.letters import bp

_ORDER = (
    "form",
    "unit",
    "recipients",
    "outsider_name",
    "outsider_mailbox",
    "addressed_to",
    "subject",
    "details",
    "urgency",
    "secrecy",
    "response_due",
    "references",
    "body",
)


@bp.post("/autosave")
def begin() -> ResponseReturnValue:
    """Begin a draft with the first words that are typed; answers JSON with where it is saved from now on. 204 while
    nothing is typed: no empty drafts are left behind."""
    form = LetterForm.typed()
    try:
        require(may_draft(actor()))
        content, wrong = form.read(today())
        if not wrong and content == Content(form=content.form).as_form(content.form):
            return Response(status=204)
        letter_id, begun = begun_once(form)
        version = 1 if begun else save(letter_id, form, by_itself=True)
    except SarabanError as error:
        return _refused(error)
    return jsonify(
        version=version,
        saved=thai_time(services().clock.now()),
        edit=url_for(".edit", letter_id=letter_id),
        autosave=url_for(".autosave", letter_id=letter_id),
        preview=url_for(".preview", letter_id=letter_id),
        clash=url_for(".clash", letter_id=letter_id),
    )


@bp.post("/<uuid:letter_id>/autosave")
def autosave(letter_id: UUID) -> ResponseReturnValue:
    """Save what is being typed; answers JSON with the new version, or the status of the refusal."""
    try:
        version = save(letter_id, LetterForm.typed(), by_itself=True)
    except SarabanError as error:
        return _refused(error)
    return jsonify(version=version, saved=thai_time(services().clock.now()))


@bp.post("/<uuid:letter_id>/clash")
def clash(letter_id: UUID) -> ResponseReturnValue:
    """What was typed beside what somebody else has saved meanwhile, and how to go on."""
    letter = viewing.open_letter(services(), actor=actor(), letter_id=LetterId(letter_id))
    require(may_revise(actor(), letter))
    return render_template("letters/clash.html", letter=letter, clash=clash_of(letter, LetterForm.typed()))


def clash_of(letter: Letter, form: LetterForm) -> list[Difference]:
    """What the typed words change in what stands in the letter now."""
    content, _ = form.read(today())
    return versioning.differences_from(services(), letter, content)


def start(form: LetterForm) -> LetterId:
    """Begin a draft, or save over the one that this form has begun by itself. Raises RuleBroken
    (`idempotency-key-reused`) when the form was sent before with other words."""
    if request.form.get("begun"):
        content = read(form)
        letter_id, begun = begun_once(form, content, by_itself=False)
        if not begun:
            save(letter_id, form)
        return letter_id
    content, unit = read(form), form.unit.data or None
    key = once_key(actor(), (form.idempotency_key.data or "").strip(), "draft", repr((content, unit)))
    said = do_once(
        key,
        lambda office: {
            "id": str(
                drafting.start_letter(office, actor=actor(), content=content, unit_code=unit, answers=form.answered)
            )
        },
        lambda letter_id: {"id": str(letter_id)},
    )
    return LetterId(UUID(said.answer["id"]))


def begun_once(form: LetterForm, content: Content | None = None, *, by_itself: bool = True) -> tuple[LetterId, bool]:
    """The draft that this form begins, whatever stands in it when it is sent again; False when it had begun before."""
    written, unit = content or read(form), form.unit.data or None
    key = once_key(actor(), (form.idempotency_key.data or "").strip(), "draft", "begun")
    said = do_once(
        key,
        lambda office: {
            "id": str(
                drafting.start_letter(
                    office,
                    actor=actor(),
                    content=written,
                    unit_code=unit,
                    by_itself=by_itself,
                    answers=form.answered,
                )
            )
        },
        lambda letter_id: {"id": str(letter_id)},
    )
    return LetterId(UUID(said.answer["id"])), not said.repeated


def save(letter_id: UUID, form: LetterForm, *, by_itself: bool = False) -> int:
    """Write what was typed into the draft. Returns the new version; BadInput for all fields that must be mended."""
    version = drafting.revise_letter(
        services(),
        actor=actor(),
        letter_id=LetterId(letter_id),
        content=read(form, letter_id),
        version=form.version_seen,
        saving=Saving.AUTOSAVED if by_itself else Saving.OVER if request.form.get("over") else Saving.SAVED,
        unit_code=request.form.get("unit"),
    )
    form.version.data = str(version)
    refresh_reader()
    return version


def read(form: LetterForm, letter_id: UUID | None = None) -> Content:
    """What was typed. Raises BadInput for all fields that must be mended at once, those too that only submitting asks
    for, so that nobody mends one fault to meet the next."""
    content, wrong = form.read(today())
    if to := form_to_be():
        content = content.as_form(to)
    wrong = drafting.faults_of(services(), actor=actor(), content=content) | wrong
    if not wrong:
        return content
    if letter_id is not None:
        # A letter that must not be seen is not found, whatever was typed.
        letter_rows.letter(reader(), actor(), letter_id)
    if request.form.get("deed") == "submit":
        wrong = content.missing(salutations()) | wrong
    raise BadInput({name: wrong[name] for name in sorted(wrong, key=_place)})


def form_to_be() -> Form | None:
    """The other form that the draft shall have, when that button was pressed."""
    return form_named(request.form.get("to_form")) if request.form.get("deed") == "form" else None


def salutations() -> tuple[Salutation, ...]:
    """The caller's agency's table of salutations."""
    return people.salutations(reader(), actor().agency_id)


def today() -> date:
    """The day in the office."""
    return office_date(services().clock.now())


def _place(name: str) -> int:
    part = name.partition(".")[0]
    return _ORDER.index(part) if part in _ORDER else len(_ORDER)


def _refused(error: SarabanError) -> ResponseReturnValue:
    problem = problem_of(error)
    return jsonify(code=problem.code, detail=problem.detail, errors=problem.errors), problem.status
