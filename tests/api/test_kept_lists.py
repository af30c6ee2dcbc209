"""Lists of the archive, the reading log, the journal and the backups for programs: what the screens show."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import insert

from saraban.domain.backups import BackupDeed
from saraban.storage.tables.backups import backup_traces
from saraban.storage.tables.reading_log import readings
from saraban.usecases.noting_reads import take_in_readings
from tests.api.program import Program, Programs
from tests.web.installation import Installation

LETTER = {"date": "2026-11-20", "from": "กรมบัญชีกลาง", "to": "อธิบดี"}


def entered(clerk: Program, n: int) -> str:
    """The line of a letter on paper."""
    said = LETTER | {"number": f"กค 0408/{n}", "subject": f"เรื่องที่ {n}"}
    return str(clerk.post("/registers/receiving/entries", said).get_json()["id"])


def ids(answer: Any) -> list[str]:
    """The letters of a list, in its order."""
    return [one["entry"] for one in answer.get_json()["items"]]


@pytest.mark.only_database("sqlite")
def test_what_is_in_work_waits_and_is_stored_is_listed_in_pages_and_printed(
    town: Installation, programs: Programs
) -> None:
    clerk, records = programs["reading-clerk"], programs["reading-records"]
    one, two, three = (entered(clerk, n) for n in (1, 2, 3))
    first = clerk.get("/archive/working?book=receiving&year=2569&limit=2")
    rest = clerk.get(f"/archive/working?book=receiving&year=2569&limit=2&cursor={first.get_json()['next']}")
    assert (ids(first), ids(rest), rest.get_json()["next"]) == ([three, two], [one], None)
    assert first.get_json()["total"] == 3 and clerk.get("/archive/working?book=x&year=2569").status_code == 422
    assert clerk.get("/archive/working?book=receiving&year=2569&cursor=zz").status_code == 422
    assert clerk.get(f"/entries/{one}/keeping/mark").status_code == 404

    for entry in (one, two):
        clerk.post(f"/entries/{entry}/keeping/state", {"state": "finished"})
    assert ids(clerk.get("/archive/waiting")) == [one, two] == ids(clerk.get("/archive/waiting?for=deposit"))
    assert (
        ids(clerk.get(f"/archive/waiting?unit={uuid4()}"))
        == []
        == ids(programs["learning-clerk"].get("/archive/waiting"))
    )

    listed = clerk.post("/archive/lists", {"entries": [one]}).get_json()["id"]
    records.post(f"/archive/lists/{listed}/receive", None)
    for address in ("/archive/register/pdf?year=2569", f"/entries/{one}/keeping/mark", "/loans/pdf"):
        assert records.get(address).data.startswith(b"%PDF"), address
    assert programs["learning-records"].get(f"/entries/{one}/keeping/mark").status_code == 404


@pytest.mark.only_database("sqlite")
def test_what_is_held_back_from_the_survey_says_why(town: Installation, programs: Programs) -> None:
    clerk, records = programs["reading-clerk"], programs["reading-records"]
    short = entered(clerk, 1)
    clerk.post(f"/entries/{short}/keeping", {"class_code": "routine"})
    clerk.post(f"/entries/{short}/keeping/state", {"state": "finished"})
    records.post(f"/entries/{short}/hold", {"reason": "คดี", "order": "หมาย ๑"})
    town.clock.pass_by(datetime(2030, 3, 10, 3, tzinfo=UTC) - town.clock.now())

    [kept] = records.get("/disposals/held-back").get_json()["items"]
    assert (kept["entry"], kept["why"] != "") == (short, True)
    assert programs["learning-records"].get("/disposals/held-back").get_json()["items"] == []


def test_the_reading_log_is_told_to_the_unit_and_to_the_auditor(town: Installation, programs: Programs) -> None:
    clerk, records = programs["reading-clerk"], programs["reading-records"]
    letter = town.draft(subject="ขอเชิญประชุม")
    clerk.get(f"/letters/{letter}")
    programs["learning-clerk"].get("/letters")
    take_in_readings(town.services)

    [line] = clerk.get("/readings?deed=open").get_json()["items"]
    assert (line["subject"], line["deed"], line["address"]) == (str(letter), "open", "")
    assert "ขอเชิญประชุม" in line["about"] and line["person"] == town.actor("reading-clerk").name
    [whole] = records.get(f"/readings/all?about={letter}&limit=1").get_json()["items"]
    assert whole["address"] == "127.0.0.1" and records.get("/readings/all?until=2020-01-01").get_json()["items"] == []
    assert clerk.get("/readings/all").status_code == 403 and clerk.get("/readings?deed=x").status_code == 422
    assert programs["learning-records"].get(f"/readings/all?about={letter}").get_json()["items"] == []
    with town.office.reading.connect() as connection:
        assert len(connection.execute(readings.select()).all()) == 1, "reading the log is no reading of a letter"


@pytest.mark.only_database("sqlite")
def test_the_journal_tells_how_it_stands_and_is_taken_away(town: Installation, programs: Programs) -> None:
    clerk, records = programs["reading-clerk"], programs["reading-records"]
    assert clerk.get("/journal").get_json()["check"] is None
    entered(clerk, 1)
    ordered = clerk.post("/journal/check", None)
    assert ordered.status_code == 202
    assert clerk.post("/journal/check", None).get_json()["id"] == ordered.get_json()["id"], "the one that is on its way"
    days = {"since": "2026-11-01", "until": "2026-11-30"}
    assert clerk.post("/journal/export", days).status_code == 403
    assert records.post("/journal/export", days | {"until": "2026-10-01"}).get_json()["code"] == "wrong-days"
    order = records.post("/journal/export", days).get_json()
    town.carry()

    told = clerk.get("/journal").get_json()
    assert told["check"]["faults"] == 0 and told["check"]["lines"] == 1 and told["kept_days"] == 90
    done = records.get(f"/errands/{order['id']}").get_json()
    assert done["state"] == "done" and records.get(done["file"].removeprefix("/api/v1")).data.startswith(b"PK")


@pytest.mark.only_database("sqlite")
def test_administrators_programs_hear_of_backups(town: Installation, programs: Programs) -> None:
    admin = programs["reading-admin"]
    assert admin.get("/backups").get_json() == {"last": None, "check": None, "late": True, "items": []}
    made = {"id": uuid4(), "at": town.clock.now(), "backup": "2569", "files": 3, "octets": 9, "faulty": 0}
    checked = made | {"id": uuid4(), "deed": BackupDeed.CHECKED, "faulty": 1, "keys": False, "words": "ขาด ๑ ไฟล์"}
    with town.office.writing.begin() as connection:
        row = made | {"deed": BackupDeed.MADE, "keys": True, "words": ""}
        connection.execute(insert(backup_traces), [row, checked])

    told = admin.get("/backups").get_json()
    assert (told["last"]["keys"], told["check"]["faulty"], told["late"], len(told["items"])) == (True, 1, False, 2)
    for who in ("clerk", "director", "head", "records"):
        assert programs[f"reading-{who}"].get("/backups").status_code == 403
