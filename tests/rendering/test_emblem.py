"""The agency's own emblem: what may be brought, that a drawing stays one, and where and how large it is printed."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import pikepdf
import pypdfium2 as pdfium
import pytest
from docx import Document
from docx.oxml.ns import qn
from PIL import Image, ImageDraw
from reportlab.pdfgen.canvas import Canvas

from saraban.domain.attachment import Digest
from saraban.domain.classification import Form, Urgency
from saraban.domain.errors import BadInput
from saraban.rendering.emblem import read_emblem
from saraban.rendering.papers import PdfPapers
from saraban.rendering.renderer import PdfRenderer
from saraban.usecases.papers import EnvelopeFace, EnvelopeSize
from tests.rendering.a_page import MORNING, assert_is_pdfa_3a
from tests.rendering.measuring import ink, ink_box, mm
from tests.rendering.some_forms import typical

SVG = (Path(__file__).parents[1] / "assets" / "emblems" / "emblem.svg").read_bytes()
HEAD = b'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="90" height="100">'
SHAPE = b'<rect x="10" y="10" width="60" height="80" style="fill:#036"/>'


class Printer:
    """A renderer with a drawer of emblems."""

    def __init__(self) -> None:
        self._kept: dict[Digest, bytes] = {}
        self.renderer = PdfRenderer(files=self._kept.__getitem__)
        self.papers = PdfPapers(files=self._kept.__getitem__)

    def keep(self, data: bytes) -> Digest:
        kept = self.renderer.emblem(data)
        digest = Digest.of(kept)
        self._kept[digest] = kept
        return digest

    def printed(self, form: Form, emblem: Digest | None) -> bytes:
        letter = replace(typical(form, urgency=Urgency.NORMAL), emblem=emblem)
        return self.renderer.letter(letter, at=MORNING).pdf


@pytest.fixture(scope="module")
def printer():
    made = Printer()
    yield made
    made.renderer.close()


def png(wide=700, high=900, *, around=50, mode="RGBA", ink="black"):
    """A picture of an oval with white around it."""
    picture = Image.new(mode, (wide, high), (255, 255, 255, 0) if mode == "RGBA" else "white")
    ImageDraw.Draw(picture).ellipse((around, around, wide - around, high - around), fill=ink)
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def pdf(draw, pages=1):
    """A page of 200 by 200 points on which `draw` draws."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(200, 200), invariant=1)
    for _ in range(pages):
        draw(canvas)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def in_many_ways(canvas):
    """A drawing in CMYK, inside a form, dashed and turned."""
    canvas.setFillColorCMYK(0.1, 0.9, 0.2, 0.3)
    canvas.beginForm("part")
    canvas.rect(0, 0, 40, 60, stroke=0, fill=1)
    canvas.endForm()
    canvas.translate(60, 60)
    canvas.rotate(5)
    canvas.doForm("part")
    canvas.setDash([4, 2])
    canvas.line(0, 0, 40, 60)


@pytest.mark.parametrize(
    "data",
    [SVG, HEAD + SHAPE + b"</svg>", pdf(in_many_ways)],
    ids=["svg", "plain svg", "pdf"],
)
def test_a_drawing_stays_a_drawing_and_is_cut_to_its_ink(printer, data):
    kept = printer.renderer.emblem(data)

    assert kept == printer.renderer.emblem(data), "equal input gives equal bytes"
    with pikepdf.open(io.BytesIO(kept)) as document:
        [page] = document.pages
        assert page.obj.Resources.keys() == set(), "no font, no picture, no form"
        assert not {"/OpenAction", "/Names", "/AcroForm"} & set(document.Root.keys())
    shown = pdfium.PdfDocument(kept)[0].render(scale=4).to_pil().convert("L")
    assert {shown.crop(box).getextrema()[0] < 128 for box in edges(shown)} == {True}


def edges(shown):
    """Strips along the four edges, three pixels deep."""
    w, h = shown.size
    return [(0, 0, w, 3), (0, h - 3, w, h), (0, 0, 3, h), (w - 3, 0, w, h)]


@pytest.mark.parametrize(
    "data",
    [
        png(),
        png(mode="L", ink=0),
        pdf(lambda c: c.linearGradient(50, 50, 150, 150, ["#000", "#666"])),
        pdf(lambda c: (c.setFillAlpha(0.5), c.rect(50, 50, 90, 90, fill=1))),
        pdf(lambda c: (c.setFont("Helvetica", 150), c.drawString(40, 40, "S"))),
    ],
    ids=["png", "grey png", "gradient", "see-through", "letter"],
)
def test_what_is_no_plain_drawing_becomes_a_picture(printer, data):
    kept = printer.renderer.emblem(data)
    emblem = read_emblem(kept)

    assert emblem.picture is not None and emblem.picture.height <= 1200
    assert kept == printer.renderer.emblem(data)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "ไม่ใช่ SVG"),
        (b"GIF89a", "ไม่ใช่ SVG"),
        (b"<html xmlns='http://www.w3.org/1999/xhtml'/>", "ไม่ใช่ SVG"),
        (HEAD + SHAPE + b"<script>alert(1)</script></svg>", "สคริปต์"),
        (HEAD + SHAPE + b'<image xlink:href="file:///etc/passwd" width="9" height="9"/></svg>', "สคริปต์"),
        (HEAD + SHAPE + b'<use xlink:href="http://192.0.2.1/x.svg#a"/></svg>', "สคริปต์"),
        (HEAD + b"<style>@import url(http://192.0.2.1/x.css);</style>" + SHAPE + b"</svg>", "สคริปต์"),
        (HEAD + b'<rect width="9" height="9" fill="url(http://192.0.2.1/#a)"/></svg>', "สคริปต์"),
        (HEAD + b'<rect width="9" height="9" style="fill: url(#a)"/></svg>', "ไล่สี"),
        (HEAD + b"<text>A</text></svg>", "ตัวหนังสือ"),
        (HEAD + b"</svg>", "ไม่มีลายเส้น"),
        (HEAD + b'<rect width="90" height="9"/></svg>', "กว้างหรือแคบ"),
        (HEAD + b'<rect width="9" height="90"/></svg>', "กว้างหรือแคบ"),
        (png(high=150, wide=120, around=5), "เล็กเกินไป"),
        (png()[:500], "เสีย"),
        (pdf(lambda c: c.rect(9, 9, 90, 90, fill=1), pages=2), "หลายหน้า"),
        (SVG + b" " * (5 * 2**20), "ใหญ่เกิน"),
    ],
)
def test_what_cannot_be_an_emblem_is_refused_with_its_reason(printer, data, words):
    with pytest.raises(BadInput) as refused:
        printer.renderer.emblem(data)

    assert words in refused.value.fields["file"]


