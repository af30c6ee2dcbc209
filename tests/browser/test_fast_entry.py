"""Letters on paper in a real browser: by keyboard alone, counted in key presses and seconds; grid, scans and phone."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Any

import pytest
from PIL import Image

from saraban.domain.attachment import Digest
from saraban.domain.register import BookKind, Matter
from saraban.storage.tables.registers import entries
from saraban.usecases import recording
from tests.web.installation import PASSWORD, READING, Installation

MOST_PRESSES, MOST_SECONDS = 12, 15
KNOWN = (
    ("กรมบัญชีกลาง", "กค 0408/", "ซักซ้อมความเข้าใจแนวทางปฏิบัติในการจัดซื้อจัดจ้าง"),
    ("จังหวัดเชียงใหม่", "ชม 0017.2/ว ", "ขอหารือแนวทางการเบิกค่าใช้จ่ายในการฝึกอบรมบุคคลภายนอก"),
    ("มหาวิทยาลัยเชียงใหม่", "อว 8393/", "ส่งสำเนาคำสั่งแต่งตั้งคณะทำงานจัดงานสัปดาห์หนังสือแห่งชาติ ครั้งที่ 55"),
)


@pytest.fixture
def town(town: Installation) -> Installation:
    """The clerk has entered letters of three senders before."""
    for sender, head, subject in KNOWN:
        recording.record_letter(
            town.services,
            actor=town.actor("reading-clerk"),
            kind=BookKind.RECEIVING,
            matter=Matter(f"{head}1", date(2026, 11, 2), sender, "อธิบดี", subject, practice="กองแผนงาน"),
        )
    return town


@pytest.fixture
def clerk_at(signed_in: Callable[..., Any]) -> Callable[..., Any]:
    """`clerk_at(address, phone=False)` gives a page of the central clerk at this address."""
    return partial(signed_in, "reading-clerk")


class Keyboard:
    """Presses keys one by one and counts them; a chord counts each of its keys."""

    def __init__(self, page: Any) -> None:
        self.page, self.presses = page, 0

    def type(self, text: str) -> None:
        """Type a text, a press for each sign."""
        for sign in text:
            self.page.keyboard.type(sign)
            self.presses += 1

    def press(self, *keys: str) -> None:
        """Press keys or chords."""
        for key in keys:
            self.page.keyboard.press(key)
            self.presses += key.count("+") + 1


def offers(page: Any, field: str) -> None:
    """Wait, as a person does, until the offers of the field are there."""
    page.wait_for_selector(f"#{field} ~ .combo__anchor .combo__opt")


def lines(town: Installation) -> list[Any]:
    with town.office.reading.connect() as connection:
        return list(connection.execute(entries.select().order_by(entries.c.serial)))


def log_one(page: Any, typed: str, sender: str, running: str) -> Keyboard:
    """Log a letter whose sender and subject are known, with the day of the letter before it."""
    keys = Keyboard(page)
    keys.type(typed)
    page.wait_for_selector(f'.combo__opt >> nth=0 >> text="{sender}"')
    keys.press("ArrowDown", "Enter")
    keys.type(running)
    keys.press("Enter")
    offers(page, "subject")
    keys.press("ArrowDown", "Control+Enter")
    page.wait_for_url(lambda url: "after=" in url and url != page.url_before)
    page.wait_for_selector("html[data-ready]", state="attached")
    return keys


def test_a_known_letter_takes_twelve_presses_and_fifteen_seconds_at_most(
    town: Installation, clerk_at: Callable[..., Any], capsys: pytest.CaptureFixture[str]
) -> None:
    page = clerk_at("/")
    page.keyboard.press("n")
    page.wait_for_url("**/entering/receiving")
    page.wait_for_selector("html[data-ready]", state="attached")
    page.keyboard.type("กค", delay=20)
    page.fill("#sender", "กรมที่ดิน")
    page.fill("#number", "มท 0515/1")
    page.fill("#letter_date", "20")
    page.fill("#subject", "ฉบับแรกของวัน")
    page.url_before = page.url
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**after=**")
    page.wait_for_selector("html[data-ready]", state="attached")

    counted, seconds = [], []
    known = (("บัญ", "กรมบัญชีกลาง", "718"), ("จัง", "จังหวัดเชียงใหม่", "95"), ("มหา", "มหาวิทยาลัยเชียงใหม่", "41"))
    for typed, sender, running in known:
        page.url_before = page.url
        began = perf_counter()
        counted.append(log_one(page, typed, sender, running).presses)
        seconds.append(perf_counter() - began)

    with capsys.disabled():
        print(f"\nfast entry: {counted} key presses a letter, {', '.join(f'{s:.1f}' for s in seconds)} s by machine")
    assert max(counted) <= MOST_PRESSES
    assert max(seconds) <= MOST_SECONDS
    found = lines(town)[-3:]
    assert [(line.number, line.sender, line.subject) for line in found] == [
        (f"{head}{running}", sender, subject)
        for (sender, head, subject), running in zip(KNOWN, ("718", "95", "41"), strict=True)
    ]
    assert {line.letter_date for line in found} == {date(2026, 11, 20)}


def test_copy_clear_and_undo_lose_nothing(clerk_at: Callable[..., Any]) -> None:
    page = clerk_at("/entering/receiving")

    page.keyboard.press("Alt+ArrowUp")
    assert page.input_value("#sender") == "มหาวิทยาลัยเชียงใหม่"
    assert page.evaluate("document.activeElement.id") == "number"
    page.keyboard.type("77")
    assert page.input_value("#number").endswith("/77")
    page.keyboard.press("Escape")
    assert page.input_value("#sender") == page.input_value("#subject") == ""
    page.get_by_role("button", name="เลิกทำ").click()
    assert page.input_value("#sender") == "มหาวิทยาลัยเชียงใหม่"
    assert page.input_value("#number").endswith("77")

    page.focus("#urgency")
    page.keyboard.press("2")
    assert page.input_value("#urgency") == "very-urgent"


def test_free_text_stands_and_what_looks_the_same_is_told_beside_it(clerk_at: Callable[..., Any]) -> None:
    page = clerk_at("/entering/receiving")
    page.keyboard.type("เชียงใ")
    offers(page, "sender")
    assert page.locator(".combo__opt").last.inner_text().startswith("เพิ่มผู้ส่งใหม่ “เชียงใ”")
    page.keyboard.press("Enter")
    assert page.input_value("#sender") == "เชียงใ"
    assert page.evaluate("document.activeElement.id") == "number"

    page.fill("#sender", KNOWN[0][0])
    page.fill("#number", "กค 0408/1")
    page.fill("#letter_date", "2/11")
    page.wait_for_selector("[data-alike] .flash--amber >> text=อาจเคยลงรับแล้ว")
    page.fill("#subject", "อื่น")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("h1 >> text=หนังสือนี้อาจลงทะเบียนแล้ว")


def test_a_scan_of_the_tray_and_a_file_hang_on_the_letter(town: Installation, clerk_at: Callable[..., Any]) -> None:
    folder = town.office.settings.data_folder / "scans" / READING
    folder.mkdir(parents=True)
    scan = folder / "scan_001.jpg"
    Image.new("RGB", (300, 400), "white").save(scan)
    at = (town.clock.now() - timedelta(minutes=1)).timestamp()
    os.utime(scan, (at, at))
    page = clerk_at("/entering/receiving")

    page.click("[data-tray] summary")
    page.click('[data-take="scan_001.jpg"]')
    page.wait_for_selector("[data-scan-list] .scan >> text=scan_001.jpg")
    picture = b"\x89PNG\r\n\x1a\n" + b"0" * 40
    page.set_input_files("#file", {"name": "b.png", "mimeType": "image/png", "buffer": picture})
    page.wait_for_selector("[data-scan-list] .scan >> text=b.png")
    page.wait_for_selector("[data-scan-list] .scan >> text=ไม่มีภาพ")
    page.set_input_files("#file", {"name": "c.exe", "mimeType": "application/x-msdownload", "buffer": b"MZ"})
    page.wait_for_selector("[data-scan-error] >> text=c.exe")
    page.fill("#sender", "กรมที่ดิน")
    page.fill("#subject", "มีไฟล์")
    page.keyboard.press("Control+Enter")
    page.click("text=บันทึกโดยไม่แนบไฟล์นี้")
    page.wait_for_url("**after=**")

    with town.services.uow() as uow:
        line = uow.registers.get(town.agencies[READING], lines(town)[-1].id)
    assert [f.name for f in line.files] == ["scan_001.jpg", "b.png"]
    assert (folder / "done" / "scan_001.jpg").exists()


def drag(page: Any, to: str, *files: Path, drop: bool = True) -> None:
    """Carry files from the desktop over a place of the page, as the browser itself does it; let them fall there, or
    carry them on to the edge of the window."""
    box = page.locator(to).bounding_box()
    place = {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2}
    carried = {"items": [], "files": [str(file) for file in files], "dragOperationsMask": 1}
    hand = page.context.new_cdp_session(page)
    for event in ("dragEnter", "dragOver"):
        hand.send("Input.dispatchDragEvent", {"type": event, **place, "data": carried})
    page.wait_for_selector("[data-scan-drop].is-over")
    last = {"type": "drop", **place} if drop else {"type": "dragOver", "x": 1, "y": 1}
    hand.send("Input.dispatchDragEvent", {**last, "data": carried})
    page.wait_for_selector("[data-scan-drop]:not(.is-over)")


def test_scans_that_are_dropped_anywhere_on_the_form_hang_on_the_letter(
    town: Installation, clerk_at: Callable[..., Any], tmp_path: Path
) -> None:
    for shade, name in enumerate(("a.png", "b.png"), start=100):
        Image.new("L", (60, 80), shade).save(tmp_path / name)
    (tmp_path / "c.exe").write_bytes(b"MZ")
    page = clerk_at("/entering/receiving")
    here = page.url

    drag(page, "#subject", tmp_path / "a.png", drop=False)
    drag(page, "#subject", tmp_path / "a.png", tmp_path / "b.png")
    page.wait_for_selector("[data-scan-list] .scan >> text=b.png")
    drag(page, "[data-scan-drop]", tmp_path / "c.exe")
    page.wait_for_selector("[data-scan-error] >> text=c.exe")
    assert page.url == here
    page.click('button[aria-label="เอา b.png ออก"]')
    page.fill("#sender", "กรมที่ดิน")
    page.fill("#subject", "มีไฟล์")
    page.keyboard.press("Control+Enter")
    page.click("text=บันทึกโดยไม่แนบไฟล์นี้")
    page.wait_for_url("**after=**")

    with town.services.uow() as uow:
        line = uow.registers.get(town.agencies[READING], lines(town)[-1].id)
    assert [(f.name, f.sha256) for f in line.files] == [("a.png", Digest.of((tmp_path / "a.png").read_bytes()))]


def test_saving_waits_for_the_scan_that_is_on_its_way(town: Installation, clerk_at: Callable[..., Any]) -> None:
    page = clerk_at("/entering/receiving")
    gate: list[Any] = []
    page.route("**/entering/receiving/files", lambda route: gate.append(route))
    page.fill("#sender", "กรมที่ดิน")
    page.fill("#subject", "มีไฟล์")
    picture = b"\x89PNG\r\n\x1a\n" + b"0" * 40
    page.set_input_files("#file", {"name": "a.png", "mimeType": "image/png", "buffer": picture})
    before = len(lines(town))

    for _ in range(3):
        page.keyboard.press("Control+Enter")
    page.wait_for_selector('button[aria-disabled="true"] >> text=กำลังส่งไฟล์')
    page.wait_for_timeout(200)
    assert len(lines(town)) == before
    gate[0].continue_()
    page.wait_for_url("**after=**")

    assert len(lines(town)) == before + 1
    with town.services.uow() as uow:
        line = uow.registers.get(town.agencies[READING], lines(town)[-1].id)
    assert [f.name for f in line.files] == ["a.png"]


def test_a_letter_is_not_saved_without_a_scan_that_was_refused_unless_the_clerk_says_so(
    town: Installation, clerk_at: Callable[..., Any], axe: Callable[[Any], list[str]], sticks_out: Callable[..., Any]
) -> None:
    page = clerk_at("/entering/receiving")
    before = len(lines(town))
    page.fill("#sender", "กรมที่ดิน")
    page.fill("#subject", "ไม่มีไฟล์")
    page.set_input_files("#file", {"name": "c.exe", "mimeType": "application/x-msdownload", "buffer": b"MZ"})

    page.keyboard.press("Control+Enter")
    page.wait_for_selector(".errors >> text=c.exe: แนบได้เฉพาะไฟล์ PDF")
    assert page.evaluate("document.activeElement.id") == "file"
    assert len(lines(town)) == before
    assert axe(page) == []
    assert sticks_out(page) == []
    page.click("text=บันทึกโดยไม่แนบไฟล์นี้")
    page.wait_for_url("**after=**")

    assert len(lines(town)) == before + 1


def test_a_grid_takes_a_piece_of_a_spreadsheet_and_moves_by_keys(
    town: Installation, clerk_at: Callable[..., Any]
) -> None:
    page = clerk_at("/entering/receiving/grid")
    pasted = 'กรมที่ดิน\tมท 0515/1\t20/11\t"ขอส่ง ""รายงาน"""\n' + "".join(
        f"กรมป่าไม้\tทส 1/{n}\t-\tเรื่องที่ {n}\n" for n in range(1, 12)
    )
    page.evaluate("(text) => navigator.clipboard.writeText(text)", pasted)
    page.keyboard.press("Control+v")
    page.wait_for_selector('[data-filled] >> text="๑๒"')
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.name") == "number"
    page.keyboard.press("Enter")
    page.keyboard.press("Control+d")
    assert page.evaluate("document.activeElement.value") == "ทส 1/1"
    page.keyboard.press("Control+Enter")
    page.wait_for_selector(".grid__asked >> text=ซ้ำกับแถวที่")
    page.locator('.grid__cell[name="number"]').nth(2).fill("ทส 1/2")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector(".flash--green >> text=๑๒ ฉบับ")

    assert [line.subject for line in lines(town)[3:5]] == ['ขอส่ง "รายงาน"', "เรื่องที่ 1"]


