"""Documents for people in the browser: signing several at once, and what a phone sees of one that was revoked."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from saraban.domain.issued_field import FieldType, KindField
from saraban.domain.issued_kind import KindDefinition, Stage
from saraban.usecases import issuing
from saraban.usecases.issuing import Said
from tests.browser.conftest import DESK, PHONE, new_town, sign_in
from tests.web.installation import PASSPHRASE, Installation
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


def _waiting(town: Installation, *names: str) -> str:
    """Documents of a kind that wait for the head of the agency; the id of the kind."""
    said = KindDefinition(
        code="CERT-1",
        name_th="หนังสือรับรองการผ่านการอบรมหลักสูตรเจ้าหน้าที่สารบรรณอิเล็กทรอนิกส์ระดับต้น",
        text="รับรองว่า {{ชื่อผู้ถือ}} ผ่านหลักสูตร{{หลักสูตร}} เมื่อวันที่ {{วันที่อบรม}}",
        fields=(KindField("หลักสูตร", public=True), KindField("วันที่อบรม", type=FieldType.DATE)),
        signer_id=town.actor("learning-head").position_id,
        may_download=True,
        stage=Stage.ON,
    )
    kind_id = issuing.define_kind(town.services, actor=town.actor("learning-admin"), said=said)
    clerk = town.actor("learning-clerk")
    for name in names:
        values = {"หลักสูตร": "งานสารบรรณ", "วันที่อบรม": "2026-11-20"}
        one = issuing.draft(town.services, actor=clerk, kind_id=kind_id, said=Said(name, "", values))
        issuing.submit(town.services, actor=clerk, document_id=one)
    return str(kind_id)


def test_several_are_signed_at_once_and_one_is_revoked_and_scanned(
    town: Installation, site: str, open_page: Any, looked_at: Any, goto: Any
) -> None:
    kind_id = _waiting(town, "นายเอก ใจดี", "นางสาวโท มีสุข")
    page = open_page(DESK)
    sign_in(page, site, "learning-head")
    goto(page, f"{site}/issued")
    assert looked_at(page) == []
    page.check("[data-select-all]")
    page.click("text=ลงนามที่เลือก")
    page.fill("#passphrase", PASSPHRASE)
    page.click("#sign-dialog button[type=submit]")
    page.wait_for_selector("text=ลงนามและออกเอกสารแล้ว ๒ ฉบับ")

    goto(page, f"{site}/issued?show=out")
    page.click("td.c-subject a")
    page.wait_for_selector("text=ตรวจสอบสาธารณะ")
    assert looked_at(page) == []
    code = re.findall(r"/v/([0-9A-Z]{20})", page.content())[0]
    page.click("text=ยกเลิกเอกสาร")
    page.fill("#revoke-dialog textarea", "ออกผิดคน")
    page.click("#revoke-dialog button[type=submit]")
    page.wait_for_selector("text=ยกเลิกเอกสารแล้ว")

    goto(page, f"{site}/issued/new/{kind_id}")
    assert looked_at(page) == []
    page.context.clear_cookies()
    sign_in(page, site, "learning-admin")
    for address in ("/issued/kinds", "/admin/issued-kinds", f"/admin/issued-kinds/{kind_id}"):
        goto(page, f"{site}{address}")
        assert looked_at(page) == [], address
    phone = open_page(PHONE)
    goto(phone, f"{site}/v/{code}")
    assert "เอกสารนี้ยกเลิกแล้ว" in phone.inner_text("h1") and "ออกผิดคน" not in phone.content()
    assert looked_at(phone) == []
