"""Twenty years, and moving in, for programs."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from saraban.domain.handover import APART
from saraban.usecases.errand_results import KEPT, remove_old_results
from saraban.usecases.transferring import draw_twenty_years
from tests.api.program import Programs
from tests.web.installation import READING, Installation

LETTER = {"number": "กค 0408/77", "date": "2026-11-20", "from": "กรมบัญชีกลาง", "to": "อธิบดี", "subject": "ขอวิทยากร"}
SHEET = "ทะเบียน,ปี,เลขทะเบียน,ที่,ลงวันที่,จาก,เรื่อง\nรับ,2565,1,กค 1/1,3/1/2565,กรมบัญชีกลาง,เรื่องของระบบเดิม\n"


def stored(programs: Programs, number: str, class_code: str = "history") -> str:
    """The line of a letter of lasting value, or of another class, in the store."""
    clerk = programs["reading-clerk"]
    made = clerk.post("/registers/receiving/entries", LETTER | {"number": number, "subject": f"เรื่องที่ {number}"})
    entry: str = made.get_json()["id"]
    clerk.post(f"/entries/{entry}/keeping", {"class_code": class_code})
    clerk.post(f"/entries/{entry}/keeping/state", {"state": "finished"})
    listed = clerk.post("/archive/lists", {"entries": [entry]}).get_json()["id"]
    programs["reading-records"].post(f"/archive/lists/{listed}/receive", None)
    return entry


@pytest.mark.only_database("sqlite")
def test_lists_of_twenty_years_are_shown_parted_packed_and_handed_over(town: Installation, programs: Programs) -> None:
    going, needed = stored(programs, "กค 1"), stored(programs, "กค 2")
    town.clock.pass_by(datetime(2047, 1, 10, 3, tzinfo=UTC) - town.clock.now())
    assert draw_twenty_years(town.services) == 1
    records = programs["reading-records"]
    [made] = records.get("/handovers").get_json()["items"]
    address = f"/handovers/{made['id']}"
    assert (made["form"], made["state"], made["deadline"], len(made["items"])) == ("21", "drawn", "2047-01-31", 2)

    said = {"entries": [needed], "reason": "ยังใช้ปฏิบัติงาน"}
    assert programs["reading-clerk"].post(f"{address}/own", said).status_code == 403
    assert records.post(f"{address}/own", said | {"reason": " "}).status_code == 422
    own = records.post(f"{address}/own", said, key="own").get_json()
    assert own == records.post(f"{address}/own", said, key="own").get_json()
    assert (own["form"], [one["note"] for one in own["items"]]) == ("22", ["ยังใช้ปฏิบัติงาน"])
    assert [one["entry"] for one in records.get(address).get_json()["items"]] == [going]
    assert records.get(f"{address}/pdf").data.startswith(b"%PDF")

    assert programs["reading-clerk"].post(f"{address}/package", None).status_code == 403
    assert records.post(f"/handovers/{own['id']}/package", None).status_code == 404
    errand = records.post(f"{address}/package", None)
    town.carry()
    done = records.get(f"/errands/{errand.get_json()['id']}").get_json()
    bag = records.get(done["file"].removeprefix("/api/v1")).data
    assert errand.status_code == 202 and done["state"] == "done"
    with zipfile.ZipFile(io.BytesIO(bag)) as zipped:
        assert any(name.endswith("/data/00001/metadata.json") for name in zipped.namelist())
    browser = town.client("reading-records")
    assert "ดาวน์โหลดได้ ๓๐ วัน" in browser.get(f"/errands/{done['id']}").text and done["file_gone"] is False
    agency_id = town.actor("reading-records").agency_id
    with town.services.uow() as uow:  # as if it were classified
        apart = uow.handovers.get(agency_id, UUID(made["id"]))
        apart.packed = {one: APART + digest for one, digest in apart.packed.items()}
        uow.handovers.save(apart)
        uow.commit()
    assert records.get(address).get_json()["apart"] == 1
    assert "ชั้นความลับ ๑ ฉบับที่ไม่อยู่ในชุดด้วยวิธีอื่นแล้ว" in browser.get(f"/archive{address}").text
    said = {"number": "ทส 1001/9", "on": "2047-01-10", "receiver": "นายรับ"}
    assert records.post(f"{address}/give", said).get_json()["code"] == "secret-apart"
    given = records.post(f"{address}/give", said | {"apart": True}).get_json()
    assert (given["state"], given["handed_on"], given["by_letter"]) == ("handed", "2047-01-10", "ทส 1001/9")
    assert records.get(f"/entries/{going}/keeping").get_json()["state"] == "transferred"
    assert programs["learning-records"].get(address).status_code == 404

    town.clock.pass_by(KEPT + timedelta(days=1))
    assert remove_old_results(town.services) == 1
    gone = records.get(f"/errands/{done['id']}").get_json()
    assert (gone["file"], gone["file_gone"], records.get(f"/errands/{done['id']}/file").status_code) == (
        None,
        True,
        404,
    )
    assert "ระบบลบไฟล์นี้แล้ว" in town.client("reading-records").get(f"/errands/{done['id']}").text


@pytest.mark.only_database("sqlite")
def test_what_the_archives_ask_for_is_drawn_and_shown(town: Installation, programs: Programs) -> None:
    entry = stored(programs, "กค 1", "routine")
    town.clock.pass_by(datetime(2028, 1, 10, 3, tzinfo=UTC) - town.clock.now())
    records, head, chair = (programs[f"reading-{who}"] for who in ("records", "head", "director"))
    ids = [str(town.actor(f"reading-{who}").person_id) for who in ("director", "clerk", "records")]
    address = f"/disposals/{records.post('/disposals', {'year': 2570}).get_json()['id']}"
    head.post(f"{address}/committee", {"members": ids, "order": "คำสั่ง ๑"})
    chair.post(f"{address}/consider", {"entries": [entry], "verdict": "destroy"})
    for who in ("director", "clerk"):
        programs[f"reading-{who}"].post(f"{address}/agree", None)
    chair.post(f"{address}/report", None)
    head.post(f"{address}/decide", {})
    records.post(f"{address}/send", {"number": "ศธ ๑/๑", "on": "2028-01-10"})
    other = {"number": "วธ ๑/๒", "on": "2028-01-10", "letters": [{"entry": entry, "verdict": "transfer"}]}
    answered = records.post(f"{address}/answer", other)
    assert answered.get_json()["items"][0]["outcome"] == "to-archives", answered.get_data(as_text=True)
    browser = town.client("reading-records")
    assert "หอจดหมายเหตุแห่งชาติให้ส่งมอบ ๑ ฉบับ" in browser.get(f"/archive{address}").text
    assert "หอจดหมายเหตุแห่งชาติขอให้ส่งมอบ ๑ ฉบับที่ยังไม่อยู่ในบัญชี" in browser.get("/archive/handovers").text
    assert "หอจดหมายเหตุแห่งชาติให้ส่งมอบหนังสือนี้" in browser.get(f"/archive/letters/{entry}").text
    assert records.get("/handovers").get_json()["asked_for"] == 1

    assert programs["reading-clerk"].post("/handovers", None).status_code == 403
    drawn = records.post("/handovers", None, key="draw").get_json()
    assert records.post("/handovers", None, key="draw").get_json() == drawn
    [made] = drawn["items"]
    assert (made["form"], made["asked"], made["deadline"]) == ("21", True, None)
    assert [one["entry"] for one in made["items"]] == [entry]
    assert records.post("/handovers", None).get_json()["code"] == "nothing-due"
    assert records.get(f"/handovers/{made['id']}/pdf").data.startswith(b"%PDF")
    page = browser.get(f"/archive/handovers/{made['id']}").text
    assert "บัญชีส่งมอบหนังสือที่หอจดหมายเหตุแห่งชาติขอ" in page and "ไม่ว่าอายุเท่าใด" in page
    assert (records.get("/handovers").get_json()["asked_for"], browser.get("/archive/handovers").status_code) == (
        0,
        200,
    )
    kept = records.get(f"/entries/{entry}/keeping").get_json()
    assert (kept["asked_for"], kept["mark"]) == (True, "ห้ามทำลาย")


@pytest.mark.only_database("sqlite")
def test_the_registers_of_an_old_system_are_looked_at_and_entered(town: Installation, programs: Programs) -> None:
    admin = programs["reading-admin"]
    place = town.office.settings.move_in_folder / READING / "ระบบเดิม"
    place.mkdir(parents=True)
    (place / "a.csv").write_text(SHEET, encoding="utf-8")
    assert programs["reading-clerk"].get("/move-in").status_code == 403
    assert admin.get("/move-in").get_json()["folders"] == ["ระบบเดิม"]
    sheet = (io.BytesIO("ทะเบียน,เลขทะเบียน,เรื่อง\n".encode()), "b.csv")
    sent = admin.post("/move-in/files", data={"folder": "ส่งมา", "file": sheet}).get_json()
    assert (sent["folder"], sent["ready"]) == ("ส่งมา", True)
    refused = admin.post("/move-in/files", data={"folder": "ส่งมา", "file": (io.BytesIO(b"x"), "c.zip")})
    assert refused.status_code == 422 and "c.zip" in refused.get_json()["errors"]["file"]
    other = {"folder": "ส่งมา", "file": (io.BytesIO(b"x"), "c.pdf")}
    assert programs["reading-clerk"].post("/move-in/files", data=other).status_code == 403
    for deed, told in (("check", "ตรวจแล้ว ๑ แถว ไม่มีสิ่งที่ต้องแก้"), ("enter", "ย้ายเข้าทะเบียนแล้ว ๑ รายการ")):
        errand = admin.post("/move-in", {"folder": "ระบบเดิม", "deed": deed}).get_json()
        town.carry()
        done = admin.get(f"/errands/{errand['id']}").get_json()
        assert told in done["problem"] and done["faults"] == 0
    first = admin.get("/errands?limit=1").get_json()
    second = admin.get(f"/errands?limit=1&cursor={first['next']}").get_json()
    assert len(first["items"]) == 1 and second["next"] is None
    titles = {one["title"] for one in [*first["items"], *second["items"]]}
    assert titles == {"ตรวจทะเบียนเดิม ระบบเดิม", "ย้ายทะเบียนเดิม ระบบเดิม"}, "both were ordered in one moment"

    assert admin.post("/move-in", {"folder": "..", "deed": "enter"}).status_code == 422
    assert admin.post("/move-in", {"folder": "ระบบเดิม", "deed": "other"}).status_code == 422
    assert programs["reading-head"].post("/move-in", {"folder": "ระบบเดิม", "deed": "check"}).status_code == 403
