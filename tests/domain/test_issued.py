"""Kinds of documents for people, and the life of one document."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest

from saraban.domain.actor import Actor
from saraban.domain.agency import PositionId, PositionRole, UnitId
from saraban.domain.attachment import Digest
from saraban.domain.errors import BadInput, RuleBroken, StageNotAllowed
from saraban.domain.issued import Earlier, Follows, IssuedDocument, IssuedId, IssuedState
from saraban.domain.issued_field import FieldType, KindField, is_citizen_id, is_juristic_id, spaced_id
from saraban.domain.issued_kind import IssuedKind, KindDefinition, Stage, Validity
from saraban.domain.permissions import (
    may_approve_issued,
    may_approve_some_issued,
    may_define_kinds,
    may_end_issued,
    may_issue,
    may_return_issued,
    may_see_issued,
    may_sign_issued,
    may_withhold_issued,
)
from saraban.domain.verification import DocumentState
from tests.builders import NOW, TODAY, an_actor

FIELDS = (
    KindField("ที่อยู่"),
    KindField("ประเภท", type=FieldType.CHOICE, choices=("ก", "ข"), public=True),
    KindField("วันที่สอบ", type=FieldType.DATE, required=False),
)
CLERK = an_actor()
SIGNER, APPROVER = PositionId(uuid4()), PositionId(uuid4())


def said(**more: Any) -> KindDefinition:
    """A definition that fits."""
    values: dict[str, Any] = {
        "code": "CERT-1",
        "name_th": "หนังสือรับรอง",
        "text": "รับรองว่า {{ชื่อผู้ถือ}} อยู่ที่ {{ที่อยู่}} ประเภท {{ประเภท}} สอบ {{วันที่สอบ}}",
        "fields": FIELDS,
        "series": "รบ. {{เลข}}/{{ปี}}",
        "signer_id": SIGNER,
        "stage": Stage.ON,
    }
    return KindDefinition(**values | more)


def a_kind(by: Actor = CLERK, **more: Any) -> IssuedKind:
    """A kind of the actor's agency."""
    return IssuedKind.defined(said(**more), id=uuid4(), by=by, at=NOW)


def a_document(kind: IssuedKind, by: Actor = CLERK, **more: Any) -> IssuedDocument:
    """A draft of this kind."""
    assert by.unit_id is not None
    values: dict[str, Any] = {
        "id": IssuedId(uuid4()),
        "agency_id": by.agency_id,
        "kind_id": kind.id,
        "unit_id": by.unit_id,
        "holder_name": "นายเอก",
        "holder_id": "",
        "values": {"ที่อยู่": "กรุงเทพฯ", "ประเภท": "ก"},
        "made_at": NOW,
        "changed_at": NOW,
        "drafter_id": by.person_id,
        "drafted_by": by.name,
    }
    return IssuedDocument(**values | more)


def issued(kind: IssuedKind, on: date = TODAY, **more: Any) -> IssuedDocument:
    """A document that was issued that day."""
    document = a_document(kind, **more)
    document.submit(kind, by=CLERK, at=NOW)
    if document.state is IssuedState.WAITING:
        document.approve(kind, by=CLERK, at=NOW)
    document.take_number(kind, 1, 2569, by=CLERK, at=NOW)
    document.date_it(kind, on)
    document.issue(kind, Digest.of(b"page"), 4, level="B-B", by=CLERK, at=NOW)
    return document


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"code": "มีไทย"}, "code"),
        ({"name_th": " "}, "name_th"),
        ({"text": ""}, "text"),
        ({"text": "{{ไม่รู้จัก}}"}, "text"),
        ({"series": "รบ. {{ปี}}"}, "series"),
        ({"series": "{{เลข}}{{เดือน}}"}, "series"),
        ({"signer_id": None}, "signer_id"),
        ({"approvers": (SIGNER,)}, "approvers"),
        ({"approvers": (APPROVER, APPROVER)}, "approvers"),
        ({"validity": Validity.DAYS, "validity_amount": 0}, "validity_amount"),
        ({"stage": Stage.PILOT, "pilot_most": 0}, "pilot_most"),
        ({"is_public": False, "may_download": True}, "may_download"),
        ({"fields": (*FIELDS, KindField("ชื่อผู้ถือ"))}, "fields.ชื่อผู้ถือ"),
        ({"fields": (*FIELDS, FIELDS[0])}, "fields.ที่อยู่"),
        ({"fields": (*FIELDS, KindField("เลือก", type=FieldType.CHOICE, choices=("ก",)))}, "fields.เลือก"),
        ({"fields": (*FIELDS, KindField("บัตร", type=FieldType.CITIZEN_ID, public=True))}, "fields.บัตร"),
    ],
)
def test_a_kind_that_does_not_fit_is_refused_with_the_field(change: dict[str, Any], field: str) -> None:
    with pytest.raises(BadInput) as refused:
        a_kind(**change)

    assert list(refused.value.fields) == [field]


