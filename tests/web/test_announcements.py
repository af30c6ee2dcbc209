"""What everybody may read of an agency: the same nothing for what is not shown, no cookie, feed and open data; and how
a clerk shows a document and takes it back."""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from lxml import etree
from werkzeug.test import TestResponse

from saraban.domain.letter import LetterId
from saraban.usecases.publishing import publish
from tests.api.program import Programs
from tests.databases import NewDatabase
from tests.fakes import FixedClock
from tests.web.installation import LEARNING, READING, Installation, build_installation
from tests.web.public_town import PUBLIC, code, page_of, void

SUBJECT = "แนวทาง <b>ปฏิบัติ</b> & การรับสมัคร"
HOME = f"/public/{READING}"
_ATOM = {"a": "http://www.w3.org/2005/Atom"}


@pytest.fixture
def town(tmp_path: Path, new_database: NewDatabase, clock: FixedClock) -> Iterator[Installation]:
    made = build_installation(tmp_path, new_database, clock, public_url=PUBLIC)
    yield made
    made.close()


def _shown(town: Installation, **content: Any) -> tuple[LetterId, str]:
    letter = town.issued(circular=True, subject=SUBJECT, **content)
    made = publish(town.services, actor=town.actor("reading-clerk"), letter_id=letter)
    return letter, f"{HOME}/{made}"


def _same_for_all(answer: TestResponse) -> bool:
    kept = answer.headers["Cache-Control"]
    return (
        "Set-Cookie" not in answer.headers and "public" in kept and "private" not in kept and "ETag" in answer.headers
    )


def test_a_clerk_shows_a_circular_in_one_step_and_everybody_reads_it(town: Installation) -> None:
    letter, clerk, anybody = town.issued(circular=True, subject=SUBJECT), town.client("reading-clerk"), town.client()
    assert "เผยแพร่ต่อประชาชน" in clerk.get(f"/letters/{letter}").text
    assert "ยังไม่มีเอกสารที่เผยแพร่" in anybody.get(HOME).text
    clerk.send(f"/letters/{letter}/publication")

    board = anybody.get(HOME)
    assert _same_for_all(board) and "แนวทาง &lt;b&gt;ปฏิบัติ&lt;/b&gt; &amp; การรับสมัคร" in board.text
    assert "หนังสือเวียน" in board.text and "saraban@reading.test" in board.text
    address = re.findall(rf'href="({HOME}/[0-9a-f-]{{36}})"', board.text)[0]
    item = anybody.get(address)
    assert _same_for_all(item) and f"/v/{code(town, letter).code}" in item.text
    page = page_of(town, letter)
    assert hashlib.sha256(page).hexdigest() in item.text
    file = anybody.get(re.findall(rf'href="({HOME}/[^"]+/files/[0-9a-f]{{64}})"', item.text)[0])
    assert file.data == page and file.mimetype == "application/pdf" and _same_for_all(file)
    assert file.headers["Content-Disposition"].startswith("attachment")
    assert anybody.get(address, headers={"If-None-Match": item.headers["ETag"]}).status_code == 304
    english = anybody.get(f"{HOME}?lang=en").text
    assert "Announcements and news" in english and 'lang="en"' in english and f"{HOME}?lang=th" in english
    assert anybody.get("/public").status_code == 200

    assert "เผยแพร่อยู่" in clerk.get(f"/letters/{letter}").text and address in clerk.get(f"/letters/{letter}").text
    history = clerk.get(f"/letters/{letter}").text
    assert "เผยแพร่ต่อประชาชน" in history
    clerk.send(f"/letters/{letter}/publication/take-back", {"reason": "ผิดฉบับ"})
    assert anybody.get(address).status_code == 404 and anybody.get(file.request.path).status_code == 404
    assert "ไม่เกินหนึ่งชั่วโมง" in clerk.get(f"/letters/{letter}").text, "files lie in caches"
    assert "ผิดฉบับ" in clerk.get("/publications").text


@pytest.mark.only_database("sqlite")
def test_whatever_is_not_shown_gives_the_same_nothing(town: Installation) -> None:
    letter, address = _shown(town)
    hidden = town.issued(subject="ลับเฉพาะผู้รับ")
    anybody = town.client()
    shown = anybody.get(address)
    assert shown.status_code == 200
    digest = re.findall(r"/files/([0-9a-f]{64})", shown.text)[0]
    elsewhere = address.replace(READING, LEARNING)
    wrong = [
        f"{HOME}/{uuid4()}",
        f"{HOME}/{letter}",
        f"{HOME}/{hidden}",
        elsewhere,
        f"{elsewhere}/files/{digest}",
        f"{address}/files/{hashlib.sha256(page_of(town, hidden)).hexdigest()}",
        f"{address}/files/none",
        f"{HOME}?page=9",
        "/public/9999",
        "/public/9999/feed.atom",
        "/public/9999/data.csv",
    ]

    answers = [anybody.get(one) for one in wrong]

    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.text for answer in answers}) == 1
    assert "ลับเฉพาะผู้รับ" not in anybody.get(HOME).text


