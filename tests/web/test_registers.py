"""The legal books on screen: statutory columns, years, search, paper, and what stays masked."""

from __future__ import annotations

import re
from datetime import date, timedelta
from uuid import uuid4

from sqlalchemy import delete, insert, select, update

from saraban.domain.attachment import Attachment, Digest, Role
from saraban.domain.classification import Secrecy, Urgency
from saraban.domain.register import BookKind, EntryId, EntryState, RegisterEntry
from saraban.storage.files import write_files
from saraban.storage.tables.closing import day_closes
from saraban.storage.tables.registers import entries
from tests.web.installation import READING, Browser, Installation
from tests.web.test_tracking import register_at_learning

COLUMNS = ["ที่", "ลงวันที่", "จาก", "ถึง", "เรื่อง", "การปฏิบัติ", "หมายเหตุ"]


def columns(text: str) -> list[str]:
    head = text[text.index("<thead>") : text.index("</thead>")]
    cells = re.findall(r'<th (?!class="check")[^>]*>(.*?)</th>', head)
    return [re.sub(r"<[^>]+>", "", cell) for cell in cells]


def serials(text: str) -> list[str]:
    """The numbers of the lines that a page shows."""
    return re.findall(r'<td class="n"[^>]*><a [^>]*>(.+?)</a></td>', text)


def test_the_receiving_register_has_the_columns_of_form_13(town: Installation) -> None:
    town.dispatched()
    town.carry()
    register_at_learning(town)

    page = town.client("learning-clerk").get("/registers/receiving").text

    assert columns(page) == ["เลขทะเบียนรับ", *COLUMNS]
    assert "แบบที่ ๑๓" in page
    assert serials(page) == ["๑"]
    assert "ศธ\u00a0๐๖๐๑/๑" in page
    assert 'วันที่ <span class="num">๒๓</span> เดือน พฤศจิกายน พ.ศ. <span class="num">๒๕๖๙</span>' in page


def test_the_sending_register_has_the_columns_of_form_14_and_links_to_its_letter(
    town: Installation, clerk: Browser
) -> None:
    letter = town.issued()

    page = clerk.get("/registers/sending").text

    assert columns(page) == ["เลขทะเบียนส่ง", *COLUMNS]
    assert "แบบที่ ๑๔" in page
    assert f'href="/letters/{letter}"' in page


def test_a_line_links_only_where_its_reader_may_go(town: Installation) -> None:
    letter = town.issued()

    page = town.client("reading-plan-clerk").get("/registers/sending").text

    assert "ขอเชิญประชุมคณะกรรมการส่งเสริมการอ่าน" in page
    assert str(letter) not in page


def test_another_agency_sees_its_own_empty_book(town: Installation) -> None:
    town.issued()

    page = town.client("learning-clerk").get("/registers/sending").text

    assert "ยังไม่มีรายการในทะเบียนปี ๒๕๖๙" in page
    assert "ขอเชิญประชุม" not in page


def test_a_book_is_searched_with_thai_or_arabic_digits(town: Installation, clerk: Browser) -> None:
    town.issued()
    town.issued(subject="เรื่องอื่น")

    thai = clerk.get("/registers/sending?q=๐๖๐๑/๒").text
    arabic = clerk.get("/registers/sending?q=0601/2").text
    nothing = clerk.get("/registers/sending?q=ไม่มีคำนี้").text

    for page in (thai, arabic):
        assert "เรื่องอื่น" in page
        assert "ขอเชิญประชุม" not in page
    assert "ไม่พบรายการที่ตรงกับตัวกรอง" in nothing


def test_another_year_is_another_book(town: Installation, clerk: Browser) -> None:
    town.issued()

    assert "ยังไม่มีรายการในทะเบียนปี ๒๕๖๘" in clerk.get("/registers/sending?year=2568").text
    assert "ขอเชิญประชุม" in clerk.get("/registers/sending?year=๒๕๖๙").text


def test_a_unit_without_a_book_of_its_own_is_not_found(town: Installation, clerk: Browser) -> None:
    assert clerk.get("/registers/sending?unit=PLAN").status_code == 404


def test_a_classified_line_is_masked_for_those_who_may_not_know_it(town: Installation) -> None:
    letter = town.issued(secrecy=Secrecy.CONFIDENTIAL, subject="เรื่องลับของกรม")

    knows = town.client("reading-director").get("/registers/sending").text
    does_not = town.client("reading-plan-clerk").get("/registers/sending").text

    assert "เรื่องลับของกรม" in knows
    assert "เรื่องลับของกรม" not in does_not
    assert "หนังสือมีชั้นความลับ" in does_not
    assert str(letter) not in does_not
    assert serials(does_not) == ["๑"]


