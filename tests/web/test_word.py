"""Letters as Word files at the screen."""

from __future__ import annotations

import io

from docx import Document

from saraban.domain.classification import Form
from tests.web.installation import Installation
from tests.web.test_letters import typed


def a_file(*paragraphs: str) -> io.BytesIO:
    document = Document()
    for text in paragraphs:
        document.add_paragraph(text)
    out = io.BytesIO()
    document.save(out)
    out.seek(0)
    return out


def test_a_letter_is_taken_away_as_a_word_file(town: Installation) -> None:
    letter_id = town.draft(body="ให้**ทุกหน่วย**ส่ง")
    clerk = town.client("reading-clerk")

    assert f"/letters/{letter_id}/word" in clerk.get(f"/letters/{letter_id}").text
    answer = clerk.get(f"/letters/{letter_id}/word")
    assert answer.mimetype.endswith("wordprocessingml.document") and ".docx" in answer.headers["Content-Disposition"]
    texts = [paragraph.text for paragraph in Document(io.BytesIO(answer.data)).paragraphs]
    assert "ให้ทุกหน่วยส่ง" in texts


def test_an_issued_letter_has_its_number_its_day_and_who_signed_it_in_the_file(town: Installation) -> None:
    letter_id = town.issued()
    document = Document(io.BytesIO(town.client("reading-clerk").get(f"/letters/{letter_id}/word").data))

    assert not any("รอ" in paragraph.text[:9] for paragraph in document.paragraphs[:6])
    assert any(paragraph.text.startswith("ที่ ") for paragraph in document.paragraphs)


def test_an_order_is_given_too_and_a_letter_of_others_is_not(town: Installation) -> None:
    letter_id, order = town.draft(), town.draft(form=Form.ORDER, recipients=(), addressed_to="")

    assert town.client("learning-clerk").get(f"/letters/{letter_id}/word").status_code == 404
    answer = town.client("reading-clerk").get(f"/letters/{order}/word")
    texts = [paragraph.text for paragraph in Document(io.BytesIO(answer.data)).paragraphs]
    assert answer.status_code == 200 and any(text.startswith("คำสั่ง") for text in texts)


def test_the_text_of_a_word_file_comes_behind_what_is_typed_and_is_not_saved(town: Installation) -> None:
    letter_id = town.draft(body="เดิม")
    clerk = town.client("reading-clerk")
    sent = typed(body="ที่พิมพ์", version="1", deed="import", word=(a_file("จากไฟล์", "๑. ข้อ"), "ร่าง.docx"))

    page = clerk.send(f"/letters/{letter_id}/edit", sent)

    assert page.status_code == 200 and "\nที่พิมพ์\n\nจากไฟล์\n๑. ข้อ</textarea>" in page.text
    assert "ยังไม่ได้บันทึก" in page.text
    assert "\nเดิม</textarea>" in clerk.get(f"/letters/{letter_id}/edit").text
    new = clerk.send("/letters/new", typed(deed="import", word=(a_file("จากไฟล์"), "a.docx")))
    assert new.status_code == 200 and "จากไฟล์</textarea>" in new.text


def test_a_file_that_cannot_be_read_is_told_beside_its_field_and_nothing_typed_is_lost(town: Installation) -> None:
    letter_id = town.draft()
    clerk = town.client("reading-clerk")

    for file, words in (((io.BytesIO(b"%PDF-1.7"), "a.docx"), "ไม่ใช่เอกสาร Word"), ((io.BytesIO(), ""), "เลือกไฟล์ Word")):
        page = clerk.send(f"/letters/{letter_id}/edit", typed(body="ที่พิมพ์", version="1", deed="import", word=file))
        assert page.status_code == 422 and words in page.text and "ยังนำข้อความเข้าไม่ได้" in page.text
        assert "\nที่พิมพ์</textarea>" in page.text


def test_a_file_that_was_taken_away_comes_back_in_the_place_of_the_text_and_fills_what_is_empty(
    town: Installation,
) -> None:
    letter_id = town.draft(body="เดิม", subject="เรื่องของไฟล์")
    clerk = town.client("reading-clerk")
    file = io.BytesIO(clerk.get(f"/letters/{letter_id}/word").data)
    sent = typed(body="ที่พิมพ์", subject="", version="1", deed="replace", word=(file, "ร่าง.docx"))

    page = clerk.send(f"/letters/{letter_id}/edit", sent)

    assert page.status_code == 200 and "\nเดิม</textarea>" in page.text and 'value="เรื่องของไฟล์"' in page.text
    assert "นำมาเฉพาะข้อความ และช่องที่ว่างอยู่ (เรื่อง)" in page.text and "ไม่ได้นำเข้า" not in page.text


def test_what_of_a_file_did_not_come_is_said(town: Installation) -> None:
    document = Document()
    document.add_paragraph("ข้อความ")
    document.sections[0].footer.paragraphs[0].text = "ท้ายกระดาษ"
    out = io.BytesIO()
    document.save(out)

    page = town.client("reading-clerk").send(
        "/letters/new", typed(deed="import", word=(io.BytesIO(out.getvalue()), "a.docx"))
    )

    assert "ไม่ได้นำเข้า: หัวและท้ายกระดาษ" in page.text
