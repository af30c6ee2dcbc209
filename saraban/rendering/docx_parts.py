"""The parts of which a DOCX in Thai is made: paragraphs with the complex-script font, tabs, tables, what stands above
and below the text.

Word keeps two sets of properties for a run and uses the second, for complex scripts, where it sees Thai (ECMA-376-1,
17.3.2: rFonts/@cs, szCs, bCs); python-docx writes the first by itself, so both are written here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING, WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt, RGBColor

from saraban.rendering import paper
from saraban.rendering.body import Align, Table, Words
from saraban.rendering.body_table import ABOVE, PAD, RULE_DROP, column_widths
from saraban.rendering.shaping import Typeface
from saraban.rendering.thai import NBSP, thai_digits

_AFTER_SIZE = ("w:szCs", "w:highlight", "w:u", "w:effect", "w:bdr", "w:shd", "w:fitText", "w:vertAlign", "w:rtl",
               "w:cs", "w:em", "w:lang")  # fmt: skip
"""The order in which the schema has what stands behind the size of a run (ECMA-376-1, 17.3.2.28)."""
_AFTER_BORDERS = ("w:shd", "w:tabs", "w:suppressAutoHyphens", "w:kinsoku", "w:wordWrap", "w:overflowPunct",
                  "w:topLinePunct", "w:autoSpaceDE", "w:autoSpaceDN", "w:bidi", "w:adjustRightInd", "w:snapToGrid",
                  "w:spacing", "w:ind", "w:contextualSpacing", "w:mirrorIndents", "w:suppressOverlap", "w:jc",
                  "w:textDirection", "w:textAlignment", "w:textboxTightWrap", "w:outlineLvl", "w:divId", "w:cnfStyle",
                  "w:rPr", "w:sectPr", "w:pPrChange")  # fmt: skip
"""The same for what stands behind the borders of a paragraph (17.3.1.26)."""
_AFTER_PAGE_NUMBERS = ("w:cols", "w:formProt", "w:vAlign", "w:noEndnote", "w:titlePg", "w:textDirection", "w:bidi",
                       "w:rtlGutter", "w:docGrid", "w:printerSettings", "w:sectPrChange")  # fmt: skip
"""The same for what stands behind the way of numbering pages (17.6.17)."""
_ALIGNMENT = {
    Align.LEFT: WD_ALIGN_PARAGRAPH.LEFT,
    Align.CENTRE: WD_ALIGN_PARAGRAPH.CENTER,
    Align.RIGHT: WD_ALIGN_PARAGRAPH.RIGHT,
}
RISE, DEPTH = 0.8, 0.2
"""So much of a line of exact height lies above its baseline, and so much below."""
_SECRECY_LINE = 20.0
_HEADER = paper.PAGE_HEIGHT - paper.SECRECY_TOP_BASELINE - RISE * _SECRECY_LINE
"""From the upper edge to the words above the text, so that the secrecy stands where the page has it."""
TOP = 38.3
"""From the upper edge to the text: below the secrecy."""
_PAGE_NUMBER_TOP = paper.PAGE_HEIGHT - paper.PAGE_NUMBER_BASELINE - RISE * paper.LEADING
_BELOW_PAGE_NUMBER = 0.6 * paper.LEADING
_BELOW_CELL = RULE_DROP * paper.TYPE_SIZE - DEPTH * paper.LEADING


@dataclass(frozen=True)
class Stop:
    """A tab stop so far from the left margin; `centre`: words stand around it, `right`: they end there."""

    at: float
    centre: bool = False
    right: bool = False


@dataclass(frozen=True)
class Look:
    """How a run looks; `dotted`: on a dotted line."""

    size: float = paper.TYPE_SIZE
    bold: bool = False
    colour: tuple[float, float, float] = paper.BLACK
    dotted: bool = False


PLAIN = Look()


class DocxPage:
    """A document on A4 with the margins of a letter, filled from above to below. The text may reach as low as on the
    page, where the lowest baseline is 2 cm from the edge. Lines are exactly `leading` high, by the style "Normal":
    programs do not agree what single spacing of a Thai typeface is."""

    def __init__(self, family: str, face: Typeface, leading: float, *, title: str, author: str) -> None:
        self.face = face
        self._family = family
        self.document: Any = Document()
        self.document.core_properties.title = title
        self.document.core_properties.author = author
        self.document.core_properties.comments = ""
        section = self.section = self.document.sections[0]
        section.page_width, section.page_height = Pt(paper.PAGE_WIDTH), Pt(paper.PAGE_HEIGHT)
        section.left_margin, section.right_margin = Pt(paper.LEFT), Pt(paper.PAGE_WIDTH - paper.RIGHT)
        section.top_margin, section.bottom_margin = Pt(TOP), Pt(paper.BOTTOM - DEPTH * leading)
        section.header_distance = Pt(_HEADER)
        section.footer_distance = Pt(paper.SECRECY_BOTTOM_BASELINE - DEPTH * _SECRECY_LINE)
        section.different_first_page_header_footer = True
        normal = self.document.styles["Normal"]
        normal.paragraph_format.space_after = normal.paragraph_format.space_before = Pt(0)
        normal.paragraph_format.line_spacing_rule = WD_LINE_SPACING.EXACTLY
        normal.paragraph_format.line_spacing = Pt(leading)
        normal.paragraph_format.widow_control = True
        self._set_font(normal, paper.TYPE_SIZE)
        _set_layout_of_word(self.document)

    def save(self, out: Any) -> None:
        """Write the file."""
        self.document.save(out)

    # --- paragraphs -------------------------------------------------------------------------------------------

    def line(
        self,
        text: str = "",
        look: Look = PLAIN,
        *,
        into: Any = None,
        left: float = 0.0,
        right: float = 0.0,
        first: float = 0.0,
        before: float = 0.0,
        exact: float = 0.0,
        align: Any = None,
        stops: Sequence[Stop] = (),
        keep: bool = False,
        breaks: bool = False,
    ) -> Any:
        """A paragraph, at the end of the document or of `into` (a cell, a header). `left`, `right` and `first`: its
        indents in points; `exact`: the height of its lines, 0 for that of the document; `keep`: it stays with the next;
        `breaks`: a page begins with it."""
        paragraph = (into or self.document).add_paragraph()
        form = paragraph.paragraph_format
        form.keep_with_next, form.page_break_before = keep or None, breaks or None
        if before > 0.04:
            form.space_before = Pt(before)
        if exact:
            form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(exact)
        for name, value in (("left_indent", left), ("right_indent", right), ("first_line_indent", first)):
            if abs(value) > 0.04:
                setattr(form, name, Pt(value))
        if align is not None:
            paragraph.alignment = align
        for stop in stops:
            kind = WD_TAB_ALIGNMENT.CENTER if stop.centre else WD_TAB_ALIGNMENT.LEFT
            kind = WD_TAB_ALIGNMENT.RIGHT if stop.right else kind
            form.tab_stops.add_tab_stop(Pt(stop.at), kind)
        if text:
            self.add(paragraph, text, look)
        return paragraph

    def rule(self, paragraph: Any) -> None:
        """Draw a line below a paragraph, as long as it is wide."""
        properties = paragraph._p.get_or_add_pPr()
        borders, edge = OxmlElement("w:pBdr"), OxmlElement("w:bottom")
        for name, value in (("val", "single"), ("sz", str(round(paper.RULE_WEIGHT * 8))), ("space", "0"),
                            ("color", "000000")):  # fmt: skip
            edge.set(qn(f"w:{name}"), value)
        borders.append(edge)
        properties.insert_element_before(borders, *_AFTER_BORDERS)

    # --- tables -----------------------------------------------------------------------------------------------

    def table(self, table: Table) -> None:
        """A table of the text: as wide as the text, ruled, its captions repeated on every page."""
        rows = [*([table.head] if table.has_head else []), *table.rows]
        widths = column_widths(table, self.face)
        made = self.document.add_table(len(rows), len(widths), "Table Grid")
        made.autofit = False
        _set_edges(made, {"top": ABOVE - _BELOW_CELL, "left": PAD, "bottom": _BELOW_CELL, "right": PAD})
        for column, width in zip(made.columns, widths, strict=True):
            column.width = Pt(width)
        for number, cells in enumerate(rows):
            is_head = table.has_head and number == 0
            row = made.rows[number]
            _mark_row(row, "w:cantSplit")
            if is_head:
                _mark_row(row, "w:tblHeader")
            for cell, words, align, width in zip(row.cells, cells, table.columns, widths, strict=True):
                cell.width = Pt(width)
                paragraph = self.line(into=cell, align=_ALIGNMENT[Align.CENTRE if is_head else align], keep=is_head)
                cell._tc.remove(cell.paragraphs[0]._p)
                self.add_runs(paragraph, runs_of(words), bold=is_head)

    # --- above and below the text -----------------------------------------------------------------------------

    def above_and_below(self, secrecy: str, urgency: str) -> float:
        """Above every page but the first its number, as in "- ๒ -"; above and below every page the secrecy in large red
        type (clause 28); above the first page the urgency, when it is to stand there. Returns how far from the upper
        edge the text begins on the first page."""
        section, red = self.section, Look(paper.SECRECY_SIZE, bold=True, colour=paper.RED)
        places = (section.header, section.first_page_header, section.footer, section.first_page_footer)
        for place in places:
            place.is_linked_to_previous = False
            if secrecy:
                self.line(secrecy, red, into=place, align=WD_ALIGN_PARAGRAPH.CENTER, exact=_SECRECY_LINE)
        if thai_digits("2") == "๒":
            digits = OxmlElement("w:pgNumType")
            digits.set(qn("w:fmt"), "thaiNumbers")
            section._sectPr.insert_element_before(digits, *_AFTER_PAGE_NUMBERS)
        self._page_number(_PAGE_NUMBER_TOP - _HEADER - (_SECRECY_LINE if secrecy else 0.0))
        begins = TOP
        if urgency:
            high = 22.5 if secrecy else 36.0
            above = _HEADER + (_SECRECY_LINE if secrecy else 0.0)
            top = max(above, paper.PAGE_HEIGHT - paper.URGENCY_ON_PLAIN_PAPER - RISE * high)
            self.line(
                urgency, Look(paper.URGENCY_SIZE, bold=True, colour=paper.RED), into=section.first_page_header,
                before=top - above, exact=high,
            )  # fmt: skip
            begins = top + high
        for place in places:
            first = place.paragraphs[0]
            if len(place.paragraphs) > 1:
                place._element.remove(first._p)
            else:
                first.paragraph_format.line_spacing_rule = WD_LINE_SPACING.EXACTLY
                first.paragraph_format.line_spacing = Pt(1)
        return begins

    def _page_number(self, before: float) -> None:
        paragraph = self.line("- ", into=self.section.header, align=WD_ALIGN_PARAGRAPH.CENTER, before=before)
        paragraph.paragraph_format.space_after = Pt(_BELOW_PAGE_NUMBER)
        field = OxmlElement("w:fldSimple")
        field.set(qn("w:instr"), "PAGE")
        run, text = OxmlElement("w:r"), OxmlElement("w:t")
        text.text = thai_digits("2")
        run.append(text)
        field.append(run)
        paragraph._p.append(field)
        self.add(paragraph, " -")

    # --- runs -------------------------------------------------------------------------------------------------

    def add_runs(self, paragraph: Any, runs: Iterable[tuple[str, bool]], *, bold: bool = False) -> None:
        """More words at the end of a paragraph, some of them bold."""
        for text, is_bold in runs:
            self.add(paragraph, text, Look(bold=is_bold or bold))

    def add(self, paragraph: Any, text: str, look: Look = PLAIN) -> None:
        """More words at the end of a paragraph."""
        run = paragraph.add_run(text)
        if look.size != paper.TYPE_SIZE:
            self._set_font(run, look.size)
        if look.bold:
            run.font.bold = run.font.cs_bold = True
        if look.colour != paper.BLACK:
            run.font.color.rgb = RGBColor(*(round(255 * part) for part in look.colour))
        if look.dotted:
            _put(run._r.get_or_add_rPr(), "w:u", val="dotted")

    def _set_font(self, place: Any, size: float) -> None:
        """The family and the size of a style or a run, for Latin and for complex scripts."""
        half = max(2, round(size * 2))
        place.font.name, place.font.size = self._family, Pt(half / 2)
        properties = (place._r if hasattr(place, "_r") else place.element).get_or_add_rPr()
        fonts = properties.get_or_add_rFonts()
        for kind in ("ascii", "hAnsi", "cs", "eastAsia"):
            fonts.set(qn(f"w:{kind}"), self._family)
        for kind in ("asciiTheme", "hAnsiTheme", "cstheme", "eastAsiaTheme"):
            fonts.attrib.pop(qn(f"w:{kind}"), None)
        _put(properties, "w:szCs", val=str(half))
        _put(properties, "w:lang", val="en-US", bidi="th-TH")


def runs_of(words: Words) -> Iterable[tuple[str, bool]]:
    """Runs with Thai digits. Where the page keeps a number and its words together there is a plain space."""
    return list(Words(thai_digits(words.text).replace(NBSP, " "), words.bold).runs())


def _put(properties: Any, tag: str, **values: str) -> None:
    element = properties.find(qn(tag))
    if element is None:
        element = OxmlElement(tag)
        properties.insert_element_before(element, *_AFTER_SIZE[_AFTER_SIZE.index(tag) + 1 :])
    for name, value in values.items():
        element.set(qn(f"w:{name}"), value)


def _mark_row(row: Any, tag: str) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement(tag))


def _set_edges(table: Any, edges: dict[str, float]) -> None:
    """The white inside the cells of a table, in points (17.4.42); the table begins at the margin."""
    properties = table._tbl.tblPr
    look = properties.find(qn("w:tblLook"))
    at = len(properties) if look is None else properties.index(look)
    margins = OxmlElement("w:tblCellMar")
    for side, points in edges.items():
        edge = OxmlElement(f"w:{side}")
        edge.set(qn("w:w"), str(round(points * 20)))
        edge.set(qn("w:type"), "dxa")
        margins.append(edge)
    properties.insert(at, margins)


def _set_layout_of_word(document: Any) -> None:
    """Laid out as Word does since 2013, not as in files of before (MS-DOCX, 2.6.1): tables begin at the margin."""
    settings = document.settings.element
    settings.find(qn("w:zoom")).set(qn("w:percent"), "100")
    for setting in settings.iter(qn("w:compatSetting")):
        if setting.get(qn("w:name")) == "compatibilityMode":
            setting.set(qn("w:val"), "15")
