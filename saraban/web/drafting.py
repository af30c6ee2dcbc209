"""Writing a letter at the screen: new, edit, autosave, and the page as it will be beside the fields.

One form does it all, so that nothing typed is lost: whichever of its buttons is pressed (save, attach, take a file off,
submit), what was typed is saved first.
"""

from __future__ import annotations

from typing import BinaryIO, cast
from uuid import UUID, uuid4

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from saraban.domain.agency import PersonId, PositionId
from saraban.domain.classification import Form
from saraban.domain.errors import BadInput, NotFound, RuleBroken, SarabanError
from saraban.domain.forms import RULES
from saraban.domain.incoming import IncomingId
from saraban.domain.letter import Content, Letter, LetterId
from saraban.domain.permissions import may_draft, may_revise, require
from saraban.domain.salutations import Proposal, heads_title, proposed, unpaired
from saraban.doorway import actor, reader, refresh_reader, services
from saraban.doorway.errors import problem_of
from saraban.reading import directory, people, templates, tracking
from saraban.reading.delegations import posts_to_ask
from saraban.usecases import drafting, photos, routing, viewing
from saraban.usecases.pages import Page
from saraban.web import outsiders, word
from saraban.web.ahead import route_ahead
from saraban.web.course import last_return, shown_notes
from saraban.web.downloads import digest_of
from saraban.web.filters import thai_digits
from saraban.web.forms.letters import LetterForm, form_named
from saraban.web.letters import (
    OPEN_FOR_CHANGE,
    bp,
    file_rows,
    pages_of,
    submitted_words,
    tell_cautions,
)
from saraban.web.saving import clash_of, form_to_be, salutations, save, start, today
from saraban.web.writing import (
    closings_to_choose,
    field_labels,
    kinds_of,
    pictured,
    receivers_to_choose,
)

__all__ = ["bp"]


@bp.route("/new", methods=["GET", "POST"])
def new() -> ResponseReturnValue:
    """The kinds to choose from, and the fields of the form that was chosen (`form`). The draft is made when it is first
    saved, once however often it is sent."""
    require(may_draft(actor()))
    if request.method == "GET":
        if "answers" in request.args:
            return _page(_answering(request.args["answers"]))
        if "corrects" in request.args:
            return _page(_correcting(request.args["corrects"]))
        chosen = form_named(request.args.get("form"))
        return _choices() if chosen is None else _page(LetterForm.blank(chosen, uuid4().hex))
    form = LetterForm.typed()
    if request.form.get("deed") in word.DEEDS:
        return _page(form, error=word.take_in(form))
    try:
        outsiders.take_typed(form)
        letter_id = start(form)
    except SarabanError as error:
        if error.code == "idempotency-key-reused":
            form.idempotency_key.data = uuid4().hex
            error = RuleBroken("แบบฟอร์มนี้บันทึกเป็นร่างไปแล้ว และข้อความเปลี่ยนไปจากตอนนั้น กดบันทึกอีกครั้งเพื่อเริ่มร่างอีกฉบับ")
        return _page(form, error=_with_files_left(error))
    refresh_reader()
    try:
        return _after_saving(letter_id, form)
    except SarabanError as error:
        return _edit_page(letter_id, _with_version(form, letter_id), error)


def _answering(incoming_id: str) -> LetterForm:
    try:
        answered = IncomingId(UUID(incoming_id))
    except ValueError:
        raise NotFound from None
    letter = viewing.open_incoming(services(), actor=actor(), incoming_id=answered)
    return LetterForm.answering(letter, uuid4().hex)


def _correcting(dispatch_id: str) -> LetterForm:
    """The words of a letter that one of its receivers sent back, to be put right for that receiver; the files that went
    with it are attached anew."""
    try:
        wrong = tracking.dispatch(reader(), actor(), UUID(dispatch_id))
    except ValueError:
        raise NotFound from None
    letter = viewing.open_letter(services(), actor=actor(), letter_id=LetterId(wrong.letter_id))
    flash("ข้อความของฉบับเดิมอยู่ในร่างนี้แล้ว แนบสิ่งที่ส่งมาด้วยใหม่ เมื่อออกเลขแล้วกดส่งแทนฉบับเดิม", "act")
    return LetterForm.correcting(letter, wrong.to_code, uuid4().hex)


