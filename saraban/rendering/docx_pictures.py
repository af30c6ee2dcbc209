"""What is drawn on a page, as pictures that float in a DOCX: the emblem, the seal, and whatever else rows are marked
with."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pypdfium2 as pdfium
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Pt
from reportlab.pdfgen.canvas import Canvas

from saraban.rendering import paper
from saraban.rendering.shaping import typeface

_SCALE = 4.0
"""Dots to the point: 288 to the inch."""


@dataclass(frozen=True)
class Picture:
    """A PNG on nothing, where its upper left corner is on the page (y downwards) and how large it is, in points."""

    png: bytes
    x: float
    y: float
    wide: float
    high: float


def drawn(draw: Callable[[Any], None]) -> Picture | None:
    """What is drawn on an empty page, cut to its ink; None when that is nothing."""
    file = io.BytesIO()
    shared = typeface("TH Sarabun New").regular.fontName
    canvas: Any = Canvas(file, pagesize=(paper.PAGE_WIDTH, paper.PAGE_HEIGHT), initialFontName=shared)
    draw(canvas)
    canvas.showPage()
    canvas.save()
    document = pdfium.PdfDocument(file.getvalue())
    try:
        page = document[0].render(scale=_SCALE, fill_color=(255, 255, 255, 0), maybe_alpha=True).to_pil()
    finally:
        document.close()
    page = page.convert("RGBA")
    box = page.getchannel("A").getbbox()
    if box is None:
        return None
    out = io.BytesIO()
    page.crop(box).save(out, "PNG", optimize=True)
    left, top, right, bottom = (side / _SCALE for side in box)
    return Picture(out.getvalue(), left, top, right - left, bottom - top)


def float_on_page(paragraph: Any, picture: Picture, name: str) -> None:
    """The picture at its place on the page of the paragraph."""
    _float(paragraph, picture, name, picture.y, "page")


def float_by_paragraph(paragraph: Any, picture: Picture, name: str, down: float) -> None:
    """The picture at its distance from the left edge of the paper, so far below the top of the paragraph."""
    _float(paragraph, picture, name, down, "paragraph")


def _float(paragraph: Any, picture: Picture, name: str, down: float, of: str) -> None:
    """Behind the words, which do not give way to it, and over the pictures of before (20.4.2.3)."""
    run = paragraph.add_run()
    inline = run.add_picture(io.BytesIO(picture.png), Pt(picture.wide), Pt(picture.high))._inline
    inline.docPr.set("name", name)
    inline.docPr.set("descr", name)
    anchor = parse_xml(
        f'<wp:anchor {nsdecls("wp")} distT="0" distB="0" distL="0" distR="0" simplePos="0" '
        f'relativeHeight="{inline.docPr.get("id")}" '
        'behindDoc="1" locked="0" layoutInCell="1" allowOverlap="1"><wp:simplePos x="0" y="0"/>'
        f'<wp:positionH relativeFrom="page"><wp:posOffset>{int(Pt(picture.x))}</wp:posOffset></wp:positionH>'
        f'<wp:positionV relativeFrom="{of}"><wp:posOffset>{int(Pt(down))}</wp:posOffset></wp:positionV>'
        f'<wp:extent cx="{int(Pt(picture.wide))}" cy="{int(Pt(picture.high))}"/>'
        '<wp:effectExtent l="0" t="0" r="0" b="0"/><wp:wrapNone/></wp:anchor>'
    )
    for child in list(inline):
        if child.tag.rpartition("}")[2] in ("docPr", "cNvGraphicFramePr", "graphic"):
            anchor.append(child)
    inline.getparent().replace(inline, anchor)
