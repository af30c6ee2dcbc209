"""Codes of issued letters: made with the number, printed under the signature, kept for ever; scans are counted."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from datetime import date, timedelta

import pikepdf
import pypdfium2 as pdfium
import pytest
from sqlalchemy import update

from saraban.crypto import keys
from saraban.domain.agency import AgencyOptions
from saraban.domain.classification import Secrecy
from saraban.domain.dispatch import DispatchId, EvidenceKind
from saraban.domain.errors import BadInput, NotPermitted, RuleBroken
from saraban.domain.letter import LetterId
from saraban.domain.verification import DocumentState, SubjectKind, VerificationCode
from saraban.reading import tracking
from saraban.reading.verifying import verified
from saraban.storage.tables.exchange import dispatches
from saraban.storage.tables.letters import letters
from saraban.storage.tables.verification import verification_codes, verification_scans
from saraban.usecases import bookkeeping, confirming, dispatching, drafting, expiring, recalling, verifying
from tests.builders import a_correspondent
from tests.rendering.codes import read_at_all as _scanned
from tests.usecases.conftest import Pki
from tests.usecases.house import MASTER_KEY, House


def _code(house: House, letter_id: LetterId) -> VerificationCode | None:
    with house.office.uow() as uow:
        return uow.verifications.of(house.ours.agency.id, SubjectKind.LETTER, letter_id)


def _page(house: House, letter_id: LetterId) -> bytes:
    page = house.letter(letter_id).issued_file
    assert page is not None
    return house.office.blobs.open(page.sha256)


def test_the_code_of_an_issued_letter_is_on_its_signed_page(either_house: House) -> None:
    house = either_house
    letter_id = house.signed()
    code, page = _code(house, letter_id), _page(house, letter_id)

    assert code is not None and len(code.code) == 20
    assert _scanned(page) == [f"https://saraban.example.go.th/v/{code.code}"]
    with pikepdf.open(io.BytesIO(page)) as document:
        data = json.loads(document.attachments["letter.json"].get_file().read_bytes())
    assert data["verification"] == f"https://saraban.example.go.th/v/{code.code}"
    assert house.office.page_checker.check(page, house.clock.now()).signatures[0].holds


def test_two_letters_have_codes_of_nothing_in_common(house: House) -> None:
    one, other = (_code(house, house.signed()) for _ in range(2))

    assert one is not None and other is not None
    assert one.code[:6] != other.code[:6]


@pytest.mark.usefixtures("key_of_tomorrow")
def test_a_code_is_made_with_the_number_and_kept_over_a_failed_signing(house: House) -> None:
    letter_id = house.before_the_head()
    for _ in range(2):
        with pytest.raises(RuleBroken):
            house.sign(letter_id)
    made = _code(house, letter_id)

    assert made is not None and len(house.rows(verification_codes)) == 1


@pytest.mark.parametrize(
    ("options", "secrecy"),
    [
        (AgencyOptions(verifiable=False), Secrecy.OPEN),
        (AgencyOptions(unmarked_forms="external"), Secrecy.OPEN),
        (AgencyOptions(), Secrecy.CONFIDENTIAL),
    ],
)
def test_what_the_agency_does_not_want_and_what_is_classified_has_none(
    house: House, options: AgencyOptions, secrecy: Secrecy
) -> None:
    bookkeeping.set_options(house.office, actor=house.ours["admin"], options=options)
    letter_id = house.signed(secrecy=secrecy)

    assert _code(house, letter_id) is None
    assert _scanned(_page(house, letter_id)) == []


def test_without_a_public_address_nothing_is_printed(house: House) -> None:
    nowhere = replace(house.real, services=replace(house.office, public_url=""))
    alone = replace(house, real=nowhere)
    letter_id = alone.signed()

    assert _code(house, letter_id) is None
    assert _scanned(_page(house, letter_id)) == []


def test_a_draft_shows_the_place(house: House) -> None:
    letter_id = house.draft()
    shown = drafting.preview_letter(house.office, actor=house.ours["clerk"], letter_id=letter_id).pdf

    assert "QR" in pdfium.PdfDocument(shown)[0].get_textpage().get_text_range()


def test_a_form_that_is_none_is_refused_by_field(house: House) -> None:
    with pytest.raises(BadInput) as refused:
        bookkeeping.set_options(house.office, actor=house.ours["admin"], options=AgencyOptions(unmarked_forms="poem"))

    assert "unmarked_forms" in refused.value.fields


def test_a_letter_is_replaced_when_another_takes_its_place_at_every_receiver(either_house: House, pki: Pki) -> None:
    house, clerk = either_house, either_house.ours["clerk"]
    keys.store_seal(house.keys_folder, "onep", pki.seals["onep"], MASTER_KEY)
    other = a_correspondent("dga", name="สพร.", capabilities={"saraban": 1})
    house.publish(other)
    old = house.dispatched(recipients=("dopa", "dga"))
    code = _code(house, old)
    sent = {row.to_code: DispatchId(row.id) for row in house.rows(dispatches)}
    assert code is not None

    def stands() -> tuple[DocumentState, str]:
        with house.real.reading.connect() as reader:
            found = verified(reader, code.code, house.clock.now().date())
        assert found is not None
        return found.state, found.replaced_number

    partly = house.signed(recipients=("dopa",))
    dispatching.dispatch_letter(house.office, actor=clerk, letter_id=partly, replaces=[sent["dopa"]])
    assert stands() == (DocumentState.VALID, ""), "one receiver still has to go by it"
    new = house.signed(recipients=("dopa", "dga"))
    [first, _] = dispatching.dispatch_letter(house.office, actor=clerk, letter_id=new, replaces=list(sent.values()))
    assert stands() == (DocumentState.REPLACED, house.letter(new).number)
    recalling.ask_back(house.office, actor=clerk, dispatches=[first.id], reason="ผิดฉบับ")
    assert stands() == (DocumentState.VALID, ""), "what should take its place never left"
    last = house.signed(recipients=("dopa", "dga"))
    late = dispatching.dispatch_letter(house.office, actor=clerk, letter_id=last, replaces=list(sent.values()))
    assert stands() == (DocumentState.REPLACED, house.letter(last).number)
    house.clock.pass_by(timedelta(hours=80))
    expiring.state_undelivered(house.office)
    assert stands() == (DocumentState.VALID, ""), "what should take its place came to nobody"
    for one, then in zip(late, (DocumentState.VALID, DocumentState.REPLACED), strict=True):
        confirming.confirm_by_hand(
            house.office, actor=clerk, dispatch_id=one.id, kind=EvidenceKind.PHONE, name="นางสาวรับ", phone="๐๒"
        )
        assert stands()[0] is then, "it came late to all of them"
    taken, given = (house.told(f"letter.place-{what}") for what in ("taken", "given-back"))
    assert [told["values"]["by_letter"] for told in taken] == [str(one) for one in (new, last, last)]
    assert [told["values"]["state"] for told in given] == ["recalled", "undelivered"]
    assert {told["values"]["letter_id"] for told in (*taken, *given)} == {str(old)}


def test_who_was_only_given_a_letter_to_read_cannot_replace_it(house: House) -> None:
    old = house.dispatched()
    [sent] = house.rows(dispatches)
    reader = replace(house.ours["central_clerk"], central=False)
    with house.office.uow() as uow:
        kept = uow.letters.get(house.ours.agency.id, old)
        kept.drafter_id = reader.person_id
        uow.letters.save(kept)
        uow.commit()
    new = house.signed()
    with house.real.writing.begin() as connection:
        connection.execute(update(letters).where(letters.c.id == new).values(unit_id=reader.unit_id))

    with pytest.raises(NotPermitted, match="ส่งแทนหนังสือที่ส่งแล้ว"):
        dispatching.dispatch_letter(house.office, actor=reader, letter_id=new, replaces=[DispatchId(sent.id)])
    assert house.told("letter.place-taken") == []
    with house.real.reading.connect() as looked:
        assert tracking.replaceable(looked, reader, new, ["dopa"]) == []


def test_scans_are_counted_by_day_and_nothing_else_is_kept(either_house: House) -> None:
    house = either_house
    code = _code(house, house.signed())
    assert code is not None
    verifying.count_scans(house.office, {code.code: 3})
    verifying.count_scans(house.office, {code.code: 4})
    verifying.count_scans(house.office, {})

    rows = house.rows(verification_scans)
    assert [(row.code, row.day, row.count) for row in rows] == [(code.code, date(2026, 11, 23), 7)]
    assert set(rows[0]._fields) == {"code", "day", "count"}
