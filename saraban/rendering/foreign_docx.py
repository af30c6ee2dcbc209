"""What is done to DOCX files that others made: their text in the subset that a letter's text may hold. Runs only inside
the child process of `quarantine.py`.

A package is looked through before anything in it is parsed: python-docx would inflate a part whole.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Callable, Iterator
from typing import Any

from docx import Document
from docx.oxml.ns import qn

from saraban.rendering.body import Block, PageBreak, Paragraph, Words, is_item
from saraban.rendering.body_writing import write_body
from saraban.rendering.docx_origin import Origin, body_of, origin_of, written_in_part
from saraban.rendering.foreign import Arguments, Refused
from saraban.rendering.foreign_docx_left import left_out
from saraban.rendering.foreign_docx_table import has_joined_cells, read_table
from saraban.rendering.foreign_numbers import Numbering
from saraban.rendering.thai import clean

MOST_PARTS = 2_000
LARGEST_PART = 40 * 2**20
LARGEST_INFLATED = 120 * 2**20
_MOST_RATIO = 300
MOST_CHARACTERS = 200_000
_PARTED = "ช่องที่รวมกันในตารางถูกแยก"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_BANNED = re.compile(r"vbaProject|activeX|\.bin$", re.IGNORECASE)
_DECLARED = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)


def read_docx(data: bytes, arguments: Arguments) -> bytes:
    """The text of the file as a letter's body, and what stayed behind, as JSON of `WordText`. Styles, pictures,
    comments, what was deleted and what is hidden stay behind; numbers of lists become words. Of a file that was made
    here the head and the ending are the form's: only the text, the subject and the addressee are taken out."""
    if data.startswith(_OLE):
        raise Refused("encrypted" if "EncryptedPackage".encode("utf-16-le") in data else "old-word")
    _look_through(data)
    document = Document(io.BytesIO(data))
    origin = origin_of(document)
    inside = body_of(document.element.body) if origin is not None else None
    ours = origin if inside is not None else None
    reader = _Reader(document)
    text = clean(write_body(list(reader.blocks(document.element.body if inside is None else inside)))).strip()
    if not text:
        raise Refused("empty-word")
    said: dict[str, Any] = {
        "body": text,
        **_head(document, reader, ours),
        "left_out": left_out(document, ours=ours is not None),
    }
    said["adjusted"] = [_PARTED] if has_joined_cells(document.element.body if inside is None else inside) else []
    return json.dumps({**said, "ours": ours is not None}, ensure_ascii=False).encode()


TASKS: dict[str, Callable[[bytes, Arguments], bytes]] = {"read_docx": read_docx}


def _head(document: Any, reader: _Reader, origin: Origin | None) -> dict[str, str]:
    """The subject and the addressee of a file that was made here, as they stand in it now."""
    if origin is None:
        return {"subject": "", "addressed_to": ""}
    out = {}
    for part, field in (("subject", "subject"), ("salutation", "addressed_to")):
        paragraphs = written_in_part(document.element.body, part)
        words = " ".join(filter(None, (reader.words(paragraph) for paragraph in paragraphs)))
        was = getattr(origin, part)
        bare = _CAPTION.sub("", words) if part == "subject" else words
        # The page may have parted the words into lines, or written them with other digits: then nothing was changed.
        out[field] = was if _letters(was) in (_letters(words), _letters(bare)) else bare
    return out


_CAPTION = re.compile("^(?:เรื่อง|ว่าด้วย|รายงานการประชุม)\\s*")
_ARABIC = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")


def _letters(text: str) -> str:
    return "".join(text.translate(_ARABIC).split()).removeprefix("ถึง").removeprefix("การประชุม")


def _look_through(data: bytes) -> None:
    """Refuse what is no document, what runs, and what grows beyond measure when it is inflated."""
    try:
        package = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError) as error:
        raise Refused("not-word") from error
    parts = package.infolist()
    names = [part.filename for part in parts]
    if "[Content_Types].xml" not in names or not any(name.startswith("word/") for name in names):
        raise Refused("not-word")
    if any(part.flag_bits & 1 for part in parts):
        raise Refused("encrypted")
    if len(set(names)) != len(names):
        raise Refused("damaged")
    sizes = [part.file_size for part in parts]
    if len(parts) > MOST_PARTS or max(sizes) > LARGEST_PART or sum(sizes) > LARGEST_INFLATED:
        raise Refused("bomb")
    if any(part.file_size > 2**20 and part.file_size > _MOST_RATIO * max(part.compress_size, 1) for part in parts):
        raise Refused("bomb")
    if any(_BANNED.search(name) for name in names):
        raise Refused("macros")
    for name in names:
        if name.endswith((".xml", ".rels")) and _DECLARED.search(package.read(name)):
            raise Refused("declared")


