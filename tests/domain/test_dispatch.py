"""The ladder of a dispatch: the highest proof holds, in whatever order proofs arrive."""

from __future__ import annotations

from datetime import timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saraban.domain.dispatch import RANK, SAID, Dispatch, DispatchState, Evidence, EvidenceKind, numbers_said
from saraban.domain.receipt import Step
from tests.builders import NOW, a_dispatch, evidence

S = DispatchState
OF = a_dispatch()
PROVABLE = [state for state in DispatchState if state is not S.QUEUED]


def _registered(number: str, *, minutes: int, step: DispatchState = S.REGISTERED) -> Evidence:
    return evidence(step, OF, minutes=minutes, statement={"register": {"number": number, "year": 2569}})


def _after(*proofs: Evidence) -> Dispatch:
    """A dispatch that climbed anew with each proof that came."""
    dispatch = a_dispatch()
    kept: list[Evidence] = []
    for proof in proofs:
        kept.append(proof)
        dispatch.climb(kept)
    return dispatch


def _standing(dispatch: Dispatch) -> tuple[object, ...]:
    return dispatch.state, dispatch.settled_at, dispatch.register_number, dispatch.register_year


WHOLE_LIFE = [
    evidence(S.SENT, OF, minutes=1),
    evidence(S.RELAYED, OF, minutes=2),
    evidence(S.INVALID, OF, minutes=3),
    evidence(S.RECEIVED, OF, minutes=4),
    _registered("81", minutes=5),
    evidence(S.COMPLETED, OF, minutes=6),
]


def test_every_order_of_six_proofs_ends_on_the_same_rung_with_the_same_number() -> None:
    ends = {_standing(_after(*order)) for order in permutations(WHOLE_LIFE)}

    assert ends == {(S.COMPLETED, WHOLE_LIFE[-1].at, "81", 2569)}


@pytest.mark.parametrize("length", range(1, 6))
def test_every_order_of_a_shorter_life_ends_on_its_highest_rung(length: int) -> None:
    ends = {_standing(_after(*order)) for order in permutations(WHOLE_LIFE[:length])}

    assert len(ends) == 1
    assert next(iter(ends))[0] is [S.SENT, S.RELAYED, S.INVALID, S.RECEIVED, S.REGISTERED][length - 1]


LIVES = {
    "sent on after it was invalid and silent": (
        [
            evidence(S.RELAYED, OF, minutes=1),
            evidence(S.INVALID, OF, minutes=2),
            evidence(S.RECEIVED, OF, minutes=3),
            evidence(S.UNDELIVERED, OF, minutes=4),
            evidence(S.FORWARDED, OF, minutes=5),
            evidence("number-wrong", OF, minutes=6, counts=False),
        ],
        (S.FORWARDED, "", ""),
    ),
    "given back before it was registered": (
        [
            evidence(S.RELAYED, OF, minutes=1),
            evidence(S.RECEIVED, OF, minutes=2),
            evidence("recall-requested", OF, minutes=3, counts=False),
            evidence(S.RECALLED, OF, minutes=4),
            evidence(S.UNDELIVERED, OF, minutes=5),
            evidence("recall-refused", OF, minutes=6, counts=False),
        ],
        (S.RECALLED, "", ""),
    ),
    "registered and kept though asked back": (
        [
            evidence(S.RECEIVED, OF, minutes=1),
            _registered("81", minutes=2),
            evidence("recall-requested", OF, minutes=3, counts=False),
            evidence("recall-refused", OF, minutes=4, counts=False),
            evidence(S.UNDELIVERED, OF, minutes=5),
            evidence(S.COMPLETED, OF, minutes=6),
        ],
        (S.COMPLETED, "81", ""),
    ),
    "registered and given back by a clerk": (
        [
            evidence(S.RECEIVED, OF, minutes=1),
            _registered("81", minutes=2),
            evidence("recall-requested", OF, minutes=3, counts=False),
            evidence(S.RECALLED, OF, minutes=4),
        ],
        (S.REGISTERED, "81", ""),
    ),
    "a number that was wrong, told to the receiver, and corrected": (
        [
            evidence(S.RECEIVED, OF, minutes=1),
            _registered("81", minutes=2),
            evidence("number-wrong", OF, minutes=3, counts=False),
            _registered("82", minutes=4),
            evidence(S.UNDELIVERED, OF, minutes=5),
        ],
        (S.REGISTERED, "82", ""),
    ),
    "sent on and given back, which cannot both be": (
        [
            evidence(S.RECEIVED, OF, minutes=1),
            evidence(S.FORWARDED, OF, minutes=2),
            evidence("recall-requested", OF, minutes=3, counts=False),
            evidence(S.RECALLED, OF, minutes=4),
            evidence(S.REFUSED, OF, minutes=5),
        ],
        (S.REFUSED, "", "ผู้รับแจ้งผลของหนังสือไม่ตรงกัน ตรวจสอบกับผู้รับ"),
    ),
}


