"""What a program reads is noted like what a person reads."""

from __future__ import annotations

from saraban.domain.reading_log import ReadingDeed
from saraban.doorway import reads
from saraban.storage.tables.reading_log import readings
from saraban.usecases.noting_reads import take_in_readings
from tests.api.program import Programs
from tests.web.installation import Installation


def test_letters_and_files_that_a_program_gets_are_noted(town: Installation, programs: Programs) -> None:
    letter, clerk = town.dispatched(), programs["reading-clerk"]
    town.carry()
    shown = clerk.get(f"/letters/{letter}").get_json()
    [page], [dispatch] = shown["files"][:1], shown["dispatches"]
    clerk.get(f"/letters/{letter}/files/{page['sha256']}")
    clerk.get("/letters")
    assert clerk.get(f"/dispatches/{dispatch['id']}/message").status_code == 200
    programs["learning-clerk"].get(f"/dispatches/{dispatch['id']}/message")
    programs["learning-clerk"].get(f"/letters/{letter}")
    take_in_readings(town.services)
    with town.office.reading.connect() as connection:
        rows = connection.execute(readings.select()).all()

    assert sorted(row.deed for row in rows) == [ReadingDeed.DOWNLOAD, ReadingDeed.DOWNLOAD, ReadingDeed.OPEN]
    assert {row.subject_id for row in rows} == {letter}
    assert f"{dispatch['id']}.eml" in {row.what for row in rows}


def test_what_is_noted_otherwise_is_a_route(town: Installation) -> None:
    assert town.app.view_functions.keys() >= reads.PICTURES | reads.PARTS | reads.PRINTS | reads.TAKES_AWAY
