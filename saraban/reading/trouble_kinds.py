"""The kinds of trouble (เรื่องที่ต้องแก้): their Thai names, for whom they are, and what to do about them in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

OWNERS = {
    "unit": "เจ้าหน้าที่สารบรรณของหน่วยงาน",
    "central": "เจ้าหน้าที่สารบรรณกลาง",
    "admin": "ผู้ดูแลระบบ",
    "records": "นายทะเบียน",
}


@dataclass(frozen=True)
class Kind:
    """A kind of trouble: its Thai name, its colour and icon, for whom it is, and what to do about it in words."""

    thai: str
    tone: str
    icon: str
    owner: str
    advice: str


KINDS: Mapping[str, Kind] = {
    "check": Kind("ตรวจทะเบียน", "red", "warn", "records", "เปิดผลการตรวจ แก้หรือบันทึกเหตุในทะเบียน"),
    "mailbox": Kind("กล่องไปรษณีย์", "red", "mail", "admin", "เปิดหน้ากล่องไปรษณีย์ ทดสอบและแก้การตั้งค่า"),
    "mailbox-soon": Kind("กล่องไปรษณีย์", "amber", "mail", "admin", "เปิดหน้ากล่องไปรษณีย์ ขยายหรือเก็บกวาดกล่อง"),
    "disk": Kind("พื้นที่เก็บไฟล์", "red", "warn", "admin", "เพิ่มพื้นที่ของเครื่อง"),
    "disk-soon": Kind("พื้นที่เก็บไฟล์", "amber", "warn", "admin", "เตรียมเพิ่มพื้นที่ของเครื่อง"),
    "unsealed": Kind("ลงตราไม่ได้", "red", "seal", "admin", "ตรวจว่าตราประทับของส่วนราชการยังใช้ได้ ระบบลงตราให้เองเมื่อใช้ได้แล้ว"),
    "duty": Kind("การตรวจกล่องประจำวัน", "amber", "clock", "central", "เปิดหน้าหนังสือรับ"),
    "unscanned": Kind("ยังไม่ได้ตรวจไวรัส", "amber", "shield", "admin", "ตรวจว่าตัวตรวจไวรัสทำงาน ระบบตรวจให้เองเมื่อตอบแล้ว"),
    "quarantine": Kind("กันไว้", "red", "no", "unit", "ลองอีกครั้ง ลงรับด้วยมือ หรือแยกออกพร้อมเหตุผล"),
    "held": Kind("ต้องตรวจด้วยคน", "amber", "ask", "unit", "เปิดดูเหตุที่พัก แล้วปล่อยเข้าระบบ หรือส่งคืนพร้อมเหตุผล"),
    "dead": Kind("ส่งไม่สำเร็จ", "red", "warn", "central", "แก้เหตุแล้วส่งอีกครั้ง หรือเลิกส่งพร้อมเหตุผล"),
    "dispatch": Kind("การส่งมีปัญหา", "red", "warn", "unit", "ส่งอีกครั้ง แก้ที่อยู่ในหน้าติดตาม หรือเลิกส่งพร้อมเหตุผล"),
    "contradiction": Kind("หลักฐานขัดกัน", "red", "warn", "unit", "แจ้งผู้รับว่าเลขไม่ตรง หรือโทรสอบถาม แล้วปิดเรื่องพร้อมเหตุผล"),
    "recall": Kind("ผู้ส่งขอคืน", "amber", "back", "unit", "เปิดหนังสือ แล้วยินยอมคืน หรือไม่คืนพร้อมเหตุผล"),
    "reply": Kind("ผู้รับตอบแล้ว", "amber", "mail", "unit", "อ่านอีเมลตอบ แล้วบันทึกการยืนยันของผู้รับ หรือโทรสอบถาม"),
    "expiry": Kind("ใกล้หมดเวลา", "amber", "clock", "unit", "โทรสอบถามผู้รับก่อนหมดเวลา"),
}
"""In their order: what stops everything stands first."""
