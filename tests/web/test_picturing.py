"""One's own page of the picture of one's signature, at the screen and by program."""

from __future__ import annotations

import io

from tests.api.program import Programs
from tests.rendering.signatures_drawn import drawn
from tests.web.installation import Browser, Installation

HERE = "/me/signature"


def test_a_picture_is_brought_seen_and_taken_away(town: Installation) -> None:
    head = town.client("reading-head")
    page = head.get(HERE).text
    assert "ภาพนี้ไม่ใช่ลายมือชื่อ" in page and "ยังไม่มี" in page
    assert head.send(HERE, {"file": (io.BytesIO(drawn()), "ลายเซ็น.png")}).status_code == 302
    assert "picture.png" in head.get(HERE).text
    assert head.get(f"{HERE}/picture.png").data.startswith(b"\x89PNG")
    assert town.client("reading-director").get(f"{HERE}/picture.png").status_code == 404
    head.send(f"{HERE}/remove")
    assert head.get(f"{HERE}/picture.png").status_code == 404


def test_what_is_no_signature_is_refused_in_words(clerk: Browser) -> None:
    page = clerk.send(HERE, {"file": (io.BytesIO(b"not a picture"), "x.png")})
    assert page.status_code == 422 and "ไม่ใช่ภาพ PNG หรือ JPEG" in page.text
    assert "วาดลายเซ็นหรือเลือกไฟล์ก่อน" in clerk.send(HERE).text


def test_the_dialog_of_signing_says_what_the_picture_is(town: Installation) -> None:
    letter_id = town.endorsed()
    head = town.client("reading-head")
    assert "ใส่ภาพลายเซ็น" in head.get(f"/desk/{letter_id}").text
    head.send(HERE, {"file": (io.BytesIO(drawn()), "ลายเซ็น.png")})
    page = head.get(f"/desk/{letter_id}").text
    assert "ภาพลายเซ็นของท่านพิมพ์ในกรอบลายมือชื่อ ภาพไม่ใช่ลายมือชื่อ" in page


def test_a_program_brings_gets_and_removes_it(town: Installation) -> None:
    program = Programs(town)["reading-head"]
    address = "/me/signature-picture"
    assert program.get(address).status_code == 404
    brought = program.post(address, data={"file": (io.BytesIO(drawn()), "x.png")})
    assert brought.status_code == 200 and len(brought.get_json()["sha256"]) == 64
    assert program.get(address).data.startswith(b"\x89PNG")
    refused = program.post(address, data={"file": (io.BytesIO(b"x"), "x.png")})
    assert refused.status_code == 422 and set(refused.get_json()["errors"]) == {"file"}
    assert program.delete(address).status_code == 204
    assert program.get(address).status_code == 404
