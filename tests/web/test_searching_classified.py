"""Classified letters on the page of the search: who sees them, how, and that opening one from there is noted."""

from __future__ import annotations

import re

from sqlalchemy import select

from saraban.domain.calendar import office_date
from saraban.domain.classification import Secrecy
from saraban.storage.tables.journal import journal
from saraban.usecases.enrolling import grant_clearance
from saraban.usecases.noting_reads import take_in_readings
from tests.web.installation import PASSWORD, Browser, Installation

WORDS = "แผนอารักขา"


def clear(town: Installation, username: str = "reading-clerk") -> None:
    """Let the person read what is classified, by an order of today."""
    grant_clearance(
        town.services,
        actor=town.actor("reading-admin"),
        person_id=town.people[username],
        since=office_date(town.clock.now()),
        authority="คำสั่งที่ ๑/๒๕๖๙",
    )


def answers(browser: Browser, query: str) -> str:
    """The rows of the page of the search."""
    found = re.search(r"<tbody>(.*?)</tbody>", browser.get(f"/search?{query}").text, re.DOTALL)
    return found[1] if found else ""


def test_who_is_cleared_sees_the_class_and_no_words_of_the_letter(town: Installation) -> None:
    clear(town)
    letter_id = town.submitted(subject=WORDS, body="ถ้อยคำลับ", secrecy=Secrecy.SECRET)
    cleared = town.client("reading-clerk")

    rows = answers(cleared, f"q={WORDS}")

    assert f'href="/letters/{letter_id}"' in rows and 'class="sec"' in rows and "ลับมาก" in rows
    assert "หนังสือชั้นความลับ เปิดดูในหนังสือ" in rows
    assert WORDS not in rows and "ถ้อยคำลับ" not in rows
    assert answers(cleared, "q=ถ้อยคำลับ") == ""
    assert "ทะเบียนรับข้อมูลข่าวสารลับ" in cleared.get("/search").text


def test_the_page_of_who_is_not_cleared_is_the_same_with_the_letter_and_without(town: Installation) -> None:
    queries = (f"q={WORDS}", "year=2569", "book=secret-sending", "q=แผนอารักขต")
    names = ("reading-clerk", "reading-director", "reading-head", "reading-plan-director")
    people = [town.client(who) for who in names]
    before = [[content(one, query) for query in queries] for one in people]

    town.draft("reading-clerk", subject=WORDS, secrecy=Secrecy.SECRET)

    assert [[content(one, query) for query in queries] for one in people] == before
    assert "ทะเบียนรับข้อมูลข่าวสารลับ" not in before[0][0] and "หนังสือชั้นความลับค้นพบได้เฉพาะผู้ได้รับอนุญาต" in before[0][0]


def content(browser: Browser, query: str) -> str:
    """The page of the search without what stands around it and without the tokens of its forms."""
    page = re.search(r"<main.*</main>", browser.get(f"/search?{query}").text, re.DOTALL)
    assert page is not None
    return re.sub(r'name="csrf_token" value="[^"]*"', "", page[0])


def test_opening_it_from_the_search_asks_for_the_password_and_is_noted(town: Installation) -> None:
    clear(town)
    town.submitted(subject=WORDS, secrecy=Secrecy.CONFIDENTIAL)
    cleared = town.client("reading-clerk")
    address = re.findall(r'href="(/letters/[^"]+)"', answers(cleared, f"q={WORDS}"))[0]

    assert cleared.client.get(address).status_code == 403
    letter_id = address.rsplit("/", 1)[-1]
    cleared.send(f"/classified/{letter_id}", {"password": PASSWORD, "next": address})
    assert WORDS in cleared.client.get(address).text

    take_in_readings(town.services)
    assert letter_id in cleared.get("/readings").text
    with town.office.reading.connect() as reader:
        told = reader.execute(select(journal.c.text).where(journal.c.name == "letter.secret-opened")).scalars().all()
    assert len(told) == 1 and letter_id in told[0]
