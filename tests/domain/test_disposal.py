"""The list of form 25 on its way: committee, dissent, the head, the National Archives and their silence, officers."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest

from saraban.domain.actor import Actor
from saraban.domain.agency import AgencyId, PersonId, PositionRole
from saraban.domain.disposal import DisposalList, DisposalState, survey_deadline
from saraban.domain.disposal_events import CommitteeReported
from saraban.domain.disposal_item import DisposalItem, Officer, Outcome, Verdict
from saraban.domain.errors import BadInput, RuleBroken, StageNotAllowed
from saraban.domain.permissions import may_carry_out, may_consider_disposal, may_decide_disposal, may_propose_disposal
from saraban.domain.retention import Term
from tests.builders import NOW, an_actor

HEAD, RECORDS = an_actor(PositionRole.HEAD), an_actor(PositionRole.RECORDS)
MEMBERS = [an_actor(PositionRole.CLERK) for _ in range(3)]


def officer(actor: Actor) -> Officer:
    """An actor as he stands on the list."""
    return Officer(actor.person_id or PersonId(uuid4()), actor.name, actor.title)


def a_list(count: int = 2) -> DisposalList:
    """A list of the year 2579 with so many letters."""
    items = [
        DisposalItem(uuid4(), "03", f"ที่ {n}", date(2026, 1, n), f"{n}/2569", "เรื่อง", "เก็บถึง พ.ศ. ๒๕๗๙")
        for n in range(1, count + 1)
    ]
    return DisposalList(uuid4(), AgencyId(uuid4()), 2579, 1, False, items, NOW, "นายทะเบียน", "นายทะเบียน")


def considering(count: int = 2) -> tuple[DisposalList, list[UUID]]:
    """The list before its committee, with the ids of its letters."""
    made = a_list(count)
    made.appoint([officer(one) for one in MEMBERS], "คำสั่ง ๑/๒๕๘๐", by=HEAD, at=NOW)
    return made, [item.entry_id for item in made.items]


def reported(made: DisposalList) -> CommitteeReported:
    """Two of three members stand by what was found, and one reports."""
    for member in MEMBERS[:2]:
        made.agree(by=member, at=NOW)
    return made.report(by=MEMBERS[0], at=NOW)


def ordered(*verdicts: Verdict) -> tuple[DisposalList, list[UUID]]:
    """The list with the head's order that follows these verdicts."""
    made, ids = considering(len(verdicts))
    for entry_id, verdict in zip(ids, verdicts, strict=True):
        made.consider(entry_id, verdict, Term(2585), by=MEMBERS[0], at=NOW)
    reported(made)
    made.decide({}, "", by=HEAD, at=NOW)
    return made, ids


def test_the_survey_is_due_sixty_days_after_the_year() -> None:
    assert survey_deadline(2579) == date(2037, 3, 1)
    assert survey_deadline(2570) == date(2028, 2, 29)


def test_a_committee_has_three_different_people_and_an_order() -> None:
    made = a_list()
    twice = [officer(MEMBERS[0]), officer(MEMBERS[1]), officer(MEMBERS[0])]
    with pytest.raises(BadInput) as told:
        made.appoint(twice, " ", by=HEAD, at=NOW)

    assert set(told.value.fields) == {"members", "order"}


def test_each_letter_is_considered_before_the_report() -> None:
    made, (first, second) = considering()
    made.consider(first, Verdict.DESTROY, Term(), by=MEMBERS[0], at=NOW)
    with pytest.raises(StageNotAllowed) as told:
        made.report(by=MEMBERS[0], at=NOW)
    assert told.value.code == "not-all-considered"
    with pytest.raises(BadInput):
        made.consider(second, Verdict.EXTEND, Term(2579), by=MEMBERS[0], at=NOW)
    with pytest.raises(BadInput):
        made.consider(second, Verdict.TRANSFER, Term(), by=MEMBERS[0], at=NOW)
    with pytest.raises(BadInput):
        made.consider(uuid4(), Verdict.DESTROY, Term(), by=MEMBERS[0], at=NOW)
    made.consider(second, Verdict.EXTEND, Term(2585), by=MEMBERS[0], at=NOW)
    event = reported(made)

    assert (event.destroy, event.extend, made.state) == (1, 1, DisposalState.REPORTED)
    assert [item.consideration for item in made.items] == ["✕", "เก็บถึง พ.ศ. ๒๕๘๕"]


