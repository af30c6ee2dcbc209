"""Which backups are kept."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from saraban.domain.backups import Keep

NIGHT = datetime(2026, 11, 27, 18, tzinfo=UTC)
"""One o'clock of the next day in Bangkok."""


def test_the_newest_of_each_day_week_and_month_is_kept() -> None:
    nights = [NIGHT - timedelta(days=day) for day in range(400)]
    kept = Keep(days=3, weeks=2, months=3).chosen([*nights, NIGHT - timedelta(hours=4)])

    days = sorted((NIGHT - moment).days for moment in kept)
    assert days == [0, 0, 2, 6, 28, 59]
    assert NIGHT - timedelta(hours=4) in kept  # ten in the evening in Bangkok, the newest of the day before


@given(
    moments=st.sets(st.integers(0, 3_000_000).map(lambda minutes: NIGHT - timedelta(minutes=minutes)), min_size=1),
    keep=st.builds(Keep, st.integers(0, 20), st.integers(0, 10), st.integers(0, 24)),
)
def test_the_newest_is_always_kept_and_pruning_again_takes_nothing(moments: set[datetime], keep: Keep) -> None:
    kept = keep.chosen(moments)

    assert max(moments) in kept <= moments
    assert keep.chosen(kept) == kept
    assert len(kept) <= max(1, keep.days + keep.weeks + keep.months)
