"""The words in files that others made, for finding them again. Runs only inside the child process of `quarantine.py`.

Nothing is shown and nothing is run: a file that is odd gives fewer words, or is refused with the words of `foreign.py`.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator

import pypdfium2 as pdfium
from lxml import etree
from openpyxl import load_workbook

from saraban.rendering.foreign import Arguments, Refused, picture

MOST_SIGNS = 200_000
MOST_PAGES = 400
MOST_PARTS = 2_000
LARGEST_PART = 60 * 2**20
LARGEST_INFLATED = 150 * 2**20
PICTURES = "\x01"
_FEW_SIGNS = 20
"""A page with fewer is a picture with a stamp or a page number."""
_SPLIT_SARA_AM = re.compile("ํ([่-๋]?)า")
_TEXT_PARTS = re.compile(
    r"word/(document|header\d*|footer\d*|footnotes|endnotes)\.xml|ppt/slides/slide\d+\.xml|content\.xml"
)
_ENDS = ("}p", "}h", "}br", "}tab", "}tc", "}cell", "}table-cell")
_PRINTED = re.compile(r"[^\x00-\x08\x0e-\x1f\x7f\ufffd]")


def file_words(data: bytes, arguments: Arguments) -> bytes:
    """The words of a PDF, a document, a sheet or a text in UTF-8, at most 200,000 characters; behind `PICTURES` where
    there are pages that are pictures. Refuses what is none of these ("no-words") and pictures ("picture")."""
    words = "".join(_until(MOST_SIGNS, _parts(data)))
    return _SPLIT_SARA_AM.sub(r"\1ำ", words).encode("utf-8", "replace")


def picture_pages(data: bytes, arguments: Arguments) -> bytes:
    """Which pages of a PDF show something and have no words, from 0, in ASCII with spaces between them."""
    pages = zip(_opened(data), _words_of_pages(_opened(data)), strict=False)
    return " ".join(str(number) for number, (page, words) in enumerate(pages) if _is_picture(page, words)).encode()


def page_grey(data: bytes, arguments: Arguments) -> bytes:
    """A page of a PDF as a grey PNG to be read by a machine. `page` counts from 0, `width` is in pixels."""
    out = io.BytesIO()
    picture(data, int(arguments["page"]), int(arguments["width"])).convert("L").save(out, "PNG", compress_level=1)
    return out.getvalue()


TASKS: dict[str, Callable[[bytes, Arguments], bytes]] = {
    "file_words": file_words,
    "picture_pages": picture_pages,
    "page_grey": page_grey,
}


def _parts(data: bytes) -> Iterator[str]:
    if data.startswith(b"%PDF-"):
        return _of_pdf(data)
    if data.startswith(b"PK"):
        return _of_package(data)
    if data.startswith((b"\xff\xd8\xff", b"\x89PNG", b"II*\x00", b"MM\x00*")) or data[8:12] == b"WEBP":
        raise Refused("picture")
    return iter([_of_text(data)])


def _of_pdf(data: bytes) -> Iterator[str]:
    document = _opened(data)
    pages = list(_words_of_pages(document))
    if any(_is_picture(document[number], words) for number, words in enumerate(pages)):
        yield PICTURES
    if any(map(_has_words, pages)):
        yield from (page + "\n" for page in pages)


def _words_of_pages(document: pdfium.PdfDocument) -> Iterator[str]:
    for number in range(min(len(document), MOST_PAGES)):
        text = document[number].get_textpage()
        yield text.get_text_range(0, min(text.count_chars(), MOST_SIGNS))


def _has_words(page: str) -> bool:
    return len("".join(page.split())) >= _FEW_SIGNS


def _is_picture(page: pdfium.PdfPage, words: str) -> bool:
    return not _has_words(words) and next(page.get_objects(max_depth=1), None) is not None


def _opened(data: bytes) -> pdfium.PdfDocument:
    try:
        return pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        raise Refused("encrypted" if "password" in str(error).lower() else "damaged") from error


def _of_package(data: bytes) -> Iterator[str]:
    """Word, PowerPoint and OpenDocument by their XML, sheets by their cells."""
    try:
        package = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError) as error:
        raise Refused("damaged") from error
    parts = package.infolist()
    sizes = [part.file_size for part in parts]
    if len(parts) > MOST_PARTS or max(sizes, default=0) > LARGEST_PART or sum(sizes) > LARGEST_INFLATED:
        raise Refused("bomb")
    if any(part.flag_bits & 1 for part in parts):
        raise Refused("encrypted")
    names = [part.filename for part in parts]
    if any(name.startswith("xl/worksheets/") for name in names):
        return _of_workbook(data)
    wanted = [name for name in names if _TEXT_PARTS.fullmatch(name)]
    if not wanted:
        raise Refused("no-words")
    return (text for name in wanted for text in _of_xml(package.read(name)))


def _of_xml(data: bytes) -> Iterator[str]:
    """The text between the tags, a new line where a paragraph or a cell ends. Entities are left unresolved."""
    events = etree.iterparse(io.BytesIO(data), events=("end",), resolve_entities=False, no_network=True, load_dtd=False)
    for _, element in events:
        if not isinstance(element.tag, str):
            continue
        if element.text and not element.tag.endswith("}instrText"):
            yield element.text
        if element.tag.endswith(_ENDS):
            yield "\n"
        if element.tail and element.tail.strip():
            yield element.tail
        element.clear()


def _of_workbook(data: bytes) -> Iterator[str]:
    book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
    for sheet in book.worksheets:
        sheet.reset_dimensions()
        for row in sheet.iter_rows(values_only=True):
            cells = [str(value) for value in row if value is not None]
            if cells:
                yield " ".join(cells) + "\n"


def _of_text(data: bytes) -> str:
    """A text in UTF-8, in UTF-16 with its mark, or in the Thai code page; refused when it is no text."""
    for coding in ("utf-16",) if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "cp874"):
        try:
            text = data[: 4 * MOST_SIGNS].decode(coding, "ignore" if len(data) > 4 * MOST_SIGNS else "strict")
        except UnicodeDecodeError:
            continue
        if text and len(_PRINTED.findall(text)) > 0.98 * len(text):
            return text
    raise Refused("no-words")


def _until(most: int, parts: Iterator[str]) -> Iterator[str]:
    left = most
    for part in parts:
        yield part[:left]
        left -= len(part)
        if left <= 0:
            return
