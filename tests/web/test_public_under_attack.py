"""The public page against those who mean ill: guessed codes, headers that lie, scripts in fields, hostile files."""

from __future__ import annotations

import csv
import io
import re
import zlib
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from lxml import etree
from sqlalchemy import update

from saraban.domain.classification import Secrecy
from saraban.domain.publication import ChannelKind
from saraban.doorway import public
from saraban.storage.tables.issued import issued_documents, issued_kinds
from saraban.storage.tables.letters import files, letters
from saraban.storage.tables.people import agencies
from saraban.storage.tables.publications import channels
from saraban.usecases.publishing import open_channel, publish
from tests.databases import NewDatabase
from tests.fakes import FixedClock
from tests.rendering.test_verification_code import a_ready_pdf
from tests.web.installation import PASSPHRASE, READING, Installation, build_installation
from tests.web.public_town import PUBLIC, code, coded_anyhow, decide, scans
from tests.web.test_issuing import kind, waiting

SCRIPT = """"><script>alert('x')</script><img src=x onerror=alert(1)>'"""


@pytest.fixture
def build(tmp_path: Path, new_database: NewDatabase, clock: FixedClock) -> Iterator[Any]:
    """`build(**settings)` gives an installation that the public reaches."""
    made: list[Installation] = []

    def one(**settings: Any) -> Installation:
        made.append(build_installation(tmp_path, new_database, clock, public_url=PUBLIC, **settings))
        return made[-1]

    yield one
    for town in made:
        scans(town)
        town.close()


@pytest.mark.only_database("sqlite")
def test_at_every_door_unknown_and_restricted_answer_the_same(build: Any) -> None:
    town = build()
    secret = coded_anyhow(town, town.issued(secrecy=Secrecy.CONFIDENTIAL))
    visitor = town.app.test_client(use_cookies=False)
    doors = {
        "page": lambda one: visitor.get(f"/v/{one}"),
        "page in English": lambda one: visitor.get(f"/v/{one}?lang=en"),
        "program at the page": lambda one: visitor.get(f"/v/{one}", headers={"Accept": "application/json"}),
        "program": lambda one: visitor.get(f"/api/v1/verify/{one}"),
        "file": lambda one: visitor.post(f"/v/{one}/file", data={"file": (io.BytesIO(b"%PDF-"), "a.pdf")}),
    }

    for name, door in doors.items():
        restricted, typed, unknown = (door(one) for one in (secret, secret[:12], "0" * 20))
        assert restricted.status_code == typed.status_code == unknown.status_code == 404, name
        assert restricted.data == typed.data == unknown.data, name
        assert sorted(restricted.headers.keys()) == sorted(unknown.headers.keys()), name
        assert not any("Set-Cookie" in one.headers for one in (restricted, unknown)), name


