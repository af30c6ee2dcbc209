"""The letters by which ministries, agencies and provinces mark the numbers of their letters (annex 1), for departments
with two digits, and the names that stand for them: what ships with the system, which an agency may change."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from saraban.domain.errors import BadInput
from saraban.domain.numbering import arabic_digits, thai_digits

_MINISTRIES: Mapping[str, tuple[str, ...]] = {
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
_DEPARTMENTS = """
นร 04 สำนักเลขาธิการนายกรัฐมนตรี
นร 05 สำนักเลขาธิการคณะรัฐมนตรี
นร 07 สำนักงบประมาณ
นร 09 สำนักงานคณะกรรมการกฤษฎีกา
นร 10 สำนักงานคณะกรรมการข้าราชการพลเรือน
นร 12 สำนักงานคณะกรรมการพัฒนาระบบราชการ
กค 02 สำนักงานปลัดกระทรวงการคลัง
กค 03 กรมธนารักษ์
กค 04 กรมบัญชีกลาง
กค 05 กรมศุลกากร
กค 09 สำนักงานบริหารหนี้สาธารณะ
กต 07 กรมสนธิสัญญาและกฎหมาย
กต 09 กรมองค์การระหว่างประเทศ
อว 02 สำนักงานปลัดกระทรวงการอุดมศึกษา วิทยาศาสตร์ วิจัยและนวัตกรรม
คค 03 กรมเจ้าท่า
ทส 09 กรมอุทยานแห่งชาติ สัตว์ป่า และพันธุ์พืช
มท 03 กรมการปกครอง
มท 05 กรมที่ดิน
มท 08 กรมส่งเสริมการปกครองท้องถิ่น
วธ 04 กรมศิลปากร
ศธ 02 สำนักงานปลัดกระทรวงศึกษาธิการ
สธ 02 สำนักงานปลัดกระทรวงสาธารณสุข
อก 07 สำนักงานมาตรฐานผลิตภัณฑ์อุตสาหกรรม
"""
"""Only those whose digits stand in public letters of theirs; an agency adds its own correspondents."""
_PROVINCES = """
กบ กระบี่ กจ กาญจนบุรี กส กาฬสินธุ์ กพ กำแพงเพชร ขก ขอนแก่น จบ จันทบุรี ฉช ฉะเชิงเทรา ชบ ชลบุรี ชน ชัยนาท ชย ชัยภูมิ
ชพ ชุมพร ชร เชียงราย ชม เชียงใหม่ ตง ตรัง ตร ตราด ตก ตาก นย นครนายก นฐ นครปฐม นพ นครพนม นม นครราชสีมา
นศ นครศรีธรรมราช นว นครสวรรค์ นบ นนทบุรี นธ นราธิวาส นน น่าน บก บึงกาฬ บร บุรีรัมย์ ปท ปทุมธานี ปข ประจวบคีรีขันธ์
ปจ ปราจีนบุรี ปน ปัตตานี พย พะเยา อย พระนครศรีอยุธยา พง พังงา พท พัทลุง พจ พิจิตร พล พิษณุโลก พบ เพชรบุรี
พช เพชรบูรณ์ พร แพร่ ภก ภูเก็ต มค มหาสารคาม มห มุกดาหาร มส แม่ฮ่องสอน ยส ยโสธร ยล ยะลา รอ ร้อยเอ็ด รน ระนอง
รย ระยอง รบ ราชบุรี ลบ ลพบุรี ลป ลำปาง ลพ ลำพูน ลย เลย ศก ศรีสะเกษ สน สกลนคร สข สงขลา สต สตูล สป สมุทรปราการ
สส สมุทรสงคราม สค สมุทรสาคร สก สระแก้ว สบ สระบุรี สห สิงห์บุรี สท สุโขทัย สพ สุพรรณบุรี สฎ สุราษฎร์ธานี สร สุรินทร์
นค หนองคาย นภ หนองบัวลำภู อท อ่างทอง อจ อำนาจเจริญ อด อุดรธานี อต อุตรดิตถ์ อน อุทัยธานี อบ อุบลราชธานี
"""
"""The two letters of each province, which stand in numbers of its offices; an agency can change its table."""


def _shipped() -> dict[str, tuple[str, ...]]:
    words = _PROVINCES.split()
    provinces = {mark: (f"จังหวัด{name}",) for mark, name in zip(words[::2], words[1::2], strict=True)}
    lines = (line.split(" ", 2) for line in _DEPARTMENTS.strip().splitlines())
    departments = {f"{letters} {digits}": (name,) for letters, digits, name in lines}
    return {**_MINISTRIES, **departments, **provinces}


SHIPPED: Mapping[str, tuple[str, ...]] = _shipped()
LONGEST = 8
_MOST, _LONGEST_NAME = 500, 200
_MARK = re.compile(rf"([ก-ฮ.]{{1,{LONGEST}}})(?: ?([0-9]{{2,4}}))?")
_PREFIXES = ("กระทรวง", "จังหวัด")


def marks_of(text: str) -> Mapping[str, tuple[str, ...]]:
    """The table that an agency keeps, a mark and its names a line ("กค | กระทรวงการคลัง"); the shipped one for an empty
    text. Raises BadInput({"number_marks": …}) for a line that is none."""
    table: dict[str, tuple[str, ...]] = {}
    for at, line in enumerate((line for line in text.splitlines() if line.strip()), 1):
        mark, *names = (" ".join(part.split()) for part in line.split("|"))
        if not (mark := read_mark(mark)) or not _are_names(names):
            raise BadInput({"number_marks": f"บรรทัดที่ {at} ต้องเป็น ตัวอักษรประจำ | ชื่อส่วนราชการ เช่น กค | กระทรวงการคลัง"})
        table[mark] = tuple(dict.fromkeys((*table.get(mark, ()), *names)))
    if len(table) > _MOST:
        raise BadInput({"number_marks": f"ใส่ได้ไม่เกิน {_MOST} บรรทัด"})
    return table or SHIPPED


def text_of(table: Mapping[str, tuple[str, ...]]) -> str:
    """The table as it is typed."""
    return "\n".join(" | ".join((thai_digits(mark), *names)) for mark, names in table.items())


def read_mark(text: str) -> str:
    """A mark as the table has it, "กค" or of a department "กค 04", however it is typed; empty for what is none."""
    found = _MARK.fullmatch(arabic_digits(" ".join(text.split())))
    return " ".join(filter(None, found.groups())) if found else ""


def with_mark(text: str, mark: str, names: Iterable[str]) -> str:
    """The agency's table, as it is kept, with these names for a mark, which may be new. Raises BadInput by field."""
    read, said = read_mark(mark), tuple(dict.fromkeys(" ".join(name.split()) for name in names))
    wrong = {}
    if not read:
        wrong["mark"] = "ใส่ตัวอักษรประจำ เช่น กค ของกรมมีเลขสองหลักต่อท้าย เช่น กค 04"
    if not _are_names(said) or any("|" in name for name in said):
        wrong["names"] = f"ใส่ชื่อส่วนราชการอย่างน้อยหนึ่งชื่อ ชื่อละไม่เกิน {_LONGEST_NAME} ตัวอักษร ไม่มีเครื่องหมาย |"
    if wrong:
        raise BadInput(wrong)
    return kept_as({**marks_of(text), read: said})