@pytest.mark.parametrize("life", LIVES)
def test_every_order_of_every_life_has_one_end(life: str) -> None:
    """All permutations, each proof applied when it comes: rung, moment, number and contradiction are the same."""
    told, (state, number, problem) = LIVES[life]
    ends = set()
    for order in permutations(told):
        dispatch = a_dispatch(number_disputed_at=NOW + timedelta(minutes=3))
        for place in range(1, len(order) + 1):
            dispatch.climb(order[:place])
        ends.add((dispatch.state, dispatch.settled_at, dispatch.register_number, dispatch.problem))

    (end,) = ends
    assert (end[0], end[2], end[3]) == (state, number, problem)


def test_the_answer_that_a_letter_is_given_back_holds_whichever_answer_comes_last() -> None:
    for order in permutations((Step.RECALL_REFUSED, Step.RECALLED)):
        dispatch = a_dispatch()
        for step in order:
            dispatch.note_recall_answer(step)
        assert dispatch.recall_answer == "recalled"


@pytest.mark.parametrize("order", list(permutations((S.SENT, S.RECEIVED, S.REGISTERED))))
def test_what_was_stopped_moves_only_when_it_was_registered_all_the_same(order: tuple[DispatchState, ...]) -> None:
    dispatch, kept = a_dispatch(), []
    dispatch.stop(NOW)
    for step in order:
        kept.append(evidence(step, OF))
        dispatch.climb(kept)
        seen = {proof.step for proof in kept}
        assert dispatch.state is (S.REGISTERED if "registered" in seen else S.RECALLED)
    assert dispatch.state is S.REGISTERED
    alone = a_dispatch()
    alone.stop(NOW)
    assert not alone.climb([evidence(S.SENT, OF), evidence(S.RECEIVED, OF)])
    assert (alone.state, alone.settled_at) == (S.RECALLED, NOW)


proofs = st.lists(
    st.builds(
        lambda step, minutes, counts: (
            _registered(f"{minutes}", minutes=minutes)
            if step is S.REGISTERED
            else evidence(step, OF, minutes=minutes, counts=counts)
        ),
        st.sampled_from(PROVABLE),
        st.integers(0, 5),
        st.booleans(),
    ),
    max_size=8,
)


@given(proofs, st.randoms(use_true_random=False))
def test_the_order_of_arrival_does_not_matter(given_proofs: list[Evidence], random) -> None:  # type: ignore[no-untyped-def]
    shuffled = list(given_proofs)
    random.shuffle(shuffled)

    assert _standing(_after(*given_proofs)) == _standing(_after(*shuffled))


@given(proofs)
def test_a_proof_applied_twice_changes_nothing(given_proofs: list[Evidence]) -> None:
    assert _standing(_after(*given_proofs)) == _standing(_after(*given_proofs, *given_proofs))


@given(proofs)
def test_a_dispatch_never_climbs_down(given_proofs: list[Evidence]) -> None:
    dispatch, kept, ranks = a_dispatch(), [], [0]
    for proof in given_proofs:
        kept.append(proof)
        dispatch.climb(kept)
        ranks.append(RANK[dispatch.state])

    assert ranks == sorted(ranks)


@pytest.mark.parametrize(
    "receipt", [S.RECEIVED, S.INVALID, S.REFUSED, S.FORWARDED, S.RECALLED, S.REGISTERED, S.COMPLETED]
)
@pytest.mark.parametrize("minutes", [-60, 60])
def test_undelivered_never_beats_a_receipt(receipt: DispatchState, minutes: int) -> None:
    said, silence = evidence(receipt, OF), evidence(S.UNDELIVERED, OF, minutes=minutes)

    assert _after(said, silence).state is _after(silence, said).state is receipt


@pytest.mark.parametrize(
    ("higher", "lower"),
    [
        (S.REGISTERED, S.REFUSED),
        (S.REFUSED, S.RECEIVED),
        (S.REFUSED, S.INVALID),
        (S.COMPLETED, S.REGISTERED),
        (S.UNDELIVERED, S.RELAYED),
        (S.RECEIVED, S.SENT),
    ],
)
def test_a_higher_rung_holds_though_the_lower_one_is_said_later(higher: DispatchState, lower: DispatchState) -> None:
    assert _after(evidence(higher, OF), evidence(lower, OF, minutes=99)).state is higher


@pytest.mark.parametrize(
    ("first", "later"), [(S.INVALID, S.RECEIVED), (S.RECEIVED, S.INVALID), (S.REFUSED, S.FORWARDED)]
)
def test_on_one_rung_the_later_signed_time_holds(first: DispatchState, later: DispatchState) -> None:
    old, new = evidence(first, OF, minutes=1), evidence(later, OF, minutes=2)

    assert _after(old, new).state is _after(new, old).state is later