KEPT = "Object.keys(sessionStorage).filter((key) => key.startsWith('typed:')).length"


def end_session(page: Any) -> None:
    """The session ends; no answer that is still on its way brings it back."""
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(600)
    page.context.clear_cookies()


def sign_in_again(page: Any, username: str = "reading-clerk") -> None:
    """The session has ended; this person signs in on the page that asks for it."""
    page.wait_for_url("**/login**")
    page.fill("#username", username)
    page.fill("#password", PASSWORD)
    page.press("#password", "Enter")
    page.wait_for_url(lambda url: "/login" not in url)
    page.wait_for_selector("html[data-ready]", state="attached")


def test_what_was_typed_outlives_the_session_and_is_offered_again(
    town: Installation, clerk_at: Callable[..., Any]
) -> None:
    page = clerk_at("/entering/receiving")
    page.fill("#sender", "กรมที่ดิน")
    page.fill("#subject", "ฉบับก่อน")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**after=**")
    page.wait_for_selector("html[data-ready]", state="attached")
    here = page.url
    page.fill("#sender", "กรมป่าไม้")
    page.fill("#subject", "พิมพ์ค้างไว้")
    end_session(page)

    page.keyboard.press("Control+Enter")
    sign_in_again(page)

    assert page.url == here
    page.click("text=ใส่กลับ")
    assert (page.input_value("#sender"), page.input_value("#subject")) == ("กรมป่าไม้", "พิมพ์ค้างไว้")
    page.keyboard.press("Control+Enter")
    page.wait_for_url(lambda url: "after=" in url and url != here)
    page.wait_for_selector("html[data-ready]", state="attached")
    assert lines(town)[-1].subject == "พิมพ์ค้างไว้"
    assert page.locator("text=ใส่กลับ").count() == 0