def test_a_field_of_the_text_that_nobody_described_is_guessed_by_its_name() -> None:
    text = "{{ชื่อผู้ถือ}} {{วันที่เกิด}} {{จำนวนเงิน}} {{เลขประจำตัวประชาชนบิดา}} {{อื่น}}"
    found = said(text=text).with_fields_of_text({"ไม่พิมพ์": KindField("ไม่พิมพ์")})

    assert [(one.key, one.type.value) for one in found] == [
        ("วันที่เกิด", "date"),
        ("จำนวนเงิน", "number"),
        ("เลขประจำตัวประชาชนบิดา", "citizen-id"),
        ("อื่น", "text"),
        ("ไม่พิมพ์", "text"),
    ]


def test_what_is_typed_is_checked_by_the_type_of_its_field_and_everything_wrong_is_told_at_once() -> None:
    with pytest.raises(BadInput) as refused:
        a_kind(holder_id_required=True).checked("", "", {"ประเภท": "ค", "วันที่สอบ": "2026-02-30", "ใหม่": "x"})

    assert set(refused.value.fields) == {
        *("holder_name", "holder_id"),
        *("fields.ที่อยู่", "fields.ประเภท", "fields.วันที่สอบ", "fields.ใหม่"),
    }


def test_what_was_typed_is_kept_tidy_and_never_taken_for_marks_of_the_text() -> None:
    kind = a_kind()
    name, holder_id, values = kind.checked("  นาย**เอก**  ใจดี ", "๐-๑๐๕๕-๓๖๐๐๐-๐๐-๑", {"ที่อยู่": " 1 | 2 ", "ประเภท": "ก"})

    assert (name, holder_id) == ("นาย**เอก** ใจดี", "0105536000001")
    assert values == {"ที่อยู่": "1 | 2", "ประเภท": "ก"}
    assert kind.body({"ชื่อผู้ถือ": name}, values) == r"รับรองว่า นาย\*\*เอก\*\* ใจดี อยู่ที่ 1 \| 2 ประเภท ก สอบ"


def test_numbers_of_persons_and_companies_are_known_by_their_digits() -> None:
    assert is_citizen_id("1-1234-56789-01-4") is is_citizen_id("1123456789014")
    good = next(f"110170123456{last}" for last in range(10) if is_citizen_id(f"110170123456{last}"))
    assert not any(is_citizen_id(f"{good[:-1]}{last}") for last in range(10) if str(last) != good[-1])
    assert is_juristic_id("0105536000001") and not is_citizen_id("0105536000001")
    assert spaced_id("0105536000001") == "0-1055-36000-00-1"


@pytest.mark.parametrize(
    ("validity", "amount", "last"),
    [
        (Validity.NONE, 1, None),
        (Validity.DAYS, 30, date(2026, 3, 2)),
        (Validity.MONTHS, 1, date(2026, 2, 28)),
        (Validity.MONTHS, 12, date(2027, 1, 31)),
        (Validity.YEAR_END, 1, date(2026, 12, 31)),
    ],
)
def test_the_last_day_is_counted_from_the_day_after_the_issue(validity: Validity, amount: int, last: date) -> None:
    assert validity.until(date(2026, 1, 31), amount) == last


