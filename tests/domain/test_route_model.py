"""Whatever officers do on a route in any order: every state has an owner and a way out, a right says yes just where its
deed works, nobody signs out of turn, and nothing that was given to an older version counts for a newer one."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import assume, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from saraban.domain import permissions as p
from saraban.domain import stages
from saraban.domain.actor import Actor
from saraban.domain.agency import PersonId, PositionId, PositionRole
from saraban.domain.attachment import Digest, Role
from saraban.domain.content import Content
from saraban.domain.cosigning import SignerPlace
from saraban.domain.errors import SarabanError
from saraban.domain.letter import Letter, LetterState
from saraban.domain.permissions import Refusal
from saraban.domain.route import Again, RouteStep, StepKind, StepState
from tests.builders import CONTENT, NOW, TODAY, a_file, a_letter, an_actor

CLERK = an_actor()
OFFICERS = [
    replace(an_actor(PositionRole.DIRECTOR, name=f"คนที่ {n}", title=f"ตำแหน่ง {n}"), agency_id=CLERK.agency_id)
    for n in range(7)
]
BY_POSITION = {one.position_id: one for one in OFFICERS}
K, S, L = StepKind, StepState, LetterState
BEFORE = [K.OPINION, K.CHECK, K.ENDORSE, K.APPROVE, K.INFORM]
who = st.sampled_from(OFFICERS)


@st.composite
def stages_before(draw: st.DrawFn, *, least: int = 0) -> list[tuple[int, Actor, StepKind, int, bool, bool]]:
    """Stages before those who sign: stage, officer, kind, need, required, edits."""
    rows = []
    for stage in range(1, draw(st.integers(least, 3)) + 1):
        asked = draw(st.lists(st.sampled_from(OFFICERS[:5]), min_size=1, max_size=3, unique=True))
        need = draw(st.integers(0, len(asked)))
        for one in asked:
            flags = draw(st.tuples(st.booleans(), st.booleans()))
            rows.append((stage, one, draw(st.sampled_from(BEFORE)), need, *flags))
    return rows


def _steps(rows: list[tuple[int, Actor, StepKind, int, bool, bool]], signers: int) -> list[RouteStep]:
    last = max((row[0] for row in rows), default=0)
    ends = [(last + n, OFFICERS[4 + n], K.SIGN, 0, True, False) for n in range(1, signers + 1)]
    return [
        RouteStep(n, kind, _position(one), one.title, "กอง", stage=stage, need=need, required=required, edits=edits)
        for n, (stage, one, kind, need, required, edits) in enumerate([*rows, *ends], 1)
    ]


def _position(one: Actor) -> PositionId:
    assert one.position_id is not None
    return one.position_id


class RouteMachine(RuleBasedStateMachine):
    """One letter, its clerk, seven officers and a deputy for any of them."""

    def __init__(self) -> None:
        super().__init__()
        self.letter: Letter = a_letter(CLERK)
        self.again = Again.ALL
        self.rows: list[tuple[int, Actor, StepKind, int, bool, bool]] = []
        self.signers = 1
        self.vacant: set[PositionId] = set()
        self.subject = 0

    # --- the clerk --------------------------------------------------------------------------------------------

    @initialize(rows=stages_before(least=1), signers=st.integers(1, 2), again=st.sampled_from(Again))
    def begin(self, rows: list[tuple[int, Actor, StepKind, int, bool, bool]], signers: int, again: Again) -> None:
        self.rows, self.signers, self.again = rows, signers, again
        self.submit()

    @precondition(lambda self: self.letter.state is L.RETURNED)
    @rule(change=st.booleans())
    def send_again(self, change: bool) -> None:
        if change:
            self.letter.revise(self._content(), by=CLERK, at=NOW)
        self.vacant.clear()
        self.submit()

    def submit(self) -> None:
        self.letter.submit(_steps(self.rows, self.signers), by=CLERK, at=NOW, again=self.again)

    @rule()
    def recall(self) -> None:
        works = self.letter.state in (L.SUBMITTED, L.ENDORSED, L.PART_SIGNED)
        self._do(works, lambda: self.letter.recall(by=CLERK, reason="แก้", at=NOW))

    # --- officers ---------------------------------------------------------------------------------------------

    @rule(one=who, deputy=st.booleans())
    def endorse(self, one: Actor, deputy: bool) -> None:
        actor = self._acting(one, deputy)
        self._by_right(p.may_endorse, actor, lambda: self.letter.endorse(by=actor, note="", at=NOW))

    @rule(one=who)
    def be_against(self, one: Actor) -> None:
        self._by_right(p.may_object, one, lambda: self.letter.object(by=one, reason="ไม่คุ้ม", at=NOW))

    @rule(one=who)
    def note(self, one: Actor) -> None:
        state = self.letter.state
        self._by_right(p.may_acknowledge, one, lambda: self.letter.acknowledge(by=one, note="", at=NOW))
        assert self.letter.state is state

    @rule(one=who, to=st.integers(0, 9))
    def send_back(self, one: Actor, to: int) -> None:
        earlier = [s.ordinal for s in self.letter.earlier_steps(one)]
        assume(not to or to <= len(earlier))
        self._by_right(
            p.may_return,
            one,
            lambda: self.letter.send_back(by=one, reason="แก้", at=NOW, to=earlier[to - 1] if to else None),
        )

    @rule(one=who, rest=stages_before())
    def change_rest(self, one: Actor, rest: list[tuple[int, Actor, StepKind, int, bool, bool]]) -> None:
        kept = [copy.copy(s) for s in self.letter.changeable() if s.required]
        last = max((s.stage for s in kept), default=0)
        new = [*kept, *(replace(s, stage=s.stage + last) for s in _steps(rest, 0))]
        assume(len(self.letter.route) + len(rest) <= stages.MOST_STEPS)
        works = self.letter.rest_is_open() and p.may_change_course(one, self.letter) is None
        if p.may_change_course(one, self.letter) is None:
            self._do(works, lambda: self.letter.change_rest(new, by=one, at=NOW))

    @rule(one=who)
    def revise(self, one: Actor) -> None:
        self._by_right(
            p.may_revise_on_route,
            one,
            lambda: self.letter.revise_on_route(self._content(), by=one, at=NOW, again=self.again),
            also=self.letter.state in (L.SUBMITTED, L.ENDORSED),
        )

    @rule(one=who, fails=st.booleans())
    def sign(self, one: Actor, fails: bool) -> None:
        letter = self.letter
        if p.may_sign(one, letter) is not None or letter.current_step() is None:
            with pytest.raises(SarabanError):
                letter.begin_signing(by=one, number="ทส 1/1", on=TODAY, at=NOW)
            return
        waiting = [s for s in letter.route if s.kind.passes and s.state is S.WAITING]
        assert waiting == [], "nobody signs before all others have passed"
        self._sign(letter, one, fails=fails)

    @staticmethod
    def _sign(letter: Letter, one: Actor, *, fails: bool = False) -> None:
        letter.begin_signing(by=one, number="ทส 1/1", on=TODAY, at=NOW)
        if fails:
            letter.fail_signing(by=one, reason="กุญแจ", at=NOW)
            return
        page = a_file("หนังสือ.pdf", f"%PDF {len(letter.endorsements)}".encode(), role=Role.LETTER)
        left = [s for s in letter.signing_steps if s.state is S.WAITING]
        seen = letter.part_signed.page if letter.part_signed else None
        if len(left) == 1:
            letter.issue(page, by=one, seen=seen, at=NOW)
            return
        places = [SignerPlace(s.position_id, s.title, s.title, 0, 0, 0, 1, 1) for s in letter.signing_steps]
        letter.sign_in_part(page, places, by=one, seen=seen, at=NOW)

    @precondition(lambda self: self.letter.current_steps())
    @rule(one=who)
    def leave_the_post(self, one: Actor) -> None:
        self.vacant.add(_position(one))

    @precondition(lambda self: self.vacant)
    @rule(by=st.sampled_from([CLERK, *OFFICERS]), to=who, at=st.integers(0, 12))
    def hand_on(self, by: Actor, to: Actor, at: int) -> None:
        """A step of a vacant post is given to another one: it asks the same, and it is somebody's turn as before."""
        letter, position = self.letter, _position(to)
        steps = [s for s in letter.route if s.position_id in self.vacant]
        assume(steps and position not in self.vacant and p.may_change_course(by, letter) is None)
        step = steps[at % len(steps)]
        asked, turns = step.kind, [s.ordinal for s in letter.current_steps()]
        twice = any(s.stage == step.stage and s.position_id == position for s in letter.route)
        works = letter.may_be_handed(step) and not twice
        new = RouteStep(1, K.CHECK, position, to.title, "กอง")
        self._do(works, lambda: letter.hand_step(step.ordinal, new, by=by, reason="ตำแหน่งว่าง", at=NOW))
        if works:
            assert (step.position_id, step.kind, step.state) == (position, asked, S.WAITING)
            assert [s.ordinal for s in letter.current_steps()] == turns

    # --- what always holds ------------------------------------------------------------------------------------

    @invariant()
    def every_state_has_an_owner(self) -> None:
        letter = self.letter
        if letter.state in (L.DRAFT, L.RETURNED):
            assert p.may_revise(CLERK, letter) is None and letter.current_steps() == []
        elif letter.state is not L.ISSUED:
            steps = letter.current_steps()
            assert steps and len({s.stage for s in steps}) == 1
            for step in steps:
                right = p.may_sign if step.kind is K.SIGN else p.may_endorse
                assert right(BY_POSITION[step.position_id], letter) is None
                assert p.may_return(BY_POSITION[step.position_id], letter) is None

    @invariant()
    def every_state_has_a_way_out(self) -> None:
        letter = copy.deepcopy(self.letter)
        for _ in range(60):
            if letter.state in (L.ISSUED, L.WITHDRAWN):
                return
            if letter.state is L.RETURNED:
                letter.submit(_steps(self.rows, self.signers), by=CLERK, at=NOW)
            step = next((s for s in letter.current_steps() if s.position_id not in self.vacant), None)
            if step is None:
                letter.recall(by=CLERK, reason="ไม่มีผู้ดำรงตำแหน่ง", at=NOW)
                return
            one = BY_POSITION[step.position_id]
            if step.kind is K.SIGN:
                self._sign(letter, one)
            else:
                letter.endorse(by=one, note="", at=NOW)
        raise AssertionError("a dead end")

    @invariant()
    def a_stage_that_passed_had_enough(self) -> None:
        now = stages.current_stage(self.letter.route)
        passed = {s.stage for s in self.letter.route if now is None or s.stage < now}
        for steps in (stages.deciding(self.letter.route, stage) for stage in passed):
            if steps and not any(s.state is S.RETURNED for s in steps):
                assert sum(s.state is S.DONE for s in steps) >= stages.needed(steps)

    @invariant()
    def nothing_given_to_an_older_version_counts_silently(self) -> None:
        letter, digest = self.letter, self.letter.content_digest()
        given = {(e.title, e.deed, e.content) for e in letter.endorsements}
        for step in letter.route:
            if step.state is S.DONE:
                assert (step.title, step.kind.deed, step.content) in given
                assert letter.given_to_older(step) is (step.content != digest)
                assert step.kind is not K.SIGN or step.content == digest or letter.state is L.RETURNED
            if step.state is S.WAITING:
                assert (step.content, step.at, step.person_id) == (None, None, None)

    @invariant()
    def the_route_is_in_order_and_ends_with_those_who_sign(self) -> None:
        route = self.letter.route
        assert [s.ordinal for s in route] == list(range(1, len(route) + 1))
        assert [s.stage for s in route] == sorted(s.stage for s in route)
        assert [s.position_id for s in route if s.kind is K.SIGN] == [
            _position(OFFICERS[4 + n]) for n in range(1, self.signers + 1)
        ]

    # --- parts ------------------------------------------------------------------------------------------------

    def _content(self) -> Content:
        self.subject += 1
        return replace(CONTENT, subject=f"เรื่องที่ {self.subject}")

    def _acting(self, one: Actor, deputy: bool) -> Actor:
        """The holder of the post, or who acts in it."""
        return replace(one, name="ผู้รักษาการ", person_id=PersonId(CLERK.agency_id)) if deputy else one

    def _by_right(
        self,
        right: Callable[[Actor, Letter], Refusal | None],
        one: Actor,
        deed: Callable[[], object],
        also: bool = True,
    ) -> None:
        """Do it; it works exactly where the right says yes while somebody is asked, and a refusal says why."""
        refusal = right(one, self.letter)
        assert refusal is None or refusal.hidden or refusal.thai
        on_way = bool(self.letter.current_steps()) or right is p.may_acknowledge
        self._do(refusal is None and on_way and also, deed)

    def _do(self, works: bool, deed: Callable[[], object]) -> None:
        before = copy.deepcopy(self.letter)
        if works:
            deed()
            return
        with pytest.raises(SarabanError):
            deed()
        assert vars(before) == vars(self.letter), "what is refused changes nothing"


def test_routes_have_no_dead_end_no_ownerless_state_and_no_unlawful_signature(request: pytest.FixtureRequest) -> None:
    full = bool(request.config.getoption("--full"))
    counts = settings(max_examples=2000 if full else 25, stateful_step_count=50 if full else 20, deadline=None)
    run_state_machine_as_test(RouteMachine, settings=counts)


def test_a_digest_names_a_version() -> None:
    letter = a_letter(CLERK)
    assert letter.content_digest() == Digest.of(letter.content_bytes())