def test_dissent_is_written_down_but_never_outvotes_the_committee() -> None:
    made, (first, _) = considering()
    with pytest.raises(StageNotAllowed):
        made.dissent(first, "ยังใช้", by=MEMBERS[1], at=NOW)
    made.consider(first, Verdict.DESTROY, Term(), by=MEMBERS[0], at=NOW)
    with pytest.raises(BadInput):
        made.dissent(first, " ", by=MEMBERS[1], at=NOW)
    made.dissent(first, "ยังใช้อ้างอิง", by=MEMBERS[1], at=NOW)
    made.dissent(first, "ยังใช้อ้างอิงอยู่", by=MEMBERS[1], at=NOW)
    with pytest.raises(RuleBroken) as told:
        made.dissent(first, "เห็นด้วยกับเขา", by=MEMBERS[2], at=NOW)

    assert told.value.code == "majority-dissents"
    made.consider(first, Verdict.DESTROY, Term(), by=MEMBERS[0], at=NOW)
    assert [one.reason for one in made.item(first).dissents] == ["ยังใช้อ้างอิงอยู่"], "the verdict is the same"
    made.consider(first, Verdict.EXTEND, Term(2590), by=MEMBERS[0], at=NOW)
    assert made.item(first).dissents == []


def test_nobody_reports_for_a_committee_of_which_the_majority_has_not_agreed() -> None:
    made, (first, second) = considering()
    made.consider(first, Verdict.DESTROY, Term(), by=MEMBERS[0], at=NOW)
    with pytest.raises(StageNotAllowed) as told:
        made.agree(by=MEMBERS[0], at=NOW)
    assert told.value.code == "not-all-considered"
    made.consider(second, Verdict.DESTROY, Term(), by=MEMBERS[0], at=NOW)
    for agreeing in (None, MEMBERS[0]):
        if agreeing is not None:
            assert made.agree(by=agreeing, at=NOW).agreed == 1
        with pytest.raises(StageNotAllowed) as told:
            made.report(by=MEMBERS[1], at=NOW)
        assert told.value.code == "no-majority"
    with pytest.raises(StageNotAllowed):
        made.agree(by=MEMBERS[0], at=NOW)
    made.agree(by=MEMBERS[2], at=NOW)
    made.consider(first, Verdict.DESTROY, Term(), by=MEMBERS[1], at=NOW)
    assert made.short_of_majority == 0
    made.consider(first, Verdict.EXTEND, Term(2590), by=MEMBERS[1], at=NOW)
    assert (made.agreed, made.short_of_majority) == ((), 2), "what they agreed to was changed"
    reported(made)

    assert made.state is DisposalState.REPORTED


def test_the_head_keeps_letters_till_the_next_round() -> None:
    made, (first, second) = considering()
    for entry_id in (first, second):
        made.consider(entry_id, Verdict.DESTROY, Term(), by=MEMBERS[0], at=NOW)
    reported(made)
    with pytest.raises(BadInput):
        made.decide({uuid4(): "ผิด"}, "", by=HEAD, at=NOW)
    event, leaving = made.decide({first: "รอผลการตรวจ"}, "", by=HEAD, at=NOW)

    assert (event.destroy, event.kept, made.state) == (1, 1, DisposalState.ORDERED)
    assert [(one.entry_id, one.outcome) for one in leaving] == [(first, Outcome.NEXT_ROUND)]


def test_a_list_of_which_nothing_is_left_is_done() -> None:
    made, _ = ordered(Verdict.EXTEND)

    assert (made.state, made.done_at) == (DisposalState.DONE, NOW)


def test_sixty_silent_days_are_agreement_and_not_a_day_less() -> None:
    made, _ = ordered(Verdict.DESTROY)
    with pytest.raises(BadInput):
        made.send(NOW.date(), " ", by=RECORDS, at=NOW)
    made.send(date(2037, 2, 1), "ทส ๑/๑", by=RECORDS, at=NOW)
    last = date(2037, 2, 1) + timedelta(days=60)
    two = [officer(MEMBERS[0]), officer(RECORDS)]
    with pytest.raises(StageNotAllowed):
        made.name_officers(two, "ย่อย", last, by=RECORDS, at=NOW)
    assert (made.silent_until, made.agreed_by_silence(last)) == (last, False)
    made.name_officers(two, "ย่อย", last + timedelta(days=1), by=RECORDS, at=NOW)

    assert made.state is DisposalState.CLEARED


def test_the_archives_may_want_a_letter_longer_or_for_themselves() -> None:
    made, (first, second, third) = ordered(Verdict.DESTROY, Verdict.DESTROY, Verdict.DESTROY)
    made.send(date(2037, 2, 1), "ทส ๑/๑", by=RECORDS, at=NOW)
    other = {first: (Verdict.EXTEND, Term(2600)), second: (Verdict.TRANSFER, Term())}
    with pytest.raises(BadInput):
        made.answer(date(2037, 1, 1), "วธ ๑", other, by=RECORDS, at=NOW)
    event, leaving = made.answer(date(2037, 3, 1), "วธ ๑", other, by=RECORDS, at=NOW)

    assert (event.agreed, event.kept) == (1, 2)
    assert [one.consideration for one in leaving] == ["เก็บถึง พ.ศ. ๒๖๐๐", "ห้ามทำลาย"]
    assert [one.entry_id for one in made.open_items] == [third]