def enter_lines(town: Installation, how_many: int) -> None:
    """Fill the sending book of กรมส่งเสริมการอ่าน with lines of paper letters."""
    agency, now = town.agencies[READING], town.clock.now()
    with town.services.uow() as uow:
        for _ in range(how_many):
            book, number = uow.registers.take(agency, BookKind.SENDING, None, 2569)
            uow.registers.enter(
                RegisterEntry(
                    id=EntryId(uuid4()),
                    agency_id=agency,
                    book_id=book,
                    kind=BookKind.SENDING,
                    year=2569,
                    serial=number,
                    state=EntryState.VOID if number == 2 else EntryState.USED,
                    subject_of=None,
                    number=f"ศธ 0601/{number}",
                    letter_date=date(2026, 11, 23),
                    sender="สำนักงานเลขานุการกรม",
                    addressee="กรมบัญชีกลาง",
                    subject=f"เรื่องลำดับที่ {number}",
                    practice="",
                    note="",
                    urgency=Urgency.NORMAL,
                    secrecy=Secrecy.OPEN,
                    unit_id=None,
                    at=now,
                    entered_by="พรทิพย์ แสงจันทร์",
                    void_reason="พิมพ์ซ้ำ" if number == 2 else "",
                )
            )
        uow.commit()


def test_a_void_line_stays_readable_with_its_reason(town: Installation, clerk: Browser) -> None:
    enter_lines(town, 3)

    page = clerk.get("/registers/sending").text

    assert "<s>เรื่องลำดับที่ 2</s>" in page
    assert "พิมพ์ซ้ำ" in page
    assert serials(page) == ["๓", "๒", "๑"]


def test_hundreds_of_lines_come_in_pages(town: Installation, clerk: Browser) -> None:
    enter_lines(town, 51)

    first = clerk.get("/registers/sending").text
    following = re.search(r'href="([^"]+)" rel="next"', first)
    assert following is not None
    second = clerk.get(following.group(1).replace("&amp;", "&")).text

    assert serials(first)[:2] == ["๕๑", "๕๐"]
    assert serials(second) == ["๑"]


def test_all_books_of_a_year_stand_side_by_side_with_their_numbers(town: Installation, clerk: Browser) -> None:
    enter_lines(town, 3)

    page = clerk.get("/registers/").text

    assert re.search(r'href="/registers/sending\?year=2569">ทะเบียนหนังสือส่ง</a>', page)
    assert "กรมส่งเสริมการอ่าน" in page and "๑–๓" in page
    assert '<td class="num r" data-label="ใช้แล้ว">๒</td>' in page
    assert "state=void" in page and "เปิดอยู่" in page
    assert "เลขไม่ขาด" in page
    assert "ยังไม่มีทะเบียนในปี ๒๕๖๘" in clerk.get("/registers/?year=2568").text


def test_a_gap_in_a_book_is_told_where_the_books_stand(town: Installation, clerk: Browser) -> None:
    enter_lines(town, 3)
    with town.office.writing.begin() as connection:
        connection.execute(delete(entries).where(entries.c.serial == 2))

    assert "ขาด ๑ เลข" in clerk.get("/registers/").text


def test_every_register_has_its_page_and_no_other_name_has_one(town: Installation, clerk: Browser) -> None:
    for kind in BookKind:
        page = clerk.get(f"/registers/{kind.value}")
        assert page.status_code == 200 and kind.thai in page.text
    assert clerk.get("/registers/nonsense").status_code == 404


def test_a_closed_day_says_under_whose_seal(town: Installation, clerk: Browser) -> None:
    enter_lines(town, 1)
    row = {
        "id": uuid4(), "agency_id": town.agencies[READING], "day": date(2026, 11, 23), "root": Digest.of(b"root"),
        "lines": 1, "until_seq": 1, "statement": b"{}", "signature": b"-", "time_stamp": b"-", "at": town.clock.now(),
    }  # fmt: skip
    with town.office.writing.begin() as connection:
        connection.execute(insert(day_closes), {k: v for k, v in row.items() if k in day_closes.c})

    page = clerk.get("/registers/sending").text

    assert "ปิดทะเบียนวันที่ ๒๓\u00a0พ.ย.\u00a0๒๕๖๙ ลงตราและตราเวลา" in page


def test_a_line_tells_that_it_was_rectified_entered_late_and_has_a_scan(town: Installation, clerk: Browser) -> None:
    enter_lines(town, 1)
    with town.office.writing.begin() as connection:
        line = connection.execute(select(entries.c.id, entries.c.agency_id)).one()
        late = town.clock.now() - timedelta(days=3)
        connection.execute(update(entries).values(corrected=1, received_at=late))
        scan = Attachment("สแกน.pdf", Role.ENCLOSURE, "application/pdf", 9, Digest.of(b"scan"))
        write_files(connection, line.agency_id, line.id, [scan])

    page = clerk.get("/registers/sending").text

    assert f'href="/registers/entries/{line.id}#corrections">ดูข้อความเดิม</a>' in page
    assert "ลงย้อนหลัง ออกจริง ๒๐\u00a0พ.ย.\u00a0๒๕๖๙" in page
    assert 'aria-label="มีไฟล์สแกน"' in page
