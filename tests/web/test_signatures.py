"""What a clerk sees of the signatures in the PDFs of a letter that goes out, that came in, and of a scan."""

from __future__ import annotations

import io
import re
from pathlib import Path

from saraban.usecases.dispatching import dispatch_letter
from saraban.usecases.drafting import attach_file
from saraban.usecases.routing import endorse_letter, submit_letter
from saraban.usecases.signing import sign_letter
from tests.crypto.ministry import the_root
from tests.crypto.signing_others import a_paper, add_page, signed_by_others, updated
from tests.databases import NewDatabase
from tests.fakes import FixedClock
from tests.web.installation import PASSPHRASE, Browser, Installation, build_installation
from tests.web.test_entry_page import a_paper_letter
from tests.web.test_incoming import arrived

LATER = {"HX-Request": "true"}

ALL_BUT = "ผ่านครบ เว้นแต่ยังบอกไม่ได้ว่าใบรับรองใช้ได้ขณะลงนาม และยังไม่มีตราประทับเวลาที่ยืนยันได้"


def parts(page: str) -> list[tuple[str, str]]:
    """The rows of the first signature: the mark and the name of the part."""
    table = page.split('<table class="signature">')[1].split("</table>")[0]
    return re.findall(r'aria-label="(ใช่|ไม่|บอกไม่ได้)".*?<th scope="row">([^<]+)</th>', table)


def test_an_issued_letter_asks_for_its_verdicts_when_it_is_shown(town: Installation, clerk: Browser) -> None:
    letter_id = town.issued()
    address = f"/letters/{letter_id}/signatures"

    assert f'hx-get="{address}"' in clerk.get(f"/letters/{letter_id}").text
    found = clerk.get(address, headers=LATER).text

    assert "<html" not in found, "a part of the page and no page"
    assert f"{ALL_BUT} · นายสุเมธ ประเสริฐกุล" in found
    assert parts(found) == [
        ("ใช่", "ครบถ้วน"),
        ("ใช่", "ไม่ถูกแก้ภายหลัง"),
        ("ใช่", "กุญแจ"),
        ("ใช่", "ผู้ออกใบรับรอง"),
        ("บอกไม่ได้", "ใบรับรอง"),
        ("บอกไม่ได้", "เวลา"),
    ]
    assert "ประเภทที่ ๒ เชื่อถือได้" in found
    assert "ถูกต้อง" not in found, "two of six parts cannot be told, so that word is not said"


def test_without_script_the_verdicts_have_a_page_of_their_own(town: Installation, clerk: Browser) -> None:
    letter_id = town.issued()
    page = clerk.get(f"/letters/{letter_id}/signatures").text

    assert "<html" in page and f'href="/letters/{letter_id}"' in page
    assert "ผลการตรวจลายมือชื่อ" in page and ALL_BUT in page


def test_a_draft_has_no_place_for_verdicts(town: Installation, clerk: Browser) -> None:
    assert "/signatures" not in clerk.get(f"/letters/{town.submitted()}").text


def test_the_receiver_sees_the_letters_signature_and_what_is_wrong_with_an_enclosure(town: Installation) -> None:
    letter_id = town.draft()
    clerk = town.actor("reading-clerk")
    spoiled = updated(signed_by_others(a_paper()), add_page)
    for name, data in (("แก้แล้ว.pdf", spoiled), ("ไม่ลงนาม.pdf", a_paper())):
        more = {"name": name, "media_type": "application/pdf", "stream": io.BytesIO(data)}
        attach_file(town.services, actor=clerk, letter_id=letter_id, **more)  # type: ignore[arg-type]
    submit_letter(town.services, actor=clerk, letter_id=letter_id)
    endorse_letter(town.services, actor=town.actor("reading-director"), letter_id=letter_id)
    sign_letter(town.services, actor=town.actor("reading-head"), letter_id=letter_id, passphrase=PASSPHRASE)
    browser = town.client("learning-clerk")
    dispatch_letter(town.services, actor=clerk, letter_id=letter_id)
    town.carry()
    address = re.findall(r'href="(/incoming/[0-9a-f-]{36})"', browser.get("/incoming").text)[0]

    assert f'hx-get="{address}/signatures"' in browser.get(address).text
    letter, changed, unsigned = browser.get(f"{address}/signatures", headers=LATER).text.split("<h3")[1:]

    assert "นายสุเมธ ประเสริฐกุล" in letter and "กรมส่งเสริมการอ่าน" in letter
    assert "ใช้ยืนยันไม่ได้ · นางสาวสมหญิง ใจทดสอบ" in changed
    assert "ไฟล์ถูกแก้หลังลงลายมือชื่อ: เพิ่มหน้า" in changed
    assert "ไม่นับเป็นลายมือชื่ออิเล็กทรอนิกส์ที่ยืนยันได้" in changed
    assert "ไม่มีลายมือชื่อดิจิทัลในไฟล์นี้" in unsigned and "ประเภทที่ ๑ ทั่วไป" in unsigned


