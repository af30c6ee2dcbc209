"""Ready pages on paper: which PDFs are fit, and marks where they were asked for and nowhere else."""

from __future__ import annotations

import io
from dataclasses import replace

import pikepdf
import pypdfium2 as pdfium
import pytest
from pikepdf import Array, Dictionary, Name, Stream
from reportlab.pdfgen.canvas import Canvas

from saraban.domain.attachment import Digest
from saraban.domain.classification import Form
from saraban.domain.errors import BadInput
from saraban.domain.ready import ReadyPage, Spot
from saraban.rendering import paper
from saraban.rendering.renderer import PdfRenderer
from tests.rendering.a_page import MORNING, assert_is_pdfa_3a
from tests.rendering.measuring import baselines, find, mm
from tests.rendering.some_forms import long, typical

A4 = (595.28, 841.89)


class Desk:
    """A renderer with a drawer of files."""

    def __init__(self):
        self._kept = {}
        self.renderer = PdfRenderer(files=self._kept.__getitem__)

    def keep(self, pdf, pages=1, **places):
        digest = Digest.of(pdf)
        self._kept[digest] = pdf
        return ReadyPage(digest, "หนังสือ.pdf", pages, **places)

    def printed(self, ready, **changes):
        return self.renderer.letter(replace(typical(Form.ANNOUNCEMENT, **changes), ready=ready), at=MORNING)


@pytest.fixture(scope="module")
def desk():
    made = Desk()
    yield made
    made.renderer.close()


@pytest.fixture(scope="module")
def written(desk):
    """A page that was written elsewhere, its fonts inside."""
    return desk.renderer.letter(typical(Form.ANNOUNCEMENT), at=MORNING).pdf


def bare(size=A4, font=None, turn=0):
    """A page with a line on it, or with words in a font that is not in the file."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=size, invariant=1)
    canvas.setPageRotation(turn)
    canvas.rect(80, 80, 9, 9, fill=1)
    if font:
        canvas.setFont(font, 12)
        canvas.drawString(90, 90, "words")
    canvas.showPage()
    canvas.save()
    with pikepdf.open(io.BytesIO(out.getvalue())) as document:
        if not font:
            document.pages[0].obj.Resources = Dictionary()
        made = io.BytesIO()
        document.save(made)
    return made.getvalue()


def changed(pdf, change):
    """The PDF with something done to it."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        change(document)
        out = io.BytesIO()
        document.save(out)
    return out.getvalue()


def hide(document):
    document.Root.Names = Dictionary(EmbeddedFiles=Dictionary(Names=Array([])))


def sign(document):
    document.Root.AcroForm = Dictionary(
        Fields=Array([document.make_indirect(Dictionary(FT=Name.Sig, V=Dictionary(ByteRange=Array([0, 1, 2, 3]))))])
    )


def script(document):
    document.Root.OpenAction = Dictionary(S=Name.JavaScript, JS=Stream(document, b"app.alert(1)"))


def launch(document):
    document.pages[0].obj.Annots = Array([Dictionary(Subtype=Name.Link, A=Dictionary(S=Name.Launch, F="x.exe"))])


def test_a_whole_passive_a4_is_fit_with_its_pages(desk, written):
    many = desk.renderer.letter(long(Form.ORDER), at=MORNING)

    assert desk.renderer.check_ready(written) == 1
    assert desk.renderer.check_ready(many.pdf) == many.pages > 2
    assert desk.renderer.check_ready(bare(size=(841.89, 595.28))) == 1, "across"


@pytest.mark.parametrize(
    ("pdf", "words"),
    [
        (lambda: b"", "ไม่ใช่ PDF"),
        (lambda: b"PK\x03\x04", "ไม่ใช่ PDF"),
        (lambda: bare()[:300], "PDF"),
        (lambda: bare(size=(612, 1008)), "ไม่ใช่ A4"),
        (lambda: bare(font="Helvetica"), "ฝังแบบอักษร"),
        (lambda: changed(bare(), hide), "ซ่อน"),
        (lambda: changed(bare(), sign), "ลายมือชื่อดิจิทัล"),
        (lambda: changed(bare(), script), "สคริปต์"),
        (lambda: changed(bare(), launch), "สคริปต์หรือคำสั่ง"),
    ],
)
def test_what_is_no_letter_is_refused_with_its_reason(desk, pdf, words):
    with pytest.raises(BadInput) as refused:
        desk.renderer.check_ready(pdf())

    assert words in refused.value.fields["file"]


