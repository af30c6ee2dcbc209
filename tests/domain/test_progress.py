"""The year of the report, its medians and words, and services that are not digital yet."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest

from saraban.domain.deferral import Deferral, DeferralId, ServiceFacts, Standing, read_matter
from saraban.domain.errors import BadInput, StageNotAllowed
from saraban.domain.progress import Period, Traffic, median_of, month_in_words, share, took
from tests.builders import NOW, a_service, an_actor


def _deferral(matter: ServiceFacts) -> Deferral:
    head = {"id": DeferralId(uuid4()), "agency_id": an_actor().agency_id}
    return Deferral(**head, **vars(matter), entered_at=NOW, entered_by="ผู้ดูแล", changed_at=NOW)


@pytest.mark.parametrize(
    ("day", "fiscal", "year", "since", "until"),
    [
        (date(2026, 9, 30), True, 2569, date(2025, 10, 1), date(2026, 10, 1)),
        (date(2026, 10, 1), True, 2570, date(2026, 10, 1), date(2027, 10, 1)),
        (date(2026, 10, 1), False, 2569, date(2026, 1, 1), date(2027, 1, 1)),
    ],
)
def test_the_budget_year_is_named_after_the_year_in_which_it_ends(
    day: date, fiscal: bool, year: int, since: date, until: date
) -> None:
    period = Period.containing(day, fiscal=fiscal)

    assert (period.year, period.since, period.until) == (year, since, until)
    assert len(period.months) == 12 and period.months[0] == since and period.months[11] < until
    assert day.replace(day=1) in period.months


def test_a_month_is_told_with_its_buddhist_year() -> None:
    assert month_in_words(date(2026, 11, 1)) == "พ.ย. 69"
    assert month_in_words(date(2026, 11, 1), short=False) == "พฤศจิกายน 2569"


def test_a_median_is_that_of_the_values_and_not_of_their_kinds() -> None:
    assert median_of([(600, 1), (5, 10), (20, 10)]) == 20
    assert median_of([(7, 1)]) == 7
    assert median_of([]) is None


def test_traffic_adds_up_and_tells_what_needed_no_paper() -> None:
    both = Traffic(sent_system=6, sent_mail=1, pages=20) + Traffic(sent_paper=1, received_mail=2)

    assert (both.sent, both.received, both.pages, both.paperless) == (8, 2, 20, 87.5)
    assert Traffic().paperless is None and share(1, 3) == 33.3


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (None, "–"),
        (0, "0 นาที"),
        (59, "59 นาที"),
        (60, "1 ชม."),
        (95, "1 ชม. 35 นาที"),
        (1440, "1 วัน"),
        (1530, "1 วัน 1 ชม."),
    ],
)
def test_how_long_it_took_is_told_in_words(minutes: int | None, words: str) -> None:
    assert took(minutes) == words


def test_an_exception_is_flagged_when_its_end_comes_near_and_when_it_is_over() -> None:
    one = _deferral(a_service(until=date(2026, 12, 31)))

    days = (date(2026, 11, 30), date(2026, 12, 1), date(2026, 12, 31), date(2027, 1, 1))
    assert [one.standing(day) for day in days] == [Standing.OPEN, Standing.SOON, Standing.SOON, Standing.EXPIRED]
    one.end(date(2026, 12, 20), NOW)
    assert one.standing(date(2027, 5, 1)) is Standing.READY and one.readiness == 100
    for again in (lambda: one.end(date(2026, 12, 21), NOW), lambda: one.change(a_service(), NOW)):
        with pytest.raises(StageNotAllowed):
            again()


def test_what_changes_is_named() -> None:
    one = _deferral(a_service())

    assert one.change(a_service(), NOW) == ()
    assert one.change(a_service(readiness=80, until=date(2028, 1, 1)), NOW) == ("readiness", "until")
    assert one.matter == a_service(readiness=80, until=date(2028, 1, 1))


@pytest.mark.parametrize(
    ("name", "value"),
    [("service", " "), ("service", "ก" * 201), ("reason", ""), ("rank", 0), ("readiness", 101), ("note", "ก\x00ข")],
)
def test_what_is_missing_or_wrong_is_told_by_field(name: str, value: object) -> None:
    with pytest.raises(BadInput) as told:
        read_matter(a_service(**{name: value}))

    assert list(told.value.fields) == [name]
