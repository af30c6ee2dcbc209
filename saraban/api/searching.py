"""What is asked of the search, and what it answers."""

from __future__ import annotations

from marshmallow import Schema

from saraban.api import shapes as s
from saraban.api.fields import Choice, Form, Text, Whole
from saraban.api.repeating import Json
from saraban.domain.classification import Secrecy, Urgency
from saraban.reading.asking import BOOKS, STATES
from saraban.reading.found import Found, Hit
from saraban.reading.search import MOST_SEEN


class SearchQuery(Form):
    """What to look for."""

    q = Text(
        most=200,
        load_default="",
        metadata={"description": "เลขที่ในรูปแบบใดก็ได้ เรื่อง ส่วนราชการ วันที่ หรือข้อความในหนังสือและไฟล์", "example": "ประชุม"},
    )
    book = Choice([book.value for book in BOOKS], metadata={"description": "ทะเบียน"})
    year = Whole(least=2400, most=2999, in_query=True, metadata={"description": "ปี พ.ศ.", "example": 2569})
    unit = Text(most=100, metadata={"description": "รหัสหน่วยงานเจ้าของเรื่อง"})
    agency = Text(most=200, metadata={"description": "ชื่อหรือชื่อย่อของส่วนราชการที่รับหรือส่ง หรือบางส่วน"})
    urgency = Choice([one.value for one in Urgency], metadata={"description": "ชั้นความเร็ว"})
    state = Choice(
        STATES,
        metadata={"description": "draft ร่าง issued ออกเลขแล้ว new ยังไม่ลงรับ registered ลงทะเบียนแล้ว over ยกเลิกหรือยุติ"},
    )
    enclosure = Choice(("yes",), metadata={"description": "เฉพาะที่มีสิ่งที่ส่งมาด้วย"})
    hold = Choice(("yes",), metadata={"description": "เฉพาะที่อยู่ระหว่างระงับการทำลาย"})
    order = Choice(("best", "newest"), load_default="best", metadata={"description": "ตรงที่สุดก่อน หรือใหม่ที่สุดก่อน"})
    cursor = Whole(
        least=0, most=MOST_SEEN, in_query=True, load_default=0, metadata={"description": "ค่า next ของหน้าก่อน"}
    )
    limit = Whole(least=1, most=200, in_query=True, load_default=50)


class HitShape(Schema):
    """Something that was found."""

    id = s.identity()
    kind = s.value("string", enum=["letter", "incoming", "entry"])
    number = s.text("ตย 0105/123")
    subject = s.text("ขอเชิญประชุม")
    sender = s.text("กรมตัวอย่าง", key="from")
    date = s.day(none=True)
    snippet = s.text("…จัดประชุมคณะทำงาน…")
    marked = s.value(
        "array",
        items={"type": "array", "items": {"type": "integer"}},
        description="ตำแหน่งเริ่มและจบของคำค้นใน snippet",
    )
    file = s.text("แผนงาน.pdf", description="ไฟล์ที่ snippet มาจาก ว่างเมื่อมาจากตัวหนังสือ")
    scanned = s.true("snippet อ่านจากภาพสแกนด้วยเครื่อง ใช้ช่วยค้นเท่านั้น")
    on_hold = s.true("อยู่ระหว่างระงับการทำลาย")
    state = s.value("string", enum=list(STATES), description="ร่างหรือจองไว้ ออกเลขแล้ว ยังไม่ลงรับ ลงทะเบียนแล้ว ยกเลิกหรือยุติ")
    book = s.text("ทะเบียนหนังสือรับ", "ทะเบียนที่รายการอยู่ ว่างเมื่อเป็นหนังสือ")
    secrecy = s.one_of(Secrecy)


class MeantShape(Schema):
    """A word that nothing was found for, and what was looked for instead."""

    asked = s.text("ประชุุม")
    found = s.text("ประชุม")


class HitPage(Schema):
    """Answers of a search."""

    items = s.many(HitShape)
    next = s.text("50", "ตัวชี้หน้าถัดไป", none=True)
    meant = s.group(MeantShape, none=True)
    only_latest = s.true("คำสั้นกว่าสามตัวอักษร จึงค้นกลางคำเฉพาะหนังสือล่าสุด")
    classified_left = s.true("มีหนังสือชั้นความลับที่ผู้เรียกอ่านได้และเก่ากว่าที่ค้น ระบุปี เลขที่ หรือเลขทะเบียนเพื่อค้น")
    numbers = s.value(
        "array", items={"type": "string"}, description="เลขที่ที่อ่านได้จากคำค้น ในรูปเดียวที่ใช้เทียบ เช่น กค0408.2/ว214"
    )


def page(found: Found, query: Json) -> Json:
    """Answers of a search."""
    meant = found.meant[0] if found.meant else None
    following = query["cursor"] + query["limit"]
    return {
        "items": [_hit(one) for one in found.hits],
        "next": str(following) if found.more and following <= MOST_SEEN else None,
        "meant": {"asked": meant[0], "found": meant[1]} if meant else None,
        "only_latest": found.only_latest,
        "classified_left": found.classified_left,
        "numbers": list(found.numbers),
    }


def _hit(found: Hit) -> Json:
    return {
        "id": str(found.id),
        "kind": found.kind,
        "number": found.number,
        "subject": found.subject,
        "from": found.sender,
        "date": found.date.isoformat() if found.date is not None else None,
        "snippet": found.snippet,
        "marked": [list(span) for span in found.marked],
        "file": found.file,
        "scanned": found.scanned,
        "on_hold": found.on_hold,
        "state": found.state,
        "book": found.book,
        "secrecy": found.secrecy.value,
    }
