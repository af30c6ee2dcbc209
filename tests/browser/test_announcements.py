"""The page for everybody, on a desk and on a phone, in Thai and English, without a cookie."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from saraban.domain.publication import ChannelKind
from saraban.usecases.publishing import open_channel, publish
from tests.browser.conftest import DESK, LONG, PHONE, new_town
from tests.web.installation import READING, Installation
from tests.web.public_town import PUBLIC


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Installation]:
    """An installation that the public reaches."""
    made = new_town(tmp_path, public_url=PUBLIC)
    yield made
    made.close()


@pytest.fixture
def site(town: Installation, serve: Callable[[Flask], str]) -> str:
    """Its address on loopback."""
    return serve(town.app)


def test_anybody_reads_announcements_and_how_the_agency_is_reached(
    town: Installation,
    site: str,
    open_page: Callable[..., Any],
    goto: Callable[[Any, str], Any],
    axe: Callable[[Any], list[str]],
    sticks_out: Callable[..., list[str]],
) -> None:
    letter = town.issued(circular=True, subject=LONG)
    publish(town.services, actor=town.actor("reading-clerk"), letter_id=letter)
    admin = town.actor("reading-admin")
    open_channel(town.services, actor=admin, kind=ChannelKind.WEB, name="ยื่นคำขอ", where=f"https://a.test/{'x' * 200}")
    for viewport in (PHONE, DESK):
        page = open_page(viewport)
        for address in (f"/public/{READING}", f"/public/{READING}?lang=en"):
            goto(page, site + address)
            assert axe(page) == [] and sticks_out(page) == []
        page.get_by_role("link", name=LONG).click()
        page.get_by_role("heading", name=LONG).wait_for()
        assert axe(page) == [] and sticks_out(page) == []
        assert page.context.cookies() == []
    with page.expect_download() as download:
        page.get_by_role("link", name="Signed document").click()
    assert Path(download.value.path()).read_bytes().startswith(b"%PDF")
