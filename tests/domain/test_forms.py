"""The rules of the forms: what each asks for, what it refuses, and what is kept when a draft changes its form."""

from __future__ import annotations

from dataclasses import replace

import pytest

from saraban.domain.book import BookKind
from saraban.domain.classification import Form
from saraban.domain.errors import BadInput, RuleBroken
from saraban.domain.forms import RULES, DetailKind, Kind
from saraban.domain.letter import Contact, Content, Reference
from saraban.domain.permissions import forbid_dispatch
from tests.builders import CONTENT, MINUTES, NOW, a_file, a_letter, a_route, an_actor


def test_every_form_of_the_annex_can_be_drafted_and_each_kind_of_clause_10_has_one() -> None:
    assert set(RULES) == set(Form) - {Form.OTHER}
    assert [rule.number for rule in RULES.values()] == [*range(1, 12), 0]
    assert list(dict.fromkeys(rule.kind for rule in RULES.values())) == list(Kind)
    assert all(rule.use for rule in RULES.values())


@pytest.mark.parametrize(
    ("form", "lacking"),
    [
        (Form.EXTERNAL, {"subject", "addressed_to", "body", "recipients"}),
        (Form.MEMORANDUM, {"subject", "addressed_to", "body"}),
        (Form.STAMPED, {"subject", "addressed_to", "body", "recipients"}),
        (Form.RECORD, {"subject", "addressed_to", "body"}),
        (Form.ORDER, {"subject", "body"}),
        (Form.NEWS, {"subject", "body"}),
        (
            Form.MINUTES,
            {"subject", "body"}
            | {f"details.{key}" for key in ("session", "held_on", "place", "present", "begins", "ends", "recorder")},
        ),
    ],
)
def test_a_form_asks_before_submitting_for_what_it_has_and_for_nothing_else(form: Form, lacking: set[str]) -> None:
    assert set(Content(form=form).missing()) == lacking


@pytest.mark.parametrize("form", RULES)
def test_what_is_missing_and_what_is_refused_is_told_in_thai_by_field(form: Form) -> None:
    told = Content(form=form).missing() | replace(CONTENT, form=form, details={"x": "1"}).out_of_form()

    assert told and all(any("ก" <= sign <= "๛" for sign in words) for words in told.values())


def test_an_order_has_no_addressee_and_no_receivers() -> None:
    wrong = replace(CONTENT, form=Form.ORDER, circular=True, contact=Contact("กอง")).out_of_form()

    assert set(wrong) == {"addressed_to", "recipients", "circular", "contact"}
    assert "คำสั่งไม่มีช่องนี้" in wrong["recipients"]


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("held_on", "2026-02-30"),
        ("held_on", "20261120"),
        ("held_on", "๒๐ พ.ย. ๒๕๖๙"),
        ("begins", "9.30"),
        ("begins", "24.00"),
        ("ends", "12:00"),
        ("session", "ก" * 301),
        ("place", "ห้องประชุม\nชั้น ๒"),
        ("present", "นายเอก\n" * 300),
        ("present", "ก" * 20_001),
        ("agenda", "ไม่มีช่องนี้"),
    ],
)
def test_a_detail_that_does_not_fit_is_refused_at_its_field(key: str, text: str) -> None:
    content = replace(MINUTES, details={**MINUTES.details, key: text})

    assert list(content.out_of_form()) == [f"details.{key}"]
    assert MINUTES.out_of_form() == {} and MINUTES.missing() == {}


@pytest.mark.parametrize(("begins", "ends"), [("09.30", "08.00"), ("09.30", "09.29"), ("13.00", "09.00")])
def test_minutes_do_not_end_before_they_begin(begins: str, ends: str) -> None:
    def meeting(begins: str, ends: str) -> Content:
        return replace(MINUTES, details={**MINUTES.details, "begins": begins, "ends": ends})

    assert meeting(begins, ends).out_of_form() == {
        "details.ends": "อยู่ก่อน “เริ่มประชุมเวลา” ไม่ได้ ถ้าเลยเที่ยงคืน ใส่ช่อง “เลิกประชุมวันที่”"
    }
    assert meeting(ends, begins).out_of_form() == meeting(begins, "").out_of_form() == {}


