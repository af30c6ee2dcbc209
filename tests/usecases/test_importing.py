"""Sheets of letters: read with limits, kept between preview and import, entered all or none, and once."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest

from saraban.domain.classification import Secrecy, Urgency
from saraban.domain.errors import BadInput, NotPermitted
from saraban.domain.register import BookKind, Matter
from saraban.storage.tables.closing import errands as errand_table
from saraban.storage.tables.registers import entries
from saraban.usecases import errands, importing, recording
from saraban.usecases.importing import ERRAND
from saraban.usecases.ports import Services
from saraban.usecases.sheets import Sheet, keep_sheet, kept_sheet
from tests.usecases.house import House

MATTERS = [
    Matter(number=f"กค 0408/{n}", letter_date=date(2026, 11, 20), sender="กรมบัญชีกลาง", subject=f"เรื่องที่ {n}")
    for n in range(1, 6)
]
FULL = Matter(
    "กค 1/2", date(2026, 11, 1), "ก", "ข", "ค", "ง", "จ\nฉ", Urgency.URGENT, Secrecy.SECRET,
    datetime(2026, 11, 2, 3, 4, tzinfo=UTC),
)  # fmt: skip


def read(house: House, text: str, name: str = "sheet.csv", **more: Any) -> Sheet:
    values: dict[str, Any] = {"actor": house.ours["central_clerk"], "kind": BookKind.RECEIVING} | more
    return importing.read_sheet(house.office, stream=io.BytesIO(text.encode()), name=name, **values)


def order(house: House, matters: list[Matter], *, accepted: Sequence[str] = (), kept: str = "") -> UUID:
    """Put an import down as the screen does."""
    kept = kept or importing.keep_list(house.office, matters=matters).hex
    return errands.order_errand(
        house.office,
        actor=house.ours["central_clerk"],
        kind=ERRAND,
        title="นำเข้า รายการ.xlsx",
        order={"book": "receiving", "unit": "", "list": kept, "accepted": list(accepted)},
        total=2 * len(matters),
    )


def work(house: House, office: Services | None = None) -> Any:
    """Let the worker do the errand; the errand as it stands then."""
    doers = {ERRAND: importing.sheet_importer(recording.record_many)}
    assert errands.run_next_errand(office or house.office, doers=doers) == 1
    return house.rows(errand_table)[-1]


def test_empty_rows_are_left_out_and_the_first_row_is_the_headings(house: House) -> None:
    sheet = read(house, ",,\nที่,เรื่อง,จาก\nกค 1/1,ก,ข\n , ,\nกค 1/2,ค,ง\n")

    assert sheet.headings == ["ที่", "เรื่อง", "จาก"]
    assert sheet.rows == [["กค 1/1", "ก", "ข"], ["กค 1/2", "ค", "ง"]]
    assert kept_sheet(house.office, keep_sheet(house.office, sheet=sheet)) == sheet


def test_rows_are_counted_as_people_see_them_whatever_is_empty_or_a_title(house: House) -> None:
    sheet = read(house, "ทะเบียนหนังสือรับ,,\n\nที่,เรื่อง,จาก\nกค 1/1,ก,ข\n , ,\n\nกค 1/2,ค,ง\n")

    assert sheet.numbers == [4, 7]


def test_a_row_that_has_become_wrong_is_told_as_it_counts_in_the_sheet(house: House) -> None:
    wrong = replace(MATTERS[1], subject="")
    kept = importing.keep_list(house.office, matters=[MATTERS[0], wrong], numbers=[4, 7])
    order(house, [], kept=kept.hex)

    done = work(house)

    assert done.state == "failed" and done.problem.startswith("แถวที่ ๗: ")


def test_the_title_over_a_table_is_passed_over_and_a_single_column_is_none(house: House) -> None:
    titled = read(house, "ทะเบียนหนังสือรับ,,\nสำนักงาน onep,,\nที่,เรื่อง,จาก\n,ก,\n")
    single = read(house, "เรื่อง\nก\nข\n")

    assert (titled.headings, titled.rows) == (["ที่", "เรื่อง", "จาก"], [["", "ก", ""]])
    assert (single.headings, single.rows) == (["เรื่อง"], [["ก"], ["ข"]])


def test_what_is_no_list_is_refused_in_words(house: House) -> None:
    too_many = "ที่\n" + "ก\n" * 10_001
    for text in ("", "ที่,เรื่อง\n", too_many):
        with pytest.raises(BadInput) as refused:
            read(house, text)
        assert refused.value.fields["file"]
    with pytest.raises(BadInput):
        importing.read_sheet(
            house.office,
            actor=house.ours["central_clerk"],
            kind=BookKind.RECEIVING,
            stream=io.BytesIO(b"x" * (importing.LARGEST_SHEET + 1)),
            name="a.csv",
        )


def test_only_clerks_bring_sheets(house: House) -> None:
    for name in ("director", "head", "records", "admin"):
        with pytest.raises(NotPermitted):
            read(house, "ที่\nก\n", actor=house.ours[name])


def test_a_kept_list_comes_back_as_it_was(house: House) -> None:
    kept = importing.keep_list(house.office, matters=[FULL, *MATTERS])

    assert list(importing.kept_list(house.office, kept).values()) == [FULL, *MATTERS]


def test_all_rows_are_entered_and_the_first_and_last_number_are_told(house: House) -> None:
    order(house, MATTERS)

    done = work(house)

    assert (done.state, done.done, done.total) == ("done", 5, 10)
    assert "๕ ฉบับ เลข ๑ ถึง ๕ ปี ๒๕๖๙" in done.problem
    assert sorted(e.serial for e in house.rows(entries)) == [1, 2, 3, 4, 5]
    assert done.file_name == "เลขที่ได้ นำเข้า รายการ.xlsx"
    told = house.office.spreadsheets.read(house.office.blobs.open(done.result), done.file_name)
    assert [row[0] for row in told] == ["เลขทะเบียน", "1", "2", "3", "4", "5"]


def test_one_bad_row_and_nothing_is_entered(house: House) -> None:
    order(house, [*MATTERS[:3], replace(MATTERS[3], subject="")])

    done = work(house)

    assert (done.state, house.rows(entries)) == ("failed", [])
    assert "แถวที่ ๔" in done.problem and "เรื่อง" in done.problem


def test_a_letter_that_was_entered_meanwhile_stops_the_import(house: House) -> None:
    order(house, MATTERS)
    recording.record_letter(house.office, actor=house.ours["central_clerk"], kind=BookKind.RECEIVING, matter=MATTERS[2])

    assert work(house).state == "failed"
    assert len(house.rows(entries)) == 1

    seen = recording.seem_known(
        house.office, actor=house.ours["central_clerk"], kind=BookKind.RECEIVING, matters=MATTERS
    )
    order(house, MATTERS, accepted=[finding.key for finding in seen])
    assert work(house).state == "done"


def test_a_worker_that_dies_after_the_commit_does_not_enter_the_letters_twice(house: House) -> None:
    order(house, MATTERS)

    def dies(*_: Any, **__: Any) -> None:
        raise MemoryError

    work(house, replace(house.office, remember=dies))
    assert len(house.rows(entries)) == 5
    house.clock.pass_by(house.office.lease * 2)
    done = work(house)

    assert done.state == "done" and "ครบแล้ว" in done.problem
    assert len(house.rows(entries)) == 5


def test_progress_is_told_before_anything_is_written(house: House) -> None:
    many = [replace(MATTERS[0], number=f"กค 0408/{n}", subject=f"เรื่อง {n}") for n in range(1_200)]
    steps: list[tuple[int, int, int]] = []
    put_down = order(house, many)
    with house.office.uow() as uow:
        errand = uow.errands.get(house.ours.agency.id, put_down)

    importing.sheet_importer(recording.record_many)(
        house.office,
        errand,
        house.ours["central_clerk"],
        lambda done, total: steps.append((done, total, len(house.rows(entries)))),
    )

    assert steps == [(500, 2400, 0), (1000, 2400, 0), (1200, 2400, 0)]
    assert len(house.rows(entries)) == 1_200