def test_what_does_not_count_and_what_is_only_a_notice_move_nothing() -> None:
    dispatch = a_dispatch(state=S.SENT)

    assert not dispatch.climb(
        [evidence(S.REGISTERED, OF, counts=False), evidence("number-wrong", OF), evidence("bounced", OF)]
    )
    assert dispatch.state is S.SENT


def test_a_number_that_was_corrected_is_the_one_that_holds() -> None:
    dispatch = _after(_registered("81", minutes=1), _registered("82", minutes=2))

    assert (dispatch.register_number, dispatch.register_year) == ("82", 2569)


def test_the_problem_of_a_waiting_dispatch_goes_away_when_it_is_sent() -> None:
    dispatch = a_dispatch(problem="รอส่งอีกครั้ง")

    assert dispatch.climb([evidence(S.SENT, OF)])
    assert (dispatch.problem, dispatch.settled_at) == ("", NOW)


def test_two_receiving_numbers_are_a_contradiction_that_is_told_in_whatever_order_they_came() -> None:
    first, second = _registered("81", minutes=1), _registered("82", minutes=2)

    for order in permutations([first, second, evidence(S.RECEIVED, OF)]):
        dispatch = _after(*order)
        assert (dispatch.register_number, dispatch.contradicted) == ("82", True)
        assert "๘๑/๒๕๖๙ และ ๘๒/๒๕๖๙" in dispatch.problem
        assert numbers_said(order, None) == ["81/2569", "82/2569"]
    assert _after(first, _registered("81", minutes=3)).problem == "", "the same number said twice is no contradiction"


def test_a_number_that_was_said_after_it_was_disputed_contradicts_none_before() -> None:
    first, second = _registered("81", minutes=1), _registered("82", minutes=3)

    for order in permutations([first, second, evidence(S.RECEIVED, OF)]):
        dispatch = a_dispatch(number_disputed_at=NOW + timedelta(minutes=2))
        for place in range(1, len(order) + 1):
            dispatch.climb(order[:place])
        assert (dispatch.register_number, dispatch.problem) == ("82", "")
        dispatch.climb([*order, _registered("83", minutes=4)])
        assert (dispatch.register_number, bool(dispatch.problem)) == ("83", True)
    before = a_dispatch(number_disputed_at=NOW + timedelta(minutes=4))
    before.climb([first, second])
    assert before.problem, "nobody has corrected it yet"


def test_two_ends_of_one_rung_are_a_contradiction_until_a_higher_one_settles_it() -> None:
    refused, forwarded = evidence(S.REFUSED, OF, minutes=1), evidence(S.FORWARDED, OF, minutes=2)

    assert not _after(refused).contradicted and _after(refused, forwarded).contradicted
    assert _after(refused).problem == ""
    assert _after(refused, forwarded).problem == _after(forwarded, refused).problem != ""
    assert _after(refused, forwarded, _registered("81", minutes=3)).problem == ""


def test_received_and_invalid_are_settled_by_the_signed_time_and_are_no_contradiction() -> None:
    assert _after(evidence(S.INVALID, OF, minutes=1), evidence(S.RECEIVED, OF, minutes=2)).problem == ""


@pytest.mark.parametrize("kind", sorted(SAID, key=lambda one: one.value))
def test_what_was_only_said_moves_the_dispatch_and_never_beats_a_receipt(kind: EvidenceKind) -> None:
    sealed = evidence(S.RECEIVED, OF, minutes=1)
    said = evidence(S.RECEIVED, OF, minutes=9, kind=kind)
    lost = evidence(S.UNDELIVERED, OF, minutes=20)
    for order in permutations((sealed, said, lost)):
        dispatch = _after(*order)
        assert (dispatch.state, dispatch.proved_by, dispatch.settled_at) == (
            S.RECEIVED,
            EvidenceKind.RECEIPT,
            sealed.at,
        )
    for order in permutations((said, lost)):
        assert (_after(*order).state, _after(*order).proved_by) == (S.RECEIVED, kind)


def test_a_number_that_was_said_gives_way_to_the_receipts_and_the_contradiction_is_told() -> None:
    said = evidence(
        S.REGISTERED, OF, minutes=9, kind=EvidenceKind.LINK, statement={"register": {"number": "12", "year": 2569}}
    )
    for order in permutations((said, _registered("15", minutes=2))):
        dispatch = _after(*order)
        assert (dispatch.register_number, dispatch.proved_by) == ("15", EvidenceKind.RECEIPT)
        assert dispatch.problem


def test_the_classes_of_evidence() -> None:
    assert [kind for kind in EvidenceKind if kind.is_signed] == [EvidenceKind.RECEIPT]
    assert {kind for kind in EvidenceKind if kind.is_said} == {
        EvidenceKind.LINK,
        EvidenceKind.REPLY,
        EvidenceKind.PHONE,
    }
