"""The QR code of a meeting's papers: in the text of a letter, beside the verification code, on posters, and read again
by a program."""

from __future__ import annotations

from dataclasses import replace

import pypdfium2 as pdfium
import pytest

from saraban.domain.classification import Form
from saraban.domain.meeting import is_pack_address
from saraban.rendering.meeting_papers import PdfMeetingPapers
from saraban.rendering.renderer import PdfRenderer
from saraban.usecases.meeting_books import AttendanceList, Poster
from tests.rendering.a_page import MORNING, a_page_letter, assert_is_pdfa_3a, pdfium_text
from tests.rendering.codes import read, read_at_all, read_picture_at_all

PACK = "https://saraban.example.go.th/m/7K3MQ2XF9TBD0123WXYZ"
VERIFY = "https://saraban.example.go.th/v/0123456789ABCDEFGHJK"
BODY = f"ด้วยกองกลางกำหนดจัดประชุม\n\nขอให้ท่านเปิดอ่านโดยสแกน QR Code\n\n{PACK}\n\nจึงเรียนมาเพื่อโปรดเข้าร่วมประชุม"


@pytest.fixture(scope="module")
def renderer():
    made = PdfRenderer()
    yield made
    made.close()


@pytest.mark.parametrize("form", [Form.EXTERNAL, Form.MEMORANDUM])
def test_an_invitation_carries_it_beside_the_verification_code(renderer: PdfRenderer, form: Form) -> None:
    page = renderer.letter(replace(a_page_letter(form=form, body=BODY), verification=VERIFY), at=MORNING)

    assert read_at_all(page.pdf) == [PACK, VERIFY]
    assert PACK in pdfium_text(page.pdf)
    assert_is_pdfa_3a(page.pdf)


def test_it_stands_on_the_page_of_its_address_and_below_it(renderer: PdfRenderer) -> None:
    for lines in range(18, 34, 3):  # the address comes to the foot of the page and over it
        body = "\n".join(["บรรทัด"] * lines) + f"\n\n{PACK}\n\nจบ"
        page = renderer.letter(a_page_letter(body=body), at=MORNING)
        found = [number for number in range(page.pages) if PACK in read(page.pdf, number)]
        document = pdfium.PdfDocument(page.pdf)
        named = [n for n in range(page.pages) if PACK in document[n].get_textpage().get_text_range()]
        document.close()
        assert found == named[-1:], lines  # a page that ends before it names it as its catch-word


def test_only_an_address_that_stands_alone_is_drawn(renderer: PdfRenderer) -> None:
    for text in (f"ดูที่ {PACK}", PACK.replace("/m/", "/v/"), PACK[:-1], "ftp" + PACK, PACK + "/files"):
        assert not is_pack_address(text)
        assert read(renderer.letter(a_page_letter(body=text), at=MORNING).pdf) == []


def test_the_poster_and_the_picture_are_read_and_the_list_names_everybody() -> None:
    papers = PdfMeetingPapers()
    poster = Poster("กรมตัวอย่าง", "ประชุมคณะกรรมการ ครั้งที่ 3/2569", "วันจันทร์", "ห้อง ๑", "สแกนเพื่อลงชื่อ", PACK)
    drawn = papers.poster(poster)
    assert read_at_all(drawn) == [PACK]
    assert read_picture_at_all(papers.qr_picture(PACK), side_cm=3) == [PACK]
    rows = [(f"นายคนที่ {n}", "ผู้อำนวยการ\nกรรมการ", "ลงชื่อที่ห้องประชุม ๐๙.๓๐ น." if n % 2 else "") for n in range(60)]
    text = pdfium_text(papers.attendance(AttendanceList("กรมตัวอย่าง", "ประชุมคณะกรรมการ", "วันจันทร์", "ห้อง ๑", rows)))
    assert "นายคนที่ ๕๙" in text and "แผ่นที่ ๓" in text and text.count("รายชื่อผู้เข้าประชุม") >= 3
