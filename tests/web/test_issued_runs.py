"""A sheet of holders on the screens: every line looked at first, begun, approved and signed as a run, and the page that
a holder opens by the own link."""

from __future__ import annotations

import html
import io
import re
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from openpyxl import Workbook, load_workbook
from sqlalchemy import Connection, update

from saraban.domain.actor import Actor
from saraban.domain.attachment import Digest
from saraban.domain.issued import IssuedId
from saraban.domain.issued_run import HolderLinkId
from saraban.jobs import do_errand
from saraban.reading import issued
from saraban.storage.tables.issued import issued_documents as documents
from tests.databases import NewDatabase
from tests.fakes import FixedClock
from tests.web.installation import PASSPHRASE, Browser, Installation, build_installation
from tests.web.public_town import PUBLIC, scans
from tests.web.test_issuing import kind, waiting

HEADINGS = ("ชื่อ-นามสกุล", "อีเมล", "ที่อยู่", "หลักสูตร", "วันที่อบรม", "เบอร์โทร")
GOOD = ("นายหนึ่ง ใจดี", "one@example.com", "๑ ถนนสุขุมวิท", "ครูพี่เลี้ยง", "๒๐ พ.ย. ๒๕๖๙", "08")


@pytest.fixture
def town(tmp_path: Path, new_database: NewDatabase, clock: FixedClock) -> Iterator[Installation]:
    made = build_installation(tmp_path, new_database, clock, public_url=PUBLIC)
    yield made
    scans(made)
    made.close()


def sheet(*rows: tuple[str, ...], headings: tuple[str, ...] = HEADINGS) -> tuple[io.BytesIO, str]:
    book, out = Workbook(), io.BytesIO()
    assert book.active is not None
    for row in (headings, *rows):
        book.active.append(row)
    book.save(out)
    out.seek(0)
    return out, "ผู้ผ่านการอบรม.xlsx"


def begun(town: Installation, clerk: Browser, *rows: tuple[str, ...]) -> str:
    """The address of a run of these lines."""
    new = kind(town).replace("/admin/issued-kinds/", "/issued/runs/new/")
    seen = clerk.send(new, {"file": sheet(*rows)})
    assert seen.status_code == 200, seen.text
    token = html.unescape(re.findall(r'name="token" value="([^"]+)"', seen.text)[0])
    ordered = clerk.send(new, {"token": token, "really": "1"})
    assert ordered.status_code == 302
    assert do_errand(town.services) == 1
    page = clerk.get(ordered.headers["Location"]).text
    return re.findall(r'href="(/issued/runs/[0-9a-f-]{36})"', page)[0]


def signed(town: Installation, address: str) -> None:
    """The run approved and signed to its end."""
    director, head = town.client("reading-director"), town.client("reading-head")
    assert director.send(f"{address}/approve").status_code == 302
    do_errand(town.services)
    assert head.send(f"{address}/sign", {"passphrase": PASSPHRASE}).status_code == 302
    for _ in range(600):  # it goes on in a thread of its own
        if "กำลังลงนาม" not in head.get("/issued/runs").text:
            return
        time.sleep(0.05)
    raise AssertionError("it never ends")


@pytest.mark.only_database("sqlite")
def test_every_line_is_looked_at_before_anything_is_begun(town: Installation) -> None:
    clerk = town.client("reading-clerk")
    new = kind(town).replace("/admin/issued-kinds/", "/issued/runs/new/")
    bad = ("", "no mail", "๒", "นักเลง", "เมื่อวาน", "")
    seen = clerk.send(new, {"file": sheet(GOOD, bad, GOOD)})
    lacking = clerk.send(new, {"file": sheet(("นายหนึ่ง",), headings=("ชื่อ",))})
    form = clerk.get(new)
    late = clerk.send(new, {"file": sheet((*GOOD[:4], "เมื่อวาน", ""))}).text
    own = load_workbook(io.BytesIO(clerk.get(f"{new}/sheet.xlsx").data))
    left = io.BytesIO()
    own.save(left)
    left.seek(0)
    example = clerk.send(new, {"file": (left, "แบบ.xlsx")})

    assert "อ่านวันที่ไม่ออก" in late and "ใส่ที่อยู่" not in late, "of a line with a wrong day only that is told"
    assert example.status_code == 422 and "แถวนี้เป็นตัวอย่างของแบบตาราง" in example.text
    assert seen.status_code == 422 and "๒ แถวต้องแก้" in seen.text and 'name="token"' not in seen.text
    for words in ("ใส่ชื่อผู้ถือเอกสาร", "ที่อยู่อีเมลไม่ถูกต้อง", "อ่านวันที่ไม่ออก", "ซ้ำกับแถวที่ ๒", "คอลัมน์ที่ไม่ใช้: เบอร์โทร"):
        assert words in seen.text, words
    assert lacking.status_code == 422 and "ไม่พบคอลัมน์ ที่อยู่, หลักสูตร" in lacking.text
    assert clerk.send(new, {}).status_code == 422
    assert clerk.send(new, {"token": "x", "really": "1"}).status_code == 422
    assert form.status_code == 200 and clerk.get(f"{new}/sheet.xlsx").status_code == 200
    assert "ยังไม่มีชุดเอกสาร" in clerk.get("/issued/runs").text
    assert town.client("reading-records").get("/issued/runs").status_code == 200


