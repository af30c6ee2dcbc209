"""Form 1, หนังสือภายนอก (clause 11), and form 10, หนังสือรับรอง (clause 24): number at the left, agency and its address
at the right of the garuda's feet."""

from __future__ import annotations

from saraban.rendering import paper
from saraban.rendering.composing import Composer, addressed, foot_rows, with_spaces
from saraban.rendering.emblem import Emblem, head_of
from saraban.rendering.forms.holder import add_holder
from saraban.rendering.forms.parts import date_line, number_span, signatures, written_day
from saraban.rendering.frame import Plan
from saraban.rendering.shaping import Typeface
from saraban.rendering.thai import thai_date
from saraban.usecases.pages import PageEnclosure, PageLetter, PageReference


def external_letter(letter: PageLetter, face: Typeface, emblem: Emblem | None) -> Plan:
    """หนังสือภายนอก."""
    composer = Composer(face)
    number_and_agency(composer, "ที่", letter)
    day, colour = written_day(letter.date)
    composer.put(composer.span(paper.CENTRE, day, colour=colour), before=paper.BEFORE)
    composer.captioned("เรื่อง", [letter.subject], part="subject", tag="H1")
    composer.captioned(*addressed(letter.salutation), part="salutation")
    if letter.references:
        composer.captioned("อ้างถึง", [reference_words(reference) for reference in letter.references])
    if letter.enclosures:
        composer.captioned("สิ่งที่ส่งมาด้วย", [enclosure_words(enclosure) for enclosure in letter.enclosures])
    composer.text(letter.body)

    ending = Composer(face)
    axis = paper.CENTRE + max(ending.width(letter.closing) / 2, 1.3 * paper.CM)
    axis = min(axis, paper.RIGHT - paper.TITLE_WIDTH / 2)
    ending.put(ending.span(paper.CENTRE, letter.closing), before=paper.BEFORE_CLOSING)
    place, cosigners = signatures(ending, letter, axis)
    return Plan(
        first=paper.GARUDA_FEET,
        rows=composer.rows,
        ending=ending.rows,
        place=place,
        cosigners=cosigners,
        foot=foot_rows(letter, face),
        emblem=head_of(emblem),
    )


def certificate(letter: PageLetter, face: Typeface, emblem: Emblem | None, photo: bytes | None = None) -> Plan:
    """หนังสือรับรอง: its text begins with "หนังสือฉบับนี้ให้ไว้เพื่อรับรองว่า", which its drafter writes. `photo`: the
    picture of its holder (clause 24.7)."""
    composer = Composer(face)
    number_and_agency(composer, "เลขที่", letter)
    composer.text(letter.body)

    ending = Composer(face)
    date_line(ending, "ให้ไว้ ณ วันที่", letter.date)
    place, cosigners = signatures(ending, letter, paper.RIGHT_HALF)
    if photo is not None:
        add_holder(ending, letter, photo, face, emblem)
    return Plan(
        first=paper.GARUDA_FEET,
        rows=composer.rows,
        ending=ending.rows,
        place=place,
        cosigners=cosigners,
        emblem=head_of(emblem),
    )


def number_and_agency(composer: Composer, caption: str, letter: PageLetter) -> None:
    """The number left of the garuda, agency and address right of it, the longest of their lines up to the margin
    (clauses 11.1 and 11.2)."""
    lines = [
        (line, spaced, path)
        for entry in (letter.agency_name, *letter.agency_address)
        for path in [composer.element()]
        for line, spaced in with_spaces(
            entry, composer.balanced(entry, paper.RIGHT - (paper.CENTRE + paper.GARUDA_HALF_WIDTH))
        )
    ]
    left = paper.RIGHT - max((composer.width(line) for line, _, _ in lines), default=0.0)
    spans = [composer.span(left, line, spaced=spaced, path=path) for line, spaced, path in lines]
    composer.put(number_span(composer, caption, letter.number), *spans[:1])
    for span in spans[1:]:
        composer.put(span)


def reference_words(reference: PageReference) -> str:
    """As in "หนังสือกรม… ที่ มท 0810/123 ลงวันที่ ๑ มกราคม ๒๕๖๙" (clause 11.6)."""
    sender = reference.sender.strip()
    words = [sender if sender.startswith("หนังสือ") else f"หนังสือ{sender}", f"ที่ {reference.number}"]
    if reference.date is not None:
        words.append(f"ลงวันที่ {thai_date(reference.date)}")
    return " ".join(words)


def enclosure_words(enclosure: PageEnclosure) -> str:
    """As in "แบบสำรวจ จำนวน ๑ ชุด" (clause 11.7)."""
    amount = enclosure.amount.strip()
    if amount and not amount.startswith("จำนวน"):
        amount = f"จำนวน {amount}"
    return f"{enclosure.name} {amount}".strip()
