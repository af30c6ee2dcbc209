"""Reading delivery notices: RFC 3464 first, then the free-form bounces that flufl.bounce knows."""

from __future__ import annotations

import email
import re
from dataclasses import dataclass
from email.message import Message
from typing import Literal

from flufl.bounce import all_failures

from saraban.exchange.bounce_reasons import BounceReason, reason_of
from saraban.exchange.decoding import addresses, decode, guess
from saraban.exchange.disposition import message_id
from saraban.exchange.mime import Headers, Limits, Part, Unreadable, read_headers

Action = Literal["failed", "delayed", "delivered", "relayed", "expanded"]

_ACTIONS: tuple[Action, ...] = ("failed", "delayed", "delivered", "relayed", "expanded")
_BY_STATUS: dict[str, Action] = {"2": "delivered", "4": "delayed"}
_RECIPIENTS = 1_000  # blocks of one notice that are read; we send to one recipient at a time
_LIMITS = Limits(max_header_lines=10_000)
_SCANNED = 256 * 1024  # octets that are searched for the header of the returned mail
_SAID = 6_000  # octets in which a server says why
_FREE_FORM = 24 * 1024  # octets that flufl.bounce sees: its patterns are quadratic, and the words stand first
_STATUS_PARTS = ("message/delivery-status", "message/global-delivery-status")
_ORIGINAL_PARTS = ("message/rfc822", "message/global", "text/rfc822-headers", "message/rfc822-headers")
_STATUS = re.compile(r"(?<![\d.])[245]\.\d{1,3}\.\d{1,3}(?![\d.])")
_INLINE_ID = re.compile(rb"(?im)^[ \t>]*Message-ID:[ \t]*(?:\r?\n[ \t]+)?(<[^<>\s]{1,998}>)")
_POSTMASTERS = re.compile(r"(?i)^(mailer-?daemon|mail-daemon|postmaster|double-bounce|bounces?)([+=.-].*)?@")
_ADDRESS = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[A-Za-z0-9][A-Za-z0-9.-]{0,250}(?![\w@])")
_WAITING = re.compile(
    r"(?i)warning|will be (?:re)?tried|will (?:retry|keep trying)|still being retried|has been delayed"
)
_SUBJECTS = re.compile(
    r"(?i)undeliver|returned (e?-?mail|message)|delivery (status|failure|notification|report|has failed)|failure notice"
    r"|mail delivery|delivery of|could not be delivered|non.?delivery|nondeliverable|mail system error|delayed|bounce"
)

_ACTION_WORDS: dict[Action, str] = {
    "failed": "ไปรษณีย์ตีกลับ ส่งไม่ถึงผู้รับ",
    "delayed": "ไปรษณีย์ยังไม่ถึง เครื่องส่งจะลองใหม่",
    "delivered": "เครื่องปลายทางรับไปรษณีย์ไว้แล้ว",
    "relayed": "ส่งต่อไปยังเครื่องที่ไม่แจ้งผลการส่งแล้ว",
    "expanded": "ส่งเข้ารายชื่อผู้รับของปลายทางแล้ว",
}


@dataclass(frozen=True)
class Bounce:
    """What a mail server says became of a message. `envid` is the dispatch id that SMTP carried (RFC 3461);
    `original_message_id` has its angle brackets; both are empty when not told. `thai` is for a person, `reason` its
    class where it failed or waits."""

    original_message_id: str
    envid: str
    recipient: str
    action: Action
    status: str
    diagnostic: str
    thai: str
    reason: BounceReason = BounceReason.UNKNOWN


@dataclass(frozen=True)
class _Notice:
    """What one block says about one recipient."""

    recipient: str
    action: Action
    status: str = ""
    diagnostic: str = ""
    envid: str = ""


def read_bounce(root: Part) -> Bounce | None:
    """The delivery notice in a message, or None when it is none. With several recipients the worst is told."""
    notices = [part for part in root.walk() if part.media_type in _STATUS_PARTS]
    found = [notice for part in notices for notice in _notices(part)]
    if found:
        return _bounce(root, min(found, key=lambda notice: _ACTIONS.index(notice.action)))
    if not _looks_automatic(root, bool(notices)):
        return None
    return _free_form(root)


def _notices(part: Part) -> list[_Notice]:
    """The recipients of one delivery-status part (RFC 3464, section 2): blocks of fields between blank lines."""
    blocks = re.split(rb"\r?\n[ \t]*\r?\n", part.payload[:_SCANNED].strip())[:_RECIPIENTS]
    envid = ""
    found: list[_Notice] = []
    for block in blocks:
        fields = _fields(block)
        envid = envid or fields.first("original-envelope-id")[:100]
        recipient = _recipient(fields)
        action = fields.first("action").split(" ")[0].strip().lower().rstrip(";")
        match = _STATUS.search(fields.first("status")[:200])
        status = match.group() if match else ""
        if recipient or action:
            diagnostic = fields.first("diagnostic-code")[:500]
            found.append(_Notice(recipient, _action(action, status), status, diagnostic, envid))
    return found


