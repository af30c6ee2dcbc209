"""Thai for what happened and what was found: the words of the journal's events and of the screening's checks.

A test of the house holds these tables complete: every event and every check has its words.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any, Protocol

from saraban.domain.dispatch import SERVER_SAID
from saraban.domain.receipt import ReasonCode
from saraban.web.archive_words import OF_THE_ARCHIVE
from saraban.web.check_words import CHECKS as CHECKS
from saraban.web.filters import EVIDENCE, letter_number, state_label, step_label, thai_datetime, thai_digits
from saraban.web.issued_words import OF_THE_ISSUED
from saraban.web.mailbox_words import mailbox_detail
from saraban.web.meeting_words import OF_MEETINGS
from saraban.web.organisation_words import OF_THE_ORGANISATION, organisation_detail
from saraban.web.work_words import work_words

EVENTS: Mapping[str, str] = {
    "letter.drafted": "เริ่มร่าง",
    "letter.revised": "แก้ร่าง",
    "letter.handed-to": "เปลี่ยนหน่วยงานเจ้าของเรื่อง",
    "letter.file-attached": "แนบไฟล์",
    "letter.file-removed": "เอาไฟล์ออก",
    "letter.ready-brought": "นำไฟล์ PDF มาเป็นตัวหนังสือ",
    "letter.ready-placed": "เลือกตำแหน่งเลขที่ วันที่ และลายมือชื่อ",
    "letter.ready-removed": "เอาไฟล์ PDF ที่เป็นตัวหนังสือออก",
    "letter.photo-brought": "ใส่รูปถ่ายในหนังสือรับรอง",
    "letter.photo-removed": "เอารูปถ่ายออกจากหนังสือรับรอง",
    "letter.submitted": "เสนอตามเส้นทาง",
    "letter.endorsed": "ลงเกษียน",
    "letter.returned": "ส่งคืนให้แก้",
    "letter.withdrawn": "ถอนเรื่อง",
    "letter.signing-begun": "จองเลขเพื่อลงนาม",
    "letter.signing-failed": "ลงนามไม่สำเร็จ",
    "letter.part-signed": "ลงนามร่วม",
    "letter.step-passed": "ผ่านลำดับของเส้นทาง",
    "letter.step-objected": "ไม่เห็นชอบ",
    "letter.noted": "รับทราบ",
    "letter.sent-back": "ส่งคืนลำดับก่อนหน้า",
    "letter.pulled-back": "ดึงหนังสือกลับระหว่างเสนอ",
    "letter.course-changed": "เปลี่ยนเส้นทาง",
    "letter.step-handed": "ให้ตำแหน่งอื่นทำลำดับที่ว่าง",
    "letter.revised-on-route": "แก้ร่างระหว่างเสนอ",
    "route-template.set": "กำหนดเส้นทางเสนอ",
    "letter.recalled": "ดึงหนังสือที่ลงนามแล้วบางส่วนกลับ",
    "letter.signed": "ลงนามและออกเลข",
    "letter.page-proven": "หลักฐานของลายมือชื่อในไฟล์",
    "letter.dispatched": "ส่งออก",
    "letter.published": "เผยแพร่ต่อประชาชน",
    "letter.publication-taken-back": "ถอนจากหน้าประชาชน",
    "channel.opened": "ประกาศช่องทางติดต่อ",
    "channel.ended": "ยกเลิกช่องทางติดต่อ",
    "letter.secret-opened": "เปิดอ่านหนังสือชั้นความลับ",
    "template.made": "ทำแบบใหม่",
    "template.changed": "แก้แบบ",
    "template.switched": "เปิดหรือปิดการใช้แบบ",
    "copy.certified": "รับรองสำเนาถูกต้อง",
    "number.taken": "ออกเลข",
    "number.reserved": "จองเลข",
    "number.used": "ผูกเลขกับหนังสือ",
    "number.voided": "ยกเลิกเลข",
    "number.rectified": "แก้ไขรายการ",
    "number.practice-noted": "บันทึกการปฏิบัติ",
    "number.scan-attached": "แนบไฟล์สแกน",
    "number.files-destroyed": "ทำลายไฟล์ตามบัญชีหนังสือขอทำลาย",
    "stamp.placed": "ย้ายตรารับบนหน้าหนังสือ",
    "stamp.sealed": "ทำฉบับลงตราในไฟล์",
    "matter.tied": "รวมหรือแยกหนังสือในเรื่อง",
    "readings.sealed": "ผูกบันทึกการอ่านของวันไว้ในลูกโซ่",
    "journal.exported": "ส่งออกบันทึกเหตุการณ์",
    "book.opened": "เปิดทะเบียน",
    "book.closed": "ปิดทะเบียน",
    "book.reopened": "เปิดทะเบียนที่เลิกเก็บอีกครั้ง",
    "registers.moved-in": "ย้ายทะเบียนจากระบบเดิม",
    "day.closed": "ปิดวันและลงตรา",
    "year.closed": "ปิดทะเบียนประจำปี",
    "witness.kept": "เก็บรากของส่วนราชการอื่นไว้เป็นพยาน",
    "reconciliation.asked": "ขอเทียบทะเบียน",
    "reconciliation.answered": "ตอบการเทียบทะเบียน",
    "lookup.asked": "ขอตรวจเอกสารจากผู้ออก",
    "lookup.received": "ได้รับคำขอตรวจเอกสาร",
    "lookup.answered": "ตอบคำขอตรวจเอกสาร",
    "lookup.opened": "เปิดไฟล์เอกสารที่ได้จากผู้ออก",
    "lookup.forgotten": "ลบข้อมูลตรวจเอกสารที่ครบกำหนด",
    "register.printed": "พิมพ์หรือส่งออกทะเบียน",
    "dispatch.sent": "เครื่องส่งรับไว้แล้ว",
    "dispatch.postponed": "ส่งไม่สำเร็จ รอลองใหม่",
    "dispatch.advanced": "ขั้นการส่งเปลี่ยน",
    "dispatch.evidence-shown": "ได้หลักฐานที่ไม่เปลี่ยนขั้น",
    "dispatch.runs-out": "เตือนว่าใกล้หมดเวลารอคำตอบ",
    "dispatch.confirmed": "ผู้รับยืนยัน (ไม่มีใบตอบรับลงตรา)",
    "dispatch.sent-again": "ส่งซองเดิมอีกครั้ง",
    "dispatch.reminded": "เตือนให้ลงรับ",
    "letter.receivers-exported": "ส่งออกรายชื่อผู้รับเป็นตาราง",
    "dispatch.number-disputed": "แจ้งผู้รับว่าเลขรับไม่ตรง",
    "dispatch.stopped": "หยุดส่งก่อนออกจากระบบ",
    "dispatch.recall-asked": "ขอเรียกหนังสือคืน",
    "mail.recall-noted": "ผู้ส่งขอเรียกคืนหนังสือที่ยังมาไม่ถึง",
    "incoming.recall-asked": "ผู้ส่งขอเรียกหนังสือคืน",
    "incoming.recalled": "คืนหนังสือให้ผู้ส่งตามที่ขอ",
    "incoming.recall-refused": "ไม่คืนหนังสือตามที่ขอ",
    "incoming.forwarded": "ส่งต่อให้หน่วยงานที่เกี่ยวข้อง",
    "incoming.replaced": "ผู้ส่งส่งฉบับแก้ไขมาแทน",
    "incoming.replacement-arrived": "ได้ฉบับแก้ไขที่ผู้ส่งส่งมาแทน",
    "incoming.completed": "ปิดเรื่อง",
    "incoming.number-questioned": "ผู้ส่งแจ้งว่าเลขรับไม่ตรง",
    "incoming.number-told-again": "แจ้งเลขทะเบียนอีกครั้ง",
    "incoming.made-of-mail": "ทำไปรษณีย์ทั่วไปเป็นหนังสือรับ",
    "incoming.reminded": "ผู้ส่งเตือนให้ลงรับ",
    "incoming.set-aside": "แยกออก ไม่ใช่หนังสือ",
    "incoming.arrived": "รับเข้าระบบ",
    "incoming.held": "พักไว้ให้คนตรวจ",
    "incoming.copy-arrived": "ได้ฉบับซ้ำ ตอบด้วยใบตอบรับเดิม",
    "incoming.released": "ปล่อยเข้าระบบ",
    "incoming.registered": "ลงรับ",
    "incoming.refused": "ส่งคืนผู้ส่ง",
    "incoming.card-closed": "ได้ฉบับที่ถูกต้องแล้ว ปิดเรื่องนี้",
    "mail.discarded": "ไม่นำเข้า",
    "mail.tried-again": "ให้ระบบอ่านและตรวจใหม่",
    "person.signature-picture-set": "ใส่ภาพลายเซ็นของตน",
    "person.signature-picture-removed": "เอาภาพลายเซ็นของตนออก",
    "person.signed-in": "เข้าสู่ระบบ",
    "person.token-issued": "ออกโทเคนให้โปรแกรม",
    "agency.opened": "เริ่มใช้งานส่วนราชการ",
    "agency.address-set": "แก้ที่อยู่ของส่วนราชการ",
    "unit.reached": "แก้โทรศัพท์หรือไปรษณีย์อิเล็กทรอนิกส์ของหน่วยงาน",
    "agency.options-set": "ตั้งค่าของส่วนราชการ",
    "agency.emblem-set": "เปลี่ยนตราของส่วนราชการ",
    "agency.emblem-removed": "เอาตราของส่วนราชการออก",
    "receiver.added": "เพิ่มผู้รับนอกทำเนียบ",
    "receiver.retired": "เอาผู้รับนอกทำเนียบออก",
    "desk.batch-prepared": "เลือกหนังสือเป็นชุด",
    "desk.batch-begun": "ลงนามหรือเสนอต่อเป็นชุด",
    "unit.opened": "ตั้งหน่วยงาน",
    "unit.renamed": "เปลี่ยนชื่อหน่วยงาน",
    "unit.moved": "ย้ายสังกัดหน่วยงาน",
    "unit.merged": "รวมหน่วยงาน",
    "unit.ended": "ยุบหน่วยงาน",
    "unit.change-undone": "ยกเลิกการเปลี่ยนแปลงที่ยังไม่มีผล",
    "position.opened": "ตั้งตำแหน่ง",
    "position.changed": "เปลี่ยนตำแหน่ง",
    "position.ended": "ยุบตำแหน่ง",
    "person.added": "เพิ่มบัญชีบุคคล",
    "person.renamed": "เปลี่ยนชื่อบุคคล",
    "person.switched": "ปิดหรือเปิดบัญชี",
    "person.appointed": "แต่งตั้งให้ดำรงตำแหน่ง",
    "person.holding-ended": "พ้นจากตำแหน่ง",
    "person.password-reset": "ตั้งรหัสผ่านใหม่ให้",
    "person.password-chosen": "เปลี่ยนรหัสผ่านของตนเอง",
    "person.notice-mail-set": "ตั้งอีเมลแจ้งเตือน",
    "person.calendar-made": "ทำที่อยู่ปฏิทินกำหนดใหม่",
    "person.calendar-withdrawn": "ยกเลิกที่อยู่ปฏิทินกำหนด",
    "person.clearance-granted": "อนุญาตให้เข้าถึงชั้นความลับ",
    "person.clearance-ended": "สิ้นสุดการอนุญาตชั้นความลับ",
    "organisation.imported": "นำเข้าหน่วยงาน ตำแหน่ง และบุคคล",
    "deferral.entered": "ขึ้นทะเบียนงานบริการที่ยังไม่พร้อม",
    "deferral.changed": "แก้รายการงานบริการที่ยังไม่พร้อม",
    "deferral.ended": "งานบริการพร้อมแล้ว",
    "duty.mailbox-opened": "เปิดกล่องไปรษณีย์กลาง",
    "duty.results-reviewed": "ตรวจผลการส่ง",
    "agency.workday-changed": "เปลี่ยนวันทำการ",
    "incoming.endorsed": "เกษียน",
    "petition.filed": "รับเรื่องจากประชาชน",
    "petition.answered": "ส่งคำตอบให้ผู้ยื่น",
    "petition.file-passed": "ไฟล์แนบที่เก็บแยกไว้ผ่านการตรวจไวรัส",
    "petition.file-removed": "ลบไฟล์แนบที่ไม่ผ่านการตรวจ",
    "incoming.reply-begun": "เริ่มร่างหนังสือตอบ",
    "incoming.reply-sent": "ส่งหนังสือตอบแล้ว",
    "task.given": "มอบงาน",
    "task.taken": "รับงาน",
    "task.finished": "งานเสร็จ",
    "task.returned": "ส่งคืนงาน",
    "task.taken-back": "เรียกงานคืน",
    "circulation.begun": "เวียนให้ทราบ",
    "circulation.noted": "รับทราบหนังสือเวียน",
    "circulation.reminded": "เตือนให้รับทราบ",
    "circulation.stopped": "หยุดเวียน",
    "circulation.exported": "ส่งออกรายชื่อผู้อ่าน",
    "reader-group.kept": "บันทึกกลุ่มผู้อ่าน",
    "reader-group.retired": "เอากลุ่มผู้อ่านออก",
    "standing-order.kept": "ตั้งการมอบหมายล่วงหน้า",
    "standing-order.ended": "เลิกการมอบหมายล่วงหน้า",
    "delegation.entered": "บันทึกคำสั่งให้ทำหน้าที่แทน",
    "delegation.revoked": "ยกเลิกคำสั่งให้ทำหน้าที่แทน",
    "group.kept": "บันทึกกลุ่มผู้รับ",
    "group.retired": "เอากลุ่มผู้รับออก",
    "directory.imported": "นำเข้าทำเนียบ",
    "problem.taken": "รับเรื่องที่ต้องแก้",
    "problem.put-off": "พักเรื่องที่ต้องแก้",
    "problem.brought-back": "นำเรื่องที่พักกลับมา",
    "dispatch.retried": "สั่งส่งซองเดิมอีกครั้ง",
    "dispatch.closed": "เลิกส่ง",
    "dispatch.readdressed": "แก้ที่อยู่ผู้รับแล้วส่งใหม่",
    "outbox.retried": "สั่งส่งใบตอบรับหรือคำตอบอีกครั้ง",
    "outbox.stopped": "เลิกส่งใบตอบรับหรือคำตอบ",
    "mailbox.connected": "เชื่อมต่อกล่องไปรษณีย์",
    "mailbox.changed": "แก้การตั้งค่ากล่องไปรษณีย์",
    "mailbox.disconnected": "เลิกเชื่อมต่อกล่องไปรษณีย์",
    "mailbox.renumbered": "กล่องไปรษณีย์ถูกจัดลำดับใหม่",
    "mailbox.mail-vanished": "จดหมายหายจากกล่องก่อนรับ",
    **OF_THE_ARCHIVE,
    **OF_THE_ISSUED,
    **OF_MEETINGS,
}


_CAUSED: Mapping[str, frozenset[str]] = {
    "letter.signed": frozenset(
        {"letter.signing-begun", "letter.part-signed", "number.reserved", "number.used", "number.taken"}
    ),
    "letter.part-signed": frozenset({"letter.signing-begun", "number.reserved", "number.used", "number.taken"}),
    "letter.recalled": frozenset({"number.voided", "letter.signing-failed"}),
    "letter.sent-back": frozenset({"number.voided", "letter.signing-failed"}),
    "letter.signing-failed": frozenset({"letter.signing-begun", "number.reserved", "number.taken", "number.voided"}),
    "incoming.registered": frozenset({"number.taken", "number.reserved", "number.used"}),
    "incoming.endorsed": frozenset({"task.given", "task.taken", "task.finished", "task.returned"}),
}
"""What a deed writes into the journal beside itself: on screens that is one line, to be unfolded."""
_ONE_DEED = timedelta(minutes=5)


class JournalLine(Protocol):
    """A line of the journal, as `saraban.reading.letters.JournalRow`."""

    @property
    def at(self) -> datetime: ...
    @property
    def name(self) -> str: ...
    @property
    def person(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def values(self) -> dict[str, Any]: ...


@dataclass(frozen=True)
class HistoryLine:
    """A line of a history as the timeline shows it; `steps` are what the same deed wrote beside it, in their order."""

    at: datetime
    who: str
    what: str
    detail: str
    steps: tuple[HistoryLine, ...] = ()


def event_label(name: str) -> str:
    """The Thai words of an event; one without words is shown by its name."""
    return EVENTS.get(name, name)


def check_label(check: str) -> str:
    """The short Thai name of a check of the screening; one without words is shown by its name."""
    return CHECKS.get(check, check)


def reason_label(code: str) -> str:
    """The Thai words of a reason code of the wire; an unknown code is shown as it is, nothing for none."""
    return ReasonCode(code).thai if code in {one.value for one in ReasonCode} else code


def history(lines: Iterable[JournalLine]) -> list[HistoryLine]:
    """A history for the timeline, oldest first as the journal has it. What one person did to a draft time after time is
    one line: of its last time, with the count. So is what one deed caused, with the rest to unfold."""
    return [line for run in _deeds(list(lines)) for line in _told(run)]


def _deeds(lines: Sequence[JournalLine]) -> Iterator[list[JournalLine]]:
    """The journal cut into what one deed wrote and what stands alone."""
    at = 0
    while at < len(lines):
        led = _run(lines, at)
        yield list(lines[at : at + led])
        at += led


def _run(lines: Sequence[JournalLine], at: int) -> int:
    """How many lines from here on one deed has written; 1 where there is no more than this one."""
    for deed, caused in _CAUSED.items():
        end, seen = at, 0
        while end < len(lines) and (lines[end].name in caused or lines[end].name == deed):
            if _who(lines[end]) != _who(lines[at]) or lines[end].at - lines[at].at > _ONE_DEED:
                break
            seen += lines[end].name == deed
            if seen > 1:
                break
            end += 1
        if seen and end - at > 1:
            return end - at
    return 1 if lines[at].name != "letter.revised" else _same(lines, at)


def _same(lines: Sequence[JournalLine], at: int) -> int:
    same = [(line.name, _who(line)) == (lines[at].name, _who(lines[at])) for line in lines[at:]]
    return same.index(False) if False in same else len(same)


def _told(run: list[JournalLine]) -> list[HistoryLine]:
    lead = next((line for line in run if line.name in _CAUSED), None)
    if len(run) > 1 and lead is not None:
        steps = tuple(HistoryLine(one.at, _who(one), event_label(one.name), _detail(one)) for one in run)
        return [HistoryLine(lead.at, _who(lead), event_label(lead.name), _detail(lead), steps)]
    shown = []
    for (name, who), alike in groupby(run, key=lambda line: (line.name, _who(line))):
        same = list(alike)
        if name == "letter.revised" and len(same) > 1:
            shown.append(HistoryLine(same[-1].at, who, event_label(name), f"{thai_digits(len(same))} ครั้ง"))
        else:
            shown += [HistoryLine(line.at, who, event_label(name), _detail(line)) for line in same]
    return shown


def _who(line: JournalLine) -> str:
    return f"{line.person} ({line.title})" if line.title else line.person


def _detail(line: JournalLine) -> str:
    """The event's own facts in a few words: its reason, its number, its file or its receiver."""
    values = line.values
    if (told := work_words(line.name, values)) is not None:
        return told
    if line.name.startswith(OF_THE_ORGANISATION):
        return organisation_detail(values)
    if line.name.startswith("mailbox."):
        return mailbox_detail(values)
    match line.name:
        case "incoming.registered" | "incoming.number-told-again":
            return f"เลขรับ {thai_digits(values.get('number'))}/{thai_digits(values.get('year'))}"
        case "dispatch.stopped" | "dispatch.recall-asked" | "dispatch.closed":
            return f"{values.get('to', '')}: {values.get('reason', '')}"
        case "dispatch.readdressed":
            return f"{values.get('to', '')} → {values.get('mailbox', '')}"
        case "incoming.forwarded":
            return f"{values.get('to_name', '')} {values.get('reason', '')}".strip()
        case "incoming.completed":
            return "แจ้งผู้ส่งแล้ว" if values.get("told") else ""
        case "incoming.refused":
            return " ".join(part for part in (reason_label(str(values.get("code", ""))), values.get("text")) if part)
        case "letter.dispatched":
            return f"{thai_digits(len(values.get('receivers') or ()))} แห่ง"
        case "letter.submitted":
            return " → ".join(values.get("route") or ())
        case "dispatch.advanced":
            number = f" เลขรับ {thai_digits(values['number'])}" if values.get("number") else ""
            return f"{values.get('to', '')}: {state_label(values.get('state'), 'dispatch')}{number}"
        case "dispatch.evidence-shown":
            return f"{values.get('to', '')}: {step_label(values.get('step'))} {values.get('reason', '')}".strip()
        case "incoming.reminded":
            return f"ครั้งที่ {thai_digits(values.get('time', 1))}"
        case "dispatch.confirmed":
            number = f" เลขรับ {thai_digits(values['number'])}" if values.get("number") else ""
            way = EVIDENCE[str(values["kind"])].thai
            return f"{values.get('to', '')}: {way} {values.get('who', '')}{number}".strip()
        case "dispatch.sent" | "dispatch.postponed":
            return f"{values.get('to', '')}{SERVER_SAID}{values.get('reply', '')}"
        case "dispatch.reminded":
            way = "ส่งซองเดิมซ้ำ" if values.get("how") == "same-bytes" else "อีเมล"
            return f"{values.get('to', '')}: {way} ครั้งที่ {thai_digits(values.get('time'))}"
        case "letter.receivers-exported":
            return f"{thai_digits(values.get('count'))} แห่ง"
        case "letter.handed-to":
            return str(values.get("unit", ""))
        case "letter.drafted":
            return f"จากแบบ “{values['template']}”" if values.get("template") else ""
        case "template.made" | "template.changed":
            return str(values.get("title", ""))
        case "template.switched":
            return "เปิดใช้" if values.get("active") else "ปิดใช้"
        case "letter.page-proven":
            return _proven(values)
        case "letter.part-signed":
            left = " ".join(values.get("left") or ())
            return f"ที่ {letter_number(values.get('number', ''))} ยังรอ {left}"
        case "incoming.arrived" | "letter.signed" | "letter.signing-begun":
            return f"ที่ {letter_number(values['number'])}" if values.get("number") else ""
    return str(values.get("reason") or values.get("note") or values.get("file_name") or "")


def _proven(values: Mapping[str, Any]) -> str:
    """What proves the signatures of a page: the seal, the time-stamp or why there is none, the level."""
    stamped = values.get("stamped_at")
    told = [
        "ลงตราส่วนราชการปิดท้าย" if values.get("sealed") else "",
        f"ประทับรับรองเวลา {thai_datetime(datetime.fromisoformat(stamped))}" if stamped else "",
        f"ไม่มีตราประทับเวลา ({values['trouble']})" if values.get("trouble") else "",
        f"PAdES {values.get('level', '')}",
    ]
    return " · ".join(part for part in told if part)
