"""Printing and exporting from the screens: errands for registers, papers at once for chosen letters."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import pypdfium2 as pdfium
import pytest
from werkzeug.test import TestResponse

from saraban import jobs
from saraban.domain.agency import AgencyOptions
from saraban.domain.classification import Secrecy, Urgency
from saraban.domain.register import BookKind, EntryState
from saraban.usecases.bookkeeping import set_options
from tests.builders import an_entry
from tests.web.installation import LEARNING, READING, Browser, Installation


def enter(
    town: Installation, count: int = 1, *, of: str = READING, kind: BookKind = BookKind.SENDING, **more: Any
) -> list[UUID]:
    """Lines of letters on paper in a central book."""
    agency, made = town.agencies[of], []
    with town.services.uow() as uow:
        for _ in range(count):
            book, serial = uow.registers.take(agency, kind, None, 2569)
            values: dict[str, Any] = {
                "kind": kind, "number": f"ศธ 0601/{serial}", "subject": f"เรื่องลำดับที่ {serial}", "at": town.clock.now(),
                "addressee": "เรียน อธิบดีกรมบัญชีกลาง",
            }  # fmt: skip
            made.append(an_entry(agency, book, serial, **(values | more)))
            uow.registers.enter(made[-1])
        uow.commit()
    return [entry.id for entry in made]


def text_of(answer: TestResponse) -> str:
    """What stands on the pages of a PDF, without white space."""
    assert answer.status_code == 200, answer.text
    assert answer.mimetype == "application/pdf"
    document = pdfium.PdfDocument(io.BytesIO(answer.data))
    text = "".join(page.get_textpage().get_text_bounded() for page in document)
    document.close()
    return "".join(text.replace("\u2060", "").split())


def size_mm(answer: TestResponse) -> tuple[int, int]:
    page = pdfium.PdfDocument(io.BytesIO(answer.data))[0]
    wide, high = page.get_size()
    return round(wide / 72 * 25.4), round(high / 72 * 25.4)


def ordered(browser: Browser, address: str, **said: str) -> str:
    """Order something; gives the address of its page."""
    answer = browser.send(address, {"year": "2569", "unit": "", **said})
    assert answer.status_code == 302, answer.text
    assert answer.location is not None
    return answer.location


# --- registers ------------------------------------------------------------------------------------------------


def test_a_register_is_ordered_followed_and_fetched(town: Installation, clerk: Browser) -> None:
    enter(town, 3)
    page = clerk.get("/registers/sending/print").text
    assert "แบบที่ ๑๔" in page and "ทั้งเล่ม" in page and "ตามตัวกรอง" not in page

    errand = ordered(clerk, "/registers/sending/print", scope="all")
    waiting = clerk.get(errand).text
    assert "รอทำ" in waiting and 'hx-trigger="every 1s"' in waiting
    assert clerk.get(f"{errand}/file").status_code == 404
    assert jobs.do_errand(town.services) == 1

    done = clerk.get(errand, headers={"HX-Request": "true"}).text
    assert "เสร็จแล้ว" in done and "hx-trigger" not in done and "<html" not in done
    pdf = clerk.get(f"{errand}/file")
    assert "เรื่องลำดับที่๓" in text_of(pdf)
    assert size_mm(pdf) == (297, 210)
    listed = clerk.get("/errands").text
    assert "พิมพ์ทะเบียนหนังสือส่ง ปี ๒๕๖๙" in listed and f"{errand}/file" in listed


def test_the_bar_tells_how_far_it_is(town: Installation, clerk: Browser) -> None:
    enter(town)
    errand = ordered(clerk, "/registers/sending/print", scope="all")
    with town.services.uow() as uow:
        claimed = uow.errands.claim(town.clock.now(), town.services.lease)
        assert claimed is not None
        claimed.done, claimed.total = 3400, 10000
        uow.errands.progress(claimed, town.clock.now(), town.services.lease)
        uow.commit()

    page = clerk.get(errand).text

    assert '<progress class="bar" value="3400" max="10000"' in page
    assert "๓,๔๐๐" in page and "๑๐,๐๐๐" in page and "ไม่มีความคืบหน้า" not in page
    town.clock.pass_by(town.services.lease / 2 + timedelta(seconds=1))  # the worker was killed
    assert "ไม่มีความคืบหน้ามาครู่หนึ่ง" in clerk.get(errand).text


@pytest.mark.parametrize(
    ("said", "serials", "told"),
    [
        ({"scope": "numbers", "since": "๒", "until": "3"}, "๒๓", "เลข ๒–๓"),
        ({"scope": "numbers", "since": "3"}, "๓๔", "เลข ๓–๔"),
        ({"scope": "days", "entered_from": "๒๓/๑๑"}, "๑๒๓๔", "ลงทะเบียนตั้งแต่ ๒๓ พ.ย. ๒๕๖๙"),
        ({"scope": "filtered", "asked": urlencode({"subject": "ลำดับที่ 4"})}, "๔", "ตามตัวกรอง"),
        ({"subject": "ลำดับที่ 1"}, "๑", "ตามตัวกรอง"),
    ],
)
def test_a_range_or_what_was_filtered_is_printed_alone(
    town: Installation, clerk: Browser, said: dict[str, str], serials: str, told: str
) -> None:
    enter(town, 4)

    errand = ordered(clerk, "/registers/sending/print", **said)
    jobs.do_errand(town.services)

    assert re.findall(r"เรื่องลำดับที่(.)", text_of(clerk.get(f"{errand}/file"))) == list(serials)
    assert told in clerk.get(errand).text.replace("\u00a0", " ")


def test_the_page_keeps_what_the_list_has_filtered(town: Installation, clerk: Browser) -> None:
    enter(town, 2)

    page = clerk.get("/registers/sending/print?subject=ลำดับ&state=used").text

    assert "ตามตัวกรองของรายการ" in page
    assert re.search(r'name="asked" value="subject=[^"]+&amp;state=used"', page)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"scope": "numbers"}, "ใส่เลขแรกหรือเลขสุดท้าย"),
        ({"scope": "numbers", "since": "ก"}, "ใส่เลขทะเบียนเป็นตัวเลข"),
        ({"scope": "numbers", "since": "9", "until": "2"}, "ค่าสิ้นสุดอยู่ก่อนค่าเริ่มต้น"),
        ({"scope": "numbers", "since": "2", "until": "9"}, "ไม่มีรายการในขอบเขตนี้ ทะเบียนเล่มนี้มีเลข ๑–๑"),
        ({"scope": "days", "entered_from": "1/1/2569", "entered_to": "2/1/2569"}, "ไม่มีรายการในขอบเขตนี้"),
        ({"scope": "filtered", "asked": "subject=ไม่มีเรื่องนี้"}, "ไม่มีรายการในขอบเขตนี้"),
        ({"scope": "days"}, "ใส่วันแรกหรือวันสุดท้าย"),
        ({"scope": "days", "entered_from": "31/11"}, "วันที่ ๓๑ พฤศจิกายน ไม่มีในปฏิทิน"),
    ],
)
def test_what_cannot_be_read_stays_in_its_field(
    town: Installation, clerk: Browser, said: dict[str, str], words: str
) -> None:
    enter(town)

    answer = clerk.send("/registers/sending/print", {"year": "2569", **said})

    assert answer.status_code == 422 and words in answer.text
    assert f'value="{said["scope"]}" checked' in answer.text or "checked" in answer.text
    for name in ("since", "entered_from"):
        if said.get(name):
            assert f'value="{said[name]}"' in answer.text
    assert clerk.get("/errands").text.count("พิมพ์ทะเบียน") == 0


@pytest.mark.parametrize(("form", "begin"), [("xlsx", b"PK"), ("csv", b"\xef\xbb\xbf")])
def test_a_register_is_exported_as_a_sheet(town: Installation, clerk: Browser, form: str, begin: bytes) -> None:
    enter(town, 2)

    errand = ordered(clerk, "/registers/sending/export", scope="all", format=form)
    jobs.do_errand(town.services)
    file = clerk.get(f"{errand}/file")

    assert file.data.startswith(begin)
    assert f"register.{form}" in file.headers["Content-Disposition"]


def test_an_unknown_sheet_book_year_or_unit_is_refused(town: Installation, clerk: Browser) -> None:
    enter(town)

    assert clerk.send("/registers/sending/export", {"year": "2569", "format": "exe"}).status_code == 422
    for book in ("nothing/print", "sending/print?year=2568", "sending/print?unit=PLAN", "orders/print"):
        assert clerk.get(f"/registers/{book}").status_code == 404
    assert clerk.send("/registers/sending/print", {"year": "2568", "scope": "all"}).status_code == 404


def test_the_same_order_sent_twice_is_one_errand(town: Installation, clerk: Browser) -> None:
    enter(town)
    said = {"scope": "all", "idempotency_key": "พิมพ์".encode().hex()}

    first = ordered(clerk, "/registers/sending/print", **said)
    second = ordered(clerk, "/registers/sending/print", **said)

    assert first == second
    assert jobs.do_errand(town.services) == 1 and jobs.do_errand(town.services) == 0


def test_an_errand_and_its_file_are_the_persons_alone(town: Installation, clerk: Browser) -> None:
    enter(town)
    errand = ordered(clerk, "/registers/sending/print", scope="all")
    jobs.do_errand(town.services)

    for stranger in ("reading-director", "learning-clerk"):
        browser = town.client(stranger)
        assert browser.get(errand).status_code == browser.get(f"{errand}/file").status_code == 404
        assert "ทะเบียนหนังสือส่ง ปี" not in browser.get("/errands").text


def test_a_register_is_printed_masked_as_its_reader_sees_it(town: Installation) -> None:
    enter(town, 1, secrecy=Secrecy.CONFIDENTIAL, subject="เรื่องลับของกรม")
    browser = town.client("reading-plan-clerk")

    errand = ordered(browser, "/registers/sending/print", scope="all")
    jobs.do_errand(town.services)

    printed = text_of(browser.get(f"{errand}/file"))
    assert "เรื่องลับของกรม" not in printed and "หนังสือมีชั้นความลับ" in printed


# --- receipts -------------------------------------------------------------------------------------------------


def test_receipts_are_printed_for_chosen_letters(town: Installation, clerk: Browser) -> None:
    first, second = enter(town, 2)
    page = clerk.get(f"/printing/receipts?entry={second}&entry={first}").text
    assert "เรื่องลำดับที่ 1" in page and "พิมพ์ ๒ ใบ" in page

    pdf = clerk.send("/printing/receipts", {"entry": [str(second), str(first)]})

    printed = text_of(pdf)
    assert size_mm(pdf) == (74, 52)
    assert printed.index("เรื่องลำดับที่๑") < printed.index("เรื่องลำดับที่๒"), "as they stand in the register"
    assert "กรมส่งเสริมการอ่าน" in printed


def test_without_a_choice_the_page_says_where_to_choose(clerk: Browser) -> None:
    for address in ("/printing/receipts", "/printing/envelopes"):
        assert "ยังไม่ได้เลือกหนังสือ" in clerk.get(address).text
        assert clerk.send(address).status_code == 422


def test_letters_of_another_agency_cannot_be_chosen(town: Installation, clerk: Browser) -> None:
    (theirs,) = enter(town, 1, of=LEARNING)

    for paper in ("receipts", "envelopes", "delivery"):
        assert clerk.get(f"/printing/{paper}?entry={theirs}").status_code == 404
        assert clerk.send(f"/printing/{paper}", {"entry": str(theirs)}).status_code == 404
        assert clerk.get(f"/printing/{paper}?entry=nonsense").status_code == 404


def test_what_is_masked_for_the_reader_is_not_printed_and_the_page_says_who_can(town: Installation) -> None:
    (secret,) = enter(town, 1, secrecy=Secrecy.CONFIDENTIAL, subject="เรื่องลับของกรม")
    browser = town.client("reading-plan-clerk")

    for paper in ("receipts", "envelopes", "delivery"):
        page = browser.get(f"/printing/{paper}?entry={secret}").text
        assert "นายทะเบียนข้อมูลข่าวสารลับ" in page and "เรื่องลับของกรม" not in page
        assert browser.send(f"/printing/{paper}", {"entry": str(secret), "size": "DL"}).status_code == 422


# --- envelopes ------------------------------------------------------------------------------------------------


def test_an_envelope_is_filled_from_the_line_and_the_known_address(town: Installation, clerk: Browser) -> None:
    set_options(town.services, actor=town.actor("reading-admin"), options=AgencyOptions(postage_permit="12/2560"))
    (entry,) = enter(town, 1, addressee="เรียน เลขาธิการสำนักงานส่งเสริมการเรียนรู้ตลอดชีวิต", urgency=Urgency.URGENT)

    page = clerk.get(f"/printing/envelopes?entry={entry}").text
    assert 'value="เลขาธิการสำนักงานส่งเสริมการเรียนรู้ตลอดชีวิต"' in page
    assert '<option value="เรียน" selected>' in page
    assert "ถนนพระอาทิตย์ กรุงเทพมหานคร 10200" in page
    assert 'value="๑๒/๒๕๖๐"' in page

    pdf = clerk.send(
        "/printing/envelopes",
        {"entry": str(entry), "size": "C5", "permit": "๑๒/๒๕๖๐", f"salutation-{entry}": "เรียน",
         f"addressee-{entry}": "เลขาธิการสำนักงานส่งเสริมการเรียนรู้ตลอดชีวิต",
         f"address-{entry}": "ถนนราชดำเนินนอก\nกรุงเทพมหานคร 10300"},
    )  # fmt: skip
    printed = text_of(pdf)
    assert size_mm(pdf) == (229, 162)
    for words in ("ด่วน", "ใบอนุญาตที่๑๒/๒๕๖๐", "กรุงเทพมหานคร๑๐๓๐๐", "ศธ๐๖๐๑/๑"):
        assert words in printed


def test_an_envelope_without_addressee_or_size_is_refused_and_nothing_typed_is_lost(
    town: Installation, clerk: Browser
) -> None:
    (entry,) = enter(town)

    answer = clerk.send("/printing/envelopes", {"entry": str(entry), "size": "A3", f"address-{entry}": "ถนนที่พิมพ์ไว้"})

    assert answer.status_code == 422
    for words in ("ใส่ชื่อหรือตำแหน่งผู้รับ", "เลือกขนาดซองจากรายการ", "ถนนที่พิมพ์ไว้"):
        assert words in answer.text


def test_the_class_of_a_letter_is_not_on_its_envelope(town: Installation) -> None:
    letter = enter(town, 1, secrecy=Secrecy.CONFIDENTIAL, unit_id=None)[0]
    browser = town.client("reading-records")
    page = browser.get(f"/printing/envelopes?entry={letter}")

    assert page.status_code == 200
    assert "ชั้นความลับไม่ปรากฏบนซองชั้นนอก" in page.text


# --- the messenger's book -------------------------------------------------------------------------------------


def test_the_messengers_book_has_the_letters_of_the_day(town: Installation, clerk: Browser) -> None:
    enter(town, 2)
    enter(town, 1, state=EntryState.VOID, subject="เรื่องที่ยกเลิก")
    assert "พิมพ์ ๒ รายการ" in clerk.get("/printing/delivery").text
    assert "ไม่มีหนังสือส่งในวันนี้" in clerk.get("/printing/delivery?day=๒๒").text
    assert clerk.get("/printing/delivery?day=31/11").status_code == 422

    pdf = clerk.send("/printing/delivery", {"day": "๒๓", "book": "sending"})

    printed = text_of(pdf)
    assert size_mm(pdf) == (210, 148)
    assert printed.count("อธิบดีกรมบัญชีกลาง") == 2 and "๒๓พฤศจิกายน๒๕๖๙" in printed
    assert clerk.send("/printing/delivery", {"day": "22"}).status_code == 422


# --- search cards ---------------------------------------------------------------------------------------------


def test_a_card_gathers_a_subject_from_all_books_and_nothing_classified(town: Installation, clerk: Browser) -> None:
    enter(town, 1, subject="ขอเชิญประชุมคณะกรรมการ")
    enter(town, 1, kind=BookKind.RECEIVING, subject="ตอบรับประชุมคณะกรรมการ", sender="กรมบัญชีกลาง")
    enter(town, 1, subject="ประชุมลับ", secrecy=Secrecy.CONFIDENTIAL)
    enter(town, 1, of=LEARNING, subject="ประชุมของสำนักงานอื่น")
    enter(town, 1, subject="เรื่องอื่น")

    page = clerk.get("/printing/card?q=ประชุม&code=กก+01&year=2569").text
    assert "ขอเชิญประชุม" in page and "ตอบรับประชุม" in page
    for hidden in ("ประชุมลับ", "ประชุมของสำนักงานอื่น", "เรื่องอื่น"):
        assert hidden not in page

    pdf = clerk.send("/printing/card", {"q": "ประชุม", "code": "กก 01", "year": "all"})
    printed = text_of(pdf)
    assert size_mm(pdf) == (210, 148)
    assert "รหัสกก๐๑" in printed and "จากกรมบัญชีกลาง" in printed and "ส่ง๑/๒๕๖๙" in printed


def test_a_card_about_nothing_is_not_printed(town: Installation, clerk: Browser) -> None:
    enter(town)

    assert "พิมพ์คำในชื่อเรื่อง" in clerk.get("/printing/card").text
    assert "ไม่พบหนังสือเรื่องนี้" in clerk.get("/printing/card?q=ไม่มีคำนี้").text
    assert clerk.send("/printing/card", {"q": "ไม่มีคำนี้"}).status_code == 422


def test_the_papers_may_be_made_by_every_reader_of_the_registers_only(town: Installation) -> None:
    enter(town)

    for username in ("reading-clerk", "reading-director", "reading-head", "reading-records", "reading-admin"):
        assert town.client(username).get("/printing/delivery").status_code == 200
    nobody = town.client()
    for address in ("/registers/sending/print", "/printing/card", "/printing/delivery", "/errands"):
        assert nobody.get(address).status_code == 302
