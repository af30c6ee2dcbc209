"""Form 2, หนังสือภายใน (clause 12), and บันทึก (clause 26) on paper of form 29: small garuda, title, captions with dotted
leaders."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

from saraban.rendering import paper
from saraban.rendering.composing import Composer, addressed, with_spaces
from saraban.rendering.emblem import Emblem, draw_small, small_width
from saraban.rendering.forms.parts import NUMBER_TO_COME, signatures, written, written_day
from saraban.rendering.frame import Plan
from saraban.rendering.pagination import Span
from saraban.rendering.shaping import Typeface
from saraban.rendering.tagging import Path
from saraban.usecases.pages import PageLetter

TITLE = "บันทึกข้อความ"
_SMALLER = 2.0
"""By so many points the owner's line may be smaller than the text to stay one."""


def memorandum(letter: PageLetter, face: Typeface, emblem: Emblem | None) -> Plan:
    """Title, ส่วนราชการ, ที่ and วันที่, เรื่อง, salutation, text; name and position without a closing."""
    composer = Composer(face)
    composer.put(composer.around(paper.CENTRE, TITLE, bold=True, size=paper.MEMO_TITLE_SIZE), tag="H1")
    _on_leaders(composer, "ส่วนราชการ", owner_words(letter), before=paper.MEMO_BEFORE_CAPTIONS, one_line=True)
    _number_and_day(composer, letter)
    _on_leaders(composer, "เรื่อง", letter.subject, part="subject", tag="H2")
    composer.captioned(*addressed(letter.salutation), part="salutation")
    composer.text(letter.body)

    ending = Composer(face)
    place, cosigners = signatures(ending, letter, paper.RIGHT_HALF)
    return Plan(
        first=paper.MEMO_TITLE_BASELINE,
        rows=composer.rows,
        ending=ending.rows,
        place=place,
        cosigners=cosigners,
        emblem=partial(_head, emblem),
        emblem_box=(
            paper.LEFT,
            paper.GARUDA_TOP - paper.MEMO_GARUDA_HEIGHT,
            paper.LEFT + small_width(paper.MEMO_GARUDA_HEIGHT, emblem),
            paper.GARUDA_TOP,
        ),
        urgency=(_urgency_left(composer, letter, emblem), paper.MEMO_TITLE_BASELINE),
    )


def _head(emblem: Emblem | None, canvas: Any, face: Typeface) -> None:
    draw_small(canvas, paper.LEFT, paper.GARUDA_TOP, paper.MEMO_GARUDA_HEIGHT, face, emblem)


def _urgency_left(composer: Composer, letter: PageLetter, emblem: Emblem | None) -> float:
    """Where the urgency begins that stands in the middle between the garuda and the title."""
    begin = paper.LEFT + small_width(paper.MEMO_GARUDA_HEIGHT, emblem)
    end = paper.CENTRE - composer.width(TITLE, bold=True, size=paper.MEMO_TITLE_SIZE) / 2
    return (begin + end - composer.width(letter.urgency.thai, bold=True, size=paper.URGENCY_SIZE)) / 2


def owner_words(letter: PageLetter) -> str:
    """The agency and its unit, and how to reach it (clause 12.1)."""
    unit = letter.unit_name
    names = unit if unit.startswith(letter.agency_name) else f"{letter.agency_name} {unit}"
    phone = f"โทร. {letter.phone}" if letter.phone else ""
    email = f"ไปรษณีย์อิเล็กทรอนิกส์ {letter.email}" if letter.email else ""
    return " ".join(filter(None, (names.strip(), phone, email)))


def _on_leaders(
    composer: Composer,
    caption: str,
    text: str,
    *,
    before: float = 0.0,
    part: str = "",
    tag: str = "P",
    one_line: bool = False,
) -> None:
    """A caption in bold and its words on dotted leaders, further lines below their beginning. `one_line`: the words are
    made a little smaller when that keeps them on one."""
    left, path = _after(composer, paper.LEFT, caption), composer.element(tag)
    room = paper.RIGHT - left - paper.LEADER_GAP
    lines = composer.filled(text, room) or [""]
    smallest = paper.TYPE_SIZE - _SMALLER
    if len(lines) > 1 and one_line and composer.width(text, size=smallest) <= room:
        lines = [text]
    for number, (line, spaced) in enumerate(with_spaces(text, lines)):
        fits = room if len(lines) == 1 else 0.0
        spans = [composer.span(left + paper.LEADER_GAP, line, path=path, spaced=spaced, room=fits)] if line else []
        if number == 0:
            spans.insert(0, _caption(composer, paper.LEFT, caption, path))
        composer.put(
            *spans,
            before=before if number == 0 else 0.0,
            lines=paper.MEMO_CAPTION_LINES if number == 0 else 1.0,
            marks=(Leader(left, paper.RIGHT),),
            part=part,
        )


def _number_and_day(composer: Composer, letter: PageLetter) -> None:
    """ที่ in the left half and วันที่ in the right one, on one line (clauses 12.2 and 12.3)."""
    number_left, day_left = (_after(composer, x, words) for x, words in ((paper.LEFT, "ที่"), (paper.CENTRE, "วันที่")))
    number_right = paper.CENTRE - paper.LEADER_GAP
    of_number, of_day = composer.element(), composer.element()
    composer.put(
        _caption(composer, paper.LEFT, "ที่", of_number),
        _filled_in(composer, number_left, number_right, written(letter.number, NUMBER_TO_COME), of_number),
        _caption(composer, paper.CENTRE, "วันที่", of_day),
        _filled_in(composer, day_left, paper.RIGHT, written_day(letter.date), of_day),
        lines=paper.MEMO_CAPTION_LINES,
        marks=(Leader(number_left, number_right), Leader(day_left, paper.RIGHT)),
    )


def _filled_in(
    composer: Composer, left: float, right: float, words: tuple[str, tuple[float, float, float]], path: Path
) -> Span:
    """What is written on a leader, always on one line."""
    text, colour = words
    return composer.span(left + paper.LEADER_GAP, text, colour=colour, room=right - left - paper.LEADER_GAP, path=path)


def _caption(composer: Composer, x: float, text: str, path: Path) -> Span:
    return composer.span(x, text, bold=True, size=paper.MEMO_CAPTION_SIZE, path=path, spaced=True)


def _after(composer: Composer, x: float, caption: str) -> float:
    """Where the leader behind a caption begins."""
    return x + composer.width(caption, bold=True, size=paper.MEMO_CAPTION_SIZE) + paper.LEADER_GAP


@dataclass(frozen=True)
class Leader:
    """A dotted line a little below the baseline: a mark of a row."""

    left: float
    right: float

    def __call__(self, canvas: Any, y: float, leading: float) -> None:
        """Draw it."""
        del leading
        canvas.saveState()
        canvas.setLineCap(1)
        canvas.setLineWidth(paper.LEADER_DOT)
        canvas.setDash([0, paper.LEADER_STEP])
        canvas.line(self.left, y - paper.LEADER_DROP, self.right, y - paper.LEADER_DROP)
        canvas.restoreState()
