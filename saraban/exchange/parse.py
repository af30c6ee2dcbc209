"""Reading what arrived: raw bytes into an InboundMessage, tolerantly and within limits (docs/wire.md, section 3).

The outer signed part is cut out of the raw bytes; nothing is serialised again. What is missing is None or empty, what
is odd is named in `defects`, and only mail past a hard stop raises.
"""

from __future__ import annotations

import base64
import hashlib
import html
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from uuid import UUID

from saraban.domain.attachment import Digest, safe_name
from saraban.exchange.archives import why_explodes
from saraban.exchange.bounces import Bounce, read_bounce
from saraban.exchange.decoding import addresses, decode, decode_words, parameters
from saraban.exchange.disposition import DispositionReport, message_id, read_report
from saraban.exchange.lookup import LOOKUP_NAME, LOOKUP_SIGNATURE_NAME
from saraban.exchange.manifest import MANIFEST_NAME, MANIFEST_SIGNATURE_NAME
from saraban.exchange.mime import Headers, Limits, Part, Unreadable, read_parts
from saraban.exchange.receipts import STATEMENT_NAME, STATEMENT_SIGNATURE_NAME
from saraban.exchange.reconcile import RECONCILE_NAME, RECONCILE_SIGNATURE_NAME

__all__ = [
    "InboundFile",
    "InboundMessage",
    "Limits",
    "OuterSignature",
    "SarabanHeader",
    "Unreadable",
    "content_key",
    "read_message",
]

OUTER_SIGNATURE_NAME = "smime.p7s"
MAX_TEXT = 100_000  # characters of the readable text that are kept; the raw bytes have the rest
MAX_REFERENCES = 100

_ROLES = {
    "letter": {MANIFEST_NAME: "manifest", MANIFEST_SIGNATURE_NAME: "manifest_p7s"},
    "receipt": {STATEMENT_NAME: "statement", STATEMENT_SIGNATURE_NAME: "statement_p7s"},
    "reconcile": {RECONCILE_NAME: "reconcile", RECONCILE_SIGNATURE_NAME: "reconcile_p7s"},
    "lookup": {LOOKUP_NAME: "lookup", LOOKUP_SIGNATURE_NAME: "lookup_p7s"},
}
_SIGNATURE_TYPES = ("application/pkcs7-signature", "application/x-pkcs7-signature")
_ENVELOPED_TYPES = ("application/pkcs7-mime", "application/x-pkcs7-mime")
_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_MESSAGE_IDS = re.compile(r"<[^<>\s]{1,998}>")
_ONE_WAY_FIELDS = (b"received", b"return-path", b"delivered-to")
_LIST_FIELDS = ("list-id", "list-unsubscribe", "list-post", "feedback-id")  # RFC 2919, RFC 2369
_SELF_REPLY_FIELDS = ("x-autoreply", "x-autorespond", "x-autoresponder")


@dataclass(frozen=True)
class SarabanHeader:
    """Saraban-Envelope: "letter", "receipt", "reconcile" or "lookup", its id, and what it answers: for a receipt the
    dispatch, for the answer to a reconciliation or a lookup the request."""

    kind: str
    id: UUID
    of: UUID | None = None


@dataclass(frozen=True)
class OuterSignature:
    """The S/MIME signature around the message: the digest of the first part's exact bytes with CRLF ends (RFC 8551,
    section 3.1.1), the CMS in DER, and the same digest in base64 as a receipt returns it."""

    digest: Digest
    signature: bytes = field(repr=False)
    mic: str = ""


@dataclass(frozen=True)
class InboundFile:
    """A file as it came. `name` is what the sender called it (NFC), `safe` what may be shown and saved."""

    name: str
    safe: str
    media_type: str
    data: bytes = field(repr=False)
    sha256: Digest
    size: int


