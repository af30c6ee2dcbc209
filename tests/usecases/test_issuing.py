"""Documents for people, from the kind to the signed file and what becomes of it."""

from __future__ import annotations

import io
import json
import threading
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import page as conformance
import pikepdf
import pypdfium2 as pdfium
import pytest
from lxml import etree

from saraban.domain.agency import PositionId
from saraban.domain.calendar import office_date
from saraban.domain.errors import BadInput, ConcurrentEdit, NotFound, NotPermitted, RuleBroken, WrongPassphrase
from saraban.domain.issued import Follows, IssuedDocument, IssuedState
from saraban.domain.issued_field import FieldType, KindField
from saraban.domain.issued_kind import KindDefinition, Marks, Stage, Validity
from saraban.domain.notice import NoticeKind
from saraban.domain.verification import DocumentState
from saraban.exchange.issued_data import read_json, read_xml
from saraban.reading.verified import Verified
from saraban.reading.verifying import verified
from saraban.storage.tables.issued import issued_documents
from saraban.storage.tables.notices import notices
from saraban.usecases import copying, ending, issuing, signing_issued
from saraban.usecases.issuing import Said
from tests.exchange.test_issued_data import JSON_SCHEMA, XML_SCHEMA
from tests.rendering.a_page import assert_is_pdfa_3a
from tests.rendering.codes import read_at_all
from tests.usecases.house import PASSPHRASE, House

SAID = Said("นายเอก ใจดี", "", {"ที่อยู่": "๑ ถนนพระราม ๖\nกรุงเทพมหานคร", "ประเภท": "ทั่วไป", "วันที่สอบ": "2026-11-20"})


def definition(house: House, **more: Any) -> KindDefinition:
    """A kind that the director approves and the head signs."""
    values: dict[str, Any] = {
        "code": "CERT-1",
        "name_th": "หนังสือรับรองการผ่านการอบรม",
        "name_en": "Certificate of training",
        "text": "ให้ไว้เพื่อแสดงว่า **{{ชื่อผู้ถือ}}**\n\nที่อยู่ {{ที่อยู่}} ผ่านการอบรมประเภท{{ประเภท}} เมื่อวันที่ {{วันที่สอบ}} เลขที่ {{เลขที่}}",
        "fields": (
            KindField("ที่อยู่", type=FieldType.LONG),
            KindField("ประเภท", public=True, label_en="Class"),
            KindField("วันที่สอบ", type=FieldType.DATE, public=True),
        ),
        "series": "รบ. {{เลข}}/{{ปี}}",
        "approvers": (house.ours["director"].position_id,),
        "signer_id": house.ours["head"].position_id,
        "validity": Validity.MONTHS,
        "validity_amount": 12,
        "may_download": True,
        "stage": Stage.ON,
    }
    return KindDefinition(**values | more)


def defined(house: House, **more: Any) -> UUID:
    """That kind, kept."""
    return issuing.define_kind(house.office, actor=house.ours["admin"], said=definition(house, **more))


def waiting(house: House, kind_id: UUID, said: Said = SAID) -> UUID:
    """A document that waits for the head's signature."""
    clerk = house.ours["clerk"]
    document_id = issuing.draft(house.office, actor=clerk, kind_id=kind_id, said=said)
    if issuing.submit(house.office, actor=clerk, document_id=document_id) is IssuedState.WAITING:
        issuing.approve(house.office, actor=house.ours["director"], document_id=document_id)
    return document_id


def out(house: House, kind_id: UUID, said: Said = SAID) -> UUID:
    """An issued document."""
    document_id = waiting(house, kind_id, said)
    sign(house, document_id)
    return document_id


def sign(house: House, document_id: UUID, passphrase: str = PASSPHRASE) -> signing_issued.Out:
    """Signed by our head."""
    return signing_issued.sign(house.office, actor=house.ours["head"], document_id=document_id, passphrase=passphrase)


def kept(house: House, document_id: UUID) -> IssuedDocument:
    """The document as it lies on the shelf."""
    with house.office.uow() as uow:
        return uow.issued.document(house.ours.agency.id, document_id)


