"""A register of 10,000 lines on paper: how long it takes, and what the Thai of it costs.

The reference writes the same words into the same columns with reportlab alone: no shaping, no words, lines cut after so
many letters, so that marks stand where they fall. Every line has a subject of its own, as in a true register.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from reportlab.lib.pagesizes import A4, landscape
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

import saraban.rendering
from benchmarks.databases import Databases
from benchmarks.frame import Figure, per_second, promised, seconds
from saraban.domain.register import EntryState
from saraban.rendering.papers import PdfPapers
from saraban.usecases.papers import RegisterHead, RegisterLine

SIZE = 10_000
"""How many lines the register has; the reference is measured with a fifth of them."""
PROMISED_SECONDS = 20.0
_FONT = Path(saraban.rendering.__file__).parent / "fonts" / "thsarabunnew" / "THSarabunNew-Regular.ttf"
_HEAD = RegisterHead("ทะเบียนหนังสือรับ", "13", "เลขทะเบียนรับ", "กรมทดสอบความเร็ว", "กรมทดสอบความเร็ว", 2569)
_SENDERS = ("กรมบัญชีกลาง", "สำนักงานคณะกรรมการข้าราชการพลเรือน", "จังหวัดนครศรีธรรมราช", "สำนักงานปลัดสำนักนายกรัฐมนตรี")
_COLUMNS = ((42, 10), (95, 14), (180, 14), (250, 20), (355, 20), (460, 34), (635, 16), (715, 16))
"""Where the columns begin, in points, and how many letters fit in them."""


def figures(size: int, databases: Databases) -> Iterator[Figure]:
    """The register against the promised time, and its lines against those of bare reportlab."""
    yield Figure(
        name="register on paper",
        unit="s",
        product=partial(_printed_in, size),
        reference="promised",
        against=promised(PROMISED_SECONDS * size / SIZE),
        goal=1.0,
        better="lower",
    )
    fifth = max(1, size // 5)
    yield Figure(
        name="lines of a register",
        unit="lines/s",
        product=lambda: per_second(fifth, partial(_printed_in, fifth)),
        reference="bare reportlab, no shaping",
        against=lambda: per_second(fifth, partial(_bare, fifth)),
        goal=0.3,
    )


def _lines(count: int) -> Iterator[RegisterLine]:
    first = date(2026, 1, 1)
    for number in range(1, count + 1):
        yield RegisterLine(
            serial=number,
            state=EntryState.VOID if number % 97 == 0 else EntryState.USED,
            day=first + timedelta(days=number // 40),
            number=f"กค 0408.{number % 7}/{number}",
            letter_date=first + timedelta(days=number // 41),
            sender=_SENDERS[number % len(_SENDERS)],
            addressee="อธิบดีกรมทดสอบความเร็ว",
            subject=f"ขอเชิญประชุมคณะกรรมการพัฒนาระบบสารบรรณอิเล็กทรอนิกส์ ครั้งที่ {number}/2569",
            practice="สำนักงานเลขานุการกรม",
            remark="ยกเลิก: ลงซ้ำ" if number % 97 == 0 else "",
        )


def _printed_in(count: int) -> float:
    out = io.BytesIO()
    return seconds(lambda: PdfPapers().register(_HEAD, _lines(count), out, lambda done: None))


def _bare(count: int) -> bytes:
    """The same words with reportlab alone."""
    pdfmetrics.registerFont(TTFont("bare", str(_FONT)))
    out = io.BytesIO()
    canvas: Any = Canvas(out, pagesize=landscape(A4), pageCompression=1)
    y = 0.0
    for line in _lines(count):
        cells = [_cut(text, most) for text, (_, most) in zip(_texts(line), _COLUMNS, strict=True)]
        height = max(len(cell) for cell in cells) * 15.6 + 6
        if y - height < 40:
            if y:
                canvas.showPage()
            y = 500.0
            canvas.setFont("bare", 14)
        for (x, _), cell in zip(_COLUMNS, cells, strict=True):
            for number, text in enumerate(cell):
                canvas.drawString(x, y - 12 - number * 15.6, text)
            canvas.line(x - 3, y, x - 3, y - height)
        y -= height
        canvas.line(42, y, 800, y)
    canvas.save()
    return out.getvalue()


def _texts(line: RegisterLine) -> tuple[str, ...]:
    return (str(line.serial), line.number, str(line.letter_date), line.sender, line.addressee, line.subject,
            line.practice, line.remark)  # fmt: skip


def _cut(text: str, most: int) -> list[str]:
    return [text[start : start + most] for start in range(0, len(text), most)] or [""]
