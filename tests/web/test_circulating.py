"""Passing letters round on the screens: the list of who has read what, รับทราบ, reminders, groups and the sheet."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from saraban.domain.classification import Secrecy
from tests.web.installation import Browser, Installation

CHOOSE = {"asks": "note", "note": "ขอให้อ่านก่อนประชุม"}


def _unit(page: str, name: str) -> str:
    found = re.search(rf'<option value="([^"]+)"[^>]*>{name}</option>', page)
    assert found is not None, name
    return found[1]


def test_a_letter_that_is_passed_round_is_opened_and_noted_at_two_times(town: Installation, clerk: Browser) -> None:
    letter = town.issued(subject="ซ้อมหนีไฟ")
    address = f"/letters/{letter}/readers"
    unit = _unit(clerk.get(address).text, "กองแผนงาน")
    reader = town.client("reading-plan-director")
    before = reader.get(f"/letters/{letter}").status_code
    sent = clerk.send(address, {**CHOOSE, "to": unit})
    listed, front = reader.get("/reading").text, reader.get("/").text
    opened = reader.get(f"/letters/{letter}").text
    after_opening = clerk.get(address).text
    town.clock.pass_by(timedelta(minutes=5))
    noted = reader.send(f"/letters/{letter}/readers/note")
    again = reader.send(f"/letters/{letter}/readers/note")

    assert before == 404 and sent.status_code == 302
    assert "ซ้อมหนีไฟ" in listed and "ยังไม่อ่าน" in listed and "ขอให้อ่านก่อนประชุม" in listed
    assert 'data-unread="1"' in front and 'data-unread="0"' in opened
    assert "เวียนให้ท่านทราบ" in opened and "/readers/note" in opened
    assert "รับทราบ ๐ จาก ๒ คน · เปิดอ่าน ๑ คน" in after_opening
    assert noted.status_code == again.status_code == 302
    assert "ท่านรับทราบหนังสือนี้แล้ว" in reader.get("/reading").text
    assert "รับทราบ ๑ จาก ๒ คน" in clerk.get(address).text
    assert "ซ้อมหนีไฟ" in reader.get("/reading?state=noted").text
    assert "ซ้อมหนีไฟ" in clerk.get("/reading?state=sent").text


@pytest.mark.only_database("sqlite")
def test_what_was_typed_stays_when_nobody_was_chosen(town: Installation, clerk: Browser) -> None:
    answer = clerk.send(f"/letters/{town.issued()}/readers", {**CHOOSE, "group_name": "ผู้อำนวยการ"})

    assert answer.status_code == 422 and "เลือกผู้อ่านอย่างน้อยหนึ่งคน" in answer.text
    assert "ขอให้อ่านก่อนประชุม" in answer.text and 'value="ผู้อำนวยการ"' in answer.text


@pytest.mark.only_database("sqlite")
def test_those_who_have_not_noted_it_are_reminded_by_one_press_and_can_be_spared(
    town: Installation, clerk: Browser
) -> None:
    letter = town.issued(subject="ซ้อมหนีไฟ")
    address = f"/letters/{letter}/readers"
    clerk.send(address, {**CHOOSE, "to": _unit(clerk.get(address).text, "กองแผนงาน")})
    page = clerk.get(address).text
    remind, stop = (re.search(rf'action="(/circulations/[^"]+/{deed})"', page) for deed in ("remind", "stop"))
    assert remind is not None and stop is not None
    of = {"about": "letter", "about_id": str(letter)}
    reminded = clerk.send(remind[1], of)
    first = clerk.get(address).text
    twice = clerk.client.get(clerk.send(remind[1], of).headers["Location"]).text
    told = town.client("reading-plan-clerk").get("/notices").text
    other = town.client("reading-plan-clerk").send(stop[1], of)
    stopped = clerk.client.get(clerk.send(stop[1], of).headers["Location"]).text

    assert reminded.headers["Location"].endswith(address)
    assert "เตือนแล้ว ๒ คน" in first and "ไม่ถึงหนึ่งชั่วโมง" in twice
    assert "เตือนให้รับทราบหนังสือเวียน" in told
    assert other.status_code == 403 and "เฉพาะผู้เวียน" in other.text
    assert "หยุดเวียนแล้ว ๒ คน" in stopped
    assert town.client("reading-plan-director").get(f"/letters/{letter}").status_code == 404


@pytest.mark.only_database("sqlite")
def test_the_list_goes_out_as_a_sheet_and_is_for_those_who_may_circulate(town: Installation, clerk: Browser) -> None:
    letter = town.issued()
    address = f"/letters/{letter}/readers"
    clerk.send(address, {"asks": "open", "to": _unit(clerk.get(address).text, "มาลี ศรีสุข")})
    reader = town.client("reading-plan-clerk")
    reader.get(f"/letters/{letter}")
    sheet = clerk.get(f"{address}.csv")

    assert sheet.mimetype == "text/csv" and sheet.data.startswith(b"\xef\xbb\xbf")
    line = sheet.text.splitlines()[1].split(",")
    assert line[0] == "มาลี ศรีสุข" and line[3] == "เวียน" and line[4] == line[5] != ""
    assert "ส่งออกรายชื่อผู้อ่าน" in clerk.get(f"/letters/{letter}").text
    assert town.client("reading-records").get(address).status_code == 404


@pytest.mark.only_database("sqlite")
def test_a_group_of_readers_is_kept_while_sending_and_changed_later(town: Installation, clerk: Browser) -> None:
    letter, second = town.issued(), town.issued()
    unit = _unit(clerk.get(f"/letters/{letter}/readers").text, "กองแผนงานและหน่วยงานในสังกัด")
    clerk.send(f"/letters/{letter}/readers", {"to": unit, "group_name": "พวกแผน"})
    chosen = _unit(clerk.get(f"/letters/{second}/readers").text, "พวกแผน")
    clerk.send(f"/letters/{second}/readers", {"to": chosen})
    found = re.search(r'href="(/reading/groups/[0-9a-f-]{36})"', clerk.get("/reading/groups").text)
    assert found is not None
    stale = clerk.send(found[1], {"name": "พวกใหม่", "to": unit, "version": "7"})
    changed = clerk.send(found[1], {"name": "พวกใหม่", "to": unit, "version": "1"})
    gone = clerk.send(f"{found[1]}/retire")

    assert chosen.startswith("group:") and "เวียนถึง กลุ่ม พวกแผน" in clerk.get(f"/letters/{second}/readers").text
    assert stale.status_code == 409 and "พวกใหม่" in stale.text
    assert changed.status_code == gone.status_code == 302
    assert "พวกใหม่" not in clerk.get("/reading/groups").text.split("<main")[1].split('id="new"')[0].split("flashes")[-1]
    assert town.client("reading-director").get(found[1]).status_code == 404


@pytest.mark.only_database("sqlite")
def test_a_classified_letter_goes_to_the_cleared_only(town: Installation, clerk: Browser) -> None:
    letter = town.issued(secrecy=Secrecy.SECRET)
    address = f"/letters/{letter}/readers"
    drafter = town.client("reading-clerk")
    page = drafter.get(address).text
    refused = drafter.send(address, {"to": _unit(page, "มาลี ศรีสุข")})
    nobody = drafter.send(address, {"to": _unit(page, "กองแผนงาน")})
    sent = drafter.send(address, {"to": _unit(page, "ทุกคนในส่วนราชการ")})
    told = drafter.get(address).text

    assert refused.status_code == nobody.status_code == 422
    assert "ไม่ได้รับอนุญาตให้รู้หนังสือชั้นความลับ" in refused.text
    assert "ไม่มีผู้ใดในที่เลือก" in nobody.text
    assert sent.status_code == 302 and "เวียนแล้วถึง ๑ คน" in told and "ไม่ได้ส่งให้" in told
    assert town.client("reading-records").get(f"/letters/{letter}").status_code == 200


def test_an_incoming_letter_is_passed_round_once_it_is_registered(town: Installation) -> None:
    town.dispatched(subject="ขอความร่วมมือ")
    town.carry()
    clerk, reader = town.client("learning-clerk"), town.client("learning-plan-clerk")
    found = re.search(r'href="(/incoming/[0-9a-f-]{36})"', clerk.get("/incoming").text)
    assert found is not None
    early = clerk.get(f"{found[1]}/readers")
    clerk.send(f"{found[1]}/register")
    page = clerk.get(f"{found[1]}/readers").text
    clerk.send(f"{found[1]}/readers", {"to": _unit(page, "ปิติ ยินดี")})
    opened = reader.get(found[1])
    noted = reader.send(f"{found[1]}/readers/note", {"from": "list"})

    assert early.status_code == 403 and "ต้องลงรับก่อน" in early.text
    assert opened.status_code == 200 and "เวียนให้ท่านทราบ" in opened.text
    assert noted.headers["Location"].endswith("/reading")
    assert "เวียนให้ทราบ" in clerk.get(found[1]).text and "รับทราบ <b" in clerk.get(found[1]).text