@dataclass(frozen=True)
class InboundMessage:
    """A message as it came. Addresses are lower-case, message ids keep their angle brackets, `date` is UTC. A message
    holds a `manifest` (a letter), a `statement` (a receipt), a `reconcile` (a reconciliation), a `lookup` or none;
    `report`, `bounce` and `enveloped` (CMS to be decrypted and read again) are None in most. `from_address` is empty
    unless From names exactly one mailbox; `from_list` when a mailing list or a newsletter sent it, `null_sender` when
    it came from the empty address, so that nobody may answer it (RFC 5321, section 4.5.5); `is_auto_reply` when a
    program made it or it went to many, `replied_by_itself` when it says that a program answered for somebody."""

    from_address: str
    from_name: str
    to_addresses: tuple[str, ...]
    subject: str
    message_id: str
    in_reply_to: str
    references: tuple[str, ...]
    date: datetime | None
    auto_submitted: str
    saraban: SarabanHeader | None
    outer: OuterSignature | None
    manifest: bytes | None
    manifest_p7s: bytes | None
    statement: bytes | None
    statement_p7s: bytes | None
    reconcile: bytes | None
    reconcile_p7s: bytes | None
    lookup: bytes | None
    lookup_p7s: bytes | None
    files: tuple[InboundFile, ...]
    text: str
    report: DispositionReport | None
    bounce: Bounce | None
    is_auto_reply: bool
    defects: tuple[str, ...] = ()
    enveloped: bytes | None = field(default=None, repr=False)
    from_list: bool = False
    null_sender: bool = False
    replied_by_itself: bool = False


def read_message(raw: bytes, limits: Limits | None = None) -> InboundMessage:
    """The message in these bytes. Raises Unreadable past a hard stop of `limits`, and nothing else."""
    limits = limits or Limits()
    defects: list[str] = []
    root = read_parts(raw, limits, defects)
    headers = root.headers
    senders = [pair for value in headers.all("from") for pair in addresses(value)]
    if len(senders) != 1:
        defects.append("from-not-one")
    saraban = _saraban_header(headers, defects)
    signed = next((part for part in root.walk() if part.media_type == "multipart/signed"), None)
    outer = _outer(signed, defects) if signed is not None else None
    named = list(_named_leaves(root, signed))
    inside = _Inside.sort(named, saraban, defects)
    if len(inside.files) > limits.max_files:
        raise Unreadable("too-large", f"ไปรษณีย์มีเกิน {limits.max_files} ไฟล์")
    files = [_file(name, part) for name, part in inside.files]
    ordinary = inside.is_ordinary
    if ordinary:
        files += [_file("", part) for part in _nameless_files(root, signed)][: limits.max_files - len(files)]
    for file in files:
        if exploding := why_explodes(file.data):
            raise Unreadable("too-large", f"ไฟล์ {file.safe[:100]} เป็นไฟล์บีบอัดที่เปิดแล้วระเบิด: {exploding}")
    report = next((part for part in root.walk() if part.media_type == "message/disposition-notification"), None)
    return InboundMessage(
        from_address=senders[0][1] if len(senders) == 1 else "",
        from_name=senders[0][0] if len(senders) == 1 else "",
        to_addresses=tuple(dict.fromkeys(to for value in headers.all("to")[:20] for _, to in addresses(value))),
        subject=" ".join(decode_words(headers.first("subject")).split()),
        message_id=message_id(headers.first("message-id")),
        in_reply_to=message_id(headers.first("in-reply-to")),
        references=tuple(_MESSAGE_IDS.findall(headers.first("references"))[-MAX_REFERENCES:]),
        date=_date(headers.first("date"), defects),
        auto_submitted=headers.first("auto-submitted").partition(";")[0].strip().lower()[:40],
        saraban=saraban,
        outer=outer,
        manifest=inside.manifest,
        manifest_p7s=inside.manifest_p7s,
        statement=inside.statement,
        statement_p7s=inside.statement_p7s,
        reconcile=inside.reconcile,
        reconcile_p7s=inside.reconcile_p7s,
        lookup=inside.lookup,
        lookup_p7s=inside.lookup_p7s,
        files=tuple(files),
        text=_text(root),
        report=read_report(report) if report is not None else None,
        bounce=read_bounce(root) if ordinary and saraban is None else None,
        is_auto_reply=_is_auto_reply(headers),
        defects=tuple(dict.fromkeys(defects)),
        enveloped=_enveloped(root),
        from_list=any(headers.first(name) for name in _LIST_FIELDS),
        null_sender=headers.first("return-path").replace(" ", "") == "<>",
        replied_by_itself=_replied_by_itself(headers),
    )


