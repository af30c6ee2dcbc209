"""The report to the OPDC on the screen, as files and for programs; the register of services not digital yet."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta

import pypdfium2
import pytest
from sqlalchemy import select, update

from saraban.domain.calendar import office_date
from saraban.domain.issued_kind import KindDefinition, Stage
from saraban.storage.tables.issued import issued_documents
from saraban.usecases.issuing import Said, define_kind, draft
from tests.api.program import Programs
from tests.web.installation import Installation
from tests.web.meeting_town import a_pdf, called, people_of, put

SERVICE = {
    "service": "การออกใบอนุญาตตั้งโรงงาน",
    "reason": "ต้องแก้ประกาศ",
    "rank": "๑",
    "pressing": "high",
    "readiness": "60",
    "until": "๓๐/๙/๒๕๗๐",
}


def _words(pdf: bytes) -> str:
    return "".join(page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(pdf))


def test_the_report_stands_on_the_page_on_paper_in_a_sheet_and_for_programs(town: Installation) -> None:
    town.dispatched()
    town.carry()
    town.client("reading-admin").send("/report/deferrals", SERVICE | {"until": "1/11/2569"})
    records = town.client("reading-records")

    page = records.get("/report").text
    assert "ปีงบประมาณ พ.ศ. ๒๕๗๐" in page and "ส่งโดยไม่ใช้กระดาษ" in page and "เลยกำหนดที่ตกลงไว้" in page
    assert "การออกใบอนุญาตตั้งโรงงาน" in page and "ต้องแก้ประกาศ" in page and "เร่งด่วนมาก" in page
    paper = records.get("/report/report.pdf")
    words = _words(paper.data)
    assert paper.mimetype == "application/pdf" and "ปีงบประมาณ พ.ศ. ๒๕๗๐" in words and "เลยกำหนดแล้ว" in words
    lines = list(csv.reader(io.StringIO(records.get("/report/report.csv").data.decode("utf-8-sig"))))
    told = {(dimension, name, measure): value for _, dimension, name, measure, _, value in lines[1:]}
    service = {meaning: value for _, dimension, name, _, meaning, value in lines[1:] if dimension == "service"}
    assert (service["งานบริการ"], service["เหตุผล"], service["ความเร่งด่วน"]) == (
        SERVICE["service"],
        "ต้องแก้ประกาศ",
        "เร่งด่วนมาก",
    )
    assert (service["ลำดับ"], service["กำหนดเสร็จ"], service["สถานะ"]) == ("1", "2026-11-01", "เลยกำหนดแล้ว")
    assert told["month", "2026-11", "sent_system"] == "1" and int(told["month", "2026-11", "pages"]) >= 1
    assert told["total", "ทั้งส่วนราชการ", "sent_system"] == "1" and told["month", "2026-11", "documents.external"] == "1"

    program = Programs(town)["reading-head"]
    shown = program.get("/report").get_json()
    assert shown["year"] == 2570 and shown["total"]["sent_system"] == 1
    assert [one["standing"] for one in shown["deferrals"]] == ["expired"]
    assert program.get("/report?by=calendar&year=2568").get_json()["total"]["sent_system"] == 0
    assert program.get("/report/pdf").data.startswith(b"%PDF") and b"sent_mail" in program.get("/report/csv").data


def test_documents_for_people_and_packs_of_meetings_are_counted_once_they_are_issued_and_held(
    town: Installation,
) -> None:
    admin, clerk = town.actor("reading-admin"), town.actor("reading-clerk")
    signer = town.actor("reading-head").position_id
    said = KindDefinition(code="A1", name_th="ใบอนุญาตสถานที่อ่าน", text="ก", signer_id=signer, stage=Stage.ON)
    kind = define_kind(town.services, actor=admin, said=said)
    for _ in range(2):
        draft(town.services, actor=clerk, kind_id=kind, said=Said("นายเอก"))
    meeting = called(town)
    put(town, meeting, a_pdf(4))
    records = town.client("reading-records")
    before = records.get("/report/report.csv").data.decode()
    assert "ใบอนุญาตสถานที่อ่าน" not in before and _months(before, "saved.meetings") == 0

    town.clock.pass_by(timedelta(days=3))
    with town.office.writing.begin() as connection:
        one = select(issued_documents.c.id).limit(1).scalar_subquery()
        on = office_date(town.clock.now())
        connection.execute(update(issued_documents).where(issued_documents.c.id == one).values(issued_on=on))

    after = records.get("/report/report.csv").data.decode()
    assert _months(after, "documents.kind-A1") == 1
    assert _months(after, "saved.meetings") == 4 * len(people_of(town, meeting))


def _months(sheet: str, measure: str) -> int:
    return sum(int(line[5]) for line in csv.reader(io.StringIO(sheet)) if line[3] == measure)


@pytest.mark.only_database("sqlite")
def test_a_director_sees_his_unit_and_a_clerk_hears_who_may(town: Installation) -> None:
    director, clerk = town.client("reading-director"), town.client("reading-clerk")

    own = director.get("/report")
    assert own.status_code == 200 and "ทั้งส่วนราชการ" not in own.text
    link = re.search(r'href="(/report\?unit=[^"]+)"', director.get("/boards?scope=unit").text)
    assert link is not None and director.get(link.group(1)).status_code == 200
    refused = clerk.get("/report")
    assert refused.status_code == 403 and "หัวหน้าส่วนราชการ" in refused.text
    for wrong in ("year=1", "year=x", "unit=x"):
        assert town.client("reading-head").get(f"/report?{wrong}").status_code == 404
    assert "ปี ๒๕๖๘" in town.client("reading-head").get("/report?year=2568&by=calendar").text


@pytest.mark.only_database("sqlite")
def test_the_administrator_keeps_the_register_and_nothing_typed_is_lost(town: Installation) -> None:
    admin, records = town.client("reading-admin"), town.client("reading-records")

    refused = admin.send("/report/deferrals", SERVICE | {"rank": "หนึ่ง", "until": ""})
    assert refused.status_code == 422 and "ลำดับความสำคัญเป็นเลข ๑ ถึง ๙๙๙" in refused.text
    assert "การออกใบอนุญาตตั้งโรงงาน" in refused.text and "หนึ่ง" in refused.text and "ใส่กำหนดเสร็จ" in refused.text
    assert admin.send("/report/deferrals", SERVICE).status_code == 302
    listed = records.get("/report/deferrals").text
    assert "ยังไม่ได้ตกลง" in listed and "ทำได้เฉพาะผู้ดูแลระบบ" in listed
    address = re.findall(r'href="(/report/deferrals/[0-9a-f-]{36})"', listed)[0]
    assert admin.send(address, SERVICE | {"readiness": "101"}).status_code == 422
    admin.send(address, SERVICE | {"readiness": "๙๐", "agreement": "นร 1200/9"})
    assert all("นร ๑๒๐๐/๙" in records.get(page).text for page in (address, "/report/deferrals"))
    assert records.send(address, SERVICE).status_code == 403
    assert admin.send(f"{address}/ready", {"on": "1/1/2571"}).status_code == 422
    admin.send(f"{address}/ready", {})
    assert "พร้อมแล้ว" in records.get(address).text
    assert "การออกใบอนุญาตตั้งโรงงาน" in records.get("/report/deferrals.csv").data.decode()

    program = Programs(town)["reading-admin"]
    made = program.post("/deferrals", {"service": "ก", "reason": "ข", "rank": 2, "readiness": 5, "until": "2027-09-30"})
    one = made.get_json()
    assert made.status_code == 201 and one["standing"] == "open"
    sent = {"service": "ก", "reason": "ค", "rank": 2, "readiness": 5, "until": "2027-09-30"}
    assert program.post(f"/deferrals/{one['id']}", sent).get_json()["reason"] == "ค"
    assert program.post(f"/deferrals/{one['id']}/ready", {}).get_json()["standing"] == "ready"
    assert program.get(f"/deferrals/{one['id']}").get_json()["readiness"] == 100
    assert len(program.get("/deferrals").get_json()["items"]) == 2
