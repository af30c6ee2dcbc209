"""`flask move-in`: the exit code says whether all rows may be, or were, entered."""

from __future__ import annotations

from pathlib import Path

from openpyxl import load_workbook

from saraban.storage.tables.registers import entries
from tests.cli.conftest import Run
from tests.usecases.house import House
from tests.usecases.test_moving_in import SOUND, lay


def test_a_folder_is_looked_at_then_entered(house: House, run: Run, tmp_path: Path) -> None:
    with house.office.uow() as uow:
        person_id = house.ours["admin"].person_id
        assert person_id is not None
        by = ("--by", uow.people.get(person_id).username)
    lay(house, *SOUND, "รับ,2565,0,,5/1/2565,ตาก,,ไม่มีเลข,,")
    faults = tmp_path / "faults.xlsx"

    looked = run("move-in", "check", "เดิม", *by, "--faults", faults)
    assert (looked.exit_code, "ต้องแก้ ๑ แถว" in looked.output) == (1, True)
    sheet = load_workbook(faults).active
    assert sheet is not None and [row[0] for row in sheet.iter_rows(min_row=2, values_only=True)] in ([5], ["5"])
    refused = run("move-in", "enter", "เดิม", *by)
    assert (refused.exit_code, "ใส่เลขทะเบียนเดิม" in refused.output, house.rows(entries)) == (1, True, [])

    entered = run("move-in", "enter", "เดิม", *by, "--sound")
    assert (entered.exit_code, len(house.rows(entries))) == (1, len(SOUND))
    lay(house, *SOUND)
    again = run("move-in", "enter", "เดิม", *by)
    assert (again.exit_code, len(house.rows(entries))) == (0, len(SOUND))
    assert "ไม่พบโฟลเดอร์" in run("move-in", "check", "อื่น", *by).output
    assert "ไม่มีบัญชี" in run("move-in", "check", "เดิม", "--by", "nobody").output
