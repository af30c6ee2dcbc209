"""Meetings on the screens of their secretary: the list, calling one, and its page with pack and participants."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any, BinaryIO, cast
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from saraban.domain.calendar import office_date
from saraban.domain.errors import BadInput, ConcurrentEdit, NotFound
from saraban.domain.meeting import Access, MeetingState
from saraban.domain.meeting_files import LARGEST, TYPES, FileState, MeetingFile
from saraban.domain.meeting_people import Heard, Part, Presence, read_people, written_people
from saraban.domain.numbering import thai_digits
from saraban.domain.permissions import may_call_meeting, may_draft, may_keep_meeting, require, words_of
from saraban.doorway import actor, office, reader, refresh_reader, services
from saraban.reading import meetings as rows
from saraban.usecases import convening, packing
from saraban.web.archive_deeds import Came, Said, done, typed_day
from saraban.web.forms.meetings import fresh_plan, read_call, read_plan, typed_plan, written_plan
from saraban.web.packs import file_answer

bp = Blueprint("meetings", __name__, url_prefix="/meetings")

_HELD = ("เก็บไฟล์แล้ว ตัวตรวจไวรัสไม่ตอบ ไฟล์รอตรวจ และเข้าชุดเอกสารเองเมื่อตรวจแล้ว ไม่ต้องใส่ซ้ำ", "amber")


@bp.get("")
def index() -> str:
    """Meetings that are to come, or those that were, and what they did not print."""
    asked = request.args.get("show", "")
    shown = next((one for one in rows.Shown if one.value == asked), rows.Shown.COMING)
    now, who = services().clock.now(), actor()
    found = rows.meetings(reader(), who, shown, now)
    views = [(one.thai, url_for(".index", show=one.value), one is shown) for one in rows.Shown]
    today = office_date(now)
    months = rows.saved_by_month(reader(), who.agency_id, today - timedelta(days=365), today, now)
    return render_template(
        "meetings/index.html",
        found=found,
        shown=shown,
        views=views,
        months=months[::-1],
        why_not=words_of(may_call_meeting(who, who.unit_id)),
    )


# --- calling and changing ---------------------------------------------------------------------------------------------


@bp.get("/new")
def new() -> str:
    """The form of a new meeting; with `after`, the next one of the same committee."""
    require(may_call_meeting(actor(), actor().unit_id))
    after = request.args.get("after", "")
    earlier = rows.meeting(reader(), actor(), _uuid(after)) if after else None
    people = written_people(earlier.people) if earlier is not None else ""
    return _form(None, fresh_plan(earlier.meeting if earlier is not None else None) | {"people": people}, {})


@bp.post("/new")
def call() -> ResponseReturnValue:
    """Call it."""
    typed = typed_plan(request.form)
    people = request.form.get("people", "")[:200_000]
    try:
        plan, invited = read_call(typed, people, services().clock.now())
        meeting_id = convening.call_meeting(services(), actor=actor(), plan=plan, people=invited)
    except BadInput as error:
        return _form(None, typed | {"people": people}, error.fields), 422
    flash("นัดประชุมแล้ว ใส่เอกสารและร่างหนังสือเชิญได้", "green")
    refresh_reader()
    return redirect(url_for(".show", meeting_id=meeting_id))


@bp.get("/<uuid:meeting_id>/edit")
def edit(meeting_id: UUID) -> str:
    """The form with what was said."""
    page = rows.meeting(reader(), actor(), meeting_id)
    require(may_keep_meeting(actor(), page.meeting))
    return _form(page, written_plan(page.meeting) | {"version": str(page.meeting.version)}, {})


@bp.post("/<uuid:meeting_id>/edit")
def revise(meeting_id: UUID) -> ResponseReturnValue:
    """Change it."""
    page = rows.meeting(reader(), actor(), meeting_id)
    typed = typed_plan(request.form) | {"version": request.form.get("version", "")[:10]}
    version = int(typed["version"]) if typed["version"].isdecimal() else None
    try:
        plan = read_plan(typed, services().clock.now(), page.meeting)
        told = convening.revise_meeting(services(), actor=actor(), meeting_id=meeting_id, plan=plan, version=version)
    except BadInput as error:
        return _form(page, typed, error.fields), 422
    except ConcurrentEdit:
        return _form(page, typed, {"title": "มีผู้แก้การประชุมนี้ระหว่างที่ท่านพิมพ์ เปิดหน้านี้ใหม่แล้วแก้อีกครั้ง"}), 409
    flash("แก้การนัดประชุมแล้ว" + (thai_digits(f" แจ้งทางอีเมล {told} คน") if told else ""), "green")
    refresh_reader()
    return redirect(url_for(".show", meeting_id=meeting_id))


def _form(page: rows.MeetingPage | None, typed: Mapping[str, str], errors: Mapping[str, str]) -> str:
    own = page.meeting.id if page is not None else None
    earlier = rows.earlier_meetings(reader(), actor(), services().clock.now(), own)
    choices = [("", "ไม่มี")] + [(str(one.id), thai_digits(one.called)) for one in earlier]
    accesses = [(one.value, one.thai) for one in Access]
    return render_template(
        "meetings/form.html", page=page, typed=typed, errors=errors, earlier=choices, accesses=accesses
    )


# --- the page ---------------------------------------------------------------------------------------------------------


@bp.get("/<uuid:meeting_id>")
def show(meeting_id: UUID) -> str:
    """A meeting: what is to be done, its pack, what was handed in, who takes part and who came."""
    return shown(meeting_id)


def shown(
    meeting_id: UUID, typed: Mapping[str, str] | None = None, errors: Mapping[str, str] | None = None, form: str = ""
) -> str:
    """The page; after a refused form with what was typed in it."""
    page = rows.meeting(reader(), actor(), meeting_id)
    now, meeting = services().clock.now(), page.meeting
    home = office().settings.public_url
    return render_template(
        "meetings/show.html",
        page=page,
        meeting=meeting,
        now=now,
        why_not=words_of(may_keep_meeting(actor(), meeting)),
        coming=meeting.state is MeetingState.PLANNED,
        begun=now >= meeting.begins_at,
        pack_url=f"{home}/m/{meeting.code}" if home else "",
        home=home,
        may_draft=words_of(may_draft(actor())),
        can_begin_minutes=now >= meeting.begins_at,
        closed_for=-rows.closes_in(meeting, now),
        items=[(one.key, thai_digits(f"{one.number} {one.title}")) for one in meeting.agenda],
        presences=[(one.value, one.thai) for one in Presence],
        parts=[one.thai for one in Part],
        scanner=services().scanner.on,
        typed=typed or {},
        errors=errors or {},
        form=form,
        most=LARGEST,
        endings=",".join(f".{one}" for one in TYPES),
    )


@bp.get("/<uuid:meeting_id>/qr/<what>.png")
def qr(meeting_id: UUID, what: str) -> Response:
    """The QR code of the pack, of the door, of a file or of a participant's own link (their ids), as PNG."""
    page = rows.meeting(reader(), actor(), meeting_id)
    keys = {str(one.id): f"own/{one.key}" for one in page.people}
    keys |= {str(one.newest.id): f"{page.meeting.code}/files/{one.newest.sha256.hex}" for one in page.files}
    keys |= {"pack": page.meeting.code, "room": f"room/{page.meeting.room}"}
    home = office().settings.public_url
    if what not in keys or not home or (what != "pack" and may_keep_meeting(actor(), page.meeting)):
        raise NotFound
    return Response(services().meeting_papers.qr_picture(f"{home}/m/{keys[what]}"), mimetype="image/png")


