"""Outsiders who look at kept letters, for programs and on the screens."""

from __future__ import annotations

import pytest

from tests.api.program import Programs
from tests.web.installation import Installation

LETTER = {"number": "กค 0408/77", "date": "2026-11-20", "from": "กรมบัญชีกลาง", "to": "อธิบดี", "subject": "โฉนดที่ดิน"}
WHO = {"visitor": "นายมานะ มีนา", "evidence": "บัตรประจำตัวประชาชน", "purpose": "ตรวจสอบสิทธิ", "copies": True}


def entered(programs: Programs) -> str:
    """The line of a letter on paper."""
    made: str = programs["reading-clerk"].post("/registers/receiving/entries", LETTER).get_json()["id"]
    return made


@pytest.mark.only_database("sqlite")
def test_a_visit_is_asked_for_permitted_and_written_down(town: Installation, programs: Programs) -> None:
    entry = entered(programs)
    records, head = programs["reading-records"], programs["reading-head"]
    when = {"comes_on": "2026-11-25", "mail": "mana@example.com"}
    made = records.post("/visits", WHO | when | {"entry": entry}, key="visit")
    assert {name: made.get_json()[name] for name in when} == when
    assert made.status_code == 201
    assert made.get_json() == records.post("/visits", WHO | when | {"entry": entry}, key="visit").get_json()
    address = f"/visits/{made.get_json()['id']}"
    assert records.post(f"{address}/permit", None).status_code == 403
    assert head.post(f"{address}/permit", None).get_json()["state"] == "permitted"
    done = records.post(f"{address}/done", {"copied": "หน้า ๑"}).get_json()

    assert (done["state"], done["shown_on"], done["copied"]) == ("done", "2026-11-23", "หน้า ๑")
    assert [one["id"] for one in head.get("/visits").get_json()["items"]] == [done["id"]]
    assert records.post(f"{address}/gone", None).status_code == 422
    assert programs["learning-records"].get(address).status_code == 404
    refused = records.post("/visits", WHO | {"entry": entry, "visitor": " "})
    assert refused.get_json()["errors"] == {"visitor": "ใส่ชื่อผู้ขอดู"}
    other = records.post("/visits", WHO | {"entry": entry}).get_json()["id"]
    assert head.post(f"/visits/{other}/refuse", {"reason": "ข้อมูลของผู้อื่น"}).get_json()["state"] == "refused"


@pytest.mark.only_database("sqlite")
def test_the_same_on_the_screens(town: Installation, programs: Programs) -> None:
    entry = entered(programs)
    records, head = town.client("reading-records"), town.client("reading-head")
    assert f"/archive/letters/{entry}/visit" in records.get(f"/archive/letters/{entry}").text
    refused = records.send(f"/archive/letters/{entry}/visit", {"visitor": "นายมานะ มีนา", "evidence": "", "copies": "1"})
    assert (
        refused.status_code == 422 and 'value="นายมานะ มีนา"' in refused.text and 'id="evidence-error"' in refused.text
    )
    wrong = records.send(f"/archive/letters/{entry}/visit", WHO | {"comes_on": "๑/๑๑/๒๕๖๙", "mail": "mana"})
    assert 'id="comes_on-error"' in wrong.text and 'id="mail-error"' in wrong.text and 'value="mana"' in wrong.text
    when = {"copies": "1", "comes_on": "25/11/2569", "mail": "mana@example.com"}
    address = records.send(f"/archive/letters/{entry}/visit", WHO | when).headers["Location"]
    told = "".join(town.client(f"reading-{who}").get("/notices").text for who in ("head", "director"))
    assert "บุคคลภายนอกขอดูหนังสือ" in told and "รอท่านอนุญาต" in told
    assert "อนุญาตให้บุคคลภายนอกดูได้เฉพาะผู้อำนวยการ" in records.get(address).text
    head.send(f"{address}/permit", {})
    assert "อนุญาตแล้ว รอมาดู นัดมาดู" in records.get("/notices").text
    late = records.send(f"{address}/done", {"on": "๓๒", "copied": "หน้า ๑ ถึง ๓"})
    assert late.status_code == 422 and 'value="หน้า ๑ ถึง ๓"' in late.text
    records.send(f"{address}/done", {"on": "", "copied": "หน้า ๑ ถึง ๓"})

    for page in (address, "/archive/visits", f"/archive/letters/{entry}"):
        assert "ดูแล้ว" in head.get(page).text, page
    assert "หน้า ๑ ถึง ๓" in head.get(address).text
    assert town.client("reading-clerk").get(f"/archive/letters/{entry}/visit").status_code == 200
    assert town.client("learning-records").get(address).status_code == 404
