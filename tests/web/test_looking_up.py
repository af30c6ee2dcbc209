"""Looking things up: the search over everything, the directory, and the state of the mailbox."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from html import unescape
from urllib.parse import unquote

from saraban.domain.classification import Secrecy
from saraban.settings import AgencyMail, MailServer
from saraban.usecases.fetching import note_problem
from tests.web.installation import READING, Browser, Installation
from tests.web.test_tracking import register_at_learning

# --- search ----------------------------------------------------------------------------------------------------


def test_a_search_finds_a_letter_by_number_subject_and_agency(town: Installation, clerk: Browser) -> None:
    letter = town.issued()

    for words in ("ศธ 0601/1", "๐๖๐๑/๑", "คณะกรรมการส่งเสริม", "เลขาธิการสำนักงานส่งเสริมการเรียนรู้"):
        assert f'href="/letters/{letter}"' in clerk.get("/search", query_string={"q": words}).text, words


def test_a_search_leads_to_incoming_letters(town: Installation) -> None:
    town.dispatched()
    town.carry()
    register_at_learning(town)
    browser = town.client("learning-clerk")

    found = re.search(r'href="(/incoming/[0-9a-f-]+)"', browser.get("/search?q=กรมส่งเสริมการอ่าน").text)

    assert found is not None
    assert browser.get(found.group(1)).status_code == 200


def test_a_line_of_a_register_that_a_search_finds_can_be_opened(town: Installation) -> None:
    town.issued()
    browser = town.client("reading-plan-clerk")

    found = re.search(r'href="(/registers/entries/[0-9a-f-]+)"', browser.get("/search?q=ขอเชิญประชุม").text)

    assert found is not None
    assert "ขอเชิญประชุม" in browser.get(found.group(1)).text
    assert town.client("learning-clerk").get(found.group(1)).status_code == 404


def test_a_search_says_what_to_do_when_nothing_is_found_or_asked(town: Installation, clerk: Browser) -> None:
    assert "ไม่พบหนังสือที่ตรงกับ “&lt;b&gt;ไม่มี”" in clerk.get("/search?q=<b>ไม่มี").text
    assert "ค้นได้ทั้งหนังสือส่ง" in clerk.get("/search").text
    wrong = clerk.get("/search?q=x&year=abcd")
    assert wrong.status_code == 422 and "ยังค้นไม่ได้" in wrong.text and "ยังบันทึกไม่ได้" not in wrong.text


def test_a_number_that_is_not_found_says_what_was_looked_for_and_offers_less(
    town: Installation, clerk: Browser
) -> None:
    town.issued()

    page = clerk.get("/search?q=กค0408.2ว214 ประชุม&year=2568&state=issued").text

    assert "ค้นเลขที่ กค\u00a0๐๔๐๘.๒/ว\u00a0๒๑๔ ตามตัวกรองข้างบน" in page and "เขียนแบบใดก็ได้ผลเดียวกัน" in page
    assert 'href="/search?q=กค0408.2ว214+ประชุม"' in unquote(page), "without filters"
    assert 'href="/search?q=กค0408.2/ว214"' in unquote(page), "the number alone"
    alone = clerk.get("/search?q=กค 0408.2/ว 214").text
    assert 'href="/search?q=ว214"' in unquote(alone) and "ค้นโดยไม่ใช้ตัวกรอง" not in alone
    assert "เขียนแบบใดก็ได้" not in clerk.get("/search?q=ไม่มีคำนี้").text


def test_filters_that_are_set_are_counted_and_not_unfolded_over_the_answers(town: Installation, clerk: Browser) -> None:
    page = clerk.get("/search?q=ประชุม&year=2569&state=issued").text

    assert re.search(r'<details class="filters__more">\s*<summary class="btn"[^>]*>.*ตัวกรอง ๒', page)
    assert '<details class="filters__more" open>' in clerk.get("/search?q=ประชุม&year=69").text


def test_what_was_found_tells_its_state_and_filters_are_named_once(town: Installation, clerk: Browser) -> None:
    town.draft()

    page = clerk.get("/search?q=ขอเชิญประชุม&book=sending").text

    assert re.search(r'<span class="badge">\s*ร่าง', page), "a draft is no letter that went out"
    assert "เลิกกรอง ทะเบียนหนังสือส่ง" in page and "ทะเบียน ทะเบียน" not in page


def test_a_search_never_finds_another_agencys_or_a_classified_letter(town: Installation, clerk: Browser) -> None:
    town.issued()
    town.draft(subject="เรื่องที่ปกปิด", secrecy=Secrecy.CONFIDENTIAL)

    assert "ไม่พบหนังสือ" in town.client("learning-clerk").get("/search?q=ขอเชิญประชุม").text
    assert "ไม่พบหนังสือ" in clerk.get("/search?q=เรื่องที่ปกปิด").text


def test_a_search_is_narrowed_ordered_and_marked(town: Installation, clerk: Browser) -> None:
    letter = town.issued()

    page = clerk.get("/search?q=ประชุม&year=2569&state=issued&urgency=&order=newest").text
    assert f'href="/letters/{letter}"' in page and "<mark>ประชุม</mark>" in page
    assert "ใหม่ที่สุดก่อน" in page and "เลิกกรอง ปี ๒๕๖๙" in page and "เลิกกรอง สถานะ ออกเลขแล้ว" in page
    for other in ("year=2568", "state=draft", "urgency=most-urgent", "book=receiving", "enclosure=yes", "agency=ไม่มีแน่"):
        assert f'href="/letters/{letter}"' not in clerk.get(f"/search?q=ประชุม&{other}").text, other
    assert f'href="/letters/{letter}"' in clerk.get("/search?year=2569").text, "without words"


def test_the_answers_turn_round_at_a_key(town: Installation, clerk: Browser) -> None:
    town.issued()
    turned = []
    address = "/search?q=คณะกรรมการ&urgency=urgent"
    for _ in range(2):
        page = clerk.get(address).text
        [(address, words)] = re.findall(r'<a class="btn" href="([^"]+)" data-key="o">([^<]+)<kbd', page)
        address = unquote(unescape(address))
        turned.append((words, "order=newest" in address, "urgency=urgent" in address))
        assert f'<kbd class="kbd">o</kbd> {words}' in page, "in the line of keys too"

    assert turned == [("ใหม่ที่สุดก่อน", True, True), ("ตรงที่สุดก่อน", False, True)]
    assert "ใหม่ที่สุดก่อน" in clerk.get("/help").text and 'data-key="o"' not in clerk.get("/search?q=ไม่มีคำนี้เลย").text


def test_a_wrong_filter_is_named_and_nothing_typed_is_lost(town: Installation, clerk: Browser) -> None:
    answer = clerk.get("/search?q=ประชุม&year=69")

    assert answer.status_code == 422
    assert "ใส่ปี พ.ศ. สี่หลัก" in answer.text and 'value="ประชุม"' in answer.text


def test_a_slip_is_said(town: Installation, clerk: Browser) -> None:
    letter = town.issued()

    page = clerk.get("/search?q=คณะกรรมกาส่งเสริม").text

    assert f'href="/letters/{letter}"' in page
    assert "ไม่พบ “คณะกรรมกาส่งเสริม”" in page and "<b>คณะกรรมการส่งเสริม</b>" in page


def test_a_search_is_kept_under_a_name_by_the_one_who_made_it(town: Installation, clerk: Browser) -> None:
    kept = clerk.send("/search/views", {"name": "ประชุมปีนี้", "query": "q=ประชุม&year=2569&from=50&bad=1"})
    page = clerk.get(kept.location).text
    unnamed = clerk.send("/search/views", {"name": " ", "query": "q=ประชุม"})

    assert "เก็บการค้น “ประชุมปีนี้” แล้ว" in page
    assert "ตั้งชื่อการค้นก่อน" in clerk.get(unnamed.location).text
    (view,) = re.findall(r"/search/views/([0-9a-f-]{36})/forget", page)
    assert "ประชุมปีนี้" not in town.client("reading-director").get("/search").text
    renamed = clerk.send(f"/search/views/{view}/rename", {"new_name": "ประชุม ๒๕๖๙", "query": "q=ประชุม&year=2569"})
    assert "เปลี่ยนชื่อการค้นเป็น “ประชุม ๒๕๖๙” แล้ว" in clerk.get(renamed.location).text
    clerk.send(f"/search/views/{view}/rename", {"new_name": " "})
    assert "ตั้งชื่อการค้นก่อน" in clerk.get("/search").text
    clerk.send(f"/search/views/{view}/forget", {})
    assert "/views/" + view not in clerk.get(kept.location).text


# --- the directory ---------------------------------------------------------------------------------------------


def test_the_directory_tells_who_answers_with_receipts(town: Installation, clerk: Browser) -> None:
    page = clerk.get("/directory").text

    assert page.count("ใบตอบรับลงตรา</span>") == 3
    assert page.count("ไปรษณีย์ธรรมดา</span>") == 1


def test_the_directory_is_searched_by_any_of_its_names(town: Installation, clerk: Browser) -> None:
    for words in ("นครศรี", "saraban@nakhon", "0999"):
        page = clerk.get("/directory", query_string={"q": words}).text
        assert "จังหวัดนครศรีธรรมราช" in page
        assert "เทศบาลเมืองบ้านสวน" not in page
    assert "ไม่พบส่วนราชการ" in clerk.get("/directory?q=ไม่มีแน่นอน").text


# --- the mailbox -----------------------------------------------------------------------------------------------


def with_mail(town: Installation) -> None:
    """Give the agency accounts at a mail server."""
    server = MailServer("mail.reading.test", 1587, "starttls", "saraban-user", "รหัสผ่านที่ต้องไม่ปรากฏ")
    settings = replace(town.office.settings, mail={READING: AgencyMail(smtp=server, imap=replace(server, port=1993))})
    town.app.extensions["saraban"] = replace(town.office, settings=settings)


def test_the_administrator_sees_accounts_but_no_password(town: Installation) -> None:
    with_mail(town)

    page = town.client("reading-admin").get("/admin/mailbox").text

    assert "mail.reading.test:1587" in page
    assert "saraban-user" in page
    assert "รหัสผ่านที่ต้องไม่ปรากฏ" not in page


def test_others_see_the_state_and_why_no_accounts(town: Installation, clerk: Browser) -> None:
    with_mail(town)

    page = clerk.get("/admin/mailbox").text

    assert "ตราประทับอิเล็กทรอนิกส์" in page
    assert "ได้เฉพาะผู้ดูแลระบบ" in page
    assert "saraban-user" not in page


def test_what_is_wrong_with_the_mailbox_is_told_with_its_cure(town: Installation, clerk: Browser) -> None:
    with_mail(town)
    note_problem(town.services, agency_id=town.agencies[READING], problem="รหัสผ่านของกล่องไปรษณีย์ไม่ถูกต้อง")

    page = clerk.get("/admin/mailbox").text

    assert "รหัสผ่านของกล่องไปรษณีย์ไม่ถูกต้อง" in page
    assert "มี ๑ ข้อที่ต้องแก้" in page


def test_a_seal_that_ends_soon_is_warned_about_and_one_that_ended_is_a_fault(town: Installation) -> None:
    with_mail(town)
    town.clock.pass_by(timedelta(days=650))
    soon = town.client("reading-clerk").get("/admin/mailbox").text
    town.clock.pass_by(timedelta(days=100))
    ended = town.client("reading-clerk").get("/admin/mailbox").text

    assert "ตราใกล้หมดอายุ" in soon
    assert "ตราประทับอิเล็กทรอนิกส์ของส่วนราชการหมดอายุ" in ended
