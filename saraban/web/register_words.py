"""The words of the public register, Thai and English, and of how a document there stands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from saraban.domain.issued_kind import IssuedKind
from saraban.domain.verification import DocumentState
from saraban.reading.public_register import Listed
from saraban.web import public_words
from saraban.web.announcement_words import WORDS as SHARED
from saraban.web.issued_words import field_words

_THAI = {
    "title": "ทะเบียนใบอนุญาตและเอกสารที่ออกให้",
    "lead": "ใบอนุญาต ใบอนุมัติ และเอกสารหลักฐานที่ส่วนราชการออกและเปิดเผยตามกฎหมาย ค้นได้โดยไม่ต้องเข้าสู่ระบบ",
    "agencies": "ส่วนราชการที่เปิดทะเบียน",
    "no_agency": "ยังไม่มีส่วนราชการเปิดทะเบียน",
    "words_holder": "เลขที่หรือชื่อผู้ถือ",
    "words_number": "เลขที่",
    "kind": "ชนิด",
    "all_kinds": "ทุกชนิด",
    "all_states": "ทุกสถานะ",
    "search": "ค้นหา",
    "found": "พบ {} ฉบับ",
    "none": "ไม่พบเอกสารในทะเบียน เอกสารบางฉบับอาจไม่เปิดเผย ผู้ที่มีเอกสารตรวจได้ด้วย QR หรือรหัสบนเอกสาร",
    "issued_on": "ออกเมื่อ",
    "valid_until": "ใช้ได้ถึง",
    "no_end": "ไม่กำหนดวันหมดอายุ",
    "holder": "ผู้ถือเอกสาร",
    "followed": "แทนที่ด้วย",
    "check": "ตรวจฉบับนี้",
    "check_code": "มีเอกสารอยู่ในมือ ตรวจด้วยรหัสบนเอกสาร",
    "kinds": "ข้อมูลเปิด",
    "data_of": "CSV",
    "dataset_of": "คำอธิบายชุดข้อมูล (DCAT)",
    "count": "{} ฉบับ",
    "act": "เปิดเผยตามพระราชบัญญัติการปฏิบัติราชการทางอิเล็กทรอนิกส์ พ.ศ. ๒๕๖๕ มาตรา ๑๓ ผู้ถือเอกสารขอไม่ให้แสดงได้ที่ส่วนราชการผู้ออก",
    "back": "ทะเบียนทั้งหมด",
    "board": "ประกาศและข่าว",
    "gone": "ที่อยู่อาจพิมพ์ผิด หรือไม่ได้เปิดเผยอยู่",
    "page": "หน้า {} จาก {}",
    "too_far": "แสดงได้เท่านี้ ค้นด้วยเลขที่ ชนิด หรือสถานะเพื่อดูฉบับที่เก่ากว่า",
}
_ENGLISH = {
    "title": "Register of licences and issued documents",
    "lead": "Licences, permits and certificates that agencies have issued and publish by law. Anybody may search, "
    "without logging in.",
    "agencies": "Agencies with a register",
    "no_agency": "No agency has opened its register yet.",
    "words_holder": "Number or name of the holder",
    "words_number": "Number",
    "kind": "Kind",
    "all_kinds": "All kinds",
    "all_states": "All states",
    "search": "Search",
    "found": "Found: {}",
    "none": "Nothing is found in the register. Some documents are not disclosed: who has one verifies it by its QR "
    "code or the code on it.",
    "issued_on": "Issued on",
    "valid_until": "Valid until",
    "no_end": "No last day",
    "holder": "Holder",
    "followed": "Replaced by",
    "check": "Verify this document",
    "check_code": "You have the document? Verify it by the code on it",
    "kinds": "Open data",
    "data_of": "CSV",
    "dataset_of": "Description of the data set (DCAT)",
    "count": "{} documents",
    "act": "Published under section 13 of the Electronic Government Act B.E. 2565 (2022). Holders may ask the issuing "
    "agency not to be shown.",
    "back": "All registers",
    "board": "Announcements and news",
    "gone": "The address may be mistyped, or this is not disclosed.",
    "page": "Page {} of {}",
    "too_far": "No more are shown. Search by number, kind or state for older ones.",
}
_OWN = ("other", "skip", "gone_title", "wait_title", "promise", "newer", "older")
_OF_CODES = ("state", "number", "look_alike_title", "look_alike", "look_alike_go")
WORDS: Mapping[str, Mapping[str, str]] = {
    language: {
        **{key: SHARED[language][key] for key in _OWN},
        **{key: public_words.WORDS[language][key] for key in _OF_CODES},
        **own,
    }
    for language, own in (("th", _THAI), ("en", _ENGLISH))
}
_STATES: Mapping[str, Mapping[DocumentState, str]] = {
    "th": {
        DocumentState.VALID: "ใช้ได้",
        DocumentState.SUSPENDED: "พักใช้",
        DocumentState.CANCELLED: "เพิกถอน/ยกเลิก",
        DocumentState.EXPIRED: "หมดอายุ",
        DocumentState.REPLACED: "แทนที่ด้วยฉบับใหม่",
    },
    "en": {
        DocumentState.VALID: "Valid",
        DocumentState.SUSPENDED: "Suspended",
        DocumentState.CANCELLED: "Revoked",
        DocumentState.EXPIRED: "Expired",
        DocumentState.REPLACED: "Replaced",
    },
}
_SINCE = {"th": " ตั้งแต่ ", "en": " since "}
_ON = {"th": " เมื่อ ", "en": " on "}
TONES: Mapping[DocumentState, tuple[str, str]] = {
    DocumentState.VALID: ("green", "ok"),
    DocumentState.SUSPENDED: ("amber", "clock"),
    DocumentState.CANCELLED: ("red", "x"),
    DocumentState.EXPIRED: ("red", "clock"),
    DocumentState.REPLACED: ("amber", "copy"),
}
"""The colour and the sign of a state."""
_FIXED = ("kind_code", "kind", "number", "issued_on", "valid_until", "state", "state_th", "state_since", "replaced_by")


def state_name(state: DocumentState, language: str) -> str:
    """How a document stands, in few words."""
    return _STATES[language][state]


def state_words(one: Listed, language: str) -> str:
    """How a document stands, and since when."""
    name = state_name(one.state, language)
    if one.since is None:
        return name
    between = _SINCE if one.state is DocumentState.SUSPENDED else _ON
    return f"{name}{between[language]}{public_words.day(one.since, language)}"


def kind_name(kind: IssuedKind, language: str) -> str:
    """What its documents are called."""
    return kind.name_en if language == "en" and kind.name_en else kind.name_th


def facts_of(one: Listed, language: str) -> list[tuple[str, str]]:
    """What is told of a document below its number and state, as pairs of term and value."""
    w = WORDS[language]
    until = public_words.day(one.valid_until, language) if one.valid_until else w["no_end"]
    facts = [(w["issued_on"], public_words.day(one.issued_on, language)), (w["valid_until"], until)]
    for field in one.kind.register_fields:
        label = field.label_en if language == "en" and field.label_en else field.shown
        value = one.values[field.key]
        facts.append((label, field_words(field, value, language) if value else ""))
    return facts


def data_columns(kind: IssuedKind) -> tuple[str, ...]:
    """The columns of the open data of a kind."""
    holder = ("holder",) if kind.register_names_holder else ()
    labels = tuple(one.shown for one in kind.register_fields)
    return (*_FIXED, *holder, *labels, "verify_url")


def data_rows(kind: IssuedKind, listed: Iterator[Listed], site: str) -> Iterator[Sequence[object]]:
    """The lines of open data, in the order of `data_columns`; days in the Common Era, numbers with Arabic digits."""
    for one in listed:
        yield (
            *(kind.code, kind.name_th, one.number, one.issued_on.isoformat()),
            *(one.valid_until.isoformat() if one.valid_until else "", one.state.value, state_name(one.state, "th")),
            *(one.since.isoformat() if one.since else "", one.followed_by),
            *([one.holder] if kind.register_names_holder else []),
            *one.values.values(),
            f"{site}/v/{one.code}" if one.code else "",
        )
