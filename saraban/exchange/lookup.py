"""Looking a document up at its issuer, on the wire: a sealed question and a sealed answer (docs/wire-lookup.md).

The dataclasses live in `domain/lookup.py`; here they become bytes and bytes become them. The holder's number stands in
`lookup.json` of the request and nowhere else: in no header, no subject, no cover and no name of a file.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from saraban.domain.attachment import Digest
from saraban.domain.errors import SarabanError
from saraban.domain.lookup import (
    MAX_BASIS,
    MAX_HOLDER,
    MAX_KIND,
    MAX_NUMBER,
    MAX_PURPOSE,
    MAX_WORDS,
    MOST_DOCUMENTS,
    LookupAnswer,
    LookupRequest,
    Officer,
    Outcome,
    Refused,
    ToldDocument,
    ToldFile,
    Want,
    Why,
)
from saraban.domain.numbering import arabic_digits
from saraban.exchange import headers
from saraban.exchange.asking import envelope_of
from saraban.exchange.entity import Blob, Entity, attachment, entity, file_leaf, multipart, readable, sealed_json
from saraban.exchange.envelope import Encoded, Envelope, OutboxKind
from saraban.exchange.thai import thai_date, thai_digits, thai_moment
from saraban.exchange.wirejson import Malformed, Members, canonical, read_object, wire_moment

VERSION = 1
LOOKUP_NAME = "lookup.json"
LOOKUP_SIGNATURE_NAME = "lookup.json.p7s"
MAX_BYTES = 256 << 10
MAX_KINDS = 500
MAX_FILE = 14 << 20
"""All files of an answer together, in octets."""
MAX_LINE = 300

_REQUEST, _ANSWER = "lookup-request", "lookup-answer"
_WORD = re.compile(r"[a-z][a-z-]{0,39}")
_HOLDER = re.compile(rf"[0-9A-Z][0-9A-Z./-]{{0,{MAX_HOLDER - 1}}}")
_FILE_NAME = re.compile(r"document-[1-9][0-9]?\.[a-z0-9]{1,5}")
_PAGE = re.compile(r"https?://[!-~]{1,500}")

LookupMessage = LookupRequest | LookupAnswer


class LookupInvalid(SarabanError):
    """The bytes are no request and no answer of docs/wire-lookup.md; the words say what is wrong."""

    code = "lookup-invalid"


@dataclass(frozen=True)
class EncodedAnswerFile:
    """A file of an answer with its base64 text in the store: the text's digest and its length in octets."""

    file: ToldFile
    encoded: Digest
    encoded_size: int


def file_name(place: int, suffix: str = "pdf") -> str:
    """How the file of the document at this place (from 1) is called on the wire: so that its name says nothing."""
    return f"document-{place}.{suffix}"


def request_bytes(request: LookupRequest) -> bytes:
    """The canonical bytes (RFC 8785) of a request: what is signed and sent. Raises ValueError where neither number nor
    holder is named."""
    if not request.number and not request.holder_id:
        raise ValueError("a request names a number, a holder or both")
    return canonical(
        {
            **_common(_REQUEST, request),
            "expires_at": wire_moment(request.expires_at),
            "document": {
                "kind": request.document_kind,
                "number": request.number or None,
                "holder_id": request.holder_id or None,
            },
            "want": request.want.value,
            "purpose": request.purpose,
            "legal_basis": request.legal_basis,
            "officer": _officer(request.officer),
        }
    )


