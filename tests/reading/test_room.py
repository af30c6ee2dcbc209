"""The room that the installation takes, by day and with its forecast, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Connection

from saraban.domain.agency import PositionRole
from saraban.domain.errors import NotPermitted
from saraban.reading.room import room
from saraban.usecases.connections import DATABASE, DISK, FILES, FillLevel
from tests.reading.office import NOW, TODAY, Office

GB = 1_000_000_000


def test_disk_database_and_files_are_told_by_day_with_what_is_to_be_expected(
    office: Office, reader: Connection
) -> None:
    admin = replace(office.records, role=PositionRole.ADMIN)
    assert room(reader, admin, TODAY).days == [] and room(reader, admin, TODAY).days_left is None
    with office.uow() as uow:
        size = uow.connections.database_octets()
        for back in range(90):
            day, at = TODAY - timedelta(days=back), NOW - timedelta(days=back)
            uow.connections.fill(FillLevel(DISK, day, 60 * GB - back * GB // 2, 80 * GB, at))
            uow.connections.fill(FillLevel(DATABASE, day, 5 * GB - back * 10_000_000, None, at))
            if back:
                uow.connections.fill(FillLevel(FILES, day, GB, None, at))
        uow.commit()

    found = room(reader, admin, TODAY)

    assert size > 10_000
    assert found.disk is not None and found.days_left == 40
    assert found.database is not None and found.database.a_day == pytest.approx(10_000_000)
    assert found.database.in_a_year == pytest.approx(5 * GB + 3_650_000_000)
    assert found.files is not None and (found.files.used, found.files.in_a_year) == (GB, GB)
    assert len(found.days) == 60 and found.days[-1].day == TODAY and found.days[-1].files is None
    with pytest.raises(NotPermitted):
        room(reader, office.records, TODAY)
