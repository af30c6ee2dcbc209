"""The desk: whose turn it is, in which order, and at what price."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, Engine, event

from saraban.domain.classification import Secrecy, Urgency
from saraban.domain.letter import LetterId, LetterState
from saraban.domain.route import StepKind
from saraban.reading import desk
from saraban.reading.scope import MASKED_SUBJECT
from tests.reading.office import NOW, Office


def _waits(office: Office, subject: str, **more: Any) -> LetterId:
    steps = (office.director, office.head)
    return office.letter(subject=subject, state=LetterState.SUBMITTED, steps=steps, **more).id


def test_the_most_urgent_lies_on_top_and_then_what_has_waited_longest(office: Office, reader: Connection) -> None:
    _waits(office, "เพิ่งมา", minutes=9)
    _waits(office, "มานานแล้ว", minutes=1)
    _waits(office, "ด่วนที่สุด", urgency=Urgency.MOST_URGENT, minutes=5)
    office.letter(subject="ยังร่าง", steps=(office.director,))

    page = desk.pile(reader, office.director)
    assert [row.subject for row in page.items] == ["ด่วนที่สุด", "มานานแล้ว", "เพิ่งมา"]
    assert page.total == 3 and page.next is None
    assert desk.pile(reader, office.head).items == []
    assert desk.top(reader, office.director) == page.items[0].id


def test_a_letter_goes_to_the_next_desk_with_the_moment_at_which_it_came(office: Office, reader: Connection) -> None:
    letter = office.letter(subject="เดินทาง", state=LetterState.SUBMITTED, steps=(office.director, office.head))
    with office.uow() as uow:
        moved = uow.letters.get(office.agency.id, letter.id)
        moved.endorse(by=office.director, note="", at=NOW + timedelta(hours=2))
        uow.letters.save(moved)
        uow.commit()

    assert desk.pile(reader, office.director).items == []
    [row] = desk.pile(reader, office.head).items
    assert (row.kind, row.since) == (StepKind.SIGN, NOW + timedelta(hours=2))
    with office.uow() as uow:
        moved = uow.letters.get(office.agency.id, letter.id)
        moved.begin_signing(by=office.head, number="1", on=NOW.date(), at=NOW + timedelta(hours=3))
        moved.fail_signing(by=office.head, reason="", at=NOW + timedelta(hours=4))
        uow.letters.save(moved)
        uow.commit()
    assert [row.since for row in desk.pile(reader, office.head).items] == [NOW + timedelta(hours=2)]


def test_a_classified_letter_keeps_its_words_to_itself_in_the_list(office: Office, reader: Connection) -> None:
    _waits(office, "แผนลับ", secrecy=Secrecy.SECRET)
    [row] = desk.pile(reader, office.director).items
    assert (row.subject, row.addressed_to, row.recipients) == (MASKED_SUBJECT, "", ())


def test_pages_follow_one_another_and_each_letter_knows_its_place(office: Office, reader: Connection) -> None:
    ids = [_waits(office, f"เรื่องที่ {n}", minutes=n) for n in range(7)]
    first = desk.pile(reader, office.director, limit=3)
    second = desk.pile(reader, office.director, limit=3, cursor=first.next)
    third = desk.pile(reader, office.director, limit=3, cursor=second.next)
    assert [row.id for page in (first, second, third) for row in page.items] == ids and third.next is None

    for at, one in enumerate(ids):
        found = desk.place(reader, office.director, one)
        assert found == desk.Place(at + 1, ids[at - 1] if at else None, ids[at + 1] if at < 6 else None)
    part = desk.around(reader, office.director, ids[6], limit=3)
    assert [row.id for row in part.items] == ids[1:4] and part.next
    assert desk.place(reader, office.director, uuid4()) is None


def test_sixty_letters_cost_as_many_statements_as_one(office: Office, engine: Engine) -> None:
    _waits(office, "หนึ่งเดียว")
    few = _statements(engine, office)
    for n in range(60):
        _waits(office, f"อีกฉบับ {n}", minutes=n)
    assert _statements(engine, office) == few <= 7


def _statements(engine: Engine, office: Office) -> int:
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        sent.append(statement)

    with engine.connect() as reader:
        event.listen(engine, "before_cursor_execute", note)
        try:
            page = desk.pile(reader, office.director)
            desk.place(reader, office.director, page.items[-1].id)
        finally:
            event.remove(engine, "before_cursor_execute", note)
    return len(sent)
