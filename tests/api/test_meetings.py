"""Meetings without paper for programs."""

from __future__ import annotations

import io
from datetime import timedelta

from tests.api.program import Programs
from tests.web.installation import Installation
from tests.web.meeting_town import a_pdf

MEETING = {
    "title": "ประชุมคณะกรรมการบริหาร", "committee": "คณะกรรมการบริหาร", "session": "3/2569", "place": "ห้อง 1",
    "begins_at": "2026-11-25T09:30:00+07:00", "ends_at": "2026-11-25T12:00:00+07:00",
    "agenda": "เรื่องแจ้ง\nเรื่องรับรองรายงานการประชุม\n- ครั้งที่ 2",
    "people": [{"name": "นางสาวรัก อ่าน", "office": "กรมป่าไม้", "mail": "rak@forest.test"}],
}  # fmt: skip


def test_a_meeting_from_its_call_to_its_minutes(town: Installation, programs: Programs) -> None:
    clerk, head = programs["reading-clerk"], programs["reading-head"]
    assert head.post("/meetings", MEETING).status_code == 403
    bad = clerk.post("/meetings", MEETING | {"ends_at": "2026-11-25T09:00:00+07:00", "place": " "})
    assert bad.status_code == 422 and set(bad.get_json()["errors"]) == {"ends_at", "place"}
    made = clerk.post("/meetings", MEETING, key="call")
    assert made.status_code == 201 and clerk.post("/meetings", MEETING, key="call").get_json() == made.get_json()
    meeting = made.get_json()
    at = f"/meetings/{meeting['id']}"
    assert [one["number"] for one in meeting["agenda"]] == ["1", "2", "2.1"]
    assert head.get(at).get_json()["people"][0]["link"] == "" and programs["learning-clerk"].get(at).status_code == 404

    def upload(name: str, data: bytes, **more: str):
        return clerk.post(f"{at}/files", data={"file": (io.BytesIO(data), name), **more}, key=name,
                          content_type="multipart/form-data")  # fmt: skip

    assert upload("a.exe", b"MZ", item="a1").status_code == 422
    three = a_pdf(pages=3)
    put = upload("a.pdf", three, item="a1")
    assert put.status_code == 201 and put.get_json()["saved"] == {"pages": 3, "sheets": 2}
    assert len(upload("a.pdf", three, item="a1").get_json()["files"]) == 1
    first = put.get_json()["files"][0]["id"]
    newer = upload("b.pdf", a_pdf(pages=5), replaces=first, note="เพิ่มหน้า").get_json()
    assert [(one["name"], one["edition"]) for one in newer["files"]] == [("b.pdf", 2), ("a.pdf", 1)]
    assert clerk.get(f"{at}/files/{first}").data.startswith(b"%PDF")

    revised = {key: value for key, value in MEETING.items() if key != "people"} | {"place": "ห้อง 2"}
    assert clerk.post(f"{at}/revise", revised | {"version": meeting["version"]}).get_json()["place"] == "ห้อง 2"
    assert clerk.post(f"{at}/revise", revised | {"version": meeting["version"]}).status_code == 409
    more = clerk.post(f"{at}/people", {"people": [{"name": "นายเอก", "part": "attending"}]}).get_json()
    for name in ("ก|ข", "นายเอก\u2028ใจดี"):
        assert clerk.post(f"{at}/people", {"people": [{"name": name}]}).status_code == 422
    rak, ek = (one["id"] for one in more["people"])
    seat = {"people": [{"name": "นางสาวรัก อ่าน", "mail": "rak@forest.test", "part": "member-secretary"}]}
    assert clerk.post(f"{at}/people", seat).get_json()["people"][0]["part"] == "member-secretary"
    assert clerk.post(f"{at}/links", {}).status_code == 422, "no public address is set"
    assert clerk.post(f"{at}/people/{ek}/remove", None).get_json()["people"][0]["id"] == rak
    invited = clerk.post(f"{at}/invitation", {"form": "memorandum"}).get_json()
    letter = clerk.get(f"/letters/{invited['invitation']}").get_json()
    assert letter["subject"].startswith("ขอเชิญประชุมคณะกรรมการบริหาร") and letter["state"] == "draft"
    assert clerk.post(f"{at}/invitation", {}).status_code == 422
    assert clerk.post(f"{at}/minutes", None).status_code == 422
    town.clock.pass_by(timedelta(days=2))
    came = clerk.post(f"{at}/people/{rak}/presence", {"presence": "present", "stands_in": "นายแทน"}).get_json()
    assert came["people"][0]["presence"] == "present"
    ended = clerk.post(f"{at}/end", None).get_json()
    assert ended["state"] == "over"
    minutes = clerk.post(f"{at}/minutes", None, key="minutes").get_json()["minutes"]
    assert clerk.post(f"{at}/minutes", None, key="minutes").get_json()["minutes"] == minutes
    written = clerk.get(f"/letters/{minutes}").get_json()
    assert written["form"] == "minutes" and "นายแทน" in written["details"]["present"]
    assert clerk.post(f"{at}/closing", {"closes_on": "2026-12-01"}).get_json()["closes_on"] == "2026-12-01"
    assert set(clerk.post(f"{at}/minutes-to-all", {"confirmed": "?"}).get_json()["errors"]) == {"confirmed"}
    assert clerk.post(f"{at}/minutes-to-all", {"confirmed": True}).get_json()["code"] == "no-public-address"
    assert (
        clerk.post(f"{at}/approve", {}).status_code == 422
        and clerk.post(f"{at}/minutes-before", None).status_code == 422
    )
    months = head.get("/meetings/saved?since=2026-11-01&until=2026-11-30").get_json()["items"]
    assert [(one["month"], one["saved"]["pages"]) for one in months] == [("2026-11-01", 5)]
    assert [one["id"] for one in head.get("/meetings?show=past").get_json()["items"]] == [meeting["id"]]

    second = clerk.post("/meetings", MEETING | {"previous": meeting["id"], "begins_at": "2026-11-26T09:30:00+07:00",
                                                "ends_at": "2026-11-26T12:00:00+07:00"}).get_json()  # fmt: skip
    town.clock.pass_by(timedelta(days=1))
    clerk.post(f"/meetings/{second['id']}/approve", {"corrections": "หน้า 2 แก้ชื่อ"})
    assert clerk.get(at).get_json()["approved_in"] == second["id"]
    other = clerk.post("/meetings", MEETING).get_json()["id"]
    assert clerk.post(f"/meetings/{other}/cancel", {"reason": "ห้องไม่ว่าง"}).get_json()["state"] == "cancelled"
