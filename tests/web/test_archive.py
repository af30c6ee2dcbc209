"""Keeping and destroying on the screens, from a letter's page to the record of its destruction."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from uuid import UUID

import pytest
from sqlalchemy import update

from saraban.domain.attachment import Digest
from saraban.domain.disposal_caution import Caution
from saraban.domain.handover import APART
from saraban.domain.reading_log import ReadingDeed
from saraban.domain.register import EntryState
from saraban.storage.tables.archive import destroyed
from saraban.storage.tables.reading_log import readings
from saraban.usecases import archiving, transferring
from saraban.usecases.noting_reads import take_in_readings
from tests.web.installation import Browser, Installation

SUBJECT = "ขอความอนุเคราะห์วิทยากร"


def on_paper(town: Installation, subject: str = SUBJECT, letter_date: str = "20/11/2569") -> str:
    """A letter on paper in the receiving register; its id."""
    form = {"sender": "กรมบัญชีกลาง", "subject": subject, "number": "กค 0408/77", "letter_date": letter_date}
    answer = town.client("reading-clerk").send("/entering/receiving", form)
    assert answer.status_code in (200, 302), answer.text
    page = town.client("reading-clerk").get("/archive/working?book=receiving").text
    return re.findall(r'/archive/letters/([0-9a-f-]{36})"', page)[0]


def in_year(town: Installation, year: int, month: int = 1, day: int = 10) -> None:
    """Set the clock to a day of a year (CE)."""
    town.clock.pass_by(datetime(year, month, day, 3, tzinfo=UTC) - town.clock.now())


def people_of(page: str) -> dict[str, str]:
    """Who can be chosen on a page: name to id."""
    return {name: value for value, name in re.findall(r'<option value="([0-9a-f-]{36})"[^>]*>([^<]+)</option>', page)}


def stored(town: Installation, entry: str, class_code: str = "routine") -> str:
    """Let a letter be classified, finished, listed and received; the address of its list."""
    clerk = town.client("reading-clerk")
    clerk.send(f"/archive/letters/{entry}/class", {"class_code": class_code, "file_code": "03"})
    clerk.send("/archive/finish", {"entry": entry, "book": "receiving", "year": "2569"})
    address = clerk.send("/archive/lists", {"entry": entry}).headers["Location"]
    assert town.client("reading-records").send(f"{address}/receive", {}).status_code == 302
    return address


def _noted(town: Installation, deed: ReadingDeed) -> list[UUID | None]:
    """What the reading log says was read in this way, what is about none before."""
    take_in_readings(town.services)
    with town.office.reading.connect() as connection:
        rows = connection.execute(readings.select().where(readings.c.deed == deed)).all()
    return sorted((row.subject_id for row in rows), key=lambda one: (one is not None, str(one)))


def test_a_letter_goes_into_the_store_and_prints_its_forms(town: Installation) -> None:
    entry = on_paper(town)
    clerk, records = town.client("reading-clerk"), town.client("reading-records")
    address = stored(town, entry)
    clerk.send(f"/archive/letters/{entry}/place", {"room": "คลัง ๑", "shelf": "ก", "box": "๒"})

    assert "รับเก็บแล้ว" in records.get(address).text
    register = records.get("/archive/register").text
    assert SUBJECT in register and "เก็บถึง พ.ศ. ๒๕๗๐" in register and "ห้อง คลัง ๑ ชั้น ก กล่อง ๒" in register
    for printed in (f"{address}.pdf", "/archive/register.pdf?year=2569", f"/archive/letters/{entry}/mark.pdf"):
        answer = records.get(printed)
        assert answer.status_code == 200 and answer.data.startswith(b"%PDF"), printed
    assert _noted(town, ReadingDeed.PRINT) == [None, None, UUID(entry)], "a list is of many"
    assert "เก็บที่หน่วยเก็บ" in clerk.get(f"/registers/entries/{entry}").text
    assert SUBJECT in clerk.get("/archive/lists").text or "บัญชีที่ ๑/๒๕๖๙" in clerk.get("/archive/lists").text


@pytest.mark.only_database("sqlite")
def test_what_cannot_be_done_says_why(town: Installation) -> None:
    entry = on_paper(town)
    head, clerk = town.client("reading-head"), town.client("reading-clerk")

    assert "กำหนดการเก็บได้เฉพาะเจ้าหน้าที่สารบรรณ" in head.get(f"/archive/letters/{entry}").text
    assert "ระงับการทำลายและยกเลิกการระงับได้เฉพาะนายทะเบียนหรือหัวหน้าส่วนราชการ" in clerk.get(f"/archive/letters/{entry}").text
    assert "จัดทำบัญชีหนังสือขอทำลายได้เฉพาะนายทะเบียน" in clerk.get("/archive/disposals").text
    assert clerk.send(f"/archive/letters/{entry}/hold", {"reason": "ก", "order": "ข"}).status_code == 403
    refused = clerk.send("/archive/lists", {})
    assert refused.status_code == 422 and "เลือกหนังสือก่อน" in refused.text
    assert clerk.get(f"/archive/letters/{entry}/mark.pdf").status_code == 404
    assert town.client("learning-clerk").get(f"/archive/letters/{entry}").status_code == 404


def test_a_hold_shows_everywhere_on_the_letter(town: Installation) -> None:
    entry = on_paper(town)
    head = town.client("reading-head")
    head.send(f"/archive/letters/{entry}/hold", {"reason": "คดีปกครอง", "order": "หมายศาล ๕/๒๕๖๙"})

    for page in (f"/archive/letters/{entry}", f"/registers/entries/{entry}", "/archive/holds"):
        text = head.get(page).text
        assert "ระงับการทำลาย" in text and "คดีปกครอง" in text and "หมายศาล ๕/๒๕๖๙" in text, page
    head.send(f"/archive/letters/{entry}/lift", {"reason": "คดีถึงที่สุด"})
    assert "คดีปกครอง" not in head.get(f"/registers/entries/{entry}").text
    assert "ยกเลิกการระงับการทำลาย" in head.get(f"/archive/letters/{entry}").text


@pytest.mark.only_database("sqlite")
def test_a_hold_is_marked_wherever_the_letter_is_listed(town: Installation) -> None:
    entry = on_paper(town)
    address = stored(town, entry)
    head = town.client("reading-head")
    pages = ("/registers/receiving", f"/search?q={SUBJECT}", f"/matters/{entry}", address, "/archive/register")
    mark = "</svg>ระงับการทำลาย</span>"
    assert [page for page in pages if mark in head.get(page).text] == []

    head.send(f"/archive/letters/{entry}/hold", {"reason": "คดีปกครอง", "order": "หมายศาล ๕/๒๕๖๙"})

    assert [page for page in pages if mark not in head.get(page).text] == []
    assert mark in head.get(f"/archive/letters/{entry}/borrow").text
    found = head.get("/search?hold=yes").text
    assert SUBJECT in found and "อยู่ระหว่าง ระงับการทำลาย" in found
    head.send(f"/archive/letters/{entry}/lift", {"reason": "คดีถึงที่สุด"})
    assert SUBJECT not in head.get("/search?hold=yes").text


@pytest.mark.only_database("sqlite")
def test_a_hold_is_marked_in_the_lists_of_letters_that_came_in_and_went_out(town: Installation) -> None:
    town.dispatched(subject=SUBJECT)
    town.carry()
    clerk = town.client("learning-clerk")
    [address] = re.findall(r'href="(/incoming/[0-9a-f-]{36})"', clerk.get("/incoming").text)
    clerk.send(f"{address}/register")
    mark = "</svg>ระงับการทำลาย</span>"
    for who, page in (("learning", "/incoming"), ("reading", "/letters")):
        browser = town.client(f"{who}-clerk")
        book = "receiving" if who == "learning" else "sending"
        work = browser.get(f"/archive/working?book={book}").text
        [entry] = re.findall(r'/archive/letters/([0-9a-f-]{36})"', work)
        assert mark not in browser.get(page).text, page
        browser.send(f"/archive/letters/{entry}/place", {"room": "คลัง ๑"})
        kept = browser.get(f"/archive/letters/{entry}").text
        assert "หนังสืออิเล็กทรอนิกส์ มีฉบับกระดาษด้วย" in kept and "ห้อง คลัง ๑" in kept
        head = town.client(f"{who}-head")
        head.send(f"/archive/letters/{entry}/hold", {"reason": "คดีปกครอง", "order": "หมายศาล ๕/๒๕๖๙"})
        assert mark in browser.get(page).text, page
        head.send(f"/archive/letters/{entry}/lift", {"reason": "คดีถึงที่สุด"})
        assert mark not in browser.get(page).text, page


@pytest.mark.only_database("sqlite")
def test_a_list_is_sent_back_with_its_reason(town: Installation) -> None:
    entry = on_paper(town)
    clerk, records = town.client("reading-clerk"), town.client("reading-records")
    clerk.send(f"/archive/letters/{entry}/finish", {"on": ""})
    clerk.send(f"/archive/letters/{entry}/checking", {})
    assert "เก็บไว้เพื่อใช้ในการตรวจสอบ" in clerk.get(f"/archive/letters/{entry}").text
    address = clerk.send("/archive/lists", {"entry": entry}).headers["Location"]
    assert "ใส่เหตุผลที่ส่งคืน" in _after(records, f"{address}/return", {"reason": ""}, address)
    assert "เอกสารไม่ครบ" in _after(records, f"{address}/return", {"reason": "เอกสารไม่ครบ"}, address)
    clerk.send(f"/archive/letters/{entry}/again", {})
    assert "เก็บระหว่างปฏิบัติ" in clerk.get(f"/archive/letters/{entry}").text


def _after(browser: Browser, address: str, form: dict[str, str], page: str) -> str:
    """The page from which the form was sent when it was refused, else the one that comes after it."""
    answer = browser.send(address, form)
    return answer.text if answer.status_code == 422 else browser.get(page).text


@pytest.mark.only_database("sqlite")
def test_a_form_that_is_refused_keeps_what_was_typed_and_ticked(town: Installation) -> None:
    entry = on_paper(town)
    head, records = town.client("reading-head"), town.client("reading-records")
    hold = head.send(f"/archive/letters/{entry}/hold", {"reason": "คดีปกครองที่ ๕", "order": ""})
    shelf = records.send(f"/archive/letters/{entry}/place", {"room": "คลัง ๑", "shelf": "ก" * 300, "box": "กล่อง ๒"})
    day = records.send(f"/archive/letters/{entry}/finish", {"on": "๓๒/๑๓"})
    stored(town, entry)
    in_year(town, 2028)
    head, records = town.client("reading-head"), town.client("reading-records")
    made = records.send("/archive/disposals", {"what": "paper"}).headers["Location"]
    known = people_of(head.get(made).text)
    chair, member = (known[town.actor(f"reading-{who}").name] for who in ("director", "clerk"))
    committee = head.send(f"{made}/committee", {"chair": chair, "members": member, "order": "คำสั่ง ๗/๒๕๗๑"})

    assert hold.status_code == 422 and "คดีปกครองที่ ๕</textarea>" in hold.text
    assert (
        'id="hold-dialog" aria-labelledby="hold-dialog-title" data-open' in hold.text
        and 'id="order-error"' in hold.text
    )
    assert shelf.status_code == 422 and 'value="คลัง ๑"' in shelf.text and 'value="กล่อง ๒"' in shelf.text
    assert day.status_code == 422 and 'value="๓๒/๑๓"' in day.text and 'id="on-error"' in day.text
    assert committee.status_code == 422 and 'value="คำสั่ง ๗/๒๕๗๑"' in committee.text
    assert len(re.findall(rf'<option value="(?:{chair}|{member})"[^>]* selected', committee.text)) == 2
    electronic = records.send("/archive/disposals", {"what": "electronic", "need": "พื้นที่เต็ม"})
    assert electronic.status_code == 422 and "พื้นที่เต็ม</textarea>" in electronic.text


def test_destroying_goes_through_committee_head_archives_and_two_officers(town: Installation) -> None:
    entry = on_paper(town)
    stored(town, entry)
    in_year(town, 2028)
    records, head, chair = (town.client(f"reading-{who}") for who in ("records", "head", "director"))
    assert 'ครบกำหนด กระดาษ <b class="num">๑</b> ฉบับ' in records.get("/archive/disposals").text
    address = records.send("/archive/disposals", {"what": "paper"}).headers["Location"]
    known = people_of(head.get(address).text)
    ids = {who: known[town.actor(f"reading-{who}").name] for who in ("director", "clerk", "records")}
    head.send(
        f"{address}/committee",
        {"chair": ids["director"], "members": [ids["clerk"], ids["records"]], "order": "คำสั่ง ๑/๒๕๗๑"},
    )
    chair.send(f"{address}/consider", {"entry": entry, "verdict": "destroy"})
    town.client("reading-clerk").send(f"{address}/dissent", {"entry": entry, "dissent": "ยังต้องใช้"})
    chair.send(f"{address}/agree", {})
    alone = chair.send(f"{address}/report", {})
    assert alone.status_code == 422 and "กรรมการยืนยันผลการพิจารณาแล้ว ๑ จาก ๓ คน" in alone.text
    assert "ยังไม่ยืนยัน" in alone.text and "ประธานกรรมการ" in alone.text
    town.client("reading-clerk").send(f"{address}/agree", {})
    chair.send(f"{address}/report", {})
    assert "การทำลายหนังสือ รอท่าน" in head.get("/notices").text
    assert "ยังต้องใช้" in head.get(address).text
    head.send(f"{address}/decide", {})
    records.send(f"{address}/send", {"number": "ศธ ๐๖๐๑/๑", "on": ""})
    assert "ถือว่าเห็นชอบ" in records.get(address).text
    in_year(town, 2028, 3, 20)
    records.send(f"{address}/officers", {"officers": [ids["clerk"], ids["records"]], "way": "ย่อย"})
    records.send(f"{address}/confirm", {})
    town.client("reading-clerk").send(f"{address}/confirm", {})

    page = records.get(address).text
    assert "ทำลายแล้ว" in page and "เสร็จแล้ว" in page
    for printed in (f"{address}.pdf", f"{address}/record.pdf"):
        assert records.get(printed).data.startswith(b"%PDF"), printed
    assert _noted(town, ReadingDeed.PRINT) == [None, None]
    with town.office.writing.begin() as connection:
        connection.execute(update(destroyed).values(sha256=Digest.of(b"brought just now"), removed_at=None))
    page = records.get(address).text
    assert "ระบบยังลบไฟล์ไม่ครบ เหลือ ๑ ไฟล์" in page and "record.pdf" not in page
    early = records.get(f"{address}/record.pdf")
    assert early.status_code == 422 and "ระบบยังลบไฟล์ไม่ครบ" in early.text
    line = records.get(f"/registers/entries/{entry}").text
    assert SUBJECT in line and "ทำลายแล้ว" in line
    assert "รอท่าน" not in records.get("/archive/disposals").text


@pytest.mark.only_database("sqlite")
def test_who_hears_a_page_is_told_which_letter_a_box_chooses(town: Installation) -> None:
    entry, clerk = on_paper(town), town.client("reading-clerk")
    box = f'aria-label="เลือก {SUBJECT}"'
    assert box in clerk.get("/archive/working?book=receiving").text
    clerk.send("/archive/finish", {"entry": entry, "book": "receiving", "year": "2569"})

    assert box in clerk.get("/archive").text and box in clerk.get("/archive/deposits").text


@pytest.mark.only_database("sqlite")
def test_what_may_not_be_destroyed_is_told_on_the_list_and_ticked_for_the_head(town: Installation) -> None:
    entry = on_paper(town, letter_date="31/12/2550")
    stored(town, entry)
    in_year(town, 2028)
    records, head, chair = (town.client(f"reading-{who}") for who in ("records", "head", "director"))
    due = records.get("/archive/disposals").text
    assert "หนังสือครบ ๒๐ ปีที่ยังไม่อยู่ในบัญชีใด ๑ ฉบับ" in due and 'href="/archive/handovers"' in due
    address = records.send("/archive/disposals", {"what": "paper"}).headers["Location"]
    town.client("reading-records").send(f"/archive/letters/{entry}/hold", {"reason": "คดีปกครอง", "order": "หมาย ๑"})
    known = people_of(head.get(address).text)
    ids = [known[town.actor(f"reading-{who}").name] for who in ("director", "clerk", "records")]
    head.send(f"{address}/committee", {"chair": ids[0], "members": ids[1:], "order": "คำสั่ง ๑/๒๕๗๑"})
    page = chair.get(address).text
    assert "ยังทำลายไม่ได้ ๑ ฉบับจาก ๑ ฉบับ" in page
    for caution in Caution:
        assert page.count(caution.thai) == 2, caution
    chair.send(f"{address}/consider", {"entry": entry, "verdict": "destroy"})
    for who in ("director", "clerk"):
        town.client(f"reading-{who}").send(f"{address}/agree", {})
    chair.send(f"{address}/report", {})

    assert re.search(rf'value="{entry}" checked', head.get(address).text)
    refused = head.send(f"{address}/decide", {"exempt": "ข้อตกลงที่ ๙"})
    assert refused.status_code == 422 and "สั่งทำลายไม่ได้ ๑ ฉบับ ลำดับที่ ๑" in refused.text
    assert 'value="ข้อตกลงที่ ๙"' in refused.text
    assert records.get(f"{address}.pdf").data.startswith(b"%PDF")
    assert head.send(f"{address}/decide", {"entry": entry}).status_code == 302
    assert Caution.TWENTY.thai in head.get(address).text and "ยังทำลายไม่ได้" not in head.get(address).text


@pytest.mark.only_database("sqlite")
def test_the_administrator_keeps_classes_and_the_file_plan(town: Installation) -> None:
    admin = town.client("reading-admin")
    short = {"code": "project", "name": "โครงการ", "basis": "57", "years": "5"}

    assert admin.send("/admin/retention/classes", short).status_code == 422
    assert admin.send("/admin/retention/classes", short | {"years": "สิบ"}).status_code == 422
    assert admin.send("/admin/retention/classes", short | {"years": "15"}).status_code == 302
    assert (
        admin.send("/admin/retention/groups", {"code": "11", "title": "โครงการ", "class_code": "?"}).status_code == 422
    )
    admin.send("/admin/retention/groups", {"code": "11", "title": "โครงการวิจัย", "class_code": "project"})
    page = admin.get("/admin/retention").text
    assert "๑๕ ปี" in page and "โครงการวิจัย" in page
    assert town.client("reading-clerk").get("/admin/retention").status_code == 403


def test_lists_of_twenty_years_and_their_package_on_the_screens(town: Installation) -> None:
    entry = on_paper(town)
    stored(town, entry, "history")
    in_year(town, 2047)
    transferring.draw_twenty_years(town.services)
    records = town.client("reading-records")  # a session does not last twenty years
    told = records.get("/notices").text
    assert "บัญชีรอส่งหอจดหมายเหตุแห่งชาติ" in told and "ภายใน ๓๑\xa0ม.ค.\xa0๒๕๙๐" in told
    page = records.get("/archive/handovers").text
    assert "บัญชีส่งมอบหนังสือครบ ๒๐ ปี ๑/๒๕๘๙" in page and "๓๑\xa0ม.ค.\xa0๒๕๙๐" in page
    address = re.findall(r'"(/archive/handovers/[0-9a-f-]{36})"', page)[0]
    assert records.get(f"{address}.pdf").data.startswith(b"%PDF")
    packing = records.get(records.send(f"{address}/package", {}).headers["Location"]).text
    assert re.search(r'href="/archive"[^>]*aria-current="page"', packing) and f'href="{address}"' in packing
    assert "เลือกหนังสือและใส่เหตุผล" in _after(records, f"{address}/own", {"reason": ""}, address)
    assert "ใส่เลขที่หนังสือนำส่ง" in _after(records, f"{address}/give", {"number": ""}, address)
    said = {"number": "ศธ ๑/๑", "receiver": "นักจดหมายเหตุ"}
    officer = town.actor("reading-records")
    agency_id = officer.agency_id
    with town.services.uow() as uow:  # as if it were classified, and packed
        made = uow.handovers.get(agency_id, UUID(address.rpartition("/")[2]))
        are = uow.handovers.as_they_are(agency_id, [UUID(entry)])
        packed = {str(one): APART + digest for one, digest in are.items()}
        uow.record(made.pack(packed, by=officer, at=town.clock.now()))
        uow.handovers.save(made)
        uow.commit()
    assert "ยืนยันว่าส่งมอบฉบับเหล่านั้นด้วยวิธีอื่นแล้ว" in records.send(f"{address}/give", said).text
    assert "ส่งแล้ว" in _after(records, f"{address}/give", said | {"apart": "1"}, address)
    assert "ส่งมอบหอจดหมายเหตุแห่งชาติแล้ว" in records.get(f"/archive/letters/{entry}").text


def test_a_day_before_the_letter_is_refused_and_stays_typed(town: Installation) -> None:
    entry, clerk = on_paper(town), town.client("reading-clerk")
    answer = clerk.send(f"/archive/letters/{entry}/finish", {"on": "1/1/2540"})

    assert answer.status_code == 422 and "ปฏิบัติเสร็จก่อนมีหนังสือไม่ได้" in answer.text
    assert 'value="1/1/2540"' in answer.text
    assert "เก็บระหว่างปฏิบัติ" in clerk.get(f"/archive/letters/{entry}").text


def test_the_line_of_a_destroyed_paper_offers_no_deed(town: Installation) -> None:
    entry, clerk = on_paper(town), town.client("reading-clerk")
    address = f"/registers/entries/{entry}"
    assert "แนบไฟล์" in clerk.get(address).text
    stored(town, entry)
    agency_id = town.actor("reading-clerk").agency_id
    with town.services.uow() as uow:
        [item] = uow.keeping.items(agency_id, [UUID(entry)])
        item.destroy()
        uow.keeping.save(item)
        uow.commit()
    page = clerk.get(address).text

    assert "ทำลายแล้ว" in page
    for words in ("แนบไฟล์", "แก้ไขรายการ", "ยกเลิกเลข", "บันทึกการปฏิบัติ"):
        assert words not in page, words


@pytest.mark.only_database("sqlite")
def test_of_a_destroyed_letter_its_line_is_shown(town: Installation) -> None:
    letter, clerk = town.dispatched(), town.actor("reading-clerk")
    with town.services.uow() as uow:
        entry = uow.registers.of_subject(clerk.agency_id, letter, EntryState.USED)
    assert entry is not None
    archiving.finish(town.services, actor=clerk, entry_ids=[entry.id])
    with town.services.uow() as uow:
        [item] = uow.keeping.items(clerk.agency_id, [entry.id])
        item.destroy()
        uow.keeping.save(item)
        uow.commit()
    answer = town.client("reading-clerk").get(f"/letters/{letter}")

    assert (answer.status_code, answer.headers["Location"]) == (302, f"/registers/entries/{entry.id}")
    assert "ทำลายแล้ว" in town.client("reading-clerk").get(answer.headers["Location"]).text
