"""The forms of what an agency decides for itself."""

from __future__ import annotations

from wtforms import BooleanField, SelectMultipleField, StringField, TextAreaField

from saraban.domain.forms import RULES
from saraban.web.forms.guarded import GuardedForm


class OptionsForm(GuardedForm):
    """All that the agency decides for itself, by the names of `AgencyOptions`. A page shows some of the fields."""

    seal_in_file = BooleanField(
        "ประทับตรารับลงในไฟล์ที่ได้รับด้วยตราประทับอิเล็กทรอนิกส์ของส่วนราชการ",
        description="ไฟล์ที่ได้รับไม่ถูกแก้ ตราเพิ่มต่อท้ายไฟล์ ลายมือชื่อก่อนหน้ายังตรวจได้ ถ้าไม่เลือก ตรารับอยู่ในสำเนาและบนจอ",
    )
    seal_issued = BooleanField(
        "ลงตราประทับอิเล็กทรอนิกส์ของส่วนราชการปิดท้ายหนังสือที่ออก",
        description="ตราเป็นลายมือชื่อดิจิทัลรายการสุดท้ายในไฟล์ ต่อจากผู้ลงนาม ลายมือชื่อก่อนหน้ายังตรวจได้ ลงนามไม่ได้เมื่อไม่มีตราที่ใช้ได้",
    )
    postage_permit = StringField("เลขที่ใบอนุญาตชำระค่าฝากส่งเป็นรายเดือน", description="พิมพ์บนซองแทนดวงตราไปรษณียากร (แบบที่ ๑๕)")
    certifiers = TextAreaField(
        "ผู้รับรองสำเนา",
        description="บรรทัดละหนึ่งคำ ผู้ที่ชื่อตำแหน่งลงท้ายด้วยคำนั้นหรือมีคำนั้นในวงเล็บรับรองสำเนาได้ "
        "ผู้อำนวยการและหัวหน้าส่วนราชการรับรองได้เสมอ ลบทั้งช่องเพื่อกลับไปใช้ตามระเบียบข้อ ๓๑",
    )
    arabic_digits = BooleanField(
        "ใช้เลขอารบิกบนหนังสือและตรารับ",
        description="เลขที่ วันที่ เลขหน้า และเลขข้อที่ระบบพิมพ์เป็นเลขอารบิก ตัวเลขที่พิมพ์เองคงตามที่พิมพ์ "
        "ถ้าไม่เลือก ทุกตัวเลขเป็นเลขไทยตามมติคณะรัฐมนตรี หนังสือแต่ละฉบับเลือกต่างไปได้ หนังสือที่ออกแล้วไม่เปลี่ยน",
    )
    salutations = TextAreaField(
        "คำขึ้นต้นและคำลงท้าย",
        description="บรรทัดละหนึ่งแถว: ผู้รับ, ผู้รับ | คำขึ้นต้น | คำลงท้าย ผู้รับว่างคือผู้อื่นทั้งหมด "
        "ลบทั้งช่องเพื่อกลับไปใช้ตารางที่มากับระบบ ไม่มีแถวของพระราชวงศ์และสมเด็จพระสังฆราช เพิ่มตามราชกิจจานุเบกษาก่อนใช้",
    )
    verifiable = BooleanField(
        "พิมพ์ QR ตรวจสอบบนหนังสือที่ออก",
        description="มุมล่างซ้ายของหน้าแรก ในขอบกระดาษ ใครก็ได้ใช้ตรวจว่าหนังสือออกจริงและยังใช้ได้ "
        "หนังสือชั้นความลับไม่มี QR เสมอ ปิดแล้ว QR ที่พิมพ์ไปก่อนยังตรวจได้",
    )
    unmarked_forms = SelectMultipleField(
        "แบบที่ไม่พิมพ์ QR",
        choices={form.value: form.thai for form in RULES},
        validate_choice=False,
        description="เลือกแบบที่ส่วนราชการไม่ต้องการให้มี QR",
    )
    verify_subject = BooleanField(
        "หน้าตรวจสอบสาธารณะแสดงเรื่องของหนังสือด้วย",
        description="ถ้าไม่เลือก ผู้ตรวจเห็นเพียงส่วนราชการ ชนิด เลขที่ วันที่ และสถานะ",
    )
    answer_mail = BooleanField(
        "ตอบเลขทะเบียนรับให้ผู้ส่งที่ส่งมาทางไปรษณีย์ธรรมดา",
        description="เมื่อลงรับ ผู้ส่งที่ไม่ได้ใช้ระบบได้ไปรษณีย์ธรรมดาบอกเลขทะเบียนรับหนึ่งครั้ง "
        "ไม่ตอบไปรษณีย์อัตโนมัติ รายชื่อไปรษณีย์ และที่อยู่ที่ไม่รับคำตอบ",
    )
