"""A document of any form as DOCX, to be changed further in Word or LibreOffice.

It is written from the plan of its page (`frame.Plan`), so that the two cannot differ in what they say or in their
measures; paragraphs are given whole, and the word processor cuts them into lines and pages itself.
"""

from __future__ import annotations

import io

from saraban.rendering.docx_origin import Origin, put_origin
from saraban.rendering.docx_parts import DocxPage
from saraban.rendering.docx_rows import Writer
from saraban.rendering.emblem import Emblem
from saraban.rendering.frame import laid_out
from saraban.rendering.given import cleaned
from saraban.rendering.letter import plan_of
from saraban.rendering.shaping import fresh_typeface
from saraban.usecases.pages import PageLetter


def letter_docx(letter: PageLetter, family: str, emblem: Emblem | None = None, photo: bytes | None = None) -> bytes:
    """The file, with the agency's emblem or the stand-in and the photograph on a certificate. A draft says in it that
    number and date are to come. Raises RuleBroken for a form that cannot be printed, BadInput by field for characters
    that cannot be."""
    face = fresh_typeface(family)
    given = cleaned(letter, face)
    plan = plan_of(given, face, emblem, photo)
    leading, leaves = laid_out(plan)
    page = DocxPage(family, face, leading, title=given.subject, author=given.agency_name)
    Writer(page, given, plan, leading).write(leaves[-1].y)
    put_origin(page.document, Origin(given.form.value, given.subject, given.salutation))
    out = io.BytesIO()
    page.save(out)
    return out.getvalue()