@pytest.mark.only_database("sqlite")
@pytest.mark.parametrize("as_text", [False, True])
def test_rows_are_told_by_the_numbers_that_people_see_beside_them(town: Installation, as_text: bool) -> None:
    clerk = town.client("reading-clerk")
    new = kind(town).replace("/admin/issued-kinds/", "/issued/runs/new/")
    rows = [("",) * 6, GOOD, ("",) * 6, ("",) * 6, ("", *GOOD[1:]), GOOD]
    file = sheet(*rows)
    if as_text:
        lines = "\n".join(",".join(row) if any(row) else "" for row in (HEADINGS, *rows))
        file = io.BytesIO(lines.encode()), "ผู้ผ่านการอบรม.csv"
    seen = clerk.send(new, {"file": file}).text
    shown = re.findall(r'<th scope="row" class="num">(\S+)</th><td class="outcome">.*?</span>\s*([^<]*)</td>', seen)

    assert [number for number, _ in shown] == ["๖", "๗", "๓"]
    assert "ใส่ชื่อผู้ถือเอกสาร" in shown[0][1] and "ซ้ำกับแถวที่ ๓" in shown[1][1]


def test_a_run_goes_from_its_sheet_to_the_page_of_its_holder(town: Installation) -> None:
    clerk = town.client("reading-clerk")
    rows = [(f"นายลำดับ ที่{nth}", *GOOD[1:]) for nth in range(1, 4)]
    address = begun(town, clerk, *rows)
    before = clerk.get(address).text
    head = town.client("reading-head")
    assert "รออนุมัติ" in before and "อนุมัติเอกสารชนิดนี้ได้เฉพาะ" in before and "อนุมัติ ๓ ฉบับ" not in before
    assert head.send(f"{address}/sign", {"passphrase": PASSPHRASE}).status_code == 422
    signed(town, address)
    with town.office.writing.begin() as connection:
        last = documents.c.number == "รบ. 3/2569"
        connection.execute(update(documents).where(last).values(untimed="ผู้ประทับรับรองเวลาไม่ตอบ"))
    after = clerk.get(address).text
    table = load_workbook(io.BytesIO(clerk.get(f"{address}/result.xlsx").data)).active
    assert table is not None
    told = [[cell.value for cell in row] for row in table.iter_rows(min_row=2)]

    assert 'ไม่มีตราประทับเวลา <b class="num">๑</b>' in after and "ไม่มีตราประทับเวลา: ผู้ประทับรับรองเวลาไม่ตอบ" in after
    assert [row[10] for row in told] == [None, None, "ผู้ประทับรับรองเวลาไม่ตอบ"]
    assert 'ออกแล้ว <b class="num">๓</b>' in after and "ส่งลิงก์ทางอีเมล ๓ ฉบับ" in after and "ยังไม่ได้ส่ง" in after
    assert [(row[1], row[2], row[3]) for row in told] == [
        (f"นายลำดับ ที่{nth}", f"รบ. {nth}/2569", "ใช้ได้") for nth in range(1, 4)
    ]
    assert all(str(row[4]).startswith(f"{PUBLIC}/v/") for row in told)
    assert clerk.send(f"{address}/links", {"deed": "mail"}).status_code == 302
    town.carry()
    mails = [raw for to, raw in town.elsewhere if to == "one@example.com"]
    sent = clerk.get(address).text
    assert len(mails) == 3 and "ส่งแล้ว ๓ ฉบับ" in sent and "ส่งลิงก์ทางอีเมล" not in sent
    refused = clerk.send(f"{address}/links", {"deed": "mail"})
    assert refused.status_code == 422 and "ยังไม่ได้ส่ง" in refused.text
    assert town.client("learning-clerk").get(address).status_code == 404

    document = re.findall(r"/issued/[0-9a-f]{8}-[0-9a-f-]{27}", sent)[0]
    did_not_reach(town, document)
    back, links = clerk.get(address).text, clerk.get(f"{document}/links").text
    assert "ส่งไม่ถึง ๑ ฉบับ" in back and "550 no such user" in back and f'href="{document}/links"' in back
    assert "ส่งไม่ถึง ๑" in clerk.get("/issued/runs").text and "อีเมลส่งไม่ถึงผู้ถือ" in clerk.get(document).text
    assert "550 no such user" in links and 'value="one@example.com"' in links and "แก้ก่อนส่ง" in links
    mended = clerk.send(f"{document}/links", {"way": "mail", "mail": "one@@example.com"}).text
    assert 'value="one@@example.com"' in mended and "แก้ก่อนส่ง" not in mended, "nothing came back from there"
    table = load_workbook(io.BytesIO(clerk.get(f"{address}/result.xlsx").data)).active
    assert table is not None and [row[7].value for row in table.iter_rows(min_row=2)].count("ส่งไม่ถึง") == 1
    assert clerk.send(f"{address}/links", {"deed": "mail-again"}).status_code == 302
    assert do_errand(town.services) == 1 and "ส่งไม่ถึง" not in clerk.get(address).text


