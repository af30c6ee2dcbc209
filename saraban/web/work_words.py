"""The facts of what happens to the work that a letter makes and to its keeping, in a few Thai words for its history."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from saraban.domain.endorsing import Deed
from saraban.domain.task import Purpose
from saraban.web.archive_words import archive_words
from saraban.web.filters import letter_number, thai_date, thai_digits
from saraban.web.meeting_words import meeting_words


def work_words(name: str, values: Mapping[str, Any]) -> str | None:
    """The facts of such an event; None for any other."""
    match name:
        case "incoming.endorsed":
            return endorsed_words(values)
        case "task.given":
            return f"{values.get('to', '')} {Purpose(values['purpose']).thai}"
        case "task.taken" | "task.finished":
            return str(values.get("to", ""))
        case "task.returned" | "task.taken-back":
            return f"{values.get('to', '')}: {values.get('reason', '')}".rstrip(": ")
        case "incoming.reply-sent":
            return f"ที่ {letter_number(values.get('number', ''))}"
        case "petition.filed":
            due = thai_date(date.fromisoformat(values["due_on"]), "short")
            return f"เลขรับเรื่อง {thai_digits(values['number'])} กำหนดตอบภายใน {due}"
        case "petition.answered":
            return "หน้าติดตามและอีเมล" if values.get("mailed") else "หน้าติดตาม"
        case "petition.file-removed":
            return str(values.get("why", ""))
        case "standing-order.kept":
            return f"{values.get('called', '')} → {values.get('to', '')}"
        case "circulation.begun":
            to = ", ".join(values.get("to") or ())
            return f"{thai_digits(values.get('readers'))} คน · {to}"
        case "circulation.reminded" | "circulation.stopped" | "circulation.exported":
            return f"{thai_digits(values.get('readers'))} คน"
    return archive_words(name, values) or meeting_words(name, values)


def endorsed_words(values: Mapping[str, Any]) -> str:
    """An endorsement in a line: what was done, to whom it went, what was written, by which standing order."""
    deed = Deed(values["deed"])
    told = [
        deed.thai if deed is not Deed.ENDORSED else "",
        f"ถึง {', '.join(values['to'])}" if values.get("to") else "",
        str(values.get("note", "")),
        f"ตามการมอบหมายล่วงหน้า {values['under']}" if values.get("under") else "",
    ]
    return " · ".join(part for part in told if part)