@bp.route("/<uuid:letter_id>/edit", methods=["GET", "POST"])
def edit(letter_id: UUID) -> ResponseReturnValue:
    """The form of a draft. A stale version keeps what was typed and says so."""
    if request.method == "GET":
        letter = viewing.open_letter(services(), actor=actor(), letter_id=LetterId(letter_id))
        require(may_revise(actor(), letter))
        if letter.state not in OPEN_FOR_CHANGE:
            flash("แก้ไขได้เฉพาะร่างหนังสือหรือหนังสือที่ถูกส่งคืน", "amber")
            return redirect(url_for(".show", letter_id=letter_id))
        missing = _hindrances(letter) if "check" in request.args else {}
        return _edit_page(letter_id, LetterForm.of(letter), BadInput(missing) if missing else None, letter)
    form = LetterForm.typed()
    if request.form.get("deed") in word.DEEDS:
        require(may_revise(actor(), viewing.open_letter(services(), actor=actor(), letter_id=LetterId(letter_id))))
        return _edit_page(letter_id, form, word.take_in(form))
    try:
        outsiders.take_typed(form)
        save(letter_id, form)
        return _after_saving(LetterId(letter_id), form)
    except NotFound:
        raise
    except BadInput as error:
        return _edit_page(letter_id, form, _with_files(LetterId(letter_id), error))
    except SarabanError as error:
        return _edit_page(letter_id, form, error)


@bp.post("/preview")
def preview_new() -> ResponseReturnValue:
    """The pages of a letter that was never saved, as images inside the answer."""
    return _preview(None)


@bp.post("/<uuid:letter_id>/preview")
def preview(letter_id: UUID) -> ResponseReturnValue:
    """The pages of a draft with the words that are being typed."""
    return _preview(LetterId(letter_id))


@bp.post("/salutation")
def salutation() -> ResponseReturnValue:
    """How a letter to the addressee that is being typed begins and closes, when that differs from what stands there."""
    form = LetterForm.typed()
    return render_template("letters/salutation.html", proposal=_proposal(form), pairing=_unpaired(form))


# --- what a button asks for ---------------------------------------------------------------------------------------


def _with_files(letter_id: LetterId, error: BadInput) -> BadInput:
    """Attach the files that came with words that cannot be saved: a browser does not send them again by itself. What is
    wrong with the files stands beside the words that are."""
    if "file" in error.fields:
        return error
    try:
        if attached := _attach(letter_id):
            flash(f"แนบไฟล์แล้ว {thai_digits(attached)} ไฟล์ ข้อความยังมีช่องต้องแก้", "amber")
    except BadInput as also:
        return BadInput(error.fields | also.fields)
    except SarabanError:
        pass  # a letter that is closed for change says so when the words are mended
    return error


def _with_files_left(error: SarabanError) -> SarabanError:
    """The refusal of a letter that is not there yet, with what is to be done about the files that came along: there is
    nothing to which they could be attached, and a browser does not send them again by itself."""
    left = {}
    for field in ("file", "photo"):
        names = [one.filename for one in request.files.getlist(field) if one.filename]
        if names:
            left[field] = f"ยังไม่ได้แนบ {', '.join(names)} เพราะร่างยังไม่ได้บันทึก แก้ช่องอื่นแล้วเลือกไฟล์อีกครั้ง"
    if not left:
        return error
    if isinstance(error, BadInput):
        return BadInput(error.fields | left)
    for words in left.values():
        flash(words, "amber")
    return error


def _attach(letter_id: LetterId) -> int:
    """Attach the files of this request; how many there were."""
    files = [one for one in request.files.getlist("file") if one.filename]
    for one in files:
        drafting.attach_file(
            services(),
            actor=actor(),
            letter_id=letter_id,
            name=one.filename or "",
            media_type=one.mimetype,
            stream=cast(BinaryIO, one.stream),
        )
    return len(files)


