"""Who answers what other agencies ask about a kind of document, when posts that are named stand vacant."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

import pytest

from saraban.domain.agency import PositionId, PositionRole, UnitId
from saraban.domain.answerers import Answerers, StandingPost, answerers
from saraban.domain.issued_kind import IssuedKind
from tests.domain.test_permissions import _kind

BUREAU, DIVISION, OTHER = (UnitId(uuid4()) for _ in range(3))
PARENTS = {BUREAU: None, DIVISION: BUREAU, OTHER: None}
CLERK, BELOW, HEAD, ELSEWHERE = (
    StandingPost(PositionId(uuid4()), unit, role, True)
    for unit, role in (
        (BUREAU, PositionRole.CLERK),
        (DIVISION, PositionRole.CLERK),
        (BUREAU, PositionRole.DIRECTOR),
        (OTHER, PositionRole.DIRECTOR),
    )
)
ADMIN = StandingPost(PositionId(uuid4()), BUREAU, PositionRole.ADMIN, True)
UNIT, POST = _kind(answer_units=(BUREAU,)), _kind(answer_posts=(CLERK.id,))


@pytest.mark.parametrize(
    ("kind", "vacant", "told"),
    [
        (UNIT, (), Answerers(frozenset({BUREAU, DIVISION}))),
        (UNIT, (CLERK, HEAD), Answerers(frozenset({BUREAU, DIVISION}))),
        (UNIT, (CLERK, HEAD, BELOW), Answerers(frozenset({BUREAU, DIVISION}), registry=True)),
        (POST, (), Answerers()),
        (POST, (CLERK,), Answerers(heads=frozenset({HEAD.id}))),
        (POST, (CLERK, HEAD), Answerers(registry=True)),
        (_kind(answer_posts=(PositionId(uuid4()),)), (), Answerers(registry=True)),
        (_kind(answer_units=(DIVISION,), answer_posts=(CLERK.id,)), (BELOW, CLERK),
         Answerers(frozenset({DIVISION}), frozenset({HEAD.id}))),
        (_kind(), (), None),
    ],
)  # fmt: skip
def test_the_head_of_the_unit_stands_in_and_failing_him_the_registry(
    kind: IssuedKind, vacant: tuple[StandingPost, ...], told: Answerers | None
) -> None:
    posts = [replace(one, taken=one not in vacant) for one in (CLERK, BELOW, HEAD, ELSEWHERE, ADMIN)]

    assert answerers(kind, posts, PARENTS) == told
    assert told is None or told.stand_in == bool(told.heads or told.registry)


def test_units_below_answer_and_none_beside() -> None:
    found = answerers(UNIT, [CLERK, BELOW, HEAD, ELSEWHERE], PARENTS)
    assert found is not None
    assert [found.include(unit, None) for unit in (BUREAU, DIVISION, OTHER, None)] == [True, True, False, False]
    circle = {BUREAU: DIVISION, DIVISION: BUREAU}
    assert answerers(_kind(answer_units=(OTHER,)), [CLERK], circle) == Answerers(registry=True), "no walk without end"