def content_key(raw: bytes) -> tuple[str, Digest]:
    """What is the same in two copies of one mail: its Message-ID, and the SHA-256 of its bytes without the fields that
    every way adds (Received, Return-Path, Delivered-To, X-*). Never raises."""
    key = ContentKey()
    key.feed(raw)
    return key.ended()


class ContentKey:
    """The content key of a mail that comes in pieces, however it is cut; no more than 64 KiB of a line are kept."""

    def __init__(self) -> None:
        self._running = hashlib.sha256()
        self._identity = b""
        self._in_identity = self._skipping = self._in_body = self._in_line = False
        self._line = bytearray()

    def feed(self, piece: bytes) -> None:
        """The next octets."""
        position = 0
        while not self._in_body and position < len(piece):
            newline = piece.find(b"\n", position)
            stop = len(piece) if newline < 0 else newline + 1
            self._line += memoryview(piece)[position:stop]
            position = stop
            if newline >= 0 or len(self._line) > 65_536:
                self._end_line()
                self._in_line = newline < 0
        if position < len(piece):
            self._running.update(memoryview(piece)[position:])

    def ended(self) -> tuple[str, Digest]:
        """The Message-ID and the digest of the whole."""
        if self._line:
            self._end_line()
        identity = self._identity[:2_000].partition(b":")[2]
        return message_id(decode(identity, "utf-8")), Digest(self._running.hexdigest())

    def _end_line(self) -> None:
        line = bytes(self._line)
        self._line.clear()
        if not self._in_line and not line.strip(b"\r\n"):
            self._in_body = True
            self._running.update(line)
            return
        if not self._in_line and line[:1] not in b" \t":
            name = line.partition(b":")[0].strip().lower()
            self._skipping = name in _ONE_WAY_FIELDS or name.startswith(b"x-")
            self._in_identity = name == b"message-id" and not self._identity
        if self._in_identity and len(self._identity) < 2_000:
            self._identity += line
        if not self._skipping:
            self._running.update(line)


@dataclass
class _Inside:
    """The named leaves, sorted into what the wire gives a meaning and files."""

    files: list[tuple[str, Part]]
    manifest: bytes | None = None
    manifest_p7s: bytes | None = None
    statement: bytes | None = None
    statement_p7s: bytes | None = None
    reconcile: bytes | None = None
    reconcile_p7s: bytes | None = None
    lookup: bytes | None = None
    lookup_p7s: bytes | None = None

    @classmethod
    def sort(cls, named: list[tuple[str, Part]], saraban: SarabanHeader | None, defects: list[str]) -> _Inside:
        """What it is, the header says, or without it what is there: in a letter a file may be called statement.json,
        and it is a file."""
        kind = saraban.kind if saraban is not None else _kind({name for name, _ in named})
        inside, roles = cls(files=[]), _ROLES[kind]
        for name, part in named:
            role = roles.get(name)
            if role is None:
                inside.files.append((name, part))
            elif getattr(inside, role) is None:
                setattr(inside, role, part.payload)
            else:
                defects.append(f"{role.partition('_')[0]}-repeated")
        return inside

    @property
    def is_ordinary(self) -> bool:
        """True when nothing of the wire is in it."""
        return all(one is None for one in (self.manifest, self.statement, self.reconcile, self.lookup))


def _kind(names: set[str]) -> str:
    if MANIFEST_NAME in names:
        return "letter"
    # Anybody may attach a file of this name; with its signature beside it, it is what it says.
    for kind in ("reconcile", "lookup"):
        if _ROLES[kind].keys() <= names and STATEMENT_NAME not in names:
            return kind
    return "receipt"


