"""A part of the journal goes out with its proof: checked without this program, and by openssl."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import zipfile
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from saraban.domain.classification import Secrecy
from saraban.domain.errors import NotFound, RuleBroken
from saraban.exchange.journal_check import problems
from saraban.usecases.auditing import verify_journals
from saraban.usecases.closing import close_days
from saraban.usecases.errands import order_errand, run_next_errand
from saraban.usecases.journal_exporting import ERRAND, do_export, export_journal, hosted_agency
from saraban.usecases.registering import register_letter
from tests.crypto.ministry import openssl
from tests.usecases.conftest import Pki
from tests.usecases.house import House

MONDAY = date(2026, 11, 23)


def _taken(house: House, folder: Path, since: date = MONDAY, until: date = MONDAY, **more: bool) -> Path:
    out = io.BytesIO()
    agency, by = house.ours.agency.id, house.ours["records"]
    export_journal(house.office, out, agency_id=agency, by=by, since=since, until=until, **more)
    with zipfile.ZipFile(out) as package:
        package.extractall(folder)
    return folder


def _lines(folder: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in (folder / "journal.jsonl").read_text().splitlines()]


def _register(house: House, count: int = 3) -> None:
    for _ in range(count):
        register_letter(house.office, actor=house.ours["central_clerk"], incoming_id=house.incoming().id)


def _write(folder: Path, lines: list[dict[str, object]]) -> None:
    (folder / "journal.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))


def test_lines_of_the_days_come_with_a_chain_that_fits(either_house: House, tmp_path: Path) -> None:
    house = either_house
    _register(house)
    house.clock.pass_by(timedelta(days=1))
    house.draft()
    house.clock.pass_by(timedelta(days=1))
    _register(house, 1)
    tuesday = _taken(house, tmp_path / "tuesday", MONDAY + timedelta(days=1), MONDAY + timedelta(days=1))
    all_days = _taken(house, tmp_path / "all", until=MONDAY + timedelta(days=2))

    assert [json.loads(str(line["text"]))["event"] for line in _lines(tuesday)] == ["letter.drafted"]
    assert list(problems(tuesday)) == list(problems(all_days)) == []
    table = (tuesday / "journal.csv").read_text("utf-8-sig").splitlines()
    assert table[0].startswith("ลำดับ,เวลา,เหตุการณ์,รหัสเหตุการณ์") and ",เริ่มร่าง,letter.drafted," in table[1]
    assert "letter.drafted,เริ่มร่าง" in (tuesday / "events.csv").read_text("utf-8-sig").splitlines()
    assert table[0].startswith("ลำดับ,เวลา") and all("+07:00," in line for line in table[1:]), "the office's clock"
    told = [
        json.loads(str(line["text"])) for line in _lines(_taken(house, tmp_path / "again", until=date(2026, 11, 25)))
    ]
    assert told[-1]["event"] == "journal.exported", "who took it stands in the journal"


@pytest.mark.parametrize("spoiled", ["altered", "missing", "reordered", "missing at the end"])
def test_the_program_of_the_package_names_what_was_spoiled(house: House, tmp_path: Path, spoiled: str) -> None:
    _register(house)
    folder = _taken(house, tmp_path)
    lines = _lines(folder)
    if spoiled == "altered":
        lines[1]["text"] = str(lines[1]["text"]).replace("2026", "2025")
    elif spoiled == "missing":
        del lines[1]
    elif spoiled == "reordered":
        lines[1], lines[2] = lines[2], lines[1]
    else:
        lines.pop()
    whole = subprocess.run([sys.executable, "check.py"], cwd=folder, capture_output=True, text=True, check=False)
    _write(folder, lines)
    told = subprocess.run([sys.executable, "check.py"], cwd=folder, capture_output=True, text=True, check=False)

    assert (whole.returncode, told.returncode) == (0, 1) and "ครบถ้วน" in whole.stdout
    assert f"ลำดับ {2 if spoiled != 'missing at the end' else len(lines) + 1}:" in told.stdout


def test_the_sealed_heads_go_along_and_openssl_accepts_them(house: House, pki: Pki, tmp_path: Path) -> None:
    _register(house)
    house.clock.pass_by(timedelta(days=1))
    close_days(house.office)
    folder = _taken(house, tmp_path)
    (folder / "roots.pem").write_bytes((house.real.settings.data_folder / "roots.pem").read_bytes())
    command = "cms -verify -binary -inform DER -in heads/2026-11-23.p7s -content heads/2026-11-23.json"
    then = str(int(house.clock.now().timestamp()))

    checked = openssl(*command.split(), "-CAfile", "roots.pem", "-purpose", "smimesign", "-attime", then, folder=folder)
    assert checked.returncode == 0, checked.stderr
    head = json.loads((folder / "heads/2026-11-23.json").read_text())["journal"]
    lines = _lines(folder)
    assert [line["digest"] for line in lines if line["seq"] == head["seq"]] == [head["head"]]
    (folder / "chain.json").write_text((folder / "chain.json").read_text().replace("0000", "1111"))
    assert next(problems(folder)).startswith("ลำดับ 1:")


def test_texts_about_classified_letters_are_withheld_and_the_chain_still_holds(house: House, tmp_path: Path) -> None:
    house.draft()
    secret = house.draft(secrecy=Secrecy.CONFIDENTIAL)
    house.draft()
    folder = _taken(house, tmp_path / "open")
    whole = _taken(house, tmp_path / "classified", classified=True)

    assert [line.get("withheld", False) for line in _lines(folder)] == [False, True, False]
    assert str(secret) not in (folder / "journal.jsonl").read_text() + (folder / "journal.csv").read_text()
    assert str(secret) in (whole / "journal.jsonl").read_text()
    assert list(problems(folder)) == []
    assert "จำนวน 1 รายการ" in (folder / "README.txt").read_text()


def test_a_chain_that_was_made_anew_does_not_fit_the_sealed_heads(house: House) -> None:
    _register(house)
    house.clock.pass_by(timedelta(days=1))
    close_days(house.office)
    with house.real.writing.begin() as connection:
        last = connection.execute(text("SELECT max(seq) FROM journal")).scalar_one()
        connection.execute(text("DELETE FROM journal WHERE seq = :last"), {"last": last})
        connection.execute(text("UPDATE journal SET digest = substr(digest, 2) || substr(digest, 1, 1)"))
    [ours] = [one for one in verify_journals(house.office) if one.agency_code == "onep"]

    assert "ไม่ตรงกับหัวที่ลงตราไว้เมื่อสิ้นวันที่ 2026-11-23 ถูกแก้หลังลำดับ 0" in [line.reason for line in ours.breaks]


def test_only_the_records_officer_and_the_administrator_take_it_away(house: House) -> None:
    house.draft()
    order = {"since": "2026-11-23", "until": "2026-11-23"}
    doers = {ERRAND: do_export}
    for who in ("records", "clerk"):
        order_errand(house.office, actor=house.ours[who], kind=ERRAND, title="ส่งออก", order=order)
    run_next_errand(house.office, doers=doers)
    run_next_errand(house.office, doers=doers)
    with house.real.reading.connect() as connection:
        rows = connection.execute(text("SELECT state, problem, file_name FROM errands ORDER BY state")).all()

    assert [row.state for row in rows] == ["done", "failed"]
    assert rows[0].file_name == "บันทึกเหตุการณ์ 2026-11-23 ถึง 2026-11-23.zip"
    assert "นายทะเบียนหรือผู้ดูแลระบบ" in rows[1].problem


def test_wrong_days_and_unknown_agencies_are_named(house: House) -> None:
    agency, by = house.ours.agency.id, house.ours["records"]
    for since, until, words in (
        (MONDAY, date(2026, 11, 22), "ไม่ก่อน"),
        (date(2020, 1, 1), date(2020, 1, 2), "ไม่มีเหตุการณ์"),
    ):
        with pytest.raises(RuleBroken, match=words):
            export_journal(house.office, io.BytesIO(), agency_id=agency, by=by, since=since, until=until)
    with pytest.raises(NotFound, match="nobody"):
        hosted_agency(house.office, "nobody")
