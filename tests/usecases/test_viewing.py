"""Opening: only what one may read, and the journal remembers who opened what is classified."""

from __future__ import annotations

import pytest

from saraban.domain.attachment import Digest
from saraban.domain.classification import Secrecy
from saraban.domain.errors import NotFound
from saraban.storage.tables.exchange import statements
from saraban.usecases import viewing
from saraban.usecases.registering import register_letter
from saraban.usecases.sealing import seal_next
from tests.builders import a_file
from tests.usecases.house import House


def test_opening_a_classified_letter_is_written_into_the_journal_with_who_did_it(house: House) -> None:
    letter_id = house.draft(secrecy=Secrecy.SECRET)
    viewing.open_letter(house.office, actor=house.ours["clerk"], letter_id=letter_id)

    [opened] = house.told("letter.secret-opened")
    assert opened["by"]["name"] == house.ours["clerk"].name
    assert opened["values"] == {"thing_id": str(letter_id), "secrecy": "secret"}


def test_opening_a_classified_letter_that_came_in_is_written_into_the_journal(house: House) -> None:
    letter = house.incoming(secrecy=Secrecy.CONFIDENTIAL)
    viewing.open_incoming(house.office, actor=house.ours["central_clerk"], incoming_id=letter.id)

    assert [e["values"]["thing_id"] for e in house.told("letter.secret-opened")] == [str(letter.id)]


def test_opening_an_open_letter_writes_nothing(house: House) -> None:
    letter_id = house.draft()
    before = house.journal()
    viewing.open_letter(house.office, actor=house.ours["clerk"], letter_id=letter_id)

    assert house.journal() == before


def test_who_may_not_read_a_classified_letter_finds_nothing_and_leaves_no_trace_of_opening(house: House) -> None:
    letter_id = house.draft(secrecy=Secrecy.SECRET)
    for name in ("director", "records", "admin"):
        with pytest.raises(NotFound):
            viewing.open_letter(house.office, actor=house.ours[name], letter_id=letter_id)

    assert house.told("letter.secret-opened") == []


def test_a_file_is_opened_through_its_letter(house: House) -> None:
    letter_id = house.draft()
    file = house.attach(letter_id)

    assert viewing.open_file(house.office, actor=house.ours["clerk"], letter_id=letter_id, sha256=file.sha256) == (
        file,
        b"enclosure",
    )


def test_bytes_that_another_letter_holds_are_not_found_though_the_digest_is_known(house: House) -> None:
    file = house.attach(house.draft())
    other = house.draft()

    for sha256 in (file.sha256, Digest.of(b"never kept")):
        with pytest.raises(NotFound):
            viewing.open_file(house.office, actor=house.ours["clerk"], letter_id=other, sha256=sha256)


def test_another_agency_does_not_find_a_file_by_its_digest(house: House) -> None:
    letter_id = house.draft()
    file = house.attach(letter_id)

    with pytest.raises(NotFound):
        viewing.open_file(house.office, actor=house.theirs["clerk"], letter_id=letter_id, sha256=file.sha256)


def test_the_message_that_came_in_is_opened_byte_for_byte(house: House) -> None:
    raw = house.office.blobs.keep(b"From: x\r\n\r\nbody")
    letter = house.incoming(raw_sha256=raw)
    file, data = viewing.open_incoming_file(
        house.office, actor=house.ours["central_clerk"], incoming_id=letter.id, sha256=raw
    )

    assert (file.media_type, data) == ("message/rfc822", b"From: x\r\n\r\nbody")


def test_a_receipt_that_was_given_is_opened_once_it_is_sealed_and_only_under_its_letter(house: House) -> None:
    clerk, letter, other = house.ours["central_clerk"], house.incoming(), house.incoming()
    register_letter(house.office, actor=clerk, incoming_id=letter.id)
    receipt_id = house.rows(statements)[0].id

    with pytest.raises(NotFound):
        viewing.open_receipt_given(house.office, actor=clerk, incoming_id=letter.id, receipt_id=receipt_id)
    seal_next(house.office)
    assert viewing.open_receipt_given(house.office, actor=clerk, incoming_id=letter.id, receipt_id=receipt_id)
    with pytest.raises(NotFound):
        viewing.open_receipt_given(house.office, actor=clerk, incoming_id=other.id, receipt_id=receipt_id)


def test_ordinary_mail_has_no_manifest(house: House) -> None:
    clerk = house.ours["central_clerk"]
    with pytest.raises(NotFound):
        viewing.open_manifest(house.office, actor=clerk, incoming_id=house.incoming().id)
    letter = house.incoming(details={"manifest": '{"a":"ก"}'})
    assert viewing.open_manifest(house.office, actor=clerk, incoming_id=letter.id) == '{"a":"ก"}'.encode()


def test_a_letter_without_a_page_is_shown_with_the_reason(house: House) -> None:
    assert "ไม่มีไฟล์ PDF" in viewing.shown_pages(house.office, [a_file()]).why


def test_a_page_that_the_disk_spoiled_is_told_and_not_shown(house: House) -> None:
    lost = a_file("หนังสือ.pdf", b"%PDF lost")

    assert viewing.shown_pages(house.office, [lost]).why.startswith("ไม่พบไฟล์")
