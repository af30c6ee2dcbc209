"""Letters that go out: lists, one letter with its page and its course, and the deeds after drafting."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from saraban.domain.attachment import Role
from saraban.domain.calendar import office_date
from saraban.domain.enclosures import title_of
from saraban.domain.errors import BadInput, NotFound, RuleBroken, SarabanError
from saraban.domain.forms import RULES
from saraban.domain.joining import joined
from saraban.domain.letter import Letter, LetterId, LetterState
from saraban.domain.permissions import (
    forbid_dispatch,
    may_acknowledge,
    may_change_course,
    may_dispatch,
    may_draft,
    may_revise,
    words_of,
)
from saraban.doorway import actor, reader, refresh_reader, services
from saraban.doorway.errors import problem_of
from saraban.reading import directory, verifying
from saraban.reading import letters as rows
from saraban.reading import tasks as task_rows
from saraban.reading.archive import destroyed_line
from saraban.reading.delegations import vacant_ahead
from saraban.reading.holds import held_among
from saraban.reading.organisation import unit_names
from saraban.usecases import dispatching, drafting, routing, versioning, viewing
from saraban.web import labels
from saraban.web.choosing import chosen_view
from saraban.web.copying import copies_of
from saraban.web.course import last_return, shown_notes, shown_route
from saraban.web.downloads import PAGE_WIDTH, ascii_number, digest_of, download, page_image, telling_name
from saraban.web.filters import thai_digits
from saraban.web.forms.details import shown_details
from saraban.web.late_stamps import stamps_of
from saraban.web.publications import publication_of
from saraban.web.readers_panel import panel_of
from saraban.web.sent import sent_of
from saraban.web.standins import posts_to_hand, standing_notes

bp = Blueprint("letters", __name__, url_prefix="/letters")

TABS = (
    ("all", "ทั้งหมด"),
    ("drafts", "ร่าง"),
    ("route", "อยู่ระหว่างเสนอ"),
    ("issued", "ออกเลขแล้ว รอส่ง"),
    ("dispatched", "ส่งแล้ว"),
    ("kept", "ออกเลขแล้ว ไม่ต้องส่ง"),
    (rows.TO_NOTE, "เพื่อทราบ"),
)
OPEN_FOR_CHANGE = (LetterState.DRAFT, LetterState.RETURNED)
NAMES_SHOWN = 100


@dataclass(frozen=True)
class ShownPage:
    """A page of the letter as the viewer takes it."""

    src: str
    number: int


@dataclass(frozen=True)
class FileRow:
    """A file of the letter with its address and digest."""

    name: str
    size: int
    href: str
    role: str
    sha256: str
    title: str


# --- lists --------------------------------------------------------------------------------------------------------


@bp.get("")
def outgoing() -> ResponseReturnValue:
    """Outgoing letters by how far they have come."""
    return _list(chosen_view("tab", (*rows.TABS, rows.TO_NOTE), "all"), "outgoing")


@bp.get("/drafts")
def drafts() -> ResponseReturnValue:
    """Drafts, and letters that came back to be mended."""
    return _list("drafts", "drafts")


def _list(tab: str, here: str) -> str:
    q = request.args.get("q", "").strip()
    found = rows.outgoing(reader(), actor(), tab=tab, q=q, cursor=request.args.get("cursor"))
    return render_template(
        "letters/index.html",
        tab=tab,
        tabs=TABS,
        here=here,
        q=q,
        page=found,
        on_hold=held_among(reader(), (row.id for row in found.items)),
        why_not_draft=words_of(may_draft(actor())),
    )


# --- one letter ---------------------------------------------------------------------------------------------------


@bp.get("/<uuid:letter_id>")
def show(letter_id: UUID) -> ResponseReturnValue:
    """One letter: its page, where it stands, what was written on it, and what may be done."""
    line = destroyed_line(reader(), actor(), letter_id)
    return page_of(letter_id) if line is None else redirect(url_for("registers.entry", entry_id=line))


@bp.get("/<uuid:letter_id>/pages/<int:number>.png")
def page(letter_id: UUID, number: int) -> Response:
    """A page as an image: of the signed file, or as it will be."""
    letter = viewing.open_letter(services(), actor=actor(), letter_id=LetterId(letter_id))
    if letter.page_file is not None:
        return page_image(viewing.page_file(services(), actor=actor(), letter_id=letter.id), number)
    png = drafting.preview_image(services(), actor=actor(), letter_id=letter.id, page=number - 1, width=PAGE_WIDTH)
    answer = Response(png, mimetype="image/png")
    answer.set_etag(hashlib.sha256(png).hexdigest()[:40])
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.make_conditional(request)
    return answer


@bp.get("/<uuid:letter_id>/files/<sha256>")
def file(letter_id: UUID, sha256: str) -> Response:
    """A file of the letter, for saving."""
    found, data = viewing.open_file(services(), actor=actor(), letter_id=LetterId(letter_id), sha256=digest_of(sha256))
    row = rows.letter(reader(), actor(), letter_id)
    ours = found.role is Role.LETTER
    stem = "letter" if ours else f"enclosure-{sha256[:8]}"
    name = telling_name(row.number or "", _open_subject(row), ".pdf") if ours else found.name
    return download(data, name, found.media_type, plain=f"{stem}-{ascii_number(row.number or '')}".rstrip("-"))


@bp.get("/<uuid:letter_id>/preview.pdf")
def preview_pdf(letter_id: UUID) -> Response:
    """The page of an unissued letter as PDF, for saving or printing."""
    preview = drafting.preview_letter(services(), actor=actor(), letter_id=LetterId(letter_id))
    name = telling_name("ร่าง", _open_subject(rows.letter(reader(), actor(), letter_id)), ".pdf")
    return download(preview.pdf, name, "application/pdf", plain=f"draft-{str(letter_id)[:8]}")


@bp.post("/<uuid:letter_id>/submit")
def submit(letter_id: UUID) -> ResponseReturnValue:
    """Put the draft before the first officer. What is missing on it is shown in its form."""
    try:
        routing.submit_letter(services(), actor=actor(), letter_id=LetterId(letter_id), version=version_seen())
    except BadInput:
        return redirect(url_for(".edit", letter_id=letter_id, check=1))
    except SarabanError as error:
        return page_of(letter_id, error, "ยังเสนอไม่ได้")
    tell_cautions(letter_id)
    return _done(letter_id, submitted_words(letter_id))


@bp.post("/<uuid:letter_id>/withdraw")
def withdraw(letter_id: UUID) -> ResponseReturnValue:
    """Give the letter up; it stays readable."""
    return _do(
        letter_id,
        lambda: drafting.withdraw_letter(services(), actor=actor(), letter_id=LetterId(letter_id)),
        "ถอนเรื่องแล้ว ร่างยังเปิดอ่านได้",
    )


@bp.post("/<uuid:letter_id>/dispatch")
def dispatch(letter_id: UUID) -> ResponseReturnValue:
    """Queue the signed letter for all its receivers."""
    try:
        sent = dispatching.dispatch_letter(services(), actor=actor(), letter_id=LetterId(letter_id))
    except SarabanError as error:
        return page_of(letter_id, error, "ยังส่งไม่ได้")
    return _done(letter_id, f"เข้ากล่องออกแล้ว {thai_digits(len(sent))} ซอง ติดตามผลได้ที่การติดตาม")


@bp.get("/<uuid:letter_id>/sent")
def sent(letter_id: UUID) -> ResponseReturnValue:
    """What became of the letter at its receivers, alone; 204 when it is still what the asker has (`seen`)."""
    living = sent_of(letter_id)
    if request.args.get("seen") == living.seen:
        return Response(status=204)
    return render_template("letters/sent.html", sent=living, alone=True)


def page_of(letter_id: UUID, error: SarabanError | None = None, said: str = "") -> ResponseReturnValue:
    """The page of a letter; with what went wrong when a deed was refused, under the title `said`."""
    problem = problem_of(error) if error is not None else None
    who = actor()
    letter = viewing.open_letter(services(), actor=who, letter_id=LetterId(letter_id))
    refresh_reader()  # opening has read the notices about it
    first = letter.content.recipients[:NAMES_SHOWN]
    names = directory.names(reader(), first, letter.agency_id)
    revise, send = may_revise(who, letter), may_dispatch(who, letter)
    rule = RULES[letter.content.form]
    pages, why_no_pages = pages_of(letter)
    standing = standing_notes(letter)
    body = render_template(
        "letters/show.html",
        letter=letter,
        rule=rule,
        details=shown_details(rule, letter.content.details),
        problem=problem,
        unit_name=unit_names(reader(), letter.agency_id).on(letter.unit_id, letter.number_date or who.on),
        said=said,
        pages=pages,
        why_no_pages=why_no_pages,
        page_name=_page_name(letter),
        returned=last_return(letter),
        answered=task_rows.answered(reader(), who, letter_id),
        answers=task_rows.answers_to(reader(), who, letter_id),
        struck=rows.struck_numbers(reader(), letter.agency_id, letter_id),
        receivers=[(code, names.get(code, code)) for code in first],
        receiver_count=len(letter.content.recipients),
        sent=sent_of(letter_id),
        route=shown_route(letter, vacant_ahead(reader(), letter, office_date(services().clock.now()))),
        standing=standing,
        posts=posts_to_hand(standing),
        notes=shown_notes(letter),
        versions=len(versioning.versions_of(services(), actor=who, letter=letter)),
        as_word=letter.content.ready is None,
        files=file_rows(letter),
        scans=verifying.scans_of_letter(reader(), who, letter_id) if letter.issued_file is not None else None,
        published=publication_of(letter),
        copies=copies_of(letter_id=letter.id) if letter.issued_file is not None else None,
        late_stamps=stamps_of(letter_id=letter.id),
        history=labels.history(rows.history(reader(), who, letter_id)),
        why_not_revise=words_of(revise),
        why_not_send=send.thai if send else _why_not_sent(letter),
        my_turn=is_my_turn(letter),
        passed=panel_of(letter),
        may_note=may_acknowledge(who, letter) is None,
        may_change_course=letter.rest_is_open() and may_change_course(who, letter) is None,
    )
    return body, problem.status if problem else 200


# --- parts that the desk shows too ----------------------------------------------------------------------------------


def pages_of(letter: Letter) -> tuple[list[ShownPage], list[str]]:
    """The pages of a letter with their addresses, and in Thai why there are none. The version in an address keeps a
    browser from showing an older page."""
    count, why = 0, [""]
    if letter.page_file is not None:
        shown = viewing.shown_pages(services(), [letter.page_file])
        count, why = shown.pages, [shown.why]
    else:
        try:
            count = drafting.preview_letter(services(), actor=actor(), letter_id=letter.id).pages
        except BadInput as error:
            why = list(error.fields.values()) or [error.thai]
        except (NotFound, RuleBroken) as error:
            why = [error.thai]
    pages = [
        ShownPage(url_for("letters.page", letter_id=letter.id, number=number, v=letter.version), number)
        for number in range(1, count + 1)
    ]
    return pages, [] if pages else [words for words in why if words]


def file_rows(letter: Letter) -> list[FileRow]:
    """The letter's files with their addresses."""
    return [
        FileRow(
            one.name,
            one.size,
            url_for("letters.file", letter_id=letter.id, sha256=one.sha256.hex),
            one.role.value,
            one.sha256.hex,
            title_of(one.name),
        )
        for one in letter.files
    ]