def test_nothing_typed_is_kept_that_is_classified_or_another_persons(
    town: Installation, clerk_at: Callable[..., Any]
) -> None:
    page = clerk_at("/entering/receiving")
    page.fill("#subject", "ของเสมียน")
    assert page.evaluate(KEPT) == 1
    end_session(page)
    page.goto(page.url)
    sign_in_again(page, "reading-records")
    assert page.locator("text=ใส่กลับ").count() == 0
    assert page.evaluate(KEPT) == 0

    page = clerk_at("/entering/receiving")
    page.fill("#subject", "เรื่องลับ")
    assert page.evaluate(KEPT) == 1
    page.evaluate("""() => {
      document.querySelector('#secrecy').append(new Option('ลับ', 'confidential'));
    }""")
    page.select_option("#secrecy", "confidential")
    assert page.evaluate(KEPT) == 0
    page.select_option("#secrecy", "open")
    assert page.evaluate(KEPT) == 1
    page.evaluate("document.querySelector('form[action$=\"/logout\"]').requestSubmit()")
    page.wait_for_url("**/login**")
    assert page.evaluate(KEPT) == 0


def test_how_a_day_was_read_stands_under_its_field(
    clerk_at: Callable[..., Any], axe: Callable[[Any], list[str]], sticks_out: Callable[..., list[str]]
) -> None:
    page = clerk_at("/entering/receiving")
    page.fill("#letter_date", "24/12")
    page.wait_for_selector("#letter_date + .day-said >> text=๒๔ ธ.ค. ๒๕๖๘ · ปีที่แล้ว")
    assert axe(page) == []
    assert sticks_out(page) == []
    page.fill("#letter_date", "")
    page.wait_for_selector("#letter_date + .day-said", state="detached")

    page.goto(page.url + "/grid")
    page.wait_for_selector("html[data-ready]", state="attached")
    page.evaluate("(text) => navigator.clipboard.writeText(text)", "กรมป่าไม้\tทส 1/1\t24/12\tเรื่อง\n" * 3)
    page.keyboard.press("Control+v")
    page.wait_for_selector(".day-said >> nth=2")
    assert page.locator(".day-said").all_inner_texts() == ["๒๔ ธ.ค. ๒๕๖๘ · ปีที่แล้ว"] * 3