def looked_up(house: House, code: str, days: int = 0) -> Verified | None:
    """What anybody learns of a code, so many days from now."""
    with house.real.reading.connect() as reader:
        return verified(reader, code, office_date(house.clock.now()) + timedelta(days=days))


def test_a_document_goes_from_its_form_to_a_signed_file_that_says_what_it_is(either_house: House) -> None:
    house = either_house
    kind_id = defined(house)
    document_id = out(house, kind_id)
    document = kept(house, document_id)
    page = house.office.blobs.open(document.digest) if document.digest else b""

    assert (document.state, document.number) == (IssuedState.ISSUED, "รบ. 1/2569")
    assert (document.issued_on, document.valid_until) == (date(2026, 11, 23), date(2027, 11, 23))
    assert (document.approved_by, document.signed_by) == (house.ours["director"].name, house.ours["head"].name)
    with pikepdf.open(io.BytesIO(page)) as pdf:
        files = {name: one.get_file().read_bytes() for name, one in pdf.attachments.items()}
    data = json.loads(files["document.json"])
    JSON_SCHEMA.validate(data)
    XML_SCHEMA.assertValid(etree.fromstring(files["document.xml"]))
    assert read_xml(files["document.xml"]) == read_json(files["document.json"])
    assert (data["number"], data["holder"], data["date"]) == (
        "รบ. 1/2569",
        {"id": None, "name": "นายเอก ใจดี"},
        "2026-11-23",
    )
    assert {one["key"]: one["value"] for one in data["fields"]}["ที่อยู่"] == "๑ ถนนพระราม ๖\nกรุงเทพมหานคร"
    drawn = pdfium.PdfDocument(page)
    drawn.init_forms()
    assert read_at_all(page) == [data["verification"]]
    text = drawn[0].get_textpage().get_text_range().replace("\r\n", "\n")
    assert all(word in text for word in ("นายเอก ใจดี", "รบ. ๑/๒๕๖๙", "ใช้ได้ถึงวันที่", "หนังสือรับรองการผ่านการอบรม"))
    assert house.office.page_checker.check(page, house.clock.now()).signatures[0].holds
    assert_is_pdfa_3a(page)
    ours = [name for name in house.journal() if name.startswith("issued.")]
    assert ours == ["issued.drafted", "issued.submitted", "issued.approved", "issued.numbered", "issued.signed"]
    assert all("เอก" not in json.dumps(one, ensure_ascii=False) for one in house.told("issued.signed"))


def test_anybody_learns_what_the_kind_allows_and_nothing_else(either_house: House) -> None:
    house = either_house
    kind_id = defined(house)
    code = kept(house, out(house, kind_id)).code
    found = looked_up(house, code)

    assert found is not None and found.state is DocumentState.VALID
    assert (found.name, found.name_en, found.number, found.holder) == (
        "หนังสือรับรองการผ่านการอบรม", "Certificate of training", "รบ. 1/2569", "",
    )  # fmt: skip
    assert [(one.label, one.value) for one in found.fields] == [("ประเภท", "ทั่วไป"), ("วันที่สอบ", "2026-11-20")]
    assert "เอก" not in json.dumps(found.as_dict(), ensure_ascii=False) and "พระราม" not in str(found)
    typed = looked_up(house, code[:12])
    assert typed is not None and typed.code == code
    late = looked_up(house, code, days=366)
    assert late is not None and late.state is DocumentState.EXPIRED
    shown = definition(house, is_public=False, may_download=False)
    issuing.change_kind(house.office, actor=house.ours["admin"], kind_id=kind_id, said=shown)
    least = looked_up(house, code)
    assert least is not None, "an old QR still answers (D25)"
    assert (least.state, least.number, least.on) == (DocumentState.VALID, "รบ. 1/2569", date(2026, 11, 23))
    assert (least.agency_code, least.name, least.holder, least.fields, least.may_download) == (
        house.ours.agency.code, "เอกสารที่ส่วนราชการออกให้", "", (), False,
    )  # fmt: skip
    told = json.dumps(least.as_dict(), ensure_ascii=False)
    assert not any(words in told for words in ("นายเอก", "พระราม", "ทั่วไป", "หนังสือรับรอง", "Certificate"))
    document = next(row.id for row in house.rows(issued_documents) if row.code == code)
    ending.revoke(house.office, actor=house.ours["head"], document_id=document, reason="ออกผิดคน")
    ended = looked_up(house, code)
    assert ended is not None and (ended.state, ended.cancelled_on) == (DocumentState.CANCELLED, date(2026, 11, 23))
    assert looked_up(house, kept(house, waiting(house, kind_id)).code or "0" * 20) is None


