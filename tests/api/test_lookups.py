"""Looking documents up as a program: ask the issuer, read the answer, fetch the file; answer and refuse; the counts."""

from __future__ import annotations

from saraban.domain.calendar import office_date
from saraban.domain.issued_kind import LookupPolicy
from tests.api.program import Programs
from tests.lookups import HOLDER, PDF
from tests.web.installation import LEARNING, Installation
from tests.web.test_lookups import licensed

ASKED = {
    "agency": LEARNING, "document_kind": "license", "number": "ทส 1009/45", "holder_id": HOLDER, "want": "file",
    "purpose": "ประกอบคำขออนุญาต", "legal_basis": "มาตรา 7",
}  # fmt: skip


def test_a_program_asks_once_reads_the_answer_and_fetches_the_file(town: Installation, programs: Programs) -> None:
    licensed(town)
    clerk = programs["reading-clerk"]
    first, second = (clerk.post("/lookups", ASKED, key="one") for _ in range(2))
    assert first.status_code == 201 and first.get_json() == second.get_json()
    assert (first.get_json()["state"], first.get_json()["holder"]) == ("sealing", "•••••••••0121")
    town.carry()

    one = clerk.get(f"/lookups/{first.get_json()['id']}").get_json()
    [document] = one["documents"]
    assert (one["state"], document["state"], document["file"]["size"]) == ("found", "valid", len(PDF))
    assert one["seal"]["intact"] and one["keep_until"] and HOLDER not in str(one)
    assert clerk.get(f"/lookups/{one['id']}/files/document-1.pdf").data == PDF
    [line] = clerk.get("/lookups").get_json()["items"]
    assert line["id"] == one["id"]
    days = {"since": office_date(town.clock.now()).replace(day=1), "until": office_date(town.clock.now())}
    for who, counted in (("reading-records", (1, 0)), ("learning-admin", (0, 1))):
        [month] = programs[who].get(f"/lookups/spared?since={days['since']}&until={days['until']}").get_json()["items"]
        assert (month["asked"], month["answered"]) == counted
        [logged] = programs[who].get("/lookups/log?q=อนุญาต").get_json()["items"]
        assert (logged["purpose"], logged["holder"]) == ("ประกอบคำขออนุญาต", "")


def test_a_program_of_the_issuer_answers_and_refuses(town: Installation, programs: Programs) -> None:
    licensed(town, LookupPolicy.ASK)
    asked = [programs["reading-clerk"].post("/lookups", ASKED | {"number": n}).get_json()["id"] for n in ("1", "2")]
    town.carry()
    issuer = programs["learning-clerk"]
    waiting = {one["number"]: one["id"] for one in issuer.get("/lookups?side=theirs").get_json()["items"]}

    foreseen = issuer.get(f"/lookups/{waiting['1']}").get_json()["foreseen"]
    assert (foreseen["state"], foreseen["documents"], foreseen["policy"]) == ("not-found", [], "ask")
    answered = issuer.post(f"/lookups/{waiting['1']}/answer", {"gives": "file"}).get_json()
    assert (answered["state"], answered["foreseen"]) == ("not-found", None)
    assert issuer.post(f"/lookups/{waiting['2']}/refuse", {"why": "other"}).status_code == 422
    said = issuer.post(f"/lookups/{waiting['2']}/refuse", {"why": "other", "text": "ปิดปรับปรุง"})
    assert said.get_json()["reason"] == {"code": "other", "text": "ปิดปรับปรุง"}
    town.carry()

    states = [programs["reading-clerk"].get(f"/lookups/{one}").get_json()["state"] for one in asked]
    assert states == ["not-found", "refused"]


def test_a_program_hears_who_may_answer_and_which_kinds_may_be_asked_for(
    town: Installation, programs: Programs
) -> None:
    head = str(town.actor("learning-head").position_id)
    kind = licensed(town, LookupPolicy.ASK)
    admin = programs["learning-admin"]
    made = admin.patch(f"/issued-kinds/{kind.id}", {"answer_posts": [head]})
    assert made.get_json()["answer_posts"] == [head] and made.get_json()["answer_units"] == []
    assert admin.patch(f"/issued-kinds/{kind.id}", {"answer_units": [head]}).status_code == 422
    offered = programs["reading-clerk"].get(f"/lookups/kinds?agency={LEARNING}").get_json()["items"]
    assert offered == [{"agency": LEARNING, "code": "license", "name": "ใบอนุญาตตัวอย่าง"}]
    assert programs["reading-admin"].get("/lookups/kinds").status_code == 403

    programs["reading-clerk"].post("/lookups", ASKED)
    town.carry()
    [one] = programs["learning-records"].get("/lookups?side=theirs").get_json()["items"]
    assert "ที่กำหนดไว้" in programs["learning-records"].get(f"/lookups/{one['id']}").get_json()["may_answer"]
    assert programs["learning-records"].get(f"/lookups/{one['id']}").get_json()["foreseen"] is None
    seen = programs["learning-head"].get(f"/lookups/{one['id']}").get_json()
    [document] = seen["foreseen"]["documents"]
    assert seen["may_answer"] is True and (document["state"], document["file"]["size"]) == ("valid", len(PDF))
    assert programs["learning-records"].post(f"/lookups/{one['id']}/answer", {"gives": "state"}).status_code == 403
    answered = programs["learning-head"].post(f"/lookups/{one['id']}/answer", {"gives": "state"}).get_json()
    assert answered["state"] == "found" and answered["may_answer"] is not True


def test_the_administrator_decides_the_limits_within_their_bounds(programs: Programs) -> None:
    admin = programs["reading-admin"]
    assert admin.get("/lookup-limits").get_json() == {"keep_days": 90, "wait_days": 7, "most_a_day": 200}
    assert admin.patch("/lookup-limits", {"keep_days": 30}).get_json()["keep_days"] == 30
    assert admin.patch("/lookup-limits", {"wait_days": 31}).status_code == 422
    assert programs["reading-clerk"].patch("/lookup-limits", {"keep_days": 1}).status_code == 403
    assert programs["learning-admin"].get("/lookup-limits").get_json()["keep_days"] == 90
