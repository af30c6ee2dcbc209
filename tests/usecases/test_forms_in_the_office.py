"""Documents of every form in the office: drafted, routed, signed and numbered in the book of their form."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from saraban.crypto import keys
from saraban.domain.actor import Actor
from saraban.domain.book import BookKind
from saraban.domain.classification import Form, Secrecy
from saraban.domain.errors import BadInput, RuleBroken
from saraban.domain.forms import RULES
from saraban.domain.letter import Content, LetterId, LetterState
from saraban.domain.register import EntryState
from saraban.storage.tables.registers import entries
from saraban.usecases import dispatching, drafting, routing, signing
from saraban.usecases.bookkeeping import open_book
from saraban.usecases.paging import draft_page
from tests.builders import CONTENT, MINUTES
from tests.usecases.conftest import Pki
from tests.usecases.house import PASSPHRASE, House

OWN_BOOKS = (BookKind.ORDERS, BookKind.RULES, BookKind.ANNOUNCEMENTS, BookKind.CERTIFICATES, BookKind.MINUTES)


def _content(form: Form) -> Content:
    """What a form asks for, and nothing more."""
    if form is Form.MINUTES:
        return MINUTES
    return CONTENT.as_form(form)


def _open_books(house: House) -> None:
    for kind in OWN_BOOKS:
        open_book(house.office, actor=house.ours["admin"], kind=kind)


def _give_key(house: House, pki: Pki, who: str) -> None:
    person = house.ours[who].person_id
    assert person is not None
    keys.store_officer(house.keys_folder, person, pki.head, PASSPHRASE, kdf_rounds=1)


def _signed(house: House, content: Content) -> LetterId:
    """Submitted, endorsed and signed by whoever the route names."""
    letter_id = house.draft(content)
    routing.submit_letter(house.office, actor=house.ours["clerk"], letter_id=letter_id)
    officers = {house.ours[name].position_id: house.ours[name] for name in ("director", "head")}
    *before, last = [officers[step.position_id] for step in house.letter(letter_id).route]
    for officer in before:
        routing.endorse_letter(house.office, actor=officer, letter_id=letter_id)
    _sign(house, last, letter_id)
    return letter_id


def _sign(house: House, officer: Actor, letter_id: LetterId) -> signing.Signed:
    return signing.sign_letter(house.office, actor=officer, letter_id=letter_id, passphrase=PASSPHRASE)


@pytest.mark.parametrize("form", RULES)
def test_a_document_of_every_form_is_issued_in_the_book_of_its_form(either_house: House, pki: Pki, form: Form) -> None:
    house, rule = either_house, RULES[form]
    _open_books(house)
    _give_key(house, pki, "director")
    letter = house.letter(_signed(house, _content(form)))

    [line] = house.rows(entries)
    assert letter.state is LetterState.ISSUED and letter.issued_file is not None
    assert (line.kind, line.state, line.subject_of) == (rule.book, EntryState.USED, letter.id)
    assert letter.number == line.number == ("1/2569" if rule.book.numbered_by_year else "ทส 1002/1")
    assert letter.content == _content(form)
    assert house.office.blobs.open(letter.issued_file.sha256).startswith(b"%PDF")


@pytest.mark.parametrize("form", [form for form, rule in RULES.items() if rule.book in OWN_BOOKS])
def test_a_document_whose_book_is_not_kept_does_not_leave_the_clerk(house: House, form: Form) -> None:
    letter_id = house.draft(_content(form))
    with pytest.raises(RuleBroken, match="ผู้ดูแลระบบเปิดทะเบียนก่อน") as refused:
        routing.submit_letter(house.office, actor=house.ours["clerk"], letter_id=letter_id)

    assert refused.value.code == "book-not-open"
    assert house.letter(letter_id).state is LetterState.DRAFT


def test_a_memorandum_to_an_own_officer_is_signed_in_the_unit_and_ends_as_issued(house: House, pki: Pki) -> None:
    _give_key(house, pki, "director")
    memorandum = replace(CONTENT.as_form(Form.MEMORANDUM), recipients=(), addressed_to="เรียน  หัวหน้าสำนักงาน onep")
    letter_id = _signed(house, memorandum)

    letter = house.letter(letter_id)
    [line] = house.rows(entries)
    assert letter.signatory is not None and letter.signatory.name == house.ours["director"].name
    assert line.addressee == "หัวหน้าสำนักงาน onep"
    with pytest.raises(RuleBroken, match="ถือว่าเสร็จ"):
        dispatching.dispatch_letter(house.office, actor=house.ours["clerk"], letter_id=letter_id)
    assert house.letter(letter_id).state is LetterState.ISSUED


def test_a_memorandum_to_another_agency_is_signed_by_the_head_and_may_be_sent(house: House) -> None:
    letter_id = _signed(house, CONTENT.as_form(Form.MEMORANDUM))
    [dispatch] = dispatching.dispatch_letter(house.office, actor=house.ours["clerk"], letter_id=letter_id)

    letter = house.letter(letter_id)
    assert letter.signatory is not None and letter.signatory.name == house.ours["head"].name
    assert (letter.state, dispatch.to_code) == (LetterState.DISPATCHED, "dopa")
    assert house.rows(entries)[0].addressee == "สำนักงาน dopa"


@pytest.mark.parametrize(
    ("form", "field", "changes"),
    [
        (Form.ORDER, "circular", {"circular": True}),
        (Form.ORDER, "recipients", {"recipients": ("dopa",)}),
        (Form.NEWS, "addressed_to", {"addressed_to": "เรียน ประชาชน"}),
        (Form.ORDER, "details.effective", {"details": {"effective": "พรุ่งนี้"}}),
        (Form.NEWS, "details.edition", {"details": {"edition": "หนึ่ง\x07"}}),
        (Form.MEMORANDUM, "recipients", {"recipients": ("onep",)}),
    ],
)
def test_what_a_form_does_not_have_is_refused_at_its_field(
    house: House, form: Form, field: str, changes: dict[str, Any]
) -> None:
    with pytest.raises(BadInput) as refused:
        house.draft(replace(_content(form), **changes))

    assert list(refused.value.fields) == [field]


@pytest.mark.usefixtures("key_of_tomorrow")
def test_a_number_that_waits_is_struck_when_the_document_has_become_one_of_another_book(house: House) -> None:
    _open_books(house)
    letter_id = house.before_the_head()
    with pytest.raises(RuleBroken):
        house.sign(letter_id)
    routing.return_letter(house.office, actor=house.ours["head"], letter_id=letter_id, reason="ออกเป็นคำสั่ง")
    drafting.revise_letter(
        house.office, actor=house.ours["clerk"], letter_id=letter_id, content=CONTENT.as_form(Form.ORDER)
    )
    routing.submit_letter(house.office, actor=house.ours["clerk"], letter_id=letter_id)
    routing.endorse_letter(house.office, actor=house.ours["director"], letter_id=letter_id)
    house.clock.pass_by(timedelta(hours=2))

    assert house.sign(letter_id).number == "1/2569"
    lines = {row.kind: row.state for row in house.rows(entries)}
    assert lines == {BookKind.SENDING: EntryState.VOID, BookKind.ORDERS: EntryState.USED}
    assert "แบบหนังสือเปลี่ยน" in house.told("number.voided")[0]["values"]["reason"]


def test_a_classified_order_stands_in_the_book_of_orders(house: House) -> None:
    _open_books(house)
    letter = house.letter(_signed(house, replace(_content(Form.ORDER), secrecy=Secrecy.CONFIDENTIAL)))

    assert letter.number == "1/2569"


def test_the_preview_names_whoever_will_sign(house: House) -> None:
    with house.office.uow() as uow:
        unit = uow.agencies.unit(house.ours.agency.id, house.ours.legal.id)
        on = house.clock.now().date()
        order = draft_page(uow, _content(Form.ORDER), unit=unit, enclosures=[], on=on)
        record = draft_page(uow, _content(Form.RECORD), unit=unit, enclosures=[], on=on)

    assert order.signer_name == house.ours["head"].name and order.closing == ""
    assert record.signer_name == house.ours["director"].name