def test_what_is_suspended_revoked_and_replaced_still_answers_and_says_so(either_house: House) -> None:
    house = either_house
    kind_id = defined(house)
    document_id = out(house, kind_id)
    code, head, clerk = kept(house, document_id).code, house.ours["head"], house.ours["clerk"]
    with pytest.raises(NotPermitted):
        ending.suspend(house.office, actor=clerk, document_id=document_id, reason="รอตรวจ")
    ending.suspend(house.office, actor=head, document_id=document_id, reason="รอตรวจ")
    found = looked_up(house, code)
    assert found is not None and (found.state, found.since) == (DocumentState.SUSPENDED, date(2026, 11, 23))
    ending.resume(house.office, actor=head, document_id=document_id, reason="ตรวจแล้ว")

    following = issuing.follow(house.office, actor=clerk, document_id=document_id, as_what=Follows.RENEWAL)
    with pytest.raises(RuleBroken) as twice:
        issuing.follow(house.office, actor=clerk, document_id=document_id, as_what=Follows.REPLACEMENT)
    assert twice.value.code == "follower-begun"
    issuing.submit(house.office, actor=clerk, document_id=following)
    issuing.approve(house.office, actor=house.ours["director"], document_id=following)
    assert kept(house, document_id).state is IssuedState.ISSUED, "the earlier one holds until the new one is signed"
    sign(house, following)
    found, new = looked_up(house, code), kept(house, following)
    assert found is not None and found.state is DocumentState.REPLACED
    assert (found.replaced_by, found.replaced_number) == (new.code, "รบ. 2/2569")
    assert new.valid_until == date(2028, 11, 23)

    ending.revoke(house.office, actor=head, document_id=following, reason="ออกผิดคน")
    found = looked_up(house, new.code)
    assert found is not None and (found.state, found.cancelled_on) == (DocumentState.CANCELLED, date(2026, 11, 23))
    assert [one["values"]["reason"] for one in house.told("issued.revoked")] == ["ออกผิดคน"]


@pytest.mark.parametrize(("marks", "names"), [(Marks.SEAL, 1), (Marks.BOTH, 2)])
def test_the_seal_stands_in_the_file_alone_or_after_the_signature(house: House, marks: Marks, names: int) -> None:
    document = kept(house, out(house, defined(house, marks=marks)))
    assert document.digest is not None
    data = house.office.blobs.open(document.digest)
    if marks is Marks.SEAL:
        assert_is_pdfa_3a(data)
    else:  # of two signatures the first cannot cover what the second adds; the validator asks it of both
        findings = json.loads(conformance.validate_pdf_bytes(data, profile="3a").to_json())["failures"]
        assert {finding["rule_id"].partition("-")[2] for finding in findings} <= {"SIGNATURE-BYTERANGE-001"}
    assert document.code and [code.rpartition("/")[2] for code in read_at_all(data)] == [document.code]
    found = house.office.page_checker.check(data, house.clock.now())

    assert len(found.signatures) == names and all(one.holds for one in found.signatures)


def test_a_wrong_passphrase_takes_no_number_and_only_the_signer_signs(house: House) -> None:
    document_id = waiting(house, defined(house))
    with pytest.raises(WrongPassphrase):
        sign(house, document_id, "ผิด")
    with pytest.raises(NotPermitted):
        signing_issued.sign(house.office, actor=house.ours["director"], document_id=document_id, passphrase=PASSPHRASE)
    with pytest.raises(NotFound):
        signing_issued.sign(house.office, actor=house.theirs["head"], document_id=document_id, passphrase=PASSPHRASE)

    assert kept(house, document_id).number == ""


