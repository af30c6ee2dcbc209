"""Time-stamps that come later: how long an authority is left in peace, and which stamps cannot be right."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

from saraban.domain.agency import AgencyId
from saraban.domain.attachment import Digest
from saraban.domain.late_stamp import MEANS, RETRY_DELAYS, LateProof, LateStamp, Stamped, best, next_delay
from tests.builders import NOW


def _wanted(why: str = "ไม่ตอบ") -> LateStamp:
    return LateStamp.wanted(Stamped.LETTER, AgencyId(uuid4()), uuid4(), Digest.of(b"page"), NOW, why)


def test_the_oftener_an_authority_failed_the_longer_it_is_left_in_peace() -> None:
    assert [next_delay(tries) for tries in range(1, 7)] == list(RETRY_DELAYS)
    assert next_delay(0) == RETRY_DELAYS[0] and next_delay(500) == RETRY_DELAYS[-1] == timedelta(minutes=30)


def test_what_was_refused_just_now_waits_a_moment_and_a_day_does_not() -> None:
    assert _wanted().next_at == NOW + RETRY_DELAYS[0]
    assert _wanted("").next_at == NOW


def test_a_stamp_that_is_older_than_its_file_or_lies_ahead_is_doubted() -> None:
    wanted, now = _wanted(), NOW + timedelta(hours=1)

    assert wanted.doubt(NOW, now) == wanted.doubt(now, now) == ""
    assert "ก่อนเวลาที่ทำไฟล์" in wanted.doubt(NOW - timedelta(minutes=6), now)
    assert "อนาคต" in wanted.doubt(now + timedelta(minutes=6), now)


def test_of_several_stamps_the_earliest_that_holds_is_told() -> None:
    bad = LateProof(False, NOW, "ใครก็ไม่รู้", "ไม่เชื่อถือ")
    late, early = LateProof(True, NOW + timedelta(days=1), "ก"), LateProof(True, NOW, "ข")

    assert best([bad, late, early]) is early and best([bad]) is bad
    assert early.means == MEANS and bad.means == "ไม่เชื่อถือ"
    assert all(kind.thai for kind in Stamped)
