"""The words of the public pages, Thai and English: everything that anybody reads there, by one key in both."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from saraban.domain.calendar import BUDDHIST_OFFSET, office_date, office_time
from saraban.domain.classification import Form
from saraban.domain.numbering import arabic_digits
from saraban.web.filters import thai_date, thai_digits

LANGUAGES = ("th", "en")
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip

FORMS_EN: Mapping[Form, str] = {
    Form.EXTERNAL: "Official letter",
    Form.MEMORANDUM: "Memorandum",
    Form.STAMPED: "Stamped letter",
    Form.ORDER: "Order",
    Form.RULE: "Rule",
    Form.REGULATION: "Regulation",
    Form.ANNOUNCEMENT: "Announcement",
    Form.STATEMENT: "Official statement",
    Form.NEWS: "News",
    Form.CERTIFICATE: "Certificate",
    Form.MINUTES: "Minutes of a meeting",
    Form.RECORD: "Record",
    Form.OTHER: "Other document",
}

_THAI = {
    "brand": "ตรวจเอกสารราชการ",
    "other": "English",
    "skip": "ข้ามไปยังเนื้อหา",
    "ask_title": "ตรวจเอกสารราชการ",
    "ask_lead": "สแกน QR บนเอกสารด้วยกล้องของโทรศัพท์ หรือพิมพ์รหัส ๑๒ ตัวที่อยู่ใต้ QR",
    "code": "รหัสใต้ QR",
    "code_hint": "เช่น 7K3M-Q2XF-9TBD ตัวพิมพ์เล็กหรือใหญ่ก็ได้ ไม่ต้องใส่ขีด",
    "look_up": "ตรวจ",
    "bad_code": "รหัสต้องมี ๑๒ ตัว ดูที่ใต้ QR มุมล่างซ้ายของหน้าแรก",
    "unknown_title": "ไม่พบเอกสารของรหัสนี้",
    "unknown": "รหัสอาจพิมพ์ผิด เอกสารอาจไม่ได้ออกจากระบบนี้ หรือไม่เปิดให้ตรวจ ดูรหัสใต้ QR อีกครั้ง "
    "ถ้ายังไม่พบ อย่าเพิ่งเชื่อเอกสาร ติดต่อส่วนราชการที่ปรากฏบนเอกสารโดยตรง",
    "wait_title": "รอสักครู่แล้วลองอีกครั้ง",
    "valid_title": "รหัสนี้ตรงกับทะเบียน",
    "valid": "เลขนี้มีในทะเบียน ใช้อยู่ ตามทะเบียนของ",
    "not_yet": "ยังไม่ได้ตรวจไฟล์ในมือ วางไฟล์ด้านล่าง หรือเทียบข้อความด้วยตา",
    "cancelled_title": "เอกสารนี้ยกเลิกแล้ว",
    "cancelled": "เคยออกจริง แต่เลขที่ถูกยกเลิก ใช้อ้างอิงไม่ได้แล้ว ตามทะเบียนของ",
    "compare": "เทียบกับเอกสารในมือ",
    "compare_note": "ถ้าข้อความใดบนเอกสารไม่ตรงกับที่นี่ เอกสารนั้นถูกแก้หรือไม่ใช่ฉบับนี้",
    "agency": "ส่วนราชการ",
    "form": "ชนิด",
    "number": "เลขที่",
    "date": "วันที่",
    "state": "สถานะ",
    "valid_state": "เลขนี้มีในทะเบียน ใช้อยู่",
    "cancelled_state": "ยกเลิก",
    "subject": "เรื่อง",
    "printed_code": "รหัส",
    "file_title": "ตรวจไฟล์ที่มีอยู่",
    "file_lead": "วางไฟล์ PDF ที่ได้รับ เครื่องของท่านคำนวณเองว่าตรงกับฉบับที่ออกทุกไบต์หรือไม่ ไฟล์ไม่ถูกส่งไปไหน",
    "file_drop": "วางไฟล์ที่นี่ หรือ",
    "file_choose": "เลือกไฟล์",
    "file_upload": "ส่งไฟล์มาตรวจลายมือชื่อ",
    "file_upload_note": "ระบบตรวจลายมือชื่อในไฟล์ทีละส่วน แล้วลบไฟล์ทันที ไม่เกิน ๒๐ MB",
    "title_original": "ไฟล์นี้ตรงกับฉบับที่ออกทุกไบต์",
    "title_copy": "ไฟล์นี้คือสำเนาที่เจ้าหน้าที่รับรอง",
    "title_other": "ไฟล์นี้ไม่ใช่ฉบับที่ออก",
    "other_file": "เนื้อไฟล์ไม่ตรงกับฉบับที่ออกและสำเนาที่รับรองของรหัสนี้",
    "copies": "สำเนาไม่ใช่ฉบับที่ออก: สำเนาคู่ฉบับ ไฟล์สแกน ภาพถ่าย และไฟล์ที่บันทึกใหม่ จะไม่ตรงเสมอ ขอไฟล์ฉบับที่ออกจากผู้ส่งมาตรวจ",
    "certified": "เจ้าหน้าที่ของส่วนราชการรับรองสำเนานี้ สำเนาไม่ใช่ตัวฉบับที่ออก",
    "send_to_see": "กด “ส่งไฟล์มาตรวจลายมือชื่อ” เพื่อดูว่าถูกแก้ส่วนใด",
    "but_cancelled": "แต่เลขที่ของเอกสารถูกยกเลิกแล้ว ใช้อ้างอิงไม่ได้",
    "unreadable_title": "ตรวจไฟล์นี้ไม่ได้",
    "unreadable": "อ่านไฟล์นี้ไม่ได้ ลองเลือกไฟล์อีกครั้ง",
    "see_above": "ผลอยู่ด้านบนของหน้า",
    "file_again": "ตรวจไฟล์อื่น",
    "working": "กำลังคำนวณ…",
    "signatures": "ลายมือชื่อในไฟล์",
    "no_signatures": "ไฟล์นี้ไม่มีลายมือชื่อดิจิทัล",
    "not_read": "ตรวจลายมือชื่อในไฟล์นี้ไม่ได้",
    "not_whole": "ไฟล์นี้ไม่ครบ ท้ายไฟล์ขาดหาย (อาจดาวน์โหลดหรือคัดลอกไม่จบ) จึงตรวจลายมือชื่อไม่ได้ครบ ขอไฟล์ใหม่แล้วตรวจอีกครั้ง",
    "good": "ถูกต้อง",
    "doubtful": "ยืนยันได้ไม่ครบ",
    "bad": "ใช้ยืนยันไม่ได้",
    "yes": "ใช่",
    "no": "ไม่",
    "cannot_tell": "บอกไม่ได้",
    "whole": "ครบถ้วน",
    "unchanged": "ไม่ถูกแก้ภายหลัง",
    "made": "กุญแจ",
    "trusted": "ผู้ออกใบรับรอง",
    "certificate": "ใบรับรอง",
    "time": "เวลา",
    "stamped_late": "ประทับเวลาภายหลัง",
    "late_when": "เมื่อ {at} โดย {by}",
    "late_means": "ไฟล์พร้อมลายมือชื่อมีอยู่แล้วในเวลานั้น ไม่ใช่เวลาที่ลงนาม",
    "alone_stamp": "ตราประทับเวลาที่ได้หลังออกไฟล์ ตรวจด้วยคำสั่งนี้ (tsa.pem คือใบรับรองของผู้ออกใบรับรองให้ผู้ประทับเวลา)",
    "unknown_signer": "ไม่ทราบผู้ลงลายมือชื่อ",
    "alone_title": "ตรวจเองโดยไม่ใช้เว็บนี้",
    "alone_reader": "เปิดไฟล์ด้วย Adobe Acrobat Reader แล้วดูแผงลายมือชื่อ (Signatures) ต้องไม่มีการแก้หลังลงนาม",
    "alone_hash": "ค่า SHA-256 ของฉบับที่ออก ต้องตรงกับผลของคำสั่งนี้",
    "alone_openssl": "ดูผู้ลงลายมือชื่อด้วยคำสั่งนี้ (pdfsig อยู่ในชุด poppler)",
    "alone_seal": "ลายนิ้วมือ SHA-256 ของใบรับรองตราของส่วนราชการ",
    "original": "ฉบับที่ออก",
    "copy": "สำเนาที่รับรอง",
    "look_alike_title": "หน้านี้ไม่ได้อยู่ที่ที่อยู่ที่ควรอยู่ อย่าเชื่อผลที่เห็น",
    "look_alike": "ท่านกำลังเปิดที่",
    "look_alike_go": "ไปหน้าตรวจเอกสารจริงที่",
    "address_title": "ดูที่อยู่เว็บให้ตรงก่อนเชื่อ",
    "address": "หน้านี้ควรอยู่ที่ที่อยู่",
    "address_note": "ถ้าแถบที่อยู่ของท่านไม่ขึ้นต้นด้วยข้อความนี้ หน้าที่เห็นอาจเป็นของปลอม",
    "promise": "หน้านี้ไม่ขอเลขบัตรประชาชน รหัสผ่าน หรือเงิน และไม่เก็บว่าใครมาตรวจ",
    "another": "ตรวจเอกสารอื่น",
}
_ENGLISH = {
    "brand": "Verify an official document",
    "other": "ภาษาไทย",
    "skip": "Skip to the content",
    "ask_title": "Verify a Thai official document",
    "ask_lead": "Scan the QR code on the document with your phone's camera, or type the 12 characters below it.",
    "code": "Code below the QR code",
    "code_hint": "For example 7K3M-Q2XF-9TBD. Small or capital letters, with or without hyphens.",
    "look_up": "Verify",
    "bad_code": "The code has 12 characters. Look below the QR code at the lower left of the first page.",
    "unknown_title": "No document has this code",
    "unknown": "The code may be mistyped, the document may not come from this system, or it may not be open to "
    "verification. Look at the code once more. If it still is not found, do not rely on the document: contact the "
    "agency that it names.",
    "wait_title": "Please wait and try again",
    "valid_title": "This code agrees with the register",
    "valid": "The number stands in the register and is in force:",
    "not_yet": "No file has been checked yet. Drop yours below, or compare the words by eye.",
    "cancelled_title": "This document was cancelled",
    "cancelled": "It was issued, but its number was struck and it can no longer be relied on. Register of",
    "compare": "Compare with the document in your hand",
    "compare_note": "Where the document says something else than this page, it was altered or is another one.",
    "agency": "Agency",
    "form": "Kind",
    "number": "Number",
    "date": "Date",
    "state": "State",
    "valid_state": "In the register, in force",
    "cancelled_state": "Cancelled",
    "subject": "Subject",
    "printed_code": "Code",
    "file_title": "Check the file you have",
    "file_lead": "Drop the PDF that you received. Your own device computes whether it is the issued one, to the byte. "
    "The file is sent nowhere.",
    "file_drop": "Drop the file here, or",
    "file_choose": "choose a file",
    "file_upload": "Send the file to check its signatures",
    "file_upload_note": "Each signature in the file is checked part by part, then the file is deleted. At most 20 MB.",
    "title_original": "This file is the issued one, to the byte",
    "title_copy": "This file is a copy certified by an officer",
    "title_other": "This file is not the issued one",
    "other_file": "Its content is neither that of the issued document nor of a certified copy under this code.",
    "copies": "A copy is never the issued file: office copies, scans, photographs and files that were saved anew do "
    "not match. Ask the sender for the issued file and check that.",
    "certified": "An officer of the agency certified this copy; it is not the issued file itself.",
    "send_to_see": "Press “Send the file to check its signatures” to see what was changed.",
    "but_cancelled": "But the number of the document was struck: it can no longer be relied on.",
    "unreadable_title": "This file could not be checked",
    "see_above": "The result is at the top of the page.",
    "file_again": "Check another file",
    "unreadable": "This file could not be read. Choose it once more.",
    "working": "Computing…",
    "signatures": "Signatures in the file",
    "no_signatures": "There is no digital signature in this file.",
    "not_read": "The signatures of this file could not be checked.",
    "not_whole": "This file is not whole: its end is missing (the download or copy may have broken off), so that its "
    "signatures cannot all be checked. Get the file anew and check that.",
    "good": "Valid",
    "doubtful": "Not fully confirmed",
    "bad": "Does not hold",
    "yes": "Yes",
    "no": "No",
    "cannot_tell": "Cannot be told",
    "whole": "Complete",
    "unchanged": "Not changed later",
    "made": "Key",
    "trusted": "Issuer",
    "certificate": "Certificate",
    "time": "Time",
    "stamped_late": "Time-stamped later",
    "late_when": "on {at} by {by}",
    "late_means": "The file with its signatures was there at that time; it is not the time of signing.",
    "alone_stamp": "The time-stamp that the file got after it was issued, checked with this command (tsa.pem: the root "
    "of the time-stamping authority)",
    "unknown_signer": "Unknown signer",
    "alone_title": "Verify without this site",
    "alone_reader": "Open the file with Adobe Acrobat Reader and look at the Signatures panel: nothing may have "
    "changed since it was signed.",
    "alone_hash": "The SHA-256 of the issued file, which this command must give",
    "alone_openssl": "See who signed with this command (pdfsig is part of poppler)",
    "alone_seal": "SHA-256 fingerprint of the agency's seal certificate",
    "original": "issued document",
    "copy": "certified copy",
    "look_alike_title": "This page is not at the address where it belongs: do not rely on what it says",
    "look_alike": "You are at",
    "look_alike_go": "Go to the genuine page at",
    "address_title": "Look at the address before you trust",
    "address": "This page belongs at the address",
    "address_note": "If your address bar does not begin with this, the page you see may be a forgery.",
    "promise": "This page asks for no identity number, password or money, and does not keep who verified.",
    "another": "Verify another document",
}


class Words(dict[str, str]):
    """Words by name, also as attributes: a page asks for some sixty of them, and what is found only after it was not
    an attribute costs a page a tenth of its time."""

    def __init__(self, words: Mapping[str, str]) -> None:
        """Take the words over."""
        super().__init__(words)
        self.__dict__ = self


WORDS: Mapping[str, Words] = {"th": Words(_THAI), "en": Words(_ENGLISH)}


def form_name(form: Form, language: str) -> str:
    """What kind of document it is."""
    return FORMS_EN[form] if language == "en" else form.thai


def day(value: date | datetime, language: str) -> str:
    """A day in words: with the Buddhist year in Thai, with both years in English."""
    at = office_date(value) if isinstance(value, datetime) else value
    if language == "th":
        return thai_date(at, "long")
    return f"{at.day} {_MONTHS[at.month - 1]} {at.year} (B.E. {at.year + BUDDHIST_OFFSET})"


def late(at: datetime, by: str, language: str) -> str:
    """When a file was stamped later, and who vouches for it."""
    clock = office_time(at).strftime("%H:%M")
    hour = f"{thai_digits(clock.replace(':', '.'))} น." if language == "th" else f"{clock} (UTC+7)"
    return WORDS[language]["late_when"].format(at=f"{day(at, language)} {hour}", by=by)


def digits(value: str, language: str) -> str:
    """A number as it stands on the page, in English with Arabic digits."""
    return thai_digits(value) if language == "th" else arabic_digits(value)