@pytest.mark.usefixtures("key_of_tomorrow")
def test_a_page_that_cannot_be_signed_keeps_its_number_for_the_next_try(house: House) -> None:
    document_id = waiting(house, defined(house))
    with pytest.raises(RuleBroken):
        sign(house, document_id)
    assert (kept(house, document_id).number, kept(house, document_id).state) == ("รบ. 1/2569", IssuedState.APPROVED)
    house.clock.pass_by(timedelta(days=2))

    assert sign(house, document_id).number == "รบ. 1/2569"
    assert kept(house, document_id).issued_on == date(2026, 11, 25)


def test_several_are_signed_with_one_passphrase_and_what_cannot_be_is_told(house: House) -> None:
    kind_id = defined(house)
    first, second = waiting(house, kind_id), waiting(house, kind_id)
    draft = issuing.draft(house.office, actor=house.ours["clerk"], kind_id=kind_id, said=SAID)
    outcomes = signing_issued.sign_several(
        house.office, actor=house.ours["head"], document_ids=[first, draft, second, uuid4()], passphrase=PASSPHRASE
    )

    assert [one.out.number if one.out else "" for one in outcomes] == ["รบ. 1/2569", "", "รบ. 2/2569", ""]
    assert "ร่าง" in outcomes[1].why_not and outcomes[3].why_not


def test_a_trial_ends_with_its_number_and_what_is_off_is_not_issued(house: House) -> None:
    kind_id = defined(house, stage=Stage.PILOT, pilot_most=1)
    second = waiting(house, kind_id)
    out(house, kind_id)
    with pytest.raises(RuleBroken) as full:
        issuing.draft(house.office, actor=house.ours["clerk"], kind_id=kind_id, said=SAID)
    with pytest.raises(RuleBroken):
        sign(house, second)
    assert (full.value.code, kept(house, second).number) == ("pilot-full", "")
    issuing.change_kind(
        house.office, actor=house.ours["admin"], kind_id=kind_id, said=definition(house, stage=Stage.OFF)
    )
    with pytest.raises(NotPermitted):
        issuing.draft(house.office, actor=house.ours["clerk"], kind_id=kind_id, said=SAID)


def test_a_kind_names_posts_and_units_of_its_own_agency_and_has_a_code_of_its_own(house: House) -> None:
    kind_id = defined(house)
    with pytest.raises(BadInput) as taken:
        defined(house)
    with pytest.raises(BadInput) as strange:
        defined(house, code="B", signer_id=PositionId(uuid4()), units=(house.theirs.central.id,))
    with pytest.raises(NotPermitted):
        issuing.define_kind(house.office, actor=house.ours["clerk"], said=definition(house, code="C"))
    with pytest.raises(ConcurrentEdit):
        issuing.change_kind(house.office, actor=house.ours["admin"], kind_id=kind_id, said=definition(house), version=9)

    assert (set(taken.value.fields), set(strange.value.fields)) == ({"code"}, {"signer_id", "units"})


def test_a_kind_says_who_answers_other_agencies_and_the_journal_tells_it(either_house: House) -> None:
    house, admin = either_house, either_house.ours["admin"]
    legal, head = house.ours.legal.id, house.ours["head"].position_id
    assert head is not None and admin.position_id is not None
    kind_id = defined(house, answer_units=(legal,))
    issuing.change_kind(
        house.office, actor=admin, kind_id=kind_id, said=definition(house, answer_units=(legal,), answer_posts=(head,))
    )
    issuing.change_kind(
        house.office, actor=admin, kind_id=kind_id, said=definition(house, answer_units=(legal,), answer_posts=(head,))
    )
    with house.office.uow() as uow:
        kind = uow.issued.kind(house.ours.agency.id, kind_id)
    for wrong in (
        {"answer_units": (house.theirs.legal.id,)},
        {"answer_posts": (house.theirs["head"].position_id,)},
        {"answer_posts": (admin.position_id,)},
    ):
        with pytest.raises(BadInput) as refused:
            issuing.change_kind(house.office, actor=admin, kind_id=kind_id, said=definition(house, **wrong))
        assert set(refused.value.fields) == set(wrong)

    assert (kind.answer_units, kind.answer_posts, kind.edition) == ((legal,), (head,), 1)
    told = [one["values"]["names"] for one in house.told("issued-kind.answerers-named")]
    unit, post = house.ours.legal.name, f"{house.ours['head'].title} {house.ours['head'].unit_name}"
    assert sorted(told, key=len) == [[unit], [unit, post]]