@bp.post("/<uuid:meeting_id>/cancel")
def cancel(meeting_id: UUID) -> ResponseReturnValue:
    """It is not held."""
    why = request.form.get("reason", "")
    deed = convening.cancel_meeting
    return about(
        meeting_id, lambda: deed(services(), actor=actor(), meeting_id=meeting_id, reason=why), "ยกเลิกการประชุมแล้ว"
    )


@bp.post("/<uuid:meeting_id>/end")
def end(meeting_id: UUID) -> ResponseReturnValue:
    """It was held."""
    return about(
        meeting_id,
        lambda: convening.end_meeting(services(), actor=actor(), meeting_id=meeting_id),
        "บันทึกว่าประชุมเสร็จแล้ว",
    )


@bp.post("/<uuid:meeting_id>/closing")
def closing(meeting_id: UUID) -> ResponseReturnValue:
    """The pack closes on another day."""

    def deed() -> None:
        day = typed_day("closes_on")
        if day is None:
            raise BadInput({"closes_on": "ใส่วันปิดชุดเอกสาร"})
        convening.close_pack(services(), actor=actor(), meeting_id=meeting_id, closes_on=day)

    return about(meeting_id, deed, "เปลี่ยนวันปิดชุดเอกสารแล้ว")


# --- people -----------------------------------------------------------------------------------------------------------


