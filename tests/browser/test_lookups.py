"""Looking a document up at the screen of a phone, by touch: asked on the form, answered by a clerk there or by another
vendor's software, found with its seal."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from saraban.domain.issued_kind import LookupPolicy
from tests.browser.conftest import LONG, PHONE, sign_in
from tests.databases import new_sqlite
from tests.fakes import FixedClock
from tests.lookups import PDF
from tests.stranger.reading import read
from tests.stranger.seals import OPENSSL, Key
from tests.stranger.stranger import PAGE, Stranger
from tests.stranger.test_lookups_with_a_stranger import sealed
from tests.stranger.writing import Json, moment
from tests.web.installation import ELSEWHERE, Installation, build_installation
from tests.web.test_lookups import licensed


@pytest.fixture
def held(axe: Any, sticks_out: Any) -> Callable[[Any], list[str]]:
    """`held(page)` answers what is wrong with a page in a hand; it leaves the page as it was."""

    def look(page: Any) -> list[str]:
        faults: list[str] = axe(page) + sticks_out(page, (390, 360))
        page.set_viewport_size(PHONE)
        return faults

    return look


def ask(page: Any, agency: str, name: str, **asked: str) -> None:
    """Fill in the form with a finger, and send it."""
    page.get_by_role("combobox", name="หน่วยงานที่ออกเอกสาร").fill(agency)
    page.get_by_role("option", name=name).tap()
    for field, words in asked.items():
        page.fill(f"#{field}", words)
    page.get_by_text("สถานะและไฟล์").tap()
    assert page.locator("input[type=file]").count() == 0
    page.tap("text=ส่งคำขอ")
    page.wait_for_selector("#lookup")


def test_a_clerk_asks_another_answers_and_nothing_sticks_out(
    town: Installation, site: str, signed_in: Any, looked_at: Any, held: Any, goto: Any
) -> None:
    licensed(town, LookupPolicy.ASK)
    page = signed_in("reading-clerk", "/lookups/new", phone=True)
    found = {"form": held(page)}
    number, name = "ทส ๑๐๐๙/๔๕", "สำนักงานส่งเสริมการเรียนรู้ตลอดชีวิต"
    ask(page, "ส่งเสริมการเรียนรู้", name, document_kind="license", number=number, purpose=LONG, legal_basis=LONG)
    address = page.url
    found["asked"] = held(page)
    town.carry()

    issuer = signed_in("learning-clerk", "/lookups?side=theirs", phone=True)
    found["theirs"] = held(issuer)
    issuer.tap("td.c-subject a")
    issuer.wait_for_selector("text=ตอบผู้ขอ")
    found["to answer"] = held(issuer)
    issuer.locator("label", has_text="สถานะและไฟล์").tap()
    issuer.tap("text=ตอบผู้ขอ")
    issuer.wait_for_selector("text=ตอบแล้ว")
    town.carry()

    goto(page, address)
    page.wait_for_selector("text=ตรวจผ่านครบ")
    found["answered"] = held(page)
    with page.expect_download() as download:
        page.tap("text=เปิดไฟล์เอกสาร")
    assert download.value.path().read_bytes() == PDF
    goto(page, f"{site}/lookups")
    found["ours"] = held(page)
    auditor = signed_in("reading-records", "/lookups/log")
    found["log"] = looked_at(auditor)
    assert {name: faults for name, faults in found.items() if faults} == {}


@pytest.mark.skipif(OPENSSL is None, reason="NOT TESTED with a stranger: there is no openssl command on this machine")
def test_a_clerk_asks_another_vendors_software_which_answers_with_its_document(
    tmp_path: Path, serve: Any, open_page: Any, held: Any, goto: Any
) -> None:
    # The stranger's signatures say the machine's time.
    town = build_installation(tmp_path, new_sqlite(tmp_path), FixedClock(datetime.now(UTC)))
    site, page, stranger = serve(town.app), open_page(PHONE, phone=True), a_stranger(town, tmp_path)
    sign_in(page, site, "reading-clerk", "/lookups/new")
    page.wait_for_selector("html[data-ready]", state="attached")
    ask(
        *(page, "นครศรี", stranger.name),
        **{"document_kind": "ใบอนุญาตของเขา", "number": "พ 1/2569", "purpose": LONG, "legal_basis": LONG},
    )
    town.carry()
    [(mailbox, raw)] = town.elsewhere
    asked = read(raw).named["lookup.json"]
    town.hand_in("saraban@reading.test", sealed(the_answer(stranger, asked), stranger, files={"document-1.pdf": PAGE}))
    town.carry()

    goto(page, page.url)
    page.wait_for_selector("text=ตรวจผ่านครบ")
    faults = held(page)
    assert mailbox == stranger.mailbox and "พ ๑/๒๕๖๙" in page.inner_text("main")
    with page.expect_download() as download:
        page.tap("text=เปิดไฟล์เอกสาร")
    assert download.value.path().read_bytes() == PAGE and faults == []
    town.close()


def a_stranger(town: Installation, folder: Path) -> Stranger:
    """The software of the agency that is not hosted here: it has its key and the roots as files."""
    seal, key = town.seal_of_elsewhere, Key(folder / "stranger.pem", folder / "stranger-key.pem")
    key.certificate.write_text(seal.pem)
    key.key.write_bytes(seal.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return Stranger(ELSEWHERE, "จังหวัดนครศรีธรรมราช", "saraban@nakhon.test", {}, {}, key, folder / "roots.pem")


def the_answer(stranger: Stranger, asked: bytes) -> Json:
    """What it says to our question, as docs/wire-lookup.md has it."""
    question: Json = json.loads(asked)
    told = {"name": "document-1.pdf", "media_type": "application/pdf", "size": len(PAGE)}
    document = {"kind": "p", "name": "ใบอนุญาต", "number": question["document"]["number"], "state": "valid"}
    return {
        "saraban": 1,
        "kind": "lookup-answer",
        "id": str(uuid4()),
        "of": question["id"],
        "request_sha256": hashlib.sha256(asked).hexdigest(),
        "from": {"code": stranger.code, "mailbox": stranger.mailbox},
        "to": question["from"],
        "at": moment(datetime.now(UTC)),
        "outcome": "found",
        "documents": [document | {"file": told | {"sha256": hashlib.sha256(PAGE).hexdigest()}}],
        "keep_until": "2099-01-01",
    }
