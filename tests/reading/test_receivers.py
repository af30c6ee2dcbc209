"""A letter at all its receivers: counts, pages, words, and what may be reminded."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

import pytest
from sqlalchemy import Connection

from saraban.domain.dispatch import ADDRESS_CORRECTED, DispatchState
from saraban.domain.errors import NotFound
from saraban.reading.receivers import GROUPS, open_receivers, picture, receivers, to_remind
from tests.reading.office import Office


def _codes(found: object) -> list[str]:
    return [row.to_code for row in found.rows]  # type: ignore[attr-defined]


def test_the_counts_say_where_all_receivers_stand(office: Office, reader: Connection) -> None:
    letter = office.letter()
    for code, state, more in (
        ("a", DispatchState.REGISTERED, {"problem": "เก่า"}),
        ("b", DispatchState.COMPLETED, {}),
        ("c", DispatchState.RECEIVED, {}),
        ("d", DispatchState.RELAYED, {}),
        ("e", DispatchState.QUEUED, {}),
        ("f", DispatchState.QUEUED, {"problem": "รอส่งอีกครั้ง"}),
        ("g", DispatchState.UNDELIVERED, {}),
    ):
        office.dispatch(letter, code, state=state, **more)  # type: ignore[arg-type]
    whole = picture(reader, office.central_clerk, letter.id)

    assert whole.counts == {
        "registered": 2,
        "received": 1,
        "sent": 1,
        "queued": 1,
        "trouble": 2,
        "ended": 0,
        "replaced": 0,
    }
    assert whole.remindable == {**dict.fromkeys(GROUPS, 0), "received": 1, "sent": 1, "trouble": 1}
    assert (whole.total, whole.at_rest) == (7, False)
    assert len(to_remind(reader, office.central_clerk, letter.id)) == 3
    assert len(to_remind(reader, office.central_clerk, letter.id, group="received")) == 1


def test_what_gave_place_to_another_dispatch_is_no_receiver_of_its_own(office: Office, reader: Connection) -> None:
    letter, newer = office.letter(), office.letter()
    office.dispatch(letter, "wrong", state=DispatchState.UNDELIVERED, closed_for=f"{ADDRESS_CORRECTED}right@x.test")
    office.dispatch(letter, "right", state=DispatchState.SENT)
    office.dispatch(newer, "a", replaces=office.dispatch(letter, "a", state=DispatchState.RECEIVED).id)
    kept = office.dispatch(letter, "b", state=DispatchState.REGISTERED)
    office.dispatch(newer, "b", replaces=kept.id)
    who = office.central_clerk
    whole = picture(reader, who, letter.id)

    assert whole.counts == {**dict.fromkeys(GROUPS, 0), "sent": 1, "registered": 1, "replaced": 2}
    assert whole.total == 2 and len(to_remind(reader, who, letter.id)) == 1
    assert _codes(receivers(reader, who, letter.id)) == ["b", "right", "a", "wrong"]
    assert _codes(receivers(reader, who, letter.id, group="replaced")) == ["a", "wrong"]


def test_the_list_is_cut_in_pages_with_trouble_first_and_found_by_words(office: Office, reader: Connection) -> None:
    letter = office.letter()
    for place in range(205):
        office.dispatch(letter, f"x{place:03}", state=DispatchState.SENT)
    office.dispatch(letter, "zz", state=DispatchState.UNDELIVERED)
    who = office.central_clerk
    first, last = receivers(reader, who, letter.id), receivers(reader, who, letter.id, page=99)

    assert (first.found, first.pages, first.rows[0].to_code, len(first.rows)) == (206, 3, "zz", 100)
    assert (last.number, len(last.rows)) == (3, 6)
    assert _codes(receivers(reader, who, letter.id, q="x204")) == ["x204"]
    assert _codes(receivers(reader, who, letter.id, q="X204", group="trouble")) == []
    assert _codes(receivers(reader, who, letter.id, q="%")) == []


def test_another_agencys_letter_has_no_picture(office: Office, reader: Connection) -> None:
    letter = office.letter()
    office.dispatch(letter)
    stranger = replace(office.central_clerk, agency_id=uuid4())
    for look in (picture, receivers, to_remind):
        with pytest.raises(NotFound):
            look(reader, stranger, letter.id)
    with pytest.raises(NotFound), open_receivers(office.engine, stranger, {"letter": str(letter.id)}):
        pass


def test_a_sheet_has_every_receiver_under_the_filter(office: Office, reader: Connection) -> None:
    letter = office.letter(number="นร 0105/ว 9")
    office.dispatch(letter, "a", state=DispatchState.REGISTERED)
    office.dispatch(letter, "b", state=DispatchState.SENT)
    with open_receivers(office.engine, office.central_clerk, {"letter": str(letter.id)}) as sheet:
        assert (sheet.number, sheet.total, [line.code for line in sheet.lines]) == ("นร 0105/ว 9", 2, ["a", "b"])
    with open_receivers(office.engine, office.central_clerk, {"letter": str(letter.id), "group": "sent"}) as sheet:
        assert [(line.code, line.state) for line in sheet.lines] == [("b", DispatchState.SENT)]
