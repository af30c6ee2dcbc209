"""How a DOCX of ours is known when it comes back: properties that say of which form it is and what stood in its head
(ECMA-376-1, 22.3), and bookmarks around the parts that may be taken out of it (17.13.6)."""

from __future__ import annotations

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


def bookmark(first: Any, last: Any, part: str) -> None:
    """Begin a bookmark before what is in the first element, and end it behind what is in the last one."""
    number = str(PARTS.index(part) + 1)
    start, end = OxmlElement("w:bookmarkStart"), OxmlElement("w:bookmarkEnd")
    start.set(qn("w:id"), number)
    start.set(qn("w:name"), name_of(part))
    end.set(qn("w:id"), number)
    properties = first.find(qn("w:pPr"))
    first.insert(0 if properties is None else first.index(properties) + 1, start)
    last.append(end)


def name_of(part: str) -> str:
    """The name of the bookmark of a part."""
    return f"Saraban_{part}"
