"""The letters and sheets of a meeting: the invitation and the minutes as drafts, minutes approved by the next meeting,
the list to be signed, and posters with QR codes. The blueprint of `meetings`, with what goes on paper."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from flask import Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from saraban.domain.content import Content
from saraban.domain.errors import NotFound, RuleBroken
from saraban.domain.letter import LetterId
from saraban.domain.meeting_people import Participant, Presence
from saraban.domain.meeting_words import INVITING, invitation, minutes
from saraban.domain.permissions import may_keep_meeting, require
from saraban.doorway import actor, office, reader, refresh_reader, services
from saraban.reading import meetings as rows
from saraban.usecases import minuting, packing
from saraban.usecases.meeting_books import AttendanceList, Poster
from saraban.web.archive_deeds import PDF, agency_name
from saraban.web.downloads import download
from saraban.web.filters import thai_datetime, thai_digits, thai_time
from saraban.web.meetings import about, bp, put_words

__all__ = ["bp"]

_POSTERS = {"pack": "สแกนเพื่ออ่านเอกสารประชุม", "room": "สแกนเพื่อลงชื่อเข้าประชุม"}


@bp.post("/<uuid:meeting_id>/invitation")
def begin_invitation(meeting_id: UUID) -> ResponseReturnValue:
    """Begin the invitation as a draft of the chosen form."""
    page = rows.meeting(reader(), actor(), meeting_id)
    form = next((one for one in INVITING if one.value == request.form.get("form")), INVITING[0])
    home = office().settings.public_url
    address = f"{home}/m/{page.meeting.code}" if home else ""
    content = invitation(page.meeting, form, address)
    return _begin(
        meeting_id,
        lambda: minuting.begin_invitation(services(), actor=actor(), meeting_id=meeting_id, content=content),
        "เริ่มร่างหนังสือเชิญประชุมแล้ว เลือกผู้รับและตรวจข้อความก่อนเสนอ",
    )


@bp.post("/<uuid:meeting_id>/minutes")
def begin_minutes(meeting_id: UUID) -> ResponseReturnValue:
    """Begin the minutes (form 11) with those who came and the agenda."""
    page = rows.meeting(reader(), actor(), meeting_id)
    content = draft_minutes(page, actor().name)
    return _begin(
        meeting_id,
        lambda: minuting.begin_minutes(services(), actor=actor(), meeting_id=meeting_id, content=content),
        "เริ่มร่างรายงานการประชุมแล้ว เติมเนื้อหาและมติของแต่ละวาระ",
    )


@bp.post("/<uuid:meeting_id>/minutes/people")
def follow_roll(meeting_id: UUID) -> ResponseReturnValue:
    """The draft of the minutes lists who came, and tells what was approved, as it is known now."""
    return about(
        meeting_id,
        lambda: minuting.follow_roll(services(), actor=actor(), meeting_id=meeting_id),
        "ปรับรายชื่อและการรับรองรายงานในร่างแล้ว ข้อความอื่นคงเดิม",
    )


def draft_minutes(page: rows.MeetingPage, recorder: str) -> Content:
    """The minutes as they begin."""
    files = [(of.item.key, one) for of in page.items for one in of.series]
    return minutes(page.meeting, page.people, files, recorder, page.previous)


def _begin(meeting_id: UUID, begin: Callable[[], LetterId], words: str) -> ResponseReturnValue:
    try:
        letter_id = begin()
    except RuleBroken as error:
        flash(error.thai, "amber")
        return redirect(url_for(".show", meeting_id=meeting_id))
    flash(words, "green")
    refresh_reader()
    return redirect(url_for("letters.edit", letter_id=letter_id))


@bp.post("/<uuid:meeting_id>/approve")
def approve(meeting_id: UUID) -> ResponseReturnValue:
    """This meeting approves the minutes of the one before."""
    said = request.form.get("corrections", "")[:20_000].replace("\r\n", "\n")
    return about(
        meeting_id,
        lambda: minuting.approve_minutes(services(), actor=actor(), meeting_id=meeting_id, corrections=said),
        "บันทึกการรับรองรายงานการประชุมแล้ว",
    )


@bp.post("/<uuid:meeting_id>/minutes-to-all")
def circulate_minutes(meeting_id: UUID) -> ResponseReturnValue:
    """Put the minutes into the pack and mail all participants where they lie."""
    return about(
        meeting_id,
        lambda: packing.circulate_minutes(services(), actor=actor(), meeting_id=meeting_id, confirmed=_confirmed()),
        lambda mails: (thai_digits(f"รายงานอยู่ในชุดเอกสารแล้ว กำลังส่งอีเมลถึงผู้เข้าประชุม {mails} คน"), "green"),
    )


@bp.post("/<uuid:meeting_id>/minutes-before")
def put_minutes(meeting_id: UUID) -> ResponseReturnValue:
    """Put the signed minutes of the meeting before into the pack."""
    return about(
        meeting_id,
        lambda: packing.put_minutes(services(), actor=actor(), meeting_id=meeting_id, confirmed=_confirmed()),
        put_words,
        "pack",
    )


# --- on paper ---------------------------------------------------------------------------------------------------------


@bp.get("/<uuid:meeting_id>/attendance.pdf")
def attendance(meeting_id: UUID) -> Response:
    """รายชื่อผู้เข้าประชุม: who signed in says when and how, for the others there is a blank."""
    page = rows.meeting(reader(), actor(), meeting_id)
    lines = [(one.name, _post(one), _signed(one)) for one in page.people]
    meeting = page.meeting
    made = AttendanceList(agency_name(), meeting.called, thai_datetime(meeting.begins_at, "long"), meeting.place, lines)
    pdf = services().meeting_papers.attendance(made)
    return download(pdf, f"รายชื่อผู้เข้าประชุม {meeting.called}.pdf".replace("/", "-"), PDF, plain="attendance")


@bp.get("/<uuid:meeting_id>/<any(pack, room):what>.pdf")
def poster(meeting_id: UUID, what: str) -> Response:
    """The QR code of the pack or of the door, large on a sheet."""
    page = rows.meeting(reader(), actor(), meeting_id)
    require(may_keep_meeting(actor(), page.meeting))
    home, meeting = office().settings.public_url, page.meeting
    if not home:
        raise NotFound
    address = f"{home}/m/{meeting.code}" if what == "pack" else f"{home}/m/room/{meeting.room}"
    when = thai_datetime(meeting.begins_at, "full")
    pdf = services().meeting_papers.poster(
        Poster(agency_name(), meeting.called, when, meeting.place, _POSTERS[what], address)
    )
    return download(pdf, f"QR {_POSTERS[what]}.pdf", PDF, plain=f"qr-{what}")


def _post(one: Participant) -> str:
    return "\n".join(filter(None, (" ".join(filter(None, (one.post, one.office))), one.part.thai)))


def _signed(one: Participant) -> str:
    if one.presence is Presence.ABSENT:
        return f"ไม่มาประชุม {one.reason}".strip()
    if one.presence is not Presence.PRESENT or one.way == "secretary":
        return f"{one.stands_in} มาแทน\n " if one.stands_in else ""
    how = "ลงชื่อด้วยลิงก์ของตน" if one.way == "own" else "ลงชื่อที่ห้องประชุม"
    return "\n".join(
        filter(None, (f"{one.stands_in} มาแทน" if one.stands_in else "", f"{how} {thai_time(one.arrived_at)}"))
    )


def _confirmed() -> bool:
    """Was it said that whoever has the link or the QR code may read the minutes?"""
    return request.form.get("confirmed") == "1"