def without_mark(text: str, mark: str) -> str:
    """The same without a mark. Raises KeyError for one that is not in it, BadInput for the last one."""
    table = dict(marks_of(text))
    del table[read_mark(mark)]
    if not table:
        raise BadInput({"mark": "ตารางต้องมีอย่างน้อยหนึ่งแถว"})
    return kept_as(table)


def kept_as(table: Mapping[str, tuple[str, ...]]) -> str:
    """The text that is kept of a table: none for the shipped one, which then follows updates."""
    text = text_of(table)
    marks_of(text)
    return "" if dict(table) == dict(SHIPPED) else text


def called(table: Mapping[str, tuple[str, ...]]) -> Mapping[str, tuple[str, ...]]:
    """The marks by what their agencies are called: by each name, by the part before its first space, and for ministries
    and provinces by what stands behind that word."""
    found: dict[str, tuple[str, ...]] = {}
    for mark, names in table.items():
        for name in names:
            ways = [name, name.split(" ")[0]]
            ways += [way.removeprefix(prefix) for way in ways for prefix in _PREFIXES if way.startswith(prefix)]
            for way in filter(None, ways):
                found[way] = tuple(dict.fromkeys((*found.get(way, ()), mark)))
    return found


def _are_names(names: Iterable[str]) -> bool:
    said = list(names)
    return bool(said) and all(0 < len(name) <= _LONGEST_NAME for name in said)