def is_my_turn(letter: Letter) -> bool:
    """Does the letter wait for the person of this request?"""
    return letter.step_of(actor()) is not None


def submitted_words(letter_id: UUID) -> str:
    """What is said after submitting: for whom the letter waits now."""
    whom = viewing.open_letter(services(), actor=actor(), letter_id=LetterId(letter_id)).waits_for()
    return joined("เสนอแล้ว ขณะนี้รอ", whom) if whom else "เสนอตามเส้นทางแล้ว"


def tell_cautions(letter_id: UUID) -> None:
    """Say what should be looked at in a letter that was submitted all the same."""
    for words in routing.cautions(services(), actor=actor(), letter_id=LetterId(letter_id)):
        flash(words, "amber")


def version_seen() -> int | None:
    """The version in the form that was sent; None when the form does not say."""
    text = request.form.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _page_name(letter: Letter) -> str:
    """What the page in view is called: as its file is when it is saved, once somebody has signed it."""
    if letter.page_file is None:
        return "ตัวอย่าง ยังไม่ลงนาม"
    if letter.issued_file is None:
        return letter.page_file.name
    subject = letter.content.subject if letter.content.secrecy.is_open else ""
    return telling_name(letter.number or "", subject, ".pdf")


def _open_subject(row: rows.LetterRow) -> str:
    """The subject for a file's name: that of a classified letter stands on no disk in the clear."""
    return row.subject if row.secrecy.is_open else ""


def _why_not_sent(letter: Letter) -> str:
    try:
        forbid_dispatch(letter)
    except RuleBroken as error:
        return error.thai
    return ""


def _do(letter_id: UUID, deed: Callable[[], object], words: str) -> ResponseReturnValue:
    try:
        deed()
    except SarabanError as error:
        return page_of(letter_id, error)
    return _done(letter_id, words)


def _done(letter_id: UUID, words: str) -> ResponseReturnValue:
    refresh_reader()
    flash(words, "green")
    return redirect(url_for("letters.show", letter_id=letter_id))
