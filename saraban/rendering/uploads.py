"""Uploaded and received PDFs: checking them, showing them small, stamping copies. All of it in the quarantine."""

from __future__ import annotations

from saraban.domain.errors import BadInput, RuleBroken
from saraban.rendering import paper
from saraban.rendering.quarantine import Quarantine, TaskFailed
from saraban.usecases.papers import StampPlace, StampSpot
from saraban.usecases.proofs import SealBox

WIDEST_THUMBNAIL = 2_000
REASONS = {
    "not-pdf": "ไฟล์นี้ไม่ใช่ PDF เลือกไฟล์ PDF แล้วลองใหม่",
    "truncated": "ไฟล์ PDF ไม่ครบ อาจถูกตัดระหว่างส่งหรือบันทึก บันทึกไฟล์ใหม่แล้วลองอีกครั้ง",
    "damaged": "ไฟล์ PDF เสีย อ่านไม่ได้ บันทึกไฟล์ใหม่แล้วลองอีกครั้ง",
    "encrypted": "ไฟล์ PDF ตั้งรหัสผ่านไว้ เอารหัสผ่านออกแล้วลองใหม่",
    "active": "ไฟล์ PDF มีสคริปต์หรือคำสั่งให้ทำงานเอง พิมพ์เป็น PDF ใหม่แล้วลองอีกครั้ง",
    "bomb": "ไฟล์ PDF ขยายใหญ่ผิดปกติเมื่อเปิดอ่าน จึงไม่รับ",
    "limits": "ไฟล์ PDF นี้ใช้หน่วยความจำหรือเวลามากเกินกำหนด จึงไม่รับ",
    "no-pages": "ไฟล์ PDF นี้ไม่มีหน้ากระดาษ",
    "too-many-pages": "ไฟล์ PDF มีหน้าหรือส่วนประกอบมากเกินกำหนด",
    "signed": "ไฟล์นี้เขียนผิดมาตรฐาน PDF และมีลายมือชื่ออยู่แล้ว ถ้าลงตราลายมือชื่อเดิมจะเสีย ใช้สำเนาประทับตรารับแทน",
    "no-such-page": "ไม่มีหน้านี้ในไฟล์ PDF",
}
_PICTURE_REASONS = {
    "not-picture": "ไฟล์นี้ไม่ใช่ภาพที่แสดงได้ ใช้ JPEG, PNG, WEBP หรือ TIFF",
    "damaged": "ไฟล์ภาพเสีย อ่านไม่ได้ สแกนหรือถ่ายใหม่แล้วลองอีกครั้ง",
    "bomb": "ภาพใหญ่ผิดปกติเมื่อเปิดอ่าน จึงไม่แสดง",
    "limits": "ภาพใช้หน่วยความจำหรือเวลามากเกินกำหนด จึงไม่แสดง",
    "too-many-pages": "ไฟล์ภาพมีหน้ามากเกินกำหนด",
}


def check_upload(quarantine: Quarantine, data: bytes) -> int:
    """The number of pages of an uploaded PDF. Raises BadInput({"file": …}) with the reason in Thai."""
    if not data.startswith(b"%PDF-"):
        raise BadInput({"file": REASONS["not-pdf"]})
    try:
        return int(quarantine.run("check", data))
    except TaskFailed as failed:
        raise BadInput({"file": _reason(failed)}) from failed


def thumbnail(quarantine: Quarantine, data: bytes, *, page: int, width: int) -> bytes:
    """A page (from 0) as PNG, `width` pixels wide, less for a page that is very tall. Raises RuleBroken."""
    try:
        return quarantine.run("thumbnail", data, page=page, width=max(16, min(width, WIDEST_THUMBNAIL)))
    except TaskFailed as failed:
        raise RuleBroken(_reason(failed)) from failed


