"""Every form as DOCX: what a word processor makes of it, and what stands in it."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from docx import Document
from docx.oxml.ns import qn

from saraban.domain.classification import Digits, Form, Secrecy, Urgency
from saraban.domain.forms import RULES
from saraban.rendering import paper
from saraban.rendering.docx_letter import letter_docx
from saraban.rendering.renderer import PdfRenderer
from saraban.rendering.thai import written_in
from saraban.rendering.word_files import WordDesk
from saraban.usecases.pages import PageCosigner, PageLetter
from saraban.usecases.texts import WordText
from tests.rendering.a_page import MORNING, lines_with_boxes
from tests.rendering.docx_schema import faults
from tests.rendering.some_forms import SAMPLES, long, typical

FAMILY = "TH Sarabun New"
FONTS = Path(__file__).parents[2] / "saraban/rendering/fonts"
LEFT_BEHIND = {"minutes-typical", "secret-minutes"}
"""Here LibreOffice leaves a heading on the page before, although it is to stay with the next paragraph."""
HARD = {
    "all-at-once": lambda: replace(
        typical(Form.EXTERNAL), urgency=Urgency.MOST_URGENT, secrecy=Secrecy.SECRET, number=None, date=None
    ),
    "two-cosigners": lambda: replace(
        typical(Form.ANNOUNCEMENT),
        cosigners=(PageCosigner("นายหนึ่ง ร่วมใจ", ("ผู้อำนวยการกอง",)), PageCosigner("นางสอง ร่วมใจ", ("รองอธิบดี",))),
    ),
    "urgent-news": lambda: replace(typical(Form.NEWS), urgency=Urgency.URGENT),
    "secret-minutes": lambda: replace(typical(Form.MINUTES), urgency=Urgency.URGENT, secrecy=Secrecy.SECRET),
    "draft-with-seal": lambda: replace(typical(Form.STAMPED), number=None, date=None),
    "table-first": lambda: replace(
        typical(Form.ORDER), body="| ก | ข |\n|---|--:|\n| 1 | 2 |\n\n| ค |\n|---|\n| 3 |\n\n---\n\n| ง |\n|---|\n| 4 |"
    ),
}


def letters() -> Mapping[str, PageLetter]:
    return {name: sample.letter for name, sample in SAMPLES.items()} | {name: make() for name, make in HARD.items()}


@pytest.mark.parametrize("name", [*SAMPLES, *HARD])
def test_the_file_is_such_as_word_opens(name):
    assert faults(letter_docx(letters()[name], FAMILY)) == []


@pytest.mark.parametrize("form", RULES)
def test_every_form_has_the_measures_of_the_page(form):
    document = Document(io.BytesIO(letter_docx(typical(form), FAMILY)))

    section = document.sections[0]
    sides = [section.page_width, section.page_height, section.left_margin, section.right_margin]
    assert [round(side.cm, 1) for side in sides] == [21.0, 29.7, 3.0, 2.0]
    normal = document.styles["Normal"].element
    fonts, size = normal.rPr.rFonts, normal.rPr.find(qn("w:szCs"))
    assert {fonts.get(qn(f"w:{kind}")) for kind in ("ascii", "hAnsi", "cs", "eastAsia")} == {FAMILY}
    assert size.get(qn("w:val")) == "32" and normal.rPr.find(qn("w:lang")).get(qn("w:bidi")) == "th-TH"
    assert document.styles["Normal"].paragraph_format.line_spacing.pt == pytest.approx(paper.LEADING, abs=0.05)
    spread = [p for p in document.paragraphs if p._p.pPr is not None and p._p.pPr.jc is not None
              and p._p.pPr.jc.get(qn("w:val")) == "thaiDistribute"]  # fmt: skip
    assert spread and all(p.paragraph_format.first_line_indent.cm >= 2.49 for p in spread)
    for run in document.element.iter(qn("w:rPr")):
        assert (run.find(qn("w:b")) is None) == (run.find(qn("w:bCs")) is None)
        assert (run.find(qn("w:sz")) is None) == (run.find(qn("w:szCs")) is None)


@pytest.mark.parametrize("form", RULES)
def test_the_ending_does_not_break_apart(form):
    document = Document(io.BytesIO(letter_docx(typical(form), FAMILY)))

    texts = [p.text for p in document.paragraphs]
    kept = [bool(p.paragraph_format.keep_with_next) for p in document.paragraphs]
    name = typical(form).agency_name if RULES[form].ending.value != "signed" else f"({typical(form).signer_name})"
    at = max(n for n, text in enumerate(texts) if name.replace(" ", "") in text.replace(" ", ""))
    last_of_text = max(n for n, p in enumerate(document.paragraphs) if p.paragraph_format.alignment is not None
                       and p._p.pPr.jc.get(qn("w:val")) == "thaiDistribute")  # fmt: skip
    assert all(kept[last_of_text:at]) and not kept[-1]


def test_the_emblem_stands_where_the_page_has_it_and_the_seal_below_its_name():
    for form, high, x in ((Form.ORDER, 3.0, None), (Form.MEMORANDUM, 1.5, 3.0)):
        document = Document(io.BytesIO(letter_docx(typical(form), FAMILY)))
        anchor = next(document.element.iter(qn("wp:anchor")))
        offsets = [int(one.text) / 360_000 for one in anchor.iter(qn("wp:posOffset"))]
        # Below the feet of the stand-in stand its words.
        assert (
            offsets[1] == pytest.approx(1.5, abs=0.08)
            and int(anchor.find(qn("wp:extent")).get("cy")) / 360_000 >= high - 0.1
        )
        assert x is None or offsets[0] == pytest.approx(x, abs=0.1)
    sealed = Document(io.BytesIO(letter_docx(typical(Form.STAMPED), FAMILY)))
    _, seal = sealed.element.iter(qn("wp:anchor"))
    assert int(seal.find(qn("wp:extent")).get("cx")) / 360_000 == pytest.approx(4.5, abs=0.05)
    paragraph = next(p for p in sealed.paragraphs if p._p in list(seal.iterancestors()))
    assert paragraph.text == typical(Form.STAMPED).agency_name


def test_a_draft_says_in_grey_what_is_to_come():
    document = Document(io.BytesIO(letter_docx(HARD["all-at-once"](), FAMILY)))

    grey = [run.text for p in document.paragraphs for run in p.runs if str(run.font.color.rgb) == "8C8C8C"]
    assert grey == ["ที่ (รอเลข)", "(รอวันที่)"]


def test_pages_after_the_first_are_numbered_in_thai():
    document = Document(io.BytesIO(letter_docx(long(Form.ORDER), FAMILY)))

    section = document.sections[0]
    assert 'w:instr="PAGE"' in section.header._element.xml and "PAGE" not in section.first_page_header._element.xml
    assert section._sectPr.find(qn("w:pgNumType")).get(qn("w:fmt")) == "thaiNumbers"


def test_with_arabic_digits_the_pages_are_numbered_so_too():
    with written_in(Digits.ARABIC):
        document = Document(io.BytesIO(letter_docx(long(Form.ORDER), FAMILY)))

    assert document.sections[0]._sectPr.find(qn("w:pgNumType")) is None
    assert any("118/2569" in paragraph.text for paragraph in document.paragraphs)


# --- as LibreOffice shows them --------------------------------------------------------------------------------------


Soffice = Callable[[Mapping[str, bytes], str], dict[str, bytes]]


@pytest.fixture(scope="module")
def soffice(tmp_path_factory: pytest.TempPathFactory) -> Soffice:
    """Turns DOCX files into another kind with LibreOffice and the fonts of the house."""
    program = shutil.which("soffice")
    if program is None:
        pytest.skip("NOT LOOKED AT in a word processor: apt-get install --no-install-recommends libreoffice-writer")
    home = tmp_path_factory.mktemp("office")
    (home / "fonts.conf").write_text(
        f'<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig><dir>{FONTS}</dir>'
        f"<cachedir>{home}/cache</cachedir></fontconfig>"
    )

    def turned(files: Mapping[str, bytes], kind: str) -> dict[str, bytes]:
        given, made = tmp_path_factory.mktemp("given"), tmp_path_factory.mktemp("made")
        for name, data in files.items():
            (given / f"{name}.docx").write_bytes(data)
        command = [program, f"-env:UserInstallation=file://{home}/profile", "--headless", "--convert-to", kind,
                   "--outdir", str(made), *[str(given / f"{name}.docx") for name in files]]  # fmt: skip
        world = {**os.environ, "HOME": str(home), "FONTCONFIG_FILE": str(home / "fonts.conf")}
        subprocess.run(command, env=world, check=True, capture_output=True, timeout=240)
        return {name: (made / f"{name}.{kind.split(':')[0]}").read_bytes() for name in files}

    return turned


@pytest.fixture(scope="module")
def shown(soffice: Soffice) -> dict[str, tuple[bytes, bytes]]:
    """Every document as our page and as LibreOffice's page of its DOCX."""
    theirs = soffice({name: letter_docx(letter, FAMILY) for name, letter in letters().items()}, "pdf")
    renderer = PdfRenderer()
    try:
        return {name: (renderer.letter(letter, at=MORNING).pdf, theirs[name]) for name, letter in letters().items()}
    finally:
        renderer.close()


