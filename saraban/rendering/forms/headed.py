"""Forms 4 to 7: คำสั่ง (clause 16), ระเบียบ (17), ข้อบังคับ (18) and ประกาศ (20); and forms 8 and 9, แถลงการณ์ (21) and ข่าว
(22), which have the same head and end with the agency's name."""

from __future__ import annotations

from dataclasses import replace

from saraban.domain.calendar import BUDDHIST_OFFSET
from saraban.domain.classification import Form
from saraban.rendering import paper
from saraban.rendering.composing import Composer
from saraban.rendering.emblem import Emblem, head_of
from saraban.rendering.forms.parts import (
    NUMBER_TO_COME,
    date_line,
    day_of,
    rule_off,
    signatures,
    written,
    written_day,
)
from saraban.rendering.frame import Place, Plan
from saraban.rendering.shaping import Typeface
from saraban.rendering.thai import thai_date_of_era
from saraban.usecases.pages import PageLetter

YEAR_TO_COME = "(รอปี)"


def order(letter: PageLetter, face: Typeface, emblem: Emblem | None) -> Plan:
    """คำสั่ง: agency, number, subject; what is ordered; from when."""
    composer = _head(letter, face)
    _centred_line(composer, None if letter.number is None else f"ที่ {letter.number}", f"ที่ {NUMBER_TO_COME}")
    _subject(composer, "เรื่อง ", letter)
    body = letter.body
    if (effective := day_of(letter.details.get("effective", ""))) is not None:
        body += f"\n\nทั้งนี้ ตั้งแต่วันที่ {thai_date_of_era(effective)} เป็นต้นไป"
    plan = _signed(composer, body, "สั่ง ณ วันที่", letter, face, emblem)
    if body != letter.body:
        # From when it holds is a field of its own, not a part of the text that is written.
        last = plan.rows[-1].whole
        return replace(plan, rows=[replace(row, part="effective") if row.whole is last else row for row in plan.rows])
    return plan


def rule(letter: PageLetter, face: Typeface, emblem: Emblem | None) -> Plan:
    """ระเบียบ and ข้อบังคับ: agency, matter, edition from the second on, year."""
    composer = _head(letter, face)
    _subject(composer, "ว่าด้วย", letter)
    _edition(composer, letter, "(ฉบับที่ {})")
    year = None if letter.date is None else f"พ.ศ. {letter.date.year + BUDDHIST_OFFSET}"
    _centred_line(composer, year, f"พ.ศ. {YEAR_TO_COME}")
    return _signed(composer, letter.body, "ประกาศ ณ วันที่", letter, face, emblem)


def announcement(letter: PageLetter, face: Typeface, emblem: Emblem | None) -> Plan:
    """ประกาศ: agency and subject; form 7 has no number."""
    composer = _head(letter, face)
    _subject(composer, "เรื่อง ", letter)
    return _signed(composer, letter.body, "ประกาศ ณ วันที่", letter, face, emblem)


def statement(letter: PageLetter, face: Typeface, emblem: Emblem | None) -> Plan:
    """แถลงการณ์ and ข่าว: agency, subject, edition; below the text the agency and the day, and no signature. ข่าว is not
    written on garuda paper."""
    composer = _head(letter, face)
    _subject(composer, "เรื่อง ", letter)
    _edition(composer, letter, "ฉบับที่ {}")
    rule_off(composer)
    composer.text(letter.body)

    ending = Composer(face)
    ending.centred(paper.RIGHT_HALF, letter.agency_name, paper.TITLE_WIDTH, before=paper.BEFORE_CLOSING)
    day, colour = written_day(letter.date)
    ending.put(ending.around(paper.RIGHT_HALF, day, colour=colour), before=paper.BEFORE)
    return _plan(letter, composer, ending, None, emblem)


def _head(letter: PageLetter, face: Typeface) -> Composer:
    """The form and who issues it, as in "คำสั่งกรมตัวอย่าง"."""
    composer = Composer(face)
    composer.centred(paper.CENTRE, f"{letter.form.thai}{letter.agency_name}", paper.HEAD_WIDTH, tag="H1")
    return composer


def _subject(composer: Composer, caption: str, letter: PageLetter) -> None:
    """The caption and the subject, which may have been written with it."""
    subject = letter.subject.removeprefix(caption)
    composer.centred(paper.CENTRE, f"{caption}{subject}", paper.HEAD_WIDTH, part="subject", tag="H2")


def _centred_line(composer: Composer, text: str | None, to_come: str) -> None:
    words, colour = written(text, to_come)
    composer.put(composer.around(paper.CENTRE, words, colour=colour))


def _edition(composer: Composer, letter: PageLetter, words: str) -> None:
    if edition := letter.details.get("edition"):
        composer.put(composer.around(paper.CENTRE, words.format(edition)))


def _signed(
    composer: Composer, body: str, caption: str, letter: PageLetter, face: Typeface, emblem: Emblem | None
) -> Plan:
    """The rule, the text, the day in the middle, and the signature in the right half."""
    rule_off(composer)
    composer.text(body)
    ending = Composer(face)
    date_line(ending, caption, letter.date)
    place, cosigners = signatures(ending, letter, paper.RIGHT_HALF)
    return replace(_plan(letter, composer, ending, place, emblem), cosigners=cosigners)


def _plan(letter: PageLetter, composer: Composer, ending: Composer, place: Place | None, emblem: Emblem | None) -> Plan:
    if letter.form is Form.NEWS:
        return Plan(
            first=paper.PLAIN_FIRST_BASELINE,
            rows=composer.rows,
            ending=ending.rows,
            place=place,
            urgency=(paper.LEFT, paper.URGENCY_ON_PLAIN_PAPER),
        )
    head = head_of(emblem)
    return Plan(first=paper.HEAD_BASELINE, rows=composer.rows, ending=ending.rows, place=place, emblem=head)
