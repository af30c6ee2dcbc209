"""Following the links of pages: how a person finds everything that there is for him, one page of each kind."""

from __future__ import annotations

import re
from collections import Counter, deque
from collections.abc import Iterator, Mapping
from html import unescape
from urllib.parse import urldefrag

from flask import Flask
from werkzeug.exceptions import HTTPException
from werkzeug.test import TestResponse

from tests.web.installation import Installation

SEVERAL = {"incoming.show": 4, "letters.show": 4}
"""Screens of which several are opened, since they differ by what they show."""
_FILES = re.compile(r"\.(pdf|svg|png|eml|json|csv|xlsx|ods|docx|zip|ics|p7s|asice)\b|/file|/pages?/")
_LINK = re.compile(r'<a\s[^>]*?href="(/[^"]*)"')
_TABS = ("state", "tab", "view", "whose", "show", "scope")


def pages_of(
    town: Installation, who: str, several: Mapping[str, int] = SEVERAL
) -> Iterator[tuple[str, TestResponse, bool]]:
    """The address of every kind of page that this person finds from his home, the answer there, and whether it is a
    page. All must answer; 403 is a page that says who can."""
    client = town.client(who)
    way, met, asked = deque(["/"]), Counter[tuple[str, ...]](), {"/"}
    while way:
        address = way.popleft()
        answer = client.get(address)
        is_moved = answer.status_code in (302, 303)
        assert is_moved or answer.status_code in (200, 403), (who, address, answer.status_code)
        is_page = answer.mimetype == "text/html" and not is_moved
        yield address, answer, is_page
        if not is_page:
            continue
        for link in _LINK.findall(answer.text):
            there = urldefrag(unescape(link))[0]
            kind = kind_of(town.app, there)
            if there in asked or _FILES.search(there) or not kind or met[kind] >= several.get(kind[0], 1):
                continue
            met[kind] += 1
            asked.add(there)
            way.append(there)


def kind_of(app: Flask, address: str) -> tuple[str, ...]:
    """The screen of an address, with its tab and with the names of what else is asked there; () when there is none."""
    path, _, query = address.partition("?")
    try:
        endpoint, _ = app.url_map.bind("").match(path, method="GET")
    except HTTPException:
        return ()
    asked = (one.partition("=") for one in query.split("&"))
    return (endpoint, *sorted(f"{name}={value if name in _TABS else ''}" for name, _, value in asked))
