"""Templates at the screen: made, found, begun from, changed, switched off; nothing typed is lost."""

from __future__ import annotations

import io
import re
from html import unescape
from typing import Any
from uuid import UUID

import pytest

from saraban.domain.classification import Form
from saraban.domain.letter import Letter, LetterId
from saraban.domain.templates import FieldKind
from saraban.usecases.keeping_templates import open_template
from tests.web.installation import READING, Browser, Installation


@pytest.fixture
def clerk(town: Installation) -> Browser:
    """The central clerk of กรมส่งเสริมการอ่าน at the browser."""
    return town.client("reading-clerk")


def typed(**changed: Any) -> dict[str, Any]:
    """A template of an order as it is typed."""
    return {
        "form": "order",
        "name": "คำสั่งแต่งตั้งคณะทำงาน",
        "about": "แต่งตั้งภายใน",
        "owner": "",
        "subject": "แต่งตั้ง{{ชื่อคณะทำงาน}}",
        "body": "จึงแต่งตั้ง {{รายชื่อ}} ประชุม{{รูปแบบ}}\r\n\r\nภายใน{{วันที่รายงาน}}",
        "details.effective": "{{วันที่มีผล}}",
        "urgency": "normal",
        "secrecy": "open",
        "enclosures": "รายชื่อ\r\n",
        "field_name": ["รายชื่อ", "รูปแบบ", "วันที่มีผล"],
        "field_kind": ["text", "choice", "day"],
        "field_required": ["yes", "yes", "no"],
        "field_hint": ["บรรทัดละคน", "", ""],
        "field_choices": ["", "ในห้อง | ทางไกล", ""],
    } | changed


def made(clerk: Browser, **changed: Any) -> str:
    """The address of a new template."""
    answer = clerk.send("/templates/new", typed(**changed))
    assert answer.status_code == 302, answer.text
    return str(answer.headers["Location"])


def letter_of(town: Installation, address: str) -> Letter:
    """The letter whose page this is."""
    found = re.search(r"/letters/([0-9a-f-]{36})", address)
    assert found is not None
    with town.services.uow() as uow:
        return uow.letters.get(town.agencies[READING], LetterId(UUID(found[1])))


def test_a_letter_begins_from_a_template_with_what_was_asked_for(town: Installation, clerk: Browser) -> None:
    template = made(clerk)
    asked = clerk.get(f"{template}/start").text
    answer = clerk.send(
        f"{template}/start",
        {
            "field-0": "คณะทำงานแผน", "field-1": "", "field-2": "๑. นาย ก\r\n๒. นาง ข",
            "field-3": "ทางไกล", "field-4": "๔ ธ.ค. ๒๕๖๙",
            "enclosure-0": (io.BytesIO(b"names"), "x.txt"), "idempotency_key": "k",
        },
    )  # fmt: skip
    letter = letter_of(town, answer.headers["Location"])

    labels = [unescape(words) for words in re.findall(r'<label for="field-\d">([^<]+?)\s*<', asked)]
    assert labels == ["ชื่อคณะทำงาน", "วันที่มีผล", "รายชื่อ", "รูปแบบ", "วันที่รายงาน"]
    assert "บรรทัดละคน" in asked and '<option value="ทางไกล">' in asked and 'name="enclosure-0"' in asked
    assert letter.content.form is Form.ORDER and letter.content.subject == "แต่งตั้งคณะทำงานแผน"
    assert letter.content.body == "จึงแต่งตั้ง ๑. นาย ก\n๒. นาง ข ประชุมทางไกล\n\nภายใน4 ธันวาคม 2569"
    assert letter.content.details == {} and [file.name for file in letter.enclosures] == ["รายชื่อ.txt"]
    assert "จากแบบ “คำสั่งแต่งตั้งคณะทำงาน”" in clerk.get(f"/letters/{letter.id}").text


def test_a_form_that_is_sent_twice_begins_one_letter(town: Installation, clerk: Browser) -> None:
    template = made(clerk)
    fields = {"field-0": "ก", "idempotency_key": "same"}

    assert len({clerk.send(f"{template}/start", fields).headers["Location"] for _ in range(2)}) == 1


def test_what_is_left_open_is_told_when_the_letter_is_submitted(town: Installation, clerk: Browser) -> None:
    template = made(clerk)
    draft = clerk.send(f"{template}/start", {"field-0": "แผน"}).headers["Location"]
    letter = letter_of(town, draft)
    again = {
        "form": "order", "subject": letter.content.subject, "body": letter.content.body, "urgency": "normal",
        "secrecy": "open", "version": "1", "deed": "submit",
    }  # fmt: skip
    refused = clerk.send(draft, again)

    assert 'data-blanks="#letter-form"' in clerk.get(draft).text
    assert refused.status_code == 422
    assert "ยังไม่ได้เติม {{รายชื่อ}}, {{รูปแบบ}}, {{วันที่รายงาน}} เติมหรือลบออกก่อนเสนอ" in refused.text