def _after_saving(letter_id: LetterId, form: LetterForm) -> ResponseReturnValue:
    """What the pressed button asks for, now that the words are safe."""
    deed, removed, deed_done = request.form.get("deed", "save"), request.form.get("remove", ""), ""
    files = _attach(letter_id)
    if (portrait := request.files.get("photo")) is not None and portrait.filename:
        photos.bring_photo(services(), actor=actor(), letter_id=letter_id, stream=cast(BinaryIO, portrait.stream))
        deed_done = "ใส่รูปถ่ายแล้ว"
    elif deed == "photo":
        raise BadInput({"photo": "เลือกรูปถ่ายก่อน"})
    elif deed == "unphoto":
        photos.remove_photo(services(), actor=actor(), letter_id=letter_id)
        deed_done = "เอารูปถ่ายออกแล้ว"
    if removed:
        drafting.detach_file(services(), actor=actor(), letter_id=letter_id, sha256=digest_of(removed))
    if deed == "submit":
        complete = not viewing.open_letter(services(), actor=actor(), letter_id=letter_id).content.missing(
            salutations()
        )
        if complete and (caution := _unpaired(form)) and request.form.get("heeded") != caution:
            return _edit_page(letter_id, _with_version(form, letter_id), caution=caution)
        routing.submit_letter(services(), actor=actor(), letter_id=letter_id)
        tell_cautions(letter_id)
        flash(submitted_words(letter_id), "green")
        return redirect(url_for(".show", letter_id=letter_id))
    if deed == "attach" and not files:
        raise BadInput({"file": "เลือกไฟล์ก่อนกดแนบ"})
    if to := form_to_be():
        flash(f"เปลี่ยนเป็น{to.thai}แล้ว เรื่องและข้อความยังอยู่", "green")
        return redirect(url_for(".edit", letter_id=letter_id))
    if deed == "outsider":
        flash("เพิ่มผู้รับนอกทำเนียบและบันทึกร่างแล้ว", "green")
        return redirect(url_for(".edit", letter_id=letter_id, _anchor="recipients"))
    flash(deed_done or ("แนบไฟล์แล้ว" if files else "เอาไฟล์ออกแล้ว" if removed else "บันทึกร่างแล้ว"), "green")
    return redirect(
        url_for(
            ".edit",
            letter_id=letter_id,
            _anchor="files" if files or removed else "photo-section" if deed_done else None,
        )
    )


def _with_version(form: LetterForm, letter_id: LetterId) -> LetterForm:
    letter = viewing.open_letter(services(), actor=actor(), letter_id=letter_id)
    form.version.data = str(letter.version)
    return form


def _stale(error: SarabanError | None) -> bool:
    return error is not None and error.code == "concurrent-edit"


def _hindrances(letter: Letter) -> dict[str, str]:
    """What keeps a draft from being submitted, by field: what is missing, or what cannot be printed."""
    if missing := letter.content.missing(salutations()):
        return missing
    try:
        drafting.preview_letter(services(), actor=actor(), letter_id=letter.id)
    except BadInput as error:
        return error.fields
    return {}


def _undone() -> str:
    """What was asked for and could not be done."""
    deed = request.form.get("deed", "")
    if deed == "submit" or "check" in request.args:
        return "ยังเสนอไม่ได้"
    if request.form.get("remove"):
        return "ยังเอาไฟล์ออกไม่ได้"
    if deed in word.DEEDS:
        return "ยังนำข้อความเข้าไม่ได้"
    if deed in ("photo", "unphoto"):
        return "ยังใส่รูปถ่ายไม่ได้" if deed == "photo" else "ยังเอารูปถ่ายออกไม่ได้"
    if deed == "attach" or any(one.filename for one in request.files.getlist("file")):
        return "ยังแนบไม่ได้"
    if deed == "outsider":
        return "ยังเพิ่มผู้รับไม่ได้"
    return "ยังเปลี่ยนแบบไม่ได้" if deed == "form" else "ยังบันทึกไม่ได้"


# --- pages ----------------------------------------------------------------------------------------------------------


def _choices() -> str:
    """The kinds of clause 10 with their forms, and the templates of the agency and of the person's unit."""
    q = request.args.get("q", "")
    return render_template(
        "letters/choose.html",
        kinds=kinds_of(list(RULES.values())),
        found=templates.offered(reader(), actor(), q),
        q=q,
        makes=bool(templates.units_kept(reader(), actor())),
    )


