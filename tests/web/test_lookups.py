"""The pages of questions to issuers: asking without a copy, the answer and its seal, a clerk's press, the auditor."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from saraban.crypto.page_check import check_pages
from saraban.crypto.page_trust import Trust
from saraban.domain.agency import PositionId, Unit
from saraban.domain.attachment import Digest
from saraban.domain.issued_kind import IssuedKind, LookupPolicy
from tests.api.program import Programs
from tests.databases import NewDatabase
from tests.fakes import FixedClock
from tests.lookups import HOLDER, PDF, a_kind, a_licence
from tests.usecases.test_copying import a_pdf
from tests.web.installation import LEARNING, PASSPHRASE, READING, Browser, Installation, build_installation
from tests.web.public_town import scans
from tests.web.test_issuing import kind, waiting

QUESTION: dict[str, str] = {
    "agency": LEARNING, "document_kind": "license", "number": "ทส ๑๐๐๙/๔๕", "holder_id": "1-2345-67890-12-1",
    "want": "file", "purpose": "ประกอบคำขออนุญาต", "legal_basis": "พ.ร.บ. อำนวยความสะดวก มาตรา 7",
}  # fmt: skip


def licensed(town: Installation, policy: LookupPolicy = LookupPolicy.FILE, **more: Any) -> IssuedKind:
    """The other agency issues licences, and has issued one."""
    issuer = town.actor("learning-clerk")
    kind = a_kind(town.services, issuer.agency_id, policy)
    with town.services.uow() as uow:
        unit: Unit = uow.agencies.central_unit(issuer.agency_id)
    a_licence(town.services, kind, unit.id, **more)
    return kind


def ask(browser: Browser, **more: str) -> str:
    """Ask on the form; the address of the question."""
    page = browser.get("/lookups/new").text
    key = re.search(r'name="idempotency_key" value="([^"]+)"', page)
    assert key
    answer = browser.send("/lookups/new", QUESTION | {"idempotency_key": key[1]} | more)
    assert answer.status_code == 302, answer.text
    return str(answer.location)


def test_a_licence_is_looked_up_from_form_to_file_and_no_page_asks_for_a_copy(
    town: Installation, clerk: Browser
) -> None:
    licensed(town)
    form = clerk.get("/lookups/new").text
    assert 'type="file"' not in form and "สำเนาบัตร" not in form and 'name="holder_id"' in form
    assert HOLDER not in clerk.get(f"/lookups/new?holder_id={HOLDER}").text, "never in an address"
    address = ask(clerk)
    assert "รอลงตรา" in clerk.get(address).text and "hx-get" in clerk.get(address).text
    town.carry()

    page = clerk.get(address).text
    assert "ใช้ได้" in page and "ตรวจผ่านครบ ๔ ข้อ" in page and "เก็บข้อมูลนี้ไว้ได้ถึง" in page
    assert "ระบบตอบเองตามนโยบาย" in page and "๐๑๒๑" in page and HOLDER not in page and "๑๒๓๔๕๖๗๘๙๐๑๒๑" not in page
    assert clerk.get(address, headers={"HX-Request": "true"}).headers["HX-Refresh"] == "true"
    file = clerk.get(f"{address}/files/document-1.pdf")
    assert file.data == PDF and file.headers["Content-Disposition"].startswith("attachment")
    assert clerk.get(f"{address}/files/document-2.pdf").status_code == 404
    listed = clerk.get("/lookups").text
    assert 'id="spared"' in listed and '<b class="num">๑</b> ครั้ง และ' in listed
    assert "ใบอนุญาตตัวอย่าง" in clerk.get("/lookups/new").text, "what was answered is proposed"
    address = ask(clerk, want="state")
    town.carry()
    state = clerk.get(address).text
    assert "รับรองสำเนาของไฟล์นี้ที่นี่" in page and "ชำนาญงานขึ้นไป" in page, "a clerk of this level reads who may"
    assert "?file=" not in page and "เก็บข้อมูลนี้ไว้ได้ถึง" in state and "ไฟล์นี้" not in state, "of no file is spoken"


def test_an_officer_certifies_a_copy_of_what_the_issuer_gave_at_the_page(town: Installation, clerk: Browser) -> None:
    data = a_pdf("licence")
    licensed(town, digest=town.services.blobs.keep(data), size=len(data))
    address = ask(town.client("reading-head"))
    town.carry()
    head = town.client("reading-head")
    found = re.search(r'href="([^"]+/copies/new\?file=document-1.pdf)"', head.get(address).text)
    assert found
    form = head.get(found[1]).text
    assert 'name="file" value="document-1.pdf"' in form and 'name="spares_citizen"' not in form
    wrong = head.send(f"{address}/copies", {"file": "document-1.pdf", "passphrase": "ผิด"})
    assert wrong.status_code == 422 and 'name="file" value="document-1.pdf"' in wrong.text
    done = head.send(f"{address}/copies", {"file": "document-1.pdf", "passphrase": PASSPHRASE})
    assert done.location == address
    after = head.get(address).text
    assert "ทำแทนการขอสำเนาจากประชาชน ไม่มีค่าธรรมเนียม" in after
    saved = re.search(r'href="([^"]+/copies/[0-9a-f]{64}\.pdf)"', after)
    assert saved and head.get(saved[1]).data.startswith(b"%PDF-")
    assert town.client("learning-records").get(saved[1]).status_code == 404


def test_what_is_missing_stands_beside_its_field_and_nothing_typed_is_lost(clerk: Browser) -> None:
    sent = QUESTION | {"number": "", "holder_id": "เลขที่", "purpose": "", "agency": ""}
    answer = clerk.send("/lookups/new", sent | {"idempotency_key": "k" * 32})

    assert answer.status_code == 422
    for words in ("ใช้ได้เฉพาะตัวเลขและอักษรอังกฤษ", "ใส่วัตถุประสงค์", "เลือกหน่วยงานที่ออกเอกสาร"):
        assert words in answer.text
    assert 'value="เลขที่"' in answer.text and "พ.ร.บ. อำนวยความสะดวก มาตรา 7" in answer.text


def test_a_clerk_of_the_issuer_sees_what_waits_and_answers_or_refuses_with_words(
    town: Installation, clerk: Browser
) -> None:
    licensed(town, LookupPolicy.ASK)
    first, second = ask(clerk), ask(clerk, number="ทส 1009/46")
    town.carry()
    assert "เจ้าหน้าที่ที่นั่นต้องตัดสินใจ" in clerk.get(first).text

    issuer = town.client("learning-clerk")
    waiting = re.findall(r'href="(/lookups/[0-9a-f-]{36})"', issuer.get("/lookups?side=theirs&waiting=1").text)
    assert len(waiting) == 2
    pages = {("1009/45" if "๑๐๐๙/๔๕" in (text := issuer.get(a).text) else "1009/46"): (a, text) for a in waiting}
    address, page = pages["1009/45"]
    assert "ประกอบคำขออนุญาต" in page and "๑๒๓๔๕๖๗๘๙๐๑๒๑" in page and "ใบอนุญาตตัวอย่าง" in page
    foreseen = page[page.index('id="foreseen"') : page.index("/answer")]
    for words in ("ใช้ได้", "ทส ๑๐๐๙/๔๕", "ม.ค.", "ไฟล์ที่ส่งได้", "ตอบเมื่อเจ้าหน้าที่กดตอบ"):
        assert words in foreseen, words
    assert "นายสมมติ" not in page and "ผู้ขอจะได้คำตอบว่าไม่พบ" in pages["1009/46"][1]
    wrong = issuer.send(f"{address}/answer", {"gives": "file", "keep_days": "มาก"})
    assert wrong.status_code == 422 and 'value="มาก"' in wrong.text
    assert issuer.send(f"{address}/answer", {"gives": "file", "keep_days": "30"}).status_code == 302
    refused = issuer.send(f"{pages['1009/46'][0]}/refuse", {"why": "other", "text": ""})
    assert refused.status_code == 422 and "ใส่เหตุผล" in refused.text
    assert issuer.send(f"{pages['1009/46'][0]}/refuse", {"why": "other", "text": "ทะเบียนปิดปรับปรุง"}).status_code == 302
    assert issuer.send(f"{address}/answer", {}).status_code == 422, "answered once"
    town.carry()

    assert "เปิดไฟล์เอกสาร" in clerk.get(first).text
    assert "ทะเบียนปิดปรับปรุง" in clerk.get(second).text
    assert town.client("learning-plan-clerk").get(address).status_code == 404


def test_whom_the_kind_names_answers_and_the_records_officer_sees_without_a_press(
    town: Installation, clerk: Browser
) -> None:
    head = town.actor("learning-head")
    assert head.position_id is not None
    issuer = town.actor("learning-clerk")
    a_kind(town.services, issuer.agency_id, LookupPolicy.ASK, answer_posts=(head.position_id,))
    asked = ask(clerk)
    town.carry()

    named, records = town.client("learning-head"), town.client("learning-records")
    assert "รอท่านตอบ" in named.get("/lookups?side=theirs").text and "คำขอรอตอบ" in named.get("/").text
    page = records.get("/lookups?side=theirs&waiting=1").text
    assert "รอเจ้าหน้าที่ตอบ" in page and "รอท่านตอบ" not in page and "คำขอรอตอบ" not in records.get("/").text
    [address] = re.findall(r'href="(/lookups/[0-9a-f-]{36})"', page)
    seen = records.get(address).text
    assert (
        "ตอบผู้ขอ" not in seen
        and 'id="foreseen"' not in seen
        and "ที่กำหนดไว้กับชนิดเอกสารนี้" in seen
        and "๑๒๓๔๕๖๗๘๙๐๑๒๑" not in seen
    )
    assert records.send(f"{address}/answer", {}).status_code == 403
    assert town.client("learning-plan-clerk").get(address).status_code == 404
    assert "เห็นเฉพาะ" in town.client("learning-plan-clerk").get("/lookups?side=theirs").text
    assert "๑๒๓๔๕๖๗๘๙๐๑๒๑" in named.get(address).text
    assert named.send(f"{address}/answer", {}).status_code == 302
    town.carry()
    assert "ไม่พบเอกสาร" in clerk.get(asked).text


def test_where_the_named_post_is_vacant_the_page_says_for_whom_the_registry_answers(
    town: Installation, clerk: Browser
) -> None:
    issuer = town.actor("learning-clerk").agency_id
    a_kind(town.services, issuer, LookupPolicy.ASK, answer_posts=(PositionId(uuid4()),))
    ask(clerk)
    town.carry()
    records = town.client("learning-records")
    page = records.get("/lookups?side=theirs&waiting=1").text
    [address] = re.findall(r'href="(/lookups/[0-9a-f-]{36})"', page)

    assert "รอท่านตอบ" in page and "คำขอรอตอบ" in records.get("/").text
    assert "ท่านจึงตอบแทน" in records.get(address).text
    assert Programs(town)["learning-records"].get(address).get_json()["may_answer"] is True
    assert records.send(f"{address}/answer", {}).status_code == 302


def test_the_kinds_of_the_chosen_issuer_are_proposed_before_anybody_asked(town: Installation, clerk: Browser) -> None:
    licensed(town)
    a_kind(town.services, town.actor("learning-clerk").agency_id, LookupPolicy.NO, code="closed", name_th="ใบที่ไม่ตอบ")
    form = clerk.get("/lookups/new").text
    chosen = clerk.get(f"/lookups/kinds?agency={LEARNING}").text

    for page in (form, chosen):
        assert '<option value="ใบอนุญาตตัวอย่าง">' in page and "ใบที่ไม่ตอบ" not in page
    assert "<option" not in clerk.get("/lookups/kinds?agency=nobody").text
    assert town.client("reading-admin").get("/lookups/kinds").status_code == 403


def test_an_unknown_kind_comes_back_with_those_that_may_be_asked_for(town: Installation, clerk: Browser) -> None:
    licensed(town)
    address = ask(clerk, document_kind="ใบขับขี่")
    town.carry()

    page = clerk.get(address).text
    assert "ไม่มีเอกสารชนิดนี้" in page and "document_kind=license" in page and HOLDER not in page


def test_other_units_see_nothing_and_the_auditor_sees_purpose_and_basis_without_the_holder(
    town: Installation, clerk: Browser
) -> None:
    licensed(town)
    address = ask(clerk)
    town.carry()

    unit = town.client("reading-plan-clerk")
    assert unit.get(address).status_code == 404 and unit.get("/lookups/log").status_code == 403
    assert "license" not in unit.get("/lookups").text
    auditor = town.client("reading-admin")
    assert auditor.get(address).status_code == 404
    for who in (auditor, town.client("reading-records"), town.client("learning-records")):
        page = who.get("/lookups/log").text
        assert "ประกอบคำขออนุญาต" in page and "มาตรา ๗" in page and "๐๑๒๑" not in page
    assert "ไม่พบรายการ" in auditor.get("/lookups/log?q=ไม่มีคำนี้").text
    assert "ประกอบคำขออนุญาต" in auditor.get("/lookups/log?q=อนุญาต&since=1/1/2569").text


def test_what_others_write_is_shown_as_words(town: Installation, clerk: Browser) -> None:
    value = '"><script>alert(1)</script>{{ 7*7 }}'
    licensed(town, LookupPolicy.ASK)
    ask(clerk, purpose=value, document_kind="license", number=value[:90])
    town.carry()
    issuer = town.client("learning-clerk")
    [address] = re.findall(r'href="(/lookups/[0-9a-f-]{36})"', issuer.get("/lookups?side=theirs").text)

    for page in (issuer.get(address).text, town.client("learning-records").get("/lookups/log").text):
        assert "<script>alert" not in page and "49" not in re.sub(r"[0-9a-f-]{36}", "", page.split("<main")[1])


@pytest.mark.only_database("sqlite")
def test_a_second_agency_checks_the_same_document_by_api_without_the_issuers_screen(
    tmp_path: Path, new_database: NewDatabase, clock: FixedClock
) -> None:
    """A document that its signer signed and its agency sealed: what came by mail is what the issuer's API tells of."""
    town = build_installation(tmp_path, new_database, clock, public_url="https://saraban.reading.test")
    there = waiting(town, kind(town, lookup=LookupPolicy.FILE.value))
    town.client("reading-head").send(f"{there}/sign", {"passphrase": PASSPHRASE})
    browser = town.client("learning-clerk")
    address = ask(browser, agency=READING, document_kind="CERT-1", number="รบ. 1/2569", holder_id="")
    town.carry()
    [code] = re.findall(r'href="https://saraban.reading.test/v/([0-9A-Z]{20})"', browser.get(address).text)
    file = browser.get(f"{address}/files/document-1.pdf").data

    answer = town.client().get(f"/v/{code}", headers={"Accept": "application/json"})

    said = answer.get_json()
    assert (answer.status_code, said["state"], said["number"]) == (200, "valid", "รบ. 1/2569")
    assert (said["agency"]["code"], said["kind"]) == (READING, "issued") and "เอก" not in answer.text
    assert said["files"][0]["sha256"] == Digest.of(file).hex, "the file that came by mail is held against it"
    found = check_pages(file, Trust(town.roots), clock.now()).signatures
    assert [one.holds for one in found] == [True, True], "with nothing but the roots"
    scans(town)
    town.close()


def test_no_screen_of_ours_asks_a_citizen_for_a_copy_of_what_the_state_issued() -> None:
    asks = re.compile(r"(แนบ|อัปโหลด|ยื่น|ถ่าย)\s*สำเนา(บัตร|ทะเบียน|ใบ)")
    pages = Path(__file__).parents[2].joinpath("templates").rglob("*.html")
    found: list[Any] = [page for page in pages if asks.search(page.read_text())]
    assert found == []
