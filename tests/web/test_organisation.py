"""The administrator's pages of the organisation: the tree, units, posts, people, and a password that works once."""

from __future__ import annotations

import re
from io import BytesIO
from types import SimpleNamespace
from typing import Any, cast
from uuid import UUID

import pytest

from saraban.domain.agency import PositionRole
from saraban.domain.calendar import office_date
from saraban.web.organisation import units_to_choose
from tests.web.installation import READING, Browser, Installation

TREE = "/admin/organisation"
ORDER = "คำสั่งกรมที่ ๙/๒๕๖๙"


@pytest.fixture
def admin(town: Installation) -> Browser:
    """The administrator of กรมส่งเสริมการอ่าน at the browser."""
    return town.client("reading-admin")


def unit_page(town: Installation, code: str) -> str:
    """The address of a unit's page."""
    with town.services.uow() as uow:
        unit = uow.agencies.unit_by_code(town.agencies[READING], code)
    assert unit is not None
    return f"{TREE}/units/{unit.id}"


def of(deed: str, **values: str) -> dict[str, str]:
    """The form of a deed."""
    return {f"{deed}.{name}": value for name, value in values.items()}


@pytest.mark.only_database("sqlite")
def test_the_tree_shows_units_posts_and_people_and_is_searched(town: Installation, admin: Browser) -> None:
    page = admin.get(TREE).text
    assert "กองแผนงาน" in page and "สารบรรณกลาง" in page and page.count('class="tree__post"') == 7
    found = admin.get(f"{TREE}?q=แผนงาน").text
    assert "กองแผนงาน" in found and "สำนักงานเลขานุการกรม" in found  # what stands above it stays in sight
    assert "ไม่พบหน่วยงานที่ตรงกับ" in admin.get(f"{TREE}?q=ไม่มีอยู่").text
    clerk = town.client("reading-clerk")
    assert clerk.get(TREE).status_code == clerk.get(f"{TREE}/people").status_code == 403
    assert clerk.send(TREE, of("open", code="x", name="x", since="1", authority="x")).status_code == 403


@pytest.mark.only_database("sqlite")
def test_a_unit_is_set_up_renamed_and_merged_and_a_refusal_loses_nothing(town: Installation, admin: Browser) -> None:
    wrong = admin.send(TREE, of("open", code="NEW", name="กลุ่มงานใหม่", since="๓๑ ก.พ. ๒๕๗๐", authority=""))
    assert wrong.status_code == 422 and 'value="กลุ่มงานใหม่"' in wrong.text and "ไม่มีในปฏิทิน" in wrong.text
    made = admin.send(TREE, of("open", code="NEW", name="กลุ่มงานใหม่", parent="PLAN", since="๑/๑/๒๕๗๐", authority=ORDER))
    assert made.status_code == 302
    here = made.headers["Location"]
    assert "ใต้กองแผนงาน" in admin.get(here).text
    plan = unit_page(town, "PLAN")
    assert "<b>กระทบ</b>" in admin.get(plan).text
    today = office_date(town.clock.now()).isoformat()
    assert admin.send(f"{plan}/rename", of("rename", name="สำนักแผน", since=today, authority=ORDER)).status_code == 302
    page = admin.get(plan).text
    assert "<h1>สำนักแผน</h1>" in page and "กองแผนงาน → สำนักแผน" in page and ORDER in page
    refused = admin.send(f"{plan}/end", of("end", until=today, authority=ORDER))
    assert refused.status_code == 422 and "ยุบไม่ได้ เพราะยังมี" in refused.text
    merged = admin.send(f"{plan}/merge", of("merge", into="SEC", since="๑/๒/๒๕๗๐", authority=ORDER))
    assert merged.status_code == 302 and "งานไปที่" in admin.get(plan).text
    assert admin.send(f"{plan}/dance", {}).status_code == 404