def test_the_archives_say_it_letter_by_letter_before_their_answer_is_closed() -> None:
    made, (first, second, third, fourth) = ordered(*[Verdict.DESTROY] * 4)
    made.send(date(2037, 2, 1), "ทส ๑/๑", by=RECORDS, at=NOW)
    with pytest.raises(BadInput) as told:
        made.hear(first, Verdict.EXTEND, Term(2579), by=RECORDS, at=NOW)
    assert set(told.value.fields) == {"until"}
    made.hear(first, Verdict.EXTEND, Term(2600), by=RECORDS, at=NOW)
    made.hear(second, Verdict.EXTEND, Term(None, True), by=RECORDS, at=NOW)
    made.hear(third, Verdict.TRANSFER, Term(), by=RECORDS, at=NOW)
    assert made.hear(fourth, Verdict.TRANSFER, Term(), by=RECORDS, at=NOW).verdict == "transfer"
    made.hear(fourth, Verdict.DESTROY, Term(), by=RECORDS, at=NOW)
    assert (made.state, len(made.open_items)) == (DisposalState.WITH_ARCHIVES, 4)
    assert not made.agreed_by_silence(date(2040, 1, 1)), "they said something"
    kept_as_json = [DisposalItem.from_plain(item.as_plain()) for item in made.items]
    assert [item.archives_say for item in kept_as_json] == [
        *("ให้เก็บถึง พ.ศ. ๒๖๐๐", "ให้เก็บตลอดไป"),
        *("ให้ส่งมอบหอจดหมายเหตุ", "ทำลาย"),
    ]
    event, leaving = made.answer(date(2037, 3, 1), "วธ ๑", {}, by=RECORDS, at=NOW)

    assert (event.agreed, event.kept, made.state) == (1, 3, DisposalState.CLEARED)
    assert [(one.outcome, one.term) for one in leaving] == [
        (Outcome.EXTENDED, Term(2600)),
        (Outcome.EXTENDED, Term(None, True)),
        (Outcome.TO_ARCHIVES, Term(None, True)),
    ]
    with pytest.raises(StageNotAllowed):
        made.hear(fourth, Verdict.TRANSFER, Term(), by=RECORDS, at=NOW)


def test_two_named_officers_confirm_each_for_himself_and_what_is_held_stays() -> None:
    made, (first, second) = ordered(Verdict.DESTROY, Verdict.DESTROY)
    made.send(date(2037, 2, 1), "ทส ๑/๑", by=RECORDS, at=NOW)
    made.answer(date(2037, 3, 1), "วธ ๑", {}, by=RECORDS, at=NOW)
    with pytest.raises(BadInput) as told:
        made.name_officers([officer(RECORDS), officer(RECORDS)], "", date(2037, 3, 2), by=RECORDS, at=NOW)
    assert set(told.value.fields) == {"officers", "way"}
    made.name_officers([officer(RECORDS), officer(MEMBERS[0])], "เผา", date(2037, 3, 2), by=RECORDS, at=NOW)
    made.confirm(by=RECORDS, at=NOW)
    with pytest.raises(StageNotAllowed):
        made.confirm(by=RECORDS, at=NOW)
    assert made.confirm(by=MEMBERS[0], at=NOW).left == 0
    event = made.carry_out({second: "คดี"}, by=MEMBERS[0], at=NOW)

    assert (event.destroyed, event.held, made.state) == (1, 1, DisposalState.DONE)
    assert [item.outcome for item in made.items] == [Outcome.DESTROYED, Outcome.HELD]
    with pytest.raises(StageNotAllowed):
        made.cancel("สาย", by=RECORDS, at=NOW)
    assert first != second


def test_a_list_is_given_up_only_before_its_report() -> None:
    made, _ = considering()
    with pytest.raises(BadInput):
        made.cancel(" ", by=RECORDS, at=NOW)
    made.cancel("สำรวจผิดปี", by=RECORDS, at=NOW)

    assert made.state is DisposalState.CANCELLED


def test_who_may() -> None:
    member = MEMBERS[0].person_id
    assert member is not None

    assert may_propose_disposal(RECORDS) is None and may_propose_disposal(HEAD) is not None
    assert may_decide_disposal(HEAD) is None and may_decide_disposal(RECORDS) is not None
    assert may_consider_disposal(MEMBERS[0], [member]) is None and may_consider_disposal(HEAD, [member]) is not None
    assert may_carry_out(MEMBERS[0], [member]) is None and may_carry_out(RECORDS, [member]) is not None