def test_a_scan_is_checked_too(town: Installation, clerk: Browser) -> None:
    line = a_paper_letter(town)
    clerk.send(f"/registers/entries/{line}/scan", {"file": (io.BytesIO(signed_by_others(a_paper())), "ฉบับจริง.pdf")})
    address = f"/registers/entries/{line}/signatures"

    assert f'hx-get="{address}"' in clerk.get(f"/registers/entries/{line}").text
    found = clerk.get(address, headers=LATER).text
    assert "ฉบับจริง.pdf" in found and "ใบรับรองไม่ได้ออกโดยผู้ออกใบรับรองที่ระบบเชื่อถือ" in found


def test_looking_at_signatures_is_part_of_reading_and_needs_the_right_to(town: Installation) -> None:
    address = arrived(town, town.client("learning-clerk"))

    assert town.client("reading-clerk").get(f"{address}/signatures").status_code == 404


def test_what_officers_write_in_the_system_is_told_apart_from_a_digital_signature(
    town: Installation, clerk: Browser
) -> None:
    notes = clerk.get(f"/letters/{town.issued()}").text.split('<article class="note">')[1:]
    written, signed = (next(note for note in notes if name in note) for name in ("กฤตยา", "นายสุเมธ"))

    assert "ลายมือชื่อประเภทที่ ๑" in written and "ลงลายมือชื่อดิจิทัลแล้ว" not in written
    assert "ลงลายมือชื่อดิจิทัลแล้ว" in signed and "ประเภทที่ ๑" not in signed


def test_who_signs_hears_that_nobody_vouched_for_the_time(
    tmp_path: Path, new_database: NewDatabase, clock: FixedClock
) -> None:
    (tmp_path / "tsa.pem").write_text(the_root().pem)
    silent = {"tsa_url": "http://127.0.0.1:9/tsa", "tsa_roots_file": tmp_path / "tsa.pem", "tsa_timeout_seconds": 1}
    town = build_installation(tmp_path, new_database, clock, **silent)
    head = town.client("reading-head")
    letter_id = town.endorsed()

    answer = head.send(f"/desk/{letter_id}/sign", {"passphrase": PASSPHRASE})
    page = head.get(answer.headers["Location"]).text

    assert "ลงนามแล้ว ออกเลขที่" in page and "ลายมือชื่อไม่มีตราประทับเวลา" in page
    assert "ไม่มีตราประทับเวลา (ผู้ประทับรับรองเวลา: ติดต่อไม่ได้)" in head.get(f"/letters/{letter_id}").text
    town.close()


def test_the_head_is_not_green_over_a_file_whose_signature_does_not_hold(town: Installation) -> None:
    letter_id = town.draft()
    clerk = town.actor("reading-clerk")
    spoiled = updated(signed_by_others(a_paper()), add_page)
    attach_file(
        town.services,
        actor=clerk,
        letter_id=letter_id,
        name="แก้แล้ว.pdf",
        media_type="application/pdf",
        stream=io.BytesIO(spoiled),
    )
    submit_letter(town.services, actor=clerk, letter_id=letter_id)
    endorse_letter(town.services, actor=town.actor("reading-director"), letter_id=letter_id)
    sign_letter(town.services, actor=town.actor("reading-head"), letter_id=letter_id, passphrase=PASSPHRASE)
    ours = town.client("reading-clerk").get(f"/letters/{letter_id}/signatures", headers=LATER).text
    dispatch_letter(town.services, actor=clerk, letter_id=letter_id)
    town.carry()
    browser = town.client("learning-clerk")
    address = re.findall(r'href="(/incoming/[0-9a-f-]{36})"', browser.get("/incoming").text)[0]
    first = browser.get(address).text
    theirs = browser.get(f"{address}/signatures", headers=LATER).text

    assert "verdicts--bad" in ours and "ไฟล์แนบ ๑ ไฟล์มีลายมือชื่อที่ใช้ไม่ได้" in ours
    assert 'id="verdicts"' in first and "ยังสรุปไม่ได้" in first and "verdicts--good" not in first
    assert 'id="verdicts" hx-swap-oob="true"' in theirs and "verdicts--bad" in theirs
    assert f"ตราของผู้ส่งถูกต้อง แต่ลายมือชื่อในตัวหนังสือ{ALL_BUT} และไฟล์แนบ ๑ ไฟล์มีลายมือชื่อที่ใช้ไม่ได้" in theirs
    assert "verdicts--bad" in browser.get(f"{address}/signatures").text, "also on a page of its own"
