"""Lists of hundreds of letters in the archive: a page has a bounded number of rows, choices go along from page to page,
"all" means all of them, and what is printed is whole."""

from __future__ import annotations

import re
from datetime import date

import pytest

from saraban.domain.book import BookKind
from saraban.domain.errors import PossibleDuplicate
from saraban.domain.register import EntryId, Matter
from saraban.reading.archive import SHOWN
from saraban.usecases import archiving, recording
from tests.web.installation import Browser, Installation
from tests.web.test_archive import in_year, people_of

HUNDREDS = 230
PAGES = -(-HUNDREDS // SHOWN)
ENTRY = re.compile(r'href="/archive/letters/([0-9a-f-]{36})"')
BOX = re.compile(r'type="checkbox"[^>]* name="entry" value="([0-9a-f-]{36})"( checked)?')
HIDDEN = re.compile(r'type="hidden" name="entry" value="([0-9a-f-]{36})"')
NEXT = re.compile(r'name="to" value="([^"]+)">ถัดไป')
pytestmark = pytest.mark.only_database("sqlite")


def many(town: Installation, count: int = HUNDREDS, day: date = date(2026, 11, 20)) -> list[EntryId]:
    """Letters on paper that are finished, of the central unit."""
    return town.beginning.go_on(f"{count} letters of {day}", lambda: _recorded(town, count, day), often=True)


def _recorded(town: Installation, count: int, day: date) -> list[EntryId]:
    clerk, made = town.actor("reading-clerk"), []
    for number in range(count):
        matter = Matter(letter_date=day, sender=f"หน่วยที่ {number}", subject=f"เรื่องที่ {number:03}")
        values = {"actor": clerk, "kind": BookKind.RECEIVING, "matter": matter, "files": []}
        try:
            line = recording.record_letter(town.services, **values)
        except PossibleDuplicate as alike:
            line = recording.record_letter(town.services, accepted=[one.key for one in alike.findings], **values)
        made.append(EntryId(line.id))
    for some in (made[:300], made[300:]):
        if some:
            archiving.classify(town.services, actor=clerk, entry_ids=some, class_code="routine")
            archiving.finish(town.services, actor=clerk, entry_ids=some)
    return made


def drawn(town: Installation, letters: list[EntryId]) -> str:
    """A list of form 19 of them; its address."""
    list_id = archiving.draw_list(town.services, actor=town.actor("reading-clerk"), entry_ids=letters)
    return f"/archive/lists/{list_id}"


def walked(browser: Browser, address: str) -> list[list[str]]:
    """The letters on every page of a list, from its first to its last."""
    pages = []
    while address:
        text = browser.get(address).text
        pages.append(list(dict.fromkeys(ENTRY.findall(text))))
        following = re.search(r'href="([^"]+)" rel="next"', text)
        address = following[1].replace("&amp;", "&") if following else ""
    return pages


def places(page: str) -> list[str]:
    """Where the forms of a page say that its list stands."""
    return list(dict.fromkeys(re.findall(r'name="cursor" value="([^"]*)"', page)))


def bounded(pages: list[list[str]], whole: list[EntryId]) -> bool:
    """Has every page few rows, and have all together each letter once?"""
    together = [one for page in pages for one in page]
    return max(map(len, pages)) <= SHOWN and sorted(together) == sorted(map(str, whole)) and len(pages) == PAGES


def test_form_19_and_the_register_of_the_store_are_read_page_by_page_and_printed_whole(town: Installation) -> None:
    letters = many(town)
    address, records = drawn(town, letters), town.client("reading-records")
    assert bounded(walked(records, address), letters)
    first = records.get(address).text
    assert '๑–๑๐๐</span> จาก <span class="num">๒๓๐</span>' in first and "๒๓๐ ฉบับ" in first
    last = records.get(f"{address}?cursor={_last(records, address)}").text
    assert 'data-label="ลำดับที่">๒๓๐<' in last and 'rel="next"' not in last
    assert _sheets(records, f"{address}.pdf") > 4

    refused = records.send(f"{address}/return", {"reason": " "})
    following = re.findall(r'href="([^"]+)" rel="next"', refused.text)[0].replace("&amp;", "&")
    assert refused.status_code == 422 and records.get(following).status_code == 200

    records.send(f"{address}/receive", {})
    register = "/archive/register?year=2569"
    assert bounded(walked(records, register), letters)
    held = {"from": "store_register", "year": "2569", "reason": "คดี", "order": "หมาย ๑", "entry": str(letters[0])}
    assert places(records.get(register).text) == [], "a form on the first page stands nowhere else"
    following = re.findall(r'href="([^"]+)" rel="next"', records.get(register).text)[0].replace("&amp;", "&")
    [place] = places(records.get(following).text)
    after = records.send("/archive/many/hold", held | {"cursor": place}).headers["Location"]
    assert records.get(after).status_code == 200 and "แสดง" in records.get(after).text
    assert "๒๓๐</span> ฉบับ" in records.get("/archive/register?year=2569").text
    assert _sheets(records, "/archive/register.pdf?year=2569") > 4


def test_all_letters_that_may_be_deposited_are_deposited_and_taken_back(town: Installation) -> None:
    letters = many(town)
    clerk, records = town.client("reading-clerk"), town.client("reading-records")
    first = clerk.get("/archive/deposits").text
    assert len(BOX.findall(first)) == SHOWN and "๑–๑๐๐" in first
    second = clerk.send("/archive/deposits/letters", {"to": "2", "every": "1"}).text
    assert len(BOX.findall(second)) == SHOWN and re.search(r'name="every"[^>]* checked', second)
    assert clerk.get("/archive/deposits/letters?page=2").headers["Location"] == "/archive/deposits?page=2"
    address = clerk.send("/archive/deposits", {"every": "1", "keeper": "store"}).headers["Location"]
    assert "๒๓๐ ฉบับ" in clerk.get("/archive/deposits").text
    assert bounded(walked(clerk, address), letters)

    records.send(f"{address}/accept", {})
    one = BOX.findall(clerk.get(address).text)[0][0]
    assert places(clerk.get(address).text) == []
    clerk.send(f"{address}/back", {"entry": one, "evidence": "ขอคืน ๑"})
    assert clerk.send(f"{address}/back", {"every": "1", "evidence": "ขอคืน ๒"}).status_code == 302
    assert clerk.get(address).text.count("ขอคืน ๒") == SHOWN - 1


def test_more_letters_than_a_list_may_have_are_not_chosen_at_once(town: Installation) -> None:
    many(town, 501)
    page = town.client("reading-clerk").get("/archive").text
    assert 'name="every"' not in page and "เลือกได้ครั้งละไม่เกิน ๕๐๐ ฉบับ" in page
    refused = town.client("reading-clerk").send("/archive/lists", {"every": "1"})
    assert refused.status_code == 422 and "เลือกได้ครั้งละไม่เกิน ๕๐๐ ฉบับ" in refused.text


def test_ticks_go_along_over_the_pages_and_all_means_all(town: Installation) -> None:
    letters = many(town)
    clerk = town.client("reading-clerk")
    first = clerk.get("/archive").text
    boxes = [entry for entry, _ in BOX.findall(first)]
    assert len(boxes) == SHOWN and 'เลือกทั้ง <b class="num">๒๓๐</b> ฉบับ ทุกหน้า' in first

    second = clerk.send("/archive", {"entry": boxes[:3], "to": NEXT.findall(first)[0]})
    assert second.status_code == 200
    there = [entry for entry, _ in BOX.findall(second.text)]
    assert len(there) == SHOWN and not set(there) & set(boxes)
    assert HIDDEN.findall(second.text) == boxes[:3] and 'เลือกไว้ในหน้าอื่นแล้ว <b class="num">๓</b>' in second.text
    back = clerk.send("/archive", {"entry": [*boxes[:3], there[0]], "to": "1"}).text
    assert [entry for entry, ticked in BOX.findall(back) if ticked] == boxes[:3] and HIDDEN.findall(back) == [there[0]]

    some = clerk.send("/archive/lists", {"entry": [*boxes[:3], there[0]]}).headers["Location"]
    assert len(ENTRY.findall(clerk.get(some).text)) == 4
    everything = clerk.send("/archive/lists", {"every": "1"}).headers["Location"]
    assert f"{'๒๒๖'} ฉบับ" in clerk.get(everything).text
    assert "ไม่มีหนังสือรอส่งเก็บ" in clerk.get("/archive").text
    assert len(letters) == 4 + 226


def test_a_list_for_destruction_keeps_what_the_head_chooses_on_any_page(town: Installation) -> None:
    letters = many(town)
    town.client("reading-records").send(f"{drawn(town, letters)}/receive", {})
    in_year(town, 2028)
    records, head, chair = (town.client(f"reading-{who}") for who in ("records", "head", "director"))
    address = records.send("/archive/disposals", {"what": "paper"}).headers["Location"]
    known = people_of(head.get(address).text)
    ids = [known[town.actor(f"reading-{who}").name] for who in ("director", "clerk", "records")]
    head.send(f"{address}/committee", {"chair": ids[0], "members": ids[1:], "order": "คำสั่ง ๑/๒๕๗๑"})
    assert bounded(_turned(chair, address), letters)

    assert chair.send(f"{address}/consider", {"every": "1", "verdict": "destroy"}).status_code == 302
    assert "พิจารณาครบแล้ว" in chair.get(address).text
    for who in ("director", "clerk"):
        town.client(f"reading-{who}").send(f"{address}/agree", {})
    chair.send(f"{address}/report", {})
    held = str(letters[-1])
    head.send(f"/archive/letters/{held}/hold", {"reason": "คดีปกครอง", "order": "หมาย ๑"})
    first = head.get(address).text
    assert places(first) == []
    assert HIDDEN.findall(first) == [held] and len(BOX.findall(first)) == SHOWN

    chosen = BOX.findall(first)[0][0]
    said = {"entry": [chosen, held], "why": "ยังใช้อยู่", "to": NEXT.findall(first)[0]}
    second = head.send(address, said).text
    assert HIDDEN.findall(second) == [chosen, held] and 'value="ยังใช้อยู่"' in second
    assert (
        head.send(f"{address}/decide", {"entry": [chosen, held], "why": "ยังใช้อยู่", "exempt": "ข้อตกลง"}).status_code
        == 302
    )
    assert [chosen in page for page in walked(head, address)].count(True) == 1
    assert head.get(address).text.count("ยังใช้อยู่") == 1
    assert _sheets(records, f"{address}.pdf") > 4


def test_what_is_twenty_years_old_comes_page_by_page(town: Installation) -> None:
    letters = many(town, day=date(2006, 5, 1))
    in_year(town, 2028)
    records = town.client("reading-records")
    records.send("/archive/handovers", {})
    [address] = set(re.findall(r'href="(/archive/handovers/[0-9a-f-]{36})"', records.get("/archive/handovers").text))
    assert bounded(_turned(records, address), letters)
    first = records.get(address).text
    said = {"entry": [BOX.findall(first)[5][0]], "reason": "ใช้งานอยู่", "to": NEXT.findall(first)[0]}
    assert places(first) == []
    second = records.send(address, said).text
    assert 'value="ใช้งานอยู่"' in second and HIDDEN.findall(second) == said["entry"]
    [cursor] = places(second)
    moved = records.send(f"{address}/own", {**said, "to": "", "cursor": cursor}).headers["Location"]
    assert f"cursor={cursor}" in moved and records.get(moved).status_code == 200
    assert "๒๒๙ ฉบับ" in records.get(address).text
    assert records.get(f"{address}?cursor=nonsense").status_code == 422


def _turned(browser: Browser, address: str) -> list[list[str]]:
    """The letters on every page of a list in which one chooses."""
    text = browser.get(address).text
    pages = [list(dict.fromkeys(ENTRY.findall(text)))]
    while following := NEXT.findall(text):
        text = browser.send(address, {"to": following[0]}).text
        pages.append(list(dict.fromkeys(ENTRY.findall(text))))
    return pages


def _last(browser: Browser, address: str) -> str:
    cursor = ""
    for _ in range(PAGES - 1):
        page = browser.get(f"{address}?cursor={cursor}").text
        cursor = re.findall(r'href="[^"]*cursor=([^"&]+)"[^>]* rel="next"', page)[0]
    return cursor


def _sheets(browser: Browser, address: str) -> int:
    """How many sheets the printed form has."""
    return browser.get(address).data.count(b"/Type /Page\n") + browser.get(address).data.count(b"/Type /Page ")
