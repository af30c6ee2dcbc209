"""Short names of the checks that a message goes through when it comes in (exchange.screening)."""

from __future__ import annotations

from collections.abc import Mapping

CHECKS: Mapping[str, str] = {
    "our_own_message": "ไปรษณีย์ของเราเอง",
    "infected": "พบไวรัส",
    "not_scanned": "ยังไม่ได้ตรวจไวรัส",
    "answered_by_machine": "ตอบอัตโนมัติ",
    "no_manifest": "ไปรษณีย์ทั่วไป",
    "accepted_before": "รับไว้แล้ว",
    "other_content": "เนื้อหาต่างจากฉบับเดิม",
    "sender_unknown": "ไม่รู้จักผู้ส่ง",
    "seal_missing": "ไม่มีตราประทับ",
    "seal_untrusted": "ตราประทับเชื่อถือไม่ได้",
    "seal_expired": "ตราประทับพ้นเวลา",
    "seal_broken": "ตราประทับไม่ถูกต้อง",
    "sender_differs": "ผู้ส่งไม่ตรงกัน",
    "not_for_us": "ไม่ได้ส่งถึงเรา",
    "ids_differ": "รหัสการส่งไม่ตรงกัน",
    "past_expiry": "ซองหมดกำหนด",
    "secrecy_not_allowed": "มีชั้นความลับ",
    "too_large": "ใหญ่เกินกำหนด",
    "manifest_unreadable": "บัญชีแนบซองอ่านไม่ได้",
    "file_missing": "ไฟล์ไม่ครบ",
    "file_damaged": "ไฟล์เสียหาย",
    "file_unlisted": "มีไฟล์เกินบัญชี",
    "outer_missing": "ไม่มีลายมือชื่อชั้นนอก",
    "outer_broken": "ลายมือชื่อชั้นนอกใช้ตรวจไม่ได้",
    "oddly_made": "รูปแบบผิดปกติ",
    "readable": "อ่านไม่ได้",
    "reconciliation": "การเทียบทะเบียนที่ตอบไม่ได้",
    "lookup": "การตรวจเอกสารที่เชื่อไม่ได้",
    "number_questioned": "ผู้ส่งแจ้งว่าเลขรับไม่ตรง",
}