def test_number_date_and_signature_stand_where_they_were_asked_for(desk, written):
    places = {"number": Spot(1, 38, 60), "date": Spot(1, 105, 70), "signature": Spot(1, 110, 200)}
    ready = desk.keep(written, **places)
    printed = desk.printed(ready, number="ตย 0106/12")
    number, day = find(printed.pdf, "ตย ๐๑๐๖/๑๒"), find(printed.pdf, "๒๓ พฤศจิกายน ๒๕๖๙", nth=-1)
    block = printed.block

    assert (number.left, day.left) == (mm(38), mm(105))
    assert 60 < number.baseline < 60 + 7 and 70 < day.baseline < 70 + 7
    corner = (block.x0 / paper.CM * 10, (paper.PAGE_HEIGHT - block.y1) / paper.CM * 10)
    assert (block.page, *corner) == (0, mm(110), mm(200))
    assert (block.x1 - block.x0, block.y1 - block.y0) == pytest.approx((7 * paper.CM, 1.7 * paper.CM), abs=0.1)
    assert printed == desk.printed(ready, number="ตย 0106/12"), "equal input gives equal bytes"
    assert set(baselines(written)) <= set(baselines(printed.pdf)), "nothing that was there has moved"
    assert_is_pdfa_3a(printed.pdf)


def test_a_draft_says_what_is_to_come(desk, written):
    ready = desk.keep(written, number=Spot(1, 38, 60), date=Spot(1, 105, 70))
    draft = desk.printed(ready, number=None, date=None)

    assert find(draft.pdf, "(รอเลข)").left == mm(38) and find(draft.pdf, "(รอวันที่)").left == mm(105)


def test_a_draft_shows_where_the_signature_will_be_and_the_issued_page_does_not(desk):
    ready = desk.keep(bare(), signature=Spot(1, 110, 200))
    draft, issued = desk.printed(ready, number=None, date=None), desk.printed(ready)

    assert draft.block == issued.block
    assert [darkest(pdf, draft.block) < 200 for pdf in (draft.pdf, issued.pdf)] == [True, False]


def darkest(pdf, block):
    """How light the darkest point is around the place of the signature, 0 to 255."""
    shown = pdfium.PdfDocument(pdf)[0].render(scale=2).to_pil().convert("L")
    box = (block.x0 - 1, A4[1] - block.y1 - 1, block.x1 + 1, A4[1] - block.y0 + 1)
    return shown.crop(tuple(round(2 * side) for side in box)).getextrema()[0]


def test_without_places_nothing_is_put_on_the_page(desk, written):
    printed = desk.printed(desk.keep(written))

    assert baselines(printed.pdf) == baselines(written)
    assert not printed.block.is_shown and printed.pages == 1


def test_marks_beyond_the_page_are_moved_onto_it(desk, written):
    printed = desk.printed(desk.keep(written, number=Spot(1, 297, 297)), number="ตย 0106/12")
    number = find(printed.pdf, "ตย ๐๑๐๖/๑๒")

    assert number.right <= 210.5 and number.baseline <= 297


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_on_a_turned_page_marks_stand_as_it_is_seen(desk, turn):
    pdf = bare(turn=turn)
    assert desk.renderer.check_ready(pdf) == 1
    printed = desk.printed(desk.keep(pdf, signature=Spot(1, 20, 20)))
    with pikepdf.open(io.BytesIO(printed.pdf)) as document:
        _, _, across, up = (float(side) for side in document.pages[0].mediabox)
    block = printed.block

    assert 0 <= block.x0 < block.x1 <= across and 0 <= block.y0 < block.y1 <= up
    assert (block.x1 - block.x0 > block.y1 - block.y0) is (turn == 180)