def answer_bytes(answer: LookupAnswer) -> bytes:
    """The canonical bytes (RFC 8785) of an answer. Raises ValueError for what no receiver would accept."""
    if len(answer.documents) > MOST_DOCUMENTS or bool(answer.documents) != (answer.outcome is Outcome.FOUND):
        raise ValueError(f"1 to {MOST_DOCUMENTS} documents stand in an answer that found some, and in no other")
    if (answer.refused is not None) != (answer.outcome is Outcome.REFUSED):
        raise ValueError("a reason stands in a refusal, and in nothing else")
    refused = answer.refused
    return canonical(
        {
            **_common(_ANSWER, answer),
            "of": str(answer.of),
            "request_sha256": answer.request_sha256.hex,
            "outcome": answer.outcome.value,
            "gives": answer.gives.value,
            "documents": [_document(one) for one in answer.documents],
            "truncated": answer.truncated,
            "reason": refused and {"code": refused.why.value, "text": refused.text},
            "kinds": [{"code": code, "name": name} for code, name in answer.kinds],
            "keep_until": answer.keep_until.isoformat() if answer.keep_until else None,
            "officer": _officer(answer.officer) if answer.officer is not None else None,
        }
    )


def read_lookup(data: bytes) -> LookupMessage:
    """The request or the answer in these bytes, as they came. Raises LookupInvalid for anything that
    docs/wire-lookup.md does not allow; unknown members are ignored."""
    try:
        return _read(Members(read_object(data, MAX_BYTES)))
    except Malformed as error:
        raise LookupInvalid(f"ใบตรวจเอกสารอ่านไม่ได้: {error.thai}") from error


def lookup_text(message: LookupMessage, sender_name: str) -> str:
    """The cover: what it is in one plain sentence. Of whom and which document, only lookup.json says."""
    if isinstance(message, LookupRequest):
        facts = [
            f"{sender_name} ขอตรวจเอกสารที่ท่านเป็นผู้ออก แทนการเรียกสำเนาจากประชาชน",
            "",
            "หน่วยงานที่ใช้ระบบสารบรรณที่รองรับ ระบบจะตอบหรือแจ้งเจ้าหน้าที่ให้เอง",
            f"ขอ: {message.want.thai}",
            f"รอคำตอบถึงวันที่ {thai_moment(message.expires_at)}",
        ]
    else:
        count = thai_digits(str(len(message.documents)))
        facts = [
            f"{sender_name} ตอบคำขอตรวจเอกสาร",
            "",
            f"ผล: {message.outcome.thai}" + (f" {count} ฉบับ" if message.documents else ""),
            *([f"เหตุผล: {message.refused.why.thai}"] if message.refused else []),
            *([f"เก็บข้อมูลนี้ไว้ได้ถึงวันที่ {thai_date(message.keep_until)}"] if message.keep_until else []),
            f"รหัสคำขอ {message.of}",
        ]
    return "\n".join([*facts, f"เวลา {thai_moment(message.at)}", f"รหัสใบตรวจเอกสาร {message.id}"]) + "\n"


def lookup_entity(
    message: LookupMessage,
    data: bytes,
    data_p7s: bytes,
    *,
    sender_name: str,
    files: Sequence[EncodedAnswerFile] = (),
) -> Entity:
    """What the seal signs from outside: the cover, the files of an answer, the bytes of the request or answer and their
    detached signature. Raises ValueError when the files are not those that the answer tells."""
    told = [one.file for one in message.documents if one.file] if isinstance(message, LookupAnswer) else []
    if [one.file for one in files] != told:
        raise ValueError("the files are not those of the answer")
    parts = [readable(lookup_text(message, sender_name))]
    for one in files:
        parts.append(
            file_leaf(
                headers.media_type(one.file.media_type) + headers.parameter("name", one.file.name),
                attachment(one.file.name),
                Encoded(one.file.sha256, one.encoded, one.encoded_size),
            )
        )
    parts += sealed_json(LOOKUP_NAME, data, data_p7s)
    return entity(multipart("multipart/mixed", f"saraban-{message.id}-mixed", parts))