@pytest.mark.only_database("sqlite")
def test_a_value_that_does_not_fit_is_told_at_its_field_and_stays_there(clerk: Browser) -> None:
    template = made(clerk)
    answer = clerk.send(f"{template}/start", {"field-0": "คณะเดิม", "field-3": "จดหมาย", "field-4": "วันไหนก็ได้"})

    assert answer.status_code == 422 and 'value="คณะเดิม"' in answer.text and 'value="วันไหนก็ได้"' in answer.text
    assert 'id="field-3-error"' in answer.text and 'id="field-4-error"' in answer.text
    assert 'id="field-0-error"' not in answer.text
    assert 'href="#field-4"' in answer.text


def test_the_keeper_says_how_each_field_is_filled_in(town: Installation, clerk: Browser) -> None:
    template = made(clerk)
    with_id = UUID(template.rpartition("/")[2])
    opened = open_template(town.services, actor=town.actor("reading-clerk"), template_id=with_id)
    kinds = {one.name: (one.kind, one.required) for one in opened.template.text.fields}
    page = clerk.get(template).text

    assert kinds == {
        "ชื่อคณะทำงาน": (FieldKind.LINE, True),
        "วันที่มีผล": (FieldKind.DAY, False),
        "รายชื่อ": (FieldKind.TEXT, True),
        "รูปแบบ": (FieldKind.CHOICE, True),
        "วันที่รายงาน": (FieldKind.DAY, True),
    }
    assert 'value="ในห้อง | ทางไกล"' in page and 'value="{{วันที่มีผล}}"' in page
    rows = clerk.send("/templates/fields", typed(subject="{{ใหม่}}")).text
    assert re.findall(r'name="field_name" value="([^"]+)"', rows)[0] == "ใหม่" and "ในห้อง | ทางไกล" in rows


@pytest.mark.only_database("sqlite")
def test_what_is_wrong_with_a_template_is_told_and_nothing_is_lost(clerk: Browser) -> None:
    answer = clerk.send(
        "/templates/new", typed(name="", field_choices=["", "เดียว", ""], **{"details.effective": "พรุ่งนี้ล่ะ"})
    )

    assert answer.status_code == 422 and "มี ๓ ช่องต้องแก้" in answer.text
    assert 'id="name-error"' in answer.text and "ใส่ตัวเลือกอย่างน้อย ๒ อย่าง" in answer.text
    assert 'value="พรุ่งนี้ล่ะ"' in answer.text and "จึงแต่งตั้ง {{รายชื่อ}}" in answer.text


def test_an_edition_is_kept_and_gone_back_to_and_a_stale_one_is_refused(clerk: Browser) -> None:
    template = made(clerk)
    assert clerk.send(template, typed(subject="ใหม่ {{ก}}", edition="1")).status_code == 302
    stale = clerk.send(template, typed(subject="ช้าไป", edition="1"))
    page, first = clerk.get(template).text, clerk.get(f"{template}?edition=1").text

    assert stale.status_code == 409 and "ช้าไป" in stale.text and "เปิดแบบฉบับล่าสุด" in stale.text
    assert 'value="ใหม่ {{ก}}"' in page and 'value="แต่งตั้ง{{ชื่อคณะทำงาน}}"' in first and "ข้อความของฉบับที่ ๑" in first
    assert clerk.send(template, typed(edition="2")).status_code == 302
    assert 'ฉบับที่ <span class="num">๓</span>' in clerk.get(template).text


def test_the_gallery_stands_below_the_forms_and_is_searched_and_sorted(town: Installation, clerk: Browser) -> None:
    made(clerk)
    second = made(clerk, name="คำสั่งย้าย", about="โยกย้าย")
    before = clerk.get("/letters/new").text
    clerk.send(f"{second}/favourite", {"favourite": "yes", "back": "/letters/new?q=%E0%B8%A2#templates"})
    after = clerk.get("/letters/new").text
    found = clerk.get("/letters/new?q=โยก คำสั่ง").text
    none = clerk.get("/letters/new?q=ไม่มีแน่").text

    def names(page: str) -> list[str]:
        return re.findall(r'class="tcard__name"[^>]*>([^<]+)<', page)

    assert before.index("แบบที่ ") < before.index("tcards")
    assert names(before) == ["คำสั่งย้าย", "คำสั่งแต่งตั้งคณะทำงาน"] or names(before)[::-1] == ["คำสั่งย้าย", "คำสั่งแต่งตั้งคณะทำงาน"]
    assert names(after) == ["คำสั่งย้าย", "คำสั่งแต่งตั้งคณะทำงาน"] and 'aria-pressed="true"' in after
    assert names(found) == ["คำสั่งย้าย"] and names(none) == [] and "ไม่พบแบบที่ค้น" in none
    for _ in range(2):
        clerk.send(f"{second}/favourite", {"favourite": "no", "back": "https://elsewhere.example/"})
    picture = clerk.get(f"{second}/picture.png")
    assert picture.mimetype == "image/png" and picture.data.startswith(b"\x89PNG")
    again = clerk.get(f"{second}/picture.png", headers={"If-None-Match": picture.headers["ETag"]})
    assert again.status_code == 304


