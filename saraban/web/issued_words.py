"""Words about documents that are issued to people: how they stand for anybody who asks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from saraban.domain.issued_field import FieldType, KindField
from saraban.domain.verification import DocumentState, SubjectKind
from saraban.reading.verified import Verified
from saraban.web import public_words as words
from saraban.web.recall_words import recall_rows


@dataclass(frozen=True)
class Ended:
    """How a document that does not hold is told: the title, the sentence before the agency's name, what is added to the
    verdict on its file, and the state in few words."""

    title: str
    told: str
    but: str
    state: str


_THAI: Mapping[DocumentState, Ended] = {
    DocumentState.CANCELLED: Ended(
        "เอกสารนี้ยกเลิกแล้ว",
        "เคยออกจริง แต่ถูกยกเลิก ใช้อ้างอิงไม่ได้แล้ว ตามทะเบียนของ",
        "แต่เอกสารถูกยกเลิกแล้ว ใช้อ้างอิงไม่ได้",
        "ยกเลิก",
    ),
    DocumentState.SUSPENDED: Ended(
        "เอกสารนี้พักใช้อยู่", "ออกจริง แต่ใช้ไม่ได้ชั่วคราว ตามทะเบียนของ", "แต่เอกสารพักใช้อยู่ ยังใช้อ้างอิงไม่ได้", "พักใช้"
    ),
    DocumentState.REPLACED: Ended(
        "เอกสารนี้มีฉบับใหม่แทนแล้ว",
        "เคยออกจริง แต่ใช้ฉบับใหม่แทน ตามทะเบียนของ",
        "แต่มีฉบับใหม่แทนแล้ว ใช้ฉบับใหม่",
        "แทนที่ด้วยฉบับใหม่",
    ),
    DocumentState.EXPIRED: Ended(
        "เอกสารนี้หมดอายุแล้ว", "ออกจริง แต่พ้นวันสุดท้ายที่ใช้ได้แล้ว ตามทะเบียนของ", "แต่เอกสารหมดอายุแล้ว", "หมดอายุ"
    ),
    DocumentState.RECALLED: Ended(
        "ผู้ออกเรียกคืนหนังสือนี้แล้ว",
        "เคยออกจริง แต่ผู้ออกเรียกคืน และผู้รับทุกแห่งที่ส่งทางระบบคืนแล้ว ตามทะเบียนของ",
        "แต่ผู้ออกเรียกคืนหนังสือนี้แล้ว",
        "เรียกคืนแล้ว",
    ),
}
_ENGLISH: Mapping[DocumentState, Ended] = {
    DocumentState.CANCELLED: Ended(
        "This document was revoked",
        "It was issued, but it was revoked and can no longer be relied on. Register of",
        "But the document was revoked: it can no longer be relied on.",
        "Revoked",
    ),
    DocumentState.SUSPENDED: Ended(
        "This document is suspended",
        "It was issued, but does not hold for the time being. Register of",
        "But the document is suspended: it does not hold for the time being.",
        "Suspended",
    ),
    DocumentState.REPLACED: Ended(
        "This document was replaced",
        "It was issued, but a new one took its place. Register of",
        "But a new document took its place.",
        "Replaced by a new one",
    ),
    DocumentState.EXPIRED: Ended(
        "This document has expired",
        "It was issued, but its last day has gone by. Register of",
        "But the document has expired.",
        "Expired",
    ),
    DocumentState.RECALLED: Ended(
        "This letter was recalled by its issuer",
        "It was issued, but its issuer asked for it back and every receiver in the system gave it back. Register of",
        "But its issuer recalled this letter.",
        "Recalled",
    ),
}
_ROWS: Mapping[str, Mapping[str, str]] = {
    "th": {"valid_until": "ใช้ได้ถึง", "no_end": "ไม่กำหนดวันหมดอายุ", "holder": "ผู้ถือเอกสาร", "by": "ฉบับที่ใช้แทน"},
    "en": {"valid_until": "Valid until", "no_end": "No last day", "holder": "Holder", "by": "Replaced by"},
}
OFFER: Mapping[str, Mapping[str, str]] = {
    "th": {"download": "ดาวน์โหลดฉบับที่ออก (PDF ลงนามแล้ว)", "follow": "ดูฉบับที่ใช้แทน"},
    "en": {"download": "Download the issued document (signed PDF)", "follow": "See the document that replaces it"},
}


def ended(found: Verified, language: str) -> Ended | None:
    """How a document that does not hold is told; None for one that is valid."""
    if found.state is DocumentState.VALID:
        return None
    if found.kind is SubjectKind.LETTER and found.state is DocumentState.CANCELLED:
        w = words.WORDS[language]
        return Ended(w["cancelled_title"], w["cancelled"], w["but_cancelled"], w["cancelled_state"])
    return ended_words(found.state, language)


def ended_words(state: DocumentState, language: str) -> Ended | None:
    """How an issued document that stands so is told; None for one that is valid."""
    return None if state is DocumentState.VALID else (_ENGLISH if language == "en" else _THAI)[state]


def issued_rows(found: Verified, language: str) -> list[tuple[str, str]]:
    """What the kind of an issued document shows besides its number and day; of a letter what took its place, and what
    became of asking it back."""
    said = _ROWS[language]
    by = (said["by"], words.digits(found.replaced_number, language) if found.replaced_number else "")
    if found.kind is not SubjectKind.ISSUED:
        return [by, *recall_rows(found.recall, language)]
    until = words.day(found.valid_until, language) if found.valid_until else said["no_end"]
    rows = [(said["valid_until"], until), (said["holder"], found.holder)]
    for one in found.fields:
        label = one.label_en if language == "en" and one.label_en else one.label
        rows.append((label, field_words(KindField(one.label, type=one.type), one.value, language)))
    return [*rows, by]


def field_words(field: KindField, value: str, language: str) -> str:
    """A kept value as people read it."""
    if field.type is FieldType.DATE and language == "en":
        return words.day(date.fromisoformat(value), language)
    written = field.written(value)
    return words.digits(written, language) if field.type in (FieldType.DATE, FieldType.NUMBER) else written
