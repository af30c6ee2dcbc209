"""Mails to our own people: addresses and hours as they are typed, and what lies before a person by its deadline."""

from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import uuid4

import pytest

from saraban.domain.agenda import Agenda, Matter, in_order
from saraban.domain.classification import Secrecy, Urgency
from saraban.domain.deadline import DueClock
from saraban.domain.errors import BadInput
from saraban.domain.notice import About
from saraban.domain.notice_mail import read_email, read_time

AT = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)


def waiting(key: str, day: date | None, urgency: Urgency = Urgency.NORMAL) -> Matter:
    """A letter that waits, due on a day as it stands on Friday, 27 November."""
    due = DueClock(date(2026, 11, 27)).on(day) if day is not None else None
    return Matter(key, About.LETTER, uuid4(), "ลงนาม", key, "", urgency, Secrecy.OPEN, AT, "", due)


@pytest.mark.parametrize(("typed", "kept"), [("7:30", "07:30"), ("๐๗:๓๐", "07:30"), (" ๑๖.๐๕ ", "16:05")])
def test_an_hour_is_read_as_people_write_it(typed: str, kept: str) -> None:
    assert read_time(typed) == kept


@pytest.mark.parametrize("typed", ["", "24:00", "7:60", "0730", "เจ็ดโมง", "07:30:00"])
def test_what_is_no_hour_is_refused(typed: str) -> None:
    with pytest.raises(BadInput):
        read_time(typed)


def test_an_address_is_kept_in_lower_case_and_may_be_left_out() -> None:
    assert (read_email(" Somjai.J@Example.go.th "), read_email("  ")) == ("somjai.j@example.go.th", "")
    for wrong in ("somjai", "สมใจ@example.go.th", "a@b", "a b@example.go.th", "a@example.go.th\r\nBcc: b@c.th"):
        with pytest.raises(BadInput):
            read_email(wrong)


def test_what_waits_is_told_by_how_near_its_day_is() -> None:
    days = {"late": 26, "today": 27, "sunday": 29, "monday": 30}
    matters = [waiting(name, date(2026, 11, day)) for name, day in days.items()]
    matters += [waiting("far", date(2026, 12, 4)), waiting("none", None), waiting("soon", None, Urgency.MOST_URGENT)]
    told = Agenda("ก", date(2026, 11, 27), in_order(list(reversed(matters))))

    assert [one.key for one in told.late] == ["late"]
    assert [one.key for one in told.today] == ["today", "sunday"]  # no working day lies between Friday and Sunday
    assert [one.key for one in told.tomorrow] == ["monday"]
    assert [one.key for one in told.later] == ["far", "soon", "none"]
    assert not told.empty and Agenda("ก", date(2026, 11, 27), ()).empty
