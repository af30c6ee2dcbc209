"""A walk through everything: each role follows the links of its pages from its desk, and every kind of page that it
finds is looked at by axe-core and by the ruler, on a desk and on a phone."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import Any

from saraban.domain.agency import PositionRole
from tests.browser.conftest import DESK, LONG, sign_in
from tests.web.everything import something_of_everything
from tests.web.installation import Installation
from tests.web.walking import kind_of, pages_of

_CLASS = re.compile(r'<(\w+)[^>]*?\sclass="([^"]*)"')


class _Walk:
    """Which pages the walk opens in the browser: of each screen the first, and those whose tab or reader has parts that
    were not there before. All are asked for; each must answer."""

    def __init__(self, town: Installation) -> None:
        self._town = town
        self._parts: dict[str, set[tuple[str, str]]] = defaultdict(set)

    def of(self, who: str) -> list[str]:
        """The addresses that this person finds and that are worth a look."""
        found = list[str]()
        for address, answer, is_page in pages_of(self._town, who):
            parts = set(_CLASS.findall(answer.text.partition('id="main"')[2])) if is_page else set()
            screen = kind_of(self._town.app, address)[0]
            if not parts <= self._parts[screen]:
                self._parts[screen] |= parts
                found.append(address)
        return found


def test_every_page_of_every_role_is_without_serious_findings_and_nothing_sticks_out(
    town: Installation, site: str, open_page: Any, looked_at: Any, goto: Any
) -> None:
    something_of_everything(town, LONG)
    walk, found, seen = _Walk(town), dict[str, list[str]](), 0
    page = open_page(DESK)
    for role in PositionRole:
        who = f"learning-{role.value}"
        page.context.clear_cookies()
        sign_in(page, site, who)
        for address in walk.of(who):
            seen += 1
            goto(page, f"{site}{address}")
            if faults := [one for one in looked_at(page, whole=True) if one.split()[1] not in ("minor", "moderate")]:
                found[f"{role.value} {address}"] = faults

    assert found == {}
    assert seen > 75