def put_stamp(
    quarantine: Quarantine, pdf: bytes, stamp: bytes, *, edge: float, place: StampPlace | None = None
) -> bytes:
    """A copy of a PDF with the pages of `stamps.draw_stamp` laid over its first page, at the place or else at the top
    right, so far from the edge. Raises RuleBroken."""
    try:
        return quarantine.run("put_stamp", pdf + stamp, original=len(pdf), edge=edge, **_corner(place))
    except TaskFailed as failed:
        raise RuleBroken(_reason(failed)) from failed


def stamp_box(
    quarantine: Quarantine, pdf: bytes, size: tuple[float, float], *, edge: float, place: StampPlace | None = None
) -> SealBox:
    """Where a stamp of that size (points) would go, in the first page's own coordinates. Raises RuleBroken."""
    try:
        corners = quarantine.run("stamp_box", pdf, wide=size[0], high=size[1], edge=edge, **_corner(place))
    except TaskFailed as failed:
        raise RuleBroken(_reason(failed)) from failed
    return SealBox(0, *(float(value) for value in corners.split()))


def stamp_spot(
    quarantine: Quarantine, pdf: bytes, size: tuple[float, float], *, edge: float, place: StampPlace | None = None
) -> StampSpot:
    """Where a stamp of that size (points) would stand, as the first page is seen. Raises RuleBroken."""
    try:
        found = quarantine.run("stamp_spot", pdf, wide=size[0], high=size[1], edge=edge, **_corner(place))
    except TaskFailed as failed:
        raise RuleBroken(_reason(failed)) from failed
    return StampSpot(*(round(float(value) * 10 / paper.CM, 2) for value in found.split()))


def picture_pdf(quarantine: Quarantine, data: bytes) -> bytes:
    """A scanned or photographed letter as a PDF. Raises RuleBroken."""
    try:
        return quarantine.run("picture_pdf", data)
    except TaskFailed as failed:
        raise RuleBroken(_PICTURE_REASONS.get(failed.word, _PICTURE_REASONS["damaged"])) from failed


def photo(quarantine: Quarantine, data: bytes) -> bytes:
    """A photograph (JPEG, PNG) as the JPEG of 4 by 6 that is kept and printed. Raises BadInput({"photo": …}) with the
    reason in Thai."""
    try:
        return quarantine.run("photo", data)
    except TaskFailed as failed:
        raise BadInput({"photo": _PHOTO_REASONS.get(failed.word, _PHOTO_REASONS["not-photo"])}) from failed


_PHOTO_REASONS = {
    "not-photo": "ไฟล์นี้ไม่ใช่รูปถ่ายที่เปิดได้ ใช้ JPEG หรือ PNG",
    "small-photo": "รูปถ่ายเล็กเกินไป ใช้รูปกว้างอย่างน้อย ๒๓๖ จุด และสูงอย่างน้อย ๓๕๔ จุด",
    "photo-shape": "รูปถ่ายกว้างหรือสูงเกินไป ตัดให้ใกล้ขนาด ๔ × ๖ เซนติเมตรก่อน",
    "bomb": "รูปถ่ายมีจุดมากเกินไป ย่อให้เล็กลงแล้วลองอีกครั้ง",
    "limits": "รูปถ่ายใช้หน่วยความจำหรือเวลามากเกินกำหนด จึงไม่รับ",
}


def rewritten(quarantine: Quarantine, pdf: bytes) -> bytes:
    """The same pages in a file that strict readers accept. Raises RuleBroken, also when it is signed."""
    try:
        return quarantine.run("rewrite", pdf)
    except TaskFailed as failed:
        raise RuleBroken(_reason(failed)) from failed


def _corner(place: StampPlace | None) -> dict[str, float]:
    """The place in points, as the task is told; nothing without one."""
    return {} if place is None else {"left": place.left_mm * paper.CM / 10, "top": place.top_mm * paper.CM / 10}


def _reason(failed: TaskFailed) -> str:
    return REASONS.get(failed.word, REASONS["damaged"])


def opening_text(quarantine: Quarantine, data: bytes) -> str:
    """The words on the first pages; empty when there are none, or when the file cannot be read."""
    try:
        return quarantine.run("opening_text", data).decode("utf-8", "replace")
    except TaskFailed:
        return ""
