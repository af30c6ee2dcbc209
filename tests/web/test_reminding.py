"""A press that reminds receivers, and their list as a sheet."""

from __future__ import annotations

import re
from io import BytesIO

from openpyxl import load_workbook

from saraban import jobs
from tests.web.installation import ELSEWHERE, LEARNING, Browser, Installation
from tests.web.test_tracking import tracking


def _work(town: Installation) -> None:
    for job in jobs.timetable(1):
        job.work(town.services)


def test_a_clerk_reminds_all_who_have_not_registered_once_a_day(town: Installation, clerk: Browser) -> None:
    letter = town.dispatched(recipients=(LEARNING, ELSEWHERE))
    town.carry()
    page = clerk.get(tracking(letter)).text
    remind = f"/letters/{letter}/receivers/remind"

    assert "เตือนทุกแห่งที่ยังไม่ลงรับ" in page
    first = clerk.send(remind, {"scope": "list"})
    assert first.headers["Location"].endswith(tracking(letter))
    after = clerk.get(tracking(letter)).text
    assert "ส่งอีเมลเตือน ๑ แห่ง ส่งซองเดิมซ้ำ ๑ แห่ง" in after
    assert "เตือนแล้ว ๑" in after
    clerk.send(remind, {"scope": "list"})
    assert "เตือนไปแล้วใน ๒๔ ชั่วโมง ๒ แห่ง" in clerk.get(tracking(letter)).text


def test_those_who_are_ticked_are_reminded_and_nobody_else(town: Installation, clerk: Browser) -> None:
    letter = town.dispatched(recipients=(LEARNING, ELSEWHERE))
    town.carry()
    page = clerk.get(f"{tracking(letter)}?q={LEARNING}").text
    [chosen] = re.findall(r'name="dispatches" value="([0-9a-f-]{36})"', page)
    clerk.send(f"/letters/{letter}/receivers/remind", {"scope": "chosen", "dispatches": chosen})
    assert "ส่งอีเมลเตือน ๑ แห่ง" in clerk.get(tracking(letter)).text
    clerk.send(f"/letters/{letter}/receivers/remind", {"scope": "chosen"})
    assert "ไม่มีผู้รับที่ต้องเตือน" in clerk.get(tracking(letter)).text


def test_who_may_not_send_may_not_remind(town: Installation) -> None:
    letter = town.dispatched()
    town.carry()
    head = town.client("reading-head")

    assert "เตือนทุกแห่ง" not in head.get(tracking(letter)).text
    assert head.send(f"/letters/{letter}/receivers/remind", {"scope": "list"}).status_code == 403
    stranger = town.client("learning-clerk")
    assert stranger.send(f"/letters/{letter}/receivers/remind", {"scope": "list"}).status_code == 404
    assert stranger.send(f"/letters/{letter}/receivers/sheet", {"format": "xlsx"}).status_code == 404


def test_the_receivers_are_taken_away_as_a_sheet(town: Installation, clerk: Browser) -> None:
    letter = town.dispatched(recipients=(LEARNING, ELSEWHERE))
    town.carry()
    made = clerk.send(f"/letters/{letter}/receivers/sheet", {"format": "xlsx"}).headers["Location"]
    _work(town)
    assert f'href="/letters/{letter}/tracking"' in clerk.get(made).text, "the way back to where it was pressed"
    data = clerk.get(f"{made}/file").data
    rows = list(load_workbook(BytesIO(data)).active.iter_rows(values_only=True))

    assert rows[2][1:5] == ("รหัส", "ส่วนราชการผู้รับ", "ที่อยู่ไปรษณีย์อิเล็กทรอนิกส์", "สถานะ")
    told = {row[1]: row for row in rows[3:]}
    assert set(told) == {LEARNING, ELSEWHERE}
    assert (told[LEARNING][4], told[LEARNING][10]) == ("ได้รับแล้ว รอลงรับ", "ใบตอบรับลงตรา")
    csv = clerk.send(f"/letters/{letter}/receivers/sheet", {"format": "csv", "group": "received"}).headers["Location"]
    _work(town)
    text = clerk.get(f"{csv}/file").data.decode("utf-8-sig")
    assert LEARNING in text
    assert ELSEWHERE not in text
    assert clerk.send(f"/letters/{letter}/receivers/sheet", {"format": "doc"}).status_code == 422
