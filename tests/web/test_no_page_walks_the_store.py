"""In a store that has been in use for years, what an everyday page asks reads what it shows and not all that there is:
on SQLite without statistics, which the product never gathers, and with them, and on PostgreSQL."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from sqlalchemy import text

from tests.web.everything import sent_out, something_of_everything
from tests.web.filled_store import fill
from tests.web.installation import LEARNING, Installation
from tests.web.watching import Asked, Watch, watched

TIMES = 700
"""How often everything is copied: some 4,000 letters out and 3,000 in."""
MOST = {"sqlite": 20_000, "postgresql": 1_500}
"""Steps of SQLite's machine, rows that PostgreSQL reads of one table. To read all letters takes several times as much;
what a page of eighty lines shows takes less than half."""
PEOPLE = ("clerk", "director", "head")
LISTS = (
    *("/", "/desk", "/registers/receiving", "/registers/sending", "/notices", "/petitions"),
    *("/incoming", *(f"/incoming?state={state}" for state in ("new", "held", "registered", "recall", "gone"))),
    *("/letters", *(f"/letters?tab={tab}" for tab in ("drafts", "route", "issued", "note"))),
    *("/tasks", "/tasks?whose=unit", "/tasks?whose=given", "/search?q=ประชุม", "/reading"),
)
_LETTER = re.compile(r'href="(/(?:letters|incoming)/[0-9a-f-]{36})"')
WORDS = "การสำรวจความพร้อมในการรับส่งหนังสือทางไปรษณีย์อิเล็กทรอนิกส์กลาง"


@pytest.mark.parametrize("statistics", [False, True], ids=["as ever", "with statistics"])
def test_no_everyday_page_walks_the_store(town: Installation, database_kind: str, statistics: bool) -> None:
    if statistics and database_kind == "postgresql":
        pytest.skip("PostgreSQL gathers them by itself")
    something_of_everything(town, WORDS)
    sent_out(town, WORDS)
    small = town.actor("learning-plan-clerk").unit_id
    with town.office.writing.begin() as connection:
        fill(connection, town.agencies[LEARNING], TIMES, small)
    if statistics or database_kind == "postgresql":
        with town.office.writing.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("ANALYZE" if database_kind == "sqlite" else "VACUUM ANALYZE"))
    town.office.writing.dispose()

    found = []
    for person in PEOPLE:
        with watched(town.office.reading) as watch:
            for address, asked in _opened(town, watch, f"learning-{person}"):
                for one in asked:
                    if (cost := watch.gone_through(one)) > MOST[database_kind]:
                        found.append((person, address, cost, one.text))

    assert found == []


def _opened(town: Installation, watch: Watch, who: str) -> Iterator[tuple[str, list[Asked]]]:
    """The everyday pages of this person, and a letter or two from the lists; with what was asked for each."""
    browser, letters = town.client(who), dict[str, str]()
    for address in LISTS:
        before = len(watch.asked)
        answer = browser.get(address)
        assert answer.status_code in (200, 403), address
        yield address, watch.asked[before:]
        for letter in _LETTER.findall(answer.text):
            letters.setdefault(f"{address.partition('?')[0]} {letter.partition('/')[0]}", letter)
    for letter in set(letters.values()):
        before = len(watch.asked)
        assert browser.get(letter).status_code == 200
        yield letter, watch.asked[before:]
