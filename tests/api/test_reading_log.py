"""What a program reads is noted like what a person reads."""

from __future__ import annotations

from saraban.domain.reading_log import ReadingDeed
from saraban.storage.tables.reading_log import readings
from saraban.usecases.noting_reads import take_in_readings
from tests.api.program import Programs
from tests.web.installation import Installation


def test_letters_and_files_that_a_program_gets_are_noted(town: Installation, programs: Programs) -> None:
    letter, clerk = town.issued(), programs["reading-clerk"]
    [page] = clerk.get(f"/letters/{letter}").get_json()["files"][:1]
    clerk.get(f"/letters/{letter}/files/{page['sha256']}")
    clerk.get("/letters")
    programs["learning-clerk"].get(f"/letters/{letter}")
    take_in_readings(town.services)
    with town.office.reading.connect() as connection:
        rows = connection.execute(readings.select()).all()

    assert {row.deed for row in rows} == {ReadingDeed.OPEN, ReadingDeed.DOWNLOAD}
    assert len(rows) == 2 and {row.subject_id for row in rows} == {letter}
    assert [row.what for row in rows if row.deed is ReadingDeed.DOWNLOAD] != [""]
