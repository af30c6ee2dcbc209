"""The public register for programs: without a token, and what its officers keep out of it with one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.api.program import Programs
from tests.databases import NewDatabase
from tests.fakes import FixedClock
from tests.web.installation import LEARNING, PASSPHRASE, READING, Installation, build_installation
from tests.web.public_town import PUBLIC


@pytest.fixture
def town(tmp_path: Path, new_database: NewDatabase, clock: FixedClock) -> Iterator[Installation]:
    made = build_installation(tmp_path, new_database, clock, public_url=PUBLIC)
    yield made
    made.close()


def test_a_program_reads_the_register_and_an_officer_withholds_a_document(
    town: Installation, programs: Programs
) -> None:
    admin, clerk, head = (programs[f"reading-{who}"] for who in ("admin", "clerk", "head"))
    anybody = programs.nobody()
    said: dict[str, Any] = {
        "code": "LIC-1",
        "name_th": "ใบอนุญาต",
        "text": "อนุญาตให้ {{ชื่อผู้ถือ}} ประกอบกิจการ{{กิจการ}}",
        "fields": [{"key": "กิจการ", "public": True, "in_register": True}],
        "series": "{{เลข}}/{{ปี}}",
        "signer": str(town.actor("reading-head").position_id),
        "stage": "on",
    }
    of, at = admin.post("/issued-kinds", said).get_json(), f"/public-register/{READING}"
    assert of["in_register"] is False and anybody.get(at).status_code == 404
    wrong = admin.patch(f"/issued-kinds/{of['id']}", {"in_register": True, "holder_in_register": True})
    assert set(wrong.get_json()["errors"]) == {"holder_in_register"}
    opened = admin.patch(f"/issued-kinds/{of['id']}", {"in_register": True}).get_json()
    assert opened["in_register"] is True and opened["fields"][0]["in_register"] is True

    sent = {"kind": of["id"], "holder_name": "บริษัท ตัวอย่าง จำกัด", "fields": {"กิจการ": "ร้านหนังสือ"}}
    made = clerk.post("/issued", sent).get_json()
    clerk.post(f"/issued/{made['id']}/submit", None)
    out = head.post(f"/issued/{made['id']}/sign", {"passphrase": PASSPHRASE}).get_json()
    answer = anybody.get(at)
    told = answer.get_json()
    assert "public" in answer.headers["Cache-Control"] and "ETag" in answer.headers
    assert (told["agency"], told["total"]) == ("กรมส่งเสริมการอ่าน", 1)
    assert told["kinds"] == [{"code": "LIC-1", "name": "ใบอนุญาต", "name_en": "", "count": 1}]
    [line] = told["items"]
    assert (line["number"], line["state"], line["holder"], line["code"]) == ("1/2569", "valid", None, out["code"])
    assert line["fields"] == [{"key": "กิจการ", "label": "กิจการ", "label_en": "", "type": "text", "value": "ร้านหนังสือ"}]
    assert (
        anybody.get(f"{at}?state=expired").get_json()["items"] == [] == anybody.get(f"{at}?q=บริษัท").get_json()["items"]
    )
    assert anybody.get(f"{at}?state=nothing").status_code == 422
    for none in (f"{at}?kind=none", f"{at}?page=2", f"/public-register/{LEARNING}", "/public-register/9999"):
        assert (anybody.get(none).status_code, anybody.get(none).get_json()["code"]) == (404, "not-found")

    assert clerk.post(f"/issued/{made['id']}/withhold", {}).status_code == 422
    held = [clerk.post(f"/issued/{made['id']}/withhold", {"reason": "ผู้ถือขอ"}, key="held").get_json() for _ in "ab"]
    assert held[0]["withheld"] is True and held[0]["withheld_because"] == "ผู้ถือขอ" and held[0] == held[1]
    assert anybody.get(at).get_json()["total"] == 0 and anybody.get(at).get_json()["kinds"][0]["count"] == 0
    assert clerk.post(f"/issued/{made['id']}/show-again", {"reason": "ให้แสดง"}).get_json()["withheld"] is False
    assert programs["learning-clerk"].post(f"/issued/{made['id']}/withhold", {"reason": "x"}).status_code == 404