def test_a_draft_that_is_refused_or_revised_takes_no_number(house: House) -> None:
    kind_id, clerk = defined(house), house.ours["clerk"]
    with pytest.raises(BadInput) as refused:
        issuing.draft(house.office, actor=clerk, kind_id=kind_id, said=replace(SAID, values={"ประเภท": "ทั่วไป"}))
    assert set(refused.value.fields) == {"fields.ที่อยู่", "fields.วันที่สอบ"}
    document_id = issuing.draft(house.office, actor=clerk, kind_id=kind_id, said=SAID)
    issuing.revise(house.office, actor=clerk, document_id=document_id, said=replace(SAID, holder_name="นางสาวโท"))
    issuing.submit(house.office, actor=clerk, document_id=document_id)
    issuing.send_back(house.office, actor=house.ours["director"], document_id=document_id, reason="สะกดผิด")
    assert (kept(house, document_id).holder_name, kept(house, document_id).note) == ("นางสาวโท", "สะกดผิด")
    issuing.drop(house.office, actor=clerk, document_id=document_id)

    assert [(row.state, row.number) for row in house.rows(issued_documents)] == [(IssuedState.VOID, "")]


def test_who_is_next_hears_of_the_first_that_waits_and_the_drafter_hears_why_it_came_back(either_house: House) -> None:
    house = either_house
    kind_id, clerk = defined(house), house.ours["clerk"]
    first, second = (issuing.draft(house.office, actor=clerk, kind_id=kind_id, said=SAID) for _ in range(2))
    for one in (first, second):
        issuing.submit(house.office, actor=clerk, document_id=one)
    assert unread(house, "director") == [NoticeKind.ISSUED_APPROVE]
    issuing.send_back(house.office, actor=house.ours["director"], document_id=first, reason="ที่อยู่ผิด")
    assert unread(house, "clerk") == [NoticeKind.ISSUED_RETURNED]
    issuing.submit(house.office, actor=clerk, document_id=first)
    assert unread(house, "clerk") == []
    for one in (first, second):
        assert unread(house, "director") == [NoticeKind.ISSUED_APPROVE]
        issuing.approve(house.office, actor=house.ours["director"], document_id=one)
    assert (unread(house, "director"), unread(house, "head")) == ([], [NoticeKind.ISSUED_SIGN])
    sign(house, first)
    assert unread(house, "head") == [NoticeKind.ISSUED_SIGN]
    sign(house, second)
    assert unread(house, "head") == []
    waiting(house, kind_id)
    assert unread(house, "head") == [NoticeKind.ISSUED_SIGN]


def unread(house: House, who: str) -> list[NoticeKind]:
    """What an officer was told and is not dealt with."""
    mine = house.ours[who].person_id
    return [row.kind for row in house.rows(notices) if row.person_id == mine and row.read_at is None]


def test_each_approver_hears_when_his_turn_comes_and_until_nothing_waits_for_him(either_house: House) -> None:
    house = either_house
    records, director, clerk = house.ours["records"], house.ours["director"], house.ours["clerk"]
    kind_id = defined(house, approvers=(records.position_id, director.position_id))
    first, second = (issuing.draft(house.office, actor=clerk, kind_id=kind_id, said=SAID) for _ in range(2))
    for one in (first, second):
        issuing.submit(house.office, actor=clerk, document_id=one)
    assert (unread(house, "records"), unread(house, "director")) == ([NoticeKind.ISSUED_APPROVE], [])
    with pytest.raises(NotPermitted):
        issuing.approve(house.office, actor=director, document_id=first)

    issuing.approve(house.office, actor=records, document_id=first)
    assert (unread(house, "records"), unread(house, "director")) == ([NoticeKind.ISSUED_APPROVE],) * 2
    issuing.approve(house.office, actor=records, document_id=second)
    assert (unread(house, "records"), unread(house, "director")) == ([], [NoticeKind.ISSUED_APPROVE])
    with pytest.raises(NotPermitted):
        issuing.approve(house.office, actor=records, document_id=second)
    for one in (first, second):
        issuing.approve(house.office, actor=director, document_id=one)
    assert (unread(house, "director"), unread(house, "head")) == ([], [NoticeKind.ISSUED_SIGN])
    signing_issued.sign(house.office, actor=house.ours["head"], document_id=first, passphrase=PASSPHRASE)


