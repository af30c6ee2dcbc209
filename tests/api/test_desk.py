"""The desk for programs: what waits, and a batch that is signed with one passphrase."""

from __future__ import annotations

import time

from tests.api.program import Programs
from tests.web.installation import PASSPHRASE, Installation


def test_a_program_signs_what_waits_as_a_batch(town: Installation, programs: Programs) -> None:
    for subject in ("หนึ่ง", "สอง"):
        town.endorsed(subject=subject)
    head = programs["reading-head"]
    waiting = head.get("/desk").get_json()["items"]
    assert [one["deed"] for one in waiting] == ["sign", "sign"]
    assert waiting[0]["deadline"]["standing"] == "comfortable"
    assert head.get(f"/letters/{waiting[0]['id']}").get_json()["deadline"] == waiting[0]["deadline"]

    seen = [{"id": one["id"], "version": one["version"]} for one in waiting]
    seen[1]["version"] -= 1
    made = head.post("/desk/batches", {"deed": "sign", "letters": seen})
    batch = f"/desk/batches/{made.get_json()['id']}"
    assert (made.status_code, [one["state"] for one in made.get_json()["lines"]]) == (201, ["waiting", "left"])
    assert programs["reading-director"].get(batch).status_code == 404
    assert head.post(f"{batch}/go", {"passphrase": "ผิด"}).status_code == 422
    assert head.post(f"{batch}/stop", {}).status_code == 422

    first = head.post(f"{batch}/go", {"passphrase": PASSPHRASE}, key="go")
    assert first.status_code == 202
    until = time.monotonic() + 60
    while (found := head.get(batch).get_json())["state"] != "ended" and time.monotonic() < until:
        time.sleep(0.05)
    assert (found["done"], found["left"], found["lines"][0]["number"]) == (1, 1, "ศธ 0601/1")
    assert "เปลี่ยน" in found["lines"][1]["why"]
    repeated = head.post(f"{batch}/go", {"passphrase": PASSPHRASE}, key="go")
    assert (repeated.status_code, repeated.get_json()) == (202, first.get_json()), "it hears what the first did"
    assert repeated.headers["Idempotent-Replayed"] == "true"
    again = head.post(f"{batch}/go", {"passphrase": PASSPHRASE})
    assert (again.status_code, again.get_json()["code"]) == (422, "batch-ended")
