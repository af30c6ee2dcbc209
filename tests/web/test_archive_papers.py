"""What the papers of the archive say: whose list it is, who decided and confirmed, and who signs."""

from __future__ import annotations

import re

import pytest

from saraban.domain.agency import PersonId
from saraban.domain.disposal_item import Opinion, Verdict
from saraban.usecases import destroying
from tests.rendering.a_page import packed
from tests.rendering.some_lines import texts
from tests.web.installation import Browser, Installation
from tests.web.test_archives_answer import considering, ordered
from tests.web.test_long_lists import many

pytestmark = pytest.mark.only_database("sqlite")
MINISTRY = "กระทรวงการเรียนรู้"


def read(browser: Browser, address: str) -> str:
    """All that a printed list says, without spaces."""
    return "".join(texts(browser.get(address).data))


def test_form_25_and_the_record_tell_report_order_and_who_confirmed_and_the_committee_signs(town: Installation) -> None:
    admin = town.client("reading-admin")
    assert admin.send("/admin/options/ministry", {"ministry": f" {MINISTRY} "}).status_code == 302
    assert f'value="{MINISTRY}"' in admin.get("/admin/options/ministry").text
    assert admin.send("/admin/options/ministry", {"ministry": "ก" * 201}).status_code == 422
    list_id = ordered(town, many(town, 2), exempt="ข้อตกลงที่ ๙")
    records = town.actor("reading-records")
    two = [PersonId(one.person_id) for one in (records, town.actor("reading-clerk")) if one.person_id]
    destroying.name_officers(town.services, actor=records, list_id=list_id, officers=two, way="ย่อย")
    for who in ("reading-records", "reading-clerk"):
        destroying.confirm(town.services, actor=town.actor(who), list_id=list_id)
    browser, address = town.client("reading-records"), f"/archive/disposals/{list_id}"
    head, chair, clerk = (town.actor(f"reading-{who}") for who in ("head", "director", "clerk"))

    form, record = read(browser, f"{address}.pdf"), read(browser, f"{address}/record.pdf")
    at = "วันที่ ๑๐ มกราคม ๒๕๗๑ เวลา ๑๐.๐๐ น."
    for words in (
        "กระทรวง/ทบวงการเรียนรู้",
        f"รายงานของคณะกรรมการ (ข้อ ๖๘) เมื่อ{at} เห็นควรทำลาย ๒ ฉบับ ขยายเวลาการเก็บ ๐ ฉบับ กรรมการยืนยัน ๒ จาก ๓ คน",
        f"คำสั่งของ{head.name} {head.title} (ข้อ ๖๙) เมื่อ{at} ให้ทำลาย ๒ ฉบับ",
        f"ยืนยันในระบบ {at}",
        f"สั่งการในระบบ {at}",
    ):
        assert packed(words) in form, words
    for words in (
        f"เสนอ {head.name} {head.title} ผู้สั่งการ",
        "แล้ว ๒ ฉบับ จาก ๒ ฉบับในบัญชี โดยวิธีย่อย",
        f"({chair.name})",
        "ประธานกรรมการ",
    ):
        assert packed(words) in record, words
    assert record.count(packed(f"ยืนยันในระบบ {at}")) == 2 and record.count(packed(f"({clerk.name})")) == 2


def test_a_list_of_which_nothing_was_destroyed_has_no_record(town: Installation) -> None:
    letters = many(town, 2)
    list_id, chair = considering(town, letters), town.actor("reading-director")
    longer = Opinion(letters, Verdict.EXTEND, 2585)
    destroying.consider(town.services, actor=chair, list_id=list_id, opinion=longer)
    for who in ("reading-director", "reading-clerk"):
        destroying.agree(town.services, actor=town.actor(who), list_id=list_id)
    destroying.report(town.services, actor=chair, list_id=list_id)
    destroying.decide(town.services, actor=town.actor("reading-head"), list_id=list_id, kept={})
    records, address = town.client("reading-records"), f"/archive/disposals/{list_id}"

    marks = read(records, f"{address}/marks.pdf")
    assert marks.count(packed("เก็บถึง พ.ศ. ๒๕๘๕")) == 2 and marks.count("ประธานกรรมการ") == 2
    [stored] = re.findall(r'"(/archive/lists/[0-9a-f-]{36})"', records.get("/archive/lists").text)
    assert read(records, f"{stored}/marks.pdf").count(packed("เก็บถึง พ.ศ. ๒๕๗๐")) == 2
    page, record = records.get(address).text, records.get(f"{address}/record.pdf")
    assert "ไม่มีหนังสือที่ต้องทำลายตามบัญชีนี้" in page and "record.pdf" not in page
    assert record.status_code == 422 and "ไม่มีหนังสือที่ต้องทำลายตามบัญชีนี้" in record.text
    assert packed("ไม่มีฉบับที่ให้ทำลาย ขยายเวลาการเก็บตามที่คณะกรรมการเสนอ ๒ ฉบับ") in read(records, f"{address}.pdf")
