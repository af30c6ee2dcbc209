"""The photograph on a certificate and the titles of enclosures, at the browser."""

from __future__ import annotations

import io
from typing import Any

from saraban.domain.attachment import Digest
from saraban.domain.classification import Form
from saraban.domain.letter import LetterId
from tests.rendering.test_pictures import picture
from tests.web.installation import Browser, Installation
from tests.web.test_letters import fields_of, letter_of

FACE = picture((600, 900), kind="JPEG", color=(90, 140, 200))


def of_form(town: Installation, letter_id: LetterId, **changes: Any) -> dict[str, Any]:
    """What is sent from the page of a certificate."""
    given = fields_of(letter_of(town, letter_id), form="certificate", recipients=[], addressed_to="", **changes)
    return {key: value for key, value in given.items() if not key.startswith("reference")}


def test_a_photograph_is_put_on_a_certificate_shown_and_taken_off(town: Installation, clerk: Browser) -> None:
    letter = town.draft(form=Form.CERTIFICATE, recipients=(), addressed_to="")
    before = clerk.get(f"/letters/{letter}/edit").text
    sent = clerk.send(f"/letters/{letter}/edit", of_form(town, letter, deed="photo", photo=(io.BytesIO(FACE), "a.jpg")))
    page = clerk.get(f"/letters/{letter}/edit").text
    shown = clerk.get(f"/letters/{letter}/photo")

    assert 'id="photo-head"' in before and "/photo?" not in before and 'name="details.holder"' in before
    assert sent.status_code == 302 and f"/letters/{letter}/photo?" in page and "ใส่รูปถ่ายแล้ว" in page
    assert shown.mimetype == "image/jpeg" and Digest.of(shown.data) == letter_of(town, letter).content.photo
    assert town.client("learning-clerk").get(f"/letters/{letter}/photo").status_code == 404
    assert "ใส่ชื่อผู้ได้รับการรับรอง" in clerk.send(f"/letters/{letter}/edit", of_form(town, letter, deed="submit")).text
    assert clerk.send(f"/letters/{letter}/edit", of_form(town, letter, deed="unphoto")).status_code == 302
    assert clerk.get(f"/letters/{letter}/photo").status_code == 404
    history = clerk.get(f"/letters/{letter}").text
    assert "ใส่รูปถ่ายในหนังสือรับรอง" in history and "เอารูปถ่ายออกจากหนังสือรับรอง" in history


def test_a_file_that_is_none_is_told_at_its_field_and_nothing_typed_is_lost(town: Installation, clerk: Browser) -> None:
    letter = town.draft(form=Form.CERTIFICATE, recipients=(), addressed_to="")
    for file, words in (((io.BytesIO(b"%PDF"), "a.jpg"), "JPEG หรือ PNG"), ((io.BytesIO(), ""), "เลือกรูปถ่ายก่อน")):
        page = clerk.send(f"/letters/{letter}/edit", of_form(town, letter, deed="photo", photo=file, body="ที่พิมพ์"))
        assert page.status_code == 422 and words in page.text and "ยังใส่รูปถ่ายไม่ได้" in page.text
        assert "\nที่พิมพ์</textarea>" in page.text
    assert 'id="photo-head"' not in clerk.get(f"/letters/{town.draft()}/edit").text


def test_enclosures_get_titles_and_amounts(town: Installation, clerk: Browser) -> None:
    letter = town.draft()
    clerk.send(
        f"/letters/{letter}/edit",
        fields_of(letter_of(town, letter), deed="attach", file=(io.BytesIO(b"x"), "กำหนดการ.txt")),
    )
    sha256 = letter_of(town, letter).files[0].sha256.hex
    page = clerk.get(f"/letters/{letter}/edit").text
    named = {
        "enclosure_sha256": [sha256, "none"],
        "enclosure_title": ["กำหนดการประชุม", "ก"],
        "enclosure_amount": ["๓ แผ่น", ""],
    }
    sent = clerk.send(f"/letters/{letter}/edit", fields_of(letter_of(town, letter), deed="save", **named))
    long = {**named, "enclosure_title": ["ก" * 301, ""]}
    refused = clerk.send(f"/letters/{letter}/edit", fields_of(letter_of(town, letter), deed="save", **long))

    assert 'placeholder="กำหนดการ"' in page and sent.status_code == 302
    assert 'name="enclosure_title" value="กำหนดการประชุม"' in clerk.get(f"/letters/{letter}/edit").text
    [line] = letter_of(town, letter).content.enclosures
    assert (line.title, line.amount) == ("กำหนดการประชุม", "๓ แผ่น")
    assert refused.status_code == 422 and "ยาวเกิน ๓๐๐ ตัวอักษร" in refused.text and "ก" * 301 in refused.text