def test_what_cannot_be_printed_is_told_to_who_submits_it(house: House) -> None:
    clerk = house.ours["clerk"]
    said = replace(SAID, holder_name="Mr 𓀀")
    document_id = issuing.draft(house.office, actor=clerk, kind_id=defined(house), said=said)
    with pytest.raises(BadInput) as refused:
        issuing.submit(house.office, actor=clerk, document_id=document_id)

    assert "พิมพ์ลงหนังสือไม่ได้" in refused.value.fields["holder_name"]
    assert kept(house, document_id).state is IssuedState.DRAFT


def test_numbers_have_no_gap_and_no_double_however_many_sign_at_once(either_house: House) -> None:
    house = either_house
    kind_id = defined(house)
    documents = [waiting(house, kind_id) for _ in range(6)]
    failed: list[BaseException] = []

    def sign_these(which: list[UUID]) -> None:
        try:
            for one in which:
                sign(house, one)
        except BaseException as error:
            failed.append(error)

    hands = [threading.Thread(target=sign_these, args=(documents[n::3],)) for n in range(3)]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()

    assert failed == []
    assert sorted(kept(house, one).serial or 0 for one in documents) == [1, 2, 3, 4, 5, 6]


def test_a_print_out_says_when_it_was_printed_and_by_whom(house: House) -> None:
    document_id = out(house, defined(house))
    _, copy = ending.print_out(house.office, actor=house.ours["clerk"], document_id=document_id)
    text = pdfium.PdfDocument(copy)[0].get_textpage().get_text_range()

    assert "พิมพ์จากระบบ" in text and house.ours["clerk"].name in text and "๒๕๖๙" in text
    assert "issued.printed" in house.journal()
    _, original = ending.open_original(house.office, actor=house.ours["clerk"], document_id=document_id)
    assert original.startswith(b"%PDF") and original != copy
    with pytest.raises(NotFound):
        ending.open_original(house.office, actor=house.ours["admin"], document_id=document_id)


def test_a_copy_of_a_document_is_certified_by_an_officer_who_may(either_house: House) -> None:
    house = either_house
    kind = defined(house)
    document_id, draft = out(house, kind), waiting(house, kind)
    head = house.ours["head"]
    copy = copying.certify_copy(
        house.office, actor=head, document_id=document_id, passphrase=PASSPHRASE, spares_citizen=True
    )
    document = kept(house, document_id)

    assert (copy.original, copy.spares_citizen) == (document.digest, True)
    desk = copying.copy_desk(house.office, actor=head, document_id=document_id)
    assert (desk.copies, desk.number, desk.why_not) == ([copy], document.number, "")
    pdf = copying.open_copy(house.office, actor=house.ours["clerk"], sha256=copy.sha256, document_id=document_id)
    words = "".join(page.get_textpage().get_text_bounded() for page in pdfium.PdfDocument(pdf))
    assert all(some in words for some in ("สำเนาถูกต้อง", "ไม่มีค่าธรรมเนียม", "ใช้ได้"))
    [told] = house.told("copy.certified")
    assert (told["values"]["thing_id"], told["values"]["spares_citizen"]) == (str(document_id), True)
    with pytest.raises(RuleBroken, match="ออกแล้ว"):
        copying.certify_copy(house.office, actor=head, document_id=draft, passphrase=PASSPHRASE)
    with pytest.raises(NotFound):
        copying.copy_desk(house.office, actor=house.theirs["head"], document_id=document_id)


