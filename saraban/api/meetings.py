"""Meetings without paper, for programs: what their secretary does. Participants without an account have the pages under
/m, whose addresses stand here for those who may send them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from os import SEEK_END
from typing import Any, BinaryIO, cast
from uuid import UUID

from werkzeug.datastructures import FileStorage

from saraban import doorway
from saraban.api.downloads import send_bytes
from saraban.api.gate import UPLOAD, section, told
from saraban.api.meeting_shapes import (
    CorrectionsForm,
    InvitationForm,
    LinksForm,
    MeetingDayForm,
    MeetingList,
    MeetingQuery,
    MeetingShape,
    MeetingWhyForm,
    MonthsQuery,
    NewMeetingForm,
    PackFileForm,
    PeopleForm,
    PresenceForm,
    RevisedMeetingForm,
    RollForm,
    SavedMonths,
    TakeForm,
    ToAllForm,
)
from saraban.api.repeating import Json, once, once_done, once_made
from saraban.api.showing import moment
from saraban.domain.errors import BadInput, NotFound
from saraban.domain.meeting import Access, Meeting, Plan, agenda_text, read_agenda
from saraban.domain.meeting_files import MeetingFile, Saved
from saraban.domain.meeting_people import Heard, Invited, Participant, Presence, read_people
from saraban.domain.meeting_words import INVITING, invitation, minutes
from saraban.domain.permissions import may_keep_meeting
from saraban.doorway.idempotency import stream_fingerprint
from saraban.reading import meetings as rows
from saraban.usecases import convening, minuting, packing
from saraban.usecases.ports import Services

api = section("meetings", "ประชุมไร้กระดาษ: ชุดเอกสารหลัง QR ไฟล์จากผู้เข้าประชุม การลงชื่อ และรายงานการประชุม")


@api.get("/meetings")
@told("การประชุม", "ที่กำลังจะถึงหรือที่ผ่านมา")
@api.takes(MeetingQuery, location="query")
@api.gives(200, MeetingList)
def meetings(query: Json) -> Json:
    """List meetings."""
    now = doorway.services().clock.now()
    found = rows.meetings(doorway.reader(), doorway.actor(), rows.Shown(query["show"]), now)
    return {"items": [_line(one.meeting, one.saved) for one in found], "next": None}


@api.get("/meetings/saved")
@told("กระดาษที่ไม่ต้องพิมพ์ รายเดือน", "หน้า PDF ในชุดเอกสาร × ผู้เข้าประชุม ของทั้งส่วนราชการ")
@api.takes(MonthsQuery, location="query")
@api.gives(200, SavedMonths)
def saved(query: Json) -> Json:
    """Sum what was not printed by month."""
    who, now = doorway.actor(), doorway.services().clock.now()
    found = rows.saved_by_month(doorway.reader(), who.agency_id, query["since"], query["until"], now)
    return {
        "items": [
            {"month": one.month.isoformat(), "meetings": one.meetings, "people": one.people, "saved": _saved(one.saved)}
            for one in found
        ],
        "next": None,
    }


@api.post("/meetings")
@told("นัดประชุม")
@api.takes(NewMeetingForm)
@api.gives(201, MeetingShape)
def call(sent: Json) -> Any:
    """Call a meeting."""
    who, plan, people = doorway.actor(), _plan(sent), _invited(sent["people"])
    return once_made(lambda o: convening.call_meeting(o, actor=who, plan=plan, people=people), _meeting)


@api.get("/meetings/<uuid:meeting_id>")
@told("การประชุมหนึ่งครั้ง", "พร้อมชุดเอกสารและผู้เข้าประชุม")
@api.gives(200, MeetingShape)
def meeting(meeting_id: UUID) -> Json:
    """Show a meeting."""
    return _meeting(meeting_id)


@api.post("/meetings/<uuid:meeting_id>/revise")
@told("แก้การนัดประชุม")
@api.takes(RevisedMeetingForm)
@api.gives(200, MeetingShape)
def revise(sent: Json, meeting_id: UUID) -> Any:
    """Change a meeting."""
    before = rows.meeting(doorway.reader(), doorway.actor(), meeting_id).meeting
    return _deed(meeting_id, convening.revise_meeting, plan=_plan(sent, before), version=sent["version"])


@api.post("/meetings/<uuid:meeting_id>/cancel")
@told("ยกเลิกการประชุม", "ผู้ที่ได้รับลิงก์แล้วได้รับแจ้งทางอีเมล")
@api.takes(MeetingWhyForm)
@api.gives(200, MeetingShape)
def cancel(sent: Json, meeting_id: UUID) -> Any:
    """Cancel a meeting."""
    return _deed(meeting_id, convening.cancel_meeting, **sent)


@api.post("/meetings/<uuid:meeting_id>/end")
@told("บันทึกว่าประชุมเสร็จแล้ว")
@api.gives(200, MeetingShape)
def end(meeting_id: UUID) -> Any:
    """End a meeting."""
    return _deed(meeting_id, convening.end_meeting)


@api.post("/meetings/<uuid:meeting_id>/closing")
@told("เปลี่ยนวันปิดชุดเอกสาร")
@api.takes(MeetingDayForm)
@api.gives(200, MeetingShape)
def closing(sent: Json, meeting_id: UUID) -> Any:
    """Let the pack close on another day."""
    return _deed(meeting_id, convening.close_pack, **sent)


@api.post("/meetings/<uuid:meeting_id>/people")
@told("เพิ่มหรือแก้ผู้เข้าประชุม")
@api.takes(PeopleForm)
@api.gives(200, MeetingShape)
def people(sent: Json, meeting_id: UUID) -> Any:
    """Put participants on the list."""
    return _deed(meeting_id, convening.add_people, people=_invited(sent["people"]))


@api.post("/meetings/<uuid:meeting_id>/people/<uuid:person_id>/remove")
@told("เอาผู้เข้าประชุมออกจากรายชื่อ", "ลิงก์ของผู้นั้นใช้ไม่ได้อีก")
@api.gives(200, MeetingShape)
def remove(meeting_id: UUID, person_id: UUID) -> Any:
    """Take one off the list."""
    return _deed(meeting_id, convening.remove_person, person_id=person_id)


@api.post("/meetings/<uuid:meeting_id>/people/<uuid:person_id>/presence")
@told("บันทึกการเข้าประชุม")
@api.takes(PresenceForm)
@api.gives(200, MeetingShape)
def presence(sent: Json, meeting_id: UUID, person_id: UUID) -> Any:
    """Write down whether somebody came."""
    came = Presence(sent.pop("presence"))
    return _deed(meeting_id, convening.note_presence, person_id=person_id, presence=came, **sent)


@api.post("/meetings/<uuid:meeting_id>/roll")
@told("เช็กชื่อผู้เข้าประชุมพร้อมกัน", "ผู้ที่ไม่ระบุและยังไม่ลงชื่อเป็นไปตาม rest ไม่ลบการลงชื่อของผู้ใด")
@api.takes(RollForm, example={"people": [], "rest": "absent"})
@api.gives(200, MeetingShape)
def roll(sent: Json, meeting_id: UUID) -> Any:
    """Write down who came and who did not."""
    said = {one.pop("id"): Heard(Presence(one.pop("presence")), **one) for one in map(dict, sent["people"])}
    return _deed(meeting_id, convening.call_roll, said=said, rest=Presence(sent["rest"]))


@api.post("/meetings/<uuid:meeting_id>/links")
@told("ส่งลิงก์เฉพาะทางอีเมล", "ถึงผู้ที่ยังไม่ได้รับ หรือผู้ที่ระบุ")
@api.takes(LinksForm)
@api.gives(200, MeetingShape)
def links(sent: Json, meeting_id: UUID) -> Any:
    """Mail participants their own links."""
    return _deed(meeting_id, convening.send_links, person_id=sent["person"])


@api.post("/meetings/<uuid:meeting_id>/files")
@told(
    "ใส่ไฟล์ในชุดเอกสาร",
    "multipart/form-data: file และ item (รหัสวาระ) หรือ replaces (ไฟล์ที่ฉบับนี้แทน) กับ note "
    "ตัวตรวจไวรัสไม่ตอบ ไฟล์มีสถานะ held และเข้าชุดเอกสารเองเมื่อตรวจแล้ว",
)
@api.takes(PackFileForm, location=UPLOAD)
@api.gives(201, MeetingShape)
def put(sent: Json, meeting_id: UUID) -> Any:
    """Put a file into the pack."""
    file: FileStorage = sent["file"]
    if not isinstance(file, FileStorage):
        raise BadInput({"file": "แนบไฟล์ในช่อง file พร้อมชื่อไฟล์"})
    who, sha256 = doorway.actor(), stream_fingerprint(file.stream)
    file.stream.seek(0, SEEK_END)
    file.stream.seek(0)
    said = {name: sent[name] for name in ("item", "replaces", "note")}
    name, stream = file.filename or "", cast(BinaryIO, file.stream)

    def work(office: Services) -> Json:
        packing.put_file(office, actor=who, meeting_id=meeting_id, name=name, stream=stream, **said)
        doorway.refresh_reader()
        return _meeting(meeting_id)

    asked = [name, sha256, said["item"], str(said["replaces"]), said["note"]]
    answer, headers = once(work, lambda _: _meeting(meeting_id), asked=asked)
    return answer, 201, headers


@api.get("/meetings/<uuid:meeting_id>/files/<uuid:file_id>")
@told("ไบต์ของไฟล์ในชุดเอกสาร", "รวมไฟล์ที่รอเลขานุการรับ")
@api.gives_bytes("application/octet-stream")
def file_bytes(meeting_id: UUID, file_id: UUID) -> Any:
    """Give the bytes of a file."""
    office, who = doorway.services(), doorway.actor()
    found, data = packing.open_file(office, actor=who, meeting_id=meeting_id, file_id=file_id)
    return send_bytes(data, found.media_type, found.name)


@api.post("/meetings/<uuid:meeting_id>/files/<uuid:file_id>/take")
@told("รับไฟล์ที่ผู้เข้าประชุมส่งเข้าชุดเอกสาร")
@api.takes(TakeForm)
@api.gives(200, MeetingShape)
def take(sent: Json, meeting_id: UUID, file_id: UUID) -> Any:
    """Take a file into the pack."""
    return _deed(meeting_id, packing.take_file, file_id=file_id, **sent)


@api.post("/meetings/<uuid:meeting_id>/files/<uuid:file_id>/refuse")
@told("ไม่รับไฟล์", "พร้อมเหตุผล ผู้ส่งเห็นในหน้าของตน")
@api.takes(MeetingWhyForm)
@api.gives(200, MeetingShape)
def refuse(sent: Json, meeting_id: UUID, file_id: UUID) -> Any:
    """Do not take a file."""
    return _deed(meeting_id, packing.refuse_file, file_id=file_id, **sent)


@api.post("/meetings/<uuid:meeting_id>/invitation")
@told("เริ่มร่างหนังสือเชิญประชุม", "หนังสือภายนอกหรือบันทึกข้อความ มี QR ของชุดเอกสาร")
@api.takes(InvitationForm)
@api.gives(200, MeetingShape)
def invite(sent: Json, meeting_id: UUID) -> Any:
    """Begin the invitation as a draft."""
    page = rows.meeting(doorway.reader(), doorway.actor(), meeting_id)
    form = next(one for one in INVITING if one.value == sent["form"])
    content = invitation(page.meeting, form, _home(f"/m/{page.meeting.code}"))
    return _deed(meeting_id, minuting.begin_invitation, content=content)


@api.post("/meetings/<uuid:meeting_id>/minutes")
@told("เริ่มร่างรายงานการประชุม", "แบบที่ ๑๑ จากระเบียบวาระและผู้มาประชุม เมื่อบันทึกแล้วว่ากรรมการทุกคนมาหรือไม่")
@api.gives(200, MeetingShape)
def write_minutes(meeting_id: UUID) -> Any:
    """Begin the minutes as a draft."""
    who = doorway.actor()
    page = rows.meeting(doorway.reader(), who, meeting_id)
    files = [(of.item.key, f) for of in page.items for f in of.series]
    content = minutes(page.meeting, page.people, files, who.name, page.previous)
    return _deed(meeting_id, minuting.begin_minutes, content=content)


@api.post("/meetings/<uuid:meeting_id>/minutes/people")
@told("ปรับรายชื่อในร่างรายงานการประชุม", "ผู้มา ผู้ไม่มา ผู้เข้าร่วม และมติรับรองรายงานครั้งก่อน ตามที่บันทึกไว้เวลานี้ ข้อความอื่นคงเดิม")
@api.gives(200, MeetingShape)
def follow_roll(meeting_id: UUID) -> Any:
    """Let the draft of the minutes list who came."""
    return _deed(meeting_id, minuting.follow_roll)


@api.post("/meetings/<uuid:meeting_id>/approve")
@told("ที่ประชุมรับรองรายงานการประชุมครั้งก่อน")
@api.takes(CorrectionsForm)
@api.gives(200, MeetingShape)
def approve(sent: Json, meeting_id: UUID) -> Any:
    """Approve the minutes of the meeting before."""
    return _deed(meeting_id, minuting.approve_minutes, **sent)


@api.post("/meetings/<uuid:meeting_id>/minutes-to-all")
@told("เวียนรายงานการประชุมให้ผู้เข้าประชุม", "เมื่อลงนามแล้ว รายงานเข้าชุดเอกสารของการประชุม ผู้เข้าประชุมที่มีอีเมลได้ลิงก์ทุกคน")
@api.takes(ToAllForm, required=False, example={"confirmed": True})
@api.gives(200, MeetingShape)
def circulate_minutes(sent: Json, meeting_id: UUID) -> Any:
    """Put the minutes into the pack and mail all participants where they lie."""
    return _deed(meeting_id, packing.circulate_minutes, **sent)


@api.post("/meetings/<uuid:meeting_id>/minutes-before")
@told("ใส่รายงานการประชุมครั้งก่อนในชุดเอกสาร", "เมื่อลงนามแล้ว")
@api.takes(ToAllForm, required=False, example={"confirmed": True})
@api.gives(200, MeetingShape)
def put_minutes(sent: Json, meeting_id: UUID) -> Any:
    """Put the minutes of the meeting before into the pack."""
    return _deed(meeting_id, packing.put_minutes, **sent)


# --- what is shown ----------------------------------------------------------------------------------------------------


def _deed(meeting_id: UUID, deed: Callable[..., object], **said: Any) -> Any:
    who = doorway.actor()
    if rows.meeting(doorway.reader(), who, meeting_id) is None:
        raise NotFound
    doorway.refresh_reader()
    return once_done(lambda o: deed(o, actor=who, meeting_id=meeting_id, **said), meeting_id, _meeting)


def _plan(sent: Json, before: Meeting | None = None) -> Plan:
    names = ("title", "committee", "session", "place", "begins_at", "ends_at", "hand_in_until", "closes_on")
    agenda = read_agenda(sent["agenda"], before.agenda if before is not None else ())
    told_of = {name: sent[name] for name in names}
    return Plan(**told_of, access=Access(sent["access"]), agenda=agenda, previous_id=sent["previous"])


def _invited(people: list[Json]) -> list[Invited]:
    """As typed, so that the same is asked of them."""
    keys = ("name", "post", "office", "mail", "part")
    if any("|" in str(one[key]) for one in people for key in keys):
        raise BadInput({"people": "ชื่อ ตำแหน่ง และหน่วยงานมีเครื่องหมาย | ไม่ได้"})
    return read_people("\n".join(" | ".join(str(one[key]) for key in keys) for one in people)) if people else []


def _home(path: str) -> str:
    home = doorway.office().settings.public_url
    return f"{home}{path}" if home else ""


def _meeting(meeting_id: UUID) -> Json:
    who = doorway.actor()
    page = rows.meeting(doorway.reader(), who, meeting_id)
    made, keeps = page.meeting, may_keep_meeting(who, page.meeting) is None
    taken = [file for one in page.files for file in (one.newest, *one.older)]
    return _line(made, page.saved) | {
        "version": made.version,
        "mark": made.mark,
        "pack": _home(f"/m/{made.code}"),
        "agenda": [{"key": one.key, "number": one.number, "title": one.title} for one in made.agenda],
        "agenda_text": agenda_text(made.agenda),
        "hand_in_until": moment(made.hand_in_until) if made.hand_in_until else None,
        "files": [_file(one) for one in (*taken, *page.held, *page.waiting, *page.refused)],
        "people": [_person(one, keeps) for one in page.people],
        "invitation": _id(made.letter_id),
        "minutes": _id(made.minutes_id),
        "previous": _id(made.previous_id),
        "approved_in": _id(made.approved_in),
        "corrections": made.corrections,
        "reason": made.reason,
    }


def _line(made: Meeting, not_printed: Saved) -> Json:
    same = {name: getattr(made, name) for name in ("title", "committee", "session", "place")}
    return same | {
        "id": str(made.id),
        "unit": made.unit_name,
        "begins_at": moment(made.begins_at),
        "ends_at": moment(made.ends_at),
        "access": made.access.value,
        "state": made.state.value,
        "closes_on": _iso(made.closes_on),
        "saved": _saved(not_printed),
    }


def _file(one: MeetingFile) -> Json:
    same = ("item", "name", "media_type", "size", "pages", "edition", "note", "giver", "scanned", "reason")
    ids = {"id": str(one.id), "sha256": one.sha256.hex, "state": one.state.value, "way": one.way.value}
    return {name: getattr(one, name) for name in same} | ids | {"at": moment(one.at)}


def _person(one: Participant, keeps: bool) -> Json:
    same = {name: getattr(one, name) for name in ("name", "post", "office", "mail", "stands_in", "reason")}
    return same | {
        "id": str(one.id),
        "part": one.part.value,
        "presence": one.presence.value,
        "arrived_at": moment(one.arrived_at) if one.arrived_at else None,
        "link": _home(f"/m/own/{one.key}") if keeps else "",
    }


def _saved(of: Saved) -> Json:
    return {"pages": of.pages, "sheets": of.sheets}


def _id(of: UUID | None) -> str | None:
    return str(of) if of is not None else None


def _iso(day: date) -> str:
    return day.isoformat()