def test_it_goes_through_approval_where_the_kind_has_an_approver_and_to_the_signer_at_once_where_not() -> None:
    with_one, without = a_kind(approvers=(APPROVER,)), a_kind()
    one, other = a_document(with_one), a_document(without)
    one.submit(with_one, by=CLERK, at=NOW)
    other.submit(without, by=CLERK, at=NOW)

    assert (one.state, other.state) == (IssuedState.WAITING, IssuedState.APPROVED)
    one.send_back(with_one, "ที่อยู่ผิด", by=CLERK, at=NOW)
    assert (one.state, one.note) == (IssuedState.DRAFT, "ที่อยู่ผิด")


def test_it_goes_from_one_approver_to_the_next_and_begins_anew_when_it_was_sent_back() -> None:
    second = PositionId(uuid4())
    kind = a_kind(clerk := an_actor(), approvers=(APPROVER, second))
    of = {"agency_id": clerk.agency_id}
    one, two = (replace(an_actor(PositionRole.DIRECTOR), position_id=post, **of) for post in (APPROVER, second))
    document = a_document(kind)
    document.submit(kind, by=clerk, at=NOW)
    assert document.before(kind) == APPROVER and may_approve_issued(two, kind, document) is not None
    document.approve(kind, by=one, at=NOW)
    assert (document.state, document.before(kind)) == (IssuedState.WAITING, second)
    assert may_approve_issued(one, kind, document) is not None and may_return_issued(one, kind, document) is not None
    assert may_approve_issued(two, kind, document) is None and may_return_issued(two, kind, document) is None
    document.send_back(kind, "ที่อยู่ผิด", by=two, at=NOW)
    document.submit(kind, by=clerk, at=NOW)
    assert document.before(kind) == APPROVER
    for who in (one, two):
        document.approve(kind, by=who, at=NOW)

    assert (document.state, document.approved_by) == (IssuedState.APPROVED, two.name)
    assert (kind.turns_of(APPROVER), kind.turns_of(second)) == ((0,), (1, 2, 3, 4))


def test_a_shorter_list_of_approvers_leaves_no_document_before_nobody() -> None:
    second = PositionId(uuid4())
    kind = a_kind(approvers=(APPROVER, second))
    document = a_document(kind)
    document.submit(kind, by=CLERK, at=NOW)
    document.approve(kind, by=CLERK, at=NOW)
    kind.change(said(approvers=(second,)), by=CLERK, at=NOW)
    assert document.before(kind) == second
    kind.change(said(), by=CLERK, at=NOW)

    assert document.before(kind) == SIGNER
    document.approve(kind, by=CLERK, at=NOW)
    assert document.state is IssuedState.APPROVED


def test_what_was_put_before_somebody_is_not_signed_after_the_paper_was_changed() -> None:
    kind = a_kind()
    document = a_document(kind)
    document.submit(kind, by=CLERK, at=NOW)
    kind.change(said(pilot_most=7), by=CLERK, at=NOW)
    document.expect_signable(kind)
    kind.change(said(text="อย่างอื่น {{ที่อยู่}} {{ประเภท}} {{วันที่สอบ}}"), by=CLERK, at=NOW)

    with pytest.raises(RuleBroken) as refused:
        document.expect_signable(kind)
    assert refused.value.code == "kind-changed"


def test_it_is_suspended_taken_up_again_and_revoked_with_reasons_and_expires_by_the_day() -> None:
    kind = a_kind(validity=Validity.DAYS, validity_amount=10)
    document = issued(kind)
    assert (document.number, document.valid_until) == ("รบ. 1/2569", TODAY + timedelta(days=10))
    with pytest.raises(BadInput):
        document.suspend(kind, " ", TODAY, by=CLERK, at=NOW)
    document.suspend(kind, "รอตรวจ", TODAY, by=CLERK, at=NOW)
    assert document.public_state(TODAY) is DocumentState.SUSPENDED
    document.resume(kind, "ตรวจแล้ว", TODAY, by=CLERK, at=NOW)
    assert (document.public_state(TODAY), document.state_on) == (DocumentState.VALID, None)
    assert document.public_state(TODAY + timedelta(days=11)) is DocumentState.EXPIRED
    with pytest.raises(StageNotAllowed):
        document.suspend(kind, "ช้า", TODAY + timedelta(days=11), by=CLERK, at=NOW)
    document.revoke(kind, "ขาดคุณสมบัติ", TODAY, by=CLERK, at=NOW)

    assert document.public_state(TODAY + timedelta(days=99)) is DocumentState.CANCELLED
    with pytest.raises(StageNotAllowed):
        document.resume(kind, "คืน", TODAY, by=CLERK, at=NOW)


