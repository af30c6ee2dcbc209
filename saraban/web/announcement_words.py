"""The words of the pages for everybody, Thai and English."""

from __future__ import annotations

from collections.abc import Mapping

from saraban.domain.publication import ChannelKind, PublicKind
from saraban.web import public_words

KINDS_EN: Mapping[PublicKind, str] = {
    PublicKind.ANNOUNCEMENT: "Announcements",
    PublicKind.STATEMENT: "Official statements",
    PublicKind.NEWS: "News",
    PublicKind.CIRCULAR: "Circulars",
}
CHANNELS_EN: Mapping[ChannelKind, str] = {
    ChannelKind.MAIL: "E-mail",
    ChannelKind.WEB: "Website or service",
    ChannelKind.OTHER: "Other channel",
}
_THAI = {
    "other": "English",
    "skip": "ข้ามไปยังเนื้อหา",
    "title": "ประกาศและข่าว",
    "agencies": "ส่วนราชการ",
    "lead": "ประกาศ แถลงการณ์ ข่าว และหนังสือเวียนที่เปิดเผยต่อประชาชน",
    "all": "ทั้งหมด",
    "none": "ยังไม่มีเอกสารที่เผยแพร่",
    "number": "เลขที่",
    "date": "วันที่",
    "shown": "เผยแพร่เมื่อ",
    "struck": "เลขที่ถูกยกเลิกแล้ว",
    "channels": "ช่องทางติดต่อทางอิเล็กทรอนิกส์",
    "central": "ไปรษณีย์อิเล็กทรอนิกส์กลาง (งานสารบรรณ)",
    "central_note": "ที่อยู่กลางสำหรับส่งหนังสือถึงส่วนราชการ ตามระเบียบว่าด้วยงานสารบรรณ",
    "act": "ช่องทางตามพระราชบัญญัติการปฏิบัติราชการทางอิเล็กทรอนิกส์ พ.ศ. ๒๕๖๕ มาตรา ๑๐ "
    "ถือว่าได้รับในวันและเวลาที่เข้าสู่ช่องทางนี้ นอกเวลาราชการถือเป็นเวลาทำการถัดไป",
    "announced": "ตาม",
    "since": "ตั้งแต่",
    "address": "ที่ตั้ง",
    "feed": "ติดตามด้วยโปรแกรมอ่านข่าว (Atom)",
    "data": "ข้อมูลเปิด (CSV)",
    "dataset": "คำอธิบายชุดข้อมูล (DCAT)",
    "files": "ไฟล์",
    "page": "ฉบับที่ลงนาม",
    "download": "ดาวน์โหลด",
    "verify": "ตรวจว่าเป็นของจริง",
    "hash": "SHA-256 ของไฟล์",
    "back": "ประกาศและข่าวทั้งหมด",
    "newer": "ใหม่กว่า",
    "older": "เก่ากว่า",
    "gone_title": "ไม่พบหน้าที่ขอ",
    "gone": "ที่อยู่อาจพิมพ์ผิด หรือเอกสารไม่ได้เผยแพร่อยู่",
    "wait_title": "รอสักครู่แล้วลองอีกครั้ง",
    "promise": "หน้านี้ไม่ใช้คุกกี้และไม่เก็บว่าผู้ใดอ่าน",
}
_ENGLISH = {
    "other": "ภาษาไทย",
    "skip": "Skip to the content",
    "title": "Announcements and news",
    "agencies": "Agencies",
    "lead": "Announcements, statements, news and circulars that are open to the public. Documents are in Thai.",
    "all": "All",
    "none": "Nothing has been published yet.",
    "number": "No.",
    "date": "Date",
    "shown": "Published",
    "struck": "Its number was struck",
    "channels": "Electronic channels",
    "central": "Central e-mail address (official correspondence)",
    "central_note": "The address to which letters to the agency are sent.",
    "act": "Channels under section 10 of the Electronic Government Act B.E. 2565 (2022): what enters one counts as "
    "received at that date and time, outside office hours at the next working time.",
    "announced": "By",
    "since": "Since",
    "address": "Address",
    "feed": "Follow with a feed reader (Atom)",
    "data": "Open data (CSV)",
    "dataset": "Description of the data set (DCAT)",
    "files": "Files",
    "page": "Signed document",
    "download": "Download",
    "verify": "Verify that it is genuine",
    "hash": "SHA-256 of the file",
    "back": "All announcements and news",
    "newer": "Newer",
    "older": "Older",
    "gone_title": "Page not found",
    "gone": "The address may be mistyped, or the document is not published.",
    "wait_title": "Please wait and try again",
    "promise": "This page uses no cookies and does not keep who read it.",
}
_SHARED = ("look_alike_title", "look_alike", "look_alike_go")
WORDS: Mapping[str, Mapping[str, str]] = {
    language: {**own, **{key: public_words.WORDS[language][key] for key in _SHARED}}
    for language, own in (("th", _THAI), ("en", _ENGLISH))
}


def kind_name(kind: PublicKind, language: str) -> str:
    """What kind of documents they are."""
    return KINDS_EN[kind] if language == "en" else kind.thai


def channel_name(kind: ChannelKind, language: str) -> str:
    """What kind of channel it is."""
    return CHANNELS_EN[kind] if language == "en" else kind.thai
