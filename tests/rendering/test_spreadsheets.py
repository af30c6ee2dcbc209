"""Sheets that people bring: read as they look, or refused in Thai and without harm. Sheets that they take away: what
was text stays text, and a million lines do not fill the memory."""

from __future__ import annotations

import csv
import io
import random
import re
import tracemalloc
import zipfile
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, time
from typing import ClassVar

import pytest
from openpyxl import Workbook, load_workbook

from saraban.domain.errors import BadInput, RuleBroken
from saraban.rendering.foreign_sheets import MOST_CELLS, MOST_ROWS
from saraban.rendering.quarantine import Quarantine
from saraban.rendering.spreadsheets import SheetDesk

HEAD = ["ที่", "ลงวันที่", "จาก", "เรื่อง"]
DAY = datetime(2026, 11, 23)  # noqa: DTZ001  (workbooks know no time zones)
LINE = ["นร ๐๑๐๕/๑๒๓", "2026-11-23", "สำนักนายกรัฐมนตรี", "ขอเชิญประชุม"]


@pytest.fixture(scope="module")
def desk() -> Iterator[SheetDesk]:
    desk = SheetDesk()
    yield desk
    desk.close()


def workbook(*rows: Sequence[object], also: Callable[[Workbook], None] = lambda book: None) -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(list(row))
    also(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def with_part(data: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    """The same workbook with one part of its package changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            content = old.read(part)
            new.writestr(part, change(content) if part == name else content)
    return out.getvalue()


def with_shared_strings(data: bytes) -> bytes:
    """The same workbook as Excel writes it: its text in a part of its own."""
    texts: list[bytes] = []

    def take(match: re.Match[bytes]) -> bytes:
        texts.append(match[2])
        return b'<c r="%s" t="s"><v>%d</v></c>' % (match[1], len(texts) - 1)

    inline = re.compile(rb'<c r="(\w+)" t="inlineStr"><is><t>(.*?)</t></is></c>')
    data = with_part(data, "xl/worksheets/sheet1.xml", lambda xml: inline.sub(take, xml))
    kind = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"
    link = b'<Relationship Id="rId98" Target="sharedStrings.xml" Type="' + kind + b'"/></Relationships>'
    data = with_part(data, "xl/_rels/workbook.xml.rels", lambda xml: xml.replace(b"</Relationships>", link))
    part = b'<Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxmlformats-officedocument.'
    part += b'spreadsheetml.sharedStrings+xml"/></Types>'
    data = with_part(data, "[Content_Types].xml", lambda xml: xml.replace(b"</Types>", part))
    out = io.BytesIO(data)
    with zipfile.ZipFile(out, "a") as package:
        items = b"".join(b"<si><t>" + text + b"</t></si>" for text in texts)
        head = b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        package.writestr("xl/sharedStrings.xml", head + items + b"</sst>")
    return out.getvalue()


def refusal(desk: SheetDesk, data: bytes, name: str = "lines.xlsx") -> str:
    with pytest.raises(BadInput) as caught:
        desk.read(data, name)
    return caught.value.fields["file"]


class TestWorkbooks:
    def test_cells_come_as_a_clerk_would_type_them(self, desk: SheetDesk) -> None:
        rows = desk.read(
            workbook(
                ["เลขรับ", "ลงวันที่", "เวลา", "จาก", "ยอด", "ใช่"],
                [4113, DAY, time(9, 5), " กรมการปกครอง\u00a0", 12.5, True],
                [4114.0, DAY.replace(hour=14, minute=30), None, "ศาล_x000D_\nปกครอง", 1e-7, False],
            ),
            "ทะเบียน.xlsx",
        )
        assert rows == [
            ["เลขรับ", "ลงวันที่", "เวลา", "จาก", "ยอด", "ใช่"],
            ["4113", "2026-11-23", "09:05", "กรมการปกครอง", "12.5", "TRUE"],
            ["4114", "2026-11-23 14:30", "", "ศาล\nปกครอง", "1e-07", "FALSE"],
        ]

    def test_text_in_a_part_of_its_own_is_found(self, desk: SheetDesk) -> None:
        data = with_shared_strings(workbook(HEAD, LINE))
        assert b'"inlineStr"' not in zipfile.ZipFile(io.BytesIO(data)).read("xl/worksheets/sheet1.xml")
        assert desk.read(data, "a.xlsx") == [HEAD, LINE]

    def test_a_rows_place_is_the_one_that_people_see(self, desk: SheetDesk) -> None:
        rows = desk.read(workbook(["เรื่อง", "จาก"], [], ["ก", None], ["ข", "ค"], [None], []), "a.xlsx")
        assert rows == [["เรื่อง", "จาก"], ["", ""], ["ก", ""], ["ข", "ค"]]

    def test_the_first_visible_sheet_is_read(self, desk: SheetDesk) -> None:
        def hide(book: Workbook) -> None:
            book.create_sheet("ใช้งาน").append(["แผ่นที่เห็น"])
            book.worksheets[0].sheet_state = "hidden"

        assert desk.read(workbook(["แผ่นที่ซ่อน"], also=hide), "a.xlsx") == [["แผ่นที่เห็น"]]

    def test_the_stored_value_of_a_formula_is_read(self, desk: SheetDesk) -> None:
        data = workbook(["เลข", "รวม"], [1, "=A2+1"])
        stored = with_part(
            data,
            "xl/worksheets/sheet1.xml",
            lambda xml: xml.replace(b"<v/>", b"<v>2</v>").replace(b"<v></v>", b"<v>2</v>"),
        )
        assert desk.read(stored, "a.xlsx") == [["เลข", "รวม"], ["1", "2"]]

    def test_a_formula_that_was_never_calculated_is_not_taken_for_an_empty_cell(self, desk: SheetDesk) -> None:
        words = refusal(desk, workbook(["เลข", "รวม"], [1, '=WEBSERVICE("http://127.0.0.1/")']))
        assert "B2" in words
        assert "สูตร" in words

    def test_the_size_that_a_file_claims_is_not_believed(self, desk: SheetDesk) -> None:
        def boast(xml: bytes) -> bytes:
            assert b'<dimension ref="A1:D2"' in xml
            return xml.replace(b'<dimension ref="A1:D2"', b'<dimension ref="A1:XFD1048576"')

        data = with_part(workbook(HEAD, LINE), "xl/worksheets/sheet1.xml", boast)
        assert desk.read(data, "a.xlsx") == [HEAD, LINE]

    def test_a_stray_empty_cell_at_the_end_of_the_world_costs_nothing(self, desk: SheetDesk) -> None:
        def stray(book: Workbook) -> None:
            book.worksheets[0].cell(1_048_576, 16_384).number_format = "0.00"

        assert desk.read(workbook(HEAD, LINE, also=stray), "a.xlsx") == [HEAD, LINE]

    def test_links_to_other_files_are_left_alone(self, desk: SheetDesk) -> None:
        def link(xml: bytes) -> bytes:
            return xml.replace(
                b"</Relationships>",
                b'<Relationship Id="rId99" Target="file:///etc/passwd" TargetMode="External" Type="http://schemas.'
                b'openxmlformats.org/officeDocument/2006/relationships/externalLink"/></Relationships>',
            )

        data = with_part(workbook(HEAD, LINE), "xl/_rels/workbook.xml.rels", link)
        assert desk.read(data, "a.xlsx") == [HEAD, LINE]


class TestHostileFiles:
    def test_a_bomb_is_refused_by_what_it_would_grow_to(self, desk: SheetDesk) -> None:
        def grow(xml: bytes) -> bytes:
            return xml.replace(b"</worksheet>", b" " * (151 * 2**20) + b"</worksheet>")

        data = with_part(workbook(HEAD), "xl/worksheets/sheet1.xml", grow)
        assert len(data) < 1_000_000
        assert "ขยายใหญ่ผิดปกติ" in refusal(desk, data)

    def test_a_bomb_that_lies_about_its_size_is_refused(self, desk: SheetDesk) -> None:
        data = bytearray(with_part(workbook(HEAD), "xl/worksheets/sheet1.xml", lambda xml: xml + b" " * 50_000_000))
        at = data.index(b"PK\x01\x02" + data[data.index(b"PK\x01\x02") + 4 :][:0])
        while not data[at + 46 :].startswith(b"xl/worksheets/sheet1.xml"):
            at = data.index(b"PK\x01\x02", at + 4)
        data[at + 24 : at + 28] = (2_000).to_bytes(4, "little")
        assert "ไฟล์เสีย" in refusal(desk, bytes(data))

    @pytest.mark.parametrize(
        "part", ["xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/styles.xml", "[Content_Types].xml"]
    )
    def test_entities_are_not_expanded(self, desk: SheetDesk, part: str) -> None:
        bomb = b'<!DOCTYPE b [<!ENTITY a "ha">' + b"".join(
            b'<!ENTITY %c "%s">' % (98 + i, b"&%c;" % (97 + i) * 10) for i in range(9)
        )
        bomb += b"]>"

        def lay(xml: bytes) -> bytes:
            if xml.startswith(b"<?xml"):
                head, _, rest = xml.partition(b"?>")
                return head + b"?>" + bomb + rest.replace(b"><", b">&j;<", 1)
            return bomb + xml.replace(b"><", b">&j;<", 1)

        assert refusal(desk, with_part(workbook(HEAD, LINE), part, lay))

    def test_a_file_of_this_machine_is_not_read_through_an_entity(self, desk: SheetDesk) -> None:
        entity = b'<!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/hostname">]>'

        def lay(xml: bytes) -> bytes:
            return entity + xml.replace("ขอเชิญประชุม".encode(), b"&x;", 1)

        assert refusal(desk, with_part(workbook(HEAD, LINE), "xl/worksheets/sheet1.xml", lay))
        assert refusal(desk, with_part(with_shared_strings(workbook(HEAD, LINE)), "xl/sharedStrings.xml", lay))

    def test_more_than_can_be_looked_through_is_refused(self, desk: SheetDesk) -> None:
        rows = b"x\r\n" * (MOST_ROWS + 1)
        assert "100,000 แถว" in refusal(desk, rows, "a.csv")
        assert len(desk.read(rows[: 3 * MOST_ROWS], "a.csv")) == MOST_ROWS
        assert "60 คอลัมน์" in refusal(desk, workbook(["x"] * (MOST_CELLS + 1)))
        assert "ยาวเกินกำหนด" in refusal(desk, b"\n".join([b"x" * 100_000] * 301), "a.csv")

    def test_a_task_beyond_its_memory_or_time_says_so_and_the_next_one_works(self) -> None:
        rng = random.Random(7)
        rows: list[list[object]] = [[rng.random() for _ in range(40)] for _ in range(4_000)]
        data = workbook(*rows)
        for narrow in (Quarantine(memory=40 * 2**20), Quarantine(wall_seconds=0.2)):
            small = SheetDesk(narrow)
            assert "มากเกินกำหนด" in refusal(small, data)
            small.close()

    @pytest.mark.parametrize(
        ("data", "words"),
        [
            (b"", "ไม่พบข้อมูล"),
            (b"\n\n , ,\n", "ไม่พบข้อมูล"),
            (b"%PDF-1.7\n\x00\x01\x02", "ไม่ใช่ตาราง"),
            (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4, "ไม่ใช่ตาราง"),
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, ".xls"),
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "รหัสผ่าน"),
            (b"PK\x03\x04 not a package", "ไฟล์เสีย"),
            (b'a,b\n"open,b\n', "เครื่องหมายคำพูด"),
            (b"\x81\x82\xff\xfe\xfd", "อ่านตัวอักษรในไฟล์ไม่ได้"),
        ],
    )
    def test_what_is_no_sheet_is_refused_with_its_reason(self, desk: SheetDesk, data: bytes, words: str) -> None:
        assert words in refusal(desk, data, "a.csv")

    def test_other_packages_are_told_from_workbooks(self, desk: SheetDesk) -> None:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as package:
            package.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
            package.writestr("content.xml", "<a/>")
        assert ".ods" in refusal(desk, out.getvalue(), "ตาราง.ods")
        assert "ไม่ใช่ตาราง" in refusal(desk, out.getvalue(), "ตาราง.zip")

    @pytest.mark.parametrize("seed", range(30))
    def test_spoiled_workbooks_are_read_or_refused(self, desk: SheetDesk, seed: int) -> None:
        rng, data = random.Random(seed), bytearray(workbook(HEAD, LINE, LINE))
        for _ in range(rng.randrange(1, 12)):
            data[rng.randrange(len(data))] = rng.randrange(256)
        try:
            assert desk.read(bytes(data[: rng.randrange(len(data) // 2, len(data) + 1)]), "a.xlsx")
        except BadInput as error:
            assert error.fields["file"]


class TestText:
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "tis-620", "cp874"])
    @pytest.mark.parametrize("separator", [",", ";", "\t"])
    @pytest.mark.parametrize("ending", ["\n", "\r\n"])
    def test_every_encoding_and_separator_of_the_office_is_read(
        self, desk: SheetDesk, encoding: str, separator: str, ending: str
    ) -> None:
        text = "".join(separator.join(row) + ending for row in (HEAD, LINE, LINE))
        assert desk.read(text.encode(encoding), "a.csv") == [HEAD, LINE, LINE]

    def test_quoted_cells_hold_separators_and_line_ends(self, desk: SheetDesk) -> None:
        data = 'เรื่อง;จาก\n"ขอเชิญ; ประชุม\nครั้งที่ ๑";"กรม ""ก"""\n'.encode()
        assert desk.read(data, "a.csv") == [["เรื่อง", "จาก"], ["ขอเชิญ; ประชุม\nครั้งที่ ๑", 'กรม "ก"']]

    def test_a_subject_full_of_commas_does_not_hide_the_semicolons(self, desk: SheetDesk) -> None:
        data = "เรื่อง;จาก\nก, ข, ค;กรม\nง, จ;กอง\n".encode()
        assert desk.read(data, "a.csv")[1] == ["ก, ข, ค", "กรม"]

    def test_the_separator_that_excel_names_is_taken(self, desk: SheetDesk) -> None:
        assert desk.read(b"sep=;\r\na,b;c\r\n", "a.csv") == [["a,b", "c"]]


class TestWriting:
    ROWS: ClassVar[list[list[object]]] = [
        ["=1+1", "+66 2 000 0000", "-", "@SUM(A1)", -5, date(2026, 11, 23)],
        ["#REF!", "ก\x00\x1bข", None, "\t=1", 2.5, datetime(2026, 11, 23, 2, 30, tzinfo=UTC)],
    ]

    def test_text_stays_text_in_a_workbook(self, desk: SheetDesk) -> None:
        out = io.BytesIO()
        desk.write_xlsx("ทะเบียน/หนังสือรับ [2569]", ["ก", "=ข", "ค", "ง", "จ", "ฉ"], self.ROWS, out)
        sheet = load_workbook(out).worksheets[0]
        assert sheet.title == "ทะเบียน หนังสือรับ  2569"
        assert sheet.freeze_panes == "A2"
        assert all(cell.font.bold for cell in sheet[1])
        assert [cell.data_type for cell in sheet[2]] == ["s", "s", "s", "s", "n", "d"]
        assert sheet["A2"].value == "=1+1"
        assert sheet["A3"].data_type == "s"
        assert sheet["B3"].value == "กข"
        assert sheet["F3"].value == DAY.replace(hour=9, minute=30)
        assert desk.read(out.getvalue(), "a.xlsx")[1][:4] == ["=1+1", "+66 2 000 0000", "-", "@SUM(A1)"]

    def test_a_sheet_has_its_heading_and_is_set_up_for_paper(self, desk: SheetDesk) -> None:
        out = io.BytesIO()
        desk.write_xlsx("ทะเบียน", ["ก", "ข"], [["=1", date(2026, 11, 23)]], out, heading=["=ชื่อ", "ปี"], widths=[9, 30])
        sheet = load_workbook(out).worksheets[0]

        assert list(sheet.values)[:3] == [("=ชื่อ", None), ("ปี", None), ("ก", "ข")]
        assert sheet["A1"].data_type == "s" and sheet["A4"].data_type == "s"
        assert sheet["B4"].value == DAY and sheet["B4"].number_format == "[$-107041E]dd/mm/yyyy;@"
        assert (sheet.freeze_panes, sheet.print_title_rows) == ("A4", "$1:$3")
        assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
        assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0)
        assert [sheet.column_dimensions[name].width for name in "AB"] == [9, 30]

    def test_a_formula_cannot_be_smuggled_into_a_csv(self, desk: SheetDesk) -> None:
        data = b"".join(desk.write_csv(["=head", "b"], self.ROWS))
        assert data.startswith(b"\xef\xbb\xbf")
        rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))
        assert rows[0][0] == "'=head"
        assert rows[1] == ["'=1+1", "'+66 2 000 0000", "'-", "'@SUM(A1)", "-5", "2026-11-23"]
        assert rows[2][3] == "'\t=1"
        assert rows[2][5] == "2026-11-23T09:30:00"

    def test_memory_does_not_grow_with_the_rows(self, desk: SheetDesk) -> None:
        def peak(count: int) -> tuple[int, int]:
            rows = ([number, *LINE] for number in range(count))
            out = io.BytesIO()
            tracemalloc.start()
            desk.write_xlsx("ทะเบียน", ["เลข", *HEAD], rows, out)
            book = tracemalloc.get_traced_memory()[1] - len(out.getvalue())
            tracemalloc.reset_peak()
            for _ in desk.write_csv(["เลข", *HEAD], ([number, *LINE] for number in range(count))):
                pass
            text = tracemalloc.get_traced_memory()[1] - len(out.getvalue())
            tracemalloc.stop()
            return book, text

        few, many = peak(300), peak(3_000)
        assert many[0] < few[0] + 2_000_000
        assert many[1] < few[1] + 1_000_000

    def test_more_rows_than_a_sheet_holds_are_refused_before_a_broken_file_is_made(
        self, desk: SheetDesk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("saraban.rendering.spreadsheets.MOST_WRITTEN", 3)
        with pytest.raises(RuleBroken, match="CSV"):
            desk.write_xlsx("ทะเบียน", HEAD, [LINE] * 4, io.BytesIO())
