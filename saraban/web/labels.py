"""Thai for what happened and what was found: how a history shows lines of the journal, and the checks of a letter."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any, Protocol

from saraban.domain.dispatch import SERVER_SAID
from saraban.domain.issued_events import BY_HOLDER
from saraban.domain.late_stamp import Stamped
from saraban.domain.receipt import ReasonCode
from saraban.exchange.event_words import event_word
from saraban.web.check_words import CHECKS as CHECKS
from saraban.web.filters import EVIDENCE, letter_number, state_label, step_label, thai_datetime, thai_digits
from saraban.web.mailbox_words import mailbox_detail
from saraban.web.organisation_words import OF_THE_ORGANISATION, organisation_detail
from saraban.web.work_words import work_words

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
        steps = tuple(HistoryLine(one.at, _who(one), event_word(one.name), _detail(one)) for one in run)
        return [HistoryLine(lead.at, _who(lead), event_word(lead.name), _detail(lead), steps)]
    shown = []
    for (name, who), alike in groupby(run, key=lambda line: (line.name, _who(line))):
        same = list(alike)
        if name == "letter.revised" and len(same) > 1:
            shown.append(HistoryLine(same[-1].at, who, event_word(name), f"{thai_digits(len(same))} ครั้ง"))
        else:
            shown += [HistoryLine(line.at, who, event_word(name), _detail(line)) for line in same]
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
            named = f"หน่วยงานที่รับผิดชอบ {values['responsible']}" if values.get("responsible") else ""
            reason = reason_label(str(values.get("code", "")))
            return " ".join(part for part in (reason, values.get("text"), named) if part)
        case "letter.dispatched":
            return f"{thai_digits(len(values.get('receivers') or ()))} แห่ง"
        case "letter.submitted":
            return " → ".join(values.get("route") or ())
        case "letter.place-taken":
            return f"แทนด้วยที่ {thai_digits(values.get('number'))}"
        case "letter.place-given-back":
            return f"{values.get('to', '')}: {state_label(values.get('state'), 'dispatch')}"
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
        case "issued.printed":
            return BY_HOLDER if values.get("by_holder") else ""
        case "letter.page-proven" | "issued.signed":
            return _proven(values)
        case "file.stamped-late":
            at = thai_datetime(datetime.fromisoformat(str(values["stamped_at"])))
            return f"{Stamped(str(values['what'])).thai} เมื่อ {at} โดย {values['stamped_by']}"
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
        f"PAdES {values['level']}" if values.get("level") else "",
    ]
    return " · ".join(part for part in told if part)