def test_entities_of_an_svg_are_not_written_out(printer):
    bomb = b'<!DOCTYPE svg [<!ENTITY a "x"><!ENTITY f SYSTEM "file:///etc/passwd">]>' + HEAD + b"<g>&a;&f;</g></svg>"

    with pytest.raises(BadInput) as refused:
        printer.renderer.emblem(bomb)
    assert "ไม่มีลายเส้น" in refused.value.fields["file"]


@pytest.mark.parametrize("data", [SVG, png()], ids=["drawing", "picture"])
def test_it_is_three_centimetres_high_in_the_middle_and_nothing_else_moves(printer, data):
    emblem = printer.keep(data)
    own, stand_in = printer.printed(Form.EXTERNAL, emblem), printer.printed(Form.EXTERNAL, None)
    left, top, right, bottom = ink_box(ink(own), 75, 5, 135, 45.6)

    assert (top, bottom) == (mm(15), mm(45))
    assert (left + right) / 2 == mm(105)
    assert own == printer.printed(Form.EXTERNAL, emblem), "equal input gives equal bytes"
    assert "ตราครุฑ (ตัวอย่าง)" in words(stand_in)
    assert words(stand_in).replace("ตราครุฑ (ตัวอย่าง)", "").split() == words(own).split()


def test_it_is_one_and_a_half_centimetres_high_on_a_memorandum_and_on_envelopes(printer):
    emblem = printer.keep(SVG)
    left, top, _, bottom = ink_box(ink(printer.printed(Form.MEMORANDUM, emblem)), 25, 5, 46, 31)
    face = EnvelopeFace("กรมตัวอย่าง", [], "ตย 1/1", "เรียน", "ผู้รับ", [], emblem=emblem)
    envelope = printer.papers.envelopes(EnvelopeSize.DL, [face])

    assert (left, top, bottom) == (mm(30), mm(15), mm(30))
    assert "ตราครุฑ" not in words(envelope)
    _, upper, _, lower = ink_box(ink(envelope), 5, 5, 24, 25.4)
    assert lower - upper == mm(15)


@pytest.mark.parametrize("data", [SVG, png()], ids=["drawing", "picture"])
def test_in_the_seal_it_is_red_and_three_centimetres_high(printer, data):
    page = printer.printed(Form.STAMPED, printer.keep(data))
    left, top, right, bottom = ink_box(ink(page, red=True), 110, 80, 189, 200)
    middle = ((left + right) / 2, (top + bottom) / 2)
    inside = ink_box(ink(page, red=True), middle[0] - 0.5, middle[1] - 16.5, middle[0] + 0.5, middle[1] + 16.5)

    assert (right - left, bottom - top) == (mm(45), mm(45))
    assert (inside[1], inside[3]) == (mm(middle[1] - 15), mm(middle[1] + 15))


@pytest.mark.parametrize("data", [SVG, pdf(in_many_ways), png(), png(ink="green")], ids=["svg", "pdf", "png", "green"])
@pytest.mark.parametrize("form", [Form.EXTERNAL, Form.STAMPED])
def test_pages_with_an_emblem_are_pdf_a(printer, form, data):
    assert_is_pdfa_3a(printer.printed(form, printer.keep(data)))


def words(data):
    """The text of the first page."""
    return pdfium.PdfDocument(data)[0].get_textpage().get_text_bounded()


@pytest.mark.parametrize("form", [Form.EXTERNAL, Form.MEMORANDUM])
def test_a_word_file_has_the_agencys_emblem_as_the_page_has(printer, form):
    letter = replace(typical(form), emblem=printer.keep(png(ink="red")))

    document = Document(io.BytesIO(printer.renderer.letter_docx(letter)))

    (part,) = [rel.target_part for rel in document.part.rels.values() if rel.reltype.endswith("/image")]
    picture = Image.open(io.BytesIO(part.blob)).convert("RGB")
    extent = next(document.element.iter(qn("wp:extent")))
    assert picture.getpixel((picture.width // 2, picture.height // 2)) == (255, 0, 0)
    assert int(extent.get("cy")) / 360_000 == pytest.approx(3 if form is Form.EXTERNAL else 1.5, abs=0.02)
