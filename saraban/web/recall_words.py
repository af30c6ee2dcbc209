"""Words about a letter that its issuer asked back, for anybody who looks it up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from saraban.reading.verified import Recall
from saraban.web import public_words as words

_SAID: Mapping[str, Mapping[str, str]] = {
    "th": {
        "asked": "ผู้ออกขอเรียกคืนเมื่อ",
        "given_back": "ผู้รับที่คืนแล้ว",
        "waiting": "ผู้รับที่ยังไม่ตอบ",
        "kept": "ผู้รับที่ไม่คืน",
        "more": "และอีก {} แห่ง",
        "note": "ผู้ออกขอเรียกคืนหนังสือนี้ แต่ยังไม่ได้คืนจากผู้รับทุกแห่ง เลขยังใช้อยู่ ก่อนอ้างอิงให้สอบถามส่วนราชการผู้ออก",
        "copies": "ผู้รับทุกแห่งคืนฉบับที่ได้รับตามที่ผู้ออกเรียกคืนแล้ว แต่เลขยังใช้อยู่ ก่อนอ้างอิงให้สอบถามส่วนราชการผู้ออก",
    },
    "en": {
        "asked": "Asked back by its issuer on",
        "given_back": "Given back by",
        "waiting": "Not yet answered by",
        "kept": "Kept by",
        "more": "and {} more",
        "note": "Its issuer asked for this letter back, but not every receiver has given it back. Its number is still "
        "in force. Ask the issuing agency before you rely on it.",
        "copies": "Its issuer asked for it back and every receiver gave the copy back, but its number is still in "
        "force. Ask the issuing agency before you rely on it.",
    },
}


def recall_note(recall: Recall | None, language: str) -> str:
    """What is said at the head of a letter that was asked back and still holds; empty for any other."""
    if recall is None:
        return ""
    return _SAID[language]["note" if recall.ended_on is None else "copies"]


def recall_rows(recall: Recall | None, language: str) -> list[tuple[str, str]]:
    """Since when it is wanted back, and what the receivers said; nothing where nobody asked."""
    if recall is None:
        return []
    said = _SAID[language]
    given = [f"{one.agency} ({words.day(one.on, language)})" for one in recall.given_back]
    named = zip(("given_back", "kept", "waiting"), (given, recall.kept, recall.waiting), recall.more, strict=True)
    rows = [(said[what], _listed(names, more, language)) for what, names, more in named]
    return [(said["asked"], words.day(recall.asked_on, language)), *rows]


def _listed(names: Sequence[str], more: int, language: str) -> str:
    others = [_SAID[language]["more"].format(words.digits(f"{more:,}", language))] if more else []
    return ", ".join([*names, *others])
