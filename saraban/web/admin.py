"""What the administrator sets for the agency, a card each."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue

from saraban.domain.permissions import may_administer, require
from saraban.doorway import actor, reader
from saraban.reading import people
from saraban.web.backups import backup_line

bp = Blueprint("admin", __name__, url_prefix="/admin")


@dataclass(frozen=True)
class Card:
    """A card of the page of settings: what it says, and where it leads. `name` is that of a page of `options.PAGES`."""

    title: str
    about: str
    icon: str
    endpoint: str = "options.show"
    name: str = ""

    @property
    def href(self) -> str:
        """The address it leads to."""
        return url_for(self.endpoint, name=self.name) if self.name else url_for(self.endpoint)


CARDS = {
    "บุคคลและหน่วยงาน": (
        Card("หน่วยงานและตำแหน่ง", "โครงสร้าง ชื่อ และสังกัดตามวันที่ ตำแหน่งและผู้ดำรงตำแหน่ง", "office", "organisation.index"),
        Card("บุคคลและบัญชี", "เพิ่มบุคคล ตั้งรหัสผ่านใหม่ ปิดบัญชี และการเข้าถึงชั้นความลับ", "user", "staff.index"),
    ),
    "หนังสือที่ออก": (
        Card("แบบหนังสือ", "หนังสือที่เขียนบ่อย พร้อมช่องที่ต้องเติม", "file", "templates.index"),
        Card("เส้นทางเสนอ", "หนังสือแต่ละแบบผ่านใคร ตามลำดับหรือพร้อมกัน ก่อนถึงผู้ลงนาม", "route", "route_tables.index"),
        Card("ตราของส่วนราชการ", "ตราครุฑหรือตราของหน่วยงานบนหนังสือและซองทุกแบบ", "seal", "emblem.index"),
        Card("ที่อยู่และโทรศัพท์", "ที่อยู่ที่หัวหนังสือ โทรศัพท์และอีเมลของหน่วยงานที่ท้ายหนังสือ", "phone", "addresses.index"),
        Card("คำขึ้นต้นและคำลงท้าย", "ที่ระบบเสนอให้ตามผู้รับ (ภาคผนวก ๒)", "pen", name="salutations"),
        Card("เลขไทยหรือเลขอารบิก", "ตัวเลขบนหนังสือทุกแบบและตรารับ", "list", name="digits"),
        Card("ผู้รับรองสำเนา", "ตำแหน่งที่รับรองสำเนาถูกต้องได้ (ข้อ ๓๑)", "copy", name="certifiers"),
        Card("QR ตรวจสอบบนหนังสือ", "แบบใดมี QR และหน้าตรวจสอบสาธารณะบอกอะไร", "qr", name="verification"),
        Card("ชนิดเอกสารที่ออกให้ประชาชน", "แบบ เลข ผู้ลงนาม อายุ และสิ่งที่คนภายนอกเห็น", "qr", "issued_kinds.index"),
        Card("ตราประทับในไฟล์", "ปิดท้ายหนังสือที่ออก และตรารับในไฟล์ที่ได้รับ", "shield", name="seals"),
    ),
    "ทะเบียนและเลข": (
        Card("ทะเบียนที่เก็บ", "เปิด เลิกเก็บ และเลขเริ่มต้นของทะเบียนแต่ละเล่ม", "book", "bookkeeping.index"),
        Card("ย้ายทะเบียนจากระบบเดิม", "รายการและไฟล์จากระบบเก่า เลขและวันที่คงเดิม", "dl", "moving_in.index"),
        Card("งานบริการที่ยังไม่พร้อม", "ทะเบียนที่ตกลงกับสำนักงาน ก.พ.ร. พร้อมกำหนดเสร็จ", "warn", "progress.deferrals"),
        Card("กระทรวงที่สังกัด", "ที่หัวบัญชีของงานเก็บหนังสือ แบบที่ ๒๑ ๒๒ ๒๓ และ ๒๕", "office", name="ministry"),
        Card("อายุการเก็บและหมวดแฟ้ม", "ประเภทหนังสือ จำนวนปีตามข้อ ๕๗ และหมวดแฟ้ม", "clock", "retention.index"),
    ),
    "ระบบ": (Card("สำเนาสำรอง", "สำรองล่าสุดเมื่อใด ตรวจแล้วหรือไม่ และเก็บสำเนาไว้นานเท่าใด", "shield", "backups.index"),),
    "การรับส่ง": (
        Card("การทำหน้าที่แทน", "คำสั่งรักษาราชการแทน ปฏิบัติราชการแทน และขอบเขต", "user", "delegations.index"),
        Card("วันทำการและวันหยุด", "วันหยุดราชการของปี วันหยุดพิเศษ และวันที่เปิดทำการ", "clock", "duty.workdays"),
        Card("กำหนดเวลา", "วันทำการของชั้นความเร็วแต่ละชั้น เตือนก่อน และแจ้งผู้บังคับบัญชา", "clock", name="deadlines"),
        Card("แจ้งเตือนทางอีเมล", "สรุปงานประจำวัน เวลาที่ส่ง และเรื่องด่วนที่สุด", "bell", name="notice-mail"),
        Card("พื้นที่เก็บข้อมูล", "ดิสก์ ฐานข้อมูล ไฟล์ และกล่อง วันที่คาดว่าเต็ม", "chart", "room.index"),
        Card("กล่องไปรษณีย์", "เชื่อมต่อ ทดสอบ โควตา และกล่องของหน่วยงานภายใน", "mail", "mailboxes.index"),
        Card("ทำเนียบส่วนราชการ", "ผู้รับที่เลือกได้ และที่อยู่ไปรษณีย์กลางของแต่ละแห่ง", "office", "directory.index"),
        Card("ช่องทางติดต่อ", "ช่องทางอิเล็กทรอนิกส์ที่ประกาศต่อประชาชน และหน้าประชาชน", "send", "channels.index"),
        Card("ตัวอักษรประจำของส่วนราชการ", "ที่ใช้ค้น เช่น กค มท นร และชื่อที่หมายถึง", "search", name="number-marks"),
        Card("ผู้รับนอกทำเนียบ", "หน่วยงานหรือบุคคลที่มีแต่ที่อยู่ไปรษณีย์อิเล็กทรอนิกส์", "mail", "outsiders.index"),
        Card("ตอบไปรษณีย์ธรรมดา", "แจ้งเลขทะเบียนรับให้ผู้ส่งที่ไม่ได้ใช้ระบบ", "mail", name="ordinary-mail"),
        Card("QR และลิงก์ในหนังสือเข้า", "โฮสต์ที่เปิดได้ทันที ที่อื่นถามก่อน", "qr", name="links"),
        Card("รับเรื่องจากประชาชน", "แบบฟอร์มสาธารณะ เลขรับเรื่อง รหัสติดตาม และกำหนดตอบ", "user", name="petitions"),
        Card("ตรวจเอกสารกับผู้ออก", "ให้เก็บคำตอบกี่วัน รอผู้ออกกี่วัน และตอบเองวันละกี่คำขอ", "shield", name="lookups"),
        Card("แจ้งผู้ส่งเมื่อเรื่องเสร็จ", "ปิดเรื่องแล้วผู้ส่งได้ใบตอบรับลงตราหรือไม่", "check", name="completed"),
        Card("ค่าฝากส่งไปรษณีย์", "เลขที่ใบอนุญาตที่พิมพ์บนซอง", "send", name="postage"),
    ),
}
"""All settings, a card each, under their heads: `tests/web/test_settings.py` opens them all."""


@bp.get("")
def index() -> ResponseReturnValue:
    """Everything that can be set for the agency."""
    require(may_administer(actor()))
    agency = people.agency(reader(), actor().agency_id)
    return render_template("admin/index.html", groups=CARDS, agency=agency, backup=backup_line())
