"""Answers of people and of machines: which dispatch a mail answers, whether a person wrote it, and what it says.

RFC 5322, section 3.6.4, ties an answer to what it answers; RFC 3834 tells machines' answers from people's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from uuid import UUID

from saraban.domain.numbering import arabic_digits
from saraban.exchange.compose import REFERENCE
from saraban.exchange.parse import InboundFile, InboundMessage

MOST_WORDS = 2_000
_UUID = r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
_ANY_ID = re.compile(_UUID)
_PLUS = re.compile(rf"\+({_UUID}|[0-9a-fA-F]{{32}})@")
_QUOTED_ID = re.compile(rf"{REFERENCE}[ \t\u00a0>]*({_UUID})")
_ABSENT = re.compile(
    r"(?i)\b(out of (the )?office|automatic(ally)? repl|auto(matic)?[ -]?(reply|response|responder|generated)|autoreply"
    r"|on (annual |sick |maternity )?(leave|vacation|holiday)|away from (my|the) (office|desk|mail)|absence|abwesen)"
    r"|^\s*(auto|automatic|ooo)\s*:"
    r"|ตอบ(กลับ|รับ)?(โดย)?อัตโนมัติ|ไม่อยู่(ที่|ใน)?(สำนักงาน|ที่ทำงาน|ออฟฟิศ)|อยู่(ใน)?ระหว่าง(การ)?ลา|ลาพักผ่อน|ลาคลอด|ลากิจ|ไปราชการ(ต่าง|ถึง|ระหว่าง)"
)
_NUMBER = re.compile(
    r"(?:(?:เลข(?:ที่)?|ลง)(?:ทะเบียน)?รับ(?:ที่|เลขที่|เลข|แล้ว)*|ทะเบียนรับ(?:เลขที่|ที่|เลข)*|รับที่)[ \t\u00a0:=]*"
    r"(?:เลขที่|ที่|เลข)?[ \t\u00a0:=]*(\d{1,7}(?:/\d{2,4})?)(?![\d/])"
)
_QUOTE_BEGINS = re.compile(
    r"(?im)^[ \t]*(?:-{2,}\s*(?:original message|forwarded message|ข้อความ(?:เดิม|ต้นฉบับ|ที่ส่งต่อ))\s*-{2,}|_{10,}\s*$"
    r"|on\b.{5,200}\bwrote\s*:\s*$|.{0,150}เขียน(?:ว่า|ไว้ว่า)?\s*:\s*$"
    r"|(?:from|จาก)\s*:.{1,200}(?:\r?\n)+[ \t]*(?:sent|date|to|ส่ง(?:เมื่อ|แล้ว)?|วันที่|ถึง)\s*:)"
)


def answers(message: InboundMessage) -> Iterator[tuple[UUID, bool]]:
    """The ids that the mail may answer, the likeliest first, each with whether the mail program tied it (In-Reply-To,
    References, the Message-ID of a read report) or it only stands in what was written: a plus address, the subject, or
    the quoted cover."""
    seen: set[UUID] = set()
    tied = [message.in_reply_to, *reversed(message.references)]
    if message.report is not None:
        tied.insert(0, message.report.original_message_id)
    written = [
        *(match[1] for address in message.to_addresses for match in _PLUS.finditer(address)),
        *_ANY_ID.findall(message.subject),
        *_QUOTED_ID.findall(message.text[:50_000]),
    ]
    told = [(one.strip("<>").rpartition("@")[0], True) for one in tied] + [(one, False) for one in written]
    for text, by_program in told:
        found = _uuid(text)
        if found is not None and found not in seen:
            seen.add(found)
            yield found, by_program


def by_machine(message: InboundMessage) -> bool:
    """Did a program write it? Such answers prove that a mailbox exists, and nothing more."""
    return message.is_auto_reply or message.report is not None or bool(_ABSENT.search(message.subject[:300]))


def only_by_machine(message: InboundMessage) -> bool:
    """Is it a program's answer and nothing else: an absence note or a read report, without a file that could be a
    letter (a picture is the sender's emblem)? A mail that only calls itself one in its subject may be a person's."""
    carries = any((message.manifest, message.statement, message.reconcile, message.lookup))
    carries = carries or bool(message.enveloped or message.saraban)
    if carries or message.bounce is not None or any(not _is_picture(file) for file in message.files):
        return False
    absent = (message.is_auto_reply or message.null_sender) and bool(_ABSENT.search(message.subject[:300]))
    return message.replied_by_itself or message.report is not None or absent


def _is_picture(file: InboundFile) -> bool:
    return file.media_type.startswith("image/")


def receiving_number(words: str) -> str:
    """The receiving number that the words name, in Arabic digits, as people write it (เลขรับที่ ๔๕๖, ลงรับเลขที่ 456/2569);
    empty when they name none or several. Only proposed: a clerk reads the words."""
    found = {match[1].strip("/") for match in _NUMBER.finditer(arabic_digits(words))}
    return found.pop() if len(found) == 1 else ""


def own_words(text: str) -> str:
    """What the person wrote, without the mail that is quoted below or between."""
    cut = _QUOTE_BEGINS.search(text)
    head = text[: cut.start()] if cut is not None else text
    lines = [line.rstrip() for line in head.splitlines() if not line.lstrip().startswith(">")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()[:MOST_WORDS]


def same_house(address: str, mailbox: str) -> bool:
    """Is the sender the mailbox that was written to, or somebody of the same domain? At the large public providers one
    domain is not one house."""
    address, mailbox = address.lower(), mailbox.lower()
    if address == mailbox:
        return True
    domain = mailbox.rpartition("@")[2]
    return bool(domain) and domain not in PUBLIC_PROVIDERS and address.rpartition("@")[2] == domain


PUBLIC_PROVIDERS = frozenset(
    {
        *("gmail.com", "googlemail.com", "hotmail.com", "outlook.com", "outlook.co.th", "live.com", "msn.com"),
        *("yahoo.com", "yahoo.co.th", "ymail.com", "icloud.com", "me.com", "proton.me", "protonmail.com", "gmx.com"),
    }
)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text) if len(text) in (32, 36) else None
    except ValueError:
        return None