def test_a_meeting_goes_past_midnight_when_its_last_day_is_said() -> None:
    def until(day: str, time: str = "00.30") -> dict[str, str]:
        late = {"held_on": "2026-11-23", "begins": "20.00", "ends": time, "ended_on": day}
        return replace(MINUTES, details={**MINUTES.details, **late}).out_of_form()

    assert until("2026-11-24") == until("2026-11-24", "21.00") == until("2026-11-23", "21.00") == {}
    assert list(until("2026-11-23")) == ["details.ends"]
    assert until("2026-11-22") == {"details.ended_on": "อยู่ก่อน “เมื่อวันที่” ไม่ได้"}


def test_a_draft_that_changes_its_form_keeps_its_words_and_loses_what_the_new_form_does_not_have() -> None:
    letter = replace(CONTENT, references=(Reference("นร 0106/1"),), closing="ขอแสดงความนับถืออย่างยิ่ง")
    order = letter.as_form(Form.ORDER)

    assert (order.subject, order.body, order.form) == (letter.subject, letter.body, Form.ORDER)
    assert order.out_of_form() == {} and order.recipients == () and order.addressed_to == ""
    assert MINUTES.as_form(Form.NEWS).details == {}
    assert letter.as_form(Form.EXTERNAL) == letter


def test_an_edition_is_kept_between_the_forms_that_count_editions() -> None:
    rule = Content(form=Form.RULE, details={"edition": "2"})

    assert rule.as_form(Form.REGULATION).details == {"edition": "2"}


def test_a_form_without_enclosures_takes_no_files_over() -> None:
    letter, clerk = a_letter(), an_actor()
    letter.attach(a_file(), by=clerk, at=NOW)

    with pytest.raises(BadInput, match="ข้อมูล") as refused:
        letter.revise(CONTENT.as_form(Form.RULE), by=clerk, at=NOW)
    assert "เอาไฟล์แนบออกก่อน" in refused.value.fields["form"]
    with pytest.raises(RuleBroken, match="ไม่มีสิ่งที่ส่งมาด้วย"):
        a_letter(content=MINUTES).attach(a_file(), by=clerk, at=NOW)


def test_minutes_are_submitted_with_their_details_and_no_receiver() -> None:
    letter = a_letter(content=MINUTES)
    letter.submit(a_route(an_actor()), by=an_actor(), at=NOW)

    before = letter.content_digest()
    letter.content = replace(MINUTES, details={**MINUTES.details, "session": "2/2569"})
    assert letter.content_digest() != before


@pytest.mark.parametrize("form", [form for form, rule in RULES.items() if not rule.correspondence])
def test_a_document_without_receivers_ends_as_issued_and_says_why(form: Form) -> None:
    with pytest.raises(RuleBroken, match="ถือว่าเสร็จ") as refused:
        forbid_dispatch(a_letter(content=replace(CONTENT, recipients=()).as_form(form)))

    assert refused.value.code == "no-receivers" and form.thai in refused.value.thai


def test_a_memorandum_inside_the_agency_takes_the_route_of_a_record() -> None:
    assert replace(CONTENT, form=Form.MEMORANDUM).route_form is Form.MEMORANDUM
    assert replace(CONTENT, form=Form.MEMORANDUM, recipients=()).route_form is Form.RECORD


@pytest.mark.parametrize(
    ("form", "book"),
    [
        (Form.EXTERNAL, BookKind.SENDING),
        (Form.MEMORANDUM, BookKind.SENDING),
        (Form.ORDER, BookKind.ORDERS),
        (Form.REGULATION, BookKind.RULES),
        (Form.STATEMENT, BookKind.ANNOUNCEMENTS),
        (Form.CERTIFICATE, BookKind.CERTIFICATES),
        (Form.MINUTES, BookKind.MINUTES),
    ],
)
def test_each_form_has_its_book_and_only_letters_may_be_circulars(form: Form, book: BookKind) -> None:
    assert RULES[form].book is book
    assert RULES[form].has("circular") is (book is BookKind.SENDING)


def test_days_and_times_are_marked_as_such() -> None:
    kinds = {detail.key: detail.kind for rule in RULES.values() for detail in rule.details}

    assert kinds["effective"] is DetailKind.DAY and kinds["ends"] is DetailKind.TIME
    assert kinds["absent"] is DetailKind.LINES
