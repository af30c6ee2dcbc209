"""The letters by which agencies mark the numbers of their letters (annex 1), and the names that stand for them: what
ships with the system, which an agency may change."""

from __future__ import annotations

import re
from collections.abc import Mapping

from saraban.domain.errors import BadInput

SHIPPED: Mapping[str, tuple[str, ...]] = {
    "นร": ("สำนักนายกรัฐมนตรี",),
    "กห": ("กระทรวงกลาโหม",),
    "กค": ("กระทรวงการคลัง",),
    "กต": ("กระทรวงการต่างประเทศ",),
    "กก": ("กระทรวงการท่องเที่ยวและกีฬา",),
    "พม": ("กระทรวงการพัฒนาสังคมและความมั่นคงของมนุษย์",),
    "อว": ("กระทรวงการอุดมศึกษา วิทยาศาสตร์ วิจัยและนวัตกรรม",),
    "กษ": ("กระทรวงเกษตรและสหกรณ์",),
    "คค": ("กระทรวงคมนาคม",),
    "ทส": ("กระทรวงทรัพยากรธรรมชาติและสิ่งแวดล้อม",),
    "ดศ": ("กระทรวงดิจิทัลเพื่อเศรษฐกิจและสังคม",),
    "พน": ("กระทรวงพลังงาน",),
    "พณ": ("กระทรวงพาณิชย์",),
    "มท": ("กระทรวงมหาดไทย",),
    "ยธ": ("กระทรวงยุติธรรม",),
    "รง": ("กระทรวงแรงงาน",),
    "วธ": ("กระทรวงวัฒนธรรม",),
    "ศธ": ("กระทรวงศึกษาธิการ",),
    "สธ": ("กระทรวงสาธารณสุข",),
    "อก": ("กระทรวงอุตสาหกรรม",),
    "วท": ("กระทรวงวิทยาศาสตร์และเทคโนโลยี",),
    "ทก": ("กระทรวงเทคโนโลยีสารสนเทศและการสื่อสาร",),
    "ตช": ("สำนักงานตำรวจแห่งชาติ",),
    "พศ": ("สำนักงานพระพุทธศาสนาแห่งชาติ",),
    "อส": ("สำนักงานอัยการสูงสุด",),
    "ศย": ("สำนักงานศาลยุติธรรม",),
    "ศป": ("สำนักงานศาลปกครอง",),
    "ศร": ("สำนักงานศาลรัฐธรรมนูญ",),
    "ตผ": ("สำนักงานการตรวจเงินแผ่นดิน",),
    "ปช": ("สำนักงานคณะกรรมการป้องกันและปราบปรามการทุจริตแห่งชาติ",),
    "ลต": ("สำนักงานคณะกรรมการการเลือกตั้ง",),
    "สม": ("สำนักงานคณะกรรมการสิทธิมนุษยชนแห่งชาติ",),
    "ผผ": ("สำนักงานผู้ตรวจการแผ่นดิน",),
}
LONGEST = 8
_MOST, _LONGEST_NAME = 500, 200
_MARK = re.compile(rf"[ก-ฮ.]{{1,{LONGEST}}}")


def marks_of(text: str) -> Mapping[str, tuple[str, ...]]:
    """The table that an agency keeps, a mark and its names a line ("กค | กระทรวงการคลัง"); the shipped one for an empty
    text. Raises BadInput({"number_marks": …}) for a line that is none."""
    table: dict[str, tuple[str, ...]] = {}
    for at, line in enumerate((line for line in text.splitlines() if line.strip()), 1):
        mark, *names = (" ".join(part.split()) for part in line.split("|"))
        if not _MARK.fullmatch(mark) or not names or not all(0 < len(name) <= _LONGEST_NAME for name in names):
            raise BadInput({"number_marks": f"บรรทัดที่ {at} ต้องเป็น ตัวอักษรประจำ | ชื่อส่วนราชการ เช่น กค | กระทรวงการคลัง"})
        table[mark] = tuple(dict.fromkeys((*table.get(mark, ()), *names)))
    if len(table) > _MOST:
        raise BadInput({"number_marks": f"ใส่ได้ไม่เกิน {_MOST} บรรทัด"})
    return table or SHIPPED


def text_of(table: Mapping[str, tuple[str, ...]]) -> str:
    """The table as it is typed."""
    return "\n".join(" | ".join((mark, *names)) for mark, names in table.items())
