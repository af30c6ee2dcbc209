"""What is done to one line of a register: void, rectify, note what was done, bind a reserved number, attach a scan."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import BinaryIO, cast
from uuid import UUID, uuid4

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from saraban.domain.attachment import Digest
from saraban.domain.errors import BadInput, ConcurrentEdit, PossibleDuplicate, RuleBroken
from saraban.domain.permissions import Refusal, require
from saraban.domain.register import EntryId, EntryState
from saraban.doorway import actor, reader, refresh_reader, services
from saraban.doorway.idempotency import do_once, once_key
from saraban.reading.entry_page import EntryPage, entry_page
from saraban.reading.reserved import next_in_block
from saraban.usecases import amending, recording, viewing
from saraban.web.downloads import digest_of, download, page_image
from saraban.web.entering_scans import KeptFile, attachment, desk, kept_files, new_files, put_away
from saraban.web.entry import page_of
from saraban.web.filters import count, thai_digits
from saraban.web.forms.amending import BindForm, PracticeForm, RectifyForm, VoidForm, show_errors

bp = Blueprint("amending", __name__, url_prefix="/registers/entries")


@bp.post("/<uuid:entry_id>/void")
def void(entry_id: UUID) -> ResponseReturnValue:
    """Strike the number; one that was only reserved is given back."""
    line, form = _line(entry_id), VoidForm()
    reason, authority = form.reason.data or "", form.authority.data or ""
    try:
        if line.awaits_letter:
            amending.release_numbers(
                services(), actor=actor(), entry_ids=[EntryId(entry_id)], reason=reason, authority=authority
            )
        else:
            amending.void_number(
                services(), actor=actor(), entry_id=EntryId(entry_id), reason=reason, authority=authority
            )
    except BadInput as error:
        show_errors(form, error.fields, "reason")
        return page_of(line, void=form), 422
    except RuleBroken as error:
        return _stands_otherwise(entry_id, error)
    said = "คืนเลข" if line.awaits_letter else "ยกเลิกเลข"
    return _done(entry_id, f"{said} {thai_digits(line.serial)} แล้ว เลขนี้ยังอ่านได้และไม่ใช้อีก")


@bp.route("/<uuid:entry_id>/rectify", methods=["GET", "POST"])
def rectify(entry_id: UUID) -> ResponseReturnValue:
    """The form with what the line says; what is changed is kept beside what it said."""
    line = _line(entry_id)
    if request.method == "GET":
        if line.deeds.rectify:
            flash(line.deeds.rectify, "amber")
            return redirect(url_for("registers.entry", entry_id=entry_id))
        return _rectify_page(line, RectifyForm.of(line))
    form = RectifyForm()
    if line.masked:
        require(Refusal(line.deeds.rectify))
    try:
        amending.rectify_entry(
            services(),
            actor=actor(),
            entry_id=EntryId(entry_id),
            changes=form.changes(line, services().clock.now()),
            reason=form.reason.data or "",
            authority=form.authority.data or "",
            seen=_seen(form),
        )
    except BadInput as error:
        show_errors(form, error.fields, "reason")
        return _rectify_page(line, form), 422
    except ConcurrentEdit as error:
        form.seen.data = line.seen
        form.reason.errors = [error.thai]
        return _rectify_page(line, form), 409
    except RuleBroken as error:
        form.reason.errors = [error.thai]
        return _rectify_page(line, form), 422
    return _done(entry_id, f"แก้ไขรายการเลข {thai_digits(line.serial)} แล้ว ข้อความเดิมยังอ่านได้")


@bp.post("/<uuid:entry_id>/practice")
def practice(entry_id: UUID) -> ResponseReturnValue:
    """Write what was done about the letter."""
    line, form = _line(entry_id), PracticeForm()
    try:
        amending.note_practice(
            services(),
            actor=actor(),
            entry_id=EntryId(entry_id),
            practice=(form.practice.data or "").replace("\r\n", "\n"),
            seen=_seen(form),
        )
    except BadInput as error:
        show_errors(form, error.fields, "practice")
        return page_of(line, practice=form), 422
    except ConcurrentEdit as error:
        form.seen.data = line.seen
        form.practice.errors = [error.thai]
        return page_of(line, practice=form), 409
    except RuleBroken as error:
        return _stands_otherwise(entry_id, error)
    return _done(entry_id, "บันทึกการปฏิบัติแล้ว")


@bp.route("/<uuid:entry_id>/bind", methods=["GET", "POST"])
def bind(entry_id: UUID) -> ResponseReturnValue:
    """Write a letter on paper into a reserved number; with `row`, the next number of the block follows."""
    line = _line(entry_id)
    if request.method == "GET":
        if line.deeds.bind:
            flash(line.deeds.bind, "amber")
            return redirect(url_for("registers.entry", entry_id=entry_id))
        return _bind_page(line, BindForm(formdata=None, idempotency_key=uuid4().hex), [])
    form = BindForm()
    files: list[KeptFile] = []
    try:
        for one in chain(kept_files(), new_files()):
            files.append(one)
        _bind(entry_id, form, files)
    except PossibleDuplicate as error:
        return _bind_page(line, form, files, twice=error), 409
    except BadInput as error:
        refused = error.fields.get("file", "")
        show_errors(form, {name: words for name, words in error.fields.items() if name != "file"}, "subject")
        return _bind_page(line, form, files, scan_error=refused), 422
    except RuleBroken as error:
        return _stands_otherwise(entry_id, error)
    if any(one.tray for one in files):
        put_away(desk(line.kind.value), files)
    refresh_reader()
    flash(f"ผูกเลข {thai_digits(line.serial)} กับหนังสือแล้ว", "green")
    following = next_in_block(reader(), actor(), entry_id) if "row" in request.args else None
    if following is not None:
        return redirect(url_for(".bind", entry_id=following, row=1))
    return redirect(url_for("registers.entry", entry_id=entry_id))


@bp.post("/<uuid:entry_id>/scan")
def scan(entry_id: UUID) -> ResponseReturnValue:
    """Attach scans or pictures of the letter on paper."""
    line = _line(entry_id)
    chosen = [one for name in ("file", "camera") for one in request.files.getlist(name) if one.filename]
    try:
        if line.deeds.scan:
            raise RuleBroken(line.deeds.scan)
        if not chosen:
            raise BadInput({"file": "เลือกไฟล์ก่อนกดแนบ"})
        for one in chosen:
            kept = recording.keep_scan(services(), stream=cast(BinaryIO, one.stream), name=one.filename or "")
            recording.attach_scan(services(), actor=actor(), entry_id=EntryId(entry_id), scan=kept)
    except BadInput as error:
        refresh_reader()
        return page_of(_line(entry_id), scan_error=error.fields.get("file", error.thai)), 422
    except RuleBroken as error:
        return _stands_otherwise(entry_id, error)
    return _done(entry_id, f"แนบแล้ว {count(len(chosen))} ไฟล์")


@bp.get("/<uuid:entry_id>/files/<sha256>")
def file(entry_id: UUID, sha256: str) -> Response:
    """A file of the line, for saving."""
    found, data = viewing.open_scan(services(), actor=actor(), entry_id=EntryId(entry_id), sha256=digest_of(sha256))
    return download(data, found.name, found.media_type, plain=f"scan-{sha256[:8]}")


@bp.get("/<uuid:entry_id>/files/<sha256>/<int:number>.png")
def page(entry_id: UUID, sha256: str, number: int) -> Response:
    """A page of a scan as an image; pictures of a camera as they are."""
    found = viewing.scan_file(services(), actor=actor(), entry_id=EntryId(entry_id), sha256=digest_of(sha256))
    if found.media_type not in viewing.SHOWN_PICTURES:
        return page_image(found, number)
    response = Response(viewing.picture(services(), found), mimetype=found.media_type)
    response.set_etag(found.sha256.hex[:40])
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-cache"
    response.make_conditional(request)
    return response


def _line(entry_id: UUID) -> EntryPage:
    return entry_page(reader(), actor(), entry_id)


def _seen(form: RectifyForm | PracticeForm) -> Digest | None:
    try:
        return Digest(form.seen.data or "")
    except ValueError:
        return None


def _bind(entry_id: UUID, form: BindForm, files: Sequence[KeptFile]) -> None:
    matter = form.matter(services().clock.now())
    origin, accepted = form.came(), " ".join(request.form.getlist("accepted")).split()
    said = [repr(matter), [one.sha256.hex for one in files], accepted]
    key = once_key(actor(), (form.idempotency_key.data or "").strip(), "bind", str(entry_id), said)
    do_once(
        key,
        lambda office: {
            "id": str(
                amending.bind_number(
                    office,
                    actor=actor(),
                    entry_id=EntryId(entry_id),
                    matter=matter,
                    origin=origin,
                    files=[attachment(one) for one in files],
                    accepted=accepted,
                ).id
            )
        },
        lambda bound: {"id": str(bound)},
    )


def _done(entry_id: UUID, words: str) -> ResponseReturnValue:
    refresh_reader()
    flash(words, "green")
    return redirect(url_for("registers.entry", entry_id=entry_id))


def _stands_otherwise(entry_id: UUID, error: RuleBroken) -> ResponseReturnValue:
    """A second click on the same button, or a colleague was faster: the line itself shows what is so."""
    flash(error.thai, "amber")
    return redirect(url_for("registers.entry", entry_id=entry_id))


def _rectify_page(line: EntryPage, form: RectifyForm) -> str:
    return render_template("registers/rectify.html", line=line, form=form, before=RectifyForm.of(line))


def _bind_page(
    line: EntryPage,
    form: BindForm,
    files: Sequence[KeptFile],
    *,
    twice: PossibleDuplicate | None = None,
    scan_error: str = "",
) -> str:
    earlier = [entry_page(reader(), actor(), one) for one in (twice.earlier if twice else ())[:5]]
    return render_template(
        "registers/bind.html",
        line=line,
        files=files,
        scan_error=scan_error,
        largest_scan=recording.LARGEST_SCAN,
        accepted=" ".join(finding.key for finding in twice.findings) if twice else "",
        form=form,
        twice=twice,
        earlier=[one for one in earlier if one.state is not EntryState.VOID],
        in_a_row="row" in request.args,
    )