def lookup_envelope(
    message: LookupMessage, entity: Entity, outer_p7s: bytes, *, at: datetime, blob: Blob, sender_name: str
) -> Envelope:
    """The whole message, an answer marked as automatic where nobody pressed. The subjects are always the same: they
    tell nothing of what is asked."""
    answer = message if isinstance(message, LookupAnswer) else None
    return envelope_of(
        message,
        entity,
        outer_p7s,
        kind=OutboxKind.LOOKUP,
        subject="ผลการตรวจเอกสาร" if answer else "ขอตรวจเอกสารที่ออกโดยหน่วยงานของท่าน",
        of=answer.of if answer else None,
        automatic=answer is not None and answer.officer is None,
        at=at,
        blob=blob,
        sender_name=sender_name,
    )


def _common(kind: str, message: LookupMessage) -> dict[str, object]:
    return {
        "saraban": VERSION,
        "kind": kind,
        "id": str(message.id),
        "from": {"code": message.from_code, "mailbox": message.from_mailbox},
        "to": {"code": message.to_code, "mailbox": message.to_mailbox},
        "at": wire_moment(message.at),
    }


def _officer(officer: Officer) -> dict[str, object]:
    return {"name": officer.name, "position": officer.position or None, "unit": officer.unit or None}


def _document(one: ToldDocument) -> dict[str, object]:
    file = one.file
    return {
        "kind": one.kind,
        "name": one.name,
        "number": arabic_digits(one.number),
        "state": one.state,
        "issued_on": one.issued_on.isoformat() if one.issued_on else None,
        "valid_until": one.valid_until.isoformat() if one.valid_until else None,
        "replaced_by": arabic_digits(one.replaced_by) or None,
        "verify": one.verify or None,
        "file": file
        and {"name": file.name, "media_type": file.media_type, "size": file.size, "sha256": file.sha256.hex},
    }


def _read(top: Members) -> LookupMessage:
    if top.integer("saraban") != VERSION:
        raise top.wrong("saraban", "ระบบนี้อ่านได้เฉพาะรุ่น 1")
    kind = top.one_of("kind", (_REQUEST, _ANSWER))
    return _read_request(top) if kind == _REQUEST else _read_answer(top)


def _read_request(top: Members) -> LookupRequest:
    sender, to, document = top.inner("from"), top.inner("to"), top.inner("document")
    number = document.maybe("number", lambda name: _short(document, name, MAX_NUMBER)) or ""
    holder = document.maybe("holder_id", document.text) or ""
    if not number and not holder:
        raise document.wrong("number", "ต้องมีเลขที่เอกสารหรือเลขประจำตัวผู้ถือ")
    if holder and not _HOLDER.fullmatch(holder):
        raise document.wrong("holder_id", "ไม่ใช่เลขประจำตัว")
    at, expires_at = top.moment("at"), top.moment("expires_at")
    if expires_at <= at:
        raise top.wrong("expires_at", "ต้องอยู่หลังเวลาที่ขอ")
    return LookupRequest(
        id=top.uuid("id"),
        from_code=sender.line("code"),
        from_mailbox=sender.mailbox("mailbox"),
        to_code=to.line("code"),
        to_mailbox=to.mailbox("mailbox"),
        at=at,
        expires_at=expires_at,
        document_kind=_short(document, "kind", MAX_KIND),
        number=arabic_digits(number),
        holder_id=holder,
        want=top.choice("want", Want),
        purpose=_bounded(top, "purpose", MAX_PURPOSE),
        legal_basis=_bounded(top, "legal_basis", MAX_BASIS),
        officer=_read_officer(top.inner("officer")),
    )


