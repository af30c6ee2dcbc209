"""The daily duty for programs."""

from __future__ import annotations

import pytest

from tests.api.program import Programs
from tests.web.installation import Installation


def test_a_month_tells_what_was_done_and_results_are_noted_once(town: Installation, programs: Programs) -> None:
    town.client("reading-clerk").get("/incoming")
    program = programs["reading-clerk"]

    first = program.post("/duty/2026-11-20/results", None, key="duty-1")
    repeat = program.post("/duty/2026-11-20/results", None, key="duty-1")
    again = program.post("/duty/2026-11-20/results", None)
    month = program.get("/duty?day=2026-11-05").get_json()

    assert first.status_code == repeat.status_code == 200, repeat.get_data(as_text=True)
    assert first.get_json() == repeat.get_json()
    assert (again.status_code, again.get_json()["code"]) == (422, "duty-done")
    days = {one["day"]: one for one in month["items"]}
    assert len(days) == 30 and [d["duty"] for d in days["2026-11-20"]["done"]] == ["results"]
    assert days["2026-11-21"]["working"] is False and days["2026-11-21"]["due"] == []
    assert sum(len(one["done"]) for one in month["items"]) == 2


@pytest.mark.only_database("sqlite")
def test_a_day_that_is_not_over_or_is_none_is_refused(town: Installation, programs: Programs) -> None:
    program = programs["reading-clerk"]

    assert program.post("/duty/2099-01-01/results", None).status_code == 422
    assert program.post("/duty/yesterday/results", None).status_code == 404
    assert programs["reading-head"].post("/duty/2026-11-20/results", None).status_code == 403