def test_a_new_person_is_appointed_enters_once_and_chooses_a_password(town: Installation, admin: Browser) -> None:
    made = admin.send(f"{TREE}/people", of("add", name="นายใหม่ มาดี", username="reading-new"))
    code = re.search(r'class="mono big-code">([^<]+)<', made.text)
    where = re.search(r'action="(/admin/organisation/people/([0-9a-f-]+))/password"', made.text)
    assert code is not None and where is not None
    assert code[1] not in admin.get(where[1]).text
    plan, day = unit_page(town, "PLAN"), office_date(town.clock.now()).isoformat()
    post = of("post", title="นักวิเคราะห์", role="clerk", since=day, authority=ORDER)
    assert admin.send(f"{plan}/post", post).status_code == 302
    with town.services.uow() as uow:
        posts = uow.agencies.posts(town.agencies[READING], PositionRole.CLERK, office_date(town.clock.now()))
    vacant = next(one.position.id for one in posts if one.holder is None)
    there = f"{TREE}/positions/{vacant}"
    assert "ว่าง" in admin.get(there).text
    appointed = of("appoint", person=str(UUID(where[2])), since=day, authority=ORDER)
    assert admin.send(f"{there}/appoint", appointed).status_code == 302
    again = admin.send(f"{there}/appoint", appointed)
    assert again.status_code == 422 and "ดำรงตำแหน่งนี้อยู่" in again.text
    new = Browser(town.app.test_client())
    assert new.send("/login", {"username": "reading-new", "password": code[1]}).status_code == 302
    assert new.get("/").headers["Location"] == "/password"
    short = new.send("/password", {"old": code[1], "new": "สั้น", "again": "สั้น"})
    assert short.status_code == 422 and "อย่างน้อย ๑๒ ตัว" in short.text
    chosen = {"old": code[1], "new": "ประโยคที่จำได้ง่าย", "again": "ประโยคที่จำได้ง่าย"}
    assert new.send("/password", chosen).headers["Location"] == "/"
    assert new.get("/").status_code == 200
    closed = admin.send(f"{where[1]}/close", of("close", reason="ลาออก"))
    assert closed.status_code == 302 and "ปิดบัญชี" in admin.get(where[1]).text
    assert new.get("/").status_code == 302


@pytest.mark.only_database("sqlite")
def test_a_clearance_is_granted_and_ended_with_its_order(town: Installation, admin: Browser) -> None:
    person = f"{TREE}/people/{town.people['reading-head']}"
    day = office_date(town.clock.now()).isoformat()
    assert admin.send(f"{person}/clear", of("clear", since=day, authority=ORDER)).status_code == 302
    page = admin.get(person).text
    assert ORDER in page and "อนุญาตให้เข้าถึงชั้นความลับ" in page
    twice = admin.send(f"{person}/clear", of("clear", since=day, authority=ORDER))
    assert twice.status_code == 422 and "ได้รับอนุญาตอยู่แล้ว" in twice.text
    ended = of("unclear", clearance=day, until=day, authority=ORDER)
    assert admin.send(f"{person}/unclear", ended).status_code == 302


@pytest.mark.only_database("sqlite")
def test_a_sheet_is_previewed_and_taken_in_and_its_passwords_are_shown_once(town: Installation, admin: Browser) -> None:
    said = {"kind": "people", "since": office_date(town.clock.now()).isoformat(), "authority": ORDER}
    empty = admin.send(f"{TREE}/import", said)
    assert empty.status_code == 422 and "เลือกไฟล์ XLSX หรือ CSV" in empty.text and ORDER in empty.text
    good, bad = ("ชื่อผู้ใช้,ชื่อและนามสกุล\nreading-new,นายใหม่ มาดี\n", "ชื่อผู้ใช้,ชื่อและนามสกุล\nx y,นายใหม่\n")
    wrong = admin.send(f"{TREE}/import", {**said, "file": (BytesIO(bad.encode()), "ก.csv")})
    assert "ต้องแก้" in wrong.text and 'name="really"' not in wrong.text
    undated = admin.send(f"{TREE}/import", {**said, "since": "32/1", "file": (BytesIO(good.encode()), "ก.csv")}).text
    kept = re.search(r'name="token" value="([^"]+)" checked', undated)  # the file is not lost with it
    assert kept is not None and "นายใหม่ มาดี" in admin.send(f"{TREE}/import", {**said, "token": kept[1]}).text
    page = admin.send(f"{TREE}/import", {**said, "file": (BytesIO(good.encode()), "ก.csv")}).text
    token = re.search(r'name="token" value="([^"]+)"', page)
    assert token is not None and "นำเข้าได้ทุกแถว" in page
    done = admin.send(f"{TREE}/import", {**said, "token": token[1], "really": "1"})
    assert done.status_code == 200 and re.search(r'<td class="mono">[a-z2-9]{12}</td>', done.text)
    again = admin.send(f"{TREE}/import", {**said, "token": token[1], "really": "1"})
    assert again.status_code == 302 and "รอตั้งรหัสผ่าน" in admin.get(f"{TREE}/people").text
    forged = admin.send(f"{TREE}/import", {**said, "token": "x", "really": "1"})
    assert forged.status_code == 422 and "เลือกไฟล์อีกครั้ง" in forged.text
    assert admin.get(f"{TREE}/import/units.xlsx").data[:2] == b"PK"


def test_no_place_below_a_unit_is_offered_for_it() -> None:
    rows = [("ก", 0), ("ข", 1), ("ค", 2), ("ง", 1), ("จ", 2), ("ฉ", 0)]
    nodes = [SimpleNamespace(id=name, code=name, name=name, depth=depth) for name, depth in rows]
    whole = cast(Any, SimpleNamespace(tree=lambda: nodes))

    assert units_to_choose(whole, cast(Any, "ข")) == [("ก", "ก"), ("ง", "– ง"), ("จ", "– – จ"), ("ฉ", "ฉ")]
    assert [code for code, _ in units_to_choose(whole)] == [name for name, _ in rows]
