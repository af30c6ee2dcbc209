"""What of a DOCX file does not come into a letter's text, so that whoever brings it is told. Runs only inside the child
process of `quarantine.py`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from docx.oxml.ns import qn

_MATHS = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_PICTURES = ("}blip", "}imagedata", "}chart", "}relIds", "}OLEObject")


def left_out(document: Any, *, ours: bool) -> list[str]:
    """The kinds of what stays behind, in Thai, in the order of this list; empty when all came. `ours`: the file was
    made here, and what stands in its head and foot is the form's."""
    body = document.element.body
    texts = list(body.iter(qn("w:t")))
    kinds = (
        ("หัวและท้ายกระดาษ", not ours and any(_heads_and_feet(document))),
        ("เชิงอรรถ", _has(body, "w:footnoteReference", "w:endnoteReference")),
        ("กล่องข้อความ", any(_inside(text, "w:txbxContent") for text in texts if (text.text or "").strip())),
        ("ภาพและวัตถุ", not ours and any(str(one.tag).endswith(_PICTURES) for one in body.iter())),
        ("สมการ", any(str(one.tag) == f"{_MATHS}oMath" for one in body.iter())),
        ("ความเห็นในขอบกระดาษ", _has(body, "w:commentReference")),
        ("ข้อความที่ลบไว้ระหว่างติดตามการแก้ไข", _has(body, "w:delText")),
        ("ข้อความที่ซ่อนไว้", any(_is_hidden(text) for text in texts)),
    )
    return [words for words, is_there in kinds if is_there]


def _has(body: Any, *tags: str) -> bool:
    return any(next(body.iter(qn(tag)), None) is not None for tag in tags)


def _inside(element: Any, tag: str) -> bool:
    return next(element.iterancestors(qn(tag)), None) is not None


def _is_hidden(text: Any) -> bool:
    run = next(text.iterancestors(qn("w:r")), None)
    found = run.find(f"{qn('w:rPr')}/{qn('w:vanish')}") if run is not None else None
    return found is not None and found.get(qn("w:val"), "1") not in ("0", "false", "off")


def _heads_and_feet(document: Any) -> Iterator[bool]:
    """For every part above or below the text: are there words in it, apart from the number of the page?"""
    for rel in document.part.rels.values():
        if not rel.is_external and rel.reltype.endswith(("/header", "/footer")):
            words = "".join(text.text or "" for text in rel.target_part.element.iter(qn("w:t")))
            yield any(letter.isalpha() for letter in words)
