"""Form 11, รายงานการประชุม (clause 25): the meeting, the lists of persons in columns, the times, and the recorder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from saraban.rendering import paper
from saraban.rendering.composing import Composer, with_spaces
from saraban.rendering.forms.parts import day_of, rule_off, side_by_side
from saraban.rendering.frame import Place, Plan
from saraban.rendering.pagination import Span
from saraban.rendering.shaping import Typeface
from saraban.rendering.tagging import Part
from saraban.rendering.thai import thai_date
from saraban.usecases.pages import PageLetter

TITLE, RECORDER, CHECKER = "รายงานการประชุม", "ผู้จดรายงานการประชุม", "ผู้ตรวจรายงานการประชุม"
_LISTS = (("present", "ผู้มาประชุม"), ("absent", "ผู้ไม่มาประชุม"), ("attending", "ผู้เข้าร่วมประชุม"))


def minutes(letter: PageLetter, face: Typeface) -> Plan:
    """Which meeting, when and where; who was there and who not; what was said between the times."""
    details = letter.details
    composer = Composer(face)
    composer.centred(paper.CENTRE, _title(letter.subject), paper.HEAD_WIDTH, part="subject", tag="H1")
    composer.centred(paper.CENTRE, f"ครั้งที่ {details.get('session', '')}", paper.HEAD_WIDTH)
    if (held_on := day_of(details.get("held_on", ""))) is not None:
        composer.centred(paper.CENTRE, f"เมื่อวันที่ {thai_date(held_on)}", paper.HEAD_WIDTH)
    composer.centred(paper.CENTRE, f"ณ {details.get('place', '').removeprefix('ณ ')}", paper.HEAD_WIDTH)
    rule_off(composer)
    for key, caption in _LISTS:
        if persons := _read(details.get(key, "")):
            _persons(composer, caption, persons)
    _time(composer, "เริ่มประชุมเวลา", details.get("begins", ""))
    composer.text(letter.body)

    ending = Composer(face)
    _time(ending, "เลิกประชุมเวลา", details.get("ends", ""), _other_day(details))
    places = _signatures(ending, letter)
    return Plan(
        first=paper.PLAIN_FIRST_BASELINE,
        rows=composer.rows,
        ending=ending.rows,
        place=places[-1],
        cosigners=places[:-1] if letter.cosigners else (),
        urgency=(paper.LEFT, paper.URGENCY_ON_PLAIN_PAPER),
    )


def _title(subject: str) -> str:
    """The form and the meeting, whichever of the two words the subject was written with."""
    return f"{TITLE}{subject.removeprefix(TITLE).removeprefix('การประชุม')}"


def _other_day(details: Mapping[str, str]) -> str:
    """On which day a meeting ended that went past midnight, as in "ของวันที่ ๒๔ พฤศจิกายน ๒๕๖๙"."""
    ended = day_of(details.get("ended_on", ""))
    return "" if ended is None or ended == day_of(details.get("held_on", "")) else f" ของวันที่ {thai_date(ended)}"


def _time(composer: Composer, caption: str, time: str, day: str = "") -> None:
    composer.put(composer.span(paper.LEFT, f"{caption} {time} น.{day}"), before=paper.BEFORE, keep=True)


def _read(lines: str) -> list[list[str]]:
    """Persons as they are typed: one on a line as "name | position | part"."""
    persons = [[part.strip() for part in line.split("|", 2)] for line in lines.split("\n")]
    return [person for person in persons if any(person)]


def _persons(composer: Composer, caption: str, persons: Sequence[Sequence[str]]) -> None:
    """A list of persons in columns; it has those columns that any of them fills."""
    count = max(len(person) for person in persons)
    number_width, *widths = paper.PERSON_COLUMNS
    widths = [*widths[: count - 1], sum(widths[count - 1 :])]
    composer.put(composer.span(paper.LEFT, caption, bold=True), before=paper.BEFORE, keep=True, tag="H2")
    whole = composer.element("Table")
    for number, person in enumerate(persons, start=1):
        lefts = [paper.LEFT + number_width + sum(widths[:index]) for index in range(count)]
        cells = [
            with_spaces(words, composer.filled(words, width - paper.COLUMN_GAP))
            for words, width in zip(person, widths, strict=False)
        ]
        row = (*whole, Part("TR", number))
        high = max(len(cell) for cell in cells)
        for at in range(high):
            spans: list[Span] = []
            if at == 0:
                spans.append(composer.span(paper.LEFT, f"{number}.", path=(*row, Part("TD", -1))))
            spans += [
                composer.span(left, cell[at][0], path=(*row, Part("TD", column)), spaced=cell[at][1])
                for column, (left, cell) in enumerate(zip(lefts, cells, strict=False))
                if at < len(cell) and cell[at][0]
            ]
            composer.put(*spans, keep=at < high - 1)


def _signatures(composer: Composer, letter: PageLetter) -> list[Place]:
    """The recorder below the signature. When another officer signs, he is the one who has checked the minutes, and the
    recorder is named at the left, where he signs, too, when he is a cosigner. The places are those of recorder and
    signatory, or of the signatory alone."""
    cosigner = letter.cosigners[0].name if letter.cosigners else ""
    recorder = cosigner or letter.details.get("recorder", "") or letter.signer_name
    above = len(composer.rows)
    if recorder == letter.signer_name:
        composer.put(composer.around(paper.RIGHT_HALF, f"({recorder})"), lines=paper.SIGNATURE_LINES)
        composer.put(composer.around(paper.RIGHT_HALF, RECORDER))
        return [Place(above, paper.RIGHT_HALF)]
    own = letter.cosigners[0].titles if letter.cosigners else ()
    signers = [
        (paper.LEFT_HALF, recorder, [*own, RECORDER]),
        (paper.RIGHT_HALF, letter.signer_name, [*letter.signer_titles, CHECKER]),
    ]
    side_by_side(composer, signers)
    return [Place(above, paper.LEFT_HALF), Place(above, paper.RIGHT_HALF)]