def _action(word: str, status: str) -> Action:
    for action in _ACTIONS:
        if word == action:
            return action
    return _BY_STATUS.get(status[:1], "failed")


def _recipient(fields: Headers) -> str:
    for name in ("final-recipient", "original-recipient"):
        address = fields.first(name)[:1_000].rpartition(";")[2].strip()
        if address:
            found = addresses(address)
            return found[0][1] if found else address.strip("<>").lower()
    return ""


def _free_form(root: Part) -> Bounce | None:
    try:
        temporary, permanent = all_failures(_for_flufl(root))
    except Exception:  # Foreign mail in foreign code: whatever is raised means that nothing was found.
        temporary = permanent = frozenset()
    if not permanent and not temporary:
        return _by_words(root)
    status = _STATUS.search(guess(root.raw[root.body : root.body + 20_000]))
    action: Action = "failed" if permanent else "delayed"
    recipient = guess(min(permanent or temporary)).lower()
    return _bounce(root, _Notice(recipient, action, status.group() if status else ""))


def _for_flufl(root: Part) -> Message:
    """The beginning of the mail in the form in which flufl.bounce does not stumble: seven bits, and an address in From
    (it takes the first without asking whether there is one)."""
    message = email.message_from_string(root.raw[:_FREE_FORM].decode("ascii", "replace").replace("\ufffd", "?"))
    senders = addresses(root.headers.first("from")[:1_000])
    del message["From"]
    message["From"] = senders[0][1].encode("ascii", "replace").decode() if senders else "mailer-daemon@invalid"
    return message


def _by_words(root: Part) -> Bounce | None:
    """What a postmaster wrote in a form that nobody knows: the first address in its text, and the mail it quotes."""
    headers = root.headers
    sender = headers.first("from")[:1_000]
    if "mailer-daemon" not in sender.lower() and not any(_POSTMASTERS.match(one) for _, one in addresses(sender)):
        return None
    part = next((part for part in root.walk() if part.media_type.startswith("text/")), None)
    text = decode(part.payload[:20_000], part.parameters.get("charset", "")) if part is not None else ""
    ours = {address for name in ("to", "from") for _, address in addresses(headers.first(name))}
    told = (match.group().lower().rstrip(".") for match in _ADDRESS.finditer(text))
    recipient = next((address for address in told if address not in ours), "")
    if not recipient and not _original_message_id(root):
        return None
    status = _STATUS.search(text)
    action: Action = "delayed" if _WAITING.search(text[:4_000] + headers.first("subject")[:500]) else "failed"
    return _bounce(root, _Notice(recipient, action, status.group() if status else ""))


def _bounce(root: Part, notice: _Notice) -> Bounce:
    words, reason = _ACTION_WORDS[notice.action], BounceReason.UNKNOWN
    if notice.action in ("failed", "delayed"):
        said = notice.diagnostic or guess(root.raw[root.body : root.body + _SAID])
        reason = reason_of(notice.status, said)
        words = f"{words} ({reason.thai})" if reason.thai else words
    return Bounce(
        original_message_id=_original_message_id(root),
        envid=notice.envid,
        recipient=notice.recipient,
        action=notice.action,
        status=notice.status,
        diagnostic=notice.diagnostic,
        thai=words,
        reason=reason,
    )


def _original_message_id(root: Part) -> str:
    """The Message-ID of the mail that came back: from the returned header, else from the text that quotes it."""
    for part in root.walk():
        if part.media_type in _ORIGINAL_PARTS:
            found = message_id(_fields(part.payload[:_SCANNED].lstrip(b"\r\n")).first("message-id"))
            if found:
                return found
    own = message_id(root.headers.first("message-id")).encode()
    for match in _INLINE_ID.finditer(root.raw, root.body, min(root.end, root.body + _SCANNED)):
        if match[1] != own:
            return decode(match[1], "us-ascii")
    return ""


def _fields(block: bytes) -> Headers:
    try:
        return read_headers(block, 0, len(block), _LIMITS, top=True)[0]
    except Unreadable:
        return Headers(())


def _looks_automatic(root: Part, has_status: bool) -> bool:
    """Is it worth asking flufl.bounce? On people's mail it would see bounces in quoted text."""
    headers = root.headers
    if has_status or headers.first("x-failed-recipients"):
        return True
    if root.media_type == "multipart/report":
        return root.parameters.get("report-type", "").lower() not in ("feedback-report", "disposition-notification")
    if headers.first("return-path") == "<>" or headers.first("auto-submitted").lower().startswith("auto-replied"):
        return True
    sender = addresses(headers.first("from"))
    return any(_POSTMASTERS.match(address) for _, address in sender) or bool(
        _SUBJECTS.search(headers.first("subject")[:500])
    )
