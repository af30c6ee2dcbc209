"""The parts of which a DOCX in Thai is made: paragraphs with the complex-script font, tabs, tables, page numbers.

Word keeps two sets of properties for a run and uses the second, for complex scripts, where it sees Thai (ECMA-376-1,
17.3.2: rFonts/@cs, szCs, bCs); python-docx writes the first by itself, so both are written here.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from typing import Any

from docx import Document
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt, RGBColor

from saraban.rendering import paper
from saraban.rendering.body import Align, Block, PageBreak, Table, Words, read_body
from saraban.rendering.body_table import column_widths
from saraban.rendering.shaping import Typeface
from saraban.rendering.thai import NBSP, thai_digits

Runs = Iterable[tuple[str, bool]]
_RED = RGBColor(*(round(255 * part) for part in paper.RED))
_AFTER_SIZE = ("w:szCs", "w:highlight", "w:u", "w:effect", "w:bdr", "w:shd", "w:fitText", "w:vertAlign", "w:rtl",
               "w:cs", "w:em", "w:lang")  # fmt: skip
"""The order in which the schema has what stands behind the size of a run (ECMA-376-1, 17.3.2.28)."""
_ALIGNMENT = {
    Align.LEFT: WD_ALIGN_PARAGRAPH.LEFT,
    Align.CENTRE: WD_ALIGN_PARAGRAPH.CENTER,
    Align.RIGHT: WD_ALIGN_PARAGRAPH.RIGHT,
}


class DocxPage:
    """A document on A4 with the margins of a letter, filled from above to below."""

    def __init__(self, family: str, face: Typeface, *, title: str, author: str) -> None:
        self.face = face
        self._family = family
        self._document: Any = Document()
        self._document.core_properties.title = title
        self._document.core_properties.author = author
        section = self._document.sections[0]
        section.page_width, section.page_height = Pt(paper.PAGE_WIDTH), Pt(paper.PAGE_HEIGHT)
        section.left_margin, section.right_margin = Pt(paper.LEFT), Pt(paper.PAGE_WIDTH - paper.RIGHT)
        section.top_margin, section.bottom_margin = Pt(paper.PAGE_HEIGHT - paper.GARUDA_TOP), Pt(paper.BOTTOM)
        section.header_distance = Pt(0.8 * paper.CM)
        section.footer_distance = Pt(0.8 * paper.CM)
        section.different_first_page_header_footer = True
        normal = self._document.styles["Normal"]
        normal.paragraph_format.space_after = normal.paragraph_format.space_before = Pt(0)
        normal.paragraph_format.line_spacing = 1.0
        self._set_font(normal, paper.TYPE_SIZE)
        self._section = section

    def save(self, out: Any) -> None:
        """Write the file."""
        self._document.save(out)

    # --- paragraphs -------------------------------------------------------------------------------------------

    def line(
        self,
        runs: Runs | str,
        *,
        into: Any = None,
        left: float = 0.0,
        first: float = 0.0,
        before: float = 0.0,
        align: Any = None,
        tabs: Sequence[tuple[float, bool]] = (),
        size: float = paper.TYPE_SIZE,
        bold: bool = False,
        red: bool = False,
        keep: bool = False,
        breaks: bool = False,
    ) -> Any:
        """A paragraph, at the end of the document or of `into` (a cell, a header). `left` and `first`: its indents from
        the left margin in points; `tabs`: stops as (distance from the margin, with dots up to it); `keep`: it stays
        with the next; `breaks`: a page begins with it."""
        paragraph = (into or self._document).add_paragraph()
        form = paragraph.paragraph_format
        form.left_indent, form.first_line_indent, form.space_before = Pt(left), Pt(first), Pt(before)
        form.keep_with_next, form.page_break_before = keep or None, breaks or None
        if align is not None:
            paragraph.alignment = align
        for at, dots in tabs:
            form.tab_stops.add_tab_stop(
                Pt(at),
                WD_TAB_ALIGNMENT.RIGHT if dots and at >= paper.TEXT_WIDTH else WD_TAB_ALIGNMENT.LEFT,
                WD_TAB_LEADER.DOTS if dots else WD_TAB_LEADER.SPACES,
            )
        for text, is_bold in [(runs, bold)] if isinstance(runs, str) else runs:
            self.add(paragraph, text, size=size, bold=is_bold or bold, red=red)
        return paragraph

    def body(self, body: str) -> None:
        """The text of a letter: its paragraphs spread as Thai is, its tables ruled, its page breaks."""
        breaks = False
        for block in read_body(body):
            if isinstance(block, PageBreak):
                breaks = True
                continue
            self._block(block, breaks=breaks)
            breaks = False

    def _block(self, block: Block, *, breaks: bool) -> None:
        if isinstance(block, Table):
            # A table cannot ask for a page of its own; the small line above it does.
            self.line("", breaks=breaks, size=paper.BEFORE)
            self._table(block)
            self.line("", size=paper.BEFORE)
        elif not isinstance(block, PageBreak):
            self.line(
                _runs(block.words),
                first=paper.FIRST_LINE_INDENT + paper.LEVEL_INDENT * block.level,
                before=paper.BEFORE if block.opens else 0.0,
                align=WD_ALIGN_PARAGRAPH.THAI_JUSTIFY,
                breaks=breaks,
            )

    # --- tables -----------------------------------------------------------------------------------------------

    def _table(self, table: Table) -> None:
        rows = [*([table.head] if table.has_head else []), *table.rows]
        made = self._grid(len(rows), column_widths(table, self.face), ruled=True)
        for number, cells in enumerate(rows):
            is_head = table.has_head and number == 0
            row = made.rows[number]
            _mark_row(row, "w:cantSplit")
            if is_head:
                _mark_row(row, "w:tblHeader")
            for cell, words, align in zip(row.cells, cells, table.columns, strict=True):
                self.fill(cell, _runs(words), align=_ALIGNMENT[Align.CENTRE if is_head else align], bold=is_head)

    def beside(self, widths: Sequence[float]) -> Sequence[Any]:
        """Cells beside one another without rules, whose words stand at the bottom."""
        cells: Sequence[Any] = self._grid(1, widths, ruled=False).rows[0].cells
        for cell in cells:
            cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.BOTTOM
        return cells

    def fill(self, cell: Any, runs: Runs | str, **how: Any) -> Any:
        """Put the first paragraph into a cell."""
        paragraph = self.line(runs, into=cell, **how)
        cell._tc.remove(cell.paragraphs[0]._p)
        return paragraph

    def picture(self, paragraph: Any, png: bytes, height: float) -> None:
        """A picture in a paragraph, so many points high."""
        paragraph.add_run().add_picture(io.BytesIO(png), height=Pt(height))

    def _grid(self, rows: int, widths: Sequence[float], *, ruled: bool) -> Any:
        table = self._document.add_table(rows, len(widths), "Table Grid" if ruled else None)
        table.autofit = False
        for column, width in zip(table.columns, widths, strict=True):
            column.width = Pt(width)
            for cell in column.cells:
                cell.width = Pt(width)
        if not ruled:
            _without_padding(table)
        return table

    # --- above and below the text -----------------------------------------------------------------------------

    def page_numbers(self) -> None:
        """As in "- ๒ -" at the top of every page but the first."""
        header = self._section.header
        paragraph = self.line("- ", into=header, align=WD_ALIGN_PARAGRAPH.CENTER)
        header._element.remove(header.paragraphs[0]._p)
        paragraph.paragraph_format.space_before = Pt(paper.CM)
        paragraph.paragraph_format.space_after = Pt(paper.CM)
        field = OxmlElement("w:fldSimple")
        field.set(qn("w:instr"), r"PAGE \* ThaiArabic")
        run = OxmlElement("w:r")
        text = OxmlElement("w:t")
        text.text = "๒"
        run.append(text)
        field.append(run)
        paragraph._p.append(field)
        self.add(paragraph, " -")

    def on_every_page(self, words: str) -> None:
        """Words in large red type above and below every page (clause 28)."""
        section = self._section
        for place in (section.header, section.first_page_header, section.footer, section.first_page_footer):
            place.is_linked_to_previous = False
            above = self.line(words, into=place, align=WD_ALIGN_PARAGRAPH.CENTER, size=paper.SECRECY_SIZE, bold=True,
                              red=True)  # fmt: skip
            place._element.insert(0, above._p)

    # --- runs -------------------------------------------------------------------------------------------------

    def add(
        self, paragraph: Any, text: str, *, size: float = paper.TYPE_SIZE, bold: bool = False, red: bool = False
    ) -> None:
        """More words at the end of a paragraph."""
        run = paragraph.add_run(text)
        if size != paper.TYPE_SIZE:
            self._set_font(run, size)
        if bold:
            run.font.bold = run.font.cs_bold = True
        if red:
            run.font.color.rgb = _RED

    def _set_font(self, place: Any, size: float) -> None:
        """The family and the size of a style or a run, for Latin and for complex scripts."""
        place.font.name, place.font.size = self._family, Pt(size)
        properties = (place._r if hasattr(place, "_r") else place.element).get_or_add_rPr()
        fonts = properties.get_or_add_rFonts()
        for kind in ("ascii", "hAnsi", "cs", "eastAsia"):
            fonts.set(qn(f"w:{kind}"), self._family)
        for kind in ("asciiTheme", "hAnsiTheme", "cstheme", "eastAsiaTheme"):
            fonts.attrib.pop(qn(f"w:{kind}"), None)
        _put(properties, "w:szCs", val=str(round(size * 2)))
        _put(properties, "w:lang", val="en-US", bidi="th-TH")


def _runs(words: Words) -> Runs:
    """Runs with Thai digits. A number and its words keep together by the no-break space that `body` put there."""
    text = Words(thai_digits(words.text).replace(NBSP, " "), words.bold)
    return list(text.runs())


def _put(properties: Any, tag: str, **values: str) -> None:
    element = properties.find(qn(tag))
    if element is None:
        element = OxmlElement(tag)
        properties.insert_element_before(element, *_AFTER_SIZE[_AFTER_SIZE.index(tag) + 1 :])
    for name, value in values.items():
        element.set(qn(f"w:{name}"), value)


def _mark_row(row: Any, tag: str) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement(tag))


def _without_padding(table: Any) -> None:
    """Cells whose words begin at their edges."""
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        edge = OxmlElement(f"w:{side}")
        edge.set(qn("w:w"), "0")
        edge.set(qn("w:type"), "dxa")
        margins.append(edge)
    properties = table._tbl.tblPr
    look = properties.find(qn("w:tblLook"))
    properties.insert(len(properties) if look is None else properties.index(look), margins)
