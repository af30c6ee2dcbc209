"""A ready PDF as the letter, at the browser: brought, marked by millimetres, seen, taken away."""

from __future__ import annotations

import io

import pytest

from saraban.usecases import drafting
from tests.web.installation import Browser, Installation


def a_pdf(town: Installation) -> bytes:
    """A letter of A4 that was written elsewhere: the page of another draft."""
    other = town.draft()
    return drafting.preview_letter(town.services, actor=town.actor("reading-clerk"), letter_id=other).pdf


def brought(data: bytes, name: str = "หนังสือเสร็จ.pdf") -> dict[str, object]:
    """What is sent with a file."""
    return {"file": (io.BytesIO(data), name)}


def places(**changes: str) -> dict[str, str]:
    """What is typed for the places of the marks."""
    typed = {"number_page": "๑", "number_left": "๓๘", "number_top": "๔๒.๕", "date_page": "", "date_left": ""}
    return typed | {"signature_page": "1", "signature_left": "100", "signature_top": "200"} | changes


def test_a_pdf_becomes_the_letter_gets_its_marks_and_is_taken_away(town: Installation, clerk: Browser) -> None:
    letter = town.draft(body="")
    before = clerk.get(f"/letters/{letter}/edit").text
    sent = clerk.send(f"/letters/{letter}/ready", brought(a_pdf(town)))
    shown = clerk.get(f"/letters/{letter}/ready").text
    saved = clerk.send(f"/letters/{letter}/ready/places", places())
    after = clerk.get(f"/letters/{letter}/ready").text
    page = clerk.get(f"/letters/{letter}/pages/1.png")
    edit = clerk.get(f"/letters/{letter}/edit").text

    assert f'href="/letters/{letter}/ready"' in before and "ใช้ไฟล์ PDF ที่พิมพ์เสร็จแล้ว" in before
    assert sent.status_code == 302 and saved.status_code == 302
    assert "หนังสือเสร็จ.pdf" in shown and f"/letters/{letter}/pages/1.png" in shown
    assert "ไฟล์ Word" not in clerk.get(f"/letters/{letter}").text
    assert 'name="number_top" value="๔๒.๕"' in after and 'name="date_page" value=""' in after
    assert page.mimetype == "image/png" and "ตัวหนังสือคือไฟล์ PDF" in edit
    assert clerk.send(f"/letters/{letter}/submit").status_code == 302, "no text is wanted"
    assert "แก้ไขได้เฉพาะร่างหนังสือ" in clerk.get(f"/letters/{letter}/ready").text


def test_the_written_text_is_the_letter_again_when_the_file_is_taken_away(town: Installation, clerk: Browser) -> None:
    letter = town.draft()
    clerk.send(f"/letters/{letter}/ready", brought(a_pdf(town)))
    assert clerk.send(f"/letters/{letter}/ready/remove").status_code == 302
    history = clerk.get(f"/letters/{letter}").text

    assert "ตัวหนังสือคือไฟล์ PDF" not in clerk.get(f"/letters/{letter}/edit").text
    assert "นำไฟล์ PDF มาเป็นตัวหนังสือ" in history and "หนังสือเสร็จ.pdf" in history
    again = clerk.send(f"/letters/{letter}/ready/remove")
    assert "ยังไม่มีไฟล์ PDF" in clerk.get(again.headers["Location"]).text


@pytest.mark.only_database("sqlite")
def test_what_is_wrong_is_told_beside_its_field_and_what_was_typed_stays(town: Installation, clerk: Browser) -> None:
    letter = town.draft()
    none = clerk.send(f"/letters/{letter}/ready", {})
    other = clerk.send(f"/letters/{letter}/ready", brought(b"GIF89a"))
    clerk.send(f"/letters/{letter}/ready", brought(a_pdf(town)))
    words = clerk.send(f"/letters/{letter}/ready/places", places(number_left="ซ้ายสุด"))
    beyond = clerk.send(f"/letters/{letter}/ready/places", places(signature_page="๙"))

    assert [one.status_code for one in (none, other, words, beyond)] == [422] * 4
    assert "เลือกไฟล์ PDF ก่อน" in none.text and "ไม่ใช่ PDF" in other.text
    assert 'id="number-error"' in words.text and 'value="ซ้ายสุด"' in words.text
    assert 'id="signature-error"' in beyond.text and "เลือกหน้า ๑ ถึง ๑" in beyond.text


@pytest.mark.only_database("sqlite")
def test_who_may_not_revise_the_draft_reads_why_and_changes_nothing(town: Installation, clerk: Browser) -> None:
    letter = town.draft()
    data = a_pdf(town)
    director = town.client("reading-director")

    assert 'type="file"' not in director.get(f"/letters/{letter}/ready").text
    assert director.send(f"/letters/{letter}/ready", brought(data)).status_code == 403
    assert town.client("learning-clerk").get(f"/letters/{letter}/ready").status_code == 404
    assert "นำไฟล์เข้า" in clerk.get(f"/letters/{letter}/ready").text
