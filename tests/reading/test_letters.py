"""Lists of outgoing letters and the history of one letter."""

from __future__ import annotations

import pytest
from sqlalchemy import Connection, Engine

from saraban.domain.agency import Correspondent
from saraban.domain.attachment import Digest
from saraban.domain.classification import Secrecy
from saraban.domain.cosigning import PartSigned
from saraban.domain.dispatch import DispatchState
from saraban.domain.errors import BadInput, NotFound
from saraban.domain.events import LetterDrafted
from saraban.domain.letter import LetterState
from saraban.domain.route import StepState
from saraban.reading import letters as reading_letters
from saraban.reading.desk import pile
from saraban.reading.letters import history, outgoing
from tests.reading.office import NOW, Office, open_office, publish_directory


def _subjects(rows: list[reading_letters.LetterRow]) -> list[str]:
    return [row.subject for row in rows]


def test_each_tab_lists_its_states_the_last_changed_first(office: Office, reader: Connection) -> None:
    for minutes, state in enumerate(LetterState):
        office.letter(subject=state.value, state=state, minutes=minutes)

    listed = {
        tab: _subjects(outgoing(reader, office.central_clerk, tab=tab).items)
        for tab in ("drafts", "route", "issued", "dispatched", "all")
    }

    assert listed == {
        "drafts": ["returned", "draft"],
        "route": ["part-signed", "signing", "endorsed", "submitted"],
        "issued": ["issued"],
        "dispatched": ["closed", "dispatched"],
        "all": [state.value for state in reversed(LetterState)],
    }


def test_a_tab_that_does_not_exist_is_bad_input(office: Office, reader: Connection) -> None:
    with pytest.raises(BadInput):
        outgoing(reader, office.central_clerk, tab="lost")


def test_a_row_tells_receivers_turn_and_dispatches(office: Office, reader: Connection, engine: Engine) -> None:
    publish_directory(
        engine, *(Correspondent(code, f"กรม {code}", f"saraban@{code}.example") for code in ("a", "b", "c"))
    )
    letter = office.letter(
        state=LetterState.SUBMITTED, recipients=("a", "b", "nowhere", "c"), steps=(office.director, office.head)
    )
    for code in ("a", "b"):
        office.dispatch(letter, code, state=DispatchState.SENT)
    office.dispatch(letter, "c", state=DispatchState.REFUSED)

    (row,) = outgoing(reader, office.central_clerk).items

    assert row.recipients == ("กรม a", "กรม b", "nowhere")
    assert row.recipient_count == 4
    assert row.waiting_for == office.director.title
    assert row.tally == {"sent": 2, "refused": 1}
    assert (row.unit_name, row.drafter_name) == (office.legal.name, office.legal_clerk.name)
    assert row.updated_at == NOW
    assert reading_letters.letter(reader, office.central_clerk, letter.id) == row


def test_a_letter_that_came_back_waits_for_nobody(office: Office, reader: Connection) -> None:
    office.letter(state=LetterState.RETURNED, steps=(office.director, office.head))

    assert outgoing(reader, office.central_clerk).items[0].waiting_for == ""


def test_pages_give_every_letter_once_also_when_many_changed_at_one_moment(office: Office, reader: Connection) -> None:
    made = {office.letter(minutes=n // 4).id for n in range(11)}
    seen, cursor = [], None
    while True:
        page = outgoing(reader, office.central_clerk, cursor=cursor, limit=3)
        seen += page.items
        cursor = page.next
        if cursor is None:
            break

    assert len(seen) == 11
    assert {row.id for row in seen} == made
    assert [row.updated_at for row in seen] == sorted((row.updated_at for row in seen), reverse=True)


def test_a_letter_is_found_by_its_number_in_any_writing(office: Office, reader: Connection) -> None:
    office.letter(subject="ฉบับที่หา", number="ทส 1002/15")
    office.letter(subject="ฉบับอื่น", number="ทส 1002/16")

    for q in ("ทส 1002/15", "ทส๑๐๐๒/๑๕", "1002/15", "ทส 1002/15 ฉบับ"):
        assert _subjects(outgoing(reader, office.central_clerk, q=q).items) == ["ฉบับที่หา"]


def test_a_search_that_stops_at_its_bound_goes_on_with_the_next_page(
    office: Office, reader: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading_letters, "SCANNED", 3)
    office.letter(subject="เข็ม", minutes=0)
    for minutes in range(1, 6):
        office.letter(subject="ฟาง", minutes=minutes)

    first = outgoing(reader, office.central_clerk, q="เข็ม")
    assert (first.items, first.next is None) == ([], False)
    second = outgoing(reader, office.central_clerk, q="เข็ม", cursor=first.next)

    assert _subjects(second.items) == ["เข็ม"]


def test_the_list_hides_classified_letters_from_those_who_may_not_read_them(office: Office, reader: Connection) -> None:
    office.letter(subject="ลับ", secrecy=Secrecy.SECRET)

    assert outgoing(reader, office.director).items == []
    assert _subjects(outgoing(reader, office.central_clerk).items) == ["ลับ"]


def test_a_page_that_one_has_signed_waits_on_the_desk_of_the_next(office: Office, reader: Connection) -> None:
    made = office.letter(state=LetterState.PART_SIGNED, number="ทส 1002/7", steps=(office.director, office.head))
    with office.uow() as uow:
        letter = uow.letters.get(office.agency.id, made.id)
        letter.route[0].state = StepState.DONE
        letter.part_signed = PartSigned(Digest.of(b"%PDF"), ())
        uow.letters.save(letter)
        uow.commit()

    [waiting] = pile(reader, office.head).items
    row = reading_letters.letter(reader, office.head, waiting.id)
    assert (row.state, row.number, row.waiting_for) == (LetterState.PART_SIGNED, "ทส 1002/7", office.head.title)
    assert pile(reader, office.director).items == []
    with office.uow() as uow:
        assert uow.letters.get(office.agency.id, made.id).part_signed == letter.part_signed


def test_the_history_tells_who_did_what(office: Office, reader: Connection, engine: Engine) -> None:
    letter = office.letter()
    with office.uow() as uow:
        uow.record(
            LetterDrafted(at=NOW, by=office.legal_clerk, letter_id=letter.id, subject_line=letter.content.subject)
        )
        uow.commit()

    (line,) = history(reader, office.central_clerk, letter.id)

    assert (line.name, line.at) == ("letter.drafted", NOW)
    assert (line.person, line.title) == (office.legal_clerk.name, office.legal_clerk.title)
    assert line.values["subject_line"] == letter.content.subject
    with pytest.raises(NotFound):
        history(reader, open_office(engine, "dnp").central_clerk, letter.id)


def test_the_history_of_an_incoming_letter_is_read_by_the_same_function(office: Office, reader: Connection) -> None:
    letter = office.incoming()

    assert history(reader, office.central_clerk, letter.id) == []
    with pytest.raises(NotFound):
        history(reader, office.legal_clerk, letter.id)