def test_a_renewal_counts_from_the_last_day_of_the_one_before() -> None:
    kind = a_kind(validity=Validity.MONTHS, validity_amount=12)
    first = issued(kind)
    following = a_document(kind, follows=first.id, followed_as=Follows.RENEWAL)
    assert first.valid_until is not None
    following.date_it(kind, TODAY, Earlier(first.id, first.number, first.valid_until))
    replacing = a_document(kind, follows=first.id, followed_as=Follows.REPLACEMENT)
    replacing.date_it(kind, TODAY, Earlier(first.id, first.number, first.valid_until))

    assert following.valid_until == first.valid_until.replace(year=first.valid_until.year + 1)
    assert replacing.valid_until == first.valid_until


def test_what_has_no_end_is_not_renewed_and_what_was_revoked_is_not_replaced() -> None:
    kind = a_kind()
    document = issued(kind)
    with pytest.raises(RuleBroken):
        document.expect_follower(Follows.RENEWAL, TODAY)
    document.expect_follower(Follows.REPLACEMENT, TODAY)
    document.revoke(kind, "ผิดตัว", TODAY, by=CLERK, at=NOW)
    with pytest.raises(StageNotAllowed):
        document.expect_follower(Follows.REPLACEMENT, TODAY)


def test_a_draft_that_took_a_number_is_given_up_with_a_reason_only() -> None:
    kind = a_kind()
    document = a_document(kind)
    document.take_number(kind, 4, 2569, by=CLERK, at=NOW)
    with pytest.raises(BadInput):
        document.drop(kind, "", by=CLERK, at=NOW)
    assert document.drop(kind, "ผู้ขอถอนคำขอ", by=CLERK, at=NOW).number == "รบ. 4/2569"


def test_rights_follow_the_posts_of_the_kind_and_the_units_that_issue() -> None:
    unit = UnitId(uuid4())
    clerk = an_actor(unit_id=unit)
    kind = a_kind(clerk, units=(unit,), approvers=(APPROVER,))
    of = {"agency_id": clerk.agency_id}
    other, head = replace(an_actor(), **of), replace(an_actor(PositionRole.HEAD), **of)
    signer = replace(an_actor(PositionRole.DIRECTOR), position_id=SIGNER, **of)
    approver = replace(an_actor(PositionRole.DIRECTOR), position_id=APPROVER, **of)
    admin, stranger = replace(an_actor(PositionRole.ADMIN), **of), an_actor()

    assert may_issue(clerk, kind) is None and may_issue(other, kind) is not None
    assert may_see_issued(signer, kind) is None and may_see_issued(head, kind) is None
    assert all(
        refusal is not None and refusal.hidden for refusal in map(may_see_issued, (other, admin, stranger), [kind] * 3)
    )
    assert may_define_kinds(admin) is None and may_define_kinds(head) is not None
    assert may_approve_some_issued(approver, kind) is None and may_approve_some_issued(signer, kind) is not None
    assert may_sign_issued(signer, kind) is None and may_sign_issued(head, kind) is not None
    assert may_end_issued(clerk, kind) is not None
    assert [may_end_issued(one, kind) for one in (approver, signer, head)] == [None] * 3
    kind.stage = Stage.OFF
    assert may_issue(clerk, kind) is not None and may_sign_issued(signer, kind) is not None
    assert may_see_issued(clerk, kind) is None and may_end_issued(signer, kind) is None


# --- the public register ----------------------------------------------------------------------------------------------