class _Reader:
    """Reads one document from above to below."""

    def __init__(self, document: Any) -> None:
        self._numbering = Numbering(document)
        self._bold_styles = _bold_styles(document)
        self._characters = 0

    def blocks(self, parent: Any) -> Iterator[Block]:
        """What stands in the document, or in a content control of it."""
        before: Block | None = None
        for child in _joined_paragraphs(parent):
            for block in self._of(child):
                if isinstance(block, Paragraph):
                    opens = not (isinstance(before, Paragraph) and is_item(block.words.text))
                    block = Paragraph(block.words, opens=opens)
                yield block
                before = block

    def _of(self, child: Any) -> Iterator[Block]:
        if child.tag == qn("w:p"):
            yield from self._paragraph(child)
        elif child.tag == qn("w:tbl"):
            table = read_table(child, self._cell)
            if table is not None:
                yield table
        elif child.tag in (qn("w:sdt"), qn("w:sdtContent"), qn("w:ins"), qn("w:customXml")):
            for inner in child:
                yield from self._of(inner)

    def _paragraph(self, element: Any) -> Iterator[Block]:
        """A paragraph, parted where a page ends inside it."""
        if _is_on(element.find(f"{qn('w:pPr')}/{qn('w:pageBreakBefore')}")):
            yield PageBreak()
        runs = [(self._numbering.mark(element), False), *self._runs(element)]
        part: list[tuple[str, bool]] = []
        for text, bold in runs:
            if text == "\f":
                yield from _whole(part)
                yield PageBreak()
                part = []
            else:
                part.append((text, bold))
        yield from _whole(part)

    def _runs(self, element: Any) -> Iterator[tuple[str, bool]]:
        """The runs of a paragraph, "\\f" where a page ends."""
        style = element.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
        by_style = style is not None and style.get(qn("w:val")) in self._bold_styles
        for run in element.iter(qn("w:r")):
            if any(one.tag in (qn("w:del"), qn("w:moveFrom"), qn("w:txbxContent")) for one in run.iterancestors()):
                continue
            properties = run.find(qn("w:rPr"))
            if properties is not None and _is_on(properties.find(qn("w:vanish"))):
                continue
            yield from self._pieces(run, bold=_is_bold(properties, otherwise=by_style))

    def _pieces(self, run: Any, *, bold: bool) -> Iterator[tuple[str, bool]]:
        for child in run:
            if child.tag == qn("w:t"):
                self._characters += len(child.text or "")
                if self._characters > MOST_CHARACTERS:
                    raise Refused("too-much-text")
                yield child.text or "", bold
            elif child.tag == qn("w:br"):
                yield ("\f" if child.get(qn("w:type")) == "page" else "\n"), bold
            elif child.tag in (qn("w:tab"), qn("w:cr")):
                yield (" " if child.tag == qn("w:tab") else "\n"), bold
            elif child.tag == qn("w:noBreakHyphen"):
                yield "-", bold

    def words(self, paragraph: Any) -> str:
        """The words of one paragraph on one line."""
        return " ".join("".join(text for text, _ in self._runs(paragraph)).split())

    def _cell(self, cell: Any) -> Words:
        runs: list[tuple[str, bool]] = []
        for paragraph in cell.iter(qn("w:p")):
            runs += [(" ", False), (self._numbering.mark(paragraph), False)]
            runs += [(" " if text in "\f\n" else text, bold) for text, bold in self._runs(paragraph)]
        return _joined(runs)


def _joined_paragraphs(parent: Any) -> Iterator[Any]:
    """What stands in a parent, paragraphs whose end was deleted while changes were tracked joined to the next."""
    open_ended: Any = None
    for child in list(parent):
        if child.tag != qn("w:p"):
            if open_ended is not None and child.tag not in _MARKS:
                yield open_ended
                open_ended = None
            yield child
            continue
        if open_ended is not None:
            open_ended.extend([one for one in child if one.tag != qn("w:pPr")])
        whole = child if open_ended is None else open_ended
        is_open = child.find(f"{qn('w:pPr')}/{qn('w:rPr')}/{qn('w:del')}") is not None
        open_ended = whole if is_open else None
        if not is_open:
            yield whole
    if open_ended is not None:
        yield open_ended


_MARKS = {qn("w:bookmarkStart"), qn("w:bookmarkEnd"), qn("w:proofErr"), qn("w:commentRangeStart"),
          qn("w:commentRangeEnd")}  # fmt: skip


def _whole(runs: list[tuple[str, bool]]) -> Iterator[Paragraph]:
    words = _joined(runs)
    if words.text:
        yield Paragraph(words)


def _joined(runs: list[tuple[str, bool]]) -> Words:
    """Runs as words with single spaces, without those at the edges of lines."""
    text = ""
    bold: list[tuple[int, int]] = []
    for piece, is_bold in runs:
        start = len(text)
        for letter in clean(piece) if piece != "\n" else piece:
            if letter in " \u00a0":
                text += "" if not text or text[-1] in " \n" else " "
            else:
                text += letter
        if is_bold and len(text) > start:
            if bold and bold[-1][1] == start:
                bold[-1] = (bold[-1][0], len(text))
            else:
                bold.append((start, len(text)))
    end = len(text.rstrip())
    return Words(text[:end], tuple((a, min(b, end)) for a, b in bold if a < end))


def _bold_styles(document: Any) -> set[str]:
    """The paragraph styles that are bold by themselves or by those on which they stand."""
    styles = {style.style_id: style for style in document.styles if style.type == 1}
    out = set()
    for name, style in styles.items():
        for _ in range(12):
            if style is None:
                break
            if style.font.bold is not None or style.font.cs_bold is not None:
                if style.font.bold or style.font.cs_bold:
                    out.add(name)
                break
            style = style.base_style
    return out


def _is_bold(properties: Any, *, otherwise: bool) -> bool:
    """Thai is bold by w:bCs and Latin by w:b; either tells what the writer meant."""
    said = [] if properties is None else [one for one in (properties.find(qn("w:b")), properties.find(qn("w:bCs")))
                                          if one is not None]  # fmt: skip
    return any(map(_is_on, said)) if said else otherwise


def _is_on(element: Any) -> bool:
    return element is not None and element.get(qn("w:val"), "1") not in ("0", "false", "off")
