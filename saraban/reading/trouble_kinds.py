"""The kinds of trouble (เรื่องที่ต้องแก้): their Thai names, for whom they are, and what to do about them in words; and
the card that tells of one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from saraban.domain.actor import Actor

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
    "mailbox-soon": Kind("เรื่องของกล่องไปรษณีย์", "amber", "mail", "admin", "เปิดหน้ากล่องไปรษณีย์ ขยายหรือเก็บกวาดกล่อง"),
    "disk": Kind("พื้นที่เก็บไฟล์", "red", "warn", "admin", "เพิ่มพื้นที่ของเครื่อง"),
    "disk-soon": Kind("พื้นที่เก็บไฟล์ใกล้เต็ม", "amber", "warn", "admin", "เตรียมเพิ่มพื้นที่ของเครื่อง"),
    "unsealed": Kind("ลงตราไม่ได้", "red", "seal", "admin", "ตรวจว่าตราประทับของส่วนราชการยังใช้ได้ ระบบลงตราให้เองเมื่อใช้ได้แล้ว"),
    "unstamped": Kind(
        "ยังไม่มีตราประทับเวลา",
        "amber",
        "clock",
        "admin",
        "ตรวจที่อยู่และใบรับรองของผู้ประทับรับรองเวลา (SARABAN_TSA_URL, SARABAN_TSA_ROOTS) ระบบขอตราใหม่ให้เอง เรื่องนี้หายไปเมื่อได้ครบ",
    ),
    "duty": Kind("การตรวจกล่องประจำวัน", "amber", "clock", "central", "เปิดหน้าหนังสือรับ"),
    "unscanned": Kind("ยังไม่ได้ตรวจไวรัส", "amber", "shield", "admin", "ตรวจว่าตัวตรวจไวรัสทำงาน ระบบตรวจให้เองเมื่อตอบแล้ว"),
    "quarantine": Kind("กันไว้", "red", "no", "unit", "ลองอีกครั้ง ลงรับด้วยมือ หรือแยกออกพร้อมเหตุผล"),
    "held": Kind("ต้องตรวจด้วยคน", "amber", "ask", "unit", "เปิดดูเหตุที่พัก แล้วปล่อยเข้าระบบ หรือส่งคืนพร้อมเหตุผล"),
    "dead": Kind("ส่งไม่สำเร็จ", "red", "warn", "central", "แก้เหตุแล้วส่งอีกครั้ง หรือเลิกส่งพร้อมเหตุผล"),
    "retries": Kind(
        "รอส่งอีกครั้ง", "amber", "clock", "central", "ระบบลองส่งเองเป็นระยะ นานเกินหนึ่งชั่วโมงให้ผู้ดูแลระบบทดสอบกล่องไปรษณีย์"
    ),
    "dispatch": Kind("การส่งมีปัญหา", "red", "warn", "unit", "ส่งอีกครั้ง แก้ที่อยู่ในหน้าติดตาม หรือเลิกส่งพร้อมเหตุผล"),
    "contradiction": Kind("หลักฐานขัดกัน", "red", "warn", "unit", "แจ้งผู้รับว่าเลขไม่ตรง หรือโทรสอบถาม แล้วปิดเรื่องพร้อมเหตุผล"),
    "recall": Kind("ผู้ส่งขอคืน", "amber", "back", "unit", "เปิดหนังสือ แล้วยินยอมคืน หรือไม่คืนพร้อมเหตุผล"),
    "reply": Kind("ผู้รับตอบแล้ว", "amber", "mail", "unit", "อ่านอีเมลตอบ แล้วบันทึกการยืนยันของผู้รับ หรือโทรสอบถาม"),
    "expiry": Kind("ใกล้หมดเวลา", "amber", "clock", "unit", "โทรสอบถามผู้รับก่อนหมดเวลา"),
}
"""In their order: what stops everything stands first."""


@dataclass(frozen=True)
class ProblemCard:
    """Something that needs a person. `key` names it for as long as it lasts; `kind` is one of `KINDS`; `id` is that of
    the incoming letter, the dispatch (`letter_id` its letter) or the message that it tells of, None for others. `title`
    and `why` are Thai; `ways` are the ways out that this actor has, besides opening it. `owner_name` is empty while
    nobody has taken it over: then it is for those whom its kind names."""

    key: str
    kind: str
    id: UUID | None
    letter_id: UUID | None
    title: str
    number: str
    party: str
    why: str
    state: str
    at: datetime | None
    ways: tuple[str, ...] = ()
    owner_id: UUID | None = None
    owner_name: str = ""
    taken_at: datetime | None = None
    put_off_until: datetime | None = None
    put_off_reason: str = ""
    put_off_by: str = ""
    advice: str = ""

    @property
    def what_to_do(self) -> str:
        """What to do about it in words: what is so for this card alone, or for its kind."""
        return self.advice or KINDS[self.kind].advice


Find = Callable[[Connection, Actor, datetime, int], Iterator[ProblemCard]]