def _read_answer(top: Members) -> LookupAnswer:
    sender, to = top.inner("from"), top.inner("to")
    outcome = top.choice("outcome", Outcome)
    documents = tuple(_read_document(one) for one in top.objects("documents", MOST_DOCUMENTS))
    if bool(documents) != (outcome is Outcome.FOUND):
        raise top.wrong("documents", "มีได้เฉพาะคำตอบที่พบเอกสาร และต้องมีอย่างน้อยหนึ่งฉบับ")
    files = [one.file for one in documents if one.file is not None]
    if len({file.name for file in files}) != len(files) or sum(file.size for file in files) > MAX_FILE:
        raise top.wrong("documents", "ชื่อไฟล์ซ้ำกันหรือไฟล์รวมกันใหญ่เกินไป")
    return LookupAnswer(
        id=top.uuid("id"),
        of=top.uuid("of"),
        request_sha256=top.digest("request_sha256"),
        from_code=sender.line("code"),
        from_mailbox=sender.mailbox("mailbox"),
        to_code=to.line("code"),
        to_mailbox=to.mailbox("mailbox"),
        at=top.moment("at"),
        outcome=outcome,
        gives=top.maybe("gives", lambda name: top.choice(name, Want)) or Want.STATE,
        documents=documents,
        truncated=top.maybe("truncated", top.boolean) or False,
        refused=_read_reason(top.inner("reason")) if outcome is Outcome.REFUSED else None,
        kinds=tuple((_short(one, "code", MAX_KIND), _short(one, "name", MAX_KIND)) for one in _kinds(top)),
        keep_until=top.day("keep_until") if outcome is Outcome.FOUND else top.maybe("keep_until", top.day),
        officer=_read_officer(top.inner("officer")) if top.has("officer") else None,
    )


def _kinds(top: Members) -> list[Members]:
    return top.objects("kinds", MAX_KINDS)


def _read_document(inner: Members) -> ToldDocument:
    state = inner.text("state")
    if not _WORD.fullmatch(state):
        raise inner.wrong("state", "ไม่ใช่คำของสถานะ")
    verify = inner.maybe("verify", inner.line) or ""
    if verify and not _PAGE.fullmatch(verify):
        raise inner.wrong("verify", "ไม่ใช่ที่อยู่หน้าเว็บ")
    return ToldDocument(
        kind=_short(inner, "kind", MAX_KIND),
        name=_short(inner, "name", MAX_KIND),
        number=arabic_digits(_short(inner, "number", MAX_NUMBER)),
        state=state,
        issued_on=inner.maybe("issued_on", inner.day),
        valid_until=inner.maybe("valid_until", inner.day),
        replaced_by=arabic_digits(inner.maybe("replaced_by", lambda name: _short(inner, name, MAX_NUMBER)) or ""),
        verify=verify,
        file=_read_file(inner.inner("file")) if inner.has("file") else None,
    )


def _read_file(inner: Members) -> ToldFile:
    name = inner.line("name")
    if not _FILE_NAME.fullmatch(name):
        raise inner.wrong("name", "ต้องเป็น document-1.pdf, document-2.pdf …")
    return ToldFile(name, _short(inner, "media_type", 100), inner.integer("size", 1, MAX_FILE), inner.digest("sha256"))


def _read_reason(inner: Members) -> Refused:
    code, text = inner.line("code"), inner.maybe("text", inner.text) or ""
    if len(text) > MAX_WORDS or not _WORD.fullmatch(code):
        raise inner.wrong("text", "เหตุผลยาวเกินไปหรือรหัสไม่ใช่คำ")
    try:
        why = Why(code)
    except ValueError:
        # A later version may say more precisely why; that it says no must still be understood.
        return Refused(Why.OTHER, f"{code}: {text}" if text else code)
    if why is Why.OTHER and not text.strip():
        raise inner.wrong("text", "เหตุอื่นต้องมีคำอธิบาย")
    return Refused(why, text)


def _read_officer(inner: Members) -> Officer:
    return Officer(
        _short(inner, "name", MAX_LINE),
        inner.maybe("position", lambda name: _short(inner, name, MAX_LINE)) or "",
        inner.maybe("unit", lambda name: _short(inner, name, MAX_LINE)) or "",
    )


def _short(inner: Members, name: str, most: int) -> str:
    value = inner.line(name)
    if len(value) > most:
        raise inner.wrong(name, f"ยาวเกิน {most} อักขระ")
    return value


def _bounded(inner: Members, name: str, most: int) -> str:
    value = inner.words(name)
    if len(value) > most:
        raise inner.wrong(name, f"ยาวเกิน {most} อักขระ")
    return value
