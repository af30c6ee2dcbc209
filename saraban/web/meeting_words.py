"""The facts of what happens to meetings, in a few Thai words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from saraban.domain.meeting_files import FileWay
from saraban.domain.meeting_people import Presence
from saraban.web.filters import thai_digits

_WAYS = {"own": "ด้วยลิงก์ของตน", "room": "ที่ห้องประชุม", "secretary": "ฝ่ายเลขานุการบันทึก"}


def meeting_words(name: str, values: Mapping[str, Any]) -> str | None:
    """The facts of such an event; None for any other."""
    meeting = thai_digits(values.get("meeting", ""))
    match name:
        case "meeting.file-put":
            edition = thai_digits(f"ฉบับที่ {values['edition']}")
            told = (meeting, values["file_name"], edition if values["edition"] > 1 else "", values["giver"])
        case "meeting.file-offered":
            told = (meeting, values["file_name"], values["giver"], FileWay(values["way"]).thai)
        case "meeting.file-passed":
            told = (meeting, values["file_name"], "", "")
        case "meeting.file-refused" | "meeting.file-removed":
            told = (meeting, values["file_name"], values["reason"], "")
        case "meeting.attended":
            told = (meeting, values["who"], Presence(values["presence"]).thai, _WAYS.get(values["way"], ""))
        case "meeting.opened-by-code":
            told = (meeting, values["who"], "", "")
        case "meeting.cancelled":
            told = (meeting, values["reason"], "", "")
        case "meeting.links-sent":
            told = (meeting, thai_digits(f"{values['mails']} ฉบับ"), "", "")
        case "meeting.people-set":
            told = (meeting, thai_digits(f"เพิ่ม {values['added']} คน เอาออก {values['removed']} คน"), "", "")
        case "meeting.letter-begun":
            told = (meeting, "หนังสือเชิญประชุม" if values["what"] == "invitation" else "รายงานการประชุม", "", "")
        case "meeting.minutes-approved":
            told = (meeting, "มีการแก้ไข" if values["corrected"] else "ไม่มีการแก้ไข", "", "")
        case "meeting.called" | "meeting.revised" | "meeting.ended":
            told = (meeting, "", "", "")
        case _:
            return None
    return " · ".join(filter(None, told))
