"""What the worker puts into the index: the words of letters and of the files that go with them."""

from __future__ import annotations

import io
from dataclasses import replace
from threading import Thread

import openpyxl
import pytest
from docx import Document as Word
from PIL import Image, ImageDraw, ImageFont
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from saraban.domain.attachment import Digest
from saraban.domain.classification import Secrecy
from saraban.domain.errors import NotPermitted
from saraban.reading.found import Hit
from saraban.reading.search import look, search
from saraban.rendering.file_words import FileDesk
from saraban.storage.tables.finding import documents, file_texts
from saraban.usecases import amending, drafting, viewing
from saraban.usecases.finding import FileText, TextWay
from saraban.usecases.indexing import begin_anew, index_next, read_next_scan, still_waiting
from saraban.usecases.organising import rename_unit
from tests.builders import CONTENT, NOW
from tests.usecases.archive import paper
from tests.usecases.house import House


def found(house: House, q: str, who: str = "clerk") -> list[Hit]:
    """What the officer finds."""
    with house.real.reading.connect() as reader:
        return search(reader, house.ours[who], q)


def catch_up(house: House) -> None:
    """Do the worker's part."""
    while index_next(house.office):
        pass


def a_word_file(text: str) -> bytes:
    """A DOCX with a paragraph and a table."""
    document, out = Word(), io.BytesIO()
    document.add_paragraph(text)
    document.add_table(1, 1).cell(0, 0).text = "ช่องในตาราง"
    document.save(out)
    return out.getvalue()


def a_sheet(text: str) -> bytes:
    """An XLSX whose second sheet says it."""
    book, out = openpyxl.Workbook(), io.BytesIO()
    book.create_sheet("ที่สอง").append([text, 1250])
    book.save(out)
    return out.getvalue()


def a_page(*pages: str | bytes) -> bytes:
    """A PDF of pages with a line of Latin text or a picture."""
    out = io.BytesIO()
    canvas = Canvas(out)
    for page in pages:
        if isinstance(page, str):
            canvas.drawString(100, 700, page)
        else:
            canvas.drawImage(ImageReader(io.BytesIO(page)), 100, 500, 300, 100)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def test_words_in_every_kind_of_file_are_found_and_the_answer_names_the_file(house: House) -> None:
    letter = house.draft(subject="ส่งข้อมูล")
    house.attach(letter, "ก.docx", a_word_file("ปลาบึกในแม่น้ำโขง"))
    house.attach(letter, "ข.xlsx", a_sheet("งบครุภัณฑ์สำนักงาน"))
    house.attach(letter, "ค.pdf", a_page("Budget of the Mekong giant catfish"))
    house.attach(letter, "ง.txt", "นกเงือกเขาใหญ่".encode("cp874"))
    house.attach(letter, "จ.bin", bytes(range(256)))
    catch_up(house)

    for words, name in (
        ("ปลาบึก", "ก.docx"), ("ในตาราง", "ก.docx"), ("ครุภัณฑ์", "ข.xlsx"), ("giant catfish", "ค.pdf"), ("เงือก", "ง.txt"),
    ):  # fmt: skip
        (hit,) = found(house, words)
        assert (hit.id, hit.file, hit.scanned) == (letter, name, False), words
    assert found(house, "ปลาบึก")[0].snippet[slice(*found(house, "ปลาบึก")[0].marked[0])] == "ปลาบึก"
    assert [hit.id for hit in found(house, "จ.bin")] == [letter], "the name of a file without words is found"


def test_a_letter_is_found_before_and_after_the_worker_has_come_by_and_as_it_is_now(house: House) -> None:
    letter = house.draft(subject="โครงการเดิม")
    assert [hit.id for hit in found(house, "โครงการเดิม")] == [letter]
    catch_up(house)
    assert [hit.id for hit in found(house, "โครงการเดิม")] == [letter]

    version = house.letter(letter).version
    drafting.revise_letter(
        house.office,
        actor=house.ours["clerk"],
        letter_id=letter,
        content=replace(CONTENT, subject="โครงการใหม่"),
        version=version,
    )

    for _ in ("while it waits", "afterwards"):
        assert found(house, "โครงการเดิม") == []
        assert [hit.id for hit in found(house, "โครงการใหม่")] == [letter]
        catch_up(house)