@pytest.mark.only_database("sqlite")
def test_who_asks_for_what_is_not_there_too_often_has_to_wait(
    town: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("saraban.doorway.announcements.MOST_MISSES", 3)
    anybody = town.client()

    said = [anybody.get(f"{HOME}/{uuid4()}", headers={"X-Forwarded-For": f"10.0.0.{n}"}) for n in range(5)]

    assert [one.status_code for one in said] == [404, 404, 404, 429, 429]
    assert said[-1].headers["Retry-After"] and said[-1].headers["Cache-Control"] == "no-store"


def test_feed_and_open_data_tell_what_is_shown(town: Installation) -> None:
    letter, address = _shown(town)
    anybody = town.client()

    answer = anybody.get(f"{HOME}/feed.atom")
    feed = etree.fromstring(answer.data)
    entry = feed.find("a:entry", _ATOM)
    assert answer.mimetype == "application/atom+xml" and _same_for_all(answer)
    assert feed.findtext("a:title", namespaces=_ATOM) == "ประกาศและข่าว กรมส่งเสริมการอ่าน"
    assert [one.get("href") for one in feed.findall("a:link", _ATOM)] == [
        f"{PUBLIC}{HOME}/feed.atom",
        f"{PUBLIC}{HOME}",
    ]
    assert entry is not None and entry.findtext("a:title", namespaces=_ATOM) == SUBJECT
    summary = entry.findtext("a:summary", namespaces=_ATOM)
    assert re.fullmatch(r"หนังสือเวียน ที่ [^0-9]+ ลงวันที่ ๒๓ พฤศจิกายน ๒๕๖๙", summary or ""), "as people read it"
    links = {one.get("rel"): one for one in entry.findall("a:link", _ATOM)}
    assert links["alternate"].get("href") == PUBLIC + address
    page = page_of(town, letter)
    assert links["enclosure"].get("length") == str(len(page))
    assert anybody.get(links["enclosure"].get("href").removeprefix(PUBLIC)).data == page

    (line,) = csv.DictReader(io.StringIO(anybody.get(f"{HOME}/data.csv").data.decode("utf-8-sig")))
    assert line["subject"] == SUBJECT and line["state"] == "valid" and line["page_url"] == PUBLIC + address
    assert line["file_sha256"] == hashlib.sha256(page).hexdigest()
    assert line["verify_url"] == f"{PUBLIC}/v/{code(town, letter).code}"
    told = anybody.get(f"{HOME}/dataset.json")
    data = told.get_json(force=True)
    assert told.mimetype == "application/ld+json" and data["@type"] == "dcat:Dataset"
    urls = [one.get("dcat:downloadURL") or one["dcat:accessURL"] for one in data["dcat:distribution"]]
    assert urls == [f"{PUBLIC}{HOME}/data.csv", f"{PUBLIC}{HOME}/feed.atom"]

    void(town, letter, town.actor("reading-records"))
    assert "เลขที่ถูกยกเลิกแล้ว" in anybody.get(HOME).text
    assert "cancelled" in anybody.get(f"{HOME}/data.csv").data.decode()


@pytest.mark.only_database("sqlite")
def test_the_administrator_announces_channels_and_everybody_sees_them(town: Installation) -> None:
    admin, anybody = town.client("reading-admin"), town.client()
    said = {"kind": "web", "name": "ยื่นคำขอ", "where": "https://service.reading.test/", "announced": "ประกาศกรม"}

    refused = admin.send("/admin/channels", said | {"where": "javascript:alert(1)"})
    assert refused.status_code == 422 and "ที่อยู่เว็บไม่ถูกแบบ" in refused.text and "ยื่นคำขอ" in refused.text
    admin.send("/admin/channels", said)
    admin.send("/admin/channels", said | {"name": "ยังไม่ถึง", "since": "1/1/2571"})
    page = anybody.get(HOME).text
    assert 'href="https://service.reading.test/"' in page and "ประกาศกรม" in page and "ยังไม่ถึง" not in page
    assert "service.reading.test" not in anybody.get(f"/public/{LEARNING}").text
    ends = re.findall(r'action="(/admin/channels/[0-9a-f-]{36}/end)"', admin.get("/admin/channels").text)
    admin.send(ends[0])
    assert "service.reading.test" not in anybody.get(HOME).text
    assert town.client("reading-clerk").get("/admin/channels").status_code == 403


@pytest.mark.only_database("sqlite")
def test_programs_show_and_take_back_and_keep_channels(town: Installation) -> None:
    letter = town.issued(circular=True)
    clerk, admin = Programs(town)["reading-clerk"], Programs(town)["reading-admin"]

    made = clerk.post(f"/letters/{letter}/publication", {"with_enclosures": True})
    assert made.status_code == 201 and made.get_json()["kind"] == "circular"
    assert clerk.post(f"/letters/{letter}/publication", {}).status_code == 422
    back = clerk.post(f"/letters/{letter}/publication/take-back", {"reason": "ผิด"})
    assert back.get_json()["reason"] == "ผิด" and back.get_json()["withdrawn_at"]
    assert len(clerk.get("/publications").get_json()["items"]) == 1
    channel = admin.post("/channels", {"kind": "mail", "name": "ร้องเรียน", "where": "a@reading.test"}).get_json()
    assert admin.post(f"/channels/{channel['id']}/end", {}).get_json()["ended_on"]
    assert len(admin.get("/channels").get_json()["items"]) == 1