@pytest.mark.only_database("sqlite")
def test_a_header_that_lies_about_the_address_gains_no_tries(build: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(public, "MOST_TYPED_MISSES", 3)
    town = build()

    def tries(lie: str) -> int:
        headers = {"X-Forwarded-For": lie, "Forwarded": f"for={lie}", "X-Real-IP": lie, "CF-Connecting-IP": lie}
        return int(town.app.test_client(use_cookies=False).get("/v/000000000000", headers=headers).status_code)

    assert [tries(f"198.51.100.{nth}") for nth in range(5)] == [404, 404, 404, 429, 429]


@pytest.mark.only_database("sqlite")
def test_behind_a_proxy_only_what_the_proxy_wrote_counts(build: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(public, "MOST_TYPED_MISSES", 3)
    town = build(trusted_proxies=1)

    def tries(forwarded: str) -> int:
        visitor = town.app.test_client(use_cookies=False)
        return int(visitor.get("/v/000000000000", headers={"X-Forwarded-For": forwarded}).status_code)

    assert [tries(f"198.51.100.{nth}, 203.0.113.9") for nth in range(5)] == [404, 404, 404, 429, 429]
    assert tries("203.0.113.9, 203.0.113.10") == 404


@pytest.mark.only_database("sqlite")
@pytest.mark.parametrize("language", ["th", "en"])
def test_scripts_in_every_public_field_stand_there_as_words(build: Any, language: str) -> None:
    town = build()
    letter_id = town.issued()
    made = code(town, letter_id).code
    decide(town, verify_subject=True)
    with town.office.writing.begin() as writer:
        writer.execute(update(agencies).values(name=f"กรม{SCRIPT}", name_en=f"Agency{SCRIPT}"))
        writer.execute(update(letters).values(subject=f"เรื่อง{SCRIPT}", number=f"นร {SCRIPT}"))
    visitor = town.app.test_client(use_cookies=False)
    file = (io.BytesIO(a_ready_pdf()), f"{SCRIPT}.pdf")
    answers = [
        visitor.get(f"/v/{made}?lang={language}"),
        visitor.post(f"/v/{made}/file?lang={language}", data={"file": file}),
        visitor.get("/v", query_string={"code": SCRIPT, "lang": language}),
        visitor.get("/v", query_string={"lang": SCRIPT}),
        visitor.get(f"/v/{SCRIPT.replace('/', '')}"),
    ]

    assert [one.status_code for one in answers[:3]] == [200, 200, 422]
    assert "&lt;script&gt;" in answers[0].text and "&lt;script&gt;" in answers[2].text
    for answer in answers:
        assert "<script>alert" not in answer.text and "<img src=x" not in answer.text
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'self'" in policy and "unsafe" not in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
    told = visitor.get(f"/v/{made}", headers={"Accept": "application/json"})
    assert told.content_type == "application/json" and told.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.only_database("sqlite")
@pytest.mark.parametrize(
    "evil", [SCRIPT, f"]]>--><svg/onload=alert(1)>{SCRIPT}", f'=HYPERLINK("https://evil.test"){SCRIPT}']
)
def test_scripts_and_formulas_on_the_pages_for_everybody_stand_there_as_words(build: Any, evil: str) -> None:
    town = build()
    letter_id, clerk = town.issued(circular=True), town.actor("reading-clerk")
    at = f"/public/{READING}"
    item = f"{at}/{publish(town.services, actor=clerk, letter_id=letter_id, with_enclosures=True)}"
    opened = {"kind": ChannelKind.OTHER, "name": "เคาน์เตอร์", "where": "ชั้น ๑"}
    open_channel(town.services, actor=town.actor("reading-admin"), **opened)
    with town.office.writing.begin() as writer:
        writer.execute(update(agencies).values(name=evil, name_en=evil, abbr=evil))
        writer.execute(update(letters).values(subject=evil, number=evil))
        writer.execute(update(channels).values(name=evil, where=evil, announced=evil))
        writer.execute(update(files).values(name=evil))
    visitor = town.app.test_client(use_cookies=False)

    pages = [visitor.get(f"{one}?lang={language}") for one in ("/public", at, item) for language in ("th", "en")]
    assert [page.status_code for page in pages] == [200] * 6
    for page in pages:
        assert "&lt;script&gt;" in page.text, page.request.path
        assert "<script>alert" not in page.text and "<img src=x" not in page.text and "<svg/onload" not in page.text
        assert "unsafe" not in page.headers["Content-Security-Policy"]
    feed = visitor.get(f"{at}/feed.atom")
    read = etree.fromstring(feed.data)
    assert not read.xpath("//*[local-name()='script' or local-name()='img' or local-name()='svg']")
    assert evil in read.xpath("string(//*[local-name()='entry']/*[local-name()='title'])")
    data = visitor.get(f"{at}/dataset.json")
    title = data.get_json(force=True)["dct:title"]
    assert data.content_type == "application/ld+json" and all(one["@value"].endswith(evil) for one in title)
    sheet = visitor.get(f"{at}/data.csv")
    [line] = csv.DictReader(io.StringIO(sheet.data.decode("utf-8-sig")))
    assert (
        not [cell for cell in line.values() if cell[:1] in ("=", "+", "-", "@", "\t", "\r")] and evil in line["subject"]
    )
    for answer in (feed, data, sheet):
        assert answer.headers["X-Content-Type-Options"] == "nosniff" and "text/html" not in answer.content_type


@pytest.mark.only_database("sqlite")
def test_scripts_on_a_document_for_a_person_and_behind_the_link_of_its_holder_are_words(build: Any) -> None:
    town = build()
    document = waiting(town, kind(town, holder_public="1"))
    assert town.client("reading-head").send(f"{document}/sign", {"passphrase": PASSPHRASE}).status_code == 302
    link = re.findall(rf"{PUBLIC}(/d/[\w-]+)", town.client("reading-clerk").send(f"{document}/links").text)[0]
    with town.office.writing.begin() as writer:
        writer.execute(update(agencies).values(name=f"กรม{SCRIPT}", name_en=f"Agency{SCRIPT}"))
        writer.execute(update(issued_kinds).values(name_th=SCRIPT, name_en=SCRIPT, title=SCRIPT))
        values = {"ที่อยู่": SCRIPT, "หลักสูตร": SCRIPT, "วันที่อบรม": "2026-11-20"}
        writer.execute(update(issued_documents).values(holder_name=SCRIPT, number=SCRIPT, values=values))
    made = town.client("reading-clerk").get(document)
    code = re.findall(r"/v/([0-9A-Z]{20})", made.text)[0]
    visitor = town.app.test_client(use_cookies=False)

    for language in ("th", "en"):
        for address in (f"/v/{code}", link):
            answer = visitor.get(f"{address}?lang={language}")
            assert answer.status_code == 200 and "&lt;script&gt;" in answer.text, address
            assert "<script>alert" not in answer.text and "<img src=x" not in answer.text
            assert "unsafe" not in answer.headers["Content-Security-Policy"]


@pytest.mark.only_database("sqlite")
def test_an_old_code_of_a_kind_that_is_closed_says_the_least_and_gives_no_file(build: Any) -> None:
    town = build()
    document = waiting(town, kind(town, holder_public="1"))
    assert town.client("reading-head").send(f"{document}/sign", {"passphrase": PASSPHRASE}).status_code == 302
    code = re.findall(r"/v/([0-9A-Z]{20})", town.client("reading-clerk").get(document).text)[0]
    visitor = town.app.test_client(use_cookies=False)
    shown = visitor.get(f"/v/{code}").text
    assert "นายเอก ใจดี" in shown and "ครูพี่เลี้ยง" in shown
    with town.office.writing.begin() as writer:
        writer.execute(update(issued_kinds).values(is_public=False))
    town.clock.pass_by(timedelta(minutes=10))  # what a cache may have kept is over
    for language, state in (("th", "ใช้ได้"), ("en", "in force")):
        least = visitor.get(f"/v/{code}?lang={language}")
        assert least.status_code == 200 and state in least.text
        assert language == "en" or "กรมส่งเสริมการอ่าน" in least.text
        for words in ("เอก ใจดี", "ครูพี่เลี้ยง", "หนังสือรับรอง", "Certificate of", "ดาวน์โหลดฉบับที่ออก"):
            assert words not in least.text, words
    hidden, unknown = visitor.get(f"/v/{code}/file"), visitor.get(f"/v/{'0' * 20}/file")
    assert (hidden.status_code, hidden.data) == (unknown.status_code, unknown.data) == (404, unknown.data)


def _with(change: Any) -> bytes:
    with pikepdf.open(io.BytesIO(a_ready_pdf())) as document:
        change(document)
        out = io.BytesIO()
        document.save(out)
    return out.getvalue()


def _scripted(document: pikepdf.Pdf) -> None:
    document.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=pikepdf.String("app.alert('marker')"))


def _bomb(document: pikepdf.Pdf) -> None:
    squeezed = zlib.compress(b"\0" * 200_000_000, 9)
    stream = pikepdf.Stream(document, b"")
    stream.write(squeezed, filter=pikepdf.Name.FlateDecode)
    document.pages[0].obj.Contents = stream


def _signed_by_nothing(document: pikepdf.Pdf) -> None:
    value = pikepdf.Dictionary(
        Type=pikepdf.Name.Sig,
        Filter=pikepdf.Name("/Adobe.PPKLite"),
        SubFilter=pikepdf.Name("/ETSI.CAdES.detached"),
        ByteRange=pikepdf.Array([0, 2**31 - 1, 2**31 - 1, 2**31 - 1]),
        Contents=pikepdf.String(b"\x30\x84\xff\xff\xff\xff" + b"\0" * 64),
    )
    field = pikepdf.Dictionary(FT=pikepdf.Name.Sig, T=pikepdf.String(SCRIPT), V=document.make_indirect(value))
    document.Root.AcroForm = pikepdf.Dictionary(Fields=pikepdf.Array([document.make_indirect(field)]), SigFlags=3)


def _hostile() -> dict[str, bytes]:
    return {
        "no more than a head": b"%PDF-1.7\n%%EOF",
        "a web page that is a PDF": b"%PDF-1.7\n<script>alert('marker')</script>\n%%EOF",
        "a web page": b"<!doctype html><script>alert('marker')</script>",
        "a program": b"MZ" + b"\0" * 5_000,
        "a test virus": rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*",
        "deep brackets": b"%PDF-1.7\n1 0 obj\n" + b"[" * 200_000 + b"\nendobj\ntrailer<</Root 1 0 R>>\n%%EOF",
        "a table that points at itself": b"%PDF-1.7\ntrailer<</Root 1 0 R/Prev 9>>\nstartxref\n9\n%%EOF",
        "a script that opens with it": _with(_scripted),
        "a bomb": _with(_bomb),
        "a signature of nothing": _with(_signed_by_nothing),
        "nothing but signs": bytes(range(256)) * 400,
    }


@pytest.mark.only_database("sqlite")
def test_files_of_every_hostile_kind_are_judged_or_refused_and_never_praised(
    build: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(public, "MOST_FILES", 1000)
    town = build()
    made, hostile = code(town, town.issued()).code, _hostile()
    visitor = town.app.test_client(use_cookies=False)
    answers = {
        name: visitor.post(f"/v/{made}/file", data={"file": (io.BytesIO(data), f"{SCRIPT}.pdf")})
        for name, data in hostile.items()
    }

    assert {name: one.status_code for name, one in answers.items()} == {
        name: 200 if data.startswith(b"%PDF-") else 422 for name, data in hostile.items()
    }
    for name, answer in answers.items():
        shown = answer.text.split("<template")[0]
        assert "big-verdict--good" not in shown and "marker" not in shown and "<script>alert" not in shown, name
    assert visitor.get(f"/v/{made}").status_code == 200
