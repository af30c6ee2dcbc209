"""What proves the signatures of an issued letter: time-stamp, revocation lists, the agency's seal; and what the journal
says when the authority does not answer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from saraban.bootstrap import build
from saraban.crypto import keys
from saraban.domain.attachment import Digest
from saraban.domain.errors import NotFound
from saraban.domain.issued_kind import Marks
from saraban.domain.letter import LetterState
from saraban.domain.page_signature import PageSignature, Standing
from saraban.reading import issued_runs
from saraban.storage.tables.registers import entries
from saraban.usecases.refreshing import refresh_lists
from tests.builders import NOW
from tests.crypto.signing_others import a_list, issued_anew, published_at
from tests.crypto.test_revocation_lists import publishing
from tests.crypto.test_timestamps import dummy, long_lived_root, served
from tests.usecases.conftest import Pki
from tests.usecases.house import PASSPHRASE, House
from tests.usecases.test_issuing import kept as issued_as
from tests.usecases.test_running_issued import run_out


@pytest.fixture
def authority() -> Iterator[str]:
    """The address of a time-stamping authority on loopback whose clock stands with the house's."""
    with served(dummy(at=NOW)) as url:
        yield url


def with_authority(house: House, url: str) -> House:
    """The same house with an authority set up."""
    with house.real.writing.connect():  # a database that another test has begun is made by the engine that asks for it
        folder = house.real.settings.data_folder
    (folder / "tsa.pem").write_bytes(long_lived_root().certificate.public_bytes(Encoding.PEM))
    settings = replace(house.real.settings, tsa_url=url, tsa_roots_file=folder / "tsa.pem", tsa_timeout_seconds=2)
    real = build(settings, clock=house.clock)
    services = replace(real.services, renderer=house.office.renderer)
    return House(replace(real, services=services), house.ours, house.theirs, house.clock)


def seal_wanted(house: House) -> None:
    with house.office.uow() as uow:
        agency = uow.agencies.get(house.ours.agency.id)
        agency.options = replace(agency.options, seal_issued=True)
        uow.agencies.save(agency)
        uow.commit()


def found(house: House, page: Digest) -> list[PageSignature]:
    """What a check of the issued page says."""
    return list(house.office.page_checker.check(house.office.blobs.open(page), NOW).signatures)


def test_an_issued_letter_is_time_stamped_where_an_authority_is_set_up(house: House, authority: str) -> None:
    house = with_authority(house, authority)
    signed = house.sign(house.before_the_head())

    [one] = found(house, signed.page)
    [told] = house.told("letter.page-proven")
    assert (one.time.value, one.stamped_at) == (True, NOW)
    assert one.certificate.value is None, "there are no revocation lists here"
    values = told["values"]
    assert (values["level"], values["stamped_at"], values["trouble"], values["sealed"]) == (
        "B-T",
        NOW.isoformat(),
        "",
        False,
    )
    assert values["page"] == signed.page.hex


def test_a_silent_authority_keeps_no_letter_waiting_and_the_journal_tells(house: House) -> None:
    house = with_authority(house, "http://127.0.0.1:9/tsa")
    letter_id = house.before_the_head()
    signed = house.sign(letter_id)

    assert house.letter(letter_id).state is LetterState.ISSUED
    assert found(house, signed.page)[0].time.value is None
    [told] = house.told("letter.page-proven")
    assert (told["values"]["level"], told["values"]["stamped_at"]) == ("B-B", None)
    assert "ผู้ประทับรับรองเวลา" in told["values"]["trouble"]


def test_with_revocation_lists_at_hand_they_come_along_and_the_letter_is_good(
    house: House, authority: str, pki: Pki
) -> None:
    house = with_authority(house, authority)
    folder = house.real.settings.data_folder / "crls"
    folder.mkdir()
    (folder / "signers.crl").write_bytes(a_list(pki.root, at=NOW))
    (folder / "authority.crl").write_bytes(a_list(long_lived_root(), at=NOW))
    signed = house.sign(house.before_the_head())
    for path in folder.iterdir():
        path.unlink()

    [one] = found(house, signed.page)
    assert one.standing is Standing.GOOD, one
    assert house.told("letter.page-proven")[0]["values"]["level"] == "B-LT"


