"""Ready pages: a PDF that is the letter itself gets its number, its date and the place of the signature where the
drafter wants them, and nothing else."""

from __future__ import annotations

import io
import json
from typing import Any

from reportlab.pdfgen.canvas import Canvas

from saraban.domain.errors import BadInput, RuleBroken
from saraban.domain.ready import MARKS, ReadyPage
from saraban.rendering import paper, qr
from saraban.rendering.forms.parts import NUMBER_TO_COME, written, written_day
from saraban.rendering.paragraph import draw_text
from saraban.rendering.quarantine import Quarantine, TaskFailed
from saraban.rendering.shaping import Typeface
from saraban.rendering.thai import one_line, thai_digits
from saraban.rendering.uploads import REASONS
from saraban.usecases.pages import Page, PageLetter
from saraban.usecases.proofs import SignatureBlock

_REASONS = REASONS | {
    "too-many-pages": "หนังสือมีได้ไม่เกิน 200 หน้า",
    "not-a4": "หน้ากระดาษไม่ใช่ A4 บันทึกเป็น A4 แล้วลองอีกครั้ง",
    "fonts": "ไฟล์ PDF ไม่ได้ฝังแบบอักษรมาด้วย ผู้รับอาจเห็นตัวหนังสือไม่ตรงกัน บันทึกใหม่โดยฝังแบบอักษร (PDF/A)",
    "embedded": "ไฟล์ PDF มีไฟล์อื่นซ่อนอยู่ข้างใน เอาออก หรือแนบเป็นสิ่งที่ส่งมาด้วยแทน",
    "signed": "ไฟล์ PDF มีลายมือชื่อดิจิทัลอยู่แล้ว ประทับเลขที่จะทำให้ลายมือชื่อเสีย แนบเป็นสิ่งที่ส่งมาด้วยแทน",
}
_SIGNATURE = (paper.SIGNATURE_WIDTH, 1.7 * paper.CM)
_MM = paper.CM / 10


def check_ready(quarantine: Quarantine, data: bytes) -> int:
    """The number of pages of a PDF that is fit to be a letter. Raises BadInput({"file": …}) with a Thai reason."""
    if not data.startswith(b"%PDF-"):
        raise BadInput({"file": _REASONS["not-pdf"]})
    try:
        return int(quarantine.run("check_ready", data))
    except TaskFailed as failed:
        raise BadInput({"file": _REASONS.get(failed.word, _REASONS["damaged"])}) from failed


def marked_page(
    quarantine: Quarantine, pdf: bytes, drawn: tuple[bytes, int, bool], letter: PageLetter, ready: ReadyPage
) -> Page:
    """The PDF with what `draw_marks` drew, and the place of the signature. Raises RuleBroken."""
    arguments: dict[str, int | float] = {"original": len(pdf), "marks": drawn[1]}
    for mark in MARKS:
        spot = getattr(ready, mark)
        if spot is not None:
            arguments |= {f"{mark}_page": spot.page - 1, f"{mark}_left": spot.left_mm * _MM}
            arguments[f"{mark}_top"] = spot.top_mm * _MM
    arguments |= {"signature_wide": _SIGNATURE[0], "signature_high": _SIGNATURE[1], "code": drawn[2]}
    try:
        made = quarantine.run("mark_ready", pdf + drawn[0], **arguments)
    except TaskFailed as failed:
        raise RuleBroken(_REASONS.get(failed.word, _REASONS["damaged"])) from failed
    line, _, marked = made.partition(b"\n")
    told = json.loads(line)
    place = told["signature"] or {"page": ready.pages - 1, "box": [0, 0, 0, 0]}
    x0, y0, x1, y1 = place["box"]
    title = " ".join(letter.signer_titles)
    block = SignatureBlock(place["page"], x0, y0, x1, y1, letter.signer_name, title, letter.digits)
    # Only the signatory has a place on a page that was brought; cosigners sign in the file alone.
    others = [SignatureBlock(place["page"], 0, 0, 0, 0, one.name, " ".join(one.titles)) for one in letter.cosigners]
    return Page(marked, ready.pages, block, tuple(others), crowded=told["crowded"])


def draw_marks(letter: PageLetter, ready: ReadyPage, face: Typeface) -> tuple[bytes, int, bool]:
    """A PDF with a small page for each of number and date that has a place, with the upper edge of the type at its own;
    on a draft they are grey and say what is to come, and a frame shows where the signature will be. The second value is
    how many pages count, the third whether one more with the verification code follows them. Not for two threads at
    once."""
    size = paper.TYPE_SIZE * face.factor
    file = io.BytesIO()
    canvas: Any = Canvas(file, invariant=1, initialFontName=face.regular.fontName)
    marks = []
    if ready.number is not None:
        number = None if letter.number is None else thai_digits(one_line(letter.number))
        marks.append(written(number, NUMBER_TO_COME))
    if ready.date is not None:
        marks.append(written_day(letter.date))
    for words, colour in marks:
        canvas.setPageSize((max(1.0, face.regular.width(words, size)), paper.LEADING))
        canvas.setFillColorRGB(*colour)
        draw_text(canvas, 0, paper.LEADING - 0.8 * paper.TYPE_SIZE, words, face.regular, size)
        canvas.showPage()
    is_draft = letter.date is None
    if is_draft:
        _draw_frame(canvas)
    with_code = letter.verification is not None
    if with_code:
        canvas.setPageSize((qr.WIDTH, qr.HEIGHT))
        qr.draw_verification(canvas, letter.verification, face, 0, 0)
        canvas.showPage()
    canvas.save()
    return file.getvalue(), len(marks) + is_draft, with_code


def _draw_frame(canvas: Any) -> None:
    """A broken frame of the signature's size."""
    canvas.setPageSize(_SIGNATURE)
    canvas.setStrokeColorRGB(*paper.GREY)
    canvas.setDash([3, 3])
    canvas.rect(0.5, 0.5, _SIGNATURE[0] - 1, _SIGNATURE[1] - 1, stroke=1, fill=0)
    canvas.showPage()