@bp.post("/<uuid:meeting_id>/people")
def people(meeting_id: UUID) -> ResponseReturnValue:
    """Put participants on the list; what was typed stays when a line of it cannot be read."""
    text = request.form.get("people", "")[:200_000]
    try:
        invited = read_people(text)
        convening.add_people(services(), actor=actor(), meeting_id=meeting_id, people=invited)
    except BadInput as error:
        return shown(meeting_id, {"people": text}, error.fields, "people"), 422
    flash("เพิ่มผู้เข้าประชุมแล้ว", "green")
    refresh_reader()
    return _back(meeting_id, "participants")


@bp.post("/<uuid:meeting_id>/people/<uuid:person_id>/remove")
def remove(meeting_id: UUID, person_id: UUID) -> ResponseReturnValue:
    """Take one off the list."""
    deed = convening.remove_person
    return about(
        meeting_id,
        lambda: deed(services(), actor=actor(), meeting_id=meeting_id, person_id=person_id),
        "เอาออกจากรายชื่อแล้ว ลิงก์ของผู้นั้นใช้ไม่ได้อีก",
        "participants",
    )


@bp.post("/<uuid:meeting_id>/people/<uuid:person_id>/presence")
def presence(meeting_id: UUID, person_id: UUID) -> ResponseReturnValue:
    """Write down whether somebody came."""
    said = {name: request.form.get(name, "")[:2_000] for name in ("stands_in", "reason")}
    chosen = next((one for one in Presence if one.value == request.form.get("presence")), Presence.UNKNOWN)
    deed = convening.note_presence
    return about(
        meeting_id,
        lambda: deed(services(), actor=actor(), meeting_id=meeting_id, person_id=person_id, presence=chosen, **said),
        "บันทึกการเข้าประชุมแล้ว",
        "participants",
    )


@bp.post("/<uuid:meeting_id>/roll")
def roll(meeting_id: UUID) -> ResponseReturnValue:
    """เช็กชื่อ: write down in one go who came and who did not."""
    said = {}
    for name, value in request.form.items():
        found = next((one for one in Presence if one.value == value), Presence.UNKNOWN)
        if name.startswith("came-"):
            note = request.form.get(f"note-{name.removeprefix('came-')}", "")[:2_000]
            # Of whom nothing is chosen, `rest` decides what the note says.
            in_his_place = "" if found is Presence.ABSENT else note
            why_not = "" if found is Presence.PRESENT else note
            said[_uuid(name.removeprefix("came-"))] = Heard(found, in_his_place, why_not)
    rest = next((one for one in Presence if one.value == request.form.get("rest")), Presence.UNKNOWN)
    deed = convening.call_roll
    return about(
        meeting_id,
        lambda: deed(services(), actor=actor(), meeting_id=meeting_id, said=said, rest=rest),
        lambda written: (thai_digits(f"บันทึกการเข้าประชุมแล้ว {written} คน"), "green"),
        "participants",
    )


