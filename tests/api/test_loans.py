"""Borrowing and depositing for programs."""

from __future__ import annotations

from tests.api.program import Programs
from tests.api.test_archive import entered, stored
from tests.web.installation import Installation


def test_a_letter_is_borrowed_and_returned(town: Installation, programs: Programs) -> None:
    entry = stored(town, programs)
    director, head, records = (programs[f"reading-{who}"] for who in ("director", "head", "records"))
    said = {"entry": entry, "purpose": "ใช้ในคดี", "due_on": "2026-12-01"}
    assert programs["reading-clerk"].post("/loans", said).status_code == 422
    made = director.post("/loans", said, key="ask-1")
    assert made.status_code == 201, made.get_data(as_text=True)
    assert director.post("/loans", said, key="ask-1").get_json() == made.get_json()
    address = f"/loans/{made.get_json()['id']}"
    assert records.post(f"{address}/permit", None).status_code == 403
    assert head.post(f"{address}/permit", None).get_json()["state"] == "permitted"
    assert records.post(f"{address}/lend", {"receiver": "นายรับ แทน"}).get_json()["receiver"] == "นายรับ แทน"
    assert head.post(f"{address}/renew", {"due_on": "2026-12-20"}).get_json()["due_on"] == "2026-12-20"
    assert records.post(f"{address}/call", None).get_json()["called"] == 1
    assert [one["entry"] for one in records.get("/loans?show=out").get_json()["items"]] == [entry]
    assert records.get(f"/entries/{entry}/loan-card").data.startswith(b"%PDF")
    back = records.post(f"{address}/return", {}).get_json()

    assert (back["state"], back["returned_by"], back["late"]) == ("returned", town.actor("reading-director").name, 0)
    assert programs["learning-records"].get(address).status_code == 404
    other = director.post("/loans", said).get_json()["id"]
    assert head.post(f"/loans/{other}/refuse", {"reason": "ใช้อยู่"}).get_json()["reason"] == "ใช้อยู่"
    third = director.post("/loans", said).get_json()["id"]
    assert director.post(f"/loans/{third}/withdraw", None).get_json()["state"] == "withdrawn"


def test_letters_are_deposited_and_taken_back(town: Installation, programs: Programs) -> None:
    entry, clerk, records = entered(town, programs), programs["reading-clerk"], programs["reading-records"]
    clerk.post(f"/entries/{entry}/keeping/state", {"state": "finished"})
    wanted = {"entries": [entry], "keeper": "national"}
    address = f"/deposits/{clerk.post('/deposits', wanted).get_json()['id']}"
    assert clerk.post(f"{address}/accept", {"acceptor": "นางรับ"}).status_code == 403
    assert records.post(f"{address}/accept", {"acceptor": "นางรับ"}).get_json()["state"] == "accepted"
    assert clerk.get(f"{address}/pdf").data.startswith(b"%PDF")
    back = clerk.post(f"{address}/return", {"entries": [entry], "evidence": "ขอคืน ๙"}).get_json()
    assert (back["state"], back["lines"][0]["evidence"]) == ("ended", "ขอคืน ๙")
    second = f"/deposits/{clerk.post('/deposits', wanted | {'keeper': 'store'}).get_json()['id']}"
    assert records.post(f"{second}/refuse", {"reason": "ไม่มีที่"}).get_json()["state"] == "refused"
    assert len(clerk.get("/deposits").get_json()["items"]) == 2
    assert programs["learning-clerk"].get(second).status_code == 404