def did_not_reach(town: Installation, document: str) -> None:
    """A mail server said so of every mail with a link of this document."""
    office = town.services
    with office.uow() as uow:
        for link in uow.issued_runs.links(IssuedId(UUID(document.rpartition("/")[2]))):
            link.come_back("รบ. 1/2569", "550 no such user", by=Actor.gateway(link.agency_id), at=office.clock.now())
            uow.issued_runs.note_return(link)
        uow.commit()


def comes_between(town: Installation, patch: pytest.MonkeyPatch) -> None:
    """Another makes a link of a document while its links are told."""
    read = issued.document

    def then(reader: Connection, actor: Actor, document_id: UUID) -> issued.DocumentPage:
        found = read(reader, actor, document_id)
        with town.services.uow() as uow:
            one = uow.issued_runs.links(found.document.id)[0]
            own = HolderLinkId(uuid4())
            uow.issued_runs.add_link(replace(one, id=own, token=Digest.of(b"another"), fetches=0, fetched_at=None))
            uow.commit()
        return found

    patch.setattr(issued, "document", then)


@pytest.mark.only_database("sqlite")
def test_a_holder_opens_the_own_link_without_an_account_while_the_document_holds(
    town: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    clerk, document = town.client("reading-clerk"), waiting(town, kind(town))
    assert town.client("reading-head").send(f"{document}/sign", {"passphrase": PASSPHRASE}).status_code == 302
    assert f'href="{document}/links"' in clerk.get(document).text
    wrong = clerk.send(f"{document}/links", {"way": "mail", "mail": "ไม่ใช่"})
    made = clerk.send(f"{document}/links", {"way": "show"})
    link = re.findall(rf"{PUBLIC}(/d/[\w-]+)", made.text)[0]
    holder = town.app.test_client(use_cookies=False)
    page, english, file = holder.get(link), holder.get(f"{link}?lang=en"), holder.get(f"{link}/file.pdf")
    again = clerk.get(f"{document}/links").text

    assert wrong.status_code == 422 and 'id="mail-error"' in wrong.text
    assert page.status_code == 200 and "เอกสารนี้ใช้ได้" in page.text and "Set-Cookie" not in page.headers
    assert "Certificate of training" in english.text and '<html lang="en"' in english.text
    assert file.data.startswith(b"%PDF-") and page.headers["Cache-Control"] == "private, no-store"
    assert "noindex" in page.headers["X-Robots-Tag"] and page.headers["Referrer-Policy"]
    with monkeypatch.context() as patch:
        comes_between(town, patch)
        assert clerk.get(f"{document}/links").status_code == 200
    assert link not in again and "ดาวน์โหลด ๑ ครั้ง" in again and "ผู้ถือดาวน์โหลดแล้ว ๑ ครั้ง" in clerk.get(document).text
    assert holder.get(f"/v/{Digest.of(file.data).hex}").status_code == 404
    printed = holder.get(f"{link}/print.pdf")
    assert f"{link}/print.pdf" in page.text and printed.data.startswith(b"%PDF-")
    assert printed.headers["Cache-Control"] == "private, no-store"
    assert "พิมพ์เอกสารจากระบบ" in clerk.get(document).text and "ผู้ถือเอกสาร" in clerk.get(document).text
    town.client("reading-head").send(f"{document}/revoke", {"reason": "ออกผิด"})
    revoked = holder.get(link)
    assert "เอกสารนี้ยกเลิกแล้ว" in revoked.text and "ดาวน์โหลดเอกสาร" not in revoked.text
    assert holder.get(f"{link}/file.pdf").status_code == holder.get(f"{link}/print.pdf").status_code == 303
    clerk.send(f"{document}/links/withdraw")
    gone, never = holder.get(link), holder.get("/d/" + "x" * 24)
    assert gone.status_code == never.status_code == 404 and gone.data == never.data
    other = re.findall(r'href="(\?lang=\w*)"', gone.text)
    assert other == ["?lang=en"] and "This link cannot be used" in holder.get(link + other[0]).text


@pytest.mark.only_database("sqlite")
def test_who_tries_addresses_of_links_waits_whatever_a_header_says(town: Installation) -> None:
    visitor = town.app.test_client(use_cookies=False)
    told = [
        visitor.get(f"/d/{nth:024d}", headers={"X-Forwarded-For": f"198.51.100.{nth % 250}"}).status_code
        for nth in range(62)
    ]

    assert told[:60] == [404] * 60 and told[60:] == [429, 429]
