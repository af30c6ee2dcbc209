"""Documents of every kind at the screen: the choice, the fields of a form, its details, and what becomes of them."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest

from saraban.domain.classification import Form
from saraban.domain.forms import RULES, Kind
from saraban.domain.letter import LetterState
from saraban.usecases.routing import endorse_letter, submit_letter
from saraban.usecases.signing import sign_letter
from tests.builders import MINUTES
from tests.web.installation import LEARNING, PASSPHRASE, Browser, Installation
from tests.web.test_letters import fields_of, id_in, letter_of

FIELD = re.compile(r'<(?:input|select|textarea)[^>]* name="([a-z_.]+)"')


def an_order(**changed: Any) -> dict[str, Any]:
    """An order as it is typed."""
    fields: dict[str, Any] = {
        "form": "order",
        "subject": "แต่งตั้งคณะทำงาน",
        "body": "เพื่อให้การปฏิบัติงานเป็นไปด้วยความเรียบร้อย จึงแต่งตั้งคณะทำงาน ดังนี้",
        "details.effective": "",
        "urgency": "normal",
        "secrecy": "open",
        "idempotency_key": "key-of-an-order",
    }
    return fields | changed


def the_minutes(**changed: Any) -> dict[str, Any]:
    """Minutes as they are typed."""
    typed = {"held_on": "๒๐ พ.ย. ๒๕๖๙", "begins": "๙.๓๐ น.", "ends": "12:00"}
    details = {f"details.{key}": typed.get(key, text) for key, text in MINUTES.details.items()}
    return an_order(form="minutes", subject=MINUTES.subject, body=MINUTES.body) | details | changed


def issued(town: Installation, letter_id: Any) -> None:
    """Along its route to its number."""
    submit_letter(town.services, actor=town.actor("reading-clerk"), letter_id=letter_id)
    posts = [town.actor(f"reading-{post}") for post in ("director", "head")]
    officers = {officer.position_id: officer for officer in posts}
    *before, last = [officers[step.position_id] for step in letter_of(town, letter_id).route]
    for officer in before:
        endorse_letter(town.services, actor=officer, letter_id=letter_id)
    sign_letter(town.services, actor=last, letter_id=letter_id, passphrase=PASSPHRASE)


# --- choosing -----------------------------------------------------------------------------------------------------


@pytest.mark.only_database("sqlite")
def test_the_six_kinds_are_offered_with_every_form_and_what_it_is_for(clerk: Browser) -> None:
    page = clerk.get("/letters/new").text

    heads = [page.index(f"</span>{kind.value}</h2>") for kind in Kind]
    assert heads == sorted(heads)
    for form, rule in RULES.items():
        assert f'href="/letters/new?form={form.value}"' in page and rule.use in page


@pytest.mark.only_database("sqlite")
@pytest.mark.parametrize("form", RULES)
def test_a_form_shows_its_own_fields_and_no_others(clerk: Browser, form: Form) -> None:
    page, rule = clerk.get(f"/letters/new?form={form.value}").text, RULES[form]

    shown = set(FIELD.findall(page))
    assert {detail.field for detail in rule.details} == {name for name in shown if name.startswith("details.")}
    for part in ("addressed_to", "recipients", "closing", "purpose", "circular", "response_due"):
        assert (part in shown) is rule.has(part), part
    assert ("reference_number" in shown) is rule.has("references")
    assert ("file" in shown) is rule.has("enclosures")
    assert f'name="form" value="{form.value}"' in page
    assert f"ร่าง{form.thai}ใหม่" in page and rule.book.thai in page


@pytest.mark.only_database("sqlite")
def test_whoever_begins_an_order_is_told_that_its_book_is_not_kept_and_who_opens_it(
    town: Installation, clerk: Browser
) -> None:
    words = "ยังไม่ได้เปิดทะเบียนคำสั่ง ให้ผู้ดูแลระบบเปิดทะเบียนก่อน"
    assert words in clerk.get("/letters/new?form=order").text
    letter_id = id_in(clerk.send("/letters/new", an_order()))
    assert words in clerk.get(f"/letters/{letter_id}/edit").text

    town.open_books()
    assert words not in clerk.get(f"/letters/{letter_id}/edit").text


@pytest.mark.only_database("sqlite")
def test_a_form_that_is_none_leads_back_to_the_choice_and_is_refused_when_sent(clerk: Browser) -> None:
    assert "จะเขียนหนังสือชนิดใด" in clerk.get("/letters/new?form=other").text

    answer = clerk.send("/letters/new", an_order(form="edict"))
    assert answer.status_code == 422 and "เลือกแบบหนังสือจากรายการ" in answer.text


# --- writing ------------------------------------------------------------------------------------------------------


def test_minutes_are_typed_as_officers_write_and_shown_so_again(town: Installation, clerk: Browser) -> None:
    letter_id = id_in(clerk.send("/letters/new", the_minutes()))

    assert letter_of(town, letter_id).content == MINUTES
    shown = clerk.get(f"/letters/{letter_id}").text
    assert "<dt>ครั้งที่</dt><dd>๑/๒๕๖๙</dd>" in shown and "<dt>เริ่มประชุมเวลา</dt><dd>๐๙.๓๐</dd>" in shown
    page = clerk.get(f"/letters/{letter_id}/edit").text
    assert 'value="๒๐ พ.ย. ๒๕๖๙"' in page and 'value="๐๙.๓๐"' in page
    assert "นายเอก ใจดี | อธิบดี | ประธานกรรมการ</textarea>" in page


@pytest.mark.only_database("sqlite")
@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("details.held_on", "๓๑ พ.ย. ๒๕๖๙", "ไม่มีในปฏิทิน"),
        ("details.begins", "เช้า", "เวลาต้องเป็นชั่วโมงและนาที"),
        ("details.ends", "25.00", "เวลาต้องเป็นชั่วโมงและนาที"),
        ("details.ends", "8.00", "อยู่ก่อน “เริ่มประชุมเวลา” ไม่ได้"),
        ("details.session", "ก" * 301, "ยาวเกิน"),
    ],
)
def test_a_detail_that_cannot_be_read_is_told_beside_its_field(
    clerk: Browser, field: str, typed: str, words: str
) -> None:
    answer = clerk.send("/letters/new", the_minutes(**{field: typed}))

    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text and f'id="{field}-error"' in answer.text and words in answer.text
    assert f'value="{typed}"' in answer.text


@pytest.mark.only_database("sqlite")
def test_minutes_without_their_details_are_saved_but_not_submitted(clerk: Browser) -> None:
    empty = {f"details.{key}": "" for key in MINUTES.details}
    answer = clerk.send("/letters/new", the_minutes(deed="submit") | empty)

    assert answer.status_code == 422 and "ยังเสนอไม่ได้ มี ๗ ช่องต้องแก้" in answer.text
    assert "ใส่ช่อง “ผู้มาประชุม” ก่อนเสนอ" in answer.text


def test_a_draft_changes_its_form_and_keeps_its_words(town: Installation, clerk: Browser) -> None:
    letter_id = town.draft()
    letter = letter_of(town, letter_id)
    answer = clerk.send(
        f"/letters/{letter_id}/edit", fields_of(letter, form="external", body="ข้อความใหม่", deed="form", to_form="order")
    )

    order = letter_of(town, letter_id).content
    assert answer.status_code == 302
    assert (order.form, order.body, order.subject) == (Form.ORDER, "ข้อความใหม่", letter.content.subject)
    assert order.recipients == () and order.addressed_to == ""
    page = clerk.get(f"/letters/{letter_id}/edit").text
    assert "เปลี่ยนเป็นคำสั่งแล้ว" in page and 'name="recipients"' not in page


def test_a_new_document_may_change_its_form_before_it_was_ever_saved(town: Installation, clerk: Browser) -> None:
    letter_id = id_in(clerk.send("/letters/new", an_order(deed="form", to_form="announcement")))

    assert letter_of(town, letter_id).content.form is Form.ANNOUNCEMENT


def test_a_draft_with_files_does_not_become_a_form_without_enclosures(town: Installation, clerk: Browser) -> None:
    letter_id = town.draft()
    with_file = fields_of(letter_of(town, letter_id), deed="attach", file=(io.BytesIO(b"enclosure"), "แผน.txt"))
    clerk.send(f"/letters/{letter_id}/edit", with_file)
    letter = letter_of(town, letter_id)
    answer = clerk.send(f"/letters/{letter_id}/edit", fields_of(letter, deed="form", to_form="rule"))

    assert answer.status_code == 422 and "ยังเปลี่ยนแบบไม่ได้" in answer.text and "เอาไฟล์แนบออกก่อน" in answer.text
    assert letter_of(town, letter_id).content.form is Form.EXTERNAL


# --- the addressee proposes ---------------------------------------------------------------------------------------


@pytest.mark.only_database("sqlite")
def test_typing_the_addressee_proposes_salutation_and_closing(clerk: Browser) -> None:
    def asked(**fields: str) -> str:
        return clerk.send("/letters/salutation", {"form": "external", "closing": "ขอแสดงความนับถือ"} | fields).text

    proposal = asked(addressed_to="นายกรัฐมนตรี")
    assert 'data-fill-addressed_to="กราบเรียน นายกรัฐมนตรี"' in proposal
    assert 'data-fill-closing="ขอแสดงความนับถืออย่างยิ่ง"' in proposal
    assert "data-fill-closing" not in asked(form="memorandum", addressed_to="ผู้อำนวยการ")
    assert asked(addressed_to="เรียน อธิบดีกรมการปกครอง").strip() == ""
    assert asked(addressed_to="").strip() == ""


@pytest.mark.only_database("sqlite")
def test_an_addressee_without_a_salutation_is_saved_but_not_submitted(clerk: Browser) -> None:
    memorandum = an_order(form="memorandum", addressed_to="เลขาธิการ ก.พ.ร.")
    answer = clerk.send("/letters/new", memorandum | {"deed": "submit"})

    assert answer.status_code == 422 and "ยังเสนอไม่ได้ มี ๑ ช่องต้องแก้" in answer.text
    assert "ใส่คำขึ้นต้น เช่น เรียน เลขาธิการ ก.พ.ร." in answer.text
    both = clerk.send("/letters/new", memorandum | {"deed": "submit", "response_due": "วันไหนก็ได้"})
    assert "ยังเสนอไม่ได้ มี ๒ ช่องต้องแก้" in both.text


def test_the_agency_writes_its_own_table_of_salutations(town: Installation, clerk: Browser) -> None:
    admin = town.client("reading-admin")
    shown = admin.get("/admin/options/salutations").text
    assert "นายกรัฐมนตรี" in shown and "กราบเรียน" in shown
    bad = admin.send("/admin/options/salutations", {"salutations": "ผู้ว่าราชการจังหวัด | เรียน"})
    kept = admin.send("/admin/options/salutations", {"salutations": "ผู้ว่าราชการจังหวัด | กราบเรียน | ด้วยความนับถือ"})

    assert bad.status_code == 422 and "บรรทัดที่ ๑ ต้องเป็น" in bad.text and kept.status_code == 302
    proposal = clerk.send("/letters/salutation", {"form": "external", "addressed_to": "ผู้ว่าราชการจังหวัดน่าน"}).text
    assert "กราบเรียน ผู้ว่าราชการจังหวัดน่าน" in proposal
    assert '<option value="ด้วยความนับถือ"' in clerk.get("/letters/new?form=external").text


# --- after signing ------------------------------------------------------------------------------------------------


def test_an_issued_order_is_done_has_no_button_to_send_it_and_says_why(town: Installation, clerk: Browser) -> None:
    town.open_books()
    letter_id = id_in(clerk.send("/letters/new", an_order()))
    issued(town, letter_id)

    letter, page = letter_of(town, letter_id), clerk.get(f"/letters/{letter_id}").text
    assert (letter.state, letter.number) == (LetterState.ISSUED, "1/2569")
    assert "ที่ ๑/๒๕๖๙" in page and ">คำสั่ง</span>" in page
    assert f"/letters/{letter_id}/dispatch" not in page and "ลงนามและออกเลขแล้วถือว่าเสร็จ" in page
    assert "รอส่ง" not in page.partition('id="letter-state"')[2][:200]


def test_what_ends_as_issued_does_not_wait_to_be_sent_in_any_list(town: Installation, clerk: Browser) -> None:
    town.open_books()
    issued(town, id_in(clerk.send("/letters/new", an_order(subject="คำสั่งที่เสร็จแล้ว"))))
    town.issued(subject="หนังสือที่รอส่ง")

    waiting, kept = clerk.get("/letters?tab=issued").text, clerk.get("/letters?tab=kept").text
    assert "หนังสือที่รอส่ง" in waiting and "คำสั่งที่เสร็จแล้ว" not in waiting
    assert "คำสั่งที่เสร็จแล้ว" in kept and "หนังสือที่รอส่ง" not in kept
    assert "คำสั่งที่เสร็จแล้ว" not in clerk.get("/").text
    assert ">หนังสือภายนอก</span>" in waiting and ">คำสั่ง</span>" in kept


def test_a_memorandum_to_an_own_officer_is_signed_by_the_director_and_shows_whom_it_addresses(
    town: Installation, clerk: Browser
) -> None:
    typed = an_order(form="memorandum", addressed_to="เรียน อธิบดี", subject="รายงานผล")
    letter_id = id_in(clerk.send("/letters/new", typed))
    submit_letter(town.services, actor=town.actor("reading-clerk"), letter_id=letter_id)
    director = town.client("reading-director")
    desk = director.get(f"/desk/{letter_id}").text
    assert "หนังสือภายใน เรียน อธิบดี" in desk

    director.send(f"/desk/{letter_id}/sign", {"passphrase": PASSPHRASE})
    assert letter_of(town, letter_id).state is LetterState.ISSUED
    assert "ใช้ภายในส่วนราชการ" in clerk.get(f"/letters/{letter_id}").text
    assert "เรียน อธิบดี" in clerk.get("/letters?tab=kept").text


def test_a_sealed_letter_goes_out_under_its_own_form(town: Installation, clerk: Browser) -> None:
    typed = an_order(form="stamped", addressed_to="ถึง สำนักงาน", recipients=[LEARNING])
    letter_id = id_in(clerk.send("/letters/new", typed))
    issued(town, letter_id)
    assert clerk.send(f"/letters/{letter_id}/dispatch").status_code == 302
    town.carry()

    receiver = town.client("learning-clerk")
    arrived = re.search(r'href="(/incoming/[0-9a-f-]{36})"', receiver.get("/incoming").text)
    assert arrived and "<dt>แบบ</dt><dd>หนังสือประทับตรา</dd>" in receiver.get(arrived[1]).text