def test_a_grid_outlives_the_session_and_warns_before_it_is_left(clerk_at: Callable[..., Any]) -> None:
    page = clerk_at("/entering/receiving/grid")
    pasted = "".join(f"กรมป่าไม้\tทส 1/{n}\t32/11\tเรื่องที่ {n}\n" for n in range(1, 13))
    page.evaluate("(text) => navigator.clipboard.writeText(text)", pasted)
    page.keyboard.press("Control+v")
    end_session(page)
    page.keyboard.press("Control+Enter")
    sign_in_again(page)

    assert page.url.endswith("/entering/receiving/grid")
    page.click("text=ใส่กลับ")
    page.wait_for_selector('[data-filled] >> text="๑๒"')
    page.keyboard.press("Control+Enter")
    page.wait_for_selector(".grid__error >> nth=0")
    page.click(".grid__cell >> nth=0")
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.close(run_before_unload=True)
    page.wait_for_timeout(300)
    assert asked == ["beforeunload"]


@pytest.mark.parametrize("address", ["", "/grid", "/sheet"])
def test_every_page_of_entry_is_in_reach_of_all_and_fits(
    clerk_at: Callable[..., Any], axe: Callable[[Any], list[str]], sticks_out: Callable[..., list[str]], address: str
) -> None:
    page = clerk_at(f"/entering/receiving{address}")
    if not address:
        page.keyboard.type("เชียง")
        offers(page, "sender")
        page.keyboard.press("ArrowDown")

    assert axe(page) == []
    assert sticks_out(page) == []


def test_the_letter_beside_its_line_is_in_reach_of_all_and_fits_a_phone(
    clerk_at: Callable[..., Any], axe: Callable[[Any], list[str]], sticks_out: Callable[..., list[str]]
) -> None:
    page = clerk_at("/entering/receiving", phone=True)
    assert page.locator('input[capture="environment"]').count() == 1
    page.fill("#sender", KNOWN[0][0])
    page.fill("#number", "กค 0408/1")
    page.fill("#letter_date", "2/11")
    page.fill("#subject", KNOWN[0][2] * 3)
    page.tap('.actbar [type="submit"]')
    page.wait_for_selector("h1 >> text=หนังสือนี้อาจลงทะเบียนแล้ว")

    assert axe(page) == []
    assert sticks_out(page) == []
    numbers = page.locator(".beside__table tbody tr:first-child td")
    numbers.evaluate_all("cells => cells.forEach(cell => { cell.textContent = 'ชม\\u00a0๐๐๑๗.๓/๔๖๐๐'; })")
    heights = numbers.evaluate_all("cells => cells.map(cell => cell.getBoundingClientRect().height)")
    assert max(heights) < 55, "a letter number stands on one line"
