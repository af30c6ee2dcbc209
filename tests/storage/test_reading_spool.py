"""Lines of the reading log wait in a file until they are taken in: none is lost, none comes twice."""

from __future__ import annotations

from pathlib import Path

from saraban.domain.reading_log import Reading
from saraban.storage.reading_spool import FileSpool
from tests.domain.test_reading_log import a_reading
from tests.storage.fighting import side_by_side


def test_what_was_noted_is_taken_in_order_until_it_is_done(tmp_path: Path) -> None:
    spool = FileSpool(tmp_path / "readings")
    lines = [a_reading(), a_reading(about=None)]
    assert spool.take() is None
    for line in lines:
        spool.note(line)

    taken = spool.take()
    assert taken is not None and list(taken[1]) == lines
    spool.note(a_reading())
    assert FileSpool(tmp_path / "readings").take() == taken, "a worker that was killed begins the same batch again"
    spool.done(taken[0])
    rest = spool.take()
    assert rest is not None and len(rest[1]) == 1
    spool.done(rest[0])
    assert spool.take() is None


def test_a_line_that_cannot_be_read_stops_nothing(tmp_path: Path) -> None:
    spool = FileSpool(tmp_path)
    spool.note(a_reading())
    with (tmp_path / "noted.jsonl").open("a") as file:
        file.write("{half a li")
    taken = spool.take()

    assert taken is not None and len(taken[1]) == 1


def test_nothing_is_lost_while_others_take(tmp_path: Path) -> None:
    noted = [[a_reading() for _ in range(50)] for _ in range(3)]
    found: list[Reading] = []
    spool = FileSpool(tmp_path)

    def take() -> None:
        while batch := spool.take():
            found.extend(batch[1])
            spool.done(batch[0])

    def work(number: int) -> None:
        for place in range(50):
            if number < len(noted):
                spool.note(noted[number][place])
            else:
                take()

    side_by_side(len(noted) + 1, work)
    take()

    assert sorted(one.id for one in found) == sorted(one.id for mine in noted for one in mine)