def test_the_worker_fetches_the_lists_that_the_first_letter_wanted_and_the_next_has_them(
    house: House, authority: str, pki: Pki
) -> None:
    house = with_authority(house, authority)
    with publishing() as signers, publishing() as stampers:
        signers.given, stampers.given = a_list(pki.root, at=NOW), a_list(long_lived_root(), at=NOW)
        head = house.ours["head"].person_id
        assert head is not None
        officer = issued_anew(pki.head, pki.root, published_at(signers.address, stampers.address))
        keys.store_officer(house.keys_folder, head, officer, PASSPHRASE, kdf_rounds=1)
        house.sign(house.before_the_head())
        fetched = refresh_lists(house.office)
        signed = house.sign(house.before_the_head())

    assert fetched == 2
    assert [told["values"]["level"] for told in house.told("letter.page-proven")] == ["B-T", "B-LT"]
    assert found(house, signed.page)[0].standing is Standing.GOOD


@pytest.mark.parametrize("listed", [False, True])
def test_documents_for_people_carry_the_time_stamp_of_each_of_their_signatures(
    house: House, authority: str, pki: Pki, listed: bool
) -> None:
    house = with_authority(house, authority)
    if listed:
        folder = house.real.settings.data_folder / "crls"
        folder.mkdir()
        (folder / "signers.crl").write_bytes(a_list(pki.root, at=NOW))
        (folder / "authority.crl").write_bytes(a_list(long_lived_root(), at=NOW))
    run_id = run_out(house, 2, marks=Marks.BOTH)

    [told, _] = [line["values"] for line in house.told("issued.signed")]
    assert (told["level"], told["trouble"]) == ("B-LT" if listed else "B-T", "")
    with house.real.reading.connect() as reader:
        lines = issued_runs.lines(reader, run_id)
    for line in lines:
        document = issued_as(house, line.document_id)
        assert document.digest is not None
        assert [(one.time.value, one.stamped_at) for one in found(house, document.digest)] == [(True, NOW)] * 2
        assert (line.untimed, document.untimed, document.level) == ("", "", told["level"])


def test_that_a_document_for_people_has_no_time_stamp_is_told_of_each(house: House) -> None:
    house = with_authority(house, "http://127.0.0.1:9/tsa")
    run_id = run_out(house, 2)

    for told in house.told("issued.signed"):
        assert told["values"]["level"] == "B-B" and "ผู้ประทับรับรองเวลา" in told["values"]["trouble"]
    with house.real.reading.connect() as reader:
        lines = issued_runs.lines(reader, run_id)
        run = issued_runs.run(reader, house.ours["head"], run_id, NOW)
    assert run.untimed == 2 and run.failed == 0 and run.out == 2
    for line in lines:
        document = issued_as(house, line.document_id)
        assert (line.why, line.untimed, document.level) == ("", document.untimed, "B-B")
        assert "ผู้ประทับรับรองเวลา" in document.untimed and document.digest is not None
        assert [one.time.value for one in found(house, document.digest)] == [None]


def test_without_an_authority_and_a_seal_there_is_nothing_to_tell(house: House) -> None:
    house.sign(house.before_the_head())

    assert house.told("letter.page-proven") == []


def test_the_agencys_seal_is_the_last_signature_where_it_is_wanted(house: House) -> None:
    seal_wanted(house)
    signed = house.sign(house.before_the_head())

    officer, seal = found(house, signed.page)
    assert (officer.signer, seal.signer) == ("นางปราณี มีสุข", "สำนักงาน onep")
    assert officer.holds and seal.holds and seal.covers_all
    assert house.told("letter.page-proven")[0]["values"]["sealed"] is True


def test_a_wanted_seal_that_is_not_there_takes_no_number(house: House) -> None:
    seal_wanted(house)
    for path in (house.keys_folder / "onep").glob("*.pem"):
        path.unlink()
    letter_id = house.before_the_head()

    with pytest.raises(NotFound, match="ตราประทับ"):
        house.sign(letter_id)

    assert house.rows(entries) == []
    assert house.letter(letter_id).state is LetterState.ENDORSED
