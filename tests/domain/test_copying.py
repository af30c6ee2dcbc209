"""Who may certify copies, as the agency writes it down."""

from __future__ import annotations

import pytest

from saraban.domain.agency import PositionRole
from saraban.domain.copying import SHIPPED_CERTIFIERS, certifiers_of
from saraban.domain.errors import BadInput
from saraban.domain.permissions import may_certify
from tests.builders import an_actor


def test_nothing_written_is_the_regulation() -> None:
    assert certifiers_of(" \n ") == SHIPPED_CERTIFIERS


def test_words_are_read_line_by_line_each_once() -> None:
    assert certifiers_of("ชำนาญงาน\n\n  หัวหน้า  งาน \nชำนาญงาน") == ("ชำนาญงาน", "หัวหน้า งาน")


@pytest.mark.parametrize("text", ["ก" * 101, "\n".join(f"ระดับ {n}" for n in range(101))])
def test_a_list_that_is_too_long_is_refused(text: str) -> None:
    with pytest.raises(BadInput) as refused:
        certifiers_of(text)

    assert list(refused.value.fields) == ["certifiers"]


def test_directors_and_heads_may_certify_whatever_they_are_called() -> None:
    for role in PositionRole:
        may = may_certify(an_actor(role, title="ไม่มีระดับ"), SHIPPED_CERTIFIERS) is None
        assert may is (role in (PositionRole.DIRECTOR, PositionRole.HEAD))