@pytest.mark.only_database("sqlite")
def test_the_star_leads_back_to_this_site_alone(clerk: Browser) -> None:
    template = made(clerk)
    back = {
        asked: clerk.send(f"{template}/favourite", {"favourite": "yes", "back": asked}).headers["Location"]
        for asked in ("/letters/new#templates", "https://elsewhere.example/", "//elsewhere.example")
    }

    assert list(back.values()) == ["/letters/new#templates", "/templates", "/templates"]


def test_a_template_that_is_switched_off_leaves_the_gallery(town: Installation, clerk: Browser) -> None:
    template = made(clerk)
    clerk.send(f"{template}/switch", {"active": "no"})
    refused = clerk.send(f"{template}/start", {"field-0": "ก"})

    assert "คำสั่งแต่งตั้งคณะทำงาน" not in clerk.get("/letters/new").text
    assert "ปิดใช้" in clerk.get("/templates").text and refused.status_code == 422 and "ปิดใช้แล้ว" in refused.text
    clerk.send(f"{template}/switch", {"active": "yes"})
    assert "คำสั่งแต่งตั้งคณะทำงาน" in clerk.get("/letters/new").text


def test_a_draft_is_saved_as_a_template(town: Installation, clerk: Browser) -> None:
    letter = town.draft(subject="ขอเชิญ {{ใคร}}", recipients=("0702",))
    page = clerk.get(f"/templates/new?letter={letter}").text

    assert f"/templates/new?letter={letter}" in clerk.get(f"/letters/{letter}/edit").text
    assert 'name="name" type="text" value="ขอเชิญ {{ใคร}}"' in page and 'name="field_name" value="ใคร"' in page
    assert re.search(r'<option value="0702"[^>]* selected', page)
    assert clerk.get("/templates/new?letter=x").status_code == 404
    assert town.client("learning-clerk").get(f"/templates/new?letter={letter}").status_code == 404


def test_who_keeps_no_templates_sees_them_and_cannot_change_them(town: Installation, clerk: Browser) -> None:
    template = made(clerk)
    records, director = town.client("reading-records"), town.client("reading-director")

    assert records.get("/templates").status_code == 200 and records.get("/templates/new").status_code == 404
    assert "ทำแบบของส่วนราชการได้เฉพาะ" in records.get(template).text and "บันทึกแบบ" not in records.get(template).text
    for other in (records, director):
        assert other.send(template, typed(edition="1")).status_code == 403
        assert other.send(f"{template}/switch", {"active": "no"}).status_code == 403
        assert other.get(f"{template}/start").status_code == 403
    assert '<option value="">ทั้งส่วนราชการ' not in director.get("/templates/new").text


@pytest.mark.only_database("sqlite")
def test_the_page_of_a_template_is_drawn_while_it_is_typed(clerk: Browser) -> None:
    drawn = clerk.send("/templates/preview", typed()).text
    wrong = clerk.send("/templates/preview", typed(**{"details.effective": "พรุ่งนี้ล่ะ"})).text

    assert "data:image/png;base64," in drawn and "data:image/png" not in wrong and "preview__why" in wrong


def test_the_unit_that_a_draft_is_written_for_can_be_chosen_until_it_is_submitted(
    town: Installation, clerk: Browser
) -> None:
    with town.services.uow() as uow:
        units = [unit for unit in uow.agencies.units(town.agencies[READING]) if not unit.central]
    draft = {"form": "order", "subject": "ก", "body": "ข", "urgency": "normal", "secrecy": "open"}
    letter = letter_of(town, clerk.send("/letters/new", draft | {"idempotency_key": "u"}).headers["Location"])
    address = f"/letters/{letter.id}/edit"
    clerk.send(address, draft | {"version": "1", "unit": units[0].code})
    page, moved = clerk.get(address).text, letter_of(town, address)
    clerk.send(address, draft | {"version": str(moved.version), "unit": ""})

    assert moved.unit_id == units[0].id != letter.unit_id
    assert re.search(rf'<option value="{units[0].code}"[^>]* selected', page)
    assert letter_of(town, address).unit_id == letter.unit_id
    assert "เปลี่ยนหน่วยงานเจ้าของเรื่อง" in clerk.get(f"/letters/{letter.id}").text
