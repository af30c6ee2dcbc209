"""The emblem at the head of letters, on envelopes and in the seal: the agency's own, or the stand-in of `garuda.py`.

An agency's emblem is the one-page PDF that `foreign_emblem.py` makes in the quarantine. What is read here was written
there, of a kind so small that reading it is copying it.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, cast

import pikepdf
from PIL import Image, ImageOps
from reportlab.lib.utils import ImageReader

from saraban.domain.attachment import Digest
from saraban.domain.errors import BadInput, NotFound
from saraban.rendering import paper
from saraban.rendering.garuda import draw_garuda, draw_garuda_of_seal, draw_small_garuda, small_garuda_width
from saraban.rendering.quarantine import Quarantine, TaskFailed
from saraban.rendering.shaping import Typeface
from saraban.rendering.uploads import REASONS

WIDEST = 2 * paper.GARUDA_HALF_WIDTH / paper.GARUDA_HEIGHT
"""Width over height: so much room there is between the number and the agency's name (form 1)."""


def no_files(digest: Digest) -> bytes:
    """For a desk without kept files."""
    raise NotFound


_REASONS = {
    "not-emblem": "ไฟล์นี้ไม่ใช่ SVG, PDF หรือ PNG เลือกไฟล์ตราแล้วลองใหม่",
    "damaged": "ไฟล์ตราเสีย อ่านไม่ได้ บันทึกไฟล์ใหม่แล้วลองอีกครั้ง",
    "too-large": "ไฟล์ตราใหญ่เกิน 5 MB บันทึกให้เล็กลงแล้วลองอีกครั้ง",
    "many-pages": "ไฟล์ PDF มีหลายหน้า เลือกไฟล์ที่มีตราหน้าเดียว",
    "active": "ไฟล์ตรามีสคริปต์หรืออ้างถึงสิ่งที่อยู่นอกไฟล์ บันทึกเป็นภาพลายเส้นอย่างเดียวแล้วลองอีกครั้ง",
    "text": "ไฟล์ SVG มีตัวหนังสือที่ต้องใช้แบบอักษร แปลงตัวหนังสือเป็นลายเส้นก่อน หรือใช้ PDF",
    "shades": "ไฟล์ SVG มีการไล่สีหรือลวดลายที่แสดงไม่ได้ บันทึกเป็น PDF หรือ PNG แล้วลองอีกครั้ง",
    "blank": "ไฟล์นี้ไม่มีลายเส้นให้เห็นบนพื้นขาว",
    "shape": "ตรากว้างหรือแคบเกินไป ความกว้างต้องไม่เกิน 1.13 เท่าและไม่น้อยกว่าหนึ่งในสามของความสูง",
    "too-small": "ภาพเล็กเกินไป ใช้ภาพสูงอย่างน้อย 200 จุด ถ้าให้คมชัดควรเกิน 700 จุด",
    "bomb": "ไฟล์ตราขยายใหญ่ผิดปกติเมื่อเปิดอ่าน จึงไม่รับ",
    "limits": "ไฟล์ตราใช้หน่วยความจำหรือเวลามากเกินกำหนด จึงไม่รับ",
}


@dataclass(frozen=True)
class Emblem:
    """An agency's emblem: its size in its own units, and its operators or its picture."""

    wide: float
    high: float
    operators: tuple[str, ...]
    picture: Image.Image | None

    def draw(self, canvas: Any, axis: float, feet: float, height: float, *, red: bool = False) -> None:
        """Draw it so high with its feet on that level, its axis there; in red as a seal has it, white staying white."""
        scale = height / self.high
        canvas.saveState()
        canvas.translate(axis - self.wide * scale / 2, feet)
        canvas.scale(scale, scale)
        if self.picture is not None:
            picture = _reddened(self.picture) if red else self.picture
            canvas.drawImage(ImageReader(picture), 0, 0, self.wide, self.high)
        else:
            # In PDF both colours are black at first; the form around may have left others.
            first = ("0 g", "0 G") if not red else (_red_operator("0 g"), _red_operator("0 G"))
            canvas._code.extend((*first, "0 J", "0 j", "1 w", "10 M", "[] 0 d"))
            canvas._code.extend(_red_operator(line) if red else line for line in self.operators)
        canvas.restoreState()


