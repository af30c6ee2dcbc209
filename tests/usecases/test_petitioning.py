"""The public writes to the agency: taken in at once, followed by number and code, answered, sent on or ended."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from email import message_from_bytes, policy
from typing import Any

import pytest

from saraban.domain.agency import AgencyOptions
from saraban.domain.errors import BadInput, NotFound, NotPermitted, StageNotAllowed
from saraban.domain.incoming import IncomingLetter, IncomingState
from saraban.domain.petition import BroughtFile, PetitionState, Written, code_of_key, traced
from saraban.domain.verification import grouped
from saraban.exchange.parse import read_message
from saraban.reading.petitions import Followed, followed
from saraban.storage.tables.exchange import outbox
from saraban.storage.tables.journal import journal
from saraban.storage.tables.letters import incoming
from saraban.storage.tables.petitions import petitions
from saraban.storage.tables.registers import entries
from saraban.usecases import petitioning, registering
from saraban.usecases.bookkeeping import set_options
from saraban.usecases.petitioning import Receipt
from tests.fakes import EICAR, FakeClamd
from tests.usecases.house import House
from tests.usecases.test_ordinary_mail import answers, come_in
from tests.usecases.test_quarantine import guarded

KEY = "k" * 43
MALI = Written("นางสาวมะลิ ใจงาม", "ขอทราบผลการพิจารณา", "ขอทราบว่าเรื่องถึงไหนแล้ว", "mali@example.com", "081 234 5678")
PICTURE = BroughtFile("รูปป้าย.png", b"\x89PNG\r\n\x1a\n" + b"0" * 20)


def opened(house: House, **more: Any) -> None:
    """Our agency takes letters from the public."""
    set_options(house.office, actor=house.ours["admin"], options=AgencyOptions(petitions=True, **more))


def filed(house: House, written: Written = MALI, key: str = KEY, files: tuple[BroughtFile, ...] = ()) -> Receipt:
    """Somebody sends a letter through the form."""
    return petitioning.file_petition(house.office, agency_code="onep", key=key, written=written, files=files)


def the_letter(house: House) -> IncomingLetter:
    """The one letter that came in."""
    [row] = house.rows(incoming)
    with house.office.uow() as uow:
        return uow.incoming.get(house.ours.agency.id, row.id)


def seen(house: House, receipt: Receipt) -> Followed:
    """What its sender sees with number and short code; the whole code shows the same."""
    with house.real.reading.connect() as reader:
        found = followed(reader, traced(receipt.number, grouped(receipt.code[:12])))
        assert found is not None and found == followed(reader, traced("", receipt.code))
    return found


def registered(house: House) -> IncomingLetter:
    """The letter with its receiving number."""
    letter = the_letter(house)
    registering.register_letter(house.office, actor=house.ours["central_clerk"], incoming_id=letter.id)
    return the_letter(house)


def mails(house: House) -> list[Any]:
    """What waits in the outbox, read."""
    return [message_from_bytes(raw, policy=policy.default) for raw in answers(house)]


def words(mail: Any) -> str:
    """The plain words of a mail."""
    return str(mail.get_body(("plain",)).get_content())


# --- taken in -----------------------------------------------------------------------------------------------------


def test_a_letter_is_taken_in_at_once_and_waits_for_its_receiving_number(either_house: House) -> None:
    house = either_house
    opened(house)
    receipt = filed(house, files=(PICTURE,))

    letter = the_letter(house)
    assert (receipt.number, receipt.code, receipt.mailed) == ("1/2569", code_of_key(KEY), True)
    assert (letter.state, letter.from_name, letter.from_code) == (IncomingState.NEW, "นางสาวมะลิ ใจงาม", "")
    assert "ขอทราบว่าเรื่องถึงไหนแล้ว" in letter.text and "081 234 5678" in letter.text
    assert [file.name for file in letter.files] == ["รูปป้าย.png"]
    assert house.office.blobs.open(letter.files[0].sha256) == PICTURE.data
    [row] = house.rows(petitions)
    assert row.code.hex not in receipt.code and receipt.code not in str(row), "only digests of the code are kept"
    told = str([one.text for one in house.rows(journal)])
    assert "มะลิ" not in told and receipt.code not in told
    assert seen(house, receipt).state is PetitionState.RECEIVED


def test_the_record_is_a_mail_that_can_be_read_again_with_its_files(house: House) -> None:
    opened(house)
    filed(house, files=(PICTURE,))

    message = read_message(house.office.blobs.open(the_letter(house).raw_sha256))
    assert (message.from_name, message.from_address) == ("นางสาวมะลิ ใจงาม", "mali@example.com")
    assert message.subject == "ขอทราบผลการพิจารณา"
    assert [(file.name, file.data) for file in message.files] == [("รูปป้าย.png", PICTURE.data)]


def test_the_receipt_by_mail_repeats_nothing_that_was_typed(house: House) -> None:
    opened(house)
    receipt = filed(house, replace(MALI, subject="ซื้อยาที่ http://evil.example", text="กดลิงก์นี้"))

    [mail] = mails(house)
    assert mail["To"].addresses[0].addr_spec == "mali@example.com" and mail["Auto-Submitted"] == "auto-generated"
    told = words(mail)
    assert "เลขรับเรื่อง ๑/๒๕๖๙" in told and grouped(receipt.code[:12]) in told
    assert f"https://saraban.example.go.th/w/f/{receipt.code}" in told
    assert "evil" not in str(mail) and "กดลิงก์นี้" not in told and "มะลิ" not in told
    [row] = house.rows(outbox)
    assert row.mail_from == ""


def test_the_same_form_sent_twice_is_one_letter_with_one_receipt(either_house: House) -> None:
    opened(either_house)
    first, second = filed(either_house), filed(either_house)

    assert replace(second, repeated=False) == first and second.repeated
    assert len(either_house.rows(incoming)) == len(either_house.rows(outbox)) == 1
    with pytest.raises(BadInput) as told:
        filed(either_house, replace(MALI, text="อื่น"))
    assert "1/2569" in told.value.fields["key"]
    assert filed(either_house, key="K" * 43).number == "2/2569"


def test_an_agency_that_takes_none_is_as_one_that_is_not(house: House) -> None:
    told = set()
    for code in ("onep", "nobody"):
        with pytest.raises(NotFound) as error:
            petitioning.file_petition(house.office, agency_code=code, key=KEY, written=MALI)
        told.add(error.value.thai)
    assert len(told) == 1 and house.rows(incoming) == []


def test_outside_office_hours_both_moments_are_kept_and_the_days_are_the_agencys(house: House) -> None:
    opened(house, petition_days=10)
    house.clock.move_to(datetime(2026, 11, 27, 13, 0, tzinfo=UTC))  # a Friday, 20:00
    receipt = filed(house)

    assert receipt.arrived_at == datetime(2026, 11, 27, 13, 0, tzinfo=UTC)
    assert receipt.deemed_at == datetime(2026, 11, 30, 1, 30, tzinfo=UTC)
    assert receipt.due_on == date(2026, 12, 10)
    assert the_letter(house).received_at == receipt.arrived_at


def test_who_names_the_mailbox_of_an_agency_is_not_taken_for_it(house: House) -> None:
    opened(house)
    filed(house, replace(MALI, mailbox="saraban@dopa.example"))

    assert the_letter(house).from_code == ""


def test_hostile_files_are_refused_and_nothing_is_kept(house: House) -> None:
    with FakeClamd() as daemon:
        watched = guarded(house, daemon.where)
        opened(watched)
        for data in (b"\x89PNG\r\n\x1a\n" + EICAR, b"%PDF-1.7\nbroken", b"%PDF-1.4 /JavaScript (app.alert(1))"):
            with pytest.raises(BadInput) as told:
                filed(watched, files=(BroughtFile("a.pdf", data),))
            assert set(told.value.fields) == {"files"}
    with pytest.raises(BadInput) as told:
        filed(watched, files=(PICTURE,))
    assert "ตัวตรวจไวรัสไม่ตอบ" in told.value.fields["files"]
    assert house.rows(incoming) == [] == house.rows(outbox)


# --- registered and answered --------------------------------------------------------------------------------------


def test_one_press_registers_it_and_its_line_names_the_sender(either_house: House) -> None:
    house = either_house
    opened(house)
    receipt = filed(house)
    letter = registered(house)

    [line] = house.rows(entries)
    assert (line.subject, line.sender, letter.register_number) == ("ขอทราบผลการพิจารณา", "นางสาวมะลิ ใจงาม", 1)
    found = seen(house, receipt)
    assert (found.state, found.registered_at) == (PetitionState.REGISTERED, house.clock.now())
    shown = str(found.as_dict())
    assert all(hidden not in shown for hidden in ("มะลิ", "081", "example.com", "พิจารณา", str(letter.id)))


def test_the_answer_lies_behind_the_code_and_comes_by_mail(either_house: House) -> None:
    house = either_house
    opened(house)
    receipt = filed(house)
    clerk, letter_id = house.ours["central_clerk"], the_letter(house).id
    page = answer_page(house)
    with pytest.raises(StageNotAllowed):
        petitioning.give_answer(house.office, actor=clerk, incoming_id=letter_id, file=page)
    registered(house)
    with pytest.raises(NotPermitted):
        petitioning.give_answer(house.office, actor=house.ours["head"], incoming_id=letter_id, file=page)

    assert petitioning.give_answer(house.office, actor=clerk, incoming_id=letter_id, file=page)

    found = seen(house, receipt)
    assert (found.state, found.has_answer) == (PetitionState.ANSWERED, True)
    name, data = petitioning.open_answer(house.office, number=receipt.number, code=receipt.code[:12])
    assert (name, data) == ("answer-1-2569.pdf", page.data)
    mail = mails(house)[-1]
    [attached] = [part for part in mail.walk() if part.get_content_type() == "application/pdf"]
    assert attached.get_payload(decode=True) == page.data
    assert receipt.code not in str(mail), "the code is told once"


@pytest.mark.parametrize(("number", "code"), [("2/2569", ""), ("1/2570", ""), ("1/2569", "0000-0000-0000"), ("", "x")])
def test_whatever_is_wrong_leads_to_the_same_nothing(house: House, number: str, code: str) -> None:
    opened(house)
    receipt = filed(house)
    registered(house)
    clerk = house.ours["central_clerk"]
    petitioning.give_answer(house.office, actor=clerk, incoming_id=the_letter(house).id, file=answer_page(house))

    with pytest.raises(NotFound) as told:
        petitioning.open_answer(house.office, number=number, code=code or receipt.code[:12])
    assert told.value.thai == "ไม่พบเรื่องของเลขและรหัสนี้"
    with house.real.reading.connect() as reader:
        assert followed(reader, traced(number, code or receipt.code[:12])) is None


def test_a_letter_that_is_sent_back_has_ended(house: House) -> None:
    opened(house)
    receipt = filed(house)
    registering.refuse_letter(
        house.office, actor=house.ours["central_clerk"], incoming_id=the_letter(house).id, code="not-addressee"
    )

    found = seen(house, receipt)
    assert (found.state, found.closed_at, found.why) == (PetitionState.CLOSED, house.clock.now(), "not-addressee")


# --- by ordinary mail ---------------------------------------------------------------------------------------------


def test_who_writes_by_mail_gets_number_and_code_in_the_confirmation(either_house: House) -> None:
    house = either_house
    opened(house)
    letter = come_in(house, "Subject: hello", sender="mali@example.com")
    named = registering.MailLetter(subject="ขอข้อมูล", sender="นางสาวมะลิ")
    registering.register_mail(house.office, actor=house.ours["central_clerk"], incoming_id=letter.id, named=named)

    [mail] = mails(house)
    told = words(mail)
    [row] = house.rows(petitions)
    assert row.by_mail and "เลขรับเรื่อง ๑/๒๕๖๙" in told and "รหัสติดตาม" in told
    code = told.split("/w/f/")[1].split()[0]
    with house.real.reading.connect() as reader:
        found = followed(reader, traced("", code))
    assert found is not None and found.state is PetitionState.REGISTERED


def test_an_agency_that_writes_by_ordinary_mail_gets_no_code(house: House) -> None:
    opened(house)
    letter = come_in(house, "Subject: hello", sender="saraban@dopa.example")
    named = registering.MailLetter(subject="ขอข้อมูล", sender="กรม")
    registering.register_mail(house.office, actor=house.ours["central_clerk"], incoming_id=letter.id, named=named)

    assert house.rows(petitions) == []
    assert "รหัสติดตาม" not in words(mails(house)[0])


def answer_page(house: House) -> BroughtFile:
    """A PDF that answers."""
    letter = house.letter(house.signed())
    assert letter.issued_file is not None
    return BroughtFile("ตอบ.pdf", house.office.blobs.open(letter.issued_file.sha256))
