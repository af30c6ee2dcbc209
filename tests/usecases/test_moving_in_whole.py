"""A whole old system in one go: as many lines as a folder may have, as XLSX and as CSV, gone on with after a death."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import psutil
import pytest
from openpyxl import Workbook
from sqlalchemy import func, select

from saraban.domain.numbering import thai_digits
from saraban.storage.tables.archive import kept_items
from saraban.storage.tables.letters import files
from saraban.storage.tables.registers import entries
from saraban.usecases import errands, moving_in
from saraban.usecases.moving_desk import MOST_ROWS
from tests.usecases.house import House
from tests.usecases.test_moving_in import KEPT, dying_after, files_in, folder_of, order, work

pytestmark = pytest.mark.torture

YEARS = (2562, 2563, 2564, 2565)
"""The years of the books; each has a quarter of the lines."""
EVERY_FILE = 50
"""Every so many lines have a file."""
MOST_MEMORY = 900_000_000
"""Octets that the process may grow by for the largest folder."""


def rows(count: int, folder: str) -> Iterator[list[str]]:
    """Lines of receiving and sending books, every other one stored long ago."""
    kind = "รับ" if folder == "xlsx" else "ส่ง"
    each = count // len(YEARS)
    for place in range(count):
        year, serial = YEARS[place // each], place % each + 1
        day = f"{place % 28 + 1}/{place % 12 + 1}/{year - 1}"
        subject = f"ขอส่งรายงานผลการดำเนินงานตามแผนปฏิบัติราชการประจำปีงบประมาณ พ.ศ. {year} ครั้งที่ {serial}"
        file = f"สแกน/{place % 100:02}/{place}.pdf" if place % EVERY_FILE == 0 else ""
        line = [kind, str(year), str(serial), f"ทส 1001/{serial}", day, "สำนักงานทรัพยากรธรรมชาติและสิ่งแวดล้อมจังหวัดตาก", ""]
        stored = ["03", "10", f"30/9/{year}", f"1/10/{year}", "คลังเอกสาร", str(place % 20), str(place // 500)]
        yield [*line, subject, "", file, *(stored if place % 2 else [""] * 7)]


def laid(house: House, folder: str, count: int) -> Path:
    """The folder with its sheet and its files."""
    place = folder_of(house, folder)
    for number in range(0, count, EVERY_FILE):
        path = place / f"สแกน/{number % 100:02}/{number}.pdf"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(f"%PDF-1.4 {folder} {number}".encode() + b" " * 20_000)
    if folder == "csv":
        text = "\n".join(",".join(row) for row in [KEPT.split(","), *rows(count, folder)])
        (place / "ทะเบียน.csv").write_text(text, encoding="utf-8")
    else:
        book = Workbook(write_only=True)
        sheet = book.create_sheet("ทะเบียน")
        for row in [KEPT.split(","), *rows(count, folder)]:
            sheet.append(row)
        book.save(place / "ทะเบียน.xlsx")
    return place


def moved_in(house: House, folder: str, count: int) -> Path:
    """Enter the folder, with a death in the middle; figures are printed."""
    place = laid(house, folder, count)
    order(house, folder=folder)
    process, begun = psutil.Process(), time.monotonic()
    before = process.memory_info().rss
    dies = {**house.office.doers, moving_in.ERRAND: dying_after(house.office, count + count // 4)}
    with pytest.raises(KeyboardInterrupt):
        errands.run_next_errand(house.office, doers=dies)
    died, grown = time.monotonic() - begun, process.memory_info().rss - before
    house.clock.pass_by(timedelta(hours=1))
    done = work(house)
    ended, grown = time.monotonic() - begun, max(grown, process.memory_info().rss - before)
    print(f"{folder}: {count} lines, a quarter in {died:.0f} s, all in {ended:.0f} s, {grown >> 20} MiB")
    assert done.state == "done" and f"{thai_digits(f'{count:,}')} รายการ ไม่มีแถวใดขาด" in done.problem, done.problem
    assert grown < MOST_MEMORY
    return place


def test_a_whole_old_system_is_moved_in_at_once(either_house: House, rounds: Callable[[int, int], int]) -> None:
    house, count = either_house, rounds(600, MOST_ROWS)
    sheets = ("xlsx", "csv") if house.real.writing.dialect.name == "sqlite" else ("csv", "xlsx")
    for turn, folder in enumerate(sheets[: rounds(1, 2)], start=1):
        place = moved_in(house, folder, count)

        assert files_in(place) == {f"ทะเบียน.{folder}"}
        with house.real.reading.connect() as reader:
            numbers = entries.c.serial
            ranges = select(func.count(), func.min(numbers), func.max(numbers)).group_by(entries.c.book_id)
            each = count // len(YEARS)
            assert [tuple(row) for row in reader.execute(ranges)] == [(each, 1, each)] * len(YEARS) * turn
            named = reader.execute(select(func.count()).select_from(files)).scalar_one()
            assert named == turn * len(range(0, count, EVERY_FILE))
            stored = select(func.count(), func.min(kept_items.c.store_serial), func.max(kept_items.c.store_serial))
            assert tuple(reader.execute(stored).one()) == (turn * count // 2, 1, turn * count // 2)
    assert house.office.ledgers.faults(house.ours.agency.id) == []