class Emblems:
    """The emblems of the installation's agencies; may be shared by threads. `files` opens a kept file by digest."""

    def __init__(self, files: Callable[[Digest], bytes]) -> None:
        self._read = lru_cache(maxsize=64)(lambda digest: read_emblem(files(digest)))

    def of(self, digest: Digest | None) -> Emblem | None:
        """The emblem of that file; None stands for the stand-in."""
        return None if digest is None else self._read(digest)


def read_emblem(pdf: bytes) -> Emblem:
    """The emblem of a file that `normalised` gave."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        page = document.pages[0]
        wide, high = float(page.mediabox[2]), float(page.mediabox[3])
        if "/XObject" in page.obj.Resources:
            stream = cast(pikepdf.Stream, page.obj.Resources.XObject.Emblem)
            picture = pikepdf.PdfImage(stream).as_pil_image()
            return Emblem(wide, high, (), picture)
        return Emblem(wide, high, tuple(page.obj.Contents.read_bytes().decode("ascii").split("\n")), None)


def normalised(quarantine: Quarantine, data: bytes) -> bytes:
    """What an agency brought as its emblem (SVG, PDF or PNG), as the file that is kept. Raises BadInput({"file": …})
    with the reason in Thai."""
    try:
        return quarantine.run("emblem", data, widest=WIDEST)
    except TaskFailed as failed:
        raise BadInput({"file": _REASONS.get(failed.word) or REASONS.get(failed.word, _REASONS["damaged"])}) from failed


def head_of(emblem: Emblem | None) -> Callable[[Any, Typeface], None]:
    """What draws it at the head of a page, 3 cm high, its feet on the line of the letter's number."""
    if emblem is None:
        return draw_garuda
    return lambda canvas, face: emblem.draw(canvas, paper.CENTRE, paper.GARUDA_FEET, paper.GARUDA_HEIGHT)


def draw_small(canvas: Any, left: float, top: float, height: float, face: Typeface, emblem: Emblem | None) -> None:
    """Draw it in another size with its upper left corner there, as on memoranda and envelopes."""
    if emblem is None:
        draw_small_garuda(canvas, left, top, height, face)
    else:
        emblem.draw(canvas, left + small_width(height, emblem) / 2, top - height, height)


def small_width(height: float, emblem: Emblem | None) -> float:
    """How wide it is at a height."""
    return small_garuda_width(height) if emblem is None else height * emblem.wide / emblem.high


def draw_in_seal(canvas: Any, x: float, y: float, height: float, emblem: Emblem | None) -> None:
    """Draw it in red in a circle around (x, y)."""
    if emblem is None:
        draw_garuda_of_seal(canvas, x, y, height)
    else:
        emblem.draw(canvas, x, y - height / 2, height, red=True)


def _red_operator(line: str) -> str:
    """An operator of a colour as the red of the same lightness; any other as it is."""
    *numbers, name = line.split(" ")
    if name not in ("g", "G", "rg", "RG"):
        return line
    red, green, blue = [float(number) for number in numbers] * (3 // len(numbers))
    light = 0.299 * red + 0.587 * green + 0.114 * blue
    shade = " ".join(f"{ink + (1 - ink) * light:.4g}" for ink in paper.RED)
    return f"{shade} {'RG' if name.isupper() else 'rg'}"


def _reddened(picture: Image.Image) -> Image.Image:
    red = tuple(round(255 * ink) for ink in paper.RED)
    return ImageOps.colorize(picture.convert("L"), black=red, white="white")
