"""Registers of an old system: looked at row by row, entered with their numbers, gone on with after a stop."""

from __future__ import annotations

import io
import threading
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any, cast
from uuid import UUID

import pytest
from openpyxl import load_workbook

from saraban.domain.attachment import Digest
from saraban.domain.errors import NotPermitted
from saraban.domain.keeping import KeepingState
from saraban.domain.register import EntryId, EntryState, Origin
from saraban.reading.search import search
from saraban.storage.tables.archive import kept_items
from saraban.storage.tables.closing import errands as errand_table
from saraban.storage.tables.registers import books, entries
from saraban.usecases import destroying, errands, moving_desk, moving_in
from saraban.usecases.indexing import index_next
from saraban.usecases.kept_files import remove_files
from saraban.usecases.papers import Spreadsheets
from saraban.usecases.ports import Services, Step
from tests.usecases.archive import disposal, finished, kept
from tests.usecases.house import House

HEAD = "ทะเบียน,ปี,เลขทะเบียน,ที่,ลงวันที่,จาก,ถึง,เรื่อง,ชั้นความลับ,ไฟล์"
SOUND = [
    "รับ,2565,1,กค 0408/12,3 ม.ค. 2565,กรมบัญชีกลาง,,ซ้อมความเข้าใจเรื่องเก่า,,สแกน/1.pdf",
    "รับ,๒๕๖๕,๓,มท 1/9,๕/๑/๒๕๖๕,จังหวัดตาก,,ขอข้อมูลน้ำ,,",
    "ทะเบียนหนังสือส่ง,,7,นร 0001/7,10/2/2564,,จังหวัดตาก,ส่งข้อมูลน้ำ,,",
]


def lay(house: House, *rows: str, folder: str = "เดิม", head: str = HEAD, files: dict[str, bytes] | None = None) -> None:
    """A folder as the machine's administrator puts it down."""
    place = house.real.settings.move_in_folder / house.ours.agency.code / folder
    (place / "สแกน").mkdir(parents=True, exist_ok=True)
    (place / "ทะเบียน.csv").write_text("\n".join((head, *rows)), encoding="utf-8")
    for name, data in (files if files is not None else {"สแกน/1.pdf": b"%PDF-1.4 old"}).items():
        (place / name).write_bytes(data)


def order(house: House, deed: str = moving_in.ENTER, who: str = "admin", folder: str = "เดิม") -> UUID:
    """Put it down as the screen does."""
    what = {"folder": folder, "deed": deed}
    return errands.order_errand(
        house.office, actor=house.ours[who], kind=moving_in.ERRAND, title="ย้ายทะเบียนเดิม", order=what
    )


def work(house: House, office: Services | None = None) -> Any:
    """Let the worker do the errand; the errand as it stands then."""
    office = office or house.office
    before = {row.id for row in house.rows(errand_table) if row.ended_at is not None}
    assert errands.run_next_errand(office, doers=office.doers) == 1
    [done] = [row for row in house.rows(errand_table) if row.ended_at is not None and row.id not in before]
    return done


def lines(house: House) -> dict[tuple[str, int, int], Any]:
    """The lines by book, year and number."""
    return {(row.kind.value, row.year, row.serial): row for row in house.rows(entries)}


def test_lines_keep_their_numbers_and_dates_and_say_that_they_are_from_before(either_house: House) -> None:
    house = either_house
    lay(house, *SOUND)
    order(house)

    done = work(house)

    words = "ย้ายเข้าทะเบียนแล้ว ๓ รายการ ไม่มีแถวใดขาด ลบจากโฟลเดอร์ ๑ ไฟล์ที่เก็บในระบบแล้ว"
    assert (done.state, done.problem) == ("done", words)
    made = lines(house)
    assert set(made) == {("receiving", 2565, 1), ("receiving", 2565, 3), ("sending", 2564, 7)}
    first = made["receiving", 2565, 1]
    assert (first.number, first.letter_date.isoformat(), first.sender) == ("กค 0408/12", "2022-01-03", "กรมบัญชีกลาง")
    assert all((row.origin, row.state) == (Origin.BEFORE, EntryState.USED) for row in made.values())
    opened = {(row.kind.value, row.year): (row.first, row.last) for row in house.rows(books)}
    assert (opened["receiving", 2565], opened["sending", 2564]) == ((4, 3), (8, 7))
    assert [told["values"]["lines"] for told in house.told("registers.moved-in")] == [3]
    assert house.office.ledgers.faults(house.ours.agency.id) == []
    with house.office.uow() as uow:
        assert [file.name for file in uow.registers.get(house.ours.agency.id, first.id).files] == ["1.pdf"]


