"""How a DOCX of ours is known when it comes back: properties that say of which form it is and what stood in its head
(ECMA-376-1, 22.3), and bookmarks around the parts that may be taken out of it (17.13.6)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape

from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import qn

PARTS = ("subject", "salutation", "body")
"""What has a bookmark."""
_KIND = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/custom-properties"
_MEDIA = "application/vnd.openxmlformats-officedocument.custom-properties+xml"
_SPACE = "http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"
_TYPES = "http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes"
_ANY_SET = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}"
_NAMES = {"form": "SarabanForm", "subject": "SarabanSubject", "salutation": "SarabanSalutation"}


@dataclass(frozen=True)
class Origin:
    """The form by its code, and the subject and the salutation as they were when the file was made."""

    form: str
    subject: str
    salutation: str


def put_origin(document: Any, origin: Origin) -> None:
    """Say it in the document."""
    properties = "".join(
        f'<property fmtid="{_ANY_SET}" pid="{number}" name="{name}"><vt:lpwstr>{escape(getattr(origin, field))}'
        "</vt:lpwstr></property>"
        for number, (field, name) in enumerate(_NAMES.items(), start=2)
    )
    xml = (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
        f'<Properties xmlns="{_SPACE}" xmlns:vt="{_TYPES}">{properties}</Properties>'
    )
    package = document.part.package
    package.relate_to(Part(PackURI("/docProps/custom.xml"), _MEDIA, xml.encode(), package), _KIND)


def origin_of(document: Any) -> Origin | None:
    """What a document says of itself; None when it is none of ours."""
    parts = [
        rel.target_part for rel in document.part.package.rels.values() if rel.reltype == _KIND and not rel.is_external
    ]
    said = {}
    for one in parse_xml(parts[0].blob).iter(f"{{{_SPACE}}}property") if parts else ():
        said[one.get("name", "")] = "".join(one.itertext())
    form = said.get(_NAMES["form"], "")
    return Origin(form, *(said.get(_NAMES[field], "") for field in ("subject", "salutation"))) if form else None


def bookmark(paragraphs: Sequence[Any], part: str) -> None:
    """Put a bookmark around what stands in these paragraphs. That of the text reaches from the end of the paragraph
    before it to the begin of the one behind it: what is written at its edges is inside."""
    number = str(PARTS.index(part) + 1)
    start, end = OxmlElement("w:bookmarkStart"), OxmlElement("w:bookmarkEnd")
    for one in (start, end):
        one.set(qn("w:id"), number)
    start.set(qn("w:name"), name_of(part))
    before, behind = (_paragraph_by(paragraphs[at], step) for at, step in ((0, -1), (-1, 1)))
    if part == "body" and before is not None:
        before.append(start)
    else:
        _put_first(paragraphs[0], start)
    if part == "body" and behind is not None:
        _put_first(behind, end)
    else:
        paragraphs[-1].append(end)


def _put_first(paragraph: Any, mark: Any) -> None:
    properties = paragraph.find(qn("w:pPr"))
    paragraph.insert(0 if properties is None else paragraph.index(properties) + 1, mark)


def _paragraph_by(element: Any, step: int) -> Any:
    """The paragraph of the document beside that in which, or in whose table, this one stands; None when there is
    none."""
    while element.getparent().tag != qn("w:body"):
        element = element.getparent()
    beside = element.getprevious() if step < 0 else element.getnext()
    return beside if beside is not None and beside.tag == qn("w:p") else None


def name_of(part: str) -> str:
    """The name of the bookmark of a part."""
    return f"Saraban_{part}"


def body_of(body: Any) -> list[Any] | None:
    """What of a document of ours is the letter's text; None when that cannot be told any more."""
    marks = _marks(body, "body")
    if marks is None:
        return None
    start, end = marks
    children = list(body)
    first, last = (children.index(_child(body, mark)) for mark in marks)
    if start.getparent() is body or not _has_words(start.itersiblings()):
        first += 1
    if end.getparent() is body or not _has_words(end.itersiblings(preceding=True)):
        last -= 1
    return children[first : last + 1] if first <= last else None


def written_in_part(body: Any, part: str) -> list[Any]:
    """The paragraphs that a bookmark reaches over."""
    marks = _marks(body, part)
    if marks is None:
        return []
    children = list(body)
    first, last = (children.index(_child(body, mark)) for mark in marks)
    return [one for one in children[first : min(last, first + _MOST_PARAGRAPHS) + 1] if one.tag == qn("w:p")]


_MOST_PARAGRAPHS = 8


def _marks(body: Any, part: str) -> tuple[Any, Any] | None:
    """Where a bookmark begins and ends. LibreOffice writes some as two without length, one at either place."""
    starts = [one for one in body.iter(qn("w:bookmarkStart")) if one.get(qn("w:name")) == name_of(part)]
    if not starts:
        return None
    number = starts[-1].get(qn("w:id"))
    end = next((one for one in body.iter(qn("w:bookmarkEnd")) if one.get(qn("w:id")) == number), None)
    return None if end is None else (starts[0], end)


def _child(body: Any, element: Any) -> Any:
    """What stands right in the body, and this in it."""
    while element.getparent() is not body:
        element = element.getparent()
    return element


def _has_words(elements: Iterable[Any]) -> bool:
    return any(text.text for one in elements for text in one.iter(qn("w:t")))