def test_what_is_going_to_be_issued_is_seen_before(house: House) -> None:
    kind_id = defined(house)
    document_id = issuing.draft(house.office, actor=house.ours["clerk"], kind_id=kind_id, said=SAID)
    page = issuing.preview(house.office, actor=house.ours["head"], document_id=document_id)
    text = pdfium.PdfDocument(page.pdf)[0].get_textpage().get_text_range()
    assert "(รอเลข)" in text and "นายเอก" in text and house.ours["head"].name in text
    sample = issuing.preview_kind(house.office, actor=house.ours["admin"], said=definition(house))
    assert "(ชื่อผู้ถือเอกสาร)" in pdfium.PdfDocument(sample.pdf)[0].get_textpage().get_text_range()
    for more in ({"stage": Stage.OFF}, {"stage": Stage.PILOT}, {"stage": Stage.ON, "code": "", "pilot_most": 0}):
        nobody = issuing.preview_kind(
            house.office, actor=house.ours["admin"], said=definition(house, signer_id=None, **more)
        )
        assert "(ผู้ลงนาม)" in pdfium.PdfDocument(nobody.pdf)[0].get_textpage().get_text_range()
    with pytest.raises(BadInput) as wrong:
        said = definition(house, signer_id=None, series="x")
        issuing.preview_kind(house.office, actor=house.ours["admin"], said=said)
    assert set(wrong.value.fields) == {"series"}, "the signer is asked for when it is kept"


def test_the_register_of_a_kind_is_opened_with_a_line_in_the_journal_of_what_it_shows(house: House) -> None:
    kind_id, admin = defined(house), house.ours["admin"]
    assert house.told("issued-kind.register-set") == []
    fields = definition(house).fields
    shown = (fields[0], replace(fields[1], in_register=True), fields[2])
    for more in ({"in_register": True, "fields": shown}, {"in_register": True, "fields": shown, "name_en": "x"}, {}):
        said = definition(house, **more)
        issuing.change_kind(house.office, actor=admin, kind_id=kind_id, said=said)
    with pytest.raises(NotPermitted):
        issuing.change_kind(house.office, actor=house.ours["clerk"], kind_id=kind_id, said=definition(house))

    told = [one["values"] for one in house.told("issued-kind.register-set")]
    assert [(one["is_open"], one["names"]) for one in told] == [(True, ["ประเภท"]), (False, [])]


def test_a_withheld_document_is_followed_by_withheld_ones_and_its_code_goes_on_answering(either_house: House) -> None:
    house = either_house
    kind_id = defined(house, in_register=True)
    document_id, clerk = out(house, kind_id), house.ours["clerk"]
    begun = issuing.follow(house.office, actor=clerk, document_id=document_id, as_what=Follows.REPLACEMENT)
    with pytest.raises(NotFound):
        ending.withhold(house.office, actor=house.ours["admin"], document_id=document_id, reason="x")
    with pytest.raises(ConcurrentEdit):
        ending.withhold(house.office, actor=clerk, document_id=document_id, reason="ผู้ถือขอ", version=1)
    ending.withhold(house.office, actor=clerk, document_id=document_id, reason="ผู้ถือขอ")
    issuing.drop(house.office, actor=clerk, document_id=begun, reason="เริ่มใหม่")
    again = issuing.follow(house.office, actor=clerk, document_id=document_id, as_what=Follows.REPLACEMENT)

    assert [kept(house, one).withheld for one in (document_id, begun, again)] == [True] * 3
    found = looked_up(house, kept(house, document_id).code)
    assert found is not None and found.state is DocumentState.VALID
    assert len(house.told("issued.withheld")) == 2
    ending.show_again(house.office, actor=clerk, document_id=document_id, reason="ผู้ถือให้แสดงได้")
    assert [kept(house, one).withheld for one in (document_id, again)] == [False, True], "each by itself"


def test_what_is_withheld_takes_all_that_came_after_it_along(either_house: House) -> None:
    house, chain = either_house, []
    clerk, kind_id = house.ours["clerk"], defined(house, in_register=True)
    chain.append(out(house, kind_id))
    for _ in "ab":
        chain.append(issuing.follow(house.office, actor=clerk, document_id=chain[-1], as_what=Follows.REPLACEMENT))
        issuing.submit(house.office, actor=clerk, document_id=chain[-1])
        issuing.approve(house.office, actor=house.ours["director"], document_id=chain[-1])
        sign(house, chain[-1])

    ending.withhold(house.office, actor=clerk, document_id=chain[0], reason="ผู้ถือขอ")

    assert [kept(house, one).withheld for one in chain] == [True] * 3