def test_what_was_moved_in_is_found(house: House) -> None:
    lay(house, *SOUND)
    order(house)
    work(house)
    while index_next(house.office):
        pass

    with house.real.reading.connect() as reader:
        found = search(reader, house.ours["central_clerk"], "ซ้อมความเข้าใจเรื่องเก่า")
    assert [hit.id for hit in found] == [lines(house)["receiving", 2565, 1].id]


def test_a_look_names_every_fault_by_its_row_and_writes_nothing(house: House) -> None:
    lay(
        house,
        *SOUND,
        "รับ,2565,3,มท 1/10,5/1/2565,จังหวัดตาก,,เลขซ้ำ,,",
        "สมุด,2565,4,,5/1/2565,จังหวัดตาก,,ไม่รู้จักทะเบียน,,",
        "รับ,2565,สี่,,5/1/2565,จังหวัดตาก,,เลขอ่านไม่ออก,,",
        "รับ,2565,5,,31/2/2565,จังหวัดตาก,,วันไม่มีจริง,,",
        "รับ,2565,6,,5/1/2565,จังหวัดตาก,,ลับ,ลับ,",
        "รับ,2565,8,,5/1/2565,จังหวัดตาก,,ไม่มีไฟล์,,หาย.pdf",
        "รับ,2565,9,,5/1/2565,จังหวัดตาก,,ออกนอกโฟลเดอร์,,../../../etc/passwd",
        "รับ,2699,9,,5/1/2565,จังหวัดตาก,,ปีหน้า,,",
        "รับ,2565,10,,5/1/2565,,,ไม่มีผู้ส่ง,,",
        ",,,,,,,,,",
    )
    order(house, moving_in.CHECK)

    done = work(house)

    assert done.state == "done"
    assert "ตรวจแล้ว ๑๒ แถว ต้องแก้ ๙ แถว เริ่มที่แถวที่ ๕: เลขซ้ำกับแถวที่ ๓" in done.problem
    sheet = load_workbook(io.BytesIO(house.office.blobs.open(done.result))).active
    assert sheet is not None
    told = {row[0]: row[-1] for row in sheet.iter_rows(min_row=2, values_only=True)}
    assert list(map(int, told)) == [5, 6, 7, 8, 9, 10, 11, 12, 13]
    for row, words in (
        (6, "ไม่รู้จักทะเบียน"), (7, "เลข"), (8, "ไม่มีในปฏิทิน"), (9, "ชั้นความลับ"), (10, "ไม่พบไฟล์ หาย.pdf"),
        (11, "ออกนอกโฟลเดอร์"), (12, "ปีของทะเบียน"), (13, "ใส่ว่าหนังสือมาจาก"),
    ):  # fmt: skip
        assert words in next(str(text) for at, text in told.items() if int(str(at)) == row), row
    assert house.rows(entries) == []
    assert house.told("registers.moved-in") == []

    order(house)
    assert work(house).state == "failed"
    assert house.rows(entries) == []

    order(house, moving_in.ENTER_SOUND)
    work(house)
    assert len(house.rows(entries)) == len(SOUND)


