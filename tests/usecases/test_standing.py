"""Standing orders: letters that go to a unit by themselves when they are registered, and what history proposes."""

from __future__ import annotations

from typing import Any

import pytest

from saraban.domain.classification import Secrecy
from saraban.domain.errors import BadInput, NotFound, NotPermitted
from saraban.domain.standing_order import StandingOrderId
from saraban.domain.task import Purpose, TaskState
from saraban.reading.tasks import suggestion
from saraban.usecases import standing
from tests.usecases.house import House
from tests.usecases.test_assigning import give, read, registered, unit


def _order(house: House, by: str = "central_clerk", **more: Any) -> StandingOrderId:
    values: dict[str, Any] = {"unit_id": house.ours.legal.id, "words": "รายงาน", "note": "เพื่อดำเนินการ"} | more
    return standing.keep_order(house.office, actor=house.ours[by], **values)


def test_a_letter_that_an_order_covers_goes_by_itself_and_a_classified_one_never_does(house: House) -> None:
    order_id = _order(house)
    letter, written = read(house, registered(house))
    (task,) = letter.tasks
    assert (task.to_name, task.state, task.purpose) == (house.ours.legal.name, TaskState.OPEN, Purpose.ACTION)
    assert written[0].note == "เพื่อดำเนินการ" and "รายงาน" in written[0].under
    assert read(house, registered(house, secrecy=Secrecy.CONFIDENTIAL))[0].tasks == []
    assert read(house, registered(house, subject="ขอเชิญประชุม"))[0].tasks == []

    standing.end_order(house.office, actor=house.ours["admin"], order_id=order_id)
    assert read(house, registered(house))[0].tasks == []
    assert [one["values"]["to"] for one in house.told("standing-order.kept")] == [house.ours.legal.name]


def test_an_order_says_what_is_wrong_and_only_the_clerks_of_the_centre_keep_it(house: House) -> None:
    for wrong, field in (
        ({"words": ""}, "words"),
        ({"unit_id": None}, "unit"),
        ({"sender_code": "nobody"}, "sender_code"),
    ):
        with pytest.raises(BadInput) as caught:
            _order(house, **wrong)
        assert list(caught.value.fields) == [field]
    with pytest.raises(NotPermitted):
        _order(house, by="clerk")
    order_id = _order(house)
    with pytest.raises(NotFound):
        standing.end_order(house.office, actor=house.theirs["admin"], order_id=order_id)


def test_history_proposes_the_unit_to_which_most_of_the_last_letters_of_a_sender_went(house: House) -> None:
    letters = [registered(house) for _ in range(4)]
    clerk = house.ours["central_clerk"]

    def proposed() -> tuple[str, int, int] | None:
        with house.real.reading.connect() as reader:
            found = suggestion(reader, clerk, read(house, letters[3])[0])
            return (found.unit_name, found.count, found.of) if found else None

    give(house, letters[0], action=[unit(house)])
    assert proposed() is None
    give(house, letters[1], action=[f"unit:{house.ours.central.id}"])
    assert proposed() is None
    give(house, letters[2], action=[unit(house)])
    assert proposed() == (house.ours.legal.name, 2, 3)
