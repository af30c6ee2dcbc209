"""Documents that an agency issues to people: number and agency beside the garuda as on form 10 (clause 24), the name of
the document, its text, the day of its issue and its last, and the place of the signature or of the seal."""

from __future__ import annotations

from dataclasses import replace

from saraban.domain.classification import Form
from saraban.rendering import paper
from saraban.rendering.composing import Composer, with_spaces
from saraban.rendering.emblem import Emblem, head_of
from saraban.rendering.forms.external import number_and_agency
from saraban.rendering.forms.parts import date_line, rule_off, signatures
from saraban.rendering.frame import Plan
from saraban.rendering.shaping import Typeface
from saraban.usecases.pages import IssuedPage, PageLetter

_TITLE_SIZE = 22.0


def as_letter(page: IssuedPage) -> PageLetter:
    """The page in the shape that all forms share, for what draws and cleans them."""
    return PageLetter(
        form=Form.CERTIFICATE,
        agency_name=page.agency_name,
        agency_address=page.agency_address,
        number=page.number,
        date=page.date,
        subject=page.title,
        salutation=page.until,
        references=(),
        enclosures=(),
        body=page.body,
        closing="",
        signer_name=page.signer_name,
        signer_titles=page.signer_titles,
        unit_name="",
        phone="",
        email="",
        emblem=page.emblem,
        digits=page.digits,
        verification=page.verification,
    )


def issued_document(letter: PageLetter, face: Typeface, emblem: Emblem | None) -> Plan:
    """The plan of `as_letter`, cleaned."""
    composer = Composer(face)
    number_and_agency(composer, "เลขที่", letter)
    path = composer.element("H1")
    room = paper.HEAD_WIDTH * paper.TYPE_SIZE / _TITLE_SIZE
    for number, (line, spaced) in enumerate(with_spaces(letter.subject, composer.balanced(letter.subject, room))):
        span = composer.around(paper.CENTRE, line, bold=True, size=_TITLE_SIZE, path=path, spaced=spaced)
        composer.put(span, before=1.5 * paper.BEFORE if number == 0 else 0.0, lines=_TITLE_SIZE / paper.TYPE_SIZE)
    rule_off(composer)
    composer.text(letter.body)

    ending = Composer(face)
    date_line(ending, "ให้ไว้ ณ วันที่", letter.date)
    if letter.salutation:
        ending.centred(paper.CENTRE, letter.salutation, paper.HEAD_WIDTH)
    place, _ = signatures(ending, replace(letter, cosigners=()), paper.RIGHT_HALF)
    return Plan(first=paper.GARUDA_FEET, rows=composer.rows, ending=ending.rows, place=place, emblem=head_of(emblem))