def _proposal(form: LetterForm) -> Proposal | None:
    """What is proposed for the addressee, or for the head of the one receiver while none is written; None when it
    stands there already."""
    text = (form.addressed_to.data or "").strip() or _head_of_receiver(form)
    found = proposed(salutations(), form.rule.form, text)
    written = (" ".join((form.addressed_to.data or "").split()), form.closing.data if form.rule.has("closing") else "")
    return None if found is None or written == (found.addressed_to, found.closing) else found


def _head_of_receiver(form: LetterForm) -> str:
    """Whom a letter addresses that goes to one agency; empty for several, or when its name does not tell."""
    codes = form.recipients.data or []
    name = directory.names(reader(), codes, actor().agency_id).get(codes[0], "") if len(codes) == 1 else ""
    return name if form.rule.form is Form.STAMPED else heads_title(name)


def _unpaired(form: LetterForm) -> str:
    """That salutation and closing do not belong together, in words; empty when they do."""
    return unpaired(salutations(), form.rule.form, form.addressed_to.data or "", form.closing.data or Content.closing)


def _edit_page(
    letter_id: UUID,
    form: LetterForm,
    error: SarabanError | None = None,
    letter: Letter | None = None,
    caution: str = "",
) -> ResponseReturnValue:
    refresh_reader()
    if letter is None:
        letter = viewing.open_letter(services(), actor=actor(), letter_id=LetterId(letter_id))
    require(may_revise(actor(), letter))
    if error is not None and not _stale(error):
        form.version.data = str(letter.version)
    return _page(form, letter, error, caution)


def _page(
    form: LetterForm, letter: Letter | None = None, error: SarabanError | None = None, caution: str = ""
) -> ResponseReturnValue:
    """`caution`: what should be looked at before the letter is submitted; it is when that is asked for again."""
    who = actor()
    fields = error.fields if isinstance(error, BadInput) else {}
    own_units = people.units(reader(), who.agency_id, who.on) if who.central else []
    units = [("", f"{who.unit_name} (หน่วยงานของท่าน)")]
    units += [(unit.code, unit.name) for unit in own_units if unit.id != who.unit_id]
    rule, labels = form.rule, field_labels(form)
    if letter is not None and form.unit.data is None:
        form.unit.data = next((unit.code for unit in own_units if unit.id == letter.unit_id != who.unit_id), "")
    pages, why_no_pages = pages_of(letter) if letter is not None and error is None else ([], [])
    posts = posts_to_ask(reader(), who.agency_id, today()) if form.most_cosigners else []
    body = render_template(
        "letters/edit.html",
        form=form,
        rule=rule,
        kinds=kinds_of([one for one in RULES.values() if one is not rule]),
        closings=closings_to_choose(form),
        proposal=_proposal(form),
        pairing=_unpaired(form),
        caution=caution,
        why_no_number=drafting.why_no_number(
            services(), actor=who, content=Content(form=rule.form), letter_id=letter.id if letter is not None else None
        ),
        letter=letter,
        errors=fields,
        error_rows=[(name, labels.get(name, name), words) for name, words in fields.items()],
        problem=problem_of(error) if error is not None and not fields else None,
        clash=clash_of(letter, form) if letter is not None and _stale(error) else None,
        said=_undone(),
        pages=pages,
        why_no_pages=why_no_pages,
        returned=last_return(letter) if letter is not None else None,
        ahead=route_ahead(
            form.routed, letter_id=letter.id if letter is not None else None, unit_code=form.unit.data or ""
        ),
        notes=shown_notes(letter) if letter is not None else [],
        files=file_rows(letter) if letter is not None else [],
        most_bytes=drafting.MAX_FILE_BYTES,
        most_photo_bytes=photos.MOST_OCTETS,
        central=bool(own_units),
        units=units,
        receivers=receivers_to_choose(),
        posts=posts,
        keyless=routing.keyless(services(), [(PositionId(one.position_id), PersonId(one.person_id)) for one in posts]),
    )
    return body, problem_of(error).status if error is not None else 422 if caution else 200


def _preview(letter_id: LetterId | None) -> ResponseReturnValue:
    def drawn() -> Page:
        content = LetterForm.typed().content(today())
        return drafting.preview_content(
            services(), actor=actor(), content=content, letter_id=letter_id, unit_code=request.form.get("unit")
        )

    return pictured(drawn)
