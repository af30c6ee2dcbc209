"""The organisation by program: the tree for everybody of the agency, the deeds for its administrator."""

from __future__ import annotations

import pytest

from saraban.domain.calendar import office_date
from saraban.storage.tables.journal import once
from tests.api.program import Programs
from tests.web.installation import Installation

ORDER = "คำสั่งกรมที่ 9/2569"


@pytest.mark.only_database("sqlite")
def test_units_are_set_up_renamed_and_merged_by_program(town: Installation, programs: Programs) -> None:
    admin, day = programs["reading-admin"], office_date(town.clock.now()).isoformat()
    by = {"since": day, "authority": ORDER}
    made = [admin.post("/organisation/units", {"code": "NEW", "name": "กลุ่มใหม่", "parent": "PLAN", **by}, key="u")
            for _ in range(2)]  # fmt: skip
    assert [one.status_code for one in made] == [201, 201] and made[0].get_json() == made[1].get_json()
    unit = made[0].get_json()
    assert (unit["parent"], unit["depth"], unit["course"][0]["since"]) == ("PLAN", 2, None)
    here = f"/organisation/units/{unit['id']}"
    renamed = admin.post(f"{here}/rename", {"name": "กลุ่มแผน", "since": "2027-01-01", "authority": ORDER})
    assert [one["name"] for one in renamed.get_json()["course"]] == ["กลุ่มใหม่", "กลุ่มแผน"]
    assert len(admin.post(f"{here}/undo").get_json()["course"]) == 1
    assert admin.post(f"{here}/move", {"parent": "SEC", **by}).get_json()["parent"] == "SEC"
    assert (
        admin.post(f"{here}/merge", {"into": "PLAN", "since": "2027-02-01", "authority": ORDER}).get_json()["until"]
        == "2027-01-31"
    )
    wrong = admin.post("/organisation/units", {"code": "SEC", "name": "x", **by})
    assert wrong.status_code == 422 and "code" in wrong.get_json()["errors"]
    assert programs["reading-clerk"].post(f"{here}/end", {"until": day, "authority": ORDER}).status_code == 403
    tree = programs["reading-clerk"].get("/organisation").get_json()["items"]
    assert [one["code"] for one in tree] == ["SEC", "NEW", "PLAN"] and tree[0]["posts"][0]["held"][0]["name"]


@pytest.mark.only_database("sqlite")
def test_a_program_adds_a_person_and_the_password_is_kept_nowhere(town: Installation, programs: Programs) -> None:
    admin, day = programs["reading-admin"], office_date(town.clock.now()).isoformat()
    by = {"since": day, "authority": ORDER}
    sent = {"name": "นายใหม่ มาดี", "username": "reading-new"}
    first, again = (admin.post("/organisation/people", sent, key="p").get_json() for _ in range(2))
    assert len(first["password"]) == 12 and again["password"] is None and again["id"] == first["id"]
    with town.office.reading.connect() as reader:
        kept = [str(row) for row in reader.execute(once.select())]
    assert kept and not any(first["password"] in row for row in kept)
    unit = admin.get("/organisation").get_json()["items"][1]
    post = admin.post(f"/organisation/units/{unit['id']}/positions", {"title": "นักแผน", "role": "clerk", **by})
    here = f"/organisation/positions/{post.get_json()['id']}"
    held = admin.post(f"{here}/appoint", {"person_id": first["id"], **by}).get_json()
    assert held["held"][0]["name"] == "นายใหม่ มาดี" and not held["vacant"]
    changed = {"title": "นักแผนอาวุโส", "unit_id": unit["id"], "role": "clerk", "clearance": True, **by}
    assert admin.post(f"{here}/change", changed).get_json()["title"] == "นักแผนอาวุโส"
    left = admin.post(f"{here}/leave", {"person_id": first["id"], "until": day, **by}).get_json()
    assert left["held"][0]["until"] == day
    assert admin.post(f"{here}/end", {"until": day, "authority": ORDER}).get_json()["until"] == day
    person = f"/organisation/people/{first['id']}"
    assert admin.post(f"{person}/clearances", by).get_json()["clearances"][0]["authority"] == ORDER
    assert admin.post(f"{person}/clearances/end", {"until": day, **by}).get_json()["clearances"][0]["until"] == day
    assert admin.post(f"{person}/password").get_json()["password"] != first["password"]
    assert not admin.post(f"{person}/switch", {"active": False, "reason": "ลาออก"}).get_json()["active"]
    assert "reading-new" in [one["username"] for one in admin.get("/organisation/people").get_json()["items"]]
    assert programs["reading-clerk"].get("/organisation/people").status_code == 403
