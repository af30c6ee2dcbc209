"""The administrator's page of old registers."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest
from sqlalchemy import func, select

from saraban.storage.tables.registers import entries
from saraban.web.forms.old_lines import NAMES, TEMPLATE, columns_read, read_old_lines
from saraban.web.forms.sheets import EXAMPLE_MARK
from tests.web.installation import READING, Installation

SHEET = "ทะเบียน,ปี,เลขทะเบียน,ที่,ลงวันที่,จาก,เรื่อง\nรับ,2565,1,กค 1/1,3/1/2565,กรมบัญชีกลาง,เรื่องของระบบเดิม\n"


@pytest.mark.only_database("sqlite")
def test_a_folder_is_looked_at_and_entered_and_its_lines_say_that_they_are_from_before(
    town: Installation,
) -> None:
    admin = town.client("reading-admin")
    place = town.office.settings.move_in_folder / READING
    assert str(place) in admin.get("/admin/move-in").text and "ยังไม่มีโฟลเดอร์" in admin.get("/admin/move-in").text
    (place / "ระบบ <เก่า>").mkdir(parents=True)
    (place / "ระบบ <เก่า>" / "a.csv").write_text(SHEET, encoding="utf-8")

    assert "ระบบ &lt;เก่า&gt;" in admin.get("/admin/move-in").text
    for deed, told in (("check", "ตรวจแล้ว ๑ แถว ไม่มีสิ่งที่ต้องแก้"), ("enter", "ย้ายเข้าทะเบียนแล้ว ๑ รายการ")):
        page = admin.send("/admin/move-in", {"folder": "ระบบ <เก่า>", "deed": deed})
        town.carry()
        assert told in admin.get(page.location).text
        assert told in admin.get("/admin/move-in").text
    with town.office.reading.connect() as connection:
        entry = connection.execute(select(entries.c.id)).scalar_one()
    assert "มีอยู่ก่อนใช้ระบบ" in town.client("reading-records").get(f"/registers/entries/{entry}").text


@pytest.mark.only_database("sqlite")
def test_a_sheet_and_a_zip_are_sent_from_the_browser_looked_at_and_entered(town: Installation) -> None:
    admin = town.client("reading-admin")
    sheet = SHEET.replace("เรื่อง\n", "เรื่อง,ไฟล์\n", 1).rstrip("\n") + ",ก/1.pdf\n"
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("ก/1.pdf", b"%PDF-1.4 old")
        archive.writestr("ข/2.pdf", b"%PDF-1.4 old")

    def files(*sent: tuple[bytes, str]) -> dict[str, Any]:
        return {"folder": "เก่า2567", "file": [(io.BytesIO(data), name) for data, name in sent]}

    first = admin.send("/admin/move-in/files", files((packed.getvalue(), "b.zip")))
    assert "ยังไม่มีตาราง" in admin.get(first.location).text
    second = admin.send("/admin/move-in/files", files((sheet.encode(), "a.csv")))
    assert "กด “ตรวจก่อน” ที่โฟลเดอร์ เก่า2567" in admin.get(second.location).text
    page = admin.send("/admin/move-in", {"folder": "เก่า2567", "deed": "enter"})
    town.carry()
    assert "ย้ายเข้าทะเบียนแล้ว ๑ รายการ" in admin.get(page.location).text

    refused = admin.send("/admin/move-in/files", files((b"no zip", "b.zip")))
    assert refused.status_code == 422 and "b.zip เสียหรือเปิดไม่ได้" in refused.text and 'value="เก่า2567"' in refused.text
    clerk = town.client("reading-clerk")
    assert clerk.send("/admin/move-in/files", files((b"a", "a.csv"))).status_code == 403
    forged = admin.client.post("/admin/move-in/files", data=files((b"a", "a.csv")))
    assert forged.status_code == 400


@pytest.mark.only_database("sqlite")
@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_the_sample_sheet_is_read_as_it_says(town: Installation, kind: str) -> None:
    admin = town.client("reading-admin")
    address = f"/admin/move-in/sample.{kind}"
    assert f'href="{address}"' in admin.get("/admin/move-in").text
    sample = admin.get(address)
    rows = town.services.spreadsheets.read(sample.data, f"a.{kind}")
    assert tuple(rows[0]) == TEMPLATE and set(columns_read(rows[0])) == set(NAMES)
    assert list(read_old_lines(rows, town.services)) == [], "the example is no line"
    here = dict(zip(TEMPLATE, rows[1], strict=True)) | {"หมายเหตุ": ""}
    [line] = read_old_lines([rows[0], [here[caption] for caption in TEMPLATE]], town.services)
    assert line.faults(town.clock.now()) == {} and line.matter.number == "กค 0408/123" and line.files == ("2565/1.pdf",)
    assert (line.keeping.file_code, line.keeping.period, line.keeping.place.thai) == (
        *("03", "general"),
        "ห้อง คลังเอกสาร ชั้น 2 กล่อง 15",
    )
    assert (str(line.keeping.finished_on), str(line.keeping.stored_on)) == ("2022-03-31", "2024-01-10")
    here |= {"หมายเหตุ": EXAMPLE_MARK, "เรื่อง": "เรื่องจริง"}
    [line] = read_old_lines([rows[0], [here[caption] for caption in TEMPLATE]], town.services)
    assert "ลบคำว่า" in line.faults(town.clock.now())["note"]
    assert town.client("reading-clerk").get(address).status_code == 403


@pytest.mark.only_database("sqlite")
def test_an_errand_that_left_rows_with_faults_says_so_everywhere(town: Installation) -> None:
    admin = town.client("reading-admin")
    place = town.office.settings.move_in_folder / READING / "เดิม"
    place.mkdir(parents=True)
    (place / "a.csv").write_text(SHEET + "รับ,2565,2,กค 1/2,3/1/2565,กรมบัญชีกลาง,\n", encoding="utf-8")

    page = admin.send("/admin/move-in", {"folder": "เดิม", "deed": "enter-sound"})
    town.carry()

    assert page.location is not None
    shown = admin.get(page.location).text
    assert "flash--amber" in shown and "เสร็จแล้ว มี ๑ รายการต้องแก้" in shown and "flash--green" not in shown
    for address in ("/errands", "/admin/move-in"):
        listed = admin.get(address).text
        assert "มีที่ต้องแก้" in listed and "เสร็จแล้ว" not in listed, address


@pytest.mark.only_database("sqlite")
def test_what_is_not_there_is_refused_and_others_may_not(town: Installation) -> None:
    assert town.client("reading-admin").send("/admin/move-in", {"folder": "..", "deed": "enter"}).status_code == 422
    for who in ("reading-clerk", "reading-records", "reading-head"):
        assert town.client(who).get("/admin/move-in").status_code == 403
        assert town.client(who).send("/admin/move-in", {"folder": "x", "deed": "check"}).status_code == 403
    with town.office.reading.connect() as connection:
        assert connection.execute(select(func.count()).select_from(entries)).scalar_one() == 0
