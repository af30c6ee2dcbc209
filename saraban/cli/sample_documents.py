"""A document of every form in three lengths: short, typical, and of four pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from saraban.cli.sample_texts import HARD_WORDS, articles, items, plain
from saraban.domain.classification import Form, Secrecy, Urgency
from saraban.usecases.pages import PageEnclosure, PageLetter, PageReference

_SIGNER = "นางสาวปิ่นมณี ฐานกตัญญู"
_PLAIN = PageLetter(
    form=Form.EXTERNAL,
    agency_name="กรมตัวอย่าง",
    agency_address=("ถนนราชดำเนินนอก", "กรุงเทพฯ 10300"),
    number="ตย 0106/2418",
    date=date(2026, 11, 23),
    subject="",
    salutation="",
    references=(),
    enclosures=(),
    body="",
    closing="ขอแสดงความนับถือ",
    signer_name=_SIGNER,
    signer_titles=("อธิบดีกรมตัวอย่าง",),
    unit_name="กองกลาง กลุ่มงานสารบรรณ",
    phone="0 2283 4200 ต่อ 12",
    email="saraban@tuayang.go.th",
)
_PERSONS = (
    "นายผู้ใหญ่ ป้าฟ้า | รองอธิบดีกรมตัวอย่าง | ประธานกรรมการ",
    "นางญี่ปุ่น น้ำฐาน | ผู้อำนวยการกองคลัง | กรรมการ",
    "นายกตัญญู ฎีกาวงศ์ | ผู้แทนสำนักงานปลัดกระทรวงตัวอย่างและการพัฒนา (แทน) | กรรมการ",
    "นางสาวเก้าอี้ ปั๊มทอง | ผู้อำนวยการกองกลาง | กรรมการและเลขานุการ",
)
_MINUTES = {
    "session": "11/2569",
    "held_on": "2026-11-23",
    "place": "ห้องประชุมฐานน้ำ ชั้น 4 กรมตัวอย่าง",
    "present": "\n".join(_PERSONS),
    "absent": "นายก๊วยเตี๋ยว ปู่ป้า | นักวิเคราะห์นโยบายและแผนชำนาญการพิเศษ | ติดราชการ",
    "attending": "นางสาวฟ้า ผู้ใหญ่ดี | นักจัดการงานทั่วไป\nนายฎีกา กตัญญูกุล | เจ้าพนักงานธุรการ",
    "begins": "09.30",
    "ends": "12.05",
    "recorder": "นางสาวเก้าอี้ ปั๊มทอง",
}
_CERTIFIED = "หนังสือฉบับนี้ให้ไว้เพื่อรับรองว่า "


@dataclass(frozen=True)
class Sample:
    """A document of the gallery: its form, its length in a word, and what is printed on it."""

    form: Form
    length: str
    letter: PageLetter

    @property
    def name(self) -> str:
        """The name of its file."""
        return f"{self.form.value}-{self.length}.pdf"


@dataclass(frozen=True)
class _Form:
    """One form: what stands on the typical document, the short text, the typical text, and the text by its number of
    paragraphs with the number that fills four pages."""

    typical: PageLetter
    short_body: str
    many: Callable[[int], str]
    fills_four_pages: int


def samples() -> Iterator[Sample]:
    """All of them, form by form."""
    for form, given in _FORMS.items():
        letter = replace(given.typical, form=form)
        bare = replace(
            letter, body=given.short_body, references=(), enclosures=(), copies_to=(), phone="", email="",
            urgency=Urgency.NORMAL, secrecy=Secrecy.OPEN, details=_least(letter),
        )  # fmt: skip
        yield Sample(form, "short", bare)
        yield Sample(form, "typical", letter)
        yield Sample(form, "long", replace(letter, body=given.many(given.fills_four_pages)))


def _least(letter: PageLetter) -> dict[str, str]:
    """The details of the shortest document: one person, nobody absent; nothing that may be left out."""
    left_out = ("absent", "attending", "edition", "effective")
    kept = {key: text for key, text in letter.details.items() if key not in left_out}
    if "present" in kept:
        kept["present"] = _PERSONS[0]
    return kept


_FORMS = {
    Form.EXTERNAL: _Form(
        replace(
            _PLAIN,
            subject="ขอเชิญประชุมเพื่อเตรียมการจัดงานวันกตัญญูและการจัดหาเครื่องปั๊มน้ำสำหรับผู้ใหญ่บ้าน",
            salutation="เรียน อธิบดีกรมส่งเสริมการอ่าน",
            references=(PageReference("ตย 0106/ว 1904", date(2026, 9, 30), "กรมตัวอย่าง"),),
            enclosures=(PageEnclosure("กำหนดการประชุม", "1 ชุด"), PageEnclosure("แบบตอบรับ", "1 แผ่น")),
            body="ตามที่กรมตัวอย่างกำหนดจัดงานวันกตัญญู ณ ลานน้ำพุหน้าอาคารฐานฟ้า นั้น\n\n"
            "กรมตัวอย่างพิจารณาแล้ว เพื่อให้การเตรียมงานเป็นไปด้วยความเรียบร้อย จึงขอเชิญผู้แทนเข้าร่วมประชุม ดังนี้\n"
            "1. วันจันทร์ที่ 30 พฤศจิกายน 2569 เวลา 09.30 น. ณ ห้องประชุมฎีกา ชั้น 4\n"
            f"2. วาระสำคัญ ได้แก่ การจัดเก้าอี้ น้ำดื่ม และอาหารกลางวัน (ก๊วยเตี๋ยว) คำที่ต้องพิมพ์ให้ถูกต้อง คือ {HARD_WORDS}\n\n"
            "จึงเรียนมาเพื่อโปรดพิจารณาส่งผู้แทนเข้าร่วมประชุมต่อไปด้วย จะขอบคุณยิ่ง",
            urgency=Urgency.VERY_URGENT,
            copies_to=("กองคลัง", "กองแผนงาน"),
        ),
        "จึงเรียนมาเพื่อโปรดทราบ",
        plain, 29,
    ),
    Form.MEMORANDUM: _Form(
        replace(
            _PLAIN,
            subject="ขออนุมัติจัดซื้อเก้าอี้และเครื่องปั๊มน้ำ ประจำปีงบประมาณ พ.ศ. 2569",
            salutation="เรียน อธิบดี",
            signer_name="นางสาวเก้าอี้ ปั๊มทอง",
            signer_titles=("ผู้อำนวยการกองกลาง",),
            body="1. เรื่องเดิม\n\nกองกลางได้รับแจ้งจากผู้ใหญ่บ้านว่าเครื่องปั๊มน้ำของอาคารฐานฟ้าชำรุด และเก้าอี้ห้องประชุมมีไม่เพียงพอ\n\n"
            "2. ข้อพิจารณา\n\nเห็นควรจัดซื้อตามรายการ ดังนี้\n\n"
            "| รายการ | จำนวน | วงเงิน (บาท) |\n|---|:-:|--:|\n| เก้าอี้ห้องประชุม | 40 | 60,000.00 |\n"
            "| เครื่องปั๊มน้ำ ผลิตในประเทศญี่ปุ่น | 2 | 48,500.00 |\n\n"
            f"3. ข้อเสนอ\n\nจึงเรียนมาเพื่อโปรดพิจารณา **หากเห็นชอบโปรดลงนามในฎีกาที่แนบ** ({HARD_WORDS})",
            urgency=Urgency.MOST_URGENT,
        ),
        "จึงเรียนมาเพื่อโปรดทราบ",
        items, 33,
    ),
    Form.STAMPED: _Form(
        replace(
            _PLAIN,
            subject="ส่งสำเนาระเบียบ",
            salutation="ถึง สำนักงานปลัดกระทรวงตัวอย่าง",
            body="ตามที่ขอรายละเอียดเพิ่มเติมเกี่ยวกับการเบิกจ่ายตามฎีกา นั้น กรมตัวอย่างขอส่งสำเนาระเบียบว่าด้วยน้ำ ป้า ฟ้า ปั๊ม "
            f"และรายชื่อผู้ใหญ่บ้านที่ได้รับรางวัลกตัญญู จำนวน 1 ชุด มาเพื่อประกอบการพิจารณา ({HARD_WORDS})",
        ),
        "กรมตัวอย่างได้รับหนังสือแล้ว",
        plain, 29,
    ),
    Form.ORDER: _Form(
        replace(
            _PLAIN,
            number="118/2569",
            subject="แต่งตั้งคณะกรรมการจัดงานวันกตัญญู",
            body="ด้วยกรมตัวอย่างจะจัดงานวันกตัญญู ณ อาคารฐานฟ้า อาศัยอำนาจตามความในมาตรา 32 "
            "แห่งพระราชบัญญัติระเบียบบริหารราชการแผ่นดิน พ.ศ. 2534 จึงแต่งตั้งคณะกรรมการ ดังนี้\n"
            "1. นายผู้ใหญ่ ป้าฟ้า ประธานกรรมการ\n2. นางญี่ปุ่น น้ำฐาน กรรมการ\n"
            "3. นายกตัญญู ฎีกาวงศ์ กรรมการ\n4. นางสาวเก้าอี้ ปั๊มทอง กรรมการและเลขานุการ\n\n"
            f"ให้คณะกรรมการมีหน้าที่จัดหาน้ำดื่ม เก้าอี้ และก๊วยเตี๋ยวให้เพียงพอ ({HARD_WORDS})",
            details={"effective": "2026-12-01"},
        ),
        "ให้นายผู้ใหญ่ ป้าฟ้า ปฏิบัติหน้าที่ ณ กองกลาง อีกหน้าที่หนึ่ง",
        items, 36,
    ),
    Form.RULE: _Form(
        replace(
            _PLAIN,
            subject="การใช้เครื่องปั๊มน้ำและการดูแลเก้าอี้ในอาคารฐานฟ้า",
            body="โดยที่เป็นการสมควรปรับปรุงระเบียบว่าด้วยการใช้เครื่องปั๊มน้ำให้เหมาะสมยิ่งขึ้น จึงวางระเบียบไว้ ดังต่อไปนี้\n\n"
            "ข้อ 1 ระเบียบนี้เรียกว่า “ระเบียบกรมตัวอย่าง ว่าด้วยการใช้เครื่องปั๊มน้ำและการดูแลเก้าอี้ในอาคารฐานฟ้า (ฉบับที่ 2) พ.ศ. 2569”\n\n"
            "ข้อ 2 ระเบียบนี้ให้ใช้บังคับตั้งแต่วันถัดจากวันประกาศเป็นต้นไป\n\n"
            f"ข้อ 3 คำว่า {HARD_WORDS} ให้พิมพ์ตามแบบท้ายระเบียบนี้\n\nข้อ 4 ให้ผู้อำนวยการกองกลางรักษาการตามระเบียบนี้",
            details={"edition": "2"},
        ),
        "ข้อ 1 ให้ยกเลิกระเบียบเดิม\n\nข้อ 2 ระเบียบนี้ให้ใช้บังคับตั้งแต่บัดนี้เป็นต้นไป",
        articles, 32,
    ),
    Form.REGULATION: _Form(
        replace(
            _PLAIN,
            subject="จรรยาบรรณของผู้ใหญ่และการแสดงความกตัญญู",
            body="อาศัยอำนาจตามความในมาตรา 17 แห่งพระราชบัญญัติตัวอย่าง พ.ศ. 2560 กรมตัวอย่างจึงออกข้อบังคับไว้ ดังต่อไปนี้\n\n"
            "ข้อ 1 ข้อบังคับนี้เรียกว่า “ข้อบังคับกรมตัวอย่าง ว่าด้วยจรรยาบรรณของผู้ใหญ่และการแสดงความกตัญญู พ.ศ. 2569”\n\n"
            f"ข้อ 2 คำว่า {HARD_WORDS} มีความหมายตามพจนานุกรม\n\nข้อ 3 ให้อธิบดีรักษาการตามข้อบังคับนี้",
        ),
        "ข้อ 1 ข้อบังคับนี้ให้ใช้บังคับตั้งแต่บัดนี้เป็นต้นไป",
        articles, 32,
    ),
    Form.ANNOUNCEMENT: _Form(
        replace(
            _PLAIN,
            subject="รายชื่อผู้มีสิทธิเข้ารับการคัดเลือกเป็นบุคคลกตัญญู ประจำปี พ.ศ. 2569",
            body="ด้วยกรมตัวอย่างได้ตรวจสอบคุณสมบัติของผู้สมัครแล้ว จึงประกาศรายชื่อผู้มีสิทธิเข้ารับการคัดเลือก ดังนี้\n"
            "1. นายกตัญญู ฎีกาวงศ์\n2. นางญี่ปุ่น น้ำฐาน\n3. นางสาวเก้าอี้ ปั๊มทอง\n\n"
            f"ทั้งนี้ ให้มารายงานตัวในวันที่ 30 พฤศจิกายน 2569 เวลา 08.30 น. ({HARD_WORDS})",
        ),
        "ด้วยกรมตัวอย่างจะปิดซ่อมปั๊มน้ำในวันเสาร์ จึงประกาศให้ทราบโดยทั่วกัน",
        plain, 32,
    ),
    Form.STATEMENT: _Form(
        replace(
            _PLAIN,
            subject="สถานการณ์น้ำในพื้นที่ตัวอย่าง",
            body="ตามที่มีข่าวว่าปั๊มน้ำของอาคารฐานฟ้าชำรุดจนน้ำท่วม นั้น กรมตัวอย่างขอเรียนว่าขณะนี้สามารถควบคุมสถานการณ์ได้แล้ว "
            f"และขอให้ผู้ใหญ่บ้านแจ้งลูกบ้านอย่าตื่นตระหนก ({HARD_WORDS})\n\nจึงแถลงมาเพื่อทราบโดยทั่วกัน",
            details={"edition": "2"},
        ),
        "กรมตัวอย่างขอยืนยันว่าน้ำประปาใช้ได้ตามปกติ",
        plain, 33,
    ),
    Form.NEWS: _Form(
        replace(
            _PLAIN,
            subject="กรมตัวอย่างเชิญชวนชมนิทรรศการเก้าอี้และก๊วยเตี๋ยวญี่ปุ่น",
            body="กรมตัวอย่างจะจัดนิทรรศการ ณ ลานน้ำพุ ระหว่างวันที่ 1 – 5 ธันวาคม 2569 ผู้สนใจเข้าชมได้โดยไม่เสียค่าใช้จ่าย "
            f"สอบถามที่ saraban@tuayang.go.th ({HARD_WORDS})",
            details={"edition": "1"},
        ),
        "กรมตัวอย่างงดให้บริการในวันหยุดราชการ",
        plain, 36,
    ),
    Form.CERTIFICATE: _Form(
        replace(
            _PLAIN,
            number="57/2569",
            subject="การปฏิบัติงาน",
            body=f"{_CERTIFIED}นายกตัญญู ฎีกาวงศ์ ตำแหน่งเจ้าพนักงานธุรการชำนาญงาน สังกัดกองกลาง กรมตัวอย่าง ปฏิบัติงานตั้งแต่วันที่ "
            f"1 ตุลาคม 2560 จนถึงปัจจุบัน เป็นผู้มีความประพฤติดี ({HARD_WORDS})",
        ),
        f"{_CERTIFIED}นางญี่ปุ่น น้ำฐาน เป็นข้าราชการกรมตัวอย่าง",
        lambda count: _CERTIFIED + plain(count), 31,
    ),
    Form.MINUTES: _Form(
        replace(
            _PLAIN,
            subject="คณะกรรมการจัดงานวันกตัญญู",
            signer_name="นายผู้ใหญ่ ป้าฟ้า",
            signer_titles=("รองอธิบดีกรมตัวอย่าง",),
            body="**ระเบียบวาระที่ 1 เรื่องที่ประธานแจ้งให้ที่ประชุมทราบ**\n\nประธานแจ้งว่าได้รับเครื่องปั๊มน้ำจากญี่ปุ่นแล้ว จำนวน 2 เครื่อง\n\n"
            "มติที่ประชุม รับทราบ\n\n**ระเบียบวาระที่ 2 เรื่องรับรองรายงานการประชุม**\n\n"
            "ที่ประชุมพิจารณารายงานการประชุมครั้งที่ 10/2569\n\nมติที่ประชุม รับรองโดยไม่มีการแก้ไข\n\n"
            f"**ระเบียบวาระที่ 3 เรื่องอื่น ๆ**\n\nที่ประชุมหารือเรื่อง {HARD_WORDS}\n\nมติที่ประชุม มอบกองกลางดำเนินการ",
            details=_MINUTES,
        ),
        "ประธานแจ้งให้ทราบกำหนดการ\n\nมติที่ประชุม รับทราบ",
        lambda count: "**ระเบียบวาระที่ 1 เรื่องเพื่อพิจารณา**\n\n" + items(count), 32,
    ),
    Form.RECORD: _Form(
        replace(
            _PLAIN,
            subject="รายงานผลการตรวจเครื่องปั๊มน้ำ",
            salutation="เรียน ผู้อำนวยการกองกลาง",
            signer_name="นายฎีกา กตัญญูกุล",
            signer_titles=("เจ้าพนักงานธุรการ",),
            body="ตามที่มอบหมายให้ตรวจเครื่องปั๊มน้ำของอาคารฐานฟ้า นั้น ได้ตรวจแล้วพบว่าใช้การได้ดี เก้าอี้ครบ 40 ตัว "
            f"และผู้ใหญ่บ้านได้ลงชื่อรับรองแล้ว ({HARD_WORDS})\n\nจึงเรียนมาเพื่อโปรดทราบ",
        ),
        "ทราบ",
        items, 33,
    ),
}  # fmt: skip
