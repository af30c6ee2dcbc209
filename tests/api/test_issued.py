"""Documents for people, for programs."""

from __future__ import annotations

from typing import Any

from tests.api.program import Programs
from tests.web.installation import PASSPHRASE, Installation


def test_a_kind_is_defined_and_a_document_issued_ended_and_followed(town: Installation, programs: Programs) -> None:
    admin, clerk, director, head = (programs[f"reading-{who}"] for who in ("admin", "clerk", "director", "head"))
    said: dict[str, Any] = {
        "code": "LIC-1",
        "name_th": "ใบอนุญาต",
        "text": "อนุญาตให้ {{ชื่อผู้ถือ}} ประกอบกิจการ{{กิจการ}} ตั้งแต่ {{วันที่เริ่ม}}",
        "fields": [{"key": "กิจการ", "public": True}, {"key": "ทุน", "type": "number", "required": False}],
        "series": "{{เลข}}/{{ปี}}",
        "approvers": [str(town.actor("reading-director").position_id)],
        "signer": str(town.actor("reading-head").position_id),
        "validity": "year-end",
        "stage": "pilot",
        "pilot_most": 2,
    }
    assert clerk.post("/issued-kinds", said).status_code == 403
    made = admin.post("/issued-kinds", said)
    assert made.status_code == 201, made.get_data(as_text=True)
    kind = made.get_json()
    assert [(one["key"], one["type"]) for one in kind["fields"]] == [
        ("กิจการ", "text"), ("วันที่เริ่ม", "date"), ("ทุน", "number"),
    ]  # fmt: skip
    assert (
        admin.patch(f"/issued-kinds/{kind['id']}", {"name_en": "Licence", "version": 1}).get_json()["name_en"]
        == "Licence"
    )
    assert admin.patch(f"/issued-kinds/{kind['id']}", {"name_en": "x", "version": 1}).status_code == 409
    assert clerk.get("/issued-kinds").get_json()["items"][0]["may_issue"] is True
    assert programs["learning-clerk"].get(f"/issued-kinds/{kind['id']}").status_code == 404

    sent = {"kind": kind["id"], "holder_name": "บริษัท ตัวอย่าง จำกัด", "holder_id": "0105536000001"}
    assert set(clerk.post("/issued", sent | {"fields": {}}).get_json()["errors"]) == {"fields.กิจการ", "fields.วันที่เริ่ม"}
    sent["fields"] = {"กิจการ": "ร้านหนังสือ", "วันที่เริ่ม": "2026-12-01"}
    begun = clerk.post("/issued", sent, key="one").get_json()
    assert clerk.post("/issued", sent, key="one").get_json() == begun
    address = f"/issued/{begun['id']}"
    assert (
        clerk.post(
            f"{address}/revise",
            {**{k: sent[k] for k in ("holder_name", "holder_id")}, "fields": sent["fields"] | {"ทุน": "1,000"}},
        ).get_json()["fields"]["ทุน"]
        == "1,000"
    )
    assert clerk.post(f"{address}/submit", None).get_json()["state"] == "waiting"
    assert director.post(f"{address}/return", {"reason": "ทุนผิด"}).get_json()["note"] == "ทุนผิด"
    clerk.post(f"{address}/submit", None)
    assert [one["id"] for one in director.get("/issued?show=mine").get_json()["items"]] == [begun["id"]]
    assert director.post(f"{address}/approve", None).get_json()["state"] == "approved"
    assert head.post(f"{address}/sign", {"passphrase": "ผิด"}).status_code == 422
    out = head.post(f"{address}/sign", {"passphrase": PASSPHRASE}, key="sign").get_json()
    assert (out["state"], out["number"], out["valid_until"]) == ("issued", "1/2569", "2026-12-31")
    assert (out["level"], out["untimed"]) == ("B-B", "")
    assert clerk.get(f"{address}/verification").status_code == 404, "it has no code here"
    assert clerk.get(f"{address}/file").data.startswith(b"%PDF") and clerk.get(f"{address}/print-out").data.startswith(
        b"%PDF"
    )
    assert clerk.post(f"{address}/revoke", {"reason": "x"}).status_code == 403
    assert head.post(f"{address}/suspend", {"reason": "รอสอบ"}).get_json()["public_state"] == "suspended"
    assert head.post(f"{address}/resume", {"reason": "สอบแล้ว"}).get_json()["public_state"] == "valid"
    following = clerk.post(f"{address}/follow", {"how": "renewal"})
    assert (following.status_code, following.get_json()["follows"]) == (201, begun["id"])
    assert clerk.post(f"/issued/{following.get_json()['id']}/drop", {"reason": "ถอน"}).get_json()["state"] == "void"
    assert head.post(f"{address}/revoke", {"reason": "เลิกกิจการ"}).get_json()["public_state"] == "cancelled"
    assert len(clerk.get(f"/issued?show=ended&q=ตัวอย่าง&kind={kind['id']}").get_json()["items"]) == 1
    assert programs["learning-clerk"].get(address).status_code == 404
