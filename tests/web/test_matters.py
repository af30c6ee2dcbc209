"""The page of a matter: across both agencies by what travels with the letters, joined and parted by hand."""

from __future__ import annotations

import re

from saraban.domain.content import Reference
from saraban.domain.register import BookKind, Matter
from saraban.usecases import recording
from tests.web.installation import Browser, Installation

_LETTER = re.compile(r'<td class="c-subject">.*?<a href="([^"]+)">([^<]+)</a>', re.DOTALL)


def _paper(town: Installation, number: str, subject: str) -> str:
    entry = recording.record_letter(
        town.services,
        actor=town.actor("reading-clerk"),
        kind=BookKind.RECEIVING,
        matter=Matter(sender="กรมการปกครอง", subject=subject, number=number),
    )
    return f"/matters/{entry.id}"


def _subjects(browser: Browser, address: str) -> list[str]:
    return [subject for _, subject in _LETTER.findall(browser.get(address).text)]


def test_a_letter_stands_beside_the_paper_that_it_refers_to(town: Installation) -> None:
    paper = _paper(town, "มท 0309/12", "แนวทางการเบิกจ่าย")
    clerk = town.client("reading-clerk")
    letter = town.draft(subject="ขอหารือ", references=(Reference("มท ๐๓๐๙/๑๒", None, "กรมการปกครอง"),))
    town.carry()

    assert set(_subjects(clerk, f"/matters/{letter}")) == {"แนวทางการเบิกจ่าย", "ขอหารือ"}
    assert set(_subjects(clerk, paper)) == {"แนวทางการเบิกจ่าย", "ขอหารือ"}
    page = clerk.get(f"/matters/{letter}").text
    assert "ยังค้าง ๒ ฉบับ" in page and "อ้างถึง" in page
    assert f'href="/matters/{letter}"' in clerk.get(f"/letters/{letter}").text


def test_a_clerk_joins_by_number_and_parts_with_a_reason(town: Installation) -> None:
    first, second = _paper(town, "มท 0309/12", "ฉบับแรก"), _paper(town, "กค 0405/9", "ฉบับที่สอง")
    clerk = town.client("reading-clerk")
    unknown = clerk.send(f"{first}/join", {"number": "ศธ 1/1"})
    itself = clerk.send(f"{first}/join", {"number": "มท 0309/12"})
    joined = clerk.send(f"{first}/join", {"number": "กค๐๔๐๕/๙"})

    assert (unknown.status_code, itself.status_code, joined.status_code) == (422, 422, 302)
    assert "ไม่พบเลขที่นี้" in unknown.text and "ฉบับเดียวกัน" in itself.text
    assert set(_subjects(clerk, second)) == {"ฉบับแรก", "ฉบับที่สอง"}
    [pair] = re.findall(r'<option value="([0-9a-f-]{36} [0-9a-f-]{36})"', clerk.get(first).text)
    assert clerk.send(f"{first}/part", {"pair": pair, "reason": ""}).status_code == 422
    assert clerk.send(f"{first}/part", {"pair": pair, "reason": "คนละเรื่อง"}).status_code == 302
    assert _subjects(clerk, first) == ["ฉบับแรก"]
    plain = _paper(town, "", "ไม่มีเลขที่")
    assert clerk.send(f"{first}/join", {"number": "เลขรับ ๓/๒๕๖๙"}).status_code == 302
    assert set(_subjects(clerk, plain)) == {"ฉบับแรก", "ไม่มีเลขที่"}


def test_several_with_one_number_are_offered(town: Installation) -> None:
    first = _paper(town, "มท 0309/12", "ฉบับแรก")
    for subject in ("ปีก่อน", "ปีนี้"):
        recording.record_letter(
            town.services,
            actor=town.actor("reading-clerk"),
            kind=BookKind.RECEIVING,
            matter=Matter(sender="กรมบัญชีกลาง", subject=subject, number="กค 0405/9"),
            again=True,
        )
    clerk = town.client("reading-clerk")
    several = clerk.send(f"{first}/join", {"number": "กค 0405/9"})
    [other] = re.findall(r'name="other"[^>]*value="([^"]+)"', several.text)[:1]

    assert several.status_code == 422 and "พบหลายฉบับ" in several.text
    assert clerk.send(f"{first}/join", {"number": "กค 0405/9", "other": other}).status_code == 302
    assert len(_subjects(clerk, first)) == 2


def test_who_may_not_tie_sees_the_matter_without_the_forms(town: Installation) -> None:
    first = _paper(town, "มท 0309/12", "ฉบับแรก")
    director = town.client("reading-director")

    assert _subjects(director, first) == ["ฉบับแรก"] and "รวมหนังสือเข้าเรื่อง" not in director.get(first).text
    assert director.send(f"{first}/join", {"number": "มท 0309/12"}).status_code == 403
    assert town.client("learning-clerk").get(first).status_code == 404
