"""What a clerk says about two letters has no direction, and parting them needs a reason."""

from __future__ import annotations

from uuid import UUID

import pytest

from saraban.domain.agency import AgencyId
from saraban.domain.errors import BadInput
from saraban.domain.matter import Tie, tie
from tests.builders import NOW

ONE, OTHER = UUID(int=1), UUID(int=2)


def _tie(first: UUID, second: UUID, *, joined: bool = True, reason: str = "") -> Tie:
    return tie(AgencyId(UUID(int=9)), first, second, joined=joined, by="พรทิพย์", reason=reason, at=NOW)


def test_the_order_in_which_two_are_named_does_not_matter() -> None:
    assert _tie(ONE, OTHER) == _tie(OTHER, ONE)
    assert _tie(OTHER, ONE, joined=False, reason=" คนละ  เรื่อง ").reason == "คนละ เรื่อง"


@pytest.mark.parametrize(
    ("second", "joined", "reason", "field"),
    [(ONE, True, "", "other"), (OTHER, False, "  ", "reason"), (OTHER, True, "ก" * 501, "reason")],
)
def test_what_cannot_be_said_is_refused_beside_its_field(second: UUID, joined: bool, reason: str, field: str) -> None:
    with pytest.raises(BadInput) as refused:
        _tie(ONE, second, joined=joined, reason=reason)
    assert list(refused.value.fields) == [field]
