"""The page of proofs: what the last check found, days to take away and check with openssl, and years to close."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from html import unescape
from pathlib import Path

import pytest
from sqlalchemy import select, text
from werkzeug.http import parse_options_header

from saraban.domain.classification import Secrecy
from saraban.domain.register import BookKind, EntryId, Matter
from saraban.doorway.dates import write_date
from saraban.storage.tables.registers import entries
from saraban.usecases import amending, recording
from saraban.usecases.auditing import check_registers
from saraban.usecases.bookkeeping import open_book
from tests.crypto.authority import dummy, long_lived_root, served
from tests.databases import NewDatabase
from tests.fakes import FixedClock
from tests.web.installation import READING, Browser, Installation, build_installation


def _record(town: Installation, count: int = 3, kind: BookKind = BookKind.RECEIVING, **more: object) -> None:
    for n in range(count):
        recording.record_letter(
            town.services,
            actor=replace(town.actor("reading-clerk"), clearance=True),
            kind=kind,
            matter=Matter(sender="กรมการปกครอง", subject=f"เรื่องที่ {n}", **more),  # type: ignore[arg-type]
            again=True,
        )


def _next_day(town: Installation) -> None:
    town.clock.pass_by(timedelta(days=1))
    town.carry()


def _spoil(town: Installation, statement: str) -> None:
    with town.office.writing.begin() as connection:
        assert connection.execute(text(statement)).rowcount > 0


def test_the_page_says_first_that_all_is_well_and_shows_books_and_days(town: Installation, clerk: Browser) -> None:
    _record(town)
    _next_day(town)

    page = clerk.get("/proving").text

    assert page.index("ทุกเล่มครบถ้วน") < page.index("เลขแต่ละเล่ม") < page.index("การปิดวัน")
    assert "๑–๓" in page and "๒๓ พ.ย. ๒๕๖๙".replace(" ", "\u00a0") in page


def test_before_the_first_check_the_page_says_so(clerk: Browser) -> None:
    assert "ยังไม่มีผลการตรวจ" in clerk.get("/proving").text


def test_a_check_is_an_errand_that_ends_with_its_words(town: Installation, clerk: Browser) -> None:
    _record(town)
    ordered = clerk.send("/proving/check")
    again = clerk.send("/proving/check")
    assert ordered.status_code == 302 and ordered.location == again.location

    town.carry()

    assert "ทุกเล่มครบถ้วน" in clerk.get(ordered.location).text
    assert "โดย พรทิพย์ แสงจันทร์" in clerk.get("/proving").text


def test_an_altered_line_is_told_at_its_number_with_the_way_to_it(town: Installation, clerk: Browser) -> None:
    _record(town)
    _spoil(town, "UPDATE entries SET subject = 'ถูกแก้' WHERE serial = 2")
    _spoil(town, "DELETE FROM entries WHERE serial = 3")
    check_registers(town.services, agency_id=town.agencies[READING])

    page = clerk.get("/proving").text

    with town.office.reading.connect() as reader:
        line = reader.execute(select(entries.c.id).where(entries.c.serial == 2)).scalar_one()
    assert "พบสิ่งที่ไม่ถูกต้อง ๓ แห่ง" in page
    assert "เลข ๒" in page and f"/registers/entries/{line}" in page
    assert "ขาด ๑ เลข: ๓" in page


def test_a_failed_check_is_on_the_row_of_its_book_and_on_the_desks_of_those_who_answer_for_it(
    town: Installation, clerk: Browser
) -> None:
    _record(town)
    _record(town, 1, BookKind.SENDING)
    _spoil(town, "UPDATE entries SET subject = 'ถูกแก้' WHERE serial = 2")
    check_registers(town.services, agency_id=town.agencies[READING])

    checked, books = clerk.get("/proving").text, clerk.get("/registers/").text

    assert checked.count("ผิด ๑ แห่ง") == 1 and checked.count("ครบถ้วน</span>") == 1
    assert books.count("ตรวจพบ ๑ แห่ง") == 1 and books.count("เลขไม่ขาด") == 1
    for who in ("reading-records", "reading-admin"):
        desk = town.client(who).get("/").text
        assert "มีปัญหา ๑ เรื่อง" in desk and "พบสิ่งที่ไม่ถูกต้อง ๑ แห่ง" in desk and 'href="/proving"' in desk
    assert "มีปัญหา ๐ เรื่อง" in clerk.get("/").text


def test_another_agency_sees_nothing_of_it(town: Installation) -> None:
    _record(town)
    _next_day(town)
    stranger = town.client("learning-clerk")

    assert "๑–๓" not in stranger.get("/proving").text
    told = stranger.get("/proving/days/2026-11-23/statement").get_json()
    assert told["agency"]["code"] != READING and told["books"] == [], "its own day: the head of its own journal"
    assert stranger.get("/proving/years/2569").status_code == 404


def test_faults_in_secret_registers_are_shown_to_the_cleared_only(town: Installation) -> None:
    open_book(town.services, actor=town.actor("reading-admin"), kind=BookKind.SECRET_RECEIVING)
    _record(town, 1, secrecy=Secrecy.CONFIDENTIAL)
    _spoil(town, "UPDATE entries SET subject = 'ถูกแก้' WHERE kind = 'secret-receiving'")
    check_registers(town.services, agency_id=town.agencies[READING])

    for username in ("reading-records", "reading-admin", "reading-head"):
        actor = town.actor(username)
        page = town.client(username).get("/proving").text
        assert ("ทะเบียนรับข้อมูลข่าวสารลับ พ.ศ." in page) is actor.clearance
        assert ("มีอีก ๑ แห่งในทะเบียนข้อมูลข่าวสารลับ" in page) is not actor.clearance


@pytest.fixture
def stamped_town(tmp_path: Path, new_database: NewDatabase, clock: FixedClock) -> Iterator[Installation]:
    """A town whose days are time-stamped by an authority on loopback."""
    roots = tmp_path / "tsa.pem"
    roots.write_text(long_lived_root().pem)
    with served(dummy(at=clock.now() + timedelta(days=1, minutes=1))) as url:
        made = build_installation(tmp_path / "data", new_database, clock, tsa_url=url, tsa_roots_file=roots)
        yield made
        made.close()


def _commands(page: str) -> list[str]:
    """The commands that a page shows, as they are copied from it."""
    return [unescape(found) for found in re.findall(r'<pre class="log"[^>]*>(.*?)</pre>', page, re.DOTALL)]


def _taken_away(clerk: Browser, page: str, folder: Path) -> Path:
    """Everything that the page of a day offers, saved under the names that it gives."""
    folder.mkdir()
    for address in re.findall(r'href="(/proving/days/[^"]+)"', page):
        answer = clerk.get(address)
        _, names = parse_options_header(answer.headers["Content-Disposition"])
        (folder / names["filename"]).write_bytes(answer.data)
    return folder


def _succeeds(command: str, folder: Path) -> bool:
    return subprocess.run(["sh", "-c", command], cwd=folder, capture_output=True, timeout=30).returncode == 0


def test_openssl_checks_seal_and_time_stamp_of_a_day_by_the_commands_of_its_page(
    stamped_town: Installation, tmp_path: Path
) -> None:
    _record(stamped_town)
    _next_day(stamped_town)
    clerk = stamped_town.client("reading-clerk")
    page = clerk.get("/proving/days/2026-11-23").text

    folder = _taken_away(clerk, page, tmp_path / "away")
    (folder / "roots.pem").write_text(stamped_town.roots[0])
    (folder / "tsa.pem").write_text(long_lived_root().pem)
    seal, stamp = _commands(page)

    assert (seal.split()[:3], stamp.split()[:3]) == (["openssl", "cms", "-verify"], ["openssl", "ts", "-verify"])
    assert _succeeds(seal, folder) and _succeeds(stamp, folder)
    statement = folder / "2026-11-23.json"
    statement.write_bytes(statement.read_bytes().replace(b"3", b"4", 1))
    assert not _succeeds(seal, folder) and not _succeeds(stamp, folder)


def test_a_day_without_a_time_stamp_shows_how_its_seal_is_checked(
    town: Installation, clerk: Browser, tmp_path: Path
) -> None:
    _record(town)
    _next_day(town)
    page = clerk.get("/proving/days/2026-11-23").text

    folder = _taken_away(clerk, page, tmp_path / "away")
    (folder / "roots.pem").write_text(town.roots[0])
    [seal] = _commands(page)

    assert _succeeds(seal, folder)
    assert clerk.get("/proving/days/2026-11-23/time-stamp").status_code == 404
    assert clerk.get("/proving/days/yesterday").status_code == 404


def test_an_agency_without_a_seal_is_told_why_its_days_are_open(town: Installation, clerk: Browser) -> None:
    _record(town)
    for path in (town.office.settings.keys_folder / READING).iterdir():
        path.unlink()
    _next_day(town)

    page = clerk.get("/proving").text
    assert "มีปัญหาในการปิดวัน" in page and "ยังไม่มีตราประทับอิเล็กทรอนิกส์" in page
    assert "ยังไม่ได้ปิด ๑ วัน" in page


# --- the year ---------------------------------------------------------------------------------------------------------


def _new_year(town: Installation) -> None:
    town.clock.move_to(datetime(2026, 12, 31, 17, 0, tzinfo=UTC))
    town.carry()


def test_a_records_officer_closes_the_year_and_takes_the_sealed_page_away(town: Installation) -> None:
    _record(town)
    _new_year(town)
    records = town.client("reading-records")
    assert "ปิดทะเบียนปี ๒๕๖๙" in records.get("/proving").text

    ordered = records.send("/proving/years", {"year": "2569"})
    town.carry()

    assert ordered.status_code == 302
    assert "ปิดทะเบียนประจำปี ๒๕๖๙ และลงตราแล้ว" in records.get(ordered.location).text
    clerk = town.client("reading-clerk")
    page = clerk.get("/proving/years/2569/statement")
    assert page.data.startswith(b"%PDF-") and b"/ByteRange" in page.data
    assert "รายงานปิดทะเบียน (PDF)" in records.get("/proving").text
    assert "ไม่มีรายการเปลี่ยนหลังปิดปี" in clerk.get("/proving/years/2569").text
    assert clerk.get("/proving/years/2568").status_code == 404
    again = records.send("/proving/years", {"year": "2569"})
    assert again.status_code == 422 and "ปิดทะเบียนปี ๒๕๖๙ ไว้แล้ว" in again.text


def test_reserved_numbers_are_told_with_the_way_to_them(town: Installation) -> None:
    _record(town)
    amending.reserve_numbers(
        town.services, actor=town.actor("reading-clerk"), kind=BookKind.RECEIVING, count=2, reason="ไฟฟ้าดับ"
    )
    _new_year(town)
    records = town.client("reading-records")
    assert "เลขจองค้าง ๒ เลข" in records.get("/proving").text

    refused = records.send("/proving/years", {"year": "2569"})

    assert refused.status_code == 422
    assert "ทะเบียนหนังสือรับ ๒ เลข" in refused.text and 'href="/numbers"' in refused.text


def test_a_refused_close_says_why_before_anything_else_and_a_close_is_asked_about_first(town: Installation) -> None:
    _record(town)
    amending.reserve_numbers(
        town.services, actor=town.actor("reading-clerk"), kind=BookKind.RECEIVING, count=2, reason="ไฟฟ้าดับ"
    )
    _new_year(town)
    check_registers(town.services, agency_id=town.agencies[READING])
    records = town.client("reading-records")

    asked, refused = records.get("/proving").text, records.send("/proving/years", {"year": "2569"}).text

    question = asked[asked.index('id="close-2569"') :]
    assert "ถอนคืนไม่ได้" in question and 'name="year" value="2569"' in question
    assert asked.count('action="/proving/years"') == 1, "the button on the page only opens the question"
    assert refused.index("ยังมีเลขจองที่ไม่ได้ใช้") < refused.index("ดูเลขที่จองไว้") < refused.index("ทุกเล่มครบถ้วน")


def test_what_changed_after_the_close_of_its_year_is_listed_with_the_statement(town: Installation) -> None:
    _record(town)
    _new_year(town)
    records = town.client("reading-records")
    records.send("/proving/years", {"year": "2569"})
    town.carry()
    with town.office.reading.connect() as reader:
        line = reader.execute(select(entries.c.id).where(entries.c.serial == 2)).scalar_one()
    amending.void_number(
        town.services, actor=town.actor("reading-clerk"), entry_id=EntryId(line), reason="ลงซ้ำ", authority="ผอ."
    )
    _record(town, 1)

    page = records.get("/proving/years/2569").text

    assert "มี ๑ รายการเปลี่ยนหลังปิดปี" in page
    assert page.count(f"/registers/entries/{line}") == 1 and "ยกเลิกเลข" in page
    assert page.count("/registers/entries/") == 1, "the lines of the new year are no changes of the old one"


@pytest.mark.parametrize("year", ["2570", "25", "ปีนี้", ""])
def test_years_that_cannot_be_closed_are_refused_with_the_reason(town: Installation, year: str) -> None:
    _record(town)
    refused = town.client("reading-admin").send("/proving/years", {"year": year})

    assert refused.status_code == 422 and "ยังไม่ได้" in refused.text


def test_a_clerk_reads_who_may_close_a_year(town: Installation, clerk: Browser) -> None:
    _record(town)
    _new_year(town)

    assert "ปิดทะเบียนประจำปีได้เฉพาะนายทะเบียนหรือผู้ดูแลระบบ" in clerk.get("/proving").text
    assert clerk.send("/proving/years", {"year": "2569"}).status_code == 403


def test_a_part_of_the_journal_is_ordered_by_days_and_taken_away(town: Installation) -> None:
    _record(town)
    records = town.client("reading-records")
    page = records.get("/proving/journal").text
    assert write_date(date(2026, 8, 25)) in page and "มาตรา ๒๖" in page, "the ninety days of the law are offered"
    wrong = records.send("/proving/journal", {"since": "", "until": "32/11"})
    ordered = records.send("/proving/journal", {"since": "23/11/2569", "until": "23/11/2569"})
    town.carry()

    assert wrong.status_code == 422 and "มี ๒ ช่องต้องแก้" in wrong.text
    assert "บันทึกเหตุการณ์ 2026-11-23 ถึง 2026-11-23.zip" in records.get(ordered.location).text


def test_who_may_not_take_the_journal_away_reads_why(town: Installation, clerk: Browser) -> None:
    assert "เฉพาะนายทะเบียนหรือผู้ดูแลระบบ" in clerk.get("/proving/journal").text
    assert clerk.send("/proving/journal", {"since": "23/11/2569", "until": "23/11/2569"}).status_code == 403