def test_the_register_shows_some_of_what_the_page_of_a_code_shows_and_is_closed_at_first() -> None:
    kind = a_kind()
    assert not kind.in_register and kind.register_shows is None

    both = replace(FIELDS[1], in_register=True)
    opened = a_kind(fields=(FIELDS[0], both, FIELDS[2]), in_register=True)
    assert opened.register_shows == ("ประเภท",) and opened.register_fields == opened.public_fields
    named = a_kind(fields=(FIELDS[0], both), in_register=True, holder_public=True, holder_in_register=True,
                   text="ให้ {{ชื่อผู้ถือ}} {{ที่อยู่}} {{ประเภท}}")  # fmt: skip
    assert named.register_shows == ("ชื่อผู้ถือ", "ประเภท")


@pytest.mark.parametrize(
    ("more", "wrong"),
    [
        ({"in_register": True, "is_public": False}, "in_register"),
        ({"in_register": True, "holder_in_register": True}, "holder_in_register"),
        ({"fields": (replace(FIELDS[0], in_register=True), *FIELDS[1:])}, "fields.ที่อยู่"),
        (
            {"fields": (*FIELDS, KindField("เลขบัตร", type=FieldType.CITIZEN_ID, public=True, in_register=True))},
            "fields.เลขบัตร",
        ),
    ],
)
def test_the_register_never_shows_more_than_the_page_of_a_code(more: dict[str, Any], wrong: str) -> None:
    assert wrong in said(**more).faults()


@pytest.mark.parametrize(
    ("more", "leads"),
    [
        ({"fields": (FIELDS[0], replace(FIELDS[1], in_register=True), FIELDS[2])}, True),
        ({}, False),  # a field of the page does not stand in the register
        ({"fields": (FIELDS[0], replace(FIELDS[1], in_register=True), FIELDS[2]), "may_download": True}, False),
        ({"fields": (FIELDS[0], replace(FIELDS[1], in_register=True), FIELDS[2]), "holder_public": True}, False),
    ],
)
def test_the_register_gives_no_code_whose_page_tells_more_than_it_does(more: dict[str, Any], leads: bool) -> None:
    assert a_kind(in_register=True, **more).register_leads_to_page is leads


def test_what_its_holder_does_not_want_shown_is_withheld_with_a_reason_and_shown_again_with_one() -> None:
    kind = a_kind(in_register=True)
    document = issued(kind)
    with pytest.raises(BadInput):
        document.withhold(kind, " ", by=CLERK, at=NOW)
    event = document.withhold(kind, "ผู้ถือขอ", by=CLERK, at=NOW + timedelta(hours=1))
    assert (document.withheld, document.withheld_because, event.reason) == (True, "ผู้ถือขอ", "ผู้ถือขอ")
    assert document.changed_at == NOW + timedelta(hours=1)
    with pytest.raises(StageNotAllowed):
        document.withhold(kind, "อีก", by=CLERK, at=NOW)

    document.show_again(kind, "ผู้ถือให้แสดงได้", by=CLERK, at=NOW)
    assert (document.withheld, document.withheld_because) == (False, "")
    with pytest.raises(StageNotAllowed):
        document.show_again(kind, "อีก", by=CLERK, at=NOW)


def test_who_issues_and_who_ends_may_withhold_and_nobody_else() -> None:
    unit = CLERK.unit_id
    kind = a_kind(units=(unit,), approvers=(APPROVER,))
    head = replace(CLERK, role=PositionRole.HEAD, unit_id=UnitId(uuid4()))
    signer = replace(CLERK, position_id=SIGNER, role=PositionRole.DIRECTOR, unit_id=UnitId(uuid4()))
    records = replace(CLERK, role=PositionRole.RECORDS, unit_id=UnitId(uuid4()))
    admin = replace(CLERK, role=PositionRole.ADMIN)

    assert [may_withhold_issued(one, kind) for one in (CLERK, head, signer)] == [None] * 3
    refused = may_withhold_issued(records, kind)
    assert refused is not None and "ทะเบียนสาธารณะ" in refused.thai
    assert may_withhold_issued(admin, kind) is may_see_issued(admin, kind)