@bp.post("/<uuid:meeting_id>/links")
def links(meeting_id: UUID) -> ResponseReturnValue:
    """Mail participants their own links."""
    one = _uuid(request.form["person"]) if request.form.get("person") else None
    sent: list[int] = []

    def deed() -> None:
        sent.append(convening.send_links(services(), actor=actor(), meeting_id=meeting_id, person_id=one))

    return about(meeting_id, deed, "ลิงก์กำลังส่งทางอีเมล", "participants")


# --- files ------------------------------------------------------------------------------------------------------------


@bp.post("/<uuid:meeting_id>/files")
def put(meeting_id: UUID) -> ResponseReturnValue:
    """Put a file into the pack, or a new edition of one."""
    typed = {name: request.form.get(name, "")[:2_000] for name in ("item", "note", "replaces")}
    given = request.files.get("file")
    try:
        if given is None or not given.filename:
            raise BadInput({"file": "เลือกไฟล์ก่อน"})
        kept = packing.put_file(
            services(),
            actor=actor(),
            meeting_id=meeting_id,
            item=typed["item"],
            name=given.filename,
            stream=cast(BinaryIO, given.stream),
            replaces=_uuid(typed["replaces"]) if typed["replaces"] else None,
            note=typed["note"],
        )
    except BadInput as error:
        return shown(meeting_id, typed, error.fields, "file"), 422
    flash(*put_words(kept))
    refresh_reader()
    return _back(meeting_id, "pack")


@bp.get("/<uuid:meeting_id>/files/<uuid:file_id>")
def file(meeting_id: UUID, file_id: UUID) -> Response:
    """A file, also one that waits for the secretary."""
    found, data = packing.open_file(services(), actor=actor(), meeting_id=meeting_id, file_id=file_id)
    return file_answer(found, data)


@bp.post("/<uuid:meeting_id>/files/<uuid:file_id>/take")
def take(meeting_id: UUID, file_id: UUID) -> ResponseReturnValue:
    """Take what was handed in into the pack."""
    replaces = request.form.get("replaces", "")
    said = {name: request.form.get(name, "")[:2_000] for name in ("item", "note")}
    before = _uuid(replaces) if replaces else None
    deed = packing.take_file
    return about(
        meeting_id,
        lambda: deed(services(), actor=actor(), meeting_id=meeting_id, file_id=file_id, replaces=before, **said),
        "รับไฟล์เข้าชุดเอกสารแล้ว",
        "pack",
    )


@bp.post("/<uuid:meeting_id>/files/<uuid:file_id>/refuse")
def refuse(meeting_id: UUID, file_id: UUID) -> ResponseReturnValue:
    """Do not take it."""
    why = request.form.get("reason", "")
    deed = packing.refuse_file
    return about(
        meeting_id,
        lambda: deed(services(), actor=actor(), meeting_id=meeting_id, file_id=file_id, reason=why),
        "ไม่รับไฟล์แล้ว ผู้ส่งเห็นเหตุผลในหน้าของตน",
        "pack",
    )


def put_words(file: MeetingFile) -> tuple[str, str]:
    """What is said of a file that the secretary put in, and the colour of it."""
    return _HELD if file.state is FileState.HELD else (f"ใส่ไฟล์ในชุดเอกสารแล้ว {file.name}", "green")


def about(meeting_id: UUID, deed: Callable[[], Came], words: Said[Came], part: str = "") -> ResponseReturnValue:
    """Do it, say so or why not, and show the meeting again."""
    rows.meeting(reader(), actor(), meeting_id)  # whoever may not see the meeting hears of nothing else
    refresh_reader()
    return done(
        deed,
        words,
        lambda _: url_for(".show", meeting_id=meeting_id, _anchor=part or None),
        lambda: show(meeting_id),
    )


def _back(meeting_id: UUID, part: str) -> ResponseReturnValue:
    return redirect(url_for(".show", meeting_id=meeting_id, _anchor=part))


def _uuid(text: Any) -> UUID:
    try:
        return UUID(str(text))
    except ValueError:
        raise NotFound from None
