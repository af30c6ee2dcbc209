"""Letters on paper: entered one by one or many at once, late or from before the system, and never twice unasked."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import insert

from saraban.domain.agency import Unit
from saraban.domain.attachment import Attachment
from saraban.domain.classification import Secrecy
from saraban.domain.errors import BadInput, NotFound, NotPermitted, PossibleDuplicate, RuleBroken
from saraban.domain.register import Book, BookId, BookKind, EntryId, Matter, Origin, RegisterEntry
from saraban.storage.tables.letters import files
from saraban.storage.tables.registers import entries, phrases
from saraban.usecases import amending, recording, registering
from saraban.usecases.books import UnitOfWork
from saraban.usecases.ports import Services
from saraban.usecases.recording import BadRows, Recorded
from tests.builders import NOW
from tests.usecases.house import House

MATTER = Matter(
    number="กค ๐๔๐๘/๑๒๓",
    letter_date=date(2026, 11, 20),
    sender="กรมบัญชีกลาง",
    addressee="อธิบดี",
    subject="ซักซ้อมความเข้าใจแนวทางปฏิบัติในการจัดซื้อจัดจ้าง",
)
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 20


def enter(house: House, **changes: Any) -> Recorded:
    """Enter MATTER with these changes as our central clerk, into the receiving book."""
    names = ("files", "again", "accepted", "kind", "actor", "serial", "year", "origin", "unit_code")
    told = {name: changes.pop(name) for name in names if name in changes}
    values: dict[str, Any] = {"actor": house.ours["central_clerk"], "kind": BookKind.RECEIVING} | told
    return recording.record_letter(house.office, matter=replace(MATTER, **changes), **values)


def scan(house: House, data: bytes = PNG, name: str = "scan.png") -> Attachment:
    """A picture that was kept for a letter to come."""
    return recording.keep_scan(house.office, stream=io.BytesIO(data), name=name)


def line(house: House, recorded: Recorded) -> RegisterEntry:
    """The line as it lies on the shelf."""
    with house.office.uow() as uow:
        return uow.registers.get(house.ours.agency.id, EntryId(recorded.id))


def open_book(house: House, kind: BookKind, *, first: int = 1, unit: Unit | None = None, year: int = 2569) -> None:
    """Open a book as the administrator does."""
    unit_id = unit.id if unit is not None else None
    book = Book(BookId(uuid4()), house.ours.agency.id, kind, unit_id, year, first, first - 1, NOW, "ผู้ดูแลระบบ")
    with house.office.uow() as uow:
        uow.registers.open(book)
        uow.commit()


# --- one letter -------------------------------------------------------------------------------------------------------


def test_a_letter_on_paper_takes_the_next_number_and_is_told_in_the_journal(house: House) -> None:
    first, second = enter(house), enter(house, number="กค 0408/124", subject="เรื่องต่อไป")

    assert (first.number, second.number, second.year) == (1, 2, 2569)
    assert first.letter_number == "กค 0408/123"
    kept = line(house, first)
    assert (kept.sender, kept.origin, kept.entered_by) == ("กรมบัญชีกลาง", Origin.PAPER, "นางสาวสมใจ ใจดี")
    assert house.journal().count("number.taken") == 2


def test_a_letter_that_names_no_addressee_is_for_the_agency_itself(house: House) -> None:
    assert line(house, enter(house, addressee=" ")).addressee == house.ours.agency.name


def test_a_letter_from_an_outsider_may_have_no_number(house: House) -> None:
    assert line(house, enter(house, number="", letter_date=None)).number == ""


def test_an_outgoing_letter_gets_its_number_from_the_book(house: House) -> None:
    sent = enter(house, kind=BookKind.SENDING, number="ไม่ใช้", sender="")

    kept = line(house, sent)
    assert sent.letter_number.endswith("/1")
    assert (kept.sender, kept.letter_date) == (house.ours.agency.name, date(2026, 11, 20))


def test_an_order_is_numbered_by_its_year_once_its_book_is_open(house: House) -> None:
    with pytest.raises(RuleBroken) as refused:
        enter(house, kind=BookKind.ORDERS)
    assert refused.value.code == "book-not-open"
    open_book(house, BookKind.ORDERS, first=41)

    assert enter(house, kind=BookKind.ORDERS).letter_number == "41/2569"


def test_what_is_wrong_is_told_by_field_and_no_number_is_lost(house: House) -> None:
    with pytest.raises(BadInput) as refused:
        enter(house, subject="", sender=" ", letter_date=date(2027, 1, 1))

    assert set(refused.value.fields) == {"subject", "sender", "letter_date"}
    assert enter(house).number == 1


def test_registering_late_keeps_the_true_moment_beside_that_of_entry(house: House) -> None:
    came = NOW - timedelta(days=2)

    kept = line(house, enter(house, received_at=came))

    assert (kept.received_at, kept.at, kept.is_late) == (came, house.clock.now(), True)


def test_a_letter_from_before_the_system_keeps_its_number(house: House) -> None:
    open_book(house, BookKind.RECEIVING, first=4001)

    old = enter(house, serial=317)

    assert (old.number, line(house, old).origin) == (317, Origin.BEFORE)
    assert enter(house, number="กค 0408/200", subject="เรื่องใหม่").number == 4001
    for taken, words in ((317, "มีรายการแล้ว"), (4001, "น้อยกว่าเลขเริ่มต้น"), (0, "น้อยกว่าเลขเริ่มต้น")):
        with pytest.raises(BadInput) as refused:
            enter(house, serial=taken, number=f"กค 0408/9{taken}", subject="เรื่องเดิม")
        assert words in refused.value.fields["serial"]


def test_a_letter_from_before_the_system_needs_a_book_that_began_in_the_middle(house: House) -> None:
    with pytest.raises(RuleBroken):
        enter(house, serial=3)
    enter(house)
    with pytest.raises(BadInput) as refused:
        enter(house, serial=3, number="กค 0408/500", subject="เรื่องเดิม")
    assert "เริ่มที่เลข ๑" in refused.value.fields["serial"]


# --- who may, and into which book ------------------------------------------------------------------------------------


def test_only_clerks_of_the_book_may_enter(house: House) -> None:
    for name in ("clerk", "director", "head", "records", "admin"):
        with pytest.raises(NotPermitted):
            enter(house, actor=house.ours[name])
    open_book(house, BookKind.RECEIVING, unit=house.ours.legal)

    unit = enter(house, actor=house.ours["clerk"], unit_code="legal")

    assert line(house, unit).unit_id == house.ours.legal.id


def test_a_unit_of_another_agency_is_not_found(house: House) -> None:
    with pytest.raises(NotFound):
        enter(house, unit_code="nowhere")


def test_a_classified_letter_needs_clearance_and_goes_into_its_own_register_where_there_is_one(house: House) -> None:
    open_book(house, BookKind.SECRET_RECEIVING)

    kept = line(house, enter(house, secrecy=Secrecy.CONFIDENTIAL))

    assert kept.kind is BookKind.SECRET_RECEIVING
    open_book(house, BookKind.RECEIVING, unit=house.ours.legal)
    with pytest.raises(NotPermitted):
        enter(house, secrecy=Secrecy.CONFIDENTIAL, actor=house.ours["clerk"], unit_code="legal")


# --- what is offered again ------------------------------------------------------------------------------------------


def learned(house: House) -> dict[tuple[str, str, str], tuple[int, str]]:
    return {(p.field, p.beside, p.key): (p.use_count, p.number_head) for p in house.rows(phrases)}


def test_what_was_written_is_learned_with_the_head_of_the_senders_number(house: House) -> None:
    enter(house)
    enter(house, number="กค 0408/124", subject="เรื่องใหม่")

    known = learned(house)
    assert known["sender", "", "กรมบัญชีกลาง"] == (2, "กค 0408/")
    assert known["subject", "", MATTER.subject][0] == 1
    assert known["subject", "กรมบัญชีกลาง", "เรื่องใหม่"][0] == 1


def test_a_head_is_kept_when_a_later_number_has_none(house: House) -> None:
    enter(house)
    enter(house, number="ไม่ถูกแบบ", subject="เรื่องอื่น")

    assert learned(house)["sender", "", "กรมบัญชีกลาง"] == (2, "กค 0408/")


def test_nothing_is_learned_from_a_classified_letter(house: House) -> None:
    enter(house, secrecy=Secrecy.SECRET)

    assert learned(house) == {}


def test_a_line_that_is_put_right_or_becomes_classified_is_offered_no_more(house: House) -> None:
    first = enter(house, subject="เรื่องที่พิมพ์ผดิ")
    enter(house, number="กค 0408/124")

    def rectify(**changes: Any) -> None:
        amending.rectify_entry(
            house.office,
            actor=house.ours["central_clerk"],
            entry_id=EntryId(first.id),
            changes=changes,
            reason="พิมพ์ผิด",
            authority="หัวหน้า",
        )

    rectify(subject="เรื่องที่พิมพ์ถูก")
    texts = {p.key for p in house.rows(phrases)}
    assert "เรื่องที่พิมพ์ถูก" in texts and "เรื่องที่พิมพ์ผดิ" not in texts
    assert learned(house)["sender", "", "กรมบัญชีกลาง"][0] == 2

    rectify(secrecy=Secrecy.CONFIDENTIAL)
    assert {p.key for p in house.rows(phrases) if p.field == "subject"} == {MATTER.subject}
    assert learned(house)["sender", "", "กรมบัญชีกลาง"][0] == 1


# --- the same letter twice ------------------------------------------------------------------------------------------


def test_the_same_number_of_the_same_agency_in_the_same_year_is_noticed(house: House) -> None:
    first = enter(house)

    for changes in ({}, {"number": "กค0408 / 123"}, {"sender": "กรมบัญชีกลาง กระทรวงการคลัง", "subject": "อื่น"}):
        with pytest.raises(PossibleDuplicate) as found:
            enter(house, **changes)
        assert found.value.earlier == [first.id]
        assert "เลขรับ ๑" in found.value.thai

    assert enter(house, letter_date=date(2025, 11, 20)).number == 2
    assert enter(house, sender="บริษัท ค้าไม้ จำกัด").number == 3
    assert enter(house, again=True).number == 4


def test_a_void_line_is_no_earlier_letter(house: House) -> None:
    first = enter(house)
    with house.office.uow() as uow:
        entry = uow.registers.get(house.ours.agency.id, EntryId(first.id))
        entry.void(reason="ลงผิด", authority="หัวหน้า", by=house.ours["records"], at=NOW)
        uow.registers.save(entry)
        uow.commit()

    assert enter(house).number == 2


def test_the_same_file_is_noticed_under_whatever_number(house: House) -> None:
    first = enter(house, files=[scan(house)])

    with pytest.raises(PossibleDuplicate) as found:
        enter(house, number="นร 0106/9", sender="สำนักนายกฯ", subject="อีกเรื่อง", files=[scan(house, name="b.png")])

    assert found.value.earlier == [first.id]


def test_a_file_that_came_by_mail_is_noticed_on_paper(house: House) -> None:
    letter = house.incoming()
    registering.register_letter(house.office, actor=house.ours["central_clerk"], incoming_id=letter.id)
    data = b"\x89PNG\r\n\x1a\nby mail"
    kept = scan(house, data)
    with house.real.writing.connect() as connection, connection.begin():
        row = {"owner_id": letter.id, "ordinal": 9, "agency_id": letter.agency_id, **vars(kept)}
        connection.execute(insert(files), row)

    with pytest.raises(PossibleDuplicate) as found:
        enter(house, files=[scan(house, data)])

    assert line(house, Recorded(found.value.earlier[0], 0, 0, "", NOW)).subject_of == letter.id


def test_a_subject_alike_from_the_same_sender_in_the_same_days_is_noticed_without_a_number(house: House) -> None:
    first = enter(house)
    slip = MATTER.subject.replace("แนวทาง", "แนว")

    with pytest.raises(PossibleDuplicate) as found:
        enter(house, number="", subject=slip, letter_date=date(2026, 11, 21))
    assert found.value.earlier == [first.id]

    assert enter(house, number="", subject=slip, letter_date=date(2026, 10, 1)).number == 2
    assert enter(house, number="", subject=slip, sender="จังหวัดเชียงใหม่").number == 3


def test_two_numbers_are_two_letters_unless_sender_day_and_subject_are_the_same(house: House) -> None:
    first = enter(house, number="กค 0408/1")

    for changes in ({}, {"subject": MATTER.subject + " "}):
        with pytest.raises(PossibleDuplicate) as found:
            enter(house, number="กค 0408/11", **changes)
        assert found.value.earlier == [first.id]
    assert enter(house, number="กค 0408/2", letter_date=date(2026, 11, 19)).number == 2
    assert enter(house, number="กค 0408/3", subject=MATTER.subject + " ครั้งที่ 2").number == 3
    assert enter(house, number="กค 0408/4", sender="จังหวัดเชียงใหม่").number == 4


def test_the_clerks_word_holds_for_what_was_shown_and_for_nothing_that_came_after(house: House) -> None:
    enter(house)
    with pytest.raises(PossibleDuplicate) as asked:
        enter(house)
    accepted = [finding.key for finding in asked.value.findings]
    second = enter(house, again=True)

    with pytest.raises(PossibleDuplicate) as more:
        enter(house, accepted=accepted)

    assert second.id in more.value.earlier
    assert enter(house, accepted=[finding.key for finding in more.value.findings]).number == 3


def test_a_classified_line_is_not_given_away_by_the_check(house: House) -> None:
    enter(house, secrecy=Secrecy.SECRET, files=[scan(house)])

    assert enter(house, files=[scan(house)]).number == 2


def test_another_agencys_letters_are_no_earlier_ones(house: House) -> None:
    enter(house, actor=house.theirs["central_clerk"], files=[scan(house)])

    assert enter(house, files=[scan(house)]).number == 1


# --- many at once ----------------------------------------------------------------------------------------------------


def many(house: House, *matters: Matter, **more: Any) -> list[Recorded]:
    return recording.record_many(
        house.office, actor=house.ours["central_clerk"], kind=BookKind.RECEIVING, matters=matters, **more
    )


def rows(count: int) -> list[Matter]:
    return [replace(MATTER, number=f"กค 0408/{n}", subject=f"เรื่องที่ {n}") for n in range(1, count + 1)]


def test_many_letters_are_entered_in_their_order(house: House) -> None:
    enter(house)

    made = many(house, *rows(5))

    assert [r.number for r in made] == [2, 3, 4, 5, 6]
    assert [line(house, r).number for r in made] == [f"กค 0408/{n}" for n in range(1, 6)]


def test_many_letters_go_into_their_books_and_each_book_stays_in_order(house: House) -> None:
    open_book(house, BookKind.SECRET_RECEIVING)
    mixed = [replace(m, secrecy=Secrecy.SECRET if n % 2 else Secrecy.OPEN) for n, m in enumerate(rows(4))]

    made = many(house, *mixed)

    assert [(line(house, r).kind, r.number) for r in made] == [
        (BookKind.RECEIVING, 1),
        (BookKind.SECRET_RECEIVING, 1),
        (BookKind.RECEIVING, 2),
        (BookKind.SECRET_RECEIVING, 2),
    ]


def test_one_bad_row_and_none_is_entered(house: House) -> None:
    good = rows(3)

    with pytest.raises(BadRows) as refused:
        many(house, good[0], replace(good[1], subject=""), replace(good[2], letter_date=date(2030, 1, 1)))

    assert {place: set(words) for place, words in refused.value.rows.items()} == {1: {"subject"}, 2: {"letter_date"}}
    assert house.rows(entries) == []
    assert enter(house).number == 1


def test_a_row_that_stands_twice_and_one_that_stands_in_the_book_are_told_with_their_place(house: House) -> None:
    good = rows(3)
    with pytest.raises(PossibleDuplicate) as twice:
        many(house, good[0], good[1], replace(good[0], number="กค 0408/๑"))
    assert (twice.value.row, twice.value.earlier) == (2, [])

    first = many(house, good[1])[0]
    with pytest.raises(PossibleDuplicate) as known:
        many(house, *good)

    assert (known.value.row, known.value.earlier) == (1, [first.id])
    assert len(many(house, *good, again=True)) == 3


def test_of_every_row_all_that_seems_known_is_told_at_once(house: House) -> None:
    known = enter(house, number="กค 0408/1")
    twice = replace(MATTER, number="กค 0408/7", subject="อื่น")
    matters = [twice, twice, replace(MATTER, number="กค 0408/1"), replace(MATTER, number="กค 0408/๑")]

    with pytest.raises(PossibleDuplicate) as asked:
        many(house, *matters)

    found = asked.value.findings
    assert [(f.row, f.twin, f.earlier) for f in found] == [
        (1, 0, ()), (2, None, (known.id,)), (3, 2, ()), (3, None, (known.id,)),
    ]  # fmt: skip
    assert asked.value.row == 1
    seen = recording.seem_known(
        house.office, actor=house.ours["central_clerk"], kind=BookKind.RECEIVING, matters=matters
    )
    assert seen == found
    with pytest.raises(PossibleDuplicate) as left:
        many(house, *matters, accepted=[found[0].key, found[1].key, found[2].key])
    assert left.value.row == 3
    assert len(many(house, *matters, accepted=[f.key for f in found])) == 4


def test_rows_without_a_number_that_say_the_same_are_twins(house: House) -> None:
    bare = replace(MATTER, number="")

    with pytest.raises(PossibleDuplicate) as asked:
        many(house, bare, replace(bare, subject="อื่น"), bare)

    assert [(f.row, f.twin) for f in asked.value.findings] == [(2, 0)]


def test_letters_of_a_list_without_a_number_are_compared_by_their_subjects(house: House) -> None:
    first = enter(house, number="")
    new = replace(MATTER, number="", subject="เรื่องอื่น", letter_date=date(2026, 10, 1))

    with pytest.raises(PossibleDuplicate) as found:
        many(house, new, replace(MATTER, number="", letter_date=date(2026, 11, 22)))

    assert (found.value.row, found.value.earlier) == (1, [first.id])
    assert len(many(house, new, replace(MATTER, number="", sender="จังหวัดเชียงใหม่"))) == 2


def entered_meanwhile(house: House, matter: Matter) -> Services:
    """Services in which this letter comes in after a list was compared and before its lines are written."""
    begun = 0

    def begin() -> UnitOfWork:
        nonlocal begun
        begun += 1
        if begun == 2:
            recording.record_letter(
                house.office, actor=house.ours["central_clerk"], kind=BookKind.RECEIVING, matter=matter, again=True
            )
        return house.office.uow()

    return replace(house.office, uow=begin)


def test_a_letter_that_comes_in_while_a_list_is_compared_is_noticed(house: House) -> None:
    bare = replace(MATTER, number="")

    with pytest.raises(PossibleDuplicate) as found:
        recording.record_many(
            entered_meanwhile(house, bare),
            actor=house.ours["central_clerk"],
            kind=BookKind.RECEIVING,
            matters=[replace(bare, sender="จังหวัดเชียงใหม่"), bare],
        )

    assert (found.value.row, len(house.rows(entries))) == (1, 1)


def test_a_clerks_word_holds_though_another_letter_comes_in_while_the_list_is_compared(house: House) -> None:
    enter(house)
    matters = [MATTER, replace(MATTER, number="", sender="จังหวัดน่าน", subject="อื่น")]
    [asked] = recording.seem_known(
        house.office, actor=house.ours["central_clerk"], kind=BookKind.RECEIVING, matters=matters
    )

    made = recording.record_many(
        entered_meanwhile(house, replace(MATTER, number="", sender="จังหวัดเชียงใหม่", subject="อีกเรื่อง")),
        actor=house.ours["central_clerk"],
        kind=BookKind.RECEIVING,
        matters=matters,
        accepted=[asked.key],
    )

    assert [one.number for one in made] == [3, 4]


def test_not_more_than_ten_thousand_at_once_and_not_none(house: House) -> None:
    for matters in ([], [MATTER] * (recording.MOST_AT_ONCE + 1)):
        with pytest.raises(BadInput):
            many(house, *matters)


# --- scans ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"\xff\xd8\xff\xe0 jpeg", "image/jpeg"),
        (PNG, "image/png"),
        (b"RIFF0000WEBPVP8 ", "image/webp"),
        (b"II*\x00 tiff", "image/tiff"),
    ],
)
def test_pictures_are_known_by_their_bytes_and_not_by_their_names(house: House, data: bytes, kind: str) -> None:
    assert scan(house, data, "../../แฟ้ม.exe").media_type == kind
    assert scan(house, data, "../../แฟ้ม.exe").name == "แฟ้ม.exe"


@pytest.mark.parametrize("data", [b"", b"MZ program", b"%PDF-1.7 cut off", b"<svg onload=alert(1)>"])
def test_what_is_no_page_is_refused(house: House, data: bytes) -> None:
    with pytest.raises(BadInput) as refused:
        scan(house, data)

    assert refused.value.fields["file"]


def test_a_scan_is_attached_later_and_stands_in_the_ledger(house: House) -> None:
    first = enter(house)

    recording.attach_scan(house.office, actor=house.ours["central_clerk"], entry_id=EntryId(first.id), scan=scan(house))

    assert [f.name for f in line(house, first).files] == ["scan.png"]
    with pytest.raises(NotFound):
        recording.attach_scan(
            house.office, actor=house.theirs["central_clerk"], entry_id=EntryId(first.id), scan=scan(house)
        )
