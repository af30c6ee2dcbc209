"""Why a mail came back, in classes that a clerk can act on: from the enhanced status code (RFC 3463), else from the
words of the server."""

from __future__ import annotations

import re
from enum import Enum

from saraban.domain.dispatch import SERVER_SAID

_LOOKED_AT = 4_000


class BounceReason(str, Enum):
    """The classes; `thai` says what happened and what may be done."""

    NO_SUCH_USER = "no-such-user"
    DISABLED = "disabled"
    MAILBOX_FULL = "mailbox-full"
    TOO_BIG = "too-big"
    BLOCKED = "blocked"
    CONTENT = "content"
    UNREACHABLE = "unreachable"
    TIMED_OUT = "timed-out"
    BAD_ADDRESS = "bad-address"
    UNKNOWN = "unknown"

    @property
    def thai(self) -> str:
        """In a few words."""
        return _THAI[self]


_THAI = {
    BounceReason.NO_SUCH_USER: "ไม่มีที่อยู่ผู้รับนี้ที่ปลายทาง",
    BounceReason.DISABLED: "กล่องไปรษณีย์ผู้รับปิดใช้งานอยู่",
    BounceReason.MAILBOX_FULL: "กล่องไปรษณีย์ผู้รับเต็ม",
    BounceReason.TOO_BIG: "ไปรษณีย์ใหญ่เกินที่ปลายทางรับได้",
    BounceReason.BLOCKED: "ปลายทางไม่รับตามนโยบายความปลอดภัย",
    BounceReason.CONTENT: "ปลายทางไม่รับเนื้อหาหรือไฟล์แนบ",
    BounceReason.UNREACHABLE: "ติดต่อเครื่องปลายทางไม่ได้",
    BounceReason.TIMED_OUT: "ส่งไม่สำเร็จภายในเวลาที่กำหนด",
    BounceReason.BAD_ADDRESS: "ที่อยู่ผู้รับไม่ถูกต้อง",
    BounceReason.UNKNOWN: "",
}
_BY_STATUS = (
    (r"[245]\.1\.(1|6|10)", BounceReason.NO_SUCH_USER),
    (r"[245]\.1\.2", BounceReason.UNREACHABLE),
    (r"[245]\.1\.\d+", BounceReason.BAD_ADDRESS),
    (r"[245]\.2\.1", BounceReason.DISABLED),
    (r"[245]\.2\.2", BounceReason.MAILBOX_FULL),
    (r"[245]\.(2\.3|3\.4)", BounceReason.TOO_BIG),
    (r"[245]\.3\.1", BounceReason.MAILBOX_FULL),
    (r"[245]\.4\.7", BounceReason.TIMED_OUT),
    (r"[245]\.4\.\d+", BounceReason.UNREACHABLE),
    (r"[245]\.6\.\d+", BounceReason.CONTENT),
    (r"[245]\.7\.\d+", BounceReason.BLOCKED),
)
_BY_WORDS = (
    (
        r"(?:over|exceed\w*)\s+(?:\w+\s+){0,3}quota|quota\s+exceed|mailbox\s+(?:is\s+)?full"
        r"|full\s+mailbox|insufficient\s+(?:disk\s+)?(?:storage|space)|no\s+space\s+left|เต็ม",
        BounceReason.MAILBOX_FULL,
    ),
    (
        r"(?:message|mail|size|file)\s+(?:size\s+)?(?:is\s+)?(?:too\s+(?:big|large)|exceeds)|too\s+large\s+message"
        r"|exceeds\s+(?:the\s+)?(?:maximum|fixed|size)|size\s+limit",
        BounceReason.TOO_BIG,
    ),
    (
        r"(?:mailbox|account|user|recipient)\b.{0,40}\b(?:disabled|inactive|suspended|deactivated|expired|closed)"
        r"|(?:disabled|inactive|suspended)\s+(?:mailbox|account|user|recipient)",
        BounceReason.DISABLED,
    ),
    (
        r"(?:user|recipient|mailbox|account|address(?:ee)?|alias)\b.{0,40}\b(?:unknown|not\s+(?:found|exist|listed|known)"
        r"|doesn'?t\s+(?:exist|have)|does\s+not\s+exist|unavailable|rejected|invalid)|(?:unknown|no\s+such|invalid)\s+(?:local\s+)?"
        r"(?:user|recipient|mailbox|address|account)|no\s+mailbox\s+here|not\s+our\s+customer|couldn'?t\s+be\s+found|ไม่มีผู้ใช้",
        BounceReason.NO_SUCH_USER,
    ),
    (
        r"spam|black\s?-?list|block(?:ed|\s+list|list)|denied|not\s+(?:allowed|authori[sz]ed|permitted)|policy|reputation|dmarc"
        r"|\bspf\b|prohibited|relaying|forbidden",
        BounceReason.BLOCKED,
    ),
    (r"virus|infected|malware|attachment|content\s+(?:rejected|filter)", BounceReason.CONTENT),
    (r"timed?\s?-?\s?out|retry\s+time|too\s+long|expired|giving\s+up|undeliverable\s+for", BounceReason.TIMED_OUT),
    (
        r"host\s+(?:unknown|not\s+found|unreachable)|unknown\s+host|name\s+(?:service\s+error|server)|domain\b.{0,30}"
        r"(?:not\s+found|unknown|doesn'?t\s+exist)|connection\s+(?:refused|reset|lost)|unroutable|no\s+route|couldn'?t\s+find\s+any\s+host",
        BounceReason.UNREACHABLE,
    ),
)
_STATUS = tuple((re.compile(pattern), reason) for pattern, reason in _BY_STATUS)
_WORDS = tuple((re.compile(pattern, re.IGNORECASE), reason) for pattern, reason in _BY_WORDS)
_BY_SERVER = re.compile(r"[2-5][0-9]{2}(?:[ -]|$)")
_IN_REPLY = re.compile(r"(?<![\d.])[245]\.\d{1,3}\.\d{1,3}(?![\d.])")
_ANSWERS = {"552": BounceReason.TOO_BIG, "553": BounceReason.BAD_ADDRESS, "554": BounceReason.BLOCKED}


def told_by_server(what: str, reply: str) -> str:
    """What happened and why in Thai, with the words of the mail server behind it; what our own side says when there was
    no answer is Thai already and stands after a colon."""
    if not _BY_SERVER.match(reply):
        return f"{what}: {reply}" if reply else what
    status = _IN_REPLY.search(reply)
    reason = reason_of(status[0] if status else "", reply).thai
    return f"{what} ({reason}){SERVER_SAID}{reply}" if reason else f"{what}{SERVER_SAID}{reply}"


def reason_of(status: str, words: str) -> BounceReason:
    """The class of a bounce: by its status where that says something, otherwise (x.0.0, or none) by the words of the
    server, and last by the code of its answer."""
    by_status = next((reason for pattern, reason in _STATUS if pattern.fullmatch(status)), None)
    if by_status is not None:
        return by_status
    text = " ".join(words[:_LOOKED_AT].split())
    by_words = next((reason for pattern, reason in _WORDS if pattern.search(text)), None)
    if by_words is not None:
        return by_words
    code = re.search(r"(?<!\d)(55[234])(?!\d)", text)
    return _ANSWERS[code[1]] if code else BounceReason.UNKNOWN
