"""A letter that its issuer asked back, as anybody who has its code is told: who gave it back and when, who kept it, and
of whom no answer has come. It is recalled when nobody has it any more."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import update

from saraban.crypto import keys
from saraban.domain.classification import Form
from saraban.domain.dispatch import DispatchId, DispatchState, Evidence, EvidenceKind
from saraban.domain.letter import LetterId
from saraban.domain.receipt import Step
from saraban.domain.verification import DocumentState, SubjectKind, ends_when_given_back
from saraban.reading.verified import Verified
from saraban.reading.verifying import verified
from saraban.reading.verifying_recalls import MOST_NAMED
from saraban.storage.tables.exchange import dispatches
from saraban.storage.tables.letters import letters
from saraban.usecases import dispatching, recalling
from saraban.web.recall_words import recall_note
from tests.builders import a_correspondent
from tests.usecases.conftest import Pki
from tests.usecases.house import MASTER_KEY, House

WHY = "ส่งผิดหน่วยงาน"


@pytest.fixture
def letter(either_house: House, pki: Pki) -> LetterId:
    """A letter that two agencies have."""
    keys.store_seal(either_house.keys_folder, "onep", pki.seals["onep"], MASTER_KEY)
    either_house.publish(a_correspondent("dga", name="สพร.", capabilities={"saraban": 1}))
    made = either_house.dispatched(recipients=("dopa", "dga"))
    _all_are(either_house, DispatchState.RECEIVED)
    return made


def _all_are(house: House, state: DispatchState) -> None:
    with house.real.writing.begin() as connection:
        connection.execute(update(dispatches).values(state=state, composed=True))


def _of(house: House, code: str) -> DispatchId:
    return next(DispatchId(row.id) for row in house.rows(dispatches) if row.to_code == code)


def _ask(house: House, *codes: str) -> None:
    which = [_of(house, code) for code in codes]
    recalling.ask_back(house.office, actor=house.ours["clerk"], dispatches=which, reason=WHY)


def _answer(house: House, code: str, step: Step) -> None:
    """What a receiver answers, as `acknowledging` takes it."""
    now = house.clock.now()
    with house.office.uow() as uow:
        one = uow.dispatches.get(house.ours.agency.id, _of(house, code))
        said = Evidence(
            id=uuid4(), agency_id=one.agency_id, dispatch_id=one.id, step=step.value, kind=EvidenceKind.RECEIPT, at=now,
            noted_at=now, counts=not step.is_notice,
        )  # fmt: skip
        uow.dispatches.note(said)
        one.note_recall_answer(step)
        one.climb(uow.dispatches.evidence(one))
        uow.dispatches.save(one)
        uow.commit()


def _told(house: House, letter_id: LetterId) -> Verified:
    with house.office.uow() as uow:
        code = uow.verifications.of(house.ours.agency.id, SubjectKind.LETTER, letter_id)
    assert code is not None
    with house.real.reading.connect() as reader:
        found = verified(reader, code.code, house.clock.now().date())
    assert found is not None
    return found


def test_a_letter_that_nobody_asked_back_says_nothing_of_it(either_house: House, letter: LetterId) -> None:
    told = _told(either_house, letter)

    assert (told.state, told.recall) == (DocumentState.VALID, None) and told.as_dict()["recall"] is None


def test_it_is_recalled_when_every_receiver_gave_it_back_and_not_before(either_house: House, letter: LetterId) -> None:
    house = either_house
    names = {row.to_code: row.to_name for row in house.rows(dispatches)}
    asked_on = house.clock.now().date()
    _ask(house, "dopa", "dga")
    told = _told(house, letter)
    assert told.state is DocumentState.VALID and told.since is None, "who has it goes by it until he gives it back"
    assert told.recall is not None and told.recall.waiting == tuple(sorted(names.values()))

    house.clock.pass_by(timedelta(days=1))
    _answer(house, "dopa", Step.RECALLED)
    told = _told(house, letter)
    assert told.state is DocumentState.VALID and told.recall is not None
    assert told.recall.as_dict() == {
        "asked_on": asked_on.isoformat(),
        "given_back": [{"agency": names["dopa"], "on": (asked_on + timedelta(days=1)).isoformat()}],
        "kept": [],
        "waiting": [names["dga"]],
        "more": {"given_back": 0, "kept": 0, "waiting": 0},
    }

    house.clock.pass_by(timedelta(days=1))
    _answer(house, "dga", Step.RECALLED)
    told = _told(house, letter)
    last = asked_on + timedelta(days=2)
    assert (told.state, told.since, told.cancelled_on) == (DocumentState.RECALLED, last, None)
    assert told.recall is not None and not told.recall.waiting and len(told.recall.given_back) == 2


def test_who_keeps_it_and_who_was_not_asked_may_go_by_it(either_house: House, letter: LetterId) -> None:
    house = either_house
    _ask(house, "dopa")
    _answer(house, "dopa", Step.RECALLED)
    told = _told(house, letter)
    assert told.state is DocumentState.VALID and told.recall is not None and told.recall.waiting == ()

    _ask(house, "dga")
    _answer(house, "dga", Step.RECALL_REFUSED)
    told = _told(house, letter)
    assert told.state is DocumentState.VALID and told.recall is not None and told.recall.kept == ("สพร.",)

    _answer(house, "dga", Step.RECALLED)  # he thought better of it
    assert _told(house, letter).state is DocumentState.RECALLED


def test_a_registered_letter_that_is_given_back_is_recalled_though_its_rung_stays(
    either_house: House, letter: LetterId
) -> None:
    house = either_house
    _all_are(house, DispatchState.REGISTERED)
    _ask(house, "dopa", "dga")
    for code in ("dopa", "dga"):
        _answer(house, code, Step.RECALLED)

    assert _told(house, letter).state is DocumentState.RECALLED


def test_what_never_left_and_what_never_came_holds_nothing_up(either_house: House, letter: LetterId) -> None:
    house = either_house
    _ask(house, "dopa", "dga")
    _answer(house, "dopa", Step.RECALLED)
    with house.real.writing.begin() as connection:
        of_other = update(dispatches).where(dispatches.c.to_code == "dga")
        connection.execute(of_other.values(state=DispatchState.UNDELIVERED))
    assert _told(house, letter).state is DocumentState.RECALLED

    again = house.signed(recipients=("dopa",))
    [sent] = dispatching.dispatch_letter(house.office, actor=house.ours["clerk"], letter_id=again)
    recalling.ask_back(house.office, actor=house.ours["clerk"], dispatches=[sent.id], reason=WHY)
    told = _told(house, again)
    assert (told.state, told.recall) == (DocumentState.VALID, None), "stopped on its way out: nobody was asked"


def test_another_letter_in_its_place_and_a_struck_number_say_more(either_house: House, letter: LetterId) -> None:
    house = either_house
    _ask(house, "dopa", "dga")
    for code in ("dopa", "dga"):
        _answer(house, code, Step.RECALLED)
    old = [_of(house, code) for code in ("dopa", "dga")]
    new = house.signed(recipients=("dopa", "dga"))
    dispatching.dispatch_letter(house.office, actor=house.ours["clerk"], letter_id=new, replaces=old)

    assert _told(house, letter).state is DocumentState.REPLACED


def test_of_many_receivers_some_are_named_and_all_are_counted(either_house: House, letter: LetterId) -> None:
    house = either_house
    _ask(house, "dopa", "dga")
    with house.real.writing.begin() as connection:
        row = dict(connection.execute(dispatches.select().limit(1)).mappings().one())
        more = [
            row | {"id": uuid4(), "link": None, "to_code": f"x{n}", "to_name": f"ก {n:02}"} for n in range(MOST_NAMED)
        ]
        connection.execute(dispatches.insert(), more)
    told = _told(house, letter).recall

    assert told is not None and len(told.waiting) == MOST_NAMED and told.more == (0, 0, 2)
    assert isinstance(told.asked_on, date)


def test_what_holds_by_being_issued_or_shown_is_not_over_when_copies_are_given_back(
    either_house: House, letter: LetterId
) -> None:
    house = either_house
    _ask(house, "dopa", "dga")
    for code in ("dopa", "dga"):
        _answer(house, code, Step.RECALLED)
    assert _told(house, letter).state is DocumentState.RECALLED
    with house.real.writing.begin() as connection:
        connection.execute(update(letters).where(letters.c.id == letter).values(form=Form.ORDER))
    told = _told(house, letter)
    assert (told.state, told.since) == (DocumentState.VALID, None) and told.recall is not None
    assert told.recall.ended_on is not None and "ผู้รับทุกแห่งคืนฉบับที่ได้รับ" in recall_note(told.recall, "th")


@pytest.mark.parametrize("form", list(Form))
@pytest.mark.parametrize("is_published", [True, False])
def test_only_what_was_written_to_its_receivers_alone_ends_with_them(form: Form, is_published: bool) -> None:
    ends = form in (Form.EXTERNAL, Form.STAMPED, Form.MEMORANDUM) and not is_published
    assert ends_when_given_back(form, is_published=is_published) is ends
