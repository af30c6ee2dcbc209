"""The public register on its pages: opened by an administrator, searched by anybody, the same nothing for what is not
shown, no cookie, open data without formulas, and patience for who searches too often."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update
from werkzeug.test import TestResponse

from saraban.storage.tables.issued import issued_documents, issued_kinds
from saraban.storage.tables.people import agencies
from tests.databases import NewDatabase
from tests.fakes import FixedClock
from tests.web.installation import LEARNING, PASSPHRASE, READING, Installation, build_installation
from tests.web.public_town import PUBLIC, scans
from tests.web.test_issuing import definition, kind, waiting

HOME = f"/register/{READING}"
OPEN: dict[str, Any] = {
    "in_register": "1",
    "holder_public": "1",
    "holder_in_register": "1",
    "may_download": "",
    "field_public": ["no", "register", "no"],
}


@pytest.fixture
def town(tmp_path: Path, new_database: NewDatabase, clock: FixedClock) -> Iterator[Installation]:
    made = build_installation(tmp_path, new_database, clock, public_url=PUBLIC)
    yield made
    scans(made)
    made.close()


def _issued(town: Installation, **more: Any) -> tuple[str, str]:
    """The addresses of a kind in the register, and of a document of it that was issued."""
    of = kind(town, **OPEN | more)
    document = waiting(town, of)
    signed = town.client("reading-head").send(f"{document}/sign", {"passphrase": PASSPHRASE})
    assert signed.status_code == 302
    return of, document


def _same_for_all(answer: TestResponse) -> bool:
    kept = answer.headers["Cache-Control"]
    return "Set-Cookie" not in answer.headers and "public" in kept and "ETag" in answer.headers


def test_an_administrator_opens_it_and_anybody_finds_a_licence_and_how_it_stands(town: Installation) -> None:
    of, document = _issued(town, in_register="", holder_in_register="", field_public=["no", "yes", "no"])
    anybody, admin, head = town.client(), town.client("reading-admin"), town.client("reading-head")
    assert anybody.get(HOME).status_code == 404 and "ยังไม่มีส่วนราชการเปิดทะเบียน" in anybody.get("/register").text
    assert admin.send(of, definition(town, **OPEN)).status_code == 302
    assert f'href="{HOME}?kind=CERT-1"' in admin.get(of).text

    assert anybody.get("/register").headers["Location"].endswith(HOME)
    page = anybody.get(f"{HOME}?q=ใจดี+๑")
    assert page.status_code == 200 and _same_for_all(page) and page.headers["X-Robots-Tag"] == "noindex"
    for words in ("พบ ๑ ฉบับ", "รบ. ๑/๒๕๖๙", "นายเอก ใจดี", "ใช้ได้", "๒๓ พฤศจิกายน ๒๕๗๐", "ครูพี่เลี้ยง", "มาตรา ๑๓"):
        assert words in page.text, words
    for hidden in ("สุขุมวิท", "๒๐ พฤศจิกายน"):
        assert hidden not in page.text
    code = re.findall(r"/v/([0-9A-Z]{20})", page.text)[0]
    assert "รบ. ๑/๒๕๖๙" in anybody.get(f"/v/{code}").text
    assert anybody.get(HOME, headers={"If-None-Match": anybody.get(HOME).headers["ETag"]}).status_code == 304
    english = anybody.get(f"{HOME}?lang=en&state=valid").text
    assert all(
        words in english for words in ("Register of licences", "Certificate of training", "Valid until", "Found: 1")
    )
    assert f"{HOME}?state=valid&amp;lang=th" in english

    assert "พบ ๐ ฉบับ" in anybody.get(f"{HOME}?state=suspended").text
    head.send(f"{document}/suspend", {"reason": "รอผลสอบลับ"})
    page = anybody.get(f"{HOME}?state=suspended").text
    assert "พักใช้ ตั้งแต่ ๒๓ พฤศจิกายน ๒๕๖๙" in page and "รอผลสอบลับ" not in page
    head.send(f"{document}/revoke", {"reason": "ขาดคุณสมบัติลับ"})
    page = anybody.get(HOME).text
    assert "เพิกถอน/ยกเลิก เมื่อ ๒๓ พฤศจิกายน ๒๕๖๙" in page and "คุณสมบัติลับ" not in page


def test_what_its_holder_does_not_want_shown_leaves_every_page_and_the_data(town: Installation) -> None:
    _, document = _issued(town)
    clerk, anybody = town.client("reading-clerk"), town.client()
    assert "งดแสดงตามคำขอผู้ถือ" in clerk.get(document).text and "พบ ๑ ฉบับ" in anybody.get(HOME).text
    code = re.findall(r"/v/([0-9A-Z]{20})", clerk.get(document).text)[0]
    assert "ใส่เหตุผล" in clerk.send(f"{document}/withhold", {"reason": ""}, follow_redirects=True).text
    done = clerk.send(f"{document}/withhold", {"reason": "ผู้ถือขอ"}, follow_redirects=True).text
    assert "งดแสดง: ผู้ถือขอ" in done and "ให้แสดงอีก" in done

    for address in (HOME, f"{HOME}?q=ใจดี", f"{HOME}?q=1/2569", f"{HOME}/CERT-1/data.csv"):
        told = anybody.get(address).text
        assert "นายเอก" not in told and "รบ. ๑" not in told and "รบ. 1" not in told and code not in told, address
    assert "รบ. ๑/๒๕๖๙" in anybody.get(f"/v/{code}").text, "who has the paper verifies it"
    follow = clerk.get(f"{document}/follow?how=replacement")
    assert follow.status_code == 200
    town.client("reading-clerk").send(f"{document}/show-again", {"reason": "ผู้ถือให้แสดงได้"})
    assert "พบ ๑ ฉบับ" in anybody.get(HOME).text
    assert town.client("learning-clerk").send(f"{document}/withhold", {"reason": "x"}).status_code == 404


def test_no_code_is_given_away_whose_page_tells_more(town: Installation) -> None:
    """Who has the register has all codes in it, and what stands at their pages: the file too."""
    of, _ = _issued(town, may_download="1")
    anybody = town.client()
    assert not re.findall(r"/v/[0-9A-Z]{20}", anybody.get(HOME).text)
    assert not re.findall(r"/v/[0-9A-Z]{20}", anybody.get(f"{HOME}/CERT-1/data.csv").text)
    assert 'href="/v"' in anybody.get(HOME).text, "who has the paper types its code"

    town.client("reading-admin").send(of, definition(town, **OPEN))
    assert re.findall(r"/v/[0-9A-Z]{20}", anybody.get(HOME).text)
    town.client("reading-admin").send(of, definition(town, **OPEN | {"field_public": ["yes", "register", "no"]}))
    assert not re.findall(r"/v/[0-9A-Z]{20}", anybody.get(HOME).text)


def test_open_data_tells_what_is_shown_and_holds_no_formula(town: Installation) -> None:
    _, document = _issued(town)
    anybody = town.client()
    [line] = csv.DictReader(io.StringIO(anybody.get(f"{HOME}/CERT-1/data.csv").data.decode("utf-8-sig")))
    code = re.findall(r"/v/([0-9A-Z]{20})", town.client("reading-clerk").get(document).text)[0]
    assert line == {
        "kind_code": "CERT-1", "kind": "หนังสือรับรองการอบรม", "number": "รบ. 1/2569", "issued_on": "2026-11-23",
        "valid_until": "2027-11-23", "state": "valid", "state_th": "ใช้ได้", "state_since": "", "replaced_by": "",
        "holder": "นายเอก ใจดี", "หลักสูตร": "ครูพี่เลี้ยง", "verify_url": f"{PUBLIC}/v/{code}",
    }  # fmt: skip
    told = anybody.get(f"{HOME}/CERT-1/dataset.json")
    data = told.get_json(force=True)
    assert told.mimetype == "application/ld+json" and data["@type"] == "dcat:Dataset" and _same_for_all(told)
    assert data["dcat:distribution"][0]["dcat:downloadURL"] == f"{PUBLIC}{HOME}/CERT-1/data.csv"
    assert data["dct:title"][0]["@value"] == "ทะเบียนหนังสือรับรองการอบรมของกรมส่งเสริมการอ่าน"
    assert data["dct:modified"].startswith("2026-11-23") and "มาตรา ๑๓" in data["dct:rights"]

    evil = "=cmd|'/c calc'!A1"
    with town.office.writing.begin() as writer:
        values = {"ที่อยู่": "ก", "หลักสูตร": "@SUM(A1)"}
        writer.execute(update(issued_documents).values(holder_name=evil, number="+1+1", values=values))
        writer.execute(update(issued_kinds).values(name_th="-2"))
    town.app.extensions.pop("saraban-public-register")  # what is kept for a moment is another test's
    sheet = anybody.get(f"{HOME}/CERT-1/data.csv")
    [line] = csv.DictReader(io.StringIO(sheet.data.decode("utf-8-sig")))
    assert line["holder"].endswith(evil) and not [one for one in line.values() if one[:1] in tuple("=+-@\t\r")]
    assert sheet.headers["Content-Disposition"].startswith("attachment") and _same_for_all(sheet)


@pytest.mark.only_database("sqlite")
def test_what_is_not_shown_gives_the_same_nothing_everywhere(town: Installation) -> None:
    _issued(town)
    kind(town, code="CERT-2")
    anybody = town.client()
    wrong = [
        f"{HOME}?kind=CERT-2",
        f"{HOME}?kind=none",
        f"{HOME}?page=2",
        f"{HOME}/CERT-2/data.csv",
        f"{HOME}/none/data.csv",
        f"{HOME}/CERT-2/dataset.json",
        f"/register/{LEARNING}",
        f"/register/{LEARNING}/CERT-1/data.csv",
        "/register/9999",
    ]
    answers = [anybody.get(one) for one in wrong]

    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.text for answer in answers}) == 1 and "CERT-2" not in anybody.get(HOME).text


@pytest.mark.only_database("sqlite")
def test_words_are_words_on_every_page_of_it(town: Installation) -> None:
    _issued(town)
    evil = "<script>alert(1)</script>\"'"
    with town.office.writing.begin() as writer:
        writer.execute(update(agencies).values(name=evil, name_en=evil))
        writer.execute(update(issued_kinds).values(name_th=evil, name_en=evil))
        values = {"หลักสูตร": evil}
        writer.execute(update(issued_documents).values(holder_name=evil, number=evil, values=values))
    anybody = town.client()

    for address in ("/register?", f"{HOME}?q=<script>&", f"{HOME}?kind=CERT-1&"):
        for language in ("th", "en"):
            page = anybody.get(f"{address}lang={language}", follow_redirects=True)
            assert page.request.path == HOME
            assert page.status_code == 200 and "<script>alert" not in page.text and "&lt;script&gt;" in page.text
            assert "unsafe" not in page.headers["Content-Security-Policy"]


@pytest.mark.only_database("sqlite")
def test_who_searches_too_often_waits_and_pages_and_codes_go_on(
    town: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("saraban.doorway.public_register.MOST_SEARCHES", 3)
    monkeypatch.setattr("saraban.doorway.public_register.MOST_FILES", 2)
    _issued(town)
    anybody = town.client()

    said = [anybody.get(f"{HOME}?q=x{n}", headers={"X-Forwarded-For": f"10.0.0.{n}"}) for n in range(5)]
    assert [one.status_code for one in said] == [200, 200, 200, 429, 429]
    assert said[-1].headers["Retry-After"] and said[-1].headers["Cache-Control"] == "no-store"
    assert anybody.get(HOME).status_code == 200 and anybody.get(f"{HOME}?state=valid").status_code == 200
    files = [anybody.get(f"{HOME}/CERT-1/data.csv").status_code for _ in range(3)]
    assert files == [200, 200, 429]
    assert anybody.get(f"/api/v1/public-register/{READING}?q=x").status_code == 429, "the same desk for programs"


@pytest.mark.only_database("sqlite")
def test_the_administrator_is_told_what_the_register_cannot_show(town: Installation) -> None:
    admin = town.client("reading-admin")
    refused = admin.send("/admin/issued-kinds/new", definition(town, **OPEN | {"is_public": "", "holder_public": ""}))

    assert refused.status_code == 422
    assert "เปิดทะเบียนสาธารณะได้เมื่อเปิดให้ตรวจสอบสาธารณะ" in refused.text
    assert "ทะเบียนแสดงชื่อผู้ถือได้เมื่อหน้าตรวจสอบแสดงชื่อ" in refused.text
    wrong = definition(town, **OPEN | {"field_type": ["text", "citizen-id", "date"], "field_choices": ["", "", ""]})
    assert "เลขประจำตัวประชาชนแสดงต่อสาธารณะไม่ได้" in admin.send("/admin/issued-kinds/new", wrong).text


def test_signs_that_no_word_has_are_no_fault_of_ours(town: Installation) -> None:
    _issued(town)
    anybody = town.client()
    for asked in ("?q=a%00b", "?q=%ED%A0%80", "?kind=%00", "?state=%00", "?page=%00", "?q=%00"):
        assert anybody.get(HOME + asked).status_code in (200, 404), asked
    for path in ("/register/%00", f"{HOME}/%00/data.csv", f"{HOME}/%00/dataset.json", "/api/v1/public-register/%00"):
        assert anybody.get(path).status_code in (400, 404), path
    for path in ("/public/%00", "/v/%00", "/w/to/%00", "/api/v1/verify/%00"):
        assert anybody.get(path).status_code in (200, 400, 404), path
