"""Lines of registers for the tests of printing, and what is measured on the sheets."""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any

import pypdfium2 as pdfium

from saraban.domain.register import EntryState
from saraban.rendering.papers import PdfPapers
from saraban.usecases.papers import RegisterHead, RegisterLine

LONG_SUBJECT = (
    "ขอความอนุเคราะห์ประชาสัมพันธ์โครงการพัฒนาศักยภาพบุคลากรด้านการบริหารจัดการระบบสารบรรณอิเล็กทรอนิกส์ของส่วนราชการ"
    "ในสังกัดสำนักงานปลัดกระทรวงการอุดมศึกษา วิทยาศาสตร์ วิจัยและนวัตกรรม ประจำปีงบประมาณ พ.ศ. 2569 "
    "และขอเชิญผู้แทนเข้าร่วมประชุมเชิงปฏิบัติการ ณ กรุงเทพมหานคร ระหว่างวันที่ 1 - 5 ธันวาคม 2569"
)
RECEIVING = RegisterHead("ทะเบียนหนังสือรับ", "13", "เลขทะเบียนรับ", "กรมส่งเสริมการอ่าน", "กรมส่งเสริมการอ่าน", 2569)


def a_line(serial: int = 1, **more: Any) -> RegisterLine:
    """An ordinary line of the receiving book."""
    line = RegisterLine(
        serial=serial,
        state=EntryState.USED,
        day=date(2026, 11, 23),
        number=f"กค 0408/{serial}",
        letter_date=date(2026, 11, 20),
        sender="กรมบัญชีกลาง",
        addressee="อธิบดีกรมส่งเสริมการอ่าน",
        subject=f"ซ้อมความเข้าใจเกี่ยวกับการเบิกจ่าย ครั้งที่ {serial}",
        practice="กองแผนงาน",
        remark="",
    )
    return replace(line, **more)


def printed(lines: Iterable[RegisterLine], head: RegisterHead = RECEIVING, **more: Any) -> bytes:
    """A register as PDF."""
    out = io.BytesIO()
    PdfPapers().register(replace(head, **more), lines, out, lambda done: None)
    return out.getvalue()


def sizes_mm(pdf: bytes) -> list[tuple[float, float]]:
    """Width and height of every page in millimetres."""
    document = pdfium.PdfDocument(pdf)
    try:
        return [tuple(round(side / 72 * 25.4, 1) for side in page.get_size()) for page in document]  # type: ignore[misc]
    finally:
        document.close()


def texts(pdf: bytes) -> list[str]:
    """What stands on every page, without white space."""
    document = pdfium.PdfDocument(pdf)
    try:
        return ["".join(page.get_textpage().get_text_bounded().replace("\u2060", "").split()) for page in document]
    finally:
        document.close()


def ink(pdf: bytes, page: int = 0, scale: float = 1.0) -> Any:
    """A page as a picture."""
    document = pdfium.PdfDocument(pdf)
    try:
        return document[page].render(scale=scale).to_pil().convert("RGB")
    finally:
        document.close()


def red_rows(picture: Any) -> list[int]:
    """The rows of a picture that have red ink."""
    return sorted(
        {i // picture.width for i, (r, g, b) in enumerate(picture.get_flattened_data()) if r > g + 60 and r > b + 60}
    )
