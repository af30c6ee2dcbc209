"""The public register on a telephone: from the administrator's tick to what anybody finds, checks and downloads."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from saraban.domain.issued_field import KindField
from saraban.domain.issued_kind import KindDefinition, Stage, Validity
from saraban.usecases import ending, issuing, signing_issued
from saraban.usecases.issuing import Said
from tests.browser.conftest import DESK, PHONE, new_town, sign_in
from tests.web.installation import LEARNING, PASSPHRASE, Installation
from tests.web.public_town import PUBLIC, scans


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Installation]:
    """An installation that the public reaches."""
    made = new_town(tmp_path, public_url=PUBLIC)
    yield made
    scans(made)
    made.close()


@pytest.fixture
def site(town: Installation, serve: Callable[[Flask], str]) -> str:
    """Its address on loopback."""
    return serve(town.app)


def _licences(town: Installation) -> str:
    """Licences of a kind that is not in the register yet: one that holds, one suspended; the id of the kind."""
    said = KindDefinition(
        code="HOTEL",
        name_th="ใบอนุญาตประกอบธุรกิจโรงแรม",
        name_en="Hotel business licence",
        text="อนุญาตให้ {{ชื่อผู้ถือ}} ประกอบธุรกิจ {{ชื่อโรงแรม}}",
        fields=(KindField("ชื่อโรงแรม", public=True, label_en="Hotel"),),
        series="รร. {{เลข}}/{{ปี}}",
        signer_id=town.actor("learning-head").position_id,
        validity=Validity.MONTHS,
        validity_amount=60,
        holder_public=True,
        stage=Stage.ON,
    )
    kind_id = issuing.define_kind(town.services, actor=town.actor("learning-admin"), said=said)
    clerk, head = town.actor("learning-clerk"), town.actor("learning-head")
    made = []
    for name in ("บริษัท ริมน้ำที่มีชื่อยาวมากจนต้องขึ้นบรรทัดใหม่บนโทรศัพท์ จำกัด", "บริษัท วิวดอย จำกัด"):
        one = issuing.draft(
            town.services, actor=clerk, kind_id=kind_id, said=Said(name, "", {"ชื่อโรงแรม": "โรงแรมตัวอย่าง"})
        )
        issuing.submit(town.services, actor=clerk, document_id=one)
        signing_issued.sign(town.services, actor=head, document_id=one, passphrase=PASSPHRASE)
        made.append(one)
    ending.suspend(town.services, actor=head, document_id=made[1], reason="รอผลตรวจอาคาร")
    return str(kind_id)


def test_anybody_looks_for_a_licence_on_a_telephone_and_checks_it(
    town: Installation,
    site: str,
    open_page: Callable[..., Any],
    goto: Callable[[Any, str], Any],
    axe: Callable[[Any], list[str]],
    sticks_out: Callable[..., list[str]],
) -> None:
    kind_id = _licences(town)
    admin = open_page(PHONE)
    sign_in(admin, site, "learning-admin", f"/admin/issued-kinds/{kind_id}")
    admin.get_by_label("แสดงเอกสารชนิดนี้ในทะเบียนสาธารณะ").check()
    admin.get_by_label("ทะเบียนแสดงชื่อผู้ถือ").check()
    admin.get_by_label("สาธารณะ", exact=True).select_option("register")
    assert axe(admin) == [] and sticks_out(admin) == []
    admin.locator(".actbar").get_by_role("button", name="บันทึกชนิดเอกสาร").click()
    admin.get_by_role("link", name="ดูทะเบียนอย่างที่ประชาชนเห็น").wait_for()

    for viewport in (PHONE, DESK):
        page = open_page(viewport)
        goto(page, f"{site}/register")
        page.get_by_role("heading", name="พบ ๒ ฉบับ").wait_for()
        assert page.url.endswith(f"/register/{LEARNING}")
        assert axe(page) == [] and sticks_out(page) == []
        page.get_by_label("เลขที่หรือชื่อผู้ถือ").fill("วิวดอย")
        page.get_by_role("button", name="ค้นหา").click()
        page.get_by_role("heading", name="พบ ๑ ฉบับ").wait_for()
        page.get_by_text("พักใช้ ตั้งแต่").wait_for()
        page.get_by_label("สถานะ").select_option("valid")
        page.get_by_role("button", name="ค้นหา").click()
        page.get_by_role("heading", name="พบ ๐ ฉบับ").wait_for()
        assert axe(page) == [] and page.get_by_label("เลขที่หรือชื่อผู้ถือ").input_value() == "วิวดอย"
        page.get_by_label("เลขที่หรือชื่อผู้ถือ").fill("๑/๒๕๖๙")
        page.get_by_role("button", name="ค้นหา").click()
        page.get_by_role("heading", name="พบ ๑ ฉบับ").wait_for()
        goto(page, re.sub(r"$", "&lang=en", page.url))
        page.get_by_role("heading", name="Found: 1").wait_for()
        assert axe(page) == [] and sticks_out(page) == []
        with page.expect_download() as download:
            page.get_by_role("link", name="CSV Hotel business licence").click()
        sheet = Path(download.value.path()).read_text(encoding="utf-8-sig")
        assert "วิวดอย" in sheet and "suspended" in sheet and len(sheet.splitlines()) == 3
        page.get_by_role("link", name="Verify this document").click()
        page.get_by_role("heading", name="This code agrees with the register").wait_for()
        assert page.context.cookies() == []
