"""Acting by API: the capacities, the header that chooses one, and the orders."""

from __future__ import annotations

from typing import Any

from saraban.doorway.acting import HEADER

TODAY = "2026-11-23"


def test_a_program_enters_an_order_and_another_acts_by_it(programs: Any) -> None:
    admin, director, head = programs["reading-admin"], programs["reading-director"], programs["reading-head"]
    (of_head,) = head.get("/capacities").get_json()["items"]
    (of_director,) = director.get("/capacities").get_json()["items"]
    sent = {
        "position": of_head["position"],
        "to_position": of_director["position"],
        "capacity": "on-behalf",
        "since": TODAY,
        "number": "คำสั่งกรม ที่ 12/2569",
        "dated": TODAY,
        "forms": ["order"],
    }
    made = admin.post("/delegations", sent, key="order-1")
    assert made.status_code == 201, made.text
    order = made.get_json()
    assert admin.post("/delegations", sent, key="order-1").get_json()["id"] == order["id"]
    assert (order["standing"], order["forms"]) == ("in-force", ["order"])
    assert admin.post("/delegations", sent).status_code == 422
    assert director.post("/delegations", sent).status_code == 403

    own, acting = director.get("/capacities").get_json()["items"]
    assert (own["current"], acting["current"], acting["key"]) == (True, False, order["id"])
    assert acting["lines"][1].startswith("ปฏิบัติราชการแทน")
    as_head = director.get("/capacities", headers={HEADER: acting["key"]}).get_json()["items"]
    assert [one["current"] for one in as_head] == [False, True]
    assert head.get("/capacities", headers={HEADER: acting["key"]}).status_code == 403
    assert [one["id"] for one in director.get("/delegations").get_json()["items"]] == [order["id"]]
    assert programs["learning-admin"].get(f"/delegations/{order['id']}").status_code == 404

    ended = admin.post(f"/delegations/{order['id']}/revoke", {"reason": "ออกคำสั่งใหม่"}).get_json()
    assert (ended["standing"], ended["revoke_reason"]) == ("revoked", "ออกคำสั่งใหม่")
    assert director.get("/capacities", headers={HEADER: acting["key"]}).status_code == 403
