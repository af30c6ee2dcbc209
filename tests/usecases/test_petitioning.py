"""The public writes to the agency: taken in at once, followed by number and code, answered, sent on or ended."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes, policy
from typing import Any
from uuid import uuid4

import pytest

from saraban.domain.agency import AgencyOptions
from saraban.domain.attachment import Digest
from saraban.domain.calendar import office_date
from saraban.domain.errors import BadInput, NotFound, NotPermitted, RuleBroken, StageNotAllowed
from saraban.domain.incoming import IncomingLetter, IncomingState
from saraban.domain.notice import NoticeKind
from saraban.domain.petition import BroughtFile, PetitionState, Written, code_of_key, traced
from saraban.domain.verification import grouped
from saraban.exchange.parse import read_message
from saraban.reading.agenda import agenda
from saraban.reading.petitions import Followed, PetitionBoard, Shown, counts, followed, petition_board
from saraban.reading.petitions import petitions as listed
from saraban.storage.shredding import strip
from saraban.storage.tables.exchange import outbox
from saraban.storage.tables.journal import journal
from saraban.storage.tables.letters import incoming
from saraban.storage.tables.notices import notices
from saraban.storage.tables.petitions import petitions
from saraban.storage.tables.registers import entries
from saraban.usecases import dispatching, drafting, forwarding, petitioning, pressing, registering, routing, tending
from saraban.usecases.archive import Gone
from saraban.usecases.bookkeeping import set_options
from saraban.usecases.outsiders import add_outsider
from saraban.usecases.petitioning import Receipt
from tests.builders import CONTENT
from tests.fakes import EICAR, FakeClamd
from tests.usecases.house import House
from tests.usecases.test_assigning import give, unit
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
    assert [(file.name, file.role.value) for file in letter.files] == [
        ("เรื่อง.pdf", "letter"),
        ("รูปป้าย.png", "enclosure"),
    ]
    assert house.office.renderer.check_upload(house.office.blobs.open(letter.files[0].sha256)) == 1
    assert house.office.blobs.open(letter.files[1].sha256) == PICTURE.data
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
    with pytest.raises(StageNotAllowed, match="ตอบผู้ยื่นเรื่องแล้ว"):
        the_letter(house).may_be_forwarded()
    with pytest.raises(StageNotAllowed, match="ตอบผู้ยื่นเรื่องแล้ว"):
        forwarding.forward_letter(house.office, actor=clerk, incoming_id=letter_id, to=house.theirs.agency.code)

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
        house.office, actor=house.ours["central_clerk"], incoming_id=the_letter(house).id, code="unreadable"
    )

    found = seen(house, receipt)
    assert (found.state, found.closed_at, found.why) == (PetitionState.CLOSED, house.clock.now(), "unreadable")
    assert "ส่งคืนเรื่องของท่าน" in words(mails(house)[-1]) and "พิจารณา" not in str(mails(house)[-1])


def test_a_reply_that_is_sent_answers_it_and_finishes_the_work(house: House) -> None:
    opened(house)
    receipt = filed(house)
    letter, clerk = registered(house), house.ours["central_clerk"]
    add_outsider(house.office, actor=clerk, name="นางสาวมะลิ ใจงาม", mailbox="mali@example.com")
    give(house, letter.id, action=[unit(house)])
    content = replace(CONTENT, recipients=("mali@example.com",))
    reply = drafting.start_letter(house.office, actor=house.ours["clerk"], content=content, answers=letter.id)
    routing.submit_letter(house.office, actor=house.ours["clerk"], letter_id=reply)
    routing.endorse_letter(house.office, actor=house.ours["director"], letter_id=reply)
    house.sign(reply)
    assert seen(house, receipt).state is PetitionState.REGISTERED
    assert seen(house, receipt).units == ("กองกฎหมาย",)

    dispatching.dispatch_letter(house.office, actor=house.ours["clerk"], letter_id=reply)

    found = seen(house, receipt)
    assert not the_letter(house).awaits_answer and the_letter(house).completed_at is not None
    assert (found.state, found.has_answer, found.units) == (PetitionState.ANSWERED, True, ())
    _, data = petitioning.open_answer(house.office, number=receipt.number, code=receipt.code[:12])
    page = house.letter(reply).issued_file
    assert page is not None and data == house.office.blobs.open(page.sha256)
    assert len(house.rows(outbox)) == 1, "the letter itself goes to him: no second mail tells of it"
    assert house.told("petition.answered")[0]["values"]["mailed"] is True


def test_an_issued_reply_is_handed_over_by_the_page_alone(house: House) -> None:
    opened(house)
    receipt = filed(house, replace(MALI, mailbox=""))
    letter, clerk = registered(house), house.ours["central_clerk"]
    give(house, letter.id, action=[unit(house)])
    reply = drafting.start_letter(house.office, actor=house.ours["clerk"], content=CONTENT, answers=letter.id)
    with pytest.raises(RuleBroken):
        petitioning.give_answer(house.office, actor=clerk, incoming_id=letter.id, letter_id=reply)
    with pytest.raises(NotFound):
        petitioning.give_answer(house.office, actor=clerk, incoming_id=letter.id, letter_id=house.signed())
    routing.submit_letter(house.office, actor=house.ours["clerk"], letter_id=reply)
    routing.endorse_letter(house.office, actor=house.ours["director"], letter_id=reply)
    house.sign(reply)

    assert not petitioning.give_answer(house.office, actor=clerk, incoming_id=letter.id, letter_id=reply)
    assert not the_letter(house).awaits_answer
    assert seen(house, receipt).has_answer and house.rows(outbox) == []


# --- not ours -----------------------------------------------------------------------------------------------------


def test_what_is_not_ours_goes_on_to_the_right_agency_and_its_sender_hears_so(house: House) -> None:
    opened(house)
    receipt, letter_id = filed(house, files=(PICTURE,)), the_letter(house).id
    clerk = house.ours["central_clerk"]
    dispatch = forwarding.forward_letter(house.office, actor=clerk, incoming_id=letter_id, to="dopa", reason="ของกรมนี้")

    found = seen(house, receipt)
    assert (found.state, found.forwarded_to) == (PetitionState.FORWARDED, house.theirs.agency.name)
    sent = house.letter(dispatch.letter_id)
    assert (sent.number, [file.name for file in sent.files]) == ("รับเรื่อง 1/2569", ["เรื่อง.pdf", "รูปป้าย.png"])
    assert house.theirs.agency.name in words(mails(house)[-1]) and "ของกรมนี้" not in words(mails(house)[-1])
    with pytest.raises(StageNotAllowed):
        registering.register_letter(house.office, actor=clerk, incoming_id=letter_id)
    with pytest.raises(StageNotAllowed):
        petitioning.give_answer(house.office, actor=clerk, incoming_id=letter_id, file=answer_page(house))


def test_where_the_right_agency_is_in_no_directory_its_name_is_told(house: House) -> None:
    """B.E. 2565, section 10: the agency that is not competent names the one that is."""
    opened(house)
    receipt, letter = filed(house), the_letter(house)

    def refuse(**said: str) -> None:
        clerk = house.ours["central_clerk"]
        registering.refuse_letter(house.office, actor=clerk, incoming_id=letter.id, **{"code": "not-addressee"} | said)

    for named in ("", "  ", "ก" * 201):
        with pytest.raises(BadInput) as told:
            refuse(responsible=named)
        assert list(told.value.fields) == ["responsible"] and seen(house, receipt).state is PetitionState.RECEIVED
    refuse(responsible=" เทศบาลตำบล\nบ้านไร่ ", text="ป้ายอยู่ในเขตของเทศบาล")

    found, mail = seen(house, receipt), words(mails(house)[-1])
    assert (found.responsible, found.words) == ("เทศบาลตำบล บ้านไร่", "ป้ายอยู่ในเขตของเทศบาล")
    assert "เทศบาลตำบล บ้านไร่" in mail and "ป้ายอยู่ในเขตของเทศบาล" in mail
    assert house.told("incoming.refused")[0]["values"]["responsible"] == "เทศบาลตำบล บ้านไร่"


def test_one_that_is_registered_goes_on_too_and_is_closed_with_that(house: House) -> None:
    opened(house)
    receipt, letter = filed(house), registered(house)
    clerk, deputy = house.ours["central_clerk"], house.ours["clerk"]
    give(house, letter.id, action=[unit(house)])
    with pytest.raises(StageNotAllowed, match="ยังมีงานที่ไม่เสร็จ"):
        forwarding.forward_letter(house.office, actor=clerk, incoming_id=letter.id, to="dopa")
    [task] = the_letter(house).tasks
    tending.return_task(house.office, actor=deputy, incoming_id=letter.id, task_id=task.id, reason="เป็นหน้าที่ของกรมอื่น")

    dispatch = forwarding.forward_letter(house.office, actor=clerk, incoming_id=letter.id, to="dopa")

    after, found, theirs = the_letter(house), seen(house, receipt), house.theirs.agency.name
    assert (after.state, after.register_number) == (IncomingState.REGISTERED, letter.register_number)
    assert after.completed_at is not None and house.letter(dispatch.letter_id).number == "รับเรื่อง 1/2569"
    assert (found.state, found.forwarded_to) == (PetitionState.FORWARDED, theirs)
    assert found.closed_at is not None and theirs in words(mails(house)[-1])
    with house.real.reading.connect() as reader:
        today = office_date(house.clock.now())
        assert [row.state for row in listed(reader, clerk, today, shown=Shown.DONE).items] == [found.state]
    with pytest.raises(StageNotAllowed, match="ปิดเรื่องแล้ว"):
        forwarding.forward_letter(house.office, actor=clerk, incoming_id=letter.id, to="dopa")


def test_the_last_work_of_one_without_an_answer_closes_nothing_and_it_goes_on(house: House) -> None:
    opened(house)
    receipt, letter = filed(house), registered(house)
    clerk, deputy = house.ours["central_clerk"], house.ours["clerk"]
    give(house, letter.id, action=[unit(house)])
    [task] = the_letter(house).tasks
    done = {"actor": deputy, "incoming_id": letter.id, "task_id": task.id, "result": "เป็นหน้าที่ของกรมอื่น"}
    assert not tending.finish_task(house.office, **done)
    assert (the_letter(house).completed_at, seen(house, receipt).state) == (None, PetitionState.REGISTERED)

    forwarding.forward_letter(house.office, actor=clerk, incoming_id=letter.id, to="dopa")
    assert seen(house, receipt).state is PetitionState.FORWARDED and the_letter(house).completed_at is not None


def test_the_last_work_of_one_that_was_answered_closes_its_matter(house: House) -> None:
    opened(house)
    filed(house)
    letter, clerk = registered(house), house.ours["central_clerk"]
    give(house, letter.id, action=[unit(house)])
    petitioning.give_answer(house.office, actor=clerk, incoming_id=letter.id, file=answer_page(house))
    [task] = the_letter(house).tasks
    done = {"actor": house.ours["clerk"], "incoming_id": letter.id, "task_id": task.id, "result": "ตอบแล้ว"}
    assert tending.finish_task(house.office, **done) and the_letter(house).completed_at is not None


# --- the days are watched -----------------------------------------------------------------------------------------


def test_the_clerks_hear_in_time_and_the_head_once_it_is_late(either_house: House) -> None:
    house = either_house
    opened(house)
    filed(house)
    [row] = house.rows(petitions)
    assert row.due_on == date(2026, 12, 8)
    heard = []
    for month, day in ((12, 3), (12, 4), (12, 8), (12, 9), (12, 14)):
        house.clock.move_to(datetime(2026, month, day, 1, 0, tzinfo=UTC))
        pressing.press_deadlines(house.office)
        heard.append([one.kind for one in house.rows(notices) if one.about_id == row.incoming_id])

    near, today, late = NoticeKind.NEAR, NoticeKind.TODAY, NoticeKind.LATE
    assert heard[0] == [] and heard[1] == [near] and set(heard[2]) == {near, today}
    assert set(heard[3]) == {near, today, late} and NoticeKind.ESCALATED in heard[4]
    clerk, head = house.ours["central_clerk"].person_id, house.ours["head"].person_id
    with house.real.reading.connect() as reader:
        told = agenda(reader, clerk, house.clock.now())
        others = agenda(reader, head, house.clock.now())
    assert told is not None and [(one.deed, one.number) for one in told.matters] == [("ตอบเรื่องจากประชาชน", "1/2569")]
    assert others is not None and others.matters == ()
    letter = registered(house)
    page = answer_page(house)
    petitioning.give_answer(house.office, actor=house.ours["central_clerk"], incoming_id=letter.id, file=page)
    with house.real.reading.connect() as reader:
        told = agenda(reader, clerk, house.clock.now())
        figures = petition_board(reader, house.ours["head"], row.arrived_at, date(2026, 12, 14))
        nothing = petition_board(reader, house.theirs["head"], row.arrived_at, date(2026, 12, 14))
    assert told is not None and told.matters == ()
    assert figures == PetitionBoard(open=0, late=0, answered=1, in_time=0) and nothing is None


def test_late_ones_are_listed_by_who_waits_longest_for_who_may_read_them(either_house: House) -> None:
    house = either_house
    opened(house)
    for number, key in enumerate("abc"):
        house.clock.pass_by(timedelta(days=1))
        filed(house, replace(MALI, subject=f"เรื่องที่ {number}", mailbox=""), key=key * 43)
    today = date(2026, 12, 10)
    with house.real.reading.connect() as reader:
        clerk = house.ours["central_clerk"]
        first = listed(reader, clerk, today, limit=2)
        rest = listed(reader, clerk, today, cursor=first.next, limit=2)
        late = listed(reader, clerk, today, shown=Shown.LATE)
        counted = counts(reader, clerk, today)
        newest = listed(reader, clerk, today, shown=Shown.ALL, limit=1)
        stranger = listed(reader, house.theirs["central_clerk"], today, shown=Shown.ALL)
    assert [row.subject for row in (*first.items, *rest.items)] == ["เรื่องที่ 0", "เรื่องที่ 1", "เรื่องที่ 2"]
    assert [row.number for row in late.items] == ["1/2569"] and counted == {Shown.OPEN: 3, Shown.LATE: 1}
    assert [row.subject for row in newest.items] == ["เรื่องที่ 2"] and stranger.items == []


def test_of_a_destroyed_letter_number_and_code_lead_to_nothing(either_house: House) -> None:
    house = either_house
    opened(house)
    receipt = filed(house)
    letter = registered(house)
    page = answer_page(house)
    petitioning.give_answer(house.office, actor=house.ours["central_clerk"], incoming_id=letter.id, file=page)
    with house.real.writing.begin() as connection:
        found = strip(connection, Gone(house.ours.agency.id, uuid4(), letter.id))

    assert Digest.of(page.data) in found and letter.raw_sha256 in found
    assert house.rows(petitions) == []
    assert [row.segments for row in house.rows(outbox)] == [[], []]
    with pytest.raises(NotFound):
        petitioning.open_answer(house.office, number=receipt.number, code=receipt.code[:12])


# --- by ordinary mail ---------------------------------------------------------------------------------------------


def test_who_writes_by_mail_gets_number_and_code_in_the_confirmation(either_house: House) -> None:
    house = either_house
    opened(house)
    letter = come_in(house, "Subject: hello", sender="mali@example.com")
    house.clock.pass_by(timedelta(days=2))
    named = registering.MailLetter(subject="ขอข้อมูล", sender="นางสาวมะลิ")
    registering.register_mail(house.office, actor=house.ours["central_clerk"], incoming_id=letter.id, named=named)

    [mail] = mails(house)
    told = words(mail)
    [row] = house.rows(petitions)
    assert row.arrived_at == letter.received_at, "the days count from when it came, not from when it was registered"
    assert {one.at for one in house.rows(journal) if one.name == "petition.filed"} == {house.clock.now()}
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