def test_what_ends_early_is_gone_on_with_and_nothing_stands_twice(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(moving_desk, "AT_ONCE", 2)
    rows = [f"รับ,2565,{n},ก {n},5/1/2565,จังหวัดตาก,,เรื่อง {n},," for n in range(1, 8)]
    lay(house, *rows, files={})
    order(house)
    ended = {**house.office.doers, moving_in.ERRAND: dying_after(house.office, 10)}
    with pytest.raises(KeyboardInterrupt):
        errands.run_next_errand(house.office, doers=ended)
    assert 0 < len(house.rows(entries)) < 7

    house.clock.pass_by(timedelta(hours=1))
    done = work(house)

    assert done.state == "done"
    assert sorted(row.serial for row in house.rows(entries)) == list(range(1, 8))
    assert done.problem == "ย้ายเข้าทะเบียนแล้ว ๗ รายการ ไม่มีแถวใดขาด", "those of both rounds"
    assert [(told["values"]["lines"], told["values"]["known"]) for told in house.told("registers.moved-in")] == [(7, 0)]
    order(house)
    assert "ย้ายเข้าทะเบียนแล้ว ๐ รายการ มีอยู่ก่อนแล้ว ๗ รายการ" in work(house).problem


KEPT = HEAD + ",รหัสแฟ้ม,อายุการเก็บ,วันปฏิบัติเสร็จ,วันที่ส่งเก็บ,ห้อง,ชั้น,กล่อง"


def test_lines_are_kept_as_the_old_system_kept_them_and_fall_due_by_their_periods(either_house: House) -> None:
    house = either_house
    rows = [
        "รับ,2547,1,ก 1,5/1/2547,จังหวัดตาก,,เก่าถึงกำหนด,,,3,๑๐ ปี,31/3/2547,10/1/2550,คลัง,๒,15",
        "รับ,2547,2,ก 2,5/1/2547,จังหวัดตาก,,ตลอดไป,,,,ตลอดไป,31/3/2547,10/1/2550,,,",
        "รับ,2565,1,ก 3,5/1/2565,จังหวัดตาก,,เสร็จแล้วอยู่ที่หน่วยงาน,,,05,,31/3/2565,,,,16",
        "รับ,2565,2,ก 4,5/1/2565,จังหวัดตาก,,ไม่บอกอะไร,,,,,,,,,",
    ]
    lay(house, *rows, head=KEPT, files={})
    order(house)
    assert "๔ รายการ ไม่มีแถวใดขาด" in work(house).problem

    ids = {row.subject: EntryId(row.id) for row in house.rows(entries)}
    due, ever, here = (kept(house, ids[name]) for name in ("เก่าถึงกำหนด", "ตลอดไป", "เสร็จแล้วอยู่ที่หน่วยงาน"))
    assert (due.file_code, due.class_code, due.mark, due.place.thai) == (
        *("03", "general", "เก็บถึง พ.ศ. ๒๕๕๗"),
        "ห้อง คลัง ชั้น ๒ กล่อง 15",
    )
    assert (due.state, due.stored_on, due.store_serial, due.electronic) == (
        *(KeepingState.STORED, date(2007, 1, 10)),
        *(1, False),
    )
    assert (ever.state, ever.store_serial, ever.mark) == (KeepingState.STORED, 2, "ห้ามทำลาย")
    assert (here.state, here.class_code, here.mark) == (KeepingState.FINISHED, "general", "เก็บถึง พ.ศ. ๒๕๗๕")
    assert {row.entry_id for row in house.rows(kept_items)} == {due.entry_id, ever.entry_id, here.entry_id}
    list_id = destroying.propose(house.office, actor=house.ours["records"], year=2568)
    assert [item.entry_id for item in disposal(house, list_id).items] == [due.entry_id]
    told = [name for name in house.journal() if name.startswith("keeping.")]
    assert told[:4] == ["keeping.classified", "keeping.moved", "keeping.placed", "keeping.moved"]


def test_lines_that_are_there_already_are_given_their_keeping_once(house: House) -> None:
    row = "รับ,2565,{0},ก {0},5/1/2565,จังหวัดตาก,,เรื่อง {0},,"
    rows = [row.format(n) for n in (1, 2)]
    lay(house, *rows, files={})
    order(house)
    work(house)
    ids = {row.serial: EntryId(row.id) for row in house.rows(entries)}
    finished(house, ids[2], class_code="history")

    lay(house, *(f"{one},,copy,1/2/2565,,,," for one in rows), head=KEPT, files={})
    for words in ("มีอยู่ก่อนแล้ว ๒ รายการ เติมการเก็บ ๑ รายการ", "มีอยู่ก่อนแล้ว ๒ รายการ ไม่มีแถวใดขาด"):
        order(house)
        assert words in work(house).problem
    assert [kept(house, ids[n]).class_code for n in (1, 2)] == ["copy", "history"], "what a person said stays"


def test_a_look_names_what_is_wrong_with_how_a_letter_was_kept(house: House) -> None:
    row = "รับ,2565,{},ก,5/1/2565,จังหวัดตาก,,เรื่อง,,,"
    wrong = (
        "99,,,,,,",
        ",5 ปี,,,,,",
        ",,4/1/2565,,,,",
        ",,32/1/2565,,,,",
        ",,6/1/2565,5/1/2565,,,",
        f",,,,{'ก' * 101},,",
    )
    lay(house, *(row.format(n) + one for n, one in enumerate(wrong, start=1)), head=KEPT, files={})
    order(house, moving_in.CHECK)
    done = work(house)
    sheet = load_workbook(io.BytesIO(house.office.blobs.open(done.result))).active
    assert sheet is not None
    told = [str(row[-1]) for row in sheet.iter_rows(min_row=2, values_only=True)]
    for said, words in zip(
        told,
        ("ไม่มีหมวดรหัส 99", "ตรงกับหลายประเภท", "อยู่ก่อนวันที่ของหนังสือ", "วันปฏิบัติเสร็จ: ", "ก่อนวันปฏิบัติเสร็จ", "ห้องยาวเกิน"),
        strict=True,
    ):
        assert words in said


def folder_of(house: House, name: str = "เดิม") -> Path:
    """Where `lay` puts it."""
    return house.real.settings.move_in_folder / house.ours.agency.code / name


def files_in(place: Path) -> set[str]:
    """What lies there."""
    return {str(path.relative_to(place)) for path in place.rglob("*") if path.is_file()}


def test_files_that_were_moved_in_leave_the_folder_and_what_was_not_used_stays_and_is_said(house: House) -> None:
    names = ("1.pdf", "copy of 1.pdf", "2.pdf", "3.pdf", "อื่น/ไม่ใช้.pdf")
    place = folder_of(house)
    (place / "สแกน/อื่น").mkdir(parents=True)
    rows = [f"รับ,2565,{n},ก {n},5/1/2565,จังหวัดตาก,,เรื่อง {n},,สแกน/{n}.pdf" for n in (1, 2)]
    wrong = "รับ,2565,,ก 3,5/1/2565,จังหวัดตาก,,ไม่มีเลข,,สแกน\\3.pdf"
    bytes_of = {f"สแกน/{name}": b"%PDF-1.4 " + name[-5:].encode() for name in names}
    bytes_of["สแกน/3.pdf"] = bytes_of["สแกน/1.pdf"]  # a row that is still to be mended names the same bytes
    lay(house, *rows, wrong, files=bytes_of)
    (place / "สแกน/ลิงก์.pdf").symlink_to(house.real.settings.data_folder / "roots.pem")

    order(house, moving_in.CHECK)
    work(house)
    assert len(files_in(place)) == 7, "a look takes nothing away"
    order(house, moving_in.ENTER_SOUND)
    done = work(house)

    assert "ลบจากโฟลเดอร์ ๓ ไฟล์ที่เก็บในระบบแล้ว เหลือในโฟลเดอร์ ๓ ไฟล์ที่ไม่ได้ใช้" in done.problem
    assert files_in(place) == {"ทะเบียน.csv", "สแกน/3.pdf", "สแกน/อื่น/ไม่ใช้.pdf", "สแกน/ลิงก์.pdf"}
    assert (house.real.settings.data_folder / "roots.pem").exists()
    assert all(house.office.blobs.has(Digest.of(bytes_of[f"สแกน/{n}.pdf"])) for n in (1, 2))
    order(house, moving_in.ENTER_SOUND)
    again = work(house)
    assert "มีอยู่ก่อนแล้ว ๒ รายการ เว้นไว้ ๑ แถว" in again.problem, "rows whose files have left are not missed"


@pytest.mark.parametrize("spoilt", [False, True])
def test_the_last_bytes_of_a_letter_never_leave_the_folder(
    house: House, monkeypatch: pytest.MonkeyPatch, spoilt: bool
) -> None:
    lay(house, SOUND[0])
    order(house)
    work(house)
    lost = Digest.of(b"%PDF-1.4 old")
    blob = house.real.settings.blobs_folder / lost.hex[:2] / lost.hex
    blob.chmod(0o600)
    blob.write_bytes(b"") if spoilt else blob.unlink()
    lay(house, SOUND[0])
    order(house)
    with monkeypatch.context() as full:
        full.setattr(moving_desk, "LARGEST_FILE", 5)
        work(house)
    assert files_in(folder_of(house)) == {"ทะเบียน.csv", "สแกน/1.pdf"}, "what cannot be kept stays"

    order(house)
    work(house)
    assert files_in(folder_of(house)) == {"ทะเบียน.csv"}
    assert house.office.blobs.open(lost) == b"%PDF-1.4 old", "the folder has mended it"


def test_what_a_slow_scanner_looks_through_is_entered_before_anybody_could_remove_it(house: House) -> None:
    names = [f"สแกน/{n}.pdf" for n in range(1, 4)]
    rows = [f"รับ,2565,{n},ก {n},5/1/2565,จังหวัดตาก,,เรื่อง {n},,{name}" for n, name in enumerate(names, start=1)]
    lay(house, *rows, files={name: f"%PDF-1.4 {name}".encode() for name in names})
    with house.office.uow() as uow:  # the same bytes lay here before, and nothing led to them any more
        first = Digest.of(f"%PDF-1.4 {names[0]}".encode())
        uow.disposals.drop([first], house.clock.now())
        uow.commit()

    class Slow:
        """A scanner that looks for half an hour while the worker's other jobs go on."""

        on = True

        def virus_in(self, data: bytes) -> str:
            house.clock.pass_by(timedelta(minutes=31))
            remove_files(house.office)
            return ""

    order(house)
    done = work(house, replace(house.office, scanner=Slow()))

    assert (done.state, len(lines(house))) == ("done", 3)
    assert house.office.blobs.has(first)


def test_a_sheet_that_is_read_for_minutes_keeps_its_lease(house: House) -> None:
    lay(house, *SOUND)
    told = threading.Event()

    class Slow:
        """Reads until somebody was told that the work goes on."""

        def read(self, data: bytes, name: str, **more: bool) -> Any:
            assert more == {"in_background": True} and told.wait(20)
            return house.office.spreadsheets.read(data, name, **more)

    office = replace(house.office, lease=timedelta(seconds=0.02), spreadsheets=cast(Spreadsheets, Slow()))
    with house.office.uow() as uow:
        the_admin = uow.people.get(house.ours["admin"].person_id)
    made = moving_in.move_in_now(
        office, username=the_admin.username, folder="เดิม", deed=moving_in.CHECK, step=lambda *_: told.set()
    )
    assert "ตรวจแล้ว ๓ แถว ไม่มีสิ่งที่ต้องแก้" in made.words


def dying_after(office: Services, most: int) -> Any:
    """The doer of the errand, whose process dies when it says that so much is done."""

    def work(office_: Services, errand: Any, actor: Any, step: Step) -> Any:
        def last(done: int, total: int) -> None:
            step(done, total)
            if done > most:
                raise KeyboardInterrupt

        return office.doers[moving_in.ERRAND](office_, errand, actor, last)

    return work


def test_a_book_that_began_here_takes_only_smaller_numbers(house: House) -> None:
    lay(house, *SOUND[:2])
    order(house)
    work(house)

    lay(house, "รับ,2565,2,ก 2,5/1/2565,ตาก,,ช่องว่าง,,", "รับ,2565,4,ก 4,5/1/2565,ตาก,,เกิน,,", folder="เพิ่ม")
    lay(house, "รับ,2565,1,ก 1,5/1/2565,ตาก,,อีกเรื่อง,,", folder="ชน")
    order(house, moving_in.CHECK, folder="เพิ่ม")
    assert "แถวที่ ๓: ต้องน้อยกว่าเลขที่ทะเบียนเริ่มในระบบ คือ ๔" in work(house).problem
    order(house, moving_in.CHECK, folder="ชน")
    assert "เลขนี้มีรายการอื่นอยู่ในทะเบียนแล้ว" in work(house).problem


def test_only_an_administrator_moves_in_and_only_from_the_agencys_own_folders(house: House) -> None:
    lay(house, *SOUND)
    order(house, who="clerk")
    assert (work(house).state, house.rows(entries)) == ("failed", [])
    for folder in ("../dopa/เดิม", "..", "ไม่มี"):
        order(house, folder=folder)
        assert work(house).state == "failed"
    assert house.office.old_folders.names(house.theirs.agency.code) == []
    with house.office.uow() as uow:
        the_clerk = uow.people.get(house.ours["clerk"].person_id)
    with pytest.raises(NotPermitted):
        moving_in.move_in_now(
            house.office, username=the_clerk.username, folder="เดิม", deed=moving_in.CHECK, step=lambda *_: None
        )


def test_a_sheet_without_the_columns_says_which(house: House) -> None:
    lay(house, "ก,ข", head="เรื่อง,จาก")
    order(house)
    assert "ไม่พบคอลัมน์ ทะเบียน และ เลขทะเบียน" in work(house).problem
