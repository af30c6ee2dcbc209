"""The page of one line of a register: what it says, what it said, what happened to its number, and what may be done."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from uuid import UUID

import pytest

from saraban.domain.classification import Secrecy
from saraban.domain.reading_log import ReadingDeed
from saraban.domain.register import BookKind, EntryState, Matter
from saraban.reading import entry_page
from saraban.storage.tables.reading_log import readings
from saraban.usecases import amending, recording
from saraban.usecases.noting_reads import take_in_readings
from tests.web.installation import READING, Browser, Installation

PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89"
    b"\x00\x00\x00\rIDATx\x9cc\xf8\xff\xff?\x00\x05\xfe\x02\xfe\xa75\x81\x84\x00\x00\x00\x00IEND\xaeB`\x82"
)


def a_paper_letter(town: Installation, who: str = "reading-clerk", **more: object) -> UUID:
    """A letter on paper in the receiving book."""
    values: dict[str, object] = {"number": "นศ 0017/55", "sender": "จังหวัดนครศรีธรรมราช", "subject": "ขอส่งรายชื่อผู้เข้าอบรม"}
    made = recording.record_letter(
        town.services, actor=town.actor(who), kind=BookKind.RECEIVING, matter=Matter(**(values | more))
    )
    return UUID(str(made.id))


def reserved(town: Installation, count: int = 1, kind: BookKind = BookKind.RECEIVING) -> list[UUID]:
    """Numbers that were set aside for letters on paper."""
    block = amending.reserve_numbers(
        town.services, actor=town.actor("reading-clerk"), kind=kind, count=count, reason="ระบบหยุดเพื่อบำรุงรักษา"
    )
    return [UUID(str(one)) for one in block.ids]


def look(town: Installation, entry_id: UUID, who: str = "reading-clerk") -> entry_page.EntryPage:
    """The line as this person sees it."""
    with town.office.reading.connect() as reader:
        return entry_page.entry_page(reader, town.actor(who), entry_id)


def test_the_page_tells_all_of_a_line_and_the_ledger_of_its_number(town: Installation, clerk: Browser) -> None:
    line = a_paper_letter(town, practice="ส่งกองแผนงาน")

    page = clerk.get(f"/registers/entries/{line}").text

    told = ("ขอส่งรายชื่อผู้เข้าอบรม", "นศ\u00a0๐๐๑๗/๕๕", "จังหวัดนครศรีธรรมราช", "ส่งกองแผนงาน", "ออกเลข", "กระดาษ ทางไปรษณีย์")
    for words in told:
        assert words in page
    assert look(town, line).history[0].line.hex[:8] in page


def test_a_late_line_shows_the_true_date_and_the_date_of_entry(town: Installation, clerk: Browser) -> None:
    line = a_paper_letter(town, received_at=town.clock.now() - timedelta(days=3))

    page = clerk.get(f"/registers/entries/{line}").text

    assert "ลงทะเบียนย้อนหลัง" in page
    assert "๒๐\u00a0พ.ย.\u00a0๒๕๖๙" in page and "๒๓\u00a0พ.ย.\u00a0๒๕๖๙" in page


def test_a_number_is_struck_with_reason_and_authority_and_stays_readable(town: Installation, clerk: Browser) -> None:
    line = a_paper_letter(town)

    answer = clerk.send(f"/registers/entries/{line}/void", {"reason": "ลงซ้ำ", "authority": "คำสั่งเลขานุการกรม"})
    page = clerk.get(f"/registers/entries/{line}").text

    assert answer.status_code == 302
    assert "เลขนี้ยกเลิกแล้ว" in page and "ลงซ้ำ" in page and "คำสั่งเลขานุการกรม" in page
    assert "ขอส่งรายชื่อผู้เข้าอบรม" in page
    assert look(town, line).state is EntryState.VOID


@pytest.mark.only_database("sqlite")
def test_a_void_without_authority_keeps_what_was_typed_and_says_what_is_missing(
    town: Installation, clerk: Browser
) -> None:
    line = a_paper_letter(town)

    answer = clerk.send(f"/registers/entries/{line}/void", {"reason": "ลงซ้ำกับเลขอื่น", "authority": " "})

    assert answer.status_code == 422
    assert "ลงซ้ำกับเลขอื่น" in answer.text and "ใส่ผู้สั่งให้ยกเลิก" in answer.text
    assert 'id="void-dialog"' in answer.text and "data-open" in answer.text
    assert look(town, line).state is EntryState.USED


@pytest.mark.only_database("sqlite")
def test_a_second_click_shows_the_line_as_it_is(town: Installation, clerk: Browser) -> None:
    line = a_paper_letter(town)
    for _ in range(2):
        answer = clerk.send(f"/registers/entries/{line}/void", {"reason": "ลงซ้ำ", "authority": "คำสั่ง"})

    assert answer.status_code == 302
    assert "เลขนี้ยกเลิกแล้ว" in clerk.get(answer.headers["Location"]).text


def _typed(town: Installation, line: UUID, **more: str) -> dict[str, str]:
    page = look(town, line)
    return {
        "number": page.number,
        "letter_date": page.letter_date.isoformat() if page.letter_date else "",
        "sender": page.sender,
        "addressee": page.addressee,
        "subject": page.subject,
        "practice": page.practice,
        "note": page.note,
        "urgency": page.urgency.value,
        "secrecy": page.secrecy.value,
        "seen": page.seen,
    } | more


def test_a_rectified_line_shows_old_and_new_beside_each_other(town: Installation, clerk: Browser) -> None:
    line = a_paper_letter(town)
    before = clerk.get(f"/registers/entries/{line}/rectify")
    sent = _typed(town, line, sender="จังหวัดสงขลา", letter_date="๒๐/๑๑/๒๕๖๙", reason="พิมพ์ผิด", authority="หัวหน้าสารบรรณ")

    answer = clerk.send(f"/registers/entries/{line}/rectify", sent)
    page = clerk.get(f"/registers/entries/{line}").text

    assert before.status_code == 200 and 'value="จังหวัดนครศรีธรรมราช"' in before.text
    assert answer.status_code == 302
    assert "<s>จังหวัดนครศรีธรรมราช</s>" in page and "<td>จังหวัดสงขลา</td>" in page
    assert "<s>(ว่าง)</s>" in page and "<td>๒๐\u00a0พ.ย.\u00a0๒๕๖๙</td>" in page
    assert "พิมพ์ผิด" in page and "หัวหน้าสารบรรณ" in page and "แก้ไขรายการ" in page


@pytest.mark.only_database("sqlite")
def test_a_correction_without_a_reason_a_change_or_a_date_keeps_what_was_typed(
    town: Installation, clerk: Browser
) -> None:
    line = a_paper_letter(town)

    for change, words in (
        ({"subject": "เรื่องที่แก้แล้ว"}, "ใส่เหตุผลที่แก้ไข"),
        ({"reason": "ลองดู"}, "ยังไม่มีช่องใดที่ต่างจากเดิม"),
        ({"letter_date": "31/11", "reason": "วันผิด"}, "ไม่มีในปฏิทิน"),
        ({"sender": "", "reason": "ลบ"}, "ใส่ว่าหนังสือมาจาก"),
    ):
        answer = clerk.send(f"/registers/entries/{line}/rectify", _typed(town, line, **change))
        assert answer.status_code == 422
        assert words in answer.text
        for typed in change.values():
            assert typed in answer.text
    assert look(town, line).corrections == []


@pytest.mark.only_database("sqlite")
def test_a_line_that_a_colleague_changed_meanwhile_is_not_overwritten(town: Installation, clerk: Browser) -> None:
    line = a_paper_letter(town)
    mine = _typed(town, line, subject="เรื่องของข้าพเจ้า", reason="แก้")
    amending.rectify_entry(
        town.services, actor=town.actor("reading-clerk"), entry_id=line, changes={"subject": "เรื่องของเพื่อน"}, reason="แก้"
    )

    answer = clerk.send(f"/registers/entries/{line}/rectify", mine)

    assert answer.status_code == 409
    assert "เรื่องของข้าพเจ้า" in answer.text and "ถูกแก้ไขหลังจากท่านเปิด" in answer.text
    assert look(town, line).subject == "เรื่องของเพื่อน"


def test_what_was_done_is_written_into_the_line(town: Installation, clerk: Browser) -> None:
    line = a_paper_letter(town)

    typed = {"practice": "ตอบแล้ว ที่ ศธ ๐๖๐๑/๙๙", "seen": look(town, line).seen}
    clerk.send(f"/registers/entries/{line}/practice", typed)
    page = clerk.get(f"/registers/entries/{line}").text

    assert look(town, line).practice == "ตอบแล้ว ที่ ศธ ๐๖๐๑/๙๙"
    assert "บันทึกการปฏิบัติ" in page


def test_a_reserved_number_is_bound_and_a_second_letter_of_the_same_number_is_noticed(
    town: Installation, clerk: Browser
) -> None:
    a_paper_letter(town)
    [line] = reserved(town)
    typed = {"number": "นศ ๐๐๑๗/๕๕", "sender": "จังหวัดนครศรีธรรมราช", "subject": "ขอส่งรายชื่อ", "origin": "counter"}

    asked = clerk.send(f"/registers/entries/{line}/bind", typed)
    accepted = re.findall(r'name="accepted" value="([^"]+)"', asked.text)
    bound = clerk.send(f"/registers/entries/{line}/bind", typed | {"accepted": accepted})

    assert asked.status_code == 409 and "อาจเคยลงรับแล้ว" in asked.text and "ขอส่งรายชื่อผู้เข้าอบรม" in asked.text
    assert bound.status_code == 302
    page = look(town, line)
    assert (page.state, page.number, page.origin.value) == (EntryState.USED, "นศ 0017/55", "counter")


def test_scans_are_bound_with_their_letter_and_a_refused_one_binds_nothing(town: Installation, clerk: Browser) -> None:
    [line] = reserved(town)
    address, typed = f"/registers/entries/{line}/bind", {"sender": "กรมบัญชีกลาง", "subject": "แจ้งผล", "origin": "paper"}
    assert 'data-offers="practice"' in clerk.get(address).text

    refused = clerk.send(address, typed | {"file": [(io.BytesIO(PNG), "ก.png"), (io.BytesIO(b"MZ"), "ข.exe")]})
    kept = re.findall(r'name="kept" value="([^"]+)"', refused.text)

    assert refused.status_code == 422 and "ข.exe: แนบได้เฉพาะ" in refused.text and len(kept) == 1
    assert look(town, line).state is EntryState.RESERVED
    assert clerk.send(address, typed | {"kept": kept}).status_code == 302
    page = look(town, line)
    assert (page.state, [file.name for file in page.files]) == (EntryState.USED, ["ก.png"])


@pytest.mark.only_database("sqlite")
def test_a_binding_that_is_sent_twice_is_one(town: Installation, clerk: Browser) -> None:
    [line] = reserved(town)
    typed = {"sender": "กรมบัญชีกลาง", "subject": "แจ้งผล", "origin": "paper", "idempotency_key": "one"}

    answers = [clerk.send(f"/registers/entries/{line}/bind", typed) for _ in range(2)]

    assert [a.status_code for a in answers] == [302, 302]
    assert len(look(town, line).history) == 2


def test_a_scan_is_attached_later_shown_and_saved_through_its_line_alone(town: Installation, clerk: Browser) -> None:
    line = a_paper_letter(town)

    answer = clerk.send(f"/registers/entries/{line}/scan", {"camera": (io.BytesIO(PNG), "ภาพ.png")})
    [file] = look(town, line).files
    page = clerk.get(f"/registers/entries/{line}").text
    picture = clerk.get(f"/registers/entries/{line}/files/{file.sha256}/1.png")
    saved = clerk.get(f"/registers/entries/{line}/files/{file.sha256}")
    clerk.get(f"/registers/entries/{line}/files/{file.sha256}", headers={"Sec-Fetch-Dest": "image"})
    take_in_readings(town.services)
    with town.office.reading.connect() as connection:
        noted = [(row.deed, row.what) for row in connection.execute(readings.select()) if row.subject_id == line]

    page_and_file = [(ReadingDeed.OPEN, ""), (ReadingDeed.DOWNLOAD, "ภาพ.png"), (ReadingDeed.OPEN, "ภาพ.png")]
    assert sorted(noted) == sorted(page_and_file), "the file and not the picture of its page"
    assert answer.status_code == 302
    assert f"/registers/entries/{line}/files/{file.sha256}/1.png" in page
    assert (picture.mimetype, picture.data) == ("image/png", PNG)
    assert picture.headers["X-Content-Type-Options"] == "nosniff"
    assert saved.data == PNG and saved.headers["Content-Disposition"].startswith("attachment")
    stranger = town.client("learning-clerk")
    other = a_paper_letter(town, "learning-clerk")
    for address in (f"/registers/entries/{line}", f"/registers/entries/{other}"):
        assert stranger.get(f"{address}/files/{file.sha256}").status_code == 404


@pytest.mark.only_database("sqlite")
def test_what_is_no_scan_is_refused_in_words(town: Installation, clerk: Browser) -> None:
    line = a_paper_letter(town)

    for data, words in ((b"GIF89a", "แนบได้เฉพาะไฟล์ PDF หรือภาพ"), (b"", "ไฟล์ว่างเปล่า"), (b"%PDF-1.4 x", "PDF")):
        answer = clerk.send(f"/registers/entries/{line}/scan", {"file": (io.BytesIO(data), "a.pdf")})
        assert answer.status_code == 422 and words in answer.text
    assert "เลือกไฟล์ก่อนกดแนบ" in clerk.send(f"/registers/entries/{line}/scan").text


def test_every_deed_that_cannot_be_done_says_why_and_who_can(town: Installation) -> None:
    line, [waiting] = a_paper_letter(town), reserved(town)
    director = town.client("reading-director")

    page = director.get(f"/registers/entries/{line}").text
    bind = director.get(f"/registers/entries/{waiting}").text

    assert page.count('aria-disabled="true"') >= 3
    assert "แก้ไขหรือยกเลิกได้เฉพาะเจ้าหน้าที่สารบรรณของทะเบียนเล่มนี้หรือนายทะเบียน" in page
    assert "ลงทะเบียนได้เฉพาะเจ้าหน้าที่สารบรรณกลาง" in bind
    assert director.send(f"/registers/entries/{line}/void", {"reason": "ก", "authority": "ข"}).status_code == 403


def test_a_number_that_waits_for_a_signature_cannot_be_touched(town: Installation, clerk: Browser) -> None:
    letter = town.issued()
    line = _line_of(town, letter)
    with town.services.uow() as uow:
        entry = uow.registers.get(town.agencies[READING], line)
        entry.state = EntryState.RESERVED
        uow.registers.save(entry)
        uow.commit()

    page = clerk.get(f"/registers/entries/{line}").text
    clerk.send(f"/registers/entries/{line}/void", {"reason": "ก", "authority": "ข"})

    assert "กำลังลงนามในระบบ" in page
    assert look(town, line).state is EntryState.RESERVED


def test_a_classified_line_shows_no_words_to_those_not_cleared(town: Installation) -> None:
    letter = town.issued(secrecy=Secrecy.CONFIDENTIAL, subject="เรื่องลับของกรม")
    line = _line_of(town, letter)

    for who in ("reading-plan-clerk", "reading-records"):
        page = town.client(who).get(f"/registers/entries/{line}").text
        assert "เรื่องลับของกรม" not in page and str(letter) not in page
        assert "ปกปิดสำหรับท่าน" in page
    assert "เรื่องลับของกรม" in town.client("reading-director").get(f"/registers/entries/{line}").text


def test_the_neighbours_of_a_number_are_one_key_away(town: Installation, clerk: Browser) -> None:
    lines = [a_paper_letter(town, number=f"นศ 0017/{n}") for n in (1, 2, 3)]

    page = clerk.get(f"/registers/entries/{lines[1]}").text

    assert re.search(rf'href="/registers/entries/{lines[0]}"[^>]*data-key="k"', page)
    assert re.search(rf'href="/registers/entries/{lines[2]}"[^>]*data-key="j"', page)


def test_another_agency_does_not_find_the_line(town: Installation) -> None:
    line = a_paper_letter(town)
    stranger = town.client("learning-clerk")

    assert stranger.get(f"/registers/entries/{line}").status_code == 404
    for deed in ("void", "rectify", "practice", "bind", "scan"):
        assert stranger.send(f"/registers/entries/{line}/{deed}", {"reason": "ก", "authority": "ข"}).status_code == 404


def _line_of(town: Installation, letter: object) -> UUID:
    with town.services.uow() as uow:
        for state in EntryState:
            found = uow.registers.of_subject(town.agencies[READING], UUID(str(letter)), state)
            if found is not None:
                return UUID(str(found.id))
    raise AssertionError("the letter has no line")