def test_a_worker_that_is_killed_loses_nothing(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    house.attach(house.draft(subject="ก่อนไฟดับ"), "ก.docx", a_word_file("คำในไฟล์"))

    class Dying(FileDesk):
        """Its process dies while it reads."""

        def words(self, data: bytes) -> FileText:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        index_next(replace(house.office, file_reader=Dying()))
    waiting = still_waiting(house.office)
    catch_up(house)

    assert waiting > 0
    assert still_waiting(house.office) == 0
    assert len(found(house, "คำในไฟล์")) == 1


def test_a_file_is_read_and_its_letter_indexed_once(house: House) -> None:
    house.attach(house.draft(subject="ครั้งเดียว"), "ก.docx", a_word_file("คำในไฟล์"))

    assert index_next(house.office) == 1
    assert still_waiting(house.office) == 0
    assert len(found(house, "คำในไฟล์")) == 1


def test_a_letter_is_found_by_the_new_name_of_its_unit_and_by_the_old_one(house: House) -> None:
    letter, unit = house.draft(subject="ก่อนเปลี่ยนชื่อ"), house.ours.legal
    catch_up(house)
    rename_unit(
        house.office,
        actor=house.ours["admin"],
        unit_id=unit.id,
        name="กองกฎหมายและระเบียบ",
        since=NOW.date(),
        authority="คำสั่งที่ ๑/๒๕๖๙",
    )
    assert still_waiting(house.office) > 0
    catch_up(house)

    for name in ("กองกฎหมายและระเบียบ", unit.name):
        assert [hit.id for hit in found(house, name)] == [letter], name


def test_what_becomes_classified_leaves_the_index_with_the_words_of_its_files(house: House) -> None:
    letter = house.draft(subject="แผนที่เปลี่ยนชั้น")
    house.attach(letter, "ก.docx", a_word_file("ความในใจ"))
    catch_up(house)
    assert len(house.rows(documents)) == len(house.rows(file_texts)) == 1

    drafting.revise_letter(
        house.office,
        actor=house.ours["clerk"],
        letter_id=letter,
        content=replace(CONTENT, subject="แผนที่เปลี่ยนชั้น", secrecy=Secrecy.CONFIDENTIAL),
        version=house.letter(letter).version,
    )
    assert found(house, "แผนที่เปลี่ยนชั้น") == []
    catch_up(house)

    assert house.rows(documents) == []
    assert house.rows(file_texts) == []


def test_building_anew_puts_right_what_was_lost_or_is_left_over(house: House) -> None:
    letter = house.draft(subject="ข้อมูลครบ")
    catch_up(house)
    with house.real.writing.begin() as connection:
        connection.execute(documents.update().values(subject=" ผิดไปแล้ว "))
    begin_anew(house.office, files_too=True)
    catch_up(house)

    assert [hit.id for hit in found(house, "ข้อมูลครบ")] == [letter]
    assert found(house, "ผิดไปแล้ว") == []


def test_the_office_writes_and_searches_while_a_worker_builds_the_index_anew(either_house: House) -> None:
    house = either_house
    letters = [house.draft(subject=f"ระหว่างสร้างดัชนี {n}") for n in range(12)]
    catch_up(house)
    begin_anew(house.office, files_too=True)
    indexed: list[int] = []

    def worker() -> None:
        while count := index_next(house.office, most=1):
            indexed.append(count)

    working = Thread(target=worker)
    working.start()
    for n in range(4):
        letters.append(house.draft(subject=f"ระหว่างสร้างดัชนี ใหม่ {n}"))
        assert {hit.id for hit in found(house, "ระหว่างสร้างดัชนี")} == set(letters), f"after letter {n}"
    working.join()
    catch_up(house)

    assert sum(indexed) >= 12
    assert still_waiting(house.office) == 0
    assert {hit.id for hit in found(house, "ระหว่างสร้างดัชนี")} == set(letters)
    assert {row.owner_id for row in house.rows(documents)} == set(letters)


def test_a_scan_waits_for_a_machine_that_can_read_it_and_no_number_is_taken_from_it(house: House) -> None:
    letter = house.draft(subject="ส่งสำเนา")
    house.attach(letter, "ภาพ.png", a_picture("meeting 4711"))
    catch_up(house)
    assert [row.way for row in house.rows(file_texts)] == [TextWay.SCAN]
    assert read_next_scan(replace(house.office, file_reader=FileDesk(program=""))) == 0

    class Reads(FileDesk):
        """A machine that reads."""

        reads_scans = True

        def scan(self, data: bytes) -> str:
            return "ปลาบึกแม่น้ำโขง 4711"

    assert read_next_scan(replace(house.office, file_reader=Reads())) == 1
    catch_up(house)

    (hit,) = found(house, "ปลาบึก")
    assert (hit.id, hit.file, hit.scanned) == (letter, "ภาพ.png", True)
    assert found(house, "4711") == []


def test_of_a_pdf_with_words_and_pictures_both_are_found_and_only_the_pictures_are_read(house: House) -> None:
    letter, read = house.draft(subject="ส่งสำเนาปนกัน"), list[int]()
    house.attach(
        letter,
        "ปน.pdf",
        a_page("Words of the first page stand here", a_picture("x"), "and those of the third page too"),
    )

    class Reads(FileDesk):
        """A machine that reads."""

        reads_scans = True

        def _page(self, pdf: bytes, page: int) -> str:
            read.append(page)
            return "ปลาบึกแม่น้ำโขง"

    office = replace(house.office, file_reader=Reads())
    catch_up(house)
    assert [hit.scanned for hit in found(house, "first page")] == [False]
    assert read_next_scan(office) == 1
    assert read_next_scan(office) == 0
    catch_up(house)

    assert read == [1]
    assert [hit.scanned for hit in found(house, "first page")] == [False]
    assert [(hit.file, hit.scanned) for hit in found(house, "ปลาบึก")] == [("ปน.pdf", True)]


@pytest.mark.skipif(
    not FileDesk().reads_scans, reason="SCANS NOT READ on this machine: apt-get install tesseract-ocr tesseract-ocr-tha"
)
def test_tesseract_reads_the_words_on_a_scan() -> None:
    read = FileDesk().scan(a_picture("meeting 4711"))
    assert "meeting" in read.lower()
    assert "4711" not in read


def a_picture(text: str) -> bytes:
    """A scan with a line of large Latin text."""
    picture, out = Image.new("L", (900, 300), 255), io.BytesIO()
    ImageDraw.Draw(picture).text((60, 100), text, fill=0, font=ImageFont.load_default(72))
    picture.save(out, "PNG")
    return out.getvalue()


OPENS = {"central_clerk": True, "records": True, "head": True, "admin": False, "director": False, "clerk": False}
"""Who may open the file of a line of the central unit; the head sits there, the director and the clerk in another."""


def test_a_line_is_found_by_the_words_of_its_file_only_by_who_may_open_the_file(either_house: House) -> None:
    house = either_house
    data = a_page("Budget of the giant catfish, Register 4711/2569")
    entry = paper(house, "ส่งบัญชีรายชื่อ", data, name="names.pdf", practice="ส่งกองคลัง")
    other = paper(house, "giant seed bank")
    catch_up(house)

    for step in ("indexed", "waiting"):
        for who, opens in OPENS.items():
            for words in ("catfish", "บัญชีรายชื่อ catfish", "4711/2569"):
                hits = found(house, words, who)
                assert [hit.id for hit in hits] == ([entry] if opens else []), (step, who, words)
                assert all("catfish" in hit.snippet and hit.file == "names.pdf" for hit in hits)
            assert {hit.id for hit in found(house, "giant", who)} == ({entry, other} if opens else {other})
            for words in ("ส่งบัญชีรายชื่อ กองคลัง", "names.pdf", "บัญชีรายชื่อ names"):
                (hit,) = found(house, words, who)
                assert hit.id == entry and "catfish" not in hit.snippet, (step, who, words)
            with house.real.reading.connect() as reader:
                meant = look(reader, house.ours[who], "catfisk").meant
                assert meant == ((("catfisk", "catfish"),) if opens else ())
            if opens:
                viewing.open_scan(house.office, actor=house.ours[who], entry_id=entry, sha256=Digest.of(data))
            else:
                with pytest.raises(NotPermitted):
                    viewing.open_scan(house.office, actor=house.ours[who], entry_id=entry, sha256=Digest.of(data))
        amending.note_practice(house.office, actor=house.ours["central_clerk"], entry_id=entry, practice="ส่งกองคลังแล้ว")


def test_a_slip_is_forgiven_and_said_when_nothing_else_is_found(house: House) -> None:
    letter = house.draft(subject="ประชุมซักซ้อมความเข้าใจ")
    for _ in ("waiting", "indexed"):
        with house.real.reading.connect() as reader:
            for slip in ("ซักซอ้มความเข้าใจ", "ซักซ้อมควมเข้าใจ", "ซักซ้อมความเข่าใจ", "ซักซ้อมมความเข้าใจ"):
                answer = look(reader, house.ours["clerk"], f"ประชุม {slip}")
                assert [hit.id for hit in answer.hits] == [letter], slip
                assert answer.meant == ((slip, "ซักซ้อมความเข้าใจ"),)
            assert look(reader, house.theirs["clerk"], "ซักซ้อมควมเข้าใจ").hits == []
            assert look(reader, house.theirs["clerk"], "ซักซ้อมควมเข้าใจ").meant == ()
        catch_up(house)


def test_the_same_file_of_an_open_letter_keeps_its_words_when_another_goes(house: House) -> None:
    data = a_word_file("เอกสารร่วม")
    for secrecy in (Secrecy.OPEN, Secrecy.CONFIDENTIAL):
        house.attach(house.draft(subject="แนบไฟล์", secrecy=secrecy), "ร่วม.docx", data)
    catch_up(house)

    assert [row.sha256 for row in house.rows(file_texts)] == [Digest.of(data)]
    assert len(found(house, "เอกสารร่วม")) == 1
