"""The letters of numbers for programs: listed, added, changed and taken out."""

from __future__ import annotations

from tests.api.program import Programs
from tests.web.installation import Installation


def test_the_table_of_marks_is_kept_by_program(town: Installation, programs: Programs) -> None:
    admin, clerk = programs["reading-admin"], programs["reading-clerk"]
    table = admin.get("/number-marks").get_json()
    assert table["shipped"] and {"mark": "กค 04", "names": ["กรมบัญชีกลาง"]} in table["items"]

    made = admin.post("/number-marks", {"mark": "ทป ๐๑", "names": ["หน่วยทดสอบ"]})
    assert (made.status_code, made.get_json()) == (201, {"mark": "ทป 01", "names": ["หน่วยทดสอบ"]})
    assert admin.post("/number-marks", {"mark": "ทป 01", "names": ["อีกหน่วย"]}).status_code == 422
    assert "ทป ๐๑ | หน่วยทดสอบ" in town.client("reading-admin").get("/admin/options/number-marks").text
    changed = admin.patch("/number-marks/ทป 01", {"names": ["หน่วยทดสอบใหม่", "ทดสอบ"]}).get_json()
    assert changed["names"] == ["หน่วยทดสอบใหม่", "ทดสอบ"]
    assert admin.patch("/number-marks/ฮฮ", {"names": ["ไม่มี"]}).status_code == 404
    wrong = admin.post("/number-marks", {"mark": "MOF", "names": []})
    assert wrong.status_code == 422 and {"mark", "names"} <= set(wrong.get_json()["errors"])
    assert clerk.post("/number-marks", {"mark": "ทป 02", "names": ["ก"]}).status_code == 403
    assert clerk.delete("/number-marks/กค").status_code == 403
    assert admin.delete("/number-marks/ทป 01").get_json()["shipped"]
    assert admin.delete("/number-marks/ทป 01").status_code == 404
    assert programs["learning-admin"].get("/number-marks").get_json()["shipped"]
