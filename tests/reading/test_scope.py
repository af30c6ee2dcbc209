"""The SQL of who sees what says the same as the page of the domain."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine, select

from saraban.domain.actor import Actor
from saraban.domain.agency import PositionRole
from saraban.domain.capacity import Acting, Capacity, Limits
from saraban.domain.circulation import Asks, Circulation, CirculationId, Reader
from saraban.domain.classification import Form, Secrecy
from saraban.domain.endorsing import Deed, give, write_on
from saraban.domain.errors import NotFound
from saraban.domain.incoming import IncomingLetter, IncomingState
from saraban.domain.letter import Letter
from saraban.domain.notice import About
from saraban.domain.permissions import may_open_scan, may_read_incoming, may_read_letter
from saraban.domain.register import BookKind, RegisterEntry
from saraban.domain.task import Purpose, Receiver, TaskState
from saraban.reading.asking import Narrow
from saraban.reading.scope import (
    openable_lines,
    register_masked,
    require_incoming,
    require_letter,
    visible_incoming,
    visible_letters,
)
from saraban.reading.search import look
from saraban.storage.tables.letters import incoming, letters
from saraban.storage.tables.registers import entries
from tests.reading.office import NOW, Office, open_office

Everything = tuple[list[Office], list[Letter], list[IncomingLetter], list[RegisterEntry]]


@pytest.fixture
def everything(office: Office, engine: Engine) -> Everything:
    """Two agencies with letters of every sort: unit, secrecy, drafter and route; and the register lines of each."""
    offices = [office, open_office(engine, "dnp")]
    written, received, lines = [], [], []
    for one in offices:
        units = (one.central, one.legal)
        for unit, secrecy, drafter, route in product(
            units, Secrecy, (one.legal_clerk, one.head), ((), (one.director, one.head))
        ):
            letter = one.letter(unit=unit, secrecy=secrecy, by=drafter, steps=route)
            written.append(letter)
            lines.append(one.entry(unit=unit, secrecy=secrecy, subject_of=letter.id))
        for unit, secrecy in product(units, Secrecy):
            letter_in = one.incoming(unit=unit, secrecy=secrecy)
            received.append(letter_in)
            lines.append(one.entry(unit=unit, secrecy=secrecy, subject_of=letter_in.id))
        passed_round = [*_passed_round(one)]
        written += [letter for letter in passed_round if isinstance(letter, Letter)]
        received += [letter for letter in passed_round if isinstance(letter, IncomingLetter)]
        for letter_in in _given(one):
            received.append(letter_in)
            lines.append(one.entry(unit=one.central, secrecy=letter_in.secrecy, subject_of=letter_in.id))
    return offices, written, received, lines


def _given(office: Office) -> list[IncomingLetter]:
    """Registered letters of the central unit, open and classified, each given to somebody: the legal unit, a position,
    a person; in hand, taken by another officer, and taken back."""
    given = []
    to = Receiver(office.legal.id, office.legal.name, "ผู้รับ")
    to_post = replace(to, position_id=office.director.position_id)
    to_person = replace(to, person_id=office.head.person_id)
    for number, (secrecy, receiver, state) in enumerate(
        product((Secrecy.OPEN, Secrecy.SECRET), (to, to_post, to_person), (TaskState.TAKEN, TaskState.TAKEN_BACK)), 1
    ):
        letter = office.incoming(
            secrecy=secrecy, state=IncomingState.REGISTERED, register_number=number, register_year=2569
        )
        written, _ = write_on(letter, (), deed=Deed.ENDORSED, note="", by=office.central_clerk, at=NOW)
        task, _ = give(written, Purpose.ACTION, receiver, ordinal=1, parent=None, by=office.central_clerk, at=NOW)
        task.take(by=office.legal_clerk, at=NOW)
        if state is TaskState.TAKEN_BACK:
            task.take_back(reason="", by=office.central_clerk, at=NOW)
        with office.uow() as uow:
            uow.tasks.write(written)
            uow.tasks.add(task)
            uow.commit()
            given.append(uow.incoming.get(office.agency.id, letter.id))
    return given


def _passed_round(office: Office) -> Iterator[Letter | IncomingLetter]:
    """Letters of the central unit, open and classified, out and in, whose list of readers has two officers."""
    for number, secrecy in enumerate((Secrecy.OPEN, Secrecy.SECRET), 50):
        letter = office.letter(unit=office.central, secrecy=secrecy, by=office.central_clerk)
        came = office.incoming(
            secrecy=secrecy, state=IncomingState.REGISTERED, register_number=number, register_year=2569
        )
        with office.uow() as uow:
            for about, one in ((About.LETTER, letter), (About.INCOMING, came)):
                sent = Circulation(
                    CirculationId(uuid4()), office.agency.id, about, one.id, Asks.NOTE, "", ("ทุกคน",),
                    giver_id=None, giver_position_id=None, given_by="", given_title="", at=NOW,
                )  # fmt: skip
                people = [who.person_id for who in (office.legal_clerk, office.records) if who.person_id is not None]
                uow.circulations.add(
                    sent, [Reader(uuid4(), sent.id, office.agency.id, one.id, person, "", "", "") for person in people]
                )
            uow.commit()
            yield uow.letters.get(office.agency.id, letter.id)
            yield uow.incoming.get(office.agency.id, came.id)


def _actors(offices: list[Office]) -> st.SearchStrategy[Actor]:
    officers = [a for o in offices for a in (o.central_clerk, o.legal_clerk, o.director, o.head, o.records)]
    return st.builds(
        Actor,
        agency_id=st.sampled_from([o.agency.id for o in offices]),
        name=st.just("ผู้ใด"),
        person_id=st.sampled_from([None, *(a.person_id for a in officers)]),
        position_id=st.sampled_from([None, *(a.position_id for a in officers)]),
        unit_id=st.sampled_from([None, *(a.unit_id for a in officers)]),
        role=st.sampled_from([None, *PositionRole]),
        central=st.booleans(),
        clearance=st.booleans(),
        acting=st.none() | _orders(offices),
    )


def _orders(offices: list[Office]) -> st.SearchStrategy[Acting]:
    """That the actor acts by one order or two, with limits of every sort."""
    forms, units = st.sampled_from([(), (Form.ORDER,), (Form.EXTERNAL, Form.ORDER)]), [()]
    units += [(unit.id,) for one in offices for unit in (one.central, one.legal)]
    limits = st.builds(
        Limits, forms, st.sampled_from(units), ceiling=st.sampled_from(list(Secrecy)), incoming=st.booleans()
    )
    return st.builds(
        Acting,
        key=st.just("x"),
        delegation_id=st.just(UUID(int=1)),
        capacity=st.just(Capacity.DEPUTY),
        own_lines=st.just(("นิติกร",)),
        for_title=st.just("ผู้อำนวยการ"),
        for_name=st.just(""),
        order=st.just("คำสั่งที่ ๑"),
        limits=st.lists(limits, min_size=1, max_size=2).map(tuple),
    )


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_an_actor_sees_in_lists_exactly_the_letters_that_the_actor_may_open(
    everything: Everything, reader: Connection, data: st.DataObject
) -> None:
    offices, written, received, _ = everything
    actor = data.draw(_actors(offices))

    seen = set(reader.execute(select(letters.c.id).where(visible_letters(actor))).scalars())
    seen_incoming = set(reader.execute(select(incoming.c.id).where(visible_incoming(actor))).scalars())

    assert seen == {letter.id for letter in written if may_read_letter(actor, letter) is None}
    assert seen_incoming == {letter.id for letter in received if may_read_incoming(actor, letter) is None}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_register_line_is_masked_exactly_when_it_is_classified_and_its_letter_may_not_be_read(
    everything: Everything, reader: Connection, data: st.DataObject
) -> None:
    offices, written, received, lines = everything
    actor = data.draw(_actors(offices))
    may_open = {letter.id for letter in written if may_read_letter(actor, letter) is None}
    may_open |= {letter.id for letter in received if may_read_incoming(actor, letter) is None}

    masked = set(
        reader.execute(
            select(entries.c.id).where(entries.c.agency_id == actor.agency_id, register_masked(actor))
        ).scalars()
    )

    assert masked == {
        line.id
        for line in lines
        if line.agency_id == actor.agency_id and not line.secrecy.is_open and line.subject_of not in may_open
    }


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_the_words_of_a_line_s_files_are_told_exactly_to_who_may_open_them(
    everything: Everything, reader: Connection, data: st.DataObject
) -> None:
    offices, _, _, lines = everything
    actor = data.draw(_actors(offices))

    opened = set(reader.execute(select(entries.c.id).where(openable_lines(actor))).scalars())

    assert opened == {line.id for line in lines if may_open_scan(actor, line) is None}


@pytest.fixture
def on_paper(everything: Everything) -> list[RegisterEntry]:
    """Lines of letters on paper, open and classified, of each unit."""
    return [
        one.entry(unit=unit, secrecy=secrecy, kind=BookKind.RECEIVING)
        for one in everything[0]
        for unit, secrecy in product((one.central, one.legal), Secrecy)
    ]


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_search_finds_exactly_what_the_actor_may_read_and_of_what_is_classified_only_who_is_cleared(
    everything: Everything, on_paper: list[RegisterEntry], reader: Connection, data: st.DataObject
) -> None:
    offices, written, received, lines = everything
    offices[0].catch_up(7)  # each time a few more are in the index; the others wait
    actor = data.draw(_actors(offices))
    may_open = {letter.id for letter in written if may_read_letter(actor, letter) is None}
    may_open |= {letter.id for letter in received if may_read_incoming(actor, letter) is None}
    is_open = {letter.id for letter in written if letter.content.secrecy.is_open}
    is_open |= {letter.id for letter in received if letter.secrecy.is_open}
    of_others = {
        line.id
        for line in (*lines, *on_paper)
        if line.agency_id == actor.agency_id
        and actor.role is not None
        and (line.secrecy.is_open or _knows_line(actor, line))
        and line.subject_of not in may_open
    }
    expected = (may_open if actor.clearance else may_open & is_open) | of_others

    for asked in (
        {"q": "", "narrow": Narrow(year="2569")},
        {"q": data.draw(st.sampled_from(["ประชุม", "รายงาน", "ทส 1001/1", "กระทรวงมหาดไทย", "ประชม"]))},
    ):
        found = look(reader, actor, limit=200, **asked)
        hits = {hit.id for hit in found.hits}
        assert len(found.hits) == len(hits)
        assert hits <= expected if asked["q"] else hits == expected
        assert actor.clearance or all(hit.secrecy.is_open for hit in found.hits)


def _knows_line(actor: Actor, line: RegisterEntry) -> bool:
    """May the actor know the words of a classified line by himself, and not by its letter?"""
    return actor.acting is None and actor.clearance and may_open_scan(actor, line) is None


def test_a_letter_of_another_agency_looks_like_one_that_does_not_exist(
    everything: Everything, reader: Connection
) -> None:
    offices, written, received, _ = everything
    stranger = offices[1].central_clerk

    with pytest.raises(NotFound):
        require_letter(reader, stranger, written[0].id)
    with pytest.raises(NotFound):
        require_incoming(reader, stranger, received[0].id)
    require_letter(reader, offices[0].central_clerk, written[0].id)
    require_incoming(reader, offices[0].central_clerk, received[0].id)