def _named_leaves(root: Part, signed: Part | None) -> Iterator[tuple[str, Part]]:
    """The leaves that have a file name, without the outer signature: the second part of multipart/signed, or where a
    gateway took that apart, a lost smime.p7s."""
    outer = signed.children[1] if signed is not None and len(signed.children) > 1 else None
    for part in root.walk():
        if part.children or part is outer or part.media_type.startswith("multipart/"):
            continue
        name = part.file_name
        if name is None:
            continue
        if signed is None and name == OUTER_SIGNATURE_NAME and part.media_type in _SIGNATURE_TYPES:
            continue
        yield name, part


def _nameless_files(root: Part, signed: Part | None) -> Iterator[Part]:
    """In ordinary mail only: what is neither text nor report, and has no name, is shown to the clerk as a file."""
    outer = signed.children[1] if signed is not None and len(signed.children) > 1 else None
    for part in root.walk():
        if part.media_type.startswith(("text/", "multipart/", "message/")) and part.media_type != "message/rfc822":
            continue
        if part is not outer and part.file_name is None:
            yield part


def _file(name: str, part: Part) -> InboundFile:
    data = part.payload
    name = unicodedata.normalize("NFC", name)
    return InboundFile(name, safe_name(name), part.media_type, data, Digest.of(data), len(data))


def _outer(signed: Part, defects: list[str]) -> OuterSignature | None:
    if len(signed.children) != 2 or signed.children[1].media_type not in _SIGNATURE_TYPES:
        defects.append("outer-signature-broken")
        return None
    content = signed.children[0].entity
    if content.count(b"\n") != content.count(b"\r\n"):
        content = content.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    digest = Digest.of(content)
    return OuterSignature(digest, signed.children[1].payload, base64.b64encode(digest.raw).decode("ascii"))


def _enveloped(root: Part) -> bytes | None:
    if root.media_type not in _ENVELOPED_TYPES or root.parameters.get("smime-type", "").lower() == "signed-data":
        return None
    return root.payload


def _saraban_header(headers: Headers, defects: list[str]) -> SarabanHeader | None:
    values = headers.all("saraban-envelope")
    if not values:
        return None
    if len(values) > 1:
        defects.append("envelope-header-repeated")
        return None
    version = values[0].partition(";")[0].strip()
    given = parameters(values[0][:1_000])
    kind, own, of = given.get("kind", "").lower(), given.get("id", ""), given.get("of", "")
    if version != "1" or kind not in _ROLES or not _UUID.fullmatch(own):
        defects.append("envelope-header-unreadable")
        return None
    return SarabanHeader(kind, UUID(own), UUID(of) if _UUID.fullmatch(of) else None)


def _date(value: str, defects: list[str]) -> datetime | None:
    try:
        moment = parsedate_to_datetime(value[:200])
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, TypeError, OverflowError, IndexError):
        defects.append("date-unreadable")
        return None


def _is_auto_reply(headers: Headers) -> bool:
    """RFC 3834, section 5, and what programs wrote before it."""
    submitted = headers.first("auto-submitted").lower()
    if submitted and not submitted.startswith("no"):
        return True
    if headers.first("precedence").lower() in ("auto_reply", "bulk", "junk", "list"):
        return True
    return bool(headers.first("x-auto-response-suppress")) or _replied_by_itself(headers)


def _replied_by_itself(headers: Headers) -> bool:
    if headers.first("auto-submitted").lower().startswith("auto-replied"):
        return True
    return headers.first("precedence").lower() == "auto_reply" or any(headers.first(n) for n in _SELF_REPLY_FIELDS)


def _text(root: Part) -> str:
    """The first readable text without a file name; HTML only when there is no plain text."""
    for media_type in ("text/plain", "text/html"):
        for part in root.walk():
            if part.media_type == media_type and not part.children and part.file_name is None:
                text = decode(part.payload[: 4 * MAX_TEXT], part.parameters.get("charset", ""))[:MAX_TEXT]
                return text if media_type == "text/plain" else _without_tags(text)
    return ""


def _without_tags(text: str) -> str:
    text = re.sub(r"(?i)<(?:br|/p|/div|/tr)\b[^<>]*>", "\n", text)
    return html.unescape(re.sub(r"<[^<>]*>", "", text)).strip()