@pytest.mark.parametrize("form", RULES)
def test_what_libreoffice_saves_is_still_known_as_ours(shown_again, form):
    before, after = shown_again[form]

    assert after.ours and (after.body, after.subject, after.addressed_to) == (
        before.body,
        before.subject,
        before.addressed_to,
    )


@pytest.fixture(scope="module")
def shown_again(soffice: Soffice) -> Iterator[dict[Form, tuple[WordText, WordText]]]:
    """What is read out of the typical document of every form, and out of what LibreOffice saves of it."""
    files = {form.value: letter_docx(typical(form), FAMILY) for form in RULES}
    desk, saved = WordDesk(), soffice(files, "docx:MS Word 2007 XML")
    try:
        yield {form: (desk(files[form.value]), desk(saved[form.value])) for form in RULES}
    finally:
        desk.close()


def lines_of(pdf: bytes, folder: Path) -> list[tuple[int, float, float, str]]:
    """The lines as (page, left, bottom, text without spaces)."""
    rows: list[tuple[int, float, list[tuple[float, str]]]] = []
    for page, left, _, _, bottom, text in lines_with_boxes(pdf, folder):
        row = next((row for row in rows if row[0] == page and abs(row[1] - bottom) < 3), None)
        if row is None:
            rows.append(row := (page, bottom, []))
        row[2].append((left, text))
    return [(page, min(words)[0], bottom, "".join(text for _, text in sorted(words))) for page, bottom, words in rows]


@pytest.mark.parametrize("name", [*SAMPLES, *HARD])
def test_a_word_processor_shows_the_pages_that_we_print(shown, name, tmp_path):
    """As many pages; and what stands on a line of its own stands within 2 mm of where the page has it."""
    ours, theirs = (lines_of(pdf, tmp_path) for pdf in shown[name])

    assert max(page for page, *_ in theirs) == max(page for page, *_ in ours)
    found = 0
    for page, left, bottom, text in ours:
        if name in LEFT_BEHIND and page > 0:
            continue
        same = [(x, y) for p, x, y, t in theirs if p == page and t == text]
        if len(same) == 1 and sum(t == text for p, _, _, t in ours if p == page) == 1:
            (x, y), found = same[0], found + 1
            assert abs(x - left) < 0.2 * paper.CM and abs(y - bottom) < 0.2 * paper.CM, text
    assert found >= min(5, len(ours) // 3)
