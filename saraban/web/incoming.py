"""Letters that came in: the list, the letter beside its facts and verdicts, and the clerk's deeds on it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from saraban.domain.attachment import Digest, Role
from saraban.domain.errors import BadInput, RuleBroken, StageNotAllowed
from saraban.domain.incoming import IncomingId, IncomingLetter, IncomingState
from saraban.domain.permissions import may_attend, may_tell_number, may_work_incoming
from saraban.domain.receipt import ReceiptId
from saraban.doorway import actor, reader, refresh_reader, services
from saraban.exchange.plain_answers import WHY_NOT
from saraban.reading import duty, people
from saraban.reading import incoming as rows
from saraban.reading import letters as letter_rows
from saraban.reading.archive import destroyed_line
from saraban.reading.holds import held_among
from saraban.reading.meetings import meeting_of_mail
from saraban.usecases import attending, disputing, registering, stamping, viewing
from saraban.web import labels
from saraban.web.choosing import chosen_view
from saraban.web.copying import copies_of
from saraban.web.downloads import ascii_number, digest_of, download, page_image, telling_name
from saraban.web.filters import thai_date, thai_digits, thai_time
from saraban.web.forms.incoming import MailLetterForm, RecallAnswerForm, RefuseForm, ReleaseForm, SetAsideForm
from saraban.web.incoming_ties import reminders_in, ties_of
from saraban.web.incoming_work import work_of
from saraban.web.late_stamps import stamps_of
from saraban.web.readers_panel import panel_of
from saraban.web.stamping import stamp_of_letter
from saraban.web.verdicts import verdict_of

bp = Blueprint("incoming", __name__, url_prefix="/incoming")

_PICTURES_SHOWN = 10

TABS = (
    ("all", "ทั้งหมด"),
    ("new", "รอลงรับ"),
    ("held", "ต้องตรวจด้วยคน"),
    ("registered", "ลงรับแล้ว"),
    ("refused", "ส่งคืนแล้ว"),
    ("recall", "ขอเรียกคืน"),
    ("gone", "ส่งต่อ คืน แทนแล้ว"),
    ("set-aside", "ไม่ใช่หนังสือ"),
)
_RECEIPT_STATES = {"queued": "กำลังส่ง", "sent": "ส่งแล้ว", "failed": "ส่งไม่สำเร็จ", "stopped": "หยุดส่ง"}


@dataclass(frozen=True)
class ShownPage:
    """A page of the letter as the viewer takes it."""

    src: str
    number: int


@dataclass(frozen=True)
class Deeds:
    """Why each deed cannot be done now by this person, in Thai; empty when it can."""

    register: str
    refuse: str
    release: str
    tell_number: str
    make_letter: str
    forward: str
    answer_recall: str
    complete: str


@dataclass(frozen=True)
class FileRow:
    """A file of the letter with its address."""

    sha256: str

    name: str
    size: int
    href: str
    role: str


@dataclass(frozen=True)
class ReceiptRow:
    """A receipt that was given for the letter, with where it stands and its address once it is sealed."""

    step: str
    made_at: object
    state: str
    reply: str
    href: str


@bp.get("")
def index() -> ResponseReturnValue:
    """The list of what came in, by state."""
    _note_duty()
    state = chosen_view("state", rows.STATES, "all")
    q = request.args.get("q", "").strip()
    found = rows.incoming(reader(), actor(), state=state, q=q, cursor=request.args.get("cursor"))
    return render_template(
        "incoming/index.html",
        state=state,
        q=q,
        page=found,
        on_hold=held_among(reader(), (row.id for row in found.items)),
        counts=rows.counts(reader(), actor()),
        tabs=TABS,
        today=thai_date(services().clock.now()),
        check_label=labels.check_label,
    )


def _note_duty() -> None:
    """A keeper who opens the list has done the duty of this half of the day."""
    who = actor()
    if may_attend(who) is None and not duty.has_opened(reader(), who, services().clock.now()):
        attending.note_opened(services(), actor=who)
        refresh_reader()


@bp.get("/<uuid:incoming_id>")
def show(incoming_id: UUID) -> ResponseReturnValue:
    """One letter: its page, its facts, what was found out about it, and what may be done."""
    line = destroyed_line(reader(), actor(), incoming_id)
    return shown_page(incoming_id) if line is None else redirect(url_for("registers.entry", entry_id=line))


@bp.post("/<uuid:incoming_id>/register")
def register(incoming_id: UUID) -> ResponseReturnValue:
    """ลงรับ: give the letter its receiving number."""
    try:
        done = registering.register_letter(services(), actor=actor(), incoming_id=IncomingId(incoming_id))
    except StageNotAllowed as error:
        # A second click on the same button, or a colleague was faster: the letter itself shows what is so.
        flash(error.thai, "amber")
        return redirect(url_for(".show", incoming_id=incoming_id))
    refresh_reader()
    flash(f"ลงรับแล้ว เลขรับ {thai_digits(done.number)} เวลา {thai_time(done.at)}", "green")
    return redirect(url_for(".show", incoming_id=incoming_id))


@bp.post("/<uuid:incoming_id>/refuse")
def refuse(incoming_id: UUID) -> ResponseReturnValue:
    """Send the letter back with a reason."""
    form = RefuseForm()
    said = {field.name: field.data or "" for field in (form.code, form.text, form.responsible)}

    def deed() -> None:
        registering.refuse_letter(services(), actor=actor(), incoming_id=IncomingId(incoming_id), **said)

    if not _done(form, deed, "text"):
        return shown_page(incoming_id, refuse=form), 422
    flash("ส่งคืนและแจ้งผู้ส่งแล้ว", "green")
    return redirect(url_for(".show", incoming_id=incoming_id))


@bp.post("/<uuid:incoming_id>/release")
def release(incoming_id: UUID) -> ResponseReturnValue:
    """Take a held letter in after all, with a reason."""
    form = ReleaseForm()
    reason = form.reason.data or ""

    def deed() -> None:
        registering.release_letter(services(), actor=actor(), incoming_id=IncomingId(incoming_id), reason=reason)

    if not _done(form, deed, "reason"):
        return shown_page(incoming_id, release=form), 422
    flash("ปล่อยเข้าระบบแล้ว ลงรับได้", "green")
    return redirect(url_for(".show", incoming_id=incoming_id))


@bp.post("/<uuid:incoming_id>/tell-number")
def tell_number(incoming_id: UUID) -> ResponseReturnValue:
    """แจ้งเลขทะเบียนอีกครั้ง: answer a sender who questions the receiving number."""
    try:
        told = disputing.tell_number_again(services(), actor=actor(), incoming_id=IncomingId(incoming_id))
    except RuleBroken as error:
        flash(error.thai, "amber")
        return redirect(url_for(".show", incoming_id=incoming_id))
    refresh_reader()
    flash(f"แจ้งผู้ส่งแล้ว เลขทะเบียนรับ {thai_digits(told.number)}/{thai_digits(told.year)}", "green")
    return redirect(url_for(".show", incoming_id=incoming_id))


@bp.get("/<uuid:incoming_id>/pages/<int:number>.png")
def page(incoming_id: UUID, number: int) -> Response:
    """A page of the letter as an image."""
    file = viewing.page_file(services(), actor=actor(), incoming_id=IncomingId(incoming_id))
    return page_image(file, number)


@bp.get("/<uuid:incoming_id>/files/<sha256>")
def file(incoming_id: UUID, sha256: str) -> Response:
    """A file of the letter, for saving."""
    found, data = viewing.open_incoming_file(
        services(), actor=actor(), incoming_id=IncomingId(incoming_id), sha256=digest_of(sha256)
    )
    letter = rows.letter(reader(), actor(), incoming_id)
    ours = found.role is Role.LETTER
    name = telling_name(letter.number, _open_subject(letter), ".pdf") if ours else found.name
    plain = _plain_stem(letter) if ours else f"incoming-{sha256[:8]}"
    return download(data, name, found.media_type, plain=plain)


@bp.get("/<uuid:incoming_id>/message.eml")
def message(incoming_id: UUID) -> Response:
    """The mail as it came, byte for byte."""
    letter = viewing.open_incoming(services(), actor=actor(), incoming_id=IncomingId(incoming_id))
    _, data = viewing.open_incoming_file(services(), actor=actor(), incoming_id=letter.id, sha256=letter.raw_sha256)
    return download(data, f"{_file_stem(letter)}.eml", "message/rfc822", plain=_plain_stem(letter))


@bp.get("/<uuid:incoming_id>/manifest.json")
def manifest(incoming_id: UUID) -> Response:
    """The manifest that the sender sealed, byte for byte."""
    data = viewing.open_manifest(services(), actor=actor(), incoming_id=IncomingId(incoming_id))
    return download(data, "manifest.json", "application/json")


@bp.get("/<uuid:incoming_id>/stamped.pdf")
def stamped(incoming_id: UUID) -> Response:
    """The marked copy with the receiving stamp (สำเนาประทับตรารับ)."""
    letter = viewing.open_incoming(services(), actor=actor(), incoming_id=IncomingId(incoming_id))
    data = stamping.marked_copy_of_letter(services(), actor=actor(), incoming_id=letter.id)
    received = f"สำเนาประทับตรารับ {letter.register_number}-{letter.register_year}"
    name = telling_name(received, _open_subject(letter), ".pdf")
    plain = f"received-{letter.register_number}-{letter.register_year}"
    return download(data, name, "application/pdf", plain=plain)


@bp.get("/<uuid:incoming_id>/receipts/<uuid:receipt_id>.eml")
def receipt(incoming_id: UUID, receipt_id: UUID) -> Response:
    """A receipt that we gave for the letter, as it was sent."""
    data = viewing.open_receipt_given(
        services(), actor=actor(), incoming_id=IncomingId(incoming_id), receipt_id=ReceiptId(receipt_id)
    )
    return download(data, f"receipt-{receipt_id}.eml", "message/rfc822")


def _done(form: RefuseForm | ReleaseForm, deed: Callable[[], None], own_field: str) -> bool:
    """Do it; what was wrong goes beside its field, and a broken rule beside the field that was typed in."""
    try:
        deed()
    except BadInput as error:
        for name, words in error.fields.items():
            getattr(form, name if name in form else own_field).errors = [words]
        return False
    except RuleBroken as error:
        getattr(form, own_field).errors = [error.thai]
        return False
    refresh_reader()
    return True


def shown_page(
    incoming_id: UUID,
    *,
    refuse: RefuseForm | None = None,
    release: ReleaseForm | None = None,
    made: MailLetterForm | None = None,
    aside: SetAsideForm | None = None,
    recall: RecallAnswerForm | None = None,
    work: Mapping[str, Any] | None = None,
) -> str:
    """The page of a letter; with a form that was sent and refused, that form stands open; `work` for `work_of`."""
    who = actor()
    letter = viewing.open_incoming(services(), actor=who, incoming_id=IncomingId(incoming_id))
    refresh_reader()  # opening has read the notices about it
    shown = viewing.shown_pages(services(), letter.files)
    before, after = rows.neighbours(reader(), who, incoming_id)
    happened = letter_rows.history(reader(), who, incoming_id)
    return render_template(
        "incoming/show.html",
        letter=letter,
        shown=shown,
        pages=[
            ShownPage(url_for(".page", incoming_id=incoming_id, number=number), number)
            for number in range(1, shown.pages + 1)
        ],
        pictures=[one for one in letter.files if one.media_type in viewing.SHOWN_PICTURES][:_PICTURES_SHOWN],
        stamp=stamp_of_letter(incoming_id) if letter.state is IncomingState.REGISTERED else None,
        deeds=_deeds(letter),
        files=[_file_row(letter, one.name, one.size, one.sha256, one.role.value) for one in letter.files],
        copies=copies_of(incoming_id=letter.id) if letter.state is IncomingState.REGISTERED else None,
        late_stamps=stamps_of(incoming_id=letter.id),
        seal=verdict_of(letter.seal),
        outer=verdict_of(letter.outer),
        passed=panel_of(letter),
        receipts=[
            ReceiptRow(
                one.step,
                one.made_at,
                _RECEIPT_STATES.get(one.outbox_state or "", "รอลงตรา"),
                one.last_reply,
                url_for(".receipt", incoming_id=incoming_id, receipt_id=one.id) if one.sealed else "",
            )
            for one in rows.receipts_given(reader(), who, incoming_id)
        ],
        history=labels.history(happened),
        reminders=reminders_in(happened),
        questioned=rows.questioned(reader(), who, letter.about) if letter.about else None,
        question=rows.open_question(reader(), who, incoming_id),
        before=before,
        after=after,
        refuse=refuse or RefuseForm(formdata=None),
        release=release or ReleaseForm(formdata=None),
        refuse_open=refuse is not None,
        release_open=release is not None,
        **_ordinary(letter, made, aside),
        **ties_of(letter, recall),
        **work_of(letter, **(work or {})),
        check_label=labels.check_label,
        reason_label=labels.reason_label,
    )


def _ordinary(letter: IncomingLetter, made: MailLetterForm | None, aside: SetAsideForm | None) -> dict[str, Any]:
    """What the page of an ordinary mail has beside that of a letter: the form that makes it one, and its answer."""
    if not letter.ordinary:
        return {}
    why_no_answer = WHY_NOT.get(letter.details.get("no_answer", ""), "")
    if not people.answers_mail(reader(), letter.agency_id):
        why_no_answer = "ส่วนราชการตั้งไว้ว่าไม่ตอบไปรษณีย์ธรรมดา"
    return {
        "made": made or MailLetterForm.proposed(letter),
        "made_errors": {name: words[0] for name, words in made.errors.items()} if made is not None else {},
        "aside": aside or SetAsideForm(formdata=None),
        "aside_open": aside is not None,
        "of_meeting": meeting_of_mail(reader(), letter.agency_id, letter.from_mailbox, letter.subject),
        "why_no_answer": why_no_answer,
        "answer": rows.plain_answer(reader(), actor(), letter.id, registering.answer_id(letter)),
    }


def _deeds(letter: IncomingLetter) -> Deeds:
    refusal, untold = may_work_incoming(actor(), letter), may_tell_number(actor(), letter)
    tell = untold.thai if untold is not None else why_not(letter.may_be_answered)
    if refusal is not None:
        no = refusal.thai
        return Deeds(no, no, no, tell, no, no, no, no)
    return Deeds(
        why_not(letter.may_be_registered),
        why_not(letter.may_be_refused),
        why_not(letter.may_be_released),
        tell,
        why_not(letter.may_be_made_of_mail),
        why_not(letter.may_be_forwarded),
        why_not(letter.may_answer_recall),
        why_not(letter.may_be_completed),
    )


def why_not(rule: Callable[[], None]) -> str:
    """Why a deed cannot be done by the letter's own rule, in Thai; empty when it can."""
    try:
        rule()
    except StageNotAllowed as error:
        return error.thai
    return ""


def _file_row(letter: IncomingLetter, name: str, size: int, sha256: Digest, role: str) -> FileRow:
    return FileRow(sha256.hex, name, size, url_for(".file", incoming_id=letter.id, sha256=sha256.hex), role)


def _open_subject(letter: IncomingLetter | rows.IncomingRow) -> str:
    """The subject for a file's name: that of a classified letter stands on no disk in the clear."""
    return letter.subject if letter.secrecy.is_open else ""


def _plain_stem(letter: IncomingLetter | rows.IncomingRow) -> str:
    return f"letter-{ascii_number(letter.number or '') or str(letter.id)[:8]}"


def _file_stem(letter: IncomingLetter) -> str:
    number = letter.number.replace("/", "-").replace(" ", "") if letter.number else str(letter.id)[:8]
    return f"หนังสือ-{number}"
